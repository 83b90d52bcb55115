"""Being asked to stop: the first signal ends the work between two items, a second Ctrl-C at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

# SIGBREAK is what a Windows service wrapper, or Ctrl-Break, sends; SIGHUP a terminal that is closed.
_NAMES = ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP")


def _nothing() -> None:
    """Nobody waits to be woken."""


class StopRequest(threading.Event):
    """Set once someone asked to stop; `signal` is the number of what asked, 0 without one. `then` is called afterwards:
    from a signal's handler, so it may do next to nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.signal = 0
        self.then: Callable[[], None] = _nothing


@contextmanager
def stopping() -> Iterator[StopRequest]:
    """While the block runs, signals set the event. In another thread than the main one nothing is caught."""
    request = StopRequest()

    def asked(number: int, frame: FrameType | None) -> None:
        if request.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        request.signal = number
        request.set()
        request.then()

    if threading.current_thread() is not threading.main_thread():
        yield request
        return
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    before = {number: signal.signal(number, asked) for number in numbers}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
