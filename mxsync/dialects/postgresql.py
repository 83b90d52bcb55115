"""PostgreSQL, by psycopg 3."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, MetaData, Table, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import Dialect as SqlDialect

from mxsync.dialects import postgresql_changes as changes
from mxsync.dialects.altering import column_name, name_of, narrower
from mxsync.dialects.base import Login, Question, Watched, commented, marks
from mxsync.dialects.changes import quoted
from mxsync.dialects.folding import local_parts, spellings
from mxsync.dialects.server import CONNECT_SECONDS, IDLE_SECONDS, Server, open_server
from mxsync.dialects.statements import chunks
from mxsync.errors import ConfigError
from mxsync.model.schema import TableInfo

# Letters beyond ASCII are made small by ICU: in a database with the locale C the server's own `lower` knows none.
_UNICODE = 'COLLATE "und-x-icu"'


class Postgresql(Server):
    """`mxsync.dialects.base.Dialect`."""

    name: Final = "postgresql"
    most_values: Final = 1000
    savepoints: Final = True
    begin_reading: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
    borrows: Final = True
    state_schema: Final = changes.SCHEMA

    def open(
        self, url: str, *, base: Path, create: bool = False, state: Path | None = None, login: Login | None = None
    ) -> Engine:
        """See `Dialect`."""
        try:
            from mxsync.dialects.postgresql_types import QmarkCursor
        except ImportError as error:
            raise ConfigError(
                "the driver for PostgreSQL is not installed: pip install 'mxsync[postgresql]' where mxsync is installed"
            ) from error

        engine = open_server(
            url,
            login or Login(),
            kind="PostgreSQL",
            driver="psycopg",
            packages={"psycopg": "mxsync[postgresql]"},
            connect_args={
                "connect_timeout": CONNECT_SECONDS, "application_name": "mxsync", "cursor_factory": QmarkCursor,
            },
            paramstyle="qmark",
        )  # fmt: skip
        event.listen(engine, "connect", _prepare)
        return engine

    def state_file(self, url: str, base: Path) -> Path:
        """See `Dialect`."""
        raise ConfigError(
            "[state] url: beside PostgreSQL the tracking tables stand in the schema `mxsync` of the same database; "
            "leave [state] url out"
        )

    def schema_version(self, connection: Connection) -> object | None:
        """A digest of what the catalogue says of columns, indexes and triggers."""
        return connection.exec_driver_sql(_VERSION).fetchone()

    def schemas(self, connection: Connection) -> Sequence[str]:
        """See `Dialect`."""
        rows = connection.exec_driver_sql(
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' "
            "AND nspname NOT IN ('information_schema', 'mxsync') "
            "AND has_schema_privilege(oid, 'USAGE') AND nspname <> current_schema()"
        )
        return [str(name) for (name,) in rows.fetchall()]

    def fills(self, column: Mapping[str, Any], key: Sequence[str]) -> bool:
        """An identity column, or one whose default takes the next of a sequence."""
        return "identity" in column or str(column.get("default") or "").startswith("nextval(")

    def errors(self) -> AbstractContextManager[None]:
        """See `Dialect`."""
        from mxsync.dialects.postgresql_errors import driver_errors

        return driver_errors()

    # ------------------------------------------------------------ names and statements

    def table(self, name: str) -> str:
        """See `Dialect`."""
        return name.removeprefix("public.")

    def upsert(self, table: Table, columns: Sequence[str]) -> str:
        """See `Dialect`."""
        return _upsert(table, tuple(columns))

    def insert(self, table: Table, columns: Sequence[str], *, ignore: bool = False) -> str:
        """See `Dialect`."""
        return _insert(table, tuple(columns), ignore)

    def insert_rows(
        self,
        cursor: Any,
        table: str,
        rows: Sequence[Mapping[str, Any]],
        key: Sequence[str],
        generated: bool,
        signature: str = "",
    ) -> list[Sequence[Any]]:
        """In a pipeline: each row is a statement of its own, so that the keys come back in the order of the rows."""
        made: list[Sequence[Any]] = []
        start = 0
        while start < len(rows):
            columns = tuple(rows[start])
            end = next((n for n in range(start, len(rows)) if tuple(rows[n]) != columns), len(rows))
            values = [tuple(row.values()) for row in rows[start:end]]
            statement = _insert_row(table, columns, tuple(key))
            if len(values) == 1:
                cursor.execute(statement, values[0])
                made.append(tuple(cursor.fetchone()))
            else:
                cursor.executemany(statement, values, returning=True)
                while True:
                    made.append(tuple(cursor.fetchone()))
                    if not cursor.nextset():
                        break
            start = end
        return made

    def change_each(self, cursor: Any, statement: str, rows: Sequence[Sequence[Any]]) -> Sequence[bool]:
        """In a pipeline, which keeps a count for each."""
        if not rows:
            return []
        cursor.executemany(statement, rows, returning=True)
        found = [cursor.rowcount > 0]
        while cursor.nextset():
            found.append(cursor.rowcount > 0)
        return found

    def insert_with_key(self, table: str, columns: Sequence[str], generated: bool) -> Sequence[str]:
        """See `Dialect`. An identity that is always generated takes a value only when told so; others do not mind."""
        names = ", ".join(map(quoted, columns))
        return (f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE VALUES ({marks(columns)})",)

    def insert_link(self, table: str, own: str, other: str) -> str:
        """See `Dialect`."""
        return f"INSERT INTO {table} ({own}, {other}) VALUES (?, ?) ON CONFLICT DO NOTHING"

    def first(self, statement: str, count: int) -> str:
        """See `Dialect`."""
        return f"{statement} LIMIT {count}"

    def claim(self, table: str) -> str | None:
        """See `Dialect`."""
        return (
            f"INSERT INTO {table} (name, taken) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET taken = excluded.taken"
        )

    # ------------------------------------------------------------ texts without regard to case

    def finds_without_case(self, connection: Connection, table: TableInfo) -> frozenset[str]:
        """Columns c that begin an index on lower(c), or are of the type citext."""
        name = changes.full(table.name, table.schema)
        rows = connection.exec_driver_sql(_FOLDED, (name, name)).fetchall()
        return frozenset(str(name) for (name,) in rows)

    def same_text(self, column: str, texts: Sequence[str], indexed: bool) -> Sequence[Question]:
        """With an index on lower(c): the text itself in small letters. Without one, and for letters beyond ASCII: one
        walk through the column, folded nearly as mxsync folds."""
        name = f"t.{quoted(column)}"
        plain = [text for text in texts if text.isascii()] if indexed else []
        other = [text for text in texts if not (indexed and text.isascii())]
        found = [
            Question(f"lower({name}::text) IN ({marks(part)})", part)
            for part in chunks(spellings(plain), self.most_values)
        ]
        folded = f"btrim(regexp_replace(lower(normalize({name}::text) {_UNICODE}), '\\s+', ' ', 'g'))"
        return [
            *found,
            *(Question(f"{folded} IN ({marks(part)})", part) for part in chunks(spellings(other), self.most_values)),
        ]

    def same_address(
        self, table: str, key: Sequence[str], columns: Sequence[tuple[str, bool]], addresses: Sequence[str]
    ) -> Sequence[Question]:
        """The address itself in small letters, and those with a plus tag whose part before it is the same: these are
        few, and a partial index `WHERE strpos(c, '+') > 0` finds them."""
        questions: list[Question] = []
        names = [f"t.{quoted(column)}::text" for column, _ in columns]
        plain = [text for text in addresses if text.isascii()]
        other = [text for text in addresses if not text.isascii()]
        size = max(1, self.most_values // len(names))
        for part in chunks(spellings(plain), size):
            condition = " OR ".join(f"lower({name}) IN ({marks(part)})" for name in names)
            questions.append(Question(f"({condition})", [*part] * len(names)))
        for part in chunks(spellings(other), size):
            condition = " OR ".join(f"btrim(lower(normalize({name}) {_UNICODE})) IN ({marks(part)})" for name in names)
            questions.append(Question(f"({condition})", [*part] * len(names)))
        for part in chunks(spellings(local_parts(addresses)), size):
            condition = " OR ".join(
                f"(strpos({name}, '+') > 0 AND (split_part({name}, '+', 1) = '' "
                f"OR btrim(lower(split_part({name}, '+', 1) {_UNICODE})) IN ({marks(part)})))"
                for name in names
            )
            questions.append(Question(f"({condition})", [*part] * len(names)))
        return questions

    # ------------------------------------------------------------ tracking tables and change log

    def tracking(self, tables: MetaData) -> MetaData:
        """See `Dialect`."""
        return tables

    def schema_statements(self) -> list[str]:
        """See `Dialect`."""
        return [f"CREATE SCHEMA IF NOT EXISTS {changes.SCHEMA}"]

    def removal_statements(self) -> list[str]:
        """See `Dialect`."""
        return [f"DROP SCHEMA IF EXISTS {changes.SCHEMA}"]

    def reshaped(
        self, table: Table, column: Column[Any], found: Mapping[str, Any], key: str, dialect: SqlDialect
    ) -> Sequence[str]:
        """See `Dialect`."""
        if not narrower(found, column):
            return ()
        kind = column.type.compile(dialect=dialect)
        return (f"ALTER TABLE {name_of(table, dialect)} ALTER COLUMN {column_name(column, dialect)} TYPE {kind}",)

    def change_log(self, tables: Sequence[Watched]) -> list[str]:
        """See `Dialect`."""
        return [*changes.table(), *(statement for table in tables for statement in changes.triggers(table))]

    def watched(self, connection: Connection) -> frozenset[str]:
        """See `Dialect`."""
        return changes.watched(connection)

    def remove_change_log(self, connection: Connection) -> None:
        """See `Dialect`."""
        changes.remove(connection)

    def set_writer(self, connection: Connection, writer: str) -> None:
        """A setting of this transaction, which ends with it."""
        connection.exec_driver_sql("SELECT set_config('mxsync.writer', ?, true)", (writer,))

    def bell(self, connection: Any) -> Callable[[float], bool] | None:
        """LISTEN; the triggers NOTIFY at the commit of every transaction that is not mxsync's."""
        connection.autocommit = True
        connection.execute(f"LISTEN {changes.CHANNEL}")
        return lambda seconds: any(True for _ in connection.notifies(timeout=seconds, stop_after=1))

    def script(self, statements: Sequence[str], grants: Sequence[str]) -> str:
        """See `Dialect`."""
        return "\n\n".join(f"{each};" for each in statements) + "\n" + commented(grants)

    def grants(self, tables: Sequence[TableInfo], own: Sequence[str], user: str) -> list[str]:
        """See `Dialect`."""
        who = quoted(user)
        schemas = sorted({quoted(table.schema) if table.schema else "public" for table in tables})
        places = [changes.full(table.name, table.schema) for table in tables]
        return [
            *(f"GRANT USAGE ON SCHEMA {schema} TO {who}" for schema in schemas),
            *(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {place} TO {who}" for place in places),
            *(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {who}" for schema in schemas),
            f"GRANT USAGE ON SCHEMA {changes.SCHEMA} TO {who}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {changes.SCHEMA} TO {who}",
            f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {changes.SCHEMA} TO {who}",
        ]


_VERSION = """
SELECT (SELECT md5(coalesce(string_agg(concat_ws('|', c.relname, a.attname, a.attnum, a.atttypid, a.atttypmod,
          a.attnotnull, a.attidentity, a.attgenerated, a.atthasdef), '~' ORDER BY c.oid, a.attnum), ''))
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'mxsync')
          AND n.nspname NOT LIKE 'pg\\_t%'),
       (SELECT concat_ws(',', count(*), max(indexrelid)) FROM pg_index),
       (SELECT md5(coalesce(string_agg(concat_ws('|', tgrelid, tgname, tgenabled), '~' ORDER BY oid), ''))
        FROM pg_trigger WHERE NOT tgisinternal)
"""

_FOLDED = """
SELECT a.attname FROM pg_attribute a JOIN pg_index i ON i.indrelid = a.attrelid AND a.attnum > 0
WHERE a.attrelid = to_regclass(?) AND i.indexprs IS NOT NULL AND i.indpred IS NULL
  AND pg_get_indexdef(i.indexrelid, 1, true) IN (
    format('lower(%I)', a.attname), format('lower(%I::text)', a.attname), format('lower((%I)::text)', a.attname))
UNION
SELECT a.attname FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND y.typname = 'citext'
"""


def _prepare(connection: Any, record: Any) -> None:
    """UTC, texts as SQL writes them, no waiting for ever; mxsync's own tables are found behind the customer's."""
    from mxsync.dialects.postgresql_types import adapt

    del record
    adapt(connection)
    before = connection.autocommit
    connection.autocommit = True
    for statement in (
        "SET TIME ZONE 'UTC'",
        "SET datestyle TO ISO",
        "SET lock_timeout TO '10s'",
        f"SET idle_in_transaction_session_timeout TO '{IDLE_SECONDS}s'",
        f"SELECT set_config('search_path', current_setting('search_path') || ', {changes.SCHEMA}', false)",
    ):
        connection.execute(statement)
    connection.autocommit = before


@cache
def _upsert(table: Table, columns: tuple[str, ...]) -> str:
    keys = [column.name for column in table.primary_key.columns]
    statement = postgresql.insert(table)
    others = {name: statement.excluded[name] for name in columns if name not in keys}
    return _text(
        statement.values(dict.fromkeys(columns)).on_conflict_do_update(index_elements=keys, set_=others), columns
    )


@cache
def _insert(table: Table, columns: tuple[str, ...], ignore: bool) -> str:
    statement = postgresql.insert(table).values(dict.fromkeys(columns))
    return _text(statement.on_conflict_do_nothing() if ignore else statement, columns)


def _text(statement: postgresql.Insert, columns: tuple[str, ...]) -> str:
    dialect = postgresql.dialect(paramstyle="qmark", implicit_returning=False)  # type: ignore[no-untyped-call]
    return str(statement.inline().compile(dialect=dialect, column_keys=list(columns)))


@lru_cache(maxsize=1024)
def _insert_row(table: str, columns: tuple[str, ...], returned: tuple[str, ...]) -> str:
    values = f"({', '.join(map(quoted, columns))}) VALUES ({marks(columns)})" if columns else "DEFAULT VALUES"
    return f"INSERT INTO {table} {values} RETURNING {', '.join(map(quoted, returned))}"
