"""Which folder of whom is kept in step with what: a sync for each of its users."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mxsync.decide.syncing import Way
from mxsync.engine.world import World
from mxsync.lang import ir
from mxsync.lang.compile import RulePlan
from mxsync.lang.compile_folders import folder_key
from mxsync.lang.ir import SideForm
from mxsync.model.item import PUBLIC, ItemRef, Kind
from mxsync.model.normal import address_key

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of a mailbox, with its subfolders."""

    mailbox: str
    folder: str

    def holds(self, ref: ItemRef) -> bool:
        """Whether an item lies in it."""
        if ref.mailbox != self.mailbox:
            return False
        own, key = folder_key(ref.folder), folder_key(self.folder)
        return own == key or own.startswith(f"{key}/")


@dataclass(frozen=True)
class Binding:
    """A sync for one user ('' where it is about no single one): the folder whose items stand for records, and the
    folder of the records where those are items."""

    way: Way
    user: str
    spoke: Place
    hub: Place | None

    @property
    def key(self) -> tuple[str, str]:
        return self.way.name, self.user

    @property
    def where(self) -> tuple[Place, str, Place | None]:
        """Two syncs with the same of these put the same records into the same folder."""
        return self.spoke, self.way.hub.entity, self.hub

    @property
    def shown(self) -> str:
        """The folder in words."""
        return f"{self.spoke.mailbox}/{self.spoke.folder}"


def bindings_of(world: World, ways: Sequence[Way]) -> list[Binding]:
    """Every sync for every user whom it is for."""
    mailboxes = {address_key(name): name for name in world.by_name()}
    users = [name for name in world.by_name() if name != PUBLIC]
    return [binding for way in ways for binding in _bindings(way, mailboxes, users)]


def _bindings(way: Way, mailboxes: Mapping[str, str], users: Sequence[str]) -> Iterator[Binding]:
    sides = [side for side in (way.spoke, way.hub) if side.form is not SideForm.TABLE]
    each = any(side.form is SideForm.EACH_USER for side in sides)
    wanted = way.sync.users
    people = [user for user in users if wanted is None or address_key(user) in wanted] if each else [""]
    for user in people:
        spoke = _place(way.spoke, user, mailboxes)
        hub = _place(way.hub, user, mailboxes) if way.entity is None else None
        if spoke is None or (hub is None and way.entity is None):
            _log.warning("the sync `%s` is about a mailbox that is not configured; that part is left out", way.name)
            continue
        own = spoke.mailbox if spoke.mailbox != PUBLIC else ""
        yield Binding(way, user or own, spoke, hub)


def _place(side: ir.Side, user: str, mailboxes: Mapping[str, str]) -> Place | None:
    match side.form:
        case SideForm.EACH_USER:
            return Place(user, side.folder)
        case SideForm.PUBLIC:
            return Place(PUBLIC, side.folder) if PUBLIC in mailboxes else None
        case SideForm.ONE_USER:
            name = mailboxes.get(side.user)
            return Place(name, side.folder) if name is not None else None
        case _:
            return None


def synced_kinds(plan: RulePlan) -> frozenset[Kind]:
    """The kinds of item that any sync is about."""
    return frozenset(sync.kind for sync in plan.program.syncs)
