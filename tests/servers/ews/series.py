"""Recurring appointments in the double: their occurrences (by dateutil, which the product does not use), those that are
changed, and those that are deleted (MS-OXWSMTGS 3.1.4)."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import takewhile
from zoneinfo import ZoneInfo

from dateutil import rrule
from lxml import etree
from tzlocal.windows_tz import win_tz

from tests.servers.ews.mime import moment
from tests.servers.ews.schemas import T, local, t
from tests.servers.ews.store import Denied, Folder, Store, StoredItem

NS = {"t": T}
MARK = "~"
"""Between the master's id and the moment of an occurrence in the occurrence's id."""
_DAYS = dict(zip("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(), rrule.weekdays, strict=True))  # noqa: SIM905
_SETS = {"Day": rrule.weekdays, "Weekday": rrule.weekdays[:5], "WeekendDay": rrule.weekdays[5:]}
_INDEX = {"First": 1, "Second": 2, "Third": 3, "Fourth": 4, "Last": -1}
_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905


def zone_of(master: StoredItem) -> tzinfo:
    found = master.props.get("StartTimeZone")
    return ZoneInfo(win_tz[found.get("Id", "")]) if found is not None else UTC


def when(item: StoredItem, name: str = "Start") -> datetime:
    return datetime.fromisoformat(item.props[name].text or "").astimezone(UTC)


def whole_days(item: StoredItem) -> None:
    """An all-day event is made to span whole days of its time zone, of UTC where it names none."""
    if item.props.get("IsAllDayEvent") is None or item.props["IsAllDayEvent"].text != "true":
        return
    zone = zone_of(item)
    start, end = when(item).astimezone(zone), when(item, "End").astimezone(zone)
    first = start.replace(hour=0, minute=0)
    last = end.replace(hour=0, minute=0)
    last = last if last == end and last > first else (last + timedelta(days=1)).replace(hour=0)
    item.props |= {"Start": t("Start", moment(first)), "End": t("End", moment(last))}


def _rule(master: StoredItem) -> rrule.rrule:
    pattern, span = master.props["Recurrence"]
    text = lambda element, name, default="": element.findtext(f"t:{name}", default, NS)  # noqa: E731
    days = [day for word in text(pattern, "DaysOfWeek").split() for day in _SETS.get(word, (_DAYS.get(word),))]
    more: dict[str, object] = {"interval": int(text(pattern, "Interval", "1"))}
    if days:
        more["byweekday"] = days
    if index := text(pattern, "DayOfWeekIndex"):
        more["bysetpos"] = _INDEX[index]
    if day := text(pattern, "DayOfMonth"):
        # MS-OXOCAL 2.2.1.44.1.3: in a month that is shorter, its last day.
        more |= (
            {"bymonthday": list(range(28, int(day) + 1)), "bysetpos": -1} if int(day) > 28 else {"bymonthday": int(day)}
        )
    more["wkst"] = _DAYS[text(pattern, "FirstDayOfWeek", "Sunday")]
    if month := text(pattern, "Month"):
        more["bymonth"] = _MONTHS.index(month) + 1
    if local(span) == "NumberedRecurrence":
        more["count"] = int(text(span, "NumberOfOccurrences"))
    wall = when(master).astimezone(zone_of(master)).replace(tzinfo=None)
    if local(span) == "EndDateRecurrence":
        more["until"] = datetime.fromisoformat(text(span, "EndDate")[:10]) + timedelta(days=1, seconds=-1)
    name = local(pattern)
    frequency = next(
        value
        for word, value in (
            ("Daily", rrule.DAILY),
            ("Weekly", rrule.WEEKLY),
            ("Monthly", rrule.MONTHLY),
            ("Yearly", rrule.YEARLY),
        )
        if word in name
    )
    return rrule.rrule(frequency, dtstart=wall, **more)  # type: ignore[arg-type]


def originals(master: StoredItem, until: datetime) -> Iterator[datetime]:
    """When the rule has occurrences, deleted ones among them."""
    zone = zone_of(master)
    moments = (wall.replace(tzinfo=zone).astimezone(UTC) for wall in _rule(master))
    return takewhile(lambda found: found < until, moments)


def stamp(found: datetime) -> str:
    return f"{found:%Y%m%dT%H%M%SZ}"


def occurrence(master: StoredItem, name: str) -> StoredItem:
    """The occurrence of a moment: the changed one, or one as the series says. Raises `Denied`."""
    if name in master.deleted:
        raise Denied("ErrorCalendarOccurrenceIsDeletedFromRecurrence", "the occurrence was deleted")
    found = master.exceptions.get(name)
    if found is None:
        original = datetime.strptime(name, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if original not in originals(master, original + timedelta(seconds=1)):
            raise Denied("ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange", "there is no such occurrence")
        found = deepcopy(master)
        found.exceptions, found.deleted = {}, []
        del found.props["Recurrence"]
        found.props["Start"] = t("Start", moment(original))
        found.props["End"] = t("End", moment(original + (when(master, "End") - when(master))))
    found.id, found.folder, found.master = f"{master.id}{MARK}{name}", master.folder, master.id
    return found


def view(store: Store, folder: str, begin: datetime, end: datetime) -> list[StoredItem]:
    """What a calendar shows between two moments."""
    found = []
    for item in store.in_folder(folder):
        if item.tag != "CalendarItem":
            continue
        if "Recurrence" not in item.props:
            found.append(item)
            continue
        length = when(item, "End") - when(item)
        names = dict.fromkeys(
            (*(stamp(each) for each in originals(item, end) if each + length >= begin), *item.exceptions)
        )
        found += [occurrence(item, name) for name in names if name not in item.deleted]
    shown = [each for each in found if when(each) < end and when(each, "End") > begin]
    return sorted(shown, key=when)


def change(store: Store, item: StoredItem) -> None:
    """An occurrence was changed: the series keeps it, and is changed itself."""
    master = store.items[item.master]
    master.exceptions[item.id.partition(MARK)[2]] = item
    store.touch(master)
    item.change = master.change


def drop(store: Store, item: StoredItem) -> None:
    """An occurrence is deleted from its series."""
    master = store.items[item.master]
    name = item.id.partition(MARK)[2]
    master.exceptions.pop(name, None)
    master.deleted.append(name)
    store.touch(master)


def forget(master: StoredItem) -> None:
    """A series of another rule or start has no exceptions."""
    master.exceptions.clear()
    master.deleted.clear()


def exceptions_of(master: StoredItem) -> dict[str, etree._Element]:
    """ModifiedOccurrences and DeletedOccurrences, where there are any."""
    at = lambda name: moment(datetime.strptime(name, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC))  # noqa: E731
    found: dict[str, etree._Element] = {}
    if master.exceptions:
        infos = []
        for name in sorted(master.exceptions):
            each = occurrence(master, name)
            id = t("ItemId", Id=each.id, ChangeKey=each.change_key)
            times = [t(part, moment(when(each, part))) for part in ("Start", "End")]
            infos.append(t("Occurrence", None, id, *times, t("OriginalStart", at(name))))
        found["ModifiedOccurrences"] = t("ModifiedOccurrences", None, *infos)
    if master.deleted:
        gone = [t("DeletedOccurrence", None, t("Start", at(name))) for name in sorted(master.deleted)]
        found["DeletedOccurrences"] = t("DeletedOccurrences", None, *gone)
    return found


# ------------------------------------------------------------ as Outlook makes them


def weekly(store: Store, folder: Folder, zone: str = "W. Europe Standard Time") -> StoredItem:
    """A series on Mondays at 8:00 UTC in winter, ten times from 2 March 2026: over the change of Europe's clocks."""
    item = store.put("IPM.Appointment", "CalendarItem", folder)
    pattern = t("WeeklyRecurrence", None, t("Interval", "1"), t("DaysOfWeek", "Monday"))
    span = t("NumberedRecurrence", None, t("StartDate", "2026-03-02"), t("NumberOfOccurrences", "10"))
    item.props |= {
        "Subject": t("Subject", "Round"),
        "Location": t("Location", "Room 1"),
        "Start": t("Start", "2026-03-02T08:00:00Z"),
        "End": t("End", "2026-03-02T09:00:00Z"),
        "Recurrence": t("Recurrence", None, pattern, span),
        "StartTimeZone": t("StartTimeZone", Id=zone),
    }
    store.appeared(item)
    return item


def edit(store: Store, master: StoredItem, name: str, **texts: str) -> None:
    """Somebody changes an occurrence."""
    item = occurrence(master, name)
    item.props |= {path: t(path, text) for path, text in texts.items()}
    change(store, item)
