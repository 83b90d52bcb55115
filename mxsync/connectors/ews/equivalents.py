"""Series that Exchange keeps in another form, without any occurrence differing; and the form that was meant, from that.

Two things that a rule of RFC 5545 may be, and a pattern of Exchange may not:

- it begins on a day that it does not name. The series is begun with the day before that the pattern has, and this first
  occurrence is moved to where the series was to begin. It lies between its neighbours, as Exchange wants it. The rule's
  COUNT does not count it, as the readers of calendars do (RFC 5545 leaves it open).
- it has nothing in months that are too short, and an end. Exchange takes their last days, and these are deleted.

The form that was meant stands with the item in a named property, beside the one that it belongs to: a series that
somebody has given another rule or start meanwhile is read as it is.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from mxsync.connectors.ews.patterns import Pattern, cannot, pattern_of, whole
from mxsync.connectors.ews.properties import OURS, Extended
from mxsync.connectors.ews.recurrence import last_day, make_recurrence, month_day, parts_of, read_recurrence
from mxsync.connectors.ews.series_parts import moments_of, others_of
from mxsync.extract.calendar_values import format_date, format_moment, zone_key
from mxsync.extract.contentlines import param_value
from mxsync.extract.series import Series, parse_series, recurrence_of
from mxsync.model.item import Value

MEANT: Final = Extended("String", set=OURS, name="series")
"""What a series was written as, where Exchange keeps it in another form."""
MOST_DELETED: Final = 40
"""Occurrences that are deleted for one rule: each costs two requests."""
_FURTHEST: Final = timedelta(days=8 * 366)
"""How far apart two occurrences of a pattern can be, and more."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A series as Exchange is to keep it: where it begins, its text, and what `MEANT` is to hold."""

    start: date
    end: date
    text: str
    meant: str

    @property
    def fields(self) -> dict[str, Value]:
        """What is written of it."""
        return {"start": self.start, "end": self.end, "recurrence": self.text}


def kept_form(series: Series, start: date, end: date, zone: tzinfo) -> Kept | None:
    """The other form of a series whose first occurrence is from `start` to `end`; None where it needs none. `zone` is
    the organisation's. Raises `BadContent`, with the reason, where there is none without another occurrence."""
    rule = series.lines["RRULE"][0].partition(":")[2]
    times = _Times(series, start, zone)
    parts = parts_of(rule)
    day = times.day(start)
    pattern = pattern_of(rule, parts, day)
    begins = pattern.has(day, day) and pattern.means(day)
    if begins and not pattern.exact:
        return None
    first = day if begins else _before(rule, pattern, day)
    count = whole(rule, parts["COUNT"]) if "COUNT" in parts else 0
    number = count if begins else count + 1
    dropped: list[date] = []
    if pattern.exact:
        if not {"COUNT", "UNTIL"} & parts.keys():
            raise cannot(rule, "in a month that is shorter Exchange takes its last day, and the series has no end")
        last = last_day(rule, parts["UNTIL"], start, times.zone) if "UNTIL" in parts else None
        dropped, number = _shorter(rule, pattern, first, number, last)
    moved = times.at(first)
    kept_rule = _written(pattern, parts, number)
    lines = [times.line("DTSTART", moved), f"RRULE:{kept_rule}"]
    gone = [times.at(each) for each in dropped]
    gone += [times.named(moment, moved) for moment in moments_of(series, "EXDATE")]
    others = [(times.named(moment, moved), _said(series, moment)) for moment, _ in others_of(series)]
    if not begins and moved not in gone and moved not in {key for key, _ in others}:
        others.append((moved, [times.line("DTSTART", start), times.line("DTEND", end)]))
    lines += [times.line("EXDATE", each) for each in gone]
    for key, said in others:
        lines += ["BEGIN:VEVENT", times.line("RECURRENCE-ID", key), *said, "END:VEVENT"]
    meant = Meant(_stamp(start), rule, _answered(kept_rule, moved, times.zone), _stamp(moved))
    return Kept(moved, moved + (end - start), "\n".join(lines), json.dumps(astuple(meant)))


@dataclass(frozen=True, slots=True)
class Meant:
    """Start and rule that were meant, and those with which Exchange keeps them."""

    start: str
    rule: str
    kept_rule: str
    kept_start: str

    @property
    def first(self) -> date:
        """Where the series begins."""
        return _moment(self.start)


def meant_by(text: str, rule: str, start: date | None) -> Meant | None:
    """What the property `MEANT` says, if it belongs to the rule and the start that an item has."""
    try:
        found = Meant(*json.loads(text)) if text else None
    except (ValueError, TypeError):
        return None
    if found is None or start is None or (found.kept_rule, found.kept_start) != (rule, _stamp(start)):
        return None
    return found


def as_meant(text: str, meant: Meant, zone: tzinfo, plain: Collection[str]) -> str:
    """The text that was meant, from that which Exchange keeps. `plain` are the lines of an occurrence that is as the
    series says."""
    series = parse_series(text, zone)
    first, start = _moment(meant.kept_start), meant.first
    times = _Times(series, first, zone)
    pattern = pattern_of(meant.rule, parts_of(meant.rule), times.day(start))
    lines = [times.line("DTSTART", start), f"RRULE:{meant.rule}"]
    for moment in moments_of(series, "EXDATE"):
        if _stamp(moment) == meant.kept_start:
            lines.append(times.line("EXDATE", start))
        elif pattern.means(times.day(moment)):
            lines.append(times.line("EXDATE", moment))
    for moment, _ in others_of(series):
        said = _said(series, moment)
        key = moment
        if _stamp(moment) == meant.kept_start:
            key = start
            other = {each for each in said if not each.startswith(("DTSTART", "DTEND"))} - {*plain}
            if times.line("DTSTART", start) in said and not other:
                continue
        lines += ["BEGIN:VEVENT", times.line("RECURRENCE-ID", key), *said, "END:VEVENT"]
    return recurrence_of(parse_series("\n".join(lines), zone).source)


def _said(series: Series, moment: date) -> list[str]:
    """What an occurrence of its own says of itself."""
    key = moment.astimezone(UTC) if isinstance(moment, datetime) else moment
    return [line for line in series.others[key.isoformat()] if not line.startswith("RECURRENCE-ID")]


def _stamp(moment: date) -> str:
    return moment.astimezone(UTC).isoformat() if isinstance(moment, datetime) else moment.isoformat()


def _moment(stamp: str) -> date:
    return datetime.fromisoformat(stamp) if "T" in stamp else date.fromisoformat(stamp)


def _answered(rule: str, first: date, zone: tzinfo) -> str:
    """A rule as Exchange answers it."""
    return read_recurrence(make_recurrence(rule, first, zone))


def _before(rule: str, pattern: Pattern, day: date) -> date:
    """The day before `day` that a pattern has, in the periods that are counted from it. Raises `BadContent`."""
    found = day
    while day - found < _FURTHEST:
        found -= timedelta(days=1)
        if pattern.has(found, day):
            return found
    raise cannot(rule, "it begins on a day that its rule does not name")


def _shorter(rule: str, pattern: Pattern, first: date, count: int, last: date | None) -> tuple[list[date], int]:
    """The days that Exchange would have after the first one and the rule has not; how many occurrences Exchange counts
    for `count` of the rule. Raises `BadContent`."""
    dropped: list[date] = []
    meant = number = 1
    day = first
    while meant < count if last is None else True:
        day = next(each for each in _after(day) if pattern.has(each, first))
        if last is not None and day > last:
            break
        number += 1
        if pattern.means(day):
            meant += 1
        else:
            dropped.append(day)
        if len(dropped) > MOST_DELETED:
            raise cannot(rule, f"more than {MOST_DELETED} last days of shorter months would have to be deleted")
    return dropped, number


def _after(day: date) -> Iterator[date]:
    while True:
        day += timedelta(days=1)
        yield day


def _written(pattern: Pattern, parts: Mapping[str, str], number: int) -> str:
    """The rule of a pattern, with as many occurrences or until the same moment."""
    found = dict(parts)
    if pattern.exact and pattern.month:
        found |= {"BYMONTH": str(pattern.month), "BYMONTHDAY": "-1"}
    elif pattern.exact:
        found |= month_day(str(pattern.day))
    if "COUNT" in found:
        found["COUNT"] = str(number)
    return ";".join(f"{name}={value}" for name, value in found.items())


class _Times:
    """Moments of a series, on the wall that its rule counts by."""

    def __init__(self, series: Series, start: date, zone: tzinfo) -> None:
        line = series.anchor("DTSTART")
        self._anchor = series.source.moment(line) if line is not None else None
        self._start = start
        home = self._anchor.tzinfo if isinstance(self._anchor, datetime) else None
        self.zone = home or zone

    def day(self, moment: date) -> date:
        return moment.astimezone(self.zone).date() if isinstance(moment, datetime) else moment

    def at(self, day: date) -> date:
        """The occurrence of a day: at the hour that the series begins at."""
        if not isinstance(self._start, datetime):
            return day
        return datetime.combine(day, self._start.astimezone(self.zone).time(), self.zone).astimezone(UTC)

    def line(self, name: str, moment: date) -> str:
        if not isinstance(moment, datetime):
            return f"{name};VALUE=DATE:{format_date(moment)}"
        key = zone_key(self.zone)
        if key in ("", "UTC"):
            return f"{name}:{format_moment(moment)}"
        return f"{name};TZID={param_value(key)}:{moment.astimezone(self.zone):%Y%m%dT%H%M%S}"

    def named(self, moment: date, first: date) -> date:
        """What an occurrence is named by: the first one by where the pattern has it, the others by the hour that the
        series begins at, where the text still has the hour that it had."""
        anchor = self._anchor if self._anchor is not None else self._start
        if _stamp(moment) in (_stamp(self._start), _stamp(anchor)):
            return first
        if not isinstance(moment, datetime) or not isinstance(anchor, datetime):
            return moment
        wall = moment.astimezone(self.zone)
        return self.at(wall.date()) if wall.time() == anchor.astimezone(self.zone).time() else moment
