"""What of the past can be chosen and taken back, and how the tracking tables tell of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from mxsync.model.item import ItemRef


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be undone: one of a run, a rule (by its name), an item (by the places where it lay). `runs` narrows
    a rule or an item to some runs; None for all."""

    run: int = 0
    rule: str = ""
    refs: tuple[ItemRef, ...] = ()
    runs: frozenset[int] | None = None

    def takes(self, run: int) -> bool:
        """Whether something that a run did is meant."""
        return self.runs is None or run in self.runs

    @property
    def words(self) -> str:
        """'run 5', "rule `Offers`", 'item anna@ours.example/Inbox/1.eml'."""
        if self.rule:
            return f"rule `{self.rule}`"
        if self.refs:
            return f"item {self.refs[-1].mailbox}/{self.refs[-1].href}"
        return f"run {self.run}"


@dataclass(frozen=True, slots=True)
class Effected:
    """One effect outside the database, as one item wanted it. `state`: intended, performed, failed, undone; `outcome`
    is what is known of it since it was performed. `number` is in the order of the wishes."""

    number: int
    key: str
    run: int
    ref: ItemRef
    effect: str
    payload: Mapping[str, Any]
    state: str
    outcome: Mapping[str, Any] = field(default_factory=dict)
    undone: int = 0


class UndoTables(Protocol):
    """The part of the tracking tables that undo uses, in one transaction. What is undone is left out by all but
    `undone_by`."""

    def effects(self, asked: Chosen) -> tuple[Effected, ...]:
        """What it intended outside the database, in order; of a rule also what other rules wanted of the same items."""

    def effects_of_keys(self, keys: Collection[str]) -> tuple[Effected, ...]:
        """Every wish for these effects: the same document may be wanted for several items."""

    def effects_of_items(self, refs: Collection[ItemRef]) -> tuple[Effected, ...]:
        """What was intended for these items, in order."""

    def undone_by(self, asked: Chosen) -> frozenset[int]:
        """The runs that have undone something of it."""

    def mark_undone(self, numbers: Collection[int], run: int) -> None:
        """These rows of the account were undone by a run."""

    def mark_effects_undone(self, effects: Collection[Effected], run: int) -> None:
        """So were these effects: their keys are given free, so that they may be wanted again."""

    def took_place(self, key: str, ref: ItemRef) -> None:
        """The item that an effect made lies there."""
