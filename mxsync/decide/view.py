"""The tables as a page of items sees them: the answers given so far, under what the page has planned."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import assert_never

from mxsync.decide.overlay import Overlay
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
from mxsync.model.outcome import Decision, Fate
from mxsync.model.record import Entity, Find, Get, Linked, Lookup, Origin, Record, RecordKey, Remembered


class PageView:
    """A `CrmView` over answers. What is asked and not answered yet is kept in `missing`, in the order asked; `learn`
    adds answers; `apply` shows later items what a decision has planned."""

    def __init__(
        self, entities: Mapping[str, Entity], answers: Mapping[Lookup, tuple[Record, ...]] | None = None
    ) -> None:
        self._answers: dict[Lookup, tuple[Record, ...]] = dict(answers or {})
        self._rows: dict[RecordKey, Record] = {}
        self._missing: dict[Lookup, None] = {}
        self._overlay = Overlay(entities)
        self._keep(self._answers)

    @property
    def missing(self) -> Collection[Lookup]:
        """Look-ups that were answered with nothing because their answer is not known."""
        return self._missing.keys()

    def knows(self, lookup: Lookup) -> bool:
        """Whether a look-up can be answered."""
        return lookup in self._answers or _planned(lookup) or (isinstance(lookup, Get) and lookup.key in self._rows)

    def want(self, lookups: Collection[Lookup]) -> None:
        """Marks look-ups as missing, those that are not known."""
        missing = self._missing
        missing.update([
            (lookup, None) for lookup in lookups if lookup not in missing and not self.knows(lookup)
        ])  # fmt: skip

    def learn(self, answers: Mapping[Lookup, tuple[Record, ...]]) -> None:
        """Takes answers in; everything missing that they do not name counts as answered with nothing."""
        for lookup in self._missing:
            self._answers[lookup] = answers.get(lookup, ())
        self._answers.update(answers)
        self._keep(answers)
        self._missing.clear()

    def _keep(self, answers: Mapping[Lookup, tuple[Record, ...]]) -> None:
        # A record found by one question answers the one for it by its key.
        for records in answers.values():
            for record in records:
                if record.memory is None:
                    self._rows[record.key] = record

    def ask(self, lookup: Lookup) -> tuple[Record, ...]:
        """The records, with what the page has planned; nothing where the answer is not known yet."""
        base = self._answers.get(lookup)
        if base is None:
            base = self._beneath(lookup)
        return base if self._overlay.leaves(lookup) else self._overlay.merge(lookup, base, self._beneath)

    def _beneath(self, lookup: Lookup) -> tuple[Record, ...]:
        found = self._answers.get(lookup)
        if found is None:
            if isinstance(lookup, Get) and lookup.key in self._rows:
                return (self._rows[lookup.key],)
            if not _planned(lookup):
                self._missing[lookup] = None
            return ()
        return found

    def apply(self, decision: Decision) -> None:
        """Shows what a decision has planned to what is decided after it. What is held is not planned."""
        if decision.fate is Fate.HELD:
            return
        for key, origins in decision.confirmed.items():
            self._overlay.remember(key, origins)
        for effect in decision.effects:
            match effect:  # the most frequent first
                case LinkRows():
                    self._overlay.link(effect.source, effect.target)
                case SaveItem():
                    values = {**effect.values, **effect.assigned}
                    if effect.key.planned and self._overlay.row(effect.key) is None:
                        self._overlay.add_row(effect.key, values)
                    else:
                        self._overlay.change(effect.key, values)
                case CreateRow():
                    self._overlay.add_row(effect.key, effect.values)
                    self._overlay.remember(effect.key, _origins(effect))
                case UpdateRow():
                    self._overlay.change(effect.key, effect.values)
                    self._overlay.remember(effect.key, _origins(effect))
                case Propose():
                    self._overlay.remember(effect.about[0], {}, dict.fromkeys(effect.keys, True))
                case DeleteRow() | WithdrawRow():
                    self._overlay.remove(effect.key)
                case (
                    SaveAttachment() | Categorize() | Uncategorize() | MoveItem() | CopyItem() | MarkRead() | FlagItem()
                    | Notify() | CallHook() | HoldForReview()
                ):  # fmt: skip
                    pass
                case _:
                    assert_never(effect)


def _origins(effect: CreateRow | UpdateRow) -> dict[str, Origin]:
    """Where the fields that an effect writes come from, as later items of the page are to see it."""
    if effect.moment is None and isinstance(effect, CreateRow):
        return {}
    return {
        name: Origin(value, effect.sources.get(name, "rule"), effect.moment) for name, value in effect.values.items()
    }


def _planned(lookup: Lookup) -> bool:
    """Whether a look-up names a row that no database can know yet."""
    match lookup:
        case Find():
            for key in lookup.keys:  # noqa: SIM110 - asked of every look-up of a page, and a generator costs as much again
                if type(key) is RecordKey and key.planned:
                    return True
            return False
        case Get() | Remembered():
            return lookup.key.planned
        case Linked():
            return lookup.to.planned
        case _:
            assert_never(lookup)
