"""What is seen of an item before something is done to it, and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from mxsync.errors import MxsyncError, Refused, TimedOut, Unseen
from mxsync.model.item import Item, ItemRef, Revision, Unreadable
from mxsync.ports.connector import Fetched, MailConnector, Written
from mxsync.ports.tracking import Intent


@dataclass(frozen=True, slots=True)
class ItemDone:
    """What came of writing an item: as it is now (None when it is gone), where it lies, what its revision was before,
    and which of the fields hold what they should. `refusal`: the server has taken a part of the write, and said this to
    the rest."""

    written: Written | None
    item: Item | None = None
    before: Revision = ""
    fields: Sequence[str] = field(default_factory=tuple)
    refusal: str = ""


def look(connector: MailConnector, intent: Intent, ref: ItemRef) -> Fetched | Unreadable | None:
    """The item as it is before anything is done to it; None when it is gone."""
    with unknown_if_refused(intent):
        return next(iter(connector.fetch([ref])), None)


@contextmanager
def unknown_if_refused(intent: Intent) -> Iterator[None]:
    """A server that says no to a look has not said no to the write: an earlier try may have done it. Taken as not done,
    what mxsync itself has made would pass for a person's item, and what it has removed for a person's deletion. Raises
    `Unseen` for that."""
    try:
        yield
    except Refused as error:
        if not intent.attempts:
            raise
        raise Unseen(f"no answer came before, and whether it was done cannot be seen now: {error}") from error


@contextmanager
def unseen_after(refusal: Refused) -> Iterator[None]:
    """A look at what is left of a write that was refused: it may have been done by half. Raises `Unseen`, or `TimedOut`
    where the server could not be asked."""
    try:
        yield
    except Refused as error:
        raise Unseen(f"{refusal}; how much of it was done cannot be seen: {error}") from refusal
    except MxsyncError as error:
        raise TimedOut(f"{refusal}; how much of it was done is not known: {error}") from refusal


def fetched(connector: MailConnector, ref: ItemRef) -> Fetched | None:
    """The item where it can be read."""
    answer = next(iter(connector.fetch([ref])), None)
    return answer if isinstance(answer, Fetched) else None


def as_written(connector: MailConnector, ref: ItemRef) -> Item | None:
    """What a write made. Raises `TimedOut` where that cannot be seen: it is done, and to be looked up again."""
    try:
        answer = fetched(connector, ref)
    except MxsyncError as error:
        raise TimedOut(f"`{ref.href}` was written, and cannot be read: {error}") from error
    return answer.item if answer is not None else None
