"""Conditions, actions and tests: the part of the tree that rules are made of."""

from __future__ import annotations

from typing import Any, cast

from lark import Token
from lark.tree import Meta

from mxsync.lang import ast
from mxsync.lang.tree import Builder, Children, tuple_of
from mxsync.lang.tree_values import Slip, literal_of, unit_of


class RuleBuilder(Builder):
    """Builds every construct of the grammar."""

    # ------------------------------------------------------------ conditions

    def and_(self, meta: Meta, parts: Children) -> ast.And:
        return ast.And(tuple_of(parts), self.span(meta))

    def or_(self, meta: Meta, parts: Children) -> ast.Or:
        return ast.Or(tuple_of(parts), self.span(meta))

    def not_(self, meta: Meta, parts: Children) -> ast.Not:
        return ast.Not(parts[0], self.span(meta))

    def group(self, meta: Meta, parts: Children) -> ast.Condition:
        return cast(ast.Condition, parts[0])

    def core(self, meta: Meta, parts: Children) -> ast.Condition:
        return self._core("", parts[0], parts[1], meta)

    def core_q(self, meta: Meta, parts: Children) -> ast.Condition:
        return self._core(str(parts[0]), parts[1], parts[2], meta)

    def _core(self, quantifier: str, path: ast.Path, tail: Any, meta: Meta) -> ast.Condition:
        operator, value = tail
        if operator == "known":
            negated, entity, where = value
            return ast.Known(cast(Any, quantifier), "", path, negated, entity, where, self.span(meta))
        return ast.Compare(cast(Any, quantifier), path, operator, value, self.span(meta))

    def cmp(self, meta: Meta, parts: Children) -> Any:
        return str(parts[0]), parts[1]

    def is_(self, meta: Meta, parts: Children) -> Any:
        return "is", parts[0]

    def isnot(self, meta: Meta, parts: Children) -> Any:
        return "is not", parts[0]

    def empty(self, meta: Meta, parts: Children) -> Any:
        return "is empty", None

    def notempty(self, meta: Meta, parts: Children) -> Any:
        return "is not empty", None

    def is_known(self, meta: Meta, parts: Children) -> Any:
        return "known", (False, *parts[0])

    def isnot_known(self, meta: Meta, parts: Children) -> Any:
        return "known", (True, *parts[0])

    def known(self, meta: Meta, parts: Children) -> Any:
        return self.name(parts[0]), parts[1]

    def in_(self, meta: Meta, parts: Children) -> Any:
        return "in", parts[0]

    def notin(self, meta: Meta, parts: Children) -> Any:
        return "not in", parts[0]

    def contains(self, meta: Meta, parts: Children) -> Any:
        value = parts[0]
        # One word after `contains` may be a list's name or a path: the checker knows which.
        return "contains", value

    def starts(self, meta: Meta, parts: Children) -> Any:
        return "starts with", parts[0]

    def ends(self, meta: Meta, parts: Children) -> Any:
        return "ends with", parts[0]

    def like(self, meta: Meta, parts: Children) -> Any:
        return "like", parts[0]

    def matches(self, meta: Meta, parts: Children) -> Any:
        token = parts[0]
        return "matches", ast.Regex(str(token)[1:-1].replace("\\/", "/"), self.at(token))

    def exists(self, meta: Meta, parts: Children) -> Any:
        return "exists", None

    def changed(self, meta: Meta, parts: Children) -> Any:
        return "changed", None

    def before(self, meta: Meta, parts: Children) -> Any:
        return "before", parts[0]

    def after(self, meta: Meta, parts: Children) -> Any:
        return "after", parts[0]

    def within(self, meta: Meta, parts: Children) -> Any:
        way = "within last" if parts[0].type == "LAST" else "within next"
        return way, unit_of(parts[1], self.file, self.first)

    def role(self, meta: Meta, parts: Children) -> str:
        return str(parts[0])

    grole = role

    def pick_is(self, meta: Meta, parts: Children) -> Any:
        return "is", parts[0]

    def pick_in(self, meta: Meta, parts: Children) -> Any:
        return "in", parts[0]

    def pick_like(self, meta: Meta, parts: Children) -> Any:
        return "like", parts[0]

    def category(self, meta: Meta, parts: Children) -> ast.Category:
        return ast.Category(parts[0][0], parts[0][1], self.span(meta))

    def person(self, meta: Meta, parts: Children) -> ast.Person:
        return ast.Person(cast(Any, parts[0]), False, parts[1][0], parts[1][1], self.span(meta))

    def person_domain(self, meta: Meta, parts: Children) -> ast.Person:
        return ast.Person(cast(Any, parts[0]), True, parts[1][0], parts[1][1], self.span(meta))

    def role_known(self, meta: Meta, parts: Children) -> ast.Known:
        return ast.Known("", parts[0], None, False, parts[1][0], parts[1][1], self.span(meta))

    def role_not_known(self, meta: Meta, parts: Children) -> ast.Known:
        return ast.Known("", parts[0], None, True, parts[1][0], parts[1][1], self.span(meta))

    def known_(self, meta: Meta, parts: Children) -> ast.Known:
        return ast.Known("", "", None, False, parts[0][0], parts[0][1], self.span(meta))

    def not_known(self, meta: Meta, parts: Children) -> ast.Known:
        return ast.Known("", "", None, True, parts[0][0], parts[0][1], self.span(meta))

    def adj(self, meta: Meta, parts: Children) -> ast.Is:
        return ast.Is(str(parts[0]), False, self.span(meta))

    def not_adj(self, meta: Meta, parts: Children) -> ast.Is:
        return ast.Is(str(parts[0]), True, self.span(meta))

    def reply(self, meta: Meta, parts: Children) -> ast.IsReply:
        return ast.IsReply(False, self.name(parts[0]), self.span(meta))

    def not_reply(self, meta: Meta, parts: Children) -> ast.IsReply:
        return ast.IsReply(True, self.name(parts[0]), self.span(meta))

    def has_attachment(self, meta: Meta, parts: Children) -> ast.HasAttachment:
        like, larger = parts
        return ast.HasAttachment(like, self._size(larger), self.span(meta))

    def _size(self, token: Token | None) -> ast.Size | None:
        return cast(ast.Size, literal_of(token, self.file, self.first)) if token is not None else None

    def has(self, meta: Meta, parts: Children) -> ast.Has:
        return ast.Has(str(parts[0]), self.span(meta))

    def mentions(self, meta: Meta, parts: Children) -> ast.Mentions:
        return ast.Mentions(self.name(parts[0]), parts[1], self.span(meta))

    # ------------------------------------------------------------ actions

    def action_list(self, meta: Meta, parts: Children) -> tuple[ast.Action, ...]:
        """After a comma a bare target follows `link`, an assignment `create`, `set` or `save`."""
        actions: list[ast.Action] = []
        for part in parts:
            last = actions[-1] if actions else None
            match part, last:
                case ast.Target(), ast.LinkTo(targets=targets) if targets:
                    actions[-1] = ast.LinkTo((*targets, part), last.span.to(part.span))
                case ast.Assign(), ast.Create() if last.assigns and last.linked_to is None:
                    actions[-1] = ast.Create(
                        last.entity, last.source, last.people, (*last.assigns, part), None, last.span.to(part.span)
                    )
                case ast.Assign(), ast.Set():
                    actions[-1] = ast.Set((*last.assigns, part), last.span.to(part.span))
                case ast.Assign(), ast.Save() if last.entity is not None or last.assigns:
                    actions[-1] = ast.Save(last.entity, (*last.assigns, part), last.span.to(part.span))
                case ast.Target(), _:
                    raise Slip("target", part.span, part.entity.text)
                case ast.Assign(), _:
                    raise Slip("assign", part.span, part.path.text)
                case _:
                    actions.append(part)
        return (*actions,)

    def create(self, meta: Meta, parts: Children) -> ast.Create:
        entity, source, people, assign, linked = parts
        return ast.Create(
            self.name(entity),
            str(source or ""),
            str(people or ""),
            (assign,) if assign is not None else (),
            self.name(linked) if linked is not None else None,
            self.span(meta),
        )

    def save(self, meta: Meta, parts: Children) -> ast.Save:
        return ast.Save(self.name(parts[0]) if parts[0] is not None else None, (), self.span(meta))

    def save_att(self, meta: Meta, parts: Children) -> ast.SaveAttachments:
        place, larger, like, replacing = parts
        folder = place if isinstance(place, ast.Text) else None
        return ast.SaveAttachments(folder, self._size(larger), like, replacing is not None, self.span(meta))

    def folder(self, meta: Meta, parts: Children) -> ast.Text:
        return cast(ast.Text, parts[0])

    def replacing(self, meta: Meta, parts: Children) -> bool:
        return True

    def link(self, meta: Meta, parts: Children) -> ast.LinkTo:
        return ast.LinkTo((parts[0],) if parts[0] is not None else (), self.span(meta))

    def set_(self, meta: Meta, parts: Children) -> ast.Set:
        return ast.Set((parts[0],), self.span(meta))

    def categorize(self, meta: Meta, parts: Children) -> ast.Categorize:
        return ast.Categorize(parts[0], self.span(meta))

    def uncategorize(self, meta: Meta, parts: Children) -> ast.Uncategorize:
        return ast.Uncategorize(parts[0], self.span(meta))

    def move(self, meta: Meta, parts: Children) -> ast.MoveTo:
        return ast.MoveTo(parts[0], self.span(meta))

    def copy(self, meta: Meta, parts: Children) -> ast.CopyTo:
        return ast.CopyTo(parts[0], self.span(meta))

    def mark(self, meta: Meta, parts: Children) -> ast.MarkRead:
        return ast.MarkRead(self.span(meta))

    def flag(self, meta: Meta, parts: Children) -> ast.Flag:
        return ast.Flag(self.span(meta))

    def notify(self, meta: Meta, parts: Children) -> ast.Notify:
        return ast.Notify(parts[0], parts[1], self.span(meta))

    def hook(self, meta: Meta, parts: Children) -> ast.CallHook:
        return ast.CallHook(self.name(parts[0]), self.span(meta))

    def hold(self, meta: Meta, parts: Children) -> ast.Hold:
        return ast.Hold(parts[0], self.span(meta))

    def delete_row(self, meta: Meta, parts: Children) -> ast.Delete:
        return ast.Delete(self.span(meta))

    def skip(self, meta: Meta, parts: Children) -> ast.Skip:
        return ast.Skip(self.span(meta))

    def stop(self, meta: Meta, parts: Children) -> ast.Stop:
        return ast.Stop(self.span(meta))

    def target(self, meta: Meta, parts: Children) -> ast.Target:
        mentioned, name, conversation, where, order = parts
        way, by = order or ("", None)
        return ast.Target(
            mentioned is not None, self.name(name), conversation is not None, where, cast(Any, way), by, self.span(meta)
        )

    def of_conversation(self, meta: Meta, parts: Children) -> bool:
        return True

    def order(self, meta: Meta, parts: Children) -> Any:
        return str(parts[0]), parts[1]

    # ------------------------------------------------------------ tests

    def test(self, meta: Meta, parts: Children) -> ast.Test:
        name, *rest = parts
        clauses = [part for part in rest if isinstance(part, ast.Given | ast.AsUser | ast.At)]
        expectations = [part for part in rest if not isinstance(part, ast.Given | ast.AsUser | ast.At)]
        return ast.Test(name, tuple_of(clauses), tuple_of(expectations), self.span(meta))

    def expectation(self, meta: Meta, parts: Children) -> ast.Expectation:
        return cast(ast.Expectation, parts[0])

    def given(self, meta: Meta, parts: Children) -> ast.Given:
        return ast.Given(tuple_of(parts), self.span(meta))

    def as_user(self, meta: Meta, parts: Children) -> ast.AsUser:
        return ast.AsUser(parts[0], self.span(meta))

    def at(self, *parts: Any) -> Any:
        if len(parts) == 1:
            return super().at(parts[0])
        meta, children = parts
        return ast.At(cast(ast.Moment, literal_of(children[0], self.file, self.first)), self.span(meta))

    def gthing(self, meta: Meta, parts: Children) -> ast.Thing:
        row, name, event, file, *groups = parts
        fields = tuple_of(field for group in groups for field in group)
        word: Any = str(event) if event is not None else ""
        return ast.Thing(row is not None, self.name(name), word, file, fields, self.span(meta))

    def row_of(self, meta: Meta, parts: Children) -> bool:
        return True

    def gfile(self, meta: Meta, parts: Children) -> ast.Text:
        return cast(ast.Text, parts[0])

    def gpeople(self, meta: Meta, parts: Children) -> Any:
        role, *addresses = parts
        return (ast.GivenPeople(cast(Any, role), tuple_of(addresses), self.span(meta)),)

    def gwith(self, meta: Meta, parts: Children) -> Any:
        return tuple_of(parts)

    def gfield(self, meta: Meta, parts: Children) -> Any:
        return parts[0]

    def gcategory(self, meta: Meta, parts: Children) -> ast.GivenCategory:
        return ast.GivenCategory(parts[0], self.span(meta))

    def gis(self, meta: Meta, parts: Children) -> ast.GivenIs:
        return ast.GivenIs(str(parts[0]), self.span(meta))

    def e_nothing(self, meta: Meta, parts: Children) -> ast.ExpectNothing:
        return ast.ExpectNothing(False, self.span(meta))

    def e_nothing_else(self, meta: Meta, parts: Children) -> ast.ExpectNothing:
        return ast.ExpectNothing(True, self.span(meta))

    def e_no_create(self, meta: Meta, parts: Children) -> ast.ExpectNo:
        entity = parts[-1]
        return ast.ExpectNo("create", self.name(entity) if entity is not None else None, self.span(meta))

    def e_no_link(self, meta: Meta, parts: Children) -> ast.ExpectNo:
        return ast.ExpectNo("link", None, self.span(meta))

    def e_no_save(self, meta: Meta, parts: Children) -> ast.ExpectNo:
        return ast.ExpectNo("save", None, self.span(meta))

    def e_rule(self, meta: Meta, parts: Children) -> ast.ExpectRule:
        return ast.ExpectRule(False, parts[-1], self.span(meta))

    def e_no_rule(self, meta: Meta, parts: Children) -> ast.ExpectRule:
        return ast.ExpectRule(True, parts[-1], self.span(meta))

    def e_side(self, meta: Meta, parts: Children) -> ast.ExpectInSide:
        what, kind, side, assigns = parts
        return ast.ExpectInSide(cast(Any, str(what)), self.name(kind), side, assigns or (), self.span(meta))

    def e_effects(self, meta: Meta, parts: Children) -> ast.ExpectEffects:
        return ast.ExpectEffects(parts[0], self.span(meta))
