"""Who writes: role addresses, bulk mail, automatic answers, and the score of a person."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxsync.extract.bulk import is_auto_reply, is_bulk
from mxsync.extract.roles import is_role_address
from mxsync.extract.score import Score, Sighting, person_score
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
            " meetingroom scanner voicemail 445566 +27215550101 return-jane=acme.example login"
            " deadbeefdeadbeef vertrieb rechnung contact webmaster abuse jobs"
        )
    ),
)
def test_role_addresses(local: str) -> None:
    assert is_role_address(f"{local}@acme.example")


@pytest.mark.parametrize(
    "local",
    sorted(
        words(
            "jane jane.roe j.roe roe jsmith infante salesman supporto.marco hrand newsome jane+info teamus roomy scanlon apple"
        )
    ),
)
def test_peoples_addresses(local: str) -> None:
    assert not is_role_address(f"{local}@acme.example")


@pytest.mark.parametrize(
    "address",
    [
        "jane.123@guest.booking.com",
        "x@reply.github.com",
        "1234567@t.plcm.vc",
        "0102017f-abcd-4123@x.example",
        "jane@bounces.acme.example",
    ],
)
def test_addresses_that_stand_for_somebody_for_a_while(address: str) -> None:
    assert is_role_address(address)


def test_a_number_is_a_person_at_a_free_provider_only() -> None:
    assert not is_role_address("10001@qq.com")
    assert is_role_address("10001@acme.example")


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


SIGNED = Sighting(newest="Agreed.", has_signature=True)
STRANGER = Sighting()
WRITTEN_TO = Sighting(sent_by_us=True)
OURS = frozenset({"karooworks.example"})


def test_a_person_who_answers_one_of_ours_scores_high() -> None:
    score = person_score(JANE, replace(SIGNED, both_ways=True))
    assert score.value >= 95
    assert "the mail answers one that one of us sent (+30)" in score.reasons
    assert "the mail ends in a signature (+10)" in score.reasons


def test_an_answer_to_somebody_unknown_says_little() -> None:
    score = person_score(JANE, replace(SIGNED, headers={"in-reply-to": ("<1@elsewhere.example>",)}))
    assert "the mail answers another (+5)" in score.reasons


def test_somebody_we_write_to_scores_higher_than_a_stranger() -> None:
    assert person_score(JANE, WRITTEN_TO).value > person_score(JANE, STRANGER).value >= 50


def test_a_circular_says_less_than_a_letter() -> None:
    circular = person_score(JANE, replace(WRITTEN_TO, outside=40))
    assert circular.value < person_score(JANE, replace(WRITTEN_TO, outside=20)).value
    assert "one of us wrote to this address, with 39 others (+5)" in circular.reasons


def test_our_own_newsletter_says_nothing_of_its_reader() -> None:
    ours = replace(WRITTEN_TO, headers={"list-id": ("x",)}, newest="unsubscribe")
    assert person_score(JANE, ours).value == person_score(JANE, WRITTEN_TO).value


def test_nothing_known_is_fifty() -> None:
    assert person_score(Address("", "jr@acme.example"), STRANGER) == Score(50, ())


@pytest.mark.parametrize(
    ("person", "seen", "most", "reason"),
    [
        (Address("Acme", "info@acme.example"), STRANGER, 10, "the address is a function's, not a person's (at most 10)"),
        (JANE, Sighting({"list-id": ("x",)}), 15, "the mail went to a list (at most 15)"),
        (JANE, Sighting({"auto-submitted": ("auto-replied",)}), 10, "a program sent the mail (at most 10)"),
        (JANE, Sighting({"x-spam-flag": ("YES",)}), 10, "a spam filter caught the mail (at most 10)"),
        (JANE, Sighting({"x-zammad-ticket-id": ("1",)}), 25, "a ticket system sent the mail (at most 25)"),
        (JANE, Sighting(subject="[#ACME-1234] Pump"), 25, "the subject carries a ticket's number (at most 25)"),
        (JANE, Sighting(subject="AW: Abwesenheitsnotiz"), 15, "the subject is an automatic answer's (at most 15)"),
        (JANE, Sighting(subject="Declined: Review"), 35, "a calendar answered an invitation (at most 35)"),
        (JANE, Sighting(subject="Ihr Sicherheitscode"), 65, ""),
        (JANE, Sighting(subject="Your verification code"), 25, "the subject is about an account (at most 25)"),
        (Address("Jane Roe", "jane@acme.onmicrosoft.com"), STRANGER, 15, "the domain is a mail or web host's (at most 15)"),
        (Address("Jane Roe", "jane@mailinator.com"), STRANGER, 15, "the address is one to be thrown away (at most 15)"),
        (Address("Jane Roe via Shop", "jane@acme.example"), STRANGER, 15, "a program writes in the name of somebody (at most 15)"),
        (Address("ceo@karooworks.example", "x@evil.example"), STRANGER, 10, "the name shows another address (`ceo@karooworks.example`) (at most 10)"),
        (Address("Jane Roe", "nobody"), STRANGER, 0, "no valid address (at most 0)"),
        (Address("Acme Shop", "x@acme.example"), STRANGER, 30, "the name is not a person's (-25)"),
        (JANE, Sighting(newest="Buy now! To unsubscribe click here"), 40, "the text offers to unsubscribe (-30)"),
        (JANE, Sighting(newest="Please do not reply to this message"), 40, "the text says that nobody reads answers (-30)"),
        (JANE, Sighting({"x-mailer": ("PHPMailer 6",)}), 40, "a program for mass mail sent the mail (-30)"),
        (JANE, Sighting(wrote_it=False), 50, "only on copy: neither wrote it nor was written to by one of us (-15)"),
        (JANE, Sighting(addressed=False), 50, "none of us is addressed (-15)"),
        (JANE, Sighting(reply_to=(Address("", "a@b.example"),)), 45, "answers go elsewhere (a@b.example) (-20)"),
        (Address("Jane Roe", "jane.roe+x@acme.example"), STRANGER, 50, "the address is an alias with a plus tag (-15)"),
        (Address("Jane Roe", "jane@kar0oworks.example"), STRANGER, 5, "`kar0oworks.example` looks like our `karooworks.example` (letters that look alike) (at most 5)"),
    ],
)  # fmt: skip
def test_what_lowers_the_score(person: Address, seen: Sighting, most: int, reason: str) -> None:
    score = person_score(person, seen, OURS)
    assert score.value <= most
    assert not reason or reason in score.reasons


@pytest.mark.parametrize(
    "seen",
    [
        Sighting(reply_to=(Address("", "jr@sales.acme.example"),)),
        Sighting(reply_to=(Address("", "a@b.example"), JANE)),
        Sighting({"x-spam-flag": ("NO",), "x-spam-status": ("No",), "x-ms-exchange-organization-scl": ("1",)}),
        Sighting({"authentication-results": ("mx; dmarc=pass", "forged; dmarc=fail")}),
        Sighting(subject="Re: the office in Cape Town"),
        Sighting(subject="Order of pumps [2 of 5]"),
        Sighting(subject="Booking of the hall"),
        Sighting({"x-mailer": ("Microsoft Outlook 16.0",)}),
    ],
)
def test_what_does_not(seen: Sighting) -> None:
    assert person_score(JANE, seen, OURS) == person_score(JANE, STRANGER, OURS)


def test_one_of_ours_at_home() -> None:
    home = Address("Anna Smith", "anna.smith@gmail.com")
    users = frozenset({"anna.smith@karooworks.example", "ben@karooworks.example"})
    assert person_score(home, STRANGER, OURS, users).value == 40
    assert person_score(home, STRANGER, OURS).value > 40
    # A first name alone is too common, and at a firm's own domain it is the firm's.
    assert person_score(Address("Ben", "ben@gmail.com"), STRANGER, OURS, users).value == 50
    assert person_score(Address("Anna Smith", "anna.smith@acme.example"), STRANGER, OURS, users).value > 40


@settings(deadline=None)
@given(
    st.builds(Address, st.text(max_size=40), st.text(max_size=40) | st.just("jane@acme.example")),
    st.builds(
        Sighting,
        st.dictionaries(
            st.sampled_from(["list-id", "precedence", "auto-submitted", "references", "x-mailer"]),
            st.tuples(st.text(max_size=20)),
        ),
        st.text(max_size=60),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.text(max_size=200),
    ),
)
def test_every_score_lies_between_0_and_100(person: Address, seen: Sighting) -> None:
    score = person_score(person, seen, OURS)
    assert 0 <= score.value <= 100
    assert score == person_score(person, seen, OURS)
