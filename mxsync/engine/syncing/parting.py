"""What becomes of one side of a pair when the other is gone: the deletion clauses of a sync, and what outlives them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Literal

from mxsync.engine.syncing.cluster import (
    Cluster,
    Deletion,
    Hub,
    ItemWrite,
    Linking,
    Settled,
    Spoke,
    Told,
    fields_of,
    says,
)
from mxsync.engine.syncing.copies import without_record
from mxsync.engine.syncing.filters import Filters
from mxsync.engine.syncing.places import Binding
from mxsync.model.item import ItemRef
from mxsync.ports.links import AGAIN, MAKING, UNLINKED, HubKey, LinkRow
from mxsync.reconcile.forms import Form, Speller, form_of
from mxsync.reconcile.membership import After, after_deletion


@dataclass(slots=True)
class Parting:
    """`allowed` says whether a deletion may be done now; `spoke` gives an item as one that stands for nothing yet;
    `unavailable` are items that cannot be read now; `came` are records to which people's new items have come in this
    pass."""

    filters: Filters
    spell: Speller
    allowed: Callable[[Deletion], bool]
    spoke: Callable[[Binding, ItemRef], Spoke]
    unavailable: Collection[ItemRef]
    came: Collection[HubKey]

    # ------------------------------------------------------------ the record is gone

    def record_gone(self, cluster: Cluster, done: Settled) -> None:
        """What becomes of its items."""
        hub = cluster.hub
        for spoke in cluster.spokes:
            link, way = spoke.link, spoke.binding.way
            if link is None or spoke.frozen:
                continue
            if not spoke.here or hub.withdrawn or spoke.skipped or link.state in (MAKING, AGAIN):
                done.dropped.append(link)
                if spoke.copy and spoke.here and not spoke.skipped:
                    done.again.append(spoke.ref)  # the rules took the row away because of another item
                continue
            if link.state == UNLINKED:
                if spoke.event == "changed" and not spoke.takes:
                    done.dropped.append(link)  # the filter has let go of it: it may come again
                continue
            if hub.missing:
                done.dropped.append(link)  # no deletion without a deletion: the item stands for itself again
                done.again.append(spoke.ref)
                continue
            if spoke.copy and not without_record(spoke, done, self.filters.takes, self.unavailable):
                continue
            edited = (spoke.copy or spoke.event == "changed") and self._edited(spoke, link)
            match after_deletion(way.deleted_hub, edited=edited, wins=self._wins(spoke.binding, "hub"), shared=False):
                case After.DELETE if not spoke.copy:
                    self.remove(hub, spoke, link, done, "the record was deleted")
                case After.DELETE | After.UNLINK:
                    if spoke.copy:
                        why = "the record was deleted, and another item of the folder was in step with it"
                        done.told.append(Told("let go", spoke.binding, spoke.ref, hub.key, lines=(why,)))
                    done.links.append(Linking(replace(link, state=UNLINKED)))
                    self._let_go(spoke, done)
                case After.FORGET:
                    done.dropped.append(link)
                    done.again.append(spoke.ref)
                case After.REVIEW:
                    done.links.append(Linking(replace(link, state=UNLINKED)))
                    why = "the record was deleted, and the item was changed since both agreed"
                    done.held.append(Told("hold", spoke.binding, spoke.ref, hub.key, lines=(why,)))

    def _let_go(self, spoke: Spoke, done: Settled) -> None:
        """A record that comes anew is to find the item, by what it says now."""
        if spoke.context is not None:
            done.let_go.append(spoke)
        elif spoke.ref not in self.unavailable:
            done.wanted.add(spoke.ref)

    def _edited(self, spoke: Spoke, link: LinkRow) -> bool:
        item = spoke.item
        if item is None:
            return False
        values = says(item, fields_of(spoke.binding, item))
        return any(form_of(values.get(name)) != as_kept(forms[0]) for name, forms in link.baseline.items())

    @staticmethod
    def _wins(binding: Binding, gone: Literal["spoke", "hub"]) -> Literal["gone", "other", ""]:
        policy = binding.way.policy
        if policy == "review":
            return ""
        return "gone" if policy == gone else "other"

    # ------------------------------------------------------------ items that were deleted

    def items_gone(self, cluster: Cluster, done: Settled) -> bool:
        """What became of items that are gone; whether the record goes with one of them."""
        hub = cluster.hub
        for spoke in list(cluster.spokes):
            link = spoke.link
            if link is None or spoke.here:
                continue
            if link.state == UNLINKED:
                continue
            if spoke.copy:
                done.dropped.append(link)
                spoke.link = None
                continue
            if spoke.event == "moved":
                done.links.append(Linking(replace(link, state=UNLINKED)))
                continue
            way = spoke.binding.way
            edited = any(
                each.to_spoke and each.name in link.baseline
                and form_of(hub.values.get(each.name)) != as_kept(link.baseline[each.name][1])
                for each in fields_of(spoke.binding, hub.item)
            )  # fmt: skip
            # Whoever has put the record somewhere else since, in a folder of his own or by moving it, wants it.
            shared = spoke.shared or done.came or hub.key in self.came
            after = after_deletion(
                way.deleted_spoke, edited=edited, wins=self._wins(spoke.binding, "spoke"), shared=shared
            )
            match after:
                case After.DELETE:
                    deletion = Deletion("hub", spoke.binding, spoke.ref, hub.key)
                    done.deletions.append(deletion)
                    if self.allowed(deletion):
                        self._delete_hub(hub, spoke, link, done)
                        return True
                case After.UNLINK:
                    done.links.append(Linking(replace(link, state=UNLINKED)))
                case After.FORGET:
                    done.dropped.append(link)
                    spoke.link = None
                case After.REVIEW:
                    done.links.append(Linking(replace(link, state=UNLINKED)))
                    why = "the item was deleted, and the record was changed since both agreed"
                    done.held.append(Told("hold", spoke.binding, spoke.ref, hub.key, lines=(why,)))
        return False

    @staticmethod
    def _delete_hub(hub: Hub, spoke: Spoke, link: LinkRow, done: Settled) -> None:
        if isinstance(hub.key, ItemRef):
            write = ItemWrite("remove", "hub", spoke.binding, hub.key, link, item=hub.item, why="its item was deleted")
            done.writes.append(write)
        else:
            done.delete = spoke
            done.dropped.append(link)

    def remove(self, hub: Hub, spoke: Spoke, link: LinkRow, done: Settled, why: str) -> None:
        """The item goes, as soon as the brake lets it."""
        deletion = Deletion("spoke", spoke.binding, spoke.ref, hub.key)
        done.deletions.append(deletion)
        if self.allowed(deletion):
            done.writes.append(
                ItemWrite("remove", "spoke", spoke.binding, spoke.ref, link, item=spoke.item, why=why,
                          expect={name: forms[0] for name, forms in link.baseline.items()})
            )  # fmt: skip


def as_kept(form: Form) -> Form:
    """A form as the tracking tables give it back."""
    return list(form) if isinstance(form, tuple) else form
