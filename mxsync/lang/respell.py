"""A misspelt word of the language: found by putting the right one in its place and reading the statement again.

A word with a slip in it is a name to the parser, which stops only behind it, or a few words on. So the words around
the place where it stopped are replaced, one at a time, by words of the language that are a slip or two away; the
replacement with which the statement reads furthest says which word it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from lark import Lark

from mxsync.lang.slips import Word
from mxsync.lang.suggest import distance

Reading: TypeAlias = Callable[[str], "int | None"]
"""Reads a statement's text: where it stopped, None when it reads to its end."""

_PATTERN: Final = re.compile(r"\(?(?:\?:)?([a-z_|]+)\)?\\b")
_BEFORE: Final = 4
"""How many words before the place where reading stopped may be the misspelt one."""
_TRIES: Final = 12
_SHORTEST: Final = 3
"""Shorter words are a slip away from everything."""


def words_of(lark: Lark) -> frozenset[str]:
    """The words of a grammar: those of its terminals that end at a word boundary."""
    found = (_PATTERN.fullmatch(terminal.pattern.value) for terminal in lark.terminals)
    return frozenset(word for match in found if match is not None for word in match[1].split("|"))


def misspelt(
    text: str, words: Sequence[Word], at: int, known: frozenset[str], read: Reading, *, whole: bool
) -> tuple[Word, str] | None:
    """The misspelt word of a statement whose reading stopped at `at`, and the word that was meant. `whole`: only where
    the statement then reads to its end; otherwise where it reads past the word at which it stopped."""
    past = max((word.start + len(word.text) for word in words if word.start <= at), default=at)
    best: tuple[int, Word, str] | None = None
    for word, meant in list(_candidates(words, at, known))[:_TRIES]:
        end = word.start + len(word.text)
        stopped = read(text[: word.start] + meant + text[end:])
        if stopped is None:
            return word, meant
        reached = stopped - len(meant) + len(word.text)
        if not whole and reached >= past and (best is None or reached > best[0]):
            best = reached, word, meant
    return (best[1], best[2]) if best is not None else None


def _candidates(words: Sequence[Word], at: int, known: frozenset[str]) -> Iterator[tuple[Word, str]]:
    """What could have been meant, the fewest slips first, then the word nearest to where reading stopped."""
    before = [word for word in words if word.start <= at][-1 - _BEFORE :]
    found = []
    for away, word in enumerate(reversed(before)):
        if len(word.text) < _SHORTEST or not word.text.isidentifier() or word.text in known:
            continue
        folded = word.text.casefold()
        limit = 1 if len(folded) <= 4 else 2
        for meant in known:
            slips = distance(folded, meant, limit)
            if slips <= limit and len(meant) >= _SHORTEST:
                found.append((slips, away, meant, word))
    for _, _, meant, word in sorted(found, key=lambda each: each[:3]):
        yield word, meant
