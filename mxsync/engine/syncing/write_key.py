"""The keys of writes of items: the same write has the same key, whoever intends it, and when: so it is done once."""

from __future__ import annotations

from mxsync.engine.intents import key_of
from mxsync.engine.syncing.places import Binding
from mxsync.model.item import ItemRef
from mxsync.model.record import RecordKey


def key_of_write(op: str, side: str, binding: Binding, ref: ItemRef, hub: RecordKey | ItemRef, said: str = "") -> str:
    """The key of a write of one side of a pair; `said` tells changes of one item apart."""
    return key_of(op, side, binding.way.name, binding.user, item_text(ref), *hub_text(hub), said)


def key_of_making(binding: Binding, row: RecordKey) -> str:
    """The key under which the folder's item for a row is made."""
    place = binding.spoke
    return key_of_write("create", "spoke", binding, ItemRef(place.mailbox, place.folder, ""), row)


def item_text(ref: ItemRef) -> str:
    """An item in a key."""
    return f"{ref.mailbox}\x1e{ref.folder}\x1e{ref.href}"


def hub_text(hub: RecordKey | ItemRef) -> tuple[str, str]:
    """A record in a key."""
    return (hub.entity, str(hub.value)) if isinstance(hub, RecordKey) else (hub.mailbox, hub.href)
