"""What a page of items is to be worked on with, what was promised of it, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mxsync.decide.context import Event
from mxsync.decide.gleaned import Foreseen
from mxsync.engine.world import Mailbox
from mxsync.errors import PlanMoved
from mxsync.model.item import ItemRef, Unreadable
from mxsync.model.outcome import Decision
from mxsync.model.record import RecordKey
from mxsync.ports.connector import Fetched
from mxsync.ports.tracking import Intent


@dataclass(slots=True)
class PageResult:
    """What came of a page. `postponed` are items whose decision deletes something, while deletions wait."""

    decisions: list[Decision] = field(default_factory=list)
    aside: list[tuple[ItemRef, str]] = field(default_factory=list)
    postponed: list[ItemRef] = field(default_factory=list)
    intents: list[Intent] = field(default_factory=list)
    updated: dict[str, int] = field(default_factory=dict)
    created: dict[str, int] = field(default_factory=dict)
    linked: int = 0
    documents: int = 0
    proposed: list[tuple[tuple[RecordKey, ...], str]] = field(default_factory=list)
    unread: int = 0
    """Items whose text was read beforehand and for nothing."""


@dataclass(slots=True)
class Guard:
    """What `sync --plan` has promised: the digest of each item's decision. Anything else stops the pass."""

    promised: Mapping[ItemRef, str]
    digest: Callable[[Decision], str]

    def check(self, decision: Decision) -> None:
        """Raises `PlanMoved` when the world has moved."""
        if self.promised.get(decision.ref) != self.digest(decision):
            raise PlanMoved(
                f"the world has moved since the plan: {decision.ref.mailbox}/{decision.ref.href} would be decided "
                "otherwise now. Nothing more is done; make a new plan"
            )


@dataclass(slots=True)
class PageJob:
    """A page to work on. `fetched` and `unreadable` are what the mailbox gave, `foreseen` what was told of items where
    they were read; `vanished` are the items of the mailbox that are gone. Unless `deletions`, items whose decision
    deletes are put off. `next_refs` is what will be read next. When `quiet`, nobody is notified and no hook is called,
    now or later."""

    mailbox: Mailbox
    run: int
    now: datetime
    fetched: Sequence[Fetched]
    unreadable: Sequence[Unreadable] = ()
    vanished: Collection[ItemRef] = ()
    event: Event | None = None
    foreseen: Mapping[ItemRef, Foreseen] = field(default_factory=dict)
    deletions: bool = False
    next_refs: Sequence[ItemRef] = ()
    guard: Guard | None = None
    rehearsing: bool = False
    quiet: bool = False
    accepted: bool = False
    """A person has accepted what the rules hold for review."""
