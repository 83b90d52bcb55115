"""A rule of RFC 5545 as one of the patterns that Exchange keeps (MS-OXWSCDATA, RecurrenceType), if it is one."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from mxsync.connectors.ews.wire import Element, t
from mxsync.errors import BadContent

DAYS: Final = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
SHORT: Final = {name: short for short, name in DAYS.items()}
SETS: Final = {"Day": "MO,TU,WE,TH,FR,SA,SU", "Weekday": "MO,TU,WE,TH,FR", "WeekendDay": "SA,SU"}
_INDEX: Final = {1: "First", 2: "Second", 3: "Third", 4: "Fourth", -1: "Last"}
NUMBER: Final = {name: number for number, name in _INDEX.items()}
MONTHS: Final = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_KNOWN: Final = frozenset((
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST",
))  # fmt: skip
_SMALLER: Final = {
    "SECONDLY": "every second",
    "MINUTELY": "within the hour",
    "HOURLY": "within the day",
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """`tag` is Exchange's element. `exact`: the rule has nothing in a month that is shorter than `day`, where Exchange
    takes its last day (MS-OXOCAL 2.2.1.44.1.3)."""

    tag: str
    interval: int = 1
    days: str = ""
    index: str = ""
    day: int = 0
    month: int = 0
    week_start: str = "Monday"
    exact: bool = False

    def element(self) -> Element:
        """As Exchange keeps it, in the order of the schema."""
        interval = t("Interval", str(self.interval))
        match self.tag:
            case "DailyRecurrence":
                parts = [interval]
            case "WeeklyRecurrence":
                parts = [interval, t("DaysOfWeek", self.days), t("FirstDayOfWeek", self.week_start)]
            case "RelativeMonthlyRecurrence":
                parts = [interval, t("DaysOfWeek", self.days), t("DayOfWeekIndex", self.index)]
            case "AbsoluteMonthlyRecurrence":
                parts = [interval, t("DayOfMonth", str(self.day))]
            case "RelativeYearlyRecurrence":
                month = t("Month", MONTHS[self.month - 1])
                parts = [t("DaysOfWeek", self.days), t("DayOfWeekIndex", self.index), month]
            case _:
                parts = [t("DayOfMonth", str(self.day)), t("Month", MONTHS[self.month - 1])]
        return t(self.tag, None, *parts)

    def has(self, day: date, origin: date) -> bool:
        """Whether Exchange has an occurrence on a day, where the periods are counted from the one that `origin` is
        in."""
        months = (day.year - origin.year) * 12 + day.month - origin.month
        if self.month and day.month != self.month:
            return False
        match self.tag:
            case "DailyRecurrence":
                return (day - origin).days % self.interval == 0
            case "WeeklyRecurrence":
                weeks = (self._week(day) - self._week(origin)).days // 7
                return list(DAYS.values())[day.weekday()] in self.days.split() and weeks % self.interval == 0
            case "AbsoluteMonthlyRecurrence" | "AbsoluteYearlyRecurrence":
                length = monthrange(day.year, day.month)[1]
                return day.day == min(self.day, length) and (bool(self.month) or months % self.interval == 0)
            case _:
                return _is_nth(day, self.index, self.days) and (bool(self.month) or months % self.interval == 0)

    def _week(self, day: date) -> date:
        first = list(DAYS.values()).index(self.week_start)
        return day - timedelta(days=(day.weekday() - first) % 7)

    def means(self, day: date) -> bool:
        """Whether the rule has an occurrence on a day on which Exchange has one."""
        return not self.exact or day.day == self.day


def _is_nth(start: date, index: str, names: str) -> bool:
    """Whether a day is the first, second … or last of its month of a kind ('Tuesday', 'Weekday')."""
    shorts = SETS.get(names, SHORT.get(names, "")).split(",")
    kind = [list(DAYS).index(short) for short in shorts]
    length = monthrange(start.year, start.month)[1]
    found = [day for day in range(1, length + 1) if start.replace(day=day).weekday() in kind]
    number = NUMBER[index]
    return start.day == found[number - 1 if number > 0 else -1]


def pattern_of(rule: str, parts: Mapping[str, str], start: date) -> Pattern:
    """The pattern of a rule, for a series that begins on a day. Raises `BadContent` with the reason where Exchange has
    none."""
    unknown = sorted(parts.keys() - _KNOWN)
    if unknown:
        raise cannot(rule, f"Exchange knows no {unknown[0]}")
    frequency = parts.get("FREQ", "")
    if frequency in _SMALLER:
        raise cannot(rule, f"it repeats {_SMALLER[frequency]}, and Exchange has one occurrence a day at most")
    interval = whole(rule, parts.get("INTERVAL", "1"))
    days = parts.get("BYDAY", "").split(",") if parts.get("BYDAY") else []
    today = tuple(DAYS)[start.weekday()]
    given = parts.keys() & {"BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS"}
    match frequency:
        case "DAILY" if not given:
            return Pattern("DailyRecurrence", interval)
        case "DAILY" | "WEEKLY" if given <= {"BYDAY"}:
            if frequency == "DAILY" and interval != 1:
                raise cannot(rule, "it counts days and names some of the week at once")
            first = _names(rule, [parts.get("WKST", "MO")])
            return Pattern("WeeklyRecurrence", interval, _names(rule, days or [today]), week_start=first)
        case "MONTHLY" if days and given <= {"BYDAY", "BYSETPOS"}:
            index, names = _nth(rule, days, parts)
            return Pattern("RelativeMonthlyRecurrence", interval, names, index)
        case "MONTHLY" if given <= {"BYMONTHDAY", "BYSETPOS"}:
            day, exact = _day_of_month(rule, parts, start)
            return Pattern("AbsoluteMonthlyRecurrence", interval, day=day, exact=exact)
        case "YEARLY":
            return _yearly(rule, parts, start, days)
        case _:
            raise cannot(rule, "it names days in more than one way, and Exchange has one")


def _yearly(rule: str, parts: Mapping[str, str], start: date, days: list[str]) -> Pattern:
    if parts.get("INTERVAL", "1") != "1":
        raise cannot(rule, "Exchange has no series of every second year")
    given = parts.keys() & {"BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS"}
    text = parts.get("BYMONTH", str(start.month))
    if "," in text:
        raise cannot(rule, "it names several months")
    month = whole(rule, text)
    if month > 12:
        raise cannot(rule, "there is no such month")
    if days:
        if "BYMONTHDAY" in given or "BYMONTH" not in given:
            raise cannot(rule, "it names days in more than one way, and Exchange has one")
        index, names = _nth(rule, days, parts)
        return Pattern("RelativeYearlyRecurrence", days=names, index=index, month=month)
    if "BYSETPOS" in given:
        raise cannot(rule, "it names days in more than one way, and Exchange has one")
    said = parts.get("BYMONTHDAY", str(start.day))
    longest = monthrange(2024, month)[1]
    day = longest if said == "-1" else _one_day(rule, said)
    if day > longest:
        raise cannot(rule, "there is no such day")
    return Pattern("AbsoluteYearlyRecurrence", day=day, month=month, exact=(month, day) == (2, 29) and said != "-1")


def cannot(rule: str, why: str) -> BadContent:
    """The sentence for a rule that Exchange cannot keep."""
    return BadContent(f"Exchange cannot keep the recurrence `{rule[:100]}`: {why}")


def whole(rule: str, text: str) -> int:
    """A number of a rule. Raises `BadContent`."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1000):
        raise BadContent(f"the recurrence `{rule[:100]}` holds a number that Exchange does not take")
    return int(text)


def _one_day(rule: str, text: str) -> int:
    if "," in text:
        raise cannot(rule, "it names several days of a month")
    if text.startswith("-"):
        raise cannot(rule, "it counts from the end of the month, and Exchange knows its last day only")
    return whole(rule, text)


def _day_of_month(rule: str, parts: Mapping[str, str], start: date) -> tuple[int, bool]:
    """The day, and whether shorter months have none."""
    text = parts.get("BYMONTHDAY", str(start.day))
    last = [",".join(map(str, range(28, day + 1))) for day in (29, 30, 31)]
    if text == "-1" and "BYSETPOS" not in parts:
        return 31, False
    if text in last and parts.get("BYSETPOS") == "-1":
        return 29 + last.index(text), False
    if "BYSETPOS" in parts:
        raise cannot(rule, "it picks one of several days of a month")
    day = _one_day(rule, text)
    if day > 31:
        raise cannot(rule, "there is no such day")
    return day, day > 28


def _names(rule: str, days: list[str]) -> str:
    try:
        return " ".join(DAYS[day] for day in days)
    except KeyError:
        raise cannot(rule, "its days are none of a week") from None


def _nth(rule: str, days: list[str], parts: Mapping[str, str]) -> tuple[str, str]:
    """('Second', 'Tuesday'), from BYDAY=2TU or from BYDAY and BYSETPOS."""
    position = parts.get("BYSETPOS") or days[0][:-2]
    if not position:
        raise cannot(rule, "it names a day of each week, by the month or year")
    if len({day[:-2] for day in days}) > 1 or ("BYSETPOS" in parts and days[0][:-2]):
        raise cannot(rule, "it names several days of a month")
    plain = [day[-2:] for day in days]
    try:
        index = _INDEX[int(position)]
    except (KeyError, ValueError):
        raise cannot(rule, "Exchange has the first to the fourth and the last of a kind of day") from None
    kinds = (name for name, set_ in SETS.items() if sorted(set_.split(",")) == sorted(plain))
    known = next(kinds, "")
    if not known and len(plain) > 1:
        raise cannot(rule, "Exchange has days, weekdays and days of the weekend, and no other kinds of several")
    return index, known or _names(rule, plain)
