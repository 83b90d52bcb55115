"""What the database refuses of a sync's write: its item waits, and is decided anew, as after a refusal of a server."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from mxsync.engine.left_over import killed
from mxsync.engine.syncing.job import Job
from mxsync.model.item import ItemRef
from mxsync.ports.links import STANDING, WaitingRow, rest_after
from mxsync.ports.tracking import AsideRow, TrackingUnit


def refused_before(tracking: TrackingUnit) -> set[ItemRef]:
    """Items over which the database has refused a write, and that wait for it."""
    return {row.ref for row in tracking.aside() if not row.revision and not killed(row)}


def put_off(tracking: TrackingUnit, job: Job, sentence: str) -> Collection[ItemRef]:
    """One record's write was refused: the item that is looked at, or one that stands for the row, waits. A deletion
    waits as one. Returns which item it is."""
    links = tracking.links_of_hubs(list(job.rows)) if not job.waiting else ()
    there = [link.ref for link in links if link.state in STANDING and link.ref.href[:1] not in ("", "?")]
    waiting = job.waiting or [WaitingRow(ref, "changed") for ref in there[:1]]
    before = {row.ref: row for row in tracking.aside()}
    tracking.dequeue(job.waiting)
    for row in waiting:
        old = before.get(row.ref)
        first, attempts = (old.first, old.attempts) if old is not None else (job.now, 0)
        tracking.remind([replace(row, ticket="", due=job.now + rest_after(attempts))])
        tracking.set_aside([AsideRow(row.ref, "", sentence, attempts + 1, first, job.now)])
    return [row.ref for row in waiting]
