"""Several files of one UID in a folder, and values that one side cannot hold: nothing is written that nobody changed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxsync.errors import BadContent
from mxsync.extract.icalendar_edit import edit_calendar
from tests.inprocess import ANNA, RULES, Place, made

MEETING = "UID:one@acme.example\nSUMMARY:{}\nDTSTART:{}\nDTEND:{}\nCATEGORIES:MX-Contact"
HOURS = [("First", "20261203T090000Z", "20261203T100000Z"), ("Second", "20261201T090000Z", "20261201T100000Z"),
         ("Third", "20261202T090000Z", "20261202T100000Z")]  # fmt: skip


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    return made(tmp_path / "t")


def copies(place: Place) -> None:
    for name, start, end in HOURS:
        text = place.calendar("VEVENT", MEETING.format(name, start, end), name=f"{name}.ics").read_text()
        lines = [line for line in text.splitlines() if not line.startswith("UID:u")]
        place.put(f"{ANNA}/Calendar/{name}.ics", "\r\n".join((*lines, "")))


def test_of_several_copies_the_one_that_the_row_was_made_of_is_kept_in_step(place: Place) -> None:
    copies(place)
    before = place.files()
    place.settled()
    assert place.files() == before
    ((subject,),) = place.sql("SELECT Subject FROM Appointments")
    links = place.sql("SELECT href, state FROM mxsync_links WHERE sync = 'appointments' ORDER BY state DESC, href")
    others = sorted({"First", "Second", "Third"} - {subject})
    assert links == [(f"Calendar/{subject}.ics", "paired"), *((f"Calendar/{name}.ics", "copy") for name in others)]


def test_a_row_finds_the_copy_that_says_the_same(place: Place) -> None:
    place.rules(RULES + "\nsync appointments off\n")
    copies(place)
    place.settled()
    before = place.files()
    place.rules(
        RULES + "\nsync appointments\n  between folder 'Calendar' of each user and table appointment\n"
        "  into folder when appointment.owner is user\n  out of filter then remove\n"
    )
    place.settled()
    assert place.files() == before
    ((subject,),) = place.sql("SELECT Subject FROM Appointments")
    assert place.sql("SELECT href FROM mxsync_links WHERE sync = 'appointments'") == [(f"Calendar/{subject}.ics",)]


@pytest.mark.parametrize("start", ["00010101T000000Z", "00991231T100000Z"])
def test_a_year_before_1000_is_a_date_in_the_table(place: Place, start: str) -> None:
    place.calendar("VEVENT", f"SUMMARY:Old\nDTSTART:{start}\nDTEND:{start}\nCATEGORIES:MX-Contact")
    before = place.files()
    place.settled()
    assert place.files() == before
    written = place.one("SELECT StartsOn FROM Appointments")
    assert datetime.fromisoformat(written) == datetime.strptime(start, "%Y%m%dT%H%M%SZ")


@pytest.mark.parametrize("value", ["soon", "", None])
def test_a_table_without_a_date_does_not_take_the_start_from_a_meeting(place: Place, value: str | None) -> None:
    place.calendar("VEVENT", MEETING.format("Talk", "20261203T090000Z", "20261203T100000Z"))
    place.settled()
    place.sql("UPDATE Appointments SET StartsOn = ?, Location = 'Room 5'", value)
    place.passes()
    place.passes()
    (text,) = place.mine(folder="Calendar").values()
    assert "DTSTART:20261203T090000Z" in text
    assert place.sql("SELECT StartsOn, Location FROM Appointments") == [(value, "Room 5")]
    files, rows = place.files(), place.dump()
    place.passes()
    assert (place.files(), place.dump()) == (files, rows)


def test_a_text_that_is_no_date_is_refused_with_a_sentence() -> None:
    raw = b"BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:1\r\nDUE:20261203T090000Z\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"
    with pytest.raises(BadContent, match="`due` is to be a date, and `soon` is none"):
        edit_calendar(raw, {"due": "soon"}, {}, "", zone=UTC, now=datetime(2026, 1, 1, tzinfo=UTC))
    assert b"DUE" not in edit_calendar(raw, {"due": None}, {}, "", zone=UTC, now=datetime(2026, 1, 1, tzinfo=UTC))
