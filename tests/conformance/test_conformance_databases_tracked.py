"""Changes as a server itself keeps them (SQL Server's change tracking): told once, by whom, and what is not told.

The server's part is played by SQLite (`tests.tracked`); with MXSYNC_TEST_MSSQL_URL a SQL Server plays it as well, where
it can be told what to forget.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mxsync.database.changelog import ChangeLog
from mxsync.database.tables import SqlDatabase
from mxsync.dialects.base import Dialect
from mxsync.dialects.sqlite import Sqlite
from mxsync.errors import ConfigError, SchemaMismatch
from mxsync.model.record import Entity, FieldMap, RecordKey
from mxsync.ports.database import UNDO
from mxsync.tracking.store import SqlStore
from tests.sites import KINDS, Site, site_of
from tests.tracked import TrackingSqlite

PERSON = Entity("person", "people", ("id",), {"name": FieldMap("name", ("name",))})
TWO = Entity("two", "two", ("a", "b"), {"v": FieldMap("v", ("v",))})


class Told:
    """A database whose changes the server keeps, with three people in it whom nobody has changed since the first look."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.dialect: Dialect = TrackingSqlite() if site.kind == "sqlite" else site.dialect
        engine = site.open()
        self.database = SqlDatabase(engine, self.dialect, timezone="UTC", to_phone=str, changes="change tracking")
        self.database.use({"person": PERSON, "two": TWO})
        self.store = SqlStore(engine, self.dialect, self.database.unit)
        self.log = ChangeLog(self.database, self.database.entities())
        self.store.install(self.log.install)
        self.store.outside(lambda _: self.log.install_outside())
        self.site.run("INSERT INTO people (name) VALUES ('one'), ('two'), ('three')")
        assert self.look() == []

    def look(self) -> list[tuple[str, object, bool]]:
        with self.store.transaction() as unit:
            unit.crm.notice()
            found = unit.crm.changes(1000)
            unit.crm.take(found)
        return [(change.operation, change.keys[0].value, change.ours) for change in found]

    def forget(self, until: int) -> None:
        """The server cleans up: changes up to that version are no longer kept."""
        self.site.rows("DELETE FROM kept WHERE version <= ?", until)
        self.site.rows("UPDATE kept_from SET oldest = ?", until)

    def turn_off(self) -> None:
        """Somebody turns it off, for each table."""
        if self.site.kind == "mssql":
            self.site.run(*(f"ALTER TABLE {name} DISABLE CHANGE_TRACKING" for name in ("people", "two")))
            return
        for name, what in [(name, what) for name in ("people", "two") for what in "IUD"]:
            self.site.run(f"DROP TRIGGER kept_{name}_{what}")
        self.site.rows("DELETE FROM kept_from")

    def version(self) -> int:
        return int(self.site.rows("SELECT seq FROM sqlite_sequence WHERE name = 'kept'")[0][0])


@pytest.fixture(params=[kind for kind in KINDS if kind in ("sqlite", "mssql")])
def told(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Told]:
    with site_of(request.param, request, tmp_path) as site:
        site.run(
            "CREATE TABLE people (id {ID}, name {NAME})",
            "CREATE TABLE two (a {KEY} NOT NULL, b INTEGER NOT NULL, v {NAME}, PRIMARY KEY (a, b))",
        )
        yield Told(site)


played = pytest.mark.parametrize("told", ["sqlite"], indirect=True)
"""What a server cannot be made to do at once."""


def test_what_is_inserted_updated_and_deleted_is_told_once(told: Told) -> None:
    told.site.run("INSERT INTO people (name) VALUES ('four')", "UPDATE people SET name = 'x' WHERE id = 1")
    told.site.run("DELETE FROM people WHERE id = 2", "INSERT INTO two (a, b, v) VALUES ('k', 7, 'w')")
    assert sorted(told.look()[:3]) == [("delete", 2, False), ("insert", 4, False), ("update", 1, False)]
    assert told.look() == []


def test_a_key_of_two_columns_is_known_again(told: Told) -> None:
    told.site.run("INSERT INTO two (a, b, v) VALUES ('k', 7, 'w')")
    assert told.look() == [("insert", ("k", 7), False)]


def test_of_several_changes_what_they_came_to(told: Told) -> None:
    told.site.run("INSERT INTO people (name) VALUES ('four')", "UPDATE people SET name = 'x' WHERE id = 4")
    told.site.run("UPDATE people SET name = 'y' WHERE id = 1", "DELETE FROM people WHERE id = 1")
    assert sorted(told.look()) == [("delete", 1, False), ("insert", 4, False)]


def test_our_own_writing_is_known_and_that_of_undo(told: Told) -> None:
    told.site.run("UPDATE people SET name = 'theirs' WHERE id = 2")
    with told.store.transaction() as unit:
        unit.crm.update([(1, told.database.fit("person", {"name": "ours"}, new=False))], {})
    with told.store.transaction(UNDO) as unit:
        unit.crm.update([(3, told.database.fit("person", {"name": "back"}, new=False))], {})
    with told.store.transaction() as unit:  # what is not committed has no version yet
        unit.crm.notice()
        found = unit.crm.changes(10)
    assert {(c.keys[0].value, c.ours, c.undo) for c in found} == {(2, False, False), (1, True, False), (3, True, True)}
    told.site.run("UPDATE people SET name = 'theirs' WHERE id = 1")
    assert ("update", 1, False) in told.look()


def test_a_deletion_that_is_told_is_one(told: Told) -> None:
    told.site.run("DELETE FROM people WHERE id = 2")
    told.look()
    with told.store.reading() as unit:
        assert list(unit.crm.told_gone([RecordKey("person", 1), RecordKey("person", 2)])) == [RecordKey("person", 2)]


@played
def test_what_the_server_no_longer_keeps_is_looked_for_in_all_rows_and_nothing_counts_as_deleted(
    told: Told, caplog: pytest.LogCaptureFixture
) -> None:
    told.site.run("UPDATE people SET name = 'x' WHERE id = 1", "DELETE FROM people WHERE id = 2")
    told.forget(told.version())
    told.site.run("UPDATE people SET name = 'z' WHERE id = 3")
    assert told.look() == [("update", 1, False), ("update", 3, False)]
    assert "no longer tells what changed in people: all its rows are looked at" in caplog.text
    with told.store.reading() as unit:
        assert list(unit.crm.told_gone([RecordKey("person", 2)])) == []
    assert told.look() == []
    told.site.run("DELETE FROM people WHERE id = 3")
    assert told.look() == [("delete", 3, False)]


@played
def test_what_is_kept_just_far_enough_is_told(told: Told) -> None:
    seen = told.version()
    told.site.run("UPDATE people SET name = 'x' WHERE id = 1")
    told.forget(seen)
    assert told.look() == [("update", 1, False)]


@pytest.mark.parametrize("changed", [True, False], ids=["and changed again", "and left"])
def test_where_it_was_turned_off_and_on_all_rows_are_looked_at_and_nothing_counts_as_deleted(
    told: Told, changed: bool
) -> None:
    """The version may be the one that was seen: nothing was counted while it was off."""
    told.site.run("UPDATE people SET name = 'x' WHERE id = 1")
    told.look()
    told.turn_off()
    told.site.run("UPDATE people SET name = 'y' WHERE id = 1", "DELETE FROM people WHERE id = 2")
    told.store.outside(lambda _: told.log.install_outside())
    if changed:
        told.site.run("UPDATE people SET name = 'z' WHERE id = 3")
    assert told.look() == [("update", 1, False), ("update", 3, False)]
    with told.store.reading() as unit:
        assert list(unit.crm.told_gone([RecordKey("person", 2)])) == []
    told.site.run("DELETE FROM people WHERE id = 3")
    assert told.look() == [("delete", 3, False)]


@played
def test_what_an_earlier_version_remembered_is_gone_on_from(told: Told) -> None:
    told.site.run("UPDATE people SET name = 'x' WHERE id = 1")
    told.look()
    told.site.rows("UPDATE mxsync_seen SET stamp = substr(stamp, 1, instr(stamp, ' ') - 1) WHERE instr(stamp, ' ') > 0")
    assert told.look() == []
    told.site.run("UPDATE people SET name = 'y' WHERE id = 3")
    assert told.look() == [("update", 3, False)]


@played
def test_an_older_database_that_was_brought_back_has_all_its_rows_looked_at(told: Told) -> None:
    told.site.run("UPDATE people SET name = 'x' WHERE id = 1")
    told.look()
    told.site.rows("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'kept'")
    assert [change[:2] for change in told.look()] == [("update", 1), ("update", 2), ("update", 3)]


def test_a_table_that_is_not_tracked_stops_before_anything_is_written(told: Told) -> None:
    told.turn_off()
    sentence = "changes of people(, two)? are not kept, since change tracking is off there: run `mxsync schema install`"
    with pytest.raises(SchemaMismatch, match=sentence):
        told.look()
    with told.store.raw() as connection, pytest.raises(SchemaMismatch, match=sentence):
        told.log.check(connection)


def test_it_is_turned_off_again(told: Told) -> None:
    told.store.outside(told.log.remove_outside)
    told.store.remove()
    if told.site.kind == "mssql":
        assert told.site.rows("SELECT 1 FROM sys.change_tracking_databases WHERE database_id = DB_ID()") == []
    catalogue = "sys.tables" if told.site.kind == "mssql" else "sqlite_master WHERE name NOT LIKE 'sqlite%'"
    assert {name for (name,) in told.site.rows(f"SELECT name FROM {catalogue}")} == {"people", "two"}


def test_no_other_database_offers_it(told: Told) -> None:
    with pytest.raises(ConfigError, match="change tracking is SQL Server's; write `triggers` or `modified`"):
        SqlDatabase(told.database.engine, Sqlite(), timezone="UTC", to_phone=str, changes="change tracking")
