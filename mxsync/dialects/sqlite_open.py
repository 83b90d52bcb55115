"""Connecting to SQLite."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from mxsync.dialects.base import STATE
from mxsync.dialects.sqlite_checkpoint import Checkpoints
from mxsync.errors import ConfigError
from mxsync.model.normal import text_key

_CHECKPOINT = 32_000
"""Pages of 4 kB in the log from which on a commit copies them into the file, where `Checkpoints` has not come so far.
With SQLite's own measure, a thousand, every page of mail would wait for a copy."""


def open_engine(url: str, *, base: Path, create: bool = False, state: Path | None = None) -> Engine:
    """An engine for the customer's database. A relative path is relative to `base`. `state` is a second file, for the
    tracking tables: every connection has it as the schema `STATE`.

    Raises `ConfigError` for a URL that cannot be used, and, unless `create`, for a file that is not there.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigError("[database] url is no database address; write for example sqlite:///crm.db") from error
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
    if state is None:
        Checkpoints(engine, path)
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
        cursor.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT}").fetchall()
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
    """SQLAlchemy begins nothing by itself either: `begin_writing` and `begin_reading` are the store's."""
    del connection
