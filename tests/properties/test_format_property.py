"""Layout keeps what a rule file means, whatever the file: generated ones, and correct ones laid out anew."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxsync.lang.format import format_text
from mxsync.lang.split import split
from tests.checking import PARSER, checked
from tests.random_files import file, grammar, laid_out

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "rules").rglob("*.rules"))


def meaning(value: Any) -> Any:
    """A tree without its places, and with what the layout writes anew: `not is X` as `is not X`, `is` as `=`."""
    if is_dataclass(value):
        part = getattr(value, "part", None)
        if type(value).__name__ == "Not" and getattr(part, "negated", None) is False:
            return meaning(replace(part, negated=True))
        return (type(value).__name__, *(meaning(getattr(value, f.name)) for f in fields(value) if f.name != "span"))
    if isinstance(value, tuple):
        return tuple(map(meaning, value))
    return {"is": "=", "is not": "!="}.get(value, value) if isinstance(value, str) else value


def comments(text: str) -> list[str]:
    """The comments that the generator puts in."""
    return [part.strip() for part in text.split("\n") for part in [part.partition("# ")[2]] if part in
            ("a note", "another", "at the end", "between", "first")]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 6))
def test_generated_files(seed: int, statements: int) -> None:
    text = file(seed, statements)
    before = PARSER.parse_file("f", text)
    once = format_text(text)
    assert format_text(once) == once
    after = PARSER.parse_file("f", once)
    # What the grammar allows and the language does not: a clause given twice, a target without its action.
    assert {each.code for each in before.diagnostics} <= {"MX010", "MX021"}, [
        each.message for each in before.diagnostics
    ]
    assert [each.code for each in after.diagnostics] == [each.code for each in before.diagnostics]
    assert [meaning(s.tree) for s in after.statements] == [meaning(s.tree) for s in before.statements]
    assert sorted(comments(once)) == sorted(comments(text))


@cache
def correct() -> tuple[list[str], ...]:
    """The tokens of every statement of the files that check without an error."""
    found = []
    for path in sorted((ROOT / "tests" / "language" / "accept_types").glob("*.rules")):
        for piece in split(path.read_text(encoding="utf-8")):
            tree = grammar().parse(piece.text)
            found.append([str(token) for token in tree.scan_values(lambda value: True)])
    return tuple(found)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=12), st.integers(0, 10**9))
def test_the_plan_is_the_same_before_and_after(chosen: Sequence[int], seed: int) -> None:
    made = random.Random(seed)
    there = correct()
    picked = list(dict.fromkeys(number % len(there) for number in chosen))
    text = "".join(laid_out(there[number], made) for number in picked)
    before, after = checked(text), checked(format_text(text))
    assert (before.program is not None and after.program is not None) or before.diagnostics
    codes = [sorted(each.code for each in side.diagnostics) for side in (before, after)]
    assert codes[0] == codes[1]
    if before.program is not None:
        assert after.program is not None and before.program.digest == after.program.digest


def mutants(tokens: list[str]) -> list[list[str]]:
    """Each deletion of one token, and each transposition of two that stand side by side."""
    deleted = [tokens[:n] + tokens[n + 1 :] for n in range(len(tokens))]
    swapped = [
        [*tokens[:n], tokens[n + 1], tokens[n], *tokens[n + 2 :]]
        for n in range(len(tokens) - 1)
        if tokens[n] != tokens[n + 1]
    ]
    return deleted + swapped


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: "-".join(path.parts[-2:]))
def test_one_token_less_or_two_exchanged_end_in_a_finding_or_a_valid_file(path: Path) -> None:
    """Every statement of the shipped rules but its tests, which all look alike: of those every tenth."""
    pieces = list(split(path.read_text(encoding="utf-8")))
    tests = [piece for piece in pieces if piece.text.startswith("test")]
    count = valid = 0
    for piece in [piece for piece in pieces if not piece.text.startswith("test")] + tests[::10]:
        tokens = [str(token) for token in grammar().parse(piece.text).scan_values(lambda value: True)]
        for mutant in mutants(tokens):
            text = " ".join(mutant) + "\n"
            parsed = PARSER.parse_file("f", text)
            count += 1
            for finding in parsed.diagnostics:
                assert finding.message and finding.code.startswith("MX")
            if not parsed.diagnostics:
                valid += 1
                if valid % 7 == 0:
                    checked(text)
    assert count >= 50 and valid > 0
