"""`mxsync review`: conflicts with both values side by side, held mail, held deletions, items that were let go."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.inprocess import ANNA, RULES, Place, made

CONFLICT = RULES + (
    "sync contacts\n  between folder 'Contacts' of each user and table contact\n  into table\n"
    "  into folder when contact.owner is user\n  conflict review\n  deleted in folder then unlink\n"
    "  deleted in table then delete\n  out of filter then remove\n"
)


def conflicting(root: Path) -> Place:
    place = made(root, CONFLICT)
    place.contact("jane@acme.example", FullName="Jane", JobTitle="Old", OwnerID=place.user_id())
    place.settled()
    place.edit(ANNA, "Contacts", "TITLE:Old", "TITLE:Item")
    place.sql("UPDATE Contacts SET JobTitle = 'Row'")
    place.settled()
    return place


@pytest.mark.parametrize(("take", "value"), [("folder", "Item"), ("table", "Row")])
def test_a_conflict_is_shown_and_decided(tmp_path: Path, take: str, value: str) -> None:
    place = conflicting(tmp_path / "t")
    (row,) = place.run("review", "--format", "json").document["held"]
    shown = place.run("review", "show", str(row["number"])).out
    beside = [[part.strip() for part in line.split("|")] for line in shown.splitlines() if "|" in line]
    assert ["folder", "table"] in beside and ["Item", "Row"] in beside
    assert row["sides"] == {"folder": "Item", "table": "Row"} and "Item" in place.run("review").out
    refused = place.run("review", "accept", str(row["number"]), check=False)
    assert refused.code != 0 and "--take" in refused.err
    place.run("review", "accept", str(row["number"]), "--take", take)
    place.settled()
    assert place.one("SELECT JobTitle FROM Contacts") == value
    assert f"TITLE:{value}" in place.only()
    assert "nothing waits" in place.run("review").out


def test_a_conflict_that_has_settled_itself_waits_for_nobody(tmp_path: Path) -> None:
    place = conflicting(tmp_path / "t")
    place.sql("UPDATE Contacts SET City = 'Town'")
    place.settled()
    assert "`job_title` was changed on both sides" in place.run("review").out  # another field does not settle it
    place.sql("UPDATE Contacts SET JobTitle = 'Item'")
    place.settled()
    assert "nothing waits" in place.run("review").out


def test_a_conflict_waits_for_nobody_when_the_rule_decides_it(tmp_path: Path) -> None:
    place = conflicting(tmp_path / "t")
    place.rules(CONFLICT.replace("conflict review", "conflict folder wins"))
    place.settled()
    assert place.one("SELECT JobTitle FROM Contacts") == "Item"
    assert "nothing waits" in place.run("review").out


def test_a_conflict_that_is_rejected_stays_as_it_is(tmp_path: Path) -> None:
    place = conflicting(tmp_path / "t")
    number = place.run("review", "--format", "json").document["held"][0]["number"]
    place.run("review", "reject", str(number))
    place.settled()
    assert place.one("SELECT JobTitle FROM Contacts") == "Row" and "TITLE:Item" in place.only()
    unknown = place.run("review", "reject", "999", check=False)
    assert unknown.code == 1 and "999" in unknown.err


def test_what_a_rule_holds_is_done_when_a_person_accepts_it(tmp_path: Path) -> None:
    rule = (
        "rule 'Careful'\n  when mail from domain 'acme.example'\n  then create contact, hold for review 'who is that'\n"
    )
    place = made(tmp_path / "t", RULES + rule)
    place.mail()
    place.settled()
    assert place.count_rows("Contacts") == 0
    (row,) = place.run("review", "--format", "json").document["held"]
    place.run("review", "accept", str(row["number"]))
    assert place.sql("SELECT Email FROM Contacts") == [("jane@acme.example",)]
    assert place.run("review", "--format", "json").document["held"] == []


def test_held_deletions_are_let_through_once(tmp_path: Path) -> None:
    place = made(tmp_path / "t")
    for number in range(12):
        place.contact(f"p{number}@acme.example", FullName=f"P{number}", OwnerID=place.user_id())
    place.settled()
    place.sql("DELETE FROM Contacts")
    held = place.run("sync", check=False)
    assert held.code == 4 and f"mxsync review release 'contacts' '{ANNA}/Contacts'" in held.out
    assert len(place.mine()) == 12
    # It waits in the queue like everything else, once however many passes hold it.
    place.run("sync", check=False)
    (row,) = place.run("review", "--format", "json").document["held"]
    assert row["rule"] == "delete brake" and "12 of 12" in row["why"] and len(row["decision"]) == 12
    stays = place.run("review", "reject", str(row["number"]), check=False)
    assert stays.code != 0 and "stay held" in stays.err
    place.run("review", "accept", str(row["number"]))
    place.run("sync")
    assert not place.mine() and "nothing waits" in place.run("review").out
    for number in range(12, 24):
        place.contact(f"p{number}@acme.example", FullName=f"P{number}", OwnerID=place.user_id())
    place.settled()
    place.sql("DELETE FROM Contacts")
    assert place.run("sync", check=False).code == 4
    place.run("review", "release", "contacts", f"{ANNA}/Contacts")
    place.run("sync")
    assert not place.mine() and "nothing waits" in place.run("review").out
    wrong = place.run("review", "release", "contacts", "nowhere", check=False)
    assert wrong.code == 1 and "there are" in wrong.err


def test_an_item_that_was_let_go_comes_again(tmp_path: Path) -> None:
    place = made(tmp_path / "t")
    place.contact("jane@acme.example", FullName="Jane", OwnerID=place.user_id())
    place.settled()
    (name,) = place.mine()
    (place.root / "mailboxes" / ANNA / "Contacts" / name).unlink()
    place.settled()
    assert f"{ANNA}/Contacts/{name}" in place.run("review").out
    place.run("review", "release", f"{ANNA}/Contacts/{name}")
    place.settled()
    assert len(place.mine()) == 1
