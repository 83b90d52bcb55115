"""How well made mails are read: F1 by the definitions of the scorer that lies beside the annotated corpora.

Counted over lines that are not blank. Signature: `sig` lines of block 0 are wanted, `closing` and `mua` lines of
block 0 (and `register` lines, which tell of the author's firm) count neither way, anything found in a quoted block is wrong. Newest part: block 0 without headers of quotes.
Numbers count with their kind. A name is right in any of its spellings; where the signature shows none, a right one
counts neither way. A fact is another person's if it was read from a quoted line or from what a program added, is a director's name or title, or a
number or address that the mail holds of somebody else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mxsync.extract import Reading, read_text
from mxsync.extract.mime import read_mail
from mxsync.model.item import Address
from tests.mailmaker.ink import label_lines
from tests.mailmaker.make import Mail

KINDS = ("newest", "signature", "numbers", "names")
_HONORIFIC = re.compile(r"^(?:dr|prof|mr|mrs|ms|dipl-ing|dipl|ing)\.?$", re.IGNORECASE)


@dataclass
class Count:
    """What was found right, found wrong, and missed."""

    hits: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, wanted: bool, found: bool) -> None:
        self.hits += wanted and found
        self.wrong += found and not wanted
        self.missed += wanted and not found

    def merge(self, other: Count) -> None:
        self.hits += other.hits
        self.wrong += other.wrong
        self.missed += other.missed

    @property
    def f1(self) -> float:
        return (
            2 * self.hits / (2 * self.hits + self.wrong + self.missed)
            if self.hits
            else float(self.wrong + self.missed == 0)
        )


@dataclass
class Verdict:
    """One mail's counts, and the facts in its reading that are another person's. `remarks` say what is wrong."""

    mail: Mail
    counts: dict[str, Count] = field(default_factory=lambda: {kind: Count() for kind in KINDS})
    stolen: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    offered: Count = field(default_factory=Count)
    """Numbers of a forwarded author, among `Reading.others`."""


def body_of(mail: Mail) -> tuple[str, Address]:
    """The text that rules see, and its sender."""
    fields = read_mail(mail.raw).fields
    body, sender = fields["body"], fields["sender"]
    assert isinstance(body, str)
    assert isinstance(sender, Address)
    return body, sender


def read_as_a_pass_does(mail: Mail) -> tuple[str, Reading]:
    """The text that rules see, and what is read from it."""
    body, sender = body_of(mail)
    return body, read_text(body, sender=sender, region=mail.region)


def judge(mail: Mail, body: str, reading: Reading) -> Verdict:
    verdict = Verdict(mail)
    lines = body.split("\n")
    labels = label_lines(body, mail.pieces)
    newest, signature = set(reading.newest), set(reading.signature)
    for number, (label, block) in enumerate(labels):
        if label == "blank":
            continue
        own = block == 0 and label not in ("header", "quote")
        verdict.counts["newest"].add(own, number in newest)
        if own != (number in newest):
            verdict.remarks.append(f"{'own' if own else 'not own'} ({label}): {lines[number]}")
        if block == 0 and label in ("closing", "mua", "register"):
            continue
        wanted = block == 0 and label == "sig"
        verdict.counts["signature"].add(wanted, number in signature)
        if wanted != (number in signature):
            verdict.remarks.append(f"{'signature' if wanted else f'no signature ({label})'}: {lines[number]}")
    _judge_numbers(verdict, reading)
    _judge_name(verdict, reading)
    _judge_origin(verdict, reading, labels)
    others = {fact.value for fact in reading.others}
    verdict.offered = Count(hits=len(mail.forwarded & others), missed=len(mail.forwarded - others))
    return verdict


def _judge_numbers(verdict: Verdict, reading: Reading) -> None:
    wanted = {(number.kind, number.e164) for number in verdict.mail.numbers}
    found = {(fact.kind, fact.value) for fact in reading.facts if fact.kind in ("phone", "mobile", "fax")}
    verdict.counts["numbers"].merge(Count(len(wanted & found), len(found - wanted), len(wanted - found)))
    if wanted != found:
        verdict.remarks.append(f"numbers: wanted {sorted(wanted - found)}, found {sorted(found - wanted)}")


def _judge_name(verdict: Verdict, reading: Reading) -> None:
    spellings = {name_key(spelling) for spelling in verdict.mail.spellings}
    if verdict.mail.name:
        spellings.add(name_key(verdict.mail.name))
    found = [fact.value for fact in reading.facts if fact.kind == "name"]
    right = any(name_key(value) in spellings for value in found)
    known = {word for spelling in spellings for word in spelling}
    if not verdict.mail.name and all(set(name_key(value)) <= known for value in found):
        return
    verdict.counts["names"].add(bool(verdict.mail.name), right)
    if found and not right:
        verdict.counts["names"].wrong += 1
    if not right:
        verdict.remarks.append(f"name: wanted {verdict.mail.name!r}, found {found}")


def name_key(name: str) -> tuple[str, ...]:
    """A name's words in no order, without honorifics; of scripts without spaces, its letters."""
    plain = re.sub(r"\([^()]*\)|（[^（）]*）", " ", name)
    words = [word for word in re.findall(r"[\w'’.-]+", plain.casefold()) if not _HONORIFIC.match(word)]
    if any("\u2e80" <= letter <= "\ud7af" for letter in plain):
        return tuple(sorted("".join(words)))
    return tuple(sorted(word.strip(".") for word in words))


def _judge_origin(verdict: Verdict, reading: Reading, labels: Sequence[tuple[str, int]]) -> None:
    for fact in reading.facts:
        label, block = labels[fact.line] if 0 <= fact.line < len(labels) else ("body", 0)
        value = fact.value.lower()
        director = label == "register" and fact.kind in ("name", "title")
        if block > 0 or label in ("mua", "header", "quote") or director or value in verdict.mail.foreign:
            verdict.stolen.append(f"{fact.kind} {fact.value} ({label} {block})")


def judge_all(mails: Iterable[Mail]) -> list[Verdict]:
    return [judge(mail, *read_as_a_pass_does(mail)) for mail in mails]


def totals(verdicts: Iterable[Verdict]) -> dict[str, Count]:
    found = {kind: Count() for kind in KINDS}
    for verdict in verdicts:
        for kind in KINDS:
            found[kind].merge(verdict.counts[kind])
    return found


def table(verdicts: Sequence[Verdict], by: str) -> str:
    """The four figures for each language, program or other trait of the mails, the worst last."""
    groups: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        groups[str(getattr(verdict.mail, by))].append(verdict)
    rows = []
    for name, members in groups.items():
        counts = totals(members)
        rows.append((min(count.f1 for count in counts.values()), name, len(members), counts, members))
    rows.sort(key=lambda row: -row[0])
    lines = [f"{by:16} mails  " + "  ".join(f"{kind:>9}" for kind in KINDS) + "  of others"]
    for _, name, size, counts, members in rows:
        stolen = sum(bool(member.stolen) for member in members)
        lines.append(f"{name:16} {size:5}  " + "  ".join(f"{counts[kind].f1:9.3f}" for kind in KINDS) + f"  {stolen:9}")
    return "\n".join(lines)


def report(verdicts: Sequence[Verdict]) -> str:
    counts = totals(verdicts)
    stolen = sum(bool(verdict.stolen) for verdict in verdicts) / len(verdicts)
    offered = Count()
    for verdict in verdicts:
        offered.merge(verdict.offered)
    head = ", ".join(f"{kind} {count.f1:.3f}" for kind, count in counts.items()) + f", facts of others {stolen:.1%}"
    head += f", numbers of forwarded authors offered {offered.hits / max(1, offered.hits + offered.missed):.3f}"
    return "\n\n".join([head, *(table(verdicts, by) for by in ("language", "program", "form", "how"))])
