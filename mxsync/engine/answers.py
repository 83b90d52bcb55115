"""What a page of items asks: of the customer's tables, and of what is remembered of their rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from mxsync.decide.page import Answer
from mxsync.model.record import Lookup, Record, Remembered
from mxsync.ports.tracking import Unit


def answer_of(unit: Unit) -> Answer:
    """Answers look-ups within one transaction."""

    def answer(lookups: Collection[Lookup]) -> Mapping[Lookup, tuple[Record, ...]]:
        found = unit.crm.answer(lookups)
        asked = [lookup for lookup in lookups if type(lookup) is Remembered]
        if not asked:
            return found
        memories = unit.tracking.memories([lookup.key for lookup in asked])
        told: dict[Lookup, tuple[Record, ...]] = {
            lookup: (Record(lookup.key, {}, memories[lookup.key]),) for lookup in asked if lookup.key in memories
        }
        return {**found, **told}

    return answer
