"""The tracking tables as InnoDB takes them.

An index holds 3072 bytes, 768 characters of utf8mb4: less than a mailbox and the name of an item can have. So a longer
primary key becomes a unique digest of itself, which the server computes, and a longer index has the beginnings of its
columns. Texts compare letter by letter: two items whose names differ in case are two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import BINARY, Column, Computed, Index, MetaData, String, Table, Text, UniqueConstraint
from sqlalchemy.engine.interfaces import Dialect as SqlDialect

from mxsync.dialects.altering import name_of, narrower, specified

_MOST: Final = 768
_BEGINNING: Final = 180
_LONGEST: Final = 2**32 - 1
_COLLATION: Final = "utf8mb4_bin"
_OPTIONS: Final[dict[str, Any]] = {
    f"{name}_{option}": value
    for name in ("mysql", "mariadb")
    for option, value in (("charset", "utf8mb4"), ("collate", _COLLATION), ("engine", "InnoDB"))
}


def for_innodb(tables: MetaData) -> MetaData:
    """The same tables, for MariaDB and MySQL."""
    found = MetaData()
    for table in tables.sorted_tables:
        _table(table, found)
    return found


def _length(columns: Any) -> int:
    return sum(getattr(column.type, "length", None) or 0 for column in columns)


def _column(column: Column[Any], *, key: bool) -> Column[Any]:
    kind: Any = column.type
    if isinstance(kind, Text):
        kind = Text(_LONGEST)
    elif isinstance(kind, String):
        kind = String(kind.length)
    return Column(
        column.name, kind, primary_key=key, nullable=column.nullable, unique=column.unique,
        autoincrement=column.autoincrement,
    )  # fmt: skip


def _table(table: Table, found: MetaData) -> None:
    keys = list(table.primary_key.columns)
    long = _length(keys) > _MOST
    parts: list[Any] = [_column(column, key=column.primary_key and not long) for column in table.columns]
    indexes: list[tuple[Any, list[Column[Any]]]] = []
    for index in sorted(table.indexes, key=lambda each: str(each.name)):
        indexes.append((index.name, list(index.columns)))
    if long:
        names = ", ".join(f'CHAR_LENGTH("{column.name}"), "{column.name}"' for column in keys)
        digest = Computed(f"UNHEX(SHA2(CONCAT_WS('|', {names}), 256))", persisted=True)
        parts.append(Column("mxsync_key", BINARY(32), digest))
        parts.append(UniqueConstraint("mxsync_key", name=f"{table.name}_unique"))
        indexes.append((f"{table.name}_own", keys[:2]))
    made = Table(table.name, found, *parts, **_OPTIONS)
    for name, columns in indexes:
        beginnings = {c.name: _BEGINNING for c in columns if (getattr(c.type, "length", None) or 0) > _BEGINNING}
        if _length(columns) <= _MOST:
            beginnings = {}
        lengths: dict[str, Any] = {"mysql_length": beginnings, "mariadb_length": beginnings} if beginnings else {}
        Index(name, *(made.c[column.name] for column in columns), **lengths)


def reshaped(table: Table, column: Column[Any], found: Mapping[str, Any], dialect: SqlDialect) -> Sequence[str]:
    """See `mxsync.dialects.base.Dialect`. Version 2 numbered by itself what is numbered by us."""
    numbered = found.get("autoincrement") is True and column.autoincrement is False
    if not numbered and not narrower(found, column):
        return ()
    return (f"ALTER TABLE {name_of(table, dialect)} MODIFY COLUMN {specified(table, column, dialect)}",)
