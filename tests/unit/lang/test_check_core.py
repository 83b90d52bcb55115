"""Sugar becomes core, paths become steps, values become expressions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from mxsync.lang import ir
from mxsync.lang.ir import Constant, Op, Quantifier, Root, Type, Whom
from mxsync.lang.meaning import meaning
from mxsync.model.item import Address, Kind
from tests.checking import checked


def rule(text: str) -> ir.Rule:
    program = checked(text).program
    assert program is not None, checked(text).diagnostics
    return program.rules[0]


def condition(text: str, kind: str = "mail") -> ir.Condition:
    found = rule(f"when {kind} {text} then {'link' if kind == 'mail' else 'save'}\n").condition
    assert found is not None
    return found


def bare(value: ir.Condition) -> str:
    """The digest of a condition without its place."""
    return meaning(value)


def compare(text: str, kind: str = "mail") -> ir.Compare:
    found = condition(text, kind)
    assert isinstance(found, ir.Compare)
    return found


@pytest.mark.parametrize(
    "sugar, core",
    [
        ("category 'X'", "any categories = 'X'"),
        ("category in ('X', 'Y')", "categories in ('X', 'Y')"),
        ("category like 'P*'", "categories like 'P*'"),
        ("from 'a@b.example'", "sender = 'a@b.example'"),
        ("from in board", "sender in board"),
        ("is private", "sensitivity = 'private' or categories = 'private'"),
        ("is not personal", "not (sensitivity = 'personal' or categories = 'personal')"),
        ("is sent", "direction = 'sent'"),
        ("is received", "direction is 'received'"),
        ("is flagged", "flagged = yes"),
        ("not is flagged", "is not flagged"),
        ("correspondent is known contact", "correspondents is known contact"),
        ("from is not known contact", "no sender is known contact"),
        ("subject != 'x'", "no subject = 'x'"),
        ("subject is not 'x'", "no subject = 'x'"),
        ("subject not in ('x', 'y')", "no subject in ('x', 'y')"),
        ("subject exists", "subject is not empty"),
        ("received before now", "received < now"),
        ("received after 2026-01-31", "received > 2026-01-31"),
    ],
)
def test_sugar_is_core(sugar: str, core: str) -> None:
    assert bare(condition(sugar)) == bare(condition(core))


@pytest.mark.parametrize(
    "kind, sugar, core",
    [
        ("appointment", "is recurring", "recurrence exists"),
        ("appointment", "is meeting", "attendees exists"),
        ("appointment", "is all_day", "all_day = yes"),
        ("appointment", "is cancelled", "cancelled = yes"),
        ("appointment", "attendee 'a@b.example'", "attendees = 'a@b.example'"),
        ("task", "is completed", "completed exists or status = 'completed'"),
    ],
)
def test_sugar_of_other_kinds_is_core(kind: str, sugar: str, core: str) -> None:
    assert bare(condition(sugar, kind)) == bare(condition(core, kind))


def test_words_without_a_core_of_their_own() -> None:
    assert compare("to 'a@b.example'").path.steps == ("to",)
    assert compare("cc 'a@b.example'").path.steps == ("cc",)
    assert (compare("is read").path.steps, compare("is read").values) == (("read",), (Constant(True),))
    assert condition("is bulk") == ir.Is(ir.Fact.BULK, "is bulk", condition("is bulk").span)
    found = condition("is not freemail")
    assert isinstance(found, ir.Not) and isinstance(found.part, ir.Is) and found.part.fact is ir.Fact.FREEMAIL
    assert isinstance(condition("has phone"), ir.Is)


def test_domains_include_those_below() -> None:
    found = compare("from domain 'B.Example'")
    assert (found.op, found.path.steps, found.values) == (Op.IN_DOMAIN, ("sender", "domain"), (Constant("b.example"),))
    assert compare("from domain in competitors").values == (Constant("rival.example"), Constant("other.example"))
    several = compare("correspondent domain in ('a.example', 'b.example')")
    assert several.path.many and several.op is Op.IN_DOMAIN and len(several.values) == 2
    assert compare("sender.domain = 'b.example'").op is Op.EQ
    assert compare("from domain like '*.example'").pattern is not None


@pytest.mark.parametrize(
    "text, quantifier, negated",
    [
        ("recipients = 'a@b.example'", Quantifier.ANY, False),
        ("recipients != 'a@b.example'", Quantifier.NONE, False),
        ("any recipients != 'a@b.example'", Quantifier.ANY, True),
        ("all recipients != 'a@b.example'", Quantifier.ALL, True),
        ("no recipients != 'a@b.example'", Quantifier.NONE, True),
        ("any recipients.domain not in competitors", Quantifier.ANY, True),
        ("recipients.domain not in competitors", Quantifier.NONE, False),
        ("all recipients.domain in competitors", Quantifier.ALL, False),
    ],
)
def test_negatives_on_lists(text: str, quantifier: Quantifier, negated: bool) -> None:
    found = compare(text)
    assert (found.quantifier, found.negated) == (quantifier, negated)


def test_emptiness_is_asked_of_all_values_together() -> None:
    for text, negated in (
        ("recipients is empty", False),
        ("recipients exists", True),
        ("recipients is not empty", True),
        ("no recipients exists", False),
    ):
        found = compare(text)
        assert (found.op, found.quantifier, found.negated) == (Op.EMPTY, Quantifier.ANY, negated)


def test_changed_and_within() -> None:
    assert compare("no subject changed").quantifier is Quantifier.NONE or compare("no subject changed").negated
    last, coming = compare("received within last 3 days"), compare("received within next 2 weeks")
    assert last.op is Op.WITHIN_LAST and last.values == (ir.Offset(None, -3, "day"),)
    assert coming.op is Op.WITHIN_NEXT and coming.values == (ir.Offset(None, 2, "week"),)


def test_whom_known_asks_about() -> None:
    anyone = condition("is known contact where exclude_mail = no")
    assert isinstance(anyone, ir.Known) and anyone.whom is Whom.ANYONE and anyone.entity == "contact"
    assert isinstance(anyone.where, ir.Compare) and anyone.where.path.root is Root.RECORD
    own = condition("is known appointment", "appointment")
    assert isinstance(own, ir.Known) and own.whom is Whom.OWN_ROW
    itself = condition("is known contact", "contact")
    assert isinstance(itself, ir.Known) and itself.whom is Whom.ANYONE
    by_path = condition("no correspondents is known contact")
    assert isinstance(by_path, ir.Known) and by_path.whom is Whom.PATH and by_path.quantifier is Quantifier.NONE
    none = condition("is not known contact")
    assert isinstance(none, ir.Known) and none.quantifier is Quantifier.NONE


def test_quantified_negatives_of_known_speak_of_each_person() -> None:
    somebody = condition("any recipients is not known contact")
    assert isinstance(somebody, ir.And) and isinstance(somebody.parts[1], ir.Not)
    each = condition("all recipients is not known contact")
    assert isinstance(each, ir.And) and isinstance(each.parts[1], ir.Known)
    nobody = condition("no recipients is not known contact")
    assert isinstance(nobody, ir.Or)


def test_right_side_of_where_is_the_item_or_a_capture() -> None:
    found = condition("subject like '*[{ref}]*' and is known contact where (status = ref and job_title = subject)")
    assert isinstance(found, ir.And) and isinstance(found.parts[1], ir.Known)
    inner = found.parts[1].where
    assert isinstance(inner, ir.And)
    capture, item = inner.parts
    assert isinstance(capture, ir.Compare) and isinstance(item, ir.Compare)
    assert isinstance(capture.values[0], ir.Path) and capture.values[0].root is Root.CAPTURE
    assert isinstance(item.values[0], ir.Path) and item.values[0].root is Root.ITEM
    assert item.path.root is Root.RECORD


@pytest.mark.parametrize(
    "written, root, steps, entity, type_",
    [
        ("sender.domain", Root.ITEM, ("sender", "domain"), "", Type.TEXT),
        ("sender.score", Root.ITEM, ("sender", "score"), "", Type.NUMBER),
        ("header.List-Id", Root.HEADER, ("list-id",), "", Type.TEXT),
        ("custom.'Bau Jahr'", Root.CUSTOM, ("Bau Jahr",), "", Type.ANY),
        ("signature.job_title", Root.SIGNATURE, ("job_title",), "", Type.TEXT),
        ("user", Root.ITEM, ("user",), "", Type.PERSON),
        ("user.email", Root.USER, ("email",), "user", Type.ANY),
        ("user.name", Root.USER, ("name",), "", Type.TEXT),
        ("company.status", Root.ENTITY, ("status",), "company", Type.TEXT),
        ("contact.owner", Root.ENTITY, ("owner",), "contact", Type.REFERENCE),
        ("opportunity.contact.company.name", Root.ENTITY, ("contact", "company", "name"), "opportunity", Type.ANY),
        ("machine.custom.SerialNo", Root.ENTITY, ("custom.SerialNo",), "machine", Type.ANY),
        ("contact", Root.ENTITY, (), "contact", Type.REFERENCE),
    ],
)
def test_paths(written: str, root: Root, steps: tuple[str, ...], entity: str, type_: Type) -> None:
    path = compare(f"{written} exists").path
    assert (path.root, path.steps, path.entity, path.type, path.text) == (
        root,
        steps,
        entity,
        type_,
        written.replace("'", ""),
    )


def test_paths_of_rows() -> None:
    found = rule("when row of opportunity company.status = 'active' then notify 'a@b.example' with '{contact.email}'\n")
    assert isinstance(found.condition, ir.Compare)
    assert (found.condition.path.root, found.condition.path.steps) == (Root.RECORD, ("company", "status"))
    assert found.row_of == "opportunity" and found.kinds == frozenset()
    outside = rule("when row of company property.ref = 'x' then notify 'a@b.example' with 'x'\n").condition
    assert isinstance(outside, ir.Compare) and outside.path.root is Root.ENTITY


def test_the_row_beside_a_where_is_not_its_record() -> None:
    found = rule("when row of opportunity then link to contact where status = name\n").actions[0]
    assert isinstance(found, ir.Link)
    where = found.targets[0].where
    assert isinstance(where, ir.Compare) and isinstance(where.values[0], ir.Path)
    assert where.values[0].root is Root.ENTITY and where.values[0].entity == "opportunity"


def assigned(value: str, field: str = "name") -> ir.Expr:
    action = rule(f"when mail category like 'A{{ref}}' then create opportunity with {field} = {value}\n").actions[0]
    assert isinstance(action, ir.CreateRecord)
    return action.assigns[0].value


def test_values() -> None:
    assert assigned("'x'") == Constant("x")
    assert assigned("'{{x'") == Constant("{x")
    assert assigned("5", "value") == Constant(5)
    assert assigned("2026-01-31", "closes_on") == Constant(date(2026, 1, 31))
    assert assigned("2026-01-31 14:00", "closes_on") == Constant(datetime(2026, 1, 31, 14, tzinfo=UTC))
    assert assigned("now + 2 days", "closes_on") == ir.Offset(None, 2, "day")
    assert assigned("now", "closes_on") == ir.Offset(None)
    moved = assigned("received - 14 days", "closes_on")
    assert isinstance(moved, ir.Offset) and moved.base is not None and (moved.count, moved.unit) == (-14, "day")
    capture = assigned("ref")
    assert isinstance(capture, ir.Path) and capture.root is Root.CAPTURE
    template = assigned("'Case {ref} of {received:%Y}'")
    assert isinstance(template, ir.Template)
    assert [part if isinstance(part, str) else part.format for part in template.parts] == ["Case ", "", " of ", "%Y"]


def test_moments_stand_in_the_zone_of_the_organisation() -> None:
    program = checked("when mail received > 2026-07-01 14:00 then link\n", timezone="Africa/Johannesburg").program
    assert program is not None
    found = program.rules[0].condition
    assert isinstance(found, ir.Compare)
    assert found.values == (Constant(datetime(2026, 7, 1, 14, tzinfo=ZoneInfo("Africa/Johannesburg"))),)
    unknown = checked("when mail received > 2026-07-01 14:00 then link\n", timezone="Nowhere/Land").program
    assert unknown is not None


def test_the_user_as_a_value() -> None:
    assert compare("contact.owner is user").values == (ir.TheUser(),)
    assert compare("sender = user").values == (ir.TheUser(),)


def test_lengths_of_time_for_a_duration_are_minutes() -> None:
    assert compare("duration > 2 hours", "appointment").values == (Constant(120),)


def test_creations() -> None:
    first, second, third = rule(
        "when mail then create contact from signature for sender, create company, create task with subject = 'x'\n"
    ).actions
    assert isinstance(first, ir.CreateContacts)
    assert (first.entity, first.people, first.source) == ("contact", ir.People.SENDER, ir.Source.SIGNATURE)
    assert isinstance(second, ir.CreateCompanies) and second.source is ir.Source.DEFAULT
    assert isinstance(third, ir.CreateRecord) and third.entity == "task"
    in_row = rule("when row of company then create contact with first_name = 'x'\n").actions[0]
    assert isinstance(in_row, ir.CreateRecord)


def test_where_values_are_set() -> None:
    own, other = rule("when mail then set status = 'x', set contact.status = 'y'\n").actions
    assert isinstance(own, ir.Set) and isinstance(other, ir.Set)
    assert (own.assigns[0].entity, other.assigns[0].entity) == ("", "contact")
    saved, kind = rule("when appointment then save as journal, set type = 'Visit'\n").actions
    assert isinstance(saved, ir.Save) and saved.other and saved.entity == "journal"
    assert isinstance(kind, ir.Set) and kind.assigns[0].entity == ""
    plain = rule("when mail then save\n").actions[0]
    assert isinstance(plain, ir.Save) and (plain.entity, plain.other) == ("email", False)
    any_kind = rule("when item then save\n").actions[0]
    assert isinstance(any_kind, ir.Save) and any_kind.entity == ""


def test_headers_of_rules() -> None:
    text = """
rule 'A' priority 7
  because 'why'
  for users 'Anna+x@Ours.example'
  in public folders 'Office/*'
  when post created
  then skip
rule 'B' priority 9
  for users board
  when item deleted
  then skip
when mail then link
"""
    program = checked(text).program
    assert program is not None
    second, first, bare_rule = program.rules
    assert [each.name for each in program.rules] == ["B", "A", "main.rules:13"]
    assert first.users == frozenset({"anna@ours.example"}) and first.folders == ("Office/*",) and first.public
    assert (first.because, first.event, first.priority, first.kinds) == ("why", "created", 7, frozenset({Kind.POST}))
    assert second.users == frozenset({"anna@ours.example", "bob@ours.example"}) and second.kinds == frozenset(Kind)
    assert bare_rule.users is None and bare_rule.folders is None and bare_rule.line == 13


def test_syncs() -> None:
    text = """
sync contacts
  between folder 'Contacts' of each user and table contact as crm
  into crm when category 'X' with owner = user
  into folder when contact.owner is user and status = 'x' with job_title = 'y'
  conflict crm wins
  deleted in folder then unlink
  out of filter then remove
"""
    program = checked(text).program
    assert program is not None
    (sync,) = program.syncs
    assert (sync.kind, sync.entity, sync.conflict, sync.out_of_filter) == (Kind.CONTACT, "contact", "right", "remove")
    assert (sync.deleted_left, sync.deleted_right) == ("unlink", "keep")
    assert sync.into_left is not None and sync.into_right is not None
    assert isinstance(sync.into_left.when, ir.And)
    roots = {part.path.root for part in sync.into_left.when.parts if isinstance(part, ir.Compare)}
    assert roots == {Root.RECORD}
    assert (sync.into_left.assigns[0].entity, sync.into_right.assigns[0].entity) == ("", "contact")
    assert (sync.left.form, sync.right.alias) == (ir.SideForm.EACH_USER, "crm")


def test_tests() -> None:
    text = """
test 'x'
  as user 'anna@ours.example'
  at 2026-01-31
  given row of contact with email = 'x@y.example', owner = 'anna@ours.example'
  given mail from 'Jane Roe <jane@acme.example>' to 'a@b.example' with category 'A', is private, header.List-Id = '<x>'
  expect create contact with email = 'x' linked to company
  expect add note in folder 'Notes' of each user
"""
    program = checked(text, timezone="Europe/Berlin").program
    assert program is not None
    (test,) = program.tests
    assert test.at == datetime(2026, 1, 31, tzinfo=ZoneInfo("Europe/Berlin"))
    (row,), (item,) = (given.things for given in test.givens)
    assert isinstance(row, ir.GivenRow) and row.fields["owner"] == Constant("anna@ours.example")
    assert isinstance(item, ir.GivenItem)
    assert item.fields["sender"] == Constant(Address("Jane Roe", "jane@acme.example"))
    assert item.fields["header.list-id"] == Constant("<x>") and item.fields["sensitivity"] == Constant("private")
    assert item.lists == {"to": (Constant(Address("", "a@b.example")),), "categories": (Constant("A"),)}
    created, added = test.expectations
    assert isinstance(created, ir.ExpectEffects) and created.linked_to == "company"
    assert isinstance(added, ir.ExpectInSide) and added.entity == "note"
