"""What names mean to every statement: entities with the types of their fields, parts, lists, hooks, zone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo

from mxsync.lang import ir
from mxsync.lang.declarations import Declarations
from mxsync.lang.features import Features
from mxsync.lang.source import Span
from mxsync.lang.types import COLUMN_TYPES, Place
from mxsync.lang.vocabulary import ENTITY_OF_KIND, PARTS
from mxsync.model.item import Kind
from mxsync.model.record import Entity, FieldMap
from mxsync.model.schema import TableInfo


@dataclass(slots=True)
class EntityInfo:
    """An entity as the checker knows it. `places` are its fields' types; `broken` when a line of it has an error, so
    that an unknown field may be that line's. `table` is the database's, None where it cannot be reached. `implicit`
    are fields that no line maps, named by their column in some rule."""

    entity: Entity
    places: dict[str, Place]
    file: str
    span: Span
    broken: bool = False
    table: TableInfo | None = None
    implicit: dict[str, FieldMap] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListInfo:
    """A list's values as they are written, as constants, and the digest of them."""

    values: tuple[str, ...]
    constants: tuple[ir.Expr, ...]
    digest: str


@dataclass(slots=True)
class Environment:
    """Everything that a statement may refer to."""

    declared: Declarations
    entities: dict[str, EntityInfo]
    lists: dict[str, ListInfo]
    hooks: frozenset[str]
    features: tuple[Features, ...]
    zone: tzinfo
    relay: bool = True
    """Whether there is one to notify through."""
    own: Mapping[Kind, str] = field(default_factory=dict)
    """From an item kind to the entity that its items are saved in."""
    touched_lists: set[str] = field(default_factory=set)
    """Lists that the statement at hand uses."""
    touched_columns: set[tuple[str, str]] = field(default_factory=set)
    """Implicit fields that the statement at hand uses."""

    def entity(self, name: str) -> EntityInfo | None:
        """The entity that the word means: of that name, or playing that part; None for an unknown one."""
        found = self.entities.get(name)
        if found is not None:
            return found
        if name in PARTS and name in self.declared.parts:
            return self.entities.get(self.declared.parts[name])
        while name in self.declared.retired:
            name = self.declared.retired[name]
        return self.entities.get(name)

    def silent(self, name: str) -> bool:
        """Whether an unknown name must not be reported: a fault that is reported already may be the cause."""
        return self.declared.incomplete or name in self.declared.poisoned

    def entity_words(self) -> list[str]:
        """All words that mean an entity."""
        return [*self.entities, *(part for part in PARTS if part in self.declared.parts)]

    def part(self, part: str) -> str:
        """The entity that plays a part, '' for none."""
        info = self.entity(part)
        return info.entity.name if info is not None and info.entity.part == part else ""

    def place(self, info: EntityInfo, name: str) -> tuple[str, Place] | None:
        """The field of that name, and its own name: a column of the table serves where no line maps it."""
        found = info.places.get(name)
        if found is not None:
            if name in info.implicit:
                self.touched_columns.add((info.entity.name, name))
            return name, found
        column = info.table.column(name) if info.table is not None else None
        if column is None:
            return None
        own = column.name.lower()
        if own not in info.places:
            info.implicit[own] = FieldMap(own, (column.name,))
            info.places[own] = Place(COLUMN_TYPES[column.type], column=True, text=own)
        elif own not in info.implicit:
            return None  # a line maps another column under that name
        self.touched_columns.add((info.entity.name, own))
        return own, info.places[own]

    def list_called(self, name: str) -> ListInfo | None:
        """The list of that name, noted as used."""
        found = self.lists.get(name)
        if found is not None:
            self.touched_lists.add(name)
        return found

    def find_own(self) -> Mapping[Kind, str]:
        """Which entity each kind's items are saved in: that of the part or the name, else the only one of the kind."""
        found: dict[Kind, str] = {}
        for kind in Kind:
            if kind is Kind.CONTACT and self.part("contact"):
                found[kind] = self.part("contact")
                continue
            named = self.entities.get(ENTITY_OF_KIND[kind])
            if named is not None and named.entity.kind is kind and not named.entity.item_class:
                found[kind] = named.entity.name
                continue
            others = self.standing_for(kind)
            if len(others) == 1:
                found[kind] = others[0]
        return found

    def standing_for(self, kind: Kind) -> list[str]:
        """The entities that stand for a kind, custom forms left out."""
        infos = (info.entity for info in self.entities.values())
        return [entity.name for entity in infos if entity.kind is kind and not entity.item_class]

    def resolved_entities(self) -> dict[str, Entity]:
        """The entities with the implicit fields that rules have used."""
        return {
            name: replace(info.entity, fields={**info.entity.fields, **info.implicit}) if info.implicit else info.entity
            for name, info in self.entities.items()
        }


def digest_of(parts: Iterable[object]) -> str:
    """A digest of values whose `repr` says all that they are."""
    sha = hashlib.sha256()
    for part in parts:
        sha.update(repr(part).encode("utf-8", "surrogatepass"))
        sha.update(b"\0")
    return sha.hexdigest()
