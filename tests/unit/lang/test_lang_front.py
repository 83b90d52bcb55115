"""The front end: slips get their own words, nothing raises, layout keeps meaning and comments."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark

from mxsync import resources
from mxsync.lang.format import format_text
from mxsync.lang.parse import Parser
from mxsync.lang.render_diagnostic import render_diagnostic

GRAMMAR = resources.text("grammar/mxsync.lark")
PARSER = Parser(GRAMMAR)
SHIPPED = sorted((Path(__file__).parents[3] / "rules").rglob("*.rules"))

# What is written, the code, what is underlined, and what the help says.
SLIPS = [
    ("whenmail x", "MX001", "whenmail", "write `when mail`"),
    ("rul 'x'", "MX001", "rul", "`rule`"),
    ("When mail then skip", "MX022", "When", "write `when`"),
    ("when mail subject = 'abc then skip", "MX002", "'", "where the text ends"),
    ('when mail then notify \'a@b.c\' with """x\nwhen mail then skip', "MX002", '"""', "where the text ends"),
    ("when mail in folder 'Inbox' then skip", "MX025", "in folder", "write `rule 'NAME' in folders"),
    ("when mail is bulk and in folders 'Inbox' then skip", "MX025", "in folders", "write `rule 'NAME' in folders"),
    ("when mail in public folders 'Team' then skip", "MX025", "in public folders", "in public folders … when"),
    ("rule 'x'\n  when mail category 'A' for users 'a@b.example' then skip", "MX025", "for users", "for users … when"),
    ("when mail a and b = 'x' then skip", "MX003", "and", "here may stand"),
    ("when mail subject = ‘x’ then skip", "MX004", "‘", "straight quotes"),
    ("when mail subject == 'x' then skip", "MX005", "==", "write `=`"),
    ("when mail subject = 'x' && is private then skip", "MX005", "&&", "write `and`"),
    ("when mail is private and is sent or is read then skip", "MX006", "or", "parentheses"),
    ("when mail from 'a' or 'b' then skip", "MX007", "'b'", "write `from in ('a', 'b')`"),
    ("when mail from domain 'a' or 'b' then skip", "MX007", "'b'", "write `from domain in ('a', 'b')`"),
    ("when mail category 'A', 'B' then skip", "MX007", "'B'", "write `category in ('A', 'B')`"),
    ("when mail category = 'A' then skip", "MX008", "=", "write `category 'A'`"),
    ("when mail then create contact and link", "MX009", "and", "put a comma"),
    ("when mail then skip link", "MX009", "link", "put a comma"),
    ("when mail then create contact, company", "MX010", "company", "write `create company`"),
    ("when mail then link, a = 'b'", "MX010", "a = 'b'", "write `set a = …`"),
    ("when mail then set x to 'y'", "MX011", "to", "write `set x = …`"),
    ("when mail has attachments then skip", "MX013", "attachments", "write `has attachment`"),
    (
        "when mail then update contact with x = 'y'",
        "MX003",
        "with",
        "to give a field a value write `set contact.F = V`, else `update contact from signature`",
    ),
    (
        "when mail then update contact.x = 'y'",
        "MX003",
        ".",
        "to give a field a value write `set contact.F = V`, else `update contact from signature`",
    ),
    ("when mail then link contact", "MX014", "contact", "write `link to contact`"),
    ("when mail or appointment then skip", "MX015", "or", "`when item`"),
    ("when mail received from domain 'x' then skip", "MX016", "received", "write `is received and …`"),
    ("rule 'x'\nwhen mail then skip", "MX017", "rule 'x'", "indent"),
    ("entity a in table B\n  key X\n  name =\n  domain = Domain", "MX018", "=", "an arrow and a column"),
    ("when mail subject = 'a' skip", "MX019", "skip", "add `then`"),
    ("when mail received before 2026-13-45 then skip", "MX020", "2026-13-45", "year first"),
    ("rule 'x' priority 1 priority 2\n  when mail then skip", "MX021", "priority 2", "keep one"),
    ("list when = 'a'", "MX023", "when", "another name"),
    ("list x =", "MX024", "=", "what may follow"),
]


@pytest.mark.parametrize(
    ("text", "code", "underlined", "help"), SLIPS, ids=[f"{s[1]}-{n}" for n, s in enumerate(SLIPS)]
)
def test_a_slip_gets_its_own_words(text: str, code: str, underlined: str, help: str) -> None:
    found = PARSER.parse_file("f.rules", text).diagnostics[0]
    lines = text.split("\n")
    span = found.span
    assert found.code == code, (found.code, found.message, found.help)
    assert lines[span.line - 1][span.column - 1 :].startswith(underlined)
    assert help in found.help
    assert found.message[0].islower() or found.message[0] == "`"
    assert f"f.rules:{span.line}:{span.column}" in render_diagnostic(found, text)


def test_the_form_of_a_finding() -> None:
    text = "# first\nwhen mail then link contact\n"
    (found,) = PARSER.parse_file("rules/sales.rules", text).diagnostics
    assert render_diagnostic(found, text).split("\n") == [
        "error MX014: `link contact` lacks its `to`",
        " --> rules/sales.rules:2:21",
        "  |",
        "2 | when mail then link contact",
        "  |                     ^^^^^^^",
        "  = help: write `link to contact`",
    ]


def test_fifty_faults_give_fifty_errors_none_caused_by_another() -> None:
    faults = [text for text, *_ in SLIPS if "\n" not in text][:25]
    text = "".join(f"{fault}\nwhen mail then skip\n" for fault in faults * 2)
    parsed = PARSER.parse_file("f", text)
    assert len(parsed.diagnostics) == 50
    assert [d.span.line for d in parsed.diagnostics] == list(range(1, 100, 2))


def test_the_grammar_builds_strictly() -> None:
    Lark(GRAMMAR, parser="lalr", lexer="contextual", strict=True)


def test_an_unmoved_and_a_moved_statement_have_the_right_places() -> None:
    parser = Parser(GRAMMAR)
    first = parser.parse_file("f", "when mail then skip\nwhen mail then stop\n")
    again = parser.parse_file("f", "\n\nwhen mail then skip\nwhen mail then stop\n")
    for one, two in zip(first.statements, again.statements, strict=True):
        assert one.tree is not None and two.tree is not None
        assert two.tree.span.line == one.tree.span.line + 2


def meaning(value: Any) -> Any:
    """A tree without its places, `is` as `=`, and `not is X` as `is not X`."""
    if is_dataclass(value):
        if type(value).__name__ == "Not" and hasattr(value.part, "negated"):  # type: ignore[attr-defined]
            part = meaning(value.part)  # type: ignore[attr-defined]
            return tuple(not each if isinstance(each, bool) else each for each in part)
        return (type(value).__name__, *(meaning(getattr(value, f.name)) for f in fields(value) if f.name != "span"))
    if isinstance(value, tuple):
        return tuple(map(meaning, value))
    return {"is": "=", "is not": "!="}.get(value, value) if isinstance(value, str) else value


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_layout_keeps_meaning_and_comments(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    messy = text.replace("  ", "   ").replace(" = ", "  =   ") if '"""' not in text else text
    for each in (text, messy):
        once = format_text(each)
        assert format_text(once) == once
        before, after = PARSER.parse_file("a", each), PARSER.parse_file("b", once)
        assert not after.diagnostics
        if each is text:
            assert [meaning(s.tree) for s in before.statements] == [meaning(s.tree) for s in after.statements]
        assert [w for w in once.split() if w.startswith("#")] == [w for w in each.split() if w.startswith("#")]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*"when mail then skip'#=()\n\t ,.{}é\0/", '"""', "rule 'x'", "\n  "])).map("".join))
def test_no_text_makes_the_front_end_raise(text: str) -> None:
    PARSER.parse_file("f", text)
    format_text(text)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_a_prefix_ends_in_a_finding_or_a_valid_file(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for end in range(0, len(text), max(1, len(text) // 40)):
        for finding in PARSER.parse_file("f", text[:end]).diagnostics:
            assert finding.message
