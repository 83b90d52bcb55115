"""The change log on MariaDB and MySQL: three triggers on each table.

A trigger writes with the rights of who made it, so that other programs need none on the log. It names the log with its
database: an unqualified name in a trigger is looked for beside the trigger's own table, which may lie in another
database; and by that name it is known which triggers on a server are this database's. Who writes is a variable of the
session. Rows that a foreign key's ON DELETE CASCADE deletes fire no triggers on these servers.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from mxsync.dialects.base import Watched
from mxsync.dialects.changes import COLUMNS, quoted, short

_TABLE = """CREATE TABLE IF NOT EXISTS mxsync_changes (
  change_id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  table_name VARCHAR(255) NOT NULL,
  row_key VARCHAR(512) NOT NULL,
  old_key VARCHAR(512) NOT NULL,
  operation VARCHAR(6) NOT NULL,
  changed_at VARCHAR(40) NOT NULL,
  writer VARCHAR(16) NOT NULL,
  changed_by VARCHAR(255) NOT NULL,
  taken INTEGER NOT NULL DEFAULT 0,
  KEY mxsync_changes_new (taken, change_id)
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_bin"""

_WATCHED = """CREATE PROCEDURE mxsync_watched() SQL SECURITY DEFINER READS SQL DATA
  SELECT CONCAT(CASE WHEN event_object_schema = trigger_schema AND trigger_schema = DATABASE() THEN ''
    ELSE CONCAT(event_object_schema, '.') END, event_object_table)
  FROM information_schema.triggers WHERE trigger_name LIKE 'mxsync!_%' ESCAPE '!'
    AND LOCATE(CONCAT('INSERT INTO "', REPLACE(DATABASE(), '"', '""'), '".mxsync_changes '), action_statement) > 0
  GROUP BY event_object_schema, event_object_table, trigger_schema HAVING COUNT(*) = 3"""


def _into(home: str) -> str:
    return f"INSERT INTO {quoted(home)}.mxsync_changes "


def _literal(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def table() -> list[str]:
    """The statements that make the table of changes."""
    return [_TABLE, "DROP PROCEDURE IF EXISTS mxsync_watched", _WATCHED]


def _key(row: str, key: Sequence[str]) -> str:
    parts = ", ".join(f"{row}.{quoted(column)}" for column in key)
    return f"CONCAT_WS(CHAR(31), {parts})"


def triggers(watched: Watched, home: str) -> list[str]:
    """The three triggers of one table, which write into the log of the database `home`. Each is one statement, so that
    any client takes it."""
    own = watched.table
    place = f"{quoted(own.schema)}.{quoted(own.name)}" if own.schema else quoted(own.name)
    old, new = _key("OLD", watched.key), _key("NEW", watched.key)
    before = f"CASE WHEN BINARY {old} = BINARY {new} THEN '' ELSE {old} END"
    statements: list[str] = []
    for operation, key, earlier in (("INSERT", new, "''"), ("UPDATE", new, before), ("DELETE", old, "''")):
        name = short(f"mxsync_{operation.lower()}_{own.name}", 60)
        trigger = f"{quoted(own.schema)}.{quoted(name)}" if own.schema else quoted(name)
        statements.append(f"DROP TRIGGER IF EXISTS {trigger}")
        statements.append(
            f"CREATE TRIGGER {trigger} AFTER {operation} ON {place} FOR EACH ROW\n"
            f"  {_into(home)}({', '.join(COLUMNS)})\n"
            f"  VALUES ({_literal(own.full)}, {key}, {earlier}, '{operation}',\n"
            "    DATE_FORMAT(UTC_TIMESTAMP(3), '%Y-%m-%dT%H:%i:%s.%fZ'), COALESCE(@mxsync_writer, ''), USER())"
        )
    return statements


def watched(connection: Connection) -> frozenset[str]:
    """The tables that have all three. Asked of a procedure that runs with its maker's rights: who may not make triggers
    is not told of any."""
    there = connection.exec_driver_sql(
        "SELECT COUNT(*) FROM information_schema.routines "
        "WHERE routine_schema = DATABASE() AND routine_name = 'mxsync_watched'"
    ).scalar_one()
    if not there:
        return frozenset()
    rows = connection.exec_driver_sql("CALL mxsync_watched()").fetchall()
    return frozenset(str(name) for (name,) in rows)


def remove(connection: Connection) -> None:
    """Removes triggers, procedure and table; the customer's own stay."""
    rows = connection.exec_driver_sql(
        "SELECT trigger_schema, trigger_name FROM information_schema.triggers "
        "WHERE trigger_name LIKE 'mxsync!_%' ESCAPE '!' AND LOCATE(?, action_statement) > 0",
        (_into(str(connection.exec_driver_sql("SELECT DATABASE()").scalar_one())),),
    ).fetchall()
    for schema, name in rows:
        connection.exec_driver_sql(f"DROP TRIGGER {quoted(schema)}.{quoted(name)}")
    connection.exec_driver_sql("DROP PROCEDURE IF EXISTS mxsync_watched")
    connection.exec_driver_sql("DROP TABLE IF EXISTS mxsync_changes")
