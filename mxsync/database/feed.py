"""The feed of changed rows: what the triggers wrote, read once and marked as taken.

It is a queue, not a position: a transaction that began early and commits late writes numbers below those that were read
already, so what is new is what nobody has taken, never what lies behind the last number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection

from mxsync.dialects.changes import OURS, SEPARATOR
from mxsync.model.record import KeyValue, RecordKey
from mxsync.model.schema import ColumnType
from mxsync.ports.database import RowChange

if TYPE_CHECKING:
    from mxsync.database.tables import MappedEntity, SqlDatabase

_KEPT = 100_000
"""So many of the latest changes are kept to look at after they were taken."""


def read_changes(database: SqlDatabase, connection: Connection, limit: int) -> list[RowChange]:
    """The oldest changes that nobody has taken, at most `limit`."""
    rows = connection.exec_driver_sql(
        database.dialect.first(
            "SELECT change_id, table_name, row_key, old_key, operation, changed_at, writer, changed_by "
            "FROM mxsync_changes WHERE taken = 0 ORDER BY change_id",
            limit,
        )
    ).fetchall()
    found = []
    for number, table, key, old, operation, at, writer, by in rows:
        entities = database.entities_in(str(table))
        found.append(
            RowChange(
                number=int(number),
                table=str(table),
                keys=_keys(entities, str(key)),
                old=_keys(entities, str(old)) if old else (),
                operation=str(operation).lower(),
                at=_moment(str(at)),
                ours=writer == OURS,
                by=str(by),
            )
        )
    return found


def take_changes(connection: Connection, changes: Sequence[RowChange]) -> None:
    """Marks them as taken, in this transaction."""
    if not changes:
        return
    # A batch of one value each: with RETURNING or lists, databases differ.
    connection.exec_driver_sql(
        "UPDATE mxsync_changes SET taken = 1 WHERE change_id = ?", [(change.number,) for change in changes]
    )
    oldest = max(change.number for change in changes) - _KEPT
    if oldest > 0:
        connection.exec_driver_sql("DELETE FROM mxsync_changes WHERE taken = 1 AND change_id < ?", (oldest,))


def _keys(entities: Sequence[MappedEntity], text: str) -> tuple[RecordKey, ...]:
    return tuple(RecordKey(mapped.entity.name, _value(mapped, text)) for mapped in entities)


def _value(mapped: MappedEntity, text: str) -> KeyValue:
    parts = text.split(SEPARATOR)
    values: list[int | str] = []
    for name, part in zip(mapped.entity.key, parts, strict=False):
        column = mapped.table.column(name)
        whole = column is not None and column.type is ColumnType.NUMBER and part.lstrip("-").isdigit()
        values.append(int(part) if whole else part)
    return values[0] if len(values) == 1 else tuple(values)


def _moment(text: str) -> datetime:
    """MariaDB writes six digits, SQL Server as many as it likes."""
    return datetime.fromisoformat(text.rstrip("Z")).replace(tzinfo=UTC)
