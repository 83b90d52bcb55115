"""Who writes: role addresses, bulk mail, automatic answers, and the score of a person."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxsync.extract.bulk import is_auto_reply, is_bulk
from mxsync.extract.roles import is_role_address
from mxsync.extract.score import person_score
from mxsync.extract.word_list import words
from mxsync.model.item import Address

JANE = Address("Jane Roe", "jane.roe@acme.example")


@pytest.mark.parametrize(
    "local",
    sorted(
        words(
            "info INFO noreply no-reply do-not-reply support sales mailer-daemon postmaster "
            "bounces+12-jane=acme.example notifications newsletter"
            " billing hr info2 no.reply noreply+x accounts bounce-123 support-de acme-support team.sales "
            "list-bounces owner-list list-request"
            " SRS0=abc=de=acme.example=jane prvs=12ab=jane 0f8fad5b-d9cd-469f-a165-70867728950e 123456789 "
            "bestellung-noreply"
            " deadbeefdeadbeef vertrieb rechnung contact webmaster abuse jobs"
        )
    ),
)
def test_role_addresses(local: str) -> None:
    assert is_role_address(f"{local}@acme.example")


@pytest.mark.parametrize(
    "local",
    sorted(words("jane jane.roe j.roe roe jsmith infante salesman supporto.marco hrand newsome jane+info teamus")),
)
def test_peoples_addresses(local: str) -> None:
    assert not is_role_address(f"{local}@acme.example")


def test_role_addresses_at_the_edge() -> None:
    assert not is_role_address("info")
    assert not is_role_address("")
    assert is_role_address("@acme.example")
    assert is_role_address("<info@acme.example>")
    assert is_role_address("x" * 401 + "@acme.example")


@pytest.mark.parametrize(
    "headers",
    [
        {"list-id": ("<news.acme.example>",)},
        {"list-unsubscribe": ("<mailto:x@acme.example>",)},
        {"list-post": ("<mailto:x@acme.example>",)},
        {"precedence": ("bulk",)},
        {"precedence": (" List ",)},
        {"precedence": ("first-class", "junk")},
        {"x-mc-user": ("1",)},
        {"feedback-id": ("1:2:3",)},
    ],
)
def test_bulk(headers: dict[str, tuple[str, ...]]) -> None:
    assert is_bulk(headers)


@pytest.mark.parametrize(
    "headers", [{}, {"precedence": ("normal",)}, {"list-post": ("NO",)}, {"subject": ("list-id: x",)}]
)
def test_not_bulk(headers: dict[str, tuple[str, ...]]) -> None:
    assert not is_bulk(headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"auto-submitted": ("auto-replied",)},
        {"auto-submitted": ("Auto-Generated; type=x",)},
        {"auto-submitted": ("auto-notified (owner)",)},
        {"x-autoreply": ("yes",)},
        {"x-autorespond": ("Out of office",)},
        {"x-auto-response-suppress": ("All",)},
        {"precedence": ("auto_reply",)},
        {"return-path": ("<>",)},
        {"content-type": ("multipart/report; report-type=delivery-status",)},
        {"x-failed-recipients": ("jane@acme.example",)},
    ],
)
def test_auto_replies(headers: dict[str, tuple[str, ...]]) -> None:
    assert is_auto_reply(headers)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"auto-submitted": ("no",)},
        {"auto-submitted": ("No (a person)",)},
        {"auto-submitted": ("",)},
        {"x-autoreply": ("no",)},
        {"x-auto-response-suppress": ("None",)},
        {"precedence": ("bulk",)},
        {"return-path": ("<jane@acme.example>",)},
        {"content-type": ("text/plain",)},
    ],
)
def test_not_auto_replies(headers: dict[str, tuple[str, ...]]) -> None:
    assert not is_auto_reply(headers)


def test_a_person_who_answers_scores_high() -> None:
    score = person_score(
        JANE, {"in-reply-to": ("<1@ours.example>",)}, sent_by_us=False, newest="Agreed.", has_signature=True
    )
    assert score.value >= 85
    assert "the mail answers another (+15)" in score.reasons
    assert "the mail ends in a signature (+10)" in score.reasons


def test_somebody_we_write_to_scores_higher_than_a_stranger() -> None:
    written_to = person_score(JANE, {}, sent_by_us=True)
    stranger = person_score(JANE, {}, sent_by_us=False)
    assert written_to.value > stranger.value >= 50


def test_our_own_newsletter_says_nothing_of_its_reader() -> None:
    assert (
        person_score(JANE, {"list-id": ("x",)}, sent_by_us=True, newest="unsubscribe").value
        == person_score(JANE, {}, sent_by_us=True).value
    )


@pytest.mark.parametrize(
    ("address", "headers", "newest", "most", "reason"),
    [
        (Address("Acme", "info@acme.example"), {}, "", 10, "the address is a function's, not a person's (at most 10)"),
        (JANE, {"list-id": ("x",)}, "", 15, "the mail went to a list (at most 15)"),
        (JANE, {"auto-submitted": ("auto-replied",)}, "", 10, "a program sent the mail (at most 10)"),
        (
            Address("Jane Roe", "jane@acme.onmicrosoft.com"),
            {},
            "",
            15,
            "the domain is a mail or web host's (at most 15)",
        ),
        (Address("Jane Roe", "nobody"), {}, "", 0, "no valid address (at most 0)"),
        (Address("Acme Shop", "x@acme.example"), {}, "", 30, "the name is not a person's (-25)"),
        (JANE, {}, "Buy now! To unsubscribe click here", 40, "the text offers to unsubscribe (-30)"),
        (JANE, {}, "Please do not reply to this message", 40, "the text says that nobody reads answers (-30)"),
    ],
)
def test_what_lowers_the_score(
    address: Address, headers: dict[str, tuple[str, ...]], newest: str, most: int, reason: str
) -> None:
    score = person_score(address, headers, sent_by_us=False, newest=newest)
    assert score.value <= most
    assert reason in score.reasons


@settings(deadline=None)
@given(
    st.builds(Address, st.text(max_size=40), st.text(max_size=40) | st.just("jane@acme.example")),
    st.dictionaries(
        st.sampled_from(["list-id", "precedence", "auto-submitted", "references"]), st.tuples(st.text(max_size=20))
    ),
    st.booleans(),
    st.text(max_size=200),
)
def test_every_score_lies_between_0_and_100(
    address: Address, headers: dict[str, tuple[str, ...]], sent_by_us: bool, newest: str
) -> None:
    score = person_score(address, headers, sent_by_us=sent_by_us, newest=newest)
    assert 0 <= score.value <= 100
    assert score == person_score(address, headers, sent_by_us=sent_by_us, newest=newest)
