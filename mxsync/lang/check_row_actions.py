"""Actions on rows: the entity that they write, whether they may, and the values of its fields."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mxsync.lang import ast, ir, messages_names, messages_rules, messages_types
from mxsync.lang.check_values import value
from mxsync.lang.environment import EntityInfo
from mxsync.lang.ir import Type
from mxsync.lang.paths import entity_of, field_of, unknown_field
from mxsync.lang.scope import Scope
from mxsync.lang.source import Span
from mxsync.lang.templates import position
from mxsync.lang.types import Place
from mxsync.lang.vocabulary import ENTITY_OF_KIND, kinds_with

_CONTACT_SOURCES = ("signature", "header")
_COMPANY_SOURCES = ("domain", "signature")


def assigns(scope: Scope, info: EntityInfo, nodes: Iterable[ast.Assign], entity: str) -> tuple[ir.Assign, ...] | None:
    """`F = V, …` into the fields of an entity."""
    done: list[ir.Assign] = []
    good = True
    for node in nodes:
        found = field_of(scope, info, node.path)
        made = None if found is None else value(scope, node.value, found[1])
        if found is None or made is None:
            good = False
            continue
        if any(each.field == found[0] for each in done):
            scope.report.add(messages_rules.set_twice(node.path.span, node.path.text))
            good = False
        done.append(ir.Assign(entity, found[0], made, node.span))
    return tuple(done) if good else None


def create(scope: Scope, node: ast.Create) -> ir.Action | None:
    """`create`: contacts, companies, or a row of any other entity; None once something is reported."""
    info = entity_of(scope, node.entity, created=True)
    if info is None:
        return None
    name, part, report = info.entity.name, info.entity.part, scope.report
    if node.linked_to is not None and not scope.test:
        report.add(messages_rules.linked_to_in_rule(node.linked_to.span))
        return None
    contact, company = part == "contact" and not scope.row, part == "company" and not scope.row
    allowed = _CONTACT_SOURCES if contact else _COMPANY_SOURCES if company else ()
    if node.source and node.source not in allowed:
        report.add(
            messages_rules.source_unfit(_word(scope, node.span, node.source), node.entity.text, node.source, allowed)
        )
        return None
    if node.people and not contact:
        report.add(messages_rules.people_unfit(_word(scope, node.span, node.people), node.entity.text, node.people))
        return None
    values = assigns(scope, info, node.assigns, name)
    if values is None:
        return None
    if contact:
        people = ir.People(node.people) if node.people else ir.People.CORRESPONDENTS
        return ir.CreateContacts(name, people, ir.Source(node.source), values, node.span)
    if company:
        return ir.CreateCompanies(name, ir.Source(node.source), values, node.span)
    return ir.CreateRecord(name, values, node.span)


def update(scope: Scope, node: ast.UpdateFrom) -> ir.Action | None:
    """`update contact from signature`; None once something is reported."""
    if scope.row:
        scope.report.add(messages_rules.not_for_rows(node.span, "update … from signature"))
        return None
    info = entity_of(scope, node.entity)
    if info is None:
        return None
    part, report = info.entity.part, scope.report
    if part != "contact" or node.source != "signature":
        report.add(messages_rules.update_unfit(node.span, node.entity.text, node.source, contact=part == "contact"))
        return None
    signed = kinds_with("sender")
    if not scope.test and scope.kinds.isdisjoint(signed):
        subject = messages_types.subject_of(sorted(scope.kinds))
        report.add(messages_rules.not_for_kind(node.span, "update contact from signature", subject, signed))
        return None
    return ir.UpdateContacts(info.entity.name, node.span)


def _word(scope: Scope, span: Span, word: str) -> Span:
    """Where a word stands within a span."""
    raw = scope.written.raw(span)
    found = re.search(rf"\b(?:from|for)\s+({word})\b", raw)
    return position(span, raw, found.start(1), found.end(1)) if found is not None else span


def own_entity(scope: Scope, span: Span) -> EntityInfo | None:
    """The entity of the item's own row. None without a report where the rule is about several kinds."""
    environment = scope.environment
    if scope.own:
        return environment.entities.get(scope.own)
    if len(scope.kinds) != 1:
        return None
    (kind,) = scope.kinds
    names = environment.standing_for(kind)
    if len(names) > 1:
        scope.report.add(messages_rules.several_own_entities(span, kind.value, names))
    elif not environment.silent(ENTITY_OF_KIND[kind]):
        scope.report.add(messages_rules.no_own_entity(span, kind.value, ENTITY_OF_KIND[kind]))
    return None


def save(scope: Scope, node: ast.Save) -> ir.Action | None:
    """`save`: the item's own row; None once something is reported."""
    if scope.row:
        scope.report.add(messages_rules.not_for_rows(node.span, "save"))
        return None
    if node.entity is not None:
        info = entity_of(scope, node.entity)
    else:
        info = own_entity(scope, node.span)
        if info is None and len(scope.kinds) > 1 and not node.assigns:
            return ir.Save("", False, (), node.span)
    if info is None:
        return None
    values = assigns(scope, info, node.assigns, info.entity.name)
    if values is None:
        return None
    own = {scope.environment.own.get(kind) for kind in scope.kinds}
    return ir.Save(info.entity.name, info.entity.name not in own, values, node.span)


def set_fields(scope: Scope, node: ast.Set) -> ir.Action | None:
    """`set`: fields of the item's own row, or of the entity named before them; None once something is reported."""
    made = [_set_one(scope, each) for each in node.assigns]
    good = tuple(each for each in made if each is not None)
    if len(good) < len(made):
        return None
    seen: set[tuple[str, str]] = set()
    for each, written in zip(good, node.assigns, strict=True):
        if (each.entity, each.field) in seen:
            scope.report.add(messages_rules.set_twice(written.path.span, written.path.text))
            return None
        seen.add((each.entity, each.field))
    return ir.Set(good, node.span)


def _set_one(scope: Scope, node: ast.Assign) -> ir.Assign | None:
    environment, parts = scope.environment, node.path.parts
    own = scope.row or scope.own
    info = environment.entities.get(own) if own else None
    found = environment.place(info, node.path.text) if info is not None else None
    if found is None and len(parts) > 1 and parts[0].text != "custom":
        other = entity_of(scope, parts[0])
        if other is None:
            return None
        rest = ast.Path(parts[1:], parts[1].span.to(parts[-1].span))
        field = field_of(scope, other, rest)
        if field is None:
            return None
        made = value(scope, node.value, field[1])
        return None if made is None else ir.Assign(other.entity.name, field[0], made, node.span)
    if found is None:
        found = _field_somewhere(scope, node.path, info)
        if found is None:
            return None
    made = value(scope, node.value, found[1])
    return None if made is None else ir.Assign("", found[0], made, node.span)


def _field_somewhere(scope: Scope, path: ast.Path, info: EntityInfo | None) -> tuple[str, Place] | None:
    """A field of the item's own row where the kind, or a rule that `save as` another entity, is not known here: any own
    entity's that has it."""
    environment = scope.environment
    if info is not None and not scope.test:
        unknown_field(scope, info, path.text, path.span)
        return None
    names = set(environment.entities) if scope.test else {environment.own.get(kind, "") for kind in scope.kinds}
    for name in sorted(names):
        entity = environment.entities.get(name)
        if entity is not None and path.text in entity.places:
            return path.text, Place(Type.ANY, column=True, text=path.text)
    if info is None and own_entity(scope, path.span) is None and scope.report.error is not None:
        return None
    if not environment.declared.incomplete:
        words = [word for name in names if name in environment.entities for word in environment.entities[name].places]
        subject = messages_types.subject_of(sorted(scope.kinds)) if scope.kinds else "an item"
        scope.report.add(messages_names.unknown_word(path.span, path.text, words, f"the row of {subject}"))
    return None
