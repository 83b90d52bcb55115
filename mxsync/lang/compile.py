"""IR → `RulePlan`: what a service obeys. Immutable to its users; closures, automata and sorted thresholds are made at
their first use and kept.

    plan = compile_plan(program)
    plan = compile_plan(edited, previous=plan)    # what did not change is taken over
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from mxsync.lang import ir
from mxsync.lang.compile_comparisons import Check
from mxsync.lang.compile_conditions import compile_condition, conjuncts
from mxsync.lang.compile_facts import Facts, Slot
from mxsync.lang.compile_folders import OWN_FOLDERS, folder_matcher
from mxsync.lang.compile_index import KindIndex, Option, options, rule_options
from mxsync.lang.compile_needs import NOTHING, Needs, mentions_of, needs_of, of_item_alone
from mxsync.lang.compile_parts import item_path, linkable, parts_of
from mxsync.lang.meaning import rule_meaning
from mxsync.model.effect import Cause
from mxsync.model.item import PUBLIC, ItemRef, Kind
from mxsync.model.record import Direction, Entity


class Slots:
    """Paths interned: the same path is the same `Slot` in every rule."""

    def __init__(self) -> None:
        self._slots: dict[tuple[object, ...], Slot] = {}

    def __call__(self, path: ir.Path) -> Slot:
        key = (path.root, path.steps, path.entity, path.type, path.many)
        slot = self._slots.get(key)
        if slot is None:
            slot = self._slots[key] = Slot(path)
        return slot


class CompiledCondition:
    """A rule's condition: its options for the index now, its closures when it is first tried."""

    __slots__ = ("_checks", "_slots", "actions", "condition", "mentions", "needs", "options", "parts")

    def __init__(self, condition: ir.Condition | None, actions: tuple[ir.Action, ...], slots: Slots) -> None:
        self.condition = condition
        self.actions = actions
        self.mentions = mentions_of(condition)
        self._slots = slots
        self.options: tuple[Option, ...] = options(condition, slots)
        self.needs: Needs = needs_of(condition, actions)
        self.parts: tuple[ir.Condition, ...] = ()
        self._checks: tuple[Check, ...] | None = None

    def failed(self, facts: Facts) -> ir.Condition | None:
        """The first part that does not hold, None when all do. Captures are left in `facts.captures`."""
        for place, check in enumerate(self._checks or self._compiled()):
            if not check(facts):
                return self.parts[place]
        return None

    def may_hold(self, facts: Facts) -> bool:
        """Whether all parts hold that the item answers by itself, whatever the tables would say to the others."""
        checks = self._checks or self._compiled()
        return all(check(facts) for part, check in zip(self.parts, checks, strict=True) if of_item_alone(part))

    def _compiled(self) -> tuple[Check, ...]:
        self.parts = conjuncts(self.condition)
        self._checks = tuple(compile_condition(part, self._slots) for part in self.parts)
        return self._checks


class CompiledRule:
    """One rule, ready to be tried. `number` is its place in the order in which rules act."""

    __slots__ = ("_memory", "body", "cause", "number", "rule", "takes_folder")

    def __init__(
        self, rule: ir.Rule, number: int, body: CompiledCondition, takes_folder: Callable[[str], bool] | None
    ) -> None:
        self.rule = rule
        self.number = number
        self.body = body
        self.cause = Cause(rule.name, rule.file, rule.line)
        self.takes_folder = takes_folder
        self._memory = ""

    @property
    def memory(self) -> str:
        """What the rule's once-only effects are remembered under: its name; of a rule without one its meaning, so that
        lines moving in its file do not make it act again."""
        if not self._memory:
            rule = self.rule
            nameless = rule.name == f"{rule.file}:{rule.line}"
            self._memory = rule_meaning(rule) if nameless else rule.name
        return self._memory

    def elsewhere(self, ref: ItemRef, kind: Kind, event: str, user: str) -> str:
        """Why the rule is not asked about such an item, in words; '' when it is."""
        rule = self.rule
        if rule.event != event and (rule.event or event == "deleted"):
            return f"acts on {rule.event or 'created or updated'} items, this one was {event}"
        if rule.users is not None and user not in rule.users:
            return "for other users"
        public = ref.mailbox == PUBLIC
        if rule.public is not public:
            return "in public folders only" if rule.public else "not in public folders"
        takes = self.takes_folder or _OWN[kind]
        return "" if takes(ref.folder) else "in other folders"


_OWN: Mapping[Kind, Callable[[str], bool]] = {kind: folder_matcher(names) for kind, names in OWN_FOLDERS.items()}

_BodyKey: TypeAlias = tuple[int, int]


class RulePlan:
    """The rules compiled. `digest` is the program's, `rules` are in the order in which they act."""

    def __init__(self, program: ir.Program, previous: RulePlan | None = None) -> None:
        self.program = program
        self.digest = program.digest
        self.entities: Mapping[str, Entity] = program.entities
        self.aliases: Mapping[str, str] = program.aliases
        self._slots: Slots = previous._slots if previous else Slots()
        self._folders: dict[tuple[str, ...], Callable[[str], bool]] = dict(previous._folders) if previous else {}
        self._bodies: dict[_BodyKey, CompiledCondition] = {}
        self._classes: dict[tuple[Kind, str], Entity | None] = {}
        self._needs: dict[Kind, Needs] = {}
        self._checks: dict[int, tuple[ir.Condition, Check]] = {}
        self._linkable: dict[tuple[str, str], bool] = {}
        self._saved: dict[str, tuple[tuple[str, ir.Path, str], ...]] = {}
        self.parts = parts_of(program)
        self._indexes: dict[Kind, KindIndex] = {}
        known = previous._bodies if previous else {}
        before = previous.rules if previous else ()
        self.rules: tuple[CompiledRule, ...] = tuple([
            self._kept(before[number]) if number < len(before) and before[number].rule is rule
            else self._rule(rule, number, known)
            for number, rule in enumerate(program.rules)
        ])  # fmt: skip

    def _kept(self, compiled: CompiledRule) -> CompiledRule:
        body = compiled.body
        self._bodies[id(body.condition), id(body.actions)] = body
        return compiled

    def _rule(self, rule: ir.Rule, number: int, known: Mapping[_BodyKey, CompiledCondition]) -> CompiledRule:
        # By identity: a body holds its condition and actions, so an id seen here cannot be a dead object's.
        key = (id(rule.condition), id(rule.actions))
        body = known.get(key)
        if body is None or body.condition is not rule.condition or body.actions is not rule.actions:
            body = CompiledCondition(rule.condition, rule.actions, self._slots)
        self._bodies[key] = body
        takes = None
        if rule.folders is not None:
            takes = self._folders.get(rule.folders)
            if takes is None:
                takes = self._folders[rule.folders] = folder_matcher(rule.folders)
        return CompiledRule(rule, number, body, takes)

    def _index(self, kind: Kind) -> KindIndex:
        index = self._indexes.get(kind)
        if index is None:
            index = self._indexes[kind] = KindIndex(
                (each.number, rule_options(each.rule, each.body.options)) for each in self.of_kind(kind)
            )
        return index

    def of_kind(self, kind: Kind) -> Iterator[CompiledRule]:
        """The rules about items of a kind, in order."""
        return (each for each in self.rules if kind in each.rule.kinds and not each.rule.row_of)

    def candidates(self, facts: Facts, ref: ItemRef, kind: Kind, event: str, user: str) -> Sequence[CompiledRule]:
        """The rules that may match an item, in the order in which they act: those whose index keys it holds, that are
        for its user, its folder and what happened to it."""
        rules = self.rules
        return [
            rules[number]
            for number in self._index(kind).candidates(facts, ref.folder)
            if not rules[number].elsewhere(ref, kind, event, user)
        ]

    def check(self, condition: ir.Condition) -> Check:
        """The closure of a condition that stands in an action (`where`), made once."""
        found = self._checks.get(id(condition))
        if found is None:
            found = self._checks[id(condition)] = (condition, compile_condition(condition, self._slots))
        return found[1]

    def linkable(self, one: str, other: str) -> bool:
        """Whether rows of two entities can be linked (`mxsync.lang.compile_parts.linkable`)."""
        found = self._linkable.get((one, other))
        if found is None:
            found = self._linkable[one, other] = linkable(self.entities.get(one), self.entities.get(other))
        return found

    def saved_fields(self, entity: Entity) -> tuple[tuple[str, ir.Path, str], ...]:
        """The fields of an entity that flow from an item to its row, and where each is read from: a path, and its name
        where that is nothing but a field of the item."""
        found = self._saved.get(entity.name)
        if found is None:
            found = self._saved[entity.name] = tuple(
                (field.name, path, path.steps[0] if path.root is ir.Root.ITEM and len(path.steps) == 1 else "")
                for field in entity.fields.values()
                if field.direction in (Direction.BOTH, Direction.TO_TABLE) and not field.references
                for path in (item_path(field.name),)
            )
        return found

    def needs(self, kind: Kind) -> Needs:
        """What rules about items of a kind look up."""
        found = self._needs.get(kind)
        if found is None:
            found = NOTHING
            for each in self.of_kind(kind):
                if each.body.needs is not NOTHING:
                    found = found | each.body.needs
            self._needs[kind] = found
        return found

    def own_entity(self, kind: Kind, item_class: str) -> Entity | None:
        """The entity that an item is saved in: that of its message class, else that of its kind."""
        key = (kind, item_class)
        if key not in self._classes:
            folded = item_class.casefold()
            of_kind = [each for each in self.entities.values() if each.kind is kind and each.item_class]
            of_class = (each for each in of_kind if each.item_class.casefold() == folded)
            own = self.entities.get(self.program.own.get(kind, ""))
            if len(self._classes) > 10_000:  # classes come from outside: whoever sends new ones pays for the search
                self._classes.clear()
            self._classes[key] = next(of_class, own)
        return self._classes[key]


def compile_plan(program: ir.Program, previous: RulePlan | None = None) -> RulePlan:
    """The plan of a program. With `previous`, conditions that are the same objects as there are not compiled again."""
    return RulePlan(program, previous)
