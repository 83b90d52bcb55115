"""What can be done with a tenant: passes, plans, and questions.

A command that asks for one of them pays for no other: what each needs of the engine is imported where it is called.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mxsync.bootstrap.parts import Parts
from mxsync.config import UserConfig
from mxsync.engine.passes import Pass
from mxsync.engine.world import Progress, World
from mxsync.errors import Busy, PlanMoved
from mxsync.model.outcome import PassReport

if TYPE_CHECKING:
    from mxsync.engine.backfill import BackfillReport
    from mxsync.engine.erasing import Certificate
    from mxsync.engine.explaining import Explanation, WhyReport
    from mxsync.engine.period import Period
    from mxsync.engine.rehearsing import Rehearsal
    from mxsync.engine.replay_report import ReplayReport
    from mxsync.engine.replaying import Days
    from mxsync.engine.reviewing import Reviewing
    from mxsync.engine.status import StatusReport
    from mxsync.engine.undoing.undo import UndoReport
    from mxsync.engine.verifying.report import VerifyReport
    from mxsync.ports.tracking import RunRow
    from mxsync.ports.undoing import Chosen

T = TypeVar("T")


class Tenant(Parts):
    """One customer's mxsync. Open it with `Tenant.open`."""

    def alert(self, matter: str, sentence: str) -> None:
        """Tells those of `[notify] alert` that a person is needed; at most once a day for each matter."""
        from mxsync.engine.alerts import alert

        alert(self._world(threading.Event()), matter, sentence)

    def sync(
        self,
        mailboxes: Sequence[str] | None,
        on_progress: Progress,
        stop: threading.Event,
        /,
        expected_digest: str | None = None,
    ) -> PassReport:
        """One pass. With `expected_digest` it does what `plan` has shown, or raises `PlanMoved`. Where services are at
        work it goes from mailbox to mailbox as they do, and waits for the one that another is at."""
        if self.leases.serving or self.leases.whole:
            if not self._dialect.installs:
                self._prepare()  # a service notices a schema that moves under it, before it writes
            return self._pass("run", mailboxes, on_progress, stop, expected_digest)
        with ExitStack() as stack:
            if expected_digest is not None:
                stack.enter_context(self.hold())
            else:
                self._prepare()
                with suppress(Busy):
                    stack.enter_context(self.leases.all())
            return self._pass("sync", mailboxes, on_progress, stop, expected_digest)

    def _pass(
        self, kind: str, names: Sequence[str] | None, progress: Progress, stop: threading.Event, digest: str | None
    ) -> PassReport:
        self._plan()
        chosen = self._chosen(names)
        work = Pass(self._world(stop), kind, eager=kind == "sync")
        if digest is not None:
            from mxsync.engine.page_job import Guard
            from mxsync.engine.rehearsing import decision_digest, moment_of, rehearse

            work.now = moment_of(digest)
            rehearsal = rehearse(work.world, chosen, work.now, progress)
            if rehearsal.digest != digest:
                raise PlanMoved(
                    "the world has moved since that plan: items, rows or rules are others now, and nothing was done. "
                    "Look at a new plan with `mxsync plan`"
                )
            work.guard = Guard(rehearsal.promised, decision_digest)
        return work.go(chosen, progress)

    def plan(self, mailboxes: Sequence[str] | None, on_progress: Progress, period: Period | None = None) -> Rehearsal:
        """What a pass, or with `period` a backfill, would do; nothing of it is kept."""
        from mxsync.engine.rehearsing import rehearse

        self._plan()
        chosen, now = self._chosen(mailboxes), self._clock.now()
        return self.ask(lambda world: rehearse(world, chosen, now, on_progress, period))

    def backfill(
        self, mailboxes: Sequence[str] | None, period: Period, progress: Progress, stop: threading.Event, telling: bool
    ) -> BackfillReport:
        """Decides the items of a period by today's rules, read or not, from where an interrupted one had come to."""
        from mxsync.engine.backfill import backfill

        with self.hold():
            self._plan()
            chosen, world = self._chosen(mailboxes), self._world(stop)
            return backfill(world, chosen, period, progress, telling=telling, still_here=self.leases.renew)

    def review(self) -> Reviewing:
        """What waits for a person, and what they can say about it."""
        from mxsync.engine.reviewing import Reviewing

        self._plan()
        return Reviewing(self._world(threading.Event()), self.hold, self._store.borrowed)

    # ------------------------------------------------------------ asking

    def ask(self, question: Callable[[World], T]) -> T:
        """Asks something of the tenant as it is; where no pass has run yet no tables are left behind."""
        self._plan()
        with self._store.borrowed():
            return question(self._world(threading.Event()))

    def explain(self, item: str) -> Explanation:
        """Why an item is decided as it is."""
        from mxsync.engine.explaining import explain

        return self.ask(lambda world: explain(world, item))

    def why(self, entity: str, key: str) -> WhyReport:
        """Where a row comes from."""
        from mxsync.engine.explaining import why

        return self.ask(lambda world: why(world, entity, key))

    def replay(
        self, rules: Path | None, mailboxes: Sequence[str] | None, days: Days, on_progress: Progress
    ) -> ReplayReport:
        """What the rules in force, or those of another folder, would have decided for the items of a period."""
        from mxsync.engine.replaying import replay

        plan, chosen = self._plan(), self._chosen(mailboxes)
        other = self._rulebook_of([rules]).load(self._schema(), None).plan if rules is not None else plan
        return self.ask(lambda world: replay(world, chosen, other, days, on_progress))

    def erase(self, address: str, on_progress: Progress, *, items: bool, plan: bool) -> Certificate:
        """Erases a person, their items in the mailboxes too where `items`; with `plan` only says what that would be."""
        from mxsync.engine.erasing import erase, plan_erasure

        if plan:
            return self.ask(lambda world: plan_erasure(world, address, items=items, progress=on_progress))
        with self.hold():
            return self.ask(lambda world: erase(world, address, items=items, progress=on_progress))

    def plan_undo(self, what: str, name: str, runs: frozenset[int] | None) -> UndoReport:
        """What an undo of a run, a rule or an item would do."""
        from mxsync.engine.undoing.undo import plan_undo

        return self.ask(lambda world: plan_undo(world, self._meant(world, what, name, runs)))

    def undo(self, what: str, name: str, runs: frozenset[int] | None, *, review: bool) -> UndoReport:
        """Undoes it. Raises `Refused` where later work stands on it, unless that is to be reviewed."""
        from mxsync.engine.undoing.undo import undo

        with self.hold():
            return self.ask(lambda world: undo(world, self._meant(world, what, name, runs), review=review))

    @staticmethod
    def _meant(world: World, what: str, name: str, runs: frozenset[int] | None) -> Chosen:
        from mxsync.engine.undoing.choosing import chosen_item, chosen_rule, chosen_run

        with world.store.reading() as unit:
            if what == "run":
                return chosen_run(unit, name)
            return chosen_rule(world, unit, name, runs) if what == "rule" else chosen_item(world, unit, name, runs)

    def runs(self, last: int) -> Sequence[RunRow]:
        """The latest passes, newest first."""
        if not self._store.installed():
            return ()
        with self._store.reading() as unit:
            return unit.tracking.runs(last)

    def verify(self, mailboxes: Sequence[str] | None, on_progress: Progress) -> VerifyReport:
        """Whether every item is accounted for, every pair equal, everything that was made there."""
        from mxsync.engine.verifying.verify import verify

        self._plan()
        chosen = self._chosen(mailboxes)
        return self.ask(lambda world: verify(world, chosen, on_progress, all_of_them=mailboxes is None))

    def status(self) -> StatusReport:
        """What the tracking tables tell; empty before the first pass."""
        from mxsync.engine.backfill import NAME, Position
        from mxsync.engine.status import StatusReport

        names = tuple(user.email for user in self.config.users if isinstance(user, UserConfig))
        if not self._store.installed():
            missing = "the first pass makes them" if self._dialect.installs else "`mxsync schema install` makes them"
            return StatusReport(mailboxes=names, missing=missing)
        with self._store.reading() as unit:
            counts = unit.tracking.counts()
            return StatusReport(
                runs=unit.tracking.runs(20),
                counts={n.removeprefix("items."): c for n, c in counts.items() if n.startswith("items.")},
                set_aside=unit.tracking.aside(),
                held=unit.tracking.held(),
                pending=unit.tracking.pending(),
                given_up=unit.tracking.given_up(50),
                mailboxes=names,
                backfill=Position.unfinished(unit.tracking.cursor(NAME)),
            )
