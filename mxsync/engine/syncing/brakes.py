"""Deletions of a whole pass, counted by sync and folder before any of them is done."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager

from mxsync.engine.syncing.cluster import Deletion
from mxsync.engine.syncing.places import Binding
from mxsync.engine.world import World
from mxsync.model.item import ItemRef
from mxsync.ports.tracking import Unit
from mxsync.reconcile.brake import held_back

RELEASED = "released:"
"""Before the sync and the folder, in the name of the note by which a person lets deletions through once."""


def release_note(group: tuple[str, str]) -> str:
    """The note of a group."""
    return RELEASED + "\x1f".join(group)


class Brakes:
    """The brake of one phase. What it holds stays in the queue, and is counted again by the next pass."""

    def __init__(self, world: World, bindings: Sequence[Binding], stopped: Callable[[str], None]) -> None:
        self._world = world
        self._bindings = bindings
        self._stopped = stopped
        self._done: Counter[tuple[str, str]] = Counter()
        self._held: set[tuple[str, str]] = set()
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
                self._held.add(group)
                self._stopped(_sentence(group, next(iter(deletions.values())), count, stock, why))
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
