"""Walking through the rows of an entity, and what syncs ask of its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from mxsync.database.lookups import record_reader
from mxsync.model.record import KeyValue, Record
from mxsync.model.schema import ColumnType

if TYPE_CHECKING:
    from mxsync.database.tables import MappedEntity, SqlDatabase


def walk(
    database: SqlDatabase, connection: Connection, entity: str, after: KeyValue | None, most: int
) -> Sequence[Record]:
    """The rows of an entity in the order of their keys, whole, from behind a key on."""
    mapped = database.mapped(entity)
    quoted = database.dialect.quoted
    keys = [f"t.{quoted(column)}" for column in _key_columns(mapped)]
    names = ", ".join(f"t.{quoted(name)}" for name in mapped.read)
    condition, values = "1 = 1", list[Any]()
    if after is not None:
        parts = after if isinstance(after, tuple) else (after,)
        condition, values = _behind(keys, parts)
    statement = (
        f"SELECT {names} FROM {mapped.sql} t WHERE ({condition}){mapped.where} "  # noqa: S608
        f"ORDER BY {', '.join(keys)}"
    )
    rows = connection.exec_driver_sql(database.dialect.first(statement, most), (*values, *mapped.where_values))
    read = record_reader(mapped, mapped.read)
    return [read(database.dialect.plain(row)) for row in rows.fetchall()]


def _behind(keys: Sequence[str], parts: Sequence[Any]) -> tuple[str, list[Any]]:
    """(a, b) > (x, y), spelled out: not every database compares rows."""
    conditions: list[str] = []
    values: list[Any] = []
    for place in range(len(keys)):
        equal = [f"{key} = ?" for key in keys[:place]]
        conditions.append("(" + " AND ".join([*equal, f"{keys[place]} > ?"]) + ")")
        values += parts[: place + 1]
    return " OR ".join(conditions), values


def _key_columns(mapped: MappedEntity) -> list[str]:
    return [column.name for name in mapped.entity.key if (column := mapped.table.column(name)) is not None]


def column_limits(mapped: MappedEntity) -> Mapping[str, int]:
    """How many characters a field's column holds, where it is a single text column with a limit."""
    found: dict[str, int] = {}
    for name, field in mapped.fields.items():
        length = field.columns[0].length
        if len(field.columns) == 1 and length is not None and field.columns[0].type is ColumnType.TEXT:
            found[name] = length
    return found
