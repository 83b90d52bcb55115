"""What is asked of a dialect."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Column, MetaData, Table
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import Dialect as SqlDialect
from sqlalchemy.engine.reflection import Inspector

from mxsync.dialects.uniqueness import Unique
from mxsync.model.schema import GuidLetters, TableInfo


@dataclass(frozen=True, slots=True)
class Question:
    """A part of a SELECT: what stands before it (`WITH …`), its condition, and the values for both in their order.
    The table that is asked is called `t`."""

    condition: str
    values: Sequence[Any]
    before: str = ""


@dataclass(frozen=True, slots=True)
class Login:
    """Who connects, where it does not stand in the address. The password is never shown."""

    username: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Watched:
    """A table whose changes are to be logged, and the columns by which its rows are known."""

    table: TableInfo
    key: tuple[str, ...]


class ChangeTracking(Protocol):
    """Of a server that keeps by itself which rows were changed: an alternative to triggers. It knows rows by their
    primary key. Versions count up with each transaction."""

    def install(self, tables: Sequence[Watched]) -> list[str]:
        """The statements that turn it on, each for itself and outside a transaction; the tracking tables are there."""

    def watched(self, connection: Connection) -> frozenset[str]:
        """The tables for which it is on, as `TableInfo.full` names them."""

    def removal(self, connection: Connection) -> list[str]:
        """The statements that turn off what `install` has turned on, each for itself and outside a transaction."""

    def versions(self, table: TableInfo) -> tuple[str, Sequence[str]]:
        """A SELECT of the version now, of the oldest after which all changes of the table are known still, and of the
        one at which the table's were begun to be kept, which is another one once it was turned off and on (NULL where
        the user may not know); each of the others is NULL where it is off. And the values that are bound."""

    def changes(self, table: TableInfo, key: Sequence[str]) -> str:
        """Writes the changes of a table into the change log. Bound are the moment, the version after which they are
        told, and the last that is told."""

    def everything(self, table: TableInfo, key: Sequence[str]) -> str:
        """Writes each row of a table into the change log, as updated. Bound is the moment."""

    def signature(self, writer: str) -> str:
        """What stands before a statement that writes rows, so that `changes` tells who did."""

    def grants(self, tables: Sequence[Watched], user: str) -> list[str]:
        """What a user must be allowed for it."""


WRITER = "mxsync.writer"
"""Under which a connection's `info` says who writes, where each statement has to be signed."""

STATE = "mxstate"
"""The schema under which the tracking tables are reached when they have a file of their own."""


class Dialect(Protocol):
    """One kind of database. Statements are texts with `?` where a value is bound; names in them are `quoted`."""

    @property
    def name(self) -> str:
        """As it begins a database's address."""

    @property
    def most_values(self) -> int:
        """How many values a list in a question may have, with room for the rest of the statement."""

    @property
    def savepoints(self) -> bool:
        """Whether a transaction goes on after a part of it was refused and taken back."""

    @property
    def begin_writing(self) -> str:
        """Begins a transaction that writes: nobody else writes until it ends."""

    @property
    def begin_reading(self) -> str:
        """Begins a transaction that sees one state of the database."""

    @property
    def installs(self) -> bool:
        """Whether the first pass makes tracking tables and triggers by itself; else somebody installs them."""

    @property
    def borrows(self) -> bool:
        """Whether tracking tables for a look ahead are temporary ones; else they are made and rolled back."""

    @property
    def hides_counting(self) -> bool:
        """Whether the catalogue does not say of a view's key that the table behind it counts it up."""

    @property
    def guid_letters(self) -> GuidLetters:
        """In which letters a column of a type for GUIDs gives them."""

    @property
    def uncommitted_skipped(self) -> str:
        """What stands behind a table's name where a reader passes over rows that others have written and not committed,
        which it would wait for otherwise; '' where readers wait for nobody."""

    @property
    def change_tracking(self) -> ChangeTracking | None:
        """What the server offers beside triggers."""

    @property
    def state_schema(self) -> str:
        """The schema in which the tracking tables lie; '' where that of the customer's tables is taken."""

    def open(
        self, url: str, *, base: Path, create: bool = False, state: Path | None = None, login: Login | None = None
    ) -> Engine:
        """An engine for a database, its transactions begun by the caller. A relative path in the address is relative to
        `base`; a database that is a file has to be there, unless `create`. `state` is a file for the tracking tables,
        which every connection has as the schema `STATE`. Raises `ConfigError`."""

    def state_file(self, url: str, base: Path) -> Path:
        """The file that the address of tracking tables of their own means. Raises `ConfigError`."""

    def schema_version(self, connection: Connection) -> object | None:
        """A value that is another one after every change of a table's definition; None where there is no such thing."""

    def schemas(self, connection: Connection) -> Sequence[str]:
        """The schemas (on MariaDB: databases) with customers' tables that the user may see."""

    def unique_columns(self, inspector: Inspector, asked: Mapping[str, Any]) -> Unique:
        """Which columns are unique together; `asked` says of which tables (see `mxsync.dialects.uniqueness`)."""

    def reflected(self, name: str) -> str:
        """A column's name as it is, of what SQLAlchemy has reflected."""

    def is_boolean(self, type_: object) -> bool:
        """Whether a type as SQLAlchemy reflects it means yes and no here, though it does not say so."""

    def is_number(self, type_: object) -> bool:
        """Whether a type as SQLAlchemy reflects it means a number here, though it does not say so."""

    def fills(self, column: Mapping[str, Any], key: Sequence[str]) -> bool:
        """Whether the database gives a value to this column by itself, always. `column` is as SQLAlchemy reflects it,
        `key` the table's primary key."""

    def errors(self) -> AbstractContextManager[None]:
        """Turns the driver's exceptions into those of `mxsync.errors`; none of them shows a value."""

    def plain(self, row: Sequence[Any]) -> Sequence[Any]:
        """A row of the driver with its values as mxsync has them: dates and times as texts, fractions as numbers."""

    def wipe(self, connection: Connection, state: str) -> None:
        """Makes what was deleted unreadable in the database's files, outside a transaction. `state` is the schema of
        the tracking tables, '' beside the customer's. Raises `Unavailable` where another program is in the way."""

    # ------------------------------------------------------------ names and statements

    def quoted(self, name: str) -> str:
        """A name as SQL writes it, whatever it holds."""

    def table(self, name: str) -> str:
        """The name of a customer's table, as rules write it, without what this database has no use for."""

    def upsert(self, table: Table, columns: Sequence[str]) -> str:
        """INSERT of `columns`, or UPDATE of those that are not the key."""

    def insert(self, table: Table, columns: Sequence[str], *, ignore: bool = False) -> str:
        """INSERT of `columns`; with `ignore` what is there already stays."""

    def insert_rows(
        self,
        cursor: Any,
        table: str,
        rows: Sequence[Mapping[str, Any]],
        key: Sequence[str],
        generated: bool,
        signature: str = "",
    ) -> list[Sequence[Any]]:
        """Inserts rows into `table` (a quoted name) with the driver's cursor; the values of the `key` columns of each,
        in their order. `generated` says that the database makes the key, a number; `signature` is what stands before
        each INSERT."""

    def insert_with_key(self, table: str, columns: Sequence[str], generated: bool) -> Sequence[str]:
        """Statements that insert one row after the other with its own key: the one in the middle is called for each,
        those around it (none, or one each) once. `generated` says that the database makes the key otherwise."""

    def run_each(self, cursor: Any, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """Executes a statement that gives no rows for each of these, with the driver's cursor."""

    def change_each(self, cursor: Any, statement: str, rows: Sequence[Sequence[Any]]) -> Sequence[bool]:
        """The same; of each, whether it changed anything."""

    def insert_link(self, table: str, own: str, other: str) -> str:
        """INSERT of two values into a link table (all names quoted), which does nothing where that pair is there and
        the table has a key that says so."""

    def first(self, statement: str, count: int) -> str:
        """An ordered SELECT that gives its first `count` rows only."""

    def claim(self, table: str) -> str | None:
        """A statement that takes a claim (its name, its moment) for the transaction: who comes second waits until that
        transaction has ended. None where only one writes at a time."""

    # ------------------------------------------------------------ texts without regard to case

    def finds_without_case(self, connection: Connection, table: TableInfo) -> frozenset[str]:
        """Columns of a table in which a text is found without regard to case by an index."""

    def folded(self, column: str) -> str:
        """A column of texts (quoted) in small letters, whatever type of text it has."""

    def same_text(self, column: str, texts: Sequence[str], indexed: bool) -> Sequence[Question]:
        """Rows in whose column one of the texts may stand, whatever its case: all of them, and few others. The texts
        are folded (`mxsync.model.normal.text_key`)."""

    def same_address(
        self, table: str, key: Sequence[str], columns: Sequence[tuple[str, bool]], addresses: Sequence[str]
    ) -> Sequence[Question]:
        """Rows of `table` (quoted, with that key) in one of whose columns one of the addresses may stand, in whatever
        case and with whatever plus tag. Of each column: its name, and whether an index finds without case."""

    # ------------------------------------------------------------ the change log

    def tracking(self, tables: MetaData) -> MetaData:
        """The definition of the tracking tables as this database needs it."""

    def schema_statements(self) -> list[str]:
        """What makes the place of the tracking tables, before they are made."""

    def removal_statements(self) -> list[str]:
        """What takes that place away again, when the tables are gone."""

    def added(self, table: Table, column: Column[Any], dialect: SqlDialect) -> str:
        """The statement that adds a column to a tracking table that has rows. `dialect` is SQLAlchemy's."""

    def reshaped(
        self, table: Table, column: Column[Any], found: Mapping[str, Any], key: str, dialect: SqlDialect
    ) -> Sequence[str]:
        """What makes a column of a tracking table hold what its definition says; nothing where it does. `found` is the
        column as SQLAlchemy reflects it, `key` the name of the table's primary key."""

    def change_log_upgrade(self, connection: Connection) -> list[str]:
        """What has to be done with the change log of an older mxsync, before `change_log` makes its triggers anew."""

    def change_log(self, tables: Sequence[Watched]) -> list[str]:
        """The statements that make the change log and a trigger on each of the tables for every insertion, update and
        deletion. Those of `watched` are left out by the caller."""

    def watched(self, connection: Connection) -> frozenset[str]:
        """The tables that have such triggers, and working ones; as `TableInfo.full` names them."""

    def remove_change_log(self, connection: Connection) -> None:
        """Removes triggers and change log; the customer's own tables stay."""

    def set_writer(self, connection: Connection, writer: str) -> None:
        """Says who writes from here on in this transaction; does nothing where there is no change log."""

    def bell(self, connection: Any) -> Callable[[float], bool] | None:
        """Makes a driver's connection listen for changes that others make. The function waits for one, at most so many
        seconds, and says whether one came. None where the server does not tell."""

    def script(self, statements: Sequence[str], grants: Sequence[str]) -> str:
        """Statements as a script for the database's own client; the grants stand in comments behind them."""

    def grants(self, tables: Sequence[TableInfo], own: Sequence[str], user: str) -> list[str]:
        """What a user must be allowed, and no more, on the customer's tables and on mxsync's (`own`)."""


def marks(values: Collection[Any] | int) -> str:
    """'?, ?, ?'"""
    return ", ".join("?" * (values if isinstance(values, int) else len(values)))


def commented(grants: Sequence[str]) -> str:
    """Grants as the end of a script."""
    if not grants:
        return ""
    lines = "".join(f"-- {grant};\n" for grant in grants)
    return f"\n-- What the user of mxsync must be allowed, and no more:\n{lines}"
