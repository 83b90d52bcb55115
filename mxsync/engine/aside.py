"""Items and folders that are left alone for a while, each reported with its sentence: when they are tried again, over
which of them the process died too often, which could not be looked at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from mxsync.engine.left_over import killed
from mxsync.engine.reporting import Tally
from mxsync.engine.world import World
from mxsync.errors import Disposition, Transient
from mxsync.model.change import Appeared, Change, ChangePage
from mxsync.model.item import ItemRef, Kind
from mxsync.model.outcome import Fate
from mxsync.ports.tracking import AsideRow, ItemRow

_DEATHS = 3
"""After so many deaths on one item alone, that item is set aside."""
_PATIENCE = timedelta(minutes=15)
"""How long a service leaves an item alone that was set aside, doubled with each attempt, up to a day."""


class NoMailbox(Transient):
    """The mailbox as a whole is not there."""

    disposition = Disposition.SUSPEND_MAILBOX


def with_retries(found: ChangePage, aside: Sequence[AsideRow], now: datetime, *, eager: bool) -> list[Change]:
    """What changed in a mailbox, and what was set aside there before and is due again: with `eager` all of it."""
    changes = list(found.changes)
    there = {change.ref for change in changes}
    for row in aside:
        wait = min(_PATIENCE * 2 ** min(row.attempts, 7), timedelta(days=1))
        if row.revision and row.ref not in there and (eager or abs(now - row.last) >= wait):
            changes.append(Appeared(row.ref, row.revision, Kind.MAIL))  # it was never read: `since` is still to ask
    return changes


def count_deaths(
    world: World, mailbox: str, suspects: Sequence[ItemRef], now: datetime, tally: Tally
) -> Collection[ItemRef]:
    """Counts a death where the last process died on one item alone; items that killed too often are left alone, and are
    what is returned."""
    if len(suspects) != 1:
        return ()
    with world.store.transaction() as unit:
        tracking = unit.tracking
        tracking.count_death(suspects)
        if tracking.deaths(suspects).get(suspects[0], 0) < _DEATHS:
            return ()
        sentence = (
            f"mxsync died {_DEATHS} times while working on this item; it is left alone until it changes "
            "(the crash reports are in the log)"
        )
        row = tracking.items(suspects).get(suspects[0])
        tracking.set_aside([AsideRow(suspects[0], "", sentence, 1, now, now)])
        if row is None:
            unread = ItemRow(suspects[0], Kind.MAIL, "", "", "", Fate.SET_ASIDE.value, "", sentence, now)
            tracking.save_items([unread])
        tracking.forget_deaths(suspects)
        tracking.working_on(mailbox, ())
        tally.report.set_aside.append((f"{mailbox}/{suspects[0].href}", sentence))
    return suspects


def report_trouble(world: World, found: ChangePage, aside: Sequence[AsideRow], now: datetime, tally: Tally) -> None:
    """Folders that could not be looked at are reported as long as that is so. Raises `NoMailbox` where that is all of
    them."""
    trouble = {ItemRef(t.mailbox, t.folder, t.href or t.folder or "."): t.reason for t in found.trouble}
    before = {row.ref: row for row in aside if not row.revision and not killed(row)}
    for ref, reason in trouble.items():
        tally.report.set_aside.append((f"{ref.mailbox}/{ref.href}", reason))
    if before:
        with world.store.reading() as unit:
            for row in unit.tracking.put_off(None):  # what the database refuses of a sync is no trouble of a folder
                before.pop(row.ref, None)
    new = [
        AsideRow(ref, "", reason, 1, now, now)
        for ref, reason in trouble.items()
        if ref not in before or before[ref].sentence != reason
    ]
    over = [ref for ref in before if ref not in trouble]
    if new or over:
        with world.store.transaction() as unit:
            unit.tracking.set_aside(new)
            unit.tracking.clear_aside(over)
    if any(not t.folder and not t.href for t in found.trouble):
        raise NoMailbox(next(t.reason for t in found.trouble if not t.folder and not t.href))
