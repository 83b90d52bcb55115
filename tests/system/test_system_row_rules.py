"""`when row of ENTITY`: a change in SQL makes rules act, once, whoever made it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.inprocess import ANNA, RULES, Killed, made

RULE = RULES + (
    "rule 'Won'\n  when row of opportunity updated status changed and status = 'Won'\n"
    "  then create task with subject = 'Invoice {name} of {company.name}', set contact.status = 'Customer'\n\n"
    "rule 'Lead'\n  when row of contact created status = 'Lead'\n  then set job_title = 'Lead of {owner.email}'\n\n"
    "rule 'Gone'\n  when row of company deleted\n  then create task with subject = 'A company is gone'\n"
)


def test_an_update_that_counts_and_one_that_does_not(tmp_path: Path) -> None:
    place = made(tmp_path / "t", RULE)
    company = place.company("Acme", "acme.example")
    place.sql("INSERT INTO Opportunities (Name, Status, CompanyID) VALUES ('Pump', 'Open', ?)", company)
    place.sql("INSERT INTO Opportunities (Name, Status, CompanyID) VALUES ('Valve', 'Open', ?)", company)
    place.settled()
    assert place.count_rows("Tasks") == 0
    place.sql("UPDATE Opportunities SET Status = 'Won' WHERE Name = 'Pump'")
    place.sql("UPDATE Opportunities SET Name = 'Valves' WHERE Name = 'Valve'")
    report = place.settled()
    assert place.sql("SELECT Subject FROM Tasks") == [("Invoice Pump of Acme",)]
    assert report.created == {"task": 1}
    place.sql("UPDATE Opportunities SET Name = 'Pumps' WHERE Name = 'Pump'")
    place.settled()
    assert place.count_rows("Tasks") == 1
    assert place.sql("SELECT rule FROM mxsync_audit WHERE entity = 'task'") == [("Won",)]


def test_a_row_that_is_made_by_anybody(tmp_path: Path) -> None:
    place = made(tmp_path / "t", RULE)
    place.contact("jane@acme.example", Status="Lead", OwnerID=place.user_id())
    place.contact("max@acme.example", Status="Own", OwnerID=place.user_id())
    place.settled()
    assert place.sql("SELECT JobTitle FROM Contacts ORDER BY Email") == [(f"Lead of {ANNA}",), (None,)]
    assert sorted("TITLE:Lead of" in text for text in place.mine().values()) == [False, True]


def test_a_row_that_is_deleted(tmp_path: Path) -> None:
    place = made(tmp_path / "t", RULE)
    place.company("Acme", "acme.example")
    place.settled()
    place.sql("DELETE FROM Companies")
    place.settled()
    assert place.sql("SELECT Subject FROM Tasks") == [("A company is gone",)]


@pytest.mark.parametrize("point", ["rows.before-commit", "rows.committed", "sync.before-commit"])
def test_a_kill_makes_nothing_twice(tmp_path: Path, point: str) -> None:
    place = made(tmp_path / "t", RULE)
    place.sql("INSERT INTO Opportunities (Name, Status) VALUES ('Pump', 'Open')")
    place.settled()
    place.sql("UPDATE Opportunities SET Status = 'Won'")
    with pytest.raises(Killed):
        place.passes(kill=point)
    place.settled()
    assert place.count_rows("Tasks") == 1
