"""Writes of syncs that the database refuses: said by each pass, kept in mind, and done when it takes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from databases import KINDS, place_on

from mxsync.model.outcome import PassReport
from tests.inprocess import ANNA, BEN, RULES, Place, made

BOTH_WAYS = RULES + (
    "rule 'Contact by category' off\n\n"
    "sync contacts\n  between folder 'Contacts' of each user and table contact\n"
    "  into folder when contact.owner = user\n  into table\n  conflict newest wins\n"
    "  deleted in folder then delete\n  deleted in table then delete\n"
)
NO_BOSS = (
    "CREATE TRIGGER no_boss BEFORE UPDATE ON Contacts WHEN NEW.JobTitle = 'Boss' "
    "BEGIN SELECT RAISE(ABORT, 'nobody is called boss here'); END"
)


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    return filled(made(tmp_path / "t", BOTH_WAYS))


def filled(place: Place) -> Place:
    """Two cards with their rows."""
    place.card("FN:Jane Roe\nN:Roe;Jane;;;\nEMAIL:jane@acme.example", name="jane.vcf")
    place.card("FN:Max Moe\nN:Moe;Max;;;\nEMAIL:max@other.example", name="max.vcf")
    place.settled()
    return place


def refusals(report: PassReport) -> list[str]:
    return [f"{item}: {sentence}" for item, sentence in report.set_aside]


def test_a_change_that_the_database_refuses_is_said_by_each_pass_and_crosses_when_it_is_taken(place: Place) -> None:
    place.sql(NO_BOSS)
    place.edit(ANNA, "Contacts", "FN:Jane Roe", "FN:Jane Roe\r\nTITLE:Boss", "jane.vcf")
    place.edit(ANNA, "Contacts", "FN:Max Moe", "FN:Max Moe\r\nTITLE:Clerk", "max.vcf")
    sentence = "the database refuses the row: nobody is called boss here"
    for _ in range(3):
        assert refusals(place.passes()) == [f"{ANNA}/Contacts/jane.vcf: {sentence}"]
        assert sentence in place.run("status").out
    assert place.sql("SELECT JobTitle FROM Contacts ORDER BY ContactID") == [(None,), ("Clerk",)]
    place.sql("DROP TRIGGER no_boss")
    assert not refusals(place.settled())
    assert place.sql("SELECT JobTitle FROM Contacts ORDER BY ContactID") == [("Boss",), ("Clerk",)]
    assert "set aside" not in place.run("status").out


def test_a_new_row_that_the_database_refuses_is_made_when_it_is_taken(place: Place) -> None:
    place.sql("CREATE UNIQUE INDEX one_phone ON Contacts (Mobile)")
    for name in ("one", "two"):
        place.card(f"FN:{name}\nN:;{name};;;\nEMAIL:{name}@new.example\nTEL;TYPE=CELL:082 555 0100", name=f"{name}.vcf")
    for _ in range(2):
        (line,) = refusals(place.passes())
        assert line.endswith("/two.vcf: the database refuses the row: there is a row with the same Contacts.Mobile")
    assert place.count_rows("Contacts") == 3
    place.edit(ANNA, "Contacts", "082 555 0100", "083 555 0200", "two.vcf")
    assert not refusals(place.settled())
    assert place.count_rows("Contacts") == 4


@pytest.mark.parametrize("kind", KINDS)
def test_a_deletion_that_the_database_refuses_stops_nothing_else_and_is_done_when_it_is_taken(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    place = filled(place_on(kind, request, tmp_path / "t", BOTH_WAYS))
    place.sql(
        "INSERT INTO Opportunities (Name, ContactID) SELECT 'Pumps', ContactID FROM Contacts WHERE FirstName = 'Jane'"
    )
    for path in (place.root / "mailboxes" / ANNA / "Contacts").iterdir():
        path.unlink()
    place.card("FN:Sam Low\nN:Low;Sam;;;\nEMAIL:sam@low.example", name="sam.vcf")
    sentence = "it refers to a row that is not there, or others refer to it"
    for _ in range(3):
        (line,) = refusals(place.passes())
        assert line.startswith(f"{ANNA}/Contacts/jane.vcf: ") and sentence in line
        assert sentence in place.run("plan").out
        assert sentence in place.run("status").out
        assert place.sql("SELECT FirstName FROM Contacts ORDER BY ContactID") == [("Jane",), ("Sam",)]
    assert list(place.mine()) == ["sam.vcf"]  # what is deleted does not come again meanwhile
    place.sql("DELETE FROM Opportunities")
    assert not refusals(place.settled())
    assert place.sql("SELECT FirstName FROM Contacts") == [("Sam",)]
    assert "set aside" not in place.run("status").out


def test_a_plan_says_what_the_database_would_refuse(place: Place) -> None:
    place.sql(NO_BOSS)
    place.edit(ANNA, "Contacts", "FN:Jane Roe", "FN:Jane Roe\r\nTITLE:Boss", "jane.vcf")
    place.edit(ANNA, "Contacts", "FN:Max Moe", "FN:Max Moe\r\nTITLE:Clerk", "max.vcf")
    before = place.dump(tracking=True)
    said = place.run("plan")
    assert "nobody is called boss here" in said.out and "Clerk" not in said.err
    assert place.dump(tracking=True) == before


def test_one_item_in_two_folders_waits_once(place: Place) -> None:
    place.sql("UPDATE Contacts SET OwnerID = ?", place.user_id(BEN))
    place.settled()
    place.sql(NO_BOSS)
    place.edit(
        BEN,
        "Contacts",
        "FN:Jane Roe",
        "FN:Jane Roe\r\nTITLE:Boss",
        sorted(name for name, text in place.mine(BEN).items() if "Jane" in text)[0],
    )
    assert len(refusals(place.passes())) == 1
    place.sql("DROP TRIGGER no_boss")
    assert not refusals(place.settled())
    assert place.one("SELECT JobTitle FROM Contacts WHERE FirstName = 'Jane'") == "Boss"


PEOPLE = (
    RULES + "sync contacts off\n\nentity person in table People\n  as contact\n  key PersonID\n"
    "  full_name <-> Name\n  email <-> Mail\n  owner = UserID is user\n  matched by email\n\n"
    "sync people\n  between folder 'Contacts' of each user and table person\n"
    "  into folder when person.owner = user\n  into table\n"
)
VIEW = (
    "CREATE TABLE Persons (PersonID INTEGER PRIMARY KEY, Name TEXT, Mail TEXT, UserID INTEGER)",
    "CREATE VIEW People AS SELECT * FROM Persons",
    "CREATE TRIGGER made INSTEAD OF INSERT ON People BEGIN "
    "INSERT INTO Persons (Name, Mail, UserID) VALUES (NEW.Name, NEW.Mail, NEW.UserID); END",
    "CREATE TRIGGER changed INSTEAD OF UPDATE ON People BEGIN "
    "UPDATE Persons SET Name = NEW.Name, Mail = NEW.Mail WHERE PersonID = NEW.PersonID; END",
)
NULL_KEY = ("CREATE TABLE People (PersonID VARCHAR(8) PRIMARY KEY, Name TEXT, Mail TEXT, UserID INTEGER)",)


@pytest.mark.parametrize("statements", [VIEW, NULL_KEY], ids=["a view", "a key that nobody gives"])
def test_a_row_whose_key_nobody_can_tell_is_not_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], statements: tuple[str, ...]
) -> None:
    place = made(tmp_path / "t")
    for statement in statements:
        place.sql(statement)
    place.rules(PEOPLE)
    place.run("schema", "install", "--yes")
    place.card("FN:Jane Roe\nEMAIL:jane@acme.example", name="jane.vcf")
    for _ in range(2):
        (line,) = refusals(place.passes())
        assert "does not tell which key a new row of `People` has: give `PersonID` a default in the table" in line
        assert place.count_rows("People") == 0 and list(place.mine()) == ["jane.vcf"]
    place.sql("INSERT INTO People (PersonID, Name, Mail) VALUES (7, 'Jane Roe', 'jane@acme.example')")
    assert not refusals(place.settled())  # a row that is there is found, and kept in step
    place.edit(ANNA, "Contacts", "FN:Jane Roe", "FN:Jane Moe")
    place.settled()
    assert place.sql("SELECT Name, Mail FROM People") == [("Jane Moe", "jane@acme.example")]


def test_what_a_rule_about_rows_cannot_write_waits_and_stops_nothing_else(tmp_path: Path) -> None:
    place = made(
        tmp_path / "t", RULES + "rule 'Lead'\n  when row of contact status = 'Lead'\n  then set job_title = 'Boss'\n"
    )
    place.settled()
    place.sql(NO_BOSS.replace("NEW.JobTitle = 'Boss'", "NEW.JobTitle = 'Boss' AND NEW.City = 'Nowhere'"))
    bad = place.contact("jane@acme.example", Status="Lead", City="Nowhere")
    good = place.contact("max@acme.example", Status="Lead")
    report = place.passes()
    assert place.sql("SELECT ContactID FROM Contacts WHERE JobTitle = 'Boss'") == [(good,)]
    why = "a rule about this row cannot do what it says: the database refuses the row: nobody is called boss here"
    assert report.held == [(f"contact {bad}", why)]
    assert why in place.run("review").out
    place.settled()
    place.sql("UPDATE Contacts SET City = 'Town' WHERE ContactID = ?", bad)
    place.settled()
    assert place.sql("SELECT count(*) FROM Contacts WHERE JobTitle = 'Boss'") == [(2,)]
    assert why not in place.run("review").out
