"""What stands after `then`, and what `expect` names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias

from mxsync.lang.ast.conditions import Condition
from mxsync.lang.ast.values import Assign, Name, Path, Size, Text
from mxsync.lang.source import Span


@dataclass(frozen=True, slots=True)
class Target:
    """`[mentioned] ENTITY [of conversation] [where C] [latest by F | oldest by F]`."""

    mentioned: bool
    entity: Name
    of_conversation: bool
    where: Condition | None
    order: OneOf["", "latest", "oldest"]
    by: Path | None
    span: Span


@dataclass(frozen=True, slots=True)
class Create:
    """`create ENTITY [from …] [for …] [with …] [linked to T]`; `source`: signature header domain or '';
    `people`: sender recipients attendees correspondents or ''. `linked_to` only in tests."""

    entity: Name
    source: str
    people: str
    assigns: tuple[Assign, ...]
    linked_to: Name | None
    span: Span


@dataclass(frozen=True, slots=True)
class UpdateFrom:
    """`update ENTITY from SOURCE`; `source`: signature header domain."""

    entity: Name
    source: str
    span: Span


@dataclass(frozen=True, slots=True)
class Save:
    entity: Name | None
    assigns: tuple[Assign, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class LinkTo:
    """`link` (no targets) or `link to T, T`."""

    targets: tuple[Target, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Set:
    assigns: tuple[Assign, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Delete:
    span: Span


@dataclass(frozen=True, slots=True)
class SaveAttachments:
    """`folder` None: to documents."""

    folder: Text | None
    larger: Size | None
    like: Text | None
    replacing: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Categorize:
    category: Text
    span: Span


@dataclass(frozen=True, slots=True)
class Uncategorize:
    category: Text
    span: Span


@dataclass(frozen=True, slots=True)
class MoveTo:
    folder: Text
    span: Span


@dataclass(frozen=True, slots=True)
class CopyTo:
    folder: Text
    span: Span


@dataclass(frozen=True, slots=True)
class MarkRead:
    span: Span


@dataclass(frozen=True, slots=True)
class Flag:
    span: Span


@dataclass(frozen=True, slots=True)
class Notify:
    address: Text
    text: Text
    span: Span


@dataclass(frozen=True, slots=True)
class CallHook:
    hook: Name
    span: Span


@dataclass(frozen=True, slots=True)
class Hold:
    why: Text
    span: Span


@dataclass(frozen=True, slots=True)
class Skip:
    span: Span


@dataclass(frozen=True, slots=True)
class Stop:
    span: Span


Action: TypeAlias = (
    Create | UpdateFrom | Save | LinkTo | Set | Delete | SaveAttachments | Categorize | Uncategorize | MoveTo | CopyTo
    | MarkRead | Flag | Notify | CallHook | Hold | Skip | Stop
)  # fmt: skip
