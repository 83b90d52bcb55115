"""Actions in their core form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from mxsync.lang.ir.conditions import Condition, Pattern
from mxsync.lang.ir.values import Expr, Template
from mxsync.lang.source import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class Assign:
    """`field = value`. In `set` of the item's own row `entity` is ''; else it is the entity whose matched records are
    set. In `create` and `save`, `entity` is that of the action."""

    entity: str
    field: str
    value: Expr
    span: Span = NOWHERE


class People(Enum):
    """For whom contacts are made."""

    CORRESPONDENTS = "correspondents"
    SENDER = "sender"
    RECIPIENTS = "recipients"
    ATTENDEES = "attendees"


class Source(Enum):
    """What a new record is read from."""

    DEFAULT = ""
    HEADER = "header"
    SIGNATURE = "signature"
    DOMAIN = "domain"


@dataclass(frozen=True, slots=True)
class CreateContacts:
    """One for each external person of `people` that no record matches. Never for role addresses that are not asked
    for, our own people, bulk or automatic mail."""

    entity: str
    people: People
    source: Source
    assigns: tuple[Assign, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class CreateCompanies:
    """One for each registrable domain of the item's contacts that no record matches; never for freemail, internal or
    hosting domains. New contacts of that domain are linked to it."""

    entity: str
    source: Source
    assigns: tuple[Assign, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class CreateRecord:
    """A new row of any entity, once for each item and rule."""

    entity: str
    assigns: tuple[Assign, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class UpdateContacts:
    """The sender's contact is brought up to date with what his own signature says. What a person wrote stays."""

    entity: str
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Save:
    """The item's own row in `entity`; `other` when that is not the item kind's own entity, and takes its place."""

    entity: str
    other: bool
    assigns: tuple[Assign, ...] = ()
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Target:
    """Records to link to. `entity` may play a part ('contact', 'company', 'user'; see `Program.parts`)."""

    entity: str
    mentioned: bool = False
    of_conversation: bool = False
    where: Condition | None = None
    latest_by: str = ""
    oldest_by: str = ""
    text: str = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Link:
    """Without targets: the user, every matched, mentioned, listed or created contact, and their companies. Rows that
    the same rule creates are linked either way."""

    targets: tuple[Target, ...] = ()
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Set:
    assigns: tuple[Assign, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Delete:
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class SaveAttachments:
    """`folder` None: the documents store. Each hole of `folder` becomes one sanitised name."""

    folder: Template | None = None
    larger: int | None = None
    like: Pattern | None = None
    replacing: bool = False
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Categorize:
    category: Template
    remove: bool = False
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class MoveTo:
    folder: Template
    copy: bool = False
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class MarkRead:
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Flag:
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Notify:
    address: Template
    body: Template
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class CallHook:
    hook: str
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Hold:
    why: Template
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Skip:
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Stop:
    span: Span = NOWHERE


Action: TypeAlias = (
    CreateContacts | CreateCompanies | CreateRecord | UpdateContacts | Save | Link | Set | Delete | SaveAttachments
    | Categorize | MoveTo | MarkRead | Flag | Notify | CallHook | Hold | Skip | Stop
)  # fmt: skip
