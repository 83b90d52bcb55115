"""Items that a pass has read for the rules, kept for its syncs: they look at the same items a moment later, and reading
is a fifth of what an item costs them. Whether a kept item is still what the server has is for its connector to say."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence

from mxsync.model.item import Item, ItemRef, Kind, Unreadable
from mxsync.ports.connector import Fetched, MailConnector, TellsUntouched

_ROOM = 64_000_000
"""Bytes that are kept, by the estimate below: 20,000 cards of a phone."""
_OBJECTS = 2_500
"""Bytes of the objects of an item without its texts, as measured with cards."""


class ItemCache:
    """Keeps what there is room for. Several workers may use one."""

    def __init__(self, room: int = _ROOM) -> None:
        self._room = room
        self._items: dict[ItemRef, Fetched] = {}
        self._lock = threading.Lock()

    def keep(self, items: Iterable[Fetched], kinds: Collection[Kind]) -> None:
        """Keeps items of these kinds until they are taken."""
        with self._lock:
            for each in items:
                if each.item.kind in kinds and each.item.ref not in self._items:
                    weight = _weight(each.item)
                    if weight <= self._room:
                        self._room -= weight
                        self._items[each.item.ref] = each

    def take(self, refs: Iterable[ItemRef]) -> Mapping[ItemRef, Fetched]:
        """Those of them that are kept, which they are no more."""
        with self._lock:
            found = {ref: self._items.pop(ref) for ref in refs if ref in self._items}
            self._room += sum(_weight(each.item) for each in found.values())
        return found

    def clear(self) -> None:
        """Nobody takes any more."""
        self.take(list(self._items))


def _weight(item: Item) -> int:
    size = item.fields.get("size")
    return _OBJECTS + 2 * (size if isinstance(size, int) else 0)


def fetch(connector: MailConnector, refs: Sequence[ItemRef], cache: ItemCache) -> list[Fetched]:
    """The items that can be read, in the order asked: kept ones where nobody has touched them since, the others read.
    Raises what the connector raises."""
    found: dict[ItemRef, Fetched] = {}
    if isinstance(connector, TellsUntouched):
        kept = cache.take(refs)
        found = {each.item.ref: each for each in connector.untouched(list(kept.values()))} if kept else {}
    rest = [ref for ref in refs if ref not in found]
    if rest:
        read = (each for each in connector.fetch(rest) if not isinstance(each, Unreadable))
        found.update((each.item.ref, each) for each in read)
    return [found[ref] for ref in refs if ref in found]
