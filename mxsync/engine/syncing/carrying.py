"""The sync phase within a pass, and within a rehearsal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from mxsync.engine.performing import perform
from mxsync.engine.reporting import Tally
from mxsync.engine.syncing.phase import SyncPhase
from mxsync.engine.world import World
from mxsync.ports.tracking import Intent, Unit

if TYPE_CHECKING:
    from mxsync.engine.passes import Pass


def carry_out_syncs(work: Pass) -> None:
    """The sync phase of a pass."""
    world = work.world
    SyncPhase(
        world,
        world.store.transaction,
        world.store.reading,
        work.begin,
        lambda intents: work.tally.performed(perform(world, intents)),
        work.tally.synced,
        work.tally.report.stopped_by_brake.append,
        work.moment(),
    ).go()


def rehearse_syncs(world: World, unit: Unit, now: datetime, tally: Tally) -> None:
    """The same within a rehearsal: everything happens in its one transaction, and nothing outside."""

    @contextmanager
    def same() -> Iterator[Unit]:
        yield unit

    def nothing(_: Sequence[Intent]) -> None: ...

    tally.listing = True
    SyncPhase(
        world, same, same, lambda _: 0, nothing, tally.synced, tally.report.stopped_by_brake.append, now
    ).go()  # fmt: skip
