"""Items, cursors and pairs as they were last decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy import Table
from sqlalchemy.engine import Connection

from mxsync.dialects.base import Dialect, marks
from mxsync.dialects.statements import chunks
from mxsync.model.change import Cursor
from mxsync.model.item import ItemRef, Kind
from mxsync.model.record import RecordKey
from mxsync.ports.connector import Known
from mxsync.ports.tracking import ItemRow, PairRow
from mxsync.tracking import tables
from mxsync.tracking.codec import decode, encode, key_of, row_key

T = TypeVar("T")

_ITEM = tuple(column.name for column in tables.items.columns)
_PAIR = tuple(column.name for column in tables.pairs.columns)
_ITEM_COLUMNS = ", ".join(f'"{name}"' for name in _ITEM)
_PAIR_COLUMNS = ", ".join(f'"{name}"' for name in _PAIR)


def _item(row: Any) -> ItemRow:
    mailbox, href, folder, kind, revision, stamp, identity, fate, plan, reason, decided, once, fields = row
    return ItemRow(
        ref=ItemRef(mailbox, folder, href),
        kind=Kind(kind),
        revision=revision,
        stamp=stamp,
        identity=identity,
        fate=fate,
        plan=plan,
        reason=reason,
        decided=datetime.fromisoformat(decided),
        once=frozenset(decode(once)) if once else frozenset(),
        fields=decode(fields) if fields else {},
    )


def _pair(row: Any) -> PairRow:
    mailbox, href, entity, key, folder, identity, made, baseline = row
    return PairRow(ItemRef(mailbox, folder, href), identity, key_of(entity, key), bool(made), decode(baseline))


def _by_mailbox(refs: Collection[ItemRef]) -> Mapping[str, list[str]]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for ref in refs:
        grouped[ref.mailbox].append(ref.href)
    return grouped


class Memory:
    """The part of the tracking tables that says what is known of each item."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self.connection = connection
        self.dialect = dialect

    def _save(self, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        # By the driver with plain tuples: for thousands of rows several times quicker than mappings of parameters. The
        # statement comes from Core all the same, so every name is quoted as the dialect does.
        if rows:
            self._many(self.dialect.upsert(table, columns), rows)

    def _chunks(self, values: Iterable[T]) -> Iterator[list[T]]:
        return chunks(values, self.dialect.most_values)

    def _many(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            self.connection.exec_driver_sql(statement, list(rows))

    def _rows(self, statement: str, values: Sequence[Any] = ()) -> Sequence[Any]:
        return self.connection.exec_driver_sql(statement, tuple(values)).fetchall()

    def cursor(self, mailbox: str) -> Cursor:
        """The point up to which a mailbox was read; '' for never."""
        found = self._rows('SELECT "cursor" FROM mxsync_cursors WHERE mailbox = ?', (mailbox,))
        return str(found[0][0]) if found else ""

    def set_cursor(self, mailbox: str, cursor: Cursor) -> None:
        """Remembers that point."""
        self._save(tables.cursors, ("mailbox", "cursor"), [(mailbox, cursor)])

    def known(self, mailbox: str, folder: str) -> Mapping[str, Known]:
        """What is known of the items directly in a folder, by href."""
        rows = self._rows(
            "SELECT href, revision, stamp FROM mxsync_items WHERE mailbox = ? AND folder = ?", (mailbox, folder)
        )
        return {row[0]: Known._make(row[1:]) for row in rows}

    def items(self, refs: Collection[ItemRef]) -> Mapping[ItemRef, ItemRow]:
        """Those of the items that were seen before."""
        found: dict[ItemRef, ItemRow] = {}
        for mailbox, hrefs in _by_mailbox(refs).items():
            for part in self._chunks(hrefs):
                rows = self._rows(
                    f"SELECT {_ITEM_COLUMNS} FROM mxsync_items WHERE mailbox = ? AND href IN ({marks(part)})",  # noqa: S608
                    (mailbox, *part),
                )
                for row in map(_item, rows):
                    found[row.ref] = row
        return found

    def items_by_identity(self, mailbox: str, identities: Collection[str]) -> Mapping[str, tuple[ItemRow, ...]]:
        """The items of one mailbox with these identities."""
        found: dict[str, list[ItemRow]] = defaultdict(list)
        for part in self._chunks(sorted({identity for identity in identities if identity})):
            # COALESCE keeps SQLite from the index that begins with the mailbox: by it, it would read the whole mailbox.
            rows = self._rows(
                f'SELECT {_ITEM_COLUMNS} FROM mxsync_items WHERE "identity" IN ({marks(part)}) '  # noqa: S608
                "AND COALESCE(mailbox, '') = ?",
                (*part, mailbox),
            )
            for row in map(_item, rows):
                found[row.identity].append(row)
        return {identity: tuple(rows) for identity, rows in found.items()}

    def folders_of(self, identities: Collection[str]) -> Mapping[str, frozenset[str]]:
        """The folders in which items with these identities lie, in whatever mailbox."""
        found: dict[str, set[str]] = defaultdict(set)
        for part in self._chunks(sorted(identities)):
            rows = self._rows(
                f'SELECT DISTINCT "identity", folder FROM mxsync_items WHERE "identity" IN ({marks(part)})',  # noqa: S608
                part,
            )
            for identity, folder in rows:
                found[identity].add(folder)
        return {identity: frozenset(folders) for identity, folders in found.items()}

    def save_items(self, rows: Sequence[ItemRow]) -> None:
        """Writes or replaces, by (mailbox, href)."""
        self._save(
            tables.items,
            _ITEM,
            [
                (
                    row.ref.mailbox, row.ref.href, row.ref.folder, row.kind.value, row.revision, row.stamp,
                    row.identity,
                    row.fate, row.plan, row.reason, row.decided.isoformat(),
                    encode(sorted(row.once)) if row.once else "",
                    encode(dict(row.fields)) if row.fields else "",
                )
                for row in rows
            ],
        )  # fmt: skip

    def renew_stamps(self, mailbox: str, stamps: Sequence[tuple[str, str]]) -> None:
        """New stamps for items that were touched and are the same."""
        self._many(
            "UPDATE mxsync_items SET stamp = ? WHERE mailbox = ? AND href = ?",
            [(stamp, mailbox, href) for href, stamp in stamps],
        )

    def forget_items(self, refs: Collection[ItemRef]) -> None:
        """The items are gone; their pairs stay."""
        self._many("DELETE FROM mxsync_items WHERE mailbox = ? AND href = ?", [(r.mailbox, r.href) for r in refs])

    def pairs(self, refs: Collection[ItemRef]) -> Mapping[ItemRef, tuple[PairRow, ...]]:
        """The rows that stand for these items."""
        found: dict[ItemRef, list[PairRow]] = defaultdict(list)
        for mailbox, hrefs in _by_mailbox(refs).items():
            for part in self._chunks(hrefs):
                rows = self._rows(
                    f"SELECT {_PAIR_COLUMNS} FROM mxsync_pairs WHERE mailbox = ? AND href IN ({marks(part)})",  # noqa: S608
                    (mailbox, *part),
                )
                for row in map(_pair, rows):
                    found[row.ref].append(row)
        return {ref: tuple(rows) for ref, rows in found.items()}

    def pairs_by_identity(self, identities: Collection[str]) -> Mapping[str, tuple[PairRow, ...]]:
        """The pairs of all copies of an item, in whatever mailbox."""
        found: dict[str, list[PairRow]] = defaultdict(list)
        for part in self._chunks(sorted({identity for identity in identities if identity})):
            rows = self._rows(
                f'SELECT {_PAIR_COLUMNS} FROM mxsync_pairs WHERE "identity" IN ({marks(part)})',  # noqa: S608
                part,
            )
            for row in map(_pair, rows):
                found[row.identity].append(row)
        return {identity: tuple(rows) for identity, rows in found.items()}

    def pairs_of_rows(self, rows: Collection[RecordKey]) -> Mapping[RecordKey, tuple[PairRow, ...]]:
        """The items that stand behind these rows."""
        found: dict[RecordKey, list[PairRow]] = defaultdict(list)
        wanted: dict[str, list[str]] = defaultdict(list)
        for key in rows:
            wanted[key.entity].append(row_key(key))
        for entity, keys in wanted.items():
            for part in self._chunks(keys):
                answer = self._rows(
                    f"SELECT {_PAIR_COLUMNS} FROM mxsync_pairs WHERE entity = ? AND row_key IN ({marks(part)})",  # noqa: S608
                    (entity, *part),
                )
                for pair in map(_pair, answer):
                    found[pair.row].append(pair)
        return {key: tuple(pairs) for key, pairs in found.items()}

    def save_pairs(self, rows: Sequence[PairRow]) -> None:
        """Writes or replaces, by (mailbox, href, row)."""
        self._save(
            tables.pairs,
            _PAIR,
            [
                (
                    row.ref.mailbox, row.ref.href, row.row.entity, row_key(row.row), row.ref.folder, row.identity,
                    int(row.made), encode(dict(row.baseline)),
                )
                for row in rows
            ],
        )  # fmt: skip

    def claim(self, identities: Collection[str]) -> bool:
        """Claims the making of rows for items with these identities."""
        statement = self.dialect.claim("mxsync_claims")
        if statement is None:
            return False
        names = sorted(sha256(f"item\x1f{each}".encode(errors="surrogatepass")).hexdigest() for each in identities)
        moment = datetime.now(UTC).isoformat()
        self._many(statement, [(name, moment) for name in names])
        return True

    def drop_pairs(self, pairs: Sequence[tuple[ItemRef, RecordKey]]) -> None:
        """Those items and rows are no pairs any more."""
        self._many(
            "DELETE FROM mxsync_pairs WHERE mailbox = ? AND href = ? AND entity = ? AND row_key = ?",
            [(ref.mailbox, ref.href, key.entity, row_key(key)) for ref, key in pairs],
        )

    def counts(self) -> Mapping[str, int]:
        """Rows of each tracking table, and items by fate ('items.applied')."""
        found = {
            table.name.removeprefix("mxsync_"): int(self._rows(f'SELECT count(*) FROM "{table.name}"')[0][0])  # noqa: S608
            for table in tables.metadata.sorted_tables
        }
        for fate, count in self._rows("SELECT fate, count(*) FROM mxsync_items GROUP BY fate ORDER BY fate"):
            found[f"items.{fate}"] = int(count)
        return found
