"""The values of an entity's fields, converted for the columns of its table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mxsync.database.convert import FieldColumns, ToPhone, clean, reader, spread, writer, zone_named
from mxsync.errors import BadContent
from mxsync.lang.compile_parts import email_field
from mxsync.model.record import Entity, RecordValue
from mxsync.model.schema import ColumnInfo, ColumnType, TableInfo
from mxsync.ports.database import Fitted


class Fitting:
    """`mxsync.ports.database.Fit` of one entity, whose columns are named as its table has them. `timezone` is that of
    the columns, `organisation` the customer's own. It can be sent to another process, where it is made anew: so
    `to_phone` has to be a function that can be sent."""

    def __init__(self, entity: Entity, table: TableInfo, timezone: str, organisation: str, to_phone: ToPhone) -> None:
        self._made_of = (entity, table, timezone, organisation, to_phone)
        self._entity = entity.name
        self._table = table
        self.fields: Mapping[str, FieldColumns] = _field_columns(*self._made_of)
        self._fixed = {column: literal(value) for column, value in (*entity.where, *entity.fill)}

    def __reduce__(self) -> tuple[object, ...]:
        return Fitting, self._made_of

    def __call__(self, values: Mapping[str, RecordValue], *, new: bool) -> Fitted:
        """See `Fit`."""
        columns: dict[str, object] = dict(self._fixed) if new else {}
        notes: list[str] = []
        cut: set[str] = set()
        for name, value in values.items():
            field = self.fields.get(name)
            if field is None:
                continue
            if len(field.columns) == 1:
                column = field.columns[0]
                if column.generated and column.name not in self._table.primary_key:
                    continue  # the database works it out
                columns[column.name] = self._fitted(field, column, value, notes, cut)
                continue
            parts = spread(value)
            if len(parts) > len(field.columns):
                notes.append(f"`{name}` has {len(parts)} values and {len(field.columns)} columns: the rest is left out")
            for number, column in enumerate(field.columns):
                part = parts[number] if number < len(parts) else None
                columns[column.name] = self._fitted(field, column, part, notes, cut)
        return Fitted(self._entity, columns, tuple(notes), frozenset(cut))

    def _fitted(self, field: FieldColumns, column: ColumnInfo, value: Any, notes: list[str], cut: set[str]) -> object:
        table = self._table
        if isinstance(value, tuple) and len(field.columns) == 1 and field.field.references:
            value = value[0] if value else None
        if value is None:
            return None
        written = field.write(value)
        if isinstance(written, str):
            if column.length is not None and len(written) > column.length and column.type is ColumnType.TEXT:
                if field.exact or column.name in table.primary_key:
                    raise BadContent(
                        f"`{field.field.name}` has {len(written)} characters and {table.name}.{column.name} "
                        f"holds {column.length}: rows are matched by it, so it is not cut. Widen the column"
                    )
                notes.append(
                    f"`{field.field.name}` was cut from {len(written)} to {column.length} characters for "
                    f"{table.name}.{column.name}"
                )
                cut.add(field.field.name)
                written = clean(written[: column.length])
        elif isinstance(written, int) and not -(2**63) <= written < 2**63:
            raise BadContent(f"`{field.field.name}` is a number too large for {table.name}.{column.name}")
        return written


def _field_columns(
    entity: Entity, table: TableInfo, timezone: str, organisation: str, to_phone: ToPhone
) -> dict[str, FieldColumns]:
    exact = {name for names in entity.matched_by for name in names}
    email = email_field(entity)
    zone, home = zone_named(timezone), zone_named(organisation)
    fields: dict[str, FieldColumns] = {}
    for name, field in entity.fields.items():
        columns = tuple(_column(table, column) for column in field.columns)
        fields[name] = FieldColumns(
            field,
            columns,
            writer(field, columns[0], zone, home, to_phone),
            reader(field, columns[0], zone, home),
            name == "email" or (name.endswith("email") and name == email),
            name in exact,
        )
    return fields


def _column(table: TableInfo, name: str) -> ColumnInfo:
    return next(column for column in table.columns if column.name == name)


def literal(value: Any) -> Any:
    """A value that the rules give for a column, as the driver takes it."""
    if isinstance(value, bool):
        return int(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
