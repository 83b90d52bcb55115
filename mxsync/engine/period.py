"""A stretch of time, by which `backfill` chooses items, and the items of a mailbox whenever they are from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from mxsync.engine.world import Mailbox, dated
from mxsync.model.change import Appeared, ChangePage, Modified, Vanished
from mxsync.model.item import Item, Kind
from mxsync.ports.connector import Known

_UNDATED = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both among them; None for no limit. Without either, everything is in it, with one of
    them only what has a date: a contact's card lies in no period."""

    first: date | None = None
    last: date | None = None

    def takes(self, item: Item) -> bool:
        """Whether an item lies in it."""
        if self.first is None and self.last is None:
            return True
        moment = dated(item)
        if moment is None:
            return False
        day = moment.date()
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)

    def __str__(self) -> str:
        return f"{self.first or ''}..{self.last or ''}"


Place = tuple[int, datetime, str]
"""Where an item stands in the order of the work."""


def place_of(change: Appeared | Modified) -> Place:
    """Contacts before other kinds, then by date, then by name: the order of a pass."""
    moment = change.date or _UNDATED
    return (0 if change.kind is Kind.CONTACT else 1, moment.astimezone(UTC) if change.date else moment, change.ref.href)


def everything_in(mailbox: Mailbox) -> tuple[ChangePage, Sequence[Appeared | Modified]]:
    """One look at a mailbox as if nothing in it were known: what the look said, and all items in the order of the
    work."""
    found = mailbox.connector.changes(mailbox.name, "", _nothing_known)
    items = [change for change in found.changes if not isinstance(change, Vanished)]
    return found, sorted(items, key=place_of)


def _nothing_known(mailbox: str, folder: str) -> Mapping[str, Known]:
    return {}
