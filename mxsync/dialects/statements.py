"""Values by the hundred: in lists that a statement can bind, and a statement for each of many rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

T = TypeVar("T")


def chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """`values` in lists of at most `size`."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


def one_by_one(cursor: Any, statement: str, rows: Iterable[Sequence[Any]]) -> list[bool]:
    """Executes a statement for each of the rows with the driver's cursor; of each, whether it changed anything."""
    found = []
    for row in rows:
        cursor.execute(statement, row)
        found.append(cursor.rowcount > 0)
    return found
