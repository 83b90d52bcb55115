"""Requirements E1 to E5, S1 to S7 and C5 on the sample CRM: an item that must be taken and one that must not, and a
second pass that writes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from mxsync.connectors.files import FilesConnector
from mxsync.errors import Unavailable
from mxsync.model.item import ItemRef, Unreadable
from mxsync.ports.connector import Fetched
from tests.inprocess import ANNA, BEN, RULES, Place, made

JANE = "FN:Jane Roe\nN:Roe;Jane;;;\nEMAIL:jane@acme.example\nTEL;TYPE=CELL:082 555 0100\n"


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    return made(tmp_path / "t")


def owned(place: Place, email: str = "jane@acme.example", user: str = ANNA, **columns: object) -> int:
    values = {"FirstName": "Jane", "LastName": "Roe", "FullName": "Jane Roe", **columns}
    return place.contact(email, OwnerID=place.user_id(user), **values)


# ---------------------------------------------------------------- S6, S1: from the folder into the table


def test_s6_a_card_with_the_category_becomes_a_row_and_another_does_not(place: Place) -> None:
    place.card(JANE + "CATEGORIES:MX-Contact")
    place.card("FN:Private Person\nN:Person;Private;;;\nEMAIL:private@home.example")
    place.settled()
    assert place.sql("SELECT FullName, Email, Mobile, OwnerID FROM Contacts") == [
        ("Jane Roe", "jane@acme.example", "+27825550100", place.user_id())
    ]
    assert len(place.mine()) == 2


def test_s1_changes_cross_both_ways_field_by_field(place: Place) -> None:
    place.card(JANE + "CATEGORIES:MX-Contact")
    place.settled()
    place.sql("UPDATE Contacts SET JobTitle = 'Director'")
    place.edit(ANNA, "Contacts", "082 555 0100", "083 555 0200")
    report = place.settled()
    assert place.sql("SELECT JobTitle, Mobile FROM Contacts") == [("Director", "+27835550200")]
    assert "TITLE:Director" in place.only()
    assert "083 555 0200" in place.only()
    assert report.synced == {"update contact": 1}


def test_what_a_card_holds_and_the_table_does_not_is_kept(place: Place) -> None:
    place.card(JANE + "CATEGORIES:MX-Contact\nX-SPOUSE:John\nBDAY:1980-02-03\nNOTE:long")
    place.settled()
    place.sql("UPDATE Contacts SET JobTitle = 'Director', Comments = 'short'")
    place.settled()
    text = place.only()
    assert "X-SPOUSE:John" in text and "BDAY:1980-02-03" in text and "NOTE:short" in text


def test_an_organisation_that_is_no_known_company_stays_on_the_card(place: Place) -> None:
    place.card(JANE + "CATEGORIES:MX-Contact\nORG:Acme Pumps")
    before = place.only()
    place.settled()
    assert place.only() == before  # its row says nothing of a company, and that takes nothing away
    company = place.company("Acme Pumps Ltd", "acme.example")
    place.sql("UPDATE Contacts SET CompanyID = ?", company)
    place.settled()
    assert "ORG:Acme Pumps Ltd" in place.only()
    place.edit(ANNA, "Contacts", "ORG:Acme Pumps Ltd", "ORG:Nobody knows")
    place.settled()
    assert "ORG:Nobody knows" in place.only()
    assert place.one("SELECT CompanyID FROM Contacts") == company


def test_s5_a_change_on_one_phone_reaches_the_table_and_every_folder_that_the_filters_name(tmp_path: Path) -> None:
    rules = RULES + (
        "sync shared\n  between folder 'Contacts' of each user and table contact\n"
        "  into table when is known contact\n  into folder when contact.status = 'Shared'\n"
        "  conflict newest wins\n  out of filter then remove\n\nsync contacts off\n"
    )
    place = made(tmp_path / "t", rules)
    place.contact("jane@acme.example", FirstName="Jane", LastName="Roe", Status="Shared")
    place.contact("max@other.example", FirstName="Max", Status="Own")
    place.settled()
    assert len(place.mine(ANNA)) == len(place.mine(BEN)) == 1
    place.edit(ANNA, "Contacts", "FN:Jane Roe", "FN:Jane Roe\r\nTITLE:Chief")
    report = place.settled()
    assert place.one("SELECT JobTitle FROM Contacts WHERE Status = 'Shared'") == "Chief"
    assert "TITLE:Chief" in place.only(BEN)
    assert report.synced == {"update contact": 1}
    place.sql("UPDATE Contacts SET Status = 'Own'")
    assert place.settled().synced == {"remove contact": 2}
    assert not place.mine(ANNA) and not place.mine(BEN)
    assert place.count_rows("Contacts") == 2


# ---------------------------------------------------------------- S7: from the table into the folder


def test_s7_a_row_appears_follows_and_leaves(place: Place) -> None:
    owned(place)
    place.contact("max@other.example", FirstName="Max")
    place.settled()
    assert "EMAIL;TYPE=INTERNET:jane@acme.example" in place.only()
    assert not place.mine(BEN)
    place.sql("UPDATE Contacts SET JobTitle = 'Boss' WHERE FirstName = 'Jane'")
    place.settled()
    assert "TITLE:Boss" in place.only()
    place.sql("UPDATE Contacts SET OwnerID = ? WHERE FirstName = 'Jane'", place.user_id(BEN))
    place.settled()
    assert not place.mine(ANNA)
    assert "TITLE:Boss" in place.only(BEN)
    assert place.count_rows("Contacts") == 2


def test_s7_a_users_own_card_stays_when_the_filter_lets_go_and_is_no_longer_written_to(place: Place) -> None:
    place.card(JANE + "CATEGORIES:MX-Contact")
    place.settled()
    place.sql("UPDATE Contacts SET OwnerID = ?", place.user_id(BEN))
    place.settled()
    assert len(place.mine(ANNA)) == 1 and len(place.mine(BEN)) == 1
    place.sql("UPDATE Contacts SET JobTitle = 'Boss'")
    place.settled()
    assert "TITLE" not in place.only(ANNA) and "TITLE:Boss" in place.only(BEN)
    place.edit(
        ANNA, "Contacts", "082 555 0100", "083 555 0200"
    )  # her own changes still go where `into table` lets them
    place.settled()
    assert place.one("SELECT Mobile FROM Contacts") == "+27835550200"
    assert "+27835550200" in place.only(BEN) or "083 555 0200" in place.only(BEN)


def test_s7_what_a_filter_looks_at_in_another_table_counts(tmp_path: Path) -> None:
    rules = RULES + (
        "sync contacts\n  between folder 'Contacts' of each user and table contact\n"
        "  into folder when contact.owner is user and contact.company.status = 'Client'\n"
        "  out of filter then remove\n"
    )
    place = made(tmp_path / "t", rules)
    company = place.company("Acme", "acme.example", Status="Lead")
    owned(place, CompanyID=company)
    place.settled()
    assert not place.mine()
    place.sql("UPDATE Companies SET Status = 'Client'")
    place.settled()
    assert "ORG:Acme" in place.only()
    place.sql("UPDATE Companies SET Name = 'Acme Pumps'")
    place.settled()
    assert "ORG:Acme Pumps" in place.only()
    place.sql("UPDATE Companies SET Status = 'Lost'")
    place.settled()
    assert not place.mine()


def test_a_card_that_is_there_is_taken_and_not_doubled(place: Place) -> None:
    place.card(JANE)
    place.card("FN:Max\nEMAIL:max@other.example")
    place.settled()
    owned(place, JobTitle="Director")
    place.settled()
    assert len(place.mine()) == 2
    assert any("TITLE:Director" in text and "082 555 0100" in text for text in place.mine().values())
    assert place.one("SELECT Mobile FROM Contacts") in ("+27825550100", None)


# ---------------------------------------------------------------- S2, S3: two filters a user, `with`, `user.`


def test_s2_two_filters_for_each_user_with_fills(tmp_path: Path) -> None:
    rules = RULES + (
        "sync contacts\n  between folder 'Contacts' of each user and table contact\n"
        "  into table when category 'CRM' and user.full_name = 'Anna' with status = 'New'\n"
        "  into folder when contact.status = user.full_name with categories = 'From CRM'\n"
        "  out of filter then remove\n\nrule 'Contact by category' off\n"
    )
    place = made(tmp_path / "t", rules)
    place.sql("UPDATE Users SET FullName = 'Anna' WHERE Email = ?", ANNA)
    place.card(JANE + "CATEGORIES:CRM")
    place.card("FN:Max\nEMAIL:max@other.example\nCATEGORIES:CRM", box=BEN)
    place.contact("kim@acme.example", FirstName="Kim", Status="Anna")
    place.settled()
    assert place.sql("SELECT Email, Status, OwnerID FROM Contacts ORDER BY Email") == [
        ("jane@acme.example", "New", place.user_id()), ("kim@acme.example", "Anna", None)
    ]  # fmt: skip
    kim = next(text for text in place.mine().values() if "kim@" in text)
    assert "CATEGORIES:From CRM" in kim
    assert len(place.mine(BEN)) == 1
    place.sql("UPDATE Users SET FullName = 'Ben' WHERE Email = ?", BEN)
    place.sql("UPDATE Contacts SET Status = 'Ben' WHERE FirstName = 'Kim'")
    place.settled()
    assert len(place.mine(ANNA)) == 1 and len(place.mine(BEN)) == 2


# ---------------------------------------------------------------- deletions


def test_a_card_that_is_deleted_is_unlinked_and_comes_not_again(place: Place) -> None:
    owned(place)
    place.settled()
    next((place.root / "mailboxes" / ANNA / "Contacts").iterdir()).unlink()
    place.settled()
    assert place.count_rows("Contacts") == 1
    place.sql("UPDATE Contacts SET JobTitle = 'Boss'")
    place.settled()
    assert not place.mine()
    place.sql("UPDATE Contacts SET OwnerID = NULL")
    place.settled()
    place.sql("UPDATE Contacts SET OwnerID = ?", place.user_id())
    place.settled()
    assert "TITLE:Boss" in place.only()


def test_a_row_that_is_deleted_takes_its_item_along_and_no_other(place: Place) -> None:
    owned(place)
    owned(place, "kim@acme.example", FirstName="Kim", LastName="Li", FullName="Kim Li")
    place.settled()
    place.sql("DELETE FROM Contacts WHERE FirstName = 'Jane'")
    place.settled()
    assert "FN:Kim Li" in place.only()
    assert list((place.root / "mailboxes" / ".trash").rglob("*.vcf"))


def test_a_row_with_another_key_keeps_its_item(place: Place) -> None:
    place.sql("INSERT INTO Tasks (Subject, UserID) VALUES ('Call', ?)", place.user_id())
    place.settled()
    (name,) = place.mine(ANNA, "Tasks")
    place.edit(ANNA, "Tasks", "END:VTODO", "X-OWN:mine\r\nEND:VTODO", name)
    place.settled()
    place.sql("UPDATE Tasks SET TaskID = 977")
    place.sql("UPDATE Tasks SET Subject = 'Call again'")
    place.settled()
    ((there, text),) = place.mine(ANNA, "Tasks").items()
    assert there == name and "SUMMARY:Call again" in text and "X-OWN:mine" in text


def test_an_edit_outlives_a_deletion(place: Place) -> None:
    owned(place)
    place.settled()
    place.edit(ANNA, "Contacts", "FN:Jane Roe", "FN:Jane Roe\r\nTITLE:Chief")
    place.sql("DELETE FROM Contacts")
    place.settled()
    assert len(place.mine()) == 1


CLAUSES = (
    "sync tasks\n  between folder 'Tasks' of each user and table task\n  into table when category 'CRM'\n"
    "  into folder when task.owner is user\n  conflict newest wins\n  deleted in folder then {folder}\n"
    "  deleted in table then {table}\n  out of filter then {out}\n\nrule 'Task by category' off\n"
)


@pytest.mark.parametrize(("clause", "rows", "items"), [("delete", 0, 0), ("unlink", 1, 0), ("keep", 1, 1)])
def test_deleted_in_folder(tmp_path: Path, clause: str, rows: int, items: int) -> None:
    place = made(tmp_path / "t", RULES + CLAUSES.format(folder=clause, table="keep", out="keep"))
    place.sql("INSERT INTO Tasks (Subject, UserID) VALUES ('Call', ?)", place.user_id())
    place.settled()
    next((place.root / "mailboxes" / ANNA / "Tasks").iterdir()).unlink()
    place.settled()
    assert (place.count_rows("Tasks"), len(place.mine(folder="Tasks"))) == (rows, items)


@pytest.mark.parametrize(("clause", "rows", "items"), [("delete", 0, 0), ("unlink", 0, 1), ("keep", 1, 1)])
def test_deleted_in_table(tmp_path: Path, clause: str, rows: int, items: int) -> None:
    place = made(tmp_path / "t", RULES + CLAUSES.format(folder="keep", table=clause, out="keep"))
    place.calendar("VTODO", "SUMMARY:Call\nCATEGORIES:CRM", folder="Tasks")
    place.calendar("VTODO", "SUMMARY:Shopping", folder="Tasks")
    place.settled()
    assert place.sql("SELECT Subject, UserID FROM Tasks") == [("Call", place.user_id())]
    place.sql("DELETE FROM Tasks")
    place.settled()
    assert (place.count_rows("Tasks"), len(place.mine(folder="Tasks"))) == (rows, items + 1)


@pytest.mark.parametrize(("clause", "items"), [("remove", 0), ("keep", 1)])
def test_out_of_filter(tmp_path: Path, clause: str, items: int) -> None:
    place = made(tmp_path / "t", RULES + CLAUSES.format(folder="keep", table="keep", out=clause))
    place.sql("INSERT INTO Tasks (Subject, UserID) VALUES ('Call', ?)", place.user_id())
    place.settled()
    place.sql("UPDATE Tasks SET UserID = NULL")
    place.settled()
    assert (place.count_rows("Tasks"), len(place.mine(folder="Tasks"))) == (1, items)


def test_private_items_are_taken_by_no_sync(place: Place) -> None:
    rules = RULES + "rule 'Private cards' priority 100\n  when contact is private\n  then skip\n"
    place.rules(rules)
    place.card(JANE + "CATEGORIES:MX-Contact\nCLASS:PRIVATE")
    place.settled()
    assert place.count_rows("Contacts") == 0


# ---------------------------------------------------------------- conflicts

CONFLICT = (
    "sync contacts\n  between folder 'Contacts' of each user and table contact\n  into table\n"
    "  into folder when contact.owner is user\n  conflict {rule}\n"
)


@pytest.mark.parametrize(
    ("rule", "row", "item"),
    [
        ("table wins", "Row", "Row"),
        ("folder wins", "Item", "Item"),
        ("review", "Row", "Item"),
        ("newest wins", "Row", "Row"),
    ],
)
def test_conflicts(tmp_path: Path, rule: str, row: str, item: str) -> None:
    place = made(tmp_path / "t", RULES + CONFLICT.format(rule=rule))
    owned(place, JobTitle="Old", City="Old town")
    place.settled()
    place.edit(ANNA, "Contacts", "TITLE:Old", "TITLE:Item\r\nNOTE:of the item")
    place.sql("UPDATE Contacts SET JobTitle = 'Row', City = 'New town'")
    report = place.settled()
    assert place.sql("SELECT JobTitle, City, Comments FROM Contacts") == [(row, "New town", "of the item")]
    assert f"TITLE:{item}" in place.only() and "New town" in place.only()
    assert bool(report.held) is (rule == "review")


# ---------------------------------------------------------------- C5: tasks, and E1: every kind of folder


def test_c5_tasks_both_ways(place: Place) -> None:
    place.sql(
        "INSERT INTO Tasks (Subject, DueOn, UserID) VALUES ('Call Jane', '2026-12-01 00:00:00', ?)", place.user_id()
    )
    place.sql("INSERT INTO Tasks (Subject) VALUES ('Nobody''s')")
    place.settled()
    text = place.only(folder="Tasks")
    assert "SUMMARY:Call Jane" in text and "DUE;VALUE=DATE:20261201" in text
    place.edit(
        ANNA, "Tasks", "SUMMARY:Call Jane", "SUMMARY:Call Jane\r\nSTATUS:COMPLETED\r\nCOMPLETED:20261130T100000Z"
    )
    place.settled()
    assert place.one("SELECT CompletedOn FROM Tasks WHERE Subject = 'Call Jane'") == "2026-11-30 10:00:00"
    place.sql("UPDATE Tasks SET DueOn = '2026-12-05 00:00:00' WHERE UserID IS NOT NULL")
    place.settled()
    assert "DUE;VALUE=DATE:20261205" in place.only(folder="Tasks")


def test_e1_an_all_day_appointment_of_the_table_stays_a_day(place: Place) -> None:
    place.sql(
        "INSERT INTO Appointments (Subject, StartsOn, EndsOn, AllDay, UserID) VALUES "
        "('Fair', '2026-12-01 00:00:00', '2026-12-03 00:00:00', TRUE, ?)",
        place.user_id(),
    )
    place.settled()
    text = place.only(folder="Calendar")
    assert "DTSTART;VALUE=DATE:20261201" in text and "DTEND;VALUE=DATE:20261203" in text
    place.sql("UPDATE Appointments SET StartsOn = '2026-11-30 00:00:00'")
    place.settled()
    assert "DTSTART;VALUE=DATE:20261130" in place.only(folder="Calendar")


def test_a_meetings_row_goes_with_the_last_of_its_mailboxes(place: Place) -> None:
    place.contact("jane@acme.example")
    lines = (
        "UID:meeting-1@acme.example\r\nSUMMARY:Plans\r\nDTSTART:20261201T090000Z\r\nDTEND:20261201T100000Z\r\n"
        "ORGANIZER:mailto:jane@acme.example\r\nATTENDEE:mailto:jane@acme.example\r\nATTENDEE:mailto:anna@ours.example\r\nATTENDEE:mailto:ben@ours.example"
    )
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTAMP:20261101T090000Z\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    hers, his = place.put(f"{ANNA}/Calendar/m.ics", text), place.put(f"{BEN}/Calendar/m.ics", text)
    place.settled()
    assert place.count_rows("Appointments") == 1
    hers.unlink()
    place.settled()
    assert place.count_rows("Appointments") == 1
    assert not place.mine(folder="Calendar")
    his.write_text(text.replace("SUMMARY:Plans", "STATUS:CANCELLED\r\nSUMMARY:Plans"))
    place.settled()
    assert place.count_rows("Appointments") == 0


# ---------------------------------------------------------------- E2, E3, E4: public and others' folders


def test_e2_a_public_folder_with_a_table(tmp_path: Path) -> None:
    rules = RULES + (
        "sync machines\n  between public folder 'Clients' and table contact\n"
        "  into table when category 'CRM'\n  into folder when contact.status = 'Client'\n"
        "  deleted in folder then delete\n  deleted in table then delete\n  out of filter then remove\n"
    )
    place = made(tmp_path / "t", rules)
    place.contact("jane@acme.example", FirstName="Jane", Status="Client")
    place.contact("max@other.example", FirstName="Max")
    place.card("FN:Kim Li\nEMAIL:kim@acme.example\nCATEGORIES:CRM", box="public", folder="Clients")
    place.card("FN:No One\nEMAIL:no@acme.example", box="public", folder="Clients")
    place.settled()
    assert len(place.mine("public", "Clients")) == 3
    assert place.count_rows("Contacts") == 3
    place.sql("UPDATE Contacts SET Status = 'Lost', JobTitle = 'x'")
    place.settled()
    assert len(place.mine("public", "Clients")) == 2


def test_e3_a_users_folder_with_a_public_one(tmp_path: Path) -> None:
    rules = RULES + (
        "sync team\n  between folder 'Contacts' of each user and public folder 'Team' as team\n"
        "  into team when category 'Team'\n  into folder when category 'Team' and user.email != 'nobody@ours.example'\n"
        "  conflict newest wins\n  deleted in folder then unlink\n  deleted in team then delete\n"
        "  out of filter then remove\n\nsync contacts off\n"
    )
    place = made(tmp_path / "t", rules)
    place.card(JANE + "CATEGORIES:Team\nX-MXSYNC-CUSTOM-SHOE:43")
    place.card("FN:Private\nEMAIL:p@home.example")
    place.settled()
    public = place.only("public", "Team")
    assert "FN:Jane Roe" in public and "X-MXSYNC-CUSTOM-SHOE:43" in public
    assert "FN:Jane Roe" in place.only(BEN)
    place.edit(BEN, "Contacts", "FN:Jane Roe", "FN:Jane Roe\r\nTITLE:Chief")
    place.settled()
    assert "TITLE:Chief" in place.only("public", "Team")
    assert sum("TITLE:Chief" in text for text in place.mine(ANNA).values()) == 1
    for path in (place.root / "mailboxes" / "public" / "Team").iterdir():
        path.unlink()
    place.settled()
    assert not place.mine(BEN)
    assert len(place.mine(ANNA)) == 2


def test_e4_one_users_folder_with_anothers(tmp_path: Path) -> None:
    rules = RULES + (
        f"sync secretary\n  between folder 'Calendar' of '{ANNA}' as anna and folder 'Calendar/Anna' of '{BEN}' as theirs\n"
        "  into theirs when not is private\n  deleted in anna then delete\n  out of filter then remove\n\n"
        "sync appointments off\n"
    )
    place = made(tmp_path / "t", rules)
    place.calendar(
        "VEVENT", "SUMMARY:Board\nDTSTART:20261201T090000Z\nDTEND:20261201T100000Z\nATTENDEE:mailto:x@y.example"
    )
    place.calendar("VEVENT", "SUMMARY:Dentist\nCLASS:PRIVATE\nDTSTART:20261202T090000Z\nDTEND:20261202T100000Z")
    place.settled()
    text = place.only(BEN, "Calendar/Anna")
    assert "SUMMARY:Board" in text and "x@y.example" in text
    place.edit(ANNA, "Calendar", "SUMMARY:Board", "SUMMARY:Board meeting", "00001.ics")
    place.settled()
    assert "SUMMARY:Board meeting" in place.only(BEN, "Calendar/Anna")
    (place.root / "mailboxes" / ANNA / "Calendar" / "00001.ics").unlink()
    place.settled()
    assert not place.mine(BEN, "Calendar/Anna")


# ---------------------------------------------------------------- E5: custom forms


def test_e5_a_custom_form_in_a_public_folder(tmp_path: Path) -> None:
    rules = RULES + (
        "entity machine in table Machines as contact class 'IPM.Contact.Machine'\n  key MachineID\n  subject <-> Name\n"
        "  custom.SerialNo <-> SerialNo\n  matched by custom.SerialNo\n\n"
        "sync machines\n  between public folder 'Machines' and table machine\n  into table\n  into folder\n"
        "  deleted in folder then delete\n  deleted in table then delete\n"
    )
    place = made(tmp_path / "t", users=(ANNA,))
    place.sql("CREATE TABLE Machines (MachineID INTEGER PRIMARY KEY, Name TEXT, SerialNo TEXT)")
    place.rules(rules)
    place.sql("INSERT INTO Machines (Name, SerialNo) VALUES ('Press', 'P-1')")
    place.card(
        "FN:Lathe\nX-MXSYNC-CLASS:IPM.Contact.Machine\nX-MXSYNC-CUSTOM-SERIALNO:L-7", box="public", folder="Machines"
    )
    place.card("FN:Somebody\nEMAIL:s@x.example", box="public", folder="Machines")
    place.settled()
    assert place.sql("SELECT Name, SerialNo FROM Machines ORDER BY Name") == [("Lathe", "L-7"), ("Press", "P-1")]
    press = next(text for text in place.mine("public", "Machines").values() if "Press" in text)
    assert "X-MXSYNC-CLASS:IPM.Contact.Machine" in press and "P-1" in press
    place.sql("UPDATE Machines SET SerialNo = 'P-2' WHERE Name = 'Press'")
    place.settled()
    assert any("P-2" in text for text in place.mine("public", "Machines").values())
    assert place.count_rows("Contacts") == 0


# ---------------------------------------------------------------- the brake


def test_the_brake_holds_the_deletions_of_one_folder_and_nothing_else(place: Place) -> None:
    for number in range(12):
        owned(place, f"p{number}@acme.example", FirstName=f"P{number}")
    owned(place, "ben@acme.example", BEN)
    place.settled()
    place.sql("DELETE FROM Contacts WHERE OwnerID = ?", place.user_id())
    place.sql("UPDATE Contacts SET JobTitle = 'Boss'")
    report = place.passes()
    assert len(report.stopped_by_brake) == 1 and "12 of 12" in report.stopped_by_brake[0]
    assert len(place.mine()) == 12
    assert "TITLE:Boss" in place.only(BEN)
    assert place.passes().stopped_by_brake
    assert place.run("sync", check=False).code == 4


def moved_away(place: Place) -> None:
    (place.root / "mailboxes" / ANNA / "Contacts").rename(place.root / "elsewhere")


def emptied(place: Place) -> None:
    for path in (place.root / "mailboxes" / ANNA / "Contacts").iterdir():
        path.unlink()


@pytest.mark.parametrize("fault", [moved_away, emptied])
def test_an_emptied_folder_deletes_nothing(place: Place, fault: Callable[[Place], None]) -> None:
    place.rules(RULES + CONFLICT.format(rule="newest wins") + "  deleted in folder then delete\n")
    for number in range(5):
        owned(place, f"p{number}@acme.example", FirstName=f"P{number}")
    place.settled()
    fault(place)
    report = place.passes()
    assert place.count_rows("Contacts") == 5
    assert report.stopped_by_brake


def test_a_moved_card_stays_linked_within_the_folder_and_is_let_go_outside(place: Place) -> None:
    owned(place)
    place.settled()
    home = place.root / "mailboxes" / ANNA / "Contacts"
    (card,) = home.iterdir()
    (home / "Clients").mkdir()
    card.rename(home / "Clients" / card.name)
    place.settled()
    assert len(place.mine()) == 1
    place.sql("UPDATE Contacts SET JobTitle = 'Boss'")
    place.settled()
    assert "TITLE:Boss" in place.only()
    assert place.count_rows("Contacts") == 1


def test_the_newer_change_wins_on_either_side_and_the_loser_is_told(tmp_path: Path) -> None:
    place = made(tmp_path / "t", RULES + CONFLICT.format(rule="newest wins"))
    key = owned(place, JobTitle="Old")
    place.settled()
    place.sql("UPDATE Contacts SET JobTitle = 'Row'")
    time.sleep(1.1)  # a file tells the time of its change to the second
    place.edit(ANNA, "Contacts", "TITLE:Old", "TITLE:Item")
    place.settled()
    assert place.one("SELECT JobTitle FROM Contacts") == "Item"
    told = place.run("why", "contact", str(key)).out
    assert "`Row` is lost" in told and "sync contacts" in told


# ---------------------------------------------------------------- plan, explain, why


def test_what_a_plan_shows_is_done_and_nothing_else(place: Place) -> None:
    owned(place)
    place.card("FN:Max\nEMAIL:max@other.example\nCATEGORIES:MX-Contact", box=BEN)
    before = place.files(), place.dump()
    plan = place.run("plan", "--format", "json").document
    assert (place.files(), place.dump()) == before
    assert [step[:2] for step in plan["report"]["syncs"]] == [["contacts", f"{ANNA}/Contacts"]]
    assert f"contacts: {ANNA}/Contacts: add contact" in place.run("plan").out
    moved = place.run("plan", "--format", "json").document["digest"]
    place.sql("UPDATE Contacts SET OwnerID = ? WHERE Email = 'jane@acme.example'", place.user_id(BEN))
    assert place.run("sync", "--plan", moved, check=False).code == 1
    assert not place.mine()
    again = place.run("plan", "--format", "json").document["digest"]
    place.run("sync", "--plan", again)
    assert len(place.mine(BEN)) == 2


def test_explain_and_why_say_what_a_sync_does(place: Place) -> None:
    key = owned(place)
    place.card("FN:Max\nEMAIL:max@other.example", name="max.vcf")
    place.settled()
    (name,) = (name for name in place.mine() if name != "max.vcf")
    taken = place.run("explain", f"{ANNA}/Contacts/{name}").out
    assert "goes into table contact" in taken and f"stands for contact {key}, put there by the sync" in taken
    left = place.run("explain", f"{ANNA}/Contacts/max.vcf").out
    assert "does not go into table contact" in left and "is known contact" in left
    assert f"add item {ANNA}/Contacts" in place.run("why", "contact", str(key)).out


def test_a_mailbox_that_cannot_be_reached_loses_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    owned(place)
    owned(place, "kim@acme.example", BEN)
    place.settled()
    place.sql("UPDATE Contacts SET JobTitle = 'Boss'")
    fetch = FilesConnector.fetch

    def broken(self: FilesConnector, refs: Sequence[ItemRef]) -> Iterator[Fetched | Unreadable]:
        if any(ref.mailbox == ANNA for ref in refs):
            raise Unavailable("the server is down", retry_after=1.0)
        return fetch(self, refs)

    with monkeypatch.context() as patched:
        patched.setattr(FilesConnector, "fetch", broken)
        place.passes()
    assert "TITLE:Boss" not in place.only() and "TITLE:Boss" in place.only(BEN)
    place.settled()
    assert "TITLE:Boss" in place.only()
