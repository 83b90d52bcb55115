"""Texts that once were, or are of the kind that, trouble for a reader: every promise of the readers holds on them.

`tests/fuzz/fuzz_extract.py` makes more, and says what to add here.
"""

from __future__ import annotations

import pytest

from mxsync.extract import read_text
from mxsync.extract.html import to_text
from mxsync.extract.reading import COLON_LIMIT, LINE_COUNT_LIMIT, TEXT_LIMIT
from mxsync.model.item import Address
from tests.fuzz.fuzz_extract import REGIONS, SENDERS, check

SEEDS = {
    "half a character": "\ud800\nRegards\n\udfffJane Roe\n+44 20 7946 0018",
    "nothing but marks": "> > > >",
    "marks without end": ">" * 5_000 + "x",
    "a name in every line": "Jane Roe\n" * 300,
    "digits": "1 " * 3_000,
    "brackets": "(" * 3_000,
    "addresses that are none": "a@a." * 2_000,
    "attributions one after another": "On 3 May 2026 Bob <b@b.example> wrote:\n" * 200,
    "headers one after another": "From: x\n" * 500,
    "rules": ("-" * 60 + "\n") * 200,
    "wrote": "wrote:\n" * 300,
    "legal words": "confidential recipient\n\n" * 300,
    "join blocks": "Microsoft Teams https://teams.microsoft.com/l/meetup-join/1\n" * 100,
    "a lone colon": ":\n：\n>:",
    "a delimiter and nothing": "x\n-- \n",
    "directions": "\u202b\u200f>\u202c\n\u2066Jane Roe\u2069\nT\u00a0+44\u00a020\u00a07946\u00a00018",
    "zeros": "\x00\n\x00Regards\n\x00Jane Roe\x00\n+44 20 7946 0018\x00",
    "quotes in quotes": "".join("> " * depth + "Regards\n" + "> " * depth + "Bob Coe\n" for depth in range(60)),
    "elements without end": "<div class='gmail_quote'>" * 300 + "x",
    "ends without elements": "</blockquote></div>" * 300 + "x",
    "quotes to the end": "<div id='divRplyFwdMsg'>x</div>" * 50,
    "signatures in signatures": "<div class='gmail_signature'>" * 40 + "Jane Roe<br>T +44 20 7946 0018",
}


@pytest.mark.parametrize("text", SEEDS.values(), ids=SEEDS)
def test_every_promise_holds(text: str) -> None:
    for sender in SENDERS:
        check(text, sender, REGIONS[0])
    for region in REGIONS:
        check(text, SENDERS[0], region)


JANE = Address("Jane Roe", "jane.roe@acme.example")
LETTER = "An ordinary line of prose about pumps.\n"
END = "\nKind regards\nJane Roe\nT 020 7946 0018\n"


def test_a_long_letter_is_read_to_its_end() -> None:
    reading = read_text(LETTER * 18_000 + END, sender=JANE, region="GB")
    assert reading.notes == () and [fact.value for fact in reading.facts] == ["Jane Roe", "+442079460018"]


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("x" * (TEXT_LIMIT + 1), f"{TEXT_LIMIT:,}"),
        ("x\n" * (LINE_COUNT_LIMIT + 1), f"{LINE_COUNT_LIMIT:,}"),
        ("x:\n" * (COLON_LIMIT + 5), "colon"),
    ],
)
def test_what_is_cut_short_is_said(text: str, limit: str) -> None:
    reading = read_text(text, sender=JANE, region="GB")
    assert len(reading.notes) == 1 and limit in reading.notes[0]


def test_markup_of_any_depth_has_a_text() -> None:
    assert "x" in to_text("<blockquote>" * 100_000 + "x")
