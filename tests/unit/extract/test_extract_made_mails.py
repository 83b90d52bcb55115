"""Mails of our own making (tests/mailmaker), read as a pass reads them, measured by what they were made of."""

from __future__ import annotations

from collections import Counter
from functools import cache

import phonenumbers
import pytest
from phonenumbers import PhoneNumberType

from mxsync.extract import Reading, read_text
from mxsync.extract.reading import Lines
from mxsync.extract.signature_facts import Fact
from mxsync.extract.signature_fields import signature_fields, signature_lines
from mxsync.model.item import Address
from tests.mailmaker.ink import label_lines
from tests.mailmaker.make import Mail, make_mails
from tests.mailmaker.measure import KINDS, Count, Verdict, body_of, judge, judge_all, report, totals
from tests.mailmaker.people import languages
from tests.mailmaker.plain import QUOTES
from tests.mailmaker.programs import PROGRAMS

COUNT = 962
"""Every language meets every program's plain text and HTML once."""

FLOORS = {"newest": 0.99, "signature": 0.95, "numbers": 0.95, "names": 0.95}
LEAST_OF_A_LANGUAGE = 0.95
MOST_OF_OTHERS = 0.005
LEAST_OFFERED = 0.95


@cache
def made() -> tuple[Mail, ...]:
    return tuple(make_mails(COUNT))


@cache
def verdicts() -> tuple[Verdict, ...]:
    return tuple(judge_all(made()))


@pytest.mark.parametrize("kind", KINDS)
def test_made_mails_are_read_as_well_as_recorded(kind: str) -> None:
    assert totals(verdicts())[kind].f1 >= FLOORS[kind], report(verdicts())


@pytest.mark.parametrize("language", languages())
def test_no_language_is_read_worse_than_recorded(language: str) -> None:
    """Each is read nearly as well as the whole; a language's forty mails move by a hundredth for half a mail."""
    own = [verdict for verdict in verdicts() if verdict.mail.language == language]
    measured = {kind: count.f1 for kind, count in totals(own).items()}
    assert min(measured.values()) >= LEAST_OF_A_LANGUAGE, report(own)


def test_facts_of_others_are_left_alone() -> None:
    stolen = [verdict for verdict in verdicts() if verdict.stolen]
    assert len(stolen) / len(verdicts()) <= MOST_OF_OTHERS, "\n".join(
        f"{verdict.mail.id}: {', '.join(verdict.stolen)}" for verdict in stolen
    )


def test_numbers_of_forwarded_authors_are_offered_as_theirs() -> None:
    offered = Count()
    for verdict in verdicts():
        offered.merge(verdict.offered)
    assert offered.hits / (offered.hits + offered.missed) >= LEAST_OFFERED, report(verdicts())


def test_every_field_of_a_signature_has_its_line() -> None:
    for mail in made()[:400]:
        body, sender = body_of(mail)
        reading = read_text(body, sender=sender, region=mail.region)
        assert set(signature_fields(reading, sender)) == set(signature_lines(reading, sender)), mail.id


def test_a_first_name_that_the_header_completes_has_its_line() -> None:
    sender = Address("Hardekel, Rasmus", "rasmus.hardekel@acme.example")
    reading = Reading(facts=(Fact("name", "Rasmus", 3),))
    assert signature_fields(reading, sender)["last_name"] == "Hardekel"
    assert signature_lines(reading, sender)["last_name"] == 3


# ---------------------------------------------------------------- the maker and the measure themselves


def test_the_mails_are_many_and_unlike() -> None:
    mails = made()
    assert len({mail.source for mail in mails}) >= 400
    assert len({mail.language for mail in mails}) == len(languages()) >= 20
    assert {mail.program for mail in mails} == {*QUOTES, *PROGRAMS}
    assert len(QUOTES) >= 12
    assert len(PROGRAMS) >= 12
    assert {mail.how for mail in mails} == {"new", "top", "bottom", "interleaved", "forward"}
    pairs = Counter((mail.language, mail.program, mail.form) for mail in mails)
    assert len(pairs) == len(mails)


def test_the_same_seed_makes_the_same_mails() -> None:
    again = list(make_mails(40))
    assert [mail.raw for mail in again] == [mail.raw for mail in made()[:40]]
    assert [mail.raw for mail in make_mails(40, seed=1)] != [mail.raw for mail in again]


@pytest.mark.parametrize("language", sorted(languages()))
def test_numbers_are_valid_and_of_their_kind(language: str) -> None:
    words = languages()[language]
    for key, wanted in (("landline", PhoneNumberType.FIXED_LINE), ("mobile", PhoneNumberType.MOBILE)):
        if words.get("fixed_or_mobile"):
            wanted = PhoneNumberType.FIXED_LINE_OR_MOBILE
        for template in words[key]:
            for digit in "05":
                number = phonenumbers.parse(template.replace("#", digit))
                assert phonenumbers.is_valid_number(number), template
                assert phonenumbers.number_type(number) == wanted, template
                assert phonenumbers.region_code_for_number(number) == words["region"], template


def test_every_label_is_found_again_in_the_text_that_rules_see() -> None:
    for mail in made():
        body, _ = body_of(mail)
        labels = Counter(label_lines(body, mail.pieces))
        assert labels["body", 0] > 0, mail.id
        assert (labels["sig", 0] > 0) == bool(mail.name), mail.id
        if mail.how != "new":
            assert any(block > 0 for _, block in labels), mail.id


def perfect(mail: Mail) -> tuple[str, Reading]:
    """What a reader without fault would find."""
    body, _ = body_of(mail)
    labels = label_lines(body, mail.pieces)
    own = [n for n, (label, block) in enumerate(labels) if block == 0 and label not in ("header", "quote", "blank")]
    signature = [number for number in own if labels[number][0] == "sig"]
    line = signature[0] if signature else 0
    facts = [Fact(number.kind, number.e164, line) for number in mail.numbers]
    facts += [Fact("name", mail.name, line)] if mail.name else []
    return body, Reading(newest=Lines(own), signature=Lines(signature), facts=tuple(facts))


def test_a_reader_without_fault_is_measured_as_such() -> None:
    judged = [judge(mail, *perfect(mail)) for mail in made()]
    assert {kind: count.f1 for kind, count in totals(judged).items()} == dict.fromkeys(KINDS, 1.0)
    assert not any(verdict.remarks or verdict.stolen for verdict in judged)


def test_a_reader_that_takes_all_is_found_out() -> None:
    mail = next(mail for mail in made() if mail.how == "top" and mail.foreign)
    body, reading = perfect(mail)
    everything = Lines(range(len(body.split("\n"))))
    foreign = sorted(mail.foreign)[0]
    greedy = Reading(newest=everything, signature=everything, facts=(*reading.facts, Fact("phone", foreign, 0)))
    verdict = judge(mail, body, greedy)
    assert verdict.stolen
    assert verdict.counts["newest"].wrong > 0
    assert verdict.counts["signature"].wrong > 0
    assert verdict.counts["numbers"].wrong == 1
    assert any(remark.startswith("not own") for remark in verdict.remarks)
