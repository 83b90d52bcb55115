"""An item: one mail, contact, appointment, task, journal, note or post of a mailbox, read and normalised.

The fields of an item are a mapping from the names of the rule language's vocabulary
(`mxsync.lang.vocabulary`) to values. A field that the item does not have is absent, or None, or ''.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from mxsync.model.values import value


class Kind(StrEnum):
    """The kinds of item, named as in the rule language."""

    MAIL = "mail"
    CONTACT = "contact"
    APPOINTMENT = "appointment"
    TASK = "task"
    JOURNAL = "journal"
    NOTE = "note"
    POST = "post"


@value(frozen=True, slots=True)
class Address:
    """A person as written on an item. Either part may be empty.

    `address` is kept as it was written, without surrounding space or angle brackets;
    compare through `mxsync.model.normal.address_key`. `answer` is what an attendee has answered ('accepted',
    'declined', 'tentative', 'delegated'; '' for nothing yet): it does not make another person.
    """

    name: str = ""
    address: str = ""
    answer: str = field(default="", compare=False)

    @property
    def domain(self) -> str:
        """What stands after the @, in lower case; '' without one."""
        return self.address.rpartition("@")[2].lower() if "@" in self.address else ""

    def __reduce__(self) -> tuple[type[Address], tuple[str, ...]]:
        """A page of mail holds thousands of them: made by a call, they are read back in a third of the time."""
        return Address, (self.name, self.address, self.answer) if self.answer else (self.name, self.address)


@value(frozen=True, slots=True)
class Attachment:
    """What is attached to an item, without its bytes: those are asked of the connector by `part`.

    `part` names the attachment within its item and is stable while the item's content is.
    `name` is as the sender wrote it (decoded, never a path to be trusted). `size` is in bytes, decoded.
    `sha256` is the hexadecimal digest of the decoded bytes: whoever asks an item for its attachments gets it with
    them (a connector decodes them then, not before).
    `link` is set for an attachment that is only a shortcut to something stored elsewhere.
    """

    part: str
    name: str
    content_type: str = "application/octet-stream"
    size: int = 0
    sha256: str = ""
    inline: bool = False
    link: str = ""


# A calendar date stands for an all-day start or end, a birthday, a due day; a datetime always has a zone.
Scalar: TypeAlias = "str | bool | int | float | date | datetime | Address | Attachment"
Value: TypeAlias = "Scalar | tuple[Scalar, ...] | None"
Revision: TypeAlias = str

PUBLIC = "public"
"""The mailbox name under which public folders are kept."""


@value(frozen=True, slots=True, order=True)
class ItemRef:
    """Where an item lies. `mailbox` is the user's address, or `PUBLIC`; `folder` is a path with '/' between
    names ('Inbox/Projects'); `href` is the connector's own identity of the item within the mailbox
    (for files: the path below the mailbox)."""

    mailbox: str
    folder: str
    href: str

    def __hash__(self) -> int:
        return hash(self.href)  # what differs most: items of two mailboxes seldom meet in one table

    def __reduce__(self) -> tuple[type[ItemRef], tuple[str, str, str]]:
        """As `Address`."""
        return ItemRef, (self.mailbox, self.folder, self.href)


@value(frozen=True, slots=True)
class Item:
    """One item as the rules see it.

    `fields` may be lazy (an HTML body is turned into text only when asked for), but the same key always gives
    the same value. `headers` are those of a mail or post: lower-case name to each value, unfolded and decoded.
    `custom` are named properties under the names they were given. `item_class` is the message class
    ('IPM.Contact.Machine'), '' where none is stated.
    """

    kind: Kind
    ref: ItemRef
    revision: Revision
    fields: Mapping[str, Value] = field(default_factory=dict)
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    custom: Mapping[str, Value] = field(default_factory=dict)
    item_class: str = ""
    notes: tuple[str, ...] = ()
    """What was wrong in the source and how it was read all the same, a sentence each."""

    def __reduce__(self) -> tuple[type[Item], tuple[object, ...]]:
        """As `Address`."""
        return Item, (
            self.kind, self.ref, self.revision, self.fields, self.headers, self.custom, self.item_class, self.notes,
        )  # fmt: skip


@value(frozen=True, slots=True)
class Unreadable:
    """An item that could not be read: it is left alone, set aside and reported with `reason`, a sentence."""

    ref: ItemRef
    revision: Revision
    reason: str


@value(frozen=True, slots=True)
class Draft:
    """What is to be written: a new item, or (in an update) only the fields that change.

    A field given as None or '' is emptied; one not given is left as it is.
    """

    kind: Kind
    fields: Mapping[str, Value] = field(default_factory=dict)
    custom: Mapping[str, Value] = field(default_factory=dict)
    item_class: str = ""
