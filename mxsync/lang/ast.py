"""What is written: the syntax tree, statement by statement, with a span on every node.

Sugar is kept as it was written, for the formatter; `mxsync.lang.check` rewrites it to the core.
Every node's last field is its `span`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal as OneOf
from typing import TypeAlias

from mxsync.lang.source import Span

# ------------------------------------------------------------------ words and values


@dataclass(frozen=True, slots=True)
class Name:
    """A word: of an entity, a list, a sync, a field."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text, its quotes taken off and doubled quotes undone. `long` for three quotes.
    Templates (`{path}`) are still inside; the checker reads them where a text becomes a value."""

    text: str
    long: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Number:
    value: int | float
    span: Span


@dataclass(frozen=True, slots=True)
class Size:
    """`5 MB`, in bytes (1 KB = 1024 bytes); `written` is how it stands in the file."""

    bytes: int
    written: str
    span: Span


@dataclass(frozen=True, slots=True)
class Duration:
    """`2 days`. `unit` is the singular: minute hour day week month year."""

    count: int
    unit: str
    span: Span


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, or a date and time (in the organisation's zone)."""

    value: date | datetime
    span: Span


@dataclass(frozen=True, slots=True)
class Boolean:
    value: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Regex:
    """`/…/`, without its slashes."""

    pattern: str
    span: Span


@dataclass(frozen=True, slots=True)
class Path:
    """`sender.domain`, `custom.'A NAME'`, `header.List-Id`, or a single word: a field, a capture, an entity."""

    parts: tuple[Name, ...]
    span: Span

    @property
    def text(self) -> str:
        return ".".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Sum:
    """`now + 2 days`, `start - 14 days`; `base` None is `now`; `sign` 0 without an offset."""

    base: Path | None
    sign: OneOf[-1, 0, 1]
    offset: Duration | None
    span: Span


Literal: TypeAlias = Text | Number | Size | Duration | Moment | Boolean
Value: TypeAlias = Literal | Path | Sum


@dataclass(frozen=True, slots=True)
class Values:
    """`('a', 'b')`."""

    items: tuple[Value, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Assign:
    """`F = V`."""

    path: Path
    value: Value
    span: Span


# ------------------------------------------------------------------ conditions


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Condition, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Condition, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition
    span: Span


Quantifier: TypeAlias = OneOf["", "any", "all", "no"]
Comparison: TypeAlias = OneOf[
    "=", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in", "contains", "starts with", "ends with",
    "like", "matches", "is empty", "is not empty", "exists", "changed", "before", "after", "within last", "within next",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compare:
    """`[any|all|no] PATH OPERATOR [VALUE]`. `value` is None for the operators without one; a `Name` only after
    `in`, `not in`, `contains` (a list's name)."""

    quantifier: Quantifier
    path: Path
    operator: Comparison
    value: Value | Values | Regex | Name | None
    span: Span


@dataclass(frozen=True, slots=True)
class Known:
    """`[PATH] is [not] known ENTITY [where C]`. `path` None: anyone on the item, or the item itself.
    `role` is the sugar word before it, if it was one (`attendee is known contact`); then `path` is None."""

    quantifier: Quantifier
    role: str
    path: Path | None
    negated: bool
    entity: Name
    where: Condition | None
    span: Span


@dataclass(frozen=True, slots=True)
class Category:
    """`category 'X'`, `category in (…)`, `category in LIST`, `category like 'P*'`."""

    form: OneOf["is", "in", "like"]
    value: Text | Values | Name
    span: Span


@dataclass(frozen=True, slots=True)
class Person:
    """`from|to|cc|attendee|correspondent [domain] 'X' | in … | like '…'`."""

    role: OneOf["from", "to", "cc", "attendee", "correspondent"]
    domain: bool
    form: OneOf["is", "in", "like"]
    value: Text | Values | Name
    span: Span


@dataclass(frozen=True, slots=True)
class Is:
    """`is [not] private`; `word` is one of the vocabulary's adjectives."""

    word: str
    negated: bool
    span: Span


@dataclass(frozen=True, slots=True)
class IsReply:
    """`is [not] reply to known email`."""

    negated: bool
    entity: Name
    span: Span


@dataclass(frozen=True, slots=True)
class HasAttachment:
    like: Text | None
    larger: Size | None
    span: Span


@dataclass(frozen=True, slots=True)
class Has:
    """`has signature`, `has phone`."""

    word: str
    span: Span


@dataclass(frozen=True, slots=True)
class Mentions:
    entity: Name
    by: Path | None
    span: Span


Condition: TypeAlias = (
    And | Or | Not | Compare | Known | Category | Person | Is | IsReply | HasAttachment | Has | Mentions
)

# ------------------------------------------------------------------ actions


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

# ------------------------------------------------------------------ statements


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


# ------------------------------------------------------------------ tests


@dataclass(frozen=True, slots=True)
class GivenPeople:
    role: OneOf["from", "to", "cc", "attendee"]
    addresses: tuple[Text, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class GivenCategory:
    category: Text
    span: Span


@dataclass(frozen=True, slots=True)
class GivenIs:
    word: str
    span: Span


GivenField: TypeAlias = Assign | GivenPeople | GivenCategory | GivenIs


@dataclass(frozen=True, slots=True)
class Thing:
    """`mail from … with …` or `row of contact [deleted] with …`."""

    row: bool
    name: Name
    event: OneOf["", "created", "updated", "deleted"]
    file: Text | None
    fields: tuple[GivenField, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Given:
    """`given THING [linked to THING …]`: each later thing is linked to the first."""

    things: tuple[Thing, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class AsUser:
    address: Text
    span: Span


@dataclass(frozen=True, slots=True)
class At:
    moment: Moment
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectNothing:
    """`expect nothing`, or with `otherwise`: `expect nothing else`."""

    otherwise: bool
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectNo:
    """`expect no create [ENTITY]`, `expect no link`, `expect no save`."""

    what: OneOf["create", "link", "save"]
    entity: Name | None
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectRule:
    """`expect [no] rule 'X'`."""

    negated: bool
    name: Text
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectInSide:
    """`expect add|update|remove KIND in SIDE [with …]`."""

    what: OneOf["add", "update", "remove"]
    kind: Name
    side: Side
    assigns: tuple[Assign, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectEffects:
    actions: tuple[Action, ...]
    span: Span


Expectation: TypeAlias = ExpectNothing | ExpectNo | ExpectRule | ExpectInSide | ExpectEffects
TestClause: TypeAlias = Given | AsUser | At


@dataclass(frozen=True, slots=True)
class Test:
    name: Text
    clauses: tuple[TestClause, ...]
    expectations: tuple[Expectation, ...]
    span: Span


Statement: TypeAlias = Use | ListOf | EntityOf | Extend | Sync | SyncOff | Rule | RuleOff | Test


@dataclass(frozen=True, slots=True)
class ParsedStatement:
    """One statement of a file. `tree` is None when it did not parse (its error is among the diagnostics).
    `digest` is of its text alone, so that an unmoved or moved statement is found in the cache."""

    tree: Statement | None
    text: str
    digest: str
    first_line: int
    span: Span
