"""Several items of a folder that one record matches (files with one UID, two cards with one address): one of them is
kept in step, the one that says what the record says, so that pairing them writes nothing. The others are known as its
copies. Nothing crosses to them or from them, since two people may share an address; but one of them takes the place of
an item that is deleted, and none brings a record back that was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

from mxsync.decide.context import ItemContext
from mxsync.engine.syncing.cluster import Cluster, Hub, Linking, Settled, Spoke, fields_of, rules_of, says
from mxsync.engine.syncing.loading import Loaded
from mxsync.engine.syncing.places import Binding
from mxsync.model.item import Item, ItemRef
from mxsync.model.record import RecordKey
from mxsync.ports.links import COPY, LinkRow
from mxsync.reconcile.compare import compare
from mxsync.reconcile.forms import Speller, form_of


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


def add_copy(cluster: Cluster, spoke: Spoke) -> None:
    """From now on the item is known as a copy of the one that stands for the record."""
    binding, hub = spoke.binding, cluster.hub
    if all((each.binding, each.ref) != (binding, spoke.ref) for each in cluster.spokes):
        spoke.link = LinkRow(binding.way.name, binding.user, spoke.ref, hub.key, COPY)
        cluster.spokes.append(spoke)


def remember_copies(cluster: Cluster, done: Settled) -> None:
    """Those that came to be: what they say now, so that an edit is known from a mere look."""
    for spoke in cluster.spokes:
        link, item = spoke.link, spoke.item
        if link is not None and spoke.copy and spoke.event == "changed" and item is not None:
            ours = says(item, fields_of(spoke.binding, item))
            done.links.append(Linking(link, ours, forms={name: (form_of(value), None) for name, value in ours.items()}))


def take_over(
    cluster: Cluster,
    done: Settled,
    fresh: Callable[[Binding, ItemRef], Spoke],
    unavailable: Collection[ItemRef],
    spell: Speller,
) -> None:
    """Where the item that stood for the record was deleted, moved away or hidden, another one of its folder stands for
    the record from now on: nobody has deleted the last. `fresh` gives an item as one that stands for nothing yet."""
    places: dict[object, list[Spoke]] = defaultdict(list)
    for spoke in cluster.spokes:
        places[spoke.binding.where].append(spoke)
    for spokes in places.values():
        standing = [each for each in spokes if each.stands and each.here and not each.skipped]
        if not standing:
            standing = _heir(cluster, spokes, done, fresh, unavailable, spell)
        lost = [each for each in spokes if each not in standing and not each.copy and each.link is not None]
        for spoke in lost if standing else ():
            assert spoke.link is not None
            done.dropped.append(spoke.link)
            cluster.spokes.remove(spoke)


def _heir(
    cluster: Cluster,
    spokes: Iterable[Spoke],
    done: Settled,
    fresh: Callable[[Binding, ItemRef], Spoke],
    unavailable: Collection[ItemRef],
    spell: Speller,
) -> list[Spoke]:
    copies = [each for each in spokes if each.copy and each.here and not (each.skipped or each.held or each.frozen)]
    copies = [each for each in copies if each.ref not in unavailable]
    unread = {each.ref for each in copies if each.item is None}
    if unread:
        done.wanted |= unread
        return []
    new = [fresh(each.binding, each.ref) for each in copies]
    read = {each.ref: each.context for each in new if each.takes and not each.held and each.context is not None}
    if not read:
        return []
    ref = closest(cluster.hub, new[0].binding, list(read), read, spell)
    heir = next(each for each in new if each.ref == ref)
    cluster.spokes[:] = [heir if each.copy and each.ref == ref else each for each in cluster.spokes]
    return [heir]


def without_record(
    spoke: Spoke, done: Settled, takes: Callable[[Binding, ItemContext], bool], unavailable: Collection[ItemRef]
) -> bool:
    """Whether a copy of a record that was deleted would bring it back, as far as known by now. One that the filter does
    not take stands for itself."""
    link, context = spoke.link, spoke.context
    if context is None:
        if spoke.ref not in unavailable:
            done.wanted.add(spoke.ref)
        return spoke.ref in unavailable
    if takes(spoke.binding, context):
        return True
    assert link is not None
    done.dropped.append(link)
    return False
