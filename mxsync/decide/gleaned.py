"""What one item says whatever the tables hold, worked out once however often the item is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mxsync.decide import people
from mxsync.decide.context import Organisation
from mxsync.decide.field_values import conversation_ids
from mxsync.decide.persons import everyone, external, people_of
from mxsync.lang.compile_facts import FactValue, Key, Slot
from mxsync.model.item import Address, Item, Value

if TYPE_CHECKING:
    from mxsync.extract.score import Score


class Gleaned:
    """Filled by `ItemFacts` as rules ask. An item whose look-ups are answered in two rounds is decided twice, and finds
    here what the first attempt has worked out. Valid for one item, one organisation and one plan; `fields` are the
    computed ones, `scores` those of people, the mappings by `Slot` hold stable slots only."""

    __slots__ = (
        "_conversation", "_correspondents", "_everyone", "_item", "_organisation", "_reading", "fields", "folded",
        "keys", "scores", "texts", "values",
    )  # fmt: skip

    def __init__(self, item: Item, organisation: Organisation) -> None:
        self._item = item
        self._organisation = organisation
        self._everyone: tuple[Address, ...] | None = None
        self._correspondents: tuple[Address, ...] | None = None
        self._conversation: tuple[str, ...] | None = None
        self._reading: people.Reading | None = None
        self.fields: dict[str, Value] = {}
        self.scores: dict[Address, Score] = {}
        self.values: dict[Slot, tuple[FactValue, ...]] = {}
        self.keys: dict[Slot, frozenset[Key]] = {}
        self.folded: dict[Slot, tuple[str, ...]] = {}
        self.texts: dict[Slot, tuple[str, ...]] = {}

    def everyone(self) -> tuple[Address, ...]:
        """All persons on the item."""
        if self._everyone is None:
            self._everyone = everyone(self._item)
        return self._everyone

    def correspondents(self) -> tuple[Address, ...]:
        """Those of them who are not our own people."""
        if self._correspondents is None:
            self._correspondents = external(self.everyone(), self._organisation)
        return self._correspondents

    def senders(self) -> tuple[Address, ...]:
        """Who wrote it and is not one of us."""
        return external(people_of(self._item.fields.get("sender")), self._organisation)

    def conversation_ids(self) -> tuple[str, ...]:
        """The Message-IDs that a mail answers."""
        if self._conversation is None:
            self._conversation = conversation_ids(self._item)
        return self._conversation

    def reading(self) -> people.Reading:
        """What the item's text says of its sender."""
        if self._reading is None:
            self._reading = people.read(self._item, self._organisation.region)
        return self._reading
