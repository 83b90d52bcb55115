"""What was done, or would be done, to one item, in a form in which two decisions can be compared.

An act is named by what it does, with rows named by what they are matched by ('create contact jane@acme.example'), not
by their keys, which differ from run to run; its values are in their normal form.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from mxsync.engine.hindsight import is_new
from mxsync.engine.intents import DOCUMENT, EDIT, HOOK, NOTIFY
from mxsync.model.effect import (
    CallHook,
    Categorize,
    CopyItem,
    CreateRow,
    DeleteRow,
    FlagItem,
    HoldForReview,
    LinkRows,
    MarkRead,
    MoveItem,
    Notify,
    Propose,
    SaveAttachment,
    SaveItem,
    Uncategorize,
    UpdateRow,
    WithdrawRow,
)
from mxsync.model.item import Address, Attachment
from mxsync.model.normal import value_key
from mxsync.model.outcome import Decision, Fate
from mxsync.model.record import Entity, RecordKey, RecordValue
from mxsync.ports.tracking import AuditRow, Intent, ItemRow, PairRow

_LONGEST = 200  # characters, as the audit keeps them
_SKIPPED_BY = re.compile(r"rule `(.*)` says skip")


@dataclass(slots=True)
class Act:
    """One thing done. `values` are field to normal form; `rule` is '' where nothing tells it."""

    what: str
    rule: str
    values: dict[str, str] = field(default_factory=dict)


class Acts:
    """The acts of one item, by what they do."""

    def __init__(self, entities: Mapping[str, Entity], names: dict[RecordKey, str]) -> None:
        self._entities = entities
        self._names = names
        self._unnamed: Counter[str] = Counter()
        self.found: dict[str, Act] = {}

    def add(self, what: str, rule: str, values: Mapping[str, RecordValue] | None = None) -> None:
        """One act; said again, it only adds values."""
        act = self.found.setdefault(what, Act(what, rule))
        for name, value in (values or {}).items():
            text = self._text(value)
            if text:
                act.values[name] = text

    def name(self, key: RecordKey) -> str:
        """A row in words."""
        known = self._names.get(key)
        if known is not None:
            return known
        return f"new {key.entity}" if is_new(key) else f"{key.entity} {key.value}"

    def name_row(self, key: RecordKey, values: Mapping[str, RecordValue], *, own: bool) -> str:
        """Names a row that is made: by what it is matched by, else by its place among those of the item."""
        entity = self._entities.get(key.entity)
        label = ""
        for names in entity.matched_by if entity is not None and not own else ():
            texts = [self._text(values.get(name)) for name in names]
            if all(texts):
                label = f"{key.entity} {' '.join(texts)}"
                break
        if not label:
            self._unnamed[key.entity] += 1
            number = self._unnamed[key.entity]
            label = key.entity if own and number == 1 else f"{key.entity} no. {number} of the item"
        self._names[key] = label
        return label

    def has_field(self, key: RecordKey | None, name: str) -> bool:
        """Whether a row's entity has a field."""
        entity = self._entities.get(key.entity) if key is not None else None
        return entity is not None and name in entity.fields

    def _text(self, value: RecordValue) -> str:
        match value:
            case None:
                return ""
            case RecordKey():
                return self.name(value)
            case tuple():
                return "; ".join(filter(None, (self._text(each) for each in value[:20])))
            case str():
                return value_key(value[:_LONGEST].rstrip("…"))
            case Attachment() | Address():
                return value_key(value)
            case _:
                return value_key(value)


def remembered_acts(
    acts: Acts, row: ItemRow, history: Sequence[AuditRow], intents: Sequence[Intent], pairs: Sequence[PairRow]
) -> None:
    """What tracking remembers of an item's decisions."""
    if row.fate == Fate.SKIPPED.value:
        found = _SKIPPED_BY.match(row.reason)
        acts.add("skip", found[1] if found is not None else "")
    if row.fate == Fate.HELD.value:
        acts.add(f"hold for review: {row.reason}", "")
        return
    stood = {pair.row for pair in pairs}
    for done in history:
        rule, key = done.rule, done.row
        values = {name: value for name, (value, _) in done.values.items()}
        match done.action:
            case "create":
                acts.add(f"create {acts.name_row(key, values, own=False)}", rule, values)
            case "save":
                stood.discard(key)
                acts.add(f"save {acts.name_row(key, values, own=True)}", rule, values)
            case "update":
                verb = "save" if key in stood or f"save {acts.name(key)}" in acts.found else "set"
                stood.discard(key)
                acts.add(f"{verb} {acts.name(key)}", rule, values)
            case "propose":
                acts.add(f"propose about {acts.name(key)}", rule, values)
                continue
            case "delete" | "withdraw":
                acts.add(f"{done.action} {acts.name(key)}", rule)
            case _:
                pass
        for other in done.links:
            acts.add(f"link {acts.name(key)} to {acts.name(other)}", rule)
    for key in sorted(stood, key=str):
        acts.add(f"save {acts.name(key)}", "")
    for intent in intents:
        _intended(acts, intent)


def _intended(acts: Acts, intent: Intent) -> None:
    payload = intent.payload
    match intent.effect:
        case d if d == DOCUMENT:
            acts.add(f"store {payload['place']}", "")
        case d if d == NOTIFY:
            acts.add(f"notify {payload['address']}", "", {"text": str(payload.get("text", ""))})
        case d if d == HOOK:
            acts.add(f"call hook {payload['hook']}", str(payload.get("rule", "")))
        case d if d == EDIT:
            for name, verb in (("add", "categorize"), ("remove", "uncategorize"), ("copy", "copy to folder")):
                each = payload.get(name)
                for text in each if isinstance(each, tuple) else ():
                    acts.add(f"{verb} '{text}'", "")
            for name, words in (("read", "mark read"), ("flag", "flag")):
                if payload.get(name):
                    acts.add(words, "")
            if payload.get("move"):
                acts.add(f"move to folder '{payload['move']}'", "")
        case _:
            pass


def planned_acts(
    acts: Acts,
    decision: Decision,
    linked: Collection[tuple[RecordKey, RecordKey]],
    place: Callable[[SaveAttachment], tuple[str, bool]],
) -> None:
    """What a decision would do. `linked` are pairs of rows that are linked already; `place` says where an attachment
    belongs, and whether it would be stored there now: False where its content lies there already."""
    rule = next((step.rule.rule for step in reversed(decision.trace.steps) if step.fired), "")
    if decision.fate is Fate.SKIPPED:
        acts.add("skip", rule)
    if decision.fate is Fate.HELD:
        holder = next((e.cause.rule for e in decision.effects if isinstance(e, HoldForReview)), rule)
        acts.add(f"hold for review: {decision.reason}", holder)
        return
    for effect in decision.effects:
        name = effect.cause.rule
        match effect:
            case CreateRow():
                acts.add(f"create {acts.name_row(effect.key, effect.values, own=False)}", name, effect.values)
            case SaveItem():
                values = {**effect.values, **effect.assigned}
                if is_new(effect.key):
                    acts.add(f"save {acts.name_row(effect.key, values, own=True)}", name, values)
                else:
                    acts.add(f"save {acts.name(effect.key)}", name, effect.assigned)
            case UpdateRow():
                acts.add(f"set {acts.name(effect.key)}", name, effect.values)
            case LinkRows():
                if (effect.source, effect.target) not in linked:
                    acts.add(f"link {acts.name(effect.source)} to {acts.name(effect.target)}", name)
            case DeleteRow():
                acts.add(f"delete {acts.name(effect.key)}", name)
            case WithdrawRow():
                acts.add(f"withdraw {acts.name(effect.key)}", name)
            case SaveAttachment():
                where, new = place(effect)
                if new:
                    acts.add(f"store {where}", name)
                made = f"create {acts.name(effect.document)}" if effect.document is not None else ""
                if made in acts.found and acts.has_field(effect.document, "path"):
                    acts.add(made, name, {"path": where})
            case Categorize():
                acts.add(f"categorize '{effect.category}'", name)
            case Uncategorize():
                acts.add(f"uncategorize '{effect.category}'", name)
            case MoveItem():
                acts.add(f"move to folder '{effect.folder}'", name)
            case CopyItem():
                acts.add(f"copy to folder '{effect.folder}'", name)
            case MarkRead():
                acts.add("mark read", name)
            case FlagItem():
                acts.add("flag", name)
            case Notify():
                acts.add(f"notify {effect.address}", name, {"text": effect.text})
            case CallHook():
                acts.add(f"call hook {effect.hook}", name)
            case Propose():
                acts.add(f"propose about {acts.name(effect.about[0])}", name, effect.change)
            case _:
                pass
