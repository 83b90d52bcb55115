"""A server's change tracking, played by SQLite: for the logic around it, which is the same on SQL Server.

As there: versions count up with each change; of a row only what its changes came to is told, with the context of the
last; below a version nothing is known any more; a table that is not tracked has no versions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy.engine import Connection

from mxsync.dialects.base import Watched
from mxsync.dialects.changes import COLUMNS, quoted
from mxsync.dialects.sqlite import Sqlite
from mxsync.model.schema import TableInfo

_LOG: Final = "CREATE TABLE IF NOT EXISTS kept (version INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, row TEXT, what TEXT, context TEXT)"
_OLDEST: Final = "CREATE TABLE IF NOT EXISTS kept_from (name TEXT PRIMARY KEY, oldest INTEGER, begun INTEGER)"

_NOW: Final = "SELECT coalesce(max(seq), 0) AS now FROM sqlite_sequence WHERE name = 'kept'"


def _key(row: str, key: Sequence[str]) -> str:
    return " || char(31) || ".join(f"CAST({row}.{quoted(column)} AS TEXT)" for column in key)


class Kept:
    """`mxsync.dialects.base.ChangeTracking`."""

    def install(self, tables: Sequence[Watched]) -> list[str]:
        statements = [_LOG, _OLDEST]
        for each in tables:
            name = each.table.name
            statements.append(f"INSERT OR IGNORE INTO kept_from SELECT '{name}', now, now FROM ({_NOW})")
            for operation, what, row in (("INSERT", "I", "NEW"), ("UPDATE", "U", "NEW"), ("DELETE", "D", "OLD")):
                statements.append(
                    f"CREATE TRIGGER IF NOT EXISTS {quoted(f'kept_{name}_{what}')} AFTER {operation} ON {quoted(name)} "
                    "BEGIN INSERT INTO kept (name, row, what, context) SELECT "
                    f"'{name}', {_key(row, each.key)}, '{what}', (SELECT writer FROM mxsync_session); END"
                )
        return statements

    def watched(self, connection: Connection) -> frozenset[str]:
        if not connection.dialect.has_table(connection, "kept_from"):
            return frozenset()
        return frozenset(str(name) for (name,) in connection.exec_driver_sql("SELECT name FROM kept_from").fetchall())

    def removal(self, connection: Connection) -> list[str]:
        rows = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'kept!_%' ESCAPE '!'"
        )
        drops = [f"DROP TRIGGER {quoted(str(name))}" for (name,) in rows.fetchall()]
        return [*drops, "DROP TABLE IF EXISTS kept", "DROP TABLE IF EXISTS kept_from"]

    def versions(self, table: TableInfo) -> tuple[str, Sequence[str]]:
        return (
            f"SELECT (SELECT now FROM ({_NOW})), oldest, begun FROM kept_from WHERE name = ?",
            (table.name,),
        )

    def changes(self, table: TableInfo, key: Sequence[str]) -> str:
        return f"""WITH asked (at, since, upto) AS (VALUES (?, ?, ?))
INSERT INTO mxsync_changes ({", ".join(COLUMNS)}) SELECT k.name, k.row, '',
CASE WHEN k.what = 'D' THEN 'DELETE' WHEN EXISTS (SELECT 1 FROM kept f, asked a WHERE f.row = k.row AND f.name = k.name
  AND f.what = 'I' AND f.version > a.since) THEN 'INSERT' ELSE 'UPDATE' END, asked.at, coalesce(k.context, ''), ''
FROM kept k, asked WHERE k.name = '{table.name}' AND k.version > asked.since GROUP BY k.row
HAVING k.version = max(k.version) AND max(k.version) <= asked.upto ORDER BY k.version"""

    def everything(self, table: TableInfo, key: Sequence[str]) -> str:
        return (
            f"INSERT INTO mxsync_changes ({', '.join(COLUMNS)}) "
            f"SELECT '{table.name}', {_key('t', key)}, '', 'UPDATE', ?, '', '' FROM {quoted(table.name)} t"
        )

    def signature(self, writer: str) -> str:
        return ""  # the triggers of this play know who writes

    def grants(self, tables: Sequence[Watched], user: str) -> list[str]:
        return []


class TrackingSqlite(Sqlite):
    """SQLite with change tracking."""

    change_tracking = Kept()
