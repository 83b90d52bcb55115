"""The change log on SQL Server: one trigger on each table, for however many rows a statement touches.

Table and log have one owner, so that other programs need no right on the log (ownership chaining). Who writes is the
session's CONTEXT_INFO, which SQL Server 2012 has already. Changes are numbered by a sequence: an IDENTITY column would
change what @@IDENTITY says to the program whose statement fired the trigger, and many ask it for their new row's key.
Names stand in brackets, which mean the same whatever QUOTED_IDENTIFIER a client has.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy.engine import Connection

from mxsync.dialects.base import Watched
from mxsync.dialects.changes import COLUMNS, OURS, short
from mxsync.model.schema import TableInfo

_MARK: Final = "0x" + OURS.encode().hex().upper()
_WIDTH: Final = 16
"""Of the name of a writer, which is filled up with blanks: the server would fill it up with zeros."""

_SEQUENCE = """IF OBJECT_ID(N'mxsync_changes') IS NULL AND OBJECT_ID(N'mxsync_change_ids') IS NULL
CREATE SEQUENCE mxsync_change_ids AS BIGINT START WITH 1 INCREMENT BY 1"""
_TABLE = """IF OBJECT_ID(N'mxsync_changes') IS NULL
CREATE TABLE mxsync_changes (
  change_id BIGINT NOT NULL PRIMARY KEY DEFAULT (NEXT VALUE FOR mxsync_change_ids),
  table_name NVARCHAR(255) NOT NULL,
  row_key NVARCHAR(450) NOT NULL,
  old_key NVARCHAR(450) NOT NULL,
  operation VARCHAR(6) NOT NULL,
  changed_at VARCHAR(40) NOT NULL,
  writer VARCHAR(16) NOT NULL,
  changed_by NVARCHAR(255) NOT NULL,
  taken INT NOT NULL DEFAULT 0
)"""
_INDEX = """IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'mxsync_changes') AND index_id > 1)
CREATE INDEX mxsync_changes_new ON mxsync_changes (taken, change_id)"""


def bracketed(name: str) -> str:
    """A name as a definition writes it."""
    return f"[{name.replace(']', ']]')}]"


def place_of(table: TableInfo) -> str:
    """The same of a table with its schema."""
    own = bracketed(table.name)
    return f"{bracketed(table.schema)}.{own}" if table.schema else own


def in_unicode(text: str) -> str:
    """A text as a definition writes it."""
    return "N'" + text.replace("'", "''") + "'"


def table() -> list[str]:
    """The statements that make the table of changes."""
    return [_SEQUENCE, _TABLE, _INDEX]


def key_of(row: str, key: Sequence[str]) -> str:
    """A row's key as the change log has it. Its columns may have different collations, which do not add up; and a key
    that is longer than the log's column is cut, for the statement of another program must not fail by it."""
    parts = [f"CONVERT(NVARCHAR(450), {row}.{bracketed(column)}) COLLATE DATABASE_DEFAULT" for column in key]
    return parts[0] if len(parts) == 1 else f"LEFT({' + NCHAR(31) + '.join(parts)}, 450)"


def triggers(watched: Watched) -> list[str]:
    """The trigger of one table. An update of a key is a deletion and an insertion."""
    own = watched.table
    name = bracketed(short(f"mxsync_{own.name}", 120))
    if own.schema:
        name = f"{bracketed(own.schema)}.{name}"
    place = place_of(own)
    join = " AND ".join(f"i.{bracketed(column)} = d.{bracketed(column)}" for column in watched.key)
    first = bracketed(watched.key[0])
    return [
        f"IF OBJECT_ID({in_unicode(name)}) IS NOT NULL DROP TRIGGER {name}",
        f"""CREATE TRIGGER {name} ON {place} AFTER INSERT, UPDATE, DELETE AS
BEGIN
  SET NOCOUNT ON;
  SET ROWCOUNT 0;
  INSERT INTO mxsync_changes ({", ".join(COLUMNS)})
  SELECT {in_unicode(own.full)}, COALESCE({key_of("i", watched.key)}, {key_of("d", watched.key)}), N'',
    CASE WHEN d.{first} IS NULL THEN 'INSERT' WHEN i.{first} IS NULL THEN 'DELETE' ELSE 'UPDATE' END,
    CONVERT(VARCHAR(23), SYSUTCDATETIME(), 126) + 'Z',
    CASE WHEN SUBSTRING(CONTEXT_INFO(), 1, {len(OURS)}) = {_MARK}
      THEN RTRIM(CAST(SUBSTRING(CONTEXT_INFO(), 1, {_WIDTH}) AS VARCHAR({_WIDTH}))) ELSE '' END,
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
        connection.exec_driver_sql(f"DROP TRIGGER {bracketed(schema)}.{bracketed(name)}")
    connection.exec_driver_sql("IF OBJECT_ID(N'mxsync_changes') IS NOT NULL DROP TABLE mxsync_changes")
    connection.exec_driver_sql("IF OBJECT_ID(N'mxsync_change_ids') IS NOT NULL DROP SEQUENCE mxsync_change_ids")


def writing(writer: str) -> str:
    """The statement that says who writes in this session from here on."""
    return f"SET CONTEXT_INFO 0x{writer.ljust(_WIDTH).encode().hex().upper() if writer else '00'}"
