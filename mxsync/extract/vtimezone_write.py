"""A VTIMEZONE for a zone of the IANA database: what RFC 5545, 3.6.5 asks of every file that names a zone.

Changes of clocks that follow one rule to the end are written as that rule, earlier ones with their dates.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_AHEAD: Final = 40
"""Years after the first one in which changes are looked for: longer than any rule in force takes to show itself."""
_STEP: Final = timedelta(days=14)
"""No zone changes its clocks twice in a shorter time and back (Morocco's Ramadan is a month)."""


@dataclass(frozen=True, slots=True)
class Change:
    """Clocks are set. `onset` is on the wall as it was before; `standard` unless summer time begins."""

    onset: datetime
    before: timedelta
    after: timedelta
    standard: bool
    name: str


@lru_cache(maxsize=256)
def zone_lines(zone: ZoneInfo, name: str, year: int) -> tuple[str, ...]:
    """The content lines of a VTIMEZONE called `name` for times from `year` on."""
    changes = list(_changes(zone, year))
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}"]
    kinds: dict[tuple[bool, timedelta, timedelta, str], list[Change]] = {}
    for change in changes:
        kinds.setdefault((change.standard, change.before, change.after, change.name), []).append(change)
    last = min(year + _AHEAD, 9_990) - 1
    for (standard, before, after, short), found in kinds.items():
        rule, tail = _rule(found, last)
        once = found[: len(found) - tail]
        if once:
            lines += _observance(standard, before, after, short, once, "")
        if tail:
            lines += _observance(standard, before, after, short, found[-tail:][:1], rule)
    return (*lines, "END:VTIMEZONE")


def _observance(
    standard: bool, before: timedelta, after: timedelta, short: str, found: Sequence[Change], rule: str
) -> list[str]:
    word = "STANDARD" if standard else "DAYLIGHT"
    first, *more = (f"{each.onset:%Y%m%dT%H%M%S}" for each in found)
    lines = [f"BEGIN:{word}", f"DTSTART:{first.rjust(15, '0')}"]
    lines += [f"TZOFFSETFROM:{_offset(before)}", f"TZOFFSETTO:{_offset(after)}"]
    if short.isalpha():
        lines.append(f"TZNAME:{short}")
    if rule:
        lines.append(f"RRULE:{rule}")
    if more:
        lines.append(f"RDATE:{','.join(more)}")
    return [*lines, f"END:{word}"]


def _offset(offset: timedelta) -> str:
    seconds = int(offset.total_seconds())
    hours, rest = divmod(abs(seconds), 3_600)
    minutes, rest = divmod(rest, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02}{minutes:02}" + (f"{rest:02}" if rest else "")


def _changes(zone: ZoneInfo, year: int) -> Iterator[Change]:
    """The one that brought what holds when `year` begins, and all after it."""
    moment = datetime(max(year - 1, 2), 1, 1, tzinfo=UTC)
    end = moment.replace(year=min(year + _AHEAD, 9_990))
    offset, dst, name = _state(zone, moment)
    wall = (moment + offset).replace(tzinfo=None)
    yield Change(wall, offset, offset, not dst, name)
    while moment < end:
        following = moment + _STEP
        if _state(zone, following) != _state(zone, moment):
            low, high = moment, following
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                middle = middle.replace(microsecond=0)
                if _state(zone, middle) == _state(zone, low):
                    low = middle
                else:
                    high = middle
            before, (after, dst, name) = _state(zone, low)[0], _state(zone, high)
            yield Change((high + before).replace(tzinfo=None), before, after, not dst, name)
        moment = following


def _state(zone: ZoneInfo, moment: datetime) -> tuple[timedelta, bool, str]:
    here = moment.astimezone(zone)
    return here.utcoffset() or timedelta(0), bool(here.dst()), here.tzname() or ""


def _rule(found: Sequence[Change], last: int) -> tuple[str, int]:
    """The yearly rule that the latest of these changes follow, and how many follow it; ('', 0) where they end before
    `last`, as far as was looked, or follow none."""
    tail: list[Change] = []
    best: tuple[str, int] = ("", 0)
    for change in reversed(found):
        if tail and change.onset.year != tail[-1].onset.year - 1:
            break
        tail.append(change)
        rule = _common(tail)
        if not rule:
            break
        best = (rule, len(tail))
    if best[1] < 5 or found[-1].onset.year < last - 1:
        return "", 0
    return best


def _common(changes: Sequence[Change]) -> str:
    """What all of them have in common: the nth or the last weekday of a month, or the first one from a day on."""
    onsets = [change.onset for change in changes]
    if len({(each.month, each.weekday(), each.time()) for each in onsets}) != 1:
        return ""
    first = onsets[0]
    day, days = _DAYS[first.weekday()], [each.day for each in onsets]
    head = f"FREQ=YEARLY;BYMONTH={first.month};BYDAY="
    if all(each.day + 7 > calendar.monthrange(each.year, each.month)[1] for each in onsets):
        return f"{head}-1{day}"
    if len({(each - 1) // 7 for each in days}) == 1:
        return f"{head}{(days[0] - 1) // 7 + 1}{day}"
    low = min(days)
    if max(days) - low < 7 and low + 6 <= calendar.monthrange(first.year, first.month)[1]:
        return f"{head}{day};BYMONTHDAY={','.join(str(low + each) for each in range(7))}"
    return ""
