"""What mxsync remembers: cursors, items, pairs, journal, audit, review, what was set aside. Rows are plain values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import field
from datetime import datetime, timedelta
from typing import Protocol

from mxsync.model.change import Cursor
from mxsync.model.item import ItemRef, Kind, Revision, Value
from mxsync.model.record import RecordKey, RecordValue, RowMemory
from mxsync.model.values import value
from mxsync.ports.connector import Known
from mxsync.ports.database import BeforeImage, CrmUnit
from mxsync.ports.links import LinkTables
from mxsync.ports.undoing import Chosen, UndoTables


@value(frozen=True, slots=True)
class ItemRow:
    """One item as last decided. `fate` is a `mxsync.model.outcome.Fate`; `once` are the keys of effects that happened
    once for it; `fields` are the values of those fields that rules ask `changed` of, kept for what is stored only."""

    ref: ItemRef
    kind: Kind
    revision: Revision
    stamp: str
    identity: str
    fate: str
    plan: str
    reason: str
    decided: datetime
    once: frozenset[str] = field(default_factory=frozenset)
    fields: Mapping[str, Value] = field(default_factory=dict)


@value(frozen=True, slots=True)
class PairRow:
    """An item (or its identity) and the row that stands for it. `baseline` are the mapped fields as they last agreed;
    `made` when mxsync created the row."""

    ref: ItemRef
    identity: str
    row: RecordKey
    made: bool
    baseline: Mapping[str, RecordValue]


@value(frozen=True, slots=True)
class AuditRow:
    """What was done to one row. `action`: create, save, update, link, delete, withdraw; propose for what was only
    proposed (`values`: what would be set, `links`: the rows that may be the same). `rule`, `file`, `line` and
    `plan` say who decided; `values` are field to (value, where it was read); `links` the rows it was linked to."""

    at: datetime
    row: RecordKey
    action: str
    rule: str
    file: str
    line: int
    plan: str
    ref: ItemRef
    identity: str
    values: Mapping[str, tuple[RecordValue, str]] = field(default_factory=dict)
    causes: Mapping[str, tuple[str, str, int]] = field(default_factory=dict)
    """Field to (rule, file, line), where that is another than the row's own."""
    links: Sequence[RecordKey] = ()
    trace: Sequence[str] = ()
    before: BeforeImage | None = None
    run: int = 0
    moment: datetime | None = None
    """The date of the item, where values were read from it."""
    after: Mapping[str, object] = field(default_factory=dict)
    """What the row's columns held afterwards (`mxsync.engine.baseline.remembered`): all of a new row, of another one
    those that changed."""
    pairs: Sequence[PairRow] = ()
    """What stood for a row that was taken away."""
    number: int = 0
    """Its place in the account, 0 as long as it is not stored."""


@value(frozen=True, slots=True)
class Intent:
    """An effect outside the transaction, to be performed. `key` makes it idempotent; `payload` is JSON-ready."""

    key: str
    ref: ItemRef
    effect: str
    payload: Mapping[str, object]
    attempts: int = 0
    error: str = ""
    begun: int = 0
    """How often it was begun since its last outcome."""
    refused: int = 0
    """How often in a row its server has said no."""
    due: datetime | None = None
    """When it is tried again after that."""


@value(frozen=True, slots=True)
class ReviewRow:
    """Something that waits for a person. `decision` is what would have been done, in words; `number` is how it is
    called, 0 as long as it is not stored."""

    at: datetime
    ref: ItemRef
    identity: str
    why: str
    rule: str
    plan: str
    decision: Sequence[str] = ()
    number: int = 0


@value(frozen=True, slots=True)
class AsideRow:
    """An item (or a folder, with `href` its path) that could not be dealt with, and the sentence that says why."""

    ref: ItemRef
    revision: Revision
    sentence: str
    attempts: int
    first: datetime
    last: datetime


@value(frozen=True, slots=True)
class RunRow:
    """One pass. `ended` None while it runs, or when it died. `counts` is JSON-ready."""

    number: int
    kind: str
    started: datetime
    ended: datetime | None
    plan: str
    counts: Mapping[str, object]
    outcome: str = ""


@value(frozen=True, slots=True)
class Tombstone:
    """What is remembered of a person's erasure: when, how much was removed of each kind, and whether it came to its
    end."""

    at: datetime
    removed: Mapping[str, int]
    done: bool


class TrackingUnit(LinkTables, UndoTables, Protocol):
    """The tracking tables in one transaction."""

    def part(self) -> AbstractContextManager[None]:
        """A part of the transaction, over both sides: what is written in it is taken back when the block raises, and
        the rest of the transaction stands (on SQL Server nothing of it does). Raises `BadContent` where the database
        refuses something of it."""

    # cursors and items
    def cursor(self, mailbox: str) -> Cursor: ...
    def set_cursor(self, mailbox: str, cursor: Cursor) -> None: ...
    def known(self, mailbox: str, folder: str) -> Mapping[str, Known]: ...
    def items(self, refs: Collection[ItemRef]) -> Mapping[ItemRef, ItemRow]: ...
    def items_by_identity(self, mailbox: str, identities: Collection[str]) -> Mapping[str, tuple[ItemRow, ...]]: ...
    def folders_of(self, identities: Collection[str]) -> Mapping[str, frozenset[str]]: ...
    def save_items(self, rows: Sequence[ItemRow]) -> None:
        """Writes or replaces, by (mailbox, href)."""

    def renew_stamps(self, mailbox: str, stamps: Sequence[tuple[str, str]]) -> None: ...
    def forget_items(self, refs: Collection[ItemRef]) -> None:
        """The items are gone from the mailbox; their pairs stay, so that what is known of the row is not lost."""

    # pairs
    def pairs(self, refs: Collection[ItemRef]) -> Mapping[ItemRef, tuple[PairRow, ...]]: ...
    def pairs_by_identity(self, identities: Collection[str]) -> Mapping[str, tuple[PairRow, ...]]: ...
    def pairs_of_rows(self, rows: Collection[RecordKey]) -> Mapping[RecordKey, tuple[PairRow, ...]]: ...
    def save_pairs(self, rows: Sequence[PairRow]) -> None:
        """Writes or replaces, by (mailbox, href, row)."""

    def drop_pairs(self, pairs: Sequence[tuple[ItemRef, RecordKey]]) -> None: ...
    def claim(self, identities: Collection[str]) -> bool:
        """Claims the making of rows for items with these identities, until the transaction ends: who comes second waits
        for the first, and has to look again whether the row is there. False where only one writes at a time anyway."""

    # audit
    def audit(self, rows: Sequence[AuditRow]) -> None: ...
    def history(self, row: RecordKey) -> tuple[AuditRow, ...]:
        """Everything done to a row, oldest first."""

    def memories(self, rows: Collection[RecordKey]) -> Mapping[RecordKey, RowMemory]:
        """What was written last into each field of these rows and where from, and what was proposed about them."""

    def confirm(self, rows: Mapping[RecordKey, Mapping[str, datetime]]) -> None:
        """These fields hold what a signature of that date says again: `memories` gives that date from now on."""

    def history_of_item(self, ref: ItemRef) -> tuple[AuditRow, ...]: ...
    def histories(self, refs: Collection[ItemRef]) -> Mapping[ItemRef, tuple[AuditRow, ...]]:
        """Everything done because of these items, oldest first."""

    def intended(self, refs: Collection[ItemRef]) -> Mapping[ItemRef, tuple[Intent, ...]]:
        """Everything intended outside the database because of these items, done or not, in order."""

    def intents(self, keys: Collection[str]) -> Mapping[str, ItemRef]:
        """Those of these keys that the journal holds, each with the item that first intended it."""

    def moved(self, mailbox: str) -> Mapping[ItemRef, ItemRef]:
        """Where items lay that a rule has moved: where they went to where they came from."""

    def chosen(self, asked: Chosen) -> tuple[AuditRow, ...]:
        """What of the account is to be undone, oldest first; what is undone already is left out."""

    def all_of_rows(self, keys: Collection[RecordKey]) -> Mapping[RecordKey, tuple[AuditRow, ...]]:
        """Everything done to rows that was not undone, oldest first."""

    # walking through all of it, a page after a place
    def items_after(self, mailbox: str, href: str, most: int) -> tuple[ItemRow, ...]: ...
    def rows_known_after(self, entity: str, after: RecordKey | None, most: int) -> tuple[RecordKey, ...]:
        """The rows of an entity for which an item stands, behind one of them."""

    def done_after(self, number: int, most: int) -> tuple[AuditRow, ...]:
        """What was done to rows and was not undone."""

    def documents_after(self, number: int, most: int) -> tuple[tuple[int, Intent], ...]:
        """The documents that were stored and not taken away again, each with its number in the journal."""

    # journal
    def intend(self, intents: Sequence[Intent], run: int = 0) -> None:
        """Writes intents of a pass; one whose key is there already, in whatever state, is left as it is."""

    def pending(self, mailbox: str | None = None) -> tuple[Intent, ...]: ...
    def given_up(self, last: int) -> tuple[Intent, ...]:
        """The latest intents that failed for good, newest first."""

    def begin(self, keys: Collection[str]) -> None:
        """These are begun: who finds one without an outcome knows how often somebody died over it."""

    def performed(self, key: str, outcome: Mapping[str, object]) -> None: ...
    def failed(self, key: str, sentence: str, *, final: bool) -> None: ...
    def refused(self, key: str, sentence: str, due: datetime) -> None:
        """Its server has said no; it is not tried again before that moment."""

    def unseen(self, key: str, sentence: str, due: datetime) -> None:
        """It may have been done, and its server does not let that be seen; it is not looked up before that moment."""

    # what waits for people
    def hold(self, rows: Sequence[ReviewRow]) -> None:
        """Adds to the review queue; the same item with the same reason waits once."""

    def held(self) -> tuple[ReviewRow, ...]: ...
    def release(self, refs: Collection[ItemRef]) -> None:
        """These items wait no longer: they were decided anew, or are gone."""

    def reviewed(self, number: int) -> None:
        """A person has said what is to become of it."""

    def set_aside(self, rows: Sequence[AsideRow]) -> None: ...
    def clear_aside(self, refs: Collection[ItemRef]) -> None: ...
    def aside(self, mailbox: str | None = None) -> tuple[AsideRow, ...]: ...

    # runs
    def begin_run(self, kind: str, plan: str, at: datetime) -> int: ...
    def has_run(self, number: int) -> bool:
        """Whether the account of that pass is there: its beginning was committed."""

    def end_run(self, number: int, at: datetime, counts: Mapping[str, object], outcome: str) -> None: ...
    def runs(self, last: int) -> tuple[RunRow, ...]: ...
    def run(self, number: int) -> RunRow | None: ...

    # who works, and on what
    def take_lease(self, name: str, holder: str, at: datetime) -> int:
        """The lease's epoch (`mxsync.ports.leases`). Raises `Locked` while another live process is in the way. `holder`
        names host, process and its start."""

    def renew_lease(self, name: str, holder: str, epoch: int, at: datetime) -> None:
        """Raises `Locked` when it was taken over: then nothing of the transaction may be committed."""

    def drop_lease(self, name: str, holder: str, epoch: int) -> None: ...
    def working_on(self, mailbox: str, refs: Sequence[ItemRef]) -> None:
        """What is about to be read there, so that after a death it is known what killed; empty when the page is
        done."""

    def was_working_on(self, mailbox: str) -> tuple[ItemRef, ...]: ...
    def deaths(self, refs: Collection[ItemRef]) -> Mapping[ItemRef, int]: ...
    def count_death(self, refs: Sequence[ItemRef]) -> None: ...
    def forget_deaths(self, refs: Sequence[ItemRef]) -> None: ...

    # who was erased (people are address keys, `mxsync.model.normal`)
    def anybody_erased(self) -> bool:
        """Whether anybody was."""

    def erased(self, people: Collection[str]) -> frozenset[str]:
        """Those of these people who were erased and are not to be created again."""

    def tombstone(self, person: str) -> Tombstone | None: ...
    def bury(self, people: Collection[str], tombstone: Tombstone) -> None:
        """Keeps these people from being created again, by a keyed hash of each."""

    def items_of_rows(self, rows: Collection[RecordKey]) -> frozenset[ItemRef]:
        """The items for which these rows were made or kept."""

    def items_named(self, people: Collection[str]) -> frozenset[ItemRef]:
        """The items in whose own names these addresses stand."""

    def erase_rows(self, rows: Collection[RecordKey]) -> Mapping[str, int]:
        """Forgets rows that are gone for good, with their before-images; counts by tracking table."""

    def erase_items(self, refs: Collection[ItemRef], *, gone: bool) -> Mapping[str, int]:
        """Forgets what these items held; unless `gone` it stays known that they were seen."""

    def strike(self, people: Collection[str], phrases: Collection[str]) -> int:
        """Strikes addresses out of everything that is remembered, and phrases where an address stood beside them."""

    # housekeeping
    def counts(self) -> Mapping[str, int]:
        """Rows of each tracking table, and items by fate ('items.applied' …)."""

    def prune(self, now: datetime, keep: timedelta) -> int:
        """Drops traces and before-images older than `keep`, and the accounts of passes; once a day, whenever it is
        called. Returns how many rows were touched."""


@value(frozen=True, slots=True)
class Unit:
    """One transaction over both sides."""

    crm: CrmUnit
    tracking: TrackingUnit


class Store(Protocol):
    """The customer's tables and the tracking tables, so that one transaction covers both."""

    def transaction(self, writer: str = "mxsync") -> AbstractContextManager[Unit]:
        """A writing transaction: committed when the block ends, rolled back when it raises. `writer` is what the change
        log calls us, 'mxsync' and what it does, at most 16 letters."""

    def rehearsal(self) -> AbstractContextManager[Unit]:
        """A writing transaction that is rolled back in any case: for seeing what would be."""

    def reading(self) -> AbstractContextManager[Unit]:
        """A consistent view for reading."""

    def wipe(self) -> None:
        """Makes what was deleted unreadable in the files of the database, as far as mxsync may: nobody finds it in free
        pages or in a log that was written ahead."""
