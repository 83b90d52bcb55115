"""A look at the data of tables that nobody has mapped yet: the first rows, and nothing kept of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import column, select, table

from mxsync.dialects import dialect_of
from mxsync.errors import ServerError, StateError
from mxsync.model.schema import ColumnType, Schema

ROWS = 200
"""Rows of each table that are looked at: enough to tell an address from a name, and quick on any table."""

Sample = Mapping[tuple[str, str], Sequence[object]]
"""(table, column) to the values of its first rows, those that are empty left out."""


def sample(url: str, schema: Schema, base: Path | None = None) -> Sample:
    """The first rows of each table. One that may not be read is left out: what is not seen is guessed by its name."""
    dialect = dialect_of(url)
    engine = dialect.open(url, base=base or Path())
    found: dict[tuple[str, str], Sequence[object]] = {}
    try:
        with dialect.errors(), engine.connect() as connection:
            for each in schema.tables:
                names = [own.name for own in each.columns if own.type is not ColumnType.BINARY]
                if not names:
                    continue
                columns: list[Any] = [column(name) for name in names]
                question = select(*columns).select_from(table(each.name, schema=each.schema or None)).limit(ROWS)
                try:
                    with dialect.errors():
                        rows = connection.execute(question).fetchall()
                except (ServerError, StateError):
                    connection.rollback()
                    continue
                for place, name in enumerate(names):
                    found[each.name, name] = [row[place] for row in rows if row[place] not in (None, "")]
    finally:
        engine.dispose()
    return found
