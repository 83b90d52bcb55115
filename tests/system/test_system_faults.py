"""What breaks in the middle of a pass, and what is there after the next one. `docs/faults.md` is the table of these."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from mxsync.engine.syncing.loading import Loaded
from mxsync.errors import MxsyncError, Unavailable
from mxsync.tracking.store import SqlStore
from tests.inprocess import ANNA, Killed
from tests.simulated import Fault, Simulated, one_mailbox, people

RULES = "use 'crm.rules'\n"


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Simulated]:
    with one_mailbox(tmp_path / "t", RULES, ANNA) as place:
        yield place


def settled(place: Simulated, number: int) -> None:
    """One more pass, and each row has one card."""
    place.passes()
    files, rows = place.files(), place.dump()
    report = place.passes()
    assert (place.files(), place.dump()) == (files, rows)
    assert not report.set_aside and not report.failed_mailboxes
    assert len(place.mine()) == place.count_rows("Contacts") == number


# ---------------------------------------------------------------- the mailbox server


@pytest.mark.parametrize("kind", ["away", "refused", "lost"])
@pytest.mark.parametrize("times", [1, 99])
def test_a_server_that_fails_while_items_are_made(place: Simulated, kind: str, times: int) -> None:
    people(place)
    report = place.pass_with([Fault("create", kind, 2, times)])
    assert report is not None and report.set_aside
    settled(place, 5)


@pytest.mark.parametrize("kind", ["away", "refused", "lost", "stale"])
def test_a_server_that_fails_while_an_item_is_changed(place: Simulated, kind: str) -> None:
    people(place, 1)
    place.passes()

    def meddle(path: Path) -> None:
        path.write_bytes(path.read_bytes().replace(b"END:VCARD", b"NICKNAME:Pip\r\nEND:VCARD"))

    place.meddle = meddle
    place.sql("UPDATE Contacts SET JobTitle = 'Boss'")
    place.pass_with([Fault("update", kind, 1, 9)])
    settled(place, 1)
    assert "TITLE:Boss" in place.only()
    assert ("NICKNAME:Pip" in place.only()) == (kind == "stale")


def test_what_is_refused_is_said_by_each_pass_and_done_when_it_is_taken(place: Simulated) -> None:
    people(place, 1)
    for _ in range(3):
        report = place.pass_with([Fault("create", "refused", 1, 9)])
        assert report is not None and [sentence for _, sentence in report.set_aside] == ["the server says no"]
    settled(place, 1)


def test_what_changed_while_an_answer_was_missing_crosses(place: Simulated) -> None:
    people(place, 1)
    place.pass_with([Fault("create", "lost", 1, 9)])
    ((name, text),) = place.mine().items()
    place.put(f"{ANNA}/Contacts/{name}", text.replace("FN:P0", "FN:P0\nTITLE:Boss").replace("\n", "\r\n"))
    settled(place, 1)
    assert place.sql("SELECT JobTitle FROM Contacts") == [("Boss",)]


# ---------------------------------------------------------------- folders


def test_a_folder_that_may_not_be_read_deletes_nothing(place: Simulated, monkeypatch: pytest.MonkeyPatch) -> None:
    people(place)
    place.passes()
    listed = os.scandir

    def refused(where: Any) -> Any:
        if str(where).endswith("Contacts"):
            raise PermissionError(errno.EACCES, "Permission denied", str(where))
        return listed(where)

    monkeypatch.setattr(os, "scandir", refused)
    report = place.passes()
    assert any("permission denied" in sentence for _, sentence in report.set_aside)
    monkeypatch.undo()
    settled(place, 5)


def test_a_folder_that_is_an_older_backup_deletes_no_row(place: Simulated, tmp_path: Path) -> None:
    people(place)
    place.passes()
    home = place.root / "mailboxes" / ANNA / "Contacts"
    shutil.copytree(home, tmp_path / "backup")
    place.contact("new@acme.example", FirstName="New", FullName="New", OwnerID=place.user_id())
    place.sql("UPDATE Contacts SET JobTitle = 'Boss' WHERE FirstName = 'P1'")
    place.passes()
    shutil.rmtree(home)
    shutil.copytree(tmp_path / "backup", home)
    place.passes()
    place.passes()
    assert place.count_rows("Contacts") == 6
    assert len(place.mine()) == 5  # the sync says `deleted in folder then unlink`
    texts = "".join(place.mine().values())
    ((title,),) = place.sql("SELECT JobTitle FROM Contacts WHERE FirstName = 'P1'")
    assert ("TITLE:Boss" in texts) == (title == "Boss")  # the older card is a change like any other, and crosses


def test_a_full_disk_of_the_file_store(place: Simulated, monkeypatch: pytest.MonkeyPatch) -> None:
    people(place)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    report = place.passes()
    assert any("no space left" in sentence for _, sentence in report.set_aside)
    monkeypatch.undo()
    settled(place, 5)


# ---------------------------------------------------------------- the database


def test_a_full_disk_of_the_database(place: Simulated) -> None:
    assert place.opened is not None
    engine = place.opened._store.engine
    ((pages,),) = place.sql("PRAGMA page_count")

    def full(connection: Any, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + 4}")

    people(place, 200)
    before = place.dump()["Contacts"]
    event.listen(engine, "connect", full)
    engine.dispose()
    with pytest.raises(MxsyncError, match="full"):
        for _ in range(9):
            place.passes()
    event.remove(engine, "connect", full)
    engine.dispose()
    assert place.dump()["Contacts"] == before
    settled(place, 200)


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_commit_whose_answer_is_lost(place: Simulated, turn: int, monkeypatch: pytest.MonkeyPatch) -> None:
    people(place, 2)
    place.card("FN:Jane Roe\nEMAIL:jane@acme.example\nCATEGORIES:MX-Contact")
    real, left = SqlStore.transaction, [turn]

    @contextlib.contextmanager
    def cut(self: SqlStore) -> Iterator[Any]:
        with real(self) as unit:
            yield unit
        left[0] -= 1
        if left[0] == 0:
            raise Unavailable("the connection was closed", 0.0)

    monkeypatch.setattr(SqlStore, "transaction", cut)
    with contextlib.suppress(Unavailable):
        place.passes()
    monkeypatch.undo()
    settled(place, 3)


def test_a_column_that_is_dropped_stops_the_pass_before_anything_is_written(place: Simulated) -> None:
    people(place, 1)
    place.passes()
    place.sql("ALTER TABLE Contacts DROP COLUMN Fax")
    place.card("FN:Jane Roe\nEMAIL:jane@acme.example\nCATEGORIES:MX-Contact")
    files = place.files()
    result = place.run("sync", check=False)
    assert result.code == 3 and "Fax" in result.out + result.err and "Traceback" not in result.err
    assert place.count_rows("Contacts") == 1 and place.files() == files


# ---------------------------------------------------------------- clocks


@pytest.mark.parametrize("hours", [-48, 48])
def test_a_clock_that_jumps_loses_no_change(place: Simulated, hours: int) -> None:
    people(place, 2)
    place.passes()
    place.clock.jump(timedelta(hours=hours))
    place.sql("UPDATE Contacts SET JobTitle = 'Boss' WHERE FirstName = 'P0'")
    place.edit(
        ANNA, "Contacts", "FN:P1", "FN:P1\r\nTITLE:Chief", name=next(n for n, t in place.mine().items() if "P1" in t)
    )
    settled(place, 2)
    assert place.sql("SELECT JobTitle FROM Contacts ORDER BY FirstName") == [("Boss",), ("Chief",)]
    assert any("TITLE:Boss" in text for text in place.mine().values())


def test_an_item_that_kills_a_sync_three_times_is_left_alone_and_nothing_else_is(
    place: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        place.card(f"FN:P{number}\nEMAIL:p{number}@acme.example\nCATEGORIES:MX-Contact", name=f"p{number}.vcf")
    read = Loaded.read

    def deadly(self: Loaded, refs: Any) -> None:
        if any(ref.href == "Contacts/p2.vcf" for ref in refs):
            raise Killed("p2.vcf")
        read(self, refs)

    monkeypatch.setattr(Loaded, "read", deadly)
    deaths = 0
    while (report := place.pass_with()) is None:
        deaths += 1
        assert deaths < 9
    assert deaths == 4  # on the page, then on the item alone
    assert [name for name, sentence in report.set_aside if "died 3 times" in sentence] == [f"{ANNA}/Contacts/p2.vcf"]
    linked = [href for (href,) in place.sql("SELECT href FROM mxsync_links ORDER BY 1")]
    assert linked == ["Contacts/p0.vcf", "Contacts/p1.vcf", "Contacts/p3.vcf"]
    assert "p2.vcf" in place.run("status").out
    monkeypatch.undo()
    place.edit(ANNA, "Contacts", "FN:P2", "FN:P2\r\nTITLE:Boss", name="p2.vcf")
    settled(place, 4)
    assert place.sql("SELECT JobTitle FROM Contacts WHERE FullName = 'P2'") == [("Boss",)]
    assert place.sql("SELECT * FROM mxsync_aside") == [] == place.sql("SELECT * FROM mxsync_deaths")


def test_a_sync_that_gets_on_forgets_the_deaths_before(place: Simulated) -> None:
    place.card("FN:P0\nEMAIL:p0@acme.example\nCATEGORIES:MX-Contact")
    for _ in range(6):
        place.pass_with(kill="sync.before-commit")
        place.pass_with()
        assert place.sql("SELECT * FROM mxsync_deaths WHERE mailbox = 'syncs'") == []
        place.edit(ANNA, "Contacts", "END:VCARD", "NICKNAME:Pip\r\nEND:VCARD")
    settled(place, 1)


def test_each_row_of_the_table_names_tests_that_are_there() -> None:
    root = Path(__file__).parents[2]
    there = "".join(path.read_text() for path in (root / "tests").rglob("*.py"))  # suites of conformance too
    rows = [line for line in (root / "docs" / "faults.md").read_text().splitlines() if line.startswith("| ")][1:]
    for row in rows:
        cells = [cell.strip() for cell in row.strip("| ").split("|")]
        names = re.findall(r"`(test_\w+)`", cells[-1])
        assert names or cells[0].startswith("**"), row
        assert all(f"def {name}(" in there for name in names), row
