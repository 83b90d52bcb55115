"""Looks one item up: by its id, or by a property that it carries; and says what became of it in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mxsync.connectors.ews.folders import Folder
from mxsync.connectors.ews.operations import Caller, FindItem, GetItem, ItemId, id_in
from mxsync.connectors.ews.properties import Path
from mxsync.connectors.ews.wire import Element
from mxsync.errors import BadContent, NotFound, Refused, RevisionMismatch, ServerError
from mxsync.model.item import ItemRef, Revision, Unreadable
from mxsync.ports.connector import Written


class Finder:
    """`caller` gives the one who may open a mailbox."""

    def __init__(self, caller: Callable[[str], Caller]) -> None:
        self._caller = caller

    def look(self, ref: ItemRef, paths: Sequence[Path]) -> Element:
        """The item's element with some properties. Raises `NotFound`."""
        answer = GetItem(self._caller(ref.mailbox)).call([ref.href], paths)[0]
        if isinstance(answer, ServerError):
            raise gone(ref, answer)
        return answer

    def by(self, mailbox: str, home: Folder, path: Path, value: str) -> ItemId | None:
        """The item of a folder whose property is `value`."""
        elements = FindItem(self._caller(mailbox)).where(home.id, path, value, ())
        return next((found for element in elements if (found := id_in(element)) is not None), None)


def where(ref: ItemRef) -> str:
    """How an item is named in a sentence."""
    return f"an item in `{ref.folder}` of {ref.mailbox}"


def written(ref: ItemRef, id: ItemId) -> Written:
    return Written(ref, id.change_key, id.change_key)


def same(ref: ItemRef, element: Element, expected: Revision) -> ItemId:
    """The item's id with its change key. Raises `RevisionMismatch` where that is not `expected`."""
    found = id_in(element)
    if found is None or found.change_key != expected:
        raise RevisionMismatch(f"{where(ref)} changed since it was read")
    return found


def gone(ref: ItemRef, error: ServerError) -> ServerError:
    """The error as one of this item."""
    return NotFound(f"{where(ref)} is not there any more") if _is_gone(error) else error


def _is_gone(error: ServerError) -> bool:
    """Whether the item is not there, or its id was never one of this server."""
    return isinstance(error, NotFound) or "ErrorInvalidId" in str(error)


def unread(ref: ItemRef, error: ServerError) -> Unreadable | None:
    """What an item is that could not be read: gone (None), or set aside, as one that is private to a delegate. Raises
    what concerns more than the item."""
    if _is_gone(error):
        return None
    if isinstance(error, (BadContent, Refused)):
        return Unreadable(ref, "", f"{where(ref)} cannot be read: {error}")
    raise error
