"""Dates of mail headers (RFC 5322, 3.3, with the obsolete and the wrong forms that occur) → datetime with a zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from typing import Final

_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_USUAL: Final = re.compile(
    r"\s*(?:[A-Za-z]{3},\s{0,9})?(\d{1,2})\s{1,9}([A-Za-z]{3})\s{1,9}(\d{4})\s{1,9}(\d{1,2}):(\d\d)(?::(\d\d))?"
    r"\s{1,9}(?:([+-])(\d\d)(\d\d)|GMT|UTC?|Z)\b"
)
_ISO: Final = re.compile(r"\s*(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})?\s?(Z|[+-]\d\d:?\d\d)?\s*$")


@lru_cache(maxsize=64)
def _zone(sign: str, hours: int, minutes: int) -> timezone:
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if sign == "-" else offset) if offset else UTC


def parse_date(text: str) -> datetime | None:
    """The moment a Date or Received header names, in the zone it was written in; None where it names none.

    A zone of -0000 or none at all is taken as UTC.
    """
    match = _USUAL.match(text)
    try:
        if match is not None:
            day, month, year, hour, minute, second, sign, off_hours, off_minutes = match.groups()
            number = _MONTHS.get(month.lower())
            if number is not None:
                zone = _zone(sign, int(off_hours), int(off_minutes)) if sign else UTC
                # A leap second is the last one of its minute.
                seconds = min(int(second or 0), 59)
                moment = datetime(int(year), number, int(day), int(hour), int(minute), seconds, tzinfo=zone)
                return moment if 1 < moment.year < 9999 else None  # in UTC it might lie outside of the calendar
        iso = _ISO.match(text)
        moment = datetime.fromisoformat(iso[1] + (iso[2] or "Z")) if iso else parsedate_to_datetime(text[:200])
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        moment.astimezone(UTC)  # year 1 and year 9999 with a zone leave the calendar
        return moment
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None


def format_date(moment: datetime) -> str:
    """A moment as RFC 5322 writes it."""
    return format_datetime(moment)
