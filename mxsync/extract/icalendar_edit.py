"""Fields of an appointment, task, journal entry or note → a calendar file: a new one, or changes in one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from mxsync.errors import BadContent
from mxsync.extract.calendar_values import format_date, format_duration, format_moment
from mxsync.extract.component_edit import ComponentEdit, word_list
from mxsync.extract.contentlines import ContentLine, param_value
from mxsync.extract.icalendar import (
    BUSY,
    ONLINE_LINKS,
    TASK_STATUS,
    CalendarFile,
    importance_of,
    person_in,
    read_calendar_file,
    read_importance,
    read_reminder,
)
from mxsync.model.item import Address, Kind, Value

_COMPONENT: Final = {
    Kind.APPOINTMENT: "VEVENT",
    Kind.TASK: "VTODO",
    Kind.JOURNAL: "VJOURNAL",
    Kind.NOTE: "VJOURNAL",
}
_TEXTS: Final = {
    "subject": "SUMMARY",
    "body": "DESCRIPTION",
    "location": "LOCATION",
    "type": "X-MXSYNC-TYPE",
    "color": "COLOR",
}
_BUSY_WORDS: Final = {word: name for name, word in BUSY.items()}
_STATUS_WORDS: Final = {word: name for name, word in TASK_STATUS.items()}
_IMPORTANCE: Final = {"low": "0", "high": "2"}


def new_calendar(
    kind: Kind, fields: Mapping[str, Value], custom: Mapping[str, Value], item_class: str, *, uid: str, now: datetime
) -> bytes:
    """A calendar file with one item of `kind`. Moments are written in UTC, dates as dates. No alarm is set for anybody
    but the owner, and attendees are only noted: nothing here sends an invitation."""
    name = _COMPONENT[kind]
    own = str(fields.get("uid") or uid).replace("\n", "").replace("\r", "")
    stamp = format_moment(now)
    text = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//mxsync//mxsync//EN\r\n"
        f"BEGIN:{name}\r\nUID:{own}\r\nDTSTAMP:{stamp}\r\nCREATED:{stamp}\r\nEND:{name}\r\nEND:VCALENDAR\r\n"
    )
    from datetime import UTC

    return edit_calendar(text.encode(), fields, custom, item_class, zone=UTC, now=now)


def edit_calendar(
    raw: bytes,
    fields: Mapping[str, Value],
    custom: Mapping[str, Value],
    item_class: str,
    *,
    zone: tzinfo,
    now: datetime,
) -> bytes:
    """The file with the given fields changed and every other line as it was: exceptions of a recurrence, time zones
    and alarms among them. Raises `BadContent`."""
    source = read_calendar_file(raw, zone)
    edit = ComponentEdit(source.file, source.main)
    for name, written in _TEXTS.items():
        if name in fields:
            if name == "body" and len(list(source.main.every(written))) > 1:
                edit.put_all(written, [f"{written}:{edit.text(str(fields[name] or ''))}"] if fields[name] else [])
            else:
                edit.put_text((written,), fields[name])
    _times(edit, source, fields)
    if "categories" in fields:
        edit.put_categories(fields["categories"])
    if "sensitivity" in fields:
        personal = fields["sensitivity"] == "personal"
        edit.put_sensitivity("private" if personal else fields["sensitivity"])
        edit.put_text(("X-MXSYNC-SENSITIVITY",), "PERSONAL" if personal else "")
    if "importance" in fields:
        _importance(edit, str(fields["importance"] or "normal"), fields.get("priority"))
    if "flag" in fields or "flagged" in fields:
        edit.put_text(("X-MXSYNC-FLAG",), fields.get("flag") or ("flagged" if fields.get("flagged") else ""))
    if "recurrence" in fields:
        rule = "".join(str(fields["recurrence"] or "").split()).removeprefix("RRULE:")
        edit.put(source.main.first_of("RRULE"), "RRULE", rule)
    _people(edit, fields)
    _state(edit, fields)
    edit.put_custom(custom)
    edit.put_class(item_class)
    alarm = _reminder(edit, source, fields["reminder"]) if "reminder" in fields else []
    if source.file.lines.edits or alarm:
        edit.put(source.main.first_of("LAST-MODIFIED"), "LAST-MODIFIED", format_moment(now))
    if alarm:
        source.file.lines.insert(source.main.last, alarm)
    return source.file.render()


def _importance(edit: ComponentEdit, word: str, priority: Value) -> None:
    """Importance has a line of its own only where the priority does not say the same."""
    line = edit.component.first_of("X-MICROSOFT-CDO-IMPORTANCE")
    same = word == read_importance(edit.component)
    if isinstance(priority, int) and line is None:
        same = word == importance_of(priority)
    if not same:
        edit.put_text(("X-MICROSOFT-CDO-IMPORTANCE",), _IMPORTANCE.get(word, "1"))


def _times(edit: ComponentEdit, source: CalendarFile, fields: Mapping[str, Value]) -> None:
    main = source.main
    given = dict(fields)
    if fields.get("all_day") is True:  # a moment of an all-day event is meant as its day
        for name in ("start", "end"):
            if isinstance(moment := given.get(name), datetime):
                given[name] = moment.date()
    pairs = {"start": "DTSTART", "end": "DTEND", "due": "DUE", "completed": "COMPLETED"}
    if main.name == "VJOURNAL":
        del pairs["end"]
    for name, written in pairs.items():
        if name not in given:
            continue
        value = given[name]
        line = main.first_of(written)
        if value and not isinstance(value, date):
            raise BadContent(f"`{name}` is to be a date, and `{str(value)[:40]}` is none")
        if not isinstance(value, date):
            if name == "start" and main.name == "VEVENT":
                continue  # an event without a start is none (RFC 5545, 3.6.1): it keeps the one that it has
            edit.put(line, written, "")
        elif line is None or source.moment(line) != value or type(source.moment(line)) is not type(value):
            head, text = _moment(written, value, line)
            edit.put_all(written, [f"{head}:{text}"])
        if name == "end" and value:
            edit.drop("DURATION")
    if "duration" in given and main.name == "VJOURNAL":
        minutes = given["duration"]
        known = isinstance(minutes, (int, float)) and not isinstance(minutes, bool) and minutes >= 0
        text = format_duration(timedelta(minutes=float(minutes))) if known and isinstance(minutes, (int, float)) else ""
        edit.drop("DURATION", "DTEND")
        edit.put_text(("X-MXSYNC-DURATION",), text)


def _moment(name: str, value: date, line: ContentLine | None) -> tuple[str, str]:
    """Head and value: a date; a time on the wall of the zone that the line names (a recurrence keeps its hour); UTC."""
    if not isinstance(value, datetime):
        return f"{name};VALUE=DATE", format_date(value)
    zone_name = line.param("TZID") if line is not None else ""
    if zone_name:
        from mxsync.extract.calendar_values import named_zone

        zone = named_zone(zone_name)
        if zone is not None:
            return f"{name};TZID={param_value(zone_name)}", f"{value.astimezone(zone):%Y%m%dT%H%M%S}"
    return name, format_moment(value)


def _people(edit: ComponentEdit, fields: Mapping[str, Value]) -> None:
    if "organizer" in fields:
        person = fields["organizer"]
        edit.put_all("ORGANIZER", [_user("ORGANIZER", person)] if isinstance(person, Address) else [])
    if "attendees" in fields:
        kept: dict[str, str] = {}
        for line in edit.component.every("ATTENDEE"):
            kept.setdefault(line.value.strip().lower().removeprefix("mailto:"), f"{line.head}:{line.value}")
        people = [person for person in _tuple(fields["attendees"]) if isinstance(person, Address)]
        lines = [kept.get(person.address.lower()) or _user("ATTENDEE", person) for person in people]
        edit.put_all("ATTENDEE", lines)
    if "contacts" in fields:
        people = [person for person in _tuple(fields["contacts"]) if isinstance(person, Address)]
        wanted = {person.address.lower(): person for person in people if person.address}
        lines = []
        for line in edit.component.every("CONTACT"):
            found = person_in(line.value)
            if found is None or wanted.pop(found.address.lower(), None) is not None:
                lines.append(f"{line.head}:{line.value}")
        lines += [f"CONTACT:{edit.text(_shown(person))}" for person in wanted.values()]
        edit.put_all("CONTACT", lines)
    if "companies" in fields:
        edit.put_all(
            "X-MXSYNC-COMPANY", [f"X-MXSYNC-COMPANY:{edit.text(word)}" for word in word_list(fields["companies"])]
        )


def _tuple(value: Value) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def _shown(person: Address) -> str:
    return f"{person.name} <{person.address}>" if person.name else person.address


def _user(name: str, person: Address) -> str:
    address = "".join(character for character in person.address if character > " ")
    common = f";CN={param_value(person.name)}" if person.name else ""
    return f"{name}{common}:mailto:{address}" if address else f"{name}{common}:invalid:nomail"


def _state(edit: ComponentEdit, fields: Mapping[str, Value]) -> None:
    main = edit.component
    if "show_as" in fields and main.name == "VEVENT":
        word = _BUSY_WORDS.get(str(fields["show_as"] or "busy").lower(), "BUSY")
        edit.put_text(("TRANSP",), "TRANSPARENT" if word == "FREE" else "OPAQUE")
        edit.put_text(("X-MICROSOFT-CDO-BUSYSTATUS",), word)
    if "cancelled" in fields and main.name == "VEVENT":
        line = main.first_of("STATUS")
        if fields["cancelled"]:
            edit.put(line, "STATUS", "CANCELLED")
        elif line is not None and line.value.strip().upper() == "CANCELLED":
            edit.put(line, "STATUS", "CONFIRMED")
    if "online_link" in fields:
        edit.put_text(ONLINE_LINKS, fields["online_link"])
    if main.name != "VTODO":
        return
    if "status" in fields:
        word = str(fields["status"] or "")
        known = _STATUS_WORDS.get(word.lower())
        edit.put_text(("STATUS",), known or ("NEEDS-ACTION" if word else ""))
        edit.put_text(("X-MXSYNC-STATUS",), "" if known else word)
    for name, written, top in (("percent", "PERCENT-COMPLETE", 100), ("priority", "PRIORITY", 9)):
        if name in fields:
            value = fields[name]
            number = min(max(int(value), 0), top) if isinstance(value, (int, float)) else 0
            edit.put_text((written,), str(number) if number else "")


def _reminder(edit: ComponentEdit, source: CalendarFile, value: Value) -> list[str]:
    """Changes the trigger of the first alarm; gives the lines of a new one, which only displays, where there is none.
    Taking it away takes all alarms away."""
    if read_reminder(source) == value:
        return []
    alarms = edit.component.within("VALARM")
    lines = edit.file.lines
    if isinstance(value, bool) or not isinstance(value, (int, float, datetime)):
        for alarm in alarms:
            lines.edits.append((alarm.first, alarm.last + 1, []))
        return []
    if isinstance(value, datetime):
        trigger = f"TRIGGER;VALUE=DATE-TIME:{format_moment(value)}"
    else:
        trigger = f"TRIGGER:{format_duration(timedelta(minutes=-int(value)))}"
    known = alarms[0].first_of("TRIGGER") if alarms else None
    if known is not None:
        lines.replace(known, [trigger])
    elif not alarms:
        return ["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Reminder", trigger, "END:VALARM"]
    return []
