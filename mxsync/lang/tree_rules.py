"""Actions and tests: with conditions, the part of the tree that rules are made of."""

from __future__ import annotations

from typing import Any, cast

from mxsync.lang import ast
from mxsync.lang.tree import Children, Extent, tuple_of
from mxsync.lang.tree_conditions import ConditionBuilder
from mxsync.lang.tree_values import Slip, literal_of


class RuleBuilder(ConditionBuilder):
    """Builds every construct of the grammar."""

    # ------------------------------------------------------------ actions

    def action_list(self, extent: Extent, parts: Children) -> tuple[ast.Action, ...]:
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

    def create(self, extent: Extent, parts: Children) -> ast.Create:
        entity, source, people, assign, linked = parts
        return ast.Create(
            self.name(entity),
            str(source or ""),
            str(people or ""),
            (assign,) if assign is not None else (),
            self.name(linked) if linked is not None else None,
            self.span(extent),
        )

    def update(self, extent: Extent, parts: Children) -> ast.UpdateFrom:
        # The word itself is kept in the tree, since `expect update contact in …` has it as well.
        _, entity, source = parts
        return ast.UpdateFrom(self.name(entity), str(source), self.span(extent))

    def save(self, extent: Extent, parts: Children) -> ast.Save:
        return ast.Save(self.name(parts[0]) if parts[0] is not None else None, (), self.span(extent))

    def save_att(self, extent: Extent, parts: Children) -> ast.SaveAttachments:
        place, larger, like, replacing = parts
        folder = place if isinstance(place, ast.Text) else None
        return ast.SaveAttachments(folder, self._size(larger), like, replacing is not None, self.span(extent))

    def folder(self, extent: Extent, parts: Children) -> ast.Text:
        return cast(ast.Text, parts[0])

    def replacing(self, extent: Extent, parts: Children) -> bool:
        return True

    def link(self, extent: Extent, parts: Children) -> ast.LinkTo:
        return ast.LinkTo((parts[0],) if parts[0] is not None else (), self.span(extent))

    def set_(self, extent: Extent, parts: Children) -> ast.Set:
        return ast.Set((parts[0],), self.span(extent))

    def categorize(self, extent: Extent, parts: Children) -> ast.Categorize:
        return ast.Categorize(parts[0], self.span(extent))

    def uncategorize(self, extent: Extent, parts: Children) -> ast.Uncategorize:
        return ast.Uncategorize(parts[0], self.span(extent))

    def move(self, extent: Extent, parts: Children) -> ast.MoveTo:
        return ast.MoveTo(parts[0], self.span(extent))

    def copy(self, extent: Extent, parts: Children) -> ast.CopyTo:
        return ast.CopyTo(parts[0], self.span(extent))

    def mark(self, extent: Extent, parts: Children) -> ast.MarkRead:
        return ast.MarkRead(self.span(extent))

    def flag(self, extent: Extent, parts: Children) -> ast.Flag:
        return ast.Flag(self.span(extent))

    def notify(self, extent: Extent, parts: Children) -> ast.Notify:
        return ast.Notify(parts[0], parts[1], self.span(extent))

    def hook(self, extent: Extent, parts: Children) -> ast.CallHook:
        return ast.CallHook(self.name(parts[0]), self.span(extent))

    def hold(self, extent: Extent, parts: Children) -> ast.Hold:
        return ast.Hold(parts[0], self.span(extent))

    def delete_row(self, extent: Extent, parts: Children) -> ast.Delete:
        return ast.Delete(self.span(extent))

    def skip(self, extent: Extent, parts: Children) -> ast.Skip:
        return ast.Skip(self.span(extent))

    def stop(self, extent: Extent, parts: Children) -> ast.Stop:
        return ast.Stop(self.span(extent))

    def target(self, extent: Extent, parts: Children) -> ast.Target:
        mentioned, name, conversation, where, order = parts
        way, by = order or ("", None)
        return ast.Target(
            mentioned is not None,
            self.name(name),
            conversation is not None,
            where,
            cast(Any, way),
            by,
            self.span(extent),
        )

    def of_conversation(self, extent: Extent, parts: Children) -> bool:
        return True

    def order(self, extent: Extent, parts: Children) -> Any:
        return str(parts[0]), parts[1]

    # ------------------------------------------------------------ tests

    def test(self, extent: Extent, parts: Children) -> ast.Test:
        name, *rest = parts
        clauses = [part for part in rest if isinstance(part, ast.Given | ast.AsUser | ast.At)]
        expectations = [part for part in rest if not isinstance(part, ast.Given | ast.AsUser | ast.At)]
        return ast.Test(name, tuple_of(clauses), tuple_of(expectations), self.span(extent))

    def expectation(self, extent: Extent, parts: Children) -> ast.Expectation:
        return cast(ast.Expectation, parts[0])

    def given(self, extent: Extent, parts: Children) -> ast.Given:
        return ast.Given(tuple_of(parts), self.span(extent))

    def as_user(self, extent: Extent, parts: Children) -> ast.AsUser:
        return ast.AsUser(parts[0], self.span(extent))

    def at(self, *parts: Any) -> Any:
        if len(parts) == 1:
            return super().at(parts[0])
        extent, children = parts
        return ast.At(cast(ast.Moment, literal_of(children[0], self.file, self.first)), self.span(extent))

    def gthing(self, extent: Extent, parts: Children) -> ast.Thing:
        row, name, event, file, *groups = parts
        fields = tuple_of(field for group in groups for field in group)
        word: Any = str(event) if event is not None else ""
        return ast.Thing(row is not None, self.name(name), word, file, fields, self.span(extent))

    def row_of(self, extent: Extent, parts: Children) -> bool:
        return True

    def gfile(self, extent: Extent, parts: Children) -> ast.Text:
        return cast(ast.Text, parts[0])

    def gpeople(self, extent: Extent, parts: Children) -> Any:
        role, *addresses = parts
        return (ast.GivenPeople(cast(Any, role), tuple_of(addresses), self.span(extent)),)

    def gwith(self, extent: Extent, parts: Children) -> Any:
        return tuple_of(parts)

    def gfield(self, extent: Extent, parts: Children) -> Any:
        return parts[0]

    def gcategory(self, extent: Extent, parts: Children) -> ast.GivenCategory:
        return ast.GivenCategory(parts[0], self.span(extent))

    def gis(self, extent: Extent, parts: Children) -> ast.GivenIs:
        return ast.GivenIs(str(parts[0]), self.span(extent))

    def e_nothing(self, extent: Extent, parts: Children) -> ast.ExpectNothing:
        return ast.ExpectNothing(False, self.span(extent))

    def e_nothing_else(self, extent: Extent, parts: Children) -> ast.ExpectNothing:
        return ast.ExpectNothing(True, self.span(extent))

    def e_no_create(self, extent: Extent, parts: Children) -> ast.ExpectNo:
        entity = parts[-1]
        return ast.ExpectNo("create", self.name(entity) if entity is not None else None, self.span(extent))

    def e_no_link(self, extent: Extent, parts: Children) -> ast.ExpectNo:
        return ast.ExpectNo("link", None, self.span(extent))

    def e_no_save(self, extent: Extent, parts: Children) -> ast.ExpectNo:
        return ast.ExpectNo("save", None, self.span(extent))

    def e_rule(self, extent: Extent, parts: Children) -> ast.ExpectRule:
        return ast.ExpectRule(False, parts[-1], self.span(extent))

    def e_no_rule(self, extent: Extent, parts: Children) -> ast.ExpectRule:
        return ast.ExpectRule(True, parts[-1], self.span(extent))

    def e_side(self, extent: Extent, parts: Children) -> ast.ExpectInSide:
        what, kind, side, assigns = parts
        return ast.ExpectInSide(cast(Any, str(what)), self.name(kind), side, assigns or (), self.span(extent))

    def e_effects(self, extent: Extent, parts: Children) -> ast.ExpectEffects:
        return ast.ExpectEffects(parts[0], self.span(extent))
