"""The next page is read while this one is decided: by a second process, where there is a processor for it.

Reading a mail is a third of the work of a first pass, and none of it needs what the page before has come to. The
process is started when a mailbox has pages enough to be worth it, gets the connector's `Reader` and references, and
answers with items in batches, each with what the rules will ask of it whatever the tables hold. What goes wrong there
(it dies, the reader raises, an answer cannot be sent) is no fault of the pass: the page is read here, as it would have
been without it, and says then what is to be said.
"""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Self

from mxsync.decide.foresight import Foresight
from mxsync.decide.gleaned import Foreseen
from mxsync.engine.reading_process import Answers, Request, receive, send
from mxsync.model.item import ItemRef, Unreadable
from mxsync.ports.connector import Fetched, MailConnector

_log = logging.getLogger(__name__)

WORTH_IT = 3
"""Pages of a mailbox from which on a process is started: its start costs about what half a page does."""
_PROGRAM = "from mxsync.engine.reading_process import main; main()"
_LOOK = 0.2
"""Seconds after which one who waits for an answer looks whether a stop was asked for."""


class ReadAhead:
    """At most one page is asked for at a time. Ends with the block: the process is killed, whatever it does."""

    def __init__(self, check_stop: Callable[[], None]) -> None:
        self._check_stop = check_stop
        self._process: subprocess.Popen[bytes] | None = None
        self._frames: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._reads_for: MailConnector | None = None
        self._asked: Sequence[ItemRef] = ()
        self._foresight: Foresight | None = None
        self._usable = processors() > 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def ask(self, connector: MailConnector, request: Request) -> None:
        """Asks for items that will be taken next. Does nothing where they cannot be read elsewhere."""
        if not self._usable or self._asked or not request.refs:
            return
        try:
            if self._process is None or self._reads_for is not connector:
                self._start(connector)
            if self._process is not None and self._process.stdin is not None:
                known = request.foresight is self._foresight
                sent = replace(request, foresight=None) if known else request
                send(self._process.stdin, pickle.dumps(sent, pickle.HIGHEST_PROTOCOL))
                self._asked, self._foresight = request.refs, request.foresight
        except (OSError, ValueError, pickle.PicklingError, subprocess.SubprocessError) as error:
            self._give_up(error)

    def take(self, refs: Sequence[ItemRef]) -> Sequence[tuple[Fetched | Unreadable, Foreseen | None]] | None:
        """The items that were asked for, None where they have to be read here. Raises what `check_stop` raises."""
        if not self._asked or list(self._asked) != list(refs):
            return None
        self._asked = ()
        found: list[tuple[Fetched | Unreadable, Foreseen | None]] = []
        while True:
            frame = self._next()
            if frame is None:
                self._give_up("it ended")
                return None
            try:
                answers = pickle.loads(frame)  # noqa: S301  # from our own process, over a pipe of its own
            except Exception as error:
                self._give_up(error)
                return None
            if not isinstance(answers, Answers):
                self._give_up("it said something else")
                return None
            found += answers.items
            if answers.fault:
                _log.debug("a page could not be read ahead: %s", answers.fault)
                return None
            if answers.last:
                return found

    def close(self) -> None:
        """Ends the process."""
        process, self._process = self._process, None
        self._reads_for, self._asked, self._foresight = None, (), None
        if process is None:
            return
        with contextlib.suppress(OSError):
            process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError, ValueError):
                    stream.close()
        process.wait()

    def _start(self, connector: MailConnector) -> None:
        self.close()
        reader = connector.reader()
        if reader is None:
            return
        process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, close_fds=True,
        )  # fmt: skip
        self._process, self._reads_for = process, connector
        self._frames = queue.SimpleQueue()
        threading.Thread(target=_drain, args=(process, self._frames), name="read-ahead", daemon=True).start()
        assert process.stdin is not None
        send(process.stdin, pickle.dumps((sys.path, reader), pickle.HIGHEST_PROTOCOL))

    def _next(self) -> bytes | None:
        while True:
            try:
                return self._frames.get(timeout=_LOOK)
            except queue.Empty:
                self._check_stop()

    def _give_up(self, why: object) -> None:
        _log.debug("pages are read one after the other from here on: %s", why)
        self._usable = False
        self.close()


def _drain(process: subprocess.Popen[bytes], frames: queue.SimpleQueue[bytes | None]) -> None:
    """Takes what the process writes as soon as it does, so that it never waits for us."""
    assert process.stdout is not None
    try:
        while (frame := receive(process.stdout)) is not None:
            frames.put(frame)
    except (OSError, ValueError):  # it was killed in the middle of a word
        pass
    frames.put(None)


def processors() -> int:
    """How many processors this process may use."""
    usable = getattr(os, "sched_getaffinity", None)  # Linux: a container may have fewer than the machine
    return len(usable(0)) if usable is not None else os.cpu_count() or 1
