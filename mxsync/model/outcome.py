"""What a decision is, what its trace says, and what a pass reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mxsync.model.effect import Cause, Effect
from mxsync.model.item import ItemRef
from mxsync.model.record import Origin, RecordKey, RecordValue
from mxsync.model.values import value


class Fate(StrEnum):
    """What became of an item."""

    APPLIED = "applied"  # at least one effect
    NOTHING = "nothing"  # no rule wanted anything of it
    SKIPPED = "skipped"  # a rule said skip
    HELD = "held"  # waits for a person
    UNDONE = "undone"  # what was done for it was taken back
    SET_ASIDE = "set aside"  # could not be read or decided; retried


@value(frozen=True, slots=True)
class Step:
    """One candidate rule in a trace: it fired, or `condition` (as written) failed with the value it saw.

    `note` holds what else is to be said: values that lost to an earlier rule, people left out and why.
    """

    rule: Cause
    fired: bool
    condition: str = ""
    saw: str = ""
    note: tuple[str, ...] = ()


@value(frozen=True, slots=True)
class Trace:
    """Why an item was decided as it was: each candidate rule in order."""

    steps: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()


@value(frozen=True, slots=True)
class OwnRow:
    """A row that stands for the item already. `made` when mxsync made it; `edited` when a person has changed it
    since; `shared` when other mailboxes' copies of the item hold it too; `joined` when another item, that a person
    made, stands for it by a sync."""

    key: RecordKey
    made: bool
    edited: bool
    shared: bool
    joined: bool = False


@value(frozen=True, slots=True)
class Decision:
    """What is to happen to one item, or one row. `plan` is the digest of the rules that decided. `identity` is what
    makes the item the same wherever it lies (a Message-ID, a UID), '' where it has none."""

    ref: ItemRef
    fate: Fate
    effects: tuple[Effect, ...] = ()
    plan: str = ""
    identity: str = ""
    reason: str = ""
    trace: Trace = field(default_factory=Trace)
    captures: Mapping[str, RecordValue] = field(default_factory=dict)
    confirmed: Mapping[RecordKey, Mapping[str, Origin]] = field(default_factory=dict)
    """Fields that hold what the item says again, and are from its date on: remembered, and nothing is written."""


@dataclass(slots=True)
class PassReport:
    """What a pass did: counts by what was done, by rule and by mailbox, and what was set aside (item, sentence).
    `created`, `updated` and `deleted` are rows by entity, `synced` items by what a sync did to them ('add contact');
    `syncs` lists its steps one by one (sync, where, what), in a plan."""

    items: int = 0
    created: dict[str, int] = field(default_factory=dict)
    updated: dict[str, int] = field(default_factory=dict)
    deleted: dict[str, int] = field(default_factory=dict)
    synced: dict[str, int] = field(default_factory=dict)
    syncs: list[tuple[str, str, str]] = field(default_factory=list)
    linked: int = 0
    documents: int = 0
    by_rule: dict[str, int] = field(default_factory=dict)
    by_mailbox: dict[str, int] = field(default_factory=dict)
    fates: dict[str, int] = field(default_factory=dict)
    set_aside: list[tuple[str, str]] = field(default_factory=list)
    held: list[tuple[str, str]] = field(default_factory=list)
    proposed: list[tuple[str, str]] = field(default_factory=list)
    """Rows, and what a person is to decide about them."""
    failed_mailboxes: list[tuple[str, str]] = field(default_factory=list)
    stopped_by_brake: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    """Mailboxes, or `syncs`, that another process works on: a service comes back to them."""
