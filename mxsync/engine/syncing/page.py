"""A page of a sync phase's work: which items stand for which records, and what is to be done about each. Decided again
until every look-up is answered and every item that matters is read; written by `mxsync.engine.syncing.writing`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from mxsync.decide.context import ItemContext
from mxsync.decide.phone_numbers import e164_of
from mxsync.engine.answers import answer_of
from mxsync.engine.syncing.cluster import Cluster, Hub, Spoke, Told
from mxsync.engine.syncing.copies import add_copy
from mxsync.engine.syncing.filters import Filters
from mxsync.engine.syncing.hub_items import write_hub_item
from mxsync.engine.syncing.hubs import item_hub, row_hub
from mxsync.engine.syncing.job import Decided, Job
from mxsync.engine.syncing.loading import Loaded
from mxsync.engine.syncing.matching import Matching, item_says
from mxsync.engine.syncing.owners import owned, owners_of
from mxsync.engine.syncing.places import Binding
from mxsync.engine.syncing.settle import Settling
from mxsync.engine.world import World
from mxsync.errors import MxsyncError
from mxsync.lang.compile import RulePlan
from mxsync.model.item import Item, ItemRef, Kind
from mxsync.model.record import Lookup, Planned, Record, RecordKey
from mxsync.ports.links import AGAIN, COPY, MAKING, UNLINKED, HubKey, LinkRow
from mxsync.ports.tracking import Unit

_ROUNDS = 60
"""How often a page is decided anew before what is still unknown counts as nothing."""


def decide(world: World, plan: RulePlan, unit: Unit, job: Job) -> Decided:
    """What is to be done about a page, as values."""
    loaded = Loaded(world, unit, times={**job.times, **job.rows})
    loaded.unavailable.update(job.left_alone)
    loaded.start(job.waiting)
    loaded.hubs(job.rows)
    if job.waiting:
        loaded.hubs(job.behind.rows)
    filters = Filters(plan, world.organisation, job.now, {})
    owners_of(job.bindings, filters)  # asks for the users
    first = [*filters.missing, *loaded.first_asked(plan)]
    found = answer_of(unit)(first) if first else {}
    answers: dict[Lookup, tuple[Record, ...]] = {lookup: found.get(lookup, ()) for lookup in first}
    for _ in range(_ROUNDS):
        filters = Filters(plan, world.organisation, job.now, answers, filters)
        look = _Look(world, plan, job, loaded, filters)
        decided = look.decide()
        missing = list(filters.missing)
        if missing:
            found = answer_of(unit)(missing)
            answers.update({lookup: found.get(lookup, ()) for lookup in missing})
        if look.hubs:
            loaded.hubs(look.hubs)
        wanted = (look.items | {ref for _, done in decided.clusters for ref in done.wanted}) - loaded.contexts.keys()
        wanted -= loaded.unavailable
        if wanted:
            loaded.read(wanted)
        keys = look.keys | {key for _, done in decided.clusters for key in done.wanted_keys}
        keys -= loaded.keys.keys()
        if keys:
            loaded.look_up(keys)
        if not (missing or look.hubs or wanted or keys):
            break
    return decided


class _Look:
    """One look at the page, with what is known by now."""

    def __init__(self, world: World, plan: RulePlan, job: Job, loaded: Loaded, filters: Filters) -> None:
        self._world = world
        self._plan = plan
        self._job = job
        self._loaded = loaded
        self._filters = filters
        self._bindings = {binding.key: binding for binding in job.bindings}
        self._spokes: dict[str, list[Binding]] = defaultdict(list)
        self._hubs: dict[str, list[Binding]] = defaultdict(list)
        for binding in job.bindings:
            self._spokes[binding.spoke.mailbox].append(binding)
            if binding.hub is not None:
                self._hubs[binding.hub.mailbox].append(binding)
        self._clusters: dict[HubKey, Cluster] = {}
        self._number = 0
        self._decided = Decided(loaded, filters)
        self._gone = {ref for ref, event in loaded.events.items() if event in ("gone", "moved")}
        self._owners = owners_of(job.bindings, filters)
        region = world.organisation.region
        self._spell: Callable[[str], str] = lambda text: e164_of(text, region) or text
        self._matching = Matching(loaded, filters, plan.parts, self._spell, self._gone)
        self._decided.keys = self._matching.offered
        self.hubs: set[HubKey] = set()
        self.keys, self.items = self._matching.wanted_keys, self._matching.wanted

    def decide(self) -> Decided:
        for row in self._job.rows:
            self._cluster(row)
        for ref, event in self._loaded.events.items():
            self._waiting(ref, event)
        if self._filters.missing or self.hubs or self.keys:
            return self._decided  # first what is missing: most of a page is settled once
        settling = Settling(
            self._filters, self._spell, self._job.allowed, self._new_spoke, self._loaded.unavailable, self._job.came,
            self._wanting, self._limits, self._job.adding, self._matching.find,
        )  # fmt: skip
        for cluster in self._clusters.values():
            if cluster.hub.key in self._loaded.frozen:
                self._loaded.failed |= {each.ref for each in cluster.spokes if each.ref in self._loaded.events}
                continue
            done = settling.settle(cluster)
            if cluster.hub.new and isinstance(cluster.hub.key, RecordKey):
                done.make = True
            write_hub_item(cluster, done, self._filters)
            for spoke in done.let_go:
                if spoke.context is not None:
                    self._matching.offer(spoke.ref, spoke.binding, spoke.context)
            self._decided.clusters.append((cluster, done))
        return self._decided

    # ------------------------------------------------------------ hubs

    def _cluster(self, key: HubKey) -> Cluster | None:
        """The cluster of a record, None until it is loaded."""
        found = self._clusters.get(key)
        if found is not None:
            return found
        if key not in self._loaded.by_hub:
            self.hubs.add(key)
            return None
        hub = self._hub(key)
        cluster = self._clusters[key] = Cluster(hub)
        for link in self._loaded.by_hub[key]:
            binding = self._bindings.get((link.sync, link.user))
            if binding is not None:
                cluster.spokes.append(self._linked_spoke(binding, link, hub))
        return cluster

    def _hub(self, key: HubKey) -> Hub:
        if isinstance(key, RecordKey):
            binding = next((b for b in self._job.bindings if b.way.hub.entity == key.entity), None)
            return row_hub(self._loaded, self._filters, binding, key, key in self._job.rows)
        return item_hub(self._loaded, next(self._of_hub(key), None), key)

    def _of_hub(self, ref: ItemRef) -> Iterator[Binding]:
        """The bindings for which an item lies among the records."""
        return (b for b in self._hubs[ref.mailbox] if b.hub is not None and b.hub.holds(ref))

    # ------------------------------------------------------------ spokes

    def _linked_spoke(self, binding: Binding, link: LinkRow, hub: Hub) -> Spoke:
        if self._refused(link) or (not hub.present and self._loaded.saved_anew(link.ref, link.hub)):
            self._decided.dropped.append(link)
            return Spoke(binding, ItemRef(link.ref.mailbox, link.ref.folder, ""), event="gone")
        spoke = self._spoke(binding, link.ref, link)
        if spoke.frozen:
            spoke.event = ""
            return spoke
        item = spoke.item
        cancelled = item is not None and item.kind is Kind.APPOINTMENT and item.fields.get("cancelled") is True
        if not binding.spoke.holds(link.ref) and link.ref.href and not link.ref.href.startswith("?"):
            spoke.event = "moved"
        elif cancelled and binding.way.deleted_spoke == "delete" and spoke.event == "changed":
            spoke.event = "gone"
        elif link.state in (UNLINKED, COPY) and hub.present and spoke.event == "changed" and not cancelled:
            # It was deleted and is there again: whoever put it back wants it in step. A copy may be none any more.
            self._decided.dropped.append(link)
            return Spoke(binding, ItemRef(link.ref.mailbox, link.ref.folder, ""), event="gone")
        if spoke.event == "gone" and isinstance(link.hub, RecordKey):
            gone = self._gone | ({link.ref} if cancelled else set())
            spoke.shared = self._loaded.shared(link.ref, link.hub, gone)
        return spoke

    def _spoke(self, binding: Binding, ref: ItemRef, link: LinkRow | None) -> Spoke:
        loaded = self._loaded
        spoke = Spoke(
            binding, ref, link, loaded.contexts.get(ref), loaded.events.get(ref, ""), loaded.skipped(ref),
            loaded.held(ref), ref in loaded.frozen,
        )  # fmt: skip
        if spoke.event == "changed" and spoke.context is not None and not spoke.skipped:
            spoke.takes = self._filters.takes(binding, spoke.context)
        return spoke

    def _new_spoke(self, binding: Binding, ref: ItemRef) -> Spoke:
        spoke = self._spoke(binding, ref, None)
        if spoke.event == "" and spoke.context is not None:
            spoke.event = "changed"
            spoke.takes = self._filters.takes(binding, spoke.context)
        return spoke

    def _fits(self, binding: Binding, item: Item) -> bool:
        """Whether an item is of the kind, and of the form, that a sync is about."""
        way = binding.way
        if item.kind is not way.kind:
            return False
        return way.entity is None or self._plan.own_entity(item.kind, item.item_class) is way.entity

    # ------------------------------------------------------------ what waits

    def _waiting(self, ref: ItemRef, event: str) -> None:
        if ref in self._loaded.frozen:
            return
        links = self._loaded.by_item.get(ref, [])
        for link in links:
            if isinstance(link.hub, ItemRef) and self._refused(link):
                self._decided.dropped.append(link)
            else:
                self._cluster(link.hub)
        if ref in self._loaded.by_hub or any(True for _ in self._of_hub(ref)):
            self._cluster(ref)
        for row in self._loaded.let_go.get(ref, ()):
            self._cluster(row)
        context = self._loaded.contexts.get(ref)
        if event != "changed" or context is None:
            return
        for binding in self._spokes[ref.mailbox]:
            if binding.spoke.holds(ref) and self._fits(binding, context.item):
                self._unlinked(binding, ref, context, links)

    def _unlinked(self, binding: Binding, ref: ItemRef, context: ItemContext, links: Sequence[LinkRow]) -> None:
        """An item of the folder: where it stands for nothing yet, it joins a record or makes one."""
        standing = [each for each in links if self._stands(each, binding) and each not in self._decided.dropped]
        if standing:
            if all(each.state == UNLINKED and self._loaded.row_gone(each.hub) for each in standing):
                self._matching.offer(ref, binding, context)
            return
        if self._loaded.undone(ref):
            return
        if self._loaded.skipped(ref) or self._loaded.held(ref):
            self._matching.offer(ref, binding, context)  # nothing is done to it, and no second one is put beside it
            return
        if context.item.fields.get("cancelled") is True:
            return
        if not self._filters.takes(binding, context):
            self._matching.offer(ref, binding, context)
            return
        lost = self._lost(binding, ref, context) if self._job.behind.rows else None
        found = [lost] if lost is not None else self._matching.candidates(binding, context)
        if found is None or ref in self._loaded.failed:
            return
        if len(found) > 1:
            names = " and ".join(str(getattr(key, "value", "") or getattr(key, "href", "")) for key in found[:5])
            line = f"{binding.way.hub.entity or 'items'} {names} all match this item: say which one it is"
            self._decided.held.append(Told("hold", binding, ref, found[0], lines=(line,)))
            return
        if found:
            cluster = self._cluster(found[0])
            if cluster is None:
                return
            other = cluster.of(binding)
            taken = other is not None and other.ref != ref
            chosen = None
            if not taken and cluster.hub.present:
                chosen = self._matching.closest(binding, cluster.hub, ref, self._new_spoke)
            if chosen != ref:
                self._matching.offer(ref, binding, context)
                if taken or chosen is not None:
                    add_copy(cluster, self._new_spoke(binding, ref))
            if chosen is None:
                return
            ref = chosen
        elif binding.way.entity is None and not self._job.adding(binding):
            self._matching.offer(ref, binding, context)
            return
        else:
            cluster = self._planned(binding, context)
        self._matching.taken.add(ref)
        if not any(each.ref == ref and each.binding is binding for each in cluster.spokes):
            cluster.spokes.append(self._new_spoke(binding, ref))

    def _refused(self, link: LinkRow) -> bool:
        """Whether an item that was to be made was refused by its server, and waits to be tried again."""
        hub = link.hub.href if isinstance(link.hub, ItemRef) else ""
        waits = link.ref in self._loaded.events and link.ref not in self._loaded.frozen
        return link.state in (MAKING, AGAIN) and waits and (link.ref.href[:1] == "?" or hub[:1] == "?")

    def _stands(self, link: LinkRow, binding: Binding) -> bool:
        """Whether a link of an item is of the sync, or of another one with the same hub."""
        other = self._bindings.get((link.sync, link.user))
        return other is binding or (
            other is not None and other.way.hub.entity == binding.way.hub.entity and other.hub == binding.hub
        )

    def _lost(self, binding: Binding, ref: ItemRef, context: ItemContext) -> HubKey | None:
        """The row for which an item stood before what was remembered of it was lost."""
        if binding.way.entity is None or self._filters.missing:
            return None  # whose row it may be is known in another round
        try:
            return self._job.behind.row_of(self._world, binding, context, self._free, self._hub)
        except MxsyncError:
            self._loaded.failed.add(ref)  # another pass looks at it
            return None

    def _free(self, binding: Binding, key: RecordKey) -> bool:
        """Whether a folder's filter names a row for which nothing stands there."""
        record, cluster = self._loaded.records.get(key), self._clusters.get(key)
        if record is None or (cluster is not None and cluster.of(binding) is not None):
            return False
        named = binding.way.into_spoke is None or binding in owned(self._owners, record, key.entity)
        return named and not any(self._stands(link, binding) for link in self._loaded.by_hub.get(key, ()))

    def _planned(self, binding: Binding, context: ItemContext) -> Cluster:
        """A record that the page makes of an item."""
        way = binding.way
        self._number += 1
        if way.entity is None:
            assert binding.hub is not None
            key: HubKey = ItemRef(binding.hub.mailbox, binding.hub.folder, f"?new-{self._number}")
            cluster = self._clusters[key] = Cluster(Hub(key, new=True))
            return cluster
        row = RecordKey(way.entity.name, Planned(self._number))
        fill = self._filters.fill_hub(binding, context)
        self._filters.plan_row(way, row, {**item_says(binding, context.item), **fill})
        cluster = self._clusters[row] = Cluster(Hub(row, {}, Record(row, fill), new=True))
        return cluster

    # ------------------------------------------------------------ what settling asks

    def _limits(self, binding: Binding) -> Mapping[str, int]:
        entity = binding.way.entity
        return self._world.database.limits(entity.name) if entity is not None else {}

    def _wanting(self, hub: Hub) -> Sequence[Binding]:
        """The bindings whose folder may want a record: all of its hub, but where a filter tells each user's records
        apart by a field, only those of that value."""
        if isinstance(hub.key, ItemRef):
            return list(self._of_hub(hub.key))
        return list(owned(self._owners, hub.record, hub.key.entity))
