"""What a new row claims: the values by which others would find it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from itertools import product
from typing import TYPE_CHECKING, Any

from mxsync.decide.overlay import field_keys
from mxsync.model.record import Find, RecordKey

if TYPE_CHECKING:
    from mxsync.database.tables import MappedEntity


def claims_of(mapped: MappedEntity, row: Mapping[str, Any]) -> Iterator[Find]:
    """The look-ups that would find this row, by the first way of `matched by` for which it has values: the surest is
    the one that two writers of the same person share. `row` holds driver values by column."""
    for names in mapped.entity.matched_by:
        choices = []
        for name in names:
            field = mapped.fields.get(name)
            values = [field.read(row[c.name]) for c in field.columns if row.get(c.name) is not None] if field else []
            keys = {key for value in values for key in field_keys(mapped.entity, name, value) if key != ""}
            choices.append(sorted(keys, key=str))
        if all(choices):
            for keys_ in product(*choices):
                yield Find(mapped.entity.name, names, keys_)
            return


def claim_name(find: Find) -> str:
    """A claim's name, always 64 characters: a digest of entity, fields and normal forms."""
    parts = [find.entity, *find.fields, *(key.value if isinstance(key, RecordKey) else key for key in find.keys)]
    return hashlib.sha256("\x1f".join(map(str, parts)).encode(errors="surrogatepass")).hexdigest()
