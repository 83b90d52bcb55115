"""MariaDB and MySQL, by PyMySQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, MetaData, Table, event
from sqlalchemy.dialects import mysql
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import Dialect as SqlDialect

from mxsync.dialects import mysql_changes as changes
from mxsync.dialects.base import Login, Question, Watched, commented, marks
from mxsync.dialects.changes import quoted
from mxsync.dialects.folding import local_parts, spellings
from mxsync.dialects.mysql_tables import for_innodb, reshaped
from mxsync.dialects.server import CONNECT_SECONDS, IDLE_SECONDS, Server, open_server
from mxsync.dialects.statements import chunks
from mxsync.errors import BadContent, ConfigError
from mxsync.model.schema import TableInfo

_ROWS = 500
"""How many rows go in one INSERT."""


class Mysql(Server):
    """`mxsync.dialects.base.Dialect`. Names are quoted as everywhere: each session is told so (ANSI_QUOTES)."""

    def __init__(self, database: str) -> None:
        """`database` is the one that the address names."""
        self._database = database

    name: Final = "mysql"
    most_values: Final = 1000
    savepoints: Final = True
    begin_reading: Final = "START TRANSACTION WITH CONSISTENT SNAPSHOT"
    borrows: Final = True
    state_schema: Final = ""

    def open(
        self, url: str, *, base: Path, create: bool = False, state: Path | None = None, login: Login | None = None
    ) -> Engine:
        """See `Dialect`."""
        try:
            from mxsync.dialects.mysql_types import CONVERSIONS, QmarkCursor
        except ImportError as error:
            raise ConfigError(
                "the driver for MariaDB and MySQL is not installed: pip install 'mxsync[mysql]' where mxsync is"
            ) from error

        engine = open_server(
            url,
            login or Login(),
            kind="MariaDB and MySQL",
            driver="pymysql",
            packages={"pymysql": "mxsync[mysql]"},
            connect_args={
                "connect_timeout": CONNECT_SECONDS, "charset": "utf8mb4", "conv": CONVERSIONS,
                "cursorclass": QmarkCursor,
            },
            paramstyle="qmark",
        )  # fmt: skip
        event.listen(engine, "connect", _prepare, insert=True)
        return engine

    def state_file(self, url: str, base: Path) -> Path:
        """See `Dialect`."""
        raise ConfigError(
            "[state] url: beside MariaDB and MySQL the tracking tables stand in the same database; leave it out"
        )

    def schema_version(self, connection: Connection) -> object | None:
        """A digest of what the server says of columns and indexes."""
        return tuple(row for row in connection.exec_driver_sql(_VERSION).fetchall())

    def schemas(self, connection: Connection) -> Sequence[str]:
        """The other databases of the server that the user may see."""
        rows = connection.exec_driver_sql(
            "SELECT schema_name FROM information_schema.schemata WHERE schema_name <> DATABASE() "
            "AND schema_name NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')"
        )
        return [str(name) for (name,) in rows.fetchall()]

    def reflected(self, name: str) -> str:
        """SQLAlchemy takes names from SHOW CREATE TABLE and leaves the quotes in them doubled."""
        return name.replace('""', '"')

    def is_boolean(self, type_: object) -> bool:
        """BOOLEAN is another word for TINYINT(1); BIT(1) is used for the same."""
        if isinstance(type_, mysql.TINYINT):
            return type_.display_width == 1
        return isinstance(type_, mysql.BIT) and (type_.length or 1) == 1

    def fills(self, column: Mapping[str, Any], key: Sequence[str]) -> bool:
        """An AUTO_INCREMENT column."""
        return column.get("autoincrement") is True

    def errors(self) -> AbstractContextManager[None]:
        """See `Dialect`."""
        from mxsync.dialects.mysql_errors import driver_errors

        return driver_errors()

    # ------------------------------------------------------------ names and statements

    def table(self, name: str) -> str:
        """See `Dialect`."""
        return name

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
        """On MariaDB many rows in one statement, which gives their keys back in order. MySQL has no such thing: there
        each row is a statement, and a key that is no number has to be among the values."""
        if "MariaDB" not in str(cursor.connection.get_server_info()):
            return [_insert_one(cursor, table, row, key, generated) for row in rows]
        made: list[Sequence[Any]] = []
        start = 0
        while start < len(rows):
            columns = tuple(rows[start])
            limit = min(len(rows), start + _ROWS)
            end = next((n for n in range(start, limit) if tuple(rows[n]) != columns), limit)
            statement = _insert_row(table, columns, tuple(key), end - start)
            cursor.execute(statement, [value for row in rows[start:end] for value in row.values()])
            made += cursor.fetchall()
            start = end
        return made

    def insert_with_key(self, table: str, columns: Sequence[str], generated: bool) -> Sequence[str]:
        """See `Dialect`. A key that is given is taken."""
        return (f"INSERT INTO {table} ({', '.join(map(quoted, columns))}) VALUES ({marks(columns)})",)

    def insert_link(self, table: str, own: str, other: str) -> str:
        """See `Dialect`."""
        return f"INSERT INTO {table} ({own}, {other}) VALUES (?, ?) ON DUPLICATE KEY UPDATE {own} = VALUES({own})"

    def first(self, statement: str, count: int) -> str:
        """See `Dialect`."""
        return f"{statement} LIMIT {count}"

    def claim(self, table: str) -> str | None:
        """See `Dialect`."""
        return f"INSERT INTO {table} (name, taken) VALUES (?, ?) ON DUPLICATE KEY UPDATE taken = VALUES(taken)"

    # ------------------------------------------------------------ texts without regard to case

    def finds_without_case(self, connection: Connection, table: TableInfo) -> frozenset[str]:
        """Columns that begin an index and whose collation compares without case."""
        rows = connection.exec_driver_sql(_FOLDED, (table.name, table.schema, table.schema)).fetchall()
        return frozenset(str(name) for (name,) in rows)

    def same_text(self, column: str, texts: Sequence[str], indexed: bool) -> Sequence[Question]:
        """A collation without case finds what mxsync takes for the same, and a little more (accents)."""
        name = f"t.{quoted(column)}"
        if indexed:
            return [Question(f"{name} IN ({marks(part)})", part) for part in chunks(spellings(texts), self.most_values)]
        folded = f"TRIM(REGEXP_REPLACE({_folded(name)}, '[[:space:]]+', ' '))"
        return [Question(f"{folded} IN ({marks(part)})", part) for part in chunks(spellings(texts), self.most_values)]

    def same_address(
        self, table: str, key: Sequence[str], columns: Sequence[tuple[str, bool]], addresses: Sequence[str]
    ) -> Sequence[Question]:
        """With an index, the stretch of those that begin with the part before the @ and a plus sign as well; without
        one, one walk through the column."""
        questions: list[Question] = []
        for column, indexed in columns:
            name = f"t.{quoted(column)}"
            for part in chunks(spellings(addresses), self.most_values):
                plain = name if indexed else f"TRIM({_folded(name)})"
                questions.append(Question(f"{plain} IN ({marks(part)})", part))
            for part in chunks(spellings(local_parts(addresses)), self.most_values // 2):
                if indexed:
                    likes = " OR ".join([f"{name} LIKE ? ESCAPE '!'"] * len(part))
                    tagged = [f"{_escaped(text)}+%" for text in part]
                    questions.append(Question(f"({likes} OR {name} LIKE '+%')", tagged))
                else:
                    local = f"TRIM(SUBSTRING_INDEX({_folded(name)}, '+', 1))"
                    condition = f"(LOCATE('+', {name}) > 0 AND {local} IN (?, {marks(part)}))"
                    questions.append(Question(condition, ["", *part]))
        return questions

    # ------------------------------------------------------------ tracking tables and change log

    def tracking(self, tables: MetaData) -> MetaData:
        """See `Dialect`."""
        return _innodb(tables)

    def reshaped(
        self, table: Table, column: Column[Any], found: Mapping[str, Any], key: str, dialect: SqlDialect
    ) -> Sequence[str]:
        """See `Dialect`."""
        return reshaped(table, column, found, dialect)

    def change_log(self, tables: Sequence[Watched]) -> list[str]:
        """See `Dialect`."""
        return [
            *changes.table(),
            *(statement for table in tables for statement in changes.triggers(table, self._database)),
        ]

    def watched(self, connection: Connection) -> frozenset[str]:
        """See `Dialect`."""
        return changes.watched(connection)

    def remove_change_log(self, connection: Connection) -> None:
        """See `Dialect`."""
        changes.remove(connection)

    def set_writer(self, connection: Connection, writer: str) -> None:
        """A variable of this session."""
        connection.exec_driver_sql("SET @mxsync_writer = ?", (writer,))

    def script(self, statements: Sequence[str], grants: Sequence[str]) -> str:
        """See `Dialect`."""
        made = "\n\n".join(f"{each};" for each in statements)
        return f"SET SESSION sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES');\n\n{made}\n{commented(grants)}"

    def grants(self, tables: Sequence[TableInfo], own: Sequence[str], user: str) -> list[str]:
        """See `Dialect`."""
        # In backticks, since they are run by hand and not with the rest, which sets the session to ANSI quotes first.
        who = f"{_backticked(user)}@'%'"
        places = [f"{_backticked(t.schema)}.{_backticked(t.name)}" if t.schema else _backticked(t.name) for t in tables]
        return [
            *(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {place} TO {who}" for place in (*places, *own)),
            f"GRANT EXECUTE ON PROCEDURE mxsync_watched TO {who}",
        ]


def _backticked(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


_VERSION = """
SELECT COUNT(*), SUM(CRC32(CONCAT_WS('|', table_schema, table_name, column_name, ordinal_position, column_type,
  is_nullable, column_default, collation_name, extra)))
FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name NOT LIKE 'mxsync!_%' ESCAPE '!'
UNION ALL
SELECT COUNT(*), SUM(CRC32(CONCAT_WS('|', table_name, index_name, seq_in_index, column_name)))
FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name NOT LIKE 'mxsync!_%' ESCAPE '!'
"""

_FOLDED = """
SELECT DISTINCT c.column_name FROM information_schema.columns c JOIN information_schema.statistics s
  ON s.table_schema = c.table_schema AND s.table_name = c.table_name AND s.column_name = c.column_name
WHERE c.table_name = ? AND c.table_schema = CASE WHEN ? = '' THEN DATABASE() ELSE ? END
  AND s.seq_in_index = 1 AND c.collation_name LIKE '%!_ci' ESCAPE '!'
"""


def _prepare(connection: Any, record: Any) -> None:
    """UTC, strict about what a column can hold, names in double quotes, no waiting for ever."""
    del record
    cursor = connection.cursor()
    for statement in (
        "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ANSI_QUOTES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
        "SET SESSION time_zone = '+00:00'",
        # What stands in the comment MariaDB alone obeys.
        f"SET SESSION /*M!100300 idle_transaction_timeout = {IDLE_SECONDS}, */ innodb_lock_wait_timeout = 10",
    ):
        cursor.execute(statement)
    cursor.close()


def _folded(name: str) -> str:
    return f"LOWER(CONVERT({name} USING utf8mb4) COLLATE utf8mb4_unicode_ci)"


def _escaped(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


@cache
def _innodb(tables: MetaData) -> MetaData:
    return for_innodb(tables)


def _insert_one(cursor: Any, table: str, row: Mapping[str, Any], key: Sequence[str], generated: bool) -> Sequence[Any]:
    if not generated and any(column not in row for column in key):
        raise BadContent(
            f"MySQL does not say which key a new row of {table} got: map the key columns, or let them be AUTO_INCREMENT"
        )
    cursor.execute(_insert_row(table, tuple(row), (), 1), list(row.values()))
    return (cursor.lastrowid,) if generated else tuple(row[column] for column in key)


@cache
def _upsert(table: Table, columns: tuple[str, ...]) -> str:
    keys = [column.name for column in table.primary_key.columns]
    statement = mysql.insert(table)
    others = {name: statement.inserted[name] for name in columns if name not in keys}
    return _text(statement.values(dict.fromkeys(columns)).on_duplicate_key_update(others), columns)


@cache
def _insert(table: Table, columns: tuple[str, ...], ignore: bool) -> str:
    statement = mysql.insert(table).values(dict.fromkeys(columns))
    if ignore:
        statement = statement.on_duplicate_key_update({columns[0]: statement.inserted[columns[0]]})
    return _text(statement, columns)


def _text(statement: mysql.Insert, columns: tuple[str, ...]) -> str:
    dialect = mysql.dialect(paramstyle="qmark")
    dialect.identifier_preparer = dialect.preparer(dialect, server_ansiquotes=True)
    return str(statement.compile(dialect=dialect, column_keys=list(columns)))


@lru_cache(maxsize=1024)
def _insert_row(table: str, columns: tuple[str, ...], returned: tuple[str, ...], rows: int) -> str:
    one = f"({marks(columns)})"
    back = f" RETURNING {', '.join(map(quoted, returned))}" if returned else ""
    return f"INSERT INTO {table} ({', '.join(map(quoted, columns))}) VALUES {', '.join([one] * rows)}{back}"
