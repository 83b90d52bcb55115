"""What a database says of its own tables."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import inspect
from sqlalchemy import types as sql
from sqlalchemy.engine import Engine
from sqlalchemy.engine.reflection import Inspector, ObjectKind
from sqlalchemy.exc import SAWarning
from sqlalchemy.sql.sqltypes import _Binary  # what MariaDB's LONGBLOB and others have in common

from mxsync.dialects import dialect_of
from mxsync.dialects.base import Dialect, Login
from mxsync.model.schema import ColumnInfo, ColumnType, Schema, TableInfo

_TYPES: tuple[tuple[type, ColumnType], ...] = (
    (sql.Boolean, ColumnType.BOOLEAN),
    (sql.DateTime, ColumnType.MOMENT),
    (sql.Date, ColumnType.DATE),
    (_Binary, ColumnType.BINARY),
    (sql.String, ColumnType.TEXT),
    (sql.Numeric, ColumnType.NUMBER),
    (sql.Float, ColumnType.NUMBER),  # which SQLAlchemy 2.1 does not count among the former
    (sql.Integer, ColumnType.NUMBER),
)
_FEW = 200
"""Tables whose names are given to the database when it is asked about them: statements have no end of values."""


def reflect_schema(url: str, base: Path | None = None, login: Login | None = None) -> Schema:
    """All tables of a database, without mxsync's own. Raises `ConfigError` and `Unavailable`."""
    dialect = dialect_of(url)
    engine = dialect.open(url, base=base or Path(), login=login)
    try:
        return read_schema(engine, dialect)
    finally:
        engine.dispose()


def read_schema(engine: Engine, dialect: Dialect) -> Schema:
    """All tables and views but mxsync's own: those of the default schema first, then those of the others that the user
    may see."""
    with dialect.errors(), engine.connect() as connection, _unknown_types_are_other():
        inspector = inspect(connection)
        default = inspector.default_schema_name
        found = _tables(inspector, None, dialect)
        for schema in sorted(dialect.schemas(connection)):
            if schema != default:
                found += _tables(inspector, schema, dialect)
        return Schema(tuple(found))


@contextmanager
def _unknown_types_are_other() -> Iterator[None]:
    """SQLAlchemy warns of types that it does not know; mxsync has a word for them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        yield


def _tables(inspector: Inspector, schema: str | None, dialect: Dialect) -> list[TableInfo]:
    views = {*inspector.get_view_names(schema)}
    # In the order in which the database names them, which is that of their making on SQLite.
    names = [name for name in (*inspector.get_table_names(schema), *views) if not name.startswith("mxsync_")]
    if not names:
        return []
    kind: dict[str, Any] = {"kind": ObjectKind.ANY, "schema": schema}
    if len(names) <= _FEW:  # our own tables are as many again, and SQLite is asked for each by itself
        kind["filter_names"] = names
    columns = inspector.get_multi_columns(**kind)
    keys = inspector.get_multi_pk_constraint(**kind)
    unique = dialect.unique_columns(inspector, kind)
    foreign = inspector.get_multi_foreign_keys(**kind)
    found = []
    for name in names:
        at: Any = (schema, name)
        if at not in columns:
            continue
        named: Any = keys.get(at) or {}
        key = tuple(named.get("constrained_columns") or ())
        found.append(
            TableInfo(
                name,
                tuple(_columns(columns[at], key, _single(unique.get(at) or ()), dialect)),
                key,
                _foreign(foreign.get(at) or ()),
                schema or "",
                name in views,
            )
        )
    return found


def _single(groups: Iterable[Sequence[str]]) -> set[str]:
    return {group[0] for group in groups if len(group) == 1}


def _foreign(constraints: Iterable[Any]) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for each in constraints:
        if len(each["constrained_columns"]) == 1:
            referred = (each["referred_columns"] or [""])[0]
            found[each["constrained_columns"][0]] = (each["referred_table"], referred)
    return found


def _length(type_: Any) -> int | None:
    """In characters. The longest word of an enumeration is no length: what is not in it is refused, not cut."""
    if isinstance(type_, sql.Enum) or type(type_).__name__ in ("SET", "ENUM"):
        return None
    return getattr(type_, "length", None)


def _columns(columns: Iterable[Any], key: tuple[str, ...], unique: set[str], dialect: Dialect) -> Iterator[ColumnInfo]:
    for column in columns:
        type_ = getattr(column["type"], "data_type", column["type"])  # a domain is what it is made of
        kind = next((kind for python, kind in _TYPES if isinstance(type_, python)), ColumnType.OTHER)
        if dialect.is_boolean(type_):
            kind = ColumnType.BOOLEAN
        elif dialect.is_number(type_):
            kind = ColumnType.NUMBER
        yield ColumnInfo(
            name=dialect.reflected(column["name"]),
            type=kind,
            length=_length(type_) if kind is ColumnType.TEXT else None,
            nullable=bool(column["nullable"]),
            default=column.get("default") is not None,
            generated="computed" in column or dialect.fills(column, key),
            unique=column["name"] in unique,
            zoned=bool(getattr(type_, "timezone", False)) or type_.__class__.__name__ == "DATETIMEOFFSET",
            padded=isinstance(type_, sql.CHAR | sql.NCHAR),
            guid=dialect.guid_letters if isinstance(type_, sql.Uuid) else None,
        )
