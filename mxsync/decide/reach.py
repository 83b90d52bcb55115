"""Which tests an edit can reach: those that a reload has to run before it puts the new rules in force."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass

from mxsync.lang import ir
from mxsync.lang.source import Span
from mxsync.model.item import Kind


def tests_reached(old: ir.Program | None, new: ir.Program) -> tuple[ir.Test, ...]:
    """The tests of `new` whose outcome an edit may have changed; all of them without `old`.

    A test is reached when it is itself new or changed, or when anything that could act on what it gives has
    changed: an entity, or a rule about one of its kinds of item (a changed list is a changed rule where a rule
    uses it). A rule that only moved, or whose comment changed, reaches nothing.
    """
    if old is None or old.entities != new.entities or old.parts != new.parts or old.own != new.own:
        return new.tests
    changed = _changed_kinds(old, new) if old.digest != new.digest else frozenset()
    before = {_meaning(test) for test in old.tests}
    return tuple(test for test in new.tests if _meaning(test) not in before or changed & _kinds(test))


def _changed_kinds(old: ir.Program, new: ir.Program) -> frozenset[Kind]:
    """The kinds of item about which a rule has come, gone, moved or changed: those of the rules between the first and
    the last that differ."""
    before, after = old.rules, new.rules
    first, most = 0, min(len(before), len(after))
    while first < most and _same(before[first], after[first]):
        first += 1
    last = 0
    while last < most - first and _same(before[-1 - last], after[-1 - last]):
        last += 1
    between = (*before[first : len(before) - last], *after[first : len(after) - last])
    return frozenset(kind for rule in between for kind in rule.kinds)


def _same(one: ir.Rule, other: ir.Rule) -> bool:
    if one is other:
        return True
    # A reload keeps what it did not touch: most rules are told apart by the objects that they hold.
    if one.condition is other.condition and one.actions is other.actions:
        return _head(one) == _head(other)
    return _head(one) == _head(other) and _meaning(one.condition) == _meaning(other.condition) and (
        _meaning(one.actions) == _meaning(other.actions)
    )  # fmt: skip


def _head(rule: ir.Rule) -> tuple[object, ...]:
    name = "" if rule.name == f"{rule.file}:{rule.line}" else rule.name
    return name, rule.priority, rule.kinds, rule.row_of, rule.event, rule.users, rule.folders, rule.public


def _kinds(test: ir.Test) -> frozenset[Kind]:
    things = (thing for given in test.givens for thing in given.things)
    kinds = frozenset(thing.kind for thing in things if isinstance(thing, ir.GivenItem))
    return kinds or frozenset(Kind)


_PLACE = frozenset({"span", "line", "order", "text"})


def _meaning(value: object) -> object:
    """A part of a program without where it stands, so that a moved rule is the same rule."""
    if isinstance(value, Span):
        return None
    if is_dataclass(value) and not isinstance(value, type):
        return (
            type(value).__name__,
            *(_meaning(getattr(value, each.name)) for each in fields(value) if each.name not in _PLACE),
        )
    if isinstance(value, Mapping):
        return tuple((key, _meaning(each)) for key, each in sorted(value.items(), key=lambda item: str(item[0])))
    if isinstance(value, (tuple, list)):
        return tuple(_meaning(each) for each in value)
    if isinstance(value, Collection) and not isinstance(value, (str, bytes)):
        return tuple(sorted(map(repr, value)))
    # yes and 1, 1 and 1.0 are equal to Python, but not to the rules.
    return type(value).__name__, value
