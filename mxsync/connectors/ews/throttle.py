"""When the next request may go out: Exchange's throttling obeyed, for the server and for each mailbox.

Exchange says how long it wants to be left alone: `BackOffMilliseconds` with ErrorServerBusy (MS-OXWSCDATA 2.2.4.31),
`Retry-After` with HTTP 503. What it says of a mailbox holds that mailbox up and no other. A short wait is
waited here; a longer one is the caller's: the mailbox rests, the others go on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from mxsync.errors import RateLimited

PATIENCE: Final = 5.0
"""Seconds that a request waits here for its turn; longer waits are raised."""
LONGEST: Final = 3600.0


class Throttle:
    """Shared by all that talk to one server. `monotonic` and `sleep` are the clock's."""

    def __init__(
        self, monotonic: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._lock = threading.Lock()
        self._until: dict[str, float] = {}

    def wait(self, mailbox: str) -> None:
        """Returns when a request for `mailbox` may go out. Raises `RateLimited` when that is too long to wait for."""
        rest = self.rest(mailbox)
        if rest > PATIENCE:
            raise RateLimited(f"Exchange wants {mailbox} to be left alone for {rest:.0f} s more", rest)
        if rest > 0:
            self._sleep(rest)

    def rest(self, mailbox: str) -> float:
        """Seconds until a request for `mailbox` may go out."""
        with self._lock:
            return max(self._until.get(mailbox, 0.0), self._until.get("", 0.0)) - self._monotonic()

    def back_off(self, mailbox: str, seconds: float) -> None:
        """Exchange asked for that; '' means the whole server."""
        with self._lock:
            until = self._monotonic() + min(max(seconds, 0.0), LONGEST)
            self._until[mailbox] = max(self._until.get(mailbox, 0.0), until)
