"""What appointments, tasks and journal entries hold, through tables with a column for all of it, and with few: both
ways, and nothing lost that the other side has no place for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.inprocess import ANNA, BEN, Place, made

COLUMNS = {
    "Appointments": ["Reminder INTEGER", "Attendees TEXT", "Answers TEXT", "ShowAs TEXT", "Importance TEXT"],
    "Tasks": ["Percent INTEGER", "Reminder INTEGER", "Recurrence TEXT"],
    "Journals": ["Companies TEXT"],
}
FEW = """
use 'crm.rules'
""" + "".join(
    f"""
sync {name}s
  between folder '{folder}' of each user and table {name}
  into table when user = '{ANNA}' or is known {name}
  into folder
  deleted in folder then delete
  deleted in table then delete
"""
    for name, folder in (("appointment", "Calendar"), ("task", "Tasks"), ("journal", "Journal"))
)
ALL = FEW + """
extend entity appointment
  reminder         <-> Reminder
  attendees        <-> Attendees
  attendees.answer  -> Answers
  show_as          <-> ShowAs
  importance       <-> Importance

extend entity task
  percent    <-> Percent
  reminder   <-> Reminder
  recurrence <-> Recurrence

extend entity journal
  companies <-> Companies
"""  # fmt: skip
ALARM = "\nBEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:x\nTRIGGER:-PT30M\nEND:VALARM"
EVENT = (
    "SUMMARY:Review\nDTSTART:20261110T090000Z\nDTEND:20261110T100000Z\nLOCATION:Room 1\nORGANIZER:mailto:anna@ours.example\n"
    "ATTENDEE;CN=Jane;PARTSTAT=ACCEPTED:mailto:jane@acme.example\nATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:max@acme.example\n"
    "X-OWN:kept" + ALARM
)
TASK = (
    "SUMMARY:Offer\nDTSTART;VALUE=DATE:20261110\nDUE;VALUE=DATE:20261112\nPRIORITY:1\nPERCENT-COMPLETE:40\nSTATUS:IN-PROCESS\n"
    "X-OWN:kept" + ALARM
)
JOURNAL = "SUMMARY:Call\nDTSTART:20261110T090000Z\nX-MXSYNC-DURATION:PT30M\nX-MXSYNC-TYPE:Phone call\nX-MXSYNC-COMPANY:Acme\nX-OWN:kept"


def site(root: Path, rules: str) -> Place:
    place = made(root, rules="use 'crm.rules'\n")
    for table, columns in COLUMNS.items():
        for column in columns:
            place.sql(f"ALTER TABLE {table} ADD COLUMN {column}")
    place.rules(rules)
    return place


@pytest.mark.parametrize(
    ("component", "folder", "lines", "table", "change"),
    [
        ("VEVENT", "Calendar", EVENT, "Appointments", "Location = 'Room 2'"),
        ("VTODO", "Tasks", TASK, "Tasks", "Priority = '5'"),
        ("VJOURNAL", "Journal", JOURNAL, "Journals", "EntryType = 'Meeting'"),
    ],
)
def test_what_a_table_has_no_column_for_is_kept_on_both_sides(
    tmp_path: Path, component: str, folder: str, lines: str, table: str, change: str
) -> None:
    place = site(tmp_path / "t", FEW)
    place.calendar(component, lines, folder=folder)
    before = place.only(ANNA, folder).splitlines()
    place.settled()
    place.sql(f"UPDATE {table} SET {change}, Subject = 'Other'")
    place.settled()
    after = place.only(ANNA, folder).splitlines()
    touched = {"SUMMARY", "LOCATION", "PRIORITY", "X-MXSYNC-TYPE", "LAST-MODIFIED"}
    kept = [line for line in before if line.partition(":")[0] not in touched]
    assert [line for line in after if line in kept] == kept and "SUMMARY:Other" in after
    assert "SUMMARY:Other" in place.only(BEN, folder)
    # The other folder's own reminder and lines stay, too, whatever crosses.
    place.edit(
        BEN,
        folder,
        f"END:{component}",
        f"X-BEN:own\r\n{ALARM.strip().replace('30M', '5M')}\nEND:{component}".replace("\n", "\r\n"),
    )
    place.settled()
    place.edit(ANNA, folder, "SUMMARY:Other", "SUMMARY:Third")
    place.settled()
    theirs = place.only(BEN, folder)
    assert "SUMMARY:Third" in theirs and "X-BEN:own" in theirs and "TRIGGER:-PT5M" in theirs
    assert "X-BEN" not in place.only(ANNA, folder)


def test_an_appointment_with_all_columns_crosses_both_ways(tmp_path: Path) -> None:
    place = site(tmp_path / "t", ALL)
    place.calendar("VEVENT", EVENT)
    place.settled()
    assert place.sql("SELECT Reminder, Attendees, Answers, ShowAs FROM Appointments") == [
        (30, "jane@acme.example; max@acme.example", "accepted; no answer", "busy")
    ]
    theirs = place.only(BEN, "Calendar")
    assert "TRIGGER:-PT30M" in theirs
    # Nobody is invited by a server that the file may come to.
    assert theirs.count("ATTENDEE") == theirs.count("SCHEDULE-AGENT=NONE") == 2
    # An answer comes in.
    place.edit(ANNA, "Calendar", "PARTSTAT=NEEDS-ACTION", "PARTSTAT=DECLINED")
    place.settled()
    assert place.one("SELECT Answers FROM Appointments") == "accepted; declined"
    # From the table: a reminder is moved and taken away, somebody joins, another leaves.
    place.sql(
        "UPDATE Appointments SET Reminder = 60, Attendees = 'jane@acme.example; Eve <eve@acme.example>', ShowAs = 'free'"
    )
    place.settled()
    for user in (ANNA, BEN):
        text = place.only(user, "Calendar")
        assert "TRIGGER:-PT1H" in text and "TRANSP:TRANSPARENT" in text
        assert "jane@acme.example" in text and "ATTENDEE;CN=Eve;SCHEDULE-AGENT=NONE:mailto:eve@acme.example" in text
        assert "max@acme.example" not in text
    assert "ATTENDEE;CN=Jane;PARTSTAT=ACCEPTED:mailto:jane@acme.example" in place.only(ANNA, "Calendar")
    place.sql("UPDATE Appointments SET Reminder = NULL")
    place.settled()
    assert "VALARM" not in place.only(ANNA, "Calendar") + place.only(BEN, "Calendar")
    # From the other folder.
    place.edit(BEN, "Calendar", "LOCATION:Room 1", "LOCATION:Room 9")
    place.settled()
    assert "LOCATION:Room 9" in place.only(ANNA, "Calendar")


def test_an_answer_crosses_between_folders(tmp_path: Path) -> None:
    rules = f"sync one\n  between folder 'Calendar' of '{ANNA}' and folder 'Calendar' of '{BEN}' as theirs\n  into folder\n  into theirs\n"
    place = made(tmp_path / "t", rules)
    place.calendar("VEVENT", EVENT)
    place.settled()
    theirs = place.only(BEN, "Calendar").replace("\n ", "")
    assert "ATTENDEE;CN=Jane;PARTSTAT=ACCEPTED;SCHEDULE-AGENT=NONE:mailto:jane@acme.example" in theirs
    place.edit(ANNA, "Calendar", "PARTSTAT=NEEDS-ACTION", "PARTSTAT=TENTATIVE")
    place.settled()
    theirs = place.only(BEN, "Calendar").replace("\n ", "").replace(";SCHEDULE-AGENT=NONE", "")
    assert "PARTSTAT=TENTATIVE:mailto:max@acme.example" in theirs
    place.edit(BEN, "Calendar", "PARTSTAT=ACCEPTED", "PARTSTAT=DECLINED")
    place.settled()
    assert "ATTENDEE;CN=Jane;PARTSTAT=DECLINED:mailto:jane@acme.example" in place.only(ANNA, "Calendar")


def test_a_task_with_all_columns_crosses_both_ways(tmp_path: Path) -> None:
    place = site(tmp_path / "t", ALL)
    place.calendar("VTODO", TASK, folder="Tasks")
    place.settled()
    assert place.sql("SELECT StartOn, DueOn, Percent, Priority, Status, Reminder FROM Tasks") == [
        ("2026-11-10 00:00:00", "2026-11-12 00:00:00", 40, "1", "in progress", 30)
    ]
    text = place.only(BEN, "Tasks")
    assert "DUE;VALUE=DATE:20261112" in text and "PERCENT-COMPLETE:40" in text and "PRIORITY:1" in text
    place.sql(
        "UPDATE Tasks SET Status = 'completed', Percent = 100, CompletedOn = '2026-11-11 15:00:00', Priority = '9', "
        "DueOn = '2026-11-13 00:00:00'"
    )
    place.settled()
    for user in (ANNA, BEN):
        text = place.only(user, "Tasks")
        for line in (
            "STATUS:COMPLETED",
            "PERCENT-COMPLETE:100",
            "COMPLETED:20261111T150000Z",
            "PRIORITY:9",
            "DUE;VALUE=DATE:20261113",
        ):
            assert line in text, (user, line, text)
    place.edit(BEN, "Tasks", "STATUS:COMPLETED", "STATUS:IN-PROCESS")
    place.edit(BEN, "Tasks", "COMPLETED:20261111T150000Z\n".replace("\n", "\r\n"), "")
    place.settled()
    assert place.sql("SELECT Status, CompletedOn FROM Tasks") == [("in progress", None)]
    assert "COMPLETED" not in place.only(ANNA, "Tasks").replace("PERCENT-COMPLETE", "")


def test_a_journal_with_all_columns_crosses_both_ways(tmp_path: Path) -> None:
    place = site(tmp_path / "t", ALL)
    place.calendar("VJOURNAL", JOURNAL, folder="Journal")
    place.settled()
    assert place.sql("SELECT Minutes, EntryType, Companies FROM Journals") == [(30, "Phone call", "Acme")]
    place.sql("UPDATE Journals SET Minutes = 45, Companies = 'Acme; Other'")
    place.settled()
    for user in (ANNA, BEN):
        text = place.only(user, "Journal")
        assert "X-MXSYNC-DURATION:PT45M" in text and "X-MXSYNC-COMPANY:Other" in text
    place.edit(BEN, "Journal", "X-MXSYNC-TYPE:Phone call", "X-MXSYNC-TYPE:Meeting")
    place.settled()
    assert place.one("SELECT EntryType FROM Journals") == "Meeting"


def test_all_day_is_the_day_of_the_organisation(tmp_path: Path) -> None:
    """Johannesburg's midnight, which a program stored in UTC, is its day; the same as a day of the table's."""
    place = site(tmp_path / "t", FEW)  # init writes Africa/Johannesburg
    for subject, start, end in (
        ("in utc", "2026-04-30 22:00:00", "2026-05-01 22:00:00"),
        ("as a day", "2026-05-01 00:00:00", "2026-05-02 00:00:00"),
    ):
        place.sql(
            "INSERT INTO Appointments (Subject, StartsOn, EndsOn, AllDay) VALUES (?, ?, ?, 1)", subject, start, end
        )
    place.settled()
    for text in place.mine(BEN, "Calendar").values():
        assert "DTSTART;VALUE=DATE:20260501" in text and "DTEND;VALUE=DATE:20260502" in text
    place.sql(
        "UPDATE Appointments SET StartsOn = '2026-05-03 22:00:00', EndsOn = '2026-05-04 22:00:00' WHERE Subject = 'in utc'"
    )
    place.settled()
    (text,) = (text for text in place.mine(BEN, "Calendar").values() if "in utc" in text)
    assert "DTSTART;VALUE=DATE:20260504" in text and "DTEND;VALUE=DATE:20260505" in text
