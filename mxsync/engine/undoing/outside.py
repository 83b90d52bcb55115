"""Effects outside the database turned round: changes of items, copies, documents, what syncs wrote into folders.

Each is taken back by an intent of the journal like any other, so that a crash loses none and repeats none; and an
intent of undo is turned round in the same way.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from mxsync.decide.sync_fields import item_says
from mxsync.engine import intents
from mxsync.engine.intents import key_of
from mxsync.engine.undoing.steps import Attached, EffectStep
from mxsync.engine.undoing.sync_items import SyncItems
from mxsync.engine.world import World
from mxsync.errors import MxsyncError
from mxsync.model.item import Attachment, Item, ItemRef
from mxsync.ports.connector import Fetched
from mxsync.ports.tracking import Intent, Unit
from mxsync.ports.undoing import Effected


class EffectsBack:
    """The steps for the effects of one undo, which has the number `run` ('' in a look ahead). `kept` are the places of
    documents whose rows stay."""

    def __init__(self, world: World, unit: Unit, run: int, rule: str, kept: Collection[str]) -> None:
        self._world, self._unit, self._run, self._rule, self._kept = world, unit, run, rule, kept
        self._syncs = SyncItems(world, unit, run)
        self._items: dict[ItemRef, Item | None] = {}

    def steps(self, effects: Sequence[Effected]) -> list[EffectStep]:
        """What is to be done, the latest first."""
        own = {effect.number for effect in effects}
        shared = self._unit.tracking.effects_of_keys({e.key for e in effects if e.effect == intents.DOCUMENT})
        others = {effect.key: effect.ref for effect in shared if effect.number not in own}
        found: list[EffectStep] = []
        for effect in reversed(effects):
            step = self._step(effect, own, others)
            if step is not None:
                found.append(step)
        return found

    def _step(self, effect: Effected, own: Collection[int], others: Mapping[str, ItemRef]) -> EffectStep | None:
        step = EffectStep(effect)
        if self._rule and self._rule not in self._rules(effect) and effect.effect != intents.ITEM:
            return None
        if effect.state != "performed":
            step.words = f"give up what was still to be done to {_shown(effect.ref)}"
            return step
        match effect.effect:
            case intents.DOCUMENT:
                self._document(step, others.get(effect.key))
            case intents.UNDOCUMENT:
                self._document_again(step)
            case intents.EDIT:
                self._edit(step, own)
            case intents.ITEM:
                self._syncs.turn(step, own)
            case intents.NOTIFY:
                step.note = f"the notification to {effect.payload.get('address')} cannot be taken back"
            case intents.HOOK:
                step.note = f"what hook {effect.payload.get('hook')} has done cannot be taken back"
            case _:
                step.note = f"`{effect.effect}` cannot be taken back"
        return step

    @staticmethod
    def _rules(effect: Effected) -> set[str]:
        payload = effect.payload
        named = {str(payload[name]) for name in ("rule",) if name in payload}
        if payload.get("sync"):
            named.add(f"sync {payload['sync']}")
        return named | {str(rule) for rule in dict(payload.get("by", {})).values()}

    # ------------------------------------------------------------ documents

    def _document(self, step: EffectStep, other: ItemRef | None) -> None:
        effect = step.effect
        digest, place = str(effect.payload["digest"]), str(effect.payload["place"])
        step.words = f"take the document {place} away"
        if not self._world.documents.holds(place, digest):
            step.words = ""  # it is gone, or another one by now
            return
        if other is not None:
            step.refused = f"the document {place} is of {_shown(other)} as well"
        elif place in self._kept:
            step.refused = f"the row of the document {place} stays"
        elif not self._has(effect.ref, digest):
            step.refused = f"the document {place} is the only copy: the item that it came from has it no more"
        step.intents = [self._intent(effect, intents.UNDOCUMENT, effect.ref, dict(effect.payload))]

    def _document_again(self, step: EffectStep) -> None:
        effect = step.effect
        digest, place = str(effect.payload["digest"]), str(effect.payload["place"])
        step.words = f"store the document {place} again"
        part = self._has(effect.ref, digest)
        mailbox = self._world.by_name().get(effect.ref.mailbox)
        if not part or mailbox is None:
            step.refused = f"the document {place} cannot be stored again: its item has it no more"
            return
        ref = self._where(effect) or effect.ref
        step.attached = Attached(mailbox.connector, ref, part, digest)
        step.intents = [self._intent(effect, intents.DOCUMENT, ref, {**effect.payload, "part": part})]

    def _has(self, ref: ItemRef, digest: str) -> str:
        """The part of an item that has this content, '' for none."""
        item = self._item(self._follow(ref) or ref)
        held = item.fields.get("attachments") if item is not None else None
        for each in held if isinstance(held, tuple) else (held,):
            if isinstance(each, Attachment) and each.sha256 == digest and not each.link:
                return each.part
        return ""

    # ------------------------------------------------------------ items

    def _edit(self, step: EffectStep, own: Collection[int]) -> None:
        effect, payload = step.effect, step.effect.payload
        by: Mapping[str, Any] = payload.get("by", {})
        was: Mapping[str, Any] = payload.get("was", {})
        ref = self._where(effect)

        def mine(what: str) -> bool:
            return not self._rule or by.get(what) == self._rule

        edit: dict[str, Any] = {}
        had = {str(each).casefold() for each in _tuple(was.get("categories"))}
        for name in _tuple(payload.get("add")):
            if mine(f"add {name}") and str(name).casefold() not in had:
                edit["remove"] = (*edit.get("remove", ()), name)
        for name in _tuple(payload.get("remove")):
            if mine(f"remove {name}") and str(name).casefold() in had:
                edit["add"] = (*edit.get("add", ()), name)
        for name in ("read", "flag"):
            if payload.get(name) and mine(name) and not was.get(name):
                edit["set"] = {**edit.get("set", {}), name: was.get(name) or ("" if name == "flag" else False)}
        for name in payload.get("set", {}):
            edit["set"] = {**edit.get("set", {}), name: was.get(name)}
        for link in payload.get("links", ()):
            if mine(f"link {link['part']}"):
                step.refused = (
                    f"an attachment of {_shown(ref or effect.ref)} was replaced by a shortcut to {link['place']}: "
                    "put the file back into the item first"
                )
        if payload.get("move") and mine("move"):
            edit["move"] = effect.ref.folder
            later = [e for e in self._unit.tracking.effects_of_items([ref] if ref else [])
                     if e.number > effect.number and e.number not in own and e.payload.get("move")]  # fmt: skip
            if ref is not None and (later or ref.folder.casefold() != str(payload["move"]).casefold()):
                step.refused = f"{_shown(ref)} was moved since"
        if edit and ref is None:
            step.words = f"nothing is left of {_shown(effect.ref)}"
        elif edit and ref is not None:
            turned = {f"add {n}": self._rule for n in edit.get("add", ())} if self._rule else {}
            step.words = f"change {_shown(ref)} back: {', '.join(_said(edit))}"
            body = {**edit, "undo": True, "was": self._now(ref), "by": turned}
            step.intents.append(self._intent(effect, intents.EDIT, ref, body))
        self._copies(step, mine)

    def _copies(self, step: EffectStep, mine: Any) -> None:
        effect = step.effect
        folders = _tuple(effect.payload.get("copy"))
        for folder, (ref, revision) in zip(folders, effect.outcome.get("copies", ()), strict=False):
            if not mine(f"copy {folder}"):
                continue
            item = self._item(ref)
            if item is None:
                continue
            step.words = "; ".join(filter(None, (step.words, f"remove the copy {_shown(ref)}")))
            if item.revision != revision:
                step.refused = step.refused or f"the copy {_shown(ref)} was changed since"
            body = {
                "op": "remove", "sync": "", "side": "spoke", "kind": item.kind.value, "folder": ref.folder,
                "fields": {}, "custom": {}, "class": "", "links": [], "undo": True, "why": "undone",
            }  # fmt: skip
            step.intents.append(self._intent(effect, intents.ITEM, ref, body, str(folder)))

    def _now(self, ref: ItemRef) -> dict[str, object]:
        item = self._item(ref)
        if item is None:
            return {}
        return {name: item_says(item, name) for name in ("categories", "read", "flag")}

    def _where(self, effect: Effected) -> ItemRef | None:
        """Where an item lies now; None when it is gone."""
        ref = effect.outcome.get("ref")
        return self._follow(ref if isinstance(ref, ItemRef) else effect.ref)

    def _follow(self, ref: ItemRef) -> ItemRef | None:
        tracking = self._unit.tracking
        if tracking.items([ref]):
            return ref if self._item(ref) is not None else None
        for row in tracking.history_of_item(ref):
            twins = tracking.items_by_identity(ref.mailbox, [row.identity]) if row.identity else {}
            for twin in twins.get(row.identity, ()):
                return twin.ref if self._item(twin.ref) is not None else None
        for effect in tracking.effects_of_items([ref]):
            moved = effect.outcome.get("ref")
            if isinstance(moved, ItemRef) and moved != ref and self._item(moved) is not None:
                return moved
        return None

    def _item(self, ref: ItemRef) -> Item | None:
        if ref not in self._items:
            mailbox = self._world.by_name().get(ref.mailbox)
            answer = None
            if mailbox is not None:
                try:
                    answer = next(iter(mailbox.connector.fetch([ref])), None)
                except MxsyncError:
                    answer = None
            self._items[ref] = answer.item if isinstance(answer, Fetched) else None
        return self._items[ref]

    def _intent(self, effect: Effected, kind: str, ref: ItemRef, payload: Mapping[str, Any], more: str = "") -> Intent:
        return Intent(key_of("undo", str(self._run), effect.key, str(effect.number), more), ref, kind, payload)


def _said(edit: Mapping[str, Any]) -> list[str]:
    found = [f"without category '{name}'" for name in edit.get("remove", ())]
    found += [f"with category '{name}'" for name in edit.get("add", ())]
    found += [f"{name} as it was" for name in edit.get("set", {})]
    return found + ([f"back to {edit['move']}"] if "move" in edit else [])


def _shown(ref: ItemRef) -> str:
    return f"{ref.mailbox}/{ref.href}" if ref.mailbox else ref.href


def _tuple(value: object) -> tuple[Any, ...]:
    if isinstance(value, tuple | list):
        return tuple(value)
    return () if value in (None, "") else (value,)
