"""`verify`: everything that mxsync remembers held against what is there, in one consistent view, changing nothing."""

from __future__ import annotations

from collections.abc import Sequence

from mxsync.engine.verifying.items import ItemsLookedAt
from mxsync.engine.verifying.made import MadeLookedAt
from mxsync.engine.verifying.pairs import PairsLookedAt
from mxsync.engine.verifying.report import VerifyReport
from mxsync.engine.world import Mailbox, Progress, World
from mxsync.errors import Disposition, MxsyncError
from mxsync.model.record import RecordKey


def verify(world: World, mailboxes: Sequence[Mailbox], progress: Progress, *, all_of_them: bool) -> VerifyReport:
    """Looks at these mailboxes, their pairs, and what was made for them. A mailbox that cannot be reached is in the
    report, and the others are looked at."""
    report = VerifyReport(world.now())
    gone: set[RecordKey] = set()
    with world.store.reading() as unit:
        for mailbox in mailboxes:
            try:
                items = ItemsLookedAt(world, unit, mailbox, report)
                items.go(progress)
                gone |= items.gone
                PairsLookedAt(world, unit, mailbox, items.there, report).go()
            except MxsyncError as error:
                if error.disposition is Disposition.STOP_PASS:
                    raise
                report.failed_mailboxes.append((mailbox.name, str(error)))
        names = None if all_of_them else {mailbox.name for mailbox in mailboxes}
        MadeLookedAt(world, unit, names, report, gone).go()
    return report
