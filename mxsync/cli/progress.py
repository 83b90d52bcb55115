"""How far long work has come: a bar when a person watches, plain lines otherwise."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mxsync.cli.render import Render

BETWEEN_LINES = 5.0  # seconds


class Progress:
    """Told by the work how far it is: `progress(mailbox, done, total)`, a total of 0 where it is not known."""

    def __init__(self, render: Render, what: str = "items") -> None:
        self._render = render
        self._what = what
        self._bars = render.watched and render.format == "text"
        self._bar: Any = None
        self._mailbox = ""
        self._said = time.monotonic()

    def __call__(self, mailbox: str, done: int, total: int) -> None:
        if self._bars:
            self._draw(mailbox, done, total)
        elif self._render.format == "text":
            now = time.monotonic()
            if now - self._said >= BETWEEN_LINES:
                self._said = now
                self._render.note(f"{mailbox}: {done}{f' of {total}' if total else ''} {self._what}")

    def _draw(self, mailbox: str, done: int, total: int) -> None:
        from tqdm import tqdm

        if self._bar is None or mailbox != self._mailbox:
            self._close()
            self._mailbox = mailbox
            self._bar = tqdm(
                total=total or None, desc=mailbox, unit=f" {self._what}", file=self._render.err, leave=False
            )
        if total:
            self._bar.total = total
        self._bar.update(done - self._bar.n)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
