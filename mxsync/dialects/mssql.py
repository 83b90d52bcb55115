"""SQL Server and Azure SQL, by pyodbc or by Microsoft's mssql-python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, MetaData, Table
from sqlalchemy.dialects import mssql
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import Dialect as SqlDialect
from sqlalchemy.engine.reflection import Inspector

from mxsync.dialects import mssql_batches as batches
from mxsync.dialects import mssql_changes as changes
from mxsync.dialects import mssql_writing as writing
from mxsync.dialects.altering import name_of, specified
from mxsync.dialects.base import WRITER, ChangeTracking, Login, Question, Watched, commented, marks
from mxsync.dialects.changes import quoted
from mxsync.dialects.folding import local_parts, spellings
from mxsync.dialects.mssql_errors import driver_errors
from mxsync.dialects.mssql_open import open_mssql
from mxsync.dialects.mssql_tables import reshaped
from mxsync.dialects.mssql_tracking import MssqlTracking
from mxsync.dialects.mssql_types import plain
from mxsync.dialects.server import EMPTY, Server
from mxsync.dialects.statements import chunks
from mxsync.dialects.uniqueness import Unique, by_index
from mxsync.errors import ConfigError
from mxsync.model.schema import GuidLetters, TableInfo
from mxsync.model.striking import as_pattern

_WITHOUT_CASE = "COLLATE Latin1_General_100_CI_AS"


class Mssql(Server):
    """`mxsync.dialects.base.Dialect`. Names are quoted as everywhere (ODBC sessions have QUOTED_IDENTIFIER on)."""

    name: Final = "mssql"
    most_values: Final = 600  # below 2100, the limit of a statement, with three values for an address
    savepoints: Final = False  # XACT_ABORT ends the whole transaction with the first error
    begin_reading: Final = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"
    borrows: Final = False
    change_tracking: ChangeTracking | None = MssqlTracking()
    state_schema: Final = ""
    hides_counting: bool = True
    guid_letters: GuidLetters = GuidLetters.CAPITAL
    uncommitted_skipped: str = " WITH (READPAST, READCOMMITTEDLOCK)"  # beside snapshots READPAST wants the other

    def open(
        self, url: str, *, base: Path, create: bool = False, state: Path | None = None, login: Login | None = None
    ) -> Engine:
        """See `Dialect`."""
        return open_mssql(url, login or Login())

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

    def unique_columns(self, inspector: Inspector, asked: Mapping[str, Any]) -> Unique:
        """SQLAlchemy reflects no UNIQUE constraints here, but the indexes that stand behind them."""
        return by_index(inspector, asked)

    def is_number(self, type_: object) -> bool:
        """MONEY and SMALLMONEY, which SQLAlchemy takes for something of their own."""
        return isinstance(type_, mssql.MONEY | mssql.SMALLMONEY)

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
        return writing.upsert(table, tuple(columns), keeps=False)

    def insert(self, table: Table, columns: Sequence[str], *, ignore: bool = False) -> str:
        """See `Dialect`."""
        if ignore:
            return writing.upsert(table, tuple(columns), keeps=True)
        return writing.insert(table.name, tuple(columns))

    def insert_rows(
        self,
        cursor: Any,
        table: str,
        rows: Sequence[Mapping[str, Any]],
        key: Sequence[str],
        generated: bool,
        signature: str = "",
    ) -> list[Sequence[Any]]:
        """See `Dialect`."""
        return writing.insert_rows(cursor, table, rows, key, generated, signature)

    def insert_with_key(self, table: str, columns: Sequence[str], generated: bool) -> Sequence[str]:
        """See `Dialect`. IDENTITY_INSERT can be on for one table of a session."""
        insert = f"INSERT INTO {table} ({', '.join(map(quoted, columns))}) VALUES ({marks(columns)})"
        if not generated:
            return (insert,)
        return f"SET IDENTITY_INSERT {table} ON", insert, f"SET IDENTITY_INSERT {table} OFF"

    def run_each(self, cursor: Any, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """See `Dialect`."""
        batches.run_each(cursor, statement, rows)

    def change_each(self, cursor: Any, statement: str, rows: Sequence[Sequence[Any]]) -> Sequence[bool]:
        """See `Dialect`."""
        return batches.change_each(cursor, statement, rows)

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
            f"MERGE INTO {table} WITH (UPDLOCK, HOLDLOCK) AS t "
            "USING (SELECT CAST(? AS NVARCHAR(64)) AS name, CAST(? AS NVARCHAR(40)) AS taken) AS s ON t.name = s.name "
            "WHEN MATCHED THEN UPDATE SET taken = s.taken "
            "WHEN NOT MATCHED THEN INSERT (name, taken) VALUES (s.name, s.taken);"
        )

    # ------------------------------------------------------------ texts without regard to case

    def finds_without_case(self, connection: Connection, table: TableInfo) -> frozenset[str]:
        """Columns that begin an index and whose collation compares without case."""
        rows = connection.exec_driver_sql(_FOLDED, (changes.place_of(table),)).fetchall()
        return frozenset(str(column) for (column,) in rows)

    def folded(self, column: str) -> str:
        """LOWER takes neither NTEXT nor XML."""
        return f"LOWER(CAST({column} AS NVARCHAR(MAX)))"

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
                    tagged = [f"{as_pattern(text)}+%" for text in part]
                    questions.append(Question(f"({likes} OR {name} LIKE '+%')", tagged))
                else:
                    local = f"LTRIM(LEFT({name}, CHARINDEX('+', {name} + '+') - 1)) {_WITHOUT_CASE}"
                    condition = f"(CHARINDEX('+', {name}) > 0 AND {local} IN ('', {marks(part)}))"
                    questions.append(Question(condition, part))
        return questions

    # ------------------------------------------------------------ tracking tables and change log

    def tracking(self, tables: MetaData) -> MetaData:
        """See `Dialect`."""
        return writing.in_unicode(tables)

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
        # sqlcmd, unlike every other client, begins with QUOTED_IDENTIFIER off, and triggers keep what was set.
        options = "SET ANSI_NULLS ON;\nSET QUOTED_IDENTIFIER ON"
        return "\nGO\n\n".join([options, *statements]) + "\nGO\n" + commented(grants)

    def grants(self, tables: Sequence[TableInfo], own: Sequence[str], user: str) -> list[str]:
        """See `Dialect`."""
        who = changes.bracketed(user)
        places = [changes.place_of(table) for table in tables]
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
