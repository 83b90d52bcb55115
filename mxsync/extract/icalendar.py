"""A calendar file (RFC 5545) with one event, task, journal entry or note → its fields."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from mxsync.errors import BadContent
from mxsync.extract.calendar_file import CalendarFile, read_calendar_file, value_of
from mxsync.extract.calendar_times import zone_written
from mxsync.extract.calendar_values import end_after, parse_duration
from mxsync.extract.components import Component
from mxsync.extract.contentlines import ContentLine, unescape
from mxsync.extract.encoded_words import unbase64
from mxsync.extract.parsed import CLASS_OF_KIND, Parsed
from mxsync.extract.series import recurrence_of
from mxsync.extract.vcard import CLASS_NAME, SENSITIVITY, read_custom, read_words
from mxsync.model.item import Address, Attachment, Kind, Value

ONLINE_LINKS: Final = (
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "CONFERENCE",
    "X-GOOGLE-CONFERENCE",
    "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK",
)
BUSY: Final = {
    "FREE": "free",
    "TENTATIVE": "tentative",
    "BUSY": "busy",
    "OOF": "out of office",
    "WORKINGELSEWHERE": "working elsewhere",
}
TASK_STATUS: Final = {
    "NEEDS-ACTION": "not started",
    "IN-PROCESS": "in progress",
    "COMPLETED": "completed",
    "CANCELLED": "cancelled",
}
ANSWERS: Final = {
    "ACCEPTED": "accepted",
    "DECLINED": "declined",
    "TENTATIVE": "tentative",
    "DELEGATED": "delegated",
}
_IMPORTANCE: Final = {"0": "low", "1": "normal", "2": "high"}
_FIND_ADDRESS: Final = re.compile(r"[^\s<>\"'(),;:]{1,64}@[^\s<>\"'(),;:]{1,255}")

Related = Callable[[str], "Address | None"]
"""UID of a card → the person on it, None where there is none."""


def kind_of(component: Component, folder_kind: Kind | None) -> Kind:
    """The folder decides between note and journal; where it does not say, a journal has a date."""
    match component.name:
        case "VEVENT":
            return Kind.APPOINTMENT
        case "VTODO":
            return Kind.TASK
        case _:
            if folder_kind in (Kind.NOTE, Kind.JOURNAL):
                return folder_kind
            return Kind.JOURNAL if component.first_of("DTSTART") is not None else Kind.NOTE


def read_calendar(
    raw: bytes,
    zone: tzinfo,
    *,
    folder_kind: Kind | None = None,
    related: Related | None = None,
    given: Mapping[str, Value] | None = None,
) -> Parsed:
    """The appointment, task, journal entry or note in a calendar file. `zone` is for times that name none.

    All-day starts and ends are dates, the end excluded, as in the file. Raises `BadContent`.
    """
    source = read_calendar_file(raw, zone)
    main = source.main
    kind = kind_of(main, folder_kind)
    fields: dict[str, Value] = {"size": len(raw), **(given or {})}
    fields["subject"] = value_of(main, "SUMMARY")
    fields["body"] = "\n\n".join(filter(None, (unescape(line.value) for line in main.every("DESCRIPTION"))))
    fields["categories"] = tuple(dict.fromkeys(read_words(main, "CATEGORIES")))
    fields["sensitivity"] = SENSITIVITY.get(value_of(main, "CLASS").lower(), "normal")
    if value_of(main, "X-MXSYNC-SENSITIVITY").lower() == "personal":
        fields["sensitivity"] = "personal"
    fields["importance"] = read_importance(main)
    fields["flag"] = value_of(main, "X-MXSYNC-FLAG")
    fields["flagged"] = bool(fields["flag"])
    fields["uid"] = value_of(main, "UID")
    fields["attachments"] = tuple(_attachments(main))
    _moments(source, fields)
    if kind is not Kind.NOTE:
        fields["time_zone"] = zone_written(source, main.first_of("DTSTART", "DUE"))
    match kind:
        case Kind.APPOINTMENT:
            _appointment(source, fields)
        case Kind.TASK:
            _task(source, fields)
        case Kind.JOURNAL:
            _journal(source, fields)
        case _:
            fields["color"] = value_of(main, "COLOR") or value_of(main, "X-MXSYNC-COLOR")
    if kind is not Kind.NOTE:
        fields["contacts"] = _contacts(source, related)
    item_class = value_of(main, CLASS_NAME)
    fields["class"] = item_class or CLASS_OF_KIND[kind]
    if source.file.lines.junk:
        source.notes.append(
            f"{source.file.lines.junk} of its lines are no content lines; they are kept, not understood"
        )
    return Parsed(kind, fields, {}, read_custom(main), item_class, tuple(source.notes))


def read_importance(main: Component) -> str:
    """X-MICROSOFT-CDO-IMPORTANCE, else PRIORITY: 1–4 high, 6–9 low (RFC 5545, 3.8.1.9)."""
    found = _IMPORTANCE.get(value_of(main, "X-MICROSOFT-CDO-IMPORTANCE"))
    if found:
        return found
    return importance_of(_number(main, "PRIORITY"))


def importance_of(priority: int) -> str:
    """1–4 high, 6–9 low, 5 and 0 (none) normal."""
    return "high" if 1 <= priority <= 4 else "low" if 6 <= priority <= 9 else "normal"


def _number(main: Component, name: str) -> int:
    text = value_of(main, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _set(source: CalendarFile, fields: dict[str, Value], name: str, *properties: str) -> None:
    line = source.main.first_of(*properties)
    if line is not None and line.value.strip():
        found = source.moment(line)
        if found is not None:
            fields[name] = found


def _moments(source: CalendarFile, fields: dict[str, Value]) -> None:
    given = fields.get("modified_on")
    _set(source, fields, "created_on", "CREATED", "DTSTAMP")
    _set(source, fields, "modified_on", "LAST-MODIFIED")
    stated = fields.get("modified_on")
    if isinstance(given, datetime) and not (isinstance(stated, datetime) and stated > given):
        fields["modified_on"] = given


def _appointment(source: CalendarFile, fields: dict[str, Value]) -> None:
    main = source.main
    _set(source, fields, "start", "DTSTART")
    _set(source, fields, "end", "DTEND")
    start = fields.get("start")
    fields["all_day"] = isinstance(start, date) and not isinstance(start, datetime)
    if "end" not in fields and isinstance(start, date):
        fields["end"] = end_after(start, value_of(main, "DURATION"))
    fields["location"] = value_of(main, "LOCATION")
    organizer = main.first_of("ORGANIZER")
    fields["organizer"] = _person(organizer) if organizer is not None else None
    fields["attendees"] = tuple(
        dict.fromkeys(person for line in main.every("ATTENDEE") if (person := _person(line)) is not None)
    )
    busy = value_of(main, "X-MICROSOFT-CDO-BUSYSTATUS").upper()
    free = value_of(main, "TRANSP").upper() == "TRANSPARENT"
    fields["show_as"] = BUSY.get(busy) or ("free" if free else "tentative" if _status(main) == "TENTATIVE" else "busy")
    fields["recurrence"] = recurrence_of(source)
    fields["reminder"] = read_reminder(source)
    link = main.first_of(*ONLINE_LINKS)
    fields["online_link"] = unescape(link.value).strip() if link is not None else ""
    fields["cancelled"] = _status(main) == "CANCELLED" or source.method == "CANCEL"


def _status(main: Component) -> str:
    return value_of(main, "STATUS").upper()


def _task(source: CalendarFile, fields: dict[str, Value]) -> None:
    main = source.main
    _set(source, fields, "start", "DTSTART")
    _set(source, fields, "due", "DUE")
    _set(source, fields, "completed", "COMPLETED")
    status = value_of(main, "X-MXSYNC-STATUS") or TASK_STATUS.get(_status(main), "")
    fields["percent"] = min(_number(main, "PERCENT-COMPLETE"), 100)
    if not status:
        done = "completed" in fields or fields["percent"] == 100
        status = "completed" if done else "in progress" if fields["percent"] else "not started"
    fields["status"] = status
    fields["priority"] = min(_number(main, "PRIORITY"), 9)
    fields["recurrence"] = recurrence_of(source)
    fields["reminder"] = read_reminder(source)


def _journal(source: CalendarFile, fields: dict[str, Value]) -> None:
    main = source.main
    _set(source, fields, "start", "DTSTART")
    length = parse_duration(value_of(main, "X-MXSYNC-DURATION") or value_of(main, "DURATION"))
    end_line = main.first_of("DTEND")
    start = fields.get("start")
    if length is None and end_line is not None and isinstance(start, datetime):
        end = source.moment(end_line)
        length = end - start if isinstance(end, datetime) else None
    fields["duration"] = int(length.total_seconds() // 60) if length is not None and length >= timedelta(0) else None
    fields["type"] = value_of(main, "X-MXSYNC-TYPE")
    fields["companies"] = tuple(
        text for line in main.every("X-MXSYNC-COMPANY") if (text := unescape(line.value).strip())
    )


def read_reminder(source: CalendarFile) -> int | datetime | None:
    """Minutes before the start of the first alarm, or the moment of an absolute one."""
    for alarm in source.main.within("VALARM"):
        line = alarm.first_of("TRIGGER")
        if line is None:
            continue
        length = parse_duration(line.value)
        if length is not None:
            return int(-length.total_seconds() // 60)
        moment = source.moment(line)
        if isinstance(moment, datetime):
            return moment
    return None


def _person(line: ContentLine) -> Address | None:
    """A calendar user: CN and the address of mailto: (RFC 5545, 3.3.3), or of the EMAIL parameter (RFC 7986)."""
    text = line.value.strip()
    address = text[7:] if text.lower().startswith("mailto:") else line.param("EMAIL") or ("" if ":" in text else text)
    name = " ".join(unescape(line.param("CN")).split())
    address = address.partition("?")[0].strip("<> ")
    if "@" not in address:
        address = ""
    answer = ANSWERS.get(line.param("PARTSTAT").upper(), "")
    return Address("" if name == address else name, address, answer) if name or address else None


def person_in(text: str) -> Address | None:
    """The person that a CONTACT line names: the first address in it, and what stands before it."""
    match = _FIND_ADDRESS.search(text)
    if match is None:
        return None
    before = text[: match.start()].rstrip("<(").strip(" ,;:-")
    before = re.sub(r"(?i)\bmailto$", "", before).strip(" ,;:-")
    return Address(before, match.group().rstrip("."))


def _contacts(source: CalendarFile, related: Related | None) -> tuple[Address, ...]:
    found: list[Address] = []
    for line in source.main.every("CONTACT"):
        person = person_in(unescape(line.value)) or person_in(line.param("ALTREP"))
        if person is not None:
            found.append(person)
    for line in source.main.every("RELATED-TO"):
        uid = unescape(line.value).strip()
        if not uid:
            continue
        person = related(uid) if related is not None else None
        if person is not None:
            found.append(person)
        elif "RELTYPE" not in line.params:  # with one, it is likely another task or event
            source.notes.append(f"it refers to `{uid[:60]}`, and there is no contact with that UID")
    return tuple(dict.fromkeys(found))


def _attachments(main: Component) -> list[Attachment]:
    """ATTACH lines: 'attach-1' and so on, with their bytes in base64, or a link to elsewhere."""
    found = []
    for number, line in enumerate(main.every("ATTACH"), start=1):
        kind = line.param("FMTTYPE") or "application/octet-stream"
        name = line.param("FILENAME") or line.param("X-FILENAME") or line.param("X-LABEL")
        if line.param("VALUE").upper() == "BINARY" or line.param("ENCODING").upper() == "BASE64":
            content = line.binary()
            digest = hashlib.sha256(content).hexdigest()
            found.append(Attachment(f"attach-{number}", name or f"attachment-{number}", kind, len(content), digest))
        else:
            link = unescape(line.value).strip()
            found.append(Attachment(f"attach-{number}", name or link.rpartition("/")[2][:200], kind, link=link))
    return found


def read_calendar_attachment(raw: bytes, part: str, zone: tzinfo) -> bytes:
    """The bytes of an ATTACH line. Raises `BadContent` where there are none."""
    for number, line in enumerate(read_calendar_file(raw, zone).main.every("ATTACH"), start=1):
        if part == f"attach-{number}" and (line.param("VALUE").upper() == "BINARY" or line.param("ENCODING")):
            return unbase64(line.value.encode("utf-8", "replace"))
    raise BadContent(f"it has no attachment `{part}` in it")
