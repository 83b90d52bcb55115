"""Conditions → closures over `Facts`: what holds together, one of several, or not, whom the tables know, and attached
files. A single comparison is compiled by `mxsync.lang.compile_comparisons`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, assert_never

from mxsync.lang import ir
from mxsync.lang.compile_comparisons import Check, compile_comparison
from mxsync.lang.compile_facts import Facts, Slot
from mxsync.lang.compile_texts import composed, matcher_of
from mxsync.model.normal import text_key
from mxsync.model.record import Record

Intern: TypeAlias = Callable[[ir.Path], Slot]


def conjuncts(condition: ir.Condition | None) -> tuple[ir.Condition, ...]:
    """The parts that all must hold, in order."""
    if condition is None:
        return ()
    if isinstance(condition, ir.And):
        return tuple(part for each in condition.parts for part in conjuncts(each))
    return (condition,)


def compile_condition(condition: ir.Condition, intern: Intern) -> Check:
    """A closure that says whether the condition holds. Captures are left in `Facts.captures`; those of a branch that
    did not hold, or that stands under `not`, are taken back."""
    match condition:
        case ir.And():
            return _all([compile_condition(part, intern) for part in condition.parts])
        case ir.Or():
            return _any([_guarded(part, intern) for part in condition.parts])
        case ir.Not():
            return _not(compile_condition(condition.part, intern), captures(condition.part))
        case ir.Compare():
            return compile_comparison(condition, intern(condition.path))
        case ir.Known():
            return _known(condition, intern)
        case ir.IsReply():
            entity = condition.entity
            return lambda facts: facts.replied(entity)
        case ir.HasAttachment():
            return _has_attachment(condition)
        case ir.Is():
            fact = condition.fact
            return lambda facts: facts.fact(fact)
        case ir.Mentions():
            node = condition
            return lambda facts: bool(facts.mentioned(node))
        case _:
            assert_never(condition)


def captures(condition: ir.Condition) -> bool:
    """Whether the condition can capture anything."""
    match condition:
        case ir.And() | ir.Or():
            return any(captures(part) for part in condition.parts)
        case ir.Not():
            return captures(condition.part)
        case ir.Compare():
            return condition.pattern is not None and bool(condition.pattern.captures)
        case ir.HasAttachment():
            return condition.like is not None and bool(condition.like.captures)
        case ir.Known():
            return condition.where is not None and captures(condition.where)
        case _:
            return False


def _all(checks: list[Check]) -> Check:
    def check(facts: Facts) -> bool:
        for each in checks:  # noqa: SIM110 - a generator costs three times as much, and this is the inner loop
            if not each(facts):
                return False
        return True

    return check


def _any(checks: list[Check]) -> Check:
    def check(facts: Facts) -> bool:
        for each in checks:  # noqa: SIM110
            if each(facts):
                return True
        return False

    return check


def _guarded(condition: ir.Condition, intern: Intern) -> Check:
    inner = compile_condition(condition, intern)
    if not captures(condition):
        return inner

    def check(facts: Facts) -> bool:
        before = dict(facts.captures)
        if inner(facts):
            return True
        facts.captures = before
        return False

    return check


def _not(inner: Check, capturing: bool) -> Check:
    if not capturing:
        return lambda facts: not inner(facts)

    def check(facts: Facts) -> bool:
        before = dict(facts.captures)
        held = inner(facts)
        facts.captures = before
        return not held

    return check


def _known(node: ir.Known, intern: Intern) -> Check:
    where = compile_condition(node.where, intern) if node.where is not None else None
    every = node.quantifier is ir.Quantifier.ALL
    none = node.quantifier is ir.Quantifier.NONE

    def holds(records: tuple[Record, ...], facts: Facts) -> bool:
        if where is None:
            return bool(records)
        for record in records:  # noqa: SIM110
            if with_record(record, where, facts):
                return True
        return False

    def check(facts: Facts) -> bool:
        people = facts.known(node)
        if every:
            return bool(people) and all(holds(records, facts) for records in people)
        for records in people:
            if holds(records, facts):
                return not none
        return none

    return check


def with_record(record: Record, check: Check, facts: Facts) -> bool:
    """Whether a condition on the record at hand holds."""
    before = facts.record
    facts.record = record
    try:
        return check(facts)
    finally:
        facts.record = before


def _has_attachment(node: ir.HasAttachment) -> Check:
    matcher = matcher_of(node.like, whole=True) if node.like is not None else None
    larger = node.larger

    def check(facts: Facts) -> bool:
        for attachment in facts.attachments():
            if larger is not None and attachment.size <= larger:
                continue
            found = {} if matcher is None else matcher(composed(attachment.name), text_key(attachment.name))
            if found is not None:
                facts.captures.update(found)
                return True
        return False

    return check
