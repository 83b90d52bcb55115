"""Errors of lists that say what something is, MX096 to MX099: one function a code."""

from __future__ import annotations

from typing import Final

from mxsync.lang.diagnostics import CodeInfo, Diagnostic
from mxsync.lang.messages_names import error
from mxsync.lang.source import Span
from mxsync.lang.vocabulary import COMPANY_ALIASES

_FORM: Final = f"`list {COMPANY_ALIASES} = 'acme.co.za' is 'acme.example'`"

CODES: Final[dict[str, CodeInfo]] = {
    "MX096": CodeInfo(
        "a list that says what something is",
        f"Only the list `{COMPANY_ALIASES}` holds pairs: {_FORM} says that two domains are one company's.",
    ),
    "MX097": CodeInfo(
        "an alias that says nothing",
        f"Each entry of `{COMPANY_ALIASES}` says whose domain it is: {_FORM}, or of a file "
        "`file 'aliases.csv' column 'alias' is 'domain'`.",
    ),
    "MX098": CodeInfo("not a domain", f"`{COMPANY_ALIASES}` holds domains: what stands behind the @ of an address."),
    "MX099": CodeInfo(
        "two companies for one domain",
        f"In `{COMPANY_ALIASES}` a domain stands on one side only, and is said to be one other. The right side is the "
        "domain that the company's row has.",
    ),
}


def pairs_misplaced(span: Span, name: str) -> Diagnostic:
    return error(
        "MX096", span, f"the list `{name}` cannot say what something is",
        f"write values only, or call the list `{COMPANY_ALIASES}` if these are domains of one company",
    )  # fmt: skip


def pairs_missing(span: Span) -> Diagnostic:
    return error("MX097", span, "an alias must say whose domain it is", f"write {_FORM}")


def no_domain(span: Span, text: str) -> Diagnostic:
    said = f"`{text}` is not a domain" if text.strip() else "a domain is missing"
    return error("MX098", span, said, "a domain is what stands behind the @, such as `acme.example`")


def two_companies(span: Span, alias: str, first: str, second: str) -> Diagnostic:
    return error("MX099", span, f"`{alias}` is said to be `{first}` and to be `{second}`")


def on_both_sides(span: Span, domain: str) -> Diagnostic:
    return error(
        "MX099", span, f"`{domain}` is said to be another, and another is said to be `{domain}`",
        "let every alias name the one domain that the company's row has",
    )  # fmt: skip
