"""Syncs in the tracking tables: links with their baselines, the queue of items, match keys."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from mxsync.dialects.base import marks
from mxsync.dialects.changes import short
from mxsync.model.item import ItemRef
from mxsync.model.record import RecordKey
from mxsync.ports.links import LONGEST_REST, HubKey, LinkRow, WaitingRow, WatchedRow
from mxsync.tracking import tables
from mxsync.tracking.codec import decode, encode, key_of, row_key
from mxsync.tracking.memory import _by_mailbox
from mxsync.tracking.record import Account

_LINK = tuple(column.name for column in tables.links.columns)
_LINK_COLUMNS = ", ".join(f'"{name}"' for name in _LINK)
_NAME = 64
"""So long a name of a note may be; a longer one, with a mailbox and a folder in it, ends with a digest."""
_WAITING = ("mailbox", "href", "folder", "event", "identity", "ticket", "due")
_WAITS = 'SELECT mailbox, folder, href, event, "identity", ticket, due FROM mxsync_waiting'
_TABLE = "table "
"""Before an entity's name, where a mailbox's would stand."""


def hub_place(hub: HubKey) -> tuple[str, str, str]:
    """(place, folder, key) of a record, as columns hold it."""
    if isinstance(hub, RecordKey):
        return f"{_TABLE}{hub.entity}", "", row_key(hub)
    return hub.mailbox, hub.folder, hub.href


def _moment(at: datetime | None) -> str:
    """A moment as a column holds it, so that later ones come after earlier ones; '' comes before all."""
    return at.astimezone(UTC).isoformat(timespec="seconds") if at is not None else ""


def _rest(at: datetime) -> tuple[str, str]:
    """Between these moments lies what rests."""
    return _moment(at), _moment(at + LONGEST_REST)


def _waiting(row: Any) -> WaitingRow:
    mailbox, folder, href, event, identity, ticket, due = row
    at = datetime.fromisoformat(due) if due else None
    return WaitingRow(ItemRef(mailbox, folder, href), event, identity, ticket, at)


def _digest(ref: ItemRef, hub: HubKey) -> str:
    place, _, key = hub_place(hub)
    return hashlib.sha256("\x1f".join((ref.mailbox, ref.href, place, key)).encode(errors="surrogatepass")).hexdigest()


def _link(row: Any) -> LinkRow:
    _, sync, user, mailbox, folder, href, place, hub_folder, key, state, made, made_hub, baseline = row
    hub: HubKey
    if place.startswith(_TABLE):
        hub = key_of(place.removeprefix(_TABLE), key)
    else:
        hub = ItemRef(place, hub_folder, key)
    forms = {name: (one, other) for name, (one, other) in decode(baseline).items()}
    return LinkRow(sync, user, ItemRef(mailbox, folder, href), hub, state, bool(made), bool(made_hub), forms)


class Links(Account):
    """`mxsync.ports.links.LinkTables`, on top of audit and journal."""

    # ------------------------------------------------------------ links

    def _links(self, condition: str, values: Sequence[Any]) -> list[LinkRow]:
        rows = self._rows(f"SELECT {_LINK_COLUMNS} FROM mxsync_links WHERE {condition} ORDER BY digest", values)  # noqa: S608
        return [_link(row) for row in rows]

    def links_of_items(self, refs: Collection[ItemRef]) -> Sequence[LinkRow]:
        """The links of these items."""
        found: list[LinkRow] = []
        for mailbox, hrefs in _by_mailbox(refs).items():
            for part in self._chunks(hrefs):
                found += self._links(f"mailbox = ? AND href IN ({marks(part)})", (mailbox, *part))
        return found

    def links_of_hubs(self, hubs: Collection[HubKey]) -> Sequence[LinkRow]:
        """The links of these records."""
        grouped: dict[str, list[str]] = defaultdict(list)
        for hub in hubs:
            place, _, key = hub_place(hub)
            grouped[place].append(key)
        found: list[LinkRow] = []
        for place, keys in grouped.items():
            for part in self._chunks(keys):
                found += self._links(f"hub_place = ? AND hub_key IN ({marks(part)})", (place, *part))
        return found

    def links_of_sync(self, sync: str, user: str) -> Sequence[LinkRow]:
        """All links of a sync for one user."""
        return self._links('sync = ? AND "user" = ?', (sync, user))

    def count_links(self, sync: str, user: str) -> int:
        """How many pairs it has."""
        rows = self._rows(
            "SELECT count(*) FROM mxsync_links WHERE sync = ? AND \"user\" = ? AND state NOT IN ('unlinked', 'copy')",
            (sync, user),
        )
        return int(rows[0][0])

    def save_links(self, links: Sequence[LinkRow]) -> None:
        """Writes or replaces, by item and record."""
        rows = []
        for link in links:
            place, hub_folder, key = hub_place(link.hub)
            rows.append(
                (
                    _digest(link.ref, link.hub), link.sync, link.user, link.ref.mailbox, link.ref.folder, link.ref.href,
                    place, hub_folder, key, link.state, int(link.made), int(link.made_hub),
                    encode(link.baseline),
                )
            )  # fmt: skip
        self._save(tables.links, _LINK, rows)

    def drop_links(self, links: Sequence[LinkRow]) -> None:
        """Those are in step no more."""
        self._many("DELETE FROM mxsync_links WHERE digest = ?", [(_digest(link.ref, link.hub),) for link in links])

    # ------------------------------------------------------------ what waits

    def enqueue(self, rows: Sequence[WaitingRow]) -> None:
        """These wait for the syncs."""
        ticket = token_hex(8)
        self._save(
            tables.waiting,
            _WAITING,
            [(row.ref.mailbox, row.ref.href, row.ref.folder, row.event, row.identity, ticket, "") for row in rows],
        )

    def remind(self, rows: Sequence[WaitingRow]) -> None:
        """See the port."""
        ticket = token_hex(8)
        self._many(
            self.dialect.insert(tables.waiting, _WAITING, ignore=True),
            [
                (row.ref.mailbox, row.ref.href, row.ref.folder, row.event, row.identity, ticket, _moment(row.due))
                for row in rows
            ],
        )

    def enqueue_folder(self, mailbox: str, folder: str) -> None:
        """All known items of a folder and those below it wait."""
        rows = self._rows(
            'SELECT href, folder, "identity" FROM mxsync_items WHERE mailbox = ? AND (folder = ? OR folder LIKE ?)',
            (mailbox, folder, f"{folder.replace('[', '_')}/%"),  # SQL Server takes a bracket for the begin of a set
        )
        self.enqueue(
            [
                WaitingRow(ItemRef(mailbox, own, href), "changed", identity)
                for href, own, identity in rows
                if own == folder or own.startswith(f"{folder}/")
            ]
        )

    def enqueue_missing(self, sync: str, user: str) -> None:
        """See the port. What is still to be made has no place yet; a row is no item."""
        gone: dict[ItemRef, None] = {}
        for place, folder, key in (("mailbox", "folder", "href"), ("hub_place", "hub_folder", "hub_key")):
            rows = self._rows(
                f'SELECT l.{place}, l.{folder}, l.{key} FROM mxsync_links l WHERE l.sync = ? AND l."user" = ? '  # noqa: S608
                f"AND l.state IN ('paired', 'copy') AND l.{place} NOT LIKE ? AND l.{key} NOT LIKE ? "
                f"AND NOT EXISTS (SELECT 1 FROM mxsync_items i WHERE i.mailbox = l.{place} AND i.href = l.{key})",
                (sync, user, f"{_TABLE}%", "?%"),
            )
            gone.update((ItemRef(mailbox, where, href), None) for mailbox, where, href in rows)
        self.remind([WaitingRow(ref, "gone") for ref in gone])

    def waiting(self, most: int, at: datetime | None = None) -> Sequence[WaitingRow]:
        """The first of those that wait: what is gone first, so that what was moved is found where it lies now."""
        where, values = ("", ()) if at is None else ("WHERE due <= ? OR due > ? ", _rest(at))
        statement = self.dialect.first(f"{_WAITS} {where}ORDER BY event DESC, mailbox, href", most)
        return [_waiting(row) for row in self._rows(statement, values)]

    def put_off(self, at: datetime | None) -> Sequence[WaitingRow]:
        """See the port."""
        if at is None:
            return [_waiting(row) for row in self._rows(f"{_WAITS} WHERE due > ''")]
        return [_waiting(row) for row in self._rows(f"{_WAITS} WHERE due > ? AND due <= ?", _rest(at))]

    def dequeue(self, rows: Collection[WaitingRow]) -> None:
        """They were looked at."""
        statement = "DELETE FROM mxsync_waiting WHERE mailbox = ? AND href = ?"
        self._many(statement, [(row.ref.mailbox, row.ref.href) for row in rows if not row.ticket])
        self._many(
            f"{statement} AND ticket = ?", [(row.ref.mailbox, row.ref.href, row.ticket) for row in rows if row.ticket]
        )

    # ------------------------------------------------------------ match keys

    def save_keys(self, ref: ItemRef, keys: Collection[str]) -> None:
        """By what an item that stands for nothing yet may be found."""
        self.forget_keys([ref])
        self._save(
            tables.keys,
            ("mailbox", "href", "match_key", "folder"),
            [(ref.mailbox, ref.href, key, ref.folder) for key in sorted(set(keys))],
        )

    def items_by_keys(self, mailbox: str, keys: Collection[str]) -> Mapping[str, Sequence[ItemRef]]:
        """The items of a mailbox that stand for nothing yet, by key."""
        found: dict[str, list[ItemRef]] = defaultdict(list)
        for part in self._chunks(sorted(set(keys))):
            rows = self._rows(
                f"SELECT match_key, folder, href FROM mxsync_keys WHERE mailbox = ? AND match_key IN ({marks(part)}) "  # noqa: S608
                "ORDER BY href",
                (mailbox, *part),
            )
            for key, folder, href in rows:
                found[key].append(ItemRef(mailbox, folder, href))
        return found

    def forget_keys(self, refs: Collection[ItemRef]) -> None:
        """These are found by no key any more."""
        self._many("DELETE FROM mxsync_keys WHERE mailbox = ? AND href = ?", [(r.mailbox, r.href) for r in refs])

    # ------------------------------------------------------------ which filters are in force

    def sync_digests(self) -> Mapping[tuple[str, str], str]:
        """(sync, user) to the digest under which its pairs were last gone through."""
        return {(s, u): digest for s, u, digest in self._rows('SELECT sync, "user", digest FROM mxsync_syncs')}

    def set_sync_digest(self, sync: str, user: str, digest: str) -> None:
        """They were gone through; '' forgets it."""
        if digest:
            self._save(tables.syncs, ("sync", "user", "digest"), [(sync, user, digest)])
        else:
            self._many('DELETE FROM mxsync_syncs WHERE sync = ? AND "user" = ?', [(sync, user)])

    def journal_states(self, keys: Collection[str]) -> Mapping[str, str]:
        """Of these intents, those that there are."""
        found: dict[str, str] = {}
        for part in self._chunks(sorted(set(keys))):
            rows = self._rows(
                f'SELECT "key", state FROM mxsync_journal WHERE "key" IN ({marks(part)})',  # noqa: S608
                part,
            )
            found.update((str(key), str(state)) for key, state in rows)
        return found

    def frozen(self) -> Collection[ItemRef]:
        """See the port."""
        rows = self._rows(
            "SELECT mailbox, folder, href FROM mxsync_journal WHERE state = 'intended' "
            "AND effect = 'item' AND attempts > 0"
        )
        return {ItemRef(mailbox, folder, href) for mailbox, folder, href in rows}

    def revive(self, keys: Collection[str]) -> Mapping[str, int]:
        """See the port."""
        refused: dict[str, int] = {}
        for part in self._chunks(list(keys)):
            rows = self._rows(
                f'SELECT "key", refused FROM mxsync_journal WHERE "key" IN ({marks(part)}) AND state = \'failed\'',  # noqa: S608
                tuple(part),
            )
            refused.update((str(key), int(times)) for key, times in rows)
        self._many("DELETE FROM mxsync_journal WHERE \"key\" = ? AND state = 'failed'", [(key,) for key in refused])
        return refused

    # ------------------------------------------------------------ rows that rules are about

    def row_memory(self, keys: Collection[RecordKey]) -> Mapping[RecordKey, WatchedRow]:
        """What is remembered of these rows."""
        found: dict[RecordKey, WatchedRow] = {}
        by_entity: dict[str, list[str]] = defaultdict(list)
        for key in keys:
            by_entity[key.entity].append(row_key(key))
        for entity, texts in by_entity.items():
            for part in self._chunks(texts):
                rows = self._rows(
                    f"SELECT row_key, fields, done FROM mxsync_rows WHERE entity = ? AND row_key IN ({marks(part)})",  # noqa: S608
                    (entity, *part),
                )
                for text, fields, done in rows:
                    key = key_of(entity, text)
                    found[key] = WatchedRow(key, decode(fields), frozenset(decode(done)))
        return found

    def save_row_memory(self, rows: Sequence[WatchedRow]) -> None:
        """Writes or replaces."""
        self._save(
            tables.rows,
            ("entity", "row_key", "fields", "done"),
            [(r.key.entity, row_key(r.key), encode(dict(r.fields)), encode(sorted(r.done))) for r in rows],
        )

    def forget_row_memory(self, keys: Collection[RecordKey]) -> None:
        """These rows are gone."""
        self._many(
            "DELETE FROM mxsync_rows WHERE entity = ? AND row_key = ?", [(key.entity, row_key(key)) for key in keys]
        )

    def note(self, name: str) -> str:
        """A value that was noted under a name."""
        rows = self._rows("SELECT value FROM mxsync_meta WHERE name = ?", (short(name, _NAME),))
        return str(rows[0][0]) if rows else ""

    def set_note(self, name: str, value: str) -> None:
        """Notes it."""
        self._save(tables.meta, ("name", "value"), [(short(name, _NAME), value)])
