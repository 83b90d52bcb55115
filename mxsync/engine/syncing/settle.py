"""One cluster decided: first what the items say goes into the record, then what the record says goes into each folder
whose filter names it. Pure but for the filters, whose look-ups may have to be answered first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from mxsync.decide.sync_fields import moment_of
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
    rules_of,
    says,
)
from mxsync.engine.syncing.conflicts import lost, unsure
from mxsync.engine.syncing.filters import Filters
from mxsync.engine.syncing.making import make_record, maker_of
from mxsync.engine.syncing.places import Binding, Place
from mxsync.model.item import Item, ItemRef
from mxsync.model.record import Record, RecordValue
from mxsync.ports.links import AGAIN, MAKING, PAIRED, UNLINKED, LinkRow
from mxsync.reconcile.compare import Agreed, Winner, compare
from mxsync.reconcile.forms import Form, Speller, form_of
from mxsync.reconcile.membership import After, Step, after_deletion, step_of


@dataclass(slots=True)
class Settling:
    """What clusters of one page are decided with. `bindings` are those that may want a record; `allowed` says whether a
    deletion may be done now; `adding` whether a folder may get new items yet; `find` gives the item of a folder that
    matches a record and stands for nothing yet (or None); `unavailable` are items that cannot be read now."""

    filters: Filters
    bindings: Callable[[Hub], Sequence[Binding]]
    spell: Speller
    limits: Callable[[Binding], Mapping[str, int]]
    allowed: Callable[[Deletion], bool]
    adding: Callable[[Binding], bool]
    find: Callable[[Binding, Hub, Settled], ItemRef | None]
    spoke: Callable[[Binding, ItemRef], Spoke]
    unavailable: Collection[ItemRef]

    def settle(self, cluster: Cluster) -> Settled:
        """What is to be done about it."""
        done = Settled()
        hub = cluster.hub
        if not hub.present and not hub.hidden:
            self._hub_gone(cluster, done)
            return done
        maker = maker_of(cluster)
        if maker is not None:
            make_record(cluster, maker, done)
            self._follow(hub, done.hub)
        else:
            if not hub.hidden:
                self._fold(cluster, done)
            if self._deletions(cluster, done):
                return done
            for spoke in cluster.spokes:
                if spoke.here:
                    self._standing(hub, spoke, done)
        if not hub.hidden:
            known = {_where(each.binding) for each in cluster.spokes if each.here or each.link}
            for binding in self.bindings(hub):
                if _where(binding) not in known and self._add(hub, binding, done):
                    known.add(_where(binding))
        return done

    # ------------------------------------------------------------ the record is gone

    def _hub_gone(self, cluster: Cluster, done: Settled) -> None:
        hub = cluster.hub
        for spoke in cluster.spokes:
            link, way = spoke.link, spoke.binding.way
            if link is None or spoke.frozen:
                continue
            if not spoke.here or hub.withdrawn or spoke.skipped or link.state in (MAKING, AGAIN):
                done.dropped.append(link)
                continue
            if link.state == UNLINKED:
                if spoke.event == "changed" and not spoke.takes:
                    done.dropped.append(link)  # the filter has let go of it: it may come again
                continue
            if hub.missing:
                done.dropped.append(link)  # no deletion without a deletion: the item stands for itself again
                done.again.append(spoke.ref)
                continue
            edited = spoke.event == "changed" and self._edited(spoke, link)
            match after_deletion(way.deleted_hub, edited=edited, wins=self._wins(spoke.binding, "hub"), shared=False):
                case After.DELETE:
                    self._remove(hub, spoke, link, done, "the record was deleted")
                case After.UNLINK:
                    done.links.append(Linking(replace(link, state=UNLINKED)))
                case After.FORGET:
                    done.dropped.append(link)
                    done.again.append(spoke.ref)
                case After.REVIEW:
                    done.links.append(Linking(replace(link, state=UNLINKED)))
                    why = "the record was deleted, and the item was changed since both agreed"
                    done.held.append(Told("hold", spoke.binding, spoke.ref, hub.key, lines=(why,)))

    def _edited(self, spoke: Spoke, link: LinkRow) -> bool:
        item = spoke.item
        if item is None:
            return False
        values = says(item, fields_of(spoke.binding, item))
        return any(form_of(values.get(name)) != _form(forms[0]) for name, forms in link.baseline.items())

    @staticmethod
    def _wins(binding: Binding, gone: Literal["spoke", "hub"]) -> Literal["gone", "other", ""]:
        policy = binding.way.policy
        if policy == "review":
            return ""
        return "gone" if policy == gone else "other"

    # ------------------------------------------------------------ from the items into the record

    def _fold(self, cluster: Cluster, done: Settled) -> None:
        hub = cluster.hub
        times: dict[str, datetime | None] = {}
        changed = [each for each in cluster.spokes if each.event == "changed" and each.item is not None]
        for spoke in sorted(changed, key=_when):
            link = spoke.link
            if not spoke.takes or spoke.skipped or spoke.held or not spoke.here:
                continue
            if link is not None and link.state != PAIRED:
                continue
            item = spoke.item
            assert item is not None
            members = fields_of(spoke.binding, item, hub.item)
            fields = rules_of(members, self.spell, self.limits(spoke.binding), to_spoke=False, to_hub=True)
            merge = compare(
                fields, _agreed(link), says(item, members), hub.values, self._winner(spoke.binding, item, hub, times)
            )
            for conflict in merge.conflicts:
                if conflict.winner == "left":
                    done.told.append(lost(spoke, hub, conflict))
            if merge.right:
                hub.values.update(merge.right)
                done.hub.update(merge.right)
                done.by = spoke
                times.update(dict.fromkeys(merge.right, moment_of(item)))
                self._follow(hub, merge.right)

    def _follow(self, hub: Hub, values: Mapping[str, RecordValue]) -> None:
        """The row as filters see it once it is written."""
        if hub.record is not None:
            seen: dict[str, RecordValue] = {**hub.record.values, **values}
            if "organisation" in values and "organisation" not in hub.record.values:
                seen.pop("organisation")
                company = self.filters.company_named(values["organisation"])
                if company is not None:
                    seen[self.filters.plan.parts.contact_company] = company
            hub.record = Record(hub.record.key, seen)

    def _winner(
        self, binding: Binding, item: Item, hub: Hub, times: Mapping[str, datetime | None]
    ) -> Callable[[str], Winner]:
        policy = binding.way.policy
        if policy != "newest":
            fixed: Winner = "left" if policy == "spoke" else "right" if policy == "hub" else ""
            return lambda _: fixed
        ours = moment_of(item)

        def newest(name: str) -> Winner:
            theirs = times.get(name, hub.at)
            return "left" if ours is not None and theirs is not None and ours > theirs else "right"

        return newest

    # ------------------------------------------------------------ items that were deleted

    def _deletions(self, cluster: Cluster, done: Settled) -> bool:
        """What became of items that are gone; whether the record goes with one of them."""
        hub = cluster.hub
        for spoke in list(cluster.spokes):
            link = spoke.link
            if link is None or spoke.here:
                continue
            if link.state == UNLINKED:
                continue
            if spoke.event == "moved":
                done.links.append(Linking(replace(link, state=UNLINKED)))
                continue
            way = spoke.binding.way
            edited = any(
                each.to_spoke and each.name in link.baseline
                and form_of(hub.values.get(each.name)) != _form(link.baseline[each.name][1])
                for each in fields_of(spoke.binding, hub.item)
            )  # fmt: skip
            after = after_deletion(
                way.deleted_spoke, edited=edited, wins=self._wins(spoke.binding, "spoke"), shared=spoke.shared
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

    # ------------------------------------------------------------ from the record into the folders

    def _names(self, binding: Binding, hub: Hub) -> bool:
        if hub.hidden or (hub.record is None and hub.context is None):
            return False
        if hub.record is not None:
            return self.filters.names_row(binding, hub.record)
        return hub.context is not None and self.filters.names_item(binding, hub.context)

    def _standing(self, hub: Hub, spoke: Spoke, done: Settled) -> None:
        link, binding = spoke.link, spoke.binding
        if spoke.skipped:
            if link is not None:
                done.dropped.append(link)  # no sync takes it, and none takes it away
            return
        if spoke.held or spoke.frozen:
            return
        if link is not None and link.state in (MAKING, AGAIN):
            if link.state == MAKING:
                done.links.append(Linking(replace(link, state=AGAIN)))
            return
        names = self._names(binding, hub)
        step = step_of(
            linked=True,
            unlinked=link is not None and link.state == UNLINKED,
            matches=names,
            made=link is not None and link.made,
            remove=binding.way.removes and binding.way.into_spoke is not None,
        )
        match step:
            case Step.FLOW | Step.STAY:
                self._flow(hub, spoke, done, to_spoke=step is Step.FLOW)
            case Step.REMOVE:
                assert link is not None
                heir = next((b for b in self.bindings(hub) if b is not binding and _where(b) == _where(binding)
                             and self._names(b, hub)), None)  # fmt: skip
                if heir is not None:
                    done.links.append(Linking(replace(link, sync=heir.way.name, user=heir.user)))
                else:
                    self._flow(hub, spoke, done, to_spoke=False)
                    self._remove(hub, spoke, link, done, "it left the filter")
            case Step.RELEASE:
                assert link is not None
                done.dropped.append(link)
            case _:
                return

    def _flow(self, hub: Hub, spoke: Spoke, done: Settled, *, to_spoke: bool) -> None:
        """What changed crosses into the folder, and what both say is remembered."""
        binding, link, item = spoke.binding, spoke.link, spoke.item
        if hub.hidden:
            return
        if item is None:
            if link is None or spoke.ref in self.unavailable or (not to_spoke and not done.hub):
                return
            if self._quiet(hub, binding, link):
                return
            done.wanted.add(spoke.ref)
            return
        members = fields_of(binding, item, hub.item)
        fields = rules_of(members, self.spell, self.limits(binding), to_spoke=to_spoke, to_hub=False)
        ours = says(item, members)
        rule = self._winner(binding, item, hub, {})

        def winner(name: str) -> Winner:
            # Another item's change stands in the record by now: between items, as they were folded into it, it has won.
            return "right" if name in done.hub and rule(name) == "left" else rule(name)

        merge = compare(fields, _agreed(link), ours, hub.values, winner)
        for conflict in merge.conflicts:
            if conflict.winner == "":
                done.held.append(unsure(spoke, hub, conflict))
            elif conflict.winner == "right" and to_spoke:
                done.told.append(lost(spoke, hub, conflict))
        link = link or LinkRow(binding.way.name, binding.user, spoke.ref, hub.key, made_hub=hub.new)
        settled = {name for name in done.hub if form_of(ours.get(name)) == form_of(hub.values.get(name))}
        if hub.new:
            settled |= {each.name for each in members} - merge.left.keys()
        linking = Linking(link, ours, settled, {name: tuple(forms) for name, forms in merge.agreed.items()})
        if settled or merge.agreed or spoke.link is None or link is not spoke.link:
            done.links.append(linking)
        if merge.left:
            done.writes.append(
                ItemWrite(
                    "update", "spoke", binding, spoke.ref, link, dict(merge.left), dict(hub.values),
                    {name: form_of(ours.get(name)) for name in merge.left},
                    {name: form_of(hub.values.get(name)) for name in merge.left}, item=item,
                )
            )  # fmt: skip

    @staticmethod
    def _quiet(hub: Hub, binding: Binding, link: LinkRow) -> bool:
        """Whether the record says nothing that the item does not hold."""
        for each in fields_of(binding, hub.item):
            before = link.baseline.get(each.name)
            now = form_of(hub.values.get(each.name))
            if each.to_spoke and now != (_form(before[1]) if before is not None else None):
                return False
        return True

    def _remove(self, hub: Hub, spoke: Spoke, link: LinkRow, done: Settled, why: str) -> None:
        deletion = Deletion("spoke", spoke.binding, spoke.ref, hub.key)
        done.deletions.append(deletion)
        if self.allowed(deletion):
            done.writes.append(
                ItemWrite("remove", "spoke", spoke.binding, spoke.ref, link, item=spoke.item, why=why,
                          expect={name: forms[0] for name, forms in link.baseline.items()})
            )  # fmt: skip

    def _add(self, hub: Hub, binding: Binding, done: Settled) -> bool:
        """An item for a record that a filter names: one that is there already and matches, else a new one."""
        if not self.adding(binding) or not self._names(binding, hub):
            return False
        ref = self.find(binding, hub, done)
        if done.wanted_keys:
            return False
        if ref is not None:
            if ref in self.unavailable:
                return True
            spoke = self.spoke(binding, ref)
            if spoke.item is None:
                done.wanted.add(ref)
            elif not spoke.skipped and not spoke.held:
                self._flow(hub, spoke, done, to_spoke=True)
            return True
        members = fields_of(binding, hub.item)
        values = {
            each.name: value for each in members if each.to_spoke and _something(value := hub.values.get(each.name))
        }
        values |= self.filters.fill_spoke(binding, hub.record, hub.context)
        link = LinkRow(binding.way.name, binding.user, ItemRef(binding.spoke.mailbox, binding.spoke.folder, ""),
                       hub.key, MAKING, made=True)  # fmt: skip
        other = {each.name: form_of(hub.values.get(each.name)) for each in members}
        done.writes.append(
            ItemWrite("create", "spoke", binding, link.ref, link, values, dict(hub.values), {}, other)
        )  # fmt: skip
        return True


def _where(binding: Binding) -> tuple[Place, str, Place | None]:
    """Two syncs with the same of these put the same records into the same folder."""
    return binding.spoke, binding.way.hub.entity, binding.hub


def _something(value: RecordValue) -> bool:
    return form_of(value) is not None


def _form(form: Form) -> Form:
    return list(form) if isinstance(form, tuple) else form


def _agreed(link: LinkRow | None) -> Mapping[str, Agreed]:
    if link is None:
        return {}
    return {name: Agreed(_form(one), _form(other)) for name, (one, other) in link.baseline.items()}


def _when(spoke: Spoke) -> tuple[bool, str]:
    item = spoke.item
    moment = moment_of(item) if item is not None else None
    return moment is not None, moment.isoformat() if moment is not None else ""
