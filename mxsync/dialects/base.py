"""What is asked of a dialect."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Table
from sqlalchemy.engine import Connection, Engine

from mxsync.model.schema import TableInfo


@dataclass(frozen=True, slots=True)
class Question:
    """A part of a SELECT: what stands before it (`WITH …`), its condition, and the values for both in their order.
    The table that is asked is called `t`."""

    condition: str
    values: Sequence[Any]
    before: str = ""


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
    def begin_writing(self) -> str:
        """Begins a transaction that writes: nobody else writes until it ends."""

    @property
    def begin_reading(self) -> str:
        """Begins a transaction that sees one state of the database."""

    def open(self, url: str, *, base: Path, create: bool = False, state: Path | None = None) -> Engine:
        """An engine for a database, its transactions begun by the caller. A relative path in the address is relative to
        `base`; a database that is a file has to be there, unless `create`. `state` is a file for the tracking tables,
        which every connection has as the schema `STATE`. Raises `ConfigError`."""

    def state_file(self, url: str, base: Path) -> Path:
        """The file that the address of tracking tables of their own means. Raises `ConfigError`."""

    def schema_version(self, connection: Connection) -> object | None:
        """A value that is another one after every change of a table's definition; None where there is no such thing."""

    def errors(self) -> AbstractContextManager[None]:
        """Turns the driver's exceptions into those of `mxsync.errors`; none of them shows a value."""

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

    def insert_row(
        self, cursor: Any, table: str, values: Mapping[str, Any], key: Sequence[str], generated: bool
    ) -> Sequence[Any]:
        """Inserts one row into `table` (a quoted name) with the driver's cursor; the values of its `key` columns.
        `generated` says that the database makes the key, a number."""

    # ------------------------------------------------------------ texts without regard to case

    def finds_without_case(self, connection: Connection, table: str) -> frozenset[str]:
        """Columns in which a text is found without regard to case by an index."""

    def same_text(self, column: str, texts: Sequence[str], indexed: bool) -> Sequence[Question]:
        """Rows in whose column one of the texts may stand, whatever its case: all of them, and few others. The texts
        are folded (`mxsync.model.normal.text_key`)."""

    def same_address(
        self, table: str, key: Sequence[str], columns: Sequence[tuple[str, bool]], addresses: Sequence[str]
    ) -> Sequence[Question]:
        """Rows of `table` (quoted, with that key) in one of whose columns one of the addresses may stand, in whatever
        case and with whatever plus tag. Of each column: its name, and whether an index finds without case."""

    # ------------------------------------------------------------ the change log

    def change_log(self, tables: Sequence[TableInfo]) -> list[str]:
        """The statements that make the change log and a trigger on each of the tables for every insertion, update and
        deletion; what is there already stays."""

    def watched(self, connection: Connection) -> frozenset[str]:
        """The tables that have such triggers."""

    def remove_change_log(self, connection: Connection) -> None:
        """Removes triggers and change log; the customer's own tables stay."""

    def set_writer(self, connection: Connection, writer: str) -> None:
        """Says who writes from here on in this transaction; does nothing where there is no change log."""


def marks(values: Collection[Any] | int) -> str:
    """'?, ?, ?'"""
    return ", ".join("?" * (values if isinstance(values, int) else len(values)))
