"""The table of docs/extraction.md: every model on every corpus that it was not trained on.

Counts as the scorer of the annotated corpora does: lines that are not blank; the signature lines of the author's part
are what is to be found, its closing and boilerplate lines count neither way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from mxsync.extract import read_text
from mxsync.extract.ending import read_ending
from mxsync.extract.line_model import LineModel, shipped_model
from mxsync.extract.quotes import own_lines
from mxsync.extract.reading import author_of, lines_of
from mxsync.extract.signature import Ending, find_ending, window_of
from mxsync.model.item import Address
from training.fit import MADE_UP, fit, shipped_training_set
from training.mails import made_up_mail
from training.messages import Message, threads
from training.prepare import WITHOUT_CLOSING, Prepared, prepare

FOLDS = 5
SEED = 7
Found = tuple[set[int], set[int]]
"""Line numbers of the closing and of the signature."""


@dataclass
class Count:
    """Hits, false alarms and misses."""

    hits: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, gold: bool, found: bool) -> None:
        self.hits += gold and found
        self.wrong += found and not gold
        self.missed += gold and not found

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + self.wrong) if self.hits else 0.0

    @property
    def recall(self) -> float:
        return self.hits / (self.hits + self.missed) if self.hits else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.hits / (2 * self.hits + self.wrong + self.missed) if self.hits else 0.0

    def __str__(self) -> str:
        return f"{self.f1:.3f} ({self.precision:.2f}, {self.recall:.2f})"


def count_core(count: Count, message: Message, found: Found) -> None:
    """Adds the signature lines of one message."""
    closing, signature = found
    signature = signature | closing if message.collection in WITHOUT_CLOSING else signature
    for number, (label, block) in enumerate(zip(message.labels, message.blocks, strict=True)):
        if label != "blank" and not (block == 0 and label in ("closing", "mua")):
            count.add(block == 0 and label == "sig", number in signature)


def by_model(model: LineModel, *, rules: bool = True) -> Callable[[Message], Found]:
    """Reads with another model; without what the rules guess if `rules` is false."""

    def read(message: Message) -> Found:
        author = author_of(Address(message.display, message.address))
        lines, _ = lines_of(message.text)
        own = own_lines(lines, author.words)
        ended = read_ending(lines, own, author, model=model, guess=None if rules else Ending())
        return set(ended.closing), set(ended.signature)

    return read


def by_rules(message: Message) -> Found:
    """The rules alone."""
    author = author_of(Address(message.display, message.address))
    lines, _ = lines_of(message.text)
    own = own_lines(lines, author.words)
    ending = find_ending(lines, window_of(lines, own, author), author)
    return set(ending.closing), set(ending.signature)


def score(messages: Iterable[Message], read: Callable[[Message], Found]) -> Count:
    count = Count()
    for message in messages:
        count_core(count, message, read(message))
    return count


def folded(messages: Sequence[Message], extra: Sequence[Prepared] = (), *, rules: bool = True) -> Count:
    """Five-fold cross-validation in which no thread is split; `extra` is learnt from in every fold."""
    of_thread = threads(messages)
    numbers = sorted(set(of_thread))
    Random(SEED).shuffle(numbers)
    fold = {number: place % FOLDS for place, number in enumerate(numbers)}
    prepared = [prepare(message, rules=rules) for message in messages]
    count = Count()
    for held_out in range(FOLDS):
        known = [each for each, number in zip(prepared, of_thread, strict=True) if fold[number] != held_out]
        read = by_model(fit([*known, *extra]), rules=rules)
        for message, number in zip(messages, of_thread, strict=True):
            if fold[number] == held_out:
                count_core(count, message, read(message))
    return count


def core_rows(corpora: Mapping[str, Sequence[Message]]) -> list[tuple[str, dict[str, str]]]:
    """(what was learnt from, corpus → figure), for signature lines."""
    made = [prepare(message) for message in made_up_mail(MADE_UP)]
    forge = shipped_training_set(corpora["forge"])
    own = {name: [prepare(message) for message in messages] for name, messages in corpora.items()}
    rows: list[tuple[str, dict[str, str]]] = [
        ("the rules alone", {name: str(score(messages, by_rules)) for name, messages in corpora.items()})
    ]
    trained: list[tuple[str, Sequence[Prepared], tuple[str, ...]]] = [
        ("made-up mail", made, tuple(corpora)),
        ("made-up mail and forge (shipped)", forge, tuple(name for name in corpora if name != "forge")),
        *((name, own[name], tuple(other for other in corpora if other != name)) for name in corpora),
    ]
    for what, examples, tested in trained:
        read = by_model(fit(examples))
        rows.append((what, {name: str(score(corpora[name], read)) for name in tested}))
    rows.append(("the same corpus, five-fold", {name: str(folded(corpora[name])) for name in corpora}))
    rows.append(("the same, and made-up mail, five-fold", {name: str(folded(corpora[name], made)) for name in corpora}))
    bare = fit([prepare(message, rules=False) for message in made_up_mail(MADE_UP)])
    read = by_model(bare, rules=False)
    rows.append(("made-up mail, not shown the rules' guess", {n: str(score(corpora[n], read)) for n in corpora}))
    rows.append(
        ("the same corpus, five-fold, not shown it", {n: str(folded(corpora[n], rules=False)) for n in corpora})
    )
    return rows


@dataclass
class Whole:
    """What `read_text` gives: newest part, fields, and messages with a fact from another's part."""

    core: Count = field(default_factory=Count)
    newest: Count = field(default_factory=Count)
    stolen: int = 0
    kinds: dict[str, Count] = field(default_factory=lambda: {kind: Count() for kind in KINDS})


KINDS = ("number", "email", "organisation", "title")
_KIND = {"phone": "number", "fax": "number", "mobile": "number", "org": "organisation"}


def whole(messages: Iterable[Message]) -> Whole:
    """The shipped reader over a corpus; numbers without a country code are read as of the United States."""
    found = Whole()
    for message in messages:
        reading = read_text(message.text, sender=Address(message.display, message.address), region="US")
        count_core(found.core, message, (set(reading.closing), set(reading.signature)))
        own = set(reading.newest)
        for number, (label, block) in enumerate(zip(message.labels, message.blocks, strict=True)):
            if label != "blank":
                found.newest.add(block == 0 and label not in ("header", "quote"), number in own)
        found.stolen += any(message.blocks[fact.line] > 0 for fact in reading.facts)
        gold = _normal(message.fields)
        have = _normal((fact.kind, fact.value) for fact in reading.facts)
        for kind, count in found.kinds.items():
            wanted, given = ({value for of, value in pairs if of == kind} for pairs in (gold, have))
            count.hits += len(wanted & given)
            count.wrong += len(given - wanted)
            count.missed += len(wanted - given)
    return found


def _normal(pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    normal: set[tuple[str, str]] = set()
    for kind, value in pairs:
        of = _KIND.get(kind, kind)
        if of == "number":
            digits = re.sub(r"\D", "", value)[-10:]
            if len(digits) >= 7:
                normal.add((of, digits))
        elif of == "email" and "@" in value:
            normal.add((of, value.lower().strip("<>[] ")))
        elif of in ("organisation", "title"):
            words = (re.sub(r"\W+", " ", part).strip().lower() for part in value.split("\n"))
            normal.update((of, word) for word in words if word)
    return normal


def table(corpora: Mapping[str, Sequence[Message]]) -> str:
    """Both tables, as Markdown."""
    shipped_model()
    names = list(corpora)
    lines = [f"| learnt from | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    for what, figures in core_rows(corpora):
        lines.append(f"| {what} | {' | '.join(figures.get(name, '') for name in names)} |")
    lines += [
        "",
        f"| the shipped reader | messages | signature lines | own part | {' | '.join(KINDS)} | facts of others |",
    ]
    lines.append(f"|---|---|---|---|{'---|' * len(KINDS)}---|")
    for name, messages in corpora.items():
        found = whole(messages)
        fields = [str(found.kinds[kind]) if any(m.fields for m in messages) else "" for kind in KINDS]
        share = f"{found.stolen / len(messages):.1%}"
        lines.append(
            f"| {name} | {len(messages)} | {found.core} | {found.newest.f1:.3f} | {' | '.join(fields)} | {share} |"
        )
    return "\n".join(lines)
