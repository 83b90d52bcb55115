"""Dates, times, durations and zones of calendar and card files ↔ Python values (RFC 5545, 3.3; RFC 6350, 4.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from mxsync.errors import BadContent

_DATE: Final = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)\Z")
_MOMENT: Final = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)[T ](\d\d):?(\d\d)(?::?(\d\d))?(?:[.,]\d{1,9})?(Z|[+-]\d\d(?::?\d\d)?)?\Z", re.IGNORECASE
)
_DURATION: Final = re.compile(
    r"([+-])?P(?:(\d{1,6})W)?(?:(\d{1,7})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?\Z", re.IGNORECASE
)
_OFFSET: Final = re.compile(r"([+-])(\d\d):?(\d\d)?(?::?(\d\d))?\Z")
# Some write a prefix before the name of a zone: /freeassociation.sourceforge.net/Europe/Berlin
_REGIONS: Final = frozenset(
    "Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific Etc".split()  # noqa: SIM905
)


def parse_date_or_time(text: str) -> date | datetime | None:
    """A DATE gives a date, a DATE-TIME a datetime (without a zone where it names none), anything else None."""
    text = text.strip()
    match = _DATE.match(text)
    try:
        if match is not None:
            return date(int(match[1]), int(match[2]), int(match[3]))
        match = _MOMENT.match(text)
        if match is None:
            return None
        year, month, day, hour, minute = (int(match[index]) for index in range(1, 6))
        moment = datetime(year, month, day, hour, minute, min(int(match[6] or 0), 59))  # noqa: DTZ001 (a wall time)
        written = match[7]
        if not written:
            return moment
        zone = UTC if written in "zZ" else parse_offset(written)
        return _checked(moment.replace(tzinfo=zone))
    except ValueError:
        return None


def _checked(moment: datetime) -> datetime | None:
    try:
        moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return moment


def at_zone(moment: datetime, zone: tzinfo) -> datetime | None:
    """A time on the wall in a zone; None where it lies outside the calendar."""
    return _checked(moment.replace(tzinfo=zone)) if moment.tzinfo is None else moment


def parse_offset(text: str) -> tzinfo:
    """A UTC offset such as +0200. Raises `ValueError`."""
    match = _OFFSET.match(text.strip())
    if match is None:
        raise ValueError(text)
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0), seconds=int(match[4] or 0))
    return timezone(-offset if match[1] == "-" else offset)


def parse_duration(text: str) -> timedelta | None:
    """A DURATION (RFC 5545, 3.3.6), None for anything else."""
    match = _DURATION.match(text.strip())
    if match is None or not any(match.groups()[1:]):
        return None
    weeks, days, hours, minutes, seconds = (int(group or 0) for group in match.groups()[1:])
    try:
        found = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        return None
    return -found if match[1] == "-" else found


def end_after(start: date, duration: str) -> date | None:
    """The end of what begins at `start` and lasts a DURATION: its days are days on the calendar, the rest is exact time
    (RFC 5545, 3.3.6). Without a duration a day is a day long and a moment has no length. None beyond the calendar."""
    match = _DURATION.match(duration.strip())
    try:
        if match is None or not any(match.groups()[1:]):
            return start if isinstance(start, datetime) else start + timedelta(days=1)
        weeks, days, hours, minutes, seconds = (int(group or 0) for group in match.groups()[1:])
        sign = -1 if match[1] == "-" else 1
        moved = start + sign * timedelta(weeks=weeks, days=days)
        exact = sign * timedelta(hours=hours, minutes=minutes, seconds=seconds)
        if not isinstance(moved, datetime) or not exact:
            return moved
        return (moved.astimezone(UTC) + exact).astimezone(moved.tzinfo)
    except (OverflowError, ValueError):
        return None


def format_duration(length: timedelta) -> str:
    """A duration in whole seconds."""
    seconds = int(length.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3_600)
    minutes, seconds = divmod(seconds, 60)
    clock = "".join(f"{value}{unit}" for value, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if value)
    if not days and not clock:
        return "PT0S"
    return f"{sign}P{f'{days}D' if days else ''}{f'T{clock}' if clock else ''}"


def format_moment(moment: datetime) -> str:
    """A moment in UTC: 20261123T140000Z."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ").rjust(16, "0")


def format_date(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def number_of(value: object, name: str) -> int | None:
    """A number, also as a text column holds it; None for nothing. Raises `BadContent` for what is none."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return int(value)
    text = str(value).strip().removesuffix("%").strip()
    try:
        return int(float(text)) if text else None
    except (ValueError, OverflowError):
        raise BadContent(f"`{name}` is to be a number, and `{text[:40]}` is none") from None


def zone_key(zone: tzinfo | None) -> str:
    """The IANA name of a zone, 'UTC' for that, '' where it has none."""
    if zone is UTC:
        return "UTC"
    return zone.key if isinstance(zone, ZoneInfo) and zone.key else ""


@lru_cache(maxsize=512)
def named_zone(name: str) -> tzinfo | None:
    """The zone of an IANA name, of a Windows name (CLDR's table), or of a path that ends in an IANA name."""
    text = name.strip().strip('"')
    if not text or len(text) > 200:
        return None
    if text.upper() in ("UTC", "Z", "GMT", "ETC/UTC"):
        return UTC
    candidates = [text, _windows().get(text, "")]
    pieces = [piece for piece in text.split("/") if piece]
    for index, piece in enumerate(pieces):
        if piece in _REGIONS:
            candidates.append("/".join(pieces[index:]))
            break
    for candidate in candidates:
        zone = _iana(candidate)
        if zone is not None:
            return zone
    return None


def _iana(name: str) -> ZoneInfo | None:
    """Names such as '../x', 'America' (a directory) and 'é' are answered by ZoneInfo with a variety of exceptions."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return None


@lru_cache(maxsize=1)
def _windows() -> Mapping[str, str]:
    from tzlocal.windows_tz import win_tz

    table: Mapping[str, str] = win_tz
    return table
