"""The change log on PostgreSQL: a function and a row trigger for each table, and a bell that rings at the commit.

The functions are SECURITY DEFINER, so that other programs need no right on the log to go on writing. Who writes is a
setting of the transaction, which ends with it whatever happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy.engine import Connection

from mxsync.dialects.base import Watched
from mxsync.dialects.changes import COLUMNS, OURS, literal, quoted, short

SCHEMA: Final = "mxsync"
CHANNEL: Final = "mxsync_changes"

_TABLE = f"""CREATE TABLE IF NOT EXISTS {SCHEMA}.mxsync_changes (
  change_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  table_name VARCHAR(255) NOT NULL,
  row_key VARCHAR(1024) NOT NULL,
  old_key VARCHAR(1024) NOT NULL,
  operation VARCHAR(6) NOT NULL,
  changed_at VARCHAR(40) NOT NULL,
  writer VARCHAR(16) NOT NULL,
  changed_by VARCHAR(255) NOT NULL,
  taken INTEGER NOT NULL DEFAULT 0
)"""
_INDEX = f"CREATE INDEX IF NOT EXISTS mxsync_changes_new ON {SCHEMA}.mxsync_changes (change_id) WHERE taken = 0"


def table() -> list[str]:
    """The statements that make the table of changes."""
    return [_TABLE, _INDEX]


def full(table: str, schema: str) -> str:
    """The quoted name of a table."""
    return f"{quoted(schema)}.{quoted(table)}" if schema else quoted(table)


def _key(row: str, key: Sequence[str]) -> str:
    return " || chr(31) || ".join(f"{row}.{quoted(column)}::text" for column in key)


def triggers(watched: Watched) -> list[str]:
    """The function and the trigger of one table."""
    own = watched.table
    function = f"{SCHEMA}.{quoted(short(f'log {own.full}', 63))}"
    place = full(own.name, own.schema)
    old, new = _key("OLD", watched.key), _key("NEW", watched.key)
    columns = ", ".join(COLUMNS)
    return [
        f"""CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $mxsync$
DECLARE
  own text := '';
  before text := '';
  who text := coalesce(current_setting('mxsync.writer', true), '');
BEGIN
  IF TG_OP = 'DELETE' THEN
    own := {old};
  ELSE
    own := {new};
  END IF;
  IF TG_OP = 'UPDATE' THEN
    before := {old};
  END IF;
  IF before = own THEN
    before := '';
  END IF;
  INSERT INTO {SCHEMA}.mxsync_changes ({columns})
  VALUES ({literal(own.full)}, coalesce(own, ''), coalesce(before, ''), TG_OP,
    to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), who, session_user);
  IF who <> {literal(OURS)} THEN
    PERFORM pg_notify({literal(CHANNEL)}, '');
  END IF;
  RETURN NULL;
END
$mxsync$""",
        f"DROP TRIGGER IF EXISTS mxsync_log ON {place}",
        f"CREATE TRIGGER mxsync_log AFTER INSERT OR UPDATE OR DELETE ON {place} "
        f"FOR EACH ROW EXECUTE PROCEDURE {function}()",
    ]


def watched(connection: Connection) -> frozenset[str]:
    """The tables whose trigger is there and enabled."""
    rows = connection.exec_driver_sql(
        "SELECT CASE WHEN n.nspname = current_schema() THEN '' ELSE n.nspname || '.' END || c.relname "
        "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE t.tgname = 'mxsync_log' AND t.tgenabled <> 'D' AND to_regclass(?) IS NOT NULL",
        (f"{SCHEMA}.mxsync_changes",),
    )
    return frozenset(str(name) for (name,) in rows.fetchall())


def remove(connection: Connection) -> None:
    """Removes triggers, functions and the table; the customer's own stay."""
    rows = connection.exec_driver_sql(
        "SELECT n.nspname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE t.tgname = 'mxsync_log'"
    ).fetchall()
    for schema, name in rows:
        connection.exec_driver_sql(f"DROP TRIGGER mxsync_log ON {full(name, schema)}")
    rows = connection.exec_driver_sql(
        "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = ?", (SCHEMA,)
    ).fetchall()
    for (name,) in rows:
        connection.exec_driver_sql(f"DROP FUNCTION {SCHEMA}.{quoted(name)}()")
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {SCHEMA}.mxsync_changes")
