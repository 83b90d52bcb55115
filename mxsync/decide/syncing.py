"""Syncs as they are carried out: each one turned so that the items of folders (spokes) stand for records of a hub.

The hub is the table; between two folders it is the public one, else the one that is the same for everybody. So a person
in ten folders is one record with ten items, and everything is decided record by record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from mxsync.decide.item_facts import ItemFacts
from mxsync.decide.sync_fields import SyncField, folder_fields, table_fields
from mxsync.lang import ir
from mxsync.lang.compile import RulePlan
from mxsync.lang.compile_conditions import conjuncts
from mxsync.lang.compile_facts import FactValue
from mxsync.lang.compile_values import evaluate
from mxsync.lang.ir import SideForm
from mxsync.lang.meaning import meaning
from mxsync.model.effect import Cause
from mxsync.model.item import Kind
from mxsync.model.record import Entity, RecordValue
from mxsync.reconcile.membership import Clause

Policy: TypeAlias = Literal["newest", "spoke", "hub", "review"]


@dataclass(frozen=True)
class Way:
    """One sync, turned. `entity` is None between folders. `digest` changes with what it means. `owner`: (field, value)
    of the hub's record by which a user's records are found, where the filter has such a part (a row, or a text).
    `chains`: (entity, the references that lead from a record to it) of what else its filter and fields look at.
    `asks_time` and `asks_user` say that its filters look at the clock, or at more of the user than who it is."""

    sync: ir.Sync
    spoke: ir.Side
    hub: ir.Side
    into_spoke: ir.Into | None
    into_hub: ir.Into | None
    deleted_spoke: Clause
    deleted_hub: Clause
    policy: Policy
    entity: Entity | None
    fields: tuple[SyncField, ...]
    digest: str
    owner: tuple[str, ir.Expr] | None
    chains: tuple[tuple[str, tuple[str, ...]], ...]
    asks_time: bool
    asks_user: bool

    @property
    def name(self) -> str:
        return self.sync.name

    @property
    def kind(self) -> Kind:
        return self.sync.kind

    @property
    def cause(self) -> Cause:
        return Cause(f"sync {self.sync.name}", self.sync.span.file, self.sync.span.line)

    @property
    def removes(self) -> bool:
        return self.sync.out_of_filter == "remove"


@lru_cache(maxsize=4)
def ways_of(plan: RulePlan) -> tuple[Way, ...]:
    """All syncs of a plan, in file order; those in which no direction is on are left out."""
    return tuple(
        _way(plan, sync)
        for sync in plan.program.syncs
        if sync.into_left is not None or sync.into_right is not None
    )  # fmt: skip


def _way(plan: RulePlan, sync: ir.Sync) -> Way:
    turned = _hub_is_left(sync)
    spoke, hub = (sync.right, sync.left) if turned else (sync.left, sync.right)
    into_spoke, into_hub = (sync.into_right, sync.into_left) if turned else (sync.into_left, sync.into_right)
    deleted = (sync.deleted_right, sync.deleted_left) if turned else (sync.deleted_left, sync.deleted_right)
    policies: dict[str, Policy] = {"newest": "newest", "review": "review"}
    policies |= {"left": "hub", "right": "spoke"} if turned else {"left": "spoke", "right": "hub"}
    entity = plan.entities[hub.entity] if hub.form is SideForm.TABLE else None
    members = table_fields(plan, entity) if entity is not None else folder_fields(sync.kind)
    chains = dict.fromkeys(_chains(plan, entity, into_spoke)) if entity is not None else {}
    if entity is not None and any(each.company for each in members) and plan.parts.company is not None:
        chains[plan.parts.company.name, (plan.parts.contact_company,)] = None
    paths = [*_paths(into_spoke), *_paths(into_hub)]
    return Way(
        sync, spoke, hub, into_spoke, into_hub, _clause(deleted[0]), _clause(deleted[1]), policies[sync.conflict],
        entity, members, meaning((sync, entity)), _owner(into_spoke) if entity is not None else None, tuple(chains),
        _asks_time(into_spoke) or _asks_time(into_hub),
        any(path.root is ir.Root.USER and path.steps not in ((), ("email",), ("address",)) for path in paths),
    )  # fmt: skip


def _clause(word: str) -> Clause:
    return "delete" if word == "delete" else "unlink" if word == "unlink" else "keep"


def _hub_is_left(sync: ir.Sync) -> bool:
    for form in (SideForm.TABLE, SideForm.PUBLIC, SideForm.ONE_USER):
        if (sync.left.form is form) is not (sync.right.form is form):
            return sync.left.form is form
    return False


def _owner(into: ir.Into | None) -> tuple[str, ir.Expr] | None:
    """The part of a filter by which each user's records are told apart: `contact.owner is user`, else
    `contact.region = user.region`."""
    told: tuple[str, ir.Expr] | None = None
    for part in conjuncts(into.when if into is not None else None):
        if (
            isinstance(part, ir.Compare)
            and part.op is ir.Op.EQ
            and not part.negated
            and part.quantifier is ir.Quantifier.ANY
            and part.path.root is ir.Root.RECORD
            and len(part.path.steps) == 1
            and len(part.values) == 1
        ):
            value = part.values[0]
            if isinstance(value, ir.TheUser) and part.path.type is ir.Type.REFERENCE:
                return part.path.steps[0], value
            if (
                isinstance(value, ir.Path)
                and value.root is ir.Root.USER
                and part.path.type is value.type is ir.Type.TEXT
            ):
                told = told or (part.path.steps[0], value)
    return told


# ------------------------------------------------------------------ what a filter looks at


def _nodes(node: object) -> Iterator[object]:
    yield node
    if isinstance(node, tuple):
        for each in node:
            yield from _nodes(each)
    elif is_dataclass(node) and not isinstance(node, type):
        for each in fields(node):
            yield from _nodes(getattr(node, each.name))


def _paths(into: ir.Into | None) -> list[ir.Path]:
    return [node for node in _nodes(into) if isinstance(node, ir.Path)] if into is not None else []


def _asks_time(into: ir.Into | None) -> bool:
    when = into.when if into is not None else None
    return when is not None and any(isinstance(node, ir.Offset) and node.base is None for node in _nodes(when))


def _chains(plan: RulePlan, entity: Entity, into: ir.Into | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    for path in _paths(into):
        if path.root is not ir.Root.RECORD:
            continue
        here: Entity | None = entity
        chain: tuple[str, ...] = ()
        for step in path.steps[:-1]:
            field = here.fields.get(step) if here is not None else None
            if field is None or not field.references:
                break
            chain = (*chain, step)
            here = plan.entities.get(field.references)
            yield field.references, chain


# ------------------------------------------------------------------ filters


def holds(plan: RulePlan, into: ir.Into | None, facts: ItemFacts) -> bool:
    """Whether a direction is on and its filter names what the facts are about."""
    if into is None:
        return False
    if into.when is None:
        return True
    facts.captures = {}
    return plan.check(into.when)(facts)


def filled(into: ir.Into | None, facts: ItemFacts) -> Mapping[str, RecordValue]:
    """What `with` fills a created record with."""
    found: dict[str, RecordValue] = {}
    for assign in into.assigns if into is not None else ():
        value = evaluate(assign.value, facts)
        if value is not None:
            found[assign.field] = _plain(value)
    return found


def _plain(value: FactValue | tuple[FactValue, ...]) -> RecordValue:
    return value  # type: ignore[return-value]  # a list of references is written nowhere
