"""The sync phase within a pass, and within a rehearsal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from mxsync.engine.intents import ITEM
from mxsync.engine.left_over import perform_by_mailbox, perform_left, rested
from mxsync.engine.reporting import Tally
from mxsync.engine.syncing.items import items_of
from mxsync.engine.syncing.phase import SyncPhase
from mxsync.engine.world import World
from mxsync.model.item import ItemRef
from mxsync.ports.leases import SYNCS
from mxsync.ports.tracking import Intent, Unit

if TYPE_CHECKING:
    from mxsync.engine.passes import Pass


def carry_out_syncs(work: Pass) -> None:
    """The sync phase of a pass. Raises `Busy` while another process carries them out."""
    world = work.world

    def perform(intents: Sequence[Intent]) -> Set[ItemRef]:
        outcomes = perform_by_mailbox(world, intents)
        work.tally.performed(outcomes)
        done = {outcome.intent.key for outcome in outcomes if not outcome.waits}
        return {
            ref for intent in intents if intent.key not in done and intent.effect == ITEM for ref in items_of(intent)
        }

    with world.leases.alone(SYNCS):
        if not world.leases.whole:
            with world.store.reading() as unit:
                names = world.by_name()
                pending = unit.tracking.pending()
            # What a process that died had still to write; mailboxes' own intents are theirs.
            left = [each for each in pending if each.effect == ITEM or each.ref.mailbox not in names]
            left = rested(left, None if work.eager else work.moment())
            work.tally.performed(perform_by_mailbox(world, left, perform_left))
        phase = SyncPhase(
            world,
            world.store.transaction,
            world.store.reading,
            work.begin,
            perform,
            work.tally.synced,
            work.tally.report.stopped_by_brake.append,
            work.moment(),
            work.anew,
            work.eager,
        )
        try:
            phase.go()
        finally:
            world.cache.clear()


def rehearse_syncs(world: World, unit: Unit, now: datetime, tally: Tally) -> None:
    """The same within a rehearsal: everything happens in its one transaction, and nothing outside."""

    @contextmanager
    def same() -> Iterator[Unit]:
        yield unit

    @contextmanager
    def part() -> Iterator[Unit]:
        """What a transaction of its own would be: a page that the database refuses leaves nothing."""
        with unit.tracking.part():
            yield unit

    def nothing(_: Sequence[Intent]) -> Set[ItemRef]:
        return frozenset()

    tally.listing = True
    SyncPhase(
        world, part, same, lambda _: 0, nothing, tally.synced, tally.report.stopped_by_brake.append, now
    ).go()  # fmt: skip
