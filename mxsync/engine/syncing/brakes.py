"""Deletions of a whole pass, counted by sync and folder before any of them is done."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager

from mxsync.engine.syncing.cluster import Deletion
from mxsync.engine.syncing.places import Binding
from mxsync.engine.world import World
from mxsync.model.item import ItemRef
from mxsync.ports.tracking import ReviewRow, Unit
from mxsync.reconcile.brake import held_back

BRAKE = "delete brake"
"""The rule of what waits in the review queue because the brake holds it."""
_SHOWN = 20
RELEASED = "released:"
"""Before the sync and the folder, in the name of the note by which a person lets deletions through once."""


def release_note(group: tuple[str, str]) -> str:
    """The note of a group."""
    return RELEASED + "\x1f".join(group)


def brake_ref(group: tuple[str, str]) -> ItemRef:
    """Where a group stands in the review queue."""
    return ItemRef("", BRAKE, "\x1f".join(group))


def waiting_deletions(
    world: World, group: tuple[str, str], refs: Collection[ItemRef], sentence: str, rule: str
) -> ReviewRow:
    """How deletions wait in the review queue; `rule` says which brake holds them."""
    shown = [f"{ref.mailbox}/{ref.href}" for ref in sorted(refs)[:_SHOWN]]
    more = [f"and {len(refs) - _SHOWN} more"] if len(refs) > _SHOWN else []
    return ReviewRow(world.now(), brake_ref(group), "", sentence, rule, world.plan().digest, [*shown, *more])


class Brakes:
    """The brake of one phase. What it holds stays in the queue, and is counted again by the next pass."""

    def __init__(self, world: World, bindings: Sequence[Binding], stopped: Callable[[str], None]) -> None:
        self._world = world
        self._bindings = bindings
        self._stopped = stopped
        self._done: Counter[tuple[str, str]] = Counter()
        self._held: dict[tuple[str, str], ReviewRow] = {}
        self._used: set[tuple[str, str]] = set()

    def release(
        self, postponed: Mapping[ItemRef, Deletion], reading: Callable[[], AbstractContextManager[Unit]]
    ) -> Mapping[ItemRef, Deletion]:
        """Those that may be done."""
        groups: dict[tuple[str, str], dict[ItemRef, Deletion]] = defaultdict(dict)
        for ref, deletion in postponed.items():
            groups[deletion.group][ref] = deletion
        allowed: dict[ItemRef, Deletion] = {}
        for group, deletions in groups.items():
            if group in self._held:
                continue
            count = self._done[group] + len(deletions)
            with reading() as unit:
                stock = self._stock(unit, next(iter(deletions.values()))) + self._done[group]
                released = bool(unit.tracking.note(release_note(group)))
            why = held_back(count, stock, share=self._world.brake.share, count=self._world.brake.count)
            if why and not released:
                sentence = _sentence(group, next(iter(deletions.values())), count, stock, why)
                self._held[group] = waiting_deletions(self._world, group, deletions, sentence, BRAKE)
                self._stopped(sentence)
                continue
            if why:
                self._used.add(group)
            self._done[group] += len(deletions)
            allowed.update(deletions)
        return allowed

    def _stock(self, unit: Unit, deletion: Deletion) -> int:
        """The pairs of one folder; where records go, those of the sync for everybody."""
        binding = deletion.binding
        if deletion.side == "spoke":
            return unit.tracking.count_links(*binding.key)
        keys = {each.key for each in self._bindings if each.way.name == binding.way.name}
        return sum(unit.tracking.count_links(*key) for key in keys)

    def queue(
        self,
        reading: Callable[[], AbstractContextManager[Unit]],
        transaction: Callable[[], AbstractContextManager[Unit]],
    ) -> None:
        """What is held waits for a person, once for each folder; what is held no longer does not."""
        with reading() as unit:
            before = {row.ref: row.why for row in unit.tracking.held() if row.rule == BRAKE}
        now = {row.ref: row for row in self._held.values()}
        over = [ref for ref in before if ref not in now or now[ref].why != before[ref]]
        new = [row for ref, row in now.items() if before.get(ref) != row.why]
        if over or new:
            with transaction() as unit:
                unit.tracking.release(over)
                unit.tracking.hold(new)

    def used(self, transaction: Callable[[], AbstractContextManager[Unit]]) -> None:
        """A person's word holds once."""
        if self._used:
            with transaction() as unit:
                for group in self._used:
                    unit.tracking.set_note(release_note(group), "")


def _sentence(group: tuple[str, str], deletion: Deletion, count: int, stock: int, why: str) -> str:
    sync, place = group
    what = "items" if deletion.side == "spoke" else "records"
    return (
        f"sync {sync}, {place}: {count} of {stock} {what} would be deleted, {why}; nothing of that is done, everything "
        f"else is. If it is meant: mxsync review release '{sync}' '{place}'"
    )
