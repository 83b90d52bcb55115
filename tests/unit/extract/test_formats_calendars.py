"""Calendar files: events, tasks, journal entries, notes; read, written, edited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxsync.errors import BadContent
from mxsync.extract.calendar_values import (
    format_date,
    format_duration,
    format_moment,
    named_zone,
    parse_date_or_time,
    parse_duration,
    parse_offset,
)
from mxsync.extract.icalendar import person_in, read_calendar, read_calendar_attachment
from mxsync.extract.icalendar_edit import edit_calendar, new_calendar
from mxsync.extract.parsed import Parsed
from mxsync.model.item import Address, Attachment, Kind, Value

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
CAPE = ZoneInfo("Africa/Johannesburg")
JANE = Address("Jane Roe", "jane@acme.example")


def calendar(*lines: str, kind: str = "VEVENT", before: str = "", after: str = "") -> bytes:
    inner = "\r\n".join((f"BEGIN:{kind}", "UID:1@acme.example", *lines, f"END:{kind}"))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{before}{inner}\r\n{after}END:VCALENDAR\r\n".encode()


def read(*lines: str, kind: str = "VEVENT", **more: str) -> Parsed:
    return read_calendar(calendar(*lines, kind=kind, **more), CAPE)


ZONE = """BEGIN:VTIMEZONE
TZID:Own Zone
BEGIN:STANDARD
DTSTART:16011028T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
""".replace("\n", "\r\n")
MEETING = calendar(
    "SUMMARY:Review\\, yearly",
    "DESCRIPTION:one\\ntwo",
    "DTSTART;TZID=Own Zone:20260706T090000",
    "DTEND;TZID=Own Zone:20260706T103000",
    "RRULE:FREQ=WEEKLY;BYDAY=MO",
    "EXDATE;TZID=Own Zone:20260713T090000",
    "ORGANIZER;CN=Anna:mailto:anna@ours.example",
    'ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN="Roe, Jane":mailto:jane@acme.example',
    "ATTENDEE;CN=john@acme.example:MAILTO:john@acme.example",
    "ATTENDEE;EMAIL=x@acme.example:urn:uuid:1",
    "ATTENDEE;CN=Room 1:invalid:nomail",
    "CATEGORIES:MX-Contact,a\\, b",
    "CATEGORIES:Create Journal",
    "CLASS:PRIVATE",
    "PRIORITY:1",
    "TRANSP:OPAQUE",
    "STATUS:TENTATIVE",
    "CONTACT:Jim Dolittle\\, ABC Industries\\, jim@abc.example",
    'CONTACT;ALTREP="mailto:ann@abc.example":Ann',
    "CONTACT:nobody",
    "RELATED-TO:card-1",
    "RELATED-TO:card-2",
    "RELATED-TO;RELTYPE=PARENT:event-1",
    "ATTACH;FMTTYPE=text/plain;FILENAME=a.txt;ENCODING=BASE64;VALUE=BINARY:QUJD",
    "ATTACH:https://files.example/b.pdf",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL:https://meet.example/1",
    "X-MXSYNC-CUSTOM-ROOM:12",
    "X-MXSYNC-CLASS:IPM.Appointment.Court",
    "CREATED:20260101T000000Z",
    "LAST-MODIFIED:20260102T000000Z",
    "X-UNKNOWN;X=Y:kept\\, exactly",
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    "TRIGGER:-PT15M",
    "END:VALARM",
    before=ZONE,
    after="BEGIN:VEVENT\r\nUID:1@acme.example\r\nRECURRENCE-ID;TZID=Own Zone:20260720T090000\r\nSUMMARY:Moved\r\nEND:VEVENT\r\n",
)


def test_an_event() -> None:
    people = {"card-1": JANE}
    parsed = read_calendar(MEETING, CAPE, related=people.get, given={"modified_on": NOW, "folder": "Calendar"})
    fields = parsed.fields
    summer = timezone(timedelta(hours=2))
    assert (parsed.kind, fields["subject"], fields["body"]) == (Kind.APPOINTMENT, "Review, yearly", "one\ntwo")
    assert fields["start"] == datetime(2026, 7, 6, 9, tzinfo=summer)
    assert fields["end"] == datetime(2026, 7, 6, 10, 30, tzinfo=summer)
    assert (fields["all_day"], fields["time_zone"], fields["reminder"]) == (False, "Own Zone", 15)
    series, _, definition = str(fields["recurrence"]).partition("BEGIN:VTIMEZONE")
    assert series.splitlines() == [
        'DTSTART;TZID="Own Zone":20260706T090000',
        "RRULE:FREQ=WEEKLY;BYDAY=MO",
        'EXDATE;TZID="Own Zone":20260713T090000',
        "BEGIN:VEVENT",
        'RECURRENCE-ID;TZID="Own Zone":20260720T090000',
        "SUMMARY:Moved",
        "END:VEVENT",
    ]
    assert definition.split() == ZONE.partition("BEGIN:VTIMEZONE")[2].split()
    assert fields["organizer"] == Address("Anna", "anna@ours.example")
    assert fields["attendees"] == (
        Address("Roe, Jane", "jane@acme.example"),
        Address("", "john@acme.example"),
        Address("", "x@acme.example"),
        Address("Room 1", ""),
    )
    assert fields["contacts"] == (
        Address("Jim Dolittle, ABC Industries", "jim@abc.example"),
        Address("", "ann@abc.example"),
        JANE,
    )
    assert parsed.notes == ("it refers to `card-2`, and there is no contact with that UID",)
    assert fields["categories"] == ("MX-Contact", "a, b", "Create Journal")
    assert (fields["sensitivity"], fields["importance"], fields["show_as"]) == ("private", "high", "tentative")
    assert (fields["online_link"], fields["uid"], fields["cancelled"]) == (
        "https://meet.example/1",
        "1@acme.example",
        False,
    )
    assert (fields["created_on"], fields["modified_on"]) == (datetime(2026, 1, 1, tzinfo=UTC), NOW)
    assert (parsed.item_class, parsed.custom["room"]) == ("IPM.Appointment.Court", "12")
    attachments = fields["attachments"]
    assert isinstance(attachments, tuple)
    shown = [(item.part, item.name, item.size, item.link) for item in attachments if isinstance(item, Attachment)]
    assert shown == [("attach-1", "a.txt", 3, ""), ("attach-2", "b.pdf", 0, "https://files.example/b.pdf")]
    assert read_calendar_attachment(MEETING, "attach-1", CAPE) == b"ABC"
    with pytest.raises(BadContent, match="no attachment `attach-2`"):
        read_calendar_attachment(MEETING, "attach-2", CAPE)


@pytest.mark.parametrize(
    ("moment", "hours"),
    [
        ("20260329T010000", 1),
        ("20260329T030000", 2),
        ("20261025T020000", 2),
        ("20261025T040000", 1),
        ("15000101T000000", 2),
    ],
)
def test_a_zone_that_the_file_defines(moment: str, hours: int) -> None:
    start = read(f"DTSTART;TZID=Own Zone:{moment}", before=ZONE).fields["start"]
    assert isinstance(start, datetime)
    assert start.utcoffset() == timedelta(hours=hours)


def zone(*lines: str) -> str:
    return "".join(
        f"{line}\r\n"
        for line in ("BEGIN:VTIMEZONE", "TZID:Zz", "BEGIN:STANDARD", *lines, "END:STANDARD", "END:VTIMEZONE")
    )


@pytest.mark.parametrize(
    ("definition", "hours", "noted"),
    [
        (zone("DTSTART:19700101T000000", "TZOFFSETTO:+0300"), 3, False),
        (zone("DTSTART:19700101T000000", "TZOFFSETTO:-033000"), -3.5, False),
        (zone("DTSTART:19700101T000000", "TZOFFSETTO:+0000"), 0, False),
        (zone("DTSTART:19700101T000000", "TZOFFSETTO:+0300", "RDATE:20200101T000000,x"), 3, False),
        (zone("DTSTART:19700101T000000", "TZOFFSETTO:+0300", "RRULE:FREQ=DAILY"), 3, False),
        (zone("DTSTART:20500101T000000", "TZOFFSETTO:+0300", "RRULE:FREQ=YEARLY;BYMONTH=1;BYDAY=1MO"), 3, False),
        (zone("DTSTART:19700101T000000", "TZOFFSETTO:+0300", "RRULE:FREQ=YEARLY;BYMONTH=1;BYDAY=MO;BYMONTHDAY=8,9,10,11,12,13,14"), 3, False),
        (zone("DTSTART:19700101T000000", "TZOFFSETTO:+0300", "RRULE:FREQ=YEARLY;BYMONTH=1;BYDAY=9MO;UNTIL=19900101T000000Z"), 3, False),
        (zone("DTSTART:19700101T000000", "TZOFFSETTO:+0300", "RRULE:FREQ=YEARLY;BYMONTH=1;BYDAY=1MO;UNTIL=19900101T000000Z"), 3, False),
        (zone("DTSTART:19700101T000000", "TZOFFSETTO:x"), 2, True),
        (zone("DTSTART:19700101", "TZOFFSETTO:+0300"), 2, True),
        (zone("TZOFFSETTO:+0300"), 2, True),
        (zone("DTSTART:19700101T000000", "TZOFFSETTO:+0300").replace("TZID:Zz", "TZID:Zz\r\nX-LIC-LOCATION:Europe/Berlin"), 1, False),
        ("", 2, True),
    ],
)  # fmt: skip
def test_zones(definition: str, hours: float, noted: bool) -> None:
    parsed = read("DTSTART;TZID=Zz:20260115T090000", before=definition)
    start = parsed.fields["start"]
    assert isinstance(start, datetime)
    assert start.utcoffset() == timedelta(hours=hours)
    assert bool(parsed.notes) == noted


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("South Africa Standard Time", "Africa/Johannesburg"),
        ("/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin"),
        ('"America/New_York"', "America/New_York"),
        ("gmt", "UTC"),
        ("America", None),
        ("../../etc/passwd", None),
        ("", None),
        ("x" * 300, None),
        ("a\0b", None),
    ],
)
def test_names_of_zones(name: str, key: str | None) -> None:
    found = named_zone(name)
    assert (None if found is None else getattr(found, "key", "UTC")) == key


@pytest.mark.parametrize(
    ("lines", "name", "value"),
    [
        (("DTSTART;VALUE=DATE:20261123",), "all_day", True),
        (("DTSTART;VALUE=DATE:20261123",), "end", date(2026, 11, 24)),
        (("DTSTART:20261123T090000", "DURATION:PT90M"), "end", datetime(2026, 11, 23, 10, 30, tzinfo=CAPE)),
        (("DTSTART:20261123T090000Z",), "end", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        (("DTSTART:99991231T235959", "DURATION:P9W"), "end", None),
        (("DTSTART:20261123T090000Z", "TRANSP:TRANSPARENT"), "show_as", "free"),
        (("X-MICROSOFT-CDO-BUSYSTATUS:OOF",), "show_as", "out of office"),
        ((), "show_as", "busy"),
        (("STATUS:CANCELLED",), "cancelled", True),
        (("X-MICROSOFT-CDO-IMPORTANCE:0", "PRIORITY:1"), "importance", "low"),
        (("PRIORITY:9",), "importance", "low"),
        (("PRIORITY:many",), "importance", "normal"),
        (("BEGIN:VALARM", "END:VALARM", "BEGIN:VALARM", "TRIGGER;VALUE=DATE-TIME:20261123T080000Z", "END:VALARM"), "reminder",
         datetime(2026, 11, 23, 8, tzinfo=UTC)),
        (("BEGIN:VALARM", "TRIGGER:never", "END:VALARM"), "reminder", None),
        (("BEGIN:VALARM", "TRIGGER:PT5M", "END:VALARM"), "reminder", -5),
        (("CLASS:PRIVATE", "X-MXSYNC-SENSITIVITY:PERSONAL"), "sensitivity", "personal"),
        (("X-MXSYNC-FLAG:call",), "flag", "call"),
        (("ORGANIZER:mailto:a@b.example?subject=x",), "organizer", Address("", "a@b.example")),
        (("ORGANIZER:",), "organizer", None),
        (("DESCRIPTION:a", "DESCRIPTION:b"), "body", "a\n\nb"),
    ],
)  # fmt: skip
def test_single_lines_of_an_event(lines: tuple[str, ...], name: str, value: Value) -> None:
    assert read(*lines).fields.get(name) == value


def test_cancelled_by_method() -> None:
    assert read("DTSTART:20261123", before="METHOD:CANCEL\r\n").fields["cancelled"] is True


def test_tasks_journals_and_notes() -> None:
    task = read("DUE:20261130", "STATUS:IN-PROCESS", "PERCENT-COMPLETE:140", "PRIORITY:2", "SUMMARY:x", kind="VTODO")
    assert task.kind is Kind.TASK
    assert [task.fields[name] for name in ("due", "status", "percent", "priority", "importance")] == [
        date(2026, 11, 30), "in progress", 100, 2, "high",
    ]  # fmt: skip
    statuses = {
        (): "not started",
        ("PERCENT-COMPLETE:5",): "in progress",
        ("COMPLETED:20261123T100000Z",): "completed",
        ("X-MXSYNC-STATUS:waiting",): "waiting",
        ("STATUS:CANCELLED",): "cancelled",
    }
    assert {lines: read(*lines, kind="VTODO").fields["status"] for lines in statuses} == statuses
    journal = read("DTSTART:20261123T090000Z", "X-MXSYNC-DURATION:PT25M", "X-MXSYNC-TYPE:Phone call", "X-MXSYNC-COMPANY:A\\, B",
                   "X-MXSYNC-COMPANY:", kind="VJOURNAL")  # fmt: skip
    assert journal.kind is Kind.JOURNAL
    assert [journal.fields[name] for name in ("duration", "type", "companies")] == [25, "Phone call", ("A, B",)]
    assert read("DTSTART:20261123T090000Z", "DTEND:20261123T093000Z", kind="VJOURNAL").fields["duration"] == 30
    assert read("DTSTART:20261123", "DTEND:20261124", kind="VJOURNAL").fields["duration"] is None
    assert read("DTSTART:20261123T090000Z", "DTEND:20261123", kind="VJOURNAL").fields["duration"] is None
    note = read("SUMMARY:x", "COLOR:yellow", kind="VJOURNAL")
    assert (note.kind, note.fields["color"], "contacts" in note.fields) == (Kind.NOTE, "yellow", False)
    dated = calendar("DTSTART:20261123", kind="VJOURNAL")
    assert read_calendar(dated, UTC, folder_kind=Kind.NOTE).kind is Kind.NOTE
    assert read_calendar(calendar(kind="VJOURNAL"), UTC, folder_kind=Kind.JOURNAL).kind is Kind.JOURNAL
    assert read_calendar(dated, UTC, folder_kind=Kind.TASK).kind is Kind.JOURNAL


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "no BEGIN and END"),
        (b"BEGIN:VCARD\nEND:VCARD\n", "no calendar"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "no event"),
        (calendar()[:-15], "breaks off"),
        (calendar(after="BEGIN:VEVENT\r\nUID:2\r\nEND:VEVENT\r\n"), "2 items"),
        (calendar(after="BEGIN:VTODO\r\nUID:1@acme.example\r\nEND:VTODO\r\n"), "2 items"),
        (calendar(after="BEGIN:VEVENT\r\nUID:1@acme.example\r\nEND:VEVENT\r\n"), "one UID 2 times"),
    ],
)
def test_what_is_no_calendar_item(raw: bytes, sentence: str) -> None:
    with pytest.raises(BadContent, match=sentence):
        read_calendar(raw, UTC)


def test_an_exception_without_its_series_is_the_item() -> None:
    parsed = read("RECURRENCE-ID:20261124T090000Z", "SUMMARY:later", after=(
        "BEGIN:VEVENT\r\nUID:1@acme.example\r\nRECURRENCE-ID:20261123T090000Z\r\nSUMMARY:first\r\nEND:VEVENT\r\n"
    ))  # fmt: skip
    assert parsed.fields["subject"] == "first"


def test_what_is_odd_is_noted() -> None:
    parsed = read("DTSTART:never", "RRULE:FREQ=NEVER", "DTSTART;TZID=Mars:20261123T100000", "no content line")
    assert parsed.notes == (
        "its DTSTART `never` is no date",
        "its recurrence `FREQ=NEVER` is no rule that can be followed",
        "1 of its lines are no content lines; they are kept, not understood",
    )
    assert read("DTSTART;TZID=Mars:20261123T100000", "DTEND;TZID=Mars:20261123T110000").notes == (
        "its time zone `Mars` is unknown: its times are taken as local",
    )


def test_an_edit_keeps_every_other_line() -> None:
    changed = edit_calendar(MEETING, {"location": "Room 1"}, {}, "", zone=CAPE, now=NOW)
    kept = [line for line in MEETING.split(b"\r\n") if not line.startswith(b"LAST-MODIFIED")]
    assert [line for line in changed.split(b"\r\n") if line in kept] == kept
    assert b"LAST-MODIFIED:20261123T100000Z" in changed
    parsed = read_calendar(MEETING, CAPE)
    same = {name: parsed.fields[name] for name in ("start", "end", "attendees", "organizer", "categories", "reminder", "show_as",
                                                   "body", "importance", "sensitivity", "recurrence", "cancelled", "online_link")
            if name not in ("show_as", "organizer", "attendees")}  # fmt: skip
    assert edit_calendar(MEETING, same, {"Room": "12"}, "IPM.Appointment.Court", zone=CAPE, now=NOW) == MEETING


def test_edits_of_an_event() -> None:
    fields: dict[str, Value] = {
        "start": datetime(2026, 7, 6, 12, tzinfo=UTC),
        "end": datetime(2026, 7, 6, 13, tzinfo=UTC),
        "attendees": (Address("New: One", "new@acme.example"), Address("Jane", "JANE@acme.example")),
        "contacts": (Address("Jim", "jim@abc.example"), JANE),
        "cancelled": True,
        "show_as": "free",
        "reminder": 30,
        "categories": ("x",),
        "recurrence": "RRULE:FREQ=DAILY",
        "sensitivity": "personal",
        "importance": "low",
        "flagged": True,
        "online_link": "",
        "organizer": None,
    }
    changed = edit_calendar(MEETING, fields, {}, "", zone=CAPE, now=NOW)
    text = changed.decode()
    assert 'ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN="Roe, Jane":mailto:jane@acme.example\r\n' in text
    assert 'ATTENDEE;CN="New: One";SCHEDULE-AGENT=NONE:mailto:new@acme.example\r\n' in text
    assert "CONTACT:Jim Dolittle\\, ABC Industries\\, jim@abc.example\r\n" in text
    assert "CONTACT:nobody\r\n" in text
    assert "CONTACT:Jane Roe <jane@acme.example>\r\n" in text
    assert "TRIGGER:-PT30M\r\nEND:VALARM\r\n" in text
    assert "SUMMARY:Moved\r\n" not in text  # a rule alone is a series without exceptions
    assert "EXDATE" not in text
    found = read_calendar(changed, CAPE).fields
    expected = {
        name: value
        for name, value in fields.items()
        if name not in ("attendees", "contacts", "flagged", "online_link", "recurrence")
    }
    assert {name: found.get(name) for name in expected} == expected
    assert (found["flag"], found["online_link"], found["recurrence"]) == (
        "flagged",
        "",
        'DTSTART;TZID="Own Zone":20260706T140000\nRRULE:FREQ=DAILY\nBEGIN:VTIMEZONE'
        + ZONE.replace("\r", "").rstrip().partition("BEGIN:VTIMEZONE")[2],
    )
    again = edit_calendar(changed, {"cancelled": False, "reminder": None, "attendees": ()}, {}, "", zone=CAPE, now=NOW)
    assert b"STATUS:CONFIRMED" in again
    assert b"VALARM" not in again
    assert b"ATTENDEE" not in again
    moved = edit_calendar(again, {"reminder": datetime(2026, 7, 6, 8, tzinfo=UTC)}, {}, "", zone=CAPE, now=NOW)
    assert read_calendar(moved, CAPE).fields["reminder"] == datetime(2026, 7, 6, 8, tzinfo=UTC)


def test_a_recurring_event_keeps_the_zone_of_its_hour() -> None:
    raw = calendar("DTSTART;TZID=Europe/Berlin:20260706T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY")
    changed = edit_calendar(raw, {"start": datetime(2026, 7, 6, 8, tzinfo=UTC), "end": datetime(2026, 7, 6, 9, tzinfo=UTC)}, {}, "",
                            zone=UTC, now=NOW)  # fmt: skip
    assert b"DTSTART;TZID=Europe/Berlin:20260706T100000\r\n" in changed
    assert b"DTEND;TZID=Europe/Berlin:20260706T110000\r\n" in changed
    assert b"DURATION" not in changed


def test_all_day_and_back() -> None:
    raw = calendar("DTSTART:20260706T090000Z", "DESCRIPTION:a", "DESCRIPTION:b")
    changed = edit_calendar(raw, {"start": datetime(2026, 7, 6, tzinfo=UTC), "end": date(2026, 7, 8), "all_day": True, "body": "c"}, {}, "",
                            zone=UTC, now=NOW)  # fmt: skip
    found = read_calendar(changed, UTC).fields
    assert (found["start"], found["end"], found["all_day"], found["body"]) == (
        date(2026, 7, 6),
        date(2026, 7, 8),
        True,
        "c",
    )
    back = edit_calendar(
        changed, {"start": datetime(2026, 7, 6, 9, tzinfo=UTC), "end": None}, {}, "", zone=UTC, now=NOW
    )
    assert read_calendar(back, UTC).fields["all_day"] is False


def test_importance_and_priority_are_one_until_both_are_given() -> None:
    raw = calendar("PRIORITY:5", kind="VTODO")
    one = edit_calendar(raw, {"priority": 1}, {}, "", zone=UTC, now=NOW)
    assert read_calendar(one, UTC).fields["importance"] == "high"
    both = edit_calendar(raw, {"priority": 1, "importance": "normal"}, {}, "", zone=UTC, now=NOW)
    assert (read_calendar(both, UTC).fields["priority"], read_calendar(both, UTC).fields["importance"]) == (1, "normal")
    low = edit_calendar(raw, {"importance": "low"}, {}, "", zone=UTC, now=NOW)
    assert (read_calendar(low, UTC).fields["priority"], read_calendar(low, UTC).fields["importance"]) == (5, "low")
    assert edit_calendar(raw, {"importance": None, "priority": 5}, {}, "", zone=UTC, now=NOW) == raw


def test_edits_of_a_task_and_a_journal() -> None:
    raw = calendar("STATUS:NEEDS-ACTION", kind="VTODO")
    changed = edit_calendar(
        raw, {"status": "waiting on someone else", "percent": 10, "priority": 99}, {}, "", zone=UTC, now=NOW
    )
    found = read_calendar(changed, UTC).fields
    assert (found["status"], found["percent"], found["priority"]) == ("waiting on someone else", 10, 9)
    done = edit_calendar(
        changed,
        {"status": "Completed", "percent": 100.0, "priority": None, "completed": NOW},
        {},
        "",
        zone=UTC,
        now=NOW,
    )
    found = read_calendar(done, UTC).fields
    assert (found["status"], found["percent"], found["priority"], found["completed"]) == ("completed", 100, 0, NOW)
    journal = calendar("DTSTART:20261123T090000Z", "DTEND:20261123T093000Z", kind="VJOURNAL")
    changed = edit_calendar(
        journal, {"duration": 45, "companies": "One", "show_as": "busy", "cancelled": True}, {}, "", zone=UTC, now=NOW
    )
    assert b"DTEND" not in changed
    assert b"STATUS" not in changed
    assert read_calendar(changed, UTC).fields["duration"] == 45
    assert read_calendar(changed, UTC).fields["companies"] == ("One",)
    assert (
        read_calendar(edit_calendar(changed, {"duration": None}, {}, "", zone=UTC, now=NOW), UTC).fields["duration"]
        is None
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jane Roe <jane@acme.example>", JANE),
        ("jane@acme.example.", Address("", "jane@acme.example")),
        ("Jane, Acme: mailto:jane@acme.example", Address("Jane, Acme", "jane@acme.example")),
        ("nobody", None),
    ],
)
def test_people_in_texts(text: str, expected: Address | None) -> None:
    assert person_in(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20261123", date(2026, 11, 23)),
        ("2026-11-23", date(2026, 11, 23)),
        ("20261123T101112", datetime(2026, 11, 23, 10, 11, 12)),
        ("20261123T101160Z", datetime(2026, 11, 23, 10, 11, 59, tzinfo=UTC)),
        ("2026-11-23T10:11:12.5+02:00", datetime(2026, 11, 23, 10, 11, 12, tzinfo=timezone(timedelta(hours=2)))),
        ("20261123T1011-0330", datetime(2026, 11, 23, 10, 11, tzinfo=timezone(-timedelta(hours=3, minutes=30)))),
        ("00010101T000000+0200", None),
        ("20261123T101112+9900", None),
        ("20260231", None),
        ("x", None),
    ],
)
def test_dates_and_times(text: str, expected: date | None) -> None:
    found = parse_date_or_time(text)
    assert found == expected
    assert type(found) is type(expected)


@given(st.timedeltas(timedelta(days=-400), timedelta(days=400)))
def test_durations_round_trip(length: timedelta) -> None:
    whole = timedelta(seconds=int(length.total_seconds()))
    assert parse_duration(format_duration(whole)) == whole


def test_odd_durations_and_offsets() -> None:
    assert parse_duration("P2W") == timedelta(weeks=2)
    assert [parse_duration(text) for text in ("P", "PT", "", "x", "P999999W9999999D")] == [None] * 4 + [
        timedelta(days=999_999 * 7 + 9_999_999)
    ]
    assert parse_duration("P999999999999W") is None
    with pytest.raises(ValueError, match="x"):
        parse_offset("x")
    assert format_moment(datetime(999, 1, 1, tzinfo=UTC)) == "09990101T000000Z"
    assert format_date(date(999, 1, 1)) == "09990101"


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], include_characters="\n"), max_size=100
).map(str.strip)
MOMENT = st.datetimes(datetime(1980, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)
PERSON = st.builds(
    Address,
    st.text(st.characters(categories=["L", "N"], include_characters=" ,;:.'"), max_size=20).map(
        lambda text: " ".join(text.split())
    ),
    st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.example", fullmatch=True),
)
PEOPLE = st.lists(PERSON, unique_by=lambda person: person.address, max_size=4).map(tuple)
COMMON = {
    "subject": TEXT,
    "body": TEXT,
    "categories": st.lists(TEXT.filter(bool), unique=True, max_size=3).map(tuple),
    "sensitivity": st.sampled_from(["normal", "private", "confidential", "personal"]),
    "importance": st.sampled_from(["low", "normal", "high"]),
}
KINDS: Mapping[Kind, Mapping[str, st.SearchStrategy[object]]] = {
    Kind.APPOINTMENT: COMMON
    | {"start": MOMENT, "end": MOMENT, "location": TEXT, "attendees": PEOPLE, "organizer": PERSON, "reminder": st.integers(0, 10_000),
       "show_as": st.sampled_from(["free", "busy", "tentative", "out of office", "working elsewhere"]), "cancelled": st.booleans()},
    Kind.TASK: {name: strategy for name, strategy in COMMON.items() if name != "importance"} | {"start": st.dates(), "due": st.dates() | MOMENT, "completed": MOMENT, "percent": st.integers(0, 100),
                         "priority": st.integers(0, 9), "status": st.sampled_from(["not started", "completed", "deferred"])},
    Kind.JOURNAL: COMMON | {"start": MOMENT, "duration": st.integers(0, 5000), "type": TEXT,
                            "companies": st.lists(TEXT.filter(bool), max_size=3).map(tuple)},
    Kind.NOTE: COMMON | {"color": st.sampled_from(["yellow", "blue"])},
}  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_whatever_is_written_is_read_and_edits_touch_nothing_else(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(list(KINDS)))
    strategy = st.fixed_dictionaries({}, optional=dict(KINDS[kind]))
    first, second = data.draw(strategy), data.draw(strategy)
    raw = new_calendar(kind, first, {"A b": "c,d;e"}, "IPM.X", uid="uid", now=NOW)  # type: ignore[arg-type]
    found = read_calendar(raw, CAPE, folder_kind=kind)
    assert found.kind is kind
    assert {name: found.fields.get(name) for name in first if first[name] not in ("", None)} == {
        name: value for name, value in first.items() if value not in ("", None)
    }
    changed = edit_calendar(raw, second, {}, "", zone=CAPE, now=NOW)  # type: ignore[arg-type]
    after = read_calendar(changed, CAPE, folder_kind=kind)
    expected = {**first, **second}
    assert {name: after.fields.get(name) or "" for name in expected} == {
        name: value or "" for name, value in expected.items()
    }
    assert (after.custom, after.item_class, after.fields["uid"]) == (found.custom, "IPM.X", "uid")
