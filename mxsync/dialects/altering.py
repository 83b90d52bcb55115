"""Columns of tracking tables as an older mxsync made them, and as they are to be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table, Text, text
from sqlalchemy.engine.interfaces import Dialect as SqlDialect


def specified(table: Table, column: Column[Any], dialect: SqlDialect, *, empty: str = "") -> str:
    """A column as `CREATE TABLE` writes it. `empty` is the default of a text that was not there before, a number
    then has 0; without it there is no default."""
    default = None
    if empty and not column.nullable:
        default = text("0" if isinstance(column.type, Integer) else empty)
    alone = Column(column.name, column.type, nullable=column.nullable, server_default=default, autoincrement=False)
    Table(table.name, MetaData(), alone, schema=table.schema)
    compiler: Any = dialect.ddl_compiler(dialect, None)  # type: ignore[arg-type]
    return str(compiler.get_column_specification(alone))


def name_of(table: Table, dialect: SqlDialect) -> str:
    """A table's name with its schema, as the database writes it."""
    return str(dialect.identifier_preparer.format_table(table))


def column_name(column: Column[Any], dialect: SqlDialect) -> str:
    """A column's name as the database writes it."""
    return str(dialect.identifier_preparer.format_column(column))


def narrower(found: Mapping[str, Any], column: Column[Any]) -> bool:
    """Whether a column, as SQLAlchemy reflects it, holds fewer characters than its definition says."""
    has, wanted = getattr(found["type"], "length", None), getattr(column.type, "length", None)
    if not isinstance(column.type, String) or isinstance(column.type, Text) or has is None or wanted is None:
        return False
    return bool(0 < has < wanted)
