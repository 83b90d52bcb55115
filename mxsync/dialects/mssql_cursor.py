"""mssql-python's cursor for many rows at once, as it has to be for texts that are not all ASCII.

The driver takes the longest text of a column for all of it: where that one is ASCII, the whole column is sent as
VARCHAR, in which the server loses what its code page has not (mssql-python 1.16, `Cursor._compute_column_type`); and it
counts characters where UTF-16 has two units, so that a text with emoji may not fit and is refused. So the sizes are
given here, and what cannot be given is sent row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

WVARCHAR: Final = -9
BIGINT: Final = -5
DOUBLE: Final = 8
"""ODBC's numbers of types."""
_INLINE: Final = 4000
"""UTF-16 units of a text that is no NVARCHAR(MAX)."""

Size = tuple[int, int, int]
"""Type, size, digits, as `Cursor.setinputsizes` takes them."""


def sizes_of(rows: Sequence[Sequence[Any]]) -> list[Size] | None:
    """The sizes of all columns; none where the driver finds them by itself, None where it has to be told row by row."""
    if all(text.isascii() for row in rows for text in row if isinstance(text, str)):
        return []
    found = [_size([value for value in column if value is not None]) for column in zip(*rows, strict=True)]
    sizes = [size for size in found if size is not None]
    return sizes if len(sizes) == len(found) else None


def _size(values: Sequence[Any]) -> Size | None:
    kinds = {type(value) for value in values}
    if kinds == {str}:
        width = max(1, *map(_units, values))
        return (WVARCHAR, width, 0) if width <= _INLINE else None
    if kinds and kinds <= {int, bool}:
        return BIGINT, 0, 0
    if kinds and kinds <= {int, bool, float}:
        return DOUBLE, 0, 0
    return None  # nothing but NULL: for one row the driver asks the server what it is


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


@cache
def connection_class(driver: Any) -> type[Any]:
    """The class of the driver's connections, with such cursors."""

    class Cursor(driver.Cursor):  # type: ignore[misc]  # the driver is not there where it is not used
        """See above."""

        def executemany(self, operation: str, seq_of_parameters: Iterable[Sequence[Any]]) -> None:
            """See `mssql_python.Cursor`."""
            rows = list(seq_of_parameters)
            sizes = sizes_of(rows)
            if sizes is None:
                for row in rows:
                    self.execute(operation, row)
                return
            if sizes:
                self.setinputsizes(sizes)
            super().executemany(operation, rows)

    class Connection(driver.Connection):  # type: ignore[misc]
        """See above."""

        def cursor(self) -> Any:
            """See `mssql_python.Connection`."""
            made = super().cursor()
            made.__class__ = Cursor  # the driver cannot be told of which class it is to make them
            return made

    return Connection
