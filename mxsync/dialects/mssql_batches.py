"""A statement for each of many rows, as SQL Server takes them: in batches of a few hundred.

pyodbc sends each row by itself, and in its fast mode, as mssql-python does always, it finds one type for all values of
a column. In a batch each value has its own type, as in a statement for one row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from mxsync.dialects.qmark import with_nulls
from mxsync.dialects.statements import chunks

MOST_VALUES: Final = 1900
"""How many values go in one batch of statements; SQL Server takes 2100."""
_MOST_STATEMENTS: Final = 500
FIRST: Final = (
    "SET NOCOUNT ON;",
    "SET XACT_ABORT ON;",  # for this batch: nothing follows a row that was refused, and no answer is left unread
)
"""What every batch of statements begins with."""


def run_each(cursor: Any, statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """See `Dialect`. The first row that is refused ends the batch and its transaction."""
    for part in _parts(rows):
        lines = _each(statement, part)
        cursor.execute("\n".join([*FIRST, *lines]), _values(part))
        while cursor.nextset():  # a trigger may answer, and what is refused behind it is told only here
            pass


def change_each(cursor: Any, statement: str, rows: Sequence[Sequence[Any]]) -> list[bool]:
    """See `Dialect`. What a trigger does does not count: @@ROWCOUNT is that of the statement before it."""
    found: list[bool] = []
    for part in _parts(rows):
        lines = [*FIRST, "DECLARE @met TABLE (n INT);"]
        for number, line in enumerate(_each(statement, part)):
            lines += [line, f"INSERT INTO @met (n) SELECT {number} WHERE @@ROWCOUNT > 0;"]
        lines.append("SELECT n FROM @met ORDER BY n;")
        cursor.execute("\n".join(lines), _values(part))
        met = {row[0] for row in cursor.fetchall()}
        found += [number in met for number in range(len(part))]
    return found


def _parts(rows: Sequence[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    width = max((len(row) for row in rows), default=1)
    return chunks(rows, min(_MOST_STATEMENTS, max(1, MOST_VALUES // width)))


def _each(statement: str, rows: Sequence[Sequence[Any]]) -> list[str]:
    """A NULL is written, not bound: of each that is bound the drivers ask the server what it is to be."""
    statement = statement.removesuffix(";")
    places = (tuple(place for place, value in enumerate(row) if value is None) for row in rows)
    return [f"{with_nulls(statement, nulls) if nulls else statement};" for nulls in places]


def _values(rows: Sequence[Sequence[Any]]) -> list[Any]:
    return [value for row in rows for value in row if value is not None]
