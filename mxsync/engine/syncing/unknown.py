"""Items that the syncs have made without knowing it: the server did as it was asked, and its answer is missing still
when the folder is looked at. Such an item stands for a record, and is nobody's new one."""

from __future__ import annotations

from collections.abc import Collection

from mxsync.engine.intents import ITEM
from mxsync.engine.syncing.creating import creation_of
from mxsync.engine.world import World
from mxsync.errors import MxsyncError
from mxsync.model.item import ItemRef
from mxsync.ports.tracking import TrackingUnit


def made_unknown(
    world: World, tracking: TrackingUnit, frozen: Collection[ItemRef], waiting: Collection[ItemRef]
) -> set[ItemRef]:
    """Of the items that wait those that a write of the journal has made, and that are its own until it is done. Where
    the server does not say, nothing of that folder is looked at by this pass. `frozen`: what writes wait for."""
    mailboxes = {ref.mailbox for ref in frozen if ref.href.startswith("?")} & {ref.mailbox for ref in waiting}
    if not mailboxes:
        return set()
    found: set[ItemRef] = set()
    connectors = {name: mailbox.connector for name, mailbox in world.by_name().items() if name in mailboxes}
    for intent in tracking.pending():
        name = intent.ref.mailbox
        if intent.effect != ITEM or intent.payload["op"] != "create" or not intent.attempts or name not in connectors:
            continue
        new = creation_of(intent)
        try:
            made = connectors[name].made(new)
        except MxsyncError:
            found |= {ref for ref in waiting if ref.mailbox == name and ref.folder == new.folder}
        else:
            found |= {made} if made is not None else set()
    return found & set(waiting)


def made_without_an_answer(world: World, tracking: TrackingUnit, mailbox: str) -> set[ItemRef]:
    """The items of a mailbox that writes of the journal have made and nobody has noted: rules have nothing to do with
    them before it is known for which record each stands. Raises what the server says when it cannot be asked."""
    connector = world.by_name()[mailbox].connector
    pending = [each for each in tracking.pending(mailbox) if each.effect == ITEM and each.payload["op"] == "create"]
    return {made for each in pending if (made := connector.made(creation_of(each))) is not None}
