"""Statements that are used for every page, compiled once from the tables' definitions.

They are run through the driver with lists of plain tuples: for thousands of rows that is several times quicker than
building parameter mappings, and the text still comes from Core, so every name is quoted by the dialect.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite

T = TypeVar("T")

CHUNK = 400
"""Parameters in one list of a question: below the oldest SQLite's 999."""


def upsert(table: Table, columns: Sequence[str]) -> str:
    """INSERT of `columns`, or UPDATE of those that are not the key."""
    keys = [column.name for column in table.primary_key.columns]
    statement = sqlite.insert(table)
    others = {name: statement.excluded[name] for name in columns if name not in keys}
    complete = statement.values(dict.fromkeys(columns)).on_conflict_do_update(index_elements=keys, set_=others)
    return str(complete.compile(dialect=sqlite.dialect(paramstyle="qmark"), column_keys=list(columns)))


def insert(table: Table, columns: Sequence[str], *, ignore: bool = False) -> str:
    """INSERT of `columns`; with `ignore` what is there already stays."""
    statement = sqlite.insert(table).values(dict.fromkeys(columns))
    if ignore:
        statement = statement.on_conflict_do_nothing()
    return str(statement.compile(dialect=sqlite.dialect(paramstyle="qmark"), column_keys=list(columns)))


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """`values` in lists of at most `size`."""
    chunk: list[T] = []
    for value in values:
        chunk.append(value)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def marks(count: int) -> str:
    """'?, ?, ?'"""
    return ", ".join("?" * count)
