"""Whose filter can name a record: an index by the field that tells each user's records apart, so that a changed row is
asked of one filter, not of all users'."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from mxsync.engine.syncing.filters import Filters, user_owner
from mxsync.engine.syncing.places import Binding
from mxsync.model.record import RecordKey


def owners_of(
    bindings: Collection[Binding], filters: Filters
) -> Mapping[tuple[str, str], Mapping[RecordKey | None, Sequence[Binding]]]:
    """(entity, owner field) → the row of the user → the bindings whose filter can name a record of that owner. Bindings
    without such a field, or whose user has no row, stand under ''."""
    found: dict[tuple[str, str], dict[RecordKey | None, list[Binding]]] = {}
    for binding in bindings:
        if binding.way.entity is None or binding.way.into_spoke is None:
            continue
        entity = binding.way.entity.name
        name = user_owner(binding.way)
        key = filters.user_key(binding) if name else None
        place = (entity, name if key is not None else "")
        if name and key is None:
            continue  # nobody's record is theirs, as long as they have no row
        found.setdefault(place, {}).setdefault(key, []).append(binding)
    return found
