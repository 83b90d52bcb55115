"""`when row of ENTITY`: a change in SQL decided by the same machinery as an item.

The row stands where the item stands elsewhere: conditions ask its fields, `set` changes it, `link` links it, `delete`
deletes it. `user` is who the row belongs to, where its entity has an `owner`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from mxsync.decide.context import Event, ItemContext, Organisation
from mxsync.decide.creations import create_record
from mxsync.decide.decide import Tracing, zone_of
from mxsync.decide.draft import Draft
from mxsync.decide.explain import failed_step
from mxsync.decide.item_facts import ItemFacts, exact_value
from mxsync.decide.mailbox import call_hook, notify
from mxsync.decide.saving import set_fields
from mxsync.decide.targets import link
from mxsync.decide.view import PageView
from mxsync.lang import ir
from mxsync.lang.compile import CompiledRule, RulePlan
from mxsync.lang.compile_values import render
from mxsync.model.effect import DeleteRow as Delete
from mxsync.model.effect import Effect, HoldForReview, LinkRows, UpdateRow
from mxsync.model.item import Item, ItemRef, Kind, Value
from mxsync.model.outcome import Decision, Fate, OwnRow, Step, Trace
from mxsync.model.record import Entity, Get, Lookup, Record, RecordKey

Answer: TypeAlias = Callable[[Collection[Lookup]], Mapping[Lookup, tuple[Record, ...]]]
_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class RowContext:
    """One changed row. `record` holds what is known of it (of a deleted one what was remembered); `previous` the fields
    that rules ask `changed` of, as they were, None where that is not known; `done` the once-only effects that it has
    had; `number` tells changes of one row apart."""

    record: Record
    event: Event
    previous: Mapping[str, Value] | None = None
    done: frozenset[str] = field(default_factory=frozenset)
    number: int = 0

    @property
    def ref(self) -> ItemRef:
        """Where an item's place would stand."""
        return row_ref(self.record.key)


def row_ref(key: RecordKey) -> ItemRef:
    """A row where an item's place would stand."""
    return ItemRef("", "", f"{key.entity} {key.value}")


def rules_of_rows(plan: RulePlan) -> Mapping[str, Sequence[CompiledRule]]:
    """The rules about rows, by entity, in the order in which they act."""
    found: dict[str, list[CompiledRule]] = {}
    for rule in plan.rules:
        if rule.rule.row_of:
            found.setdefault(rule.rule.row_of, []).append(rule)
    return found


def decide_rows(
    plan: RulePlan,
    organisation: Organisation,
    contexts: Sequence[RowContext],
    answer: Answer,
    now: datetime,
    tracing: Tracing = Tracing.LIVE,
) -> list[Decision]:
    """Decides changed rows, in order; each sees what the ones before it have planned."""
    answers: dict[Lookup, tuple[Record, ...]] = {Get(each.record.key): (each.record,) for each in contexts}
    by_entity = rules_of_rows(plan)
    for _ in range(_ROUNDS):
        view = PageView(plan.entities, answers)
        decisions: list[Decision] = []
        number = 0
        for context in contexts:
            rules = by_entity.get(context.record.key.entity, ())
            decision = _decide(plan, organisation, context, rules, view, now, tracing, number)
            view.apply(decision)
            number += 1000 if decision.effects else 0  # more rows than one change can make
            decisions.append(decision)
        missing = tuple(view.missing)
        if not missing:
            break
        found = answer(missing)
        answers.update({lookup: found.get(lookup, ()) for lookup in missing})
    return decisions


def _decide(
    plan: RulePlan,
    organisation: Organisation,
    context: RowContext,
    rules: Sequence[CompiledRule],
    view: PageView,
    now: datetime,
    tracing: Tracing,
    number: int,
) -> Decision:
    record = context.record
    entity = plan.entities[record.key.entity]
    plain: dict[str, Value] = {name: v for name, v in record.values.items() if not isinstance(v, RecordKey)}
    item = Item(entity.kind or Kind.NOTE, context.ref, "", plain, item_class=entity.item_class)
    own = OwnRow(record.key, made=False, edited=False, shared=False)
    user = _owner(plan, entity, record, view)
    identity = f"row:{record.key.entity}:{record.key.value}:{context.number}"
    about = ItemContext(item, context.event, user, identity, (own,), context.previous, number, context.done)
    facts = ItemFacts(plan, organisation, about, view, now, zone_of(organisation.timezone))
    draft = Draft(facts)
    draft.own.entity = entity
    steps: list[Step] = []
    ending = ""
    for rule in rules:
        if ending or not _asked(rule, context.event):
            continue
        facts.captures = {}
        facts.record = record
        facts.records.near = {}
        failed = rule.body.failed(facts)
        if failed is not None:
            if tracing is not Tracing.OFF:
                steps.append(failed_step(rule, failed, facts))
            continue
        draft.begin(rule)
        ending = _act(draft, rule)
        steps.append(Step(rule.cause, True, note=draft.end()))
        if ending == "skip":
            reason = f"rule `{rule.rule.name}` says skip"
            return Decision(context.ref, Fate.SKIPPED, (), plan.digest, identity, reason, Trace(tuple(steps)))
    effects = _effects(draft, record)
    fate = Fate.HELD if draft.holds else Fate.APPLIED if effects else Fate.NOTHING
    reason = "; ".join(hold.why for hold in draft.holds)
    return Decision(
        context.ref, fate, (*draft.holds, *effects), plan.digest, identity, reason, Trace(tuple(steps))
    )  # fmt: skip


def _asked(rule: CompiledRule, event: Event) -> bool:
    wanted = rule.rule.event
    return wanted == event or (not wanted and event != "deleted")


def _owner(plan: RulePlan, entity: Entity, record: Record, view: PageView) -> str:
    """The address of the row's owner."""
    parts = plan.parts
    field_ = entity.fields.get("owner")
    key = record.values.get("owner")
    if parts.user is None or field_ is None or field_.references != parts.user.name or not isinstance(key, RecordKey):
        return ""
    found = view.ask(Get(key))
    value = found[0].values.get(parts.user_email) if found else None
    return str(value[0] if isinstance(value, tuple) and value else value or "")


def _act(draft: Draft, rule: CompiledRule) -> str:
    ending = ""
    for number, action in enumerate(rule.rule.actions):
        match action:
            case ir.CreateRecord():
                create_record(draft, action, number)
            case ir.Link():
                link(draft, action)
            case ir.Set():
                set_fields(draft, action, rule)
            case ir.Delete():
                draft.own.delete = draft.own.delete or draft.cause
            case ir.Notify():
                notify(draft, action, number)
            case ir.CallHook():
                call_hook(draft, action, number)
            case ir.Hold():
                draft.holds.append(HoldForReview(draft.cause, render(action.why, draft.facts)))
            case ir.Skip():
                ending = "skip"
            case ir.Stop():
                ending = ending or "stop"
            case _:
                draft.note("a row cannot do that")
    return ending


def _effects(draft: Draft, record: Record) -> list[Effect]:
    own, key = draft.own, record.key
    effects: list[Effect] = list(draft.created.values())
    if own.delete is not None:
        return [*effects, Delete(own.delete, key), *draft.outside.values()]
    for name, value in own.assigned.items():
        if not exact_value(record.values.get(name), value):
            effects.append(UpdateRow(own.causes[name], key, {name: value}, {name: "rule"}))
    effects += draft.updates.values()
    linkable = draft.facts.plan.linkable
    effects += [LinkRows(cause, key, to) for to, cause in own.links.items() if linkable(key.entity, to.entity)]
    effects += [LinkRows(cause, one, other) for (one, other), cause in draft.links.items()]
    return [*effects, *draft.outside.values()]
