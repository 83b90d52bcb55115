"""What one item says whatever the tables hold, worked out once however often the item is decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from mxsync.decide import people
from mxsync.decide.context import Organisation
from mxsync.decide.field_values import conversation_ids
from mxsync.decide.persons import everyone, external, people_of
from mxsync.lang.compile_facts import FactValue, Key, Slot
from mxsync.model.item import Address, Item, Value
from mxsync.model.record import RecordValue

if TYPE_CHECKING:
    from mxsync.extract.score import Score


class Foreseen(NamedTuple):
    """What was told of an item where it was read (`mxsync.decide.foresight`). `fields` are computed ones; `reading` is
    None where no rule seemed to want it. By the rules of the digest `plan`, `candidates` are the numbers of those that
    may match it when it is new, and `saved` is what it says for the fields of its own row, None where that is not
    known without the tables."""

    everyone: tuple[Address, ...]
    correspondents: tuple[Address, ...]
    conversation: tuple[str, ...]
    fields: Mapping[str, Value]
    reading: people.Reading | None
    plan: str
    candidates: tuple[int, ...]
    saved: Mapping[str, RecordValue] | None


class Gleaned:
    """Filled by `ItemFacts` as rules ask. An item whose look-ups are answered in two rounds is decided twice, and finds
    here what the first attempt has worked out. Valid for one item, one organisation and one plan; `fields` are the
    computed ones, `scores` those of people, the mappings by `Slot` hold stable slots only."""

    __slots__ = (
        "_conversation", "_correspondents", "_everyone", "_item", "_organisation", "_reading", "fields", "folded",
        "foreseen", "keys", "scores", "texts", "unread", "values",
    )  # fmt: skip

    def __init__(self, item: Item, organisation: Organisation, foreseen: Foreseen | None = None) -> None:
        self._item = item
        self.foreseen = foreseen
        self._organisation = organisation
        self._everyone = foreseen.everyone if foreseen else None
        self._correspondents = foreseen.correspondents if foreseen else None
        self._conversation = foreseen.conversation if foreseen else None
        self._reading = foreseen.reading if foreseen else None
        self.unread = self._reading is not None
        """Whether its text was read beforehand and nobody has asked for what it says."""
        self.fields: dict[str, Value] = dict(foreseen.fields) if foreseen else {}
        self.scores: dict[Address, Score] = {}
        self.values: dict[Slot, tuple[FactValue, ...]] = {}
        self.keys: dict[Slot, frozenset[Key]] = {}
        self.folded: dict[Slot, tuple[str, ...]] = {}
        self.texts: dict[Slot, tuple[str, ...]] = {}

    def told(self, plan: str, candidates: tuple[int, ...], saved: Mapping[str, RecordValue] | None) -> Foreseen:
        """What is to be known of the item elsewhere."""
        return Foreseen(
            self.everyone(), self.correspondents(), self.conversation_ids(), dict(self.fields), self._reading,
            plan, candidates, saved,
        )  # fmt: skip

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
        self.unread = False
        if self._reading is None:
            self._reading = people.read(self._item, self._organisation.region)
        return self._reading
