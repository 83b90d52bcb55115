"""The process that reads items for another: `mxsync.engine.read_ahead` starts it.

It is sent, each as a frame of eight bytes of length and a pickle: once the path of modules and the connector's
`Reader`, then each `Request`; and answers it with `Answers`, the last of them marked. It ends when its input does.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import IO

from mxsync.decide.foresight import Foresight
from mxsync.decide.gleaned import Foreseen
from mxsync.engine.garbage import pages_live_together
from mxsync.model.item import ItemRef, Unreadable
from mxsync.ports.connector import Fetched, Reader

_LENGTH = struct.Struct(">Q")
BATCH = 50
"""Items a frame."""


@dataclass(frozen=True, slots=True)
class Request:
    """Items to read, and what to tell of them: `foresight` looks at them as the rules do, None where it is that of the
    request before; `signatures` says whether their texts are to be read for one."""

    refs: Sequence[ItemRef]
    now: datetime
    foresight: Foresight | None = None
    signatures: bool = True


@dataclass(frozen=True, slots=True)
class Answers:
    """Some of the items asked for, in order, each with what was foreseen of it. `last` closes a request; `fault` says
    why there will be no more, and what was sent is to be forgotten."""

    items: Sequence[tuple[Fetched | Unreadable, Foreseen | None]]
    last: bool = False
    fault: str = ""


def send(stream: IO[bytes], frame: bytes) -> None:
    """Raises `OSError` when nobody listens."""
    stream.write(_LENGTH.pack(len(frame)))
    stream.write(frame)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The next frame, None at the end of the stream. Raises `OSError` where it breaks off in the middle of one."""
    head = stream.read(_LENGTH.size)
    if not head:
        return None
    size = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else -1
    frame = stream.read(size) if size >= 0 else b""
    if len(frame) != size:
        raise OSError("the stream broke off")
    return frame


def answers(reader: Reader, request: Request, foresight: Foresight | None) -> Iterator[Answers]:
    """The items of one request."""

    def seen(answer: Fetched | Unreadable) -> tuple[Fetched | Unreadable, Foreseen | None]:
        if foresight is None or isinstance(answer, Unreadable):
            return answer, None
        return answer, foresight(answer.item, request.now, read=request.signatures)

    try:
        items = map(seen, reader(request.refs))
        while True:
            batch = list(islice(items, BATCH))
            yield Answers(batch, last=len(batch) < BATCH)
            if len(batch) < BATCH:
                return
    except Exception as error:
        # Whoever asked reads the page again, and says what is wrong with it.
        yield Answers((), last=True, fault=f"{type(error).__name__}: {error}")


def serve(source: IO[bytes], target: IO[bytes]) -> None:
    """Answers until the source ends."""
    first = receive(source)
    if first is None:
        return
    path, reader = pickle.loads(first)  # noqa: S301  # from the process that started this one
    sys.path[:] = path
    foresight: Foresight | None = None
    while (frame := receive(source)) is not None:
        request: Request = pickle.loads(frame)  # noqa: S301
        foresight = request.foresight or foresight
        for each in answers(reader, request, foresight):
            send(target, pickle.dumps(each, pickle.HIGHEST_PROTOCOL))


def main() -> None:
    """Speaks over the standard streams; whatever else prints is sent to the error stream."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks: it ends this one
    target = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        with pages_live_together():
            serve(sys.stdin.buffer, target)
    except OSError:
        os._exit(0)  # nobody listens any more
