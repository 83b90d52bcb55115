"""The tables by which rule files are parsed: what Lark works out from the grammar, as plain numbers and texts.

Working them out takes a third of a second, so they are kept as JSON beside the grammar and belong to one text of it
(docs/decisions/0002-grammar-tables.md). The method is LALR(1) with a lexer that looks only for the terminals that the
parser's state accepts.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, cast

from lark import Lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

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


@lru_cache(maxsize=2)
def lark_of(grammar: str) -> Lark:
    """The grammar as Lark reads it: the source of the tables, and who says what is wrong with a statement."""
    return Lark(grammar, parser="lalr", lexer="contextual", propagate_positions=True, maybe_placeholders=True)


def tables_of(grammar: str, kept: str | None = None) -> Tables:
    """The tables of a grammar: those that were kept, if they are of this very text, else worked out anew."""
    if kept is not None:
        try:
            found = json.loads(kept)
            if isinstance(found, dict) and found.get("grammar") == digest_of(grammar):
                return _read(found)
        except (ValueError, TypeError, KeyError, re.error):
            pass  # torn or not ours: the grammar says the same, only more slowly
    return _read(_made(grammar))


def written(grammar: str) -> str:
    """The tables as they are kept."""
    return json.dumps(_made(grammar), separators=(",", ":"), sort_keys=True, ensure_ascii=True) + "\n"


def _made(grammar: str) -> dict[str, Any]:
    lark = lark_of(grammar)
    data, memo = cast("tuple[Any, Any]", lark.memo_serialize([TerminalDef, Rule]))
    table = data["parser"]["parser"]
    tokens = table["tokens"]
    states = {
        state: sorted(
            (tokens[token], action == 1, arg["@"] if action == 1 else arg) for token, (action, arg) in row.items()
        )
        for state, row in table["states"].items()
    }
    start = table["start_states"]["start"]
    numbers = _numbered(states, start)
    used = {arg for row in states.values() for _, reduces, arg in row if reduces}
    productions = {number: _production(memo[number]) for number in used}
    ordered_rules = sorted(productions.values(), key=json.dumps)
    places = {number: ordered_rules.index(each) for number, each in productions.items()}
    terminal_names = {each.name for each in lark.terminals} | {END}
    actions = [
        {
            name: -1 - places[arg] if reduces else numbers[arg]
            for name, reduces, arg in states[state]
            if name in terminal_names
        }
        for state in numbers
    ]
    gotos = [{name: numbers[arg] for name, _, arg in states[state] if name not in terminal_names} for state in numbers]
    ignored = set(lark.ignore_tokens)
    # Lark's order: by priority, then the longest match possible, then the longest expression.
    ordered = sorted(lark.terminals, key=lambda t: (-t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name))
    return {
        "grammar": digest_of(grammar),
        "productions": ordered_rules,
        "actions": actions,
        "gotos": gotos,
        "start": numbers[start],
        "end": numbers[table["end_states"]["start"]],
        "terminals": [[each.name, each.pattern.to_regexp()] for each in ordered if each.name not in ignored],
        "ignored": "|".join(f"(?:{each.pattern.to_regexp()})" for each in ordered if each.name in ignored),
    }


def _numbered(states: Mapping[int, Sequence[tuple[str, bool, int]]], start: int) -> dict[int, int]:
    """The states by number, in the order in which they are reached: Lark numbers them otherwise in each process."""
    numbers = {start: 0}
    reached = [start]
    for state in reached:
        for _, reduces, arg in states[state]:
            if not reduces and arg not in numbers:
                numbers[arg] = len(numbers)
                reached.append(arg)
    return numbers


def _production(rule: dict[str, Any]) -> list[Any]:
    """What Lark's tree builder does for a rule, said in numbers."""
    origin, expansion, options = rule["origin"]["name"], rule["expansion"], rule["options"]
    empty: Sequence[bool] = options["empty_indices"]
    counts = [len(ones) for ones in "".join(str(int(each)) for each in empty).split("0")] if empty else []
    counts = counts or [0] * (len(expansion) + 1)
    keep: list[tuple[int, bool, int]] = []
    absent = 0
    for place, symbol in enumerate(expansion):
        absent += counts[place]
        terminal = symbol["__type__"] == "Terminal"
        if options["keep_all_tokens"] or not (terminal and symbol["filter_out"]):
            keep.append((place, not terminal and symbol["name"].startswith("_"), absent))
            absent = 0
    absent += counts[len(expansion)]
    method = rule["alias"] or ("" if origin.startswith("_") else origin)
    return [origin, len(expansion), method, bool(options["expand1"]) and not rule["alias"], keep, absent]


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
