"""Connecting to SQLite, and turning its driver's faults into ours."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    IntegrityError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
)

from mxsync.errors import BadContent, ConfigError, SchemaMismatch, Unavailable
from mxsync.model.normal import text_key

_NAMES = {"mssql": "SQL Server", "postgresql": "PostgreSQL", "mysql": "MySQL", "mariadb": "MariaDB", "oracle": "Oracle"}
_NAMED = re.compile(r"constraint failed: ([\w. ,]+)", re.IGNORECASE)


STATE = "mxstate"
"""The schema under which the tracking tables are reached when they have a file of their own."""


def open_engine(url: str, *, base: Path, create: bool = False, state: Path | None = None) -> Engine:
    """An engine for the customer's database. A relative path of SQLite is relative to `base`. `state` is a second
    SQLite file, for the tracking tables: every connection has it as the schema `STATE`.

    Raises `ConfigError` for a URL that cannot be used, for a kind of database that is not supported yet, and, unless
    `create`, for a SQLite file that is not there.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigError("[database] url is no database address; write for example sqlite:///crm.db") from error
    name = parsed.get_backend_name()
    if name != "sqlite":
        raise ConfigError(f"{_NAMES.get(name, name)} is not supported yet: [database] url must begin with sqlite:///")
    path = base / (parsed.database or "")
    if not parsed.database:
        raise ConfigError("[database] url names no file: write for example sqlite:///crm.db")
    if not create and not path.is_file():
        raise ConfigError(f"there is no database {path}: correct [database] url, or make a tenant with `mxsync init`")
    try:
        engine = create_engine(parsed.set(database=str(path)), pool_size=2, max_overflow=4)
    except NoSuchModuleError as error:
        raise ConfigError(f"[database] url: {error}") from error
    event.listen(engine, "connect", lambda connection, record: _prepare(connection, state))
    event.listen(engine, "begin", _no_implicit_begin)
    return engine


def _prepare(connection: Any, state: Path | None) -> None:
    """SQLite as a careful database: nothing is lost by a power cut, and readers do not wait for a writer.

    With two files they do wait: SQLite commits to several files at once, all or nothing, unless they are in WAL mode
    (https://www.sqlite.org/lang_attach.html), so both keep a rollback journal.
    """
    connection.isolation_level = None  # transactions are begun by us, not guessed by the driver
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout = 10000",
        "synchronous = FULL",
        "foreign_keys = ON",
        "cache_size = -32000",
    ):
        cursor.execute(f"PRAGMA {pragma}").fetchall()
    if state is None:
        _keep_journal(cursor, "main", "wal")
    else:
        cursor.execute(f"ATTACH DATABASE ? AS {STATE}", (str(state),))
        _keep_journal(cursor, "main", "delete")
        _keep_journal(cursor, STATE, "delete")
    cursor.close()
    connection.create_function("mxsync_fold", 1, lambda text: text_key(text) if isinstance(text, str) else text,
                               deterministic=True)  # fmt: skip


def _keep_journal(cursor: Any, schema: str, wanted: str) -> None:
    # Asked first: a change of the mode needs the file for itself, and is nearly never needed.
    if cursor.execute(f"PRAGMA {schema}.journal_mode").fetchone()[0] != wanted:
        cursor.execute(f"PRAGMA {schema}.journal_mode = {wanted}").fetchall()


def _no_implicit_begin(connection: Any) -> None:
    """SQLAlchemy begins nothing by itself either: `BEGIN IMMEDIATE` is the store's."""
    del connection


@contextmanager
def driver_errors() -> Iterator[None]:
    """Turns the driver's exceptions into those of `mxsync.errors`; none of them shows a value."""
    try:
        yield
    except IntegrityError as error:
        found = _NAMED.search(str(error.orig))
        where = found[1].strip() if found is not None else str(error.orig)
        raise BadContent(f"the database refuses the row: {_constraint(str(error.orig))} {where}") from error
    except (DataError, InterfaceError) as error:
        raise BadContent(f"the database refuses a value: {error.orig}") from error
    except OperationalError as error:
        text = str(error.orig)
        if "no such table" in text or "no such column" in text:
            raise SchemaMismatch(f"the database is not as the rules say: {text}. `mxsync check` tells where") from error
        if "locked" in text or "busy" in text:
            raise Unavailable("the database is locked by another program for more than ten seconds; it is tried again",
                              5.0) from error  # fmt: skip
        if "full" in text:
            raise Unavailable("the disk of the database is full: free space there, then run again", 60.0) from error
        raise Unavailable(f"the database cannot be used: {text}", 10.0) from error
    except sqlite3.IntegrityError as error:
        found = _NAMED.search(str(error))
        where = found[1].strip() if found is not None else str(error)
        raise BadContent(f"the database refuses the row: {_constraint(str(error))} {where}") from error
    except sqlite3.Error as error:
        raise Unavailable(f"the database cannot be used: {error}", 10.0) from error
    except UnicodeEncodeError as error:
        raise BadContent("a text holds characters that the database cannot store") from error
    except OverflowError as error:
        raise BadContent("a number is too large for the database") from error
    except SQLAlchemyError as error:
        raise Unavailable(f"the database cannot be used: {error}", 10.0) from error


def _constraint(text: str) -> str:
    kinds = {
        "UNIQUE": "there is a row with the same",
        "NOT NULL": "a value is missing in",
        "FOREIGN KEY": "it refers to a row that is not there",
        "CHECK": "its rule forbids it:",
    }
    return next((said for word, said in kinds.items() if word in text), "")
