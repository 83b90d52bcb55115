"""Values as psycopg gives and takes them, so that they are the same as on every other database.

Dates and times are read as texts, as their columns hold them; what has an offset is read in UTC. Whole numbers are
given to the server without a type: it takes them for that of the column, which may be a text or yes and no.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.adapt import Dumper, Loader
from psycopg.types.string import TextLoader

from mxsync.dialects.qmark import as_format


class QmarkCursor(psycopg.Cursor[Any]):
    """A cursor that takes `?` where a value is bound."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """See psycopg."""
        if not params:
            return super().execute(query, **options)
        return super().execute(as_format(query), params, **options)

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> Any:
        """See psycopg: in a pipeline, so that the rows do not wait for each other's answers. A plain statement ends it:
        what psycopg sends after a pipeline stops the server's clock of silent transactions, and a process that froze
        there would keep its rows locked for ever."""
        done = super().executemany(as_format(query), params_seq, **options)
        self.connection.cursor().execute("SELECT 1")
        return done


class _Whole(Dumper):
    def dump(self, obj: Any) -> bytes:
        return str(int(obj)).encode()


class _Moment(Loader):
    """In UTC, which the session's time zone is: '2026-11-24 10:00:00+00:00'."""

    def load(self, data: Any) -> str:
        text = bytes(data).decode()
        return f"{text}:00" if text.endswith("+00") else text


class _Number(Loader):
    def load(self, data: Any) -> int | float:
        text = bytes(data).decode()
        return int(text) if text.lstrip("-").isdigit() else float(text)


class _Padded(Loader):
    """CHAR(n) is filled with blanks, which are no part of the value."""

    def load(self, data: Any) -> str:
        return bytes(data).decode().rstrip(" ")


def adapt(connection: Any) -> None:
    """Makes a connection of psycopg read and write so."""
    adapters = connection.adapters
    for name in ("timestamp", "date", "time", "timetz", "interval", "uuid", "json", "jsonb"):
        adapters.register_loader(name, TextLoader)
    adapters.register_loader("timestamptz", _Moment)
    adapters.register_loader("numeric", _Number)
    adapters.register_loader("bpchar", _Padded)
    adapters.register_dumper(int, _Whole)
    adapters.register_dumper(bool, _Whole)
