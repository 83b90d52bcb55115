"""What Article 9 of the GDPR protects is never turned into facts; ordinary titles are."""

from __future__ import annotations

import pytest

from mxsync.decide import people
from mxsync.extract.special_categories import reveals_special_category
from mxsync.model.item import Address, Item, ItemRef, Kind


@pytest.mark.parametrize(
    "text",
    [
        "Pastor", "Rabbi", "Imam of the Green Mosque", "Bishop", "Pfarrerin", "Parish Priest", "Prêtre", "Rev.", "священник",
        "Shop Steward", "Trade Union Secretary", "Gewerkschaftssekretär", "Déléguée syndicale", "Delegado sindical",
        "Party Secretary", "Parliamentary Candidate", "Fraktionsvorsitzender", "Patient", "Schwerbehindert", "on sick leave",
        "she/her", "Pronouns: they/them", "LGBTQ+ Network Lead", "Sales Manager (he/him)",
    ],
)  # fmt: skip
def test_protected(text: str) -> None:
    assert reveals_special_category(text)


@pytest.mark.parametrize(
    "text",
    [
        "Health and Safety Manager", "Head of Political Risk", "Union Pacific Railroad", "Church & Dwight Co.", "Sales Director",
        "Patient Care Systems GmbH".replace("Patient", "Patienten"), "Minister of Finance", "Works Council Liaison",
        "Party Supplies Buyer", "Diversity Officer", "Oncology Nurse", "Disability Insurance Broker", "Raceway Manager",
        "Trade Manager", "Candidate Relations", "Credit Union Manager", "Nunez Ltd", "Gayle Industries", "Vicarage Road Ltd",
    ],
)  # fmt: skip
def test_ordinary_titles(text: str) -> None:
    assert not reveals_special_category(text)


def read(title: str) -> people.Reading:
    body = f"Dear Anna,\n\nplease call.\n\nKind regards\nJane Roe\n{title}\nAcme Pumps Ltd\nTel. +27 21 555 0134\n"
    sender = Address("Jane Roe", "jane@acme.example")
    item = Item(Kind.MAIL, ItemRef("a", "Inbox", "1"), "1", {"sender": sender, "body": body})
    return people.read(item, "ZA")


def test_a_title_is_read_and_a_protected_one_is_not() -> None:
    assert read("Head of Purchasing").signature["job_title"] == "Head of Purchasing"
    for title in ("Union Representative and Manager", "Sales Manager (she/her)", "Chaplain and Director"):
        found = read(title)
        assert "job_title" not in found.signature
        assert found.signature["business_phone"] == "+27215550134"


def test_a_form_of_address_that_tells_is_left_out() -> None:
    assert "honorific" not in people.names(Address("Rabbi David Cohen", "d@x.example"))
    assert people.names(Address("Dr David Cohen", "d@x.example"))["honorific"].lower().startswith("dr")
    assert people.names(Address("Rabbi David Cohen", "d@x.example"))["last_name"] == "Cohen"
