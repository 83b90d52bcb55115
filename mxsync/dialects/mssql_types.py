"""Values as SQL Server's drivers give them, made the same as on every other database; the tracking tables as SQL Server
needs them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import NVARCHAR, Column, Index, MetaData, String, Table, Text, Unicode

_COLLATION: Final = "Latin1_General_100_BIN2"


def plain(row: Sequence[Any]) -> tuple[Any, ...]:
    """A row with its dates and times as texts, as their columns hold them; what has an offset in UTC."""
    return tuple(value if type(value) in _AS_THEY_ARE else _plain(value) for value in row)


_AS_THEY_ARE: Final = frozenset({str, int, float, bool, type(None)})


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            if value.tzinfo is not None:
                return value.astimezone(UTC).isoformat(" ")
            text = value.isoformat(" ")
            return text.rstrip("0") if "." in text else text
        case date() | time():
            return value.isoformat()
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case UUID():
            return str(value)
        case bytearray() | memoryview():
            return bytes(value)
    return value


def for_mssql(tables: MetaData) -> MetaData:
    """The tracking tables with texts in Unicode that compare letter by letter."""
    found = MetaData()
    for table in tables.sorted_tables:
        columns: list[Column[Any]] = []
        for column in table.columns:
            kind: Any = column.type
            if isinstance(kind, Text):
                kind = NVARCHAR()  # of any length, and comparable, which NTEXT is not
            elif isinstance(kind, String):
                kind = Unicode(kind.length, collation=_COLLATION)
            columns.append(
                Column(
                    column.name, kind, primary_key=column.primary_key, nullable=column.nullable, unique=column.unique
                )
            )
        made = Table(table.name, found, *columns)
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            Index(index.name, *(made.c[column.name] for column in index.columns))
    return found
