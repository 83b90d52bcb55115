"""Actions: what they act on, whether it can be done there, and the values that they write."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import assert_never

from mxsync.lang import ast, ir, messages_names, messages_rules, messages_types, messages_warnings
from mxsync.lang.check_conditions import like, where
from mxsync.lang.check_values import template_of, value
from mxsync.lang.compile_parts import linkable
from mxsync.lang.environment import EntityInfo
from mxsync.lang.ir import Type
from mxsync.lang.paths import entity_of, field_of, unknown_field
from mxsync.lang.scope import Scope
from mxsync.lang.servers import offered
from mxsync.lang.source import Span
from mxsync.lang.templates import position
from mxsync.lang.types import Place
from mxsync.lang.vocabulary import ENTITY_OF_KIND, kinds_with

_CONTACT_SOURCES = ("signature", "header")
_COMPANY_SOURCES = ("domain", "signature")


def actions(scope: Scope, nodes: tuple[ast.Action, ...]) -> tuple[ir.Action, ...] | None:
    """All actions of a rule, or of an `expect`; None when one of them is wrong."""
    saved = next((node.entity for node in nodes if isinstance(node, ast.Save) and node.entity is not None), None)
    if saved is not None:
        other = scope.environment.entity(saved.text)
        scope.own = other.entity.name if other is not None else scope.own
    found = [action(scope, node) for node in nodes]
    good = tuple(each for each in found if each is not None)
    return good if len(good) == len(found) else None


def action(scope: Scope, node: ast.Action) -> ir.Action | None:
    """One action."""
    match node:
        case ast.Create():
            return _create(scope, node)
        case ast.UpdateFrom():
            return _update(scope, node)
        case ast.Save():
            return _save(scope, node)
        case ast.LinkTo():
            return _link(scope, node)
        case ast.Set():
            return _set(scope, node)
        case ast.Delete():
            return ir.Delete(node.span)
        case ast.SaveAttachments():
            return _save_attachments(scope, node)
        case ast.Notify():
            return _notify(scope, node)
        case ast.CallHook():
            hooks = scope.environment.hooks
            if node.hook.text not in hooks and not scope.test:
                scope.report.add(messages_rules.unknown_hook(node.hook.span, node.hook.text, hooks))
                return None
            return ir.CallHook(node.hook.text, node.span)
        case ast.Hold():
            why = template_of(scope, node.why)
            return None if why is None else ir.Hold(why, node.span)
        case ast.Skip():
            return ir.Skip(node.span)
        case ast.Stop():
            return ir.Stop(node.span)
        case ast.Categorize() | ast.Uncategorize() | ast.MoveTo() | ast.CopyTo() | ast.MarkRead() | ast.Flag():
            return _mailbox(scope, node)
        case _:
            assert_never(node)


# ------------------------------------------------------------------ rows


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


def _create(scope: Scope, node: ast.Create) -> ir.Action | None:
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


def _update(scope: Scope, node: ast.UpdateFrom) -> ir.Action | None:
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


def _save(scope: Scope, node: ast.Save) -> ir.Action | None:
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


def _set(scope: Scope, node: ast.Set) -> ir.Action | None:
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


# ------------------------------------------------------------------ links


def _link(scope: Scope, node: ast.LinkTo) -> ir.Action | None:
    own: EntityInfo | None = None
    if scope.row:
        own = scope.environment.entities[scope.row]
    elif not scope.test:
        own = own_entity(scope, node.span)
        if own is None and (scope.report.error is not None or len(scope.kinds) == 1):
            return None
    made = [target(scope, each, own) for each in node.targets]
    good = tuple(each for each in made if each is not None)
    return ir.Link(good, node.span) if len(good) == len(made) else None


def target(scope: Scope, node: ast.Target, own: EntityInfo | None = None) -> ir.Target | None:
    """What is linked to. `own` is the entity of what is linked, None where it is not known."""
    info = entity_of(scope, node.entity)
    if info is None:
        return None
    if node.of_conversation and not scope.test and scope.kinds.isdisjoint(kinds_with("conversation")):
        subject = messages_types.subject_of(sorted(scope.kinds)) if scope.kinds else f"a row of `{scope.row}`"
        said = messages_rules.not_for_kind(node.span, "of conversation", subject, kinds_with("conversation"))
        scope.report.add(said)
        return None
    good, condition = where(scope, info.entity.name, node.where)
    if not good:
        return None
    by = ""
    if node.by is not None:
        found = field_of(scope, info, node.by)
        if found is None:
            return None
        by = found[0]
    if own is not None and own.entity.name != info.entity.name and not (own.broken or info.broken):
        if not linkable(own.entity, info.entity):
            scope.report.add(messages_warnings.not_linkable(node.entity.span, own.entity.name, info.entity.name))
    return ir.Target(
        info.entity.name, node.mentioned, node.of_conversation, condition,
        by if node.order == "latest" else "", by if node.order == "oldest" else "", scope.text(node.span), node.span,
    )  # fmt: skip


# ------------------------------------------------------------------ mailboxes and the world


def _mailbox(
    scope: Scope,
    node: ast.Categorize | ast.Uncategorize | ast.MoveTo | ast.CopyTo | ast.MarkRead | ast.Flag,
) -> ir.Action | None:
    """What changes the item in its mailbox."""
    words, feature, plural = _MAILBOX[type(node)]
    if scope.row:
        scope.report.add(messages_rules.not_for_rows(node.span, words))
        return None
    if not offered(scope.environment.features, feature, scope.report, node.span, plural):
        return None
    match node:
        case ast.MarkRead():
            readable = kinds_with("read")
            if scope.kinds.isdisjoint(readable):
                subject = messages_types.subject_of(sorted(scope.kinds))
                scope.report.add(messages_rules.not_for_kind(node.span, words, subject, readable))
                return None
            return ir.MarkRead(node.span)
        case ast.Flag():
            return ir.Flag(node.span)
        case ast.Categorize() | ast.Uncategorize():
            category = template_of(scope, node.category)
            remove = isinstance(node, ast.Uncategorize)
            return None if category is None else ir.Categorize(category, remove, node.span)
        case ast.MoveTo() | ast.CopyTo():
            folder = template_of(scope, node.folder)
            return None if folder is None else ir.MoveTo(folder, isinstance(node, ast.CopyTo), node.span)
        case _:
            assert_never(node)


_MAILBOX: dict[type, tuple[str, str, str]] = {
    ast.Categorize: ("categorize", "categories", "categories"),
    ast.Uncategorize: ("uncategorize", "categories", "categories"),
    ast.MoveTo: ("move to folder", "moves", "moves between folders"),
    ast.CopyTo: ("copy to folder", "moves", "moves between folders"),
    ast.MarkRead: ("mark read", "flags", "flags and read marks"),
    ast.Flag: ("flag", "flags", "flags and read marks"),
}


def _save_attachments(scope: Scope, node: ast.SaveAttachments) -> ir.Action | None:
    if scope.row:
        scope.report.add(messages_rules.not_for_rows(node.span, "save attachments"))
        return None
    if node.replacing and not offered(
        scope.environment.features, "replaces_attachments", scope.report, node.span, "replaced attachments"
    ):
        return None
    folder = template_of(scope, node.folder) if node.folder is not None else None
    pattern = like(scope, node.like) if node.like is not None else None
    if (node.folder is not None and folder is None) or (node.like is not None and pattern is None):
        return None
    if not scope.test and own_entity(scope, node.span) is None and len(scope.kinds) == 1:
        return None
    larger = node.larger.bytes if node.larger is not None else None
    return ir.SaveAttachments(folder, larger, pattern, node.replacing, node.span)


def _notify(scope: Scope, node: ast.Notify) -> ir.Action | None:
    address, body = template_of(scope, node.address), template_of(scope, node.text)
    if address is None or body is None:
        return None
    plain = all(isinstance(part, str) for part in address.parts)
    if plain and "@" not in node.address.text:
        scope.report.add(messages_types.not_an_address(node.address.span, node.address.text))
        return None
    if not scope.environment.relay and not scope.test:
        scope.report.add(messages_warnings.no_relay(node.span))
    return ir.Notify(address, body, node.span)
