"""Which statements count: those of all files together, after replacements, switches and duplicates.

A statement takes the place of one of the same kind and name from a file that its file uses. Parts ('contact',
'company', 'user') are taken over in the same way: the entity of a used file that played it is retired.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar, cast

from mxsync.lang import ast, messages_names
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.load import Loaded, LoadedFile
from mxsync.lang.source import Span
from mxsync.lang.suggest import nearest
from mxsync.lang.vocabulary import PARTS, STATEMENTS

T = TypeVar("T")
Named = ast.ListOf | ast.EntityOf | ast.Sync | ast.Rule | ast.Test


@dataclass(frozen=True, slots=True)
class Declared(Generic[T]):
    """A statement that counts, and where it stands. `order` is its place among all statements."""

    tree: T
    file: LoadedFile
    statement: ast.ParsedStatement
    order: int


@dataclass(slots=True)
class Declarations:
    """All that the files say together. `poisoned` are names that a broken statement may have declared: nothing is
    reported of them. `rule_names` has every rule ever named, also those switched off or replaced."""

    entities: dict[str, Declared[ast.EntityOf]] = field(default_factory=dict)
    extends: list[Declared[ast.Extend]] = field(default_factory=list)
    lists: dict[str, Declared[ast.ListOf]] = field(default_factory=dict)
    rules: list[Declared[ast.Rule]] = field(default_factory=list)
    syncs: dict[str, Declared[ast.Sync]] = field(default_factory=dict)
    tests: list[Declared[ast.Test]] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=dict)
    retired: dict[str, str] = field(default_factory=dict)
    poisoned: set[str] = field(default_factory=set)
    rule_names: set[str] = field(default_factory=set)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    incomplete: bool = False
    reach: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def file_uses(self, user: str, used: str) -> bool:
        """Whether `user` uses `used`, directly or through others."""
        return used in self.reach.get(user, ())


_WHAT: Final = {
    ast.ListOf: "list", ast.EntityOf: "entity", ast.Sync: "sync", ast.Rule: "rule", ast.Test: "test",
}  # fmt: skip


def _named(tree: Named) -> tuple[str, Span]:
    assert tree.name is not None
    return tree.name.text, tree.name.span


class _Merger:
    def __init__(self, loaded: Loaded) -> None:
        self.out = Declarations(incomplete=loaded.incomplete, reach=loaded.reach())
        self.current: dict[tuple[str, str], Declared[Named]] = {}
        self.nameless: list[Declared[ast.Rule]] = []
        self.offs: list[Declared[ast.RuleOff | ast.SyncOff]] = []

    def add(self, tree: ast.Statement, where: tuple[LoadedFile, ast.ParsedStatement, int]) -> None:
        match tree:
            case ast.Use():
                pass
            case ast.Extend():
                self.out.extends.append(Declared(tree, *where))
            case ast.RuleOff() | ast.SyncOff():
                self.offs.append(Declared(tree, *where))
            case ast.Rule() if tree.name is None:
                self.nameless.append(Declared(tree, *where))
            case ast.ListOf() | ast.EntityOf() | ast.Sync() | ast.Rule() | ast.Test():
                self.name(Declared(tree, *where))

    def name(self, new: Declared[Named]) -> None:
        what = _WHAT[type(new.tree)]
        name, span = _named(new.tree)
        before = self.current.get((what, name))
        if before is not None and not self.out.file_uses(new.file.name, before.file.name):
            first = _named(before.tree)[1]
            self.out.diagnostics.append(messages_names.given_twice(span, what, name, first))
            return
        self.current[what, name] = new

    def switch_off(self) -> None:
        """After all files are read, so that a file may switch off what stands further down in itself."""
        for off in self.offs:
            what = "rule" if isinstance(off.tree, ast.RuleOff) else "sync"
            name, span = off.tree.name.text, off.tree.name.span
            found = self.current.get((what, name))
            reachable = found is not None and (
                found.file is off.file or self.out.file_uses(off.file.name, found.file.name)
            )
            if reachable:
                del self.current[what, name]
            elif found is None and (self.out.incomplete or name in self.out.poisoned or name in self.out.rule_names):
                pass
            elif found is not None and self.out.file_uses(found.file.name, off.file.name):
                pass  # a file that uses this one has put its own in the place of what is switched off
            else:
                known = [name for kind, name in self.current if kind == what]
                self.out.diagnostics.append(messages_names.nothing_to_switch_off(span, what, name, known))

    def sort(self) -> None:
        for declared in self.current.values():
            match declared.tree:
                case ast.ListOf(name=name):
                    self.out.lists[name.text] = cast("Declared[ast.ListOf]", declared)
                case ast.EntityOf(name=name):
                    self.out.entities[name.text] = cast("Declared[ast.EntityOf]", declared)
                case ast.Sync(name=name):
                    self.out.syncs[name.text] = cast("Declared[ast.Sync]", declared)
                case ast.Rule():
                    self.out.rules.append(cast("Declared[ast.Rule]", declared))
                case ast.Test():
                    self.out.tests.append(cast("Declared[ast.Test]", declared))
        self.out.rules.extend(self.nameless)
        self.out.rules.sort(key=lambda rule: rule.order)
        self.out.tests.sort(key=lambda test: test.order)

    def give_parts(self) -> None:
        """Who plays which part. Of two, the one whose file uses the other's file; the other is retired."""
        for declared in sorted(self.out.entities.values(), key=lambda entity: entity.order):
            part = part_of(declared.tree)
            if not part:
                continue
            name = declared.tree.name.text
            before = self.out.parts.get(part)
            if before is None:
                self.out.parts[part] = name
                continue
            other = self.out.entities[before]
            if self.out.file_uses(declared.file.name, other.file.name):
                self.out.retired[before] = name
                del self.out.entities[before]
                self.out.parts[part] = name
            else:
                at = declared.tree.as_kind or declared.tree.name
                self.out.diagnostics.append(
                    messages_names.part_taken(at.span, name, part, before, other.tree.name.span)
                )


def part_of(tree: ast.EntityOf) -> str:
    """The part that an entity asks for: `as contact`, or its name when it says nothing; '' for none."""
    word = tree.as_kind.text if tree.as_kind is not None else tree.name.text
    return word if word in PARTS and tree.item_class is None else ""


_HEAD: Final = re.compile(r"\s*(\w+)\s+(?:entity\s+)?(?:(\w+)|'([^']*)'|\"([^\"]*)\")")
_PART: Final = re.compile(r"\bas\s+(contact|company|user)\b")


def poison(statement: ast.ParsedStatement) -> set[str]:
    """The names that a statement which did not parse would have declared, as far as its first line shows."""
    head = _HEAD.match(statement.text)
    if head is None:
        return set()
    word = nearest(head[1], STATEMENTS)
    if word in ("rule", "test"):
        return {head[3] or head[4]} if head[3] or head[4] else set()
    if word in ("entity", "extend"):
        first_line = statement.text.strip().partition("\n")[0]
        return {name for name in (head[2], *_PART.findall(first_line)) if name}
    return {head[2]} if word in ("list", "sync") and head[2] else set()


def _is_use(statement: ast.ParsedStatement) -> bool:
    head = re.match(r"\s*(\w+)", statement.text)
    return head is not None and nearest(head[1], STATEMENTS) == "use"


def merge(loaded: Loaded) -> Declarations:
    """All files' statements as one set, with the errors of names given twice."""
    merger = _Merger(loaded)
    out = merger.out
    order = 0
    for file in loaded.files:
        for statement in file.statements:
            order += 1
            if statement.tree is None:
                out.poisoned |= poison(statement)
                out.incomplete |= _is_use(statement)
                continue
            tree = statement.tree
            if isinstance(tree, ast.Rule) and tree.name is not None:
                out.rule_names.add(tree.name.text)
                merger.name(Declared(tree, file, statement, order))
            else:
                merger.add(tree, (file, statement, order))
    merger.switch_off()
    merger.sort()
    merger.give_parts()
    return out
