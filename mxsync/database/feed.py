"""The feed of changed rows: what the triggers wrote, read once and marked as taken.

It is a queue, not a position: a transaction that began early and commits late writes numbers below those that were read
already, so what is new is what nobody has taken, never what lies behind the last number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection

from mxsync.database.keys import key_named
from mxsync.dialects.base import marks
from mxsync.dialects.changes import OURS
from mxsync.dialects.statements import chunks
from mxsync.model.record import RecordKey
from mxsync.ports.database import UNDO, RowChange

if TYPE_CHECKING:
    from mxsync.database.tables import MappedEntity, SqlDatabase

_KEPT = 100_000
"""So many of the latest changes are kept to look at after they were taken."""


def read_changes(database: SqlDatabase, connection: Connection, limit: int) -> list[RowChange]:
    """The oldest changes that nobody has taken, at most `limit`; none where no change log is installed."""
    if not database.has_log(connection):
        return []
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
                ours=writer.startswith(OURS),
                by=str(by),
                undo=writer == UNDO,
            )
        )
    return found


def take_changes(database: SqlDatabase, connection: Connection, changes: Sequence[RowChange]) -> None:
    """Marks them as taken, in this transaction."""
    if not changes:
        return
    numbers = sorted(change.number for change in changes)
    for part in chunks(numbers, database.dialect.most_values):
        connection.exec_driver_sql(
            f"UPDATE mxsync_changes SET taken = 1 WHERE change_id IN ({marks(part)})",  # noqa: S608
            tuple(part),
        )
    oldest = max(change.number for change in changes) - _KEPT
    if oldest > 0:
        connection.exec_driver_sql("DELETE FROM mxsync_changes WHERE taken = 1 AND change_id < ?", (oldest,))


def _keys(entities: Sequence[MappedEntity], text: str) -> tuple[RecordKey, ...]:
    keys = (key_named(mapped, text) for mapped in entities)
    return tuple(key for key in keys if key is not None)


def _moment(text: str) -> datetime:
    """MariaDB writes six digits, SQL Server as many as it likes."""
    return datetime.fromisoformat(text.rstrip("Z")).replace(tzinfo=UTC)
