"""SQL Server's change tracking: the server itself keeps which rows were changed, without triggers.

It knows a row by its primary key, and of several changes of a row only what they came to. Who writes is said with each
statement (WITH CHANGE_TRACKING_CONTEXT). What mxsync turns on is noted in its own tables, so that it turns off that and
nothing else: other programs may use the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy.engine import Connection

from mxsync.dialects.base import Watched
from mxsync.dialects.changes import COLUMNS, OURS, short
from mxsync.dialects.mssql_changes import bracketed, in_unicode, key_of, place_of
from mxsync.model.schema import TableInfo

_NOTE: Final = "change tracking"
_AT: Final = "CAST(? AS VARCHAR(40))"
_KEPT: Final = "CHANGE_RETENTION = 14 DAYS, AUTO_CLEANUP = ON"
"""How long the server keeps changes, unless somebody has turned change tracking on before us."""


def _noted(what: str, table: str) -> str:
    # It is there already where somebody has turned off meanwhile what we had turned on.
    return (
        f"IF NOT EXISTS (SELECT 1 FROM mxsync_meta WHERE name = {in_unicode(what)})\n"
        f"INSERT INTO mxsync_meta (name, value) VALUES ({in_unicode(what)}, {in_unicode(table)})"
    )


class MssqlTracking:
    """`mxsync.dialects.base.ChangeTracking`."""

    def install(self, tables: Sequence[Watched]) -> list[str]:
        """See `ChangeTracking`."""
        statements = [
            "IF NOT EXISTS (SELECT 1 FROM sys.change_tracking_databases WHERE database_id = DB_ID())\nBEGIN\n"
            f"ALTER DATABASE CURRENT SET CHANGE_TRACKING = ON ({_KEPT});\n{_noted(_NOTE, '')};\nEND"
        ]
        for watched in tables:
            place = place_of(watched.table)
            note = short(f"{_NOTE} {watched.table.full}", 64)
            statements.append(
                "IF NOT EXISTS (SELECT 1 FROM sys.change_tracking_tables "
                f"WHERE object_id = OBJECT_ID({in_unicode(place)}))\nBEGIN\n"
                f"ALTER TABLE {place} ENABLE CHANGE_TRACKING;\n{_noted(note, place)};\nEND"
            )
        return statements

    def watched(self, connection: Connection) -> frozenset[str]:
        """See `ChangeTracking`."""
        rows = connection.exec_driver_sql(
            "SELECT CASE WHEN s.name = SCHEMA_NAME() THEN N'' ELSE s.name + N'.' END + t.name "
            "FROM sys.change_tracking_tables AS c JOIN sys.tables AS t ON t.object_id = c.object_id "
            "JOIN sys.schemas AS s ON s.schema_id = t.schema_id"
        )
        return frozenset(str(name) for (name,) in rows.fetchall())

    def removal(self, connection: Connection) -> list[str]:
        """See `ChangeTracking`."""
        rows = connection.exec_driver_sql(
            "SELECT name, value FROM mxsync_meta WHERE name = ? OR name LIKE ? ORDER BY name DESC",
            (_NOTE, f"{_NOTE} %"),
        ).fetchall()
        statements = []
        for name, place in rows:
            if name != _NOTE:
                statements.append(
                    "IF EXISTS (SELECT 1 FROM sys.change_tracking_tables "
                    f"WHERE object_id = OBJECT_ID({in_unicode(str(place))}))\n"
                    f"ALTER TABLE {place} DISABLE CHANGE_TRACKING"
                )
            else:  # the last: where others track tables of their own by now, it stays on
                statements.append(
                    "IF NOT EXISTS (SELECT 1 FROM sys.change_tracking_tables)\n"
                    "ALTER DATABASE CURRENT SET CHANGE_TRACKING = OFF"
                )
        return statements

    def versions(self, table: TableInfo) -> tuple[str, Sequence[str]]:
        """See `ChangeTracking`."""
        return (
            "SELECT CHANGE_TRACKING_CURRENT_VERSION(), CHANGE_TRACKING_MIN_VALID_VERSION(OBJECT_ID(?)),\n"
            "(SELECT begin_version FROM sys.change_tracking_tables WHERE object_id = OBJECT_ID(?))",
            (place_of(table), place_of(table)),
        )

    def changes(self, table: TableInfo, key: Sequence[str]) -> str:
        """See `ChangeTracking`. What a row's last change came to after the version asked for is told the next time."""
        writer = "CAST(SUBSTRING(c.SYS_CHANGE_CONTEXT, 1, 16) AS VARCHAR(16))"
        return (
            f"INSERT INTO mxsync_changes ({', '.join(COLUMNS)})\n"
            f"SELECT {in_unicode(table.full)}, {key_of('c', key)}, N'',\n"
            "  CASE c.SYS_CHANGE_OPERATION WHEN 'I' THEN 'INSERT' WHEN 'D' THEN 'DELETE' ELSE 'UPDATE' END,\n"
            f"  {_AT},\n"
            f"  CASE WHEN {writer} LIKE '{OURS}%' THEN {writer} ELSE '' END, N''\n"
            f"FROM CHANGETABLE(CHANGES {place_of(table)}, ?) AS c WHERE c.SYS_CHANGE_VERSION <= ?"
        )

    def everything(self, table: TableInfo, key: Sequence[str]) -> str:
        """See `ChangeTracking`."""
        return (
            f"INSERT INTO mxsync_changes ({', '.join(COLUMNS)})\n"
            f"SELECT {in_unicode(table.full)}, {key_of('t', key)}, N'', 'UPDATE', {_AT}, '', N''\n"
            f"FROM {place_of(table)} AS t"
        )

    def signature(self, writer: str) -> str:
        """See `ChangeTracking`."""
        return f"WITH CHANGE_TRACKING_CONTEXT (0x{writer.encode().hex().upper()}) " if writer else ""

    def grants(self, tables: Sequence[Watched], user: str) -> list[str]:
        """See `ChangeTracking`."""
        return [f"GRANT VIEW CHANGE TRACKING ON {place_of(each.table)} TO {bracketed(user)}" for each in tables]
