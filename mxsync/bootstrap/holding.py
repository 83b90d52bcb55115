"""The leases of this process: taken, renewed by every transaction, given back."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Final

from mxsync.errors import Busy, Locked
from mxsync.ports.clock import Clock
from mxsync.ports.leases import SERVICE, SYNCS, TENANT
from mxsync.tracking.store import SqlStore
from mxsync.tracking.unit import SqlTracking

_AGAIN: Final = 0.2
_COMMAND: Final = 150.0
"""Seconds for which a command waits for what another process works on: longer than a process that hangs keeps it."""
_SERVICE: Final = 30.0
"""Seconds for which a service that carries out the syncs waits for a mailbox; for anything else it comes back later."""

_TOGETHER: Final = 3.0
"""Seconds for which a service that shares waits for others that start at the same moment."""


_SILENT: Final = 20.0
"""Seconds after which a process says that it lives before it goes on: a small part of what leases last."""


class TenantLeases:
    """`mxsync.ports.leases.Leases`. `serving`: a service asks, which has other mailboxes to look at meanwhile; `stop`
    ends all waiting."""

    def __init__(self, store: SqlStore, holder: str, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._held: dict[str, int] = {}
        self._said = (0.0, 0.0)
        self.holder = holder
        self.serving = False
        self.stop = threading.Event()

    @property
    def whole(self) -> bool:
        """Whether nobody else works on the tenant."""
        return TENANT in self._held

    @contextmanager
    def all(self, *, for_whole: float = 0.0, for_part: float = 0.0) -> Iterator[None]:
        """The lease on the whole tenant. Raises `Locked` while another has it for longer than so many seconds, `Busy`
        while another has a part of it."""
        with self._lease(TENANT, for_whole, for_part):
            yield

    @contextmanager
    def serve(self, *, share: bool) -> Iterator[None]:
        """Work as a service. Raises `Locked` while another is this tenant's only one; with `share` several serve it."""
        if share:
            with self._lease(SERVICE, _TOGETHER, 0.0):
                pass  # nobody is its only service; others that share may be looking at the same moment
        with nullcontext() if share else self._lease(SERVICE, 0.0, 0.0):
            self.serving = True
            try:
                yield
            finally:
                self.serving = False

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """See `Leases`."""
        patience = _COMMAND if not self.serving else _SERVICE if SYNCS in self._held else 0.0
        with self._lease(name, patience, patience):
            yield

    @contextmanager
    def _lease(self, name: str, for_whole: float, for_part: float) -> Iterator[None]:
        if self.whole or name in self._held:
            yield
            return
        epoch = self._take(name, for_whole, for_part)
        self._held[name] = epoch
        # From here on every transaction ends with a look at the leases: a process that was frozen, and comes back after
        # another has taken over, commits nothing.
        self._store.fence = self._renew
        try:
            yield
        finally:
            del self._held[name]
            self._store.fence = self._renew if self._held else None
            with self._store.transaction() as unit:
                unit.tracking.drop_lease(name, self.holder, epoch)

    def _take(self, name: str, for_whole: float, for_part: float) -> int:
        began = time.monotonic()
        while True:
            try:
                with self._store.transaction() as unit:
                    return unit.tracking.take_lease(name, self.holder, self._clock.now())
            except Locked as locked:
                patience = for_part if isinstance(locked, Busy) else for_whole
                if time.monotonic() - began >= patience or self.stop.wait(_AGAIN):
                    raise

    def keep(self) -> None:
        """See `Leases`. The one clock stands still while the machine sleeps, the other may be set."""
        silent = max(abs(now - said) for now, said in zip(_clocks(), self._said, strict=True))
        if self._held and silent >= _SILENT:
            self.renew()

    def _renew(self, tracking: SqlTracking) -> None:
        self._said = _clocks()
        for name, epoch in self._held.items():
            tracking.renew_lease(name, self.holder, epoch, self._clock.now())

    def renew(self) -> None:
        """Says that this process still lives. Raises `Locked` when another has taken over."""
        with self._store.transaction():
            pass  # the fence renews


def _clocks() -> tuple[float, float]:
    return time.monotonic(), time.time()
