"""What the engine works with: given by bootstrap, replaced by tests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from mxsync.decide.context import Organisation
from mxsync.engine.documents import DocumentStore
from mxsync.engine.hooks import Hooks
from mxsync.engine.item_cache import ItemCache
from mxsync.engine.notify import NoNotifier, Notifier
from mxsync.lang.compile import RulePlan
from mxsync.model.item import PUBLIC, Item
from mxsync.ports.clock import Clock
from mxsync.ports.connector import MailConnector
from mxsync.ports.database import Database
from mxsync.ports.leases import Leases, Unshared
from mxsync.ports.tracking import Store

Progress = Callable[[str, int, int], None]
"""Told of a mailbox how many items of how many are done."""

PAGE = 500
"""Items decided together and committed together."""


class Interrupted(Exception):
    """The stop event was set: what is not committed is left for the next pass."""


KEEP = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One mailbox to work on. `name` is the user's address or `PUBLIC`; items dated before `since` are left out."""

    name: str
    connector: MailConnector
    since: date | None = None

    @property
    def user(self) -> str:
        """The person whose mailbox it is; '' for public folders."""
        return "" if self.name == PUBLIC else self.name

    def takes(self, item: Item, *, known: bool = False) -> bool:
        """Whether an item is to be read: a mail or an entry that lies before `since` is not, unless it is `known`:
        `backfill` has read it, and it is kept in step since."""
        if self.since is None or known:
            return True
        moment = dated(item)
        return moment is None or moment.date() >= self.since


def dated(item: Item) -> datetime | None:
    """When an item is from, as far as `since` and `backfill` are concerned."""
    fields = item.fields
    moment = fields.get("received") or fields.get("sent") or fields.get("start") or fields.get("due")
    return moment if isinstance(moment, datetime) else None


@dataclass(frozen=True, slots=True)
class Brake:
    """A pass that would delete more than `share` of a folder's items and more than `count` of them waits for a
    person."""

    share: float = 0.25
    count: int = 10

    def holds(self, deletions: int, stock: int) -> bool:
        """Whether so many deletions among so many items are too many."""
        return deletions > self.count and deletions > self.share * stock


@dataclass(slots=True)
class World:
    """Everything around a pass. `plan` gives the rules in force: asked before every page, so that a reload is obeyed
    between two of them. `alert` are the addresses of those who are told when a person is needed; `keep` is how long
    traces and before-images are kept; `cache` has what was read for the rules and syncs are to look at."""

    store: Store
    database: Database
    mailboxes: Sequence[Mailbox]
    plan: Callable[[], RulePlan]
    organisation: Organisation
    documents: DocumentStore
    clock: Clock
    notifier: Notifier = field(default_factory=NoNotifier)
    hooks: Hooks = field(default_factory=lambda: Hooks({}))
    brake: Brake = field(default_factory=Brake)
    stop: threading.Event = field(default_factory=threading.Event)
    page: int = PAGE
    alert: Sequence[str] = ()
    keep: timedelta = KEEP
    leases: Leases = field(default_factory=Unshared)
    cache: ItemCache = field(default_factory=ItemCache)

    def now(self) -> datetime:
        return self.clock.now()

    def check_stop(self) -> None:
        """Raises `Interrupted` once a stop is asked for."""
        if self.stop.is_set():
            raise Interrupted

    def by_name(self) -> Mapping[str, Mailbox]:
        return {mailbox.name: mailbox for mailbox in self.mailboxes}
