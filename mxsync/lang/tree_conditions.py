"""Conditions: the part of the tree that says when a rule applies."""

from __future__ import annotations

from typing import Any, cast

from mxsync.lang import ast
from mxsync.lang.token import Token
from mxsync.lang.tree import Builder, Children, Extent, tuple_of
from mxsync.lang.tree_values import literal_of, unit_of


class ConditionBuilder(Builder):
    """Builds what stands behind `when`."""

    def and_(self, extent: Extent, parts: Children) -> ast.And:
        return ast.And(tuple_of(parts), self.span(extent))

    def or_(self, extent: Extent, parts: Children) -> ast.Or:
        return ast.Or(tuple_of(parts), self.span(extent))

    def not_(self, extent: Extent, parts: Children) -> ast.Not:
        return ast.Not(parts[0], self.span(extent))

    def group(self, extent: Extent, parts: Children) -> ast.Condition:
        return cast(ast.Condition, parts[0])

    def core(self, extent: Extent, parts: Children) -> ast.Condition:
        return self._core("", parts[0], parts[1], extent)

    def core_q(self, extent: Extent, parts: Children) -> ast.Condition:
        return self._core(str(parts[0]), parts[1], parts[2], extent)

    def _core(self, quantifier: str, path: ast.Path, tail: Any, extent: Extent) -> ast.Condition:
        operator, value = tail
        if operator == "known":
            negated, entity, where = value
            return ast.Known(cast(Any, quantifier), "", path, negated, entity, where, self.span(extent))
        return ast.Compare(cast(Any, quantifier), path, operator, value, self.span(extent))

    def cmp(self, extent: Extent, parts: Children) -> Any:
        return str(parts[0]), parts[1]

    def is_(self, extent: Extent, parts: Children) -> Any:
        return "is", parts[0]

    def isnot(self, extent: Extent, parts: Children) -> Any:
        return "is not", parts[0]

    def empty(self, extent: Extent, parts: Children) -> Any:
        return "is empty", None

    def notempty(self, extent: Extent, parts: Children) -> Any:
        return "is not empty", None

    def is_known(self, extent: Extent, parts: Children) -> Any:
        return "known", (False, *parts[0])

    def isnot_known(self, extent: Extent, parts: Children) -> Any:
        return "known", (True, *parts[0])

    def known(self, extent: Extent, parts: Children) -> Any:
        return self.name(parts[0]), parts[1]

    def in_(self, extent: Extent, parts: Children) -> Any:
        return "in", parts[0]

    def notin(self, extent: Extent, parts: Children) -> Any:
        return "not in", parts[0]

    def contains(self, extent: Extent, parts: Children) -> Any:
        value = parts[0]
        # One word after `contains` may be a list's name or a path: the checker knows which.
        return "contains", value

    def starts(self, extent: Extent, parts: Children) -> Any:
        return "starts with", parts[0]

    def ends(self, extent: Extent, parts: Children) -> Any:
        return "ends with", parts[0]

    def like(self, extent: Extent, parts: Children) -> Any:
        return "like", parts[0]

    def matches(self, extent: Extent, parts: Children) -> Any:
        token = parts[0]
        return "matches", ast.Regex(str(token)[1:-1].replace("\\/", "/"), self.at(token))

    def exists(self, extent: Extent, parts: Children) -> Any:
        return "exists", None

    def changed(self, extent: Extent, parts: Children) -> Any:
        return "changed", None

    def before(self, extent: Extent, parts: Children) -> Any:
        return "before", parts[0]

    def after(self, extent: Extent, parts: Children) -> Any:
        return "after", parts[0]

    def within(self, extent: Extent, parts: Children) -> Any:
        way = "within last" if parts[0].type == "LAST" else "within next"
        return way, unit_of(parts[1], self.file, self.first)

    def role(self, extent: Extent, parts: Children) -> str:
        return str(parts[0])

    grole = role

    def pick_is(self, extent: Extent, parts: Children) -> Any:
        return "is", parts[0]

    def pick_in(self, extent: Extent, parts: Children) -> Any:
        return "in", parts[0]

    def pick_like(self, extent: Extent, parts: Children) -> Any:
        return "like", parts[0]

    def category(self, extent: Extent, parts: Children) -> ast.Category:
        return ast.Category(parts[0][0], parts[0][1], self.span(extent))

    def person(self, extent: Extent, parts: Children) -> ast.Person:
        return ast.Person(cast(Any, parts[0]), False, parts[1][0], parts[1][1], self.span(extent))

    def person_domain(self, extent: Extent, parts: Children) -> ast.Person:
        return ast.Person(cast(Any, parts[0]), True, parts[1][0], parts[1][1], self.span(extent))

    def role_known(self, extent: Extent, parts: Children) -> ast.Known:
        return ast.Known("", parts[0], None, False, parts[1][0], parts[1][1], self.span(extent))

    def role_not_known(self, extent: Extent, parts: Children) -> ast.Known:
        return ast.Known("", parts[0], None, True, parts[1][0], parts[1][1], self.span(extent))

    def known_(self, extent: Extent, parts: Children) -> ast.Known:
        return ast.Known("", "", None, False, parts[0][0], parts[0][1], self.span(extent))

    def not_known(self, extent: Extent, parts: Children) -> ast.Known:
        return ast.Known("", "", None, True, parts[0][0], parts[0][1], self.span(extent))

    def adj(self, extent: Extent, parts: Children) -> ast.Is:
        return ast.Is(str(parts[0]), False, self.span(extent))

    def not_adj(self, extent: Extent, parts: Children) -> ast.Is:
        return ast.Is(str(parts[0]), True, self.span(extent))

    def reply(self, extent: Extent, parts: Children) -> ast.IsReply:
        return ast.IsReply(False, self.name(parts[0]), self.span(extent))

    def not_reply(self, extent: Extent, parts: Children) -> ast.IsReply:
        return ast.IsReply(True, self.name(parts[0]), self.span(extent))

    def has_attachment(self, extent: Extent, parts: Children) -> ast.HasAttachment:
        like, larger = parts
        return ast.HasAttachment(like, self._size(larger), self.span(extent))

    def _size(self, token: Token | None) -> ast.Size | None:
        return cast(ast.Size, literal_of(token, self.file, self.first)) if token is not None else None

    def has(self, extent: Extent, parts: Children) -> ast.Has:
        return ast.Has(str(parts[0]), self.span(extent))

    def mentions(self, extent: Extent, parts: Children) -> ast.Mentions:
        return ast.Mentions(self.name(parts[0]), parts[1], self.span(extent))
