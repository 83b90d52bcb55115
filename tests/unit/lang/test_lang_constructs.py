"""Every construct of the grammar: a file that is accepted and holds it, and one that is rejected at the right place.

tests/language/accept/NAME.rules and tests/language/reject/NAME.rules are named after the rules of grammar/mxsync.lark. A
rejected file says in its first two lines what is expected: `# CODE LINE:COLUMN UNDERLINED` and `# SENTENCE`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from lark import Lark

from mxsync import resources
from mxsync.lang.format import format_text
from mxsync.lang.parse import Parser
from mxsync.lang.split import split

GRAMMAR = resources.text("grammar/mxsync.lark")
PARSER = Parser(GRAMMAR)
PLACE = Path(__file__).parents[2] / "language"
ACCEPT = sorted((PLACE / "accept").glob("*.rules"))
REJECT = sorted((PLACE / "reject").glob("*.rules"))


@cache
def grammar() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="contextual", keep_all_tokens=True, maybe_placeholders=False)


def constructs() -> set[str]:
    """The names that can stand in a parse tree: aliases, and rules that are not folded into what they hold."""
    named = {str(rule.alias or rule.origin.name) for rule in grammar().rules if rule.alias or not rule.options.expand1}
    return {name for name in named if not name.startswith("__")}


def parts(path: Path) -> Iterator[tuple[str, str]]:
    """The nodes and tokens of a file, by kind."""
    for statement in split(path.read_text(encoding="utf-8")):
        tree = grammar().parse(statement.text)
        for node in tree.iter_subtrees():
            yield "rule", str(node.data)
        for token in tree.scan_values(lambda value: True):
            yield "terminal", token.type


def test_every_construct_has_a_file_that_is_accepted_and_one_that_is_rejected() -> None:
    assert {path.stem for path in ACCEPT} == {path.stem for path in REJECT} == constructs()


def test_every_terminal_stands_in_an_accepted_file() -> None:
    found = {name for path in ACCEPT for kind, name in parts(path) if kind == "terminal"}
    assert {terminal.name for terminal in grammar().terminals} - found - set(grammar().ignore_tokens) == set()


@pytest.mark.parametrize("path", ACCEPT, ids=lambda path: path.stem)
def test_accepted(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [each.message for each in PARSER.parse_file(path.name, text).diagnostics] == []
    assert ("rule", path.stem) in set(parts(path))
    laid_out = format_text(text)
    assert format_text(laid_out) == laid_out
    assert PARSER.parse_file(path.name, laid_out).diagnostics == ()


@pytest.mark.parametrize("path", REJECT, ids=lambda path: path.stem)
def test_rejected(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    first, sentence = (line.removeprefix("# ") for line in text.split("\n")[:2])
    code, place, underlined = first.split(" ", 2)
    (found,) = PARSER.parse_file(path.name, text).diagnostics
    span = found.span
    assert (found.code, f"{span.line}:{span.column}", found.message) == (code, place, sentence)
    assert text.split("\n")[span.line - 1][span.column - 1 :].startswith(underlined)
    assert found.help


@pytest.mark.parametrize("word", ["priority", "column", "because", "off", "user", "for"])
def test_a_word_that_is_not_reserved_may_be_a_field_anywhere(word: str) -> None:
    text = (
        f"entity t in table 'T' as task class 'IPM.Task.X'\n  {word} <-> A as local 'Europe/Berlin'\n  {word} -> 'B'\n"
    )
    assert PARSER.parse_file("f", text + f"when task {word} = 'x' then save\n").diagnostics == ()
