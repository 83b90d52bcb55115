"""Fields of an appointment, task, journal entry or note → a calendar file: a new one, or changes in one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from mxsync.extract.calendar_file import CalendarFile, read_calendar_file
from mxsync.extract.calendar_values import (
    format_duration,
    format_moment,
    number_of,
)
from mxsync.extract.component_edit import ComponentEdit, word_list
from mxsync.extract.contentlines import ContentLine, param_value
from mxsync.extract.icalendar import (
    ANSWERS,
    BUSY,
    ONLINE_LINKS,
    TASK_STATUS,
    importance_of,
    person_in,
    read_importance,
    read_reminder,
)
from mxsync.extract.icalendar_times_edit import Times
from mxsync.extract.series import parse_series
from mxsync.extract.series_edit import put_series
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
_ANSWER_WORDS: Final = {word: name for name, word in ANSWERS.items()}
_BUSY_WORDS: Final = {word: name for name, word in BUSY.items()}
_STATUS_WORDS: Final = {word: name for name, word in TASK_STATUS.items()}
_IMPORTANCE: Final = {"low": "0", "high": "2"}


def new_calendar(
    kind: Kind, fields: Mapping[str, Value], custom: Mapping[str, Value], item_class: str, *, uid: str, now: datetime,
    zone: tzinfo = UTC,
) -> bytes:  # fmt: skip
    """A calendar file with one item of `kind`. Moments are written in UTC unless the fields name a zone or the item
    recurs (then in `zone`, so that it keeps its hour), dates as dates. No alarm is set for anybody but the owner, and
    attendees are only noted: nothing here sends an invitation."""
    name = _COMPONENT[kind]
    own = str(fields.get("uid") or uid).replace("\n", "").replace("\r", "")
    stamp = format_moment(now)
    text = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//mxsync//mxsync//EN\r\n"
        f"BEGIN:{name}\r\nUID:{own}\r\nDTSTAMP:{stamp}\r\nCREATED:{stamp}\r\nEND:{name}\r\nEND:VCALENDAR\r\n"
    )
    return edit_calendar(text.encode(), fields, custom, item_class, zone=zone, now=now)


def edit_calendar(
    raw: bytes,
    fields: Mapping[str, Value],
    custom: Mapping[str, Value],
    item_class: str,
    *,
    zone: tzinfo,
    now: datetime,
) -> bytes:
    """The file with the given fields changed and every other line as it was: time zones and alarms among them. `zone`
    is that of times which name none. Raises `BadContent`."""
    source = read_calendar_file(raw, zone)
    edit = ComponentEdit(source.file, source.main)
    for name, written in _TEXTS.items():
        if name in fields:
            if name == "body" and len(list(source.main.every(written))) > 1:
                edit.put_all(written, [f"{written}:{edit.text(str(fields[name] or ''))}"] if fields[name] else [])
            else:
                edit.put_text((written,), fields[name])
    series = None
    if fields.get("recurrence"):
        series = parse_series(str(fields["recurrence"]), zone)
    Times(edit, source, fields, series).write()
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
        put_series(edit, source, series)
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


def _people(edit: ComponentEdit, fields: Mapping[str, Value]) -> None:
    if "organizer" in fields:
        person = fields["organizer"]
        edit.put_all("ORGANIZER", [_user("ORGANIZER", person)] if isinstance(person, Address) else [])
    if "attendees" in fields:
        kept: dict[str, ContentLine] = {}
        for line in edit.component.every("ATTENDEE"):
            kept.setdefault(line.value.strip().lower().removeprefix("mailto:"), line)
        people = [person for person in _tuple(fields["attendees"]) if isinstance(person, Address)]
        lines = [_attendee(kept.get(person.address.lower()), person) for person in people]
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


def _attendee(line: ContentLine | None, person: Address) -> str:
    """The line of somebody who is there already, with the answer that is given; all else in it stays."""
    if line is None:
        return _user("ATTENDEE", person)
    if not person.answer or ANSWERS.get(line.param("PARTSTAT").upper(), "") == person.answer:
        return f"{line.head}:{line.value}"
    params = (
        {**line.params, "PARTSTAT": [_ANSWER_WORDS[person.answer]]} if person.answer in _ANSWER_WORDS else line.params
    )
    said = "".join(f";{key}={','.join(map(param_value, values))}" for key, values in params.items())
    return f"ATTENDEE{said}:{line.value}"


def _user(name: str, person: Address) -> str:
    """A new line. Its SCHEDULE-AGENT keeps a CalDAV server that the file may come to from inviting anybody (RFC 6638,
    7.1)."""
    address = "".join(character for character in person.address if character > " ")
    common = f";CN={param_value(person.name)}" if person.name else ""
    if word := _ANSWER_WORDS.get(person.answer, ""):
        common += f";PARTSTAT={word}"
    common += ";SCHEDULE-AGENT=NONE"
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
            number = min(max(number_of(fields[name], name) or 0, 0), top)
            edit.put_text((written,), str(number) if number else "")


def _reminder(edit: ComponentEdit, source: CalendarFile, value: Value) -> list[str]:
    """Changes the trigger of the first alarm; gives the lines of a new one, which only displays, where there is none.
    Taking it away takes all alarms away."""
    if not isinstance(value, datetime):
        value = number_of(value, "reminder")
    if read_reminder(source) == value:
        return []
    alarms = edit.component.within("VALARM")
    lines = edit.file.lines
    if value is None:
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
