"""A person in the customer's tables: texts that hold an address, and columns that refer to a row that is to go."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from mxsync.dialects.base import marks
from mxsync.errors import BadContent
from mxsync.model.record import KeyValue
from mxsync.model.schema import ColumnType, TableInfo
from mxsync.model.striking import likeness, strike, strike_with

if TYPE_CHECKING:
    from mxsync.database.tables import SqlDatabase


class Strikes:
    """Works on whole tables: a person may stand in columns that no rule maps."""

    def __init__(self, database: SqlDatabase, connection: Connection) -> None:
        self._database = database
        self._connection = connection
        self._quoted = database.dialect.quoted
        self._signed = database.signature(connection)

    def strike(self, people: Collection[str], phrases: Collection[str]) -> Mapping[str, int]:
        """Strikes addresses (address keys) out of every text of the tables that the rules name, and phrases where an
        address stood beside them. Returns how many rows of each table were touched."""
        counts: dict[str, int] = {}
        for table, key in self._own():
            texts = [name for name in _texts(table) if name not in key]
            changed: dict[tuple[Any, ...], Sequence[Any]] = {}
            for person in people if key and texts else ():
                for row in self._rows(table, (*key, *texts), texts, person):
                    at = tuple(row[: len(key)])
                    before = changed.get(at) or row[len(key) :]
                    changed[at] = [
                        strike_with(text, (person,), phrases) if isinstance(text, str) else text for text in before
                    ]
            if changed:
                sets = ", ".join(f"{self._quoted(name)} = ?" for name in texts)
                where = " AND ".join(f"{self._quoted(name)} = ?" for name in key)
                cursor = self._connection.connection.cursor()
                self._database.dialect.run_each(
                    cursor,
                    f"{self._signed}UPDATE {self._database.place(table)} SET {sets} WHERE {where}",  # noqa: S608
                    [(*values, *at) for at, values in changed.items()],
                )
                cursor.close()
                counts[table.name] = len(changed)
        return counts

    def remains(self, people: Collection[str]) -> Mapping[str, int]:
        """Where an address still stands, in any table of the database but mxsync's own: 'Table.Column' to rows."""
        found: dict[str, int] = {}
        for table in self._database.schema().tables:
            for name in _texts(table):
                for person in people:
                    rows = self._rows(table, (name,), (name,), person)
                    count = sum(strike(str(row[0]), (person,)) != row[0] for row in rows)
                    if count:
                        found[f"{table.name}.{name}"] = found.get(f"{table.name}.{name}", 0) + count
        return found

    def unrefer(self, entity: str, keys: Collection[KeyValue]) -> Mapping[str, int]:
        """Empties what refers to rows of an entity, in all tables. Raises `BadContent` where a reference must
        not be empty."""
        target = self._database.mapped(entity).table
        counts: dict[str, int] = {}
        for table, column in self._referring(entity, target):
            info = table.column(column)
            if info is None or column in table.primary_key:
                continue  # a link, which goes with its row
            own = [key for key in keys if not isinstance(key, tuple)]
            where = f"{self._quoted(column)} IN ({marks(own)})"
            at = self._database.place(table)
            count = self._connection.exec_driver_sql(
                f"SELECT count(*) FROM {at} WHERE {where}",  # noqa: S608
                tuple(own),
            ).scalar()
            if not count:
                continue
            if not info.nullable:
                raise BadContent(
                    f"{count} of {table.name} must refer to a row of {target.name} ({column} cannot be empty), so that "
                    "row cannot go: delete these first, or give them another"
                )
            self._connection.exec_driver_sql(
                f"{self._signed}UPDATE {at} SET {self._quoted(column)} = NULL WHERE {where}",  # noqa: S608
                tuple(own),
            )
            counts[table.name] = counts.get(table.name, 0) + int(count)
        return counts

    def _referring(self, entity: str, target: TableInfo) -> Iterator[tuple[TableInfo, str]]:
        """Columns that refer to a table: as the rules say, and as the database does."""
        seen: set[tuple[str, str]] = set()
        schema = self._database.schema()
        for other in self._database.entities():
            table = self._database.mapped(other.name).table
            for field in other.fields.values():
                if field.references == entity and (table.name, field.columns[0]) not in seen:
                    seen.add((table.name, field.columns[0]))
                    yield table, field.columns[0]
        links = {
            (self._database.dialect.table(link.table).casefold(), column)
            for each in self._database.entities()
            for link in each.links
            for column in (link.own_column, link.target_column)
        }
        for table in schema.tables:
            for column, (referred, _) in table.foreign.items():
                if referred.casefold() != target.name.casefold() or (table.name, column) in seen:
                    continue
                if (table.name.casefold(), column) not in links:
                    seen.add((table.name, column))
                    yield table, column

    def _own(self) -> list[tuple[TableInfo, tuple[str, ...]]]:
        """The tables that the rules name, with their keys: a view has the one that its entity says."""
        found: dict[str, tuple[TableInfo, tuple[str, ...]]] = {}
        for each in self._database.entities():
            own = self._database.mapped(each.name).table
            names = tuple(column.name for name in each.key if (column := own.column(name)) is not None)
            found[own.name] = (own, own.primary_key or names)
            for link in each.links:
                table = self._table(link.table)
                if table is not None and table.primary_key:
                    found.setdefault(table.name, (table, table.primary_key))
        return list(found.values())

    def _table(self, name: str) -> TableInfo | None:
        schema = self._database.schema()
        return schema.table(name) or schema.table(self._database.dialect.table(name))

    def _rows(self, table: TableInfo, read: Sequence[str], texts: Sequence[str], person: str) -> Sequence[Any]:
        folded = self._database.dialect.folded
        where = " OR ".join(f"{folded(self._quoted(name))} LIKE ? ESCAPE '!'" for name in texts)
        names = ", ".join(map(self._quoted, read))
        return self._connection.exec_driver_sql(
            f"SELECT {names} FROM {self._database.place(table)} WHERE {where}",  # noqa: S608
            (likeness(person),) * len(texts),
        ).fetchall()


def _texts(table: TableInfo) -> list[str]:
    return [c.name for c in table.columns if c.type is ColumnType.TEXT and not c.generated]
