"""The plan: what the index offers, what is asked of whom, what is taken over from one plan to the next."""

from __future__ import annotations

import pytest

from mxsync.decide.decide import decide
from mxsync.lang import ir
from mxsync.lang.compile import RulePlan, compile_plan
from mxsync.lang.compile_folders import folder_key, folder_matcher, literal_folders
from mxsync.lang.compile_index import ABOVE, BELOW, DOMAIN, EQUAL, LARGE, ONE_OF, TEXT
from mxsync.lang.compile_needs import mentions_of, needs_of
from mxsync.lang.compile_parts import Parts, email_field, linkable, parts_of
from mxsync.model.item import Address, Kind
from mxsync.model.record import Entity
from tests.programs import (
    ANNA,
    CATEGORIES,
    NONE,
    NOW,
    ORGANISATION,
    category,
    compare,
    crm_entities,
    fields,
    item,
    known,
    like,
    mail,
    matches,
    path,
    program,
    rule,
    template,
)
from tests.worlds import Crm

SIZE = path("size", ir.Type.NUMBER)


def options(condition: ir.Condition | None) -> list[list[tuple[int, object]]]:
    """What a condition offers to the index."""
    plan = compile_plan(program([rule("r", condition, ir.Flag())]))
    return [[(kind, key) for kind, _, key in option] for option in plan.rules[0].body.options]


def test_what_each_condition_offers() -> None:
    assert options(category("Red")) == [[(EQUAL, "red")]]
    assert options(compare(CATEGORIES, ir.Op.IN, "B", "a")) == [[(EQUAL, "a"), (EQUAL, "b")]]
    assert options(compare("sender.domain", ir.Op.IN_DOMAIN, "B.example")) == [[(DOMAIN, "b.example")]]
    assert options(compare("subject", ir.Op.CONTAINS, "A", "B")) == [[(TEXT, "a"), (TEXT, "b")]]
    assert options(like("subject", "Re: *[ref {x}]")) == [[(TEXT, "[ref")]]
    assert options(matches("subject", r"offer \d+")) == [[(TEXT, "offer")]]
    assert options(compare(SIZE, ir.Op.LT, 5)) == [[(BELOW, 5.0)]]
    assert options(compare(SIZE, ir.Op.GE, 5)) == [[(ABOVE, 5.0)]]
    many = [f"v{n}" for n in range(LARGE + 1)]
    assert options(compare("subject", ir.Op.IN, *many)) == [[(ONE_OF, frozenset(many))]]
    both = ir.And((category("Red"), compare("subject", ir.Op.STARTS, "x")))
    assert options(ir.And((both, compare(SIZE, ir.Op.GT, 1)))) == [[(EQUAL, "red")], [(TEXT, "x")], [(ABOVE, 1.0)]]
    assert options(ir.Or((category("Red"), both))) == [[(EQUAL, "red"), (EQUAL, "red")]]
    either = ir.Or((ir.And((compare(SIZE, ir.Op.GT, 1), compare("subject", ir.Op.CONTAINS, "yes"))), category("Red")))
    assert options(either) == [[(TEXT, "yes"), (EQUAL, "red")]]


@pytest.mark.parametrize(
    "condition",
    [
        None,
        known(),
        ir.Not(category("Red")),
        compare(CATEGORIES, ir.Op.EQ, "Red", quantifier=NONE),
        compare(CATEGORIES, ir.Op.IN, "Red", negated=True),
        compare(path("flagged", ir.Type.BOOLEAN), ir.Op.EQ, False),
        compare("subject", ir.Op.EMPTY),
        compare("subject", ir.Op.EQ, path("custom.x")),
        compare("subject", ir.Op.CONTAINS, path("custom.x")),
        compare("sender.domain", ir.Op.IN_DOMAIN, path("custom.x")),
        compare(SIZE, ir.Op.GT, path("custom.x")),
        compare("subject", ir.Op.GT, "text"),
        compare(path("contact:status"), ir.Op.EQ, "x"),
        like("subject", "*"),
        ir.Or((category("Red"), known())),
        ir.Compare(ir.Quantifier.ANY, path("subject"), ir.Op.LIKE),
        compare("received", ir.Op.WITHIN_LAST, ir.Offset(None, 1, "day")),
    ],
)
def test_what_cannot_be_indexed_is_tried_on_every_item(condition: ir.Condition | None) -> None:
    assert options(condition) == []


def candidates(plan: RulePlan, context: object) -> list[str]:
    """The rules that a decision looked at."""
    decision = decide(plan, ORGANISATION, context, Crm(), NOW)  # type: ignore[arg-type]
    return [step.rule.rule for step in decision.trace.steps]


def test_a_rule_stands_under_what_the_fewest_share() -> None:
    received = compare("direction", ir.Op.EQ, "received")
    rules = [
        rule(f"r{n}", ir.And((received, compare("subject", ir.Op.CONTAINS, f"offer {n}!"))), ir.Flag())
        for n in range(50)
    ]
    rules.append(rule("users", received, ir.Flag(), users=[ANNA]))
    rules.append(rule("folders", received, ir.Flag(), folders=["Inbox/Offers"]))
    plan = compile_plan(program(rules))
    assert candidates(plan, mail(subject="offer 7! offer 9!")) == ["r7", "r9", "users"]
    assert candidates(plan, mail(subject="offer 77!", folder="Inbox/Offers/Old")) == ["users", "folders"]


def test_thresholds_by_bisection() -> None:
    rules = [rule(f"over {n}", compare(SIZE, ir.Op.GT, n), ir.Flag()) for n in range(0, 100, 10)]
    rules += [rule(f"under {n}", compare(SIZE, ir.Op.LT, n), ir.Flag()) for n in (5, 50)]
    plan = compile_plan(program(rules))
    assert candidates(plan, mail(more={"size": 15})) == ["over 0", "over 10", "under 50"]
    assert candidates(plan, mail()) == []
    assert candidates(plan, mail(more={"size": "text"})) == []


def test_few_literals_and_many() -> None:
    for count in (2, 20):
        rules = [rule(f"r{n}", compare("subject", ir.Op.CONTAINS, f"word{n}."), ir.Flag()) for n in range(count)]
        plan = compile_plan(program(rules))
        assert candidates(plan, mail(subject="x WORD1. word0.")) == ["r0", "r1"]
        assert candidates(plan, mail(subject="")) == []


def test_users_folders_and_kinds_are_asked_before_conditions() -> None:
    rules = [
        rule("anna", None, ir.Flag(), users=[ANNA]),
        rule("bob", None, ir.Flag(), users=["bob@ours.example"]),
        rule("wild", None, ir.Flag(), folders=["*/2026"]),
        rule("task", None, ir.Flag(), kind=Kind.TASK),
        rule("row", None, ir.Flag(), row_of="contact"),
        rule("gone", None, ir.Flag(), event="deleted"),
        rule("team", None, ir.Flag(), folders=["Team"], public=True),
    ]
    plan = compile_plan(program(rules))
    assert candidates(plan, mail()) == ["anna"]
    assert candidates(plan, mail(folder="Archive/2026")) == ["wild"]
    assert candidates(plan, mail(event="deleted")) == ["gone"]
    assert candidates(plan, mail(mailbox="public", folder="Team/Sub")) == ["team"]
    assert candidates(plan, item(Kind.TASK, {})) == ["task"]
    assert candidates(plan, mail(folder="Elsewhere")) == []


def test_what_did_not_change_is_taken_over() -> None:
    kept, gone = rule("kept", category("A"), ir.Flag()), rule("gone", category("B"), ir.Flag(), folders=["X"])
    old = compile_plan(program([kept, gone]))
    new = compile_plan(program([rule("new", category("C"), ir.Flag(), folders=["X"]), kept], digest="other"), old)
    assert new.rules[1].body is old.rules[0].body
    assert new.rules[1].number == 1
    assert (old.digest, new.digest) == ("digest", "other")
    changed = ir.Rule(**{**{f: getattr(kept, f) for f in kept.__dataclass_fields__}, "actions": (ir.MarkRead(),)})
    again = compile_plan(program([changed]), old)
    assert again.rules[0].body is not old.rules[0].body


def test_where_a_folder_pattern_leads() -> None:
    inbox = folder_matcher(["Inbox", "Projects/*", "*/Year ?"])
    for folder in ("Inbox", "INBOX/Sub/Deep", "Projects/A", "projects/a/b", "X/Y/Year 1", "x/year 2/may"):
        assert inbox(folder) and inbox(folder)
    for folder in ("Inboxes", "Projects", "Archive", "Year 1", "x/Year 12", ""):
        assert not inbox(folder)
    assert folder_key(" Inbox\\ A ") == "inbox/a"
    assert literal_folders(["A", "b/C"]) == ("a", "b/c")
    assert literal_folders(["A", "b*"]) is None
    assert folder_matcher(["*" * 50 + "a"])("b" * 1000) is False


def test_the_entity_of_an_item() -> None:
    plan = compile_plan(program([]))

    def name(kind: Kind, item_class: str) -> str:
        found = plan.own_entity(kind, item_class)
        return found.name if found else ""

    assert name(Kind.CONTACT, "IPM.Contact.MACHINE") == "machine"
    assert name(Kind.CONTACT, "IPM.Contact") == "contact"
    assert name(Kind.MAIL, "") == name(Kind.MAIL, "") == "email"
    assert name(Kind.NOTE, "") == ""


def test_what_rules_look_up() -> None:
    needs = needs_of(ir.And((ir.IsReply("email"), ir.Not(known()))), (ir.Skip(),))
    assert (needs.people, needs.conversation, needs.own, needs.user, needs.companies) == (
        True,
        True,
        False,
        False,
        False,
    )
    linked = needs_of(None, (ir.Link((ir.Target("opportunity", of_conversation=True),)),))
    assert linked.people and linked.companies and linked.own and linked.user and linked.conversation
    assert needs_of(None, (ir.CreateRecord("task", ()),)).user
    assert needs_of(None, (ir.CreateContacts("contact", ir.People.SENDER, ir.Source.DEFAULT, ()),)).companies
    assert needs_of(ir.Known(ir.Quantifier.ANY, ir.Whom.OWN_ROW, None, "email"), ()).own
    names = ir.Mentions("company", "name")
    assert needs_of(ir.Or((names, category("X"))), ()).mentions == {("company", "name")}
    assert needs_of(compare(path("contact:status"), ir.Op.EQ, "x"), ()).people
    assert mentions_of(ir.And((names, ir.Not(names), category("x")))) == (names,)
    assert mentions_of(None) == ()


def test_who_plays_which_part() -> None:
    parts = parts_of(program([]))
    assert (parts.contact_email, parts.contact_company, parts.company_domain, parts.user_email) == (
        "email", "company", "domain", "email",
    )  # fmt: skip
    assert parts.excluded == "exclude_mail"
    nobody = ir.Program({}, {}, {}, {}, (), (), (), {}, "")
    assert parts_of(nobody) == Parts()
    assert email_field(Entity("e", "T", ("k",), fields("work_email", "name"))) == "work_email"
    assert email_field(Entity("e", "T", ("k",), fields("name"))) == email_field(None) == ""
    entities = crm_entities()
    assert linkable(entities["user"], entities["email"]) and linkable(entities["contact"], entities["company"])
    assert linkable(entities["company"], entities["contact"])
    assert not linkable(entities["machine"], entities["email"]) and not linkable(None, entities["email"])


def test_values_of_a_hole() -> None:
    from mxsync.model.effect import Categorize

    def text(*parts: object, context: object = None) -> str:
        plan = compile_plan(program([rule("r", None, ir.Categorize(ir.Template(parts)))]))  # type: ignore[arg-type]
        crm = Crm()
        crm.contact("jane@acme.example", crm.company("acme.example", "Acme"), first_name="Jane")
        decision = decide(plan, ORGANISATION, context or mail(), crm, NOW)  # type: ignore[arg-type]
        return next((effect.category for effect in decision.effects if isinstance(effect, Categorize)), "")

    def hole(name: str, format_: str = "", many: bool = False) -> ir.Hole:
        return ir.Hole(path(name, many=many), format_)

    assert text("For ", hole("contact:first_name"), "!") == "For Jane!"
    assert text(hole("received", "%Y/%m")) == "2026/01"
    assert text(hole("received")) == "2026-01-31 09:00"
    assert text(hole("custom.d"), context=mail(custom={"d": NOW.date()})) == "2026-01-31"
    assert text(hole("custom.n", "05.1f"), context=mail(custom={"n": 2})) == "002.0"
    assert text(hole("custom.n", "%Y"), context=mail(custom={"n": 2})) == "2"
    assert text(hole("custom.n"), context=mail(custom={"n": True})) == "yes"
    assert text(hole("categories", many=True), context=mail(categories=["a", "b"])) == "a, b"
    assert text(hole("sender"), hole("custom.none")) == "jane@acme.example"
    assert text(hole("contact:company")) == "Acme"
    assert text(hole("user")) == "Anna Ours"
    assert text(hole("to.name", many=True), context=mail(to=[Address("A B", "a@b.example")])) == "A B"
    assert template("x").parts == ("x",)
