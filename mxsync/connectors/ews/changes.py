"""What changed in a mailbox: one request says in which folders, and only those are synchronised.

Exchange keeps for each folder when something in it changed last (PidTagLocalCommitTimeMax) and how much was ever
deleted from it; a quiet mailbox is told by one FindFolder that asks for them. A folder whose numbers are others is read
on from its stored state by SyncFolderItems, 512 changes at a time. Public folders have no such states (the server
answers an error): they are paged through by FindItem, and compared with what tracking knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from mxsync.connectors.ews.classes import kind_of
from mxsync.connectors.ews.codecs import read_moment, read_text
from mxsync.connectors.ews.cursor import Position, Seen, read_cursor, write_cursor
from mxsync.connectors.ews.folders import Folder, Folders
from mxsync.connectors.ews.hierarchy import first_state, look_after
from mxsync.connectors.ews.operations import Caller, FindItem, SyncFolderItems, id_in
from mxsync.connectors.ews.properties import CREATED, IS_DRAFT, ITEM_CLASS, SENT, START, Path
from mxsync.connectors.ews.reading import is_item
from mxsync.connectors.ews.wire import Element
from mxsync.errors import CursorExpired, Refused
from mxsync.model.change import Appeared, Change, ChangePage, FolderTrouble, Modified, Vanished
from mxsync.model.item import PUBLIC, ItemRef, Kind
from mxsync.ports.connector import Known, KnownItems

SWEEP: Final = 6 * 3600
"""Seconds after which all folders are synchronised, whatever their digests say."""
_SHAPE: Final[tuple[Path, ...]] = (ITEM_CLASS, IS_DRAFT, SENT, CREATED, START)
_LAST: Final = datetime.max.replace(tzinfo=UTC)
_ATTEMPTS: Final = 3


@dataclass(frozen=True, slots=True)
class Told:
    """What a list tells of an item: None for the kind of what is no item to mxsync."""

    revision: str
    kind: Kind | None
    date: datetime | None


def told(element: Element, folder_class: str) -> Told:
    kind = is_item(element, folder_class)
    found = id_in(element)
    return Told(found.change_key if found is not None else "", kind, _date(kind, element) if kind is not None else None)


@dataclass(slots=True)
class Comparison:
    """Collects the changes of one mailbox."""

    mailbox: str
    caller: Caller
    known: KnownItems
    changes: list[Change] = field(default_factory=list)
    trouble: list[FolderTrouble] = field(default_factory=list)

    def synchronise(self, folder: Folder, state: str, before: Mapping[str, Known]) -> str:
        """Reads a folder on from a state; the new state. One that the server has forgotten is started over: what is
        known is compared then, and nothing is doubled."""
        try:
            return self._synchronise(folder, state, before)
        except CursorExpired:
            if not state:
                raise
            return self._synchronise(folder, "", before)

    def _synchronise(self, folder: Folder, state: str, before: Mapping[str, Known]) -> str:
        whole = not state
        # What is kept of an item is small: its element would keep the whole page that it came with.
        last: dict[str, Told | str | None] = {}
        while True:
            page = SyncFolderItems(self.caller).call(folder.id, state, _SHAPE)
            for what, change in page.changes:
                if what == "Delete":
                    found = id_in(change)
                    if found is not None:
                        last[found.id] = None
                elif what == "ReadFlagChange":
                    found = id_in(change)
                    if found is not None and not isinstance(last.get(found.id), (str, type(None))):
                        continue
                    if found is not None:
                        last[found.id] = found.change_key
                else:
                    found = id_in(change[0])
                    if found is not None:
                        last[found.id] = told(change[0], folder.folder_class)
            if page.last or (page.state == state and not page.changes):
                state = page.state
                break
            state = page.state
        for id, said in last.items():
            self._one(folder, id, said, before.get(id))
        if whole:
            self.vanish(folder.path, before, last)
        return state

    def _one(self, folder: Folder, id: str, said: Told | str | None, known: Known | None) -> None:
        ref = ItemRef(self.mailbox, folder.path, id)
        if said is None:
            if known is not None:
                self.changes.append(Vanished(ref))
        elif isinstance(said, str):
            if known is not None and known.revision != said:
                kind = kind_of("", folder.folder_class) or Kind.MAIL
                self.changes.append(Modified(ref, said, kind))
        else:
            self.item(ref, said, known)

    def item(self, ref: ItemRef, said: Told, known: Known | None) -> None:
        """Compares an item with what is known of it."""
        if said.kind is None:
            if known is not None:
                self.changes.append(Vanished(ref))
        elif known is None:
            self.changes.append(Appeared(ref, said.revision, said.kind, said.date))
        elif known.revision != said.revision:
            self.changes.append(Modified(ref, said.revision, said.kind, said.date))

    def page_through(self, folder: Folder, before: Mapping[str, Known]) -> bool:
        """Compares a public folder item by item. False when it changed under the reading, so that it must be looked at
        again, and nothing of it counts as gone."""
        for _ in range(_ATTEMPTS):
            seen: dict[str, Told] = {}
            totals: set[int] = set()
            for _offset, total, elements in FindItem(self.caller).pages(folder.id, _SHAPE):
                totals.add(total)
                for each in elements:
                    if (found := id_in(each)) is not None:
                        seen[found.id] = told(each, folder.folder_class)
            whole = len(totals) == 1 and len(seen) in totals
            if whole:
                break
        for id, said in seen.items():
            self.item(ItemRef(self.mailbox, folder.path, id), said, before.get(id))
        if whole:
            self.vanish(folder.path, before, seen)
        return whole

    def vanish(self, path: str, before: Mapping[str, Known], there: Mapping[str, object]) -> None:
        """What was known of a folder and is not there any more."""
        self.changes += [Vanished(ItemRef(self.mailbox, path, id)) for id in before.keys() - there.keys()]

    def renamed(self, folder: Folder, before: str) -> None:
        """A folder of another path: its items are the same, and lie elsewhere."""
        kind = kind_of("", folder.folder_class) or Kind.MAIL
        for id, known in self.known(self.mailbox, before).items():
            self.changes.append(Modified(ItemRef(self.mailbox, folder.path, id), known.revision, kind))


def _date(kind: Kind, element: Element) -> datetime | None:
    path = START if kind is Kind.APPOINTMENT else SENT if kind in (Kind.MAIL, Kind.POST) else CREATED
    return read_moment(path.find(element)) if read_text(path.find(element)) else read_moment(CREATED.find(element))


def look_for_changes(
    mailbox: str, caller: Caller, folders: Folders, cursor: str, known: KnownItems, now: int
) -> ChangePage:
    """The changes of a mailbox since a cursor. Contacts first, then by date; what is gone at the end."""
    before = read_cursor(cursor)
    there = folders.look(mailbox, {id: seen.path for id, seen in before.folders.items()})
    comparison = Comparison(mailbox, caller, known)
    sweep = now - before.swept >= SWEEP
    after: dict[str, Seen] = {}
    for folder in there.values():
        if not folder.read:
            continue
        seen = before.folders.get(folder.id, Seen(folder.path))
        if seen.path != folder.path:
            comparison.renamed(folder, seen.path)
        if seen.digest == folder.digest and folder.digest and not (sweep and seen.state):
            after[folder.id] = Seen(folder.path, seen.digest, seen.state)
            continue
        try:
            after[folder.id] = _folder(comparison, folder, seen)
        except Refused as error:
            reason = f"`{folder.path}` cannot be read: {error}"
            comparison.trouble.append(FolderTrouble(mailbox, folder.path, "", reason))
            after[folder.id] = Seen(folder.path, "", seen.state)
    hierarchy = _absent(comparison, before, there, after)
    swept = now if sweep else before.swept
    return ChangePage(
        tuple(sorted(_once(comparison.changes), key=_order)),
        write_cursor(Position(after, swept, hierarchy)),
        tuple(comparison.trouble),
    )


def _absent(comparison: Comparison, before: Position, there: Mapping[str, Folder], after: dict[str, Seen]) -> str:
    """What lay in folders that are not read any more: gone with them, or kept as it was where a folder is only out of
    sight. The state of the tree, for the next look."""
    public = comparison.mailbox == PUBLIC
    absent = [id for id in before.folders if id not in there]
    state = before.hierarchy
    hidden: dict[str, str] = {}
    if absent:
        found = look_after(comparison.caller, absent, state, public=public)
        state, hidden = found.state, found.hidden
    elif not state and not public:
        state = first_state(comparison.caller)
    paths = {seen.path for seen in after.values()}
    for id, seen in before.folders.items():
        if id in hidden:
            reason = f"`{seen.path}` is out of sight: {hidden[id]}"
            comparison.trouble.append(FolderTrouble(comparison.mailbox, seen.path, "", reason))
            after[id] = Seen(seen.path, "", seen.state)
        elif id not in after and seen.path not in paths:
            comparison.vanish(seen.path, comparison.known(comparison.mailbox, seen.path), {})
    return state


def _folder(comparison: Comparison, folder: Folder, seen: Seen) -> Seen:
    before = comparison.known(comparison.mailbox, seen.path)
    if comparison.mailbox == PUBLIC:
        if not folder.count and not before:
            return Seen(folder.path, folder.digest)
        whole = comparison.page_through(folder, before)
        return Seen(folder.path, folder.digest if whole else "")
    if not folder.count and not before and not seen.state:
        return Seen(folder.path, folder.digest)  # nothing was ever in it, so nothing is to be asked
    return Seen(folder.path, folder.digest, comparison.synchronise(folder, seen.state, before))


def _once(changes: list[Change]) -> list[Change]:
    """The last word on each item."""
    return list({change.ref: change for change in changes}.values())


def _order(change: Change) -> tuple[int, datetime, str]:
    match change:
        case Vanished(ref):
            return (2, _LAST, ref.href)
        case Appeared(ref, _, kind, date) | Modified(ref, _, kind, date):
            return (0 if kind is Kind.CONTACT else 1, date or _LAST, ref.href)
