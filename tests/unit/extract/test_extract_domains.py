"""Domains, their owners and their hosts."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxsync.extract.domains import company_name_from_domain, is_freemail, is_hosting, is_subdomain, registrable
from mxsync.extract.provider_lists import FREEMAIL, HOSTING


@pytest.mark.parametrize(
    ("domain", "owner"),
    [
        ("acme.example", "acme.example"),
        ("mail.acme.example", "acme.example"),
        ("a.b.c.acme.example", "acme.example"),
        ("MAIL.Acme.CO.ZA.", "acme.co.za"),
        ("acme.co.uk", "acme.co.uk"),
        ("acme.uk.com", "acme.uk.com"),
        ("uk.com", "uk.com"),
        ("blogspot.com", "blogspot.com"),
        ("jane.github.io", "jane.github.io"),
        ("xn--mnchen-3ya.de", "münchen.de"),
        ("mail.münchen.de", "münchen.de"),
        ("xn--zzz-.de", "zzz.de"),
        ("xn--é.acme.de", "acme.de"),
        ("co.uk", ""),
        ("example", ""),
        ("localhost", ""),
        ("192.168.1.1", ""),
        ("[192.168.1.1]", ""),
        ("a..b", ""),
        ("-a.example", ""),
        ("a b.example", ""),
        ("", ""),
        ("." * 300, ""),
        ("a." * 200 + "example", ""),
    ],
)
def test_registrable(domain: str, owner: str) -> None:
    assert registrable(domain) == owner


def test_freemail() -> None:
    for domain in (
        "gmail.com",
        "GMAIL.com",
        "yahoo.co.uk",
        "web.de",
        "qq.com",
        "mweb.co.za",
        "orange.fr",
        "mail.ru",
        "smtp.gmail.com",
    ):
        assert is_freemail(domain), domain
    for domain in ("acme.example", "gmail.com.acme.example", "notgmail.com", "com", ""):
        assert not is_freemail(domain), domain


def test_hosting() -> None:
    for domain in (
        "acme.onmicrosoft.com",
        "eu-west-1.amazonses.com",
        "sendgrid.net",
        "em123.sendgrid.net",
        "mail1.mcsv.net",
        "acme.github.io",
    ):
        assert is_hosting(domain), domain
    for domain in ("acme.example", "microsoft.com", "amazon.com", ""):
        assert not is_hosting(domain), domain


def test_the_lists_are_domains_in_lower_case() -> None:
    assert len(FREEMAIL) >= 300
    assert len(HOSTING) >= 100
    for domain in FREEMAIL | HOSTING:
        assert domain == domain.strip().lower()
        assert registrable(domain), domain
    for well_known in ("microsoft.com", "amazon.com", "google.com", "salesforce.com.example", "yahoo-inc.com"):
        assert well_known not in FREEMAIL


def test_subdomains() -> None:
    assert is_subdomain("mail.acme.example", "acme.example")
    assert is_subdomain("Acme.Example", "acme.example")
    assert not is_subdomain("notacme.example", "acme.example")
    assert not is_subdomain("acme.example", "mail.acme.example")
    assert not is_subdomain("acme.example", "")


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        ("acme-pumps.co.za", "Acme Pumps"),
        ("mail.acme.example", "Acme"),
        ("kpmg.example", "KPMG"),
        ("abb.example", "ABB"),
        ("bmw-motors.example", "BMW Motors"),
        ("xn--mller-kva.de", "Müller"),
        ("3m.example", "3M"),
        ("acme_pumps.example", "Acme Pumps"),
        ("co.uk", ""),
        ("", ""),
    ],
)
def test_company_names(domain: str, name: str) -> None:
    assert company_name_from_domain(domain) == name


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_has_an_answer(text: str) -> None:
    owner = registrable(text)
    assert owner == "" or registrable(owner) == owner
    assert isinstance(company_name_from_domain(text), str)
    assert not (is_freemail(text) and not text)
    assert is_hosting(text) in (True, False)


def test_the_suffix_list_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    from mxsync.extract import domains

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    domains._suffixes.cache_clear()
    registrable.cache_clear()
    assert registrable("mail.acme.co.za") == "acme.co.za"


def test_importing_the_package_loads_no_library() -> None:
    script = (
        "import sys; import mxsync.extract, mxsync.extract.domains, mxsync.extract.roles, mxsync.extract.phones, "
        "mxsync.extract.addresses;"
        "import mxsync.extract.reading, mxsync.extract.html, mxsync.extract.score, mxsync.extract.signature_fields;"
        "print([name for name in ('phonenumbers', 'tldextract', 'email_validator', 'selectolax', 'socket') if "
        "name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
