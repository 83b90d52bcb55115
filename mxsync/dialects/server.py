"""What database servers have in common: how they are called, and what they do without."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Column, Table, create_engine
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.engine.interfaces import Dialect as SqlDialect
from sqlalchemy.engine.reflection import Inspector
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from mxsync.dialects.altering import name_of, specified
from mxsync.dialects.base import ChangeTracking, Login
from mxsync.dialects.changes import quoted
from mxsync.dialects.statements import one_by_one
from mxsync.dialects.uniqueness import Unique, by_constraint
from mxsync.errors import ConfigError
from mxsync.model.schema import GuidLetters

CONNECT_SECONDS = 10
"""How long a server may take to answer a call for a connection."""
IDLE_SECONDS = 120
"""After so long a silence in a transaction the server gives it up, where it can: a process that is frozen, or a machine
that is gone, keeps nobody waiting for its rows for longer than its lease holds."""

EMPTY: Final = "('')"
"""The default of a text in a column that is added: MySQL takes an expression only for long texts."""


class Server:
    """The part of `mxsync.dialects.base.Dialect` in which servers are alike; each says what it does otherwise."""

    installs: Final = False
    hides_counting: bool = False
    uncommitted_skipped: str = ""
    guid_letters: GuidLetters = GuidLetters.SMALL
    change_tracking: ChangeTracking | None = None
    begin_writing: Final = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"

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

    def plain(self, row: Sequence[Any]) -> Sequence[Any]:
        """The driver gives plain values."""
        return row

    def run_each(self, cursor: Any, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """See `Dialect`."""
        cursor.executemany(statement, rows)

    def change_each(self, cursor: Any, statement: str, rows: Sequence[Sequence[Any]]) -> Sequence[bool]:
        """See `Dialect`."""
        return one_by_one(cursor, statement, rows)

    def wipe(self, connection: Connection, state: str) -> None:
        """A server clears its files by itself, in its own time: its administrator knows when."""

    def quoted(self, name: str) -> str:
        """See `Dialect`."""
        return quoted(name)

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

    def change_log_upgrade(self, connection: Connection) -> list[str]:
        """The log has been as it is since the first; functions and triggers are replaced where they are made."""
        return []

    def bell(self, connection: Any) -> Callable[[float], bool] | None:
        """It has none: changes are polled for."""
        return None


def open_server(
    url: str,
    login: Login,
    *,
    kind: str,
    driver: str,
    packages: Mapping[str, str],
    connect_args: Mapping[str, Any],
    **options: Any,
) -> Engine:
    """An engine for a database server called `kind`. `driver` is taken where the address names none; `packages` says of
    each driver that may be named what to install. A connection that died while it lay idle is replaced when it is
    asked for. Raises `ConfigError`."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ConfigError("[database] url is no database address") from error
    scheme, _, named = parsed.drivername.partition("+")
    named = named or driver
    if named not in packages:
        known = " or ".join(f"{scheme}+{each}" for each in packages)
        raise ConfigError(f"[database] url: mxsync speaks to {kind} by {known}, not by `{parsed.drivername}`")
    if not parsed.database and "odbc_connect" not in parsed.query:
        raise ConfigError(f"[database] url names no database: write {scheme}+{named}://HOST/DATABASE")
    parsed = parsed.set(drivername=f"{scheme}+{named}")
    if login.username:
        parsed = parsed.set(username=login.username)
    if login.password:
        parsed = parsed.set(password=login.password)
    try:
        return create_engine(
            parsed,
            pool_size=4,
            max_overflow=4,
            pool_pre_ping=True,
            pool_recycle=1800,
            hide_parameters=True,
            connect_args=dict(connect_args),
            **options,
        )
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise ConfigError(
            f"the driver for {kind} is not installed: pip install '{packages[named]}' where mxsync is installed"
        ) from error
    except ImportError as error:
        raise ConfigError(
            f"the driver for {kind} cannot be loaded: {error}. A library that it needs is not on this machine; for "
            "pyodbc these are unixODBC and Microsoft's ODBC driver (docs/dba.md)"
        ) from error
