"""A bell that rings when somebody else has changed a row, where the database has one."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from sqlalchemy.engine import Engine

from mxsync.dialects.base import Dialect
from mxsync.errors import MxsyncError

_log = logging.getLogger(__name__)

_TURN = 1.0
"""Seconds after which a listener looks whether it is to stop."""
_PATIENCE = 5.0
"""Seconds before a connection that was lost is made anew."""


class Bell:
    """Listens in a thread of its own, on a connection of its own, and calls `rung` after each change, and after each
    time it has begun to listen, since a change may have come before. A `mxsync.ports.connector.Watch`."""

    def __init__(self, engine: Engine, dialect: Dialect, rung: Callable[[], None]) -> None:
        self._engine = engine
        self._dialect = dialect
        self._rung = rung
        self._stop = threading.Event()
        self._listening = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mxsync-bell", daemon=True)
        self._thread.start()

    @property
    def trusted(self) -> bool:
        """Whether silence means that nothing changed; otherwise the caller polls."""
        return self._listening.is_set()

    def stop(self) -> None:
        """Ends it; returns when its connection is given back."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                if not self._listen():
                    return
            except MxsyncError as error:
                _log.info("the database's bell is not heard: %s", error)
            self._listening.clear()
            self._stop.wait(_PATIENCE)

    def _listen(self) -> bool:
        """Until it is to stop, or the connection is lost; False where this database has no bell."""
        with self._dialect.errors(), self._engine.connect() as connection:
            driver = connection.connection.driver_connection
            connection.detach()  # what listens is not given to others afterwards
            wait = self._dialect.bell(driver)
            if wait is None:
                return False
            self._listening.set()
            self._rung()
            while not self._stop.is_set():
                if wait(_TURN):
                    self._rung()
        return True
