"""An older state of the database was brought back: what mxsync remembers of rows that are not there any more is let go.

The numbers of lost rows are given to new ones. Who still remembered that an item stands for such a number would take
somebody else's row for it. No item is deleted: it stands for itself again, and syncs look at it anew.
"""

from __future__ import annotations

import logging

from mxsync.engine.world import World
from mxsync.failpoints import reach
from mxsync.model.record import RecordKey
from mxsync.ports.links import WaitingRow
from mxsync.ports.tracking import TrackingUnit, Unit

_log = logging.getLogger(__name__)
_NOTE = "log.latest"
"""The note that has the latest change of the log, as the last pass left it."""


def let_go_of_lost_rows(world: World) -> int:
    """Looks whether the change log still has what it had, which is one row to read; where it has not, goes through all
    rows for which an item stands. Returns how many are let go of."""
    with world.store.reading() as unit:
        mark = unit.tracking.note(_NOTE)
        if not mark or unit.crm.log_holds(mark):
            return 0
    lost = sum(_lost_of(world, name) for name in sorted(world.plan().entities))
    with world.store.transaction() as unit:
        unit.tracking.set_note(_NOTE, unit.crm.log_mark())  # nothing for a log that was emptied: it holds no mark
    if lost:
        _log.warning(
            "an older state of the database was brought back: %d rows for which items stand are not there any more. No "
            "item is deleted; `mxsync verify` tells what is missing, `mxsync backfill` decides the items again",
            lost,
        )
    return lost


def keep_mark(unit: Unit) -> None:
    """Notes the latest change, for the next pass to find."""
    mark = unit.crm.log_mark()
    if mark and mark != unit.tracking.note(_NOTE):
        unit.tracking.set_note(_NOTE, mark)


def _lost_of(world: World, entity: str) -> int:
    after: RecordKey | None = None
    count = 0
    while True:
        world.check_stop()
        with world.store.transaction() as unit:
            known = unit.tracking.rows_known_after(entity, after, world.page)
            there = unit.crm.before(known, links=False) if known else {}
            missing = {key for key in known if key not in there}
            lost = missing - set(unit.crm.told_gone(missing))  # what is told is a deletion like any other
            _let_go(unit.tracking, lost)
            reach("restored.before-commit")
        count += len(lost)
        if len(known) < world.page:
            return count
        after = known[-1]


def _let_go(tracking: TrackingUnit, lost: set[RecordKey]) -> None:
    if not lost:
        return
    links = tracking.links_of_hubs(lost)
    tracking.drop_links(links)
    tracking.enqueue([WaitingRow(link.ref, "changed") for link in links])
    pairs = tracking.pairs_of_rows(lost)
    tracking.drop_pairs([(pair.ref, key) for key, own in pairs.items() for pair in own])
    tracking.forget_row_memory(lost)
