"""Numbers that are taken without the library are those that it gives, and no others."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mxsync.decide import phone_numbers
from mxsync.decide.phone_numbers import e164_of
from mxsync.extract.phones import to_e164

CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
EXAMPLES = [
    (code, phonenumbers.national_significant_number(found))
    for code in CODES
    for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]
    for kind in (0, 1, 2)
    if region != "001" and (found := phonenumbers.example_number_for_type(region, kind)) is not None
]


@st.composite
def written(draw: st.DrawFn) -> str:
    """An international number: an example of a plan with a few digits changed, or any digits."""
    code, national = draw(st.sampled_from(EXAMPLES))
    if draw(st.booleans()):
        national = draw(st.text("0123456789", min_size=2, max_size=14))
    digits = list(national)
    for place in draw(st.lists(st.integers(0, len(digits) - 1), max_size=4)):
        digits[place] = draw(st.sampled_from("0123456789"))
    marks = draw(st.lists(st.sampled_from(["", "", " ", "-", "  "]), min_size=len(digits), max_size=len(digits)))
    start = draw(st.sampled_from(["", "0", "00"]))
    return f"+{code} {start}" + "".join(map("".join, zip(digits, marks, strict=True)))


@given(written(), st.sampled_from(["ZA", "DE", "US", "IT", ""]))
@example("+27 82 555 0100", "ZA")
@example("+39 06 698 12345", "IT")
@example("+1 242 365 1234", "US")
@example("+54 9 11 2345 6789", "AR")
def test_the_same_as_the_library(text: str, region: str) -> None:
    assert e164_of(text, region) == to_e164(text, region)


@pytest.mark.parametrize(
    "text", ["082 555 0100", "+27 82 555 0100 ext 5", "0027 82 555 0100", "+", "", "+٢٧ ٨٢ ٥٥٥ ٠١٠٠", "2026-11-23"]
)
def test_everything_else_is_left_to_it(text: str) -> None:
    assert e164_of(text, "ZA") == to_e164(text, "ZA")


def test_what_most_cards_hold_does_not_need_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(text: str, region: str) -> str | None:
        raise AssertionError(text)

    monkeypatch.setattr(phone_numbers, "to_e164", never)
    said = {"+27 82 555 0100": "+27825550100", "+49 30 901820": "+4930901820", "+44 20 7946 0018": "+442079460018",
            "+1 212-555-2368": "+12125552368"}  # fmt: skip
    assert {text: e164_of(text, "") for text in said} == said
