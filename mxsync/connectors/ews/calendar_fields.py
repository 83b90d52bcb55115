"""Appointments (MS-OXWSMTGS, MS-OXOCAL) and tasks (MS-OXWSTASK)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from mxsync.connectors.ews.codecs import (
    HALF_DAY,
    SHOW_AS,
    TASK_STATUS,
    Change,
    people_of,
    person_text,
    put_people,
    put_text,
    put_texts,
    read_attendees,
    read_day,
    read_moment,
    read_number,
    read_person,
    read_text,
    read_texts,
    read_yes,
    text_person,
    word,
    write_day,
    write_moment,
)
from mxsync.connectors.ews.codecs import (
    windows_zone as windows_name,
)
from mxsync.connectors.ews.common_fields import CONTACTS
from mxsync.connectors.ews.properties import (
    DELETED,
    MODIFIED_OCCURRENCES,
    OURS,
    PS_PUBLIC_STRINGS,
    START,
    Extended,
    Path,
    Property,
)
from mxsync.connectors.ews.recurrence import make_recurrence, read_recurrence
from mxsync.connectors.ews.wire import NS, Element, t
from mxsync.errors import BadContent
from mxsync.extract.calendar_values import named_zone, number_of
from mxsync.extract.icalendar import importance_of
from mxsync.extract.series import rule_of
from mxsync.model.item import Value

END: Final = Property("calendar:End")
ALL_DAY: Final = Property("calendar:IsAllDayEvent")
BUSY: Final = Property("calendar:LegacyFreeBusyStatus")
LOCATION: Final = Property("calendar:Location")
CANCELLED: Final = Property("calendar:IsCancelled")
ORGANIZER: Final = Property("calendar:Organizer")
REQUIRED: Final = Property("calendar:RequiredAttendees")
OPTIONAL: Final = Property("calendar:OptionalAttendees")
RECURRENCE: Final = Property("calendar:Recurrence")
UID: Final = Property("calendar:UID")
ONLINE: Final = Property("calendar:JoinOnlineMeetingUrl")
ONLINE_LINK: Final = Extended("String", set=PS_PUBLIC_STRINGS, name="OnlineMeetingExternalLink")
TEAMS_LINK: Final = Extended("String", set=PS_PUBLIC_STRINGS, name="SkypeTeamsMeetingUrl")
REMINDER_SET: Final = Property("item:ReminderIsSet")
REMINDER_MINUTES: Final = Property("item:ReminderMinutesBeforeStart")
REMINDER_DUE: Final = Property("item:ReminderDueBy")
START_ZONE: Final = Property("calendar:StartTimeZone")
END_ZONE: Final = Property("calendar:EndTimeZone")
TASK_START: Final = Property("task:StartDate")
TASK_DUE: Final = Property("task:DueDate")
TASK_DONE: Final = Property("task:CompleteDate")
TASK_STATE: Final = Property("task:Status")
TASK_PERCENT: Final = Property("task:PercentComplete")
TASK_RECURRENCE: Final = Property("task:Recurrence")
TASK_WORD: Final = Extended("String", set=OURS, name="status")
"""A task's status that Exchange has no word for."""
PRIORITY: Final = Extended("Integer", set=OURS, name="priority")
"""A task's priority from 1 to 9: Exchange has three."""
_MOVED: Final = frozenset(("start", "end", "all_day"))
PATHS: Final[tuple[Path, ...]] = (
    START, END, ALL_DAY, BUSY, LOCATION, CANCELLED, ORGANIZER, REQUIRED, OPTIONAL, RECURRENCE, UID, ONLINE, ONLINE_LINK,
    TEAMS_LINK, REMINDER_SET, REMINDER_MINUTES, REMINDER_DUE, TASK_START, TASK_DUE, TASK_DONE, TASK_STATE, TASK_PERCENT,
    TASK_RECURRENCE, TASK_WORD, PRIORITY, START_ZONE, MODIFIED_OCCURRENCES, DELETED,
)  # fmt: skip


def read_appointment(item: Element, zone: tzinfo) -> dict[str, Value]:
    """The fields of an appointment. All-day ones have days, the end excluded."""
    all_day = read_yes(ALL_DAY.find(item))
    times = START.find(item), END.find(item)
    start, end = (read_day(each, zone) if all_day else read_moment(each) for each in times)
    fields: dict[str, Value] = {
        "start": start,
        "end": end,
        "all_day": all_day,
        "location": read_text(LOCATION.find(item)),
        "show_as": word(SHOW_AS, BUSY.find(item), "busy"),
        "cancelled": read_yes(CANCELLED.find(item)),
        "uid": read_text(UID.find(item)),
        "recurrence": read_rule(RECURRENCE.find(item)),
        "attendees": read_attendees(REQUIRED.find(item)) + read_attendees(OPTIONAL.find(item)),
        "contacts": tuple(map(text_person, read_texts(CONTACTS.find(item)))),
        "reminder": read_number(REMINDER_MINUTES.find(item)) if read_yes(REMINDER_SET.find(item)) else None,
        "online_link": next(
            (text for path in (ONLINE_LINK, TEAMS_LINK, ONLINE) if (text := read_text(path.find(item)).strip())), ""
        ),
    }
    organizer = ORGANIZER.find(item)
    fields["organizer"] = read_person(organizer.find("t:Mailbox", NS)) if organizer is not None else None
    if start is not None and end is not None:
        fields["duration"] = round((end - start) / timedelta(minutes=1))
    return fields


def read_rule(element: Element | None) -> str:
    """The rule of a Recurrence element, '' for none."""
    return read_recurrence(element) if element is not None and len(element) == 2 else ""


def write_appointment(
    fields: Mapping[str, Value], zone: tzinfo, before: Mapping[str, Value], windows_zone: str
) -> list[Change]:
    """The changes for an appointment's own fields that are given; `before` are those that it has. The organizer is the
    mailbox's owner, whatever is given: Exchange lets nobody set another. Raises `BadContent`."""
    changes: list[Change] = []
    start = fields.get("start", before.get("start"))
    if "start" in fields and not isinstance(start, date):
        raise BadContent("an appointment needs a start")
    named = windows_name(str(fields.get("time_zone") or ""))
    if fields.keys() & _MOVED:
        times = _times({**before, **fields}, fields, zone)
        if any(path is ALL_DAY and value.text == "true" for path, value in times if value is not None):
            named = windows_zone  # whose midnights they are: those of UTC, where nothing is said
        changes += times
    for name, path in (("location", LOCATION), ("online_link", ONLINE_LINK)):
        if name in fields:
            changes.append(put_text(path, fields[name]))
    if "show_as" in fields:
        changes.append((BUSY, BUSY.make(SHOW_AS.get(str(fields["show_as"] or "busy").lower(), "Busy"))))
    if "attendees" in fields:
        changes.append(put_people(REQUIRED, people_of(fields["attendees"]), "Attendee"))
        if before.get("attendees"):
            changes.append((OPTIONAL, None))
    if "contacts" in fields:
        changes.append(put_texts(CONTACTS, [person_text(person) for person in people_of(fields["contacts"])]))
    if "recurrence" in fields:
        rule = rule_of(str(fields["recurrence"] or ""))  # Exchange takes exceptions one by one
        if rule and not isinstance(start, date):
            raise BadContent("a recurring appointment needs a start")
        if rule and isinstance(start, date):
            home = (named_zone(windows_zone) if windows_zone else None) or zone
            named = windows_zone
            changes.append((RECURRENCE, make_recurrence(rule, start, home)))
        elif not rule:
            changes.append((RECURRENCE, None))
    if "reminder" in fields:
        minutes = fields["reminder"]
        if isinstance(minutes, datetime) and isinstance(start, datetime):
            minutes = round((start - minutes) / timedelta(minutes=1))
        elif not isinstance(minutes, datetime):
            minutes = number_of(minutes, "reminder")
        known = isinstance(minutes, (int, float)) and not isinstance(minutes, bool)
        changes.append((REMINDER_SET, REMINDER_SET.make("true" if known else "false")))
        if known and isinstance(minutes, (int, float)):
            changes.append((REMINDER_MINUTES, REMINDER_MINUTES.make(str(int(minutes)))))
    return _zones(named) + changes


def _zones(windows_zone: str) -> list[Change]:
    """The zone that start and end are meant in, where it has a name that Exchange knows."""
    if not windows_zone:
        return []
    return [(path, t(path.name, Id=windows_zone)) for path in (START_ZONE, END_ZONE)]


def _times(now: Mapping[str, Value], given: Mapping[str, Value], zone: tzinfo) -> list[Change]:
    start, end = now.get("start"), now.get("end")
    if not isinstance(start, date):
        return []
    all_day = not isinstance(start, datetime) if "start" in given else bool(now.get("all_day"))
    if given.get("all_day"):
        all_day = True
    if all_day and isinstance(start, datetime):
        start = start.astimezone(zone).date()
    if not isinstance(end, date) or (isinstance(end, datetime) and isinstance(start, datetime) and end < start):
        end = start if isinstance(start, datetime) else start + timedelta(days=1)
    if all_day and isinstance(end, datetime):
        end = (end.astimezone(zone) + HALF_DAY).date()
    return [
        (START, START.make(write_day(start, zone))),
        (END, END.make(write_day(end, zone))),
        (ALL_DAY, ALL_DAY.make("true" if all_day else "false")),
    ]


def read_task(item: Element) -> dict[str, Value]:
    """The fields of a task. Its days are days: Exchange keeps midnights."""
    percent = min(max(read_number(TASK_PERCENT.find(item)) or 0, 0), 100)
    return {
        "start": read_day(TASK_START.find(item)),
        "due": read_day(TASK_DUE.find(item)),
        "completed": read_day(TASK_DONE.find(item)),
        "status": read_text(TASK_WORD.find(item)) or word(TASK_STATUS, TASK_STATE.find(item), "not started"),
        "percent": percent,
        "priority": _priority(item),
        "recurrence": read_rule(TASK_RECURRENCE.find(item)),
        "contacts": tuple(map(text_person, read_texts(CONTACTS.find(item)))),
        "reminder": read_moment(REMINDER_DUE.find(item)) if read_yes(REMINDER_SET.find(item)) else None,
    }


def _priority(item: Element) -> int:
    found = read_number(PRIORITY.find(item))
    importance = read_text(Property("item:Importance").find(item)).lower() or "normal"
    if found is not None and 0 <= found <= 9 and importance_of(found) == importance:
        return found
    return {"high": 1, "low": 9}.get(importance, 0)


def write_task(fields: Mapping[str, Value], zone: tzinfo, before: Mapping[str, Value]) -> list[Change]:
    """The changes for a task's own fields that are given. Raises `BadContent`."""
    changes: list[Change] = []
    for name, path in (("start", TASK_START), ("due", TASK_DUE), ("completed", TASK_DONE)):
        if name in fields:
            value = fields[name]
            day = value.astimezone(zone).date() if isinstance(value, datetime) else value
            changes.append((path, path.make(write_day(day)) if isinstance(day, date) else None))
    if "status" in fields:
        text = str(fields["status"] or "not started").lower()
        changes.append((TASK_STATE, TASK_STATE.make(TASK_STATUS.get(text, "NotStarted"))))
        changes.append(put_text(TASK_WORD, "" if text in TASK_STATUS else str(fields["status"])))
    if "percent" in fields:
        changes.append((TASK_PERCENT, TASK_PERCENT.make(str(_between(fields["percent"], 100)))))
    if "priority" in fields:
        number = _between(fields["priority"], 9)
        changes.append((PRIORITY, PRIORITY.make(str(number)) if number else None))
        if "importance" not in fields:
            changes.append((Property("item:Importance"), t("Importance", importance_of(number).capitalize())))
    if "contacts" in fields:
        changes.append(put_texts(CONTACTS, [person_text(person) for person in people_of(fields["contacts"])]))
    if "recurrence" in fields:
        rule, start = rule_of(str(fields["recurrence"] or "")), fields.get("start", before.get("start"))
        if rule and not isinstance(start, date):
            raise BadContent("a recurring task needs a start")
        changes.append(
            (TASK_RECURRENCE, make_recurrence(rule, start, zone) if rule and isinstance(start, date) else None)
        )
    if "reminder" in fields:
        moment = fields["reminder"]
        known = isinstance(moment, datetime)
        changes.append((REMINDER_SET, REMINDER_SET.make("true" if known else "false")))
        if isinstance(moment, datetime):
            changes.append((REMINDER_DUE, REMINDER_DUE.make(write_moment(moment))))
    return changes


def _between(value: Value, top: int) -> int:
    return min(max(number_of(value, "a number") or 0, 0), top)
