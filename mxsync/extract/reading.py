"""One mail, read: which lines are its author's own, how it closes, the signature, and the facts in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import overload

from mxsync.extract.addresses import find_addresses
from mxsync.extract.domains import is_freemail, is_hosting, registrable
from mxsync.extract.ending import Ended, read_ending
from mxsync.extract.facts import QUOTED, TEXT, Fact
from mxsync.extract.line_signs import LINE_LIMIT, folded
from mxsync.extract.names import split_name
from mxsync.extract.phones import find_phones
from mxsync.extract.quoted_parts import quoted_parts
from mxsync.extract.quotes import own_lines
from mxsync.extract.regions import region_of_domain
from mxsync.extract.signature import WINDOW, Author
from mxsync.extract.signature_facts import signature_facts
from mxsync.model.item import Address

TEXT_LIMIT = 1_000_000
"""Characters of a text that are read."""

LINE_COUNT_LIMIT = 20_000
"""Lines of a text that are read."""

COLON_LIMIT = 3_000
"""Lines with a colon that are tried as the heading of a quote; what comes after the last of them is not read."""

OTHERS_LINE_LIMIT = 300
"""Lines of the author's own text in which numbers and addresses outside the signature are looked for."""


class Lines(Sequence[int]):
    """Lines of a text: as a sequence their numbers, counted from 0; `text` (and `str()`) what they say, '' for none."""

    __slots__ = ("_numbers", "text")

    def __init__(self, numbers: Sequence[int] = (), text: str = "") -> None:
        self._numbers = tuple(numbers)
        self.text = text

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        return self._numbers[index]

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[int]:
        return iter(self._numbers)

    def __contains__(self, number: object) -> bool:
        return number in self._numbers

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lines) and (self._numbers, self.text) == (other._numbers, other.text)

    def __hash__(self) -> int:
        return hash((self._numbers, self.text))

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Lines({list(self._numbers)!r}, {self.text!r})"


NO_LINES = Lines()


@dataclass(frozen=True, slots=True)
class Added:
    """Lines that nobody wrote for this mail, and who added them: see `boilerplate.Added` for the words of `by`."""

    by: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class Reading:
    """What a mail says about its author.

    `newest` are the lines that the author wrote (signature included, quotes and their headers not); `closing` and
    `signature` are those of them that close the letter and that hold the contact block. `message` is the text of
    `newest` without both, and without what programs added (`added`).

    `facts` are the author's own, from the signature. `others` are all else that was seen: numbers and addresses in the
    author's text (`source` 'text'), and what the signatures of quoted and forwarded authors say of these ('quoted',
    'forwarded', with their `author`). `confidence` is how likely the signature is one, or that there is none (0 to 1).
    `notes` say, a sentence each, what was not read.
    """

    newest: Lines = NO_LINES
    closing: Lines = NO_LINES
    signature: Lines = NO_LINES
    message: str = ""
    facts: tuple[Fact, ...] = ()
    others: tuple[Fact, ...] = ()
    confidence: float = 1.0
    added: tuple[Added, ...] = ()
    notes: tuple[str, ...] = ()


_SURROGATE = re.compile("[\ud800-\udfff]")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_REACHES = re.compile(r"[@＠]|://|www\.|\d(?:[^\d\n]{0,3}\d){5}", re.IGNORECASE)


def read_text(text: str, *, sender: Address, region: str) -> Reading:
    """Reads the plain text of a mail that `sender` wrote (either part of which may be empty).

    `region` is the ISO 3166 country for telephone numbers without a country code; '' where none is known. The
    first `TEXT_LIMIT` characters and `LINE_COUNT_LIMIT` lines are read, in time linear in them. Never raises.
    """
    lines, notes = lines_of(text)
    author = author_of(sender)
    own = own_lines(lines, author.words)
    quoted = _of_quoted(lines, own, region) if len(own) < len(lines) else ()
    if not own:
        return Reading(others=quoted, notes=notes)
    ending = read_ending(lines, own, author)
    apart = {*ending.closing, *ending.signature, *ending.boilerplate}
    message = [number for number in own if number not in apart]
    return Reading(
        newest=_some(lines, own),
        closing=_some(lines, ending.closing),
        signature=_some(lines, ending.signature),
        message="\n".join(lines[number].rstrip() for number in message).strip(),
        facts=signature_facts(lines, ending.signature, author, region, ending.sure),
        others=(*_in_text(lines, message, author, region), *quoted),
        confidence=ending.confidence,
        added=_added(lines, ending),
        notes=notes,
    )


def lines_of(text: str) -> tuple[list[str], tuple[str, ...]]:
    """The lines that are read, and a sentence for each limit that cut the text short."""
    notes: list[str] = []
    text = _SURROGATE.sub("\ufffd", text)  # half a character, which no other library takes
    if len(text) > TEXT_LIMIT:
        notes.append(f"only the first {TEXT_LIMIT:,} of {len(text):,} characters were searched for a signature")
        text = text[:TEXT_LIMIT]
    lines = text.split("\n")
    if len(lines) > LINE_COUNT_LIMIT:
        notes.append(f"only the first {LINE_COUNT_LIMIT:,} of {len(lines):,} lines were searched for a signature")
        lines = lines[:LINE_COUNT_LIMIT]
    if len(lines) > COLON_LIMIT:
        colons = [place for place, line in enumerate(lines) if ":" in line]
        if len(colons) > COLON_LIMIT:
            last = colons[COLON_LIMIT]
            notes.append(
                f"only the first {last:,} of {len(lines):,} lines were searched: too many of them have a colon"
            )
            lines = lines[:last]
    return lines, tuple(notes)


def author_of(sender: Address) -> Author:
    """What the header says of the author."""
    name = split_name(sender.name, sender.address)
    local = sender.address.partition("@")[0] if "@" in sender.address else ""
    words = {
        word.lower()
        for part in (name.first, name.middle, name.last, name.full, "" if name.is_person else sender.name[:200])
        for word in _WORD.findall(part)
    }
    words |= {folded(word) for word in words if not word.isascii() or "-" in word or "'" in word}
    words |= {word.lower() for word in re.split(r"[\W_\d]+", local[:64]) if len(word) > 2}
    domain = sender.domain
    firm = "" if not domain or is_freemail(domain) or is_hosting(domain) else registrable(domain).partition(".")[0]
    kept = frozenset(word for word in words if len(word) > 1 or ord(word) > 0x2E80)
    shown = name.is_person and bool(name.first and name.last) and "@" not in sender.name and sender.name.strip() != ""
    return Author(kept, firm, region_of_domain(domain), shown, sender.address.lower())


def _some(lines: Sequence[str], numbers: Sequence[int]) -> Lines:
    return Lines(numbers, "\n".join(lines[number].rstrip() for number in numbers))


def _added(lines: Sequence[str], ending: Ended) -> tuple[Added, ...]:
    kinds = dict.fromkeys(ending.added.values())
    return tuple(
        Added(kind.name.lower(), _some(lines, [number for number, by in ending.added.items() if by is kind]))
        for kind in kinds
    )


def _in_text(lines: Sequence[str], message: Sequence[int], author: Author, region: str) -> tuple[Fact, ...]:
    """Numbers and addresses in the author's own text, which may be anybody's."""
    found: list[Fact] = []
    for number in message[-OTHERS_LINE_LIMIT:]:
        line = lines[number]
        for address in find_addresses(line):
            found.append(Fact("email", address, number, source=TEXT, confidence=0.5))
        for phone in find_phones(line, region or author.country):
            span = (phone.start, phone.end)
            found.append(Fact("phone", phone.e164, number, phone.extension, span=span, source=TEXT, confidence=0.5))
    return tuple(dict.fromkeys(found))


def _of_quoted(lines: Sequence[str], own: Sequence[int], region: str) -> tuple[Fact, ...]:
    """What the signatures of the messages below say of their own authors."""
    bare, parts = quoted_parts(lines, own)
    found: list[Fact] = []
    for part in parts:
        end = [bare[number][:LINE_LIMIT] for number in part.numbers if bare[number].strip()][-WINDOW:]
        if part.source == QUOTED and not _REACHES.search("\n".join(end)):
            continue  # most quotes end before the signature: looking for one would be half of the work
        author = author_of(part.author)
        ending = read_ending(bare, part.numbers, author)
        facts = signature_facts(bare, ending.signature, author, region, ending.sure, part.source)
        for fact in facts:
            marks = len(lines[fact.line]) - len(bare[fact.line])
            span = (fact.span[0] + marks, fact.span[1] + marks)
            found.append(replace(fact, author=part.author.address or part.author.name, span=span))
    return tuple(found)
