"""The tests of a rule file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from mxsync.lang.ir.actions import Action, Assign
from mxsync.lang.ir.statements import Side
from mxsync.lang.ir.values import Expr
from mxsync.lang.source import NOWHERE, Span
from mxsync.model.item import Kind


@dataclass(frozen=True, slots=True)
class GivenItem:
    """`given mail …`. `fields` are the vocabulary's names (headers under 'header.NAME', named properties under
    'custom.NAME') with their values; `file` is a sample's path as written, '' without one."""

    kind: Kind
    event: str
    file: str
    fields: Mapping[str, Expr]
    lists: Mapping[str, tuple[Expr, ...]] = field(default_factory=dict)
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class GivenRow:
    """`given row of ENTITY …`."""

    entity: str
    event: str
    fields: Mapping[str, Expr]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Given:
    """Things, each later one linked to the first."""

    things: tuple[GivenItem | GivenRow, ...]


@dataclass(frozen=True, slots=True)
class ExpectNothing:
    otherwise: bool
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ExpectNo:
    """`what` is create, link or save; `entity` '' for any."""

    what: str
    entity: str
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ExpectRule:
    name: str
    negated: bool
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ExpectInSide:
    """`expect add|update|remove KIND in SIDE`: for syncs."""

    what: str
    entity: str
    side: Side
    assigns: tuple[Assign, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ExpectEffects:
    """Effects that must be there, with the values that matter. `linked_to` belongs to `create … linked to T`."""

    actions: tuple[Action, ...]
    linked_to: str = ""
    span: Span = NOWHERE


Expectation: TypeAlias = ExpectNothing | ExpectNo | ExpectRule | ExpectInSide | ExpectEffects


@dataclass(frozen=True, slots=True)
class Test:
    """A test resolved. `user` is an address ('' for the made-up one), `at` the clock (None: the caller's)."""

    name: str
    file: str
    line: int
    user: str
    at: datetime | None
    givens: tuple[Given, ...]
    expectations: tuple[Expectation, ...]
    span: Span = NOWHERE
