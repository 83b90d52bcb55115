"""A page of items, decided in order: look-ups asked in batches, each item shown what the ones before it have
planned."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from mxsync.decide.context import ItemContext, Organisation
from mxsync.decide.decide import Tracing, decide
from mxsync.decide.gleaned import Gleaned
from mxsync.decide.scoring import with_earlier
from mxsync.decide.seeds import next_seeds, seeds
from mxsync.decide.view import PageView
from mxsync.lang.compile import RulePlan
from mxsync.model.effect import CreateRow, Effect, SaveItem
from mxsync.model.item import Kind
from mxsync.model.outcome import Decision, Fate, OwnRow
from mxsync.model.record import Lookup, Planned, Record

Answer: TypeAlias = Callable[[Collection[Lookup]], Mapping[Lookup, tuple[Record, ...]]]

ROUNDS = 12
"""How often one item may ask anew before what is still unknown counts as nothing. Each round goes one step further
along references (item → contact → company → …); rules cannot make longer ways than this."""


def decide_page(
    plan: RulePlan,
    organisation: Organisation,
    contexts: Sequence[ItemContext],
    answer: Answer,
    now: datetime,
    tracing: Tracing = Tracing.LIVE,
    gleaned: Sequence[Gleaned] | None = None,
) -> list[Decision]:
    """Decides a page of items, in order. Pure but for `answer`, which is asked a few times, each time with all that is
    wanted by then: first what can be told beforehand, then what the decisions themselves came to need. Planned keys are
    numbered through the page, from the highest `first_planned` on. `gleaned` is what was told of the items before."""
    view = PageView(plan.entities)
    if gleaned is None:
        gleaned = [Gleaned(context.item, organisation) for context in contexts]
    contexts = with_earlier(plan, contexts, gleaned)
    asked: set[tuple[str, Kind]] = set()
    for context, own in zip(contexts, gleaned, strict=True):
        view.want(seeds(plan, organisation, context, own, asked))
    if view.missing:
        view.learn(answer(tuple(view.missing)))
    for context, own in zip(contexts, gleaned, strict=True):
        view.want(next_seeds(plan, context, own, view))
    if view.missing:
        view.learn(answer(tuple(view.missing)))
    decisions: list[Decision] = []
    number = max((context.first_planned for context in contexts), default=0)
    saved: dict[str, tuple[OwnRow, ...]] = {}
    rounds = 0
    while len(decisions) < len(contexts):
        here = len(decisions)
        context = contexts[here]
        context = context.numbered(number, _own(context, saved.get(context.identity, ())))
        decision = decide(plan, organisation, context, view, now, tracing, gleaned[here])
        if view.missing and rounds < ROUNDS:
            # What the rest of the page will need is asked in the same breath.
            for later in range(here + 1, len(contexts)):
                ahead = contexts[later].numbered(number, contexts[later].own)
                decide(plan, organisation, ahead, view, now, Tracing.OFF, gleaned[later])
            view.learn(answer(tuple(view.missing)))
            rounds += 1
            continue
        view.learn({})
        view.apply(decision)
        number = max(number, 1 + max(map(_number, decision.effects), default=-1))
        if context.identity and decision.fate is not Fate.HELD:
            there = saved.get(context.identity, ())
            saved[context.identity] = there + tuple(row for row in _rows(decision) if row not in there)
        decisions.append(decision)
        rounds = 0
    return decisions


def _own(context: ItemContext, planned: tuple[OwnRow, ...]) -> tuple[OwnRow, ...]:
    """The rows of the item, with those that another copy of it in this page makes."""
    if not planned:
        return context.own
    there = {own.key for own in context.own}
    return context.own + tuple(own for own in planned if own.key not in there)


def _rows(decision: Decision) -> tuple[OwnRow, ...]:
    return tuple(
        OwnRow(effect.key, made=True, edited=False, shared=True)
        for effect in decision.effects
        if isinstance(effect, SaveItem) and effect.key.planned
    )


def _number(effect: Effect) -> int:
    if isinstance(effect, (CreateRow, SaveItem)) and isinstance(effect.key.value, Planned):
        return effect.key.value.number
    return -1
