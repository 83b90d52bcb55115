"""Faults in the corners of statements: each is said once, at the right place."""

from __future__ import annotations

import pytest

from mxsync.lang import ast, ir
from mxsync.lang.source import NOWHERE, Span
from mxsync.lang.written import Written
from tests.checking import checked, findings


@pytest.mark.parametrize(
    "text, expected",
    [
        ("when mail\n  then create opportunity\n    from signature\n",
         "MX078 [signature] `opportunity` is not made from the signature"),
        ("when mail\n  then create company\n    for sender\n", "MX078 [sender] `company` is not made for sender"),
        ("when mail then save as journal, tpye = 'x'\n", "MX043 [tpye] `journal` has no field `tpye`"),
        ("when mail then set contcat.status = 'x'\n", "MX040 [contcat] there is no entity called `contcat`"),
        ("when item then set nonsense = 'x'\n", "MX042 [nonsense] the row of an item has no `nonsense`"),
        ("when note then set status = 'x'\n", "MX079 [status] there is no table to save a note in"),
        ("when mail then hold for review 'look at {nothing}'\n", "MX046 [{nothing}] `{nothing}` is captured nowhere"),
        ("when mail then notify 'a@b.example' with '{nothing}'\n", "MX046 [{nothing}] `{nothing}` is captured nowhere"),
        ("when mail then categorize '{nothing}'\n", "MX046 [{nothing}] `{nothing}` is captured nowhere"),
        ("when mail then move to folder '{nothing}'\n", "MX046 [{nothing}] `{nothing}` is captured nowhere"),
        ("when mail then save attachments to folder '{nothing}'\n",
         "MX046 [{nothing}] `{nothing}` is captured nowhere"),
        ("when mail then save attachments to documents like '{a}{a}'\n", "MX070 [{a}] `a` is captured twice"),
        ("when note then save attachments to documents\n", "MX079 [save attachments to documents] there is no table"),
        ("when mail attachments in ('a', 'b') then link\n",
         "MX066 [attachments] `in` cannot be asked of `attachments`"),
        ("when mail attachments contains 'a' then link\n", "MX066 [attachments] `contains` cannot be asked"),
        ("when mail subject contains nothing then link\n", "MX041 [nothing] there is no list called `nothing`"),
        ("when mail subject contains ('{nothing}', 'b') then link\n", "MX046 [{nothing}] `{nothing}` is captured"),
        ("when mail subject contains '{nothing}' then link\n", "MX046 [{nothing}] `{nothing}` is captured nowhere"),
        ("when mail subject < subject then link\n", "MX066 [subject] `<` cannot be asked of `subject`"),
        ("when mail size < subject then link\n", "MX065 [subject] `size` is a number, this is a text"),
        ("when mail subject contains size then link\n", "MX065 [size] `subject` is a text, this is a number"),
        ("when mail category '{nothing}' then link\n", "MX046 [{nothing}] `{nothing}` is captured nowhere"),
        ("when mail category in ('a', '{nothing}') then link\n", "MX046 [{nothing}] `{nothing}` is captured nowhere"),
        ("when mail category in nothing then link\n", "MX041 [nothing] there is no list called `nothing`"),
        ("when mail from '{nothing}' then link\n", "MX046 [{nothing}] `{nothing}` is captured nowhere"),
        ("when mail from '' then link\n", "MX071 [''] `` is not an e-mail address"),
        ("when mail from domain like '{a}{a}' then link\n", "MX070 [{a}] `a` is captured twice"),
        ("when mail has attachment like '{a}{a}' then link\n", "MX070 [{a}] `a` is captured twice"),
        ("when mail mentions nothing then link\n", "MX040 [nothing] there is no entity called `nothing`"),
        ("when mail nobody is known contact then link\n", "MX042 [nobody] a mail has no `nobody`"),
        ("when mail is known contact where stats = 'x' then link\n", "MX043 [stats] `contact` has no field `stats`"),
        ("when mail is known contact where company.name.x = 'x' then link\n",
         "MX045 [x] nothing can follow `company.name.` | leave `.x` out"),
        ("when mail contact.status.more = 'x' then link\n", "MX045 [more] nothing can follow `contact.status.`"),
        ("when mail custom.a.b = 'x' then link\n", "MX045 [b] nothing can follow `custom.a.`"),
        ("when mail subject like '{a}' and a.b = 'x' then link\n", "MX045 [b] nothing can follow `a.`"),
        ("when mail user.email.more = 'x' then link\n", "MX045 [more] nothing can follow `user.email.`"),
        ("when mail then create opportunity with closes_on = nothing + 2 days\n",
         "MX042 [nothing] a mail has no `nothing`"),
        ("when mail then create opportunity with contact = contact.status\n", "MX065 [contact.status]"),
        ("when mail then create opportunity with company = company.status\n",
         "MX065 [company.status] `company` is a record of `company`, this is a text | compare a field of it"),
        ("when mail then create opportunity with name = '{contact.stats}'\n",
         "MX043 [{contact.stats}] `contact` has no field"),
        ("when mail then link to contact where stats = 'x'\n", "MX043 [stats] `contact` has no field `stats`"),
        ("sync s\n  between folder 'Contacts' of each user and table contact as crm\n  into table\n  into crm\n",
         "MX084 [into crm] this sync has `into crm` already"),
        ("sync s for users nobody\n  between folder 'Contacts' of each user and table contact\n  into table\n",
         "MX041 [nobody] there is no list called `nobody`"),
        ("sync s\n  between folder 'Contacts' of each user and table contact\n  deleted in nowhere then keep\n",
         "MX085 [nowhere] no side of this sync is called `nowhere`"),
        ("sync s\n  between folder 'Contacts' of each user and table contact\n"
         "  into folder with first_name = nothing\n",
         "MX042 [nothing] a row of `contact` has no `nothing`"),
        ("test 't'\n  given mail\n  expect add contact in table nowhere\n",
         "MX040 [nowhere] there is no entity called `nowhere`"),
        ("test 't'\n  given mail\n  expect add nobody in folder 'X' of each user\n",
         "MX040 [nobody] there is no entity called"),
    ],
)  # fmt: skip
def test_one_fault(text: str, expected: str) -> None:
    found = findings(text)
    assert len(found) == 1 and found[0].startswith(expected), found


def test_a_fault_of_an_entity_is_not_said_again_where_it_is_used() -> None:
    text = """
entity visit in table Visits
  key VisitID
  colour = Colour as paint
sync visits
  between folder 'Visits' of each user and table visit
  into table
when mail mentions visit then link
when mail is known visit then link
when row of visit size > 5 then notify 'a@b.example' with '{colour} {anything}'
when mail then create visit with colour = 'x', shade = 'y'
test 't'
  given row of visit with shade = 'x'
  expect create visit with tint = 'y'
"""
    assert [line.split()[0] for line in findings(text)] == ["MX055"]


def test_bounds_are_narrowed() -> None:
    assert findings("when mail size < 9 and size < 5 and size > 2 and size > 1 then link\n") == []
    assert [line[:5] for line in findings("when mail size < 9 and size < 5 and size > 7 then link\n")] == ["MX101"]
    assert findings("when mail received > 2026-01-31 and received < 2026-01-30 then link\n") == []


def test_parts_of_parts_contradict_and_cover() -> None:
    never = "when mail is read and (is sent and is received) then link\n"
    assert [line[:5] for line in findings(never)] == ["MX101"]
    nested = "when mail is read and not (is sent or is not sent) then link\n"
    assert [line[:5] for line in findings(nested)] == ["MX101"]
    always = "when mail is read or (is sent or is not sent) then link\n"
    assert [line[:5] for line in findings(always)] == ["MX102"]


@pytest.mark.parametrize(
    "condition",
    [
        "mentions company by name", "is reply to known email", "has attachment larger than 1 MB", "from in board",
        "subject = '{sender.name}'", "received after now - 2 days", "sender = user", "is bulk", "received after sent",
    ],
)  # fmt: skip
def test_the_same_condition_hides(condition: str) -> None:
    text = (
        f"rule 'A' priority 5\n  when mail {condition}\n  then skip\nrule 'B'\n  when mail {condition}\n  then flag\n"
    )
    assert [line[:5] for line in findings(text)] == ["MX103"]


def test_long_lists_are_the_same_when_they_are_one() -> None:
    many = "list many = " + ", ".join(f"'s{n}'" for n in range(100)) + "\n"
    when = "when mail subject in many"
    rules = f"rule 'A' priority 5\n  {when}\n  then skip\nrule 'B'\n  {when}\n  then flag\n"
    assert [line[:5] for line in findings(many + rules)] == ["MX103"]


def test_a_condition_of_too_many_alternatives_is_taken_as_it_stands() -> None:
    some = " or ".join(f"category 'a{n}'" for n in range(10))
    more = " or ".join(f"subject = 'b{n}'" for n in range(10))
    text = f"rule 'A' priority 5\n  when mail ({some}) and ({more})\n  then skip\n"
    text += f"rule 'B'\n  when mail ({some}) and ({more})\n  then flag\n"
    assert [line[:5] for line in findings(text)] == ["MX103"]


def test_deleted_rules_hide_each_other_only() -> None:
    both = "rule 'A' priority 5\n  when mail deleted\n  then skip\nrule 'B'\n  when mail deleted\n  then delete\n"
    assert [line[:5] for line in findings(both)] == ["MX103"]


def test_rows_and_deletions_exclude_each_other() -> None:
    text = "when mail deleted then set status = 'x'\nwhen mail then set status = 'y'\n"
    assert findings(text) == []
    text = "when row of company then set contact.status = 'x'\nwhen mail then set contact.status = 'y'\n"
    assert findings(text) == []


def test_several_circles_are_each_said_once() -> None:
    text = (
        "when row of company created then create company with name = 'a', create company with name = 'b'\n"
        "when row of company created then create company with name = 'c'\n"
    )
    found = [line for line in findings(text) if line.startswith("MX082")]
    assert len(found) == 2


def test_what_a_condition_mentions() -> None:
    mention = "mentions property by ref"
    text = f"when mail (not {mention} or {mention}) and is sent then link to mentioned property\n"
    assert [line[:5] for line in findings(text) if line.startswith("MX112")] == []


def test_codes_of_every_kind() -> None:
    text = """
entity thing in table Things
  key ThingID
  size = Size as (small = 1 MB, large = 2 MB)
  since = Since as (old = 2000-01-01, new = 2020-01-01 10:00)
  length = Length as (short = 1 day, long = 2 days)
"""
    program = checked(text).program
    assert program is not None
    converter = program.entities["thing"].fields["size"].converter
    assert converter is not None and converter.codes == (("small", 1048576), ("large", 2097152))
    assert findings(text.replace("2020-01-01 10:00", "2000-01-01"))[0].startswith("MX057 [2000-01-01]")


def test_errors_of_a_check() -> None:
    found = checked("when mail subjct = 'x' then link\nlist spare = 'x'\n")
    assert [each.code for each in found.errors] == ["MX042"]


def test_what_stands_outside_a_statement_has_no_text() -> None:
    written = Written(ast.ParsedStatement(None, "when mail\n  then link", "", 5, NOWHERE))
    assert written.raw(Span("f", 1, 1, 1, 3)) == "" and written.raw(Span("f", 5, 6, 6, 7)) == "mail\n  then"
    assert written.text(Span("f", 5, 6, 6, 7)) == "mail then"


def test_traces_have_conditions_on_one_line() -> None:
    program = checked("when mail subject = 'a # b'   # first\n  and # second\n  body = 'c'\n  then link\n").program
    assert program is not None
    assert isinstance(program.rules[0].condition, ir.And)
    assert program.rules[0].condition.text == "subject = 'a # b' and body = 'c'"
