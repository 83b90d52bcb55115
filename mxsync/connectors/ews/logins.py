"""Logins that were refused: a password that is wrong is not tried for every mailbox in turn.

A directory locks an account after some wrong passwords, and one service account opens hundreds of mailboxes. After two
refusals the account rests, until its password is another one or some minutes have passed.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable
from typing import Final

from mxsync.connectors.ews.settings import Account
from mxsync.errors import Unauthorized

TRIES: Final = 2
REST: Final = 300.0
"""Seconds."""


class Logins:
    """Shared by all that talk to one server."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._salt = os.urandom(16)
        self._refused: dict[str, tuple[bytes, int, float, str]] = {}

    def _mark(self, account: Account) -> bytes:
        """A password is kept as a digest, under a key that lives as long as the process."""
        return hashlib.blake2b(account.password().encode(), key=self._salt, digest_size=16).digest()

    def check(self, account: Account) -> None:
        """Raises `Unauthorized` for a login that rests."""
        with self._lock:
            found = self._refused.get(account.username)
        if found is None:
            return
        mark, times, until, reason = found
        if times >= TRIES and self._monotonic() < until and mark == self._mark(account):
            raise Unauthorized(f"{reason}; it is not tried again for some minutes, so that the account is not locked")

    def refused(self, account: Account, reason: str) -> None:
        """The server did not take the login."""
        mark = self._mark(account)
        with self._lock:
            before = self._refused.get(account.username)
            times = before[1] + 1 if before is not None and before[0] == mark else 1
            self._refused[account.username] = (mark, times, self._monotonic() + REST, reason)

    def taken(self, account: Account) -> None:
        """The server took it."""
        with self._lock:
            self._refused.pop(account.username, None)
