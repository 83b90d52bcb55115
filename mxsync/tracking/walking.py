"""The tracking tables page by page, in the order of their keys: for what looks at all of it."""

from __future__ import annotations

from mxsync.model.record import RecordKey
from mxsync.ports.links import LinkRow
from mxsync.ports.tracking import AuditRow, Intent, ItemRow
from mxsync.tracking.codec import key_of, row_key
from mxsync.tracking.links import _LINK_COLUMNS, Links, _link, hub_place
from mxsync.tracking.memory import _ITEM_COLUMNS, _item
from mxsync.tracking.record import _AUDIT_COLUMNS, _INTENT, _audit, _intent
from mxsync.tracking.undoing import _LIVE


class Walking(Links):
    """Each method gives at most `most` rows behind a place."""

    def items_after(self, mailbox: str, href: str, most: int) -> tuple[ItemRow, ...]:
        """The known items of a mailbox, by name."""
        statement = f"SELECT {_ITEM_COLUMNS} FROM mxsync_items WHERE mailbox = ? AND href > ? ORDER BY href"  # noqa: S608
        return tuple(map(_item, self._rows(self.dialect.first(statement, most), (mailbox, href))))

    def done_after(self, number: int, most: int) -> tuple[AuditRow, ...]:
        """What was done to rows and was not undone."""
        columns = ", ".join(f"a.{name}" for name in _AUDIT_COLUMNS.split(", "))
        statement = f"SELECT {columns}, a.number FROM mxsync_audit a WHERE a.number > ? AND {_LIVE} ORDER BY a.number"  # noqa: S608
        rows = self._rows(self.dialect.first(statement, most), (number,))
        return tuple(_audit(row[:-1], row[-1]) for row in rows)

    def links_after(self, mailbox: str, href: str, most: int) -> tuple[LinkRow, ...]:
        """The pairs of syncs whose item lies in a mailbox. Those of one item come together: a page may be longer."""
        statement = f"SELECT {_LINK_COLUMNS} FROM mxsync_links WHERE mailbox = ? AND href > ? ORDER BY href"  # noqa: S608
        found = tuple(map(_link, self._rows(self.dialect.first(statement, most), (mailbox, href))))
        if len(found) < most:
            return found
        last = found[-1].ref
        whole = [link for link in self.links_of_items([last]) if link not in found]
        return (*found, *whole)

    def rows_known_after(self, entity: str, after: RecordKey | None, most: int) -> tuple[RecordKey, ...]:
        """The rows of an entity for which an item stands, by a rule or by a sync, in the order of `row_key`."""
        statement = (
            "SELECT row_key FROM (SELECT row_key FROM mxsync_pairs WHERE entity = ? AND row_key > ? UNION "
            "SELECT hub_key FROM mxsync_links WHERE hub_place = ? AND hub_key > ?) known ORDER BY row_key"
        )
        key = row_key(after) if after is not None else ""
        place, _, _ = hub_place(RecordKey(entity, 0))
        rows = self._rows(self.dialect.first(statement, most), (entity, key, place, key))
        return tuple(key_of(entity, str(text)) for (text,) in rows)

    def documents_after(self, number: int, most: int) -> tuple[tuple[int, Intent], ...]:
        """The documents that were stored and not taken away again, in the order in which they were intended."""
        statement = (
            f"SELECT {_INTENT}, number FROM mxsync_journal "  # noqa: S608
            "WHERE effect = 'document' AND state = 'performed' AND number > ? ORDER BY number"
        )
        rows = self._rows(self.dialect.first(statement, most), (number,))
        return tuple((int(row[-1]), _intent(row[:-1])) for row in rows)
