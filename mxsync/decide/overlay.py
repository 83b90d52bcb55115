"""What is decided but not yet written, as look-ups see it: planned rows, planned links, changed values, rows that go.

Two layers use it: a page's view, which shows each item what the items before it have planned, and an item's own draft,
which shows a rule what the rules before it have planned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TypeAlias, assert_never

from mxsync.lang.compile_parts import email_field
from mxsync.model.item import Address, Scalar
from mxsync.model.normal import address_key, value_key
from mxsync.model.record import (
    Entity,
    Find,
    Get,
    Linked,
    Lookup,
    Origin,
    Record,
    RecordKey,
    RecordValue,
    Remembered,
    RowMemory,
)

Ask: TypeAlias = Callable[[Lookup], tuple[Record, ...]]


def field_keys(entity: Entity | None, name: str, value: RecordValue) -> frozenset[str | RecordKey]:
    """The normal forms under which a row is found by one of its fields."""
    email = name == "email" or (name.endswith("email") and name == email_field(entity))
    if not isinstance(value, tuple):
        if value is None:
            return _NONE
        key = _key(value, email)
        return frozenset((key,)) if key else _NONE
    return frozenset(_key(each, email) for each in value) - {""}


_NONE: frozenset[str | RecordKey] = frozenset()


def _key(value: Scalar | RecordKey, email: bool) -> str | RecordKey:
    if isinstance(value, RecordKey):
        return value
    if email and isinstance(value, (str, Address)):
        return address_key(value.address if isinstance(value, Address) else value)
    return value_key(value)


class Overlay:
    """Changes on top of what a database answers. `version` grows with each of them."""

    def __init__(self, entities: Mapping[str, Entity]) -> None:
        self._entities = entities
        self.version = 0
        self._rows: dict[RecordKey, dict[str, RecordValue]] = {}
        self._changed: dict[RecordKey, dict[str, RecordValue]] = {}
        self._gone: set[RecordKey] = set()
        # By (entity, field): only of fields that were ever asked for, since most never are (a body, a subject).
        self._by_key: dict[tuple[str, str], dict[str | RecordKey, dict[RecordKey, None]]] = {}
        self._asked: dict[str, list[str]] = {}
        # By the two entities, in the order planned; by row only of entities that were asked about together.
        self._pairs: dict[tuple[str, str], list[tuple[RecordKey, RecordKey]]] = {}
        self._links: dict[tuple[str, str], dict[RecordKey, dict[RecordKey, None]]] = {}
        self._normal: dict[tuple[RecordKey, str], frozenset[str | RecordKey]] = {}
        self._planned: set[str] = set()
        self._altered: set[str] = set()
        self._memories: dict[RecordKey, RowMemory] = {}
        self._references: dict[tuple[str, str], tuple[list[str], list[str]]] = {}

    @property
    def empty(self) -> bool:
        """Whether nothing is planned."""
        return self.version == 0

    def add_row(self, key: RecordKey, values: Mapping[str, RecordValue]) -> None:
        """A row that is planned."""
        self.version += 1
        self._rows[key] = dict(values)
        self._planned.add(key.entity)
        self._file(key, values)

    def change(self, key: RecordKey, values: Mapping[str, RecordValue]) -> None:
        """Values of a row that there is, or that is planned."""
        self.version += 1
        self._normal.clear()
        if key in self._rows:
            self._rows[key].update(values)
        else:
            self._changed.setdefault(key, {}).update(values)
            self._altered.add(key.entity)
        self._file(key, values)

    def link(self, one: RecordKey, other: RecordKey) -> None:
        """Two rows that will be linked."""
        self.version += 1
        self._pairs.setdefault(_both(one.entity, other.entity), []).append((one, other))
        for way, here, there in (((one.entity, other.entity), one, other), ((other.entity, one.entity), other, one)):
            known = self._links.get(way)
            if known is not None:
                known.setdefault(here, {})[there] = None

    def remove(self, key: RecordKey) -> None:
        """A row that will be gone."""
        self.version += 1
        self._gone.add(key)
        self._altered.add(key.entity)
        self._rows.pop(key, None)

    def remember(
        self, key: RecordKey, origins: Mapping[str, Origin], proposed: Mapping[str, bool] = MappingProxyType({})
    ) -> None:
        """Where fields of a row will have come from, and what will have been proposed about it."""
        if origins or proposed:
            self.version += 1
            self._memories[key] = _joined(self._memories.get(key), RowMemory(origins, proposed))

    def row(self, key: RecordKey) -> Record | None:
        """A planned row."""
        values = self._rows.get(key)
        return Record(key, values) if values is not None else None

    def _file(self, key: RecordKey, values: Mapping[str, RecordValue]) -> None:
        for name in self._asked.get(key.entity, ()):
            if name in values:
                self._place(key, name, values[name])

    def _place(self, key: RecordKey, name: str, value: RecordValue) -> None:
        table = self._by_key[key.entity, name]
        for each in field_keys(self._entities.get(key.entity), name, value):
            table.setdefault(each, {})[key] = None

    def _having(self, entity: str, name: str, key: str | RecordKey) -> Iterable[RecordKey]:
        """The planned or changed rows whose field has a normal form."""
        table = self._by_key.get((entity, name))
        if table is None:
            table = self._by_key[entity, name] = {}
            self._asked.setdefault(entity, []).append(name)
            for rows in (self._rows, self._changed):
                for row, values in rows.items():
                    if row.entity == entity and name in values:
                        self._place(row, name, values[name])
        return table.get(key, ())

    def leaves(self, lookup: Lookup) -> bool:
        """Whether nothing here can change the answer to a look-up: most are about rows that nothing is planned for."""
        if self.version == 0:
            return True
        if type(lookup) is Find:
            entity = lookup.entity
            if entity in self._altered:
                return False
            if entity not in self._planned:
                return True
            for place, name in enumerate(lookup.fields):
                table = self._by_key.get((entity, name))
                if self._having(entity, name, lookup.keys[place]) if table is None else lookup.keys[place] in table:
                    return False
            return True
        if type(lookup) is Remembered:
            return lookup.key not in self._memories
        return type(lookup) is Get and lookup.key not in self._rows and lookup.key.entity not in self._altered

    def merge(self, lookup: Lookup, base: tuple[Record, ...], ask: Ask) -> tuple[Record, ...]:
        """The answer to a look-up, given what lies beneath. `ask` answers further look-ups beneath."""
        match lookup:
            case Find():
                found = [*self._patched(base), *self._found(lookup, ask)]
                kept = [record for record in found if self._matches(record, lookup)]
            case Get():
                planned = self.row(lookup.key)
                kept = [planned] if planned else self._patched(base)
            case Linked():
                kept = [*self._patched(base), *self._linked(lookup, ask)]
            case Remembered():
                beneath = base[0].memory if base else None
                return (Record(lookup.key, {}, _joined(beneath, self._memories[lookup.key])),)
            case _:
                assert_never(lookup)
        return tuple({record.key: record for record in kept}.values())

    def _patched(self, records: Iterable[Record]) -> list[Record]:
        return [
            Record(record.key, {**record.values, **self._changed[record.key]})
            if record.key in self._changed
            else record
            for record in records
            if record.key not in self._gone
        ]

    def _found(self, lookup: Find, ask: Ask) -> list[Record]:
        keys: set[RecordKey] = set()
        for name, key in zip(lookup.fields, lookup.keys, strict=True):
            keys.update(self._having(lookup.entity, name, key))
        return self._records(sorted(keys, key=_in_order), ask)

    def _linked_with(self, key: RecordKey, entity: str) -> Iterable[RecordKey]:
        """The rows of an entity that will be linked to a row. Most links are never asked about."""
        way = (key.entity, entity)
        known = self._links.get(way)
        if known is None:
            known = self._links[way] = {}
            for pair in self._pairs.get(_both(*way), ()):
                for here, there in (pair, pair[::-1]):
                    if (here.entity, there.entity) == way:
                        known.setdefault(here, {})[there] = None
        return known.get(key, ())

    def _linked(self, lookup: Linked, ask: Ask) -> list[Record]:
        keys = list(self._linked_with(lookup.to, lookup.entity))
        here, there = self._entities.get(lookup.to.entity), self._entities.get(lookup.entity)
        if here is not None and there is not None:
            own = self._rows.get(lookup.to) or self._changed.get(lookup.to) or {}
            of_here, of_there = self._between(here, there)
            for name in of_here:
                value = own.get(name)
                if isinstance(value, RecordKey):
                    keys.append(value)
            for name in of_there:
                keys += self._having(there.name, name, lookup.to)
        return self._records(keys, ask)

    def _between(self, here: Entity, there: Entity) -> tuple[list[str], list[str]]:
        """The foreign keys of either entity that refer to the other."""
        found = self._references.get((here.name, there.name))
        if found is None:
            found = self._references[here.name, there.name] = (
                [field.name for field in here.fields.values() if field.references == there.name],
                [field.name for field in there.fields.values() if field.references == here.name],
            )
        return found

    def _records(self, keys: Iterable[RecordKey], ask: Ask) -> list[Record]:
        found: list[Record] = []
        for key in keys:
            planned = self.row(key)
            if planned is not None:
                found.append(planned)
            elif not key.planned and key not in self._gone:
                found += self._patched(ask(Get(key)))
        return found

    def _matches(self, record: Record, lookup: Find) -> bool:
        if record.key not in self._changed and record.key not in self._rows:
            return True
        return all(
            key in self._keys_of(record, lookup.entity, name)
            for name, key in zip(lookup.fields, lookup.keys, strict=True)
        )

    def _keys_of(self, record: Record, entity: str, name: str) -> frozenset[str | RecordKey]:
        """The normal forms of a field, worked out once: a card with thousands of addresses is asked for by each."""
        found = self._normal.get((record.key, name))
        if found is None:
            value = record.values.get(name)
            found = self._normal[record.key, name] = field_keys(self._entities.get(entity), name, value)
        return found


def _both(one: str, other: str) -> tuple[str, str]:
    """Two entities, whichever was named first."""
    return (one, other) if one < other else (other, one)


def _joined(beneath: RowMemory | None, above: RowMemory) -> RowMemory:
    if beneath is None:
        return above
    return RowMemory({**beneath.origins, **above.origins}, {**beneath.proposed, **above.proposed})


def _in_order(key: RecordKey) -> tuple[bool, str]:
    value = key.value
    return key.planned, f"{value:>20}" if isinstance(value, int) else str(value)
