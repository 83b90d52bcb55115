"""One cluster decided: first what the items say goes into the record, then what the record says goes into each folder
whose filter names it. Pure but for the filters, whose look-ups may have to be answered first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mxsync.decide.sync_fields import moment_of
from mxsync.engine.syncing.cluster import (
    Cluster,
    Hub,
    ItemWrite,
    Linking,
    Settled,
    Spoke,
    fields_of,
    rules_of,
    says,
)
from mxsync.engine.syncing.conflicts import lost, unsure
from mxsync.engine.syncing.copies import remember_copies, take_over
from mxsync.engine.syncing.making import make_record, maker_of
from mxsync.engine.syncing.parting import Parting, as_kept
from mxsync.engine.syncing.places import Binding
from mxsync.model.item import Item, ItemRef
from mxsync.model.record import Record, RecordValue
from mxsync.ports.links import AGAIN, MAKING, PAIRED, UNLINKED, LinkRow
from mxsync.reconcile.compare import Agreed, Winner, compare
from mxsync.reconcile.forms import form_of, is_empty
from mxsync.reconcile.membership import Step, step_of


@dataclass(slots=True)
class Settling(Parting):
    """What clusters of one page are decided with. `bindings` are those that may want a record; `adding` says whether a
    folder may get new items yet; `find` gives the item of a folder that matches a record and stands for nothing yet (or
    None)."""

    bindings: Callable[[Hub], Sequence[Binding]]
    limits: Callable[[Binding], Mapping[str, int]]
    adding: Callable[[Binding], bool]
    find: Callable[[Binding, Hub, Settled], ItemRef | None]

    def settle(self, cluster: Cluster) -> Settled:
        """What is to be done about it."""
        done = Settled()
        hub = cluster.hub
        if not hub.present and not hub.hidden:
            self.record_gone(cluster, done)
            return done
        done.came = not hub.new and any(each.comes for each in cluster.spokes)
        take_over(cluster, done, self.spoke, self.unavailable, self.spell)
        remember_copies(cluster, done)
        maker = maker_of(cluster)
        if maker is not None:
            make_record(cluster, maker, done)
            self._follow(hub, done.hub)
        else:
            if not hub.hidden:
                self._fold(cluster, done)
            if self.items_gone(cluster, done):
                return done
            for spoke in cluster.spokes:
                if spoke.here and not spoke.copy:
                    self._standing(hub, spoke, done)
        if not hub.hidden:
            known = {each.binding.where for each in cluster.spokes if each.here or each.link}
            for binding in self.bindings(hub):
                if binding.where not in known and self._add(hub, binding, done):
                    known.add(binding.where)
        return done

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
                done.let_go.append(spoke)  # but it is there, and no second one is put beside it
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
                heir = next((b for b in self.bindings(hub) if b is not binding and b.where == binding.where
                             and self._names(b, hub)), None)  # fmt: skip
                if heir is not None:
                    done.links.append(Linking(replace(link, sync=heir.way.name, user=heir.user)))
                else:
                    self._flow(hub, spoke, done, to_spoke=False)
                    self.remove(hub, spoke, link, done, "it left the filter")
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
        done.compared.append(spoke)
        for conflict in merge.conflicts:
            if conflict.winner == "":
                done.held.append(unsure(spoke, hub, conflict))
            elif conflict.winner == "right" and to_spoke:
                done.told.append(lost(spoke, hub, conflict))
        link = link or LinkRow(binding.way.name, binding.user, spoke.ref, hub.key, made_hub=hub.new)
        settled = {name for name in done.hub if form_of(ours.get(name)) == form_of(hub.values.get(name))}
        if hub.new and to_spoke:  # where the filter does not name it yet, what only the record says is still to come
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
            if each.to_spoke and now != (as_kept(before[1]) if before is not None else None):
                return False
        return True

    def _add(self, hub: Hub, binding: Binding, done: Settled) -> bool:
        """An item for a record that a filter names: one that is there already and matches, else a new one."""
        if not self.adding(binding) or not self._names(binding, hub):
            return False
        ref = self.find(binding, hub, done)
        if done.wanted_keys:
            return False
        if ref is not None:
            done.joined.append(ref)
            if ref in self.unavailable:
                return True
            spoke = self.spoke(binding, ref)
            if spoke.item is None:
                done.wanted.add(ref)
            elif not spoke.skipped and not spoke.held:
                self._flow(hub, spoke, done, to_spoke=True)
                if _says_more(hub, spoke):
                    done.again.append(ref)  # now that it stands for the record, that crosses where a filter takes it
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


def _something(value: RecordValue) -> bool:
    return form_of(value) is not None


def _says_more(hub: Hub, spoke: Spoke) -> bool:
    """Whether an item says something that its record does not."""
    if spoke.item is None:
        return False
    members = tuple(each for each in fields_of(spoke.binding, spoke.item, hub.item) if each.to_hub)
    ours = says(spoke.item, members)
    return any(not is_empty(value) and is_empty(hub.values.get(name)) for name, value in ours.items())


def _agreed(link: LinkRow | None) -> Mapping[str, Agreed]:
    if link is None:
        return {}
    return {name: Agreed(as_kept(one), as_kept(other)) for name, (one, other) in link.baseline.items()}


def _when(spoke: Spoke) -> tuple[bool, str]:
    item = spoke.item
    moment = moment_of(item) if item is not None else None
    return moment is not None, moment.isoformat() if moment is not None else ""
