"""Writing rows and links in one transaction: `mxsync.ports.database.CrmUnit`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from mxsync.database.claims import claim_name, claims_of
from mxsync.database.comparing import compare_with_seen
from mxsync.database.convert import unpadded
from mxsync.database.feed import log_holds, log_mark, read_changes, take_changes, taken_after, told_gone
from mxsync.database.keys import all_told, missing_keys, typed
from mxsync.database.lookups import Answers
from mxsync.database.reversing import Reversing
from mxsync.database.striking import Strikes
from mxsync.database.tracked import take_from_server
from mxsync.database.walking import walk
from mxsync.dialects.base import marks
from mxsync.dialects.statements import chunks
from mxsync.errors import RevisionMismatch
from mxsync.model.record import Get, KeyValue, LinkTable, Lookup, Planned, Record, RecordKey
from mxsync.model.schema import ColumnType
from mxsync.ports.database import BeforeImage, Fitted, RowChange

if TYPE_CHECKING:
    from mxsync.database.tables import MappedEntity, SqlDatabase


class SqlUnit:
    """The customer's tables in one transaction."""

    def __init__(self, database: SqlDatabase, connection: Connection) -> None:
        self._database = database
        self._connection = connection
        self._dialect = database.dialect
        self._quoted = database.dialect.quoted
        self._chunk = database.dialect.most_values
        self._answers = Answers(database, connection)
        self._signed = database.signature(connection)

    def _driver(self) -> Any:
        """The driver's own cursor: for thousands of rows SQLAlchemy's result machinery would be most of the time."""
        return self._connection.connection.cursor()

    # ------------------------------------------------------------ reading

    def answer(self, lookups: Collection[Lookup]) -> Mapping[Lookup, tuple[Record, ...]]:
        """Every look-up's records."""
        return self._answers.answer(lookups)

    def read(self, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        """The rows with these keys, all their fields."""
        found = self._answers.answer([Get(key) for key in keys], whole=True)
        return {record.key: record for records in found.values() for record in records}

    def walk(self, entity: str, after: KeyValue | None, most: int) -> Sequence[Record]:
        """The rows of an entity in the order of their keys, from behind a key on."""
        return walk(self._database, self._connection, entity, after, most)

    def before(self, keys: Collection[RecordKey], *, links: bool) -> Mapping[RecordKey, BeforeImage]:
        """The rows as they are."""
        found: dict[RecordKey, BeforeImage] = {}
        for name, own in _by_entity(keys).items():
            mapped = self._database.mapped(name)
            for part in chunks(own, self._chunk // len(mapped.entity.key)):
                condition, values = self._keys(mapped, part)
                rows = self._connection.exec_driver_sql(
                    f"SELECT t.* FROM {mapped.sql} t WHERE {condition}",  # noqa: S608
                    tuple(values),
                )
                names = list(rows.keys())
                places = [names.index(column) for column in _key_columns(mapped)]
                padded = {column.name for column in mapped.table.columns if column.padded}
                for row in map(self._dialect.plain, rows.fetchall()):
                    key = RecordKey(name, _key_of([row[at] for at in places]))
                    there = zip(names, row, strict=True)
                    found[key] = BeforeImage(key, {n: unpadded(v) if n in padded else v for n, v in there})
            if links:
                for key, linked in self._linked_rows(mapped, own).items():
                    if key in found:
                        found[key] = replace(found[key], links=tuple(linked))
        return found

    def _keys(self, mapped: MappedEntity, keys: Sequence[RecordKey]) -> tuple[str, list[Any]]:
        columns = [f"t.{self._quoted(column)}" for column in _key_columns(mapped)]
        if len(columns) == 1:
            return f"{columns[0]} IN ({marks(keys)})", [key.value for key in keys]
        one = "(" + " AND ".join(f"{column} = ?" for column in columns) + ")"
        return " OR ".join([one] * len(keys)), [part for key in keys for part in _parts(key.value)]

    def _linked_rows(
        self, mapped: MappedEntity, keys: Sequence[RecordKey]
    ) -> Mapping[RecordKey, list[tuple[str, Mapping[str, object]]]]:
        found: dict[RecordKey, list[tuple[str, Mapping[str, object]]]] = defaultdict(list)
        for table, column in self._link_tables(mapped):
            for part in chunks([key.value for key in keys if not isinstance(key.value, tuple)], self._chunk):
                rows = self._connection.exec_driver_sql(
                    f"SELECT t.{self._quoted(column)}, t.* FROM {self._database.link_place(table)} t "  # noqa: S608
                    f"WHERE t.{self._quoted(column)} IN ({marks(part)})",
                    tuple(part),
                )
                names = list(rows.keys())[1:]
                for own, *row in map(self._dialect.plain, rows.fetchall()):
                    found[RecordKey(mapped.entity.name, own)].append((table, dict(zip(names, row, strict=True))))
        return found

    def _link_tables(self, mapped: MappedEntity) -> list[tuple[str, str]]:
        """The link tables in which an entity's rows stand, with the column that holds their key."""
        name = mapped.entity.name
        found = [(link.table, link.own_column) for link in mapped.entity.links]
        for other in self._database.entities():
            found += [(link.table, link.target_column) for link in other.links if link.target == name]
        return list(dict.fromkeys(found))

    # ------------------------------------------------------------ writing

    def insert(self, rows: Sequence[Fitted], keys: Mapping[int, KeyValue]) -> list[KeyValue]:
        """New rows of one entity; their keys, in order. Raises `BadContent` where the database does not tell one."""
        if not rows:
            return []
        mapped = self._database.mapped(rows[0].entity)
        key_columns = _key_columns(mapped)
        prepared = [
            {
                name: _real(value, keys) if type(value) is RecordKey else value
                for name, value in row.columns.items()
                if value is not None
            }
            for row in rows
        ]
        for values in prepared:
            values.update({name: make() for name, make in missing_keys(mapped.table, values, key_columns).items()})
        generated = self._counted(mapped, key_columns, prepared)
        cursor = self._driver()
        self._claim(cursor, mapped, prepared)
        made = self._dialect.insert_rows(cursor, mapped.sql, prepared, key_columns, generated, self._signed)
        cursor.close()
        all_told(mapped.entity.table, key_columns, made)
        columns = [mapped.table.column(name) for name in key_columns]
        return [_key_of([typed(column, part) for column, part in zip(columns, key, strict=True)]) for key in made]

    def _counted(self, mapped: MappedEntity, key: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bool:
        """Whether the database gives new rows their key, a number. Of a view the catalogue may not say it."""
        column = mapped.table.column(key[0]) if len(key) == 1 else None
        if column is None or column.generated:
            return column is not None
        hidden = self._dialect.hides_counting and mapped.table.view and column.type is ColumnType.NUMBER
        return hidden and not any(column.name in row for row in rows)

    def _claim(self, cursor: Any, mapped: MappedEntity, rows: Sequence[Mapping[str, Any]]) -> None:
        """A creation is a claim: two that make the same person at the same moment wait for each other here, and who
        comes second sees that the row is there."""
        statement = self._dialect.claim("mxsync_claims")
        if statement is None:
            return
        wanted = {claim_name(find): find for row in rows for find in claims_of(mapped, row)}
        # What was contested a moment ago has been decided again since, and with its eyes open.
        contested, self._database.contested = self._database.contested, frozenset()
        if not wanted:
            return
        moment = datetime.now(UTC).isoformat()
        self._dialect.run_each(cursor, statement, [(name, moment) for name in sorted(wanted)])
        asked = [find for name, find in wanted.items() if name not in contested]
        if any(self._answers.answer(asked).values()):
            self._database.contested = frozenset(wanted)
            raise RevisionMismatch(
                f"another writer has made a row of {mapped.table.name} at the same moment; it is decided again"
            )

    def update(self, rows: Sequence[tuple[KeyValue, Fitted]], keys: Mapping[int, KeyValue]) -> None:
        """Sets columns of rows of one entity. What is set twice has the later value: rows are brought together before
        statements are, which stand in another order than the rows came in."""
        cursor = self._driver()
        sets_of: dict[tuple[str, KeyValue], dict[str, object]] = defaultdict(dict)
        for value, row in rows:
            sets_of[row.entity, value].update({name: _real(each, keys) for name, each in row.columns.items()})
        groups: dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]] = defaultdict(list)
        for (entity, value), columns_ in sets_of.items():
            if columns_:
                groups[entity, tuple(columns_)].append((*columns_.values(), *_parts(value)))
        for (entity, columns), values in groups.items():
            mapped = self._database.mapped(entity)
            sets = ", ".join(f"{self._quoted(name)} = ?" for name in columns)
            condition = " AND ".join(f"{self._quoted(column)} = ?" for column in _key_columns(mapped))
            statement = f"{self._signed}UPDATE {mapped.sql} SET {sets} WHERE {condition}"  # noqa: S608
            self._dialect.run_each(cursor, statement, values)
        cursor.close()

    def link(
        self, source: str, target: str, pairs: Sequence[tuple[KeyValue, KeyValue]]
    ) -> list[tuple[KeyValue, KeyValue]]:
        """Links rows; the pairs that were not linked before."""
        here, there = self._database.mapped(source), self._database.mapped(target)
        wanted = list(dict.fromkeys(pairs))
        link = here.entity.link_to(target)
        if link is not None:
            return self._link_rows(link, wanted)
        link = there.entity.link_to(source)
        if link is not None:
            turned = self._link_rows(link, [(other, one) for one, other in wanted])
            return [(one, other) for other, one in turned]
        return self._refer(here, there, wanted)

    def _link_rows(
        self, link: LinkTable, pairs: Sequence[tuple[KeyValue, KeyValue]]
    ) -> list[tuple[KeyValue, KeyValue]]:
        table = self._database.link_place(link.table)
        own, other = self._quoted(link.own_column), self._quoted(link.target_column)
        there: set[tuple[Any, Any]] = set()
        for part in chunks(list(dict.fromkeys(one for one, _ in pairs)), self._chunk):
            rows = self._connection.exec_driver_sql(
                f"SELECT {own}, {other} FROM {table} WHERE {own} IN ({marks(part)})",  # noqa: S608
                tuple(part),
            )
            there.update((row[0], row[1]) for row in map(self._dialect.plain, rows.fetchall()))
        new = [pair for pair in pairs if pair not in there]
        if new:
            cursor = self._driver()
            makers = self._database.link_keys(link)
            there_is = self._database.table(link.table)
            if makers or (there_is is not None and there_is.view):  # into a view nothing goes but plainly
                names = ", ".join([own, other, *map(self._quoted, makers)])
                self._dialect.run_each(
                    cursor,
                    f"INSERT INTO {table} ({names}) VALUES ({marks(2 + len(makers))})",  # noqa: S608
                    [(*pair, *(make() for make in makers.values())) for pair in new],
                )
            else:
                self._dialect.run_each(cursor, self._dialect.insert_link(table, own, other), new)
            cursor.close()
        return new

    def _refer(
        self, here: MappedEntity, there: MappedEntity, pairs: Sequence[tuple[KeyValue, KeyValue]]
    ) -> list[tuple[KeyValue, KeyValue]]:
        """A foreign key of either side that is empty is filled."""
        for left, right, turned in ((here, there, False), (there, here, True)):
            field = left.entity.reference_to(right.entity.name)
            if field is None:
                continue
            column = self._quoted(field.columns[0])
            condition = " AND ".join(f"{self._quoted(name)} = ?" for name in _key_columns(left))
            cursor = self._driver()
            filled = self._dialect.change_each(
                cursor,
                f"{self._signed}UPDATE {left.sql} SET {column} = ? WHERE {condition} AND {column} IS NULL",  # noqa: S608
                [(one, *_parts(other)) if turned else (other, *_parts(one)) for one, other in pairs],
            )
            cursor.close()
            return [pair for pair, done in zip(pairs, filled, strict=True) if done]
        return []

    @property
    def people(self) -> Strikes:
        """A person in the tables, for erasing."""
        return Strikes(self._database, self._connection)

    @property
    def taken_back(self) -> Reversing:
        """Rows brought back, for undo."""
        return Reversing(self._database, self._connection)

    def delete(self, keys: Collection[RecordKey]) -> None:
        """Deletes rows, and their link rows."""
        cursor = self._driver()
        for name, own in _by_entity(keys).items():
            mapped = self._database.mapped(name)
            for table, column in self._link_tables(mapped):
                self._dialect.run_each(
                    cursor,
                    f"DELETE FROM {self._database.link_place(table)} WHERE {self._quoted(column)} = ?",  # noqa: S608
                    [(key.value,) for key in own],
                )
            condition = " AND ".join(f"{self._quoted(column)} = ?" for column in _key_columns(mapped))
            self._dialect.run_each(
                cursor,
                f"{self._signed}DELETE FROM {mapped.sql} WHERE {condition}",  # noqa: S608
                [_parts(key.value) for key in own],
            )
        cursor.close()

    # ------------------------------------------------------------ the feed of changes

    def notice(self) -> None:
        """Looks for changes, where no triggers tell of them."""
        if not self._database.compares or not self._database.has_log(self._connection):
            return
        if self._database.tracking is not None:
            take_from_server(self._database, self._database.tracking, self._connection)
        else:
            compare_with_seen(self._database, self._connection)

    def changes(self, limit: int) -> Sequence[RowChange]:
        """Changes of rows that were not taken yet."""
        return read_changes(self._database, self._connection, limit)

    def told_gone(self, keys: Collection[RecordKey]) -> Collection[RecordKey]:
        """Of missing rows, those of which a change says so."""
        return told_gone(self._database, self._connection, keys)

    def log_mark(self) -> str:
        """The latest change that the log has."""
        return log_mark(self._database, self._connection)

    def log_holds(self, mark: str) -> bool:
        """Whether that change is still there."""
        return log_holds(self._database, self._connection, mark)

    def taken_after(self, number: int) -> Sequence[RowChange]:
        """Changes that somebody has dealt with."""
        return taken_after(self._database, self._connection, number)

    def take(self, changes: Sequence[RowChange]) -> None:
        """These are dealt with."""
        take_changes(self._database, self._connection, changes)


def _by_entity(keys: Collection[RecordKey]) -> Mapping[str, list[RecordKey]]:
    found: dict[str, list[RecordKey]] = defaultdict(list)
    for key in keys:
        if not key.planned:
            found[key.entity].append(key)
    return found


def _key_columns(mapped: MappedEntity) -> list[str]:
    return [column.name for name in mapped.entity.key if (column := mapped.table.column(name)) is not None]


def _key_of(values: Sequence[Any]) -> KeyValue:
    return values[0] if len(values) == 1 else tuple(values)


def _parts(value: KeyValue) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _real(value: object, keys: Mapping[int, KeyValue]) -> object:
    if isinstance(value, RecordKey):
        return keys[value.value.number] if isinstance(value.value, Planned) else value.value
    return value
