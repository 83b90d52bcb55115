"""Whose filter can name a record: an index by the field that tells each user's records apart, so that a changed row is
asked of one filter, not of all users'."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeAlias

from mxsync.engine.syncing.filters import Filters
from mxsync.engine.syncing.places import Binding
from mxsync.lang.compile_facts import Key
from mxsync.model.normal import text_key
from mxsync.model.record import Record, RecordKey

Owners: TypeAlias = Mapping[tuple[str, str], Mapping[Key, Sequence[Binding]]]
"""(entity, field) → value of the field → the bindings whose filter can name such a record. Bindings of filters without
such a part stand under ''."""


def owners_of(bindings: Collection[Binding], filters: Filters) -> Owners:
    """The index of the bindings whose folders take records of tables."""
    found: dict[tuple[str, str], dict[Key, list[Binding]]] = {}
    for binding in bindings:
        way = binding.way
        if way.entity is None or way.into_spoke is None:
            continue
        place = (way.entity.name, way.owner[0] if way.owner is not None else "")
        for key in filters.owned_by(binding) if way.owner is not None else ("",):
            found.setdefault(place, {}).setdefault(key, []).append(binding)
    return found


def owned(owners: Owners, record: Record | None, entity: str) -> Iterator[Binding]:
    """The bindings whose filter can name a record."""
    for (name, field), bindings in owners.items():
        if name != entity:
            continue
        if not field:
            yield from bindings.get("", ())
        elif record is not None:
            value = record.values.get(field)
            if isinstance(value, RecordKey):
                yield from bindings.get(value, ())
            elif not isinstance(value, tuple):
                yield from bindings.get(text_key(str(value or "")), ())
            else:
                every = (each for text in value for each in bindings.get(text_key(str(text)), ()))
                yield from {each.key: each for each in every}.values()
