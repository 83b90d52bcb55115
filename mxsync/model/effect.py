"""The closed union of what rules may cause. Each effect carries the rule it came from.

Effects are values: `decide` makes them, the engine performs them. Those of the first group change rows and go into
the one transaction of a page; those of the second touch a mailbox, a file or the world and go through the journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime
from typing import TypeAlias

from mxsync.model.item import ItemRef
from mxsync.model.normal import value_key
from mxsync.model.record import RecordKey, RecordValue
from mxsync.model.values import value


@value(frozen=True, slots=True)
class Cause:
    """The rule behind an effect: its name, and where it stands."""

    rule: str
    file: str = ""
    line: int = 0


@value(frozen=True, slots=True)
class CreateRow:
    """A new row. `key` is planned. `sources` says of each field where its value was read
    ('header', 'signature, line 12', 'domain', 'rule'). `once` is set where only memory tells that the row was made
    already: the key that the engine remembers with the item."""

    cause: Cause
    key: RecordKey
    values: Mapping[str, RecordValue]
    sources: Mapping[str, str] = field(default_factory=dict)
    once: str = ""
    moment: datetime | None = None
    """The date of the item that `sources` speak of."""


@value(frozen=True, slots=True)
class SaveItem:
    """The item's own row: created when `key` is planned, else brought up to date with what the item says.

    `values` are of the item's mapped fields; `assigned` those that rules set on top, each by the rule in `causes`.
    """

    cause: Cause
    key: RecordKey
    values: Mapping[str, RecordValue]
    assigned: Mapping[str, RecordValue] = field(default_factory=dict)
    causes: Mapping[str, Cause] = field(default_factory=dict)


@value(frozen=True, slots=True)
class UpdateRow:
    """`set`, or `update … from signature`, on a row that exists or is planned by an earlier effect. `moment` is the
    date of the item that `sources` speak of."""

    cause: Cause
    key: RecordKey
    values: Mapping[str, RecordValue]
    sources: Mapping[str, str] = field(default_factory=dict)
    moment: datetime | None = None


@value(frozen=True, slots=True)
class LinkRows:
    """`source` and `target` are linked, through the link table that leads from one to the other, or by a foreign
    key that is empty. Done once, however often asked."""

    cause: Cause
    source: RecordKey
    target: RecordKey


@value(frozen=True, slots=True)
class DeleteRow:
    """The row goes, with a before-image, under the delete brake."""

    cause: Cause
    key: RecordKey


@value(frozen=True, slots=True)
class WithdrawRow:
    """The row that mxsync made for this item goes, because the rules now decide otherwise."""

    cause: Cause
    key: RecordKey


@value(frozen=True, slots=True)
class SaveAttachment:
    """An attachment is stored once per content. `folder` is '' for the documents store, else a path made of
    sanitised names below it. `document` is the row of the entity that plays the documents' part, None without
    one. `link` replaces the attachment in the item by a shortcut once it is stored."""

    cause: Cause
    part: str
    name: str
    folder: str
    sha256: str
    document: RecordKey | None
    link: bool = False


@value(frozen=True, slots=True)
class Categorize:
    """A category is put on the item."""

    cause: Cause
    category: str


@value(frozen=True, slots=True)
class Uncategorize:
    """A category is taken off the item."""

    cause: Cause
    category: str


@value(frozen=True, slots=True)
class MoveItem:
    """The item moves to a folder of its mailbox, which is made if need be."""

    cause: Cause
    folder: str


@value(frozen=True, slots=True)
class CopyItem:
    """A copy of the item goes to a folder of its mailbox, once."""

    cause: Cause
    folder: str
    once: str = ""


@value(frozen=True, slots=True)
class MarkRead:
    """The item is marked read."""

    cause: Cause


@value(frozen=True, slots=True)
class FlagItem:
    """The item is flagged."""

    cause: Cause


@value(frozen=True, slots=True)
class Notify:
    """A text goes to an address, through the configured relay."""

    cause: Cause
    address: str
    text: str
    once: str = ""


@value(frozen=True, slots=True)
class CallHook:
    """A configured hook is called with the item and what was decided."""

    cause: Cause
    hook: str
    once: str = ""


@value(frozen=True, slots=True)
class HoldForReview:
    """Nothing of the item's decision is applied until a person accepts it."""

    cause: Cause
    why: str


@value(frozen=True, slots=True)
class Propose:
    """Something about rows that only a person can decide, put into the review queue once; the rest of the decision
    is applied. `about` is the row concerned, then those that it may be the same as; `change` what would be set."""

    cause: Cause
    about: tuple[RecordKey, ...]
    why: str
    change: Mapping[str, RecordValue] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """What is proposed about the first row, in the form in which it is remembered."""
        return proposal_keys(self.about[1:], self.change)


def proposal_keys(others: Iterable[RecordKey], change: Mapping[str, RecordValue]) -> tuple[str, ...]:
    """The normal forms of a proposal: the rows that may be the same, and the values that would be set."""
    rows = [f"{key.entity} {key.value}" for key in others]
    return (*rows, *(f"{name} {_value_text(value)}" for name, value in change.items()))


def proposal_ref(row: RecordKey, key: str) -> ItemRef:
    """Where a proposal about a row stands in the review queue: it belongs to the row, not to the item that brought it,
    and stays when that is deleted."""
    return ItemRef("", row.entity, f"{row.entity} {row.value}: {key}")


def _value_text(value: RecordValue) -> str:
    if isinstance(value, RecordKey):
        return f"{value.entity} {value.value}"
    return " ".join(map(value_key, value)) if isinstance(value, tuple) else value_key(value)


RowEffect: TypeAlias = CreateRow | SaveItem | UpdateRow | LinkRows | DeleteRow | WithdrawRow
OutsideEffect: TypeAlias = (
    SaveAttachment | Categorize | Uncategorize | MoveItem | CopyItem | MarkRead | FlagItem | Notify | CallHook
)
Effect: TypeAlias = RowEffect | OutsideEffect | HoldForReview | Propose
