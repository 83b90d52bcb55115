"""What every kind of mailbox server is to the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import BinaryIO, NamedTuple, Protocol, runtime_checkable

from mxsync.model.change import ChangePage, Cursor
from mxsync.model.item import Draft, Item, ItemRef, Kind, Revision, Unreadable
from mxsync.model.values import value


@value(frozen=True, slots=True)
class Capabilities:
    """What a server can do; the checker turns what it cannot into diagnostics."""

    name: str
    kinds: frozenset[Kind]
    public_folders: bool = True
    custom_forms: bool = True
    categories: bool = True
    flags: bool = True
    moves: bool = True
    replaces_attachments: bool = True


class Known(NamedTuple):
    """What was known of an item after the last pass: its content's revision and a cheap stamp by which the
    connector can tell that nobody touched it. A tuple: of a large folder there are a hundred thousand."""

    revision: Revision
    stamp: str


class KnownItems(Protocol):
    """What the tracking tables remember of a mailbox, asked for only when a folder did change."""

    def __call__(self, mailbox: str, folder: str) -> Mapping[str, Known]:
        """href to what is known of it, for the items directly in `folder`."""


@value(frozen=True, slots=True)
class Fetched:
    """An item as read, with the stamp that goes with its revision."""

    item: Item
    stamp: str

    def __reduce__(self) -> tuple[type[Fetched], tuple[Item, str]]:
        """As `mxsync.model.item.Address`."""
        return Fetched, (self.item, self.stamp)


@value(frozen=True, slots=True)
class Written:
    """Where an item lies after a write, and what it is then."""

    ref: ItemRef
    revision: Revision
    stamp: str


@value(frozen=True, slots=True)
class Creation:
    """What `MailConnector.create` will be called with."""

    mailbox: str
    folder: str
    draft: Draft
    key: str


class Reader(Protocol):
    """Reads items apart from its connector, in another process: it can be pickled, and shares nothing with it."""

    def __call__(self, refs: Sequence[ItemRef]) -> Iterable[Fetched | Unreadable]:
        """As `MailConnector.fetch`."""


class Watch(Protocol):
    """A running watch on mailboxes."""

    @property
    def trusted(self) -> bool:
        """Whether silence means that nothing changed; otherwise the caller polls."""

    def stop(self) -> None: ...


@runtime_checkable
class KeepsDeleted(Protocol):
    """A connector that can bring back what `delete` took away."""

    def recoverable(self, ref: ItemRef, revision: Revision) -> bool:
        """Whether the item is still where deleted ones lie. `revision` is what it was then, '' where not known."""

    def restore(self, ref: ItemRef, revision: Revision) -> Written:
        """Puts it back where it lay. Raises `NotFound`, and `AlreadyExists` where another item lies there now."""


class MailConnector(Protocol):
    """One server. All methods may raise the classes of `mxsync.errors.ServerError`."""

    @property
    def capabilities(self) -> Capabilities: ...

    def changes(self, mailbox: str, cursor: Cursor, known: KnownItems) -> ChangePage:
        """All that changed in a mailbox since `cursor`, by one look at it. `changes` are in the order of the
        work: contacts first, then by date, then by name."""

    def fetch(self, refs: Sequence[ItemRef]) -> Iterator[Fetched | Unreadable]:
        """The items, in the order asked, one answer each; an item gone meanwhile is left out."""

    def reader(self) -> Reader | None:
        """What `fetch` does, for another process; None where only this one can read."""

    def attachment(self, ref: ItemRef, part: str) -> BinaryIO:
        """The decoded bytes of an attachment, as a stream."""

    def create(self, mailbox: str, folder: str, draft: Draft, key: str) -> Written:
        """A new item. `key` makes it idempotent: what a lost call of the same key has made is found, not made again."""

    def made(self, item: Creation) -> ItemRef | None:
        """Where the item lies that a call of `create` has made, whoever may have changed it since, or moved it to a
        folder below; None for none."""

    def update(self, ref: ItemRef, draft: Draft, expected: Revision) -> Written:
        """Changes the given fields and keeps everything else, also what mxsync does not understand.
        Raises `RevisionMismatch` when the item is no longer `expected`."""

    def delete(self, ref: ItemRef, expected: Revision) -> None:
        """Takes the item away, recoverably where the server can."""

    def erase(self, ref: ItemRef, expected: Revision) -> None:
        """Takes the item away for good, so that nobody can bring it back; one that is gone already is no error."""

    def move(self, ref: ItemRef, folder: str, expected: Revision) -> Written: ...

    def copy(self, ref: ItemRef, folder: str, key: str) -> Written: ...

    def replace_attachment(self, ref: ItemRef, part: str, link: str, expected: Revision) -> Written:
        """Puts a shortcut to `link` where the attachment was."""

    def try_out(self, mailboxes: Sequence[str]) -> Sequence[str]:
        """Whether mailboxes can be opened: for each a sentence with what is wrong and what to do, '' for nothing."""

    def close(self) -> None:
        """Ends its connections. What is asked of it afterwards makes new ones."""

    def clear_leftovers(self) -> None:
        """Removes what a crash left half-written. Called before a pass, under the tenant's lock."""

    def watch(self, mailboxes: Iterable[str], changed: Callable[[str], None]) -> Watch:
        """Calls `changed(mailbox)`, from a thread of its own, when something moved there."""


@runtime_checkable
class CreatesTogether(Protocol):
    """A connector to which many new items cost less when it is told of them beforehand."""

    def creating(self, items: Sequence[Creation]) -> AbstractContextManager[None]:
        """Within the block `create` will be called for these, in any order, or not at all; what it has made is durable
        when the block ends, and not before. Raises, there, what `create` raises."""


@runtime_checkable
class TellsUntouched(Protocol):
    """A connector that can tell, for much less than reading them costs, that items are still as they were read."""

    def untouched(self, read: Sequence[Fetched]) -> Sequence[Fetched]:
        """Those of them of which `fetch` would give the same; the others are to be read again."""


@runtime_checkable
class TellsByState(Protocol):
    """A connector that tells a change by comparing a folder with what it was: an item that mxsync put there after the
    last look, and that somebody took away before the next, leaves no trace in that comparison."""

    def unsettled(self, cursor: Cursor, folder: str) -> Cursor:
        """The cursor for which a folder counts as changed, so that the next look misses what is gone."""
