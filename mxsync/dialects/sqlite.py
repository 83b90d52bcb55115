"""SQLite, the embedded default."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, Integer, MetaData, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import Dialect as SqlDialect
from sqlalchemy.engine.reflection import Inspector

from mxsync.dialects import sqlite_changes
from mxsync.dialects.altering import name_of, specified
from mxsync.dialects.base import ChangeTracking, Login, Question, Watched, commented, marks
from mxsync.dialects.changes import quoted
from mxsync.dialects.sqlite_errors import driver_errors
from mxsync.dialects.sqlite_open import open_engine
from mxsync.dialects.statements import chunks, one_by_one
from mxsync.dialects.uniqueness import Unique, by_constraint
from mxsync.errors import ConfigError, Unavailable
from mxsync.model.schema import GuidLetters, TableInfo

_PREFIX: Final = "sqlite:///"
EMPTY: Final = "''"
"""The default of a text in a column that is added: SQLite takes no expression there."""


class Sqlite:
    """`mxsync.dialects.base.Dialect`."""

    name: Final = "sqlite"
    most_values: Final = 300  # below 999, the limit before SQLite 3.32, with three values for an address
    savepoints: Final = True
    begin_writing: Final = "BEGIN IMMEDIATE"  # a plain BEGIN takes the lock at the first write, too late to wait for it
    begin_reading: Final = "BEGIN"
    installs: Final = True
    hides_counting: Final = False
    uncommitted_skipped: Final = ""
    borrows: Final = False
    change_tracking: ChangeTracking | None = None
    state_schema: Final = ""
    guid_letters: Final = GuidLetters.SMALL

    def open(
        self, url: str, *, base: Path, create: bool = False, state: Path | None = None, login: Login | None = None
    ) -> Engine:
        """See `Dialect`."""
        del login
        return open_engine(url, base=base, create=create, state=state)

    def state_file(self, url: str, base: Path) -> Path:
        """See `Dialect`."""
        if not url.startswith(_PREFIX):
            raise ConfigError(
                "[state] url: the tracking tables can lie in a SQLite file of their own, or beside the tables"
            )
        return base / url.removeprefix(_PREFIX)

    def schema_version(self, connection: Connection) -> object | None:
        """The schema cookie of the file (https://www.sqlite.org/pragma.html#pragma_schema_version)."""
        return connection.exec_driver_sql("PRAGMA main.schema_version").scalar_one()  # type: ignore[no-any-return]

    def schemas(self, connection: Connection) -> Sequence[str]:
        """SQLite has none."""
        return ()

    def unique_columns(self, inspector: Inspector, asked: Mapping[str, Any]) -> Unique:
        """See `Dialect`."""
        return by_constraint(inspector, asked)

    def reflected(self, name: str) -> str:
        """See `Dialect`."""
        return name

    def is_boolean(self, type_: object) -> bool:
        """See `Dialect`."""
        return False

    def is_number(self, type_: object) -> bool:
        """See `Dialect`."""
        return False

    def fills(self, column: Mapping[str, Any], key: Sequence[str]) -> bool:
        """The one column of a primary key that is an integer is the number of the row."""
        return tuple(key) == (column["name"],) and isinstance(column["type"], Integer)

    def errors(self) -> AbstractContextManager[None]:
        """See `Dialect`."""
        return driver_errors()

    def plain(self, row: Sequence[Any]) -> Sequence[Any]:
        """The driver gives plain values."""
        return row

    def wipe(self, connection: Connection, state: str) -> None:
        """VACUUM writes the file anew, without free pages and the remains in half-used ones
        (https://www.sqlite.org/lang_vacuum.html); the checkpoint then empties the write-ahead log."""
        for schema in dict.fromkeys(("main", state or "main")):
            connection.exec_driver_sql(f"VACUUM {schema}")
            busy, *_ = connection.exec_driver_sql(f"PRAGMA {schema}.wal_checkpoint(TRUNCATE)").fetchone() or (0,)
            if busy:
                raise Unavailable(
                    "another program reads the database, so what was deleted is still in its write-ahead log: close "
                    "that program, and run the same command again",
                    10.0,
                )

    # ------------------------------------------------------------ names and statements

    def quoted(self, name: str) -> str:
        """See `Dialect`."""
        return quoted(name)

    def table(self, name: str) -> str:
        """SQLite has no schemas, so a `dbo.` before the name is left out."""
        return name.rpartition(".")[2]

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
        """See `Dialect`."""
        returned = () if generated else tuple(key)
        made: list[Sequence[Any]] = []
        for row in rows:
            cursor.execute(_insert_row(table, tuple(row), returned), tuple(row.values()))
            made.append((cursor.lastrowid,) if generated else tuple(cursor.fetchone()))
        return made

    def run_each(self, cursor: Any, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """See `Dialect`."""
        cursor.executemany(statement, rows)

    def change_each(self, cursor: Any, statement: str, rows: Sequence[Sequence[Any]]) -> Sequence[bool]:
        """See `Dialect`."""
        return one_by_one(cursor, statement, rows)

    def insert_with_key(self, table: str, columns: Sequence[str], generated: bool) -> Sequence[str]:
        """See `Dialect`. A key that is given is taken."""
        return (f"INSERT INTO {table} ({', '.join(map(quoted, columns))}) VALUES ({marks(columns)})",)

    def insert_link(self, table: str, own: str, other: str) -> str:
        """See `Dialect`."""
        return f"INSERT INTO {table} ({own}, {other}) VALUES (?, ?) ON CONFLICT DO NOTHING"

    def first(self, statement: str, count: int) -> str:
        """See `Dialect`."""
        return f"{statement} LIMIT {count}"

    def claim(self, table: str) -> str | None:
        """Whoever writes is alone (`begin_writing`)."""
        return None

    # ------------------------------------------------------------ texts without regard to case

    def finds_without_case(self, connection: Connection, table: TableInfo) -> frozenset[str]:
        """Columns that begin an index with the collation NOCASE."""
        found: set[str] = set()
        for index in connection.exec_driver_sql(f"PRAGMA index_list({quoted(table.name)})").fetchall():
            rows = connection.exec_driver_sql(f"PRAGMA index_xinfo({quoted(index[1])})").fetchall()
            first = next((row for row in rows if row[0] == 0), None)
            if first is not None and first[2] and str(first[4]).upper() == "NOCASE":
                found.add(str(first[2]))
        return frozenset(found)

    def same_text(self, column: str, texts: Sequence[str], indexed: bool) -> Sequence[Question]:
        """NOCASE knows the letters of ASCII only: a text beyond them is looked for in the whole column, folded as
        mxsync folds."""
        name = f"t.{quoted(column)}"
        plain = [text for text in texts if text.isascii()] if indexed else []
        other = [text for text in texts if not (indexed and text.isascii())]
        found = [
            Question(f"{name} COLLATE NOCASE IN ({marks(part)})", part) for part in chunks(plain, self.most_values)
        ]
        return [
            *found,
            *(Question(f"mxsync_fold({name}) IN ({marks(part)})", part) for part in chunks(other, self.most_values)),
        ]

    def same_address(
        self, table: str, key: Sequence[str], columns: Sequence[tuple[str, bool]], addresses: Sequence[str]
    ) -> Sequence[Question]:
        """With an index that ignores case: the address itself, and the stretch of those with a plus tag ('+' comes
        right before ','). Without one: one walk through the column."""
        plain = [(part, True) for part in chunks([each for each in addresses if each.isascii()], self.most_values)]
        other = [(part, False) for part in chunks([each for each in addresses if not each.isascii()], self.most_values)]
        keys = ", ".join(f"t.{quoted(name)}" for name in key)
        questions: list[Question] = []
        for part, ascii_ in (*plain, *other):
            queries: list[str] = []
            values: list[str] = []
            for text in part:
                local = text.rpartition("@")[0] or text
                values += (text, f"{local}+", f"{local},")
            for column, indexed in columns:
                name = f"t.{quoted(column)}"
                if ascii_ and indexed:
                    queries.append(f"SELECT {keys} FROM k CROSS JOIN {table} t ON {name} = k.a COLLATE NOCASE")
                    queries.append(
                        f"SELECT {keys} FROM k CROSS JOIN {table} t ON {name} COLLATE NOCASE > k.lo "
                        f"AND {name} COLLATE NOCASE < k.hi"
                    )
                else:
                    queries.append(
                        f"SELECT {keys} FROM {table} t WHERE mxsync_fold({name}) IN (SELECT a FROM k) "
                        f"OR instr({name}, '+') > 0"
                    )
            rows = ", ".join(["(?, ?, ?)"] * len(part))
            before = f"WITH k(a, lo, hi) AS (VALUES {rows}) "
            questions.append(Question(f"({keys}) IN ({' UNION '.join(queries)})", values, before))
        return questions

    # ------------------------------------------------------------ the change log

    def tracking(self, tables: MetaData) -> MetaData:
        """See `Dialect`."""
        return tables

    def folded(self, column: str) -> str:
        """See `Dialect`."""
        return f"LOWER({column})"

    def schema_statements(self) -> list[str]:
        """See `Dialect`."""
        return []

    def removal_statements(self) -> list[str]:
        """See `Dialect`."""
        return []

    def added(self, table: Table, column: Column[Any], dialect: SqlDialect) -> str:
        """See `Dialect`."""
        return f"ALTER TABLE {name_of(table, dialect)} ADD COLUMN {specified(table, column, dialect, empty=EMPTY)}"

    def reshaped(
        self, table: Table, column: Column[Any], found: Mapping[str, Any], key: str, dialect: SqlDialect
    ) -> Sequence[str]:
        """A declared length keeps nothing out."""
        return ()

    def change_log_upgrade(self, connection: Connection) -> list[str]:
        """See `Dialect`."""
        return sqlite_changes.upgrade(connection)

    def change_log(self, tables: Sequence[Watched]) -> list[str]:
        """See `Dialect`."""
        return sqlite_changes.statements(tables)

    def bell(self, connection: Any) -> Callable[[float], bool] | None:
        """It has none: changes are polled for."""
        return None

    def script(self, statements: Sequence[str], grants: Sequence[str]) -> str:
        """See `Dialect`."""
        return "\n\n".join(f"{each};" for each in statements) + "\n" + commented(grants)

    def grants(self, tables: Sequence[TableInfo], own: Sequence[str], user: str) -> list[str]:
        """A file has no users."""
        return []

    def watched(self, connection: Connection) -> frozenset[str]:
        """See `Dialect`."""
        return sqlite_changes.watched(connection)

    def remove_change_log(self, connection: Connection) -> None:
        """See `Dialect`."""
        sqlite_changes.remove(connection)

    def set_writer(self, connection: Connection, writer: str) -> None:
        """See `Dialect`."""
        sqlite_changes.set_writer(connection, writer)


@cache
def _upsert(table: Table, columns: tuple[str, ...]) -> str:
    keys = [column.name for column in table.primary_key.columns]
    statement = sqlite.insert(table)
    others = {name: statement.excluded[name] for name in columns if name not in keys}
    complete = statement.values(dict.fromkeys(columns)).on_conflict_do_update(index_elements=keys, set_=others)
    return _text(complete, columns)


@cache
def _insert(table: Table, columns: tuple[str, ...], ignore: bool) -> str:
    statement = sqlite.insert(table).values(dict.fromkeys(columns))
    return _text(statement.on_conflict_do_nothing() if ignore else statement, columns)


def _text(statement: sqlite.Insert, columns: tuple[str, ...]) -> str:
    return str(statement.compile(dialect=sqlite.dialect(paramstyle="qmark"), column_keys=list(columns)))


@lru_cache(maxsize=1024)
def _insert_row(table: str, columns: tuple[str, ...], returned: tuple[str, ...]) -> str:
    values = f"({', '.join(map(quoted, columns))}) VALUES ({marks(columns)})" if columns else "DEFAULT VALUES"
    back = f" RETURNING {', '.join(map(quoted, returned))}" if returned else ""
    return f"INSERT INTO {table} {values}{back}"
