"""`backfill`: the items of a mailbox decided by today's rules whenever they are from, read or not.

It is a pass like any other, over everything instead of over what changed, and each item is decided as one that comes
today. What was done for it before is found again (its row, its links, what a rule made once for it), so that only what
today's rules want beyond that is written, and a second run writes nothing.

How far it has come is kept after each page: what a kill interrupts goes on from there. Deciding a page twice does no
harm, so the place need not be written with the page in one transaction. Items whose rows the rules would now withdraw
wait to the end of their mailbox, under the delete brake as in a pass; up to the first of them the place is kept, and
not beyond.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from mxsync.engine.aside import count_deaths, report_trouble
from mxsync.engine.left_over import killed
from mxsync.engine.page_job import PageJob, PageResult
from mxsync.engine.paging import AheadRead, PageRead
from mxsync.engine.passes import Pass
from mxsync.engine.period import Period, Place, everything_in, place_of
from mxsync.engine.vanishing import work_vanished
from mxsync.engine.world import Mailbox, Progress, World
from mxsync.failpoints import reach
from mxsync.model.change import Appeared, Modified
from mxsync.model.item import ItemRef
from mxsync.model.outcome import PassReport

NAME = "backfill"
"""Under this name the place lies among the cursors of mailboxes."""


@dataclass(frozen=True, slots=True)
class BackfillReport:
    """What a backfill did. `resumed`: where an interrupted one had come to, '' for one from the beginning."""

    report: PassReport
    resumed: str = ""


@dataclass(slots=True)
class Position:
    """How far a backfill has come. `scope` names what it is about (rules, period, mailboxes): another one's position
    means nothing. `done` are the mailboxes that are finished, `mailbox` is the one at hand, `place` its last item."""

    scope: str
    done: list[str] = field(default_factory=list)
    mailbox: str = ""
    place: Place | None = None

    def text(self) -> str:
        place = [self.place[0], self.place[1].isoformat(), self.place[2]] if self.place is not None else None
        return json.dumps({"scope": self.scope, "done": self.done, "mailbox": self.mailbox, "place": place})

    @classmethod
    def read(cls, text: str, scope: str) -> Position:
        """The position in a text; the beginning, where it is none or of another scope."""
        found = json.loads(text) if text else {}
        if found.get("scope") != scope:
            return cls(scope)
        place = found["place"]
        where = (int(place[0]), datetime.fromisoformat(place[1]), str(place[2])) if place is not None else None
        return cls(scope, found["done"], found["mailbox"], where)

    @classmethod
    def unfinished(cls, text: str) -> str:
        """How far a backfill has come that is not finished, for people; '' where there is none."""
        return str(cls.read(text, json.loads(text)["scope"])) if text else ""

    def __str__(self) -> str:
        if not self.mailbox:
            return f"done with {', '.join(self.done)}" if self.done else ""
        day = f", at {self.place[1]:%Y-%m-%d}" if self.place is not None and self.place[1].year < 9999 else ""
        return f"{self.mailbox}{day}"


@dataclass(slots=True)
class Backfill(Pass):
    """The pass. `still_here` is called with each page, so that nobody takes the tenant over. Unless `telling`, nobody
    is notified and no hook is called: what happened years ago is no news."""

    period: Period = field(default_factory=Period)
    telling: bool = False
    still_here: Callable[[], None] = lambda: None
    position: Position = field(default_factory=lambda: Position(""))

    def run_over(self, mailboxes: Sequence[Mailbox], progress: Progress) -> BackfillReport:
        """All of it, from where one of the same scope was interrupted."""
        names = sorted(mailbox.name for mailbox in mailboxes)
        told = "\n".join([self.world.plan().digest, str(self.period), *names])
        scope = hashlib.sha256(told.encode()).hexdigest()[:24]
        with self.world.store.reading() as unit:
            self.position = Position.read(unit.tracking.cursor(NAME), scope)
        resumed = str(self.position)
        report = self.go(mailboxes, progress)
        if not self.world.stop.is_set() and not report.failed_mailboxes:
            self._keep("")
        return BackfillReport(report, resumed)

    def _keep(self, text: str) -> None:
        with self.world.store.transaction() as unit:
            unit.tracking.set_cursor(NAME, text)

    def _mailbox(self, mailbox: Mailbox, progress: Progress) -> None:
        position = self.position
        if mailbox.name in position.done:
            return
        mailbox = replace(mailbox, since=None)  # what lies before it is wanted here
        found, items = everything_in(mailbox)
        with self.world.store.reading() as unit:
            aside = unit.tracking.aside(mailbox.name)
            suspects = unit.tracking.was_working_on(mailbox.name)
        after = position.place if position.mailbox == mailbox.name else None
        left = [each for each in items if after is None or place_of(each) > after]
        dead = count_deaths(self.world, mailbox.name, suspects, self.moment(), self.tally)
        poisoned = {*dead, *(row.ref for row in aside if killed(row))}
        left = [each for each in left if each.ref not in poisoned]
        position.mailbox, position.place = mailbox.name, after
        postponed = self._pages(mailbox, left, (), set(suspects), progress, before=len(items) - len(left))
        if postponed:
            work_vanished(self, mailbox, (), postponed)
        report_trouble(self.world, found, aside, self.moment(), self.tally)
        position.done, position.mailbox, position.place = [*position.done, mailbox.name], "", None
        with self.world.store.transaction() as unit:
            unit.tracking.working_on(mailbox.name, ())
            unit.tracking.set_cursor(NAME, position.text())

    def _page_done(self, page: Sequence[Appeared | Modified], postponed: Sequence[ItemRef]) -> None:
        if not postponed:
            self.position.place = place_of(page[-1])
            self._keep(self.position.text())
            reach("backfill.kept")
        self.still_here()

    def _read(
        self, mailbox: Mailbox, changes: Sequence[Appeared | Modified], read: AheadRead | None = None
    ) -> PageRead:
        page = Pass._read(self, mailbox, changes, read)
        page.fetched = [each for each in page.fetched if self.period.takes(each.item)]
        return page

    def _commit(self, job: PageJob, *, alone: bool = False) -> PageResult | None:
        job.event, job.quiet = "created", not self.telling
        return Pass._commit(self, job, alone=alone)


def backfill(
    world: World,
    mailboxes: Sequence[Mailbox],
    period: Period,
    progress: Progress,
    *,
    telling: bool,
    still_here: Callable[[], None],
) -> BackfillReport:
    """Decides all items of a period by the rules in force. The caller holds the lease on the tenant."""
    work = Backfill(world, NAME, period=period, telling=telling, still_here=still_here)
    return work.run_over(mailboxes, progress)
