"""Rows that somebody has dealt with, and of which what is remembered knows nothing: an older state of the tracking
tables was brought back beside newer tables and mailboxes.

An item that stood for such a row would pass for a person's new one, and make a second row. So it is known again: by the
key that it was made under, else by saying what the row says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mxsync.decide.context import ItemContext
from mxsync.engine.syncing.cluster import Hub, fields_of, says
from mxsync.engine.syncing.places import Binding
from mxsync.engine.syncing.write_key import key_of_making
from mxsync.engine.world import World
from mxsync.model.item import Draft, ItemRef
from mxsync.model.record import RecordKey
from mxsync.ports.connector import Creation
from mxsync.ports.database import RowChange
from mxsync.ports.tracking import TrackingUnit, Unit
from mxsync.reconcile.forms import is_empty, same

_NOTE = "log.taken"
"""The note that has the number of the latest change that was dealt with: written with the dealing."""


def latest_of(changes: Sequence[RowChange]) -> int:
    """The number of the latest of some changes, 0 for none."""
    return max((change.number for change in changes), default=0)


def note_taken(tracking: TrackingUnit, latest: int) -> None:
    """Changes up to that number are dealt with, or are nobody's yet."""
    if latest > int(tracking.note(_NOTE) or -1):
        tracking.set_note(_NOTE, str(latest))


def changes_behind(unit: Unit) -> Sequence[RowChange]:
    """Changes that were dealt with, though nothing that is remembered says so. Where nothing is remembered at all, all
    that the log has."""
    noted = unit.tracking.note(_NOTE)
    if not noted and unit.tracking.sync_digests():
        return ()  # an earlier version did not note it
    return unit.crm.taken_after(int(noted or 0))


@dataclass(slots=True)
class Behind:
    """Such rows, with the time of their latest change; `latest` is the number of the last one that is behind. What was
    made for which row is asked of a mailbox once."""

    latest: int = 0
    rows: Mapping[RecordKey, datetime | None] = field(default_factory=dict)
    _made: dict[tuple[str, str], Mapping[ItemRef, RecordKey]] = field(default_factory=dict)

    def row_of(
        self,
        world: World,
        binding: Binding,
        context: ItemContext,
        free: Callable[[Binding, RecordKey], bool],
        hub: Callable[[RecordKey], Hub],
    ) -> RecordKey | None:
        """The row for which an item of a folder stood; None for none. `free` says whether nothing stands for a row yet.
        Raises what the item's server says."""
        entity = binding.way.entity
        rows = [key for key in self.rows if entity is not None and key.entity == entity.name and free(binding, key)]
        if binding.key not in self._made:
            self._made[binding.key] = _made(world, binding, rows)
        made = self._made[binding.key]
        if context.item.ref in made:
            return made[context.item.ref]
        others = set(made.values())
        return next((key for key in rows if key not in others and _says_the_same(binding, context, hub(key))), None)


def _made(world: World, binding: Binding, rows: Iterable[RecordKey]) -> Mapping[ItemRef, RecordKey]:
    """The items of a folder that were made for rows."""
    place = binding.spoke
    connector = world.by_name()[place.mailbox].connector
    found: dict[ItemRef, RecordKey] = {}
    for row in rows:
        new = Creation(place.mailbox, place.folder, Draft(binding.way.kind, {}), key_of_making(binding, row))
        ref = connector.made(new)
        if ref is not None:
            found[ref] = row
    return found


def _says_the_same(binding: Binding, context: ItemContext, hub: Hub) -> bool:
    """Whether a row holds all that an item says."""
    members = tuple(each for each in fields_of(binding, context.item) if each.to_hub)
    said = {name: value for name, value in says(context.item, members).items() if not is_empty(value)}
    return bool(said) and all(same(value, hub.values.get(name)) for name, value in said.items())
