"""Look-ups answered from rows in memory, with the very semantics that databases give them: for the tests in the rule
language, and for tests of the rules' own machinery."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import assert_never

from mxsync.decide.overlay import field_keys
from mxsync.model.record import (
    Entity,
    Find,
    Get,
    KeyValue,
    Linked,
    Lookup,
    Record,
    RecordKey,
    RecordValue,
    Remembered,
    RowMemory,
)


class MemoryTables:
    """Rows and links of a handful of entities."""

    def __init__(self, entities: Mapping[str, Entity]) -> None:
        self.entities = entities
        self.rows: dict[RecordKey, Record] = {}
        self.links: set[frozenset[RecordKey]] = set()
        self.memories: dict[RecordKey, RowMemory] = {}

    def add(self, entity: str, values: Mapping[str, RecordValue], key: KeyValue | None = None) -> RecordKey:
        """A new row; without `key` it is numbered."""
        row = RecordKey(entity, key if key is not None else len(self.rows) + 1)
        self.rows[row] = Record(row, dict(values))
        return row

    def change(self, key: RecordKey, values: Mapping[str, RecordValue]) -> None:
        """Sets values of a row."""
        self.rows[key] = Record(key, {**self.rows[key].values, **values})

    def link(self, one: RecordKey, other: RecordKey) -> bool:
        """Links two rows: through a link table of either, else by a foreign key of either that is empty. False where
        nothing leads from one to the other."""
        here, there = self.entities[one.entity], self.entities[other.entity]
        if here.link_to(there.name) or there.link_to(here.name):
            self.links.add(frozenset((one, other)))
            return True
        for source, target in ((one, other), (other, one)):
            field = self.entities[source.entity].reference_to(target.entity)
            if field is not None:
                if self.rows[source].values.get(field.name) is None:
                    self.change(source, {field.name: target})
                return True
        return False

    def answer(self, lookups: Collection[Lookup]) -> Mapping[Lookup, tuple[Record, ...]]:
        """Every look-up's records, in the order of their keys."""
        return {lookup: self.ask(lookup) for lookup in lookups}

    @property
    def missing(self) -> Collection[Lookup]:
        """Nothing ever is: the tables are a `CrmView` themselves."""
        return ()

    def ask(self, lookup: Lookup) -> tuple[Record, ...]:
        """One look-up's records."""
        match lookup:
            case Find():
                return tuple(record for record in self.rows.values() if self._found(record, lookup))
            case Get():
                found = self.rows.get(lookup.key)
                return (found,) if found is not None else ()
            case Linked():
                return tuple(record for record in self.rows.values() if self._linked(record, lookup))
            case Remembered():
                memory = self.memories.get(lookup.key)
                return (Record(lookup.key, {}, memory),) if memory is not None else ()
            case _:
                assert_never(lookup)

    def _found(self, record: Record, lookup: Find) -> bool:
        if record.key.entity != lookup.entity:
            return False
        entity = self.entities[lookup.entity]
        return all(
            key in field_keys(entity, name, record.values.get(name))
            for name, key in zip(lookup.fields, lookup.keys, strict=True)
        )

    def _linked(self, record: Record, lookup: Linked) -> bool:
        if record.key.entity != lookup.entity:
            return False
        if frozenset((record.key, lookup.to)) in self.links:
            return True
        other = self.rows.get(lookup.to)
        return self._refers(record, lookup.to) or (other is not None and self._refers(other, record.key))

    def _refers(self, record: Record, to: RecordKey) -> bool:
        fields = self.entities[record.key.entity].fields.values()
        return any(f.references == to.entity and record.values.get(f.name) == to for f in fields)
