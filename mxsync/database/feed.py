"""The feed of changed rows: what the triggers wrote, read once and marked as taken.

It is a queue, not a position: a transaction that began early and commits late writes numbers below those that were read
already, so what is new is what nobody has taken, never what lies behind the last number.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection

from mxsync.database.keys import key_named, key_text
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
    return _changes(database, connection, "taken = 0", (), limit)


def taken_after(database: SqlDatabase, connection: Connection, number: int) -> list[RowChange]:
    """The changes behind a number that somebody has taken, as far as they are kept."""
    return _changes(database, connection, "taken = 1 AND change_id > ?", (number,), _KEPT)


def _changes(
    database: SqlDatabase, connection: Connection, where: str, values: tuple[int, ...], limit: int
) -> list[RowChange]:
    if not database.has_log(connection):
        return []
    rows = connection.exec_driver_sql(
        database.dialect.first(
            "SELECT change_id, table_name, row_key, old_key, operation, changed_at, writer, changed_by "  # noqa: S608
            f"FROM mxsync_changes{database.dialect.uncommitted_skipped} WHERE {where} ORDER BY change_id",
            limit,
        ),
        values,
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


def told_gone(database: SqlDatabase, connection: Connection, keys: Collection[RecordKey]) -> set[RecordKey]:
    """Of these rows, those of which the last that the log tells is that they were deleted, or got another key. As far
    as it is kept (`_KEPT`): what is no longer in it is not told."""
    gone: set[RecordKey] = set()
    if not keys or not database.has_log(connection):
        return gone
    wanted = set(keys)
    for part in chunks(sorted({key_text(key) for key in wanted}), database.dialect.most_values // 2):
        places = marks(part)
        rows = connection.exec_driver_sql(
            "SELECT table_name, row_key, old_key, operation FROM mxsync_changes "  # noqa: S608
            f"WHERE row_key IN ({places}) OR old_key IN ({places}) ORDER BY change_id",
            (*part, *part),
        ).fetchall()
        for table, text, old, operation in rows:
            entities = database.entities_in(str(table))
            now, before = set(_keys(entities, str(text))), set(_keys(entities, str(old))) if old else set()
            gone |= before & wanted
            if str(operation).lower() == "delete":
                gone |= now & wanted
            else:
                gone -= now
    return gone


def log_mark(database: SqlDatabase, connection: Connection) -> str:
    """The latest change: its number and its time, since numbers are given again after an older log came back."""
    if not database.has_log(connection):
        return ""
    place = f"mxsync_changes{database.dialect.uncommitted_skipped}"
    latest = database.dialect.first(f"SELECT change_id, changed_at FROM {place} ORDER BY change_id DESC", 1)  # noqa: S608
    row = connection.exec_driver_sql(latest).first()
    return f"{int(row[0])} {row[1]}" if row is not None else ""


def log_holds(database: SqlDatabase, connection: Connection, mark: str) -> bool:
    """Whether the log has the change that `log_mark` named."""
    if not database.has_log(connection):
        return False
    number, _, at = mark.partition(" ")
    row = connection.exec_driver_sql(
        "SELECT changed_at FROM mxsync_changes WHERE change_id = ?", (int(number),)
    ).first()
    return row is not None and str(row[0]) == at


def _keys(entities: Sequence[MappedEntity], text: str) -> tuple[RecordKey, ...]:
    keys = (key_named(mapped, text) for mapped in entities)
    return tuple(key for key in keys if key is not None)


def _moment(text: str) -> datetime:
    """MariaDB writes six digits, SQL Server as many as it likes."""
    return datetime.fromisoformat(text.rstrip("Z")).replace(tzinfo=UTC)
