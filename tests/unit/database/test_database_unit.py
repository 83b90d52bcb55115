"""Rows written and read back through odd names and hostile values; what is refused is refused alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxsync.database.tables import SqlDatabase
from mxsync.dialects import dialect_of
from mxsync.dialects.sqlite import Sqlite
from mxsync.errors import BadContent, ConfigError, SchemaMismatch
from mxsync.model.record import Converter, Entity, FieldMap, LinkTable, Planned, RecordKey
from mxsync.ports.database import Fitted

DIALECT = Sqlite()
TABLE = 'select "x"; DROP TABLE a --'
COLUMN = "näme ' \" of [it]"
SCHEMA = f"""
CREATE TABLE "{TABLE.replace('"', '""')}" (
    "key" INTEGER PRIMARY KEY, "{COLUMN.replace('"', '""')}" TEXT, "order" VARCHAR(10) UNIQUE, "when" TIMESTAMP, "day" DATE,
    "n" INTEGER NOT NULL DEFAULT 7, "real" REAL, "yes" BOOLEAN, "a" TEXT, "b" TEXT, "c" TEXT, "kind" CHAR(1),
    "other" INTEGER REFERENCES "{TABLE.replace('"', '""')}" ("key"));
CREATE TABLE "tie" (x INTEGER NOT NULL, y INTEGER NOT NULL, PRIMARY KEY (x, y));
CREATE TABLE "two" (a TEXT NOT NULL, b INTEGER NOT NULL, v TEXT, PRIMARY KEY (a, b));
"""
ODD = Entity(
    "odd", TABLE, ("key",),
    {
        "name": FieldMap("name", (COLUMN,)), "code": FieldMap("code", ("order",)), "at": FieldMap("at", ("when",)),
        "day": FieldMap("day", ("day",)), "n": FieldMap("n", ("n",)), "real": FieldMap("real", ("real",)),
        "yes": FieldMap("yes", ("yes",)), "list": FieldMap("list", ("a", "b", "c")),
        "kind": FieldMap("kind", ("kind",), converter=Converter("coded", codes=(("good", "G"), ("bad", "B")))),
        "other": FieldMap("other", ("other",), references="odd"),
    },
    matched_by=(("code",),), links=(LinkTable("odd", "tie", "x", "y"),),
)  # fmt: skip
TWO = Entity(
    "two", "two", ("a", "b"), {"a": FieldMap("a", ("a",)), "b": FieldMap("b", ("b",)), "v": FieldMap("v", ("v",))}
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "odd.db")) as connection, connection:
        connection.executescript(SCHEMA)
    return tmp_path / "odd.db"


@pytest.fixture
def database(path: Path) -> Iterator[SqlDatabase]:
    engine = DIALECT.open(f"sqlite:///{path}", base=Path())
    found = SqlDatabase(engine, DIALECT, timezone="UTC", to_phone=lambda text: text)
    found.use({"odd": ODD, "two": TWO})
    yield found
    engine.dispose()


def stored(database: SqlDatabase, entity: str, values: dict[str, Any]) -> RecordKey:
    fitted = database.fit(entity, values, new=True)
    with DIALECT.errors(), database.engine.connect() as connection:
        connection.exec_driver_sql(DIALECT.begin_writing)
        (key,) = database.unit(connection).insert([fitted], {})
        connection.commit()
    return RecordKey(entity, key)


def read(database: SqlDatabase, key: RecordKey) -> dict[str, Any]:
    with database.engine.connect() as connection:
        return dict(database.unit(connection).read([key])[key].values)


def test_values_come_back_as_they_went(database: SqlDatabase) -> None:
    at = datetime(2026, 11, 23, 10, 0, 30, tzinfo=UTC)
    first = stored(database, "odd", {"name": "x"})
    values = {
        "name": "Robert'); DROP TABLE a;-- \u0000é😀", "code": "a'\"b", "at": at, "day": date(2026, 1, 31), "n": -(2**63),
        "real": 1.5, "yes": True, "list": ("one", "two"), "kind": "bad", "other": first,
    }  # fmt: skip
    found = read(database, stored(database, "odd", values))
    assert found["name"] == "Robert'); DROP TABLE a;-- é😀"  # a NUL is what no database stores
    assert {name: found[name] for name in ("code", "at", "day", "n", "real", "list", "kind", "other")} == {
        name: values[name] for name in ("code", "at", "day", "n", "real", "list", "kind", "other")
    }
    assert found["yes"] is True or found["yes"] == 1


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_stored(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "text.db"
    if not path.exists():
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.executescript(SCHEMA)
    engine = DIALECT.open(f"sqlite:///{path}", base=Path())
    database = SqlDatabase(engine, DIALECT, timezone="UTC", to_phone=lambda each: each)
    database.use({"odd": ODD})
    try:
        found = read(database, stored(database, "odd", {"name": text}))
    finally:
        engine.dispose()
    assert (found["name"] or "") == text.replace("\0", "")


def test_lone_surrogates_become_replacement_characters(database: SqlDatabase) -> None:
    assert read(database, stored(database, "odd", {"name": "a\ud800b"}))["name"] == "a\ufffdb"


def test_a_default_of_the_table_stands_where_nothing_is_said(database: SqlDatabase) -> None:
    assert read(database, stored(database, "odd", {"name": None}))["n"] == 7


def test_what_does_not_fit_is_said(database: SqlDatabase) -> None:
    assert database.fit("odd", {"list": ("1", "2", "3", "4")}, new=True).notes[0].startswith("`list` has 4 values")
    with pytest.raises(BadContent, match="`code` has 11 characters"):  # matched by it: never cut
        database.fit("odd", {"code": "x" * 11}, new=True)
    with pytest.raises(BadContent, match="too large"):
        database.fit("odd", {"n": 2**63}, new=True)
    with pytest.raises(BadContent, match="no code for `ugly`"):
        database.fit("odd", {"kind": "ugly"}, new=True)


def test_a_refused_row_leaves_nothing_of_its_transaction(database: SqlDatabase, path: Path) -> None:
    stored(database, "odd", {"code": "taken"})
    with (
        pytest.raises(BadContent, match="there is a row with the same"),
        DIALECT.errors(),
        database.engine.connect() as connection,
    ):
        connection.exec_driver_sql(DIALECT.begin_writing)
        unit = database.unit(connection)
        unit.insert(
            [database.fit("odd", {"code": "new"}, new=True), database.fit("odd", {"code": "taken"}, new=True)], {}
        )
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute(f'SELECT "order" FROM "{TABLE.replace(chr(34), chr(34) * 2)}"').fetchall() == [
            ("taken",)
        ]
    with pytest.raises(BadContent, match="not there"):
        stored(database, "odd", {"other": RecordKey("odd", 99)})


def test_rows_are_updated_linked_once_and_deleted_with_their_links(database: SqlDatabase, path: Path) -> None:
    one, two = stored(database, "odd", {"name": "one"}), stored(database, "odd", {"name": "two"})
    with database.engine.connect() as connection:
        connection.exec_driver_sql(DIALECT.begin_writing)
        unit = database.unit(connection)
        unit.update([(one.value, Fitted("odd", {COLUMN: "changed"}))], {})
        pair = (one.value, two.value)
        assert unit.link("odd", "odd", [pair, pair]) == [pair]
        assert unit.link("odd", "odd", [pair]) == []
        before = unit.before([one], links=True)[one]
        assert before.columns[COLUMN] == "changed" and [table for table, _ in before.links] == ["tie"]
        unit.delete([one])
        connection.commit()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute('SELECT count(*) FROM "tie"').fetchone() == (0,)
    assert read(database, two)["name"] == "two"


def test_keys_of_several_columns(database: SqlDatabase) -> None:
    key = stored(database, "two", {"a": "x", "b": 2, "v": "first"})
    assert key.value == ("x", 2)
    with database.engine.connect() as connection:
        connection.exec_driver_sql(DIALECT.begin_writing)
        database.unit(connection).update([(key.value, Fitted("two", {"v": "second"}))], {})
        connection.commit()
    assert read(database, key)["v"] == "second"


def test_a_planned_key_becomes_the_real_one(database: SqlDatabase) -> None:
    with database.engine.connect() as connection:
        connection.exec_driver_sql(DIALECT.begin_writing)
        unit = database.unit(connection)
        (first,) = unit.insert([database.fit("odd", {"name": "a"}, new=True)], {})
        fitted = database.fit("odd", {"other": RecordKey("odd", Planned(3))}, new=True)
        (second,) = unit.insert([fitted], {3: first})
        connection.commit()
    assert read(database, RecordKey("odd", second))["other"] == RecordKey("odd", first)


@pytest.mark.parametrize(
    ("url", "word"),
    [("oracle://x/y", "no kind of database"), ("postgresql://x/", "names no database"), ("nonsense", "no database address"),
     ("postgresql+psycopg2://x/y", "by postgresql\\+psycopg, not by"), ("mssql+pymssql://x/y", "mssql\\+pyodbc or mssql\\+mssqlpython"),
     ("sqlite:///", "names no file"), ("sqlite:///absent.db", "there is no database")],
)  # fmt: skip
def test_addresses_that_cannot_be_used(url: str, word: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=word):
        dialect_of(url).open(url, base=tmp_path)


def test_an_entity_whose_table_or_column_is_missing(database: SqlDatabase) -> None:
    with pytest.raises(SchemaMismatch, match="Nowhere"):
        database.use({"x": Entity("x", "Nowhere", ("k",), {})})
    with pytest.raises(SchemaMismatch, match="no column Gone"):
        database.use({"x": Entity("x", "two", ("a", "b"), {"g": FieldMap("g", ("Gone",))})})


def test_a_table_that_was_altered_is_read_again(database: SqlDatabase, path: Path) -> None:
    before = database.schema()
    assert database.schema() is before
    assert [table.name for table in database.schema(["TWO", "absent"]).tables] == ["two"]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("ALTER TABLE two ADD COLUMN later TEXT")
        connection.execute("CREATE TABLE newer (a TEXT)")
    two = database.schema(["two"]).table("two")
    assert two is not None and two.column("later") is not None
    assert database.schema().table("newer") is not None
