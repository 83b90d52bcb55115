"""Items without people who were erased, and what is decided about them."""

from __future__ import annotations

from mxsync.decide.context import ItemContext, Organisation
from mxsync.decide.erased import left_alone, people_on, without
from mxsync.model.item import Address, Item, ItemRef, Kind, Value

OURS = Organisation(frozenset({"ours.example"}))
ANNA = Address("Anna", "anna@ours.example")
JANE = Address("Jane Roe", "Jane+x@acme.example")
BOB = Address("Bob", "bob@bell.example")
GONE = {"jane@acme.example"}


def item(kind: Kind, **fields: Value) -> Item:
    return Item(kind, ItemRef("anna@ours.example", "Inbox", "1"), "r", fields, {"from": ("Jane <jane@acme.example>",)})


def alone(of: Item) -> bool:
    cleaned, erasure = without(of, GONE)
    return left_alone(ItemContext(cleaned, "created", "anna@ours.example", erased=erasure), OURS)


def test_people_are_those_of_the_item_and_of_a_card() -> None:
    mail = item(Kind.MAIL, sender=JANE, recipients=(ANNA, BOB))
    assert people_on(mail) == {"jane@acme.example", "anna@ours.example", "bob@bell.example"}
    assert people_on(item(Kind.CONTACT, email=("A@b.example", "c@d.example"))) == {"a@b.example", "c@d.example"}


def test_they_are_on_no_field_and_in_no_text() -> None:
    mail = item(Kind.MAIL, sender=BOB, recipients=(ANNA, JANE), body="Ask JANE@acme.example.", subject="x", size=7)
    cleaned, erasure = without(mail, GONE)
    assert (erasure.people, erasure.author) == (1, False)
    assert cleaned.fields["recipients"] == (ANNA,) and cleaned.fields["sender"] == BOB
    assert cleaned.fields["body"] == "Ask [erased]." and cleaned.fields["size"] == 7
    assert cleaned.headers["from"] == ("Jane <[erased]>",)
    assert set(cleaned.fields) == set(mail.fields) and "sender" in cleaned.fields
    assert cleaned.fields.get("nothing") is None


def test_what_they_wrote_is_left_alone_and_what_others_wrote_is_not() -> None:
    assert alone(item(Kind.MAIL, sender=JANE, recipients=(ANNA, BOB)))
    assert alone(item(Kind.MAIL, sender=ANNA, recipients=(JANE,)))
    assert not alone(item(Kind.MAIL, sender=BOB, recipients=(ANNA, JANE)))
    assert not alone(item(Kind.MAIL, sender=ANNA, recipients=(JANE, BOB)))
    assert alone(item(Kind.APPOINTMENT, organizer=ANNA, attendees=(JANE,)))
    assert not alone(item(Kind.APPOINTMENT, organizer=ANNA, attendees=(JANE, BOB)))
    assert alone(item(Kind.CONTACT, email=("x@y.example", "jane@acme.example")))
    assert not alone(item(Kind.MAIL, sender=ANNA, recipients=(ANNA,)))
