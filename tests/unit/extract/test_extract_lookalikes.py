"""Domains that are made to be taken for ours, and the many that are not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxsync.extract.lookalikes import lookalike, one_edit_apart, skeleton

OURS = frozenset({"karooworks.example", "acme-pumps.co.za", "abc.example"})


@pytest.mark.parametrize(
    ("domain", "how"),
    [
        ("kar0oworks.example", "letters that look alike"),
        ("kаrooworks.example", "letters that look alike"),  # the first a is Cyrillic
        ("κarooworks.example", "letters that look alike"),  # the k is Greek
        ("karoovvorks.example", "letters that look alike"),
        ("acme-purnps.co.za", "letters that look alike"),
        ("ácme-pumps.co.za", "letters that look alike"),
        ("karooworks.com", "our name under `.com`"),
        ("mail.karooworks.com", "our name under `.com`"),
        ("karooworks-invoices.example", "a word added to our name"),
        ("secure-karooworks.example", "a word added to our name"),
        ("karooworksgroup.com", "a word added to our name"),
        ("loginkarooworks.com", "a word added to our name"),
        ("acme-pumps-billing.co.za", "a word added to our name"),
        ("kar0oworks-pay.com", "letters that look alike, and a word added"),
        ("karooworks.example.evil.test", "our whole domain stands before another"),
        ("mail.karooworks.example.evil.test", "our whole domain stands before another"),
        ("karooworks-example.com", "our whole domain inside another's name"),
        ("karooworksexample.com", "our whole domain inside another's name"),
        ("karooworkss.example", "one letter apart"),
        ("karoworks.example", "one letter apart"),
        ("karooowrks.example", "one letter apart"),
        ("xarooworks.example", "one letter apart"),
        ("karooworks.onmicrosoft.com", "our name at a host"),
    ],
)
def test_forgeries(domain: str, how: str) -> None:
    found = lookalike(domain, OURS)
    assert found.startswith(f"`{domain}` looks like our `") and found.endswith(f"({how})")
    assert lookalike(domain.upper(), OURS) == found


@pytest.mark.parametrize(
    ("domain", "forged"),
    [
        ("ourss.example", True),
        ("ouurs.example", True),
        ("hours.example", False),
        ("tours.example", False),
        ("our.example", False),
        ("acme.example", False),
    ],
)
def test_of_a_short_name_only_a_doubled_letter_is_not_seen(domain: str, forged: bool) -> None:
    assert ("a letter doubled" in lookalike(domain, frozenset({"ours.example"}))) is forged
    assert lookalike("abbb.example", frozenset({"abb.example"})) == ""


@pytest.mark.parametrize(
    ("domain", "forged"),
    [
        ("solar-invoices.example", True),
        ("solargroup.example", True),
        ("karoo-solar.example", False),
        ("solar-power-cape.example", False),
        ("polar.example", False),
        ("solar.test", True),
    ],
)
def test_a_name_that_is_a_word_has_honest_neighbours(domain: str, forged: bool) -> None:
    assert bool(lookalike(domain, frozenset({"solar.example"}))) is forged


def test_punycode_is_read() -> None:
    assert "letters that look alike" in lookalike("kаrooworks".encode("idna").decode() + ".example", OURS)


@pytest.mark.parametrize(
    "domain",
    [
        *sorted(OURS),
        "mail.karooworks.example",
        "acme.example",
        "karoo-solar.example",
        "steelworks.example",
        "karooworkshop.example",
        "pumps.co.za",
        "abd.example",  # names of three letters are too many
        "abc.com",
        "gmail.com",
        "co.za",
        "localhost",
        "",
        "10.0.0.1",
    ],
)
def test_honest_domains(domain: str) -> None:
    assert lookalike(domain, OURS) == ""


def test_without_domains_of_ours_nothing_looks_like_them() -> None:
    assert lookalike("kar0oworks.example", frozenset()) == ""


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("abcde", "abcde", False),
        ("abcde", "abcd", True),
        ("abcd", "abcde", True),
        ("abcde", "xbcde", True),
        ("abcde", "abcdx", True),
        ("abcde", "abdce", True),
        ("abcde", "abedc", False),
        ("abcde", "xbcdx", False),
        ("abcde", "abc", False),
        ("", "a", True),
    ],
)
def test_one_edit(one: str, other: str, apart: bool) -> None:
    assert one_edit_apart(one, other) is apart


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_has_an_answer(text: str) -> None:
    assert isinstance(lookalike(text, OURS), str)
    assert skeleton(skeleton(text)) == skeleton(skeleton(skeleton(text)))
