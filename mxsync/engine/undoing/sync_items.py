"""What syncs wrote into folders, turned round: an item that was put there goes, one that was changed is changed back,
one that was removed comes again. Both sides are then remembered as they are, so that nothing is echoed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from mxsync.decide.sync_fields import item_says, row_values
from mxsync.decide.syncing import ways_of
from mxsync.engine.intents import ITEM, key_of
from mxsync.engine.syncing.places import Binding, bindings_of
from mxsync.engine.undoing.steps import EffectStep
from mxsync.engine.world import World
from mxsync.errors import MxsyncError
from mxsync.model.item import Item, ItemRef
from mxsync.model.record import RecordKey
from mxsync.ports.connector import Fetched, KeepsDeleted
from mxsync.ports.tracking import Intent, Unit
from mxsync.ports.undoing import Effected
from mxsync.reconcile.forms import form_of


class SyncItems:
    """Turns effects on items of syncs round, in one transaction's view. The rows have been put back before."""

    def __init__(self, world: World, unit: Unit, run: int) -> None:
        self._world, self._unit, self._run = world, unit, run
        self.bindings = bindings_of(world, ways_of(world.plan()))

    def turn(self, step: EffectStep, own: Collection[int]) -> None:
        """Fills in the intent, and why it may not be."""
        op = step.effect.payload["op"]
        ref = self._ref(step.effect)
        later = self._later(step.effect, ref, own)
        match op:
            case "create" | "restore":
                self._remove(step, ref, later)
            case "update":
                self._change(step, ref, later)
            case "remove":
                self._bring_back(step, ref)
            case _:
                step.note = f"`{op}` cannot be taken back"

    @staticmethod
    def _ref(effect: Effected) -> ItemRef:
        ref = effect.outcome.get("ref")
        return ref if isinstance(ref, ItemRef) else effect.ref

    def _later(self, effect: Effected, ref: ItemRef, own: Collection[int]) -> list[Effected]:
        """What syncs did to the item after that and is not part of what is undone."""
        known = self._unit.tracking.effects_of_items([ref])
        return [e for e in known if e.number > effect.number and e.number not in own and e.effect == ITEM]

    def _item(self, ref: ItemRef) -> Item | None:
        mailbox = self._world.by_name().get(ref.mailbox)
        try:
            answer = next(iter(mailbox.connector.fetch([ref])), None) if mailbox is not None else None
        except MxsyncError:
            return None
        return answer.item if isinstance(answer, Fetched) else None

    def _body(self, effect: Effected, op: str, **more: object) -> dict[str, Any]:
        kept = ("sync", "side", "kind", "folder", "class", "user")
        body = {name: effect.payload[name] for name in kept if name in effect.payload}
        return {**body, "fields": {}, "custom": {}, "op": op, "undo": True, "why": f"undone by run {self._run}",
                "links": [list(each) for each in effect.payload["links"]], **more}  # fmt: skip

    def _intent(self, effect: Effected, ref: ItemRef, body: Mapping[str, Any]) -> Intent:
        return Intent(key_of("undo", str(self._run), effect.key, str(effect.number)), ref, ITEM, body)

    def _links(self, effect: Effected, ref: ItemRef) -> list[list[Any]]:
        """The pairs of the effect, with the item where it lies now."""
        side = effect.payload["side"]
        return [
            [ref if side == "spoke" else one, other if isinstance(other, RecordKey) or side == "spoke" else ref, *rest]
            for one, other, *rest in effect.payload["links"]
        ]

    # ------------------------------------------------------------ an item that was put there

    def _remove(self, step: EffectStep, ref: ItemRef, later: Sequence[Effected]) -> None:
        effect = step.effect
        item = self._item(ref)
        if item is None:
            return
        step.words = f"remove {_shown(ref)}"
        known = [e.outcome.get("revision") for e in self._unit.tracking.effects_of_items([ref]) if e.effect == ITEM]
        if later:
            step.refused = f"{_shown(ref)} was changed by sync {later[-1].payload.get('sync')} in run {later[-1].run}"
        elif item.revision not in known[-1:]:
            step.refused = f"{_shown(ref)} was changed since by a person"
        links = self._links(effect, ref)
        body = self._body(effect, "remove", links=links, user=self._user(effect, links))
        step.intents = [self._intent(effect, ref, body)]

    # ------------------------------------------------------------ an item that was changed

    def _change(self, step: EffectStep, ref: ItemRef, later: Sequence[Effected]) -> None:
        effect, payload = step.effect, step.effect.payload
        item = self._item(ref)
        if item is None:
            return
        was: Mapping[str, Any] = payload.get("was", {})
        wrote = {**payload["fields"], **{f"custom.{name}": v for name, v in payload["custom"].items()}}
        back: dict[str, Any] = {}
        for name, value in wrote.items():
            if name not in was:
                continue
            now = form_of(item_says(item, name))
            if now == form_of(was[name]):
                continue
            back[name] = was[name]
            again = next((e for e in later if name in {**e.payload["fields"], **e.payload["custom"]}), None)
            if again is not None:
                by = f"sync {again.payload['sync']} in run {again.run}"
                step.refused = f"`{name}` of {_shown(ref)} was set again by {by}"
            elif now != form_of(value):
                step.refused = f"`{name}` of {_shown(ref)} was changed since by a person"
        if not back:
            return
        step.words = f"change {_shown(ref)} back: {', '.join(sorted(back))}"
        fields = {name: value for name, value in back.items() if not name.startswith("custom.")}
        custom = {name.removeprefix("custom."): value for name, value in back.items() if name.startswith("custom.")}
        body = self._body(
            effect, "update", fields=fields, custom=custom, links=self._forms(effect, ref, list(back)),
            expect={name: form_of(item_says(item, name)) for name in back},
            was={name: item_says(item, name) for name in back}, follow=False,
        )  # fmt: skip
        step.intents = [self._intent(effect, ref, body)]

    def _forms(self, effect: Effected, ref: ItemRef, names: Sequence[str]) -> list[list[object]]:
        """The pairs with what the other side says now: both are remembered as they are."""
        found: list[list[object]] = []
        for one, other, side, forms in self._links(effect, ref):
            assert isinstance(forms, Mapping)
            wanted = [name for name in forms if name.partition(".")[0] in {each.partition(".")[0] for each in names}]
            found.append([one, other, side, self._other(one, other, side, wanted)])
        return found

    def _other(self, ref: Any, hub: Any, side: Any, names: Sequence[str]) -> dict[str, object]:
        binding = self.binding(ref)
        if isinstance(hub, RecordKey) and side == "spoke" and binding is not None:
            record = self._unit.crm.read([hub]).get(hub)
            values = row_values(record.values, binding.way.fields) if record is not None else {}
            return {name: form_of(values.get(name)) for name in names if name in values}
        place = 1 if side == "spoke" else 0
        for link in self._unit.tracking.links_of_items([ref]):
            if link.hub == hub:
                return {name: link.baseline[name][place] for name in names if name in link.baseline}
        return {}

    def binding(self, ref: ItemRef, sync: str = "") -> Binding | None:
        """The sync in whose folder an item lies."""
        return next((b for b in self.bindings if b.spoke.holds(ref) and sync in ("", b.way.name)), None)

    def _user(self, effect: Effected, links: Sequence[Sequence[Any]]) -> str | None:
        if effect.payload.get("user") is not None:
            return str(effect.payload["user"])
        for ref, *_ in links:
            binding = self.binding(ref, str(effect.payload.get("sync", "")))
            if binding is not None:
                return binding.user
        return None

    # ------------------------------------------------------------ an item that was removed

    def _bring_back(self, step: EffectStep, ref: ItemRef) -> None:
        effect = step.effect
        mailbox = self._world.by_name().get(ref.mailbox)
        if self._item(ref) is not None:
            return
        step.words = f"bring {_shown(ref)} back"
        connector: object = mailbox.connector if mailbox is not None else None
        revision = str(effect.outcome.get("revision", ""))
        if not isinstance(connector, KeepsDeleted):
            step.refused = f"{_shown(ref)} cannot be brought back from here: take it from the mailbox's deleted items"
        elif not connector.recoverable(ref, revision):
            step.refused = f"{_shown(ref)} is no longer among the deleted items"
        links = self._links(effect, ref)
        user = self._user(effect, links)
        paired = bool(effect.payload.get("undo"))  # what undo had removed is in step again, the rest is let go of
        body = self._body(effect, "restore", revision=revision, user=user, paired=paired, links=links)
        step.intents = [self._intent(effect, ref, body)]


def _shown(ref: ItemRef) -> str:
    return f"{ref.mailbox}/{ref.href}"
