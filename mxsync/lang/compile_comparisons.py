"""Comparisons → closures over `Facts`. Constants are folded to keys beforehand, regular expressions are compiled once.

Regular expressions are RE2's, which is linear in the text whatever the pattern; a literal that every match must hold
is looked for first, since that is ten times cheaper.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeAlias, assert_never

from mxsync.lang import ir
from mxsync.lang.compile_facts import Facts, FactValue, Key, Slot, text_of
from mxsync.lang.compile_texts import domain_key, matcher_of, parents
from mxsync.lang.compile_values import equal, operands, order, shifted, truth
from mxsync.model.normal import text_key

Check: TypeAlias = Callable[[Facts], bool]
Test: TypeAlias = Callable[[FactValue, Facts], bool]


def constant_keys(node: ir.Compare, slot: Slot) -> frozenset[Key] | None:
    """The keys of the constants, None where the comparison cannot be made by keys alone: with yes and no (absent is
    no), with days (a moment may lie in one), with what is known only later."""
    keys: set[Key] = set()
    for value in node.values:
        if not isinstance(value, ir.Constant) or isinstance(value.value, (bool, date)):
            return None
        keys.add(slot.key(value.value))
    return frozenset(keys)


def compile_comparison(node: ir.Compare, slot: Slot) -> Check:
    """One `Compare`."""
    negated = node.negated
    match node.op:
        case ir.Op.EQ | ir.Op.IN:
            keys = constant_keys(node, slot)
            if keys is not None:
                return _by_keys(keys, slot, node.quantifier, negated)
            return _equal(node, slot)
        case ir.Op.LT | ir.Op.LE | ir.Op.GT | ir.Op.GE:
            return _quantified(_ordered(node, slot), slot, node.quantifier, negated)
        case ir.Op.CONTAINS | ir.Op.STARTS | ir.Op.ENDS:
            return _folded(node, slot)
        case ir.Op.LIKE | ir.Op.MATCHES:
            return _pattern(node, slot)
        case ir.Op.EMPTY:
            wanted = (node.quantifier is ir.Quantifier.NONE) is negated
            return lambda facts: (not facts.values(slot)) is wanted
        case ir.Op.CHANGED:
            wanted = (node.quantifier is ir.Quantifier.NONE) is negated
            return lambda facts: facts.changed(slot) is wanted
        case ir.Op.WITHIN_LAST | ir.Op.WITHIN_NEXT:
            return _quantified(_within(node), slot, node.quantifier, negated)
        case ir.Op.IN_DOMAIN:
            return _quantified(_in_domain(node, slot), slot, node.quantifier, negated)
        case _:
            assert_never(node.op)


def _by_keys(wanted: frozenset[Key], slot: Slot, quantifier: ir.Quantifier, negated: bool) -> Check:
    match quantifier, negated:
        case ir.Quantifier.ANY, False:
            if len(wanted) == 1:
                (single,) = wanted
                return lambda facts: single in facts.keys(slot)
            return lambda facts: not wanted.isdisjoint(facts.keys(slot))
        case ir.Quantifier.NONE, False:
            return lambda facts: wanted.isdisjoint(facts.keys(slot))
        case ir.Quantifier.ALL, False:
            return lambda facts: bool(keys := facts.keys(slot)) and keys <= wanted
        case ir.Quantifier.ANY, True:
            return lambda facts: not facts.keys(slot) <= wanted
        case ir.Quantifier.NONE, True:
            return lambda facts: facts.keys(slot) <= wanted
        case _:
            return lambda facts: bool(keys := facts.keys(slot)) and wanted.isdisjoint(keys)


def _equal(node: ir.Compare, slot: Slot) -> Check:
    expressions = node.values
    constants = [each.value for each in expressions if isinstance(each, ir.Constant)]

    def is_so(value: FactValue, facts: Facts) -> bool:
        return truth(value) is constants[0]

    def is_equal(value: FactValue, facts: Facts) -> bool:
        zone = facts.zone
        return any(
            equal(slot, value, other, zone) for expression in expressions for other in operands(expression, slot, facts)
        )

    # A column or field of yes and no that is empty is no, and a text that is empty equals ''.
    no = any(value is False for value in constants)
    empty = "" in constants
    test = is_so if len(expressions) == 1 and constants and isinstance(constants[0], bool) else is_equal
    return _quantified(test, slot, node.quantifier, node.negated, absent=no or empty)


def _ordered(node: ir.Compare, slot: Slot) -> Test:
    (expression,) = node.values
    wanted = {
        ir.Op.LT: frozenset({-1}),
        ir.Op.LE: frozenset({-1, 0}),
        ir.Op.GT: frozenset({1}),
        ir.Op.GE: frozenset({0, 1}),
    }[node.op]
    if isinstance(expression, ir.Constant):
        constant = expression.value
        return lambda value, facts: order(value, constant, facts.zone) in wanted

    def test(value: FactValue, facts: Facts) -> bool:
        return any(order(value, other, facts.zone) in wanted for other in operands(expression, slot, facts))

    return test


def _folded(node: ir.Compare, slot: Slot) -> Check:
    holds = {ir.Op.CONTAINS: str.__contains__, ir.Op.STARTS: str.startswith, ir.Op.ENDS: str.endswith}[node.op]
    constants = [text_key(text_of(each.value)) for each in node.values if isinstance(each, ir.Constant)]
    expressions = [each for each in node.values if not isinstance(each, ir.Constant)]

    def test(text: str, facts: Facts) -> bool:
        if any(holds(text, constant) for constant in constants):
            return True
        return any(
            holds(text, text_key(text_of(other)))
            for expression in expressions
            for other in operands(expression, slot, facts)
        )

    return _quantified(test, slot, node.quantifier, node.negated, source=lambda facts: facts.folded(slot))


def _pattern(node: ir.Compare, slot: Slot) -> Check:
    pattern = node.pattern
    if pattern is None:
        return lambda facts: False
    matcher = matcher_of(pattern, whole=node.op is ir.Op.LIKE)

    def test(texts: tuple[str, str], facts: Facts) -> bool:
        found = matcher(*texts)
        if found is None:
            return False
        facts.captures.update(found)
        return True

    def source(facts: Facts) -> Sequence[tuple[str, str]]:
        return tuple(zip(facts.texts(slot), facts.folded(slot), strict=True))

    return _quantified(test, slot, node.quantifier, node.negated, source=source)


def _within(node: ir.Compare) -> Test:
    (expression,) = node.values
    last = node.op is ir.Op.WITHIN_LAST
    count, unit = (expression.count, expression.unit) if isinstance(expression, ir.Offset) else (0, "day")
    count = -abs(count) if last else abs(count)

    def test(value: FactValue, facts: Facts) -> bool:
        if not isinstance(value, date):
            return False
        limit = shifted(facts.now, count, unit, facts.zone)
        early, late = (limit, facts.now) if last else (facts.now, limit)
        return (order(early, value, facts.zone) or 0) <= 0 and (order(value, late, facts.zone) or 0) <= 0

    return test


def _in_domain(node: ir.Compare, slot: Slot) -> Test:
    constants = frozenset(domain_key(each.value) for each in node.values if isinstance(each, ir.Constant))
    others = [each for each in node.values if not isinstance(each, ir.Constant)]

    def test(value: FactValue, facts: Facts) -> bool:
        wanted = constants
        if others:
            wanted |= {domain_key(other) for each in others for other in operands(each, slot, facts)}
        return any(domain in wanted for domain in parents(domain_key(value)))

    return test


def _quantified(
    test: Callable[[Any, Facts], bool],
    slot: Slot,
    quantifier: ir.Quantifier,
    negated: bool,
    *,
    absent: bool = False,
    source: Callable[[Facts], Sequence[Any]] | None = None,
) -> Check:
    """`test` over the values, or what `source` gives for them. `absent` is what a single field without a value counts
    as; an empty list has no value for which anything holds."""
    many = slot.path.many
    none = quantifier is ir.Quantifier.NONE
    every = quantifier is ir.Quantifier.ALL
    empty = none if many else (absent is not negated) is not none

    def check(facts: Facts) -> bool:
        values = source(facts) if source else facts.values(slot)
        if not values:
            return empty
        if every:
            # Backwards, so that of all that match it is the first whose captures stay.
            return all(test(value, facts) is not negated for value in reversed(values))
        for value in values:  # plain loops here and below: a generator costs as much as most tests do
            if test(value, facts) is not negated:
                return not none
        return none

    return check
