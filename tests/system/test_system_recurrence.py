"""Recurrences from a folder into a table and out of it into another user's folder: not one occurrence differs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.inprocess import ANNA, BEN, Place, made
from tests.recurrences import Calendar, calendar, changed, events, occurrences, tasks

RULES = f"""
use 'crm.rules'
sync appointments off
sync tasks off

extend entity appointment
  time_zone <-> TimeZone

extend entity task
  recurrence <-> Recurrence
  time_zone <-> TimeZone

sync ours
  between folder 'Calendar' of '{ANNA}' and table appointment
  into table
  into folder
  deleted in folder then delete

sync theirs
  between folder 'Calendar' of '{BEN}' and table appointment
  into folder
  into table when is known appointment

sync tasks_ours
  between folder 'Tasks' of '{ANNA}' and table task
  into table

sync tasks_theirs
  between folder 'Tasks' of '{BEN}' and table task
  into folder
"""


def place_at(root: Path, zone: str = "UTC") -> Place:
    place = made(root, rules="use 'crm.rules'\n")
    for table, columns in (("Appointments", ["TimeZone"]), ("Tasks", ["Recurrence", "TimeZone"])):
        for column in columns:
            place.sql(f"ALTER TABLE {table} ADD COLUMN {column} TEXT")
    config = place.root / "mxsync.toml"
    text = config.read_text()
    assert 'timezone = "' in text
    before = text.partition("[organisation]")[2].partition('timezone = "')[2].partition('"')[0]
    head, _, tail = text.partition("[organisation]")
    config.write_text(head + "[organisation]" + tail.replace(f'timezone = "{before}"', f'timezone = "{zone}"', 1))
    place.rules(RULES)
    return place


def put(place: Place, folder: str, calendars: list[Calendar]) -> None:
    home = place.root / "mailboxes" / ANNA / folder
    home.mkdir(parents=True, exist_ok=True)
    for each in calendars:
        (home / f"{each.name.replace(' ', '-').replace('/', '-')}.ics").write_bytes(each.text.encode())


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_no_occurrence_differs_on_the_other_side(tmp_path: Path, zone: str) -> None:
    place = place_at(tmp_path / "t", zone)
    ours = {"Calendar": events(), "Tasks": tasks()}
    assert sum(map(len, ours.values())) >= 150
    for folder, calendars in ours.items():
        put(place, folder, calendars)
    place.settled()
    wrong = []
    for folder, calendars in ours.items():
        there = {}
        for text in place.mine(BEN, folder).values():
            name = next(line[8:] for line in text.splitlines() if line.startswith("SUMMARY:"))
            there[name] = text
        assert len(there) == len(calendars)
        for each in calendars:
            expected = occurrences(each.text, each.since)
            assert expected, each.name
            if occurrences(there[each.name], each.since) != expected:
                wrong.append(each.name)
    assert wrong == []


BERLIN = "TZID=Europe/Berlin"
WEEKLY = [
    f"DTSTART;{BERLIN}:20260105T090000", f"DTEND;{BERLIN}:20260105T100000", "RRULE:FREQ=WEEKLY;COUNT=40",
]  # fmt: skip
SINCE = date(2026, 1, 1)
ALARM = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT30M\r\nEND:VALARM\r\n"


def shared(root: Path, *lines: str, others: str = "") -> Place:
    """A series in Anna's calendar that is in Ben's as well."""
    place = place_at(root)
    put(place, "Calendar", [calendar("series", *(lines or WEEKLY), since=SINCE, others=others)])
    place.settled()
    return place


def both(place: Place) -> list[tuple[str, ...]]:
    """The occurrences on both sides, which are the same."""
    ours, theirs = (occurrences(place.only(user, "Calendar"), SINCE) for user in (ANNA, BEN))
    assert ours == theirs
    return ours


def starts(place: Place) -> list[str]:
    return [each[0][:16] for each in both(place)]


def test_an_occurrence_is_deleted_moved_and_put_back(tmp_path: Path) -> None:
    place = shared(tmp_path / "t")
    before = starts(place)
    out = f"EXDATE;{BERLIN}:20260112T090000\r\n"
    place.edit(ANNA, "Calendar", "RRULE:", f"{out}RRULE:")
    place.settled()
    assert starts(place) == [each for each in before if not each.startswith("2026-01-12")]
    assert "EXDATE" in place.one("SELECT Recurrence FROM Appointments")
    moved = changed(
        "series", f"RECURRENCE-ID;{BERLIN}:20260119T090000", f"DTSTART;{BERLIN}:20260120T150000",
        f"DTEND;{BERLIN}:20260120T160000", "SUMMARY:on Tuesday",
    ).replace("\n", "\r\n")  # fmt: skip
    place.edit(ANNA, "Calendar", "END:VCALENDAR", f"{moved}\r\nEND:VCALENDAR")
    place.settled()
    assert "2026-01-20T14:00" in starts(place) and "2026-01-19T08:00" not in starts(place)
    assert "on Tuesday" in {each[2] for each in both(place)}
    place.edit(ANNA, "Calendar", out, "")
    place.edit(ANNA, "Calendar", moved + "\r\n", "")
    place.settled()
    assert starts(place) == before
    assert place.one("SELECT Recurrence FROM Appointments").splitlines()[-1] == "RRULE:FREQ=WEEKLY;COUNT=40"


def test_an_occurrence_that_is_changed_in_the_other_folder_comes_back(tmp_path: Path) -> None:
    moved = changed("series", f"RECURRENCE-ID;{BERLIN}:20260119T090000", f"DTSTART;{BERLIN}:20260119T110000",
                    f"DTEND;{BERLIN}:20260119T120000", "SUMMARY:series", "ATTENDEE:mailto:jane@acme.example")  # fmt: skip
    place = shared(tmp_path / "t", others=moved)
    assert "jane@acme.example" not in place.only(BEN, "Calendar")  # attendees of occurrences stay where they are
    place.edit(BEN, "Calendar", f"DTSTART;{BERLIN}:20260119T110000", f"DTSTART;{BERLIN}:20260119T113000")
    place.settled()
    assert "2026-01-19T10:30" in starts(place)
    assert "jane@acme.example" in place.only(ANNA, "Calendar")


def test_what_occurrences_have_besides_stays_and_is_taken_over(tmp_path: Path) -> None:
    place = shared(tmp_path / "t")
    place.edit(BEN, "Calendar", "END:VEVENT", f"{ALARM}END:VEVENT")
    place.settled()
    assert "VALARM" not in place.only(ANNA, "Calendar")
    moved = changed("series", f"RECURRENCE-ID;{BERLIN}:20260119T090000", f"DTSTART;{BERLIN}:20260119T110000",
                    f"DTEND;{BERLIN}:20260119T120000", "SUMMARY:series").replace("\n", "\r\n")  # fmt: skip
    place.edit(ANNA, "Calendar", "END:VCALENDAR", f"{moved}\r\nEND:VCALENDAR")
    place.settled()
    assert place.only(BEN, "Calendar").count("TRIGGER:-PT30M") == 2  # the changed occurrence reminds Ben as well
    place.edit(ANNA, "Calendar", f"DTSTART;{BERLIN}:20260119T110000", f"DTSTART;{BERLIN}:20260119T103000")
    place.settled()
    assert place.only(BEN, "Calendar").count("TRIGGER:-PT30M") == 2
    assert "2026-01-19T09:30" in starts(place)


def test_a_start_that_the_table_moves_takes_the_exceptions_along(tmp_path: Path) -> None:
    moved = changed("series", f"RECURRENCE-ID;{BERLIN}:20260119T090000", f"DTSTART;{BERLIN}:20260120T150000",
                    f"DTEND;{BERLIN}:20260120T160000", "SUMMARY:series")  # fmt: skip
    place = shared(tmp_path / "t", *WEEKLY, f"EXDATE;{BERLIN}:20260112T090000", others=moved)
    before = starts(place)
    place.sql("UPDATE Appointments SET StartsOn = '2026-01-05 09:30:00', EndsOn = '2026-01-05 10:30:00'")
    place.passes()
    place.settled()
    hour = {"08:00": "09:30", "07:00": "08:30"}
    expected = [each if each == "2026-01-20T14:00" else each[:11] + hour[each[11:]] for each in before]
    assert starts(place) == expected
    assert f"EXDATE;{BERLIN}:20260112T103000" in place.one("SELECT Recurrence FROM Appointments")


def test_a_rule_from_the_table_keeps_the_hour_of_the_organisation(tmp_path: Path) -> None:
    place = place_at(tmp_path / "t", "Europe/Berlin")
    place.sql(
        "INSERT INTO Appointments (Subject, StartsOn, EndsOn, Recurrence) VALUES ('standup', '2026-03-20 08:00:00', "
        "'2026-03-20 08:15:00', 'FREQ=DAILY;COUNT=20')"
    )
    place.settled()
    assert {each[0][11:16] for each in both(place)} == {"08:00", "07:00"}  # nine o'clock, in winter and in summer
    assert place.one("SELECT Recurrence FROM Appointments") == "FREQ=DAILY;COUNT=20"
    place.sql("UPDATE Appointments SET Recurrence = 'FREQ=DAILY;COUNT=5'")
    place.settled()
    assert len(both(place)) == 5
    place.sql("UPDATE Appointments SET Recurrence = NULL")
    place.settled()
    assert len(both(place)) == 1


def test_a_recurrence_that_nobody_understands_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    place = shared(tmp_path / "t")
    before = place.only(ANNA, "Calendar")
    place.sql("UPDATE Appointments SET Recurrence = 'every second Tuesday'")
    place.passes()
    place.settled()
    assert place.only(ANNA, "Calendar") == before


def test_a_zone_and_a_floating_time_that_the_table_says(tmp_path: Path) -> None:
    place = place_at(tmp_path / "t", "Europe/Berlin")
    for subject, zone in (("there", "America/New_York"), ("anywhere", "floating"), ("utc", None)):
        place.sql(
            "INSERT INTO Appointments (Subject, StartsOn, EndsOn, TimeZone) VALUES (?, '2026-07-01 13:00:00', "
            "'2026-07-01 14:00:00', ?)", subject, zone,
        )  # fmt: skip
    place.settled()
    texts = {
        next(x[8:] for x in t.splitlines() if x.startswith("SUMMARY:")): t for t in place.mine(BEN, "Calendar").values()
    }
    assert "DTSTART;TZID=America/New_York:20260701T090000\r\n" in texts["there"].replace("\n", "\r\n").replace(
        "\r\r", "\r"
    )
    assert "BEGIN:VTIMEZONE\nTZID:America/New_York\n" in texts["there"].replace("\r", "")
    assert "DTSTART:20260701T150000\n" in texts["anywhere"].replace("\r", "")
    assert "DTSTART:20260701T130000Z\n" in texts["utc"].replace("\r", "")
