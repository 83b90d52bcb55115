"""Syncs: their sides, both directions with their filters, and what happens to what is deleted or leaves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import assert_never

from mxsync.lang import ast, ir, messages_names, messages_rules, messages_types, messages_warnings
from mxsync.lang.check_conditions import condition
from mxsync.lang.check_row_actions import assigns
from mxsync.lang.check_rules import people
from mxsync.lang.check_values import value
from mxsync.lang.declarations import Declared
from mxsync.lang.environment import EntityInfo, Environment
from mxsync.lang.ir import SideForm
from mxsync.lang.paths import entity_of
from mxsync.lang.report import Report
from mxsync.lang.scope import Scope
from mxsync.lang.servers import offered
from mxsync.lang.types import Place
from mxsync.lang.vocabulary import ITEM_FIELDS, kinds_with
from mxsync.lang.written import Written
from mxsync.model.item import Kind
from mxsync.model.normal import address_key

FOLDER_KINDS = {
    "contacts": Kind.CONTACT, "calendar": Kind.APPOINTMENT, "tasks": Kind.TASK, "journal": Kind.JOURNAL,
    "notes": Kind.NOTE,
}  # fmt: skip
_FORMS = {
    "each": SideForm.EACH_USER, "one": SideForm.ONE_USER, "public": SideForm.PUBLIC, "table": SideForm.TABLE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What became of a sync: None when it is wrong or left out."""

    sync: ir.Sync | None
    report: Report
    left_out: bool = False


@dataclass(slots=True)
class _Clauses:
    into: dict[int, ir.Into] = field(default_factory=dict)
    deleted: dict[int, str] = field(default_factory=dict)
    conflict: str = ""
    out_of_filter: str = ""


def side(scope: Scope, node: ast.Side) -> tuple[ir.Side, EntityInfo | None] | None:
    """One side; with its entity for a table."""
    info = None
    if node.form == "table":
        assert node.entity is not None
        info = entity_of(scope, node.entity)
        if info is None:
            return None
    if node.form == "public" and not scope.test:
        features = scope.environment.features
        if not offered(features, "public_folders", scope.report, node.span, "public folders"):
            return None
    alias = node.alias.text if node.alias is not None else "table" if node.form == "table" else "folder"
    return ir.Side(
        _FORMS[node.form], node.folder.text if node.folder is not None else "",
        address_key(node.user.text) if node.user is not None else "",
        info.entity.name if info is not None else "", alias,
    ), info  # fmt: skip


class _SyncReader:
    def __init__(self, environment: Environment, declared: Declared[ast.Sync]) -> None:
        self.tree = declared.tree
        self.report = Report()
        self.scope = Scope(environment, self.report, Written(declared.statement), declared.file.name)
        self.sides: tuple[ir.Side, ir.Side]
        self.info: EntityInfo | None = None
        self.kind = Kind.CONTACT

    def read(self) -> ir.Sync | None:
        tree = self.tree
        if not self.read_sides():
            return None
        users = people(self.scope, tree.users)
        if users is None and tree.users is not None:
            return None
        clauses = _Clauses()
        for clause in tree.clauses:
            self.clause(clauses, clause)
        if self.report.error is not None or self.scope.left_out:
            return None
        if not clauses.into:
            self.report.add(messages_warnings.sync_idle(tree.name.span, tree.name.text))
        left, right = self.sides
        return ir.Sync(
            tree.name.text, self.kind, self.info.entity.name if self.info is not None else "", users, left, right,
            clauses.into.get(0), clauses.into.get(1), clauses.conflict or "newest", clauses.deleted.get(0, "keep"),
            clauses.deleted.get(1, "keep"), clauses.out_of_filter or "keep", tree.span,
        )  # fmt: skip

    def read_sides(self) -> bool:
        tree = self.tree
        left, right = side(self.scope, tree.left), side(self.scope, tree.right)
        if left is None or right is None:
            return False
        self.sides = (left[0], right[0])
        if left[1] is not None and right[1] is not None:
            self.report.add(messages_rules.two_tables(tree.left.span.to(tree.right.span)))
            return False
        aliases = (tree.left.alias, tree.right.alias)
        if aliases[0] is not None and aliases[1] is not None and aliases[0].text == aliases[1].text:
            self.report.add(messages_rules.alias_twice(aliases[1].span, aliases[1].text))
            return False
        self.info = left[1] or right[1]
        node = tree.left if left[1] is not None else tree.right
        return self.read_kind(node)

    def read_kind(self, table: ast.Side) -> bool:
        """The kind of the items that are kept in step: the entity's, or what the folders are for."""
        if self.info is not None:
            assert table.entity is not None
            kind = self.info.entity.kind
            if kind is None:
                if not self.info.broken:
                    self.report.add(messages_rules.rows_only_synced(table.entity.span, table.entity.text))
                return False
            if kind is Kind.MAIL:
                self.report.add(messages_rules.mail_synced(table.entity.span, table.entity.text))
                return False
            self.kind = kind
            return True
        for each in self.sides:
            for name in each.folder.split("/"):
                if name.casefold() in FOLDER_KINDS:
                    self.kind = FOLDER_KINDS[name.casefold()]
                    return True
        folders = f"`{self.sides[0].folder}` and `{self.sides[1].folder}`"
        self.report.add(messages_rules.folder_kind_unknown(self.tree.left.span.to(self.tree.right.span), folders))
        return False

    def place(self, ref: ast.SideRef) -> int | None:
        """Which side a clause means: 0 for the left one, 1 for the right one."""
        word = ref.text
        names = [each.alias for each in self.sides]
        kinds = ["table" if each.form is SideForm.TABLE else "folder" for each in self.sides]
        if names.count(word) == 1:
            return names.index(word)
        if kinds.count(word) == 1:
            return kinds.index(word)
        if kinds.count(word) == 2:
            self.report.add(messages_rules.ambiguous_side(ref.span, word))
        else:
            self.report.add(messages_rules.unknown_side(ref.span, word, dict.fromkeys([*names, *kinds])))
        return None

    def clause(self, clauses: _Clauses, clause: ast.SyncClause) -> None:
        match clause:
            case ast.Into():
                place = self.place(clause.side)
                if place is None:
                    return
                if place in clauses.into:
                    self.report.add(messages_rules.clause_twice(clause.span, f"into {clause.side.text}"))
                    return
                into = self.into(clause, place)
                if into is not None:
                    clauses.into[place] = into
            case ast.Conflict():
                if clauses.conflict:
                    self.report.add(messages_rules.clause_twice(clause.span, "conflict"))
                    return
                winner = self.place(clause.winner) if clause.winner is not None else None
                if clause.winner is not None and winner is None:
                    return
                clauses.conflict = "review" if clause.review else "newest"
                if winner is not None:
                    clauses.conflict = ("left", "right")[winner]
            case ast.DeletedIn():
                place = self.place(clause.side)
                if place is None:
                    return
                if place in clauses.deleted:
                    self.report.add(messages_rules.clause_twice(clause.span, f"deleted in {clause.side.text}"))
                    return
                clauses.deleted[place] = clause.then
            case ast.OutOfFilter():
                if clauses.out_of_filter:
                    self.report.add(messages_rules.clause_twice(clause.span, "out of filter"))
                    return
                clauses.out_of_filter = clause.then
            case _:
                assert_never(clause)

    def into(self, node: ast.Into, place: int) -> ir.Into | None:
        """One direction: the filter is about what comes from the other side, the values go into this one."""
        source, goal = self.sides[1 - place], self.sides[place]
        scope = replace(self.scope, captures={})
        if source.form is SideForm.TABLE:
            scope.row, scope.mailbox = source.entity, True
        else:
            scope.kinds = frozenset({self.kind})
        when = condition(scope, node.when) if node.when is not None else None
        if node.when is not None and when is None:
            return None
        if goal.form is SideForm.TABLE:
            assert self.info is not None
            values = assigns(scope, self.info, node.assigns, self.info.entity.name)
        else:
            values = item_assigns(scope, self.kind, node.assigns)
        return None if values is None else ir.Into(when, values)


def item_assigns(scope: Scope, kind: Kind, nodes: tuple[ast.Assign, ...]) -> tuple[ir.Assign, ...] | None:
    """`F = V, …` into the fields of an item."""
    done: list[ir.Assign] = []
    for node in nodes:
        name, parts = node.path.text, node.path.parts
        word = ITEM_FIELDS[kind].get(name)
        if word is not None:
            place = Place(word.type, word.many, text=name)
        elif parts[0].text == "custom" and len(parts) == 2:
            place = Place(ir.Type.ANY, text=name)
        else:
            owners = kinds_with(name)
            if owners:
                said = messages_names.field_of_other_kind(
                    node.path.span, name, messages_types.subject_of([kind]), owners
                )
            else:
                said = messages_names.unknown_field(node.path.span, kind.value, name, ITEM_FIELDS[kind])
            scope.report.add(said)
            return None
        made = value(scope, node.value, place)
        if made is None:
            return None
        if any(each.field == name for each in done):
            scope.report.add(messages_rules.set_twice(node.path.span, name))
            return None
        done.append(ir.Assign("", name, made, node.span))
    return tuple(done)


def check_sync(environment: Environment, declared: Declared[ast.Sync]) -> SyncResult:
    """One sync."""
    reader = _SyncReader(environment, declared)
    sync = reader.read()
    if reader.scope.left_out and reader.report.error is None:
        why, tree = reader.scope.left_out[0], declared.tree
        reader.report.warnings.clear()
        said = messages_warnings.left_out(
            tree.name.span, "sync", tree.name.text, declared.file.name, why.entity, why.field
        )
        reader.report.add(said)
        return SyncResult(None, reader.report, left_out=True)
    return SyncResult(sync if reader.report.error is None else None, reader.report)
