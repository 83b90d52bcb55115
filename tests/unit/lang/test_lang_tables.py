"""The kept tables, and the parser that is driven by them, held against Lark."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from lark.exceptions import UnexpectedInput

from mxsync.lang.lalr import Driver, Unparsable
from mxsync.lang.lark_reading import built
from mxsync.lang.lark_tables import lark_of, written
from mxsync.lang.parse import Parser
from mxsync.lang.split import split
from mxsync.lang.tables import tables_of
from mxsync.lang.tree_rules import RuleBuilder
from mxsync.lang.tree_values import Slip

ROOT = Path(__file__).parents[3]
GRAMMAR = (ROOT / "grammar" / "mxsync.lark").read_text(encoding="utf-8")
KEPT = (ROOT / "grammar" / "mxsync.tables.json").read_text(encoding="utf-8")
STATEMENTS = sorted({
    piece.text
    for folder in ("rules", "docs", "tests")
    for path in (ROOT / folder).rglob("*.rules")
    for piece in split(path.read_text(encoding="utf-8"))
})  # fmt: skip
WORDS = re.compile(r"\s+|\w+|'[^'\n]*'|.", re.DOTALL)
STRAY = ("# or when\n", "\n\n  ", '"""a\n b"""', "\t", "#", "é", "header.X-Y", "/a b/", "''", "(", ",", "not")


def both(text: str, builder: RuleBuilder, driver: Driver) -> tuple[object, object]:
    """What the tables and what Lark make of a text; None for no statement."""
    try:
        ours = driver.parse(text)
    except (Unparsable, Slip):
        ours = None
    try:
        theirs = built(builder, lark_of(GRAMMAR).parse(text))
    except (UnexpectedInput, Slip):
        theirs = None
    return ours, theirs


@pytest.fixture(scope="module")
def builder() -> RuleBuilder:
    made = RuleBuilder()
    made.file, made.first = "a.rules", 7
    return made


@pytest.fixture(scope="module")
def driver(builder: RuleBuilder) -> Driver:
    return Driver(tables_of(GRAMMAR, KEPT), builder)


def test_the_kept_tables_are_those_of_the_grammar() -> None:
    assert written(GRAMMAR) == KEPT, "the grammar was changed: call `make tables`"


@pytest.mark.parametrize(
    "kept",
    ["", "{", "[]", "null", KEPT[: len(KEPT) // 2], KEPT.replace('"grammar":"', '"grammar":"0'),
     re.sub(r'"terminals":\[.*?\]\]', '"terminals":[["NAME","("]]', KEPT), KEPT.replace('"start"', '"begin"')],
)  # fmt: skip
def test_tables_that_are_torn_or_of_another_grammar_are_not_used(kept: str) -> None:
    parsed = Parser(GRAMMAR, kept).parse_file("a.rules", "when mail subject contains 'x' then flag\n")
    assert parsed == Parser(GRAMMAR, KEPT).parse_file("a.rules", "when mail subject contains 'x' then flag\n")
    assert parsed.diagnostics == () and parsed.statements[0].tree is not None


def test_statements_become_the_same_tree_as_by_lark(builder: RuleBuilder, driver: Driver) -> None:
    assert len(STATEMENTS) > 100
    made = [both(text, builder, driver) for text in STATEMENTS]
    assert all(ours == theirs for ours, theirs in made)
    assert sum(ours is not None for ours, _ in made) > 100


def test_changed_statements_are_taken_and_refused_as_by_lark(builder: RuleBuilder, driver: Driver) -> None:
    chance = random.Random(5)
    taken = refused = 0
    for _ in range(1_500):
        words = WORDS.findall(chance.choice(STATEMENTS))
        at, other = chance.randrange(len(words)), chance.randrange(len(words))
        match chance.randrange(4):
            case 0:
                del words[at]
            case 1:
                words[at], words[other] = words[other], words[at]
            case 2:
                words.insert(at, words[other])
            case _:
                words.insert(at, chance.choice(STRAY))
        text = "".join(words)
        ours, theirs = both(text, builder, driver)
        assert ours == theirs, text
        taken += ours is not None
        refused += ours is None
    assert taken > 100 and refused > 100


@pytest.mark.parametrize(
    "text", ["", "  \n", "# only this", "when", "use 'a' use 'b'", "when mail then flag # end\n# more"]
)
def test_edges_are_as_by_lark(text: str, builder: RuleBuilder, driver: Driver) -> None:
    ours, theirs = both(text, builder, driver)
    assert ours == theirs
