"""The change log on SQL Server: one trigger on each table, for however many rows a statement touches.

Table and log have one owner, so that other programs need no right on the log (ownership chaining). Who writes is the
session's CONTEXT_INFO, which SQL Server 2012 has already.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy.engine import Connection

from mxsync.dialects.base import Watched
from mxsync.dialects.changes import COLUMNS, OURS, quoted, short

_MARK: Final = "0x" + OURS.encode().hex().upper()

_TABLE = """IF OBJECT_ID(N'mxsync_changes') IS NULL
CREATE TABLE mxsync_changes (
  change_id BIGINT IDENTITY NOT NULL PRIMARY KEY,
  table_name NVARCHAR(255) NOT NULL,
  row_key NVARCHAR(450) NOT NULL,
  old_key NVARCHAR(450) NOT NULL,
  operation VARCHAR(6) NOT NULL,
  changed_at VARCHAR(40) NOT NULL,
  writer VARCHAR(16) NOT NULL,
  changed_by NVARCHAR(255) NOT NULL,
  taken INT NOT NULL DEFAULT 0,
  INDEX mxsync_changes_new NONCLUSTERED (taken, change_id)
)"""
# An index inside CREATE TABLE is younger than SQL Server 2012.
_TABLE_2012 = _TABLE.replace(",\n  INDEX mxsync_changes_new NONCLUSTERED (taken, change_id)", "")
_INDEX = """IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE name = N'mxsync_changes_new')
CREATE INDEX mxsync_changes_new ON mxsync_changes (taken, change_id)"""


def in_unicode(text: str) -> str:
    """A text as a definition writes it."""
    return "N'" + text.replace("'", "''") + "'"


def table() -> list[str]:
    """The statements that make the table of changes."""
    return [_TABLE_2012, _INDEX]


def key_of(row: str, key: Sequence[str]) -> str:
    """A row's key as the change log has it."""
    return " + NCHAR(31) + ".join(f"CONVERT(NVARCHAR(450), {row}.{quoted(column)})" for column in key)


def triggers(watched: Watched) -> list[str]:
    """The trigger of one table. An update of a key is a deletion and an insertion."""
    own = watched.table
    name = quoted(short(f"mxsync_{own.name}", 120))
    if own.schema:
        name = f"{quoted(own.schema)}.{name}"
    place = f"{quoted(own.schema)}.{quoted(own.name)}" if own.schema else quoted(own.name)
    join = " AND ".join(f"i.{quoted(column)} = d.{quoted(column)}" for column in watched.key)
    first = quoted(watched.key[0])
    return [
        f"IF OBJECT_ID({in_unicode(name)}) IS NOT NULL DROP TRIGGER {name}",
        f"""CREATE TRIGGER {name} ON {place} AFTER INSERT, UPDATE, DELETE AS
BEGIN
  SET NOCOUNT ON;
  INSERT INTO mxsync_changes ({", ".join(COLUMNS)})
  SELECT {in_unicode(own.full)}, COALESCE({key_of("i", watched.key)}, {key_of("d", watched.key)}), N'',
    CASE WHEN d.{first} IS NULL THEN 'INSERT' WHEN i.{first} IS NULL THEN 'DELETE' ELSE 'UPDATE' END,
    CONVERT(VARCHAR(23), SYSUTCDATETIME(), 126) + 'Z',
    CASE WHEN SUBSTRING(CONTEXT_INFO(), 1, {len(OURS)}) = {_MARK} THEN '{OURS}' ELSE '' END,
    ORIGINAL_LOGIN()
  FROM inserted AS i FULL OUTER JOIN deleted AS d ON {join};
END""",
    ]


def watched(connection: Connection) -> frozenset[str]:
    """The tables whose trigger is there and enabled."""
    rows = connection.exec_driver_sql(
        "SELECT CASE WHEN s.name = SCHEMA_NAME() THEN N'' ELSE s.name + N'.' END + t.name FROM sys.triggers AS r "
        "JOIN sys.tables AS t ON t.object_id = r.parent_id JOIN sys.schemas AS s ON s.schema_id = t.schema_id "
        "WHERE r.name LIKE N'mxsync[_]%' AND r.is_disabled = 0 AND OBJECT_ID(N'mxsync_changes') IS NOT NULL"
    )
    return frozenset(str(name) for (name,) in rows.fetchall())


def remove(connection: Connection) -> None:
    """Removes triggers and table; the customer's own stay."""
    rows = connection.exec_driver_sql(
        "SELECT s.name, r.name FROM sys.triggers AS r JOIN sys.tables AS t ON t.object_id = r.parent_id "
        "JOIN sys.schemas AS s ON s.schema_id = t.schema_id WHERE r.name LIKE N'mxsync[_]%'"
    ).fetchall()
    for schema, name in rows:
        connection.exec_driver_sql(f"DROP TRIGGER {quoted(schema)}.{quoted(name)}")
    connection.exec_driver_sql("IF OBJECT_ID(N'mxsync_changes') IS NOT NULL DROP TABLE mxsync_changes")


def writing(writer: str) -> str:
    """The statement that says who writes in this session from here on."""
    return f"SET CONTEXT_INFO 0x{writer.encode().hex().upper() or '00'}"
