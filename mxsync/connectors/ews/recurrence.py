"""Recurrences: rules of RFC 5545 ↔ RecurrenceType and TaskRecurrenceType of MS-OXWSCDATA."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from mxsync.connectors.ews.wire import Element, local, t, text_of
from mxsync.errors import BadContent
from mxsync.extract.calendar_values import parse_date_or_time

_DAYS: Final = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
_SHORT: Final = {name: short for short, name in _DAYS.items()}
_SETS: Final = {"Day": "MO,TU,WE,TH,FR,SA,SU", "Weekday": "MO,TU,WE,TH,FR", "WeekendDay": "SA,SU"}
_INDEX: Final = {1: "First", 2: "Second", 3: "Third", 4: "Fourth", -1: "Last"}
_NUMBER: Final = {name: number for number, name in _INDEX.items()}
_MONTHS: Final = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


def read_recurrence(element: Element) -> str:
    """A Recurrence element as a rule: FREQ, INTERVAL, COUNT or UNTIL, BYMONTH, BYMONTHDAY, BYDAY, BYSETPOS, in this
    order; '' for a pattern that a rule cannot say (a task that comes anew when it is done)."""
    pattern, span = element[0], element[1]
    parts: dict[str, str] = {}
    interval = text_of(pattern, "t:Interval", "1")
    days = [_SHORT.get(day, day) for day in text_of(pattern, "t:DaysOfWeek").split()]
    match local(pattern):
        case "DailyRecurrence":
            parts["FREQ"] = "DAILY"
        case "WeeklyRecurrence":
            parts |= {"FREQ": "WEEKLY", "BYDAY": _plain(days)}
            first = _SHORT.get(text_of(pattern, "t:FirstDayOfWeek"), "MO")
            if interval != "1" and first != "MO":
                parts["WKST"] = first
        case "AbsoluteMonthlyRecurrence":
            parts |= {"FREQ": "MONTHLY"} | _month_day(text_of(pattern, "t:DayOfMonth"))
        case "RelativeMonthlyRecurrence":
            parts |= {"FREQ": "MONTHLY"} | _relative(pattern, days)
        case "AbsoluteYearlyRecurrence":
            month = str(_MONTHS.index(text_of(pattern, "t:Month")) + 1)
            parts |= {"FREQ": "YEARLY", "BYMONTH": month, "BYMONTHDAY": text_of(pattern, "t:DayOfMonth")}
        case "RelativeYearlyRecurrence":
            month = str(_MONTHS.index(text_of(pattern, "t:Month")) + 1)
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


def _month_day(day: str) -> dict[str, str]:
    """In a month that is shorter Exchange takes its last day (MS-OXOCAL 2.2.1.44.1.3), where a rule has none."""
    if day == "31":
        return {"BYMONTHDAY": "-1"}
    if day in ("29", "30"):
        return {"BYMONTHDAY": ",".join(map(str, range(28, int(day) + 1))), "BYSETPOS": "-1"}
    return {"BYMONTHDAY": day}


def _plain(days: list[str]) -> str:
    return ",".join(_SETS.get(day, day) for day in days)


def _relative(pattern: Element, days: list[str]) -> dict[str, str]:
    number = _NUMBER.get(text_of(pattern, "t:DayOfWeekIndex"), 1)
    if len(days) == 1 and days[0] in _DAYS:
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
    pattern = _pattern(rule, parts, start)
    begin = t("StartDate", start.isoformat())
    if "COUNT" in parts:
        span = t("NumberedRecurrence", None, begin, t("NumberOfOccurrences", _whole(rule, parts["COUNT"])))
    elif "UNTIL" in parts:
        span = t("EndDateRecurrence", None, begin, t("EndDate", _last(rule, parts["UNTIL"], first, zone).isoformat()))
    else:
        span = t("NoEndRecurrence", None, begin)
    return t("Recurrence", None, pattern, span)


def _last(rule: str, text: str, first: date, zone: tzinfo) -> date:
    """The last day of a series by its UNTIL, which may name a moment before the hour that the series has."""
    until = parse_date_or_time(text)
    if until is None:
        raise BadContent(f"the recurrence `{rule[:100]}` is not understood")
    if not isinstance(until, datetime):
        return until
    wall = until.astimezone(zone) if until.tzinfo is not None else until.replace(tzinfo=zone)
    earlier = isinstance(first, datetime) and wall.time() < first.astimezone(zone).time()
    return wall.date() - timedelta(days=1 if earlier else 0)


def _whole(rule: str, text: str) -> str:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1000):
        raise BadContent(f"the recurrence `{rule[:100]}` holds a number that Exchange does not take")
    return str(int(text))


def _pattern(rule: str, parts: Mapping[str, str], start: date) -> Element:
    unknown = parts.keys() - {
        "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST",
    }  # fmt: skip
    if unknown:
        raise BadContent(f"Exchange cannot keep the recurrence `{rule[:100]}`: it knows no {sorted(unknown)[0]}")
    interval = t("Interval", _whole(rule, parts.get("INTERVAL", "1")))
    days = parts.get("BYDAY", "").split(",") if parts.get("BYDAY") else []
    today = tuple(_DAYS)[start.weekday()]
    given = parts.keys() & {"BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS"}
    match parts.get("FREQ"):
        case "DAILY" if not given:
            return t("DailyRecurrence", None, interval)
        case "DAILY" | "WEEKLY" if given <= {"BYDAY"}:
            if parts["FREQ"] == "DAILY" and parts.get("INTERVAL", "1") != "1":
                raise _cannot(rule)
            _begins(rule, not days or today in days)
            week = t("FirstDayOfWeek", _names(rule, [parts.get("WKST", "MO")]))
            return t("WeeklyRecurrence", None, interval, t("DaysOfWeek", _names(rule, days or [today])), week)
        case "MONTHLY" if days and given <= {"BYDAY", "BYSETPOS"}:
            index, names = _nth(rule, days, parts)
            _begins(rule, _is_nth(start, index, names))
            return t("RelativeMonthlyRecurrence", None, interval, t("DaysOfWeek", names), t("DayOfWeekIndex", index))
        case "MONTHLY" if given <= {"BYMONTHDAY", "BYSETPOS"}:
            day = _day_of_month(rule, parts, start)
            _begins(rule, start.day == min(day, monthrange(start.year, start.month)[1]))
            return t("AbsoluteMonthlyRecurrence", None, interval, t("DayOfMonth", str(day)))
        case "YEARLY" if parts.get("INTERVAL", "1") == "1":
            number = int(_whole(rule, parts.get("BYMONTH", str(start.month))))
            if number > 12:
                raise _cannot(rule)
            month = t("Month", _MONTHS[number - 1])
            if days and given <= {"BYMONTH", "BYDAY", "BYSETPOS"} and "BYMONTH" in given:
                index, names = _nth(rule, days, parts)
                _begins(rule, start.month == number and _is_nth(start, index, names))
                return t("RelativeYearlyRecurrence", None, t("DaysOfWeek", names), t("DayOfWeekIndex", index), month)
            if days or not given <= {"BYMONTH", "BYMONTHDAY"}:
                raise _cannot(rule)
            day = int(_whole(rule, parts.get("BYMONTHDAY", str(start.day))))
            if (number, day) == (2, 29):
                raise _cannot(rule)  # Exchange has it on the 28th in other years
            _begins(rule, (start.month, start.day) == (number, day))
            return t("AbsoluteYearlyRecurrence", None, t("DayOfMonth", str(day)), month)
        case _:
            raise _cannot(rule)


def _cannot(rule: str) -> BadContent:
    return BadContent(f"Exchange cannot keep the recurrence `{rule[:100]}`")


def _begins(rule: str, holds: bool) -> None:
    """Exchange begins a series with the first day that its rule names."""
    if not holds:
        raise BadContent(
            f"Exchange cannot keep the recurrence `{rule[:100]}`: it begins on a day that its rule does not name"
        )


def _is_nth(start: date, index: str, names: str) -> bool:
    """Whether a day is the first, second … or last of its month of a kind ('Tuesday', 'Weekday')."""
    shorts = _SETS.get(names, _SHORT.get(names, "")).split(",")
    kind = [list(_DAYS).index(short) for short in shorts]
    length = monthrange(start.year, start.month)[1]
    found = [day for day in range(1, length + 1) if start.replace(day=day).weekday() in kind]
    number = _NUMBER[index]
    return start.day == found[number - 1 if number > 0 else -1]


def _day_of_month(rule: str, parts: Mapping[str, str], start: date) -> int:
    text = parts.get("BYMONTHDAY", str(start.day))
    last = [",".join(map(str, range(28, day + 1))) for day in (29, 30, 31)]
    if text == "-1" and "BYSETPOS" not in parts:
        return 31
    if text in last and parts.get("BYSETPOS") == "-1":
        return 29 + last.index(text)
    day = int(_whole(rule, text))
    if "BYSETPOS" in parts or day > 28:
        raise _cannot(rule)  # Exchange has it on the last day of shorter months
    return day


def _names(rule: str, days: list[str]) -> str:
    try:
        return " ".join(_DAYS[day] for day in days)
    except KeyError:
        raise BadContent(f"Exchange cannot keep the recurrence `{rule[:100]}`") from None


def _nth(rule: str, days: list[str], parts: Mapping[str, str]) -> tuple[str, str]:
    """('Second', 'Tuesday'), from BYDAY=2TU or from BYDAY and BYSETPOS."""
    position = parts.get("BYSETPOS") or days[0][:-2]
    if not position or len({day[:-2] for day in days}) > 1 or ("BYSETPOS" in parts and days[0][:-2]):
        raise _cannot(rule)
    plain = [day[-2:] for day in days]
    try:
        index = _INDEX[int(position)]
    except (KeyError, ValueError):
        raise BadContent(f"Exchange cannot keep the recurrence `{rule[:100]}`") from None
    whole = next((name for name, days_ in _SETS.items() if days_ == ",".join(plain)), "")
    if not whole and len(plain) > 1:
        raise BadContent(f"Exchange cannot keep the recurrence `{rule[:100]}`")
    return index, whole or _names(rule, plain)
