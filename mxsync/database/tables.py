"""The customer's tables under the entities that the rules map onto them: `mxsync.ports.database.Database`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection, Engine

from mxsync.database.convert import FieldColumns, ToPhone, values_reader
from mxsync.database.fitting import Fitting, literal
from mxsync.database.keys import missing_keys
from mxsync.database.names import as_named
from mxsync.database.reflect import read_schema
from mxsync.database.unit import SqlUnit
from mxsync.database.walking import column_limits
from mxsync.dialects.base import WRITER, Dialect
from mxsync.errors import ConfigError
from mxsync.model.record import Entity, LinkTable, RecordValue
from mxsync.model.schema import Schema, TableInfo
from mxsync.ports.database import Fitted


@dataclass(frozen=True, slots=True)
class MappedEntity:
    """An entity with all that is worked out once. `read` are the columns of a record, `brief` those without a long
    body; `folded` are columns with an index that finds without case."""

    entity: Entity
    table: TableInfo
    sql: str
    fitting: Fitting
    fields: Mapping[str, FieldColumns]
    read: tuple[str, ...]
    brief: tuple[str, ...]
    folded: frozenset[str]
    where: str
    where_values: tuple[Any, ...]


class SqlDatabase:
    """The customer's database. Values are bound, names quoted."""

    def __init__(
        self,
        engine: Engine,
        dialect: Dialect,
        *,
        timezone: str,
        to_phone: ToPhone,
        organisation: str = "UTC",
        changes: str = "triggers",
    ) -> None:
        self.engine = engine
        self.tracking = dialect.change_tracking if changes == "change tracking" else None
        """The server's own account of what was changed, where it is used instead of triggers."""
        self.compares = changes != "triggers"
        """Whether changes of rows are looked for, since there are no triggers."""
        if changes == "change tracking" and self.tracking is None:
            raise ConfigError(
                "[database] changes: change tracking is SQL Server's; write `triggers` or `modified` for this database"
            )
        self.dialect = dialect
        self._timezone = timezone
        self._organisation = organisation
        self._to_phone = to_phone
        self._mapped: dict[str, MappedEntity] = {}
        self._entities: Mapping[str, Entity] = {}
        self._known: Schema | None = None
        self._links: dict[str, str] = {}
        self._by_table: Mapping[str, Sequence[MappedEntity]] = {}
        self._has_log = False
        self.contested: frozenset[str] = frozenset()
        """Claims that another writer had when they were last wanted."""
        self._schema: tuple[object, Schema] | None = None

    def schema(self, tables: Collection[str] | None = None) -> Schema:
        """What the database says of these tables, or of all; those that are not there are left out. Asked again only
        when it has changed."""
        with self.dialect.errors(), self.engine.connect() as connection:
            version = self.dialect.schema_version(connection)
        if self._schema is None or version is None or self._schema[0] != version:
            self._schema = (version, read_schema(self.engine, self.dialect))
        schema = self._schema[1]
        if tables is None:
            return schema
        named = (self.table(name, schema) for name in tables)
        return Schema(tuple({table.full: table for table in named if table is not None}.values()))

    def table(self, name: str, schema: Schema | None = None) -> TableInfo | None:
        """A table by the name that rules give it."""
        schema = schema or self.schema()
        return schema.table(name) or schema.table(self.dialect.table(name))

    def place(self, table: TableInfo) -> str:
        """The name of a table as SQL writes it."""
        own = self.dialect.quoted(table.name)
        return f"{self.dialect.quoted(table.schema)}.{own}" if table.schema else own

    def link_place(self, name: str) -> str:
        """The same of a link table, by the name that rules give it."""
        return self._links.get(name) or self.dialect.quoted(self.dialect.table(name))

    def link_keys(self, link: LinkTable) -> Mapping[str, Callable[[], str]]:
        """The columns of a link table's own key that mxsync has to fill, and what makes their values."""
        table = self.table(link.table)
        columns = (link.own_column, link.target_column)
        return missing_keys(table, columns, table.primary_key) if table is not None else {}

    def entity(self, name: str) -> Entity:
        """One of the entities in use."""
        return self._mapped[name].entity

    def entities(self) -> Collection[Entity]:
        """All entities in use."""
        return [mapped.entity for mapped in self._mapped.values()]

    def entities_in(self, table: str) -> Sequence[MappedEntity]:
        """The entities in a table (as `TableInfo.full` names it) that know its rows by the key that is logged."""
        return self._by_table.get(table, ())

    def watched_entities(self) -> Sequence[MappedEntity]:
        """One entity of each table whose changes are of interest."""
        return [entities[0] for _, entities in sorted(self._by_table.items())]

    def has_log(self, connection: Connection) -> bool:
        """Whether the change log is installed; before the first pass it is not. Asked until it is."""
        if not self._has_log:
            place = self.dialect.state_schema or None
            self._has_log = connection.dialect.has_table(connection, "mxsync_changes", schema=place)
        return self._has_log

    def signature(self, connection: Connection) -> str:
        """What stands before each statement that writes rows in this connection's transaction."""
        return self.tracking.signature(str(connection.info.get(WRITER, ""))) if self.tracking is not None else ""

    def mapped(self, name: str) -> MappedEntity:
        """The same, with its tables."""
        return self._mapped[name]

    def use(self, entities: Mapping[str, Entity]) -> None:
        """From now on these are the entities."""
        schema = self.schema()
        links: dict[str, str] = {}
        for name in {link.table for entity in entities.values() for link in entity.links}:
            table = self.table(name, schema)
            if table is not None:
                links[name] = self.place(table)
        with self.dialect.errors(), self.engine.connect() as connection:
            mapped = {name: self._map(entity, schema, connection) for name, entity in entities.items()}
        self._mapped, self._links = mapped, links
        self._entities, self._known = entities, schema
        by_table: dict[str, list[MappedEntity]] = {}
        for each in mapped.values():
            there = by_table.setdefault(each.table.full, [])
            if not there or there[0].entity.key == each.entity.key:
                there.append(each)
        self._by_table = by_table

    def follow(self) -> None:
        """Takes the entities in use anew when the schema has moved since. Raises `SchemaMismatch` when one of them has
        lost a table or a column."""
        if self._mapped and self.schema() is not self._known:
            self.use(self._entities)

    def _map(self, entity: Entity, schema: Schema, connection: Connection) -> MappedEntity:
        entity, table = as_named(entity, lambda name: self.table(name, schema))
        fitting = Fitting(entity, table, self._timezone, self._organisation, self._to_phone)
        fields = fitting.fields
        used = list(
            dict.fromkeys([*entity.key, *(column.name for field in fields.values() for column in field.columns)])
        )
        heavy = {column.name for name, field in fields.items() if name == "body" for column in field.columns}
        where = "".join(f" AND t.{self.dialect.quoted(column)} = ?" for column, _ in entity.where)
        return MappedEntity(
            entity=entity,
            table=table,
            sql=self.place(table),
            fitting=fitting,
            fields=fields,
            read=tuple(used),
            brief=tuple(column for column in used if column not in heavy),
            folded=self.dialect.finds_without_case(connection, table),
            where=where,
            where_values=tuple(literal(value) for _, value in entity.where),
        )

    def fit(self, entity: str, values: Mapping[str, RecordValue], *, new: bool) -> Fitted:
        """A row's values converted for its columns."""
        return self._mapped[entity].fitting(values, new=new)

    def fitting(self, entity: str) -> Fitting:
        """The same of one entity, to be sent elsewhere."""
        return self._mapped[entity].fitting

    def read_back(self, entity: str, columns: Mapping[str, object]) -> Mapping[str, RecordValue]:
        """Driver values as the values of those fields whose columns are all given."""
        there = {
            name: field
            for name, field in self._mapped[entity].fields.items()
            if all(column.name in columns for column in field.columns)
        }
        places = {name: number for number, name in enumerate(columns)}
        return values_reader(there, places)(tuple(columns.values()))

    def limits(self, entity: str) -> Mapping[str, int]:
        """How many characters the columns of a field hold, where that is limited."""
        return column_limits(self._mapped[entity])

    def unit(self, connection: Connection) -> SqlUnit:
        """The tables in a connection's transaction."""
        return SqlUnit(self, connection)
