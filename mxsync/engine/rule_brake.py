"""The delete brake of rules: rows that would go because items are gone, or are decided otherwise by now.

It holds them folder by folder. What it holds waits in the review queue, where a person lets it through once.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from mxsync.engine.syncing.brakes import brake_ref, release_note, waiting_deletions
from mxsync.engine.world import Mailbox, World
from mxsync.model.item import ItemRef
from mxsync.ports.tracking import ReviewRow

if TYPE_CHECKING:
    from mxsync.engine.passes import Pass

RULES: Final = "rules"
"""What stands for the sync where it is rules that delete."""
RULE_BRAKE: Final = "delete brake of rules"
"""The rule of what waits in the review queue because this brake holds it."""
_HOLDS = "brake of rules: "
"""Before a mailbox, in the name of the note that says in which of its folders something is held."""


def holds_note(mailbox: str) -> str:
    """The note of a mailbox: '' while nothing of it is held."""
    return _HOLDS + mailbox


def held_by_rules(world: World, mailbox: str) -> list[str]:
    """The folders of a mailbox in which something is held, each with the mailbox before it."""
    with world.store.reading() as unit:
        note = unit.tracking.note(holds_note(mailbox))
    return [f"{mailbox}/{folder}" for folder in json.loads(note)] if note else []


class RuleBrake:
    """The brake of one mailbox in one pass. `before` is what its note said."""

    def __init__(self, work: Pass, mailbox: Mailbox, before: str) -> None:
        self._work = work
        self._mailbox = mailbox
        self._before: list[str] = json.loads(before) if before else []
        self._held: dict[str, ReviewRow] = {}
        self._used: set[str] = set()

    def _group(self, folder: str) -> tuple[str, str]:
        return RULES, f"{self._mailbox.name}/{folder}"

    def holds(self, refs: Collection[ItemRef]) -> Collection[str]:
        """The folders in which so many rows would be deleted that a person has to look; each is reported."""
        world = self._work.world
        for folder, count in Counter(ref.folder for ref in refs).items():
            group = self._group(folder)
            with world.store.reading() as unit:
                stock = len(unit.tracking.known(self._mailbox.name, folder))
                released = bool(unit.tracking.note(release_note(group)))
            if not world.brake.holds(count, stock):
                continue
            if released:
                self._used.add(folder)
                continue
            sentence = (
                f"{group[1]}: {count} of {stock} items would have their rows deleted, more than {world.brake.count} "
                f"and more than {world.brake.share:.0%}; nothing of that is done, everything else is. If it is meant: "
                f"mxsync review release '{RULES}' '{group[1]}'"
            )
            own = [ref for ref in refs if ref.folder == folder]
            self._held[folder] = waiting_deletions(world, group, own, sentence, RULE_BRAKE)
            self._work.tally.report.stopped_by_brake.append(sentence)
        return self._held.keys()

    def settle(self) -> None:
        """What is held waits for a person; what is held no longer does not, and a person's word held once."""
        if not (self._held or self._used or self._before):
            return
        over = [folder for folder in self._before if folder not in self._held]
        with self._work.world.store.transaction() as unit:
            tracking = unit.tracking
            known = {row.ref: row.why for row in tracking.held() if row.rule == RULE_BRAKE}
            new = [row for row in self._held.values() if known.get(row.ref) != row.why]
            tracking.release([*(brake_ref(self._group(folder)) for folder in over), *(row.ref for row in new)])
            tracking.hold(new)
            for folder in {*over, *self._used}:
                tracking.set_note(release_note(self._group(folder)), "")
            tracking.set_note(holds_note(self._mailbox.name), json.dumps(sorted(self._held)) if self._held else "")
