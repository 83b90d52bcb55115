"""Marks before quoted lines, and what programs and transports make of them."""

from __future__ import annotations

import pytest

from mxsync.extract.quote_marks import broken_off, marked, plain_lines, without_marks
from mxsync.extract.quotes import own_lines
from mxsync.extract.reading import read_text
from mxsync.model.item import Address

HEADING = "On Mon, 23 Nov 2026 at 09:50, Bob Poe <bob@other.example> wrote:"
LONG = "> The pump that we had from you in the spring has a leak again, and so we would like you to"


def test_what_was_broken_off_a_long_quoted_line_is_quoted() -> None:
    lines = ["Fine.", "", HEADING, LONG, "send somebody who has a look at it before the end of the week.", ">", "> Bob"]
    assert broken_off(lines, [marked(line) for line in lines]) == {4}
    assert own_lines(lines) == (0,)


def test_what_was_broken_off_may_be_several_lines() -> None:
    rest = [
        "send somebody who has a look at it before the end of the week. We are at the works on all days.",
        "Call first.",
    ]
    assert len(rest[0]) > 78
    lines = ["Fine.", "", HEADING, LONG, *rest, "", "I shall come on Monday."]
    assert broken_off(lines, [marked(line) for line in lines]) == {4, 5}
    assert own_lines(lines) == (0, 1, 6, 7)


@pytest.mark.parametrize(
    "quote",
    [
        "> Shall we meet?",  # short: there was room
        "> The pump that we had from you in the spring has a leak again, and so we ask you for help now.",  # ended
        LONG + " send somebody who has a look at it before the end of the week",  # longer than anything is broken at
    ],
)
def test_an_answer_right_below_a_quote_is_own(quote: str) -> None:
    assert own_lines([HEADING, quote, "Yes, on Monday."]) == (2,)


def test_short_rests_in_deep_quotes() -> None:
    lines = ["Fine.", "", HEADING, "> > > Thanks for the insight. How can this thing", "be done", "> > > at all?"]
    assert own_lines(lines) == (0,)
    answered = [HEADING, "> Thanks for the insight. How can this thing", "by hand", "> be done?", "so"]
    assert own_lines(answered) == (2, 4)


def test_a_quote_below_a_message_s_headers_may_be_marked_with_colons() -> None:
    quote = [
        ": Date: Mon, 23 Nov 2026 09:50:00 +0200",
        ": From: Bob Poe <bob@other.example>",
        ": To: jane@acme.example",
    ]
    lines = ["See below.", "", *quote, ": ", ": Call me.", ": Tel. +44 20 7946 0018"]
    assert own_lines(lines) == (0,)
    attributed = ["Bob wrote on Monday, 23 Nov 2026 at 09:50:", ": Call me.", ": Or", ": not.", "I shall."]
    assert 4 in own_lines(attributed) and not {1, 2, 3} & set(own_lines(attributed))


def test_a_list_with_colons_is_no_quote() -> None:
    lines = ["Dear Anna,", "", ": one", ": two", ": three", ""]
    assert own_lines(lines) == (0, 1, 2, 3, 4)


def test_from_at_the_beginning_of_a_line_is_no_quote() -> None:
    """Mailboxes of the form mbox put a '>' before it."""
    lines = ["Hello,", "", ">From where can we have it?", "", "Jane"]
    assert own_lines(lines) == (0, 1, 2, 3, 4)
    assert plain_lines(lines)[2] == "From where can we have it?"


@pytest.mark.parametrize("lines", [["> Hi,", ">From Monday on."], ["So?", "", ">From Monday on.", "", ">yes", "No."]])
def test_but_it_is_one_among_quoted_lines(lines: list[str]) -> None:
    assert plain_lines(lines) == lines


def test_an_attribution_without_colon() -> None:
    assert own_lines(["It has a leak.", "", "Bob Poe wrote", "> What has it?"]) == (0,)
    assert own_lines(["This is what", "Bob Poe wrote", "", "and no more"]) == (0, 1, 2, 3)


def test_marks_are_counted_and_taken_off() -> None:
    assert without_marks("> > Bob") == (2, "Bob")
    assert without_marks("JR> Bob") == (1, "Bob")
    assert without_marks("Bob") == (0, "Bob")


def test_a_quoted_signature_with_broken_lines_stays_one_author_s() -> None:
    text = "\n".join(
        [
            "Fine.",
            "",
            HEADING,
            LONG,
            "send somebody.",
            ">",
            "> Kind regards",
            "> Bob Poe",
            "> Tel. +44 20 7946 0018",
        ]
    )
    reading = read_text(text, sender=Address("Jane Roe", "jane@acme.example"), region="GB")
    assert reading.message == "Fine."
    assert [(fact.kind, fact.author) for fact in reading.others if fact.kind == "phone"] == [
        ("phone", "bob@other.example")
    ]


@pytest.mark.parametrize(
    ("heading", "offered"),
    [(HEADING, False), ("-----Forwarded message-----\nFrom: Bob Poe <bob@other.example>\nSubject: Pumps", True)],
)
def test_a_quoted_author_is_offered_where_he_can_be_reached_a_forwarded_one_always(heading: str, offered: bool) -> None:
    signed = ["Kind regards", "Bob Poe", "Sales Manager", "Other Pumps Ltd"]
    marks = "" if offered else "> "
    text = "\n".join(["See below.", "", heading, "", *(marks + line for line in ["Yes.", "", *signed])])
    sender = Address("Jane Roe", "jane@acme.example")
    titles = [fact.value for fact in read_text(text, sender=sender, region="GB").others if fact.kind == "title"]
    assert titles == (["Sales Manager"] if offered else [])
    reached = read_text(text + f"\n{marks}Tel. +44 20 7946 0018", sender=sender, region="GB").others
    assert {"title", "phone"} <= {fact.kind for fact in reached}
