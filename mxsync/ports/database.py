"""The customer's tables as the engine works with them, inside one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Protocol

from mxsync.model.record import Entity, KeyValue, Lookup, Record, RecordKey, RecordValue
from mxsync.model.schema import Schema
from mxsync.model.values import value


@value(frozen=True, slots=True)
class Fitted:
    """A row as its columns will hold it: column to driver value, or to a `RecordKey` that is still planned.

    `notes` are sentences about what was cut or left out; `cut` are the fields whose text is shorter than it was.
    """

    entity: str
    columns: Mapping[str, object]
    notes: tuple[str, ...] = ()
    cut: frozenset[str] = field(default_factory=frozenset)


@value(frozen=True, slots=True)
class BeforeImage:
    """A row as it was before it was changed or deleted: every column of its table, and its link rows
    (table, own column's value, the other's)."""

    key: RecordKey
    columns: Mapping[str, object]
    links: tuple[tuple[str, Mapping[str, object]], ...] = ()


UNDO = "mxsync undo"
"""The writer by which the change log knows what undo has written."""


@value(frozen=True, slots=True)
class RowChange:
    """A row that was inserted, updated or deleted, by whomever. `keys` are the row's under each entity of its table
    (whose `where` it need not fulfil); `old` those before, where an update changed the key, else empty. `operation`:
    insert, update, delete. `ours` when mxsync wrote it, `undo` when it took something back; `by` is who was logged in, as
    far as the database says."""

    number: int
    table: str
    keys: tuple[RecordKey, ...]
    old: tuple[RecordKey, ...]
    operation: str
    at: datetime
    ours: bool
    by: str
    undo: bool = False


class PeopleInTables(Protocol):
    """A person in the customer's tables, for erasing. People are address keys."""

    def strike(self, people: Collection[str], phrases: Collection[str]) -> Mapping[str, int]:
        """Strikes addresses out of every text of the tables that the rules name, and phrases where an address stood
        beside them. Returns how many rows of each table were touched."""

    def remains(self, people: Collection[str]) -> Mapping[str, int]:
        """Where an address still stands, in any table but mxsync's own: 'Table.Column' to rows."""

    def unrefer(self, entity: str, keys: Collection[KeyValue]) -> Mapping[str, int]:
        """Empties what refers to rows of an entity; rows by table. Raises `BadContent` where a reference must not be
        empty."""


class RowsTakenBack(Protocol):
    """What undo needs of the customer's tables."""

    def insert(self, images: Sequence[BeforeImage]) -> None:
        """The rows as they were, with their keys and those of their link rows whose other end is still there. May raise
        `BadContent`."""

    def order(self, entities: Collection[str]) -> Sequence[str]:
        """Entities with those first that the others refer to."""

    def unlink(self, source: str, target: str, pairs: Sequence[tuple[KeyValue, KeyValue]]) -> None:
        """Parts rows: their row of the link table goes, or the reference is emptied."""

    def linked(self, image: BeforeImage) -> Iterable[RecordKey]:
        """The rows to which a row's link rows lead."""

    def referring(self, keys: Collection[RecordKey]) -> Mapping[RecordKey, Sequence[tuple[RecordKey, str]]]:
        """Of these rows, those to which rows of mapped tables refer: (row, its field)."""


class CrmUnit(Protocol):
    """The tables in one transaction. A value or constraint that the database refuses raises `BadContent`; the caller
    rolls the transaction back."""

    def answer(self, lookups: Collection[Lookup]) -> Mapping[Lookup, tuple[Record, ...]]:
        """Every look-up's records, with one query an entity and form of question, however many look-ups. What the
        database finds counts only where the normal forms (`mxsync.model.normal`) are equal. Records are in the order
        of their keys."""

    def read(self, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        """The rows with these keys; those that are not there are left out."""

    def walk(self, entity: str, after: KeyValue | None, most: int) -> Sequence[Record]:
        """The rows of an entity in the order of their keys, from behind a key on."""

    def insert(self, rows: Sequence[Fitted], keys: Mapping[int, KeyValue]) -> list[KeyValue]:
        """New rows of one entity, in bulk; the keys that they got, in order. `keys` holds the real keys of planned
        rows (by number) that these refer to."""

    def update(self, rows: Sequence[tuple[KeyValue, Fitted]], keys: Mapping[int, KeyValue]) -> None:
        """Sets the given columns of rows of one entity."""

    def link(
        self, source: str, target: str, pairs: Sequence[tuple[KeyValue, KeyValue]]
    ) -> list[tuple[KeyValue, KeyValue]]:
        """Links rows of entity `source` with rows of `target`, through the link table of either side, or a foreign key of
        either that is empty. Returns the pairs that were not linked before; those that are linked stay as they are."""

    def before(self, keys: Collection[RecordKey], *, links: bool) -> Mapping[RecordKey, BeforeImage]:
        """The rows as they are, for undoing; with their link rows if asked."""

    @property
    def people(self) -> PeopleInTables: ...

    @property
    def taken_back(self) -> RowsTakenBack: ...

    def delete(self, keys: Collection[RecordKey]) -> None:
        """Deletes rows, and the link rows of their entity and to them."""

    def notice(self) -> None:
        """Looks for changes of rows, where no triggers tell of them (`Database.compares`): a writing transaction's."""

    def changes(self, limit: int) -> Sequence[RowChange]:
        """Changes of rows that were not taken yet, oldest first, at most `limit`; mxsync's own among them."""

    def told_gone(self, keys: Collection[RecordKey]) -> Collection[RecordKey]:
        """Of rows that are missing, those of which a change says so: the last that is told of the row is that it was
        deleted, or got another key. Of others nobody knows: an older table was brought back, or one was emptied with
        its triggers off."""

    def log_mark(self) -> str:
        """The latest change that the log has, so that it is known again; '' where there is none."""

    def log_holds(self, mark: str) -> bool:
        """Whether that change is still in the log. If not, an older state of the database was brought back."""

    def taken_after(self, number: int) -> Sequence[RowChange]:
        """The changes behind one of that number that were dealt with, the oldest first, as far as they are kept."""

    def take(self, changes: Sequence[RowChange]) -> None:
        """These are dealt with, once the transaction commits."""


class Database(Protocol):
    """The customer's database. May raise the classes of `mxsync.errors.ServerError` and `SchemaMismatch`."""

    @property
    def compares(self) -> bool:
        """Whether changes of rows are looked for (`CrmUnit.notice`), since there are no triggers that tell of them."""

    def schema(self, tables: Collection[str] | None = None) -> Schema:
        """What the database says of these tables, or of all."""

    def use(self, entities: Mapping[str, Entity]) -> None:
        """From now on these are the entities. Raises `SchemaMismatch` when a table or column is not there."""

    def entity(self, name: str) -> Entity:
        """One of the entities in use."""

    def fit(self, entity: str, values: Mapping[str, RecordValue], *, new: bool) -> Fitted:
        """A row's values converted for its columns; a new one also gets the entity's `where` and `fill` columns. Texts
        that are too long are cut; raises `BadContent` when a key or a value matched by would be cut, or a value cannot
        be converted."""

    def read_back(self, entity: str, columns: Mapping[str, object]) -> Mapping[str, RecordValue]:
        """The other way round: the values of those fields whose columns are all given, from driver values."""

    def key_named(self, entity: str, text: str) -> RecordKey:
        """A row's key as a person writes it."""

    def limits(self, entity: str) -> Mapping[str, int]:
        """How many characters the columns hold, of those fields whose text has one column with a limit."""
