"""VTIMEZONE: what UTC offset a time on the wall has in a zone that a calendar file defines itself (RFC 5545, 3.6.5)."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from mxsync.extract.calendar_values import named_zone, parse_date_or_time, parse_offset
from mxsync.extract.components import Component

_DAYS: Final = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_BYDAY: Final = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)\Z")


@dataclass(frozen=True, slots=True)
class Observance:
    """Standard or daylight time: `offset` holds from each onset on. `month`, `nth`, `weekday` are the yearly rule."""

    offset: timedelta
    start: datetime
    month: int = 0
    nth: int = 0
    weekday: int = 0
    monthdays: tuple[int, ...] = ()
    until: datetime | None = None
    dates: tuple[datetime, ...] = field(default_factory=tuple)

    def last_onset(self, wall: datetime) -> datetime | None:
        """The latest onset at or before `wall`."""
        found = [moment for moment in (self.start, *self.dates) if moment <= wall]
        if self.month:
            for year in (wall.year, wall.year - 1):
                onset = self._onset(year)
                if onset is not None and self.start <= onset <= wall and (self.until is None or onset <= self.until):
                    found.append(onset)
                    break
            else:
                if self.until is not None and self.until < wall and (onset := self._onset(self.until.year)) is not None:
                    found.append(min(onset, wall))
        return max(found, default=None)

    def _onset(self, year: int) -> datetime | None:
        if year < 1:
            return None
        _, days = calendar.monthrange(year, self.month)
        matching = [
            day
            for day in range(1, days + 1)
            if calendar.weekday(year, self.month, day) == self.weekday and (not self.monthdays or day in self.monthdays)
        ]
        position = self.nth - 1 if self.nth > 0 else self.nth
        if not matching or not -len(matching) <= position < len(matching):
            return None
        return self.start.replace(year=year, month=self.month, day=matching[position])


@dataclass(frozen=True, slots=True)
class DefinedZone:
    """A zone as a file defines it."""

    observances: tuple[Observance, ...]

    def place(self, wall: datetime) -> datetime:
        """A time on the wall with the offset that holds then."""
        best: tuple[datetime, Observance] | None = None
        for observance in self.observances:
            onset = observance.last_onset(wall)
            if onset is not None and (best is None or onset >= best[0]):
                best = (onset, observance)
        chosen = best[1] if best is not None else min(self.observances, key=lambda item: item.start)
        return wall.replace(tzinfo=_fixed(chosen.offset))

    def wall(self, moment: datetime) -> datetime:
        """The time on the wall at a moment, without a zone. A time that is shown twice stands for the first moment;
        the second one's wall says the same."""
        utc = moment.astimezone(UTC).replace(tzinfo=None)
        offsets = sorted({each.offset for each in self.observances})
        for later in (timedelta(0), timedelta(hours=3)):
            for offset in offsets:  # the smallest first: a larger one may only seem right, in a gap
                if self.place(utc + offset + later).utcoffset() == offset:
                    return utc + offset
        return utc + offsets[0]


def _fixed(offset: timedelta) -> tzinfo:
    from datetime import timezone

    return timezone(offset) if offset else UTC


def read_zone(component: Component) -> tzinfo | DefinedZone | None:
    """The zone of a VTIMEZONE: its X-LIC-LOCATION or TZID where that is a known one, else what it defines; None
    where nothing in it can be read."""
    for name in ("TZID", "X-LIC-LOCATION"):
        line = component.first_of(name)
        zone = named_zone(line.value) if line is not None else None
        if zone is not None:
            return zone
    observances = tuple(found for child in component.within("STANDARD", "DAYLIGHT") if (found := _observance(child)))
    return DefinedZone(observances) if observances else None


def _observance(component: Component) -> Observance | None:
    offset_line, start_line = component.first_of("TZOFFSETTO"), component.first_of("DTSTART")
    if offset_line is None or start_line is None:
        return None
    start = parse_date_or_time(start_line.value)
    try:
        offset = parse_offset(offset_line.value).utcoffset(None) or timedelta(0)
    except ValueError:
        return None
    if not isinstance(start, datetime):
        return None
    start = start.replace(tzinfo=None)
    dates = tuple(
        found.replace(tzinfo=None)
        for line in component.every("RDATE")
        for text in line.value.split(",")[:500]
        if isinstance(found := parse_date_or_time(text), datetime)
    )
    rule = component.first_of("RRULE")
    if rule is None:
        return Observance(offset, start, dates=dates)
    parts = dict(piece.partition("=")[::2] for piece in rule.value.upper().split(";"))
    days = _BYDAY.match(parts.get("BYDAY", "").split(",")[0])
    month = parts.get("BYMONTH", "")
    if days is None or not (month.isdigit() and 1 <= int(month) <= 12):
        return Observance(offset, start, dates=dates)
    until = parse_date_or_time(parts.get("UNTIL", ""))
    monthdays = tuple(int(day) for day in parts.get("BYMONTHDAY", "").split(",") if day.isdigit())
    return Observance(
        offset,
        start,
        month=int(month),
        nth=int(days[1] or 1),
        weekday=_DAYS[days[2]],
        monthdays=monthdays,
        until=until.replace(tzinfo=None) if isinstance(until, datetime) else None,
        dates=dates,
    )
