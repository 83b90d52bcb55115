"""The index never changes what is decided: a compiled plan against a reading that tries every rule in order."""

from __future__ import annotations

import os
from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mxsync.decide.decide import Tracing, decide
from mxsync.lang.compile import compile_plan
from mxsync.model.effect import Categorize, Notify, SaveItem
from mxsync.model.outcome import Decision, Fate
from tests import naive
from tests.programs import NOW, ORGANISATION, program
from tests.random_rules import CONTACTS, Maker, ScoringMaker, tables

SEEDS = st.integers(0, 2**48)
TABLES = tables()


def as_found(decision: Decision) -> naive.Found:
    saved = [effect for effect in decision.effects if isinstance(effect, SaveItem)]
    status = saved[0].assigned.get("status") if saved else None
    assert status is None or isinstance(status, str)
    return naive.Found(
        fired=[step.rule.rule for step in decision.trace.steps if step.fired],
        skipped=decision.fate is Fate.SKIPPED,
        categories=[effect.category for effect in decision.effects if isinstance(effect, Categorize)],
        status=status,
        texts=[effect.text for effect in decision.effects if isinstance(effect, Notify)],
    )


CASES = int(os.environ.get("MXSYNC_CASES", "2000"))
"""Fewer where every change of the program is tried (make mutate)."""


@settings(max_examples=CASES, deadline=None)
@given(SEEDS, st.integers(1, 25))
@example(73996, 2)  # what an attachment's name captured stayed although its branch failed
def test_the_index_decides_as_a_naive_reading_does(seed: int, most: int) -> None:
    maker = Maker(seed)
    made = maker.rules(most)
    plan = compile_plan(program(made))
    for _ in range(3):
        context = maker.mail()
        expected = naive.run(made, ORGANISATION, context, CONTACTS, NOW)
        decision = decide(plan, ORGANISATION, context, TABLES, NOW)
        assert as_found(decision) == expected
        full = decide(plan, ORGANISATION, context, TABLES, NOW, Tracing.FULL)
        assert full.effects == decision.effects
        assert as_found(full) == expected


@settings(max_examples=min(CASES, 300), deadline=None)
@given(SEEDS, st.integers(1, 12))
def test_a_score_decides_as_a_naive_reading_does(seed: int, most: int) -> None:
    """Rules are not indexed by a score: they must be found by what else they ask, or be tried on every item."""
    maker = ScoringMaker(seed)
    made = maker.rules(most)
    plan = compile_plan(program(made))
    for _ in range(3):
        context = maker.mail()
        expected = naive.run(made, ORGANISATION, context, CONTACTS, NOW)
        assert as_found(decide(plan, ORGANISATION, context, TABLES, NOW)) == expected
        assert as_found(decide(plan, ORGANISATION, context, TABLES, NOW, Tracing.FULL)) == expected


@settings(max_examples=min(CASES, 200), deadline=None)
@given(SEEDS)
def test_a_plan_made_from_another_decides_as_one_made_afresh(seed: int) -> None:
    maker = Maker(seed)
    before, added = maker.rules(12), maker.rules(12)
    old = compile_plan(program(before))
    edited = [*before[1:], *added]
    new, afresh = compile_plan(program(edited), old), compile_plan(program(edited))
    for _ in range(3):
        context = maker.mail()
        decide(old, ORGANISATION, context, TABLES, NOW)
        expected = decide(afresh, ORGANISATION, context, TABLES, NOW)
        assert decide(new, ORGANISATION, context, TABLES, NOW) == expected


@settings(max_examples=min(CASES, 200), deadline=None)
@given(SEEDS)
def test_deciding_is_pure(seed: int) -> None:
    maker = Maker(seed)
    plan = compile_plan(program(maker.rules(12)))
    context = maker.mail()
    first = decide(plan, ORGANISATION, context, TABLES, NOW)
    turned = replace(
        context.item,
        fields=dict(reversed(context.item.fields.items())),  # type: ignore[call-overload]
        custom=dict(reversed(context.item.custom.items())),  # type: ignore[call-overload]
    )
    assert decide(plan, ORGANISATION, context, TABLES, NOW) == first
    assert decide(plan, ORGANISATION, replace(context, item=turned), TABLES, NOW) == first


def test_random_rules_and_mails_meet() -> None:
    """Else the tests above would prove nothing."""
    fired = rules = 0
    for seed in range(100):
        maker = Maker(seed)
        made = maker.rules(20)
        rules += len(made)
        fired += len(naive.run(made, ORGANISATION, maker.mail(), CONTACTS, NOW).fired)
    assert fired > rules / 10
