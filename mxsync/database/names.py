"""Entities under the names that the database itself uses: rules may write them in another case, and leave a default
schema out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mxsync.errors import SchemaMismatch
from mxsync.model.record import Entity, LinkTable
from mxsync.model.schema import TableInfo


def column_named(table: TableInfo, entity: str, name: str) -> str:
    """The column's own name. Raises `SchemaMismatch` when the table has none such."""
    column = table.column(name)
    if column is None:
        raise SchemaMismatch(f"the table {table.full} has no column {name}, which the entity `{entity}` maps")
    return column.name


def as_named(entity: Entity, find: Callable[[str], TableInfo | None]) -> tuple[Entity, TableInfo]:
    """The entity with the names of its table and columns as they are, and its table. Raises `SchemaMismatch` when one
    of them is not there."""
    table = find(entity.table)
    if table is None:
        raise SchemaMismatch(f"the table {entity.table} of the entity `{entity.name}` is not in the database")

    def own(name: str) -> str:
        return column_named(table, entity.name, name)

    return (
        replace(
            entity,
            key=tuple(own(name) for name in entity.key),
            fields={
                name: replace(field, columns=tuple(own(column) for column in field.columns))
                for name, field in entity.fields.items()
            },
            modified=own(entity.modified) if entity.modified else "",
            where=tuple((own(column), value) for column, value in entity.where),
            fill=tuple((own(column), value) for column, value in entity.fill),
            links=tuple(_link(link, entity.name, find) for link in entity.links),
        ),
        table,
    )


def _link(link: LinkTable, entity: str, find: Callable[[str], TableInfo | None]) -> LinkTable:
    table = find(link.table)
    if table is None:
        raise SchemaMismatch(f"the link table {link.table} of the entity `{entity}` is not in the database")
    return replace(
        link,
        own_column=column_named(table, entity, link.own_column),
        target_column=column_named(table, entity, link.target_column),
    )
