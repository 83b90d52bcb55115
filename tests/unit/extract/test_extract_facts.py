"""Facts: their kinds by label and by plan, the country a number is read by, and what goes with each."""

from __future__ import annotations

import pytest

from mxsync.extract import read_text
from mxsync.extract.facts import Fact
from mxsync.extract.phone_labels import label_word
from mxsync.extract.quoted_parts import person_in
from mxsync.extract.regions import region_of_country, region_of_domain, region_of_label
from mxsync.extract.signature_fields import signature_fields
from mxsync.model.item import Address

JANE = Address("Jane Roe", "jane.roe@acme.example")


def facts(*lines: str, sender: Address = JANE, region: str = "GB") -> tuple[Fact, ...]:
    return read_text("Fine.\n\nKind regards\nJane Roe\n" + "\n".join(lines), sender=sender, region=region).facts


def kinds(*lines: str, **options: str) -> set[tuple[str, str]]:
    return {(fact.kind, fact.value) for fact in facts(*lines, **options) if fact.kind != "name"}  # type: ignore[arg-type]


NUMBERS = [
    ("T: 020 7946 0018", "phone"),
    ("Phone 020 7946 0018", "phone"),
    ("020 7946 0018 (direct)", "phone"),
    ("Mob.:\t07400 123456", "mobile"),
    ("(c) 07400 123456", "mobile"),
    ("WhatsApp 07400 123456", "mobile"),
    ("07400 123456", "mobile"),
    ("020 7946 0018", "phone"),
    ("Fax\t020 7946 0018", "fax"),
    ("Telefax: 020 7946 0018", "fax"),
    ("020 7946 0018 fax", "fax"),
    ("Tel/Fax: 020 7946 0018", "phone"),
    ("Tel. and fax: 020 7946 0018", "phone"),
    ("Handy 07400 123456", "mobile"),
    ("携帯：07400 123456", "mobile"),
    ("Τηλ.: 020 7946 0018", "phone"),
    ("моб. 07400 123456", "mobile"),
]


@pytest.mark.parametrize(("line", "kind"), NUMBERS)
def test_the_kind_of_a_number(line: str, kind: str) -> None:
    assert {found for found, _ in kinds("Buyer", line)} == {kind, "title"}


REGIONS = [
    ("Tel (UK): 020 7946 0018", "jane@acme.example", "ZA", "+442079460018"),
    ("Germany: 030 23125123", "jane@acme.example", "GB", "+493023125123"),
    ("T 011 555 0100", "jane@acme.co.za", "GB", "+27115550100"),
    ("T 030 23125123", "jane@acme.de", "", "+493023125123"),
    ("T 020 7946 0018", "jane@acme.co", "GB", "+442079460018"),
    ("T 0047 21 23 38 75", "jane@acme.example", "", "+4721233875"),
]


@pytest.mark.parametrize(("line", "address", "region", "number"), REGIONS)
def test_the_country_that_a_number_is_read_by(line: str, address: str, region: str, number: str) -> None:
    assert ("phone", number) in kinds("Buyer", line, sender=Address("Jane Roe", address), region=region)


def test_the_postal_address_tells_the_country_before_the_domain_does() -> None:
    found = kinds(
        "12 Long Lane, London EC1A 1BB, UK",
        "T 020 7946 0018",
        sender=Address("Jane Roe", "jane@acme.co.za"),
        region="ZA",
    )
    assert ("phone", "+442079460018") in found


def test_regions_by_domain_label_and_name() -> None:
    assert [region_of_domain(d) for d in ("acme.co.uk", "acme.de", "acme.io", "acme.com", "", "acme.zz")] == [
        "GB",
        "DE",
        "",
        "",
        "",
        "",
    ]
    assert [region_of_label(t) for t in ("Tel (UK)", "South Africa", "US office", "Direct", "")] == [
        "GB",
        "ZA",
        "US",
        "",
        "",
    ]
    assert region_of_country("Germany") == "DE" and region_of_country("Nowhere") == ""


def test_what_goes_with_a_fact() -> None:
    found = {
        fact.kind: fact
        for fact in facts(
            "Head of Sales",
            "Export Department",
            "Acme Ltd",
            "Freephone 0800 123 4567",
            "https://www.linkedin.com/in/jane-roe",
            "T 020 7946 0018 ext. 45",
        )
    }
    assert found["title"].department == "Export Department"
    assert found["website"].profile == "linkedin.com"
    phones = {
        fact.value: fact for fact in facts("Freephone 0808 157 0192", "T 020 7946 0018 ext. 45") if fact.kind == "phone"
    }
    assert phones["+448081570192"].toll_free and not phones["+442079460018"].toll_free
    assert phones["+442079460018"].extension == "45"


def test_a_profile_is_not_the_organisations_site_and_a_department_is_a_field() -> None:
    reading = read_text(
        "Fine.\n\nRegards\nJane Roe\nCounsel, Legal Department\nAcme Ltd\nlinkedin.com/in/jane-roe\n",
        sender=JANE,
        region="GB",
    )
    fields = signature_fields(reading, JANE)
    assert fields["job_title"] == "Counsel" and fields["department"] == "Legal Department" and "website" not in fields


@pytest.mark.parametrize(
    "line",
    [
        "HRB 12345 Amtsgericht Köln, USt-IdNr. DE999888777",
        "SARL au capital de 50 000 € - RCS Lyon 999 888 777",
        "Company No. 07946001 registered in England",
        "ИНН 7701999887 КПП 770101001",
    ],
)
def test_the_number_of_a_register_is_not_one_to_call(line: str) -> None:
    assert kinds("Buyer", "T 020 7946 0018", "", line, region="FR") >= {("title", "Buyer")}
    assert (
        len([kind for kind, _ in kinds("Buyer", "T +44 20 7946 0018", "", line, region="FR") if kind == "phone"]) == 1
    )


def test_each_fact_says_where_it_stands_and_in_which_part() -> None:
    text = "Call +44 20 7946 0055.\n\nRegards\n   Jane Roe\n   Mob. +44 7400 123456\n\nOn 3 May 2026, Ann Poe <ann@shop.example> wrote:\n> Regards\n> Ann Poe\n> Shop Ltd\n> T +44 20 7946 0077"
    reading = read_text(text, sender=JANE, region="GB")
    lines = text.split("\n")
    said = {
        (fact.source, fact.kind, lines[fact.line][slice(*fact.span)], fact.author)
        for fact in (*reading.facts, *reading.others)
    }
    assert said == {
        ("signature", "name", "Jane Roe", ""),
        ("signature", "mobile", "+44 7400 123456", ""),
        ("text", "phone", "+44 20 7946 0055", ""),
        ("quoted", "name", "Ann Poe", "ann@shop.example"),
        ("quoted", "organisation", "Shop Ltd", "ann@shop.example"),
        ("quoted", "phone", "+44 20 7946 0077", "ann@shop.example"),
    }


@pytest.mark.parametrize(
    ("heading", "name", "address"),
    [
        ("On Sun, May 3, 2026 at 3:12 PM Ann Poe <ann@shop.example> wrote:", "Ann Poe", "ann@shop.example"),
        ("Am So., 3. Mai 2026 um 15:12 Uhr schrieb Ann Poe <ann@shop.example>:", "Ann Poe", "ann@shop.example"),
        ("Ann Poe [mailto:ann@shop.example]", "Ann Poe", "ann@shop.example"),
        ('"Poe, Ann" <ann@shop.example>', "Poe, Ann", "ann@shop.example"),
        ("ann@shop.example", "", "ann@shop.example"),
        ("Ann Poe", "Ann Poe", ""),
    ],
)
def test_the_person_in_a_heading(heading: str, name: str, address: str) -> None:
    assert person_in(heading) == Address(name, address)


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Tel.", "phone"),
        ("teléfono móvil", "mobile"),
        ("Fax direct", "fax"),
        ("Beeper", "pager"),
        ("Room", ""),
        ("", ""),
    ],
)
def test_labels(label: str, kind: str) -> None:
    assert label_word(label) == kind
