"""A decided page written: rows, links and audit in the page's transaction, items as intents of the journal with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mxsync.decide.sync_fields import draft_of, item_says, row_values
from mxsync.engine.intents import ITEM, key_of
from mxsync.engine.row_merging import after_image
from mxsync.engine.syncing.cluster import Cluster, ItemWrite, Linking, Settled, Told
from mxsync.engine.syncing.echoes import is_settled
from mxsync.engine.syncing.job import Decided, Job
from mxsync.engine.syncing.owners import owners_of
from mxsync.engine.syncing.pairing import save_pairs
from mxsync.engine.syncing.places import Binding
from mxsync.engine.syncing.telling import VERBS, Telling, Written
from mxsync.engine.syncing.write_key import hub_text, item_text, key_of_write
from mxsync.engine.world import World
from mxsync.errors import BadContent
from mxsync.lang.compile import RulePlan
from mxsync.model.item import Draft, Item, ItemRef, Kind
from mxsync.model.record import RecordKey, RecordValue
from mxsync.ports.database import BeforeImage, Fitted
from mxsync.ports.links import MAKING, PAIRED, STANDING, LinkRow, WaitingRow
from mxsync.ports.tracking import Intent, Unit
from mxsync.reconcile.forms import form_of, is_empty


class PageWriter(Telling):
    """Writes one page. Raises `BadContent` when the database refuses the whole."""

    def __init__(
        self, world: World, plan: RulePlan, unit: Unit, decided: Decided, job: Job, run: Callable[[], int]
    ) -> None:
        super().__init__(plan, unit, decided, job.now)
        self._world = world
        self._places = job.bindings
        self._begin = run
        self._links: list[LinkRow] = []
        self._dropped: list[LinkRow] = list(decided.dropped)
        self._again: list[ItemRef] = []
        self._current: dict[RecordKey, BeforeImage] = {}
        """The rows that were written, as they are now."""

    def write(self) -> Written:
        """All of it. A page that comes to nothing leaves no trace of the pass."""
        if any(settled.acts for _, settled in self._decided.clusters) or self._decided.held:
            self.run = self._begin()
        clusters = self._rows()
        owners = owners_of(self._places, self._decided.filters)
        for cluster, settled in clusters:
            key = cluster.hub.key
            if isinstance(key, RecordKey) and (settled.hub or settled.make):
                self.done.rows[key] = is_settled(self._decided.filters, owners, cluster, settled)
            self._cluster(cluster, settled)
        tracking = self._unit.tracking
        tracking.drop_links([*self._dropped, *self._outlived()])
        tracking.save_links(self._links)
        save_pairs(self._unit, self._plan, self._links, self._current, self._decided.loaded.identity)
        self._number(tracking.journal_states([intent.key for intent in self.done.intents]))
        tracking.intend(self.done.intents, self.run)
        tracking.audit(self.audit)
        self.review()
        linked = {link.ref for link in self._links if link.state in STANDING}
        tracking.forget_keys([*linked, *(ref for ref, e in self._decided.loaded.events.items() if e != "changed")])
        for ref, keys in self._decided.keys.items():
            if ref not in linked:
                tracking.save_keys(ref, keys)
        self.put_aside()
        tracking.enqueue([WaitingRow(ref, "changed") for ref in self._again])
        return self.done

    # ------------------------------------------------------------ rows

    def _rows(self) -> list[tuple[Cluster, Settled]]:
        """Writes the rows of all clusters; gives back those whose values fitted, their hubs as they are now."""
        good: list[tuple[Cluster, Settled]] = []
        new: dict[str, list[tuple[Cluster, Settled, Fitted]]] = defaultdict(list)
        changed: dict[str, list[tuple[Cluster, Settled, Fitted]]] = defaultdict(list)
        for cluster, settled in self._decided.clusters:
            key = cluster.hub.key
            if not isinstance(key, RecordKey) or not (settled.hub or settled.make):
                good.append((cluster, settled))
                continue
            try:
                values = self._columns_of(cluster, settled)
                fitted = self._world.database.fit(key.entity, values, new=settled.make)
            except BadContent as error:
                if settled.by is not None:
                    self.done.aside.append((settled.by.ref, str(error)))
                continue
            good.append((cluster, settled))
            (new if settled.make else changed)[key.entity].append((cluster, settled, fitted))
        images = self._images(changed)
        for entity, rows in changed.items():
            self._unit.crm.update([(_value(c), fitted) for c, _, fitted in rows if fitted.columns], {})
            for cluster, settled, fitted in rows:
                if fitted.columns:
                    self.done.count(self.done.updated, entity)
                    self._tell_row(cluster, settled, "update", images.get(cluster.hub.key), fitted)  # type: ignore[arg-type]
        for entity, rows in new.items():
            keys = self._unit.crm.insert([fitted for *_, fitted in rows], {})
            for (cluster, settled, fitted), value in zip(rows, keys, strict=True):
                cluster.hub.key = RecordKey(entity, value)
                self.done.count(self.done.created, entity)
                self._tell_row(cluster, settled, "create", None, fitted)
        self._look_again(images)
        self._delete()
        self._read_back([c for rows in (*new.values(), *changed.values()) for c, *_ in rows])
        return good

    def _columns_of(self, cluster: Cluster, settled: Settled) -> dict[str, RecordValue]:
        """The values of a row: a contact's company is a reference, the rest are fields."""
        values = dict(settled.hub)
        if settled.make and cluster.hub.record is not None:
            values = {**values, **{n: v for n, v in cluster.hub.record.values.items() if n not in values}}
            values = {name: value for name, value in values.items() if not is_empty(value)}
        key = cluster.hub.key
        assert isinstance(key, RecordKey)
        entity = self._plan.entities[key.entity]
        parts = self._plan.parts
        if entity is parts.contact and "organisation" in values and "organisation" not in entity.fields:
            company = self._decided.filters.company_named(values.pop("organisation"))
            if company is not None and parts.contact_company:
                values[parts.contact_company] = company
        return values

    def _images(self, changed: Mapping[str, list[tuple[Cluster, Settled, Fitted]]]) -> Mapping[RecordKey, BeforeImage]:
        keys = [c.hub.key for rows in changed.values() for c, *_ in rows]
        rows = [key for key in keys if isinstance(key, RecordKey)]
        return self._unit.crm.before(rows, links=False) if rows else {}

    def _look_again(self, images: Mapping[RecordKey, BeforeImage]) -> None:
        """What the rows that were written hold now, for undo."""
        self._current.update(self._unit.crm.before({row.row for row in self.audit}, links=False) if self.audit else {})
        for number, row in enumerate(self.audit):
            if row.row in self._current:
                was = images[row.row].columns if row.row in images else None
                after = after_image(self._current[row.row].columns, was, row.before)
                self.audit[number] = replace(row, after=after)

    def _delete(self) -> None:
        gone: dict[RecordKey, tuple[Cluster, Settled]] = {}
        for cluster, settled in self._decided.clusters:
            if settled.delete is not None and isinstance(cluster.hub.key, RecordKey):
                gone[cluster.hub.key] = (cluster, settled)
        if not gone:
            return
        images = self._unit.crm.before(gone.keys(), links=True)
        standing = self._unit.tracking.pairs_of_rows(gone.keys())
        self._unit.crm.delete(gone.keys())
        for key, (_, settled) in gone.items():
            spoke = settled.delete
            assert spoke is not None
            self.done.count(self.done.deleted, key.entity)
            self._unit.tracking.drop_pairs([(spoke.ref, key)])
            told = Told("delete", spoke.binding, spoke.ref, key, lines=("the item was deleted",))
            self.audit.append(replace(self.told(told, before=images.get(key)), pairs=standing.get(key, ())))
            self.say(spoke.binding, f"table {key.entity}", f"delete {key.entity} {key.value}: its item was deleted")

    def _read_back(self, clusters: list[Cluster]) -> None:
        """Rows as the database holds them now: what it rounds or cuts is what is remembered."""
        keys = [cluster.hub.key for cluster in clusters if isinstance(cluster.hub.key, RecordKey)]
        found = self._unit.crm.read(keys) if keys else {}
        for cluster in clusters:
            key = cluster.hub.key
            if not isinstance(key, RecordKey) or key not in found:
                continue
            record = found[key]
            entity = self._plan.entities[key.entity]
            fields = next(b.way.fields for b in self._bindings(cluster) if b.way.entity is entity)
            values = row_values(record.values, fields)
            if any(each.company for each in fields):
                # Nothing where the text names no known company: so says the row, and the item keeps its text.
                values["organisation"] = self._decided.filters.company_name(record)
            cluster.hub.values, cluster.hub.record = values, record

    @staticmethod
    def _bindings(cluster: Cluster) -> list[Binding]:
        return [spoke.binding for spoke in cluster.spokes]

    def _tell_row(
        self, cluster: Cluster, settled: Settled, action: str, before: BeforeImage | None, fitted: Fitted
    ) -> None:
        spoke = settled.by
        key = cluster.hub.key
        assert spoke is not None and isinstance(key, RecordKey)
        if before is not None:
            before = BeforeImage(key, {name: before.columns.get(name) for name in fitted.columns})
        values = {n: v for n, v in settled.hub.items() if action == "update" or not is_empty(v)}
        told = Told(action, spoke.binding, spoke.ref, key, values, fitted.notes)
        self.audit.append(self.told(told, before=before))
        verb = f"add {key.entity}" if action == "create" else f"update {key.entity} {key.value}"
        self.say(spoke.binding, f"table {key.entity}", f"{verb}: {', '.join(sorted(values))}", values)

    # ------------------------------------------------------------ links and items

    def _cluster(self, cluster: Cluster, settled: Settled) -> None:
        hub = cluster.hub
        pending = (
            f"?{key_of('hub', *hub_text(hub.key), *(item_text(s.ref) for s in cluster.spokes))}" if hub.new else ""
        )
        if hub.new and isinstance(hub.key, ItemRef):
            hub.key = ItemRef(hub.key.mailbox, hub.key.folder, pending)
        self._dropped += settled.dropped
        for linking in settled.links:
            self._links.append(self._link(cluster, linking))
        for write in settled.writes:
            self._intend(cluster, write)
        for told in settled.told:
            self.audit.append(self.told(replace(told, hub=hub.key)))
        self._again += settled.again

    def _outlived(self) -> list[LinkRow]:
        """What is remembered of items that stood for nothing, and were found to match another record."""
        joined = {ref for _, settled in self._decided.clusters for ref in settled.joined}
        before = self._unit.tracking.links_of_items(joined) if joined else ()
        syncs = {(link.ref, link.sync, link.user) for link in self._links}
        return [each for each in before if each.state not in STANDING and (each.ref, each.sync, each.user) in syncs]

    def _link(self, cluster: Cluster, linking: Linking) -> LinkRow:
        hub = cluster.hub
        forms = {**linking.link.baseline, **linking.forms}
        row = isinstance(hub.key, RecordKey)
        for name in {*linking.settled, *(linking.forms if row else ())}:
            one, other = linking.values.get(name), hub.values.get(name)
            form = form_of(one)
            forms[name] = (form, form if type(one) is str and one == other else form_of(other))
        state = MAKING if hub.new and not row and linking.link.state == PAIRED else linking.link.state
        return replace(linking.link, hub=hub.key, baseline=forms, state=state)

    def _intend(self, cluster: Cluster, write: ItemWrite) -> None:
        hub, binding = cluster.hub, write.binding
        place = binding.spoke if write.side == "spoke" else binding.hub
        assert place is not None
        written = {**write.values}
        draft = draft_of(binding.way.kind, written, write.whole, write.item, _class_of(binding))
        row = isinstance(hub.key, RecordKey)
        other = {n: form_of(hub.values.get(n)) for n in write.other} if row else dict(write.other)
        said = repr(sorted(draft.fields.items())) if write.op == "update" else ""
        key = key_of_write(write.op, write.side, binding, write.ref, hub.key, said)
        link = replace(write.link, hub=hub.key)
        if write.op == "create" and write.side == "spoke":
            link = replace(link, ref=ItemRef(place.mailbox, place.folder, f"?{key}"))
            self._links.append(link)
        links: list[list[object]] = [[link.ref, link.hub, "spoke" if write.side == "spoke" else "hub", other]]
        if write.others:
            links = [[each.ref, hub.key, "hub", dict(forms)] for each, forms in write.others]
        ref = write.ref
        if write.op == "create":
            ref = link.ref if write.side == "spoke" or isinstance(hub.key, RecordKey) else hub.key
        payload: dict[str, object] = {
            "op": write.op,
            "sync": binding.way.name,
            "side": write.side,
            "kind": binding.way.kind.value,
            "folder": place.folder,
            "fields": dict(draft.fields),
            "custom": dict(draft.custom),
            "class": draft.item_class,
            "expect": dict(write.expect),
            "was": _was(draft, write.item),
            "links": links,
            "uid": str((write.whole.get("uid") or "") if not row else ""),
            "why": write.why,
            "follow": self._followed(binding, ref),
        }
        self.done.intents.append(Intent(key, ref, ITEM, payload))
        action = f"{VERBS[write.op]} item"
        told = Told(action, binding, ref, hub.key, dict(write.values), (write.why,) if write.why else ())
        self.audit.append(self.told(told))
        what = f"{VERBS[write.op]} {binding.way.kind.value}" + (f" {write.ref.href}" if write.op != "create" else "")
        names = ", ".join(sorted(write.values))
        self.say(binding, f"{place.mailbox}/{place.folder}", what + (f": {names or write.why}"), write.values)

    def _followed(self, binding: Binding, ref: ItemRef) -> bool:
        """Whether another sync looks at the item, which has to hear of it."""
        return any(
            each.way.name != binding.way.name
            and (each.spoke.holds(ref) or (each.hub is not None and each.hub.holds(ref)))
            for each in self._places
        )

    def _number(self, states: Mapping[str, str]) -> None:
        """An intent that was performed before, and is to be performed again, gets a key of its own; one that still
        waits is the same one."""
        fresh: list[Intent] = []
        for intent in self.done.intents:
            key, number = intent.key, 0
            state = states.get(key)
            while state == "performed":
                number += 1
                key = key_of(intent.key, str(number))
                state = self._unit.tracking.journal_states([key]).get(key)
            fresh.append(replace(intent, key=key))
        refused = self._unit.tracking.revive([intent.key for intent in fresh])
        self.done.intents = [replace(intent, refused=refused.get(intent.key, 0)) for intent in fresh]


def _was(draft: Draft, item: Item | None) -> dict[str, object]:
    """What an item says of the fields that are to be written, for undo."""
    names = (*draft.fields, *(f"custom.{name}" for name in draft.custom))
    return {name: item_says(item, name) for name in names} if item is not None else {}


def _value(cluster: Cluster) -> Any:
    key = cluster.hub.key
    assert isinstance(key, RecordKey)
    return key.value


def _class_of(binding: Binding) -> str:
    entity = binding.way.entity
    return entity.item_class if entity is not None and binding.way.kind is not Kind.MAIL else ""
