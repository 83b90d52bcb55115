"""How SQL Server is called, and what its drivers are told of many rows."""

from __future__ import annotations

import re
import sys
from datetime import UTC
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import inspect
from sqlalchemy.dialects import mssql

from mxsync.database import reflect
from mxsync.database.convert import reader
from mxsync.database.keys import key_maker
from mxsync.dialects import dialect_of
from mxsync.dialects.base import Watched
from mxsync.dialects.mssql import Mssql
from mxsync.dialects.mssql_changes import triggers
from mxsync.dialects.mssql_cursor import BIGINT, DOUBLE, WVARCHAR, connection_class, sizes_of
from mxsync.dialects.mssql_types import plain
from mxsync.errors import ConfigError
from mxsync.model.record import FieldMap
from mxsync.model.schema import ColumnInfo, ColumnType, TableInfo
from mxsync.model.striking import as_pattern
from tests.tsql import NoDriver, silent_engine


def test_an_address_without_an_odbc_driver_is_a_sentence() -> None:
    for url in ("mssql+pyodbc://h/d", "mssql://h/d?Encrypt=yes"):
        with pytest.raises(ConfigError, match="names no ODBC driver: write"):
            dialect_of(url).open(url, base=Path())


def test_what_columns_are_is_read_from_their_types_and_the_indexes(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLAlchemy's dialect raises NotImplementedError when it is asked for UNIQUE constraints."""
    engine = silent_engine([])
    tables = {"get_table_names": ["a"], "get_view_names": []}
    for name, found in tables.items():
        monkeypatch.setattr(engine.dialect, name, lambda *a, found=found, **k: found)
    columns = [{"name": name, "type": mssql.NVARCHAR(9), "nullable": True, "default": None} for name in ("x", "y", "z")]
    columns.append({"name": "c", "type": mssql.NCHAR(5), "nullable": True, "default": None})
    columns += [
        {"name": type(kind).__name__.lower(), "type": kind, "nullable": False, "default": None}
        for kind in (mssql.MONEY(), mssql.SMALLMONEY(), mssql.UNIQUEIDENTIFIER(), mssql.TIME(), mssql.SQL_VARIANT())
    ]
    indexes = [
        {"name": "UQ__a", "unique": True, "column_names": ["x"]},
        {"name": "i", "unique": False, "column_names": ["y"]},
        {"name": "j", "unique": True, "column_names": ["y", "z"]},
    ]
    for name, answer in (("columns", columns), ("indexes", indexes), ("pk_constraint", {}), ("foreign_keys", [])):
        monkeypatch.setattr(engine.dialect, f"get_multi_{name}", lambda *a, answer=answer, **k: [((None, "a"), answer)])
    with engine.connect() as connection, pytest.raises(NotImplementedError):
        inspect(connection).get_multi_unique_constraints(filter_names=["a"])
    (table,) = reflect.read_schema(engine, Mssql()).tables
    assert [column.name for column in table.columns if column.unique] == ["x"]
    assert [column.name for column in table.columns if column.padded] == ["c"]
    numbers = [column.name for column in table.columns if column.type is ColumnType.NUMBER]
    assert numbers == ["money", "smallmoney"]
    assert [column.name for column in table.columns if column.type is ColumnType.OTHER] == [
        "uniqueidentifier", "time", "sql_variant",
    ]  # fmt: skip
    (guid,) = [column for column in table.columns if column.guid is not None]
    make = key_maker(guid)
    assert guid.made_by_us and make is not None and re.fullmatch("[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", make())
    engine.dispose()


def test_sizes_are_given_where_the_driver_would_take_wrong_ones() -> None:
    assert sizes_of([("longest", 1), ("short", None)]) == []  # all ASCII: the driver is right
    assert sizes_of([("longest", 1, 1.5, True), ("ä", None, 2, None)]) == [
        (WVARCHAR, 7, 0), (BIGINT, 0, 0), (DOUBLE, 0, 0), (BIGINT, 0, 0)
    ]  # fmt: skip
    assert sizes_of([("abc",), ("😀😀",)]) == [(WVARCHAR, 4, 0)]  # UTF-16 has four units for two characters


@pytest.mark.parametrize("rows", [[("ä", None)], [("ä", b"x")], [("ä" * 4001, 1)], [("ä", 1), ("b", "x")]])
def test_what_has_no_size_goes_row_by_row(rows: list[tuple[Any, ...]]) -> None:
    assert sizes_of(rows) is None


class Driver(ModuleType):
    """What is used of mssql-python."""

    class Cursor:
        def __init__(self) -> None:
            self.calls: list[tuple[Any, ...]] = []

        def setinputsizes(self, sizes: Any) -> None:
            self.calls.append(("sizes", sizes))

        def execute(self, operation: str, *values: Any) -> None:
            self.calls.append(("execute", operation, *values))

        def executemany(self, operation: str, rows: Any) -> None:
            self.calls.append(("executemany", operation, rows))

    class Connection:
        def cursor(self) -> Any:
            return Driver.Cursor()


@pytest.mark.parametrize(("rows", "calls"), [
    ([("a",)], [("executemany", "S", [("a",)])]),
    ([("ab",), ("ä",)], [("sizes", [(WVARCHAR, 2, 0)]), ("executemany", "S", [("ab",), ("ä",)])]),
    ([("ä", None)], [("execute", "S", ("ä", None))]),
])  # fmt: skip
def test_the_cursor_of_mssql_python(rows: list[Any], calls: list[Any]) -> None:
    cursor = connection_class(Driver("driver"))().cursor()
    cursor.executemany("S", iter(rows))
    assert cursor.calls == calls


def test_pyodbc_keeps_no_connections_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    driver: Any = NoDriver("pyodbc")
    monkeypatch.setitem(sys.modules, "pyodbc", driver)
    dialect_of("mssql+pyodbc://h/d").open("mssql+pyodbc://h/d?driver=ODBC+Driver+18+for+SQL+Server", base=Path())
    assert driver.pooling is False


def test_a_script_sets_what_sqlcmd_does_not() -> None:
    """Its sessions begin with QUOTED_IDENTIFIER off, which a trigger keeps."""
    script = Mssql().script(["CREATE TABLE a (b INT)"], ["GRANT SELECT ON a TO b"])
    assert script.startswith("SET ANSI_NULLS ON;\nSET QUOTED_IDENTIFIER ON\nGO\n\nCREATE TABLE a (b INT)\nGO\n")
    assert script.endswith("-- GRANT SELECT ON a TO b;\n")


def test_names_of_definitions_stand_in_brackets() -> None:
    table = TableInfo("a]b \"c\" 'd'", (), ("x]y",), schema="s]t")
    drop, create = triggers(Watched(table, ("x]y",)))
    assert (
        drop
        == "IF OBJECT_ID(N'[s]]t].[mxsync_a]]b \"c\" ''d'']') IS NOT NULL DROP TRIGGER [s]]t].[mxsync_a]]b \"c\" 'd']"
    )
    assert "ON [s]]t].[a]]b \"c\" 'd'] AFTER INSERT" in create and "i.[x]]y] = d.[x]]y]" in create


@pytest.mark.parametrize("text", ["a[b]c", "50%", "x_y", "!"])
def test_a_pattern_means_its_text(text: str) -> None:
    assert as_pattern(text) == "".join(f"!{each}" if each in "!%_[" else each for each in text)


def test_blanks_that_fill_a_column_up_are_no_part_of_a_value() -> None:
    field = FieldMap("code", ("code",))
    read = reader(field, ColumnInfo("code", ColumnType.TEXT, 5, padded=True), UTC, UTC)
    assert (read("ab   "), read(None)) == ("ab", None)
    assert reader(field, ColumnInfo("code", ColumnType.TEXT, 5), UTC, UTC)("ab   ") == "ab   "


def test_a_guid_is_the_same_text_from_both_drivers_and_in_the_change_log() -> None:
    from uuid import UUID

    text = "0F8FAD5B-D9CB-469F-A165-70867728950E"
    assert plain((UUID(text), text)) == (text, text)
