"""The customer's tables under the entities that the rules map onto them: `mxsync.ports.database.Database`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection, Engine

from mxsync.database.convert import FieldColumns, ToPhone, clean, reader, spread, writer, zone_named
from mxsync.database.reflect import read_schema
from mxsync.database.unit import SqlUnit
from mxsync.database.walking import column_limits, key_named
from mxsync.dialects.base import Dialect
from mxsync.errors import BadContent, SchemaMismatch
from mxsync.lang.compile_parts import email_field
from mxsync.model.record import Entity, RecordKey, RecordValue
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
        self, engine: Engine, dialect: Dialect, *, timezone: str, to_phone: ToPhone, organisation: str = "UTC"
    ) -> None:
        self.engine = engine
        self.dialect = dialect
        self._zone = zone_named(timezone)
        self._organisation = zone_named(organisation)
        self._to_phone = to_phone
        self._mapped: dict[str, MappedEntity] = {}
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
        wanted = {self.dialect.table(name).casefold() for name in tables}
        return Schema(tuple(table for table in schema.tables if table.name.casefold() in wanted))

    def entity(self, name: str) -> Entity:
        """One of the entities in use."""
        return self._mapped[name].entity

    def entities(self) -> Collection[Entity]:
        """All entities in use."""
        return [mapped.entity for mapped in self._mapped.values()]

    def mapped(self, name: str) -> MappedEntity:
        """The same, with its tables."""
        return self._mapped[name]

    def use(self, entities: Mapping[str, Entity]) -> None:
        """From now on these are the entities."""
        wanted = {entity.table for entity in entities.values()}
        schema = self.schema(wanted)
        with self.dialect.errors(), self.engine.connect() as connection:
            mapped = {name: self._map(entity, schema, connection) for name, entity in entities.items()}
        self._mapped = mapped

    def _map(self, entity: Entity, schema: Schema, connection: Connection) -> MappedEntity:
        table = schema.table(entity.table) or schema.table(self.dialect.table(entity.table))
        if table is None:
            raise SchemaMismatch(f"the table {entity.table} of the entity `{entity.name}` is not in the database")
        exact = {name for names in entity.matched_by for name in names}
        email = email_field(entity)
        fields: dict[str, FieldColumns] = {}
        for name, field in entity.fields.items():
            columns = tuple(self._column(table, entity, column) for column in field.columns)
            is_email = name == "email" or (name.endswith("email") and name == email)
            fields[name] = FieldColumns(
                field,
                columns,
                writer(field, columns[0], self._zone, self._organisation, self._to_phone),
                reader(field, columns[0], self._zone, self._organisation),
                is_email,
                name in exact,
            )
        keys = [self._column(table, entity, column).name for column in entity.key]
        used = list(dict.fromkeys([*keys, *(column.name for field in fields.values() for column in field.columns)]))
        heavy = {column.name for name, field in fields.items() if name == "body" for column in field.columns}
        fixed = tuple((self._column(table, entity, column).name, _literal(value)) for column, value in entity.where)
        filled = tuple((self._column(table, entity, column).name, _literal(value)) for column, value in entity.fill)
        where = "".join(f" AND t.{self.dialect.quoted(column)} = ?" for column, _ in fixed)
        return MappedEntity(
            entity=entity,
            table=table,
            sql=self.dialect.quoted(table.name),
            fields=fields,
            read=tuple(used),
            brief=tuple(column for column in used if column not in heavy),
            folded=self.dialect.finds_without_case(connection, table.name),
            where=where,
            where_values=tuple(value for _, value in fixed),
            fixed=(*fixed, *filled),
        )

    @staticmethod
    def _column(table: TableInfo, entity: Entity, name: str) -> ColumnInfo:
        column = table.column(name)
        if column is None:
            raise SchemaMismatch(f"the table {table.name} has no column {name}, which the entity `{entity.name}` maps")
        return column

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
                columns[field.columns[0].name] = self._fitted(mapped, field, field.columns[0], value, notes, cut)
                continue
            parts = spread(value)
            if len(parts) > len(field.columns):
                notes.append(f"`{name}` has {len(parts)} values and {len(field.columns)} columns: the rest is left out")
            for number, column in enumerate(field.columns):
                part = parts[number] if number < len(parts) else None
                columns[column.name] = self._fitted(mapped, field, column, part, notes, cut)
        return Fitted(entity, columns, tuple(notes), frozenset(cut))

    def _fitted(
        self, mapped: MappedEntity, field: FieldColumns, column: ColumnInfo, value: Any, notes: list[str], cut: set[str]
    ) -> object:
        if isinstance(value, tuple) and len(field.columns) == 1 and field.field.references:
            value = value[0] if value else None
        written = field.write(value) if value is not None else None
        if isinstance(written, str):
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

    def limits(self, entity: str) -> Mapping[str, int]:
        """How many characters the columns of a field hold, where that is limited."""
        return column_limits(self._mapped[entity])

    def entities_of(self, table: str) -> Sequence[str]:
        """The entities whose rows lie in a table."""
        folded = table.casefold()
        return [name for name, mapped in self._mapped.items() if mapped.table.name.casefold() == folded]

    def key_named(self, entity: str, text: str) -> RecordKey | None:
        """A row's key from its text in the change log."""
        return key_named(self._mapped[entity], text)

    def unit(self, connection: Connection) -> SqlUnit:
        """The tables in a connection's transaction."""
        return SqlUnit(self, connection)


def _literal(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
