"""Changes without triggers, where the server itself keeps which rows were changed.

What it tells goes into the table of changes, as triggers would write it. Where the last look is longer ago than it
keeps, or it was turned off and on since, nobody knows which rows were changed, so that all of them are looked at; and
nobody knows which were deleted, so that none is taken for deleted.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection

from mxsync.dialects.base import ChangeTracking
from mxsync.dialects.changes import SEPARATOR
from mxsync.errors import SchemaMismatch

if TYPE_CHECKING:
    from mxsync.database.tables import MappedEntity, SqlDatabase

_log = logging.getLogger(__name__)
_MARK = SEPARATOR
"""The key under which it is kept up to which version a table's changes were taken: no row has it."""


def take_from_server(database: SqlDatabase, tracking: ChangeTracking, connection: Connection) -> None:
    """Writes what the server tells since the last time into the table of changes. The first look at a table only
    remembers. Raises `SchemaMismatch` where it keeps nothing of a table."""
    for mapped in database.watched_entities():
        if not mapped.table.view:
            _take(mapped, tracking, connection)


def _take(mapped: MappedEntity, tracking: ChangeTracking, connection: Connection) -> None:
    table, key = mapped.table, mapped.entity.key
    statement, values = tracking.versions(table)
    current, oldest, begun = connection.exec_driver_sql(statement, tuple(values)).first() or (None, None, None)
    if current is None or oldest is None:
        raise not_tracked([table.full])
    last, begun_then = _mark(connection, table.full)
    if (last, begun_then) == (current, begun):
        return
    whole = begun_then == begun or begun_then is None or begun is None  # the view may be hidden from the user
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if last == current and whole:
        pass  # it was remembered by a version that did not ask when it was begun
    elif last is not None and oldest <= last < current and whole:
        connection.exec_driver_sql(tracking.changes(table, key), (at, last, current))
    elif last is not None:
        # Older than what is kept; or begun anew since; or younger than what there is: an older database came back.
        _log.warning("the database no longer tells what changed in %s: all its rows are looked at", table.full)
        connection.exec_driver_sql(tracking.everything(table, key), (at,))
    _remember(connection, table.full, current, begun)


def _mark(connection: Connection, table: str) -> tuple[int | None, int | None]:
    """Up to which version it was taken, and when its changes were begun to be kept then."""
    found = connection.exec_driver_sql(
        "SELECT stamp FROM mxsync_seen WHERE table_name = ? AND row_key = ?", (table, _MARK)
    ).scalar()
    last, _, begun = str(found or "").partition(" ")
    return int(last) if last else None, int(begun) if begun else None


def _remember(connection: Connection, table: str, version: int, begun: int | None) -> None:
    connection.exec_driver_sql("DELETE FROM mxsync_seen WHERE table_name = ? AND row_key = ?", (table, _MARK))
    connection.exec_driver_sql(
        "INSERT INTO mxsync_seen (table_name, row_key, stamp) VALUES (?, ?, ?)",
        (table, _MARK, f"{version} {begun}" if begun is not None else str(version)),
    )


def not_tracked(tables: list[str]) -> SchemaMismatch:
    """Change tracking is off for these."""
    return SchemaMismatch(
        f"changes of {', '.join(tables)} are not kept, since change tracking is off there: run `mxsync schema "
        "install`, or let the database's administrator run what `mxsync schema show` prints"
    )
