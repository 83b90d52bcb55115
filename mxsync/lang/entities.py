"""`entity` and `extend entity` statements into entities with typed fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mxsync.lang import ast, messages_names, messages_tables
from mxsync.lang.declarations import Declarations, Declared, part_of
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.entity_fields import FieldReader, literal_value
from mxsync.lang.environment import EntityInfo
from mxsync.lang.report import Report
from mxsync.lang.types import Place
from mxsync.lang.vocabulary import ENTITY_OF_KIND, KIND_WORDS, PARTS
from mxsync.model.item import Kind, Scalar
from mxsync.model.record import Direction, Entity, FieldMap, LinkTable
from mxsync.model.schema import Schema, TableInfo


@dataclass(slots=True)
class _Draft:
    """An entity being put together from its statement and its extensions."""

    declared: Declared[ast.EntityOf]
    kind: Kind | None
    info: EntityInfo | None = None
    key: tuple[str, ...] = ()
    modified: str = ""
    has_matched: bool = False
    matched: list[tuple[ast.MatchedBy, Report]] = field(default_factory=list)
    fields: dict[str, FieldMap] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    links: list[LinkTable] = field(default_factory=list)
    fill: list[tuple[str, Scalar]] = field(default_factory=list)
    linked: set[str] = field(default_factory=set)
    writers: dict[str, str] = field(default_factory=dict)
    broken: bool = False


def kind_of(tree: ast.EntityOf) -> tuple[Kind | None, bool]:
    """The item kind that an entity stands for, and whether what it says is known."""
    if tree.as_kind is not None:
        word = tree.as_kind.text
        for kind in Kind:
            if word == kind.value:
                return kind, True
        return None, word in PARTS and tree.item_class is None
    return next((kind for kind, name in ENTITY_OF_KIND.items() if name == tree.name.text), None), True


class EntityReader:
    """Resolves all entities together, since they refer to each other."""

    def __init__(self, declared: Declarations, schema: Schema | None) -> None:
        self.declared = declared
        self.schema = schema
        self.diagnostics: list[Diagnostic] = []
        self.drafts: dict[str, _Draft] = {}
        self.keys: dict[str, int] = {}

    def read(self) -> dict[str, EntityInfo]:
        reports: list[Report] = []
        for name, declared in self.declared.entities.items():
            self.drafts[name] = _Draft(declared, kind_of(declared.tree)[0])
            self.keys[name] = max(1, sum(len(x.columns) for x in declared.tree.lines if isinstance(x, ast.Key)))
        for draft in self.drafts.values():
            report = Report()
            reports.append(report)
            self.head(draft, report)
            self.lines(draft, draft.declared.tree.lines, report)
            if not draft.key:
                report.add(messages_tables.no_key(draft.declared.tree.name.span, draft.declared.tree.name.text))
            draft.broken |= report.error is not None
        for extend in self.declared.extends:
            report = Report()
            reports.append(report)
            self.extend(extend.tree, report)
        for draft in self.drafts.values():
            for matched, report in draft.matched:
                self.matched_by(draft, matched, report)
        for report in reports:
            self.diagnostics.extend(report.all())
        return {name: self.finish(name, draft) for name, draft in self.drafts.items()}

    def target(self, name: str) -> str | None:
        """The entity that a reference means; None for an unknown or a faulty one."""
        if name in self.drafts:
            return name
        if name in PARTS and self.declared.parts.get(name) in self.drafts:
            return self.declared.parts[name]
        while name in self.declared.retired:
            name = self.declared.retired[name]
        return name if name in self.drafts else None

    def reference(self, name: ast.Name, report: Report) -> str | None:
        found = self.target(name.text)
        if found is None and not self.declared.incomplete and name.text not in self.declared.poisoned:
            if name.text in PARTS:
                report.add(messages_names.no_such_part(name.span, name.text))
            else:
                report.add(messages_names.unknown_entity(name.span, name.text, [*self.drafts, *self.declared.parts]))
        return found

    def head(self, draft: _Draft, report: Report) -> None:
        tree = draft.declared.tree
        if tree.as_kind is not None and not kind_of(tree)[1]:
            known = [word for word in KIND_WORDS if word != "item"]
            if tree.item_class is None:
                known += PARTS
            report.add(messages_names.unknown_kind(tree.as_kind.span, tree.as_kind.text, dict.fromkeys(known)))

    def extend(self, tree: ast.Extend, report: Report) -> None:
        name = self.target(tree.name.text)
        if name is None:
            if not self.declared.incomplete and tree.name.text not in self.declared.poisoned:
                report.add(messages_names.nothing_to_extend(tree.name.span, tree.name.text, self.drafts))
            return
        self.lines(self.drafts[name], tree.lines, report)
        self.drafts[name].broken |= report.error is not None

    def lines(self, draft: _Draft, lines: tuple[ast.EntityLine, ...], report: Report) -> None:
        for line in lines:
            self.line(draft, line, report)

    def line(self, draft: _Draft, line: ast.EntityLine, report: Report) -> None:
        entity = draft.declared.tree.name.text
        match line:
            case ast.Key():
                if draft.key:
                    report.add(messages_tables.line_twice(line.span, entity, "key"))
                draft.key = tuple(column.text for column in line.columns)
            case ast.Modified():
                if draft.modified:
                    report.add(messages_tables.line_twice(line.span, entity, "modified"))
                draft.modified = line.column.text
            case ast.MatchedBy():
                if draft.has_matched:
                    report.add(messages_tables.line_twice(line.span, entity, "matched by"))
                draft.has_matched = True
                draft.matched.append((line, report))
            case ast.Fill():
                draft.fill.append((line.column.text, literal_value(line.value)))
            case ast.LinksTo():
                self.links_to(draft, line, report)
            case ast.Map():
                self.map(draft, line, report)

    def links_to(self, draft: _Draft, line: ast.LinksTo, report: Report) -> None:
        target = self.reference(line.target, report)
        if target is None:
            draft.broken = True
            return
        word = line.target.text
        if word in draft.linked:
            report.add(messages_tables.linked_twice(line.target.span, draft.declared.tree.name.text, word))
        draft.linked.add(word)
        if any(link.target == target for link in draft.links):
            return  # two words for one entity: the used file's and this one's
        draft.links.append(LinkTable(target, line.table.text, line.own.text, line.other.text))

    def map(self, draft: _Draft, line: ast.Map, report: Report) -> None:
        name = line.path.text
        if name in draft.fields:
            report.add(messages_tables.mapped_twice(line.path.span, draft.declared.tree.name.text, name))
            return
        reader = FieldReader(draft.kind, self.table(draft), self.reference, self.key_width, report)
        made = reader.read(line)
        draft.broken |= report.error is not None
        draft.fields[name], draft.places[name] = made
        if made[0].direction in (Direction.BOTH, Direction.TO_TABLE):
            for column in line.columns:
                before = draft.writers.setdefault(column.text.casefold(), name)
                if before != name:
                    report.add(messages_tables.column_written_twice(column.span, column.text, before))

    def key_width(self, entity: str) -> int:
        return self.keys[entity]

    def table(self, draft: _Draft) -> TableInfo | None:
        return self.schema.table(draft.declared.tree.table.text) if self.schema is not None else None

    def matched_by(self, draft: _Draft, matched: ast.MatchedBy, report: Report) -> None:
        for keys in matched.keys:
            for path in keys:
                if path.text not in draft.fields and not draft.broken:
                    entity = draft.declared.tree.name.text
                    report.add(messages_tables.matched_by_unmapped(path.span, entity, path.text, draft.fields))
                    draft.broken = True

    def finish(self, name: str, draft: _Draft) -> EntityInfo:
        tree = draft.declared.tree
        part = part_of(tree)
        keys: tuple[tuple[str, ...], ...] = ()
        for matched, _ in draft.matched:
            keys = tuple(tuple(path.text for path in key) for key in matched.keys)
        entity = Entity(
            name, tree.table.text, draft.key, dict(draft.fields), draft.kind,
            part if self.declared.parts.get(part) == name else "",
            tree.item_class.text if tree.item_class is not None else "", draft.modified, keys, tuple(draft.links),
            tuple((pair.column.text, literal_value(pair.value)) for pair in tree.where), tuple(draft.fill),
        )  # fmt: skip
        broken = draft.broken or name in self.declared.poisoned
        return EntityInfo(
            entity, dict(draft.places), draft.declared.file.name, tree.name.span, broken, self.table(draft)
        )


def read_entities(declared: Declarations, schema: Schema | None) -> tuple[Mapping[str, EntityInfo], list[Diagnostic]]:
    """All entities that count, and what is wrong with their statements by themselves."""
    reader = EntityReader(declared, schema)
    return reader.read(), reader.diagnostics
