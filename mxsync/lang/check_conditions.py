"""Conditions: the core, with every operator against the type of its path. Sugar is in `check_sugar`."""

from __future__ import annotations

from typing import assert_never

from mxsync.lang import ast, check_sugar, ir, messages_names, messages_types, templates
from mxsync.lang.check_values import known_word, value
from mxsync.lang.ir import Op, Quantifier, Root, Type
from mxsync.lang.paths import Resolved, entity_of, field_of, record_path, resolve
from mxsync.lang.patterns import PatternFault, like_pattern, regex_pattern
from mxsync.lang.scope import Scope
from mxsync.lang.source import Span
from mxsync.lang.types import ORDERED, TEXTUAL, TIMES, Place, describe, takes

_QUANTIFIERS = {"": Quantifier.ANY, "any": Quantifier.ANY, "all": Quantifier.ALL, "no": Quantifier.NONE}
_ORDER = {"<": Op.LT, "<=": Op.LE, ">": Op.GT, ">=": Op.GE, "before": Op.LT, "after": Op.GT}
_INSIDE = {"contains": Op.CONTAINS, "starts with": Op.STARTS, "ends with": Op.ENDS}


def condition(scope: Scope, node: ast.Condition) -> ir.Condition | None:
    """The condition resolved; None when something in it is wrong, and that is reported."""
    match node:
        case ast.Compare():
            return _compare(scope, node)
        case ast.And() | ast.Or():
            parts = tuple(condition(scope, part) for part in node.parts)
            good = tuple(part for part in parts if part is not None)
            if len(good) < len(parts):
                return None
            kind = ir.And if isinstance(node, ast.And) else ir.Or
            return kind(good, scope.text(node.span), node.span)
        case ast.Not():
            before = dict(scope.captures)
            part = condition(scope, node.part)
            scope.captures.clear()  # what is captured under `not` is bound when the condition does not hold
            scope.captures.update(before)
            return ir.Not(part, scope.text(node.span), node.span) if part is not None else None
        case ast.Known():
            return _known(scope, node)
        case (
            ast.Category() | ast.Person() | ast.Is() | ast.IsReply() | ast.HasAttachment() | ast.Has() | ast.Mentions()
        ):
            if scope.record or scope.row:
                subject = f"a row of `{scope.record or scope.row}`"
                scope.report.add(messages_types.not_on_record(node.span, scope.text(node.span), subject))
                return None
            return check_sugar.rewritten(scope, node)
        case _:
            assert_never(node)


def where(scope: Scope, entity: str, node: ast.Condition | None) -> tuple[bool, ir.Condition | None]:
    """A `where` about records of an entity: whether it is right, and the condition."""
    if node is None:
        return True, None
    found = condition(scope.inside(entity), node)
    return found is not None, found


# ------------------------------------------------------------------ comparisons


def left_side(scope: Scope, path: ast.Path) -> Resolved | None:
    """What stands left of an operator: inside `where`, the record's field."""
    if scope.record:
        return record_path(scope, path, scope.environment.entities[scope.record])
    return resolve(scope, path)


def _quantified(node: ast.Compare | ast.Known, negative: bool) -> tuple[Quantifier, bool]:
    """A negative without a quantifier says that none is so."""
    if not node.quantifier:
        return (Quantifier.NONE if negative else Quantifier.ANY), False
    return _QUANTIFIERS[node.quantifier], negative


def _compare(scope: Scope, node: ast.Compare) -> ir.Condition | None:
    left = left_side(scope, node.path)
    if left is None:
        return None
    text, span = scope.text(node.span), node.span
    place = left.place
    match node.operator:
        case "=" | "is" | "!=" | "is not":
            if not _one_value(scope, node):
                return None
            if place.type is Type.ATTACHMENT:
                return _unfit(scope, node, place)
            right = _right(scope, node, place, compared=True)
            if right is None:
                return None
            quantifier, negated = _quantified(node, node.operator in ("!=", "is not"))
            return ir.Compare(quantifier, left.path, Op.EQ, (right,), None, negated, text, span)
        case "<" | "<=" | ">" | ">=" | "before" | "after":
            times = node.operator in ("before", "after")
            if place.codes or place.type not in (ORDERED if not times else {*TIMES, Type.ANY}):
                return _unfit(scope, node, place)
            if not _one_value(scope, node):
                return None
            right = _right(scope, node, Place(Type.MOMENT, text=place.text) if times else place, compared=True)
            if right is None:
                return None
            op = _ORDER[node.operator]
            return ir.Compare(_QUANTIFIERS[node.quantifier], left.path, op, (right,), None, False, text, span)
        case "in" | "not in":
            if place.type is Type.ATTACHMENT:
                return _unfit(scope, node, place)
            values = choices(scope, node.value, place, left.path.text)
            if values is None:
                return None
            quantifier, negated = _quantified(node, node.operator == "not in")
            return ir.Compare(quantifier, left.path, Op.IN, values, None, negated, text, span)
        case "contains" | "starts with" | "ends with":
            if place.type not in TEXTUAL:
                return _unfit(scope, node, place)
            op = _INSIDE[node.operator]
            values = _looked_for(scope, node, op, Place(Type.TEXT, text=place.text))
            if values is None:
                return None
            return ir.Compare(_QUANTIFIERS[node.quantifier], left.path, op, values, None, False, text, span)
        case "like" | "matches":
            if place.type not in TEXTUAL:
                return _unfit(scope, node, place)
            pattern = _pattern(scope, node)
            if pattern is None:
                return None
            if node.quantifier != "no":
                scope.captures.update(dict.fromkeys(pattern.captures, span))
            op = Op.LIKE if node.operator == "like" else Op.MATCHES
            return ir.Compare(_QUANTIFIERS[node.quantifier], left.path, op, (), pattern, False, text, span)
        case "is empty" | "is not empty" | "exists":
            negated = (node.operator != "is empty") is not (node.quantifier == "no")
            return ir.Compare(Quantifier.ANY, left.path, Op.EMPTY, (), None, negated, text, span)
        case "changed":
            own = left.path.root in (Root.ITEM, Root.CUSTOM) or (left.path.root is Root.RECORD and not scope.record)
            if not own or len(left.path.steps) > 1:
                scope.report.add(messages_types.never_changes(node.path.span, left.path.text))
                return None
            return ir.Compare(Quantifier.ANY, left.path, Op.CHANGED, (), None, node.quantifier == "no", text, span)
        case "within last" | "within next":
            if place.codes or place.type not in (*TIMES, Type.ANY):
                return _unfit(scope, node, place)
            last = node.operator == "within last"
            assert isinstance(node.value, ast.Duration)
            offset = ir.Offset(None, -node.value.count if last else node.value.count, node.value.unit)
            op = Op.WITHIN_LAST if last else Op.WITHIN_NEXT
            return ir.Compare(_QUANTIFIERS[node.quantifier], left.path, op, (offset,), None, False, text, span)
        case _:
            assert_never(node.operator)


def _looked_for(scope: Scope, node: ast.Compare, op: Op, place: Place) -> tuple[ir.Expr, ...] | None:
    """What is looked for in a text. After `contains` a bare word is a list, else a capture or a field."""
    written = node.value
    if op is Op.CONTAINS:
        if isinstance(written, ast.Path) and len(written.parts) == 1:
            written = written.parts[0]
        if isinstance(written, ast.Name):
            if written.text in scope.environment.lists or not known_word(scope.outside(), written.text):
                return choices(scope, written, place, "")
            written = ast.Path((written,), written.span)
        if isinstance(written, ast.Values):
            return choices(scope, written, place, "")
    elif not _one_value(scope, node):
        return None
    assert not isinstance(written, (ast.Values, ast.Regex, ast.Name)) and written is not None
    found = value(scope.outside(), written, place)
    return None if found is None else (found,)


def _unfit(scope: Scope, node: ast.Compare, place: Place) -> ir.Condition | None:
    help_ = ""
    if place.type is Type.ATTACHMENT:
        help_ = "write `has attachment`, or `has attachment like '*.pdf'`"
    elif place.type is Type.TEXT and node.operator in ("<", "<=", ">", ">=", "before", "after"):
        help_ = "only numbers and dates have an order"
    elif place.type in (*TIMES, Type.NUMBER) and node.operator not in ("before", "after", "within last", "within next"):
        help_ = "write `=`, `<` or `>`"
    scope.report.add(messages_types.operator_unfit(node.path.span, node.operator, place.text, describe(place), help_))
    return None


def _one_value(scope: Scope, node: ast.Compare) -> bool:
    if isinstance(node.value, ast.Values):
        scope.report.add(messages_types.several_values(node.value.span, node.operator))
        return False
    if isinstance(node.value, ast.Name):
        scope.report.add(messages_types.list_as_value(node.value.span, node.value.text))
        return False
    return True


def _right(scope: Scope, node: ast.Compare, place: Place, *, compared: bool) -> ir.Expr | None:
    written = node.value
    assert written is not None and not isinstance(written, (ast.Values, ast.Regex, ast.Name))
    if isinstance(written, ast.Path) and len(written.parts) == 1:
        word = written.text
        if word in scope.environment.lists and not known_word(scope.outside(), word):
            scope.report.add(messages_types.list_as_value(written.span, word))
            return None
    return value(scope.outside(), written, place, compared=compared)


def choices(
    scope: Scope, written: ast.Value | ast.Values | ast.Regex | ast.Name | None, place: Place, field: str
) -> tuple[ir.Expr, ...] | None:
    """The values after `in`, or after `contains`: a list's, or those in parentheses. `field` '' where parts of texts
    are compared, so that an address need not be whole."""
    if isinstance(written, ast.Name):
        found = list_values(scope, written)
        if found is None:
            return None
        if not takes(place, Type.TEXT):
            said = messages_types.wrong_type(written.span, place.text, describe(place), "a list of texts")
            scope.report.add(said)
            return None
        whole = field and place.type is Type.PERSON
        if whole and found[0] and not any("@" in text for text in found[0]):
            said = messages_types.list_of_others(
                written.span, written.text, "no addresses", f"{field}.domain in {written.text}"
            )
            scope.report.add(said)
            return None
        return found[1]
    assert isinstance(written, ast.Values)
    outside = scope.outside()
    values = [value(outside, item, place, compared=bool(field)) for item in written.items]
    good = tuple(each for each in values if each is not None)
    return good if len(good) == len(values) else None


def list_values(scope: Scope, name: ast.Name, instead: str = "") -> tuple[tuple[str, ...], tuple[ir.Expr, ...]] | None:
    """The values of the list that a name means, reported when there is none."""
    found = scope.environment.list_called(name.text)
    if found is None:
        if not scope.environment.silent(name.text):
            scope.report.add(messages_names.unknown_list(name.span, name.text, scope.environment.lists, instead))
        return None
    return found.values, found.constants


def _pattern(scope: Scope, node: ast.Compare) -> ir.Pattern | None:
    if isinstance(node.value, ast.Regex):
        found = regex_pattern(node.value.pattern)
        if isinstance(found, PatternFault):
            scope.report.add(messages_types.regex_refused(node.value.span, found.message, found.help))
            return None
        return found
    assert isinstance(node.value, ast.Text)
    return like(scope, node.value)


def like(scope: Scope, text: ast.Text) -> ir.Pattern | None:
    """A `like` pattern."""
    found = like_pattern(text.text)
    if isinstance(found, PatternFault):
        span = templates.place_in(text, scope.written.raw(text.span), found.at, found.at + found.length)
        scope.report.add(messages_types.pattern_fault(span, found.message, found.help))
        return None
    return found


# ------------------------------------------------------------------ known


def _known(scope: Scope, node: ast.Known) -> ir.Condition | None:
    info = entity_of(scope, node.entity)
    if info is None:
        return None
    if scope.record or scope.row:
        scope.report.add(messages_types.known_in_row(node.span, scope.record or scope.row))
        return None
    found = check_sugar.whom(scope, node, info)
    if found is None:
        return None
    whom, path = found
    good, record = where(scope, info.entity.name, node.where)
    if not good:
        return None
    text, span, name = scope.text(node.span), node.span, info.entity.name
    quantifier, negated = _quantified(node, node.negated)
    if not negated:
        return ir.Known(quantifier, whom, path, name, record, text, span)
    # with a quantifier a negative speaks of each person; an empty list has no one who is not known
    everyone = ir.Known(Quantifier.ALL, whom, path, name, record, text, span)
    nobody = ir.Known(Quantifier.NONE, whom, path, name, record, text, span)
    there = _anyone(path, text, span)
    match quantifier:
        case Quantifier.ANY:
            return ir.And((there, ir.Not(everyone, text, span)), text, span)
        case Quantifier.ALL:
            return ir.And((there, nobody), text, span)
        case Quantifier.NONE:
            return ir.Or((ir.Not(there, text, span), everyone), text, span)
        case _:
            assert_never(quantifier)


def _anyone(path: ir.Path | None, text: str, span: Span) -> ir.Condition:
    """That there is anybody on the item."""
    people = path or ir.Path(Root.ITEM, ("correspondents",), Type.PERSON, True, text="correspondents", span=span)
    return ir.Compare(Quantifier.ANY, people, Op.EMPTY, (), None, True, text, span)


__all__ = ["choices", "condition", "field_of", "like", "list_values", "where"]
