"""From the parser's words to the tree: one method a construct."""

from __future__ import annotations

from typing import Any, TypeAlias, cast

from mxsync.lang import ast
from mxsync.lang.source import Span
from mxsync.lang.token import Token
from mxsync.lang.tree_values import Slip, literal_of, name_of, span_of_token, text_of, unit_of

Children = list[Any]
Place: TypeAlias = tuple[int, int]
Extent: TypeAlias = tuple[Place | None, Place | None]
"""Line and column of the first character of a construct, and those behind its last; None for one without words. Lines
count from 1 in the statement's text, columns in characters from 1."""


class Builder:
    """Makes the tree of one statement. `file` and `line` say where it begins. Raises `Slip` for a value that cannot
    be (a thirteenth month)."""

    def __init__(self) -> None:
        self.file = ""
        self.first = 1

    # ------------------------------------------------------------ places

    def span(self, extent: Extent) -> Span:
        begin, end = extent
        if begin is None or end is None:
            return Span(self.file, self.first, 1, self.first, 1)
        line = self.first - 1
        return Span(self.file, line + begin[0], begin[1], line + end[0], end[1])

    def at(self, token: Token) -> Span:
        return span_of_token(token, self.file, self.first)

    def name(self, token: Token) -> ast.Name:
        return name_of(token, self.file, self.first)

    def _text(self, value: Any) -> ast.Text:
        return value if isinstance(value, ast.Text) else text_of(value, self.file, self.first)

    # ------------------------------------------------------------ words and values

    def string(self, extent: Extent, parts: Children) -> ast.Text:
        return self._text(parts[0])

    text = string

    def column(self, extent: Extent, parts: Children) -> ast.Column:
        token = parts[0]
        if token.type == "STRING":
            return ast.Column(self._text(token).text, True, self.at(token))
        return ast.Column(str(token), False, self.at(token))

    def columns(self, extent: Extent, parts: Children) -> tuple[ast.Column, ...]:
        return tuple(parts)

    def literal(self, extent: Extent, parts: Children) -> ast.Literal:
        return literal_of(parts[0], self.file, self.first)

    def path(self, extent: Extent, parts: Children) -> ast.Path:
        names = []
        for part in parts:
            if isinstance(part, Token) and part.type == "STRING":
                names.append(ast.Name(self._text(part).text, self.at(part)))
            else:
                names.append(self.name(part) if isinstance(part, Token) else part)
        return ast.Path(tuple(names), self.span(extent))

    def field_word(self, extent: Extent, parts: Children) -> ast.Name:
        return self.name(parts[0])

    class_word = field_word

    def header_path(self, extent: Extent, parts: Children) -> ast.Path:
        token = parts[0]
        at = self.at(token)
        head = Span(at.file, at.line, at.column, at.line, at.column + 6)
        rest = Span(at.file, at.line, at.column + 7, at.line, at.end_column)
        return ast.Path((ast.Name("header", head), ast.Name(str(token)[7:], rest)), at)

    def path_value(self, extent: Extent, parts: Children) -> ast.Path:
        return cast(ast.Path, parts[0])

    def _duration(self, token: Token) -> ast.Duration:
        return unit_of(token, self.file, self.first)

    def path_sum(self, extent: Extent, parts: Children) -> ast.Sum:
        path, sign, duration = parts
        return ast.Sum(path, 1 if sign.type == "PLUS" else -1, self._duration(duration), self.span(extent))

    def now_value(self, extent: Extent, parts: Children) -> ast.Sum:
        return ast.Sum(None, 0, None, self.span(extent))

    def now_sum(self, extent: Extent, parts: Children) -> ast.Sum:
        _, sign, duration = parts
        return ast.Sum(None, 1 if sign.type == "PLUS" else -1, self._duration(duration), self.span(extent))

    def parenthesised(self, extent: Extent, parts: Children) -> ast.Values:
        return ast.Values(tuple_of(parts), self.span(extent))

    def set_name(self, extent: Extent, parts: Children) -> ast.Name:
        return self.name(parts[0])

    def set(self, extent: Extent, parts: Children) -> Any:
        return parts[0]

    def assign(self, extent: Extent, parts: Children) -> ast.Assign:
        return ast.Assign(parts[0], parts[-1], self.span(extent))

    def assigns(self, extent: Extent, parts: Children) -> tuple[ast.Assign, ...]:
        return (*parts,)

    # ------------------------------------------------------------ files and lists

    def use(self, extent: Extent, parts: Children) -> ast.Use:
        return ast.Use(parts[0], self.span(extent))

    def list_items(self, extent: Extent, parts: Children) -> ast.ListOf:
        items = tuple(item for item, _ in parts[2:])
        meant = tuple(meant for _, meant in parts[2:])
        return ast.ListOf(self.name(parts[0]), items, meant, None, None, None, self.span(extent))

    def list_item(self, extent: Extent, parts: Children) -> tuple[ast.Text, ast.Text | None]:
        return parts[0], parts[1]

    def list_file(self, extent: Extent, parts: Children) -> ast.ListOf:
        return ast.ListOf(self.name(parts[0]), (), (), parts[2], parts[3], parts[4], self.span(extent))

    # ------------------------------------------------------------ entities

    def entity(self, extent: Extent, parts: Children) -> ast.EntityOf:
        name, table, where, as_kind, *lines = parts
        kind, item_class = as_kind or (None, None)
        return ast.EntityOf(self.name(name), table, where or (), kind, item_class, tuple_of(lines), self.span(extent))

    def entity_where(self, extent: Extent, parts: Children) -> tuple[ast.ColumnValue, ...]:
        return (*parts,)

    def entity_as(self, extent: Extent, parts: Children) -> tuple[ast.Name, ast.Text | None]:
        return self.name(parts[0]), self._text(parts[1]) if parts[1] is not None else None

    def colvalue(self, extent: Extent, parts: Children) -> ast.ColumnValue:
        return ast.ColumnValue(parts[0], parts[-1], self.span(extent))

    def extend(self, extent: Extent, parts: Children) -> ast.Extend:
        return ast.Extend(self.name(parts[0]), tuple_of(parts[1:]), self.span(extent))

    def key(self, extent: Extent, parts: Children) -> ast.Key:
        return ast.Key(parts[0], self.span(extent))

    def map_line(self, extent: Extent, parts: Children) -> ast.Map:
        path, arrow, columns, conv = parts
        return ast.Map(path, cast(Any, str(arrow)), columns, conv, self.span(extent))

    def fill(self, extent: Extent, parts: Children) -> ast.Fill:
        return ast.Fill(parts[0], parts[-1], self.span(extent))

    def modified(self, extent: Extent, parts: Children) -> ast.Modified:
        return ast.Modified(parts[0], self.span(extent))

    def matched(self, extent: Extent, parts: Children) -> ast.MatchedBy:
        return ast.MatchedBy(tuple_of(parts), self.span(extent))

    def keyset(self, extent: Extent, parts: Children) -> tuple[ast.Path, ...]:
        return (*parts,)

    def links(self, extent: Extent, parts: Children) -> ast.LinksTo:
        return ast.LinksTo(self.name(parts[0]), parts[1], parts[2], parts[3], self.span(extent))

    def as_name(self, extent: Extent, parts: Children) -> ast.AsName:
        zone = self._text(parts[1]) if parts[1] is not None else None
        return ast.AsName(self.name(parts[0]), zone, self.span(extent))

    def as_codes(self, extent: Extent, parts: Children) -> ast.AsCodes:
        return ast.AsCodes(tuple_of(parts), self.span(extent))

    def pair(self, extent: Extent, parts: Children) -> tuple[ast.Name | ast.Text, ast.Literal]:
        token = parts[0]
        return (self.name(token) if token.type == "NAME" else self._text(token)), parts[-1]

    def fk(self, extent: Extent, parts: Children) -> ast.IsEntity:
        return ast.IsEntity(self.name(parts[0]), self.span(extent))

    # ------------------------------------------------------------ syncs

    def sync(self, extent: Extent, parts: Children) -> ast.Sync:
        name, users, left, right, *clauses = parts
        return ast.Sync(self.name(name), users, left, right, tuple_of(clauses), self.span(extent))

    def sync_off(self, extent: Extent, parts: Children) -> ast.SyncOff:
        return ast.SyncOff(self.name(parts[0]), self.span(extent))

    def addresses(self, extent: Extent, parts: Children) -> ast.People:
        return ast.People(tuple_of(parts), None, self.span(extent))

    def people_list(self, extent: Extent, parts: Children) -> ast.People:
        return ast.People((), self.name(parts[0]), self.span(extent))

    def side(self, extent: Extent, parts: Children) -> ast.Side:
        spec, alias = parts
        if alias is None:
            return cast(ast.Side, spec)
        return ast.Side(spec.form, spec.folder, spec.user, spec.entity, self.name(alias), self.span(extent))

    def each_user(self, extent: Extent, parts: Children) -> ast.Side:
        return ast.Side("each", parts[0], None, None, None, self.span(extent))

    def one_user(self, extent: Extent, parts: Children) -> ast.Side:
        return ast.Side("one", parts[0], parts[1], None, None, self.span(extent))

    def public_side(self, extent: Extent, parts: Children) -> ast.Side:
        return ast.Side("public", parts[1], None, None, None, self.span(extent))

    def table_side(self, extent: Extent, parts: Children) -> ast.Side:
        return ast.Side("table", None, None, self.name(parts[0]), None, self.span(extent))

    def sref(self, extent: Extent, parts: Children) -> ast.SideRef:
        return ast.SideRef(str(parts[0]), self.at(parts[0]))

    def into(self, extent: Extent, parts: Children) -> ast.Into:
        side, when, assigns = parts
        return ast.Into(side, when, assigns or (), self.span(extent))

    def newest(self, extent: Extent, parts: Children) -> ast.Conflict:
        return ast.Conflict(None, False, self.span(extent))

    def winner(self, extent: Extent, parts: Children) -> ast.Conflict:
        return ast.Conflict(parts[0], False, self.span(extent))

    def review(self, extent: Extent, parts: Children) -> ast.Conflict:
        return ast.Conflict(None, True, self.span(extent))

    def deleted(self, extent: Extent, parts: Children) -> ast.DeletedIn:
        return ast.DeletedIn(parts[0], cast(Any, str(parts[1])), self.span(extent))

    def outof(self, extent: Extent, parts: Children) -> ast.OutOfFilter:
        return ast.OutOfFilter(cast(Any, str(parts[0])), self.span(extent))

    # ------------------------------------------------------------ rules

    def rule(self, extent: Extent, parts: Children) -> ast.Rule:
        header, kind, event, condition, actions = parts
        name, clauses = header if header is not None else (None, ())
        found: dict[str, Any] = {}
        for what, value, span in clauses:
            if what in found:
                raise Slip("twice", span, what)
            found[what] = value
        return ast.Rule(
            name,
            found.get("priority"),
            "off" in found,
            found.get("because"),
            found.get("users"),
            found.get("folders"),
            kind,
            cast(Any, str(event)) if event is not None else "",
            condition,
            actions,
            self.span(extent),
        )

    def rule_off(self, extent: Extent, parts: Children) -> ast.RuleOff:
        return ast.RuleOff(parts[0], self.span(extent))

    def header(self, extent: Extent, parts: Children) -> tuple[ast.Text, tuple[Any, ...]]:
        return parts[0], tuple_of(parts[1:])

    def priority(self, extent: Extent, parts: Children) -> Any:
        return "priority", literal_of(parts[0], self.file, self.first), self.span(extent)

    def because(self, extent: Extent, parts: Children) -> Any:
        return "because", parts[0], self.span(extent)

    def for_users(self, extent: Extent, parts: Children) -> Any:
        return "users", parts[0], self.span(extent)

    def in_folders(self, extent: Extent, parts: Children) -> Any:
        public, *patterns = parts
        return "folders", ast.Folders(public is not None, tuple_of(patterns), self.span(extent)), self.span(extent)

    def off(self, extent: Extent, parts: Children) -> Any:
        return "off", True, self.span(extent)

    def item_kind(self, extent: Extent, parts: Children) -> ast.Kind:
        return ast.Kind(False, self.name(parts[0]), self.span(extent))

    def row_kind(self, extent: Extent, parts: Children) -> ast.Kind:
        return ast.Kind(True, self.name(parts[0]), self.span(extent))


def tuple_of(parts: Any) -> Any:
    """The children as a tuple (typed as anything, as Lark gives them)."""
    return (*parts,)
