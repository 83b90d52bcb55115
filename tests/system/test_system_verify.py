"""`verify`: a tenant in which all is well, and each kind of discrepancy made by hand; nothing is changed by looking."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mxsync.cli.main import main
from mxsync.engine.verifying.report import KINDS
from tests.inprocess import ANNA, RULES, Place, made

TEXT = RULES + (
    "\nrule 'Offers'\n  when mail subject starts with 'offer'\n"
    "  then save, create contact, create company from domain, link, save attachments to documents\n\n"
    "rule 'Not these'\n  when mail subject starts with 'private'\n  then skip\n\n"
    "rule 'Doubtful'\n  when mail subject starts with 'doubtful'\n  then save, hold for review 'really?'\n"
)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = made(tmp_path / "t", TEXT)
    place.mail("Jane Roe <jane@acme.example>", subject="offer 1", attachments=[("a.pdf", b"%PDF 1")])
    place.mail("x@other.example", subject="private matters")
    place.mail("x@other.example", subject="doubtful")
    place.mail("x@other.example", subject="of a stranger")
    place.contact("max@bell.example", FullName="Max Bell", Phone="082 555 0100", OwnerID=place.user_id())
    place.settled()
    return place


def verify(place: Place, *arguments: str, code: int = 0) -> Any:
    before, files = place.dump(tracking=True), place.files()
    done = place.run("verify", *arguments, "--format", "json", check=False)
    assert done.code == code, (done.out, done.err)
    assert (place.dump(tracking=True), place.files()) == (before, files)
    return done.document


def test_everything_is_accounted_for(place: Place) -> None:
    found = verify(place)
    assert found["found"] == [] and found["looked_at"] == 6
    assert found["items"] == {"stored": 3, "left out": 2, "held": 1}
    assert found["left_out"] == {"rule `Not these`": 1, "no rule asks for it": 1}
    assert found["pairs"] == 2 and found["documents"] == 1 and found["links"] >= 3
    assert found["rows"]["contact"] == 1 and found["rows"]["email"] == 1
    said = place.run("verify").out
    assert "everything is accounted for" in said and "rule `Not these`" in said
    assert verify(place, "--mailbox", "ben@ours.example")["looked_at"] == 0


def mail(place: Place) -> Path:
    return next(
        path for path in (place.root / "mailboxes" / ANNA / "Inbox").glob("*.eml") if b"offer 1" in path.read_bytes()
    )


def document_deleted(place: Place) -> None:
    next((place.root / "documents").rglob("*.pdf")).unlink()


def document_replaced(place: Place) -> None:
    next((place.root / "documents").rglob("*.pdf")).write_bytes(b"another")


def row_deleted(place: Place) -> None:
    place.sql("DELETE FROM Emails")


def made_row_deleted(place: Place) -> None:
    place.sql("UPDATE Contacts SET CompanyID = NULL")
    place.sql("DELETE FROM Companies")


def link_cut(place: Place) -> None:
    place.sql("DELETE FROM EmailContacts")


def reference_cut(place: Place) -> None:
    place.contact("kim@kim.example", FullName="Kim")
    place.mail("Kim <kim@kim.example>", subject="offer 7")
    place.settled()
    assert verify(place)["found"] == []
    place.sql("UPDATE Contacts SET CompanyID = NULL WHERE Email = 'kim@kim.example'")


def item_new(place: Place) -> None:
    place.mail("x@other.example", subject="came after the pass")


def item_changed(place: Place) -> None:
    mail(place).write_bytes(mail(place).read_bytes() + b"more\n")


def item_deleted(place: Place) -> None:
    mail(place).unlink()


def review_lost(place: Place) -> None:
    place.sql("DELETE FROM mxsync_review")


def side_changed(place: Place) -> None:
    place.sql("UPDATE Contacts SET JobTitle = 'Head' WHERE Email = 'max@bell.example'")


def pair_differs(place: Place) -> None:
    """As a fault of ours would leave it: both sides are as they are remembered, and say different things."""
    place.sql("UPDATE Contacts SET JobTitle = 'Head' WHERE Email = 'max@bell.example'")
    (text,) = place.sql("SELECT baseline FROM mxsync_links WHERE state = 'paired'")[0]
    assert '"job_title":[null,null]' in text
    place.sql(
        "UPDATE mxsync_links SET baseline = ?", text.replace('"job_title":[null,null]', '"job_title":[null,"Head"]')
    )


def record_gone(place: Place) -> None:
    place.sql("DELETE FROM Contacts WHERE Email = 'max@bell.example'")


def effect_failed(place: Place) -> None:
    place.sql("UPDATE mxsync_journal SET state = 'failed', error = 'no room' WHERE effect = 'document'")


@pytest.mark.parametrize(
    ("act", "kind", "said"),
    [
        (document_deleted, "document gone", "a.pdf"),
        (document_replaced, "document gone", "a.pdf"),
        (row_deleted, "row gone", "email 1"),
        (made_row_deleted, "row gone", "rule `Offers` in run"),
        (link_cut, "link gone", "was linked to contact"),
        (reference_cut, "link gone", "company 2"),
        (item_new, "undecided", "00005.eml"),
        (item_changed, "changed", "00001.eml"),
        (item_deleted, "orphaned", "00001.eml"),
        (review_lost, "lost review", "00003.eml"),
        (side_changed, "moved on", "`job_title`"),
        (pair_differs, "differs", "`job_title` is nothing here and 'Head' in contact"),
        (record_gone, "pair broken", "contact"),
        (effect_failed, "failed", "no room"),
    ],
)  # fmt: skip
def test_each_discrepancy_is_found_and_said(place: Place, act: Callable[[Place], None], kind: str, said: str) -> None:
    act(place)
    found = verify(place, code=1)["found"]
    mine = [each for each in found if each["kind"] == kind]
    assert mine and any(said in f"{each['what']} {each['sentence']}" for each in mine), found
    assert all(each["advice"] for each in found)
    told = place.run("verify", check=False)
    assert told.code == 1 and KINDS[kind] in told.out and mine[0]["advice"] in told.out


def test_every_kind_has_its_case() -> None:
    marks = test_each_discrepancy_is_found_and_said.pytestmark  # type: ignore[attr-defined]  # pytest's own
    assert {case[1] for case in marks[0].args[1]} == set(KINDS)


def test_what_was_undone_is_accounted_for(place: Place) -> None:
    place.undo("item", str(mail(place)))
    found = verify(place)
    assert found["found"] == [] and found["items"]["undone"] == 1


def test_what_was_undone_and_done_again_is_accounted_for_as_before(tmp_path: Path) -> None:
    """Several copies of a mail and of a meeting stand for one row, and syncs have put cards into folders."""
    root = tmp_path / "tenant"
    assert main(["demo", str(root)]) == 0
    place = Place(root)
    before = verify(place)
    place.run("undo", "run", "1")
    place.passes()
    assert verify(place)["items"]["undone"] > 10
    place.run("undo", "run", "2")
    place.passes()
    after = verify(place)
    same = ("looked_at", "left_out", "pairs", "rows", "links", "documents", "found")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert "undone" not in after["items"]


def test_a_mailbox_out_of_reach_hides_nothing_of_the_others(place: Place) -> None:
    (place.root / "mailboxes" / "ben@ours.example").rename(place.root / "away")
    found = verify(place, code=5)
    assert found["failed_mailboxes"] and found["looked_at"] == 6 and found["found"] == []
