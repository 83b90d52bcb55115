"""Rules: their header, condition and actions, resolved."""

from __future__ import annotations

from dataclasses import dataclass

from mxsync.lang import ast, ir, messages_names, messages_rules, messages_types, messages_warnings
from mxsync.lang.check_actions import actions
from mxsync.lang.check_conditions import condition, list_values
from mxsync.lang.declarations import Declared
from mxsync.lang.environment import Environment
from mxsync.lang.paths import entity_of
from mxsync.lang.report import Report
from mxsync.lang.scope import Scope
from mxsync.lang.servers import offered
from mxsync.lang.source import Span
from mxsync.lang.vocabulary import KIND_WORDS
from mxsync.lang.written import Written
from mxsync.model.item import Kind
from mxsync.model.normal import address_key


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What became of a rule: None when it is wrong or left out."""

    rule: ir.Rule | None
    report: Report
    left_out: bool = False


def rule_name(tree: ast.Rule) -> str:
    """A rule's name; of a bare `when`, its file and line."""
    return tree.name.text if tree.name is not None else f"{tree.span.file}:{tree.span.line}"


def check_rule(environment: Environment, declared: Declared[ast.Rule], order: int) -> RuleResult:
    """One rule; `order` is its place in file order."""
    tree, report = declared.tree, Report()
    scope = Scope(environment, report, Written(declared.statement), declared.file.name)
    kinds: frozenset[Kind] = frozenset()
    if tree.kind.row:
        info = entity_of(scope, tree.kind.name)
        if info is None:
            return RuleResult(None, report)
        scope.row = info.entity.name
    else:
        known = KIND_WORDS.get(tree.kind.name.text)
        if known is None:
            report.add(messages_names.unknown_kind(tree.kind.name.span, tree.kind.name.text, KIND_WORDS))
            return RuleResult(None, report)
        scope.kinds = kinds = known
        if len(kinds) == 1:
            scope.own = environment.own.get(next(iter(kinds)), "")
    users = people(scope, tree.users)
    good = _priority(tree, report) and (users is not None or tree.users is None) and _folders(scope, tree)
    found = condition(scope, tree.condition) if tree.condition is not None else None
    if tree.condition is not None and found is None:
        good = False
    # the actions are not looked at where the condition is wrong: its captures may be what they miss
    planned = actions(scope, tree.actions) if good else None
    if scope.left_out and report.error is None:
        why = scope.left_out[0]
        report.warnings.clear()
        report.add(
            messages_warnings.left_out(_name_span(tree), "rule", rule_name(tree), scope.file, why.entity, why.field)
        )
        return RuleResult(None, report, left_out=True)
    if planned is None:
        return RuleResult(None, report)
    _mentioned(scope, planned, found)
    rule = ir.Rule(
        rule_name(tree), declared.file.name, tree.span.line, order,
        int(tree.priority.value) if tree.priority is not None else 0, kinds, scope.row, tree.event, users,
        tuple(text.text for text in tree.folders.patterns) if tree.folders is not None else None,
        tree.folders is not None and tree.folders.public, found, planned,
        tree.because.text if tree.because is not None else "", tree.span,
    )  # fmt: skip
    return RuleResult(rule, report)


def _name_span(tree: ast.Rule) -> Span:
    if tree.name is not None:
        return tree.name.span
    return tree.kind.span


def _priority(tree: ast.Rule, report: Report) -> bool:
    if tree.priority is None or isinstance(tree.priority.value, int):
        return True
    report.add(messages_rules.not_whole(tree.priority.span, str(tree.priority.value)))
    return False


def _folders(scope: Scope, tree: ast.Rule) -> bool:
    if tree.folders is None:
        return True
    if scope.row:
        words = "in public folders" if tree.folders.public else "in folders"
        scope.report.add(messages_rules.not_for_rows(tree.folders.span, words))
        return False
    features = scope.environment.features
    return not tree.folders.public or offered(
        features, "public_folders", scope.report, tree.folders.span, "public folders"
    )


def people(scope: Scope, written: ast.People | None) -> frozenset[str] | None:
    """The users that a statement is for, as address keys; None for everyone, or where a fault is reported."""
    if written is None:
        return None
    if written.name is not None:
        found = list_values(scope, written.name, "`for users 'anna@ours.example'`")
        if found is None:
            return None
        if found[0] and not any("@" in text for text in found[0]):
            name = written.name
            said = messages_types.list_of_others(name.span, name.text, "no addresses", "for users 'anna@ours.example'")
            scope.report.add(said)
            return None
        return frozenset(address_key(text) for text in found[0])
    for text in written.addresses:
        if "@" not in text.text:
            scope.report.add(messages_types.not_an_address(text.span, text.text))
            return None
    return frozenset(address_key(text.text) for text in written.addresses)


def _mentioned(scope: Scope, planned: tuple[ir.Action, ...], found: ir.Condition | None) -> None:
    """`link to mentioned X` where nothing mentions X."""
    for action in planned:
        if isinstance(action, ir.Link):
            for target in action.targets:
                if target.mentioned and not mentions(found, target.entity):
                    scope.report.add(messages_warnings.nothing_mentioned(target.span, target.entity))


def mentions(found: ir.Condition | None, entity: str) -> bool:
    """Whether a condition asks if the entity is mentioned."""
    match found:
        case ir.Mentions():
            return found.entity == entity
        case ir.And() | ir.Or():
            return any(mentions(part, entity) for part in found.parts)
        case ir.Not():
            return mentions(found.part, entity)
        case _:
            return False
