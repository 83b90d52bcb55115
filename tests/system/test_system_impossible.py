"""Rows that say what no calendar can hold: each is named with a sentence, and stops nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.inprocess import ANNA, Place, made

RULES = (
    "use 'crm.rules'\n\nsync appointments\n  between folder 'Calendar' of each user and table appointment\n"
    "  into table\n  into folder when appointment.owner is user\n  deleted in folder then delete\n"
)
NEW = f"{ANNA}/Calendar: new appointment for appointment"


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    return made(tmp_path / "t", RULES)


def row(place: Place, start: str | None, end: str | None, recurrence: str | None = None) -> None:
    place.sql(
        "INSERT INTO Appointments (Subject, StartsOn, EndsOn, Recurrence, UserID) VALUES ('Talk', ?, ?, ?, ?)",
        start, end, recurrence, place.user_id(),
    )  # fmt: skip


def test_rows_without_a_possible_time(place: Place) -> None:
    row(place, None, None)
    row(place, "0000-00-00", "xx")
    row(place, "2027-01-05 09:00:00", "2027-01-05 10:00:00", "FREQ=NEVER")
    row(place, "2027-01-05 09:00:00", "2027-01-05 08:00:00")
    row(place, "2027-01-05 09:00:00", "2027-01-05 10:00:00")
    wanted = {
        f"{NEW} 1": "an appointment needs a start, and its record has none",
        f"{NEW} 2": "`start` is to be a date, and `0000-00-00` is none",
        f"{NEW} 3": "the recurrence `FREQ=NEVER` is not understood: it needs a rule such as `FREQ=WEEKLY`",
        f"{NEW} 4": "the appointment would end (2027-01-05 08:00) before it begins (2027-01-05 09:00)",
    }
    for _ in range(2):
        assert dict(place.passes().set_aside) == wanted
        assert len(place.mine(folder="Calendar")) == 1
    said = place.run("status").out
    assert all(name in said and why in said for name, why in wanted.items())
    place.sql("UPDATE Appointments SET StartsOn = '2027-01-06 09:00:00', EndsOn = NULL, Recurrence = NULL")
    assert not place.settled().set_aside
    assert len(place.mine(folder="Calendar")) == 5


def test_an_end_that_moves_before_the_start(place: Place) -> None:
    row(place, "2027-01-05 09:00:00", "2027-01-05 10:00:00")
    place.settled()
    before = place.mine(folder="Calendar")
    place.sql("UPDATE Appointments SET EndsOn = '2027-01-05 08:00:00'")
    ((name, why),) = place.passes().set_aside
    assert name == f"{ANNA}/Calendar/{next(iter(before))}" and why.startswith("the appointment would end")
    assert place.mine(folder="Calendar") == before
    place.sql("UPDATE Appointments SET EndsOn = '2027-01-05 09:30:00'")
    assert not place.settled().set_aside
    assert "DTEND:20270105T093000Z" in place.only(folder="Calendar")
