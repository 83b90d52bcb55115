"""The customer's tables under the entities that the rules map onto them: `mxsync.ports.database.Database`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection, Engine

from mxsync.database.convert import FieldColumns, ToPhone, clean, reader, spread, values_reader, writer, zone_named
from mxsync.database.keys import key_named, missing_keys
from mxsync.database.names import as_named
from mxsync.database.reflect import read_schema
from mxsync.database.unit import SqlUnit
from mxsync.database.walking import column_limits
from mxsync.dialects.base import WRITER, Dialect
from mxsync.errors import BadContent, ConfigError
from mxsync.lang.compile_parts import email_field
from mxsync.model.record import Entity, LinkTable, RecordKey, RecordValue
from mxsync.model.schema import ColumnInfo, ColumnType, Schema, TableInfo
from mxsync.ports.database import Fitted


@dataclass(frozen=True, slots=True)
class MappedEntity:
    """An entity with all that is worked out once. `read` are the columns of a record, `brief` those without a long
    body; `folded` are columns with an index that finds without case."""

    entity: Entity
    table: TableInfo
    sql: str
    fields: Mapping[str, FieldColumns]
    read: tuple[str, ...]
    brief: tuple[str, ...]
    folded: frozenset[str]
    where: str
    where_values: tuple[Any, ...]
    fixed: tuple[tuple[str, Any], ...]


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
        self._zone = zone_named(timezone)
        self._organisation = zone_named(organisation)
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
        exact = {name for names in entity.matched_by for name in names}
        email = email_field(entity)
        fields: dict[str, FieldColumns] = {}
        for name, field in entity.fields.items():
            columns = tuple(_column(table, column) for column in field.columns)
            is_email = name == "email" or (name.endswith("email") and name == email)
            fields[name] = FieldColumns(
                field,
                columns,
                writer(field, columns[0], self._zone, self._organisation, self._to_phone),
                reader(field, columns[0], self._zone, self._organisation),
                is_email,
                name in exact,
            )
        used = list(
            dict.fromkeys([*entity.key, *(column.name for field in fields.values() for column in field.columns)])
        )
        heavy = {column.name for name, field in fields.items() if name == "body" for column in field.columns}
        fixed = tuple((column, _literal(value)) for column, value in entity.where)
        filled = tuple((column, _literal(value)) for column, value in entity.fill)
        where = "".join(f" AND t.{self.dialect.quoted(column)} = ?" for column, _ in fixed)
        return MappedEntity(
            entity=entity,
            table=table,
            sql=self.place(table),
            fields=fields,
            read=tuple(used),
            brief=tuple(column for column in used if column not in heavy),
            folded=self.dialect.finds_without_case(connection, table),
            where=where,
            where_values=tuple(value for _, value in fixed),
            fixed=(*fixed, *filled),
        )

    def fit(self, entity: str, values: Mapping[str, RecordValue], *, new: bool) -> Fitted:
        """A row's values converted for its columns."""
        mapped = self._mapped[entity]
        columns: dict[str, object] = dict(mapped.fixed) if new else {}
        notes: list[str] = []
        cut: set[str] = set()
        for name, value in values.items():
            field = mapped.fields.get(name)
            if field is None:
                continue
            if len(field.columns) == 1:
                column = field.columns[0]
                if column.generated and column.name not in mapped.table.primary_key:
                    continue  # the database works it out
                columns[column.name] = self._fitted(mapped, field, column, value, notes, cut)
                continue
            parts = spread(value)
            if len(parts) > len(field.columns):
                notes.append(f"`{name}` has {len(parts)} values and {len(field.columns)} columns: the rest is left out")
            for number, column in enumerate(field.columns):
                part = parts[number] if number < len(parts) else None
                columns[column.name] = self._fitted(mapped, field, column, part, notes, cut)
        return Fitted(entity, columns, tuple(notes), frozenset(cut))

    def read_back(self, entity: str, columns: Mapping[str, object]) -> Mapping[str, RecordValue]:
        """Driver values as the values of those fields whose columns are all given."""
        there = {
            name: field
            for name, field in self._mapped[entity].fields.items()
            if all(column.name in columns for column in field.columns)
        }
        places = {name: number for number, name in enumerate(columns)}
        return values_reader(there, places)(tuple(columns.values()))

    def _fitted(
        self, mapped: MappedEntity, field: FieldColumns, column: ColumnInfo, value: Any, notes: list[str], cut: set[str]
    ) -> object:
        if isinstance(value, tuple) and len(field.columns) == 1 and field.field.references:
            value = value[0] if value else None
        if value is None:
            return None
        written = field.write(value)
        if isinstance(written, str):
            if column.guid is not None:
                written = column.guid.written(written)  # as it is read: else it would be taken for a change
            if column.length is not None and len(written) > column.length and column.type is ColumnType.TEXT:
                if field.exact or column.name in mapped.table.primary_key:
                    raise BadContent(
                        f"`{field.field.name}` has {len(written)} characters and {mapped.table.name}.{column.name} "
                        f"holds {column.length}: rows are matched by it, so it is not cut. Widen the column"
                    )
                notes.append(
                    f"`{field.field.name}` was cut from {len(written)} to {column.length} characters for "
                    f"{mapped.table.name}.{column.name}"
                )
                cut.add(field.field.name)
                written = clean(written[: column.length])
        elif isinstance(written, int) and not -(2**63) <= written < 2**63:
            raise BadContent(f"`{field.field.name}` is a number too large for {mapped.table.name}.{column.name}")
        return written

    def key_named(self, entity: str, text: str) -> RecordKey:
        """A row's key as a person writes it."""
        return key_named(self._mapped[entity], text) or RecordKey(entity, text)

    def limits(self, entity: str) -> Mapping[str, int]:
        """How many characters the columns of a field hold, where that is limited."""
        return column_limits(self._mapped[entity])

    def unit(self, connection: Connection) -> SqlUnit:
        """The tables in a connection's transaction."""
        return SqlUnit(self, connection)


def _column(table: TableInfo, name: str) -> ColumnInfo:
    return next(column for column in table.columns if column.name == name)


def _literal(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
