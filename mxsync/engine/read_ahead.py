"""The next pages are read while this one is decided: by a second process, where there is a processor for it.

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
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from types import TracebackType
from typing import IO, Self

from mxsync.decide.foresight import Foresight
from mxsync.decide.gleaned import Foreseen
from mxsync.engine.reading_process import BATCH, Answers, Request, receive, send
from mxsync.model.item import ItemRef, Unreadable
from mxsync.ports.connector import Fetched, MailConnector

_log = logging.getLogger(__name__)

WORTH_IT = 3
"""Pages of a mailbox from which on a process is started: its start costs about what half a page does."""
PAGES = 5
"""Pages that it is asked for ahead: one takes longer to decide, the other to read, and neither process waits."""
_MOST = 16_000_000
"""Bytes that may lie here untaken, however many pages are asked for: five pages of mails of 6 kB."""
_LONG = 0.1
"""Seconds after which a look at a mailbox that was never looked at has found enough to start the process."""
_PROGRAM = "from mxsync.engine.reading_process import main; main()"
_LOOK = 0.2
"""Seconds after which one who waits for an answer looks whether a stop was asked for."""
_ROOM = 1 << 20
"""Bytes that the pipe shall hold: a frame is some 300 kB, and Linux gives 64 kB unless asked."""
_TURN = 0.0005
"""Seconds for which a thread keeps the interpreter when another waits for it, instead of Python's 5 ms: the thread that
empties the pipe waits its turn for each piece while a page is decided, and the other process for it."""


class ReadAhead:
    """Pages are taken in the order in which they were asked for. Ends with the block: the process is killed, whatever
    it does."""

    def __init__(self, check_stop: Callable[[], None]) -> None:
        self._check_stop = check_stop
        self._process: subprocess.Popen[bytes] | None = None
        self._frames = Untaken(_MOST)
        self._reads_for: MailConnector | None = None
        self._asked: deque[Sequence[ItemRef]] = deque()
        self._foresight: Foresight | None = None
        self._usable = processors() > 1
        self._turn = sys.getswitchinterval()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @contextlib.contextmanager
    def expecting(self, connector: MailConnector) -> Iterator[None]:
        """The block finds out what there is to read, of a mailbox of which nothing is known: where that takes long it
        is much, and the process is started meanwhile."""
        timer = threading.Timer(_LONG, self._begin, (connector,))
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def _begin(self, connector: MailConnector) -> None:
        try:
            if self._usable and self._reads_for is not connector:
                self._start(connector)
        except (OSError, ValueError, pickle.PicklingError, subprocess.SubprocessError) as error:
            self._give_up(error)

    def ask(self, connector: MailConnector, request: Request) -> None:
        """Asks for items that will be taken next, once. Does nothing where they cannot be read elsewhere."""
        if not self._usable or not request.refs or len(self._asked) == PAGES or request.refs in self._asked:
            return
        try:
            if self._process is None or self._reads_for is not connector:
                self._start(connector)
            if self._process is not None and self._process.stdin is not None:
                known = request.foresight is self._foresight
                sent = replace(request, foresight=None) if known else request
                send(self._process.stdin, pickle.dumps(sent, pickle.HIGHEST_PROTOCOL))
                self._foresight = request.foresight
                self._asked.append(request.refs)
        except (OSError, ValueError, pickle.PicklingError, subprocess.SubprocessError) as error:
            self._give_up(error)

    def take(self, refs: Sequence[ItemRef]) -> Sequence[tuple[Fetched | Unreadable, Foreseen | None]] | None:
        """The items asked for first, None where they have to be read here. Raises what `check_stop` raises."""
        if not self._asked or list(self._asked[0]) != list(refs):
            return None
        self._asked.popleft()
        found: list[tuple[Fetched | Unreadable, Foreseen | None]] = []
        while True:
            frame = self._next()
            if frame is None:
                self._give_up("it ended")
                return None
            try:
                answers = frame.opened()
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

    def while_waiting(self) -> None:
        """Whoever takes the pages is about to wait for the disk: the page that he takes next is opened meanwhile."""
        if self._asked:
            frames = len(self._asked[0]) // BATCH + 1
            threading.Thread(
                target=self._frames.open_first, args=(frames,), name="read-ahead-open", daemon=True
            ).start()

    def close(self) -> None:
        """Ends the process."""
        process, self._process = self._process, None
        self._reads_for, self._foresight = None, None
        self._asked.clear()
        if process is None:
            return
        sys.setswitchinterval(self._turn)
        with contextlib.suppress(OSError):
            process.kill()
        self._frames.close()
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
        _widen(process.stdout)
        sys.setswitchinterval(_TURN)
        self._frames = Untaken(_MOST)
        threading.Thread(target=_drain, args=(process, self._frames), name="read-ahead", daemon=True).start()
        assert process.stdin is not None
        send(process.stdin, pickle.dumps((sys.path, reader), pickle.HIGHEST_PROTOCOL))

    def _next(self) -> Frame | None:
        while True:
            try:
                return self._frames.take(_LOOK)
            except queue.Empty:
                self._check_stop()

    def _give_up(self, why: object) -> None:
        _log.debug("pages are read one after the other from here on: %s", why)
        self._usable = False
        self.close()


def _widen(pipe: IO[bytes] | None) -> None:
    """More room in a pipe, where the system has a way to ask for it and grants it."""
    if sys.platform == "linux" and pipe is not None:
        import fcntl

        with contextlib.suppress(OSError):  # beyond what an administrator allows: it works, and takes longer
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _ROOM)


class Frame:
    """What the process wrote at once. It is opened once, by whoever comes first."""

    def __init__(self, content: bytes) -> None:
        self.size = len(content)
        self._content = content
        self._answers: object = None
        self._lock = threading.Lock()

    def opened(self) -> object:
        """What is in it. Raises whatever `pickle.loads` does."""
        with self._lock:
            if self._content:
                self._answers = pickle.loads(self._content)  # noqa: S301  # from our own process, by a pipe of its own
                self._content = b""
            return self._answers


class Untaken:
    """Frames that nobody has taken yet. Whoever puts one waits while more than `most` bytes lie here."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._frames: deque[Frame | None] = deque()
        self._bytes = 0
        self._closed = False
        self._changed = threading.Condition()

    def put(self, frame: Frame | None) -> None:
        """Adds the next; None is the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._bytes <= self._most or self._closed)
            self._frames.append(frame)
            self._bytes += frame.size if frame is not None else 0
            self._changed.notify_all()

    def open_first(self, frames: int) -> None:
        """Opens so many of those that are taken next. One that cannot be opened says so to whoever takes it."""
        with self._changed:
            first = list(islice(self._frames, frames))
        for frame in first:
            if frame is not None:
                with contextlib.suppress(Exception):
                    frame.opened()

    def take(self, seconds: float) -> Frame | None:
        """The next. Raises `queue.Empty` when none comes within that time."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._frames, seconds):
                raise queue.Empty
            frame = self._frames.popleft()
            self._bytes -= frame.size if frame is not None else 0
            self._changed.notify_all()
            return frame

    def close(self) -> None:
        """Nobody takes any more, and nobody waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


def _drain(process: subprocess.Popen[bytes], frames: Untaken) -> None:
    """Takes what the process writes as soon as there is room for it."""
    assert process.stdout is not None
    try:
        while (frame := receive(process.stdout)) is not None:
            frames.put(Frame(frame))
    except (OSError, ValueError):  # it was killed in the middle of a word
        pass
    frames.put(None)


def processors() -> int:
    """How many processors this process may use."""
    usable = getattr(os, "sched_getaffinity", None)  # Linux: a container may have fewer than the machine
    return len(usable(0)) if usable is not None else os.cpu_count() or 1
