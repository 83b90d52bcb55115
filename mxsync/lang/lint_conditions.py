"""What a condition can be said to imply, without an item: keys of its parts, and the values that its fields may have.

Only what is certain is used: constants on fields of one value, and parts that are the same as others, part by part.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, TypeAlias

from mxsync.lang import ir
from mxsync.lang.ir import Op, Quantifier, Root, Type
from mxsync.lang.types import is_address
from mxsync.model.item import Address
from mxsync.model.normal import address_key, value_key

Key: TypeAlias = tuple[object, ...]
MANY_ALTERNATIVES: Final = 64
"""A condition with more alternatives than this is taken as it stands."""


def path_key(path: ir.Path) -> Key:
    """The same for two spellings of one path."""
    return (path.root._name_, path.entity, path.steps)


def constant_key(path: ir.Path, value: ir.Expr) -> str | None:
    """The normal form of a constant compared with the path; None for what is known only later."""
    if not isinstance(value, ir.Constant):
        return None
    given = value.value
    if isinstance(given, str) and is_address(path):
        return address_key(given)
    if isinstance(given, Address):
        return address_key(given.address)
    return value_key(given)


def _expression_key(path: ir.Path, value: ir.Expr) -> object:
    constant = constant_key(path, value)
    if constant is not None:
        return constant
    match value:
        case ir.Path():
            return path_key(value)
        case ir.Offset():
            return ("offset", path_key(value.base) if value.base is not None else None, value.count, value.unit)
        case ir.Template():
            return tuple(part if isinstance(part, str) else (path_key(part.path), part.format) for part in value.parts)
        case _:
            return type(value).__name__


def key(condition: ir.Condition) -> Key:
    """A value that is the same for two conditions of one meaning and one shape."""
    match condition:
        case ir.Compare():
            return _compare_key(condition)
        case ir.And():
            return ("and", frozenset(key(part) for part in condition.parts))
        case ir.Or():
            return ("or", frozenset(key(part) for part in condition.parts))
        case ir.Not():
            return opposite(condition.part, key(condition.part))
        case ir.Known():
            person = path_key(condition.path) if condition.path is not None else None
            inner = key(condition.where) if condition.where is not None else None
            whom = (condition.quantifier._name_, condition.whom._name_)
            return ("known", whom, person, condition.entity, inner)
        case ir.IsReply():
            return ("reply", condition.entity)
        case ir.HasAttachment():
            source = condition.like.regex if condition.like is not None else ""
            return ("attachment", source, condition.larger)
        case ir.Is():
            return ("is", condition.fact._name_)
        case ir.Mentions():
            return ("mentions", condition.entity, condition.field)


def _compare_key(condition: ir.Compare) -> Key:
    """(operator, quantifier, negated, path, values, pattern). Enumerations by their names: those hash in no time."""
    values = condition.values
    # `=` and `in` one value ask the same
    op = condition.op._name_ if condition.op is not Op.IN or len(values) != 1 else Op.EQ._name_
    if len(values) == 1:
        named: object = (_expression_key(condition.path, values[0]),)
    elif len(values) > MANY_ALTERNATIVES:
        named = id(values)  # the values of a list are one object
    else:
        named = frozenset(_expression_key(condition.path, value) for value in values)
    source = condition.pattern.regex if condition.pattern is not None else ""
    return (op, condition.quantifier._name_, condition.negated, path_key(condition.path), named, source)


def conjuncts(condition: ir.Condition | None) -> list[ir.Condition]:
    """The parts that must all hold."""
    if condition is None:
        return []
    if isinstance(condition, ir.And):
        return [each for part in condition.parts for each in conjuncts(part)]
    if isinstance(condition, ir.Not) and isinstance(condition.part, ir.Or):
        return [each for part in condition.part.parts for each in conjuncts(_negated(part))]
    return [condition]


def _negated(condition: ir.Condition) -> ir.Condition:
    return condition.part if isinstance(condition, ir.Not) else ir.Not(condition, condition.text, condition.span)


def opposite(condition: ir.Condition, own: Key) -> Key:
    """The key of the condition that holds when this one does not, as far as it has one of its own; `own` is its key."""
    match condition:
        case ir.Not():
            return key(condition.part)
        case ir.Compare(op=Op.EMPTY):
            return (*own[:2], not condition.negated, *own[3:])
        case ir.Compare(negated=False, quantifier=Quantifier.ANY):
            return (own[0], Quantifier.NONE._name_, *own[2:])
        case ir.Compare(negated=False, quantifier=Quantifier.NONE):
            return (own[0], Quantifier.ANY._name_, *own[2:])
        case _:
            return ("not", own)


@dataclass(slots=True)
class Limits:
    """What a conjunction says of one path. `allowed` None for anything; `low` and `high` are bounds with whether the
    bound itself is in; `said` is the part that limited it first, for the message."""

    single: bool
    allowed: frozenset[str] | None = None
    excluded: frozenset[str] = frozenset()
    empty: bool | None = None
    low: tuple[float, bool] | None = None
    high: tuple[float, bool] | None = None
    said: list[str] = field(default_factory=list)

    def impossible(self) -> bool:
        """Whether nothing fits."""
        if self.allowed is not None:
            left = self.allowed - self.excluded
            if not left or (self.empty is True and "" not in left and "no" not in left):
                return True
            if self.empty is False and left == {""}:
                return True
        if self.low is not None and self.high is not None:
            (low, low_in), (high, high_in) = self.low, self.high
            return low > high or (low == high and not (low_in and high_in))
        return False


def number(value: object) -> float | None:
    """A number, a day or a moment as a number, for bounds; days and moments are never mixed (None)."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, date):
        return float(value.toordinal())
    return None


def limits_of(parts: list[ir.Condition]) -> tuple[dict[Key, Limits], tuple[str, str] | None]:
    """What a conjunction says of each path, and two parts that exclude each other, if there are any."""
    found: dict[Key, Limits] = {}
    for part in parts:
        negative = isinstance(part, ir.Not)
        compare = part.part if isinstance(part, ir.Not) else part
        if not isinstance(compare, ir.Compare) or (compare.negated and compare.op is not Op.EMPTY):
            continue
        if compare.path.root in (Root.ENTITY, Root.CAPTURE) or compare.quantifier is Quantifier.ALL:
            continue
        where = path_key(compare.path)
        limits = found.get(where)
        if limits is None:
            limits = found[where] = Limits(single=not compare.path.many)
        before = limits.said[-1] if limits.said else None
        if not _limit(limits, compare, negative is not (compare.quantifier is Quantifier.NONE)):
            continue
        limits.said.append(part.text)
        if limits.impossible():
            return found, (before if before is not None else part.text, part.text)
    return found, None


def _is_time(value: ir.Expr) -> bool:
    """A day equals every moment in it, so two of them need not exclude each other."""
    return isinstance(value, ir.Constant) and isinstance(value.value, date)


def _limit(limits: Limits, compare: ir.Compare, negative: bool) -> bool:
    """Adds what one part says; whether it said anything."""
    match compare.op:
        case Op.EQ | Op.IN:
            keys = [constant_key(compare.path, value) for value in compare.values]
            if any(each is None for each in keys) or any(_is_time(value) for value in compare.values):
                return False
            values = frozenset(each for each in keys if each is not None)
            if negative:
                limits.excluded |= values
                return True
            if limits.single:
                limits.allowed = values if limits.allowed is None else limits.allowed & values
                return True
            # of several values one is among them: that says something only against what none may be
            limits.allowed = values if limits.allowed is None else limits.allowed | values
            return True
        case Op.EMPTY:
            empty = negative is compare.negated
            if limits.empty is not None and limits.empty is not empty:
                limits.allowed = frozenset()
            limits.empty = empty
            return True
        case Op.LT | Op.LE | Op.GT | Op.GE:
            if negative or not limits.single or not isinstance(compare.values[0], ir.Constant):
                return False
            bound = number(compare.values[0].value)
            if bound is None or (compare.path.type in (Type.DATE, Type.MOMENT)
                                 and not isinstance(compare.values[0].value, datetime)):  # fmt: skip
                return False
            inclusive = compare.op in (Op.LE, Op.GE)
            if compare.op in (Op.LT, Op.LE):
                if limits.high is None or (bound, inclusive) < limits.high:
                    limits.high = (bound, inclusive)
            elif limits.low is None or (bound, not inclusive) > (limits.low[0], not limits.low[1]):
                limits.low = (bound, inclusive)
            return True
        case _:
            return False


def contradiction(condition: ir.Condition | None) -> tuple[str, str] | None:
    """Two parts, as written, for which the condition can never hold."""
    match condition:
        case None:
            return None
        case ir.Or():
            found = [contradiction(part) for part in condition.parts]
            return found[0] if found and all(found) else None
        case ir.Compare():
            if condition.op is Op.IN and not condition.values and condition.quantifier is not Quantifier.NONE:
                return condition.text, condition.text
            return None
        case ir.And() | ir.Not():
            parts = conjuncts(condition)
            if len(parts) == 1 and isinstance(parts[0], ir.Not):
                return tautology(parts[0].part)
        case _:
            return None
    opposites: dict[Key, ir.Condition] = {}
    for part in parts:
        inner = contradiction(part) if not isinstance(part, ir.And) else None
        if inner is not None:
            return inner
        own = key(part)
        if (other := opposites.get(own)) is not None:
            return other.text, part.text
        opposites[opposite(part, own)] = part
    return limits_of(parts)[1]


def tautology(condition: ir.Condition | None) -> tuple[str, str] | None:
    """Two parts, as written, one of which always holds."""
    match condition:
        case ir.And():
            found = [tautology(part) for part in condition.parts]
            return found[0] if found and all(found) else None
        case ir.Not():
            return contradiction(condition.part)
        case ir.Compare():
            if condition.op is Op.IN and not condition.values and condition.quantifier is Quantifier.NONE:
                return condition.text, condition.text
            return None
        case ir.Or():
            pass
        case _:
            return None
    opposites: dict[Key, ir.Condition] = {}
    excluded: dict[Key, tuple[frozenset[str], str]] = {}
    for part in condition.parts:
        inner = tautology(part)
        if inner is not None:
            return inner
        own = key(part)
        if (other := opposites.get(own)) is not None:
            return other.text, part.text
        opposites[opposite(part, own)] = part
        if isinstance(part, ir.Compare) and part.quantifier is Quantifier.NONE and part.op in (Op.EQ, Op.IN):
            if not part.path.many and not part.negated:
                keys = [constant_key(part.path, value) for value in part.values]
                if all(each is not None for each in keys):
                    values = frozenset(each for each in keys if each is not None)
                    before = excluded.setdefault(path_key(part.path), (values, part.text))
                    if before[0].isdisjoint(values):
                        return before[1], part.text
    return None
