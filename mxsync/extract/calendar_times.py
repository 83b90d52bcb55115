"""How a moment is written into a calendar file: in UTC, as a time on the wall of a zone, or floating."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import Final, TypeAlias

from mxsync.extract.calendar_file import CalendarFile
from mxsync.extract.calendar_values import format_date, format_moment, named_zone, parse_date_or_time, zone_key
from mxsync.extract.contentlines import ContentLine, param_value
from mxsync.extract.vtimezone import DefinedZone

FLOATING: Final = "floating"
"""The zone of a time that is meant wherever its reader is (RFC 5545, 3.3.5, form #1)."""
Zone: TypeAlias = "tzinfo | DefinedZone"


@dataclass(frozen=True, slots=True)
class TimeForm:
    """`name` is what TZID is to say: '' for UTC, `FLOATING` for no zone at all; `zone` is where the wall stands."""

    name: str = ""
    zone: Zone = UTC

    def write(self, name: str, value: date) -> tuple[str, str]:
        """Head and value of a line: a date, a time on the wall, or a moment in UTC."""
        if not isinstance(value, datetime):
            return f"{name};VALUE=DATE", format_date(value)
        if not self.name or value.tzinfo is None:
            return name, format_moment(value)
        text = self.wall(value).strftime("%Y%m%dT%H%M%S").rjust(15, "0")
        return name if self.name == FLOATING else f"{name};TZID={param_value(self.name)}", text

    def wall(self, moment: datetime) -> datetime:
        """The time on the wall, without a zone."""
        if isinstance(self.zone, DefinedZone):
            return self.zone.wall(moment)
        return moment.astimezone(UTC).astimezone(self.zone).replace(tzinfo=None)


def form_of_line(source: CalendarFile, line: ContentLine) -> TimeForm:
    """The form in which a line is written. A zone that nobody knows is the reader's, as it is where it is read."""
    found = parse_date_or_time(line.value)
    if not isinstance(found, datetime) or found.tzinfo is not None:
        return TimeForm()
    name = line.param("TZID")
    if not name:
        return TimeForm(FLOATING, source.zone)
    zone = zone_in(source, name)
    return TimeForm() if zone is UTC else TimeForm(name, zone or source.zone)


def named_form(source: CalendarFile, name: str) -> TimeForm:
    """The form for what a `time_zone` says; UTC for '' and for a name that nobody knows."""
    if name.casefold() == FLOATING:
        return TimeForm(FLOATING, source.zone)
    zone = zone_in(source, name) if name else None
    if zone is None or zone is UTC:
        return TimeForm()
    return TimeForm(zone_key(zone) if not isinstance(zone, DefinedZone) and zone_key(zone) else name, zone)


def zone_in(source: CalendarFile, name: str) -> Zone | None:
    """The zone that a TZID of the file means."""
    return source.zones.get(name) or named_zone(name)


def canonical_zone(source: CalendarFile, name: str) -> str:
    """The IANA name of the zone that a TZID means, 'UTC' for that; as it is written where it has none."""
    zone = zone_in(source, name)
    return (zone_key(zone) if zone is not None and not isinstance(zone, DefinedZone) else "") or name


def zone_written(source: CalendarFile, line: ContentLine | None) -> str:
    """What an item's `time_zone` is: an IANA name (else the TZID), 'floating', or '' for UTC and whole days."""
    if line is None:
        return ""
    form = form_of_line(source, line)
    return canonical_zone(source, form.name) if form.name not in ("", FLOATING) else form.name


def day_of(moment: datetime, zone: tzinfo) -> date:
    """The day that a moment of something that lasts whole days means: its own where it is midnight there, else that in
    `zone` (a table may hold the midnight of the people in UTC)."""
    if moment.time() == time() or moment.tzinfo is None:
        return moment.date()
    here = moment.astimezone(zone)
    return here.date() if here.time() == time() else moment.date()
