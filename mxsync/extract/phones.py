"""Telephone numbers in text, as E.164 (ITU-T E.164; the numbering plans are those of libphonenumber).

Only numbers that are valid in their country's plan are ever returned: a contract number, a date or a price that
merely looks like a telephone number is not one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

LINE_LIMIT = 1_000
"""Characters of one line that are looked at."""

# At most 26 characters between the first digit and the last: no backtracking beyond that, whatever the text.
_CANDIDATE = re.compile(
    r"(?<![\w.,/@#=&$€£-])"
    r"(?:\+\s?|\(\+?|00)?\d[\d \u00a0()./\-\u2010-\u2014\u2022\u00b7]{5,26}\d"
    r"(?:,?[ ]?(?:ext\.?|extension|x|xt|anschluss|apparat|app|poste|toestel|anexo|interno|int|ramal|wew|linka|ankn"
    r"|lokal|dahili|доб|内线|內線|分机|내선)[ .:]{0,3}\d{1,6}(?!\d))?"
    r"(?![\w@%])",
    re.IGNORECASE,
)
_NOT_A_PHONE = re.compile(
    r"^(?:(?:19|20)\d\d[-./ ](?:0?[1-9]|1[0-2])[-./ ][0-3]?\d(?:\D.*)?"  # 2026-11-23, with or without a time after it
    r"|\d{1,2}[-./]\d{1,2}[-./](?:\d{2}|\d{4})(?:\s.*)?"  # 23/11/2026
    r"|\d{1,3}(?:\.\d{1,3}){3}"  # 192.168.10.14
    r"|(?:19|20)\d\d ?[-\u2013] ?(?:19|20)\d\d)$"  # 1998-2004
)
_DIGIT = re.compile(r"\d")
_APART = re.compile(r"\s[\u2022\u00b7/]\s")
_TRUNK_ZERO = re.compile(r"\(\s?0\s?\)")


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as found: `e164` ('+27115550100'), the `extension` behind it or '', the text as `written`, and its
    place in the text searched (`start`, `end`)."""

    e164: str
    extension: str
    written: str
    start: int
    end: int


def to_e164(text: str, region: str) -> str | None:
    """The number in E.164, or None if it is not a valid number.

    `region` is the ISO 3166 country whose numbers may stand without a country code; '' where none is known.
    An extension is left out: E.164 has no place for one.
    """
    found = _parse(text.strip()[:64], region.upper())
    return found[0] if found else None


def find_phones(text: str, region: str, *others: str) -> tuple[Phone, ...]:
    """The valid numbers in `text`, in their order; only the first `LINE_LIMIT` characters of a line are looked at.
    A number without a country code that is none in `region` is tried in the `others`, in their order."""
    found: list[Phone] = []
    offset = 0
    for line in text.split("\n"):
        clipped = line[:LINE_LIMIT]
        # Most lines of a mail hold no number at all.
        spans = _between(clipped) if _DIGIT.search(clipped) else ()
        apart = [phone for start, end in spans for phone in _in_span(clipped, start, end, region, others)]
        found += [replace(phone, start=phone.start + offset, end=phone.end + offset) for phone in apart]
        offset += len(line) + 1
    return tuple(found)


def _between(line: str) -> list[tuple[int, int]]:
    """The spans of a line between marks that set numbers apart: '011 555 0100 • 083 555 0100'."""
    ends = [match.span() for match in _APART.finditer(line)]
    starts = [0, *(end for _, end in ends)]
    return list(zip(starts, [*(start for start, _ in ends), len(line)], strict=True))


def _in_span(line: str, start: int, end: int, region: str, others: tuple[str, ...]) -> list[Phone]:
    found = []
    for match in _CANDIDATE.finditer(line, start, end):
        written = match.group()
        parsed = next((one for place in (region, *others) if (one := _parse(written, place.upper()))), None)
        if parsed:
            found.append(Phone(parsed[0], parsed[1], written, *match.span()))
    return found


@lru_cache(maxsize=4096)
def _parse(text: str, region: str) -> tuple[str, str] | None:
    """(E.164, extension) of a text that is one number."""
    if _NOT_A_PHONE.match(text):
        return None
    import phonenumbers

    plain = _TRUNK_ZERO.sub(" ", text) if "+" in text or text.startswith("00") else text
    forms = [plain]
    if plain.startswith("00"):
        forms.append("+" + plain[2:])  # the international prefix most of the world dials, where the region's differs
    for form in forms:
        try:
            number = phonenumbers.parse(form, region or None)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), number.extension or ""
    return None


@lru_cache(maxsize=4096)
def number_type(e164: str) -> str:
    """What the numbering plan says of a number: 'mobile', 'toll_free', 'pager', 'either' (mobile or not, as in North
    America), or 'fixed' for all others."""
    import phonenumbers

    kinds = phonenumbers.PhoneNumberType
    found = phonenumbers.number_type(phonenumbers.parse(e164))
    if found == kinds.FIXED_LINE_OR_MOBILE:
        return "either"
    return {kinds.MOBILE: "mobile", kinds.TOLL_FREE: "toll_free", kinds.PAGER: "pager"}.get(found, "fixed")
