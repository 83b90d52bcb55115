"""The CRM side as the rules see it: entities mapped onto tables, records read through them, and look-ups.

`Entity` is what an `entity` statement says once it is resolved. `Lookup` is one question the rules may ask of
the tables; questions are values, so that those of a whole page of items are answered with one query an entity.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field
from datetime import datetime
from enum import Enum
from typing import NamedTuple, Protocol, TypeAlias

from mxsync.model.item import Kind, Scalar, Value
from mxsync.model.values import value


class Direction(Enum):
    """Which way a mapped field flows."""

    BOTH = "<->"
    TO_TABLE = "->"
    TO_ITEM = "<-"
    ROW_ONLY = "="


@value(frozen=True, slots=True)
class Converter:
    """How a column's values are written: `as phone`, `as local 'Zone'`, `as (low = 1, …)`.

    `name` is one of phone, date, utc, local, text, html, number, coded; `zone` belongs to local,
    `codes` (rule-side value to column value, in their order) to coded.
    """

    name: str
    zone: str = ""
    codes: tuple[tuple[str, Scalar], ...] = ()


@value(frozen=True, slots=True)
class FieldMap:
    """One line of an `entity`: a field of the entity and the column, or columns, that hold it.

    `name` is the path as written ('email', 'sender.address', 'custom.SerialNo'). More than one column makes a
    list spread over them. `references` names the entity that a foreign key points to.
    """

    name: str
    columns: tuple[str, ...]
    direction: Direction = Direction.ROW_ONLY
    converter: Converter | None = None
    references: str = ""


@value(frozen=True, slots=True)
class LinkTable:
    """`links to TARGET through TABLE (own_column, target_column)`."""

    target: str
    table: str
    own_column: str
    target_column: str


@value(frozen=True, slots=True)
class Entity:
    """An entity resolved. `table` is as written, a schema before a dot ('dbo.Order Details').

    `part` is 'contact', 'company' or 'user' when the entity plays that part in the rules, else ''.
    `kind` is the item kind that it stands for, None for rows only. `where` holds (column, value) pairs that
    select its rows and fill a new one; `fill` those that only fill a new one.
    """

    name: str
    table: str
    key: tuple[str, ...]
    fields: Mapping[str, FieldMap]
    kind: Kind | None = None
    part: str = ""
    item_class: str = ""
    modified: str = ""
    matched_by: tuple[tuple[str, ...], ...] = ()
    links: tuple[LinkTable, ...] = ()
    where: tuple[tuple[str, Scalar], ...] = ()
    fill: tuple[tuple[str, Scalar], ...] = ()

    def link_to(self, target: str) -> LinkTable | None:
        """The link table that leads to `target`, if this entity has one."""
        return next((link for link in self.links if link.target == target), None)

    def reference_to(self, target: str) -> FieldMap | None:
        """The foreign key that leads to `target`, if this entity has one."""
        return next((f for f in self.fields.values() if f.references == target), None)


@value(frozen=True, slots=True)
class Planned:
    """The key of a row that is decided but not yet written; `number` is unique within a page."""

    number: int

    def __hash__(self) -> int:
        return hash(self.number)


KeyValue: TypeAlias = "int | str | tuple[int | str, ...] | Planned"


@value(frozen=True, slots=True)
class RecordKey:
    """A row, by its entity and its key."""

    entity: str
    value: KeyValue

    def __hash__(self) -> int:
        # Keys are hashed more often than anything else is done: rows of two entities seldom meet in one table, and a
        # planned one is not asked for its own hash, which would be a call more.
        value = self.value
        return hash(value.number) if type(value) is Planned else hash(value)

    @property
    def planned(self) -> bool:
        """Whether the row is still to be written."""
        return type(self.value) is Planned


RecordValue: TypeAlias = "Value | RecordKey"


@value(frozen=True, slots=True)
class Origin:
    """What mxsync wrote last into a field, where it read it ('signature, line 12', 'header', 'item', 'rule'), and the
    date of the item that said so; None where that is not known."""

    value: RecordValue
    source: str
    moment: datetime | None = None


@value(frozen=True, slots=True)
class RowMemory:
    """What is remembered of a row: field to where mxsync wrote it from; and what was proposed about it, by
    `mxsync.model.effect.Propose.keys`, with whether that still waits for a person."""

    origins: Mapping[str, Origin] = field(default_factory=dict)
    proposed: Mapping[str, bool] = field(default_factory=dict)


@value(frozen=True, slots=True)
class Record:
    """A row read through its entity: field name to value in the rules' own form.

    A list spread over columns is a tuple of what is there; a foreign key is a `RecordKey` or None; a coded value
    is the rule-side text. `memory` is given in the answer to `Remembered` alone.
    """

    key: RecordKey
    values: Mapping[str, RecordValue] = field(default_factory=dict)
    memory: RowMemory | None = None


class Find(NamedTuple):
    """Records of `entity` whose `fields` all have these `keys` (normal forms, `mxsync.model.normal`).

    An e-mail field is asked by `address_key` (any of its columns, plus tags left out), a foreign key field by the
    referenced `RecordKey`, everything else by `value_key`.
    """

    entity: str
    fields: tuple[str, ...]
    keys: tuple[str | RecordKey, ...]


class Get(NamedTuple):
    """The record with this key."""

    key: RecordKey


class Linked(NamedTuple):
    """Records of `entity` that are linked to `to`: through a link table of either side, or by a foreign key of either."""

    entity: str
    to: RecordKey


@value(frozen=True, slots=True)
class Remembered:
    """What mxsync wrote into this row and proposed about it. Answered from the tracking tables, for the few rows that
    an item would change."""

    key: RecordKey


Lookup: TypeAlias = Find | Get | Linked | Remembered
"""Tuples, which are hashed and compared without a call: a page asks tens of thousands of them. Of different lengths,
so that questions of two kinds are never equal."""


class CrmView(Protocol):
    """What the rules may look up. A question whose answer is not there yet is answered with nothing and kept in
    `missing`; the caller has those answered, all at once, and decides again."""

    @property
    def missing(self) -> Collection[Lookup]: ...

    def ask(self, lookup: Lookup) -> tuple[Record, ...]: ...
