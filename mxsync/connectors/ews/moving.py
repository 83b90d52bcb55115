"""Items that go to another folder: moved, copied, deleted, and brought back.

A move gives an item another id. So it is marked first with what is being done to it, in a named property that goes with
it: a repeated call finds by that what the first one did, and what was deleted is found again among the deleted items.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

from mxsync.connectors.ews.classes import kind_of
from mxsync.connectors.ews.codecs import read_text
from mxsync.connectors.ews.finding import Finder, same, where, written
from mxsync.connectors.ews.folders import DELETED_ITEMS, Folder, Folders
from mxsync.connectors.ews.operations import Caller, CopyItem, DeleteItem, FindItem, ItemId, MoveItem, UpdateItem, id_in
from mxsync.connectors.ews.properties import KEY, OURS, SEARCH_KEY, Extended
from mxsync.connectors.ews.wire import Element, local
from mxsync.connectors.ews.writing import set_field
from mxsync.errors import NotFound
from mxsync.model.item import PUBLIC, ItemRef, Kind, Revision
from mxsync.ports.connector import Written

ORIGIN: Final = Extended("String", set=OURS, name="origin")
"""Where an item is being moved from and to."""


class Moving:
    """Moves and copies between the folders of one mailbox. `caller` gives the one who may open a mailbox."""

    def __init__(self, caller: Callable[[str], Caller], folders: Folders) -> None:
        self._caller = caller
        self._folders = folders
        self._finder = Finder(caller)

    def move(self, ref: ItemRef, folder: str, expected: Revision) -> Written:
        """See the port."""
        mark = _origin(ref, folder)
        try:
            element = self._finder.look(ref, (ORIGIN,))
        except NotFound:
            home = self._folders.find(ref.mailbox, folder)
            found = self._finder.by(ref.mailbox, home, ORIGIN, mark) if home is not None else None
            if home is None or found is None:
                raise
            return written(ItemRef(ref.mailbox, home.path, found.id), found)
        if ref.folder.casefold() == folder.casefold():
            return written(ref, same(ref, element, expected))
        home = self._folders.make(ref.mailbox, folder, self._kind(ref))
        id = self._marked(ref, element, mark, expected)
        return self._into(ref, id, home, mark)

    def _marked(self, ref: ItemRef, element: Element, mark: str, expected: Revision) -> ItemId:
        """The item with the mark, whose change is the last before it goes. Raises `RevisionMismatch`."""
        if read_text(ORIGIN.find(element)) == mark:
            return id_in(element) or ItemId(ref.href)
        return self._set(ref, same(ref, element, expected), element, ORIGIN, mark)

    def _set(self, ref: ItemRef, id: ItemId, element: Element, path: Extended, value: str) -> ItemId:
        tag = local(element)
        change = set_field(tag, path, path.make(value))
        return UpdateItem(self._caller(ref.mailbox)).call(id, [change], where(ref), calendar=tag == "CalendarItem")

    def _into(self, ref: ItemRef, id: ItemId, home: Folder, mark: str) -> Written:
        moved = MoveItem(self._caller(ref.mailbox)).call(id, home.id, where(ref))
        moved = moved or self._finder.by(ref.mailbox, home, ORIGIN, mark)
        if moved is None:
            raise NotFound(f"{where(ref)} was moved to `{home.path}` and is not found there")
        return written(ItemRef(ref.mailbox, home.path, moved.id), moved)

    def _kind(self, ref: ItemRef) -> Kind:
        """What a folder that an item goes to is for, where it has to be made."""
        return kind_of("", self._folders.class_of(ref.mailbox, ref.folder)) or Kind.MAIL

    def copy(self, ref: ItemRef, folder: str, key: str) -> Written:
        """See the port. Exchange copies named properties with the item, the source's key too; a copy whose answer was
        lost is known by the search key that it shares with the source, and by not having the copy's key yet."""
        home = self._folders.make(ref.mailbox, folder, self._kind(ref))
        token = hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
        found = self._finder.by(ref.mailbox, home, KEY, token)
        if found is not None:
            return written(ItemRef(ref.mailbox, home.path, found.id), found)
        source = self._finder.look(ref, (SEARCH_KEY, KEY))
        made = self._lost_copy(ref, home, source)
        if made is None:
            made = CopyItem(self._caller(ref.mailbox)).call(ItemId(ref.href), home.id, where(ref))
        made = made or self._lost_copy(ref, home, source)
        if made is None:
            raise NotFound(f"{where(ref)} was copied to `{folder}` and is not found there")
        made = self._set(ref, made, source, KEY, token)
        return written(ItemRef(ref.mailbox, home.path, made.id), made)

    def _lost_copy(self, ref: ItemRef, home: Folder, source: Element) -> ItemId | None:
        search_key, key = read_text(SEARCH_KEY.find(source)), read_text(KEY.find(source))
        if not search_key:
            return None
        for element in FindItem(self._caller(ref.mailbox)).where(home.id, SEARCH_KEY, search_key, (KEY,)):
            found = id_in(element)
            if found is not None and found.id != ref.href and read_text(KEY.find(element)) == key:
                return found
        return None

    # -- deleted items

    def delete(self, ref: ItemRef, expected: Revision) -> None:
        """See the port. It goes to Deleted Items, with a mark by which `restore` knows it; from a public folder to what
        can be recovered of it. Exchange deletes without regard to the change key, so it is looked at right before."""
        try:
            element = self._finder.look(ref, (ORIGIN,))
            if ref.mailbox == PUBLIC:
                self._delete(ref, same(ref, element, expected), "SoftDelete")
            else:
                self._delete(ref, self._marked(ref, element, _deletion(ref), expected), "MoveToDeletedItems")
        except NotFound:
            return

    def erase(self, ref: ItemRef, expected: Revision) -> None:
        """See the port. A hard deletion: what a litigation hold or single item recovery keeps beyond it is the
        administrator's."""
        try:
            self._delete(ref, same(ref, self._finder.look(ref, ()), expected), "HardDelete")
        except NotFound:
            return

    def _delete(self, ref: ItemRef, id: ItemId, kind: str) -> None:
        DeleteItem(self._caller(ref.mailbox)).call(id, where(ref), kind=kind)

    def recoverable(self, ref: ItemRef) -> bool:
        """See `mxsync.ports.connector.KeepsDeleted`."""
        return self._deleted(ref) is not None

    def _deleted(self, ref: ItemRef) -> ItemId | None:
        trash = self._folders.find(ref.mailbox, DELETED_ITEMS) if ref.mailbox != PUBLIC else None
        return self._finder.by(ref.mailbox, trash, ORIGIN, _deletion(ref)) if trash is not None else None

    def restore(self, ref: ItemRef) -> Written:
        """See `mxsync.ports.connector.KeepsDeleted`. It has another id then. A repeated call finds it in its folder by
        the mark that it still has."""
        mark = _deletion(ref)
        home = self._folders.make(ref.mailbox, ref.folder, self._kind(ref))
        id = self._deleted(ref)
        if id is not None:
            return self._into(ref, id, home, mark)
        back = self._finder.by(ref.mailbox, home, ORIGIN, mark)
        if back is None:
            raise NotFound(f"{where(ref)} is no longer among the deleted items")
        return written(ItemRef(ref.mailbox, home.path, back.id), back)


def _origin(ref: ItemRef, folder: str) -> str:
    """Which move of which item this is."""
    return hashlib.blake2b(f"{ref.href}\n{folder.casefold()}".encode(), digest_size=16).hexdigest()


def _deletion(ref: ItemRef) -> str:
    return _origin(ref, DELETED_ITEMS)
