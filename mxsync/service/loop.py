"""The loop for ever: the mailbox that is due gets a pass, and between passes nothing happens at all."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from typing import Generic

from mxsync.errors import Locked, MxsyncError, ServerError, Transient
from mxsync.model.outcome import PassReport
from mxsync.ports.connector import Watch
from mxsync.ports.leases import SYNCS
from mxsync.service.health import Health
from mxsync.service.logs import log, said
from mxsync.service.reload import Reloader
from mxsync.service.schedule import Schedule
from mxsync.service.tenant import R, ServedTenant

LOOK_ROUND = 20.0
"""Seconds between two looks at what is watched."""
LONGEST_SLEEP = 1.0
"""A signal is heard when the main thread runs again: on Windows always, elsewhere when it arrives in the instant before
the thread falls asleep."""
RETRY_ASIDE = 900.0
"""Seconds after which a mailbox with items set aside is looked at, although nothing changed."""
RETRY_LEASE = 1.0
"""Seconds after which a mailbox is tried again that another process is at."""
TABLES = "tables"
"""What stands among the mailboxes for the customer's tables: they are looked at when the database tells of a change,
and as often as a mailbox is polled, since the day may change what a filter names."""
PATIENCE = 3
"""Failures of a mailbox in a row after which a person is told."""
_log = log("service")


class Service(Generic[R]):
    """One tenant, served until `stop` is set. `wake` may be called from a signal's handler, right after setting it."""

    def __init__(
        self,
        tenant: ServedTenant[R],
        health: Health,
        stop: threading.Event,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tenant = tenant
        self._health = health
        self._stop = stop
        self._now = monotonic
        self._inbox: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._schedule = Schedule((*tenant.mailboxes(), TABLES), tenant.config.service.poll.total_seconds())
        self._schedule.begin(TABLES)
        self._schedule.succeeded(TABLES, self._now())  # the first pass of a mailbox looks at the tables as well
        self._bell: Watch | None = None
        self._watches: list[tuple[Collection[str], Watch]] = []
        self._watching = False
        self._looked = self._now()

    def wake(self) -> None:
        """Ends a sleep."""
        self._inbox.put("")

    def run(self, *, wait: bool = False, share: bool = False) -> None:
        """Until `stop`. Raises `Locked` when another process has the whole tenant or is its only service, unless told
        to `wait` for it; with `share` several services serve the mailboxes."""
        lease = self._lease(wait, share)
        if lease is None:
            return
        try:
            self._serve()
        finally:
            lease.__exit__(None, None, None)

    def _lease(self, wait: bool, share: bool) -> AbstractContextManager[object] | None:
        said_so = False
        while not self._stop.is_set():
            lease = self._tenant.attend(share=share)
            try:
                lease.__enter__()
            except Locked as locked:
                if not wait:
                    raise
                if not said_so:
                    _log.info("waiting: %s", locked)
                    said_so = True
                # Not by the event: its lock is not for a thread that its own signal's handler interrupts.
                self._sleep(RETRY_LEASE)
            else:
                return lease
        return None

    def _serve(self) -> None:
        rules = self._tenant.rules()
        reloader = Reloader(self._tenant, self._health)
        try:
            reloader.start()
            self._bell = self._tenant.listen(lambda: self._inbox.put(TABLES))
            self._watch()
            self._health.rules_in_force(rules.digest, rules.notes, reloaded=False)
            self._health.state("running")
            _log.info("running", extra=said(mailboxes=len(self._tenant.mailboxes()), digest=rules.digest))
            while not self._stop.is_set():
                self._turn()
        finally:
            self._health.state("stopping")
            _log.info("stopping")
            reloader.stop()
            for watch in (*(watch for _, watch in self._watches), *([self._bell] if self._bell else [])):
                watch.stop()
            self._health.state("stopped")
            _log.info("stopped")

    def _turn(self) -> None:
        self._drain()
        self._look_round()
        mailbox = self._schedule.next(self._now())
        if mailbox is not None:
            self._pass(mailbox)
            return
        self._health.write()
        wait = self._schedule.wait(self._now())
        self._sleep(LONGEST_SLEEP if wait is None else min(wait, LONGEST_SLEEP))

    def _sleep(self, seconds: float) -> None:
        try:
            mailbox = self._inbox.get(timeout=seconds)
        except queue.Empty:
            return
        self._schedule.changed(mailbox, self._now())

    def _drain(self) -> None:
        while not self._inbox.empty():
            self._schedule.changed(self._inbox.get(), self._now())

    def _look_round(self) -> None:
        if self._now() - self._looked < LOOK_ROUND:
            return
        self._looked = self._now()
        self._tenant.still_here()
        if not self._watching:
            self._watch()
        self._trust()

    def _watch(self) -> None:
        """Starts watching where that is possible; what cannot be watched is polled."""
        try:
            self._watches = list(self._tenant.watch(self._inbox.put))
            self._watching = True
        except (ServerError, OSError) as error:
            _log.warning("the mailboxes cannot be watched and are polled: %s", error)
        self._trust()

    def _trust(self) -> None:
        for mailboxes, watch in self._watches:
            for mailbox in mailboxes:
                slot = self._schedule.slots.get(mailbox)
                if slot is not None and slot.told and not watch.trusted:
                    _log.warning("changes are no longer told and are polled for", extra=said(mailbox=mailbox))
                    self._schedule.changed(mailbox, self._now())
            self._schedule.trust(mailboxes, watch.trusted)

    def _pass(self, mailbox: str) -> None:
        self._schedule.begin(mailbox)
        started = self._now()
        try:
            report = self._tenant.sync([] if mailbox == TABLES else [mailbox], _silent, self._stop)
        except Locked as locked:
            _log.info("later: %s", locked, extra=said(mailbox=mailbox))
            self._schedule.postponed(mailbox, self._now() + RETRY_LEASE)
            return
        except MxsyncError as error:
            self._failed(mailbox, str(error), error.retry_after if isinstance(error, Transient) else 0.0)
            return
        except Exception as error:
            # One mailbox's fault, even if it is ours, must not end the others' service.
            _log.exception("a fault of mxsync itself", extra=said(mailbox=mailbox))
            self._failed(mailbox, f"a fault of mxsync itself ({type(error).__name__}: {error})", 0.0)
            return
        self._done(mailbox, report, self._now() - started)

    def _done(self, mailbox: str, report: PassReport, seconds: float) -> None:
        for elsewhere in report.elsewhere:
            self._schedule.postponed(TABLES if elsewhere == SYNCS else elsewhere, self._now() + RETRY_LEASE)
        if mailbox in report.elsewhere:
            return
        failed = dict(report.failed_mailboxes)
        if mailbox in failed:
            self._failed(mailbox, failed[mailbox], 0.0)
            return
        now = self._now()
        self._schedule.succeeded(mailbox, now, RETRY_ASIDE if report.set_aside else None)
        due = self._schedule.slots[mailbox].due
        self._health.pass_done(mailbox, seconds, report, None if due is None else due - now)
        for sentence in report.stopped_by_brake:
            _log.error("stopped by the delete brake: %s", sentence, extra=said(mailbox=mailbox))
        for item, sentence in report.set_aside:
            _log.warning("set aside: %s", sentence, extra=said(mailbox=mailbox, item=item))
        level = _log.info if report.items else _log.debug
        level(
            "pass done",
            extra=said(mailbox=mailbox, items=report.items, seconds=round(seconds, 3), linked=report.linked),
        )

    def _failed(self, mailbox: str, sentence: str, retry_after: float) -> None:
        if self._stop.is_set():
            return
        pause = self._schedule.failed(mailbox, self._now(), sentence, retry_after)
        failures = self._schedule.slots[mailbox].failures
        _log.error(
            "the mailbox is suspended: %s", sentence,
            extra=said(mailbox=mailbox, failures=failures, again_in=round(pause, 1)),
        )  # fmt: skip
        self._health.pass_failed(mailbox, sentence, failures, pause)
        if failures == PATIENCE:
            self._alert(f"mailbox {mailbox}", f"{mailbox} failed {failures} times in a row: {sentence}")

    def _alert(self, matter: str, sentence: str) -> None:
        try:
            self._tenant.alert(matter, sentence)
        except MxsyncError as error:
            _log.error("nobody could be told that a person is needed: %s", error)


def _silent(mailbox: str, done: int, total: int) -> None:
    """Nobody watches a service."""
