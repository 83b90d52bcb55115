"""Texts that conditions look at: patterns over them, and the domains in them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

import re2

from mxsync.lang import ir
from mxsync.lang.compile_facts import FactValue, text_of
from mxsync.model.normal import text_key


def matcher_of(pattern: ir.Pattern, *, whole: bool) -> Callable[[str, str], dict[str, str] | None]:
    """A function from a text (NFC) and its folded form to what the pattern captures in it, None without a match. The
    expression is compiled at its first use: most rules' never are."""
    prefix, literal = text_key(pattern.prefix), text_key(pattern.literal)
    compiled: list[Any] = []

    def match(text: str, folded: str) -> dict[str, str] | None:
        if literal not in folded or prefix not in folded:
            return None
        if not compiled:
            options = re2.Options()
            options.case_sensitive = False
            options.dot_nl = whole
            options.log_errors = False
            compiled.append(re2.compile(pattern.regex, options))
        found = compiled[0].fullmatch(text) if whole else compiled[0].search(text)
        if found is None:
            return None
        return {name: found.group(name) or "" for name in pattern.captures}

    return match


def composed(text: str) -> str:
    """The text in Unicode's composed form, in which regular expressions see it."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def domain_key(value: FactValue) -> str:
    """The domain of an address, or a domain as it is, in lower case; '' where it is neither."""
    return text_key(text_of(value)).rpartition("@")[2].strip(".")


def parents(domain: str) -> Iterable[str]:
    """A domain and every domain above it: `a.b.c`, `b.c`, `c`."""
    while domain:
        yield domain
        domain = domain.partition(".")[2]
