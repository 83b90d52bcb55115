"""What the journal intends and somebody has left without an outcome: a process that died, or a server that was away.

An effect on which a process dies kills the next one as well. So what may have killed is begun alone, and that is noted
before; what was begun too often without an outcome is given up and reported, and everything behind it goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from typing import Final

from mxsync.engine import intents
from mxsync.engine.patience import with_patience
from mxsync.engine.performing import Outcome, perform, record
from mxsync.engine.syncing.creating import creation_of
from mxsync.engine.syncing.items import record_unread
from mxsync.engine.world import World
from mxsync.errors import Busy, MxsyncError
from mxsync.failpoints import reach
from mxsync.model.item import ItemRef
from mxsync.ports.links import LONGEST_REST
from mxsync.ports.tracking import AsideRow, Intent

_log = logging.getLogger(__name__)

DEATHS: Final = 3
"""After so many deaths over one effect it is given up."""


def perform_left(world: World, pending: Sequence[Intent]) -> list[Outcome]:
    """Performs, in their order, intents that a pass finds in the journal."""
    outcomes: list[Outcome] = []
    together: list[Intent] = []
    for intent in late(pending):
        if not intent.begun:
            together.append(intent)
            continue
        outcomes += _begun(world, together)
        together = []
        outcomes += _begun(world, [intent]) if intent.begun < DEATHS else _given_up(world, intent)
        if world.stop.is_set():
            return outcomes
    return outcomes + _begun(world, together)


def recover(world: World, at: datetime | None = None) -> list[Outcome]:
    """Finishes what a crash left half-done, without what rests `at` that moment. Nobody else may be at work: it clears
    away what looks forgotten."""
    for connector in {id(m.connector): m.connector for m in world.mailboxes}.values():
        connector.clear_leftovers()
    with world.store.reading() as unit:
        pending = unit.tracking.pending()
    wanted = frozenset(str(i.payload["digest"]) for i in pending if i.effect == intents.DOCUMENT)
    world.documents.clear(wanted)
    outcomes = perform_left(world, rested(pending, at))
    if wanted:
        left = (o.intent for o in outcomes if o.error and not o.final and o.intent.effect == intents.DOCUMENT)
        world.documents.clear(frozenset(str(intent.payload["digest"]) for intent in left))
    return outcomes


def rested(pending: Sequence[Intent], at: datetime | None) -> list[Intent]:
    """Without those that a server does not let be looked at, and that are not due at that moment; None for all."""
    if at is None:
        return list(pending)
    return [each for each in pending if each.due is None or not at < each.due <= at + LONGEST_REST]


def perform_by_mailbox(
    world: World, pending: Sequence[Intent], work: Callable[[World, Sequence[Intent]], list[Outcome]] = perform
) -> list[Outcome]:
    """`work` for intents of several mailboxes: where others are at work, each mailbox's under its own lease, so that
    nobody looks at it in between. Those of a mailbox that stays busy are left to the next pass; what they are about
    stands as it is until then."""
    if world.leases.whole:
        return work(world, pending)
    outcomes: list[Outcome] = []
    names = world.by_name()
    for name in dict.fromkeys(intent.ref.mailbox for intent in pending):
        own = [intent for intent in pending if intent.ref.mailbox == name]
        try:
            with world.leases.alone(name) if name in names else nullcontext():
                outcomes += work(world, own)
        except Busy as busy:
            _log.info("left for the next pass: %s", busy)
            record(world, [Outcome(intent, error=str(busy)) for intent in own])
    return outcomes


def late(pending: Sequence[Intent]) -> list[Intent]:
    """What somebody died over, and may have done: what it made is looked at as something that others saw already."""
    return [replace(each, attempts=max(1, each.attempts)) for each in pending]


def _begun(world: World, pending: Sequence[Intent]) -> list[Outcome]:
    if not pending:
        return []

    def note() -> None:
        with world.store.transaction() as unit:
            unit.tracking.begin([intent.key for intent in pending])

    with_patience(world, note)
    reach("left.begun")
    return perform(world, pending)


def _given_up(world: World, intent: Intent) -> list[Outcome]:
    """What is left of an effect that kills. An item that was made all the same stands for its record: forgotten, it
    would pass for a person's new one. To find it by its key is not to read it, which may be what kills."""
    if intent.effect == intents.ITEM and intent.payload["op"] == "create":
        mailbox = world.by_name().get(intent.ref.mailbox)
        try:
            there = mailbox.connector.made(creation_of(intent)) if mailbox is not None else None
        except MxsyncError as error:
            outcomes = [Outcome(intent, error=f"whether it was made cannot be seen now: {error}", unseen=True)]
            record(world, outcomes)
            return outcomes
        if there is not None:
            with_patience(world, lambda: _keep(world, intent, there))
            return []
    sentence = (
        f"mxsync died {DEATHS} times while doing this; it is left undone until the item or its record changes "
        "(the crash reports are in the log)"
    )
    _log.error("%s/%s: %s", intent.ref.mailbox, intent.ref.href, sentence)
    outcomes = [Outcome(intent, error=sentence, final=True, killed=True)]
    record(world, outcomes)
    return outcomes


def _keep(world: World, intent: Intent, there: ItemRef) -> None:
    with world.store.transaction() as unit:
        unit.tracking.performed(intent.key, {})
        record_unread(unit.tracking, intent, there, world.plan().digest, world.now())


def killed(row: AsideRow) -> bool:
    """Whether an item is left alone because the process died on it too often."""
    return not row.revision and "died" in row.sentence
