"""Reading any text at all: limits, hostile input, and the parts that ordinary mail seldom shows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mxsync.extract
from mxsync.extract import Reading, read_text
from mxsync.extract.postal import PostalAddress, find_postal
from mxsync.extract.reading import LINE_COUNT_LIMIT, TEXT_LIMIT, Lines
from mxsync.extract.signature import is_closing
from mxsync.extract.signature_facts import Fact
from mxsync.extract.signature_fields import FIELDS, signature_fields, signature_lines
from mxsync.model.item import Address

JANE = Address("Jane Roe", "jane.roe@acme.example")


def read(text: str, sender: Address = JANE, region: str = "GB") -> Reading:
    return read_text(text, sender=sender, region=region)


def test_the_package_has_no_other_names() -> None:
    with pytest.raises(AttributeError, match="no attribute `nothing`"):
        _ = mxsync.extract.nothing  # type: ignore[attr-defined]


def test_lines_are_numbers_and_text() -> None:
    reading = read("Fine.\n\nRegards\nJane Roe\nSales Manager\n")
    assert list(reading.newest) == [0, 1, 2, 3, 4]
    assert list(reading.closing) == [2]
    assert list(reading.signature) == [3, 4]
    assert reading.signature.text == str(reading.signature) == "Jane Roe\nSales Manager"
    assert 3 in reading.signature and 2 not in reading.signature
    assert reading.signature[0] == 3 and reading.signature[0:2] == (3, 4) and len(reading.signature) == 2
    assert reading.signature == Lines((3, 4), "Jane Roe\nSales Manager")
    assert hash(reading.signature) == hash(Lines((3, 4), "Jane Roe\nSales Manager"))
    assert reading.signature != (3, 4)
    assert repr(Lines((1,), "a")) == "Lines([1], 'a')"
    assert not read("Fine.").signature and str(read("Fine.").signature) == ""


def test_fields_name_their_lines() -> None:
    reading = read("Fine.\n\nRegards\nJane Roe\nSales Manager\nHome: 020 7946 0018\nMobile +44 7400 123456\n")
    assert signature_lines(reading) == {
        "first_name": 3,
        "last_name": 3,
        "full_name": 3,
        "job_title": 4,
        "home_phone": 5,
        "mobile_phone": 6,
    }
    assert set(signature_fields(reading)) <= FIELDS


def test_the_senders_own_address_is_no_news() -> None:
    reading = read("Fine.\n\nRegards\nJane Roe\nJane.Roe@acme.example\n")
    assert signature_fields(reading)["email"] == "Jane.Roe@acme.example"
    assert "email" not in signature_fields(reading, JANE)
    assert signature_fields(reading, Address("", "jr@acme.example"))["email"] == "Jane.Roe@acme.example"


def test_numbers_keep_their_extension() -> None:
    reading = read("Fine.\n\nRegards\nJane Roe\nT 020 7946 0018 ext 45\n")
    assert Fact("phone", "+442079460018", 4, "45") in reading.facts


def test_others_are_what_stands_in_the_text() -> None:
    reading = read(
        "Write to bob@other.example or call 020 7946 0777, he waits for it.\n\nRegards\nJane Roe\nT 020 7946 0018\n"
    )
    assert [(fact.kind, fact.value, fact.line) for fact in reading.others] == [
        ("email", "bob@other.example", 0),
        ("phone", "+442079460777", 0),
    ]


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    reading = read("x" * (TEXT_LIMIT + 1))
    assert reading.notes == (
        f"only the first {TEXT_LIMIT:,} of {TEXT_LIMIT + 1:,} characters were searched for a signature",
    )
    reading = read("x\n" * LINE_COUNT_LIMIT)
    assert reading.notes == (
        f"only the first {LINE_COUNT_LIMIT:,} of {LINE_COUNT_LIMIT + 1:,} lines were searched for a signature",
    )
    assert read("x").notes == ()


HOSTILE = [
    "",
    "\n" * 50_000,
    " " * 200_000,
    "a" * 200_000,
    "1" * 200_000,
    "1 " * 100_000,
    "+" * 200_000,
    "+1 (" * 50_000,
    "@" * 200_000,
    "a@" * 100_000,
    "a.a@a." * 30_000,
    "x@" + "a." * 90_000,
    ">" * 200_000,
    "> \n" * 60_000,
    "On 1.1.2026\n" * 15_000,
    "On 1.1.2026 wrote\n" * 10_000,
    "From: x\n" * 20_000,
    "From: x\n\n" * 20_000,
    "To: x\n" * 30_000,
    "-----\n" * 30_000,
    "-- \n" * 40_000,
    "Regards\n" * 25_000,
    "Thanks, Jane\n\n" * 12_000,
    "Jane Roe\n" * 20_000,
    "Jane Roe | " * 18_000,
    "020 7946 0018\n" * 12_000,
    "020 7946 0018 " * 12_000,
    "www." * 50_000,
    "http://" * 25_000,
    "Director " * 20_000,
    "GmbH & Co. KG " * 14_000,
    "confidential recipient\n" * 8_000,
    "Street 1, " * 20_000,
    "12345 City\n" * 18_000,
    "x\x00y\r\n" * 30_000,
    "\ud800\udfff" * 50_000,
    "(" * 100_000 + ")" * 100_000,
    "ß" * 200_000,
    "Regards\nJane Roe\n" + "a, " * 300 + "\n" + "1 " * 150 + "\n" + "| " * 150,
]


@pytest.mark.parametrize("text", HOSTILE, ids=[repr(text[:20]) for text in HOSTILE])
def test_hostile_text_has_an_answer(text: str) -> None:
    reading = read(text)
    assert set(reading.signature) <= set(reading.newest)
    assert len(reading.facts) <= 200


WORDS = [
    "Jane",
    "Roe",
    "Regards",
    "Thanks,",
    "-- ",
    "T:",
    "M:",
    "+44 20 7946 0018",
    "020 7946 0018",
    "Sales Manager",
    "Acme Ltd",
    "|",
    ",",
    "12 Long Lane",
]
WORDS += [
    "London EC1A 1BB",
    "77002",
    "Houston, Texas 77002",
    "jane@acme.example",
    "www.acme.example",
    "> x",
    "\n",
    "\n",
    "\n",
    "\n\n",
    "Fax",
    "(fax)",
    "Sent from my iPhone",
]
WORDS += [
    "On 1.1.2026 Bob wrote:",
    "From: Bob",
    "To: Jane",
    "Subject: x",
    "PS I will come.",
    "USA",
    "confidential recipient notice to delete in error",
    "*",
    "____",
    "王小明",
]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)
    | st.lists(st.sampled_from(WORDS), max_size=40).map("\n".join)
    | st.text(max_size=500),
    st.sampled_from([JANE, Address(), Address("", "x@gmail.com"), Address("Roe, Jane", ""), Address("\ud800", "@")]),
    st.sampled_from(["GB", "US", "", "??"]),
)
def test_any_text_has_an_answer(text: str, sender: Address, region: str) -> None:
    reading = read_text(text, sender=sender, region=region)
    count = len(text.split("\n"))
    for part in (reading.newest, reading.closing, reading.signature):
        assert list(part) == sorted(set(part)) and all(0 <= number < count for number in part)
    assert set(reading.signature) | set(reading.closing) <= set(reading.newest)
    assert not set(reading.signature) & set(reading.closing)
    assert {fact.line for fact in reading.facts} <= set(reading.signature)
    assert all(signature_fields(reading).values())
    assert set(signature_fields(reading)) <= FIELDS


@settings(deadline=None)
@given(st.builds(Address, st.text(max_size=40), st.text(max_size=40)), st.text(max_size=20))
def test_any_sender_and_region_have_an_answer(sender: Address, region: str) -> None:
    text = "Fine.\n\nRegards\nJane Roe\nT 020 7946 0018\n"
    assert isinstance(read_text(text, sender=sender, region=region), Reading)


@pytest.mark.parametrize(
    "line",
    [
        "Kind regards",
        "Kind regards,",
        "Best,",
        "Thanks!",
        "Thanks for your help.",
        "Thanks. Sara",
        "Regards, JR",
        "Thank you Jane",
        "MfG",
        "*Cheers*",
        "Yours sincerely,",
    ],
)
def test_closings(line: str) -> None:
    assert is_closing(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Thanks, I'll check it",
        "Thanks for the long report that you sent us on Friday",
        "Best price in town is ours",
        "See you Monday.",
        "Regardless",
        "Love Actually",
        "Cheersport",
        "Thanks, will do",
    ],
)
def test_lines_that_close_nothing(line: str) -> None:
    assert not is_closing(line)


POSTAL = [
    (["12 Long Lane", "London EC1A 1BB"], PostalAddress("12 Long Lane", "London", "", "EC1A 1BB", "", 0, 2)),
    (
        ["12 Long Lane, London EC1A 1BB, UK"],
        PostalAddress("12 Long Lane", "London", "", "EC1A 1BB", "United Kingdom", 0, 1),
    ),
    (["12 Long Lane", "London", "EC1A 1BB"], PostalAddress("12 Long Lane", "London", "", "EC1A 1BB", "", 0, 3)),
    (
        ["Hauptstraße 12", "D-10115 Berlin", "Deutschland"],
        PostalAddress("Hauptstraße 12", "Berlin", "", "10115", "Germany", 0, 3),
    ),
    (
        ["Bahnhofstr. 3, 9000 St. Gallen, Schweiz"],
        PostalAddress("Bahnhofstr. 3", "St. Gallen", "", "9000", "Switzerland", 0, 1),
    ),
    (
        ["100 King Street West", "Toronto, ON M5V 2T6"],
        PostalAddress("100 King Street West", "Toronto", "ON", "M5V 2T6", "", 0, 2),
    ),
    (
        ["1 George Street, Sydney NSW 2000, Australia"],
        PostalAddress("1 George Street", "Sydney", "NSW", "2000", "Australia", 0, 1),
    ),
    (
        ["5 Main Rd, Rondebosch, Cape Town, 7700"],
        PostalAddress("5 Main Rd, Rondebosch", "Cape Town", "", "7700", "", 0, 1),
    ),
    (["5 Wayside Rd, Burlington", "MA 01803"], PostalAddress("5 Wayside Rd", "Burlington", "MA", "01803", "", 0, 2)),
    (["Postfach 1234", "10115 Berlin"], PostalAddress("Postfach 1234", "Berlin", "", "10115", "", 0, 2)),
    (["10115 Berlin"], PostalAddress("", "Berlin", "", "10115", "", 0, 1)),
    (["12 Long Lane", "Something Else Entirely"], PostalAddress("12 Long Lane", "", "", "", "", 0, 2)),
    (["12 Long Lane", "we make pumps"], PostalAddress("12 Long Lane", "", "", "", "", 0, 1)),
    (["12 Long Lane", "Paris", "France"], PostalAddress("12 Long Lane", "Paris", "", "", "France", 0, 3)),
    (["Sales Manager"], None),
    (["EC1A 1BB"], None),
    ([], None),
]


@pytest.mark.parametrize(("lines", "address"), POSTAL)
def test_postal_addresses(lines: list[str], address: PostalAddress | None) -> None:
    assert find_postal(list(enumerate(lines))) == address


def test_a_postal_address_for_reading() -> None:
    address = find_postal(list(enumerate(["12 Long Lane", "London EC1A 1BB", "UK"])))
    assert address is not None and address.text == "12 Long Lane\nLondon EC1A 1BB\nUnited Kingdom"


def test_lines_far_apart_are_not_one_address() -> None:
    assert find_postal([(0, "12 Long Lane"), (9, "London EC1A 1BB")]) == PostalAddress("12 Long Lane", line=0, end=1)
