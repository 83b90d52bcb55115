"""Changes without triggers: rows are compared with what was seen of them last.

A row that was changed has a younger `modified`; its columns are read and compared by a digest, so that a second change
within the same second is seen. Columns without such a time are all read. Rows that are gone are those whose key was
seen and is not there: keys are compared only when there are more or fewer of them than were seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from mxsync.dialects.base import marks
from mxsync.dialects.changes import COLUMNS, SEPARATOR
from mxsync.model.schema import ColumnType

if TYPE_CHECKING:
    from mxsync.database.tables import MappedEntity, SqlDatabase

_MARGIN = timedelta(minutes=15)
"""How long before the youngest time that was seen a transaction may have begun that had not committed then."""
_MARK = ""
"""The key under which the youngest time of a table is kept."""


def compare_with_seen(database: SqlDatabase, connection: Connection) -> None:
    """Writes what has changed since the last time into the table of changes, as triggers would. The first comparison of
    a table only remembers."""
    for mapped in database.watched_entities():
        _Comparison(database, connection, mapped).run()


class _Comparison:
    """One table."""

    def __init__(self, database: SqlDatabase, connection: Connection, mapped: MappedEntity) -> None:
        self._connection = connection
        self._plain: Callable[[Sequence[Any]], Sequence[Any]] = database.dialect.plain
        self._quoted = database.dialect.quoted
        self._most = database.dialect.most_values
        self._mapped = mapped
        self._name = mapped.table.full
        read = [name for each in database.entities_in(mapped.table.full) for name in each.read]
        column = mapped.table.column(mapped.entity.modified) if mapped.entity.modified else None
        self._modified = column.name if column is not None and column.type is ColumnType.MOMENT else ""
        self._columns = list(dict.fromkeys([*read, *([self._modified] if self._modified else [])]))

    def run(self) -> None:
        """Reads, compares, writes."""
        marked = self._seen([_MARK])
        last = marked.get(_MARK, "")
        rows = dict(self._rows(self._since(last)))
        seen = self._seen(rows)
        changed = {key: stamp for key, stamp in rows.items() if seen.get(key) != stamp}
        found = [(key, "UPDATE" if key in seen else "INSERT") for key in changed]
        self._remember(changed)
        if self._count() != self._count_seen():
            gone, new = self._sweep()
            self._forget(gone)
            fresh = dict(self._rows(new))
            self._remember(fresh)
            found += [(key, "DELETE") for key in gone] + [(key, "INSERT") for key in fresh]
        if marked:
            self._tell(found)
        youngest = self._youngest()
        if youngest != last or not marked:
            self._remember({_MARK: youngest})

    # ------------------------------------------------------------ the customer's table

    def _rows(self, which: tuple[str, Sequence[Any]] | Sequence[str]) -> Iterator[tuple[str, str]]:
        """(key, digest of the mapped columns) of rows: those of a condition, or those with these keys."""
        if isinstance(which, tuple):
            yield from self._digests(*which)
            return
        parts = [key.split(SEPARATOR) for key in which]
        one = "(" + " AND ".join(f"t.{self._quoted(column)} = ?" for column in self._mapped.entity.key) + ")"
        size = max(1, self._most // len(self._mapped.entity.key))
        for start in range(0, len(parts), size):
            part = parts[start : start + size]
            yield from self._digests(" OR ".join([one] * len(part)), [value for key in part for value in key])

    def _digests(self, condition: str, values: Sequence[Any]) -> Iterator[tuple[str, str]]:
        own = self._mapped.entity.key
        names = [*own, *self._columns]
        columns = ", ".join(f"t.{self._quoted(name)}" for name in names)
        rows = self._connection.exec_driver_sql(
            f"SELECT {columns} FROM {self._mapped.sql} t WHERE {condition}",  # noqa: S608
            tuple(values),
        )
        for row in map(self._plain, rows.fetchall()):
            digest = hashlib.sha256(repr(tuple(row)).encode(errors="surrogatepass")).hexdigest()
            yield SEPARATOR.join(map(str, row[: len(own)])), digest[:40]

    def _since(self, last: str) -> tuple[str, Sequence[Any]]:
        if not self._modified or not last:
            return "1 = 1", ()
        name = f"t.{self._quoted(self._modified)}"
        begin = datetime.fromisoformat(last) - _MARGIN
        text = begin.isoformat(" ", timespec="seconds")
        return f"({name} >= ? OR {name} IS NULL)", (text,)

    def _youngest(self) -> str:
        if not self._modified:
            return "-"
        found = self._connection.exec_driver_sql(
            f"SELECT MAX(t.{self._quoted(self._modified)}) FROM {self._mapped.sql} t"  # noqa: S608
        ).first()
        return str(self._plain(tuple(found))[0] or "") if found is not None else ""

    def _count(self) -> int:
        rows = self._connection.exec_driver_sql(f"SELECT COUNT(*) FROM {self._mapped.sql}")  # noqa: S608
        return int(rows.scalar_one())

    def _sweep(self) -> tuple[list[str], list[str]]:
        """(keys that were seen and are gone, keys that are there and were not seen)."""
        columns = ", ".join(self._quoted(name) for name in self._mapped.entity.key)
        rows = self._connection.exec_driver_sql(f"SELECT {columns} FROM {self._mapped.sql}")  # noqa: S608
        there = {SEPARATOR.join(map(str, self._plain(tuple(row)))) for row in rows.fetchall()}
        rows = self._connection.exec_driver_sql(
            "SELECT row_key FROM mxsync_seen WHERE table_name = ? AND row_key <> ?", (self._name, _MARK)
        )
        seen = {str(key) for (key,) in rows.fetchall()}
        return sorted(seen - there), sorted(there - seen)

    # ------------------------------------------------------------ what was seen

    def _seen(self, keys: Iterable[str]) -> Mapping[str, str]:
        found: dict[str, str] = {}
        wanted = list(keys)
        for start in range(0, len(wanted), self._most):
            part = wanted[start : start + self._most]
            rows = self._connection.exec_driver_sql(
                f"SELECT row_key, stamp FROM mxsync_seen WHERE table_name = ? AND row_key IN ({marks(part)})",  # noqa: S608
                (self._name, *part),
            )
            found.update((str(key), str(stamp)) for key, stamp in rows.fetchall())
        return found

    def _count_seen(self) -> int:
        rows = self._connection.exec_driver_sql(
            "SELECT COUNT(*) FROM mxsync_seen WHERE table_name = ? AND row_key <> ?", (self._name, _MARK)
        )
        return int(rows.scalar_one())

    def _remember(self, stamps: Mapping[str, str]) -> None:
        self._forget(stamps)
        if stamps:
            self._connection.exec_driver_sql(
                "INSERT INTO mxsync_seen (table_name, row_key, stamp) VALUES (?, ?, ?)",
                [(self._name, key, stamp) for key, stamp in stamps.items()],
            )

    def _forget(self, keys: Iterable[str]) -> None:
        gone = [(self._name, key) for key in keys]
        if gone:
            self._connection.exec_driver_sql("DELETE FROM mxsync_seen WHERE table_name = ? AND row_key = ?", gone)

    def _tell(self, found: Sequence[tuple[str, str]]) -> None:
        if not found:
            return
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self._connection.exec_driver_sql(
            f"INSERT INTO mxsync_changes ({', '.join(COLUMNS)}) VALUES ({marks(COLUMNS)})",  # noqa: S608
            [(self._name, key, "", operation, at, "", "") for key, operation in found],
        )
