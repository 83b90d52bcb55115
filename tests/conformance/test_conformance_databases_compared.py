"""Where no triggers are allowed, every database is compared with what was seen of it last."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mxsync.database.changelog import ChangeLog
from mxsync.database.tables import SqlDatabase
from mxsync.model.record import Entity, FieldMap
from tests.sites import KINDS, Site, site_of

PERSON = Entity("person", "people", ("id",), {"name": FieldMap("name", ("name",))}, modified="changed")
PLAIN = Entity("plain", "plain", ("a", "b"), {"name": FieldMap("name", ("name",))})


@pytest.fixture(params=KINDS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    with site_of(request.param, request, tmp_path) as found:
        found.run(
            'CREATE TABLE "people" (id {ID}, name {NAME}, changed {MOMENT})',
            'CREATE TABLE "plain" (a {KEY} NOT NULL, b INTEGER NOT NULL, name {NAME}, PRIMARY KEY (a, b))',
            "INSERT INTO \"people\" (name, changed) VALUES ('old', '2026-01-01 10:00:00')",
            "INSERT INTO \"people\" (name, changed) VALUES ('older', '2025-01-01 10:00:00')",
            "INSERT INTO \"plain\" (a, b, name) VALUES ('x', 1, 'old')",
        )
        yield found


@pytest.fixture
def database(site: Site) -> SqlDatabase:
    found = site.database((PERSON, PLAIN), changes="modified")
    store = site.store(found)
    store.install()
    with store.raw() as connection:
        log = ChangeLog(found, found.entities())
        log.install(connection)
        log.check(connection)
        assert site.dialect.watched(connection) == frozenset()
    assert told(site, found) == []  # what is there at first is no change
    return found


def told(site: Site, database: SqlDatabase) -> list[tuple[str, object]]:
    with site.store(database).transaction() as unit:
        unit.crm.notice()
        found = unit.crm.changes(1000)
        unit.crm.take(found)
    assert all(not change.ours for change in found)
    return [(change.operation, change.keys[0].value) for change in found]


def test_what_is_inserted_updated_and_deleted_is_told_once(site: Site, database: SqlDatabase) -> None:
    site.run("INSERT INTO \"people\" (name, changed) VALUES ('new', '2026-02-01 10:00:00')")
    assert told(site, database) == [("insert", 3)]
    site.run("UPDATE \"people\" SET name = 'x', changed = '2026-02-01 10:00:00' WHERE id = 2")
    assert told(site, database) == [("update", 2)]
    site.run('DELETE FROM "people" WHERE id = 1')
    assert told(site, database) == [("delete", 1)]
    assert told(site, database) == []


def test_two_changes_within_the_same_second_and_one_that_commits_late(site: Site, database: SqlDatabase) -> None:
    site.run("UPDATE \"people\" SET name = 'a', changed = '2026-03-01 10:00:00' WHERE id = 1")
    assert told(site, database) == [("update", 1)]
    site.run("UPDATE \"people\" SET name = 'b' WHERE id = 1")
    assert told(site, database) == [("update", 1)]
    site.run("UPDATE \"people\" SET name = 'c', changed = '2026-03-01 09:50:00' WHERE id = 2")
    assert told(site, database) == [("update", 2)]


def test_a_row_with_an_old_time_or_none_is_found_by_its_key(site: Site, database: SqlDatabase) -> None:
    site.run("INSERT INTO \"people\" (name, changed) VALUES ('imported', '2001-01-01 10:00:00')")
    site.run("INSERT INTO \"people\" (name) VALUES ('without')")
    assert sorted(told(site, database)) == [("insert", 3), ("insert", 4)]
    site.run("UPDATE \"people\" SET name = 'still without' WHERE id = 4")
    assert told(site, database) == [("update", 4)]


def test_a_table_without_such_a_column(site: Site, database: SqlDatabase) -> None:
    site.run(
        "INSERT INTO \"plain\" (a, b, name) VALUES ('y,z', 2, 'new')", "UPDATE \"plain\" SET name = 'x' WHERE b = 1"
    )
    assert sorted(told(site, database)) == [("insert", ("y,z", 2)), ("update", ("x", 1))]
    site.run('DELETE FROM "plain" WHERE b = 1', "INSERT INTO \"plain\" (a, b, name) VALUES ('w', 3, 'other')")
    assert sorted(told(site, database)) == [("delete", ("x", 1)), ("insert", ("w", 3))]


def test_many_rows(site: Site, database: SqlDatabase) -> None:
    values = ", ".join(f"('n{n}', '2026-02-01 10:00:00')" for n in range(900))
    site.run(f'INSERT INTO "people" (name, changed) VALUES {values}')
    assert sorted({operation for operation, _ in told(site, database)}) == ["insert"]
    site.run('DELETE FROM "people" WHERE id > 2')
    assert len(told(site, database)) == 900
