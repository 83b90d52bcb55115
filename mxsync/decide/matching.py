"""Records and keys put together: each once, in order."""

from __future__ import annotations

from collections.abc import Iterable

from mxsync.model.record import Record, RecordKey


def unique(records: Iterable[Record]) -> tuple[Record, ...]:
    """Each record once, in the order of their first appearance."""
    found = tuple(records)
    return found if len(found) < 2 else tuple({record.key: record for record in found}.values())


def combined(keys: list[frozenset[str | RecordKey]]) -> list[tuple[str | RecordKey, ...]]:
    """Every choice of one key a field: a field with several values (a list of addresses) is found by each of them."""
    combined: list[tuple[str | RecordKey, ...]] = [()]
    for each in keys:
        combined = [(*before, key) for before in combined for key in sorted(each, key=str)]
    return combined
