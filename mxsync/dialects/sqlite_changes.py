"""The change log: triggers on the customer's tables that note every insertion, update and deletion, and by whom.

They use nothing but SQL, so that any other program can go on writing to the tables. Who writes is read from a table of
one row, which mxsync sets inside its own transactions.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from mxsync.dialects.base import Watched
from mxsync.dialects.changes import COLUMNS, literal, quoted

_TABLES = (
    """CREATE TABLE IF NOT EXISTS mxsync_changes (
  change_id INTEGER PRIMARY KEY,
  table_name VARCHAR(255) NOT NULL,
  row_key VARCHAR(1024) NOT NULL,
  old_key VARCHAR(1024) NOT NULL,
  operation VARCHAR(6) NOT NULL,
  changed_at VARCHAR(40) NOT NULL,
  writer VARCHAR(16) NOT NULL,
  changed_by VARCHAR(255) NOT NULL,
  taken INTEGER NOT NULL DEFAULT 0
)""",
    "CREATE INDEX IF NOT EXISTS mxsync_changes_new ON mxsync_changes (change_id) WHERE taken = 0",
    "CREATE TABLE IF NOT EXISTS mxsync_session (writer VARCHAR(16) NOT NULL)",
    "INSERT INTO mxsync_session (writer) SELECT '' WHERE NOT EXISTS (SELECT 1 FROM mxsync_session)",
)
_OPERATIONS = (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))


_ADDED = (
    ("old_key", "VARCHAR(1024) NOT NULL DEFAULT ''"),
    ("changed_by", "VARCHAR(255) NOT NULL DEFAULT ''"),
    ("taken", "INTEGER NOT NULL DEFAULT 0"),
)
"""What the log of version 2 lacked."""


def _key(row: str, key: Sequence[str]) -> str:
    return "coalesce(" + " || char(31) || ".join(f"CAST({row}.{quoted(column)} AS TEXT)" for column in key) + ", '')"


def _triggers(watched: Watched) -> list[str]:
    statements = []
    name = watched.table.name
    old, new = _key("OLD", watched.key), _key("NEW", watched.key)
    before = f"CASE WHEN {old} = {new} THEN '' ELSE {old} END"
    for operation, row in _OPERATIONS:
        key, earlier = (old if row == "OLD" else new), (before if operation == "UPDATE" else "''")
        statements.append(
            f"CREATE TRIGGER IF NOT EXISTS {quoted(f'mxsync_{operation.lower()}_{name}')} AFTER {operation} ON "
            f"{quoted(name)}\nBEGIN\n  INSERT INTO mxsync_changes ({', '.join(COLUMNS)})\n"
            f"  SELECT {literal(name)}, {key}, {earlier}, '{operation}', "
            "strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), coalesce((SELECT writer FROM mxsync_session LIMIT 1), ''), '';\nEND"
        )
    return statements


def statements(tables: Sequence[Watched]) -> list[str]:
    """What makes the tables and triggers that are missing."""
    return [*_TABLES, *(statement for table in tables for statement in _triggers(table))]


def upgrade(connection: Connection) -> list[str]:
    """What brings an older log to today's form, and takes its triggers away. What had not been looked at then is told
    again, which is of no harm."""
    there = _columns(connection)
    added = [
        f"ALTER TABLE main.mxsync_changes ADD COLUMN {name} {kind}"
        for name, kind in _ADDED
        if there and name not in there
    ]
    return [*added, *(f"DROP TRIGGER {quoted(name)}" for name in _own_triggers(connection))]


def _columns(connection: Connection) -> set[str]:
    return {str(row[1]) for row in connection.exec_driver_sql("PRAGMA main.table_info(mxsync_changes)").fetchall()}


def _own_triggers(connection: Connection) -> list[str]:
    rows = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'mxsync\\_%' ESCAPE '\\'"
    ).fetchall()
    return [str(name) for (name,) in rows]


def watched(connection: Connection) -> frozenset[str]:
    """The tables that are watched; none where the log lacks a column that this mxsync writes."""
    if not {*COLUMNS, "taken"} <= _columns(connection):
        return frozenset()
    rows = connection.exec_driver_sql(
        "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'mxsync\\_insert\\_%' ESCAPE '\\'"
    )
    return frozenset(str(name) for (name,) in rows)


def remove(connection: Connection) -> None:
    """Removes triggers and tables; the customer's own stay."""
    for name in _own_triggers(connection):
        connection.exec_driver_sql(f"DROP TRIGGER {quoted(name)}")
    for table in ("mxsync_changes", "mxsync_session"):
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")


def set_writer(connection: Connection, writer: str) -> None:
    """Says who writes from here on in this transaction; does nothing where no change log is installed."""
    there = connection.exec_driver_sql(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'mxsync_session'"
    ).fetchone()
    if there is not None:
        connection.exec_driver_sql("UPDATE mxsync_session SET writer = ?", (writer,))
