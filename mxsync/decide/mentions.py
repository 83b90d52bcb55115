"""What a subject may mention: the phrases in it that are worth looking up, and the addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from mxsync.model.normal import text_key
from mxsync.model.record import Record

WORDS: Final = 6
"""The longest phrase that is looked up, in words."""
SUBJECT_WORDS: Final = 40
"""How many words of a subject are looked at: an item costs at most a fixed number of look-ups."""

_WORD = re.compile(r"\w+")
_TAIL = re.compile(r"[^\w\s]")
_ADDRESS = re.compile(r"[\w.+'&/=-]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}")


def phrases(subject: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and normal form of every phrase of one to six words, punctuation inside it kept (`A-77` is one name).
    A phrase is also given with the sign that follows it, for names that end in one (`Acme Ltd.`, `Yahoo!`)."""
    # The words of an address are its own: `jane@acme.example` does not speak of a company called Acme.
    subject = _ADDRESS.sub(lambda match: "|" * len(match.group()), subject[:2_000])
    words = list(_WORD.finditer(subject))[:SUBJECT_WORDS]
    seen: set[tuple[int, int]] = set()
    for first, word in enumerate(words):
        for last in words[first : first + WORDS]:
            ends = [last.end()]
            tail = _TAIL.match(subject, last.end())
            if tail is not None:
                ends.append(tail.end())
            for end in ends:
                key = text_key(subject[word.start() : end])
                if len(key) > 1 and (word.start(), end) not in seen:
                    seen.add((word.start(), end))
                    yield word.start(), end, key


def addresses_in(subject: str) -> tuple[str, ...]:
    """The e-mail addresses in a subject, each once."""
    return tuple(dict.fromkeys(match.group().strip(".'-/=") for match in _ADDRESS.finditer(subject[:2_000])))


def outermost(hits: Iterable[tuple[int, int, Record]]) -> Iterator[Record]:
    """The records whose phrase does not lie inside a longer one that was found as well."""
    all_hits = list(hits)
    spans = {(start, end) for start, end, _ in all_hits}
    for start, end, record in all_hits:
        if not any(s <= start and end <= e and (s, e) != (start, end) for s, e in spans):
            yield record
