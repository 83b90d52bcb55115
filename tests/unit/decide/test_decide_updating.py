"""`update contact from signature`, decided over tables in memory with a memory of what was written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from mxsync.decide.context import ItemContext
from mxsync.lang import ir
from mxsync.model.effect import Propose, UpdateRow, proposal_keys
from mxsync.model.item import Address
from mxsync.model.normal import address_key
from mxsync.model.outcome import Decision
from mxsync.model.record import Origin, Planned, RecordKey, RecordValue, RowMemory
from tests.programs import NOW, mail, rule
from tests.worlds import Crm, created, decide_item, decide_items, of

UPDATE = rule("current", None, ir.UpdateContacts("contact"))
CREATE = rule(
    "create", None, ir.CreateContacts("contact", ir.People.SENDER, ir.Source.SIGNATURE, ()), UPDATE.actions[0]
)
JANE = Address("Jane Roe", "jane@acme.example")
EARLIER, SENT, LATER = (NOW - timedelta(days=days) for days in (9, 5, 1))
MOBILE = "+27825550198"
SIGNED = ("Head of Purchasing", "Acme Pumps Ltd", "Mobile +27 82 555 0198")


def signed(
    number: int = 1,
    *lines: str,
    sender: Address = JANE,
    sent: datetime = SENT,
    received: datetime = NOW,
    headers: Mapping[str, tuple[str, ...]] | None = None,
) -> ItemContext:
    text = "".join(f"{line}\n" for line in lines or SIGNED)
    body = f"Dear Anna,\n\nplease see below.\n\nKind regards\nJane Roe\n{text}"
    return mail(number, sender=sender, body=body, headers=headers, more={"sent": sent, "received": received})


def updated(decision: Decision) -> dict[str, RecordValue]:
    return {name: value for effect in of(decision, UpdateRow) for name, value in effect.values.items()}


def notes(decision: Decision) -> str:
    return "\n".join(note for step in decision.trace.steps for note in step.note)


NAMED = {"first_name": "Jane", "last_name": "Roe"}


@pytest.mark.parametrize(
    ("now", "origin", "written", "note"),
    [
        (None, None, True, ""),
        ("", None, True, ""),
        ("Director", None, False, "was written by a person"),
        ("Director", Origin("Clerk", "signature, line 3", EARLIER), False, "was written by a person"),
        ("Clerk", Origin("Clerk", "signature, line 3", EARLIER), True, ""),
        ("clerk", Origin("Clerk", "signature, line 3", EARLIER), True, ""),
        ("Clerk", Origin("Clerk", "signature, line 3", LATER), False, "comes from a newer mail"),
        ("Clerk", Origin("Clerk", "signature, line 3", SENT), False, "comes from a newer mail"),
        ("Clerk", Origin("Clerk", "rule"), False, "comes from the rule"),
        ("Clerk", Origin("Clerk", "item"), False, "comes from the item"),
        (None, Origin("Clerk", "signature, line 3", EARLIER), False, "was emptied by a person"),
        ("head of purchasing", None, False, ""),
    ],
)
def test_a_field_is_filled_renewed_or_left_alone(
    now: str | None, origin: Origin | None, written: bool, note: str
) -> None:
    crm = Crm()
    jane = crm.contact(JANE.address, **NAMED, job_title=now)
    if origin is not None:
        crm.memories[jane] = RowMemory({"job_title": origin})
    decision = decide_item([UPDATE], signed(), crm)
    assert ("job_title" in updated(decision)) is written
    assert note in notes(decision) and (bool(note) or "job_title" not in notes(decision))
    if written:
        (effect,) = of(decision, UpdateRow)
        assert effect.values["job_title"] == "Head of Purchasing" and effect.sources["job_title"].startswith(
            "signature, "
        )
        assert effect.moment == SENT


def test_a_clock_that_runs_ahead_is_held_against_what_it_came_with() -> None:
    crm = Crm()
    crm.contact(JANE.address, **NAMED)
    ahead = signed(sent=NOW + timedelta(days=900), received=LATER)
    (effect,) = of(decide_item([UPDATE], ahead, crm), UpdateRow)
    assert effect.moment == LATER


@pytest.mark.parametrize("headers", [{"list-id": ("<a.b>",)}, {"auto-submitted": ("auto-replied",)}])
def test_bulk_and_automatic_mail_changes_nobody(headers: dict[str, tuple[str, ...]]) -> None:
    crm = Crm()
    crm.contact(JANE.address)
    assert not updated(decide_item([UPDATE], signed(headers=headers), crm))


def test_an_excluded_contact_a_stranger_and_one_of_us_are_left_alone() -> None:
    crm = Crm()
    crm.contact(JANE.address, exclude_mail=True)
    assert not updated(decide_item([UPDATE], signed(), crm))
    assert not updated(decide_item([UPDATE], signed(sender=Address("", "max@other.example")), crm))
    assert not updated(decide_item([UPDATE], signed(sender=Address("", "anna@ours.example")), crm))


def test_later_mails_of_a_page_see_what_earlier_ones_wrote_and_from_when() -> None:
    crm = Crm()
    first, second = decide_items([CREATE], [signed(1, "Clerk", MOBILE), signed(2, *SIGNED)], crm)
    (row,) = created(first, "contact")
    assert not created(second, "contact") and not of(first, UpdateRow)
    # Both are of one moment: neither renews what the other said; what the first lacked is filled in.
    assert row.moment is not None and "job_title" not in updated(second)


def test_what_was_proposed_is_not_proposed_again_and_waits_or_is_decided() -> None:
    crm = Crm()
    jane = crm.contact(JANE.address, **NAMED, mobile_phone=MOBILE)
    new = Address("Jane Roe", "jane@beta.example")
    key = proposal_keys((), {"email": new.address})[0]
    assert key == f"email {address_key(new.address)}"
    proposed = decide_item([CREATE], signed(sender=new), crm)
    (proposal,) = of(proposed, Propose)
    assert proposal.about == (jane,) and proposal.keys == (key,) and not created(proposed, "contact")
    for waits in (True, False):
        crm.memories[jane] = RowMemory({}, {key: waits})
        decision = decide_item([CREATE], signed(sender=new), crm)
        assert bool(created(decision, "contact")) is not waits
        # Once they are two, they are likely duplicates all the same: that is another question, and asked once.
        assert len(of(decision, Propose)) == (0 if waits else 1)


def test_one_page_proposes_once() -> None:
    crm = Crm()
    crm.contact(JANE.address, **NAMED, mobile_phone=MOBILE)
    new = Address("Jane Roe", "jane@beta.example")
    decisions = decide_items([CREATE], [signed(number, sender=new) for number in (1, 2, 3)], crm)
    assert [len(of(each, Propose)) for each in decisions] == [1, 0, 0]
    assert not any(created(each, "contact") for each in decisions)


def test_a_likely_duplicate_names_the_older_row_first() -> None:
    crm = Crm()
    older = crm.contact("max@other.example", first_name="Max", last_name="Mora", mobile_phone=MOBILE)
    decision = decide_item([CREATE], signed(), crm)
    (proposal,) = of(decision, Propose)
    (row,) = created(decision, "contact")
    assert proposal.about == (older, row.key) and MOBILE in proposal.why
    assert proposal.keys == (f"contact {RecordKey('contact', row.key.value).value}",) and isinstance(
        row.key.value, Planned
    )
