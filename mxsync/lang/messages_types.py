"""Errors of types in conditions and values, MX065 to MX076: one function a code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mxsync.lang.diagnostics import CodeInfo, Diagnostic
from mxsync.lang.messages_names import error
from mxsync.lang.source import Span
from mxsync.lang.suggest import article, did_you_mean, listing

CODES: Final[dict[str, CodeInfo]] = {
    "MX065": CodeInfo(
        "a value of another type",
        "What is compared, or put into a field, must be of the field's type: texts are quoted, numbers and "
        "dates are not, a flag is `yes` or `no`, a reference is compared with `user` or a field of its "
        "record.",
    ),
    "MX066": CodeInfo(
        "the operator does not fit the field",
        "`<` and `before` order numbers and dates; `contains`, `like`, `matches`, `starts with` look into "
        "texts; attachments are asked for with `has attachment`.",
    ),
    "MX067": CodeInfo(
        "a length of time alone",
        "A length of time stands after `within last`, or after `now +`: `due before now + 2 days`.",
    ),
    "MX068": CodeInfo(
        "such an item is never so",
        "Each word after `is` is for some kinds of item: only mail is `sent`, only an appointment is a `meeting`.",
    ),
    "MX069": CodeInfo(
        "a regular expression is refused",
        "Expressions are RE2's, which match in linear time whatever the text. Looking ahead or behind and "
        "references to groups are not there: say it with a second condition.",
    ),
    "MX070": CodeInfo(
        "a pattern that cannot be read",
        "In `like`, `*` is any text, `?` one character, `{name}` a capture; `\\` before one of them takes it as it is.",
    ),
    "MX071": CodeInfo(
        "not an address, or not a domain",
        "`from 'jane@acme.example'` asks for an address, `from domain 'acme.example'` for what stands after the @.",
    ),
    "MX072": CodeInfo(
        "not one of the field's codes",
        "The field is mapped with a list of pairs; only their left sides are values of it.",
    ),
    "MX073": CodeInfo(
        "a format for what is no date",
        "`{received:%Y}` formats dates; other values are filled in as they are.",
    ),
    "MX074": CodeInfo(
        "nobody can be known by that",
        "`is known` follows people (`sender`, `attendees`, `contacts` …) or stands alone; it asks whether a "
        "record is theirs.",
    ),
    "MX075": CodeInfo(
        "mentions of what?",
        "`mentions ENTITY` looks for the e-mail address of a record in the subject. For an entity without "
        "one, name the field: `mentions property by ref`.",
    ),
    "MX076": CodeInfo(
        "only a field of the item itself changes",
        "`changed` compares a field of the item, or of the row of `when row of`, with what it was before.",
    ),
    "MX093": CodeInfo(
        "a condition on items asked of a record",
        "Inside `where`, in a rule `when row of` and in `into folder when …` it is a row that is judged: only "
        "its fields can be asked for.",
    ),
}


def wrong_type(span: Span, field: str, holds: str, given: str, help_: str = "") -> Diagnostic:
    return error("MX065", span, f"`{field}` is {holds}, this is {given}", help_)


def several_values(span: Span, operator: str) -> Diagnostic:
    return error("MX065", span, f"`{operator}` takes one value", "write `in (…)` for any of several")


def operator_unfit(span: Span, operator: str, field: str, holds: str, help_: str = "") -> Diagnostic:
    return error("MX066", span, f"`{operator}` cannot be asked of `{field}`, which is {holds}", help_)


def length_alone(span: Span, written: str) -> Diagnostic:
    return error("MX067", span, f"`{written}` is a length of time, not a moment", f"write `now + {written}`")


def never_so(span: Span, word: str, subject: str, kinds: Iterable[str]) -> Diagnostic:
    return error("MX068", span, f"{subject} is never `{word}`", f"it is asked of {listing(kinds)}")


def regex_refused(span: Span, message: str, help_: str) -> Diagnostic:
    return error("MX069", span, message, help_)


def pattern_fault(span: Span, message: str, help_: str) -> Diagnostic:
    return error("MX070", span, message, help_)


def not_an_address(span: Span, text: str, role: str = "") -> Diagnostic:
    help_ = f"for everyone of a domain write `{role} domain '{text.lstrip('@')}'`" if role and "." in text else ""
    return error("MX071", span, f"`{text}` is not an e-mail address", help_)


def not_a_domain(span: Span, text: str) -> Diagnostic:
    domain = text.rpartition("@")[2]
    return error("MX071", span, f"`{text}` is not a domain", f"write `'{domain}'`" if domain else "")


def unknown_code(span: Span, field: str, text: str, codes: Iterable[str]) -> Diagnostic:
    words = list(codes)
    help_ = did_you_mean(text, words) or f"it is one of {listing(words)}"
    return error("MX072", span, f"`{field}` is never `{text}`", help_)


def format_unfit(span: Span, field: str, holds: str) -> Diagnostic:
    return error("MX073", span, f"a format is for dates, and `{field}` is {holds}", f"write `{{{field}}}`")


def nobody_known(span: Span, field: str, holds: str) -> Diagnostic:
    return error(
        "MX074", span, f"`is known` is asked of people, and `{field}` is {holds}",
        "leave the field out to ask for anyone on the item",
    )  # fmt: skip


def known_in_row(span: Span, entity: str) -> Diagnostic:
    return error("MX074", span, f"nobody is on a row of `{entity}`", "ask for the fields of the row itself")


def mentions_unnamed(span: Span, entity: str, example: str) -> Diagnostic:
    return error("MX075", span, f"`{entity}` has no e-mail address that a subject could mention",
                 f"name a field, as in `mentions {entity} by {example}`")  # fmt: skip


def never_changes(span: Span, field: str) -> Diagnostic:
    return error("MX076", span, f"`{field}` is not a field of the item itself, so its changes are not seen")


def no_mail(span: Span, entity: str) -> Diagnostic:
    return error("MX074", span, f"`{entity}` holds no mail, so nothing replies to it")


def no_addresses(span: Span, entity: str, example: str) -> Diagnostic:
    return error("MX074", span, f"`{entity}` has no e-mail address by which people could be known",
                 f"to find it in the subject write `mentions {entity} by {example}`")  # fmt: skip


def not_on_record(span: Span, what: str, subject: str) -> Diagnostic:
    return error("MX093", span, f"`{what}` is asked of items, not of {subject}", "ask for its fields")


def list_as_value(span: Span, name: str) -> Diagnostic:
    return error("MX041", span, f"`{name}` is a list, not a value", f"write `in {name}`")


def list_of_others(span: Span, name: str, holds: str, instead: str) -> Diagnostic:
    return error("MX071", span, f"the list `{name}` holds {holds}", f"write `{instead}`")


def subject_of(kinds: Iterable[str]) -> str:
    """'a mail', 'an item'."""
    words = list(kinds)
    return article(words[0]) if len(words) == 1 else "an item"
