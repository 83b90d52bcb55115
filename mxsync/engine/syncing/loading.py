"""What a page of a sync's work is about, read in a handful of queries: items, links, records, and what they lead to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mxsync.decide.context import ItemContext
from mxsync.decide.erased import left_alone
from mxsync.decide.seeds import matching_seeds
from mxsync.engine.item_cache import fetch
from mxsync.engine.subjects import Subject, subjects_of
from mxsync.engine.syncing.unknown import made_unknown
from mxsync.engine.world import World
from mxsync.errors import MxsyncError
from mxsync.lang.compile import RulePlan
from mxsync.model.item import ItemRef
from mxsync.model.outcome import Fate
from mxsync.model.record import Lookup, Record, RecordKey
from mxsync.ports.connector import Fetched
from mxsync.ports.links import HubKey, LinkRow, WaitingRow
from mxsync.ports.tracking import PairRow, Unit

_LEFT_ALONE = frozenset({Fate.SKIPPED.value})
_DELETED = frozenset({"deleted items", "deleted messages", "trash", "bin", ".trash"})
"""Folders into which programs move what a person deletes."""


@dataclass(slots=True)
class Loaded:
    """Grows while a page is decided. `events` are what happened to items, `times` when rows were changed."""

    world: World
    unit: Unit
    events: dict[ItemRef, str] = field(default_factory=dict)
    times: dict[RecordKey, datetime | None] = field(default_factory=dict)
    contexts: dict[ItemRef, ItemContext] = field(default_factory=dict)
    subjects: dict[ItemRef, Subject] = field(default_factory=dict)
    fates: dict[ItemRef, str] = field(default_factory=dict)
    unavailable: set[ItemRef] = field(default_factory=set)
    failed: set[ItemRef] = field(default_factory=set)
    """Of those that are unavailable the ones whose mailbox could not be reached: they are looked at by another pass."""
    frozen: Collection[ItemRef] = ()
    """Those that a write still waits for: they stand as they are until it is done."""
    by_hub: dict[HubKey, list[LinkRow]] = field(default_factory=dict)
    by_item: dict[ItemRef, list[LinkRow]] = field(default_factory=lambda: defaultdict(list))
    records: dict[RecordKey, Record] = field(default_factory=dict)
    hidden: set[RecordKey] = field(default_factory=set)
    told_gone: set[RecordKey] = field(default_factory=set)
    """Rows of which a change says that they were deleted."""
    pairs: dict[RecordKey, tuple[PairRow, ...]] = field(default_factory=dict)
    let_go: Mapping[ItemRef, Sequence[RecordKey]] = field(default_factory=dict)
    """The rows that rules have made of items which were gone before a sync had paired them."""
    living: set[ItemRef] = field(default_factory=set)
    keys: dict[tuple[str, str], Sequence[ItemRef]] = field(default_factory=dict)

    def start(self, waiting: Sequence[WaitingRow]) -> None:
        """What waits. An item that was moved takes its links with it, where it is kept in step in its new place too."""
        self.events = {row.ref: row.event for row in waiting}
        frozen = self.unit.tracking.frozen()
        self.frozen = {*frozen, *made_unknown(self.world, self.unit.tracking, frozen, self.events)}
        self.failed |= {ref for ref in self.events if ref in self.frozen}
        self._follow_moves([row for row in waiting if row.event == "gone" and row.ref not in self.frozen])
        self.read([ref for ref, event in self.events.items() if event == "changed"])
        for link in self.unit.tracking.links_of_items(list(self.events)):
            self.by_item[link.ref].append(link)
        gone = [ref for ref, event in self.events.items() if event == "gone" and ref not in self.by_item]
        if gone:
            self.let_go = {ref: [pair.row for pair in pairs] for ref, pairs in self.unit.tracking.pairs(gone).items()}
        self.hubs([link.hub for links in self.by_item.values() for link in links])

    def _follow_moves(self, gone: Sequence[WaitingRow]) -> None:
        tracking = self.unit.tracking
        by_mailbox: dict[str, list[WaitingRow]] = defaultdict(list)
        for row in gone:
            if row.identity:
                by_mailbox[row.ref.mailbox].append(row)
        for mailbox, rows in by_mailbox.items():
            twins = tracking.items_by_identity(mailbox, [row.identity for row in rows])
            links = defaultdict(list)
            for link in tracking.links_of_items([row.ref for row in rows]):
                links[link.ref].append(link)
            for row in rows:
                there = [twin.ref for twin in twins.get(row.identity, ()) if twin.ref != row.ref]
                if not there or not links[row.ref]:
                    continue
                target = there[0]
                if target.folder.rpartition("/")[2].casefold() in _DELETED:
                    continue
                self._move(links[row.ref], target)
                self.events.setdefault(target, "changed")
                self.events[row.ref] = "moved"

    def _move(self, links: Sequence[LinkRow], target: ItemRef) -> None:
        """The item lies elsewhere now: whether that is part of the sync's folder is seen when it is decided."""
        from dataclasses import replace

        tracking = self.unit.tracking
        tracking.drop_links(links)
        tracking.save_links([replace(link, ref=target) for link in links])

    def read(self, refs: Collection[ItemRef]) -> None:
        """Reads items, with everything that is remembered of them."""
        mailboxes = self.world.by_name()
        grouped: dict[str, list[ItemRef]] = defaultdict(list)
        for ref in refs:
            if ref.href.startswith("?"):
                self.unavailable.add(ref)  # still to be made
            elif ref not in self.contexts and ref not in self.unavailable:
                grouped[ref.mailbox].append(ref)
        for name, own in grouped.items():
            mailbox = mailboxes.get(name)
            fetched: list[Fetched] = []
            if mailbox is not None:
                try:
                    fetched = fetch(mailbox.connector, own, self.world.cache)
                except MxsyncError:
                    fetched = []  # the mailbox cannot be reached: its part of the pass has said so
                    self.failed |= set(own)
            for subject in subjects_of(self.unit, mailbox.user if mailbox is not None else "", fetched, ()):
                self.contexts[subject.ref] = subject.context
                self.subjects[subject.ref] = subject
                self.fates[subject.ref] = subject.row.fate if subject.row is not None else ""
                if left_alone(subject.context, self.world.organisation):
                    self.fates[subject.ref] = Fate.SKIPPED.value
            self.unavailable |= set(own) - self.contexts.keys()

    def hubs(self, hubs: Iterable[HubKey]) -> None:
        """Records, all their links, and the rows' pairs."""
        new = [hub for hub in dict.fromkeys(hubs) if hub not in self.by_hub]
        new = [hub for hub in new if not (isinstance(hub, RecordKey) and hub.planned)]
        if not new:
            return
        for hub in new:
            self.by_hub[hub] = []
        tracking, crm = self.unit.tracking, self.unit.crm
        for link in tracking.links_of_hubs(new):
            self.by_hub[link.hub].append(link)
        keys = [hub for hub in new if isinstance(hub, RecordKey)]
        if keys:
            self.records.update(crm.read(keys))
            missing = [key for key in keys if key not in self.records]
            self.hidden |= crm.before(missing, links=False).keys() if missing else set()
            self.told_gone |= set(crm.told_gone(missing)) if missing else set()
            self.pairs.update(tracking.pairs_of_rows(keys))
            refs = {pair.ref for key in keys for pair in self.pairs.get(key, ())}
            self.living |= set(tracking.items(refs)) if refs else set()
        self.read([hub for hub in new if isinstance(hub, ItemRef) and self.events.get(hub) != "gone"])

    def row_gone(self, hub: HubKey) -> bool:
        """Whether a record is a row that is not there any more."""
        return isinstance(hub, RecordKey) and hub not in self.records and hub not in self.hidden

    def look_up(self, keys: Collection[tuple[str, str]]) -> None:
        """Items that stand for nothing yet, by match key."""
        grouped: dict[str, list[str]] = defaultdict(list)
        for mailbox, key in keys:
            if (mailbox, key) not in self.keys:
                grouped[mailbox].append(key)
        for mailbox, own in grouped.items():
            found = self.unit.tracking.items_by_keys(mailbox, own)
            self.keys.update({(mailbox, key): found.get(key, ()) for key in own})

    def first_asked(self, plan: RulePlan) -> Sequence[Lookup]:
        """The rows that new items may stand for: when they are known, most of a page is decided at the first look."""
        asked: dict[Lookup, None] = {}
        for ref, context in self.contexts.items():
            entity = plan.own_entity(context.item.kind, context.item.item_class) if ref not in self.by_item else None
            if entity is not None:
                asked.update(dict.fromkeys(matching_seeds(plan, entity, context)))
        return list(asked)

    def skipped(self, ref: ItemRef) -> bool:
        """Whether a rule says that no sync takes the item."""
        return self.fates.get(ref, "") in _LEFT_ALONE

    def undone(self, ref: ItemRef) -> bool:
        """Whether a person has taken back what was done for the item, and neither it nor the rules are others since."""
        subject = self.subjects.get(ref)
        row = subject.row if subject is not None else None
        if subject is None or row is None or row.fate != Fate.UNDONE.value:
            return False
        return (row.revision, row.plan) == (subject.item.revision, self.world.plan().digest)

    def held(self, ref: ItemRef) -> bool:
        """Whether it waits for a person."""
        return self.fates.get(ref, "") == Fate.HELD.value

    def shared(self, ref: ItemRef, row: RecordKey, gone: Collection[ItemRef]) -> bool:
        """Whether a meeting's row has another mailbox that still holds the meeting."""
        unlinked = {link.ref for link in self.by_hub.get(row, ()) if link.state == "unlinked"}
        return any(
            pair.identity.startswith("meeting:") and pair.ref != ref and pair.ref in self.living
            and pair.ref not in unlinked and pair.ref not in gone
            for pair in self.pairs.get(row, ())
        )  # fmt: skip

    def saved_anew(self, ref: ItemRef, hub: HubKey) -> bool:
        """Whether a rule has made another row of a changed item since its record went."""
        subject = self.subjects.get(ref)
        if subject is None or not isinstance(hub, RecordKey) or self.events.get(ref) != "changed":
            return False
        rows = [pair.row for pair in subject.pairs if pair.row in (subject.images or {})]
        return any(row.entity == hub.entity and row != hub for row in rows)

    def identity(self, ref: ItemRef) -> str:
        """What makes an item the same elsewhere."""
        subject = self.subjects.get(ref)
        return subject.identity if subject is not None else ""

    def known(self) -> Mapping[ItemRef, ItemContext]:
        """The items that were read."""
        return self.contexts
