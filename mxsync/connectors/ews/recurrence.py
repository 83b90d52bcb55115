"""Recurrences: rules of RFC 5545 ↔ RecurrenceType and TaskRecurrenceType of MS-OXWSCDATA."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo

from mxsync.connectors.ews.patterns import DAYS, MONTHS, NUMBER, SETS, SHORT, cannot, pattern_of, whole
from mxsync.connectors.ews.wire import Element, local, t, text_of
from mxsync.errors import BadContent
from mxsync.extract.calendar_values import parse_date_or_time


def read_recurrence(element: Element) -> str:
    """A Recurrence element as a rule: FREQ, INTERVAL, COUNT or UNTIL, BYMONTH, BYMONTHDAY, BYDAY, BYSETPOS, in this
    order; '' for a pattern that a rule cannot say (a task that comes anew when it is done)."""
    pattern, span = element[0], element[1]
    parts: dict[str, str] = {}
    interval = text_of(pattern, "t:Interval", "1")
    days = [SHORT.get(day, day) for day in text_of(pattern, "t:DaysOfWeek").split()]
    match local(pattern):
        case "DailyRecurrence":
            parts["FREQ"] = "DAILY"
        case "WeeklyRecurrence":
            parts |= {"FREQ": "WEEKLY", "BYDAY": _plain(days)}
            first = SHORT.get(text_of(pattern, "t:FirstDayOfWeek"), "MO")
            if interval != "1" and first != "MO":
                parts["WKST"] = first
        case "AbsoluteMonthlyRecurrence":
            parts |= {"FREQ": "MONTHLY"} | month_day(text_of(pattern, "t:DayOfMonth"))
        case "RelativeMonthlyRecurrence":
            parts |= {"FREQ": "MONTHLY"} | _relative(pattern, days)
        case "AbsoluteYearlyRecurrence":
            month = str(MONTHS.index(text_of(pattern, "t:Month")) + 1)
            day = text_of(pattern, "t:DayOfMonth")  # 29 February is the 28th in other years
            parts |= {"FREQ": "YEARLY", "BYMONTH": month, "BYMONTHDAY": "-1" if (month, day) == ("2", "29") else day}
        case "RelativeYearlyRecurrence":
            month = str(MONTHS.index(text_of(pattern, "t:Month")) + 1)
            parts |= {"FREQ": "YEARLY", "BYMONTH": month} | _relative(pattern, days)
        case _:
            return ""
    if interval != "1":
        parts["INTERVAL"] = interval
    match local(span):
        case "NumberedRecurrence":
            parts["COUNT"] = text_of(span, "t:NumberOfOccurrences")
        case "EndDateRecurrence":
            parts["UNTIL"] = text_of(span, "t:EndDate")[:10].replace("-", "")
    order = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST")
    return ";".join(f"{name}={parts[name]}" for name in order if parts.get(name))


def month_day(day: str) -> dict[str, str]:
    """In a month that is shorter Exchange takes its last day (MS-OXOCAL 2.2.1.44.1.3), where a rule has none."""
    if day == "31":
        return {"BYMONTHDAY": "-1"}
    if day in ("29", "30"):
        return {"BYMONTHDAY": ",".join(map(str, range(28, int(day) + 1))), "BYSETPOS": "-1"}
    return {"BYMONTHDAY": day}


def _plain(days: list[str]) -> str:
    return ",".join(SETS.get(day, day) for day in days)


def _relative(pattern: Element, days: list[str]) -> dict[str, str]:
    number = NUMBER.get(text_of(pattern, "t:DayOfWeekIndex"), 1)
    if len(days) == 1 and days[0] in DAYS:
        return {"BYDAY": f"{number}{days[0]}"}
    return {"BYDAY": _plain(days), "BYSETPOS": str(number)}


def parts_of(rule: str) -> Mapping[str, str]:
    """The parts of a rule, in capitals. Raises `BadContent`."""
    found: dict[str, str] = {}
    for part in "".join(rule.upper().split()).removeprefix("RRULE:").split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value:
            raise BadContent(f"the recurrence `{rule[:100]}` is not understood")
        found[name] = value
    return found


def make_recurrence(rule: str, first: date, zone: tzinfo = UTC) -> Element:
    """The Recurrence element of a rule for a series that begins with `first` and whose days are those of `zone`. Raises
    `BadContent` for a rule that Exchange cannot keep as it is."""
    parts = parts_of(rule)
    start = first.astimezone(zone).date() if isinstance(first, datetime) else first
    pattern = pattern_of(rule, parts, start)
    if pattern.exact:
        raise cannot(rule, "in a month that is shorter Exchange takes its last day")
    if not pattern.has(start, start):
        raise cannot(rule, "it begins on a day that its rule does not name")
    begin = t("StartDate", start.isoformat())
    if "COUNT" in parts:
        span = t("NumberedRecurrence", None, begin, t("NumberOfOccurrences", str(whole(rule, parts["COUNT"]))))
    elif "UNTIL" in parts:
        span = t(
            "EndDateRecurrence", None, begin, t("EndDate", last_day(rule, parts["UNTIL"], first, zone).isoformat())
        )
    else:
        span = t("NoEndRecurrence", None, begin)
    return t("Recurrence", None, pattern.element(), span)


def last_day(rule: str, text: str, first: date, zone: tzinfo) -> date:
    """The last day of a series by its UNTIL, which may name a moment before the hour that the series has."""
    until = parse_date_or_time(text)
    if until is None:
        raise BadContent(f"the recurrence `{rule[:100]}` is not understood")
    if not isinstance(until, datetime):
        return until
    wall = until.astimezone(zone) if until.tzinfo is not None else until.replace(tzinfo=zone)
    earlier = isinstance(first, datetime) and wall.time() < first.astimezone(zone).time()
    return wall.date() - timedelta(days=1 if earlier else 0)
