"""Lists, entities, syncs and rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias

from mxsync.lang.ast.actions import Action
from mxsync.lang.ast.conditions import Condition
from mxsync.lang.ast.values import Assign, Literal, Name, Number, Path, Text
from mxsync.lang.source import Span


@dataclass(frozen=True, slots=True)
class Use:
    file: Text
    span: Span


@dataclass(frozen=True, slots=True)
class ListOf:
    """`list NAME = 'a', 'b'`, `list NAME = 'a' is 'b'`, or `list NAME = file 'F' [column 'C' [is 'D']]`. `meant` stands
    beside `items`: what each is said to be, None where nothing is said."""

    name: Name
    items: tuple[Text, ...]
    meant: tuple[Text | None, ...]
    file: Text | None
    column: Text | None
    meant_column: Text | None
    span: Span

    @property
    def pairs(self) -> bool:
        """Whether something in it is said to be something else."""
        return self.meant_column is not None or any(each is not None for each in self.meant)


@dataclass(frozen=True, slots=True)
class Column:
    """A column or table name, a word or quoted."""

    text: str
    quoted: bool
    span: Span


@dataclass(frozen=True, slots=True)
class ColumnValue:
    column: Column
    value: Literal
    span: Span


@dataclass(frozen=True, slots=True)
class Key:
    columns: tuple[Column, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class AsName:
    """`as phone`, `as local 'Zone'`."""

    name: Name
    zone: Text | None
    span: Span


@dataclass(frozen=True, slots=True)
class AsCodes:
    """`as (low = 1, 'very high' = 4)`."""

    pairs: tuple[tuple[Name | Text, Literal], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class IsEntity:
    """`is company`: a foreign key."""

    entity: Name
    span: Span


@dataclass(frozen=True, slots=True)
class Map:
    """`path <-> Column, Column as …`; `arrow` is one of <-> -> <- =."""

    path: Path
    arrow: OneOf["<->", "->", "<-", "="]
    columns: tuple[Column, ...]
    converter: AsName | AsCodes | IsEntity | None
    span: Span


@dataclass(frozen=True, slots=True)
class Fill:
    column: Column
    value: Literal
    span: Span


@dataclass(frozen=True, slots=True)
class Modified:
    column: Column
    span: Span


@dataclass(frozen=True, slots=True)
class MatchedBy:
    keys: tuple[tuple[Path, ...], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class LinksTo:
    target: Name
    table: Column
    own: Column
    other: Column
    span: Span


EntityLine: TypeAlias = Key | Map | Fill | Modified | MatchedBy | LinksTo


@dataclass(frozen=True, slots=True)
class EntityOf:
    name: Name
    table: Column
    where: tuple[ColumnValue, ...]
    as_kind: Name | None
    item_class: Text | None
    lines: tuple[EntityLine, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Extend:
    name: Name
    lines: tuple[EntityLine, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class People:
    """`for users 'a', 'b'` (addresses) or `for users LIST` (name)."""

    addresses: tuple[Text, ...]
    name: Name | None
    span: Span


@dataclass(frozen=True, slots=True)
class Side:
    """`form`: each user | one user | public | table. `folder` for the first three, `user` for one user,
    `entity` for a table."""

    form: OneOf["each", "one", "public", "table"]
    folder: Text | None
    user: Text | None
    entity: Name | None
    alias: Name | None
    span: Span


@dataclass(frozen=True, slots=True)
class SideRef:
    """`folder`, `table`, or an alias."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Into:
    side: SideRef
    when: Condition | None
    assigns: tuple[Assign, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Conflict:
    """`winner` None with `review` False: newest wins."""

    winner: SideRef | None
    review: bool
    span: Span


@dataclass(frozen=True, slots=True)
class DeletedIn:
    side: SideRef
    then: OneOf["delete", "unlink", "keep"]
    span: Span


@dataclass(frozen=True, slots=True)
class OutOfFilter:
    then: OneOf["remove", "keep"]
    span: Span


SyncClause: TypeAlias = Into | Conflict | DeletedIn | OutOfFilter


@dataclass(frozen=True, slots=True)
class Sync:
    name: Name
    users: People | None
    left: Side
    right: Side
    clauses: tuple[SyncClause, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class SyncOff:
    name: Name
    span: Span


@dataclass(frozen=True, slots=True)
class Kind:
    """`mail`, `item`, or `row of ENTITY`: then `row` is True and `name` the entity."""

    row: bool
    name: Name
    span: Span


@dataclass(frozen=True, slots=True)
class Folders:
    public: bool
    patterns: tuple[Text, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Rule:
    """`name` None for a bare `when`. The header's clauses have one order, so the tree does not keep it."""

    name: Text | None
    priority: Number | None
    off: bool
    because: Text | None
    users: People | None
    folders: Folders | None
    kind: Kind
    event: OneOf["", "created", "updated", "deleted"]
    condition: Condition | None
    actions: tuple[Action, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class RuleOff:
    name: Text
    span: Span
