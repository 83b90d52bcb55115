"""The tests in the rule language: each one a small world in memory, decided by the very function that decides live."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Final

from mxsync.decide.context import Event, ItemContext, Organisation
from mxsync.decide.decide import Tracing, zone_of
from mxsync.decide.expected import Outcome, missed
from mxsync.decide.explain import effects_lines, trace_lines
from mxsync.decide.given import ReadSample, Unfit, World
from mxsync.decide.item_facts import ItemFacts
from mxsync.decide.page import decide_page
from mxsync.decide.rows import RowContext, decide_rows
from mxsync.decide.testing_syncs import SyncSteps
from mxsync.lang import ir
from mxsync.lang.compile import RulePlan
from mxsync.model.effect import Cause
from mxsync.model.item import Item, Kind
from mxsync.model.outcome import Decision

NOW: Final = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)
"""The clock of a test that says no `at`, so that it passes today and next year."""


class Verdict(StrEnum):
    """What came of a test."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test. `sentences` say what was not met, or why it was skipped; `trace` is how each item was decided,
    kept for a test that failed."""

    __test__ = False

    name: str
    file: str
    line: int
    verdict: Verdict
    sentences: tuple[str, ...] = ()
    trace: tuple[str, ...] = ()
    fired: tuple[Cause, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether it was carried out and everything expected was there."""
        return self.verdict is Verdict.PASSED


@dataclass(frozen=True, slots=True)
class TestReport:
    """All tests in file order, and the rules (those about items) that none of them made fire."""

    __test__ = False

    results: tuple[TestResult, ...]
    rules_never_fired: tuple[Cause, ...]

    @property
    def passed(self) -> bool:
        """Whether none failed."""
        return not self.failed

    @property
    def failed(self) -> tuple[TestResult, ...]:
        """Those that failed."""
        return tuple(result for result in self.results if result.verdict is Verdict.FAILED)


def no_samples(file: str, path: str) -> Item | str:
    """For callers without files: a test that names one fails with a sentence."""
    return f"`{path}` (named in {file}) cannot be read here"


def run_tests(
    plan: RulePlan,
    program: ir.Program,
    organisation: Organisation,
    *,
    only: Callable[[ir.Test], bool] | Collection[ir.Test] | None = None,
    read_sample: ReadSample = no_samples,
    now: datetime = NOW,
) -> TestReport:
    """Runs the tests of a program, or those that `only` names, on its plan. `now` (with a zone) is the clock of
    tests that set none."""
    results = tuple(_run(plan, organisation, test, read_sample, now) for test in program.tests if _wanted(test, only))
    fired = {(cause.rule, cause.file, cause.line) for result in results for cause in result.fired}
    never = tuple(each.cause for each in plan.rules if (each.cause.rule, each.cause.file, each.cause.line) not in fired)
    return TestReport(results, never)


def _wanted(test: ir.Test, only: Callable[[ir.Test], bool] | Collection[ir.Test] | None) -> bool:
    if only is None:
        return True
    return only(test) if callable(only) else any(each is test for each in only)


def _run(
    plan: RulePlan, organisation: Organisation, test: ir.Test, read_sample: ReadSample, now: datetime
) -> TestResult:
    zone = zone_of(organisation.timezone)
    moment = test.at or now
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    world = World(plan, organisation, test, moment, zone)
    try:
        world.give(read_sample)
    except Unfit as reason:
        return TestResult(test.name, test.file, test.line, Verdict.FAILED, (str(reason),))
    decisions = decide_page(plan, world.organisation, world.contexts, world.tables.answer, moment, Tracing.FULL)
    outcomes: list[Outcome] = []
    for context, decision in zip(world.contexts, decisions, strict=True):
        facts = ItemFacts(plan, world.organisation, context, world.tables, moment, zone)
        for name, value in decision.captures.items():
            if value is not None and not isinstance(value, tuple):
                facts.captures[name] = value
        outcomes.append(Outcome(decision, facts))
    outcomes += _rows(plan, world, test, moment, zone)
    decisions = [outcome.decision for outcome in outcomes]
    fired = tuple(step.rule for decision in decisions for step in decision.trace.steps if step.fired)
    sentences = (*_missed(test, outcomes), *_missed_in_sides(test, world, decisions[: len(world.contexts)]))
    if sentences:
        trace = tuple(line for decision in decisions for line in (*trace_lines(decision), *effects_lines(decision)))
        return TestResult(test.name, test.file, test.line, Verdict.FAILED, sentences, trace, fired)
    return TestResult(test.name, test.file, test.line, Verdict.PASSED, (), (), fired)


def _missed(test: ir.Test, outcomes: list[Outcome]) -> tuple[str, ...]:
    if not outcomes:
        return ()
    # `nothing else` means: than all that the other lines of the test expect, wherever it stands.
    last = sorted(test.expectations, key=lambda each: isinstance(each, ir.ExpectNothing) and each.otherwise)
    found: list[str] = []
    for expectation in last:
        reason = missed(expectation, outcomes)
        if reason:
            found.append(f"line {expectation.span.line}: {reason}" if expectation.span.line else reason)
    return tuple(found)


def _missed_in_sides(test: ir.Test, world: World, decisions: list[Decision]) -> tuple[str, ...]:
    """What syncs were expected to do and do not."""
    wanted = [each for each in test.expectations if isinstance(each, ir.ExpectInSide)]
    if not wanted:
        return ()
    steps = SyncSteps(world, decisions)
    found = ((each.span.line, steps.missed(each)) for each in wanted)
    return tuple(f"line {line}: {reason}" if line else reason for line, reason in found if reason)


def _rows(plan: RulePlan, world: World, test: ir.Test, moment: datetime, zone: tzinfo) -> list[Outcome]:
    """The rules about rows, for the rows whose event a test states; where it gives nothing but rows, for all of them,
    as new ones."""
    only_rows = not world.contexts
    contexts: list[RowContext] = []
    for key, event in world.events.items():
        if event or only_rows:
            known: Event = event if event in ("updated", "deleted") else "created"  # type: ignore[assignment]
            contexts.append(RowContext(world.tables.rows[key], known, {} if known == "updated" else None))
    decisions = decide_rows(plan, world.organisation, contexts, world.tables.answer, moment, Tracing.FULL)
    outcomes: list[Outcome] = []
    for context, decision in zip(contexts, decisions, strict=True):
        nobody = ItemContext(Item(Kind.NOTE, context.ref, ""), context.event, "")
        facts = ItemFacts(plan, world.organisation, nobody, world.tables, moment, zone)
        outcome = Outcome(decision, facts)
        outcome.own = context.record.key
        outcomes.append(outcome)
    return outcomes
