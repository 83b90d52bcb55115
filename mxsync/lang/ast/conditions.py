"""What stands after `where` and `when`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias

from mxsync.lang.ast.values import Name, Path, Regex, Size, Text, Value, Values
from mxsync.lang.source import Span


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
