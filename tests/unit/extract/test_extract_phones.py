"""Telephone numbers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxsync.extract.phones import LINE_LIMIT, find_phones, to_e164


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("+44 20 7946 0018", "", "+442079460018"),
        ("+44 (0)20 7946 0018", "US", "+442079460018"),
        ("0044 20 7946 0018", "ZA", "+442079460018"),
        ("0044 20 7946 0018", "US", "+442079460018"),
        ("(202) 555-0123", "US", "+12025550123"),
        ("(202) 555-0123", "us", "+12025550123"),
        ("202.555.0123", "US", "+12025550123"),
        ("011 555 0100", "ZA", "+27115550100"),
        ("+1 202 555 0123 ext. 45", "", "+12025550123"),
        ("+27-11-555-0100", "", "+27115550100"),
        ("030/23125-123", "DE", "+493023125123"),
        ("+39 02 1234 5678", "", "+390212345678"),
    ],
)
def test_valid_numbers(text: str, region: str, number: str) -> None:
    assert to_e164(text, region) == number
    assert to_e164(number, "") == number


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("", "US"),
        ("no number", "US"),
        ("555-0100", "US"),
        ("011 555 0100", ""),
        ("2026-11-23", "DE"),
        ("2026-11-23 10:15", "DE"),
        ("23/11/2026", "GB"),
        ("192.168.10.14", "US"),
        ("1998-2004", "DE"),
        ("+999 1234 5678", "US"),
        ("0123", "XX"),
    ],
)
def test_what_is_no_number(text: str, region: str) -> None:
    assert to_e164(text, region) is None


def test_places_and_extensions_in_a_text() -> None:
    text = "T +44 20 7946 0018 x12\nor 020 7946 0019, not 4500123456"
    found = find_phones(text, "GB")
    assert [(phone.e164, phone.extension) for phone in found] == [("+442079460018", "12"), ("+442079460019", "")]
    assert [text[phone.start : phone.end] for phone in found] == [phone.written for phone in found]


@pytest.mark.parametrize("mark", [" • ", " · ", " / ", " | ", ", "])
def test_two_numbers_on_a_line(mark: str) -> None:
    text = f"8 (495) 999-45-45{mark}8 (921) 999-91-51"
    found = find_phones(text, "RU")
    assert [phone.e164 for phone in found] == ["+74959994545", "+79219999151"]
    assert [text[phone.start : phone.end] for phone in found] == [phone.written for phone in found]


@pytest.mark.parametrize(
    "text",
    [
        "1.23456789012",
        "€2079460018",
        "jane2079460018@acme.example",
        "https://acme.example/02079460018",
        "A12079460018B",
    ],
)
def test_numbers_within_something_else(text: str) -> None:
    assert find_phones(text, "GB") == ()


def test_a_line_is_searched_up_to_its_limit() -> None:
    assert find_phones("x " * (LINE_LIMIT // 2) + "+44 20 7946 0018", "") == ()


@settings(deadline=None)
@given(st.text(alphabet="0123456789 +-()./x\n", max_size=400), st.sampled_from(["", "US", "GB", "DE", "ZA", "xx"]))
def test_any_digits_have_an_answer(text: str, region: str) -> None:
    for phone in find_phones(text, region):
        assert phone.e164[0] == "+" and phone.e164[1:].isdigit()
        assert text[phone.start : phone.end] == phone.written
