"""Somebody unknown who has the name of a contact: the same person at another address, or another person."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import pytest

from mxsync import resources
from mxsync.decide.context import ItemContext, Organisation
from mxsync.decide.decide import Tracing
from mxsync.decide.explain import trace_lines
from mxsync.decide.memory import MemoryTables
from mxsync.decide.page import decide_page
from mxsync.extract.mime import read_mail
from mxsync.lang.check import check
from mxsync.lang.compile import RulePlan, compile_plan
from mxsync.model.effect import CreateRow, Propose, UpdateRow
from mxsync.model.item import Item, ItemRef
from mxsync.model.outcome import Decision
from mxsync.model.record import Origin, RecordKey, RecordValue, RowMemory
from tests.checking import PARSER, Texts
from tests.programs import NOW

ANNA = "anna@ours.example"
OURS = Organisation(domains=frozenset({"ours.example"}), users=frozenset({ANNA}), region="GB")
OLD, NEW = "jane@acme.example", "jane@beta.example"
MOBILE = "+27825550198"
SIGNED = "Dear Anna,\n\nsee below.\n\nKind regards\nJane Roe\nSales Manager\nBeta Ltd\nMobile +27 82 555 0198\n"
CHANGED = SIGNED.replace("0198", "0111")


@cache
def plan() -> RulePlan:
    shipped = {name: resources.text(f"rules/{name}") for name in ("auto-crm.rules", "crm.rules")}
    found = check(PARSER, Texts({"main.rules": "use 'auto-crm.rules'\n"}, shipped))
    assert found.program is not None, found.diagnostics
    return compile_plan(found.program)


class Office:
    """Anna's mailbox, and tables in which Jane is a contact of hers."""

    def __init__(self, **values: RecordValue) -> None:
        self.tables = MemoryTables(plan().entities)
        self.anna = self.tables.add("user", {"email": ANNA})
        self.acme = self.tables.add("company", {"domain": "acme.example", "name": "Acme"})
        self.jane = self.contact(email=(OLD,), mobile_phone=MOBILE, **values)

    def contact(self, **values: RecordValue) -> RecordKey:
        given = {"first_name": "Jane", "last_name": "Roe", "owner": self.anna, "company": self.acme}
        return self.tables.add("contact", {**given, "exclude_mail": False, **values})

    def remember(self, proposed: dict[str, bool], emails: Iterable[str] = ()) -> None:
        origins = {"email": Origin(tuple(emails), "header")} if emails else {}
        self.tables.memories[self.jane] = RowMemory(origins, proposed)

    def receives(
        self, body: str = SIGNED, sender: str = f"Jane Roe <{NEW}>", *, answers: bool = False, reply_to: str = ""
    ) -> Decision:
        headers = f"From: {sender}\nTo: {ANNA}\n" + (f"Reply-To: {reply_to}\n" if reply_to else "")
        return self.decided(headers, body, "Inbox", {"<earlier@x>": True} if answers else {})

    def sends(self, to: str = f"Jane Roe <{NEW}>") -> Decision:
        return self.decided(f"From: {ANNA}\nTo: {to}\n", "Hello.", "Sent Items", {})

    def decided(self, headers: str, body: str, folder: str, earlier: dict[str, bool]) -> Decision:
        head = "Subject: Pumps\nDate: Mon, 23 Nov 2026 09:00:00 +0200\nMessage-ID: <this@mail.example>\n"
        head += "In-Reply-To: <earlier@x>\n" if earlier else ""
        parsed = read_mail(f"{headers}{head}Content-Type: text/plain; charset=utf-8\n\n{body}".encode())
        ref = ItemRef(ANNA, folder, "1.eml")
        item = Item(parsed.kind, ref, "1", parsed.fields, parsed.headers, parsed.custom, parsed.item_class)
        context = ItemContext(item, "created", ANNA, "mail:<this@mail.example>", earlier=earlier)
        (decision,) = decide_page(plan(), OURS, [context], self.tables.answer, NOW, Tracing.FULL)
        return decision


def made(decision: Decision) -> list[RecordValue]:
    return [
        effect.values["email"]
        for effect in decision.effects
        if isinstance(effect, CreateRow) and effect.key.entity == "contact"
    ]


def proposed(decision: Decision) -> list[dict[str, RecordValue]]:
    return [dict(effect.change) for effect in decision.effects if isinstance(effect, Propose)]


def pairs(decision: Decision) -> list[tuple[RecordKey, ...]]:
    return [effect.about for effect in decision.effects if isinstance(effect, Propose) and not effect.change]


def emails(decision: Decision, row: RecordKey) -> list[RecordValue]:
    return [
        effect.values["email"]
        for effect in decision.effects
        if isinstance(effect, UpdateRow) and effect.key == row and "email" in effect.values
    ]


def test_name_and_mobile_in_answer_to_us_are_the_same_person() -> None:
    office = Office()
    decision = office.receives(answers=True)
    assert made(decision) == []
    assert emails(decision, office.jane) == [(OLD, NEW)]
    trace = "\n".join(trace_lines(decision))
    assert "the address is added to that contact" in trace
    # The new firm is made, and proposed as hers; what she wrote is linked to her.
    (company,) = [e for e in decision.effects if isinstance(e, CreateRow) and e.key.entity == "company"]
    assert company.values["domain"] == "beta.example"
    assert {"company": company.key} in proposed(decision)


def test_name_and_mobile_alone_are_proposed() -> None:
    decision = Office().receives()
    assert made(decision) == [] and proposed(decision) == [{"email": NEW}]


def test_there_is_no_room_for_another_address() -> None:
    office = Office()
    office.tables.change(
        office.jane, {**office.tables.rows[office.jane].values, "email": (OLD, "b@x.example", "c@x.example")}
    )
    decision = office.receives(answers=True)
    assert made(decision) == [] and emails(decision, office.jane) == []
    assert proposed(decision) == [{"email": NEW}]


@pytest.mark.parametrize(
    ("body", "reply_to"),
    [
        ("Hello Anna,\n\nmy new address is this one, no longer jane@acme.example.\n\nJane\n", ""),
        (f"Yes.\n\nOn 3 Nov 2026 at 09:00, Jane Roe <{OLD}> wrote:\n> Shall we?\n", ""),
        ("Hello Anna,\n\nsee below.\n", f"Jane Roe <{OLD}>"),
    ],
)
def test_mail_that_names_the_old_address_is_proposed(body: str, reply_to: str) -> None:
    decision = Office().receives(body, reply_to=reply_to, answers=True)
    assert made(decision) == [] and proposed(decision) == [{"email": NEW}]


def test_who_only_has_the_name_is_made_and_the_two_are_proposed() -> None:
    office = Office()
    decision = office.receives("Hello Anna,\n\nsee below.\n")
    assert made(decision) == [(NEW,)]
    assert [office.jane in pair for pair in pairs(decision)] == [True]
    assert emails(decision, office.jane) == []


def test_another_mobile_is_another_person_or_another_mobile() -> None:
    office = Office()
    decision = office.receives(CHANGED, answers=True)
    assert made(decision) == [(NEW,)] and len(pairs(decision)) == 1


def test_of_a_name_that_several_have_nothing_is_said() -> None:
    office = Office()
    office.contact(email=("jane@other.example",))
    decision = office.receives("Hello Anna,\n\nsee below.\n")
    assert made(decision) == [(NEW,)] and proposed(decision) == []
    assert made(office.sends()) == [(NEW,)]


def test_the_mobile_finds_the_right_one_of_several() -> None:
    office = Office()
    office.contact(email=("jane@other.example",), mobile_phone="+27825550777")
    assert emails(office.receives(answers=True), office.jane) == [(OLD, NEW)]


@pytest.mark.parametrize("name", ["J Roe", "J. Roe", '"Roe, J."'])
def test_an_initial_may_be_the_name(name: str) -> None:
    office = Office()
    assert len(pairs(office.receives("Hello.\n", f"{name} <j.roe@beta.example>"))) == 1
    assert pairs(office.receives("Hello.\n", "Kim Roe <kim@beta.example>")) == []


@pytest.mark.parametrize("owner", [{}, {"owner": None}])
def test_whom_one_of_us_writes_to_is_proposed(owner: dict[str, None]) -> None:
    decision = Office(**owner).sends()
    assert made(decision) == [] and proposed(decision) == [{"email": NEW}]


def test_what_waits_is_asked_once_and_makes_nobody() -> None:
    office = Office()
    office.remember({f"email {NEW}": True})
    for decision in (office.receives(), office.receives("Hello.\n"), office.sends()):
        assert made(decision) == [] and proposed(decision) == []
    assert emails(office.receives(answers=True), office.jane) == [(OLD, NEW)]


def test_who_was_said_to_be_another_is_made_and_no_longer_proposed() -> None:
    office = Office()
    office.remember({f"email {NEW}": False})
    for decision in (office.receives(answers=True), office.receives("Hello.\n"), office.sends()):
        assert made(decision) == [(NEW,)] and emails(decision, office.jane) == []


def test_an_address_that_a_person_took_away_is_not_added_again() -> None:
    office = Office()
    office.remember({}, (OLD, NEW))
    decision = office.receives(answers=True)
    assert made(decision) == [(NEW,)] and emails(decision, office.jane) == []


def test_a_stranger_of_another_name_is_made() -> None:
    decision = Office().receives(answers=True, sender="Kim Poe <kim@beta.example>", body="Hello.\n\nKim Poe\n")
    assert made(decision) == [("kim@beta.example",)] and proposed(decision) == []
