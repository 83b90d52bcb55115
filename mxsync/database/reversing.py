"""Rows brought back with their keys, links parted, and what refers to a row: what `undo` needs of the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from mxsync.dialects.base import marks
from mxsync.dialects.statements import chunks
from mxsync.model.record import Entity, KeyValue, RecordKey
from mxsync.ports.database import BeforeImage

if TYPE_CHECKING:
    from mxsync.database.tables import MappedEntity, SqlDatabase


class Reversing:
    """`mxsync.ports.database.RowsTakenBack`."""

    def __init__(self, database: SqlDatabase, connection: Connection) -> None:
        self._database = database
        self._connection = connection
        self._dialect = database.dialect
        self._quoted = database.dialect.quoted
        self._signed = database.signature(connection)

    # ------------------------------------------------------------ rows

    def insert(self, images: Sequence[BeforeImage]) -> None:
        """The rows as they were, with their keys and those of their link rows whose other end is still there. Rows that
        others refer to come first."""
        groups: dict[str, list[BeforeImage]] = defaultdict(list)
        for image in images:
            groups[image.key.entity].append(image)
        cursor = self._connection.connection.cursor()
        for entity in self._in_order(groups):
            mapped = self._database.mapped(entity)
            for columns, rows in _shapes(mapped, groups[entity]).items():
                *before, insert = self._dialect.insert_with_key(mapped.sql, columns, self._numbers(mapped))[:2]
                after = self._dialect.insert_with_key(mapped.sql, columns, self._numbers(mapped))[2:]
                try:
                    for statement in before:
                        cursor.execute(statement)
                    self._dialect.run_each(cursor, f"{self._signed}{insert}", rows)
                finally:  # what they have turned on is the session's, which outlives the transaction
                    for statement in after:
                        cursor.execute(statement)
        self._link_rows(cursor, images)
        cursor.close()

    def order(self, entities: Collection[str]) -> Sequence[str]:
        """Entities with those first that the others refer to."""
        return self._in_order(entities)

    def _in_order(self, entities: Collection[str]) -> list[str]:
        left, found = sorted(entities), list[str]()
        while left:
            free = [e for e in left if not (_referred(self._database.entity(e)) & (set(left) - {e}))] or left[:1]
            found += free
            left = [each for each in left if each not in free]
        return found

    @staticmethod
    def _numbers(mapped: MappedEntity) -> bool:
        """Whether the database counts up the key by itself."""
        keys = {name.casefold() for name in mapped.table.primary_key}
        return any(column.generated and column.name.casefold() in keys for column in mapped.table.columns)

    def _link_rows(self, cursor: Any, images: Sequence[BeforeImage]) -> None:
        """Rows of link tables, as they were, where both ends are there and nobody has linked them anew."""
        own = {(table, tuple(values.items())) for image in images for table, values in image.links}
        ends = self._ends()
        by_table: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for table, values in sorted(own, key=repr):
            by_table[table].append(dict(values))
        for table, rows in by_table.items():
            for entity, column in dict.fromkeys(end for pair in ends.get(table, ()) for end in pair):
                mapped = self._database.mapped(entity)
                standing = self._there(mapped.sql, _keys(mapped)[:1], [(row.get(column),) for row in rows])
                rows = [row for row in rows if (row.get(column),) in standing]
            pairs = ends.get(table, ())
            if rows and pairs:
                self._link_anew(cursor, table, [column for _, column in pairs[0]], rows)

    def _link_anew(self, cursor: Any, table: str, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        """Link rows of one table, but for those whose two ends, in the columns `names`, are linked already."""
        place = self._database.link_place(table)
        there = self._there(place, names, [tuple(row[name] for name in names) for row in rows])
        known = self._database.table(table)
        made = {c.name for c in known.columns if c.generated} if known is not None else set()
        new: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
        for row in rows:
            pair = tuple(row[name] for name in names)
            if pair not in there:
                there.add(pair)
                kept = {name: value for name, value in row.items() if name not in made}
                new[tuple(kept)].append(tuple(kept.values()))
        for columns, values in new.items():
            listed = ", ".join(map(self._quoted, columns))
            self._dialect.run_each(cursor, f"INSERT INTO {place} ({listed}) VALUES ({marks(columns)})", values)  # noqa: S608

    def _there(self, table: str, names: Sequence[str], wanted: Sequence[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
        """Of these values of a table's columns, those that a row has. Asked by the first of the columns for all of
        them; where what is there differs in case or blanks alone, the database is asked whether it tells them apart."""
        columns = ", ".join(map(self._quoted, names))
        found: set[tuple[str, ...]] = set()
        for part in chunks(list(dict.fromkeys(v[0] for v in wanted if v[0] is not None)), self._dialect.most_values):
            rows = self._connection.exec_driver_sql(
                f"SELECT {columns} FROM {table} WHERE {self._quoted(names[0])} IN ({marks(part)})",  # noqa: S608
                tuple(part),
            ).fetchall()
            found.update(tuple(map(str, row)) for row in map(self._dialect.plain, rows))
        nearly = {tuple(map(_folded, each)) for each in found}
        condition = " AND ".join(f"{self._quoted(name)} = ?" for name in names)
        there: set[tuple[Any, ...]] = set()
        for values in wanted:
            if tuple(map(str, values)) in found:
                there.add(values)
            elif tuple(map(_folded, values)) in nearly:
                asked = f"SELECT 1 FROM {table} WHERE {condition}"  # noqa: S608
                if self._connection.exec_driver_sql(asked, values).first() is not None:
                    there.add(values)
        return there

    def _ends(self) -> Mapping[str, list[tuple[tuple[str, str], tuple[str, str]]]]:
        """Of each link table what its two columns lead to: ((entity, column), (entity, column))."""
        found: dict[str, list[tuple[tuple[str, str], tuple[str, str]]]] = defaultdict(list)
        for entity in self._database.entities():
            for link in entity.links:
                found[link.table].append(((entity.name, link.own_column), (link.target, link.target_column)))
        return found

    # ------------------------------------------------------------ links

    def unlink(self, source: str, target: str, pairs: Sequence[tuple[KeyValue, KeyValue]]) -> None:
        """Parts rows of `source` and `target`: their row of the link table goes, or the reference is emptied."""
        here, there = self._database.entity(source), self._database.entity(target)
        link, turned = here.link_to(target), False
        if link is None:
            link, turned = there.link_to(source), True
        cursor = self._connection.connection.cursor()
        if link is not None:
            own, other = self._quoted(link.own_column), self._quoted(link.target_column)
            self._dialect.run_each(
                cursor,
                f"DELETE FROM {self._database.link_place(link.table)} WHERE {own} = ? AND {other} = ?",  # noqa: S608
                [(b, a) if turned else (a, b) for a, b in pairs],
            )
        else:
            self._forget(cursor, source, target, pairs)
        cursor.close()

    def _forget(self, cursor: Any, source: str, target: str, pairs: Sequence[tuple[KeyValue, KeyValue]]) -> None:
        for left, right, turned in ((source, target, False), (target, source, True)):
            mapped = self._database.mapped(left)
            field = mapped.entity.reference_to(right)
            if field is None:
                continue
            column = self._quoted(field.columns[0])
            condition = " AND ".join(f"{self._quoted(name)} = ?" for name in _keys(mapped))
            values = [(b, a) if turned else (a, b) for a, b in pairs]
            self._dialect.run_each(
                cursor,
                f"{self._signed}UPDATE {mapped.sql} SET {column} = NULL WHERE {condition} AND {column} = ?",  # noqa: S608
                [(*_parts(row), *_parts(other)) for row, other in values],
            )
            return

    def linked(self, image: BeforeImage) -> Iterator[RecordKey]:
        """The rows to which a row's link rows lead."""
        name = image.key.entity
        for table, values in image.links:
            for one, other in self._ends().get(table, ()):
                for (entity, column), (target, leads) in ((one, other), (other, one)):
                    if entity == name and values.get(column) == image.key.value:
                        yield RecordKey(target, values[leads])  # type: ignore[arg-type]  # a key, as the table has it

    def referring(self, keys: Collection[RecordKey]) -> Mapping[RecordKey, Sequence[tuple[RecordKey, str]]]:
        """Of these rows, those to which rows of mapped tables refer: (row, its field). One query a field."""
        wanted: dict[str, list[Any]] = defaultdict(list)
        for key in keys:
            wanted[key.entity].append(key.value)
        found: dict[RecordKey, list[tuple[RecordKey, str]]] = defaultdict(list)
        for entity in self._database.entities():
            for field in entity.fields.values():
                if field.references not in wanted:
                    continue
                mapped = self._database.mapped(entity.name)
                names = ", ".join(f"t.{self._quoted(name)}" for name in (*_keys(mapped), field.columns[0]))
                column = f"t.{self._quoted(field.columns[0])}"
                values = wanted[field.references]
                for start in range(0, len(values), self._dialect.most_values):
                    part = values[start : start + self._dialect.most_values]
                    rows = self._connection.exec_driver_sql(
                        f"SELECT {names} FROM {mapped.sql} t WHERE {column} IN ({marks(part)}){mapped.where}",  # noqa: S608
                        (*part, *mapped.where_values),
                    )
                    for *own, value in map(self._dialect.plain, rows.fetchall()):
                        key = RecordKey(entity.name, own[0] if len(own) == 1 else tuple(own))
                        found[RecordKey(field.references, value)].append((key, field.name))
        return found


def _referred(entity: Entity) -> set[str]:
    return {field.references for field in entity.fields.values() if field.references}


def _shapes(mapped: MappedEntity, images: Sequence[BeforeImage]) -> Mapping[tuple[str, ...], list[tuple[Any, ...]]]:
    """Rows by the columns that they have. What the database works out by itself is left to it, but for the key."""
    keys = {name.casefold() for name in mapped.table.primary_key}
    left = {c.name for c in mapped.table.columns if c.generated and c.name.casefold() not in keys}
    known = {column.name for column in mapped.table.columns}
    found: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for image in images:
        names = tuple(name for name in image.columns if name in known and name not in left)
        found[names].append(tuple(image.columns[name] for name in names))
    return found


def _folded(value: Any) -> str:
    return str(value).rstrip().casefold()


def _keys(mapped: MappedEntity) -> list[str]:
    return [column.name for name in mapped.entity.key if (column := mapped.table.column(name)) is not None]


def _parts(value: KeyValue) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)
