"""A file that is read again after an edit is what it would be if it were read for the first time."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from mxsync.lang.parse import Parser
from mxsync.lang.split import common_end, common_start

ROOT = Path(__file__).parents[3]
GRAMMAR = (ROOT / "grammar" / "mxsync.lark").read_text(encoding="utf-8")
KEPT = (ROOT / "grammar" / "mxsync.tables.json").read_text(encoding="utf-8")
FRESH = Parser(GRAMMAR, KEPT)
LINES = (
    "when mail then skip", "when mail then skip", "rule 'a'", "  when mail subject contains 'x'", "  then flag", "then", "",
    "# note", "  # inner", "when mail because", " '", '"""', "é", "\t", "when contact then stop # end", "\r",
)  # fmt: skip
FILES = st.lists(st.lists(st.sampled_from(LINES), max_size=12).map("\n".join), min_size=2, max_size=6)
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.floats(0, 1), st.sampled_from(["", "x", "\n", "\n\n", *LINES])),
    min_size=1,
    max_size=8,
)


def fresh(text: str) -> object:
    """As a parser reads it that has never seen the file."""
    FRESH._last.clear()
    FRESH._known.clear()
    return FRESH.parse_file("f", text)


@settings(max_examples=200, deadline=None)
@given(FILES)
def test_versions_of_a_file(versions: list[str]) -> None:
    parser = Parser(GRAMMAR, KEPT)
    for text in versions:
        assert parser.parse_file("f", text) == fresh(text)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=20).map("\n".join), EDITS)
def test_edits_of_a_file(text: str, edits: list[tuple[float, float, str]]) -> None:
    parser = Parser(GRAMMAR, KEPT)
    for start, length, put in edits:
        assert parser.parse_file("f", text) == fresh(text)
        at = int(start * len(text))
        text = text[:at] + put + text[at + int(length * 8) :]
    assert parser.parse_file("f", text) == fresh(text)


def test_what_an_edit_does_not_touch_stays_the_same_object() -> None:
    parser = Parser(GRAMMAR, KEPT)
    lines = [f"when mail subject = 'a{n}' then flag" for n in range(9)]
    first = parser.parse_file("f", "\n".join(lines)).statements
    lines[4] = "when mail then skip"
    again = parser.parse_file("f", "\n".join(lines)).statements
    assert [one is two for one, two in zip(first, again, strict=True)] == [True] * 3 + [first[3] is again[3], False] + (
        [True] * 4
    )
    assert first[3].tree is again[3].tree


@given(st.text("ab", max_size=9), st.text("ab", max_size=9), st.integers(0, 9))
def test_what_two_texts_have_in_common(one: str, other: str, begin: int) -> None:
    start = common_start(one, other)
    assert (one[:start] == other[:start] and one[start : start + 1] != other[start : start + 1]) or one == other
    end = common_end(one, other, begin)
    assert one[len(one) - end :] == other[len(other) - end :] and end <= max(min(len(one), len(other)) - begin, 0)
