"""The tracking tables as SQL Server needs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import NVARCHAR, Column, Index, MetaData, String, Table, Text, Unicode
from sqlalchemy.dialects.mssql import NTEXT
from sqlalchemy.engine.interfaces import Dialect as SqlDialect
from sqlalchemy.schema import CreateTable

from mxsync.dialects.altering import column_name, name_of, narrower, specified

_COLLATION: Final = "Latin1_General_100_BIN2"


def for_mssql(tables: MetaData) -> MetaData:
    """The tracking tables with texts in Unicode that compare letter by letter."""
    found = MetaData()
    for table in tables.sorted_tables:
        columns: list[Column[Any]] = []
        for column in table.columns:
            kind: Any = column.type
            if isinstance(kind, Text):
                kind = NVARCHAR()  # of any length, and comparable, which NTEXT is not
            elif isinstance(kind, String):
                kind = Unicode(kind.length, collation=_COLLATION)
            columns.append(
                Column(
                    column.name,
                    kind,
                    primary_key=column.primary_key,
                    nullable=column.nullable,
                    unique=column.unique,
                    autoincrement=column.autoincrement,
                )
            )
        made = Table(table.name, found, *columns)
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            Index(index.name, *(made.c[column.name] for column in index.columns))
    return found


def reshaped(
    table: Table, column: Column[Any], found: Mapping[str, Any], key: str, dialect: SqlDialect
) -> Sequence[str]:
    """See `mxsync.dialects.base.Dialect`."""
    name = name_of(table, dialect)
    if "identity" in found and column.autoincrement is False:
        # Version 2 made it an IDENTITY column, into which no number of ours goes: there cannot be a row in it.
        return f"DROP TABLE {name}", str(CreateTable(table).compile(dialect=dialect)).strip()
    if not narrower(found, column) and not isinstance(found["type"], NTEXT):
        return ()
    alter = f"ALTER TABLE {name} ALTER COLUMN {specified(table, column, dialect)}"
    if not column.primary_key:
        return (alter,)
    columns = ", ".join(column_name(each, dialect) for each in table.primary_key.columns)
    quoted = dialect.identifier_preparer.quote(key)  # a column of a primary key is as long as it is
    return f"ALTER TABLE {name} DROP CONSTRAINT {quoted}", alter, f"ALTER TABLE {name} ADD PRIMARY KEY ({columns})"
