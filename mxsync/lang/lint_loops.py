"""Rules that would never come to rest: what they create, or write, makes them fire again. These are errors.

Only what is certain counts: a rule whose condition cannot hold for what is created breaks the circle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mxsync.lang import ir, messages_rules
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.ir import Op, Root
from mxsync.lang.lint_conditions import Limits, constant_key, path_key
from mxsync.lang.lint_facts import RuleFacts
from mxsync.model.item import Kind
from mxsync.model.record import Direction, Entity


@dataclass(frozen=True, slots=True)
class _Creation:
    rule: ir.Rule
    action: ir.CreateRecord


def loops(program: ir.Program, facts: Mapping[int, RuleFacts]) -> list[Diagnostic]:
    """One error for each rule that is part of a circle. `facts` by a rule's order."""
    return [*_creations(program, facts), *_updates(program.rules, facts)]


# ------------------------------------------------------------------ rows that make rows


def _creations(program: ir.Program, facts: Mapping[int, RuleFacts]) -> Iterator[Diagnostic]:
    made = [
        _Creation(rule, action)
        for rule in program.rules
        if rule.event in ("", "created")
        for action in rule.actions
        if isinstance(action, ir.CreateRecord)
    ]
    if not made:
        return
    by_row: dict[str, list[_Creation]] = defaultdict(list)
    by_kind: dict[Kind, list[_Creation]] = defaultdict(list)
    for each in made:
        if each.rule.row_of:
            by_row[each.rule.row_of].append(each)
        for kind in each.rule.kinds:
            by_kind[kind].append(each)
    synced = {
        sync.entity
        for sync in program.syncs
        if (sync.into_left is not None and sync.left.folder) or (sync.into_right is not None and sync.right.folder)
    }
    following: dict[int, list[_Creation]] = {}
    for each in made:
        entity = program.entities[each.action.entity]
        next_ = [other for other in by_row.get(entity.name, ()) if _fires_for_row(other.rule, facts, each.action)]
        if entity.name in synced and entity.kind is not None:
            next_ += [
                other
                for other in by_kind.get(entity.kind, ())
                if _fires_for_item(other.rule, facts, each.action, entity)
            ]
        following[id(each)] = next_
    yield from _circles(made, following)


def _circles(made: list[_Creation], following: Mapping[int, list[_Creation]]) -> Iterator[Diagnostic]:
    """A walk over what follows from what; a creation met again on the way closes a circle."""
    done: set[int] = set()
    said: set[int] = set()
    for start in made:
        way: list[_Creation] = []
        on_way: dict[int, int] = {}
        stack: list[tuple[_Creation, Iterator[_Creation]]] = []
        if id(start) in done:
            continue
        stack.append((start, iter(following[id(start)])))
        way.append(start)
        on_way[id(start)] = 0
        while stack:
            current, rest = stack[-1]
            after = next(rest, None)
            if after is None:
                stack.pop()
                way.pop()
                del on_way[id(current)]
                done.add(id(current))
            elif id(after) in on_way:
                circle = way[on_way[id(after)] :]
                if after.rule.order not in said:
                    said.add(after.rule.order)
                    yield messages_rules.creates_itself(
                        after.action.span, [f"`{each.action.entity}`" for each in (*circle, after)]
                    )
            elif id(after) not in done:
                stack.append((after, iter(following[id(after)])))
                on_way[id(after)] = len(way)
                way.append(after)


def _fires_for_row(rule: ir.Rule, facts: Mapping[int, RuleFacts], action: ir.CreateRecord) -> bool:
    return _may_hold(facts[rule.order], {assign.field: assign.value for assign in action.assigns}, Root.RECORD, None)


def _fires_for_item(rule: ir.Rule, facts: Mapping[int, RuleFacts], action: ir.CreateRecord, entity: Entity) -> bool:
    """Whether the item that comes of a new row can match: it has what the entity maps onto items, and no more."""
    mapped = {
        name.partition(".")[0]
        for name, field in entity.fields.items()
        if field.direction in (Direction.BOTH, Direction.TO_ITEM)
    }
    return _may_hold(facts[rule.order], {assign.field: assign.value for assign in action.assigns}, Root.ITEM, mapped)


def _may_hold(facts: RuleFacts, values: Mapping[str, ir.Expr], root: Root, there: set[str] | None) -> bool:
    """Whether the condition can hold for something new with these values, empty in what `there` does not name."""
    if _limits_forbid(facts, values, root):
        return False
    for part in facts.parts:
        match part:
            case ir.Compare():
                if part.op is Op.CHANGED and part.quantifier is not ir.Quantifier.NONE:
                    return False
                positive = not part.negated and part.quantifier is not ir.Quantifier.NONE and part.op is not Op.EMPTY
                asked = positive or (part.op is Op.EMPTY and part.negated)
                if there is not None and asked and part.path.root in (Root.ITEM, Root.CUSTOM):
                    name = part.path.steps[0] if part.path.root is Root.ITEM else "custom"
                    if name not in there and name not in values:
                        return False
            case ir.Known() | ir.HasAttachment() | ir.IsReply() | ir.Is() if there is not None:
                return False  # nobody is on what a row becomes, and nothing is attached to it
            case _:
                continue
    return True


def _limits_forbid(facts: RuleFacts, values: Mapping[str, ir.Expr], root: Root) -> bool:
    limits = facts.limits
    for part in facts.parts:
        if not isinstance(part, ir.Compare) or part.path.root is not root or len(part.path.steps) != 1:
            continue
        given = values.get(part.path.steps[0])
        if given is None:
            continue
        value = constant_key(part.path, given)
        limit = limits.get(path_key(part.path))
        if value is not None and limit is not None and _forbids(limit, value):
            return True
        if value is not None and part.op in (Op.CONTAINS, Op.STARTS, Op.ENDS) and not _inside(part, value):
            return True
    return False


def _forbids(limit: Limits, value: str) -> bool:
    return (limit.allowed is not None and limit.single and value not in limit.allowed) or value in limit.excluded


def _inside(part: ir.Compare, value: str) -> bool:
    """Whether a constant text can hold what is looked for in it."""
    if part.negated or part.quantifier is ir.Quantifier.NONE:
        return True
    keys = [constant_key(part.path, each) for each in part.values]
    return any(each is None or each in value for each in keys)


# ------------------------------------------------------------------ rows set back and forth


def _updates(rules: Sequence[ir.Rule], facts: Mapping[int, RuleFacts]) -> Iterator[Diagnostic]:
    """Two rules on rows of one entity that set one field to each other's condition."""
    steps: dict[tuple[str, str], dict[str, list[tuple[str, ir.Rule, ir.Assign]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for rule in rules:
        if not rule.row_of or rule.event in ("created", "deleted"):
            continue
        limits = facts[rule.order].limits
        for action in rule.actions:
            if not isinstance(action, ir.Set):
                continue
            for assign in action.assigns:
                path = ir.Path(Root.RECORD, (assign.field,), ir.Type.ANY, entity=rule.row_of)
                limit = limits.get(path_key(path))
                goal = constant_key(path, assign.value)
                if assign.entity not in ("", rule.row_of) or limit is None or not limit.allowed or goal is None:
                    continue
                for start in limit.allowed:
                    if start != goal:
                        steps[rule.row_of, assign.field][start].append((goal, rule, assign))
    said: set[int] = set()
    for by_start in steps.values():
        for start, first in by_start.items():
            for goal, rule, assign in first:
                for back, other, _ in by_start.get(goal, ()):
                    if back == start and rule.order not in said:
                        said |= {rule.order, other.order}
                        yield messages_rules.sets_itself(assign.span, assign.field, other.name)
