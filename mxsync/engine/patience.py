"""Once more, when another writer was in the way or the connection died."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final, Protocol, TypeVar

from mxsync.engine.world import World
from mxsync.errors import RevisionMismatch, Transient

T = TypeVar("T")
_log = logging.getLogger(__name__)

WAITS: Final = (0.1, 1.0, 3.0)
"""Seconds before something is written anew when the database could not take it."""


class Anew(Protocol):
    """Carries out a transaction, again where another writer was in its way."""

    def __call__(self, write: Callable[[], T], /) -> T: ...


def once(write: Callable[[], T], /) -> T:
    """Where nobody can be in the way."""
    return write()


def with_patience(world: World, write: Callable[[], T]) -> T:
    """What `write` gives: a transaction that decides anew what it writes each time it is called. If it was committed
    though its answer was lost, the next call finds it done."""
    for wait in WAITS:
        try:
            return write()
        except (Transient, RevisionMismatch) as error:
            if world.stop.wait(wait):
                raise
            _log.info("written anew: %s", error)
    return write()
