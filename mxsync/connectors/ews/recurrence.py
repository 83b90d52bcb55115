"""Recurrences: rules of RFC 5545 ↔ RecurrenceType and TaskRecurrenceType of MS-OXWSCDATA."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from mxsync.connectors.ews.wire import Element, local, t, text_of
from mxsync.errors import BadContent

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
        case "AbsoluteMonthlyRecurrence":
            parts |= {"FREQ": "MONTHLY", "BYMONTHDAY": text_of(pattern, "t:DayOfMonth")}
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
    order = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS")
    return ";".join(f"{name}={parts[name]}" for name in order if parts.get(name))


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


def make_recurrence(rule: str, start: date) -> Element:
    """The Recurrence element of a rule for a series that begins on `start`. Raises `BadContent` for a rule that
    Exchange cannot keep."""
    parts = parts_of(rule)
    pattern = _pattern(rule, parts, start)
    begin = t("StartDate", start.isoformat())
    if "COUNT" in parts:
        span = t("NumberedRecurrence", None, begin, t("NumberOfOccurrences", _whole(rule, parts["COUNT"])))
    elif "UNTIL" in parts:
        until = parts["UNTIL"]
        if len(until) < 8 or not until[:8].isdigit():
            raise BadContent(f"the recurrence `{rule[:100]}` is not understood")
        span = t("EndDateRecurrence", None, begin, t("EndDate", f"{until[:4]}-{until[4:6]}-{until[6:8]}"))
    else:
        span = t("NoEndRecurrence", None, begin)
    return t("Recurrence", None, pattern, span)


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
    match parts.get("FREQ"):
        case "DAILY" if not days:
            return t("DailyRecurrence", None, interval)
        case "DAILY":
            return t("WeeklyRecurrence", None, t("Interval", "1"), t("DaysOfWeek", _names(rule, days)))
        case "WEEKLY":
            return t("WeeklyRecurrence", None, interval, t("DaysOfWeek", _names(rule, days or [today])))
        case "MONTHLY" if days:
            index, names = _nth(rule, days, parts)
            return t("RelativeMonthlyRecurrence", None, interval, t("DaysOfWeek", names), t("DayOfWeekIndex", index))
        case "MONTHLY":
            day = _whole(rule, parts.get("BYMONTHDAY", str(start.day)))
            return t("AbsoluteMonthlyRecurrence", None, interval, t("DayOfMonth", day))
        case "YEARLY":
            month = t("Month", _MONTHS[(int(_whole(rule, parts.get("BYMONTH", str(start.month)))) - 1) % 12])
            if days:
                index, names = _nth(rule, days, parts)
                return t("RelativeYearlyRecurrence", None, t("DaysOfWeek", names), t("DayOfWeekIndex", index), month)
            day = _whole(rule, parts.get("BYMONTHDAY", str(start.day)))
            return t("AbsoluteYearlyRecurrence", None, t("DayOfMonth", day), month)
        case _:
            raise BadContent(f"Exchange cannot keep the recurrence `{rule[:100]}`")


def _names(rule: str, days: list[str]) -> str:
    try:
        return " ".join(_DAYS[day] for day in days)
    except KeyError:
        raise BadContent(f"Exchange cannot keep the recurrence `{rule[:100]}`") from None


def _nth(rule: str, days: list[str], parts: Mapping[str, str]) -> tuple[str, str]:
    """('Second', 'Tuesday'), from BYDAY=2TU or from BYDAY and BYSETPOS."""
    position = parts.get("BYSETPOS") or days[0][:-2]
    plain = [day[-2:] for day in days]
    try:
        index = _INDEX[int(position or "1")]
    except (KeyError, ValueError):
        raise BadContent(f"Exchange cannot keep the recurrence `{rule[:100]}`") from None
    whole = next((name for name, days_ in _SETS.items() if days_ == ",".join(plain)), "")
    if not whole and len(plain) > 1:
        raise BadContent(f"Exchange cannot keep the recurrence `{rule[:100]}`")
    return index, whole or _names(rule, plain)
