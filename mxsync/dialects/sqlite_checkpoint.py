"""SQLite's write-ahead log, copied into the database beside the work and not in the middle of a commit.

A long pass writes more than the log is to hold every second or so. SQLite would then copy all of it within the next
commit, and everybody waits for the disk twice. A checkpoint by a connection of its own stops no reader and no writer
(https://www.sqlite.org/c3ref/wal_checkpoint_v2.html, PASSIVE), and copies what is there at that moment.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from sqlalchemy import event
from sqlalchemy.engine import Engine

_log = logging.getLogger(__name__)

_ROWS: Final = 10_000
"""Rows that a connection changes before the log is worth copying: a page of mail changes some seven thousand."""
_PATIENCE: Final = 10_000
"""Milliseconds for which it waits for a lock, as every connection does."""


class Checkpoints:
    """Those of one database file. At most one runs at a time; whoever disposes of the engine waits for its end, so that
    no log is left beside the file."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self._path = path
        self._thread: threading.Thread | None = None
        self.made = 0
        """Checkpoints that were begun."""
        event.listen(engine, "checkin", self._given_back)
        event.listen(engine, "engine_disposed", lambda engine: self.wait())

    def _given_back(self, connection: Any, record: Any) -> None:
        """A connection has done what it was taken for. `connection` is None where it was closed for a fault."""
        if connection is None:
            return
        changed = connection.total_changes
        if changed - record.info.get(_COPIED, 0) < _ROWS or (self._thread is not None and self._thread.is_alive()):
            return
        record.info[_COPIED] = changed
        self.made += 1
        self._thread = threading.Thread(target=self._copy, name="sqlite-checkpoint", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Until the one that runs has ended."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()

    def _copy(self) -> None:
        try:
            with closing(sqlite3.connect(self._path, isolation_level=None)) as connection:
                connection.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except sqlite3.Error as error:
            # Nothing is lost: what was not copied lies in the log, and a commit copies it sooner or later.
            _log.debug("the log of %s was not copied beside the work: %s", self._path, error)


_COPIED: Final = "changes at the last checkpoint"
