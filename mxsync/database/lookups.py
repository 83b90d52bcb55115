"""Answering the rules' questions of a whole page, with one query an entity and form of question.

A query finds what may be meant, quickly; what counts is decided in one place for all of mxsync, by the normal forms
of `mxsync.model.normal`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, assert_never

from sqlalchemy.engine import Connection

from mxsync.database.convert import values_reader
from mxsync.decide.overlay import field_keys
from mxsync.dialects.base import marks
from mxsync.model.record import Entity, Find, Get, Linked, LinkTable, Lookup, Record, RecordKey, Remembered
from mxsync.model.schema import ColumnType

if TYPE_CHECKING:
    from mxsync.database.tables import MappedEntity, SqlDatabase

Found = dict[RecordKey, Record]
_EVERY = "1 = 1"


class Answers:
    """Look-ups in one transaction."""

    def __init__(self, database: SqlDatabase, connection: Connection) -> None:
        self._database = database
        self._connection = connection
        self._dialect = database.dialect
        self._quoted = database.dialect.quoted
        self._chunk = database.dialect.most_values

    def answer(self, lookups: Collection[Lookup], *, whole: bool = False) -> Mapping[Lookup, tuple[Record, ...]]:
        """Every look-up's records in the order of their keys. Long bodies are left out unless `whole`."""
        finds: dict[tuple[str, tuple[str, ...]], list[Find]] = defaultdict(list)
        gets: dict[str, list[Get]] = defaultdict(list)
        linked: dict[tuple[str, str], list[Linked]] = defaultdict(list)
        answers: dict[Lookup, tuple[Record, ...]] = {}
        for lookup in lookups:
            match lookup:
                case Find():
                    finds[lookup.entity, lookup.fields].append(lookup)
                case Get():
                    gets[lookup.key.entity].append(lookup)
                case Linked():
                    linked[lookup.entity, lookup.to.entity].append(lookup)
                case Remembered():
                    answers[lookup] = ()  # no table of the customer's knows: `mxsync.engine.answers`
                case _:
                    assert_never(lookup)
        for (entity, fields), group in finds.items():
            self._find(self._database.mapped(entity), fields, group, answers)
        for entity, each in gets.items():
            self._get(self._database.mapped(entity), each, answers, whole)
        for (entity, to), ways in linked.items():
            self._linked(self._database.mapped(entity), self._database.mapped(to), ways, answers)
        return answers

    # ------------------------------------------------------------ one form of question each

    def _find(
        self,
        mapped: MappedEntity,
        fields: tuple[str, ...],
        group: Sequence[Find],
        answers: dict[Lookup, tuple[Record, ...]],
    ) -> None:
        place = next((n for n, name in enumerate(fields) if name in mapped.fields), None)
        if place is None or any(name not in mapped.fields for name in fields):
            answers.update(dict.fromkeys(group, ()))
            return
        found = self._candidates(mapped, fields[place], {lookup.keys[place] for lookup in group})
        by_keys: dict[tuple[Any, ...], list[Record]] = defaultdict(list)
        wanted = {lookup.keys for lookup in group}
        for record in found.values():
            for keys in _combinations(mapped, fields, record):
                if keys in wanted:
                    by_keys[keys].append(record)
        for lookup in group:
            answers[lookup] = tuple(sorted(by_keys.get(lookup.keys, ()), key=_order))

    def _candidates(self, mapped: MappedEntity, name: str, keys: Collection[str | RecordKey]) -> Found:
        field = mapped.fields[name]
        columns = [self._quoted(column.name) for column in field.columns]
        found: Found = {}
        if field.field.references:
            values = [key.value for key in keys if isinstance(key, RecordKey) and not key.planned]
            self._in(mapped, columns, values, found)
            return found
        texts = [key for key in keys if isinstance(key, str)]
        converter = field.field.converter
        if field.email:
            self._emails(mapped, field.columns, texts, found)
        elif converter is not None and converter.name == "coded":
            self._select(mapped, _EVERY, (), found)
        elif field.columns[0].type is ColumnType.TEXT:
            self._texts(mapped, field.columns, texts, found)
        elif field.columns[0].type is ColumnType.NUMBER:
            numbers = [_number(key) for key in texts if _is_number(key)]
            self._in(mapped, columns, numbers, found)
        else:
            self._select(mapped, _EVERY, (), found)  # few ask for days or yes and no, and of small tables
        return found

    def _in(self, mapped: MappedEntity, columns: Sequence[str], values: Sequence[Any], found: Found) -> None:
        size = max(1, self._chunk // len(columns))
        for start in range(0, len(values), size):
            part = values[start : start + size]
            condition = " OR ".join(f"t.{column} IN ({marks(part)})" for column in columns)
            self._select(mapped, f"({condition})", [*part] * len(columns), found)

    def _texts(self, mapped: MappedEntity, columns: Sequence[Any], keys: Sequence[str], found: Found) -> None:
        for column in columns:
            for question in self._dialect.same_text(column.name, keys, column.name in mapped.folded):
                self._select(mapped, question.condition, question.values, found, question.before)

    def _emails(self, mapped: MappedEntity, columns: Sequence[Any], keys: Sequence[str], found: Found) -> None:
        named = [(column.name, column.name in mapped.folded) for column in columns]
        for question in self._dialect.same_address(mapped.sql, mapped.entity.key, named, keys):
            self._select(mapped, question.condition, question.values, found, question.before)

    def _get(
        self, mapped: MappedEntity, group: Sequence[Get], answers: dict[Lookup, tuple[Record, ...]], whole: bool
    ) -> None:
        keys = [get.key for get in group if not get.key.planned]
        found: Found = {}
        columns = [self._quoted(column) for column in mapped.entity.key]
        if len(columns) == 1:
            for start in range(0, len(keys), self._chunk):
                part = [key.value for key in keys[start : start + self._chunk]]
                self._select(mapped, f"t.{columns[0]} IN ({marks(part)})", part, found, whole=whole)
        else:
            one = " AND ".join(f"t.{column} = ?" for column in columns)
            for key in keys:
                parts = key.value if isinstance(key.value, tuple) else (key.value,)
                if len(parts) == len(columns):
                    self._select(mapped, one, parts, found, whole=whole)
        for get in group:
            answers[get] = (found[get.key],) if get.key in found else ()

    def _linked(
        self,
        mapped: MappedEntity,
        to: MappedEntity,
        group: Sequence[Linked],
        answers: dict[Lookup, tuple[Record, ...]],
    ) -> None:
        keys = [lookup.to.value for lookup in group if not lookup.to.planned]
        own, other = mapped.entity, to.entity
        ways: list[tuple[str, str]] = []  # (what stands before the condition, the column of `to`'s key)
        key = f"t.{self._quoted(own.key[0])}"
        for link, here, there in _ways(own, other):
            table = self._database.link_place(link.table)
            join = f" JOIN {table} l ON l.{self._quoted(here)} = {key}"
            ways.append((join, f"l.{self._quoted(there)}"))
        for field in own.fields.values():
            if field.references == other.name:
                ways.append(("", f"t.{self._quoted(field.columns[0])}"))
        for field in other.fields.values():
            if field.references == own.name:
                join = f" JOIN {to.sql} o ON o.{self._quoted(field.columns[0])} = {key}"
                ways.append((join, f"o.{self._quoted(other.key[0])}"))
        by_to: dict[Any, Found] = defaultdict(dict)
        read = record_reader(mapped, mapped.brief)
        for join, column in ways:
            for start in range(0, len(keys), self._chunk):
                part = keys[start : start + self._chunk]
                names = ", ".join(f"t.{self._quoted(name)}" for name in mapped.brief)
                rows = self._connection.exec_driver_sql(
                    f"SELECT {column}, {names} FROM {mapped.sql} t{join} "  # noqa: S608
                    f"WHERE {column} IN ({marks(part)}){mapped.where}",
                    (*part, *mapped.where_values),
                )
                for row in map(self._dialect.plain, rows.fetchall()):
                    record = read(row[1:])
                    by_to[row[0]][record.key] = record
        for lookup in group:
            answers[lookup] = tuple(sorted(by_to[lookup.to.value].values(), key=_order))

    def _select(
        self,
        mapped: MappedEntity,
        condition: str,
        values: Iterable[Any],
        found: Found,
        before: str = "",
        *,
        whole: bool = False,
    ) -> None:
        columns = mapped.read if whole else mapped.brief
        names = ", ".join(f"t.{self._quoted(name)}" for name in columns)
        rows = self._connection.exec_driver_sql(
            f"{before}SELECT {names} FROM {mapped.sql} t WHERE {condition}{mapped.where}",  # noqa: S608
            (*values, *mapped.where_values),
        )
        read = record_reader(mapped, columns)
        for row in map(self._dialect.plain, rows.fetchall()):
            record = read(row)
            found[record.key] = record


def _ways(own: Entity, other: Entity) -> Iterator[tuple[LinkTable, str, str]]:
    """The link tables between two entities, with the column of each."""
    for link in own.links:
        if link.target == other.name:
            yield link, link.own_column, link.target_column
    for link in other.links:
        if link.target == own.name:
            yield link, link.target_column, link.own_column


def record_reader(mapped: MappedEntity, columns: Sequence[str]) -> Callable[[Sequence[Any]], Record]:
    """How rows with these columns become records."""
    places = {name: at for at, name in enumerate(columns)}
    own = [places[column.name] for name in mapped.entity.key if (column := mapped.table.column(name)) is not None]
    entity = mapped.entity.name
    values = values_reader(mapped.fields, places)
    if len(own) == 1:
        (only,) = own
        return lambda row: Record(RecordKey(entity, row[only]), values(row))
    return lambda row: Record(RecordKey(entity, tuple([row[at] for at in own])), values(row))


def _combinations(mapped: MappedEntity, fields: tuple[str, ...], record: Record) -> list[tuple[Any, ...]]:
    """The normal forms under which a record is found by these fields together."""
    found: list[tuple[Any, ...]] = [()]
    for name in fields:
        keys = field_keys(mapped.entity, name, record.values.get(name))
        found = [(*before, key) for before in found for key in keys]
    return found


def _order(record: Record) -> tuple[int, Any]:
    value = record.key.value
    return (0, value) if isinstance(value, int) else (1, str(value))


def _number(text: str) -> int | float:
    """A whole number as such: asked for as a fraction, an index on whole numbers would be of no use."""
    found = float(text)
    return int(found) if found.is_integer() else found


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
