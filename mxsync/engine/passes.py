"""A pass: mailbox by mailbox, page by page, in the order of the work; then what vanished; then the cursor."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from mxsync.engine.alerts import alerts, deliver, matters_of
from mxsync.engine.aside import count_deaths, report_trouble, with_retries
from mxsync.engine.garbage import pages_live_together
from mxsync.engine.intents import ITEM
from mxsync.engine.left_over import perform_left, recover
from mxsync.engine.page import work_page
from mxsync.engine.page_job import Guard, PageJob, PageResult
from mxsync.engine.paging import AheadRead, Outlook, PageRead, in_pages, read_page
from mxsync.engine.patience import with_patience
from mxsync.engine.people import make_users, missing_users
from mxsync.engine.performing import perform
from mxsync.engine.read_ahead import PAGES, WORTH_IT, ReadAhead
from mxsync.engine.reporting import Tally
from mxsync.engine.restored import keep_mark, let_go_of_lost_rows
from mxsync.engine.rule_brake import holds_note
from mxsync.engine.syncing.carrying import carry_out_syncs
from mxsync.engine.syncing.unknown import made_without_an_answer
from mxsync.engine.vanishing import work_vanished
from mxsync.engine.world import Interrupted, Mailbox, Progress, World
from mxsync.errors import BadContent, Busy, CursorExpired, Disposition, MxsyncError
from mxsync.failpoints import reach
from mxsync.model.change import Appeared, Modified, Vanished
from mxsync.model.item import ItemRef, Unreadable
from mxsync.model.outcome import PassReport
from mxsync.ports.leases import SYNCS
from mxsync.ports.tracking import TrackingUnit

T = TypeVar("T")
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Pass:
    """One pass over some mailboxes. `eager` tries everything that is set aside again at once, as a person who starts a
    pass would want; the service waits longer after each attempt."""

    world: World
    kind: str = "sync"
    eager: bool = True
    guard: Guard | None = None
    now: datetime | None = None
    run: int = 0
    tally: Tally = field(default_factory=Tally)
    ahead: ReadAhead = field(init=False)

    def __post_init__(self) -> None:
        self.ahead = ReadAhead(self.world.check_stop)

    def go(self, mailboxes: Sequence[Mailbox], progress: Progress) -> PassReport:
        """The whole pass. What goes wrong in one mailbox is in the report, and the others are done; raises what
        concerns all of them."""
        with pages_live_together(), self.ahead:
            return self._go(mailboxes, progress)

    def _go(self, mailboxes: Sequence[Mailbox], progress: Progress) -> PassReport:
        interrupted = False
        self._recover()
        let_go_of_lost_rows(self.world)
        self._users()
        for mailbox in mailboxes:
            try:
                self.world.check_stop()
                with self.world.leases.alone(mailbox.name):
                    self._left_over(mailbox)
                    self._mailbox(mailbox, progress)
            except Interrupted:
                interrupted = True
                break
            except Busy as busy:
                self._elsewhere(mailbox.name, busy)
            except MxsyncError as error:
                if error.disposition is Disposition.STOP_PASS:
                    self._end(str(error))
                    raise
                _log.warning("%s could not be worked on: %s", mailbox.name, error, extra={"mailbox": mailbox.name})
                self.tally.report.failed_mailboxes.append((mailbox.name, str(error)))
        self.ahead.close()
        interrupted = interrupted or not self._syncs()
        self._end("interrupted" if interrupted else self.tally.outcome())
        return self.tally.report

    def _syncs(self) -> bool:
        """What changed in folders and tables crosses; whether that was done to its end."""
        try:
            carry_out_syncs(self)
        except Interrupted:
            return False
        except Busy as busy:
            self._elsewhere(SYNCS, busy)
        return True

    def _elsewhere(self, name: str, busy: Busy) -> None:
        """Another process is at it. A service comes back to it by itself."""
        report = self.tally.report
        if self.kind == "run":
            report.elsewhere.append(name)
        else:
            report.failed_mailboxes.append((name, str(busy)))

    # ------------------------------------------------------------ around the mailboxes

    def moment(self) -> datetime:
        return self.now or self.world.now()

    def begin(self, tracking: TrackingUnit) -> int:
        """A pass has a row of its own as soon as it does something."""
        if not self.run:
            self.run = tracking.begin_run(self.kind, self.world.plan().digest, self.moment())
        return self.run

    def _end(self, outcome: str) -> None:
        if not self.run and self.kind == "run":
            return  # an idle look of the service leaves no trace
        now = self.world.now()
        told = alerts(self.world.alert, matters_of(self.tally.report), now)

        def write() -> None:
            with self.world.store.transaction() as unit:
                run = self.begin(unit.tracking)
                unit.tracking.end_run(run, now, self.tally.counts(), outcome)
                unit.tracking.intend(told)
                unit.tracking.prune(now, self.world.keep)
                keep_mark(unit)

        self.anew(write)
        self.tally.performed(deliver(self.world, told))

    def _recover(self) -> None:
        """Finishes what a crash left half-done, before anything new begins. Where others are at work, what lies about
        may be theirs, and is left to what each lease is about."""
        if self.world.leases.whole:
            self.tally.performed(recover(self.world, None if self.eager else self.moment()))

    def _left_over(self, mailbox: Mailbox) -> None:
        """The same for one mailbox, whose last worker may have died. What syncs write is left to the syncs."""
        if self.world.leases.whole:
            return
        with self.world.store.reading() as unit:
            pending = [each for each in unit.tracking.pending(mailbox.name) if each.effect != ITEM]
        self.tally.performed(perform_left(self.world, pending))

    def _users(self) -> None:
        plan = self.world.plan()
        with self.world.store.reading() as unit:
            missing = missing_users(self.world, plan, unit)
        reach("pass.begun")
        if missing:
            self.anew(self._make_users)
            reach("users.committed")

    def _make_users(self) -> None:
        plan = self.world.plan()
        with self.world.store.transaction() as unit:
            missing = missing_users(self.world, plan, unit)
            make_users(self.world, plan, unit, missing, self.begin(unit.tracking), self.moment())

    # ------------------------------------------------------------ one mailbox

    def _mailbox(self, mailbox: Mailbox, progress: Progress) -> None:
        with self.world.store.reading() as unit:
            cursor = unit.tracking.cursor(mailbox.name)
            with nullcontext() if cursor else self.ahead.expecting(mailbox.connector):
                try:
                    found = mailbox.connector.changes(mailbox.name, cursor, unit.tracking.known)
                except CursorExpired:
                    found = mailbox.connector.changes(mailbox.name, "", unit.tracking.known)
            aside = unit.tracking.aside(mailbox.name)
            suspects = unit.tracking.was_working_on(mailbox.name)
            braked = unit.tracking.note(holds_note(mailbox.name))
            unknown = made_without_an_answer(self.world, unit.tracking, mailbox.name) if found.changes else set()
        changes = with_retries(found, aside, self.moment(), eager=self.eager)
        if not changes and found.cursor == cursor and not found.stamps and not suspects and not braked:
            report_trouble(self.world, found, aside, self.moment(), self.tally)
            return
        vanished = {change.ref for change in changes if isinstance(change, Vanished)}
        alive = [change for change in changes if not isinstance(change, Vanished)]
        poisoned = {*count_deaths(self.world, mailbox.name, suspects, self.moment(), self.tally), *unknown}
        alive = [change for change in alive if change.ref not in poisoned]
        postponed = self._pages(mailbox, alive, vanished, set(suspects), progress)
        held = work_vanished(self, mailbox, vanished, postponed) if vanished or postponed or braked else False
        report_trouble(self.world, found, aside, self.moment(), self.tally)
        with self.world.store.transaction() as unit:
            self.begin(unit.tracking)
            unit.tracking.renew_stamps(mailbox.name, found.stamps)
            if not held:
                unit.tracking.set_cursor(mailbox.name, found.cursor)
            unit.tracking.working_on(mailbox.name, ())
            reach("cursor.before-commit")
        reach("cursor.committed")

    def _pages(
        self,
        mailbox: Mailbox,
        changes: Sequence[Appeared | Modified],
        vanished: Collection[ItemRef],
        suspects: Collection[ItemRef],
        progress: Progress,
        before: int = 0,
    ) -> list[ItemRef]:
        """Works through all changes, after `before` that were done earlier; returns the items that wait for deletions
        to be allowed."""
        postponed: list[ItemRef] = []
        pages = list(in_pages(changes, self.world.page, suspects))
        done, total = before, before + len(changes)
        if pages:
            with self.world.store.transaction() as unit:
                self.begin(unit.tracking)
                unit.tracking.working_on(mailbox.name, [change.ref for change in pages[0]])
        outlook = Outlook(self.world, mailbox)
        refs = [[change.ref for change in page] for page in pages]
        for number, page in enumerate(pages):
            following = refs[number + 1] if number + 1 < len(pages) else []
            read = self.ahead.take(refs[number])
            if len(pages) >= WORTH_IT:
                for coming in refs[number + 1 : number + 1 + PAGES]:
                    self.ahead.ask(mailbox.connector, outlook.request(coming, self.moment()))
            postponed += self.page(mailbox, page, vanished, following, deletions=False, read=read, outlook=outlook)
            self._page_done(page, postponed)
            done += len(page)
            progress(mailbox.name, done, total)
        return postponed

    def _page_done(self, page: Sequence[Appeared | Modified], postponed: Sequence[ItemRef]) -> None:
        """A page is committed; `postponed` are the items put off so far. A pass keeps its place by its cursor."""

    def page(
        self,
        mailbox: Mailbox,
        changes: Sequence[Appeared | Modified],
        vanished: Collection[ItemRef],
        following: Sequence[ItemRef],
        *,
        deletions: bool,
        read: AheadRead | None = None,
        outlook: Outlook | None = None,
    ) -> list[ItemRef]:
        """Reads, decides and writes one page, then performs what it intends. Returns what is postponed. `read` is the
        page where it was read before, by what `outlook` asked for."""
        items = self._read(mailbox, changes, read)
        reach("page.read")
        job = PageJob(
            mailbox=mailbox,
            run=self.run,
            now=self.moment(),
            fetched=items.fetched,
            unreadable=items.unreadable,
            foreseen=items.foreseen,
            vanished=vanished,
            deletions=deletions,
            next_refs=following,
            guard=self.guard,
        )
        result = self._commit(job)
        if result is None:
            # The database refused something of the page: each item is tried alone, so that only that one waits.
            postponed: list[ItemRef] = []
            for change in changes:
                self.world.check_stop()
                postponed += self._alone(mailbox, change, vanished, deletions=deletions)
            return postponed
        if outlook is not None:
            outlook.learn(items.foreseen, result.unread)
        return self.after(mailbox, result)

    def after(self, mailbox: Mailbox, result: PageResult) -> list[ItemRef]:
        """A page is committed: it is counted, and what it intends is performed."""
        reach("page.committed")
        self.tally.page(mailbox.name, result)
        self.tally.performed(perform(self.world, result.intents))
        return result.postponed

    def _commit(self, job: PageJob, *, alone: bool = False) -> PageResult | None:
        """Writes a page, anew where another writer was in the way: what was committed after all is found done."""
        return self.anew(lambda: self._commit_once(job, alone=alone))

    def anew(self, write: Callable[[], T], /) -> T:
        """Carries out a transaction that may open the account of the pass; again where another writer was in its
        way."""
        tried = False

        def attempt() -> T:
            nonlocal tried
            if tried:
                self.run = self.run if self._run_is_there() else 0
            tried = True
            return write()

        return with_patience(self.world, attempt)

    def _commit_once(self, job: PageJob, *, alone: bool) -> PageResult | None:
        try:
            with self.world.store.transaction() as unit:
                job.run = self.begin(unit.tracking)
                result = work_page(self.world, self.world.plan(), unit, job)
                reach("page.before-commit")
                self.ahead.while_waiting()
        except BadContent as error:
            if not alone:
                self.run = self.run if self._run_is_there() else 0
                return None
            # Set aside in a transaction of its own: nothing of the item was kept.
            bad = [Unreadable(each.item.ref, each.item.revision, str(error)) for each in job.fetched]
            job.fetched, job.unreadable = (), bad
            return self._commit_once(job, alone=False)
        return result

    def _run_is_there(self) -> bool:
        with self.world.store.reading() as unit:
            return unit.tracking.has_run(self.run)

    def _alone(
        self, mailbox: Mailbox, change: Appeared | Modified, vanished: Collection[ItemRef], *, deletions: bool
    ) -> list[ItemRef]:
        items = self._read(mailbox, [change])
        job = PageJob(
            mailbox, self.run, self.moment(), items.fetched, items.unreadable, vanished, deletions=deletions,
            guard=self.guard,
        )  # fmt: skip
        result = self._commit(job, alone=True)
        return self.after(mailbox, result) if result is not None else []

    def _read(
        self, mailbox: Mailbox, changes: Sequence[Appeared | Modified], read: AheadRead | None = None
    ) -> PageRead:
        return read_page(self.world, mailbox, changes, read)
