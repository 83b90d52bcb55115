"""Several copies of one item in a folder (files with one UID, a meeting that was imported twice): one of them stands
for the record, the one that says what the record says, so that pairing them writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mxsync.decide.context import ItemContext
from mxsync.engine.syncing.cluster import Hub, fields_of, rules_of, says
from mxsync.engine.syncing.loading import Loaded
from mxsync.engine.syncing.places import Binding
from mxsync.model.item import Item, ItemRef
from mxsync.model.record import RecordKey
from mxsync.reconcile.compare import compare
from mxsync.reconcile.forms import Speller


def copies_of(loaded: Loaded, binding: Binding, hub: Hub) -> list[ItemRef]:
    """The items of a folder that rules have saved as a row, and that are there still."""
    if not isinstance(hub.key, RecordKey):
        return []
    pairs = loaded.pairs.get(hub.key, ())
    return [pair.ref for pair in pairs if binding.spoke.holds(pair.ref) and pair.ref in loaded.living]


def closest(
    hub: Hub, binding: Binding, refs: Iterable[ItemRef], read: Mapping[ItemRef, ItemContext], spell: Speller
) -> ItemRef | None:
    """Of the items that were read the one that differs from a record in the fewest fields, the first of several; None
    where none was."""
    there = [(ref, read[ref].item) for ref in refs if ref in read]
    return min(there, key=lambda each: _differing(hub, binding, each[1], spell))[0] if there else None


def _differing(hub: Hub, binding: Binding, item: Item, spell: Speller) -> int:
    members = fields_of(binding, item, hub.item)
    fields = rules_of(members, spell, {}, to_spoke=True, to_hub=True)
    merge = compare(fields, {}, says(item, members), hub.values, lambda _: "")
    return len(merge.left.keys() | merge.right.keys()) + len(merge.conflicts)
