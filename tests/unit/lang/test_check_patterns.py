"""`like` patterns and regular expressions as RE2 reads them; texts with holes; words that were meant."""

from __future__ import annotations

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from mxsync.lang import ast
from mxsync.lang.patterns import PatternFault, like_pattern, regex_pattern, required_literal
from mxsync.lang.source import Span
from mxsync.lang.suggest import article, did_you_mean, distance, listing, nearest
from mxsync.lang.templates import BraceFault, HoleText, place_in, split_template
from mxsync.model.normal import text_key


def captured(pattern: str, text: str) -> dict[str, str] | None:
    found = like_pattern(pattern)
    assert not isinstance(found, PatternFault)
    match = re2.match(found.regex, text)
    return None if match is None else match.groupdict()


@pytest.mark.parametrize(
    "pattern, text, expected",
    [
        ("mxStatus={value}", "mxstatus=Handled", {"value": "Handled"}),
        ("*ref {ref}*", "Enquiry ref K12", {"ref": "K12"}),
        ("*ref {ref}*", "your ref K12, of May", {"ref": "K12"}),
        ("*[{ref}]*", "Re: [A-77] terms", {"ref": "A-77"}),
        ("*{who}", "Hearing of QC", {"who": "QC"}),
        ("*{who}", "QC", {"who": "QC"}),
        ("*{first}*", "hello, world", {"first": "hello"}),
        ("{first}*{last}", "one two three", {"first": "one", "last": "three"}),
        ("Visit {country}", "visit New Zealand", {"country": "New Zealand"}),
        ("{a}/{b}", "x/y/z", {"a": "x", "b": "y/z"}),
        ("{größe} cm", "12 cm", {"größe": "12"}),
        ("a?c", "abc", {}),
        ("a?c", "ac", None),
        ("*.pdf", "a.pdf", {}),
        ("*.pdf", "apdf", None),
        ("a*", "a\nb", {}),
        (r"\*\?\{x\}\\", r"*?{x}\ "[:-1], {}),
        (r"\{x}*", "{x} y", {}),
        (r"\*{x}", "*y", {"x": "y"}),
        ("ÄÖ*", "äöü", {}),
    ],
)
def test_like(pattern: str, text: str, expected: dict[str, str] | None) -> None:
    assert captured(pattern, text) == expected


@pytest.mark.parametrize("pattern, prefix, literal", [
    ("abc", "abc", "abc"), ("Ref {x} of*", "ref", "ref"), ("*middle part*", "", "middle part"), ("*", "", ""),
    ("a*longer?c", "a", "longer"),
])  # fmt: skip
def test_literals_of_like(pattern: str, prefix: str, literal: str) -> None:
    found = like_pattern(pattern)
    assert not isinstance(found, PatternFault)
    assert (found.prefix, found.literal) == (prefix, literal)


ALPHABET = st.text(alphabet="ab.*?\\ Ää[]", max_size=12)


@settings(max_examples=200, deadline=None)
@given(ALPHABET, st.text(alphabet="abAB.? Ää[]", max_size=12))
def test_like_is_what_it_says(pattern: str, text: str) -> None:
    """Held against matching character by character."""
    found = like_pattern(pattern)
    if isinstance(found, PatternFault):
        assert pattern.endswith("\\") and found.at == len(pattern) - 1
        return
    matched = re2.match(found.regex, text) is not None
    assert matched is naive_like(pattern, text)
    if matched:
        assert found.literal in text_key(text) and text_key(text).startswith(found.prefix)


def naive_like(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(naive_like(pattern[1:], text[n:]) for n in range(len(text) + 1))
    if not text:
        return False
    if pattern[0] == "?":
        return naive_like(pattern[1:], text[1:])
    rest = 2 if pattern[0] == "\\" else 1
    return pattern[rest - 1].casefold() == text[0].casefold() and naive_like(pattern[rest:], text[1:])


@pytest.mark.parametrize(
    "pattern, literal",
    [
        (r"SN[- ]?(?P<serial>\d{6,})", "SN"), ("ab+c", "ab"), ("abc|d", ""), ("a{2}bcd", "bcd"), ("x(?:abc)?yz", "yz"),
        (r"a\.b", "a.b"), (r"\x41bc", ""), ("[]abc]x", "x"), ("(?i)foo", "foo"), ("colou?r", "colo"), (r"\Qa.b\E", ""),
        (r"^re:\s*invoice$", "invoice"), ("[^]x]y", "y"), ("[[:alpha:]]z", "z"), (r"[\]]q", "q"), ("a{b", "b"), ("",
         ""),
    ],
)  # fmt: skip
def test_what_a_regular_expression_must_hold(pattern: str, literal: str) -> None:
    assert required_literal(pattern) == literal


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet="ab|()[]?*+.\\d{2}^$", max_size=10),
    st.text(alphabet="ab1", max_size=8),
)
def test_whatever_matches_holds_the_literal(pattern: str, text: str) -> None:
    found = regex_pattern(pattern)
    if isinstance(found, PatternFault):
        assert found.message.startswith("this regular expression is refused: ")
    elif re2.search(found.regex, text) is not None:
        assert found.literal in text_key(text)


def test_captures_of_a_regular_expression_are_in_order() -> None:
    found = regex_pattern(r"(?P<b>x)(?P<a>y)\/z")
    assert not isinstance(found, PatternFault)
    assert found.captures == ("b", "a") and re2.search(found.regex, "XY/Z") is not None


@pytest.mark.parametrize("pattern", ["a**", "(", ")", "[a", "a{1001}", "[b-a]", r"\8", "*", "(?<x", r"a\ "[:-1]])
def test_what_re2_refuses_is_said(pattern: str) -> None:
    found = regex_pattern(pattern)
    assert isinstance(found, PatternFault)
    assert found.message.startswith("this regular expression is refused: ") and "(?i)" not in found.message


def test_a_group_has_a_name_that_a_rule_can_say() -> None:
    found = regex_pattern("(?P<1>a)")
    assert isinstance(found, PatternFault) and found.message == "`1` is no name for a capture"


@pytest.mark.parametrize(
    "text, parts",
    [
        ("plain", ["plain"]), ("", []), ("{{x}", ["{x}"]), ("a{b}c", ["a", ("b",), "c"]), ("{a.b}", [("a", "b")]),
        ("{custom.'A B'}", [("custom", "A B")]), ("{header.List-Id}", [("header", "List-Id")]), ("{ a }", [("a",)]),
    ],
)  # fmt: skip
def test_holes(text: str, parts: list[object]) -> None:
    found = split_template(text)
    assert not isinstance(found, BraceFault)
    assert [part.words if isinstance(part, HoleText) else part for part in found] == parts


def test_formats_of_holes() -> None:
    found = split_template("{received:%H:%M}")
    assert not isinstance(found, BraceFault)
    (hole,) = found
    assert isinstance(hole, HoleText) and hole.format == "%H:%M"


@pytest.mark.parametrize("text, fault", [("a{b", BraceFault(1, 2, None)), ("{}", BraceFault(0, 2, "")),
                                         ("x{a b}", BraceFault(1, 6, "a b")),
                                         ("{5}", BraceFault(0, 3, "5"))])  # fmt: skip
def test_braces_without_a_path(text: str, fault: BraceFault) -> None:
    assert split_template(text) == fault


@pytest.mark.parametrize(
    "raw, text, long, start, end, expected",
    [
        ("'ab{c}'", "ab{c}", False, 2, 5, (1, 13, 16)),
        ("'it''s {c}'", "it's {c}", False, 5, 8, (1, 17, 20)),
        ('"""\nx {c}"""', "\nx {c}", True, 3, 6, (2, 3, 6)),
        ("'short'", "longer than it", False, 20, 22, (1, 10, 17)),
    ],
)
def test_places_inside_texts(
    raw: str, text: str, long: bool, start: int, end: int, expected: tuple[int, int, int]
) -> None:
    lines = raw.split("\n")
    whole = Span("f", 1, 10, len(lines), 10 + len(raw) if len(lines) == 1 else len(lines[-1]) + 1)
    span = place_in(ast.Text(text, long, whole), raw, start, end)
    assert (span.line, span.column, span.end_column) == expected


@pytest.mark.parametrize(
    "left, right, count",
    [("contcat", "contact", 1), ("mial", "mail", 1), ("a", "a", 0), ("abc", "abd", 1), ("abc", "abcd", 1), ("abc",
     "xyz", 3),
     ("abcdef", "a", 3)],
)  # fmt: skip
def test_slips(left: str, right: str, count: int) -> None:
    assert distance(left, right, 2) == min(count, 3)
    assert distance(right, left, 2) == min(count, 3)


def test_what_was_meant() -> None:
    assert nearest("Subjct", ["body", "subject", "subjects"]) == "subject"
    assert nearest("xx", ["body"]) == "" and nearest("sent", ["cent", "bent"]) == "bent"
    assert did_you_mean("mail", ["mail"]) == "" and did_you_mean("mial", ["mail"]) == "did you mean `mail`?"
    assert listing([]) == "" and listing(["a"]) == "`a`" and listing("ba") == "`a` or `b`"
    assert listing("abcdefghij", 3) == "`a`, `b`, `c` …"
    assert article("entity") == "an entity" and article("mail") == "a mail"
