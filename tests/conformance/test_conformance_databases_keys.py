"""Keys that are GUIDs of a type of their own and that nobody makes but mxsync, and keys that a sequence counts up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from mxsync.database.changelog import ChangeLog
from mxsync.database.tables import SqlDatabase
from mxsync.model.record import Entity, FieldMap, Get, KeyValue, LinkTable, RecordKey
from mxsync.model.schema import ColumnType
from mxsync.tracking.store import SqlStore
from tests.sites import SERVERS, Site, site_of

TYPES = {"postgresql": "UUID", "mariadb": "UUID", "mssql": "UNIQUEIDENTIFIER"}
COUNTED = {
    "postgresql": ("CREATE SEQUENCE counted_id AS INT START WITH 7", "nextval('counted_id')"),
    "mariadb": ("CREATE SEQUENCE counted_id START WITH 7", "nextval(counted_id)"),
    "mssql": ("CREATE SEQUENCE counted_id AS INT START WITH 7", "NEXT VALUE FOR counted_id"),
}
FIRM = Entity("firm", "firm", ("id",), {"name": FieldMap("name", ("name",))})
PERSON = Entity(
    "person", "person", ("id",),
    {"name": FieldMap("name", ("name",)), "firm": FieldMap("firm", ("firm",), references="firm")},
)  # fmt: skip
GROUP = Entity(
    "group",
    "crew",
    ("id",),
    {"name": FieldMap("name", ("name",))},
    links=(LinkTable("person", "tie", "crew", "person"),),
)
COUNT = Entity("count", "counted", ("id",), {"name": FieldMap("name", ("name",))})


@pytest.fixture(params=SERVERS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    with site_of(request.param, request, tmp_path) as found:
        guid, (sequence, counted) = TYPES[found.kind], COUNTED[found.kind]
        found.run(
            f'CREATE TABLE "firm" (id {guid} NOT NULL PRIMARY KEY, name {{NAME}})',
            f'CREATE TABLE "person" (id {guid} NOT NULL PRIMARY KEY, name {{NAME}}, firm {guid} NULL)',
            f'CREATE TABLE "crew" (id {guid} NOT NULL PRIMARY KEY, name {{NAME}})',
            f'CREATE TABLE "tie" (id {guid} NOT NULL PRIMARY KEY, crew {guid} NOT NULL, person {guid} NOT NULL)',
            sequence,
            f'CREATE TABLE "counted" (id INTEGER DEFAULT ({counted}) NOT NULL PRIMARY KEY, name {{NAME}})',
        )
        yield found


@pytest.fixture
def tables(site: Site) -> SqlDatabase:
    return site.database((FIRM, PERSON, GROUP, COUNT))


@pytest.fixture
def store(site: Site, tables: SqlDatabase) -> SqlStore:
    found = site.store(tables)
    found.install()
    with found.raw() as connection:
        ChangeLog(tables, tables.entities()).install(connection)
    return found


def made(store: SqlStore, tables: SqlDatabase, entity: str, *names: str) -> list[KeyValue]:
    with store.transaction() as unit:
        return unit.crm.insert([tables.fit(entity, {"name": name}, new=True) for name in names], {})


def test_a_guid_is_made_and_is_the_same_wherever_it_is_told(site: Site, tables: SqlDatabase, store: SqlStore) -> None:
    one, two = made(store, tables, "firm", "one", "two")
    pattern = "[0-9A-F-]{36}" if site.kind == "mssql" else "[0-9a-f-]{36}"
    assert isinstance(one, str) and re.fullmatch(pattern, one) and UUID(one).version == 4 and one != two
    keys = [RecordKey("firm", one), RecordKey("firm", two)]
    with store.transaction() as unit:
        assert [record.key for record in unit.crm.walk("firm", None, 10)] in (keys, keys[::-1])
        assert {key: record.values["name"] for key, record in unit.crm.read(keys).items()} == dict(
            zip(keys, ("one", "two"), strict=True)
        )
        assert list(unit.crm.before(keys[:1], links=False)) == keys[:1]
        assert {change.keys[0] for change in unit.crm.changes(10)} == set(keys)


def test_a_guid_refers_and_links(site: Site, tables: SqlDatabase, store: SqlStore) -> None:
    (firm,), (person, other), (group,) = (
        made(store, tables, "firm", "f"), made(store, tables, "person", "p", "q"), made(store, tables, "group", "g"),
    )  # fmt: skip
    with store.transaction() as unit:
        assert unit.crm.link("person", "firm", [(person, firm), (other, firm), (person, firm)]) == [
            (person, firm), (other, firm),
        ]  # fmt: skip
        assert unit.crm.link("person", "group", [(person, group), (other, group)]) == [(person, group), (other, group)]
    with store.transaction() as unit:
        assert unit.crm.link("person", "firm", [(person, firm)]) == []
        assert unit.crm.link("group", "person", [(group, person)]) == []
        key = RecordKey("person", person)
        (record,) = unit.crm.answer([Get(key)])[Get(key)]
        assert record.values["firm"] == RecordKey("firm", firm)
        image = unit.crm.before([key], links=True)[key]
        assert [(table, values["crew"], values["person"]) for table, values in image.links] == [("tie", group, person)]
        unit.crm.delete([key])
    assert site.rows('SELECT count(*) FROM "tie"') == [(1,)] and site.rows('SELECT count(*) FROM "person"') == [(1,)]
    with store.transaction() as unit:
        unit.crm.taken_back.insert([image])
        assert unit.crm.before([key], links=True)[key] == image


def test_a_guid_is_written_as_it_is_read(tables: SqlDatabase, store: SqlStore) -> None:
    given = "0f8fAD5b-d9cb-469f-a165-70867728950E"
    (person,) = made(store, tables, "person", "p")
    fitted = tables.fit("person", {"firm": given}, new=False)
    with store.transaction() as unit:
        unit.crm.update([(person, fitted)], {})
        key = RecordKey("person", person)
        assert unit.crm.before([key], links=False)[key].columns["firm"] == fitted.columns["firm"]
    assert str(fitted.columns["firm"]).lower() == given.lower()


def test_a_key_that_a_sequence_counts_is_a_number(site: Site, tables: SqlDatabase, store: SqlStore) -> None:
    table = tables.schema().table("counted")
    column = table.column("id") if table is not None else None
    assert column is not None and column.type is ColumnType.NUMBER and not column.made_by_us
    keys = made(store, tables, "count", "a", "b")
    assert keys == [7, 8] and all(isinstance(key, int) for key in keys)
    assert sorted(site.rows('SELECT id, name FROM "counted"')) == [(7, "a"), (8, "b")]


def test_many_rows_are_updated_linked_and_deleted(site: Site, tables: SqlDatabase, store: SqlStore) -> None:
    """More than go in one batch, some of them emptied."""
    names = [f"né {number}" for number in range(1100)]
    keys = made(store, tables, "count", *names)
    with store.transaction() as unit:
        changed = [{"name": None if number % 3 == 0 else f"{name}!"} for number, name in enumerate(names)]
        fits = [tables.fit("count", values, new=False) for values in changed]
        unit.crm.update(list(zip(keys, fits, strict=True)), {})
    found = [name for (name,) in site.rows('SELECT name FROM "counted" ORDER BY id')]
    assert found == [values["name"] for values in changed]
    with store.transaction() as unit:
        unit.crm.delete([RecordKey("count", key) for key in keys[:-1]])
    assert site.rows('SELECT id FROM "counted"') == [(keys[-1],)]
