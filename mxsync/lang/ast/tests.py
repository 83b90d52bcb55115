"""A `test` statement: what is given, and what is expected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias

from mxsync.lang.ast.actions import Action
from mxsync.lang.ast.statements import Side
from mxsync.lang.ast.values import Assign, Moment, Name, Text
from mxsync.lang.source import Span


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
