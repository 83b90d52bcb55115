"""(plan, organisation, context, view, now) → Decision. Pure: the same arguments give the same decision, so the live
pass, `plan`, `explain`, `replay` and the tests of the language are this one function.

Every matching rule acts, by priority, then in file order; later rules see what earlier ones have planned for the
item. A field, a category, a folder that two rules decide is the first one's, and the trace shows the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from enum import Enum
from functools import lru_cache
from typing import assert_never
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mxsync.decide import erased
from mxsync.decide.attachments import save_attachments
from mxsync.decide.context import ItemContext, Organisation
from mxsync.decide.creations import create_companies, create_contacts, create_record
from mxsync.decide.draft import Draft
from mxsync.decide.explain import failed_step, not_asked, unseen_step
from mxsync.decide.gleaned import Gleaned
from mxsync.decide.item_facts import ItemFacts
from mxsync.decide.mailbox import call_hook, categorize, flag, mark_read, move, notify
from mxsync.decide.saving import OwnRowPlan, delete, own_row, save, set_fields, withdrawn
from mxsync.decide.targets import link
from mxsync.decide.updating import update_contact
from mxsync.lang import ir
from mxsync.lang.compile import CompiledRule, RulePlan
from mxsync.lang.compile_values import render
from mxsync.model.effect import Cause, CreateRow, Effect, HoldForReview, LinkRows
from mxsync.model.normal import address_key
from mxsync.model.outcome import Decision, Fate, Step, Trace
from mxsync.model.record import CrmView, RecordKey, RecordValue


class Tracing(Enum):
    """How much a trace tells. LIVE: the rules that the index gave. FULL: every rule about items of the kind. OFF:
    nothing but what fired."""

    OFF = "off"
    LIVE = "live"
    FULL = "full"


def decide(
    plan: RulePlan,
    organisation: Organisation,
    context: ItemContext,
    view: CrmView,
    now: datetime,
    tracing: Tracing = Tracing.LIVE,
    gleaned: Gleaned | None = None,
) -> Decision:
    """What is to happen to one item. `now` has a zone. Never raises because of what a rule says or an item lacks:
    a value that is not there makes a condition false. When `view.missing` has grown, the decision is provisional:
    learn what is missing and decide again."""
    if erased.left_alone(context, organisation):
        return erased.skipped(context, plan.digest)
    facts = ItemFacts(plan, organisation, context, view, now, zone_of(organisation.timezone), gleaned)
    try:
        decision = _decided(plan, facts, context, tracing)
    finally:
        facts.release()
    return erased.noted(decision, context.erased) if context.erased.people else decision


def _decided(plan: RulePlan, facts: ItemFacts, context: ItemContext, tracing: Tracing) -> Decision:
    item = context.item
    user = address_key(context.user)
    draft: Draft | None = None
    steps: list[Step] = []
    waiting: list[tuple[CompiledRule, ir.Condition]] = []
    captured: dict[str, RecordValue] = {}
    if tracing is Tracing.FULL:
        rules: Iterator[CompiledRule] = plan.of_kind(item.kind)
    elif facts.foreseen is not None:
        rules = iter([plan.rules[number] for number in facts.foreseen.candidates])
    else:
        rules = iter(plan.candidates(facts, item.ref, item.kind, context.event, user))
    for rule in rules:
        if tracing is Tracing.FULL:
            elsewhere = rule.elsewhere(item.ref, item.kind, context.event, user)
            if elsewhere:
                steps += _failed(waiting, facts, tracing)
                steps.append(not_asked(rule, elsewhere))
                continue
        facts.captures = {}
        facts.record = None
        facts.mentions = rule.body.mentions
        facts.records.near = {}
        failed = rule.body.failed(facts)
        if failed is not None:
            # What it saw is put into words only when something comes of the item, and before anything is planned: most
            # mail is no rule's business, and words cost more than the look.
            waiting.append((rule, failed))
            continue
        if draft is None:
            draft = Draft(facts)
        steps += _failed(waiting, facts, tracing)
        facts.mentions = rule.body.mentions
        for name, value in facts.captures.items():
            captured.setdefault(name, value)
        draft.begin(rule)
        ending = _act(draft, rule)
        notes = draft.end()
        steps.append(Step(rule.cause, True, note=notes))
        if ending is _Ending.SKIP:
            return _skipped(plan, context, draft, rule, Trace(tuple(steps)), captured)
        if ending is _Ending.STOP:
            break
    if draft is None:
        if tracing is Tracing.FULL:
            steps += _failed(waiting, facts, tracing)
        else:
            steps += [unseen_step(rule, failed) for rule, failed in waiting if tracing is not Tracing.OFF]
        return Decision(item.ref, Fate.NOTHING, (), plan.digest, context.identity, trace=Trace(tuple(steps)))
    steps += _failed(waiting, facts, tracing)
    return _decision(plan, context, draft, steps, captured)


def _failed(waiting: list[tuple[CompiledRule, ir.Condition]], facts: ItemFacts, tracing: Tracing) -> list[Step]:
    """The steps of rules that failed, in words."""
    if not waiting:
        return []
    if tracing is Tracing.OFF:
        waiting.clear()
    captures, facts.captures = facts.captures, {}
    found = [failed_step(rule, failed, facts) for rule, failed in waiting]
    facts.captures = captures
    waiting.clear()
    return found


class _Ending(Enum):
    NEXT = 0
    STOP = 1
    SKIP = 2


def _act(draft: Draft, rule: CompiledRule) -> _Ending:
    """The actions of a rule that fired, in order. `skip` and `stop` take effect when all of them are done."""
    ending = _Ending.NEXT
    for number, action in enumerate(rule.rule.actions):
        match action:
            case ir.CreateContacts():
                create_contacts(draft, action)
            case ir.CreateCompanies():
                create_companies(draft, action)
            case ir.CreateRecord():
                create_record(draft, action, number)
            case ir.UpdateContacts():
                update_contact(draft)
            case ir.Save():
                save(draft, action)
            case ir.Link():
                link(draft, action)
            case ir.Set():
                set_fields(draft, action, rule)
            case ir.Delete():
                delete(draft)
            case ir.SaveAttachments():
                save_attachments(draft, action)
            case ir.Categorize():
                categorize(draft, action)
            case ir.MoveTo():
                move(draft, action, number)
            case ir.MarkRead():
                mark_read(draft)
            case ir.Flag():
                flag(draft)
            case ir.Notify():
                notify(draft, action, number)
            case ir.CallHook():
                call_hook(draft, action, number)
            case ir.Hold():
                draft.holds.append(HoldForReview(draft.cause, render(action.why, draft.facts)))
            case ir.Skip():
                ending = _Ending.SKIP
            case ir.Stop():
                ending = ending if ending is _Ending.SKIP else _Ending.STOP
            case _:
                assert_never(action)
    return ending


def _skipped(
    plan: RulePlan,
    context: ItemContext,
    draft: Draft,
    rule: CompiledRule,
    trace: Trace,
    captured: dict[str, RecordValue],
) -> Decision:
    """The item is left alone: what was planned is dropped, a row made for it before is withdrawn."""
    gone, hold = withdrawn(draft, rule.cause, keep="")
    fate = Fate.HELD if hold is not None else Fate.SKIPPED
    effects: tuple[Effect, ...] = (hold, *gone) if hold is not None else gone
    reason = hold.why if hold is not None else f"rule `{rule.rule.name}` says skip"
    return Decision(context.item.ref, fate, effects, plan.digest, context.identity, reason, trace, captured)


def _decision(
    plan: RulePlan, context: ItemContext, draft: Draft, steps: list[Step], captured: dict[str, RecordValue]
) -> Decision:
    draft.notes = []
    row = own_row(draft)
    effects = [*_created(draft), *([row.save] if row.save else ()), *draft.updates.values(), *row.gone]
    effects += _links(draft, row)
    effects += draft.outside.values()
    effects += draft.proposals.values()
    holds = [*draft.holds, *([row.hold] if row.hold else ())]
    trace = Trace(tuple(steps), tuple(draft.notes))
    fate, reason = (Fate.APPLIED if effects else Fate.NOTHING), ""
    if holds:
        # What would be done is kept behind what holds it, so that whoever reviews it can see it.
        fate, reason = Fate.HELD, "; ".join(hold.why for hold in holds)
        effects = [*holds, *effects]
    return Decision(
        context.item.ref, fate, tuple(effects), plan.digest, context.identity, reason, trace, captured, draft.confirmed
    )


def _created(draft: Draft) -> list[CreateRow]:
    """New rows, each after the new rows that it refers to."""
    placed: dict[RecordKey, CreateRow] = {}
    for row in draft.created.values():
        _place(row, (), draft.created, placed)
    return list(placed.values())


def _place(
    row: CreateRow,
    above: tuple[RecordKey, ...],
    created: Mapping[RecordKey, CreateRow],
    placed: dict[RecordKey, CreateRow],
) -> None:
    if row.key in placed or row.key in above:
        return
    for value in row.values.values():
        if isinstance(value, RecordKey) and value in created:
            _place(created[value], (*above, row.key), created, placed)
    placed[row.key] = row


def _links(draft: Draft, row: OwnRowPlan) -> list[Effect]:
    """Links of the item's own row, those between others, and those of its documents to all that it is linked to."""
    linkable = draft.facts.plan.linkable
    targets = draft.own.links if row.key is not None else {}
    if row.key is not None and not draft.links and not draft.documents:  # most mail: nothing can come twice
        own, entity = row.key, row.key.entity
        return [LinkRows(cause, own, to) for to, cause in targets.items() if to != own and linkable(entity, to.entity)]
    found: dict[tuple[RecordKey, RecordKey], LinkRows] = {}

    def add(one: RecordKey, other: RecordKey, cause: Cause) -> None:
        if one != other and (other, one) not in found and linkable(one.entity, other.entity):
            found.setdefault((one, other), LinkRows(cause, one, other))

    if row.key is not None:
        for target, cause in targets.items():
            add(row.key, target, cause)
    for (one, other), cause in draft.links.items():
        add(one, other, cause)
    for document, cause in draft.documents.items():
        if row.key is not None:
            add(document, row.key, cause)
        for target in targets:
            add(document, target, cause)
    return list(found.values())


@lru_cache(maxsize=64)
def zone_of(name: str) -> tzinfo:
    """The zone of an IANA name; UTC for one that does not exist (the configuration has refused it by then)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
