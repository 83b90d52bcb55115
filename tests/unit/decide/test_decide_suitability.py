"""Who may become a contact: scores asked by rules, refusals that hold for all, companies by the right name and domain."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mxsync.decide.context import Organisation
from mxsync.decide.decide import Tracing
from mxsync.decide.explain import trace_lines
from mxsync.decide.page import decide_page
from mxsync.decide.scoring import sent_by_us
from mxsync.lang import ir
from mxsync.lang.compile import compile_plan
from mxsync.model.effect import LinkRows
from mxsync.model.item import Address, Kind
from tests.programs import ALL, ANNA, NONE, NOW, ORGANISATION, SIGNATURE, compare, item, mail, path, program, rule
from tests.worlds import Crm, created, decide_item, decide_items, fired, of

NUMBER = ir.Type.NUMBER
SENDER = path("sender.score", NUMBER)
EVERYBODY = path("correspondents.score", NUMBER, many=True)
CONTACT = ir.CreateContacts("contact", ir.People.CORRESPONDENTS, ir.Source.DEFAULT, ())
COMPANY = ir.CreateCompanies("company", ir.Source.DOMAIN, ())
JR, MAX = Address("", "jr@acme.example"), Address("Max Moor", "max@other.example")


def made(condition: ir.Condition | None, context: object = None, action: ir.Action = CONTACT) -> list[object]:
    decision = decide_item([rule("r", condition, action)], context or mail(to=[Address("", ANNA), MAX]))  # type: ignore[arg-type]
    return [row.values["email"][0] for row in created(decision, "contact")]  # type: ignore[index]


def test_a_rule_that_asks_no_score_makes_everybody() -> None:
    assert made(None) == ["jane@acme.example", "max@other.example"]


def test_a_score_is_asked_of_each_person_whom_the_rule_would_make() -> None:
    assert made(compare(EVERYBODY, ir.Op.GE, 60)) == ["jane@acme.example"]
    assert made(compare(EVERYBODY, ir.Op.LT, 60)) == ["max@other.example"]
    assert made(compare(EVERYBODY, ir.Op.GE, 60, negated=True)) == ["max@other.example"]
    assert made(ir.And((compare("subject", ir.Op.EQ, "Hello"), compare(EVERYBODY, ir.Op.GT, 59)))) == [
        "jane@acme.example"
    ]


def test_only_of_those_whom_the_path_names() -> None:
    assert made(compare(SENDER, ir.Op.GE, 60)) == ["jane@acme.example", "max@other.example"]


def test_a_score_behind_or_not_and_no_is_about_the_mail_alone() -> None:
    or_ = ir.Or((compare(EVERYBODY, ir.Op.GE, 60), compare("subject", ir.Op.EQ, "x")))
    assert made(or_) == ["jane@acme.example", "max@other.example"]
    assert made(compare(EVERYBODY, ir.Op.GE, 90, quantifier=NONE)) == ["jane@acme.example", "max@other.example"]
    assert made(compare(EVERYBODY, ir.Op.GE, 40, quantifier=ALL)) == ["jane@acme.example", "max@other.example"]


def test_several_thresholds_hold_together() -> None:
    between = ir.And((compare(EVERYBODY, ir.Op.GE, 40), compare(EVERYBODY, ir.Op.LT, 60)))
    assert made(between) == ["max@other.example"]


def test_companies_are_made_of_the_same_people() -> None:
    decision = decide_item(
        [rule("r", compare(EVERYBODY, ir.Op.GE, 60), CONTACT, COMPANY)], mail(to=[Address("", ANNA), MAX])
    )
    assert [row.values["domain"] for row in created(decision, "company")] == ["acme.example"]


def test_of_whom_the_rule_creates_contacts_for() -> None:
    for_sender = ir.CreateContacts("contact", ir.People.SENDER, ir.Source.DEFAULT, ())
    context = mail(to=[Address("", ANNA), MAX])
    decision = decide_item([rule("r", None, for_sender, COMPANY)], context)
    assert [row.values["domain"] for row in created(decision, "company")] == ["acme.example"]
    decision = decide_item([rule("r", None, COMPANY)], context)
    assert [row.values["domain"] for row in created(decision, "company")] == ["acme.example", "other.example"]


def test_a_known_contact_needs_no_score() -> None:
    crm = Crm()
    jr = crm.contact("jr@acme.example")
    decision = decide_item([rule("r", compare(SENDER, ir.Op.GE, 10), CONTACT, COMPANY)], mail(sender=JR), crm)
    (company,) = created(decision, "company")
    assert LinkRows(company.cause, jr, company.key) in decision.effects


def test_the_trace_says_the_score_and_its_reasons() -> None:
    decision = decide_item([rule("r", compare(EVERYBODY, ir.Op.GE, 60), CONTACT)], mail(to=[Address("", ANNA), MAX]))
    trace = "\n".join(trace_lines(decision))
    assert "jane@acme.example has a score of 60 (the name is a person's (+10))" in trace
    assert "max@other.example has a score of 45 only: not created (only on copy" in trace
    (failed,) = decide_items(
        [rule("r", compare(SENDER, ir.Op.GE, 60), CONTACT)], [mail(sender=JR)], tracing=Tracing.FULL
    )
    assert "jr@acme.example has 50 (nothing known)" in "\n".join(trace_lines(failed))


def test_one_of_us_has_no_score() -> None:
    context = mail(sender=Address("Anna", ANNA), to=[MAX], folder="Sent Items")
    assert fired(decide_item([rule("r", compare(SENDER, ir.Op.GT, 0), ir.MarkRead())], context)) == []
    assert fired(decide_item([rule("r", compare(EVERYBODY, ir.Op.GE, 75), ir.MarkRead())], context)) == ["r"]


def test_a_meeting_has_scores_too() -> None:
    score = path("attendees.score", NUMBER, many=True)
    theirs = item(Kind.APPOINTMENT, {"organizer": JR, "attendees": (Address("", ANNA), MAX), "subject": "x"})
    ours = item(Kind.APPOINTMENT, {"organizer": Address("", ANNA), "attendees": (MAX,), "subject": "x"})
    guests = ir.CreateContacts("contact", ir.People.ATTENDEES, ir.Source.DEFAULT, ())
    invited = rule("r", compare(score, ir.Op.GE, 60), guests, kind=Kind.APPOINTMENT)
    assert not created(decide_item([invited], theirs), "contact")
    assert len(created(decide_item([invited], ours), "contact")) == 1


def test_earlier_mail_of_the_page_counts() -> None:
    asks = rule("r", compare(SENDER, ir.Op.GE, 70), ir.MarkRead())
    sent = mail(1, sender=Address("", ANNA), to=[Address("", "carl@ours.example")], folder="Sent Items")
    answer = mail(2, sender=JR, headers={"in-reply-to": ("<1@mail.example>",)})
    assert fired(decide_items([asks], [sent, answer])[1]) == ["r"]
    assert fired(decide_items([asks], [answer, sent])[0]) == []  # what comes later was not there yet
    forged = mail(1, sender=Address("", ANNA), to=[Address("", ANNA)])  # in our name, but nobody sent it
    assert fired(decide_items([asks], [forged, answer])[1]) == []


def test_what_an_earlier_pass_has_seen_counts() -> None:
    asks = rule("r", compare(SENDER, ir.Op.GE, 70), ir.MarkRead())
    answer = mail(2, sender=JR, headers={"in-reply-to": ("<1@mail.example>",)})
    for ours, expected in ((True, ["r"]), (False, [])):
        context = replace(answer, earlier={"<1@mail.example>": ours})
        assert fired(decide_item([asks], context)) == expected


@pytest.mark.parametrize(
    ("folders", "ours"),
    [
        (["Sent Items"], True),
        (["sent items/2026"], True),
        (["Inbox", "Sent Items"], True),
        (["Inbox/Projects"], False),
        (["Archive"], None),
        ([], None),
    ],
)
def test_whose_a_mail_is(folders: list[str], ours: bool | None) -> None:
    assert sent_by_us(folders) is ours


def test_a_company_without_a_domain_is_known_by_the_name_that_the_signature_gives() -> None:
    crm = Crm()
    acme = crm.add("company", {"name": "Acme Pumps Ltd"})
    decision = decide_item([rule("r", None, CONTACT, COMPANY)], mail(body=SIGNATURE), crm)
    assert not created(decision, "company")
    assert created(decision, "contact")[0].values["company"] == acme


def test_from_signature_takes_the_name_whether_it_fits_or_not() -> None:
    other = mail(sender=Address("Jane Roe", "jane@globex.example"), body=SIGNATURE)
    taken = decide_item([rule("r", None, replace(COMPANY, source=ir.Source.SIGNATURE))], other)
    assert created(taken, "company")[0].values["name"] == "Acme Pumps Ltd"
    for source in (ir.Source.DOMAIN, ir.Source.DEFAULT):
        not_taken = decide_item([rule("r", None, replace(COMPANY, source=source))], other)
        assert created(not_taken, "company")[0].values["name"] == "Globex"


def test_an_alias_leads_to_the_row_under_any_of_the_domains() -> None:
    plan = compile_plan(
        replace(program([rule("r", None, CONTACT)]), aliases={"acme.co.za": "acme.example", "acme.de": "acme.example"})
    )
    for domain in ("acme.example", "acme.co.za", "acme.de"):
        crm = Crm()
        acme = crm.company(domain)
        for writes_from in ("acme.example", "mail.acme.co.za", "acme.de"):
            context = mail(sender=Address("Jane Roe", f"jane@{writes_from}"))
            (decision,) = decide_page(plan, ORGANISATION, [context], crm.answer, NOW)
            assert created(decision, "contact")[0].values["company"] == acme


def test_what_looks_like_us_is_refused_until_its_company_is_there() -> None:
    ours = Organisation(domains=frozenset({"karooworks.example"}), users=ORGANISATION.users)
    forged = mail(sender=Address("Ben", "ben@karooworks.com"), categories=["A"])
    (refused,) = decide_items([rule("r", None, CONTACT, COMPANY)], [forged], organisation=ours)
    assert refused.effects == ()
    assert any("looks like our `karooworks.example`" in note for note in refused.trace.steps[0].note)
    crm = Crm()
    crm.company("karooworks.com")
    (taken,) = decide_items([rule("r", None, CONTACT, COMPANY)], [forged], crm, organisation=ours)
    assert len(created(taken, "contact")) == 1


def test_nobody_but_our_own_people_is_said() -> None:
    decision = decide_item([rule("r", None, CONTACT)], mail(sender=Address("Bob", "bob@ours.example")))
    assert decision.trace.steps[0].note == ("everybody on it is one of us",)
    assert not of(decision, LinkRows)
