"""Values as PyMySQL gives and takes them, so that they are the same as on every other database: dates and times as
texts, as their columns hold them."""

from __future__ import annotations

from typing import Any

from pymysql.constants import FIELD_TYPE
from pymysql.converters import conversions
from pymysql.cursors import RE_INSERT_VALUES, Cursor

from mxsync.dialects.qmark import as_format


class QmarkCursor(Cursor):
    """A cursor that takes `?` where a value is bound."""

    def execute(self, query: str, args: Any = None) -> int:
        """See PyMySQL."""
        return super().execute(as_format(query), args) if args else super().execute(query)

    def executemany(self, query: str, args: Any) -> int | None:
        """Rows of an INSERT go in one statement; anything else is executed one by one (and translated there)."""
        translated = as_format(query)
        return super().executemany(translated if RE_INSERT_VALUES.match(translated) else query, args)


def _moment(text: str | bytes) -> str | None:
    """Without a fraction of nothing; MySQL's '0000-00-00' is no day."""
    value = text.decode() if isinstance(text, bytes) else text
    if value.startswith("0000-00-00"):
        return None
    return value.rstrip("0").rstrip(".") if "." in value else value


def _number(text: str | bytes) -> int | float:
    value = text.decode() if isinstance(text, bytes) else text
    return int(value) if value.lstrip("-").isdigit() else float(value)


def _bits(value: bytes) -> int:
    return int.from_bytes(value, "big")


CONVERSIONS: dict[Any, Any] = {
    **conversions,
    FIELD_TYPE.DATETIME: _moment,
    FIELD_TYPE.TIMESTAMP: _moment,
    FIELD_TYPE.DATE: _moment,
    FIELD_TYPE.TIME: _moment,
    FIELD_TYPE.DECIMAL: _number,
    FIELD_TYPE.NEWDECIMAL: _number,
    FIELD_TYPE.BIT: _bits,
}
"""For the driver's `conv`."""
