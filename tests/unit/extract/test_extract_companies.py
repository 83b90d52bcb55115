"""Whose name fits which domain, and the packaged lists of providers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxsync.extract.companies import organisation_fits
from mxsync.extract.domains import is_disposable, is_freemail, is_hosting, packaged_list
from mxsync.extract.word_list import words

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("organisation", "domain"),
    [
        ("Acme Pumps (Pty) Ltd", "acme.example"),
        ("Acme Pumps Ltd", "acmepumps.co.za"),
        ("Acme Pumps Ltd", "mail.acme-pumps.co.za"),
        ("Acme Pumps Ltd", "acmep.example"),
        ("ACME PUMPS", "acmepumps-za.example"),
        ("Kurz Wasser Systeme GmbH", "kws.example"),
        ("Bank of America", "bankofamerica.com"),
        ("Müller Bau GmbH", "mueller-bau.de"),
        ("Müller Bau GmbH", "muller-bau.de"),
        ("Deloitte & Touche LLP", "deloitte.com"),
        ("Ernst & Young", "ey.com"),
        ("University of Cape Town", "uct.ac.za"),
        ("Royal Dutch Shell plc", "shell.com"),
        ("Hewlett-Packard", "hp.com"),
        ("Société Dupont SA", "dupont.fr"),
        ("ООО Насос", "насос.рф"),
    ],
)
def test_names_that_fit(organisation: str, domain: str) -> None:
    assert organisation_fits(organisation, domain)


@pytest.mark.parametrize(
    ("organisation", "domain"),
    [
        ("Globex Corporation", "acme.example"),
        ("Rival Ltd", "acme.example"),
        ("Acme", "x.example"),
        ("Jane Roe Consulting", "acme.example"),
        ("Ltd", "acme.example"),
        ("", "acme.example"),
        ("Acme", ""),
        ("Acme", "co.za"),
        ("The Group", "acme.example"),
    ],
)
def test_names_that_do_not(organisation: str, domain: str) -> None:
    assert not organisation_fits(organisation, domain)


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_texts_have_an_answer(organisation: str, domain: str) -> None:
    assert organisation_fits(organisation, domain) in (True, False)


@pytest.mark.parametrize(
    "domain", ["gmail.com", "mail.gmail.com", "yahoo.co.jp", "mailinator.com", "rocketmail.com", "GMX.de"]
)
def test_free_mail(domain: str) -> None:
    assert is_freemail(domain)


@pytest.mark.parametrize("domain", ["mailinator.com", "x.yopmail.com", "guerrillamail.com"])
def test_throw_away(domain: str) -> None:
    assert is_disposable(domain) and is_freemail(domain)


@pytest.mark.parametrize(
    "domain",
    sorted(
        words(
            "acme.example ibm.com sap.com siemens.com bosch.com basf.com shell.com kpmg.com pwc.com deloitte.com apple.com "
            "microsoft.com google.com amazon.com vodafone.com telefonica.com orange.com att.com verizon.com comcast.com "
            "alibaba.com enel.net nus.edu.sg cox.com uct.ac.za gov.za berlin.de"
        )
    ),
)
def test_firms_are_no_providers(domain: str) -> None:
    assert not is_freemail(domain) and not is_disposable(domain)


@pytest.mark.parametrize(
    "domain", ["bounces.amazonses.com", "acme.onmicrosoft.com", "em123.sendgrid.net", "acme.github.io"]
)
def test_hosts(domain: str) -> None:
    assert is_hosting(domain)


def test_the_packaged_lists_say_where_they_come_from_and_are_laid_out() -> None:
    for name in ("free.txt", "disposable.txt", "confusables.txt"):
        first, second = (ROOT / "mxsync/extract/lists" / name).read_text(encoding="utf-8").splitlines()[:2]
        assert first.startswith("# ") and "docs/make_lists.py" in second and "MIT" in second
        assert packaged_list(name)
    check = subprocess.run([sys.executable, str(ROOT / "docs/make_lists.py"), "--check"], check=False)
    assert check.returncode == 0
