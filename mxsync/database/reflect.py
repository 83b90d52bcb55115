"""What a database says of its own tables."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy import types as sql
from sqlalchemy.engine import Engine
from sqlalchemy.engine.reflection import Inspector

from mxsync.dialects import dialect_of
from mxsync.dialects.base import Dialect
from mxsync.model.schema import ColumnInfo, ColumnType, Schema, TableInfo

_TYPES: tuple[tuple[type, ColumnType], ...] = (
    (sql.Boolean, ColumnType.BOOLEAN),
    (sql.DateTime, ColumnType.MOMENT),
    (sql.Date, ColumnType.DATE),
    (sql.LargeBinary, ColumnType.BINARY),
    (sql.String, ColumnType.TEXT),
    (sql.Numeric, ColumnType.NUMBER),
    (sql.Integer, ColumnType.NUMBER),
)


def reflect_schema(url: str, base: Path | None = None) -> Schema:
    """All tables of a database, without mxsync's own. Raises `ConfigError` and `Unavailable`."""
    dialect = dialect_of(url)
    engine = dialect.open(url, base=base or Path())
    try:
        return read_schema(engine, dialect)
    finally:
        engine.dispose()


def read_schema(engine: Engine, dialect: Dialect) -> Schema:
    """All tables and views but mxsync's own."""
    with dialect.errors(), engine.connect() as connection:
        inspector = inspect(connection)
        there = (*inspector.get_table_names(), *inspector.get_view_names())
        return Schema(tuple(_table(inspector, name) for name in there if not name.startswith("mxsync_")))


def _table(inspector: Inspector, name: str) -> TableInfo:
    key = tuple(inspector.get_pk_constraint(name).get("constrained_columns") or ())
    unique = {
        each["column_names"][0] for each in inspector.get_unique_constraints(name) if len(each["column_names"]) == 1
    }
    foreign: dict[str, tuple[str, str]] = {}
    for each in inspector.get_foreign_keys(name):
        if len(each["constrained_columns"]) == 1:
            referred = (each["referred_columns"] or [""])[0]
            foreign[each["constrained_columns"][0]] = (each["referred_table"], referred)
    columns = []
    for column in inspector.get_columns(name):
        type_ = column["type"]
        columns.append(
            ColumnInfo(
                name=column["name"],
                type=next((kind for python, kind in _TYPES if isinstance(type_, python)), ColumnType.OTHER),
                length=getattr(type_, "length", None),
                nullable=bool(column["nullable"]),
                default=column.get("default") is not None,
                generated=(key == (column["name"],) and isinstance(type_, sql.Integer)) or "computed" in column,
                unique=column["name"] in unique,
            )
        )
    return TableInfo(name, tuple(columns), key, foreign)
