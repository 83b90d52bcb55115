"""What the service knows of itself, kept in one place for the status file and the metrics."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from mxsync import __version__
from mxsync.model.outcome import PassReport
from mxsync.service.status import write_status

MOST_ERRORS = 50


class Gauges(Protocol):
    """Who wants to be told as it happens: the metrics."""

    def pass_done(self, mailbox: str, seconds: float, report: PassReport) -> None: ...
    def pass_failed(self, mailbox: str) -> None: ...
    def rules_loaded(self, digest: str) -> None: ...
    def rules_rejected(self) -> None: ...


class Health:
    """Safe to be told by several threads. `now` gives the time with a zone."""

    def __init__(self, path: Path, mailboxes: Sequence[str], now: Callable[[], datetime] | None = None) -> None:
        self._path = path
        self._now = now or (lambda: datetime.now(UTC))
        self._lock = threading.RLock()
        self._gauges: list[Gauges] = []
        self._dirty = True
        self._document: dict[str, object] = {
            "version": __version__,
            "pid": os.getpid(),
            "state": "starting",
            "started": self._stamp(),
            "written": self._stamp(),
        }
        self._rules: dict[str, object] = {"state": "", "digest": "", "since": "", "errors": [], "notes": []}
        self._mailboxes: dict[str, dict[str, object]] = {
            mailbox: {"last": "", "next": "", "failures": 0, "error": "", "items": 0, "brake": []}
            for mailbox in mailboxes
        }
        self._counters: dict[str, int] = {"passes": 0, "items": 0, "failures": 0, "reloads": 0, "rejections": 0}
        self._configuration = ""

    def report_to(self, gauges: Gauges) -> None:
        with self._lock:
            self._gauges.append(gauges)

    def state(self, state: str) -> None:
        """'running', 'stopping' or 'stopped'; written at once."""
        with self._lock:
            self._document["state"] = state
            self._dirty = True
            self.write()

    def pass_done(self, mailbox: str, seconds: float, report: PassReport, again: float | None) -> None:
        """`again`: seconds until the mailbox is looked at next, None when a change wakes it."""
        with self._lock:
            slot = self._mailboxes.setdefault(mailbox, {})
            slot.update(
                last=self._stamp(), next=self._in(again), failures=0, error="", brake=list(report.stopped_by_brake)
            )
            items = slot.get("items", 0)
            slot["items"] = (items if isinstance(items, int) else 0) + report.items
            self._counters["passes"] += 1
            self._counters["items"] += report.items
            self._dirty = True
            for gauges in self._gauges:
                gauges.pass_done(mailbox, seconds, report)

    def pass_failed(self, mailbox: str, sentence: str, failures: int, again: float) -> None:
        with self._lock:
            slot = self._mailboxes.setdefault(mailbox, {})
            slot.update(last=self._stamp(), next=self._in(again), failures=failures, error=sentence)
            self._counters["passes"] += 1
            self._counters["failures"] += 1
            self._dirty = True
            for gauges in self._gauges:
                gauges.pass_failed(mailbox)

    def rules_in_force(self, digest: str, notes: Sequence[str], *, reloaded: bool) -> None:
        with self._lock:
            self._rules.update(
                state="in force", digest=digest, since=self._stamp(), errors=[], notes=list(notes)[:MOST_ERRORS]
            )
            if reloaded:
                self._counters["reloads"] += 1
            self._dirty = True
            for gauges in self._gauges:
                gauges.rules_loaded(digest)
            self.write()

    def rules_rejected(self, sentence: str, errors: Sequence[Mapping[str, object]]) -> None:
        """What was saved cannot be used; what `rules_in_force` named stays."""
        with self._lock:
            self._rules.update(
                state="rejected", rejected=self._stamp(), sentence=sentence, errors=list(errors)[:MOST_ERRORS]
            )
            self._counters["rejections"] += 1
            self._dirty = True
            for gauges in self._gauges:
                gauges.rules_rejected()
            self.write()

    def rules_unchanged(self) -> None:
        """What is in the files is again what is in force."""
        with self._lock:
            self._rules.update(state="in force", errors=[])
            self._rules.pop("sentence", None)
            self._dirty = True
            for gauges in self._gauges:
                gauges.rules_loaded(str(self._rules["digest"]))
            self.write()

    def configuration(self, sentence: str) -> None:
        """What is to be said of the configuration file since the service started; '' for nothing."""
        with self._lock:
            if sentence != self._configuration:
                self._configuration = sentence
                self._dirty = True
                self.write()

    def document(self) -> dict[str, object]:
        """All of it, ready for JSON."""
        with self._lock:
            return {
                **self._document,
                "rules": dict(self._rules),
                "configuration": self._configuration,
                "mailboxes": {mailbox: dict(slot) for mailbox, slot in self._mailboxes.items()},
                "counters": dict(self._counters),
            }

    def write(self) -> None:
        """Writes the status file, where something changed since the last time."""
        with self._lock:
            if self._dirty:
                self._dirty = False
                self._document["written"] = self._stamp()
                write_status(self._path, self.document())

    def _stamp(self) -> str:
        return self._now().isoformat(timespec="milliseconds")

    def _in(self, seconds: float | None) -> str:
        return "" if seconds is None else (self._now() + timedelta(seconds=seconds)).isoformat(timespec="seconds")
