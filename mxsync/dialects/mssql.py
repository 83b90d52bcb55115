"""SQL Server and Azure SQL, by pyodbc or by Microsoft's mssql-python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, MetaData, Table, event
from sqlalchemy.dialects import mssql
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import Dialect as SqlDialect

from mxsync.dialects import mssql_changes as changes
from mxsync.dialects.altering import name_of, specified
from mxsync.dialects.base import WRITER, ChangeTracking, Login, Question, Watched, commented, marks
from mxsync.dialects.changes import quoted
from mxsync.dialects.folding import local_parts, spellings
from mxsync.dialects.mssql_errors import driver_errors
from mxsync.dialects.mssql_tables import for_mssql, reshaped
from mxsync.dialects.mssql_tracking import MssqlTracking
from mxsync.dialects.mssql_types import plain
from mxsync.dialects.server import CONNECT_SECONDS, EMPTY, Server, open_server
from mxsync.dialects.statements import chunks
from mxsync.errors import ConfigError
from mxsync.model.schema import TableInfo

_WITHOUT_CASE = "COLLATE Latin1_General_100_CI_AS"
_MOST_VALUES = 1900
"""How many values go in one batch of statements; SQL Server takes 2100."""


class Mssql(Server):
    """`mxsync.dialects.base.Dialect`. Names are quoted as everywhere (ODBC sessions have QUOTED_IDENTIFIER on)."""

    name: Final = "mssql"
    most_values: Final = 600  # below 2100, the limit of a statement, with three values for an address
    begin_reading: Final = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"
    borrows: Final = False
    change_tracking: ChangeTracking | None = MssqlTracking()
    state_schema: Final = ""

    def open(
        self, url: str, *, base: Path, create: bool = False, state: Path | None = None, login: Login | None = None
    ) -> Engine:
        """See `Dialect`."""
        own = "mssqlpython" in url.partition("://")[0]
        engine = open_server(
            url,
            login or Login(),
            kind="SQL Server",
            driver="pyodbc",
            packages={"pyodbc": "mxsync", "mssqlpython": "mxsync[mssql]"},
            connect_args={} if own else {"timeout": CONNECT_SECONDS},
            **({} if own else {"fast_executemany": True}),
        )
        event.listen(engine, "connect", _prepare)
        return engine

    def state_file(self, url: str, base: Path) -> Path:
        """See `Dialect`."""
        raise ConfigError(
            "[state] url: beside SQL Server the tracking tables stand in the same database; leave [state] url out"
        )

    def schema_version(self, connection: Connection) -> object | None:
        """A checksum of what the catalogue says of columns and indexes."""
        return tuple(tuple(row) for row in connection.exec_driver_sql(_VERSION).fetchall())

    def schemas(self, connection: Connection) -> Sequence[str]:
        """See `Dialect`."""
        rows = connection.exec_driver_sql(
            "SELECT DISTINCT s.name FROM sys.schemas AS s JOIN sys.objects AS o ON o.schema_id = s.schema_id "
            "WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0"
        )
        return [str(name) for (name,) in rows.fetchall()]

    def fills(self, column: Mapping[str, Any], key: Sequence[str]) -> bool:
        """An IDENTITY column, or a rowversion."""
        return (
            "identity" in column
            or column.get("autoincrement") is True
            or isinstance(column["type"], mssql.TIMESTAMP | mssql.ROWVERSION)
        )

    def errors(self) -> AbstractContextManager[None]:
        """See `Dialect`."""
        return driver_errors()

    def plain(self, row: Sequence[Any]) -> Sequence[Any]:
        """See `Dialect`."""
        return plain(row)

    # ------------------------------------------------------------ names and statements

    def table(self, name: str) -> str:
        """See `Dialect`."""
        return name.removeprefix("dbo.")

    def upsert(self, table: Table, columns: Sequence[str]) -> str:
        """See `Dialect`."""
        return _upsert(table, tuple(columns), keeps=False)

    def insert(self, table: Table, columns: Sequence[str], *, ignore: bool = False) -> str:
        """See `Dialect`."""
        return _upsert(table, tuple(columns), keeps=True) if ignore else _insert(table.name, tuple(columns))

    def insert_rows(
        self,
        cursor: Any,
        table: str,
        rows: Sequence[Mapping[str, Any]],
        key: Sequence[str],
        generated: bool,
        signature: str = "",
    ) -> list[Sequence[Any]]:
        """Many rows in one batch, each a statement of its own, so that the keys come back in the order of the rows.
        OUTPUT alone would be refused where the table has triggers, so it goes into a variable; the number of a new row
        is asked of its scope, or, for a view whose trigger inserts, of the session."""
        made: list[Sequence[Any]] = []
        start = 0
        while start < len(rows):
            end, values = start, 0
            while end < len(rows) and (end == start or values + len(rows[end]) <= _MOST_VALUES):
                values += len(rows[end])
                end += 1
            part = rows[start:end]
            shapes = tuple(tuple(row) for row in part)
            statement = _batch(table, shapes, tuple(key), generated, signature)
            cursor.execute(statement, [value for row in part for value in row.values()])
            told = {row[0]: plain(row)[1:] for row in cursor.fetchall()}
            made += [told[n] if n in told else tuple(row[name] for name in key) for n, row in enumerate(part)]
            start = end
        return made

    def insert_with_key(self, table: str, columns: Sequence[str], generated: bool) -> Sequence[str]:
        """See `Dialect`. IDENTITY_INSERT can be on for one table of a session."""
        insert = f"INSERT INTO {table} ({', '.join(map(quoted, columns))}) VALUES ({marks(columns)})"
        if not generated:
            return (insert,)
        return f"SET IDENTITY_INSERT {table} ON", insert, f"SET IDENTITY_INSERT {table} OFF"

    def insert_link(self, table: str, own: str, other: str) -> str:
        """See `Dialect`."""
        return (
            f"INSERT INTO {table} ({own}, {other}) SELECT s.a, s.b FROM (SELECT ? AS a, ? AS b) AS s "
            f"WHERE NOT EXISTS (SELECT 1 FROM {table} AS t WITH (UPDLOCK, HOLDLOCK) "
            f"WHERE t.{own} = s.a AND t.{other} = s.b)"
        )

    def first(self, statement: str, count: int) -> str:
        """See `Dialect`."""
        return f"{statement} OFFSET 0 ROWS FETCH NEXT {count} ROWS ONLY"

    def claim(self, table: str) -> str | None:
        """See `Dialect`."""
        return (
            f"MERGE INTO {table} WITH (HOLDLOCK) AS t "
            "USING (SELECT CAST(? AS NVARCHAR(64)) AS name, CAST(? AS NVARCHAR(40)) AS taken) AS s ON t.name = s.name "
            "WHEN MATCHED THEN UPDATE SET taken = s.taken "
            "WHEN NOT MATCHED THEN INSERT (name, taken) VALUES (s.name, s.taken);"
        )

    # ------------------------------------------------------------ texts without regard to case

    def finds_without_case(self, connection: Connection, table: TableInfo) -> frozenset[str]:
        """Columns that begin an index and whose collation compares without case."""
        name = f"{quoted(table.schema)}.{quoted(table.name)}" if table.schema else quoted(table.name)
        rows = connection.exec_driver_sql(_FOLDED, (name,)).fetchall()
        return frozenset(str(column) for (column,) in rows)

    def same_text(self, column: str, texts: Sequence[str], indexed: bool) -> Sequence[Question]:
        """A collation without case finds what mxsync takes for the same."""
        name = f"t.{quoted(column)}"
        plain_ = name if indexed else f"LTRIM(RTRIM({name})) {_WITHOUT_CASE}"
        return [Question(f"{plain_} IN ({marks(part)})", part) for part in chunks(spellings(texts), self.most_values)]

    def same_address(
        self, table: str, key: Sequence[str], columns: Sequence[tuple[str, bool]], addresses: Sequence[str]
    ) -> Sequence[Question]:
        """With an index, the stretch of those that begin with the part before the @ and a plus sign as well; without
        one, one walk through the column."""
        questions: list[Question] = []
        for column, indexed in columns:
            name = f"t.{quoted(column)}"
            for part in chunks(spellings(addresses), self.most_values):
                whole = name if indexed else f"LTRIM(RTRIM({name})) {_WITHOUT_CASE}"
                questions.append(Question(f"{whole} IN ({marks(part)})", part))
            for part in chunks(spellings(local_parts(addresses)), self.most_values):
                if indexed:
                    likes = " OR ".join([f"{name} LIKE ? ESCAPE '!'"] * len(part))
                    tagged = [f"{_escaped(text)}+%" for text in part]
                    questions.append(Question(f"({likes} OR {name} LIKE '+%')", tagged))
                else:
                    local = f"LTRIM(LEFT({name}, CHARINDEX('+', {name} + '+') - 1)) {_WITHOUT_CASE}"
                    condition = f"(CHARINDEX('+', {name}) > 0 AND {local} IN ('', {marks(part)}))"
                    questions.append(Question(condition, part))
        return questions

    # ------------------------------------------------------------ tracking tables and change log

    def tracking(self, tables: MetaData) -> MetaData:
        """See `Dialect`."""
        return _unicode(tables)

    def added(self, table: Table, column: Column[Any], dialect: SqlDialect) -> str:
        """See `Dialect`."""
        return f"ALTER TABLE {name_of(table, dialect)} ADD {specified(table, column, dialect, empty=EMPTY)}"

    def reshaped(
        self, table: Table, column: Column[Any], found: Mapping[str, Any], key: str, dialect: SqlDialect
    ) -> Sequence[str]:
        """See `Dialect`."""
        return reshaped(table, column, found, key, dialect)

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
        """The CONTEXT_INFO of this session, for triggers; change tracking is told with each statement."""
        connection.info[WRITER] = writer
        connection.exec_driver_sql(changes.writing(writer))

    def script(self, statements: Sequence[str], grants: Sequence[str]) -> str:
        """See `Dialect`."""
        return "\nGO\n\n".join(statements) + "\nGO\n" + commented(grants)

    def grants(self, tables: Sequence[TableInfo], own: Sequence[str], user: str) -> list[str]:
        """See `Dialect`."""
        who = quoted(user)
        places = [f"{quoted(t.schema)}.{quoted(t.name)}" if t.schema else quoted(t.name) for t in tables]
        return [
            f"GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON {place} TO {who}" for place in (*places, *own)
        ]


_VERSION = """
SELECT COUNT(*), CHECKSUM_AGG(CHECKSUM(o.name, c.name, c.column_id, c.system_type_id, c.max_length, c.is_nullable,
  c.is_identity, c.is_computed, c.default_object_id, c.collation_name))
FROM sys.objects AS o JOIN sys.columns AS c ON c.object_id = o.object_id
WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0 AND o.name NOT LIKE N'mxsync[_]%'
UNION ALL
SELECT COUNT(*), CHECKSUM_AGG(CHECKSUM(i.object_id, i.index_id, i.column_id, i.key_ordinal))
FROM sys.index_columns AS i JOIN sys.objects AS o ON o.object_id = i.object_id
WHERE o.is_ms_shipped = 0 AND o.name NOT LIKE N'mxsync[_]%'
"""

_FOLDED = """
SELECT DISTINCT c.name FROM sys.columns AS c JOIN sys.index_columns AS i
  ON i.object_id = c.object_id AND i.column_id = c.column_id AND i.key_ordinal = 1
WHERE c.object_id = OBJECT_ID(?) AND c.collation_name LIKE N'%[_]CI[_]%'
"""

SESSION: Final = (
    "SET DATEFORMAT ymd",
    "SET LOCK_TIMEOUT 10000",
    "SET QUOTED_IDENTIFIER ON",
    "SET XACT_ABORT OFF",
)
"""What every connection is told: dates as SQL writes them, and no waiting for ever."""


def _prepare(connection: Any, record: Any) -> None:
    del record
    cursor = connection.cursor()
    for statement in SESSION:
        cursor.execute(statement)
    cursor.close()
    connection.commit()


def _escaped(text: str) -> str:
    for character in "!%_[":
        text = text.replace(character, f"!{character}")
    return text


@cache
def _unicode(tables: MetaData) -> MetaData:
    return for_mssql(tables)


@cache
def _insert(table: str, columns: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(map(quoted, columns))}) VALUES ({marks(columns)})"


@cache
def _upsert(table: Table, columns: tuple[str, ...], *, keeps: bool) -> str:
    """MERGE, its values cast, so that the driver knows what to bind. With `keeps`, a row that is there stays."""
    dialect = mssql.dialect()  # type: ignore[no-untyped-call]
    own = _unicode(table.metadata).tables[table.name]
    values = ", ".join(f"CAST(? AS {_type(own, name, dialect)}) AS {quoted(name)}" for name in columns)
    keys = [column.name for column in table.primary_key.columns if column.name in columns]
    keys = keys or [column.name for column in table.columns if column.unique]
    on = " AND ".join(f"t.{quoted(name)} = s.{quoted(name)}" for name in keys)
    others = [name for name in columns if name not in keys]
    sets = ", ".join(f"{quoted(name)} = s.{quoted(name)}" for name in others)
    matched = "" if keeps or not others else f"WHEN MATCHED THEN UPDATE SET {sets} "
    names = ", ".join(map(quoted, columns))
    return (
        f"MERGE INTO {table.name} WITH (HOLDLOCK) AS t USING (SELECT {values}) AS s ON {on} {matched}"
        f"WHEN NOT MATCHED THEN INSERT ({names}) VALUES ({', '.join(f's.{quoted(name)}' for name in columns)});"
    )


def _type(table: Table, name: str, dialect: Any) -> str:
    kind = table.c[name].type
    if getattr(kind, "collation", None):
        return f"NVARCHAR({getattr(kind, 'length', None)})"
    return str(kind.compile(dialect=dialect))


@lru_cache(maxsize=256)
def _batch(
    table: str, shapes: tuple[tuple[str, ...], ...], key: tuple[str, ...], generated: bool, signature: str
) -> str:
    kind = "BIGINT" if generated else "NVARCHAR(450)"
    names = [f"k{number}" for number in range(len(key))]
    lines = [
        "SET NOCOUNT ON;",
        f"DECLARE @made TABLE (n INT, {', '.join(f'{name} {kind}' for name in names)});",
    ]
    for number, columns in enumerate(shapes):
        listed = f" ({', '.join(map(quoted, columns))})" if columns else ""
        values = f"VALUES ({marks(columns)})" if columns else "DEFAULT VALUES"
        if generated:
            lines.append(f"{signature}INSERT INTO {table}{listed} {values};")
            lines.append(f"INSERT INTO @made (n, k0) VALUES ({number}, COALESCE(SCOPE_IDENTITY(), @@IDENTITY));")
        elif set(key) <= set(columns):
            lines.append(f"{signature}INSERT INTO {table}{listed} {values};")
        else:
            output = ", ".join(f"INSERTED.{quoted(name)}" for name in key)
            lines.append(f"{signature}INSERT INTO {table}{listed} OUTPUT {number}, {output} INTO @made {values};")
    lines.append(f"SELECT n, {', '.join(names)} FROM @made ORDER BY n;")
    return "\n".join(lines)
