"""The last part of a pass: what changed in folders and tables crosses, page by page, until nothing is left; deletions
last, and under the brake."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime

from mxsync.decide.rows import rules_of_rows
from mxsync.decide.syncing import ways_of
from mxsync.engine.patience import Anew, once
from mxsync.engine.syncing.behind import Behind, changes_behind, latest_of, note_taken
from mxsync.engine.syncing.brakes import Brakes
from mxsync.engine.syncing.cluster import Deletion
from mxsync.engine.syncing.deaths import Suspects
from mxsync.engine.syncing.job import Job
from mxsync.engine.syncing.page import decide
from mxsync.engine.syncing.places import Binding, bindings_of
from mxsync.engine.syncing.refused_rows import put_off, refused_before
from mxsync.engine.syncing.rekeying import follow
from mxsync.engine.syncing.row_rules import hold_refused, of_each_row, watch_rows, watched, work_row_rules
from mxsync.engine.syncing.tables import changed_rows, digests_of, parts_of
from mxsync.engine.syncing.telling import Written
from mxsync.engine.syncing.writing import PageWriter
from mxsync.engine.world import World
from mxsync.errors import BadContent
from mxsync.failpoints import reach
from mxsync.model.item import ItemRef
from mxsync.model.record import KeyValue, RecordKey
from mxsync.ports.database import RowChange
from mxsync.ports.links import HubKey, WaitingRow
from mxsync.ports.tracking import Intent, TrackingUnit, Unit

_CHANGES = 2_000
_PAGES = 100_000
"""More pages than any pass has: whoever goes round in circles is stopped."""


@dataclass(slots=True)
class SyncPhase:
    """One phase. `transaction` opens what a page is written in (a rehearsal gives the same one again and again),
    `begin` gives the number of the pass, `perform` carries out intents and returns the items that are left alone for
    the rest of the pass, `tell` takes in what was done, `anew` tries a transaction again when another writer was in its
    way."""

    world: World
    transaction: Callable[[], AbstractContextManager[Unit]]
    reading: Callable[[], AbstractContextManager[Unit]]
    begin: Callable[[TrackingUnit], int]
    perform: Callable[[Sequence[Intent]], Set[ItemRef]]
    tell: Callable[[Written], None]
    stopped: Callable[[str], None]
    now: datetime
    anew: Anew = once
    eager: bool = True
    """Whether what a server has refused is tried again at once, as a person wants it."""
    bindings: list[Binding] = field(default_factory=list)
    fresh: list[Binding] = field(default_factory=list)
    looking: bool = False
    postponed: dict[ItemRef, Deletion] = field(default_factory=dict)
    times: Mapping[RecordKey, datetime | None] = field(default_factory=dict)
    unreached: set[ItemRef] = field(default_factory=set)
    resting: dict[ItemRef, WaitingRow] = field(default_factory=dict)
    """What a server has refused and is not due, by its item: looked at all the same when its record changes."""
    refused: set[ItemRef] = field(default_factory=set)
    """Over what the database has refused a write before; its items wait."""
    behind: Behind = field(default_factory=Behind)
    suspects: Suspects = field(init=False)
    settled: set[RecordKey] = field(default_factory=set)
    """Rows whose latest change is the syncs' own and was dealt with when it was made."""
    came: set[HubKey] = field(default_factory=set)
    """Records to which people's new items have come in this phase."""

    def __post_init__(self) -> None:
        told = lambda ref, sentence: self.tell(Written(aside=[(ref, sentence)]))  # noqa: E731
        self.suspects = Suspects(self.transaction, self.reading, self.now, told)

    @property
    def _due(self) -> datetime | None:
        return None if self.eager else self.now

    def go(self) -> None:
        """All that waits."""
        plan = self.world.plan()
        self.bindings = bindings_of(self.world, ways_of(plan))
        if self.world.database.compares:
            with self.transaction() as unit:
                unit.crm.notice()
        with self.reading() as unit:
            digests = unit.tracking.sync_digests()
            wanted = digests_of(self.world, unit, self.bindings, self.now)
            idle = not unit.tracking.waiting(1, self._due) and not unit.crm.changes(1)
        self.fresh = [binding for binding in self.bindings if digests.get(binding.key) != wanted[binding.key]]
        over = [key for key in digests if key not in wanted]
        if idle and not self.fresh and not over and not watched(plan):
            return
        if not self.eager:
            with self.reading() as unit:
                self.resting = {row.ref: row for row in unit.tracking.put_off(self.now)}
        with self.reading() as unit:
            changes = changes_behind(unit)
            if changes:
                self.behind = Behind(latest_of(changes), changed_rows(self.world, unit, self.bindings, changes))
            self.refused = refused_before(unit.tracking)
        self.suspects.begin()
        watch_rows(self.world, self.reading, self.transaction)
        if self.fresh or over:
            self._begin(over)
        self._look()
        self._catch_up()
        for binding in self.fresh:
            if binding.hub is not None:
                self._enqueue(binding)  # both folders are known now: from here on new items may be added
        self.looking = False
        self._work()
        self._scan()
        self._work()
        outlived = {ref: each for ref, each in self.postponed.items() if each.side == "hub" and each.hub in self.came}
        if outlived:  # no record goes with these items: the brake need not count them
            self._delete(outlived)
        brakes = Brakes(self.world, self.bindings, self.stopped)
        while self.postponed:
            allowed = brakes.release(self.postponed, self.reading)
            if not allowed:
                break
            self._delete(allowed)
            self._work()
        brakes.used(self.transaction)
        self.suspects.end()
        brakes.queue(self.reading, self.transaction)
        if self.fresh:
            with self.transaction() as unit:
                for binding in self.fresh:
                    unit.tracking.set_sync_digest(*binding.key, wanted[binding.key])
                note_taken(unit.tracking, 0)
            reach("sync.finished")

    # ------------------------------------------------------------ the first look at a folder

    def _begin(self, over: Sequence[tuple[str, str]]) -> None:
        """Everything in the folders of a new sync, or of one whose filters are others now, is looked at, and what is in
        them no more."""
        with self.transaction() as unit:
            self.begin(unit.tracking)
            for key in over:
                unit.tracking.set_sync_digest(*key, "")
            for binding in self.fresh:
                for place in (binding.spoke, binding.hub):
                    if place is not None:
                        unit.tracking.enqueue_folder(place.mailbox, place.folder)
                unit.tracking.enqueue_missing(*binding.key)  # deleted while the sync was switched off
        reach("sync.begun")

    def _enqueue(self, binding: Binding) -> None:
        with self.transaction() as unit:
            for place in (binding.spoke, binding.hub):
                if place is not None:
                    unit.tracking.enqueue_folder(place.mailbox, place.folder)

    def _look(self) -> None:
        """First all items are looked at, and only then new ones are added: what is there already is never doubled."""
        self.looking = bool(self.fresh)
        self._work()

    def _catch_up(self) -> None:
        """Rows of which an older state of what is remembered knows nothing. Rules about rows were at them before."""
        for part in parts_of(self.behind.rows, self.world.page):
            self._page([], part)
        if self.behind.latest:
            with self.transaction() as unit:
                note_taken(unit.tracking, self.behind.latest)

    def _adding(self, binding: Binding) -> bool:
        return not (self.looking and any(each is binding for each in self.fresh))

    def _scan(self) -> None:
        """All rows of the tables that a new sync, or one with other filters, is about."""
        for entity in dict.fromkeys(b.way.entity.name for b in self.fresh if b.way.entity is not None):
            after: KeyValue | None = None
            while True:
                self.world.check_stop()
                with self.reading() as unit:
                    records = unit.crm.walk(entity, after, self.world.page)
                if not records:
                    break
                after = records[-1].key.value
                self._page([], {record.key: None for record in records})

    # ------------------------------------------------------------ pages

    def _work(self) -> None:
        """Pages of what waits, then of the change log, until both are empty."""
        for _ in range(_PAGES):
            self.world.check_stop()
            with self.reading() as unit:
                tracking = unit.tracking
                waiting = tracking.waiting(self.world.page + len(self.postponed) + len(self.unreached), self._due)
                waiting = [row for row in waiting if row.ref not in self.postponed and row.ref not in self.unreached]
                changes = unit.crm.changes(_CHANGES)
                rows = changed_rows(self.world, unit, self.bindings, changes, self.settled) if changes else {}
            if any(change.old for change in changes) and self._followed(changes):
                continue
            if waiting:
                self.times = rows  # who changed a field last is known before the rows' own turn
                page = self.suspects.page(waiting, self.world.page)
                # Changes that bring nothing new are not read again with each page that waits.
                quiet = not rows and not rules_of_rows(self.world.plan())
                self._page(page, {}, changes if quiet else ())
                self.suspects.done(page)
                self.times = {}
                continue
            if not changes:
                return
            self._row_rules(changes)
            parts = list(parts_of(rows, self.world.page)) or [{}]
            for number, part in enumerate(parts, 1):
                self._page([], part, changes if number == len(parts) else ())

    def _followed(self, changes: Sequence[RowChange]) -> bool:
        """What is remembered of rows with another key is brought along, before anything is looked at."""

        def once() -> bool:
            with self.transaction() as unit:
                return follow(unit, changes)

        moved = self.anew(once)
        reach("rows.followed")
        return moved

    def _row_rules(self, changes: Sequence[RowChange]) -> None:
        """What rules about rows make of a stretch of the log. Their own writes stand in the log after it."""
        if not rules_of_rows(self.world.plan()):
            return
        try:
            self._act(changes)
        except BadContent:
            for part in of_each_row(changes):  # each by itself, so that only what is refused waits
                try:
                    self._act(part)
                except BadContent as error:
                    self.tell(hold_refused(self.world, self.transaction, part, str(error)))

    def _act(self, changes: Sequence[RowChange]) -> None:
        written = self.anew(lambda: self._row_rules_once(changes))
        reach("rows.committed")
        self.tell(written)
        self.unreached |= self.perform(written.intents)

    def _row_rules_once(self, changes: Sequence[RowChange]) -> Written:
        written = Written()
        with self.transaction() as unit:
            work_row_rules(self.world, unit, changes, self.begin, written)
            reach("rows.before-commit")
        return written

    def _page(
        self, waiting: Sequence[WaitingRow], rows: Mapping[RecordKey, datetime | None], taken: Sequence[RowChange] = ()
    ) -> None:
        """What waits, or changed rows; `taken` are changes that are dealt with when the page is written."""
        if self.resting:
            with self.reading() as unit:
                links = unit.tracking.links_of_hubs([*rows, *(row.ref for row in waiting)])
            there = {row.ref for row in waiting}
            woken = {link.ref for link in links if link.ref in self.resting} - there
            waiting = [*waiting, *(self.resting.pop(ref) for ref in sorted(woken))]
        job = self._job(waiting, rows)
        try:
            self._commit(job, taken)
        except BadContent:
            self._one_by_one(job)
            if taken:
                self._commit(self._job([], {}), taken)

    def _one_by_one(self, job: Job) -> None:
        """A page of which the database refuses something."""
        for row in job.waiting:
            self._alone(replace(job, waiting=[row], rows={}))
        for key, at in job.rows.items():
            self._alone(replace(job, waiting=[], rows={key: at}))

    def _job(self, waiting: Sequence[WaitingRow], rows: Mapping[RecordKey, datetime | None]) -> Job:
        return Job(
            waiting, rows, self.bindings, self.now, lambda _: False, self._adding, self.behind,
            self.suspects.left_alone, self.times, self.came,
        )  # fmt: skip

    def _alone(self, job: Job) -> None:
        """One record by itself: what the database refuses of it waits, and nothing else waits for it."""
        try:
            self._commit(job)
        except BadContent as error:
            with self.transaction() as unit:
                self.begin(unit.tracking)
                refs = put_off(unit.tracking, job, str(error))
            self.unreached.update(refs)
            self.tell(Written(aside=[(ref, str(error)) for ref in refs]))

    def _commit(self, job: Job, taken: Sequence[RowChange] = ()) -> None:
        """A page decided and written; decided anew when another writer was in the way."""
        written, anchors, failed = self.anew(lambda: self._commit_once(job, taken))
        reach("sync.committed")
        self.unreached.update(failed)
        self.came |= written.came
        if not rules_of_rows(self.world.plan()):  # what rules do to rows is not told from what syncs do
            self.settled -= written.rows.keys()
            self.settled |= {key for key, quiet in written.rows.items() if quiet}
        self.postponed.update(anchors)
        self.tell(written)
        self.unreached |= self.perform(written.intents)

    def _commit_once(
        self, job: Job, taken: Sequence[RowChange]
    ) -> tuple[Written, Mapping[ItemRef, Deletion], Collection[ItemRef]]:
        plan = self.world.plan()
        anchors: dict[ItemRef, Deletion] = {}
        failed: Collection[ItemRef] = ()
        written = Written()
        with self.transaction() as unit:
            tracking = unit.tracking
            if job.waiting or job.rows:
                decided = decide(self.world, plan, unit, job)
                writer = PageWriter(self.world, plan, unit, decided, job, lambda: self.begin(tracking))
                written = writer.write()
                written.came = {cluster.hub.key for cluster, settled in decided.clusters if settled.came}
                anchors = {
                    each.ref: each
                    for _, settled in decided.clusters
                    for each in settled.deletions
                    if not job.allowed(each)
                }
                events, failed = decided.loaded.events, decided.loaded.failed
                done = self.refused & {row.ref for row in job.waiting} - {*anchors, *failed, *dict(written.aside)}
                tracking.clear_aside(done)
                tracking.dequeue([row for row in job.waiting if row.ref not in anchors and row.ref not in failed])
                tracking.enqueue([WaitingRow(ref, "changed") for ref in {*anchors, *failed} if ref not in events])
                decided.filters.release()
            unit.crm.take(taken)
            note_taken(tracking, latest_of(taken))
            reach("sync.before-commit")
        return written, anchors, failed

    def _delete(self, allowed: Mapping[ItemRef, Deletion]) -> None:
        """The deletions that the brake lets through: decided again as things are now."""
        groups = {each.group for each in allowed.values()}
        for ref in allowed:
            del self.postponed[ref]
        refs = list(allowed)
        for start in range(0, len(refs), self.world.page):
            part = refs[start : start + self.world.page]
            with self.reading() as unit:
                known = {row.ref: row for row in unit.tracking.waiting(2**31) if row.ref in set(part)}
            waiting = [known[ref] for ref in part if ref in known]
            job = self._job(waiting, {})
            job.allowed = lambda deletion: deletion.group in groups
            try:
                self._commit(job)
            except BadContent:
                self._one_by_one(job)
