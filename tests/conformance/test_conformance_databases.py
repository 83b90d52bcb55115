"""One suite that every database passes: rows written and read back, found without case, linked, refused, claimed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mxsync.database.changelog import ChangeLog
from mxsync.database.tables import SqlDatabase
from mxsync.errors import BadContent, RevisionMismatch, SchemaMismatch
from mxsync.model.record import Converter, Entity, FieldMap, Find, Get, LinkTable, Planned, RecordKey
from mxsync.ports.database import Fitted
from tests.sites import KINDS, SERVERS, Site, site_of

HOSTILE = 'select "x"; DROP TABLE a --'
COLUMN = "näme ' % ? \" of {it}"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


SCHEMA = (
    f'CREATE TABLE {quoted(HOSTILE)} ("key" {{ID}}, {quoted(COLUMN)} {{TEXT}}, "order" {{NAME}}, "when" {{MOMENT}}, '
    '"zoned" {ZONED}, "day" DATE, "n" {BIG} DEFAULT 7 NOT NULL, "real" {REAL}, "yes" {BOOL}, "a" {NAME}, "b" {NAME}, "c" {NAME}, '
    '"kind" CHAR(1), "short" VARCHAR(10), "other" INTEGER)',
    'CREATE TABLE "tie" (x INTEGER NOT NULL, y INTEGER NOT NULL, PRIMARY KEY (x, y))',
    'CREATE TABLE "two" (a {KEY} NOT NULL, b INTEGER NOT NULL, v {NAME}, PRIMARY KEY (a, b))',
    'CREATE TABLE "guid" (id {GUID}, v {NAME})',
)
ODD = Entity(
    "odd", HOSTILE, ("key",),
    {
        "name": FieldMap("name", (COLUMN,)), "code": FieldMap("code", ("order",)), "at": FieldMap("at", ("when",)),
        "zoned": FieldMap("zoned", ("zoned",)), "day": FieldMap("day", ("day",)), "n": FieldMap("n", ("n",)),
        "real": FieldMap("real", ("real",)), "yes": FieldMap("yes", ("yes",)), "list": FieldMap("list", ("a", "b", "c")),
        "kind": FieldMap("kind", ("kind",), converter=Converter("coded", codes=(("good", "G"), ("bad", "B")))),
        "short": FieldMap("short", ("short",)), "other": FieldMap("other", ("other",), references="odd"),
    },
    matched_by=(("code",),), links=(LinkTable("odd", "tie", "x", "y"),),
)  # fmt: skip
TWO = Entity(
    "two", "two", ("a", "b"), {"a": FieldMap("a", ("a",)), "b": FieldMap("b", ("b",)), "v": FieldMap("v", ("v",))}
)
GUID = Entity("guid", "guid", ("id",), {"v": FieldMap("v", ("v",))})


@pytest.fixture(params=KINDS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    with site_of(request.param, request, tmp_path) as found:
        yield found


def unique(site: Site, column: str) -> str:
    """Two rows may have none; SQL Server takes two NULLs for the same, unless its index leaves them out."""
    where = f' WHERE "{column}" IS NOT NULL' if site.kind == "mssql" else ""
    return f'CREATE UNIQUE INDEX {column}_once ON {quoted(HOSTILE)} ("{column}"){where}'


@pytest.fixture
def odd(site: Site) -> SqlDatabase:
    site.run(*SCHEMA, *(unique(site, column) for column in ("order", "short")))
    found = site.database((ODD, TWO, GUID))
    site.store(found).install()
    return found


def stored(site: Site, database: SqlDatabase, entity: str, *rows: dict[str, Any]) -> list[RecordKey]:
    fitted = [database.fit(entity, values, new=True) for values in rows]
    with site.store(database).transaction() as unit:
        return [RecordKey(entity, key) for key in unit.crm.insert(fitted, {})]


def read(site: Site, database: SqlDatabase, key: RecordKey) -> dict[str, Any]:
    with site.store(database).reading() as unit:
        return dict(unit.crm.read([key])[key].values)


# -------------------------------------------------------------------------------------------------- values


def test_values_come_back_as_they_went(site: Site, odd: SqlDatabase) -> None:
    at = datetime(2026, 11, 23, 10, 0, 30, tzinfo=UTC)
    (first,) = stored(site, odd, "odd", {"name": "x"})
    values = {
        "name": "Robert'); DROP TABLE a;-- \u0000é😀 \\ % ? %s", "code": "a'\"b\\", "at": at, "day": date(2026, 1, 31),
        "n": -(2**63), "real": 1.5, "yes": True, "list": ("one", "two"), "kind": "bad", "other": first, "zoned": at,
    }  # fmt: skip
    found = read(site, odd, stored(site, odd, "odd", values)[0])
    assert found["name"] == "Robert'); DROP TABLE a;-- é😀 \\ % ? %s"  # a NUL is what no database stores
    rest = {name: value for name, value in values.items() if name != "name"}
    assert {name: found[name] for name in rest} == rest


def test_long_texts_and_unusual_ones(site: Site, odd: SqlDatabase) -> None:
    long = "ä😀\r\n\t" * 100_000
    first, second = stored(site, odd, "odd", {"name": long}, {"name": " \\'\"\u2028?%(x)s:y@z "})
    assert read(site, odd, first)["name"] == long
    assert read(site, odd, second)["name"] == " \\'\"\u2028?%(x)s:y@z "


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=120), min_size=1, max_size=5))
def test_any_text_is_stored(site: Site, odd: SqlDatabase, texts: list[str]) -> None:
    keys = stored(site, odd, "odd", *({"name": text} for text in texts))
    assert [read(site, odd, key)["name"] or "" for key in keys] == [text.replace("\0", "") for text in texts]


def test_a_moment_is_the_same_in_every_zone(site: Site, odd: SqlDatabase) -> None:
    berlin = site.database((ODD,), timezone="Europe/Berlin")
    at = datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=-5)))
    (key,) = stored(site, berlin, "odd", {"at": at, "zoned": at, "day": at})
    found = read(site, berlin, key)
    assert (found["at"], found["zoned"], found["day"]) == (at, at, date(2026, 7, 1))
    assert str(site.rows(f'SELECT "when" FROM {quoted(HOSTILE)}')[0][0]).startswith("2026-07-01 19:00:00")
    if site.kind in ("postgresql", "mssql"):  # the others have no column with an offset
        elsewhere = site.database((ODD,), timezone="Asia/Tokyo")
        found = read(site, elsewhere, key)
        assert found["zoned"] == at and found["at"] != at


def test_what_does_not_fit_is_cut_or_refused(site: Site, odd: SqlDatabase) -> None:
    fitted = odd.fit("odd", {"short": "x" * 11}, new=True)
    assert fitted.columns["short"] == "x" * 10 and "cut from 11 to 10" in fitted.notes[0]
    with pytest.raises(BadContent, match="`code` has 81 characters"):  # matched by it: never cut
        odd.fit("odd", {"code": "x" * 81}, new=True)
    with pytest.raises(BadContent, match="too large"):
        odd.fit("odd", {"n": 2**63}, new=True)


def test_what_the_database_refuses_is_said_without_the_value(site: Site, odd: SqlDatabase) -> None:
    stored(site, odd, "odd", {"short": "s3cret"})
    with pytest.raises(BadContent, match="there is a row with the same") as refused:
        stored(site, odd, "odd", {"short": "new"}, {"short": "s3cret"})
    assert "s3cret" not in str(refused.value)
    assert site.rows(f'SELECT "short" FROM {quoted(HOSTILE)}') == [("s3cret",)]  # nothing of the transaction is left
    with pytest.raises(BadContent), site.store(odd).transaction() as unit:
        unit.crm.update([(1, Fitted("odd", {"n": None}))], {})
    if site.kind != "sqlite":  # which stores a text in a column of numbers
        with pytest.raises(BadContent) as refused, site.store(odd).transaction() as unit:
            unit.crm.insert([Fitted("odd", {"n": "t0psecret"})], {})
        assert "t0psecret" not in str(refused.value)


# -------------------------------------------------------------------------------------------------- keys


def test_keys_come_back_in_the_order_of_the_rows(site: Site, odd: SqlDatabase) -> None:
    rows = [{"name": f"row {n}"} | ({"code": f"c{n}"} if n % 3 else {}) for n in range(1234)]
    keys = stored(site, odd, "odd", *rows)
    there = dict(site.rows(f'SELECT "key", {quoted(COLUMN)} FROM {quoted(HOSTILE)}'))
    assert [there[key.value] for key in keys] == [row["name"] for row in rows]


def test_keys_that_are_no_numbers(site: Site, odd: SqlDatabase) -> None:
    one, two = stored(site, odd, "guid", {"v": "one"}, {"v": "two"})
    assert isinstance(one.value, str) and len(one.value) >= 32 and one != two
    assert (read(site, odd, one)["v"], read(site, odd, two)["v"]) == ("one", "two")
    (key,) = stored(site, odd, "two", {"a": "x", "b": 2, "v": "first"})
    assert key.value == ("x", 2)
    with site.store(odd).transaction() as unit:
        unit.crm.update([(key.value, Fitted("two", {"v": "second"})), (one.value, Fitted("guid", {"v": "uno"}))], {})
    assert read(site, odd, key)["v"] == "second" and read(site, odd, one)["v"] == "uno"
    with site.store(odd).transaction() as unit:
        unit.crm.delete([key, one])
    assert site.rows('SELECT v FROM "guid"') == [("two",)] and site.rows('SELECT v FROM "two"') == []


def test_a_planned_key_becomes_the_real_one(site: Site, odd: SqlDatabase) -> None:
    with site.store(odd).transaction() as unit:
        (first,) = unit.crm.insert([odd.fit("odd", {"name": "a"}, new=True)], {})
        fitted = odd.fit("odd", {"other": RecordKey("odd", Planned(3))}, new=True)
        (second,) = unit.crm.insert([fitted], {3: first})
    assert read(site, odd, RecordKey("odd", second))["other"] == RecordKey("odd", first)


def test_rows_are_updated_linked_once_and_deleted_with_their_links(site: Site, odd: SqlDatabase) -> None:
    one, two = stored(site, odd, "odd", {"name": "one"}, {"name": "two"})
    with site.store(odd).transaction() as unit:
        unit.crm.update([(one.value, Fitted("odd", {COLUMN: "changed", "yes": 0}))], {})
        pair = (one.value, two.value)
        assert unit.crm.link("odd", "odd", [pair, pair]) == [pair]
        assert unit.crm.link("odd", "odd", [pair]) == []
        before = unit.crm.before([one], links=True)[one]
        assert before.columns[COLUMN] == "changed" and not before.columns["yes"]
        assert [table for table, _ in before.links] == ["tie"]
        unit.crm.delete([one])
    assert site.rows('SELECT count(*) FROM "tie"') == [(0,)]
    assert read(site, odd, two)["name"] == "two"


def test_a_row_that_was_written_is_no_change(site: Site, odd: SqlDatabase) -> None:
    """What is read back equals what was written, value by value: otherwise every pass would find a difference."""
    from mxsync.engine.baseline import same

    at = datetime(2026, 11, 23, 10, 0, 30, tzinfo=UTC)
    values = {"name": "x", "code": "c", "at": at, "zoned": at, "day": date(2026, 1, 31), "n": 5, "real": 0.1, "yes": False,
              "list": ("one",), "kind": "good", "short": "s"}  # fmt: skip
    fitted = odd.fit("odd", values, new=True)
    (key,) = stored(site, odd, "odd", values)
    with site.store(odd).reading() as unit:
        image = unit.crm.before([key], links=False)[key].columns
    assert [name for name, value in fitted.columns.items() if not same(value, image[name])] == []


# -------------------------------------------------------------------------------------------------- other people's tables


def test_columns_that_the_database_fills_itself_are_left_to_it(site: Site) -> None:
    computed = "AS (a + b) PERSISTED" if site.kind == "mssql" else "INTEGER GENERATED ALWAYS AS (a + b) STORED"
    version = ", v ROWVERSION" if site.kind == "mssql" else ""
    site.run(
        f"CREATE TABLE \"sums\" (id {{ID}}, a INTEGER, b INTEGER, total {computed}{version}, note {{NAME}} DEFAULT 'none')"
    )
    names = ("a", "b", "total", "note", *(("v",) if version else ()))
    entity = Entity("sums", "sums", ("id",), {name: FieldMap(name, (name,)) for name in names})
    database = site.database((entity,))
    site.store(database).install()
    (key,) = stored(site, database, "sums", {"a": 1, "b": 2, "total": 99})
    found = read(site, database, key)
    assert (found["total"], found["note"]) == (3, "none")


AUDITED = {
    "sqlite": (
        "CREATE TRIGGER t AFTER INSERT ON \"people\" BEGIN INSERT INTO \"log\" (what) VALUES ('x'), ('y'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO \"log\" (what) VALUES ('x'), ('y'); "
        "RETURN NULL; END $$",
        'CREATE TRIGGER t AFTER INSERT ON "people" FOR EACH ROW EXECUTE PROCEDURE note()',
    ),
    "mariadb": (
        "CREATE TRIGGER t AFTER INSERT ON \"people\" FOR EACH ROW INSERT INTO \"log\" (what) VALUES ('x'), ('y')",
    ),
    "mssql": (
        "CREATE TRIGGER t ON \"people\" AFTER INSERT AS BEGIN SET NOCOUNT ON; INSERT INTO \"log\" (what) VALUES ('x'), ('y'); END",
    ),
}
PERSON = Entity("person", "people", ("id",), {"name": FieldMap("name", ("name",))})


def test_tables_with_triggers_of_their_own(site: Site) -> None:
    site.run(
        'CREATE TABLE "log" (id {ID}, what {NAME})', 'CREATE TABLE "people" (id {ID}, name {NAME})', *AUDITED[site.kind]
    )
    database = site.database((PERSON,))
    site.store(database).install()
    keys = stored(site, database, "person", *({"name": f"p{n}"} for n in range(5)))
    assert [read(site, database, key)["name"] for key in keys] == [f"p{n}" for n in range(5)]
    assert len(site.rows('SELECT what FROM "log"')) == 10


SAMPLES = {"postgresql": None, "mariadb": ";\n", "mssql": "\nGO\n"}
"""What stands between the statements of the sample tables, where they are not taken as a whole."""


@pytest.mark.parametrize("kind", SERVERS)
def test_the_sample_tables(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "sql" / kind / "sample.sql").read_text(encoding="utf-8")
    parts = [text] if SAMPLES[kind] is None else text.split(SAMPLES[kind])
    with site_of(kind, request, tmp_path) as site:
        site.run(*(part for part in parts if part.strip()))
        person = Entity("person", "Contacts", ("ContactID",), {"name": FieldMap("name", ("FullName",))})
        database = site.database((person,))
        site.store(database).install(ChangeLog(database, (person,)).install)
        (key,) = stored(site, database, "person", {"name": "Jane"})
        with site.store(database).transaction() as unit:
            unit.crm.update([(key.value, database.fit("person", {"name": "Jane Roe"}, new=False))], {})
            assert [change.operation for change in unit.crm.changes(10)][:2] == ["insert", "update"]
            (image,) = unit.crm.before([key], links=False).values()
        columns = {name.lower(): value for name, value in image.columns.items()}
        assert columns["modifiedon"] and columns["fullname"] == "Jane Roe"


VIEWS = {
    "postgresql": (
        'CREATE VIEW "people view" AS SELECT id, upper(name) AS name FROM "people"',
        "CREATE FUNCTION put() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        'INSERT INTO "people" (name) VALUES (NEW.name) RETURNING id INTO NEW.id; RETURN NEW; END $$',
        'CREATE TRIGGER t INSTEAD OF INSERT ON "people view" FOR EACH ROW EXECUTE PROCEDURE put()',
    ),
    "mariadb": ('CREATE VIEW "people view" AS SELECT id, name FROM "people"',),
    "mssql": (
        'CREATE VIEW "people view" AS SELECT id, UPPER(name) AS name FROM "people"',
        'CREATE TRIGGER t ON "people view" INSTEAD OF INSERT AS BEGIN SET NOCOUNT ON; '
        'INSERT INTO "people" (name) SELECT name FROM inserted; END',
    ),
}


@pytest.mark.parametrize("kind", SERVERS)
def test_views_that_can_be_written(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    with site_of(kind, request, tmp_path) as site:
        site.run('CREATE TABLE "people" (id {ID}, name {NAME})', *VIEWS[kind])
        database = site.database((Entity("person", "people view", ("id",), {"name": FieldMap("name", ("name",))}),))
        site.store(database).install()
        keys = stored(site, database, "person", {"name": "jane"}, {"name": "joe"})
        assert [read(site, database, key)["name"].lower() for key in keys] == ["jane", "joe"]


@pytest.mark.parametrize("kind", SERVERS)
def test_tables_of_another_schema(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    with site_of(kind, request, tmp_path) as site:
        other = f"sales {id(site)}"
        site.run(
            f"CREATE {'DATABASE' if kind == 'mariadb' else 'SCHEMA'} {quoted(other)}",
            'CREATE TABLE "people" (id {ID}, title {NAME})',
            f'CREATE TABLE {quoted(other)}."people" (id {{ID}}, name {{NAME}})',
        )
        there = Entity("person", f"{other}.people", ("id",), {"name": FieldMap("name", ("name",))})
        here = Entity("own", "people", ("id",), {"title": FieldMap("title", ("title",))})
        database = site.database((there, here))
        site.store(database).install()
        (key,) = stored(site, database, "person", {"name": "jane"})
        stored(site, database, "own", {"title": "x"})
        assert read(site, database, key)["name"] == "jane"
        assert site.rows(f'SELECT name FROM {quoted(other)}."people"') == [("jane",)]
        # Its changes are logged here, also another program's; and only what was installed from here is taken away.
        store, log = site.store(database), ChangeLog(database, database.entities())
        with store.raw() as connection:
            log.install(connection)
            log.check(connection)
        site.run(f"INSERT INTO {quoted(other)}.\"people\" (name) VALUES ('joe')")
        assert site.rows("SELECT table_name, operation FROM mxsync_changes") == [(f"{other}.people", "INSERT")]
        if kind == "mariadb":
            second = site_of(kind, request, tmp_path / "second")
            with second as beside:
                beside.run('CREATE TABLE "people" (id {ID}, title {NAME})')
                far = beside.database((here,))
                neighbour = beside.store(far)
                neighbour.install()
                with neighbour.raw() as connection:
                    ChangeLog(far, far.entities()).install(connection)
                    assert beside.dialect.watched(connection) == {"people"}
                with store.raw() as connection:
                    site.dialect.remove_change_log(connection)
                    assert site.dialect.watched(connection) == frozenset()
                with neighbour.raw() as connection:
                    assert beside.dialect.watched(connection) == {"people"}


def test_names_in_another_case_than_the_database_has_them(site: Site) -> None:
    site.run('CREATE TABLE "People" ("ID" {ID}, "Full Name" {NAME})')
    entity = Entity("person", "PEOPLE", ("id",), {"name": FieldMap("name", ("full name",))})
    database = site.database((entity,))
    site.store(database).install()
    (key,) = stored(site, database, "person", {"name": "jane"})
    assert read(site, database, key)["name"] == "jane"


def test_a_table_or_column_that_is_missing(site: Site, odd: SqlDatabase) -> None:
    with pytest.raises(SchemaMismatch, match="the table Nowhere of the entity `x` is not in the database"):
        odd.use({"x": Entity("x", "Nowhere", ("k",), {})})
    with pytest.raises(SchemaMismatch, match="no column Gone"):
        odd.use({"x": Entity("x", "two", ("a", "b"), {"g": FieldMap("g", ("Gone",))})})
    with pytest.raises(SchemaMismatch, match="the link table knots"):
        odd.use({"two": Entity("two", "two", ("a", "b"), {}, links=(LinkTable("two", "knots", "x", "y"),))})


def test_a_schema_that_has_moved_is_read_again(site: Site, odd: SqlDatabase) -> None:
    def version() -> object:
        with odd.engine.connect() as connection:
            return site.dialect.schema_version(connection)

    first = version()
    assert version() == first
    site.run('ALTER TABLE "guid" ADD more INTEGER')
    assert version() != first
    table = odd.schema().table("guid")
    assert table is not None and table.column("more") is not None
    odd.follow()  # a column more is nothing to the entities
    site.run('ALTER TABLE "guid" DROP COLUMN more', 'ALTER TABLE "two" DROP COLUMN v')
    with pytest.raises(SchemaMismatch, match="no column v, which the entity `two` maps"):
        odd.follow()


# -------------------------------------------------------------------------------------------------- two at once


def test_two_that_make_the_same_row_at_the_same_moment_make_one(site: Site) -> None:
    site.run('CREATE TABLE "people" (id {ID}, email {NAME})')
    entity = Entity("person", "people", ("id",), {"email": FieldMap("email", ("email",))}, matched_by=(("email",),))
    databases = [site.database((entity,)) for _ in range(4)]
    site.store(databases[0]).install()
    together = threading.Barrier(len(databases))
    find = Find("person", ("email",), ("jane@acme.example",))

    def make(database: SqlDatabase) -> str:
        together.wait()
        lost = 0
        while True:
            try:
                with site.store(database).transaction() as unit:
                    if unit.crm.answer([find])[find]:
                        return "found"
                    unit.crm.insert([database.fit("person", {"email": "Jane@acme.example"}, new=True)], {})
                return "made"
            except RevisionMismatch:
                lost += 1
                assert lost < 5

    with ThreadPoolExecutor(len(databases)) as pool:
        outcomes = sorted(pool.map(make, databases))
    assert outcomes == ["found", "found", "found", "made"]
    assert site.rows('SELECT count(*) FROM "people"') == [(1,)]


def test_a_row_that_is_to_be_made_again_is_made(site: Site) -> None:
    """A claim keeps two writers apart; it forbids nothing to one who knows what is there."""
    site.run('CREATE TABLE "people" (id {ID}, email {NAME})')
    entity = Entity("person", "people", ("id",), {"email": FieldMap("email", ("email",))}, matched_by=(("email",),))
    database = site.database((entity,))
    site.store(database).install()
    stored(site, database, "person", {"email": "jane@acme.example"})
    if site.kind != "sqlite":
        with pytest.raises(RevisionMismatch):
            stored(site, database, "person", {"email": "jane@acme.example"})
    stored(site, database, "person", {"email": "jane@acme.example"})
    assert site.rows('SELECT count(*) FROM "people"') == [(2,)]
    site.rows('DELETE FROM "people"')
    stored(site, database, "person", {"email": "jane@acme.example"})
    assert site.rows('SELECT count(*) FROM "people"') == [(1,)]


def test_a_reading_sees_one_state(site: Site, odd: SqlDatabase) -> None:
    (key,) = stored(site, odd, "odd", {"name": "before"})
    if site.kind == "mssql":
        pytest.skip("SQL Server reads what is committed, unless the database has snapshot isolation")
    with site.store(odd).reading() as unit:
        assert unit.crm.read([key])[key].values["name"] == "before"
        site.rows(f"UPDATE {quoted(HOSTILE)} SET {quoted(COLUMN)} = 'after'")
        assert unit.crm.read([key])[key].values["name"] == "before"
    assert read(site, odd, key)["name"] == "after"


def test_a_rehearsal_leaves_nothing(site: Site, odd: SqlDatabase) -> None:
    store = site.store(odd)
    store.remove()
    with store.borrowed(), store.rehearsal() as unit:
        unit.crm.insert([odd.fit("odd", {"name": "x"}, new=True)], {})
        unit.tracking.set_cursor("anna@ours.example", "c")
        assert unit.tracking.cursor("anna@ours.example") == "c"
        assert unit.crm.answer([Get(RecordKey("odd", 1))])
    assert not store.installed()
    assert site.rows(f"SELECT count(*) FROM {quoted(HOSTILE)}") == [(0,)]
