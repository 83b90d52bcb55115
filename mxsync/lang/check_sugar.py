"""Sugar, rewritten to the core: `category 'X'`, `from domain 'Y'`, `is private`, `has attachment`, `mentions …`."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from mxsync.lang import ast, check_conditions, ir, messages_names, messages_types
from mxsync.lang.check_values import template_of, value
from mxsync.lang.compile_parts import email_field
from mxsync.lang.environment import EntityInfo
from mxsync.lang.ir import Op, Quantifier, Root, Type, Whom
from mxsync.lang.paths import entity_of, field_of, resolve
from mxsync.lang.scope import Scope
from mxsync.lang.source import Span
from mxsync.lang.types import Place, describe, is_address
from mxsync.lang.vocabulary import ADJECTIVES, FACTS, HAS_FACTS, ROLES, SENSITIVITIES, fields_of, kinds_with
from mxsync.model.item import Kind

Sugar: TypeAlias = ast.Category | ast.Person | ast.Is | ast.IsReply | ast.HasAttachment | ast.Has | ast.Mentions
_WRITTEN = (Kind.MAIL, Kind.POST)


def item_path(name: str, type_: Type, span: Span, many: bool = False) -> ir.Path:
    """A path to a field of the item that sugar means."""
    steps = tuple(name.split("."))
    return ir.Path(Root.ITEM, steps, type_, many, "", "", name, span)


def first_word(span: Span, word: str) -> Span:
    """The stretch of a word at the beginning of a span."""
    return Span(span.file, span.line, span.column, span.line, span.column + len(word))


def rewritten(scope: Scope, node: Sugar) -> ir.Condition | None:
    """The core that a sugar word stands for."""
    text, span = scope.text(node.span), node.span
    match node:
        case ast.Category():
            return _category(scope, node, text)
        case ast.Person():
            return _person(scope, node, text)
        case ast.Is():
            if not _can_be(scope, node.word, span):
                return None
            core = adjective(node.word, text, span)
            return ir.Not(core, text, span) if node.negated else core
        case ast.IsReply():
            return _is_reply(scope, node, text)
        case ast.HasAttachment():
            pattern = None
            if node.like is not None:
                pattern = check_conditions.like(scope, node.like)
                if pattern is None:
                    return None
                scope.captures.update(dict.fromkeys(pattern.captures, span))
            return ir.HasAttachment(pattern, node.larger.bytes if node.larger is not None else None, text, span)
        case ast.Has():
            return ir.Is(HAS_FACTS[node.word], text, span)
        case ast.Mentions():
            return _mentions(scope, node, text)
        case _:
            assert_never(node)


def _category(scope: Scope, node: ast.Category, text: str) -> ir.Condition | None:
    path = item_path("categories", Type.TEXT, node.span, many=True)
    place = Place(Type.TEXT, text="category")
    match node.form, node.value:
        case "like", ast.Text() as written:
            pattern = check_conditions.like(scope, written)
            if pattern is None:
                return None
            scope.captures.update(dict.fromkeys(pattern.captures, node.span))
            return ir.Compare(Quantifier.ANY, path, Op.LIKE, (), pattern, False, text, node.span)
        case _, ast.Text() as written:
            right = value(scope, written, place)
            return None if right is None else _equal(path, right, text, node.span)
        case _, chosen:
            values = check_conditions.choices(scope, chosen, place, "")
            if values is None:
                return None
            return ir.Compare(Quantifier.ANY, path, Op.IN, values, None, False, text, node.span)


def _equal(path: ir.Path, right: ir.Expr, text: str, span: Span) -> ir.Compare:
    return ir.Compare(Quantifier.ANY, path, Op.EQ, (right,), None, False, text, span)


def _role_path(scope: Scope, role: str, span: Span) -> ir.Path | None:
    """The people that a sugar word means, reported where such items have none."""
    field = ROLES[role]
    word = fields_of(scope.kinds).get(field)
    if word is None:
        subject = messages_types.subject_of(sorted(scope.kinds))
        at = first_word(span, role)
        scope.report.add(messages_names.field_of_other_kind(at, role, subject, kinds_with(field)))
        return None
    return item_path(field, Type.PERSON, span, word.many)


def _person(scope: Scope, node: ast.Person, text: str) -> ir.Condition | None:
    people = _role_path(scope, node.role, node.span)
    if people is None:
        return None
    path = people
    if node.domain:
        path = item_path(f"{people.steps[0]}.domain", Type.TEXT, node.span, people.many)
    match node.form, node.value:
        case "like", ast.Text() as written:
            pattern = check_conditions.like(scope, written)
            if pattern is None:
                return None
            scope.captures.update(dict.fromkeys(pattern.captures, node.span))
            return ir.Compare(Quantifier.ANY, path, Op.LIKE, (), pattern, False, text, node.span)
        case _, ast.Text() as written:
            right = _who(scope, node, written)
            if right is None:
                return None
            op = Op.IN_DOMAIN if node.domain else Op.EQ
            return ir.Compare(Quantifier.ANY, path, op, (right,), None, False, text, node.span)
        case _, ast.Name() as name:
            values = _who_in(scope, node, name)
        case _, chosen:
            assert isinstance(chosen, ast.Values)
            found = [_who(scope, node, item) for item in chosen.items]
            good = tuple(each for each in found if each is not None)
            values = good if len(good) == len(found) else None
    if values is None:
        return None
    op = Op.IN_DOMAIN if node.domain else Op.IN
    return ir.Compare(Quantifier.ANY, path, op, values, None, False, text, node.span)


def _who(scope: Scope, node: ast.Person, written: ast.Value) -> ir.Expr | None:
    """One address, or one domain."""
    if not isinstance(written, ast.Text):
        return value(scope, written, Place(Type.PERSON if not node.domain else Type.TEXT, text=node.role))
    template = template_of(scope, written)
    if template is None:
        return None
    if len(template.parts) != 1 or not isinstance(template.parts[0], str):
        return template if template.parts else _not_one(scope, node, written)
    text = template.parts[0]
    if ("@" in text) is node.domain or text.startswith("@"):
        return _not_one(scope, node, written)
    return ir.Constant(text.lower() if node.domain else text)


def _not_one(scope: Scope, node: ast.Person, written: ast.Text) -> ir.Expr | None:
    if node.domain:
        scope.report.add(messages_types.not_a_domain(written.span, written.text))
    else:
        scope.report.add(messages_types.not_an_address(written.span, written.text, node.role))
    return None


def _who_in(scope: Scope, node: ast.Person, name: ast.Name) -> tuple[ir.Expr, ...] | None:
    found = check_conditions.list_values(scope, name)
    if found is None:
        return None
    texts, constants = found
    if texts and not node.domain and not any("@" in text for text in texts):
        instead = f"{node.role} domain in {name.text}"
        scope.report.add(messages_types.list_of_others(name.span, name.text, "no addresses", instead))
        return None
    if texts and node.domain and all("@" in text for text in texts):
        instead = f"{node.role} in {name.text}"
        scope.report.add(messages_types.list_of_others(name.span, name.text, "addresses, not domains", instead))
        return None
    return constants


def _can_be(scope: Scope, word: str, span: Span) -> bool:
    kinds = ADJECTIVES[word]
    if not scope.kinds.isdisjoint(kinds):
        return True
    subject = messages_types.subject_of(sorted(scope.kinds))
    scope.report.add(messages_types.never_so(span, word, subject, sorted(kinds)))
    return False


def adjective(word: str, text: str, span: Span) -> ir.Condition:
    """`is WORD` as core. Completed is what has the day or the status; a meeting is what has attendees."""
    if word in SENSITIVITIES:
        of = _equal(item_path("sensitivity", Type.TEXT, span), ir.Constant(word), text, span)
        category = _equal(item_path("categories", Type.TEXT, span, many=True), ir.Constant(word), text, span)
        return ir.Or((of, category), text, span)
    if word in ("sent", "received"):
        return _equal(item_path("direction", Type.TEXT, span), ir.Constant(word), text, span)
    if word in ("read", "flagged", "all_day", "cancelled"):
        return _equal(item_path(word, Type.BOOLEAN, span), ir.Constant(True), text, span)
    if word == "recurring":
        return _exists(item_path("recurrence", Type.TEXT, span), text, span)
    if word == "meeting":
        return _exists(item_path("attendees", Type.PERSON, span, many=True), text, span)
    if word == "completed":
        day = _exists(item_path("completed", Type.MOMENT, span), text, span)
        status = _equal(item_path("status", Type.TEXT, span), ir.Constant("completed"), text, span)
        return ir.Or((day, status), text, span)
    return ir.Is(FACTS[word], text, span)


def _exists(path: ir.Path, text: str, span: Span) -> ir.Compare:
    return ir.Compare(Quantifier.ANY, path, Op.EMPTY, (), None, True, text, span)


def _is_reply(scope: Scope, node: ast.IsReply, text: str) -> ir.Condition | None:
    info = entity_of(scope, node.entity)
    if info is None:
        return None
    if scope.kinds.isdisjoint(_WRITTEN):
        subject = messages_types.subject_of(sorted(scope.kinds))
        scope.report.add(messages_types.never_so(node.span, "reply", subject, _WRITTEN))
        return None
    if info.entity.kind not in _WRITTEN:
        scope.report.add(messages_types.no_mail(node.entity.span, node.entity.text))
        return None
    core = ir.IsReply(info.entity.name, text, node.span)
    return ir.Not(core, text, node.span) if node.negated else core


def _mentions(scope: Scope, node: ast.Mentions, text: str) -> ir.Condition | None:
    info = entity_of(scope, node.entity)
    if info is None:
        return None
    if node.by is not None:
        found = field_of(scope, info, node.by)
        return None if found is None else ir.Mentions(info.entity.name, found[0], text, node.span)
    field = email_field(info.entity)
    if not field:
        if not info.broken:
            example = _example(info)
            scope.report.add(messages_types.mentions_unnamed(node.entity.span, node.entity.text, example))
        return None
    return ir.Mentions(info.entity.name, field, text, node.span)


def _example(info: EntityInfo) -> str:
    names = [name for name, place in info.places.items() if place.type in (Type.TEXT, Type.ANY)]
    return "name" if "name" in names or not names else names[0]


def whom(scope: Scope, node: ast.Known, info: EntityInfo) -> tuple[Whom, ir.Path | None] | None:
    """Whose record `is known` asks for."""
    if node.role:
        path = _role_path(scope, node.role, node.span)
        return None if path is None else (Whom.PATH, path)
    if node.path is not None:
        found = resolve(scope, node.path)
        if found is None:
            return None
        if not is_address(found.path):
            said = messages_types.nobody_known(node.path.span, node.path.text, describe(found.place))
            scope.report.add(said)
            return None
        return Whom.PATH, found.path
    entity = info.entity
    if entity.kind is not None and entity.kind in scope.kinds and not entity.part:
        return Whom.OWN_ROW, None
    if not entity.part and not email_field(entity) and "domain" not in entity.fields and not info.broken:
        scope.report.add(messages_types.no_addresses(node.entity.span, node.entity.text, _example(info)))
        return None
    return Whom.ANYONE, None
