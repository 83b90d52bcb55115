"""Domains: which part of one was registered, who merely hosts it, and what its owner may be called.

The list of public suffixes is the one packaged with tldextract (publicsuffix.org, private domains included, so that
a site under `github.io` is its own owner's). It is never fetched, and nothing is written.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tldextract import TLDExtract

_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?|_[\w-]{1,62}")
_WORDS = re.compile(r"[-_]+")
_VOWELS = frozenset("aeiouyäöüàáâèéêìíòóôùú")


@lru_cache(maxsize=16384)
def registrable(domain: str) -> str:
    """The part of `domain` that was registered: 'mail.acme.co.za' → 'acme.co.za', 'acme.example' → 'acme.example'.

    An unknown suffix counts as one label. '' for what belongs to nobody: a bare suffix ('co.uk'), a single
    label ('localhost'), an IP address, a text that is no domain. Lower case, internationalised names in Unicode.
    """
    name = _normal(domain)
    labels = name.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or not all(_LABEL.fullmatch(label) for label in labels):
        return ""
    extract = _suffixes()
    found = extract(name, include_psl_private_domains=True)
    if found.suffix and not found.domain:
        # A private suffix itself ('blogspot.com') was registered by its operator.
        found = extract(name, include_psl_private_domains=False)
    if found.suffix:
        return f"{found.domain}.{found.suffix}" if found.domain else ""
    return ".".join(labels[-2:])


@lru_cache(maxsize=16384)
def is_freemail(domain: str) -> bool:
    """Whether anybody can have a mailbox there: free providers, access providers with mailboxes for their customers,
    and throw-away domains."""
    name = _normal(domain)
    return _within(name, _free()) or _within(name, _disposable())


@lru_cache(maxsize=16384)
def is_disposable(domain: str) -> bool:
    """Whether the domain gives addresses to be used once and thrown away."""
    return _within(_normal(domain), _disposable())


@lru_cache(maxsize=16384)
def is_hosting(domain: str) -> bool:
    """Whether the domain is one of a mail, web or newsletter host, whose customers send by it: never a company's
    own."""
    from mxsync.extract.provider_lists import HOSTING

    return _within(_normal(domain), HOSTING)


def is_hosts_own(domain: str) -> bool:
    """Whether it is the host's domain itself ('salesforce.com'), from which its own people write as well."""
    from mxsync.extract.provider_lists import HOSTING

    name = _normal(domain)
    return name in HOSTING and name == registrable(name)


def is_subdomain(domain: str, of: str) -> bool:
    """Whether `domain` is `of` or lies below it: 'mail.acme.example' of 'acme.example'."""
    inner, outer = _normal(domain), _normal(of)
    return bool(outer) and (inner == outer or inner.endswith("." + outer))


@lru_cache(maxsize=4096)
def company_name_from_domain(domain: str) -> str:
    """A name for the company that owns the domain: 'mail.acme-pumps.co.za' → 'Acme Pumps', 'kpmg.example' → 'KPMG'.

    Words without a vowel, and a name of up to three letters, are taken as initials. '' where nothing is
    registrable.
    """
    name = registrable(domain).partition(".")[0]
    words = [word for word in _WORDS.split(name) if word]
    if len(words) == 1 and len(words[0]) <= 3:
        return words[0].upper()
    return " ".join(_title(word) for word in words)


def _title(word: str) -> str:
    if len(word) <= 5 and word.isascii() and word.isalpha() and not _VOWELS.intersection(word):
        return word.upper()
    return word[:1].upper() + word[1:]


@lru_cache(maxsize=1)
def _free() -> frozenset[str]:
    from mxsync.extract.provider_lists import FREEMAIL

    return FREEMAIL | packaged_list("free.txt")


@lru_cache(maxsize=1)
def _disposable() -> frozenset[str]:
    return packaged_list("disposable.txt")


def packaged_list(name: str) -> frozenset[str]:
    """The lines of a file in `mxsync/extract/lists`, which docs/make_lists.py writes; those with a `#` are comments."""
    text = (Path(__file__).parent / "lists" / name).read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def _within(name: str, known: frozenset[str]) -> bool:
    """Whether the name or a domain above it is in the list."""
    while name:
        if name in known:
            return True
        name = name.partition(".")[2]
    return False


def _normal(domain: str) -> str:
    text = domain.strip().strip(".").lower()
    if "xn--" in text and len(text) <= 255:
        return ".".join(_unicode_label(label) for label in text.split("."))
    return text if len(text) <= 255 else ""


def _unicode_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, OverflowError, ValueError):
        return label  # not punycode at all: the label stays as it was written


@lru_cache(maxsize=1)
def _suffixes() -> TLDExtract:
    import tldextract

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, fallback_to_snapshot=True)
