"""Rules and syncs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from mxsync.lang.ir.actions import Action, Assign
from mxsync.lang.ir.conditions import Condition
from mxsync.lang.source import NOWHERE, Span
from mxsync.model.item import Kind


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `users` are address keys, None for everyone. `folders` are patterns as written, None for the kinds'
    own folders; `public` when they are public ones. `row_of` is the entity of `when row of`, '' for items. `event`:
    '' (created or updated), 'created', 'updated', 'deleted'. `order` is the place in file order."""

    name: str
    file: str
    line: int
    order: int
    priority: int
    kinds: frozenset[Kind]
    row_of: str
    event: str
    users: frozenset[str] | None
    folders: tuple[str, ...] | None
    public: bool
    condition: Condition | None
    actions: tuple[Action, ...]
    because: str = ""
    span: Span = NOWHERE


class SideForm(Enum):
    """What a side of a sync is."""

    EACH_USER = "each"
    ONE_USER = "one"
    PUBLIC = "public"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Side:
    """`alias` is how clauses address it: 'folder', 'table', or the alias given."""

    form: SideForm
    folder: str = ""
    user: str = ""
    entity: str = ""
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Into:
    """One direction. `when` None: everything."""

    when: Condition | None
    assigns: tuple[Assign, ...] = ()


@dataclass(frozen=True, slots=True)
class Sync:
    """A sync resolved. `into_left` None: that direction is off. `conflict` is 'newest', 'left', 'right' or 'review';
    `deleted_left` and `deleted_right` are delete, unlink or keep; `out_of_filter` is remove or keep."""

    name: str
    kind: Kind
    entity: str
    users: frozenset[str] | None
    left: Side
    right: Side
    into_left: Into | None
    into_right: Into | None
    conflict: str
    deleted_left: str
    deleted_right: str
    out_of_filter: str
    span: Span = NOWHERE
