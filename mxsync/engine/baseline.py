"""A row's columns as they were when item and row last agreed: what tells a person's edit from our own writing."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from mxsync.model.record import Entity, RecordKey
from mxsync.ports.tracking import AuditRow

TELLS = frozenset({"propose", "add item", "update item", "remove item", "conflict", "hold", "let go"})
"""What the account tells of a row without anything having been written into it."""
_LONGEST = 160
_MARK = "sha256:"
_AS_IT_IS = frozenset({type(None), int, float, bytes})
"""Types of which every value is kept as it is: columns of a row are asked for by the dozen."""


def remembered(value: object) -> Any:
    """A column's value as it is kept: a long text by its digest. Raises nothing."""
    if isinstance(value, str):
        if len(value) <= _LONGEST:
            return value
        return _MARK + hashlib.sha256(value.encode(errors="surrogatepass")).hexdigest()
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, RecordKey):
        return value.value
    return value


def same(kept: object, now: object) -> bool:
    """Whether a column still holds what was remembered of it, or would."""
    if isinstance(kept, str) and kept.startswith(_MARK):
        return bool(kept == remembered(now))
    left, right = remembered(kept), remembered(now)
    if left in (None, "") and right in (None, ""):
        return True
    return bool(left == right)


def baseline_of(columns: Mapping[str, object]) -> dict[str, Any]:
    """What is remembered of these columns."""
    return {
        name: value
        if (kind := type(value)) in _AS_IT_IS or (kind is str and len(value) <= _LONGEST)  # type: ignore[arg-type]
        else remembered(value)
        for name, value in columns.items()
    }


def baseline_like(
    columns: Mapping[str, object], written: Mapping[str, object], kept: Mapping[str, Any]
) -> dict[str, Any]:
    """The same of a row as it is read back, of which `kept` is remembered as it was `written`: a long text is compared
    sooner than it is digested once more."""
    return {
        name: value
        if (kind := type(value)) in _AS_IT_IS or (kind is str and len(value) <= _LONGEST)  # type: ignore[arg-type]
        else kept[name]
        if isinstance(value, str) and len(value) > _LONGEST and value == written.get(name)
        else remembered(value)
        for name, value in columns.items()
    }


def edited(baseline: Mapping[str, object], columns: Mapping[str, object]) -> bool:
    """Whether somebody else has changed a column that we wrote."""
    return any(not same(value, columns.get(name)) for name, value in baseline.items())


def written_by_us(account: Iterable[AuditRow]) -> tuple[dict[str, object], set[RecordKey]]:
    """What a row's columns held after the last of our writes, and the rows that we have linked with it."""
    state: dict[str, object] = {}
    linked: set[RecordKey] = set()
    for row in account:
        if row.action not in TELLS:
            state.update(row.after)
            linked |= set(row.links)
    return state, linked


def changed_by_others(
    entity: Entity, state: Mapping[str, object], linked: Collection[RecordKey], now: Mapping[str, object]
) -> str | None:
    """A column that holds something else now than what we have left in it; None when there is none. A reference that a
    link of ours has filled is our doing, and the time of the last change is nobody's."""
    refers = {f.columns[0]: f.references for f in entity.fields.values() if f.references}
    for column, value in state.items():
        if column == entity.modified or same(value, now.get(column)):
            continue
        if column in refers and RecordKey(refers[column], now.get(column)) in linked:  # type: ignore[arg-type]
            continue
        return column
    return None
