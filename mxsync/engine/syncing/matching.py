"""Which item and which record may be one: by their keys, in both directions, and by what rules have saved before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from mxsync.decide.context import ItemContext
from mxsync.engine.syncing.cluster import Hub, Settled, Spoke, fields_of, says
from mxsync.engine.syncing.copies import closest, copies_of
from mxsync.engine.syncing.filters import Filters
from mxsync.engine.syncing.keys import match_keys
from mxsync.engine.syncing.loading import Loaded
from mxsync.engine.syncing.places import Binding
from mxsync.lang.compile_parts import Parts
from mxsync.model.item import Item, ItemRef
from mxsync.model.record import RecordKey, RecordValue
from mxsync.ports.links import HubKey
from mxsync.reconcile.forms import Speller


@dataclass(slots=True)
class Matching:
    """What one look at a page matches. `gone` are items that were deleted or moved away. What is not known yet is
    answered with nothing, and asked for: keys in `wanted_keys`, items to be read in `wanted`."""

    loaded: Loaded
    filters: Filters
    parts: Parts
    spell: Speller
    gone: Collection[ItemRef]
    wanted_keys: set[tuple[str, str]] = field(default_factory=set)
    wanted: set[ItemRef] = field(default_factory=set)
    taken: set[ItemRef] = field(default_factory=set)
    """Items that have found a record in this look."""
    offered: dict[ItemRef, list[str]] = field(default_factory=dict)
    """The keys by which items of the page may be found that stand for nothing."""
    _local: dict[tuple[str, str], list[ItemRef]] = field(default_factory=lambda: defaultdict(list))

    def offer(self, ref: ItemRef, binding: Binding, context: ItemContext) -> None:
        """An item stands for nothing, and may be found from now on."""
        keys = [key for group in self._keys(binding, context) for key in group]
        self.offered.setdefault(ref, []).extend(keys)
        for key in keys:
            self._local[ref.mailbox, key].append(ref)

    def candidates(self, binding: Binding, context: ItemContext) -> list[HubKey] | None:
        """The records that an item may stand for; None until it is known."""
        if binding.way.entity is not None:
            before = len(self.filters.missing)
            rows = self.filters.rows_of(binding, context)
            return None if len(self.filters.missing) > before else [record.key for record in rows]
        hub = binding.hub
        assert hub is not None
        for group in self._keys(binding, context):
            wanted = [(hub.mailbox, key) for key in group]
            self.wanted_keys.update(each for each in wanted if each not in self.loaded.keys)
            refs: dict[HubKey, None] = {}
            for each in wanted:
                here = (*self.loaded.keys.get(each, ()), *self._local.get(each, ()))
                refs.update((ref, None) for ref in here if hub.holds(ref) and ref != context.item.ref)
            if refs:
                return list(refs)
        return []

    def closest(
        self, binding: Binding, hub: Hub, ref: ItemRef, spoke: Callable[[Binding, ItemRef], Spoke]
    ) -> ItemRef | None:
        """The copy of an item that stands for a record; None until all of them are read. `spoke` gives an item as one
        that stands for nothing yet: it is not kept, or a page would hold itself until garbage is collected."""
        loaded = self.loaded
        others = [each for each in copies_of(loaded, binding, hub) if each != ref and each not in self.taken]
        unread = {each for each in others if each not in loaded.contexts and each not in loaded.unavailable}
        self.wanted |= unread
        if not others or unread:
            return None if unread else ref
        free = {each: spoke(binding, each) for each in others}
        return closest(hub, binding, [ref, *(each for each in others if free[each].takes and not free[each].held)],
                       loaded.contexts, self.spell)  # fmt: skip

    def find(self, binding: Binding, hub: Hub, done: Settled) -> ItemRef | None:
        """An item of the folder that stands for nothing yet and matches a record: one that a rule has saved as this
        very row, else one that the keys find."""
        loaded = self.loaded
        if isinstance(hub.key, RecordKey):
            copies = [ref for ref in copies_of(loaded, binding, hub) if ref not in self.taken]
            if len(copies) > 1:
                done.wanted |= {ref for ref in copies if ref not in loaded.contexts} - loaded.unavailable
            if copies:
                copy = closest(hub, binding, copies, loaded.contexts, self.spell) or copies[0]
                self.taken.add(copy)
                return copy
        for group in match_keys(binding, hub.values, self.parts):
            wanted = [(binding.spoke.mailbox, key) for key in group]
            unknown = {each for each in wanted if each not in loaded.keys}
            if unknown:
                done.wanted_keys |= unknown
                return None
            there: list[ItemRef] = [ref for each in wanted for ref in (*loaded.keys[each], *self._local.get(each, ()))]
            for ref in there:
                if binding.spoke.holds(ref) and ref not in self.taken and ref not in self.gone:
                    self.taken.add(ref)
                    return ref
        return None

    def _keys(self, binding: Binding, context: ItemContext) -> list[tuple[str, ...]]:
        return match_keys(binding, item_says(binding, context.item), self.parts)


def item_says(binding: Binding, item: Item) -> dict[str, RecordValue]:
    """What an item says of a record, with the name of its company also where no field holds it."""
    values = says(item, fields_of(binding, item))
    values.setdefault("organisation", item.fields.get("organisation"))
    return values
