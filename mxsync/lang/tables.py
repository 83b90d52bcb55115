"""The tables by which rule files are parsed: what Lark works out from the grammar, as plain numbers and texts.

Working them out takes a third of a second, so they are kept as JSON beside the grammar and belong to one text of it
(docs/decisions/0002-grammar-tables.md). The method is LALR(1) with a lexer that looks only for the terminals that the
parser's state accepts.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, Final

VERSION: Final = 1
END: Final = "$END"


@dataclass(frozen=True, slots=True)
class Production:
    """A rule of the grammar as the parser needs it. `keep` are the children that reach the tree: their places, whether
    the child is a helper's list that is spread out, and how many absent ones come before; `absent` come last. `method`
    names the construct, '' for a helper (a repetition) that is spread into its parent; with `inline` an only child
    stands for the whole."""

    origin: str
    size: int
    method: str
    inline: bool
    keep: tuple[tuple[int, bool, int], ...]
    absent: int


@dataclass(frozen=True, slots=True)
class Tables:
    """`actions` by state: from a terminal to the next state, or to `-1 - production`; `gotos` by state: from what a
    production makes to the next state. `terminals` are in the order in which they are tried, with their expressions;
    `ignored` is the expression of what may stand between them."""

    productions: tuple[Production, ...]
    actions: tuple[dict[str, int], ...]
    gotos: tuple[dict[str, int], ...]
    start: int
    end: int
    terminals: dict[str, str]
    ignored: str


def digest_of(grammar: str) -> str:
    """What binds tables to the text of their grammar."""
    return hashlib.sha256(f"{VERSION}\n{grammar}".encode()).hexdigest()


def tables_of(grammar: str, kept: str | None = None) -> Tables:
    """The tables of a grammar: those that were kept, if they are of this very text, else worked out anew."""
    if kept is not None:
        try:
            found = json.loads(kept)
            if isinstance(found, dict) and found.get("grammar") == digest_of(grammar):
                return _read(found)
        except (ValueError, TypeError, KeyError, re.error):
            pass  # torn or not ours: the grammar says the same, only more slowly
    from mxsync.lang.lark_tables import made

    return _read(made(grammar))


def _read(found: dict[str, Any]) -> Tables:
    productions = tuple(
        Production(origin, size, method, inline, tuple((place, spread, n) for place, spread, n in keep), absent)
        for origin, size, method, inline, keep, absent in found["productions"]
    )
    terminals = {str(name): str(regex) for name, regex in found["terminals"]}
    return Tables(
        productions, tuple(found["actions"]), tuple(found["gotos"]), found["start"], found["end"], terminals,
        found["ignored"],
    )  # fmt: skip
