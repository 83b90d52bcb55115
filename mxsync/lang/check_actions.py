"""Actions: whether each can be done where it is to be done; links, mailboxes and notices here, rows in
`mxsync.lang.check_row_actions`."""

from __future__ import annotations

from typing import assert_never

from mxsync.lang import ast, ir, messages_rules, messages_types, messages_warnings
from mxsync.lang.check_conditions import like, where
from mxsync.lang.check_row_actions import create, own_entity, save, set_fields, update
from mxsync.lang.check_values import template_of
from mxsync.lang.compile_parts import linkable
from mxsync.lang.environment import EntityInfo
from mxsync.lang.paths import entity_of, field_of
from mxsync.lang.scope import Scope
from mxsync.lang.servers import offered
from mxsync.lang.vocabulary import kinds_with


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
            return create(scope, node)
        case ast.UpdateFrom():
            return update(scope, node)
        case ast.Save():
            return save(scope, node)
        case ast.LinkTo():
            return _link(scope, node)
        case ast.Set():
            return set_fields(scope, node)
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
