"""The tables and items as they would be, had mxsync never decided some of the items: what a replay decides on.

Nothing is undone anywhere. What the audit says was done is turned round and laid over the answers of the database, and
what a replayed decision plans is laid on top, so that each item sees what the items before it would have made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from mxsync.decide.page import Answer
from mxsync.decide.view import PageView
from mxsync.model.effect import Cause, CreateRow, DeleteRow, Effect, LinkRows, UpdateRow
from mxsync.model.item import Item, ItemRef
from mxsync.model.outcome import Decision, Fate
from mxsync.model.record import (
    Entity,
    Find,
    Get,
    Linked,
    Lookup,
    Origin,
    Planned,
    Record,
    RecordKey,
    Remembered,
    RowMemory,
)
from mxsync.ports.database import Database
from mxsync.ports.tracking import AuditRow, Intent

History = Callable[[RecordKey], Sequence[AuditRow]]
_NEW = "\x00new "
_NOBODY = ItemRef("", "", "")


class Hindsight:
    """Answers look-ups as they would have been answered. `hidden` are the rows that would not be there, so that an item
    is not taken for stored already."""

    def __init__(self, entities: Mapping[str, Entity], database: Database, answer: Answer, history: History) -> None:
        self._entities = entities
        self._database = database
        self._answer = answer
        self._history = history
        self._taken: set[tuple[str, str]] = set()
        self._view = _Past(entities)
        self._apart: set[tuple[RecordKey, RecordKey]] = set()
        self._number = 0
        self.hidden: set[RecordKey] = set()

    # ------------------------------------------------------------ what is taken back

    def take_back(self, history: Iterable[AuditRow]) -> None:
        """Lays the opposite of what was done over the tables. `history` is oldest first."""
        effects: list[Effect] = []
        for row in reversed(list(history)):
            self._taken.add((row.ref.mailbox, row.ref.href))
            key, cause = row.row, Cause(row.rule, row.file, row.line)
            if key.entity not in self._entities:
                continue
            match row.action:
                case "create" | "save":
                    self.hidden.add(key)
                    effects.append(DeleteRow(cause, key))
                case "delete" | "withdraw" if row.before is not None:
                    effects.append(CreateRow(cause, key, self._values(key, row.before.columns)))
                case "update" if row.before is not None:
                    effects.append(UpdateRow(cause, key, self._values(key, row.before.columns)))
                case _:
                    pass
            for other in row.links:
                effects += self._parted(cause, key, other)
        self._view.apply(Decision(_NOBODY, Fate.APPLIED, tuple(effects)))

    def _values(self, key: RecordKey, columns: Mapping[str, object]) -> Mapping[str, Any]:
        return self._database.read_back(key.entity, columns)

    def _parted(self, cause: Cause, one: RecordKey, other: RecordKey) -> Iterable[Effect]:
        self._apart |= {(one, other), (other, one)}
        for left, right in ((one, other), (other, one)):
            entity = self._entities.get(left.entity)
            reference = entity.reference_to(right.entity) if entity is not None else None
            if entity is not None and reference is not None and entity.link_to(right.entity) is None:
                yield UpdateRow(cause, left, {reference.name: None})

    # ------------------------------------------------------------ what is asked

    def answer(self, lookups: Collection[Lookup]) -> Mapping[Lookup, tuple[Record, ...]]:
        """As the database's own, for the rules' questions."""
        view = self._view
        view.want(lookups)
        while True:
            if view.missing:
                real = [lookup for lookup in view.missing if not _of_replay(lookup)]
                asked = [lookup for lookup in real if not isinstance(lookup, Remembered)]
                told: dict[Lookup, tuple[Record, ...]] = {
                    each: self._memory(each) for each in real if isinstance(each, Remembered)
                }
                view.learn({**(self._answer(asked) if asked else {}), **told})
            found = {lookup: self._asked(lookup) for lookup in lookups}
            if not view.missing:
                return found

    def _memory(self, lookup: Remembered) -> tuple[Record, ...]:
        """What was written into a row for other items than those that are decided anew."""
        origins: dict[str, Origin] = {}
        for row in self._history(lookup.key):
            if (row.ref.mailbox, row.ref.href) not in self._taken and row.action != "propose":
                origins |= {name: Origin(value, source, row.moment) for name, (value, source) in row.values.items()}
        return (Record(lookup.key, {}, RowMemory(origins)),) if origins else ()

    def _asked(self, lookup: Lookup) -> tuple[Record, ...]:
        records = self._view.ask(lookup)
        if isinstance(lookup, Linked) and self._apart:
            return tuple(record for record in records if (record.key, lookup.to) not in self._apart)
        return records

    def linked(self, pairs: Collection[tuple[RecordKey, RecordKey]]) -> set[tuple[RecordKey, RecordKey]]:
        """Those of these pairs of rows that are linked already."""
        asked = {pair: Linked(pair[1].entity, pair[0]) for pair in pairs if not pair[0].planned}
        found = self.answer(tuple(asked.values())) if asked else {}
        return {pair for pair, lookup in asked.items() if any(r.key == pair[1] for r in found[lookup])}

    # ------------------------------------------------------------ what is planned

    def rename(self, decisions: Sequence[Decision]) -> list[Decision]:
        """A page's decisions with keys that stay valid after it: a row that would be new gets a key of its own, which
        no database knows."""
        names: dict[int, str] = {}
        return [
            replace(decision, effects=tuple(self._named(effect, names) for effect in decision.effects))
            for decision in decisions
        ]

    def show(self, decisions: Iterable[Decision]) -> None:
        """Shows what was planned to the pages after this one."""
        for decision in decisions:
            for pair in links_of(decision):
                self._apart -= {pair, (pair[1], pair[0])}
            self._view.apply(decision)
        self._view.forget()

    def _named(self, value: Any, names: dict[int, str]) -> Any:
        match value:
            case RecordKey(value=Planned(number=number)):
                if number not in names:
                    self._number += 1
                    names[number] = f"{_NEW}{self._number}"
                return RecordKey(value.entity, names[number])
            case tuple():
                return tuple(self._named(each, names) for each in value)
            case Mapping():
                return {name: self._named(each, names) for name, each in value.items()}
            case RecordKey() | Cause():
                return value
            case _ if is_dataclass(value) and not isinstance(value, type):
                return replace(
                    value, **{each.name: self._named(getattr(value, each.name), names) for each in fields(value)}
                )
            case _:
                return value


class _Past(PageView):
    """A view that lives longer than a page: what the database answered is asked anew for each."""

    def forget(self) -> None:
        """Keeps what is planned, and nothing that was answered."""
        self._answers.clear()
        self._rows.clear()


def is_new(key: RecordKey) -> bool:
    """Whether a row would be made by the replay."""
    return key.planned or (isinstance(key.value, str) and key.value.startswith(_NEW))


def _of_replay(lookup: Lookup) -> bool:
    match lookup:
        case Find():
            return any(isinstance(key, RecordKey) and is_new(key) for key in lookup.keys)
        case Get() | Remembered():
            return is_new(lookup.key)
        case _:
            return is_new(lookup.to)


def links_of(decision: Decision) -> list[tuple[RecordKey, RecordKey]]:
    """The pairs of rows that a decision links."""
    return [(effect.source, effect.target) for effect in decision.effects if isinstance(effect, LinkRows)]


def as_it_was(item: Item, intents: Sequence[Intent], came_from: ItemRef | None) -> Item:
    """The item without what rules have done to it since: categories that they set or took, flags, the folder that they
    moved it to. An attachment that was replaced by a link stays a link."""
    changed: dict[str, Any] = {}
    held = item.fields.get("categories")
    there = [str(each) for each in (held if isinstance(held, tuple) else (held,)) if each]
    for intent in reversed([each for each in intents if each.effect == "edit"]):
        added = {str(name).casefold() for name in _texts(intent.payload.get("add"))}
        there = [name for name in there if name.casefold() not in added]
        there += [str(name) for name in _texts(intent.payload.get("remove"))]
        changed["categories"] = tuple(there)
        if intent.payload.get("read"):
            changed["read"] = False
        if intent.payload.get("flag"):
            changed["flagged"] = False
    if not changed and came_from is None:
        return item
    return replace(item, ref=came_from or item.ref, fields={**item.fields, **changed} if changed else item.fields)


def _texts(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()
