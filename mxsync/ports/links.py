"""What mxsync remembers of syncs: which item stands for which record, what both last said, what is to be looked at."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeAlias

from mxsync.model.item import ItemRef
from mxsync.model.record import RecordKey

HubKey: TypeAlias = "RecordKey | ItemRef"
"""The record that items of one or many folders stand for: a row, or an item of a folder (a public one) that others are
kept in step with."""

PAIRED, MAKING, AGAIN, UNLINKED, COPY = "paired", "making", "again", "unlinked", "copy"
"""States of a link. MAKING: one of the two is still to be written by the journal; AGAIN: the same, and what it is to
say has changed since. UNLINKED: one side was deleted, and is not to come again until the filter has let go of it. COPY:
the record matches the item, but is kept in step with another one of the same folder."""
STANDING = frozenset({PAIRED, MAKING, AGAIN})
"""The states in which an item stands for its record, or is about to."""


FIRST_REST = timedelta(minutes=1)
"""How long a write rests that was refused, or that is not let be seen, doubled with each time in a row."""
LONGEST_REST = timedelta(days=1)
"""Nothing rests longer. What is due later than that from now was put off under a clock that was ahead, and is due."""


def rest_after(refusals: int) -> timedelta:
    """How long a write rests after so many refusals in a row before the last one."""
    return min(FIRST_REST * (1 << min(refusals, 20)), LONGEST_REST)


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One item of a sync's folder and the record it stands for. `made` when the sync put the item there, `made_hub`
    when it made the record. `baseline`: field → (form of the item, form of the record) when both last agreed."""

    sync: str
    user: str
    ref: ItemRef
    hub: HubKey
    state: str = PAIRED
    made: bool = False
    made_hub: bool = False
    baseline: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """An item that syncs have to look at. `event` is changed or gone; `identity` as it was known. `ticket` is another
    one each time that the item is enqueued."""

    ref: ItemRef
    event: str
    identity: str = ""
    ticket: str = ""
    due: datetime | None = None
    """Not to be looked at before, unless it changes; None for at once."""


@dataclass(frozen=True, slots=True)
class WatchedRow:
    """What is remembered of a row for the rules about rows: the fields that they ask `changed` of, and what happened
    once."""

    key: RecordKey
    fields: Mapping[str, Any]
    done: frozenset[str]


class LinkTables(Protocol):
    """The part of the tracking tables that syncs use, in one transaction."""

    def links_of_items(self, refs: Collection[ItemRef]) -> Sequence[LinkRow]: ...
    def links_of_hubs(self, hubs: Collection[HubKey]) -> Sequence[LinkRow]: ...
    def links_of_sync(self, sync: str, user: str) -> Sequence[LinkRow]: ...
    def count_links(self, sync: str, user: str) -> int:
        """How many pairs a sync has for one user: what stands for a record, or is about to."""

    def links_after(self, mailbox: str, href: str, most: int) -> Sequence[LinkRow]:
        """The pairs whose item lies in a mailbox, behind a name; those of one item come together."""

    def save_links(self, links: Sequence[LinkRow]) -> None:
        """Writes or replaces, by item and record."""

    def drop_links(self, links: Sequence[LinkRow]) -> None: ...

    # what is to be looked at
    def enqueue(self, rows: Sequence[WaitingRow]) -> None:
        """Adds; an item waits once, its latest event counts."""

    def remind(self, rows: Sequence[WaitingRow]) -> None:
        """Adds those that do not wait already."""

    def enqueue_folder(self, mailbox: str, folder: str) -> None:
        """All known items of a folder and its subfolders wait."""

    def enqueue_missing(self, sync: str, user: str) -> None:
        """Those items of a sync's pairs that are known no more wait as gone."""

    def waiting(self, most: int, at: datetime | None = None) -> Sequence[WaitingRow]:
        """The first of those that wait; without those that are not due `at` that moment."""

    def put_off(self, at: datetime | None) -> Sequence[WaitingRow]:
        """Those that are not due at that moment; with None all that rest, due or not."""

    def dequeue(self, rows: Collection[WaitingRow]) -> None:
        """They were looked at: those with a ticket wait on where they have been enqueued again since."""

    # items that stand for nothing yet, by what they may be found
    def save_keys(self, ref: ItemRef, keys: Collection[str]) -> None: ...
    def items_by_keys(self, mailbox: str, keys: Collection[str]) -> Mapping[str, Sequence[ItemRef]]: ...
    def forget_keys(self, refs: Collection[ItemRef]) -> None: ...

    # which filters are in force
    def sync_digests(self) -> Mapping[tuple[str, str], str]:
        """(sync, user) to the digest under which all its pairs were last gone through."""

    def set_sync_digest(self, sync: str, user: str, digest: str) -> None: ...
    def journal_states(self, keys: Collection[str]) -> Mapping[str, str]:
        """Of these intents, those that there are: intended, performed or failed."""

    def frozen(self) -> Collection[ItemRef]:
        """Items that a sync's write waits for, because its server could not be reached or did not answer."""

    def revive(self, keys: Collection[str]) -> Mapping[str, int]:
        """Of these intents, those that failed are forgotten: they are intended anew. How often in a row the server has
        refused each of them."""

    def row_memory(self, keys: Collection[RecordKey]) -> Mapping[RecordKey, WatchedRow]: ...
    def save_row_memory(self, rows: Sequence[WatchedRow]) -> None: ...
    def forget_row_memory(self, keys: Collection[RecordKey]) -> None: ...
    def note(self, name: str) -> str:
        """A value that was noted under a name; '' for none."""

    def set_note(self, name: str, value: str) -> None: ...
