"""Taking a person out of what mxsync remembers: accounts, before-images, traces, intents, what waits for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import String, Table

from mxsync.dialects.base import marks
from mxsync.model.item import ItemRef
from mxsync.model.record import RecordKey
from mxsync.model.striking import likeness, strike_with
from mxsync.tracking import tables
from mxsync.tracking.codec import row_key
from mxsync.tracking.memory import _by_mailbox
from mxsync.tracking.tombstones import Tombstones

_OF_ITEMS = ("review", "aside", "journal", "effects", "working", "deaths")


class Erasing(Tombstones):
    """Counts are of rows, by tracking table (without `mxsync_`)."""

    def items_of_rows(self, rows: Collection[RecordKey]) -> frozenset[ItemRef]:
        """The items for which these rows were made or kept."""
        found: set[ItemRef] = set()
        for entity, keys in _by_entity(rows).items():
            for part in self._chunks(keys):
                for table in ("mxsync_pairs", "mxsync_audit"):
                    answer = self._rows(
                        f"SELECT DISTINCT mailbox, folder, href FROM {table} "  # noqa: S608
                        f"WHERE entity = ? AND row_key IN ({marks(part)}) AND href <> ''",
                        (entity, *part),
                    )
                    found.update(ItemRef(*each) for each in answer)
        return frozenset(found)

    def items_named(self, people: Collection[str]) -> frozenset[ItemRef]:
        """The items in whose own names (of files) these addresses stand."""
        found: set[ItemRef] = set()
        for person in people:
            rows = self._rows(
                "SELECT mailbox, folder, href FROM mxsync_items WHERE LOWER(href) LIKE ? ESCAPE '!'",
                (likeness(person),),
            )
            found.update(ItemRef(*row) for row in rows)
        return frozenset(found)

    def erase_rows(self, rows: Collection[RecordKey]) -> Mapping[str, int]:
        """Forgets rows that are gone for good, with their before-images."""
        counts: dict[str, int] = defaultdict(int)
        for entity, keys in _by_entity(rows).items():
            for part in self._chunks(keys):
                # Numbers may be given anew, and nothing that comes then is undone.
                own = f"SELECT number FROM mxsync_audit WHERE entity = ? AND row_key IN ({marks(part)})"  # noqa: S608
                self._run(f"DELETE FROM mxsync_undone WHERE number IN ({own})", (entity, *part))  # noqa: S608
                for name in ("audit", "pairs"):
                    counts[name] += self._delete(name, f"entity = ? AND row_key IN ({marks(part)})", (entity, *part))
        return counts

    def erase_items(self, refs: Collection[ItemRef], *, gone: bool) -> Mapping[str, int]:
        """Forgets what these items held. Unless `gone` it stays known that they were seen, so that they are not read
        again."""
        counts: dict[str, int] = defaultdict(int)
        for mailbox, hrefs in _by_mailbox(refs).items():
            for part in self._chunks(hrefs):
                where, values = f"mailbox = ? AND href IN ({marks(part)})", (mailbox, *part)
                for name in _OF_ITEMS:
                    counts[name] += self._delete(name, where, values)
                self._run(f"UPDATE mxsync_audit SET \"identity\" = '', trace = '' WHERE {where}", values)  # noqa: S608
                if gone:
                    counts["items"] += self._delete("items", where, values)
                else:
                    self._run(
                        "UPDATE mxsync_items SET \"identity\" = '', reason = 'erased', \"once\" = '', fields = '', "  # noqa: S608
                        f"fate = 'skipped' WHERE {where}",
                        values,
                    )
        return counts

    def strike(self, people: Collection[str], phrases: Collection[str]) -> int:
        """Strikes addresses (address keys) out of everything that is remembered, and phrases (names) where an address
        stood beside them; how many rows were touched. What names a row or an item (a file's name) stays."""
        touched = 0
        if self.dialect.claim("mxsync_claims") is not None:
            # Digests of what rows are matched by, which can be guessed; they are of use while a transaction runs.
            self._run("DELETE FROM mxsync_claims", ())
        for table in tables.metadata.sorted_tables:
            own = [column.name for column in table.primary_key.columns]
            texts = [c.name for c in table.columns if isinstance(c.type, String) and c.name not in own]
            if texts:
                touched += self._strike_table(table, own, texts, people, phrases)
        return touched

    def _strike_table(
        self, table: Table, own: list[str], texts: list[str], people: Collection[str], phrases: Collection[str]
    ) -> int:
        names = ", ".join(f'"{name}"' for name in (*own, *texts))
        changed: dict[tuple[object, ...], list[str | None]] = {}
        for person in people:
            where = " OR ".join(f"LOWER(\"{name}\") LIKE ? ESCAPE '!'" for name in texts)
            rows = self._rows(
                f'SELECT {names} FROM "{table.name}" WHERE {where}',  # noqa: S608
                [likeness(person)] * len(texts),
            )
            for row in rows:
                key = tuple(row[: len(own)])
                before = changed.get(key) or list(row[len(own) :])
                changed[key] = [strike_with(text, (person,), phrases) if text else text for text in before]
        sets = ", ".join(f'"{name}" = ?' for name in texts)
        where = " AND ".join(f'"{name}" = ?' for name in own)
        self._many(
            f'UPDATE "{table.name}" SET {sets} WHERE {where}',  # noqa: S608
            [(*values, *key) for key, values in changed.items()],
        )
        return len(changed)

    def _delete(self, name: str, where: str, values: tuple[object, ...]) -> int:
        return self._run(f"DELETE FROM mxsync_{name} WHERE {where}", values)  # noqa: S608

    def _run(self, statement: str, values: tuple[object, ...]) -> int:
        return int(self.connection.exec_driver_sql(statement, values).rowcount)


def _by_entity(rows: Collection[RecordKey]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key in rows:
        found[key.entity].append(row_key(key))
    return found
