"""Deaths within the sync phase: a process that dies on an item dies on it again, unless somebody counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from mxsync.model.item import ItemRef
from mxsync.model.outcome import Fate
from mxsync.ports.leases import SYNCS
from mxsync.ports.links import WaitingRow
from mxsync.ports.tracking import AsideRow, Unit

DEATHS: Final = 3
"""After so many deaths on one item alone, that item is left alone until it changes."""


def _mark(ref: ItemRef) -> ItemRef:
    """An item among those that the syncs work on; what a mailbox's own part of a pass works on is marked apart."""
    return ItemRef(SYNCS, ref.folder, f"{ref.mailbox}/{ref.href}")


def _marked(mark: ItemRef) -> ItemRef:
    mailbox, _, href = mark.href.partition("/")
    return ItemRef(mailbox, mark.folder, href)


@dataclass(slots=True)
class Suspects:
    """What the last process had before it when it died. Each is looked at alone, so that the next death is one item's;
    a page that is done clears those on it. `tell` is told what is left alone, and why."""

    transaction: Callable[[], AbstractContextManager[Unit]]
    reading: Callable[[], AbstractContextManager[Unit]]
    now: datetime
    tell: Callable[[ItemRef, str], None]
    left: set[ItemRef] = field(default_factory=set)
    left_alone: set[ItemRef] = field(default_factory=set)
    marked: bool = False

    def begin(self) -> None:
        """Counts the death where the last process died on one item alone."""
        with self.reading() as unit:
            was = unit.tracking.was_working_on(SYNCS)
            self.left_alone = {row.ref for row in unit.tracking.aside() if not row.revision and "died" in row.sentence}
        self.left = set(was)
        self.marked = bool(was)
        if len(was) != 1:
            return
        with self.transaction() as unit:
            tracking = unit.tracking
            tracking.count_death(was)
            if tracking.deaths(was).get(was[0], 0) < DEATHS:
                return
            ref = _marked(was[0])
            sentence = (
                f"mxsync died {DEATHS} times while a sync looked at this item; it is left alone until it changes "
                "(the crash reports are in the log)"
            )
            tracking.dequeue([WaitingRow(ref, "changed")])
            tracking.set_aside([AsideRow(ref, "", sentence, 1, self.now, self.now)])
            row = tracking.items([ref]).get(ref)
            if row is not None:
                tracking.save_items([replace(row, fate=Fate.SET_ASIDE.value, reason=sentence)])
            tracking.forget_deaths(was)
        self.left.clear()
        self.left_alone.add(ref)
        self.tell(ref, sentence)

    def page(self, waiting: Sequence[WaitingRow], size: int) -> Sequence[WaitingRow]:
        """The next page of what waits, remembered before anything of it is read."""
        page = [row for row in waiting if _mark(row.ref) in self.left][:1] or waiting[:size]
        with self.transaction() as unit:
            unit.tracking.working_on(SYNCS, [_mark(row.ref) for row in page])
        self.marked = True
        return page

    def done(self, page: Sequence[WaitingRow]) -> None:
        """A page was looked at without harm: what died on it before is forgiven."""
        harmless = self.left & {_mark(row.ref) for row in page}
        if harmless:
            with self.transaction() as unit:
                unit.tracking.forget_deaths(sorted(harmless))
            self.left -= harmless

    def end(self) -> None:
        """Nothing more is looked at."""
        if self.marked:
            with self.transaction() as unit:
                unit.tracking.working_on(SYNCS, ())
            self.marked = False
