"""Values as SQL Server's drivers give them, made the same as on every other database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final
from uuid import UUID


def plain(row: Sequence[Any]) -> tuple[Any, ...]:
    """A row with its dates and times as texts, as their columns hold them; what has an offset in UTC."""
    return tuple(value if type(value) in _AS_THEY_ARE else _plain(value) for value in row)


_AS_THEY_ARE: Final = frozenset({str, int, float, bool, type(None)})


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            if value.tzinfo is not None:
                return value.astimezone(UTC).isoformat(" ")
            text = value.isoformat(" ")
            return text.rstrip("0") if "." in text else text
        case date() | time():
            return value.isoformat()
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case UUID():
            return str(value).upper()  # as pyodbc gives it, and as the server writes it into the change log
        case bytearray() | memoryview():
            return bytes(value)
    return value
