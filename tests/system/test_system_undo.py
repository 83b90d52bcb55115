"""`undo`: of a run, a rule, an item; what it refuses, what it puts into the review queue, and that nothing comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.inprocess import ANNA, BEN, RULES, Killed, Place, made

OFFERS = RULES + (
    "\nrule 'Offers'\n  when mail subject starts with 'offer'\n"
    "  then save, create contact, create company from domain, link, save attachments to documents, categorize 'Stored', mark read,\n"
    "    copy to folder 'Inbox/Copies', create task with subject = 'Answer {subject}'\n\n"
    "rule 'Filed'\n  when mail subject = 'offer 2'\n  then move to folder 'Inbox/Filed'\n\n"
    "rule 'Status'\n  when mail subject starts with 'status'\n  then set contact.status = 'Won'\n"
)
MEMORY = ("mxsync_",)


def rows(place: Place) -> dict[str, Any]:
    """The customer's tables without their users, and without tables that are empty."""
    return {name: found for name, found in place.dump().items() if found and name != "Users"}


def undo(place: Place, *arguments: str, code: int = 0) -> Any:
    done = place.run("undo", *arguments, "--format", "json", check=False)
    assert done.code == code, (done.code, done.out, done.err)
    return done.document


def last_run(place: Place) -> str:
    return str(place.one("SELECT max(number) FROM mxsync_runs WHERE kind <> 'undo'"))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return made(tmp_path / "t", OFFERS)


def offer(place: Place, number: int = 1, **more: Any) -> Path:
    more.setdefault("attachments", [("a.pdf", b"%PDF " + bytes([64 + number]) * 50)])
    return place.mail(f"Jane Roe <jane{number}@acme{number}.example>", subject=f"offer {number}", **more)


# ------------------------------------------------------------------------------------------------ each effect


def test_a_run_is_taken_back_with_all_that_it_did(place: Place) -> None:
    first, second = offer(place), offer(place, 2)
    before, files = rows(place), place.contents()
    place.passes()
    assert place.count_rows("Contacts") == 2 and place.count_rows("Tasks") == 2
    assert not second.exists() and b"Stored" in first.read_bytes()
    run = last_run(place)
    planned = undo(place, "run", run, "--plan")
    assert planned["planned"] and rows(place) != before
    done = undo(place, "run", run)
    assert done["steps"] == planned["steps"] and not done["refused"]
    assert rows(place) == before
    assert second.exists() and b"Stored" not in first.read_bytes()
    left = place.contents()
    assert {name for name in left if ".trash" not in name} == set(files)
    # Nothing of it comes again, and nothing is echoed.
    place.settled()
    assert rows(place) == before
    again = place.run("undo", "run", run).out
    assert "nothing to undo" in again and f"run {done['run']} has undone it" in again


def test_an_undo_is_a_run_like_any_other(place: Place) -> None:
    offer(place)
    offer(place, 2)
    place.passes()
    run, after = last_run(place), rows(place)
    number = undo(place, "run", run)["run"]
    assert rows(place) != after
    undo(place, "run", str(number))
    assert rows(place) == after
    assert len(list((place.root / "documents").rglob("*.pdf"))) == 2
    assert (place.root / "mailboxes" / ANNA / "Inbox/Filed").is_dir()
    place.settled()
    assert rows(place) == after


def test_an_item_is_taken_back_and_the_others_stay(place: Place) -> None:
    path = offer(place)
    offer(place, 2)
    place.passes()
    undo(place, "item", str(path))
    assert place.sql("SELECT Email FROM Contacts") == [("jane2@acme2.example",)]
    assert place.sql("SELECT Subject FROM Tasks") == [("Answer offer 2",)]
    assert place.count_rows("Companies") == 1 and len(place.mine(folder="Tasks")) == 1
    place.settled()
    assert place.count_rows("Tasks") == 1
    assert "undone" in place.run("status").out


def test_a_rule_is_taken_back_and_what_others_did_stays(place: Place) -> None:
    contact = place.contact("jane1@acme.example", Status="Open")
    path = place.mail("Jane <jane1@acme.example>", subject="status 1")
    place.passes()
    assert place.one("SELECT Status FROM Contacts") == "Won"
    undo(place, "rule", "Status")
    assert place.sql("SELECT ContactID, Status FROM Contacts") == [(contact, "Open")]
    assert place.count_rows("Emails") == 1  # saved by another rule
    place.settled()
    assert place.one("SELECT Status FROM Contacts") == "Open"
    # It is done again once the item changes.
    path.write_bytes(path.read_bytes().replace(b"thanks", b"many thanks"))
    place.passes()
    assert place.one("SELECT Status FROM Contacts") == "Won"


def test_other_rules_decide_it_anew(place: Place) -> None:
    place.contact("jane1@acme.example", Status="Open")
    place.mail("Jane <jane1@acme.example>", subject="status 1")
    place.passes()
    undo(place, "rule", "Status")
    place.run("backfill")
    assert place.one("SELECT Status FROM Contacts") == "Open"  # by the same rules it stays undone
    place.rules(OFFERS.replace("'Won'", "'Lost'"))
    place.run("backfill")
    assert place.one("SELECT Status FROM Contacts") == "Lost"


# ------------------------------------------------------------------------------------------------ what is refused


def touched(place: Place) -> None:
    place.sql("UPDATE Contacts SET Phone = '123'")


def linked(place: Place) -> None:
    place.sql("INSERT INTO Opportunities (Name, ContactID) SELECT 'Big', ContactID FROM Contacts")


def joined(place: Place) -> None:
    place.sql("INSERT INTO Emails (MessageID, Subject) VALUES ('x@y', 'by hand')")
    place.sql("INSERT INTO EmailContacts SELECT max(EmailID), (SELECT max(ContactID) FROM Contacts) FROM Emails")


def shared(place: Place) -> None:
    place.mail("Max <max@acme.example>", subject="offer 9", attachments=[("a.pdf", b"%PDF " + b"A" * 50)])
    place.passes()


def copied(place: Place) -> None:
    for path in (place.root / "mailboxes" / ANNA / "Inbox/Copies").glob("*.eml"):
        path.write_bytes(path.read_bytes() + b"\n")


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (touched, "`business_phone` of contact"),
        (linked, "opportunity 1 refers to contact"),
        (joined, "is linked to contact"),
        (shared, "document"),
        (copied, "copy"),
    ],
)
def test_later_work_is_named_and_nothing_is_done(place: Place, later: Any, said: str) -> None:
    offer(place)
    place.passes()
    run = last_run(place)
    later(place)
    before, files = rows(place), place.files()
    planned = undo(place, "run", run, "--plan", code=1)
    assert any(said in f"{what}: {why}" for what, why in planned["refused"]), planned["refused"]
    refused = place.run("undo", "run", run, check=False)
    assert refused.code == 1 and said in refused.err + str(planned["refused"]) and "--review" in refused.err
    assert (rows(place), place.files()) == (before, files)


def test_a_later_change_of_the_same_field_by_a_rule(place: Place) -> None:
    place.contact("jane1@acme.example", Status="Open")
    place.mail("Jane <jane1@acme.example>", subject="status 1")
    place.passes()
    run = last_run(place)
    place.rules(OFFERS.replace("'Won'", "'Lost'"))
    place.mail("Jane <jane1@acme.example>", subject="status 2")
    place.passes()
    assert place.one("SELECT Status FROM Contacts") == "Lost"
    (refused,) = undo(place, "run", run, "--plan", code=1)["refused"][:1]
    assert "`status` of contact" in refused[1] and "rule `Status`" in refused[1] and "run" in refused[1]


def test_what_is_refused_waits_and_the_rest_is_done(place: Place) -> None:
    place.contact("jane1@acme.example", Status="Open")
    place.mail("Jane <jane1@acme.example>", subject="status 1")
    place.mail("Jim <jim@acme.example>", subject="offer 3")
    place.passes()
    place.sql("UPDATE Contacts SET Status = 'Mine' WHERE Email = 'jane1@acme.example'")
    done = undo(place, "run", last_run(place), "--review")
    assert done["queued"] and len(done["refused"]) == 1
    assert place.sql("SELECT Email, Status FROM Contacts") == [("jane1@acme.example", "Mine")]
    (row,) = place.run("review", "--format", "json").document["held"]
    shown = place.run("review", "show", str(row["number"])).out
    assert "now 'Mine'" in shown and "would be 'Open' again" in shown
    place.run("review", "accept", str(row["number"]))
    assert place.one("SELECT Status FROM Contacts") == "Open"
    assert "nothing waits" in place.run("review").out
    place.settled()


def test_wrong_names_are_told(place: Place) -> None:
    for arguments, said in (
        (("run", "99"), "no run 99"),
        (("run", "x"), "`last`"),
        (("rule", "Nope"), "'Nope'"),
        (("item", "nope"), "`nope`"),
        (("run",), "say which"),
    ):
        refused = place.run("undo", *arguments, check=False)
        assert refused.code in (1, 2) and said in refused.err and "Traceback" not in refused.err, arguments
    assert "run" in place.run("undo").out


# ------------------------------------------------------------------------------------------------ syncs


def card(place: Place) -> None:
    place.card("FN:Jane Roe\nN:Roe;Jane\nEMAIL:jane@acme.example\nCATEGORIES:MX-Contact")


def test_a_row_made_of_a_card_goes_and_is_not_made_again(place: Place) -> None:
    card(place)
    place.settled()
    run = place.one("SELECT max(run) FROM mxsync_audit WHERE entity = 'contact' AND action IN ('create', 'save')")
    undo(place, "run", str(run))
    assert place.count_rows("Contacts") == 0 and len(place.mine()) == 1
    place.settled()
    assert place.count_rows("Contacts") == 0 and len(place.mine()) == 1


def test_an_item_put_there_goes_and_does_not_come_again(place: Place) -> None:
    place.contact("jane@acme.example", FullName="Jane", OwnerID=place.user_id())
    place.settled()
    undo(place, "run", "last")
    assert not place.mine() and place.count_rows("Contacts") == 1
    place.settled()
    assert not place.mine() and place.count_rows("Contacts") == 1


def test_changes_of_either_side_are_turned_round_and_not_echoed(place: Place) -> None:
    place.contact("jane@acme.example", FullName="Jane", JobTitle="Old", OwnerID=place.user_id())
    place.settled()
    place.sql("UPDATE Contacts SET JobTitle = 'New'")
    place.settled()
    assert "TITLE:New" in place.only()
    undo(place, "run", "last")
    assert "TITLE:Old" in place.only() and place.one("SELECT JobTitle FROM Contacts") == "New"
    place.settled()
    assert "TITLE:Old" in place.only() and place.one("SELECT JobTitle FROM Contacts") == "New"
    # The other way: an item's change in the row.
    place.edit(ANNA, "Contacts", "TITLE:Old", "TITLE:Chief")
    place.settled()
    assert place.one("SELECT JobTitle FROM Contacts") == "Chief"
    undo(place, "run", "last")
    assert place.one("SELECT JobTitle FROM Contacts") == "New" and "TITLE:Chief" in place.only()
    place.settled()
    assert place.one("SELECT JobTitle FROM Contacts") == "New" and "TITLE:Chief" in place.only()
    # And both are in step again with the next change.
    place.sql("UPDATE Contacts SET JobTitle = 'Head'")
    place.settled()
    assert "TITLE:Head" in place.only()


def test_deletions_of_either_side_are_turned_round(tmp_path: Path) -> None:
    place = made(
        tmp_path / "t",
        RULES
        + "sync contacts\n  between folder 'Contacts' of each user and table contact\n  into table when category 'MX-Contact'\n"
        "  into folder when contact.owner is user\n  deleted in folder then delete\n  deleted in table then delete\n",
    )
    place.contact("jane@acme.example", FullName="Jane", OwnerID=place.user_id())
    place.settled()
    (name,) = place.mine()
    text = place.only()
    place.sql("DELETE FROM Contacts")
    place.settled()
    assert not place.mine()
    undo(place, "run", "last")
    assert place.only() == text and place.count_rows("Contacts") == 0
    place.settled()
    assert place.only() == text and place.count_rows("Contacts") == 0
    (name,) = place.mine()
    # A row that went because its item did comes back with its key and its links; the item stays away.
    number = place.contact("max@acme.example", FullName="Max", OwnerID=place.user_id())
    place.sql("INSERT INTO Emails (MessageID, Subject) VALUES ('x@y', 'by hand')")
    place.sql("INSERT INTO EmailContacts SELECT EmailID, ? FROM Emails", number)
    place.settled()
    before = rows(place)
    (added,) = [each for each in place.mine() if each != name]
    (place.root / "mailboxes" / ANNA / "Contacts" / added).unlink()
    place.settled()
    assert place.count_rows("Contacts") == 0 and place.count_rows("EmailContacts") == 0
    undo(place, "run", "last")
    assert rows(place) == before
    place.settled()
    assert rows(place) == before and set(place.mine()) == {name}


def test_a_rule_about_rows_does_not_do_it_again(tmp_path: Path) -> None:
    place = made(
        tmp_path / "t", RULES + "rule 'Won'\n  when row of contact status = 'Won'\n  then set comments = 'party'\n"
    )
    place.contact("jane@acme.example", Status="Open")
    place.settled()
    place.sql("UPDATE Contacts SET Status = 'Won'")
    place.settled()
    assert place.one("SELECT Comments FROM Contacts") == "party"
    undo(place, "rule", "Won")
    assert not place.one("SELECT Comments FROM Contacts")
    place.settled()
    assert not place.one("SELECT Comments FROM Contacts")


# ------------------------------------------------------------------------------------------------ killed half-way


POINTS = ("undo.before-commit", "undo.committed", "journal.before-perform", "journal.performed", "journal.recorded",
          "file.written", "file.placed")  # fmt: skip
KILLS = [*((point, 1) for point in POINTS), ("journal.performed", 2), ("file.placed", 2)]


def crashing(root: Path) -> tuple[Place, str]:
    place = made(root, OFFERS)
    offer(place)
    offer(place, 2)
    place.contact("max@acme.example", FullName="Max", OwnerID=place.user_id(BEN), CreatedOn="2026-01-01", ModifiedOn="")
    place.passes()
    return place, last_run(place)


def once(root: Path) -> Any:
    """What is left where nothing disturbs it."""
    place, run = crashing(root)
    undo(place, "run", run)
    place.settled()
    return rows(place), place.contents()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return once(tmp_path_factory.mktemp("undisturbed") / "t")


@pytest.mark.parametrize(("point", "turn"), KILLS)
def test_killed_at_each_boundary_and_called_again(tmp_path: Path, undisturbed: Any, point: str, turn: int) -> None:
    place, run = crashing(tmp_path / "t")
    with pytest.raises(Killed):
        place.undo("run", run, kill=point, turn=turn)
    place.undo("run", run)
    assert place.one("SELECT count(*) FROM mxsync_journal WHERE state = 'intended'") == 0
    place.settled()
    assert (rows(place), place.contents()) == undisturbed


def test_a_pass_goes_on_with_a_killed_undo(tmp_path: Path, undisturbed: Any) -> None:
    place, run = crashing(tmp_path / "t")
    killed = place.run("undo", "run", run, check=False, env={"MXSYNC_FAILPOINT": "undo.committed"})
    assert killed.code == -9
    place.settled()
    assert (rows(place), place.contents()) == undisturbed


def test_every_failpoint_of_undo_is_killed() -> None:
    from mxsync.failpoints import NAMES

    assert {name for name in NAMES if name.startswith("undo")} <= set(POINTS)


def test_what_a_refused_row_refers_to_stays_with_it(place: Place) -> None:
    """The row is changed by a person, so its link stays, and the company that it leads to with it."""
    place.contact("old@bell.example", Status="Open", FullName="Old Bell")
    place.mail("Old Bell <old@bell.example>", subject="offer 2")
    place.mail("Old Bell <old@bell.example>", subject="status 2")
    place.passes()
    assert place.one("SELECT CompanyID FROM Contacts") and place.one("SELECT Status FROM Contacts") == "Won"
    place.sql("UPDATE Contacts SET Status = 'Mine'")
    refused = undo(place, "run", last_run(place), "--plan", code=1)["refused"]
    assert ["delete company 1 (Bell)", "contact 1 refers to company 1 (`company`)"] in refused and len(refused) == 2
    done = undo(place, "run", last_run(place), "--review")
    assert place.count_rows("Companies") == 1 and place.count_rows("Emails") == 0 and done["queued"]
    place.settled()
