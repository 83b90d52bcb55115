"""What Lark works out from the grammar, put into the numbers and texts of `mxsync.lang.tables`.

Lark is a third of what a short command would load, and is needed only where no tables are kept or a statement is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from lark import Lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

from mxsync.lang.tables import END, digest_of


@lru_cache(maxsize=2)
def lark_of(grammar: str) -> Lark:
    """The grammar as Lark reads it: the source of the tables, and who says what is wrong with a statement."""
    return Lark(grammar, parser="lalr", lexer="contextual", propagate_positions=True, maybe_placeholders=True)


def written(grammar: str) -> str:
    """The tables as they are kept."""
    return json.dumps(made(grammar), separators=(",", ":"), sort_keys=True, ensure_ascii=True) + "\n"


def made(grammar: str) -> dict[str, Any]:
    """The tables of a grammar as they are kept, worked out."""
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
