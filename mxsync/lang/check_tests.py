"""Tests in the language: what is given, and what is expected, resolved."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from email.utils import getaddresses
from typing import Final, assert_never

from mxsync.lang import ast, ir, messages_names, messages_rules, messages_types
from mxsync.lang.check_actions import actions
from mxsync.lang.check_row_actions import assigns
from mxsync.lang.check_syncs import item_assigns, side
from mxsync.lang.check_values import value
from mxsync.lang.declarations import Declared
from mxsync.lang.environment import EntityInfo, Environment
from mxsync.lang.ir import Type
from mxsync.lang.paths import entity_of
from mxsync.lang.report import Report
from mxsync.lang.scope import Scope
from mxsync.lang.types import Place
from mxsync.lang.vocabulary import (
    ADJECTIVES,
    ENTITY_OF_KIND,
    ITEM_FIELDS,
    KIND_WORDS,
    PERSON_STEPS,
    ROLES,
    SENSITIVITIES,
    kinds_with,
)
from mxsync.lang.written import Written
from mxsync.model.item import Address, Kind

_STATED: Final[dict[str, tuple[str, ir.Expr]]] = {
    **{word: ("sensitivity", ir.Constant(word)) for word in SENSITIVITIES},
    "sent": ("direction", ir.Constant("sent")),
    "received": ("direction", ir.Constant("received")),
    "read": ("read", ir.Constant(True)),
    "flagged": ("flagged", ir.Constant(True)),
    "all_day": ("all_day", ir.Constant(True)),
    "cancelled": ("cancelled", ir.Constant(True)),
    "recurring": ("recurrence", ir.Constant("FREQ=WEEKLY")),
    "completed": ("completed", ir.Offset(None)),
    "bulk": ("header.precedence", ir.Constant("bulk")),
    "auto_reply": ("header.auto-submitted", ir.Constant("auto-replied")),
}
_FOLLOWS: Final = {
    "internal": "the addresses, as in `to 'bob@ours.example'`",
    "role_address": "the address, as in `from 'info@acme.example'`",
    "freemail": "the address, as in `from 'jane@gmail.com'`",
    "meeting": "who attends, as in `attendee 'jane@acme.example'`",
}


@dataclass(frozen=True, slots=True)
class TestResult:
    """What became of a test: None when it is wrong, or names what another file's entity lacks."""

    __test__ = False

    test: ir.Test | None
    report: Report


@dataclass(slots=True)
class _Stated:
    """The fields of one thing."""

    fields: dict[str, ir.Expr] = field(default_factory=dict)
    lists: dict[str, tuple[ir.Expr, ...]] = field(default_factory=dict)


class _TestReader:
    def __init__(self, environment: Environment, declared: Declared[ast.Test], rules: Collection[str]) -> None:
        self.tree = declared.tree
        self.file = declared.file.name
        self.rules = rules
        self.environment = environment
        self.report = Report()
        self.scope = Scope(environment, self.report, Written(declared.statement), self.file, test=True)
        self.kinds: set[Kind] = set()
        self.row = ""

    def read(self) -> ir.Test | None:
        user, at = "", None
        givens: list[ir.Given] = []
        seen: set[type] = set()
        for clause in self.tree.clauses:
            if isinstance(clause, (ast.AsUser, ast.At)):
                if type(clause) in seen:
                    words = "as user" if isinstance(clause, ast.AsUser) else "at"
                    self.report.add(messages_rules.stated_twice(clause.span, words))
                seen.add(type(clause))
            match clause:
                case ast.AsUser():
                    if "@" not in clause.address.text:
                        said = messages_types.not_an_address(clause.address.span, clause.address.text)
                        self.report.add(said)
                    user = clause.address.text
                case ast.At():
                    at = self.moment(clause.moment)
                case ast.Given():
                    things = [self.thing(thing) for thing in clause.things]
                    givens.append(ir.Given(tuple(thing for thing in things if thing is not None)))
                case _:
                    assert_never(clause)
        # what is given decides what the expectations can speak of
        if self.kinds or not self.row:
            self.scope.kinds = frozenset(self.kinds or Kind)
            if len(self.kinds) == 1:
                self.scope.own = self.environment.own.get(next(iter(self.kinds)), "")
        else:
            self.scope.kinds = frozenset(Kind)
        expected = [self.expectation(each) for each in self.tree.expectations]
        if self.report.error is not None or self.scope.left_out:
            return None
        wanted = tuple(each for each in expected if each is not None)
        if len(wanted) < len(expected):
            return None
        tree = self.tree
        return ir.Test(tree.name.text, self.file, tree.span.line, user, at, tuple(givens), wanted, tree.span)

    def moment(self, moment: ast.Moment) -> datetime:
        """The clock of a test: a day begins at midnight, in the organisation's zone."""
        stated = moment.value
        if isinstance(stated, datetime):
            return stated if stated.tzinfo is not None else stated.replace(tzinfo=self.environment.zone)
        return datetime.combine(stated, time(), self.environment.zone or UTC)

    # -------------------------------------------------------------- given

    def thing(self, node: ast.Thing) -> ir.GivenItem | ir.GivenRow | None:
        if node.row:
            info = entity_of(self.scope, node.name)
            if info is None:
                return None
            self.row = info.entity.name
            fields: dict[str, ir.Expr] = {}
            for each in node.fields:
                self.row_field(info, each, fields)
            return ir.GivenRow(info.entity.name, node.event, fields, node.span)
        kinds = KIND_WORDS.get(node.name.text)
        if kinds is None or len(kinds) != 1:
            known = [word for word in KIND_WORDS if word != "item"]
            self.report.add(messages_names.unknown_kind(node.name.span, node.name.text, known))
            return None
        (kind,) = kinds
        self.kinds.add(kind)
        stated = _Stated()
        for each in node.fields:
            self.item_field(kind, each, stated)
        file = node.file.text if node.file is not None else ""
        return ir.GivenItem(kind, node.event, file, stated.fields, stated.lists, node.span)

    def row_field(self, info: EntityInfo, node: ast.GivenField, fields: dict[str, ir.Expr]) -> None:
        if not isinstance(node, ast.Assign):
            words = self.scope.text(node.span)
            self.report.add(messages_types.not_on_record(node.span, words, f"a row of `{info.entity.name}`"))
            return
        made = assigns(self.scope, info, [node], info.entity.name)
        if made is None:
            return
        if made[0].field in fields:
            self.report.add(messages_rules.stated_twice(node.path.span, node.path.text))
        fields[made[0].field] = made[0].value

    def item_field(self, kind: Kind, node: ast.GivenField, stated: _Stated) -> None:
        match node:
            case ast.GivenPeople():
                name = ROLES[node.role]
                word = ITEM_FIELDS[kind].get(name)
                if word is None:
                    self.foreign(kind, name, node.role, node)
                    return
                people = tuple(ir.Constant(person(text.text)) for text in node.addresses)
                for text in node.addresses:
                    if "@" not in text.text:
                        self.report.add(messages_types.not_an_address(text.span, text.text))
                if word.many:
                    stated.lists[name] = stated.lists.get(name, ()) + people
                else:
                    self.once(stated, name, people[0], node)
            case ast.GivenCategory():
                categories = stated.lists.get("categories", ())
                stated.lists["categories"] = (*categories, ir.Constant(node.category.text))
            case ast.GivenIs():
                self.given_is(kind, node, stated)
            case ast.Assign():
                self.given_field(kind, node, stated)
            case _:
                assert_never(node)

    def foreign(self, kind: Kind, name: str, shown: str, node: ast.GivenField) -> None:
        """A field that this kind does not have."""
        owners = kinds_with(name)
        span = node.path.span if isinstance(node, ast.Assign) else node.span
        if owners:
            said = messages_names.field_of_other_kind(span, shown, messages_types.subject_of([kind]), owners)
        else:
            said = messages_names.unknown_field(span, kind.value, shown, ITEM_FIELDS[kind])
        self.report.add(said)

    def once(self, stated: _Stated, name: str, made: ir.Expr, node: ast.GivenField) -> None:
        if name in stated.fields:
            span = node.path.span if isinstance(node, ast.Assign) else node.span
            self.report.add(messages_rules.stated_twice(span, name))
        stated.fields[name] = made

    def given_is(self, kind: Kind, node: ast.GivenIs, stated: _Stated) -> None:
        if kind not in ADJECTIVES[node.word]:
            subject = messages_types.subject_of([kind])
            self.report.add(messages_types.never_so(node.span, node.word, subject, sorted(ADJECTIVES[node.word])))
        elif node.word in _FOLLOWS:
            self.report.add(messages_rules.cannot_be_stated(node.span, f"is {node.word}", _FOLLOWS[node.word]))
        else:
            name, made = _STATED[node.word]
            self.once(stated, name, made, node)

    def given_field(self, kind: Kind, node: ast.Assign, stated: _Stated) -> None:
        name, parts = node.path.text, node.path.parts
        first = parts[0].text
        word = ITEM_FIELDS[kind].get(first)
        many = False
        if first == "custom" and len(parts) == 2:
            place = Place(Type.ANY, text=name)
        elif first == "header" and len(parts) == 2 and "sender" in ITEM_FIELDS[kind]:
            place, name = Place(Type.TEXT, text=name), f"header.{parts[1].text.lower()}"
        elif word is not None and len(parts) == 1:
            place, many = Place(word.type, word.many, text=name), word.many
        elif word is not None and word.type is Type.PERSON and len(parts) == 2 and parts[1].text in PERSON_STEPS:
            self.report.add(messages_rules.cannot_be_stated(node.path.span, name, f"`{first} = 'Name <address>'`"))
            return
        else:
            self.foreign(kind, first if word is None else name, name, node)
            return
        made = value(self.scope, node.value, place)
        if made is None:
            return
        if many:
            stated.lists[name] = (*stated.lists.get(name, ()), made)
        else:
            self.once(stated, name, made, node)

    # -------------------------------------------------------------- expect

    def expectation(self, node: ast.Expectation) -> ir.Expectation | None:
        match node:
            case ast.ExpectNothing():
                return ir.ExpectNothing(node.otherwise, node.span)
            case ast.ExpectNo():
                info = entity_of(self.scope, node.entity) if node.entity is not None else None
                if node.entity is not None and info is None:
                    return None
                return ir.ExpectNo(node.what, info.entity.name if info is not None else "", node.span)
            case ast.ExpectRule():
                if node.name.text not in self.rules and not self.environment.silent(node.name.text):
                    self.report.add(messages_names.unknown_rule(node.name.span, node.name.text, self.rules))
                    return None
                return ir.ExpectRule(node.name.text, node.negated, node.span)
            case ast.ExpectInSide():
                return self.in_side(node)
            case ast.ExpectEffects():
                made = actions(self.scope, node.actions)
                linked = next((a.linked_to for a in node.actions if isinstance(a, ast.Create) and a.linked_to), None)
                info = entity_of(self.scope, linked) if linked is not None else None
                if made is None or (linked is not None and info is None):
                    return None
                return ir.ExpectEffects(made, info.entity.name if info is not None else "", node.span)
            case _:
                assert_never(node)

    def in_side(self, node: ast.ExpectInSide) -> ir.ExpectInSide | None:
        found = side(self.scope, node.side)
        if found is None:
            return None
        kinds = KIND_WORDS.get(node.kind.text)
        info = self.environment.entity(node.kind.text)
        if info is None and (kinds is None or len(kinds) != 1):
            if not self.environment.silent(node.kind.text):
                words = [*self.environment.entity_words(), *(word for word in KIND_WORDS if word != "item")]
                self.report.add(messages_names.unknown_entity(node.kind.span, node.kind.text, words))
            return None
        if info is not None:
            values = assigns(self.scope, info, node.assigns, info.entity.name)
            name = info.entity.name
        else:
            assert kinds is not None
            (kind,) = kinds
            values = item_assigns(self.scope, kind, node.assigns)
            name = self.environment.own.get(kind, ENTITY_OF_KIND[kind])
        return None if values is None else ir.ExpectInSide(node.what, name, found[0], values, node.span)


def person(text: str) -> Address:
    """'Jane Roe <jane@acme.example>' as a person."""
    found = getaddresses([text])
    name, address = found[0] if found else ("", "")
    return Address(name, address or text)


def check_test(environment: Environment, declared: Declared[ast.Test], rules: Collection[str]) -> TestResult:
    """One test. `rules` are the names of the rules that it may speak of."""
    reader = _TestReader(environment, declared, rules)
    test = reader.read()
    return TestResult(test if reader.report.error is None else None, reader.report)


__all__ = ["TestResult", "check_test", "person"]
