"""What compiled conditions may ask of the item at hand.

The compiler knows no item and no database: closures ask an object of this shape, which `mxsync.decide` makes for each
item. A `Slot` is a path made one object a plan, so that an item's values, keys and folded texts are worked out once
however many rules ask for them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, tzinfo
from typing import Protocol, TypeAlias

from mxsync.lang import ir
from mxsync.model.item import Address, Attachment, Scalar
from mxsync.model.normal import address_key, value_key
from mxsync.model.record import Lookup, Record, RecordKey

FactValue: TypeAlias = "Scalar | RecordKey"
"""One value, never None and never a list."""
Key: TypeAlias = "str | RecordKey"

_STABLE = frozenset({ir.Root.ITEM, ir.Root.HEADER, ir.Root.CUSTOM, ir.Root.SIGNATURE})
_ADDRESSES = frozenset({"address", "email"})


def asks_score(path: ir.Path) -> bool:
    """Whether a path ends in the score of a person on the item: `sender.score`."""
    return path.root is ir.Root.ITEM and len(path.steps) > 1 and path.steps[-1] == "score"


class Slot:
    """A path of the rules, interned. Compared by identity. `stable` when its values cannot change while one item is
    decided; `indexed` when they are worth asking of every item, which a score is not: the text has to be read for it;
    `addresses` when texts in it are e-mail addresses."""

    __slots__ = ("addresses", "indexed", "path", "stable")

    def __init__(self, path: ir.Path) -> None:
        self.path = path
        self.stable = path.root in _STABLE
        self.indexed = self.stable and not asks_score(path)
        self.addresses = path.type is ir.Type.PERSON or bool(path.steps and path.steps[-1] in _ADDRESSES)

    def key(self, value: FactValue) -> Key:
        """The normal form by which a value here is compared."""
        if isinstance(value, RecordKey):
            return value
        if self.addresses and isinstance(value, str):
            return address_key(value)
        return value_key(value)

    def __repr__(self) -> str:
        return f"Slot({self.path.text or '.'.join(self.path.steps)})"


class Facts(Protocol):
    """One item as conditions see it, while one rule is tried. `captures` are the rule's own; `record` is the record at
    hand inside `where`."""

    captures: dict[str, FactValue]
    record: Record | None

    @property
    def now(self) -> datetime: ...

    @property
    def zone(self) -> tzinfo:
        """The organisation's."""

    def path(self, path: ir.Path) -> tuple[FactValue, ...]:
        """What is there under a path, without empty values."""

    def values(self, slot: Slot) -> tuple[FactValue, ...]:
        """The same, worked out once."""

    def keys(self, slot: Slot) -> frozenset[Key]:
        """The normal forms of the values; {''} for a single field that is empty."""

    def folded(self, slot: Slot) -> tuple[str, ...]:
        """Every value as text, folded by `text_key`."""

    def texts(self, slot: Slot) -> tuple[str, ...]:
        """Every value as text, in Unicode's composed form (NFC)."""

    def known(self, node: ir.Known) -> tuple[tuple[Record, ...], ...]:
        """For each person (or thing) that is asked about, the records that it is."""

    def replied(self, entity: str) -> bool:
        """Whether the item's conversation holds a saved row of `entity`."""

    def mentioned(self, node: ir.Mentions) -> tuple[Record, ...]:
        """The records whose field the subject holds."""

    def attachments(self) -> Collection[Attachment]:
        """Those that are no inline pictures."""

    def fact(self, fact: ir.Fact) -> bool: ...

    def changed(self, slot: Slot) -> bool: ...

    def user_key(self) -> RecordKey | None:
        """The row of the mailbox's user."""

    def user_address(self) -> str:
        """The mailbox's user; '' in a public folder."""

    def ask(self, lookup: Lookup) -> tuple[Record, ...]: ...


def text_of(value: FactValue) -> str:
    """A value as conditions on text see it: a person is the address, an attachment its name."""
    match value:
        case str():
            return value
        case Address():
            return value.address
        case Attachment():
            return value.name
        case RecordKey():
            return str(value.value)
        case _:
            return value_key(value)
