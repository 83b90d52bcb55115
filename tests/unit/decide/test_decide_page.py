"""A page of items: what is asked, how often, and what each item sees of those before it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from mxsync.decide.decide import decide
from mxsync.decide.page import ROUNDS, decide_page
from mxsync.decide.seeds import seeds
from mxsync.decide.view import PageView
from mxsync.lang import ir
from mxsync.lang.compile import compile_plan
from mxsync.model.effect import Cause, CreateRow, DeleteRow, LinkRows, SaveItem, UpdateRow
from mxsync.model.item import Address, ItemRef, Kind
from mxsync.model.outcome import Decision, Fate, OwnRow
from mxsync.model.record import Find, Get, Linked, Lookup, Planned, Record, RecordKey
from tests.programs import (
    ANNA,
    NOW,
    ORGANISATION,
    assign,
    compare,
    crm_entities,
    item,
    known,
    mail,
    path,
    program,
    rule,
    template,
)
from tests.worlds import Crm, created, linked

LINK = rule("link", known(), ir.Link())


class Counting:
    """Answers, and remembers what was asked at once."""

    def __init__(self, crm: Crm) -> None:
        self.crm = crm
        self.asked: list[Collection[Lookup]] = []

    def __call__(self, lookups: Collection[Lookup]) -> Mapping[Lookup, tuple[Record, ...]]:
        self.asked.append(lookups)
        return self.crm.answer(lookups)


def test_a_page_of_known_people_asks_once() -> None:
    crm = Crm()
    acme = crm.company("acme.example")
    people = [Address("", f"p{n}@acme.example") for n in range(20)]
    for person in people:
        crm.contact(person.address, acme)
    answer = Counting(crm)
    decisions = decide_page(
        compile_plan(program([LINK])), ORGANISATION, [mail(n, sender=p) for n, p in enumerate(people)], answer, NOW
    )
    assert len(answer.asked) == 1
    assert all(acme in linked(each) for each in decisions)


def test_what_could_not_be_told_is_asked_for_the_whole_page_at_once() -> None:
    crm = Crm()
    people = [Address("", f"p{n}@acme.example") for n in range(10)]
    for person in people:
        crm.add("opportunity", {"contact": crm.contact(person.address)})
    deals = rule("deals", None, ir.Link((ir.Target("opportunity"),)))
    answer = Counting(crm)
    decide_page(
        compile_plan(program([deals])), ORGANISATION, [mail(n, sender=p) for n, p in enumerate(people)], answer, NOW
    )
    assert len(answer.asked) == 2
    assert all(isinstance(each, Linked) for each in answer.asked[1])


def test_rules_that_look_nothing_up_ask_nothing() -> None:
    answer = Counting(Crm())
    plan = compile_plan(program([rule("r", compare("subject", ir.Op.CONTAINS, "hello"), ir.Flag())]))
    (decision,) = decide_page(plan, ORGANISATION, [mail()], answer, NOW)
    assert decision.fate is Fate.APPLIED
    assert answer.asked == []


def test_an_answer_that_leaves_something_out_says_there_is_nothing() -> None:
    asked = []

    def silent(lookups: Collection[Lookup]) -> Mapping[Lookup, tuple[Record, ...]]:
        asked.append(lookups)
        return {}

    (decision,) = decide_page(compile_plan(program([LINK])), ORGANISATION, [mail()], silent, NOW)
    assert decision.fate is Fate.NOTHING
    assert len(asked) == 1


def test_the_rounds_are_bounded() -> None:
    """A chain of references longer than any rule's."""
    crm = Crm()

    def endless(lookups: Collection[Lookup]) -> Mapping[Lookup, tuple[Record, ...]]:
        rounds.append(1)
        return {
            each: (
                Record(
                    RecordKey("contact", len(rounds)),
                    {"email": ("jane@acme.example",), "company": RecordKey("company", len(rounds))},
                ),
            )
            for each in lookups
        }

    rounds: list[int] = []
    deep = path(".company." + ".".join(["company"] * 30))
    rules = [rule("deep", known(where=compare(deep, ir.Op.EQ, "x")), ir.Flag())]
    decisions = decide_page(compile_plan(program(rules)), ORGANISATION, [mail()], endless, NOW)
    assert decisions[0].fate is Fate.NOTHING
    assert len(rounds) <= ROUNDS + 1
    assert crm.anna


def test_an_empty_page() -> None:
    assert decide_page(compile_plan(program([LINK])), ORGANISATION, [], Crm().answer, NOW) == []


def test_seeds_of_each_kind_of_item() -> None:
    contacts = rule("c", known(), ir.Link(), kind=Kind.CONTACT)
    mails = rule("m", ir.And((known(), ir.IsReply("email"))), ir.Save("email", False))
    plan = compile_plan(program([contacts, mails]))
    headers = {"in-reply-to": ("<0@mail.example>",)}
    assert set(seeds(plan, ORGANISATION, mail(headers=headers))) == {
        Find("user", ("email",), (ANNA,)),
        Find("contact", ("email",), ("jane@acme.example",)),
        Find("email", ("message_id",), ("<0@mail.example>",)),
        Find("email", ("message_id",), ("<1@mail.example>",)),
    }
    card = item(Kind.CONTACT, {"email": ("A@b.example", "c@d.example")})
    assert Find("contact", ("email",), ("a@b.example",)) in seeds(plan, ORGANISATION, card)
    stored = item(Kind.CONTACT, {}, own=(OwnRow(RecordKey("contact", 3), True, False, False),))
    assert Get(RecordKey("contact", 3)) in seeds(plan, ORGANISATION, stored)
    assert list(seeds(plan, ORGANISATION, item(Kind.TASK, {}))) == []


CAUSE = Cause("r")
REF = ItemRef(ANNA, "Inbox", "1")
NEW = RecordKey("contact", Planned(0))
JANE = Record(RecordKey("contact", 1), {"email": ("jane@acme.example",), "status": "old"})
BY_EMAIL = Find("contact", ("email",), ("jane@acme.example",))
BY_STATUS = Find("contact", ("status",), ("new",))


def view(answers: Mapping[Lookup, tuple[Record, ...]], *effects: object, fate: Fate = Fate.APPLIED) -> PageView:
    made = PageView(crm_entities(), answers)
    made.apply(Decision(REF, fate, effects))  # type: ignore[arg-type]
    return made


def test_a_view_keeps_what_it_cannot_answer() -> None:
    made = PageView(crm_entities())
    assert made.ask(BY_EMAIL) == ()
    assert list(made.missing) == [BY_EMAIL]
    made.learn({BY_EMAIL: (JANE,)})
    assert made.ask(BY_EMAIL) == (JANE,)
    assert not made.missing
    made.want([BY_EMAIL, BY_STATUS])
    assert list(made.missing) == [BY_STATUS]


def test_a_planned_row_is_found_by_any_of_its_fields() -> None:
    company = RecordKey("company", 5)
    row = CreateRow(
        CAUSE, NEW, {"email": ("Jane+x@acme.example", "j@b.example"), "company": company, "first_name": "Jane"}
    )
    made = view({BY_EMAIL: (), Get(company): (Record(company, {"name": "Acme"}),)}, row)
    assert [each.key for each in made.ask(BY_EMAIL)] == [NEW]
    two = Find("contact", ("first_name", "company"), ("jane", company))
    made.learn({two: (), Linked("contact", company): ()})
    assert [each.key for each in made.ask(two)] == [NEW]
    assert made.ask(Find("contact", ("first_name", "email"), ("jane", "other@b.example"))) == ()
    assert made.ask(Get(NEW))[0].values["first_name"] == "Jane"
    assert [each.key for each in made.ask(Linked("contact", company))] == [NEW]
    assert [each.key for each in made.ask(Linked("company", NEW))] == [company]
    planned_company = RecordKey("company", Planned(9))
    assert made.ask(Get(planned_company)) == ()
    assert made.ask(Find("contact", ("company",), (planned_company,))) == ()
    assert not [each for each in made.missing if "Planned" in repr(each)]


def test_planned_changes_links_and_deletions_are_seen() -> None:
    deal = RecordKey("opportunity", 8)
    base: dict[Lookup, tuple[Record, ...]] = {
        BY_EMAIL: (JANE,), BY_STATUS: (), Get(JANE.key): (JANE,), Linked("email", JANE.key): (),
        Linked("contact", NEW): (), Find("contact", ("status",), ("old",)): (JANE,), Get(deal): (Record(deal, {}),),
    }  # fmt: skip
    own = RecordKey("email", Planned(1))
    save = SaveItem(CAUSE, own, {"subject": "x"}, {"status": "Handled"})
    made = view(
        base,
        UpdateRow(CAUSE, JANE.key, {"status": "new"}),
        save,
        LinkRows(CAUSE, own, JANE.key),
        LinkRows(CAUSE, own, deal),
    )
    assert made.ask(BY_EMAIL)[0].values["status"] == "new"
    assert [each.key for each in made.ask(BY_STATUS)] == [JANE.key]
    assert made.ask(Find("contact", ("status",), ("old",))) == ()
    assert made.ask(Linked("email", JANE.key))[0].values == {"subject": "x", "status": "Handled"}
    assert [each.key for each in made.ask(Linked("opportunity", own))] == [deal]
    made.apply(Decision(REF, Fate.APPLIED, (DeleteRow(CAUSE, JANE.key), DeleteRow(CAUSE, own))))
    assert made.ask(BY_EMAIL) == () and made.ask(Get(JANE.key)) == () and made.ask(Get(own)) == ()
    assert made.ask(Linked("email", JANE.key)) == ()


def test_a_row_saved_twice_is_one_row() -> None:
    own = RecordKey("email", Planned(1))
    made = view({}, SaveItem(CAUSE, own, {"subject": "x"}), SaveItem(CAUSE, own, {"subject": "y"}))
    assert made.ask(Get(own))[0].values == {"subject": "y"}


def test_what_is_held_is_not_seen() -> None:
    made = view({BY_EMAIL: ()}, CreateRow(CAUSE, NEW, {"email": "jane@acme.example"}), fate=Fate.HELD)
    assert made.ask(BY_EMAIL) == ()


def test_an_existing_row_that_is_saved_again_shows_its_new_values() -> None:
    row = Record(RecordKey("email", 4), {"subject": "old"})
    made = view({Get(row.key): (row,)}, SaveItem(CAUSE, row.key, {"subject": "new"}))
    assert made.ask(Get(row.key))[0].values == {"subject": "new"}


def test_the_second_mail_is_linked_to_what_the_first_created() -> None:
    make = ir.CreateContacts("contact", ir.People.SENDER, ir.Source.DEFAULT, ())
    companies = ir.CreateCompanies("company", ir.Source.DOMAIN, ())
    task = ir.CreateRecord("task", (assign("subject", template("Call ", path("contact:company.name")), "task"),))
    plan = compile_plan(
        program([rule("make", None, make, companies, priority=1), rule("known", known(), ir.Link(), task)])
    )
    first, second = decide_page(plan, ORGANISATION, [mail(1), mail(2)], Crm().answer, NOW)
    assert linked(first) == linked(second)
    assert created(second, "task")[0].values["subject"] == "Call Acme"


def test_decide_alone_says_what_it_misses() -> None:
    plan = compile_plan(program([LINK]))
    made = PageView(plan.entities)
    decision = decide(plan, ORGANISATION, mail(), made, NOW)
    assert decision.fate is Fate.NOTHING
    assert Find("contact", ("email",), ("jane@acme.example",)) in made.missing
