"""What syncs do with what a test gives: `expect add|update|remove KIND in SIDE`. The filters are the very ones that a
pass asks; what crosses is taken from the same fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mxsync.decide.context import ItemContext
from mxsync.decide.effect_text import value_text
from mxsync.decide.given import World
from mxsync.decide.item_facts import ItemFacts, same_value
from mxsync.decide.sync_fields import item_says, row_values
from mxsync.decide.syncing import Way, filled, holds, ways_of
from mxsync.lang import ir
from mxsync.lang.compile_folders import folder_key
from mxsync.lang.ir import SideForm
from mxsync.lang.vocabulary import ENTITY_OF_KIND
from mxsync.model.effect import CreateRow, SaveItem, UpdateRow
from mxsync.model.item import PUBLIC, Item, ItemRef
from mxsync.model.normal import address_key
from mxsync.model.outcome import Decision, Fate
from mxsync.model.record import Record, RecordKey, RecordValue


@dataclass(frozen=True, slots=True)
class SyncStep:
    """One thing that a sync does: `what` (add, update, remove) in a side, for `user`."""

    what: str
    way: Way
    side: ir.Side
    user: str
    values: Mapping[str, RecordValue] = field(default_factory=dict)

    @property
    def entity(self) -> str:
        """What it does it with, as tests call it."""
        way = self.way
        return way.entity.name if way.entity is not None else ENTITY_OF_KIND[way.kind]


class SyncSteps:
    """The steps for one test's world, after the rules have decided about its items."""

    def __init__(self, world: World, decisions: Sequence[Decision]) -> None:
        self._world = world
        self._plan = world.plan
        self._decisions = decisions
        self._users = list(dict.fromkeys([address_key(world.user), *self._owners()]))
        self.steps = [step for way in ways_of(world.plan) for step in self._steps(way)]

    def _owners(self) -> Iterator[str]:
        """Everybody who has a row, or is named by an expectation."""
        parts = self._plan.parts
        for key, record in self._world.tables.rows.items():
            if parts.user is not None and key.entity == parts.user.name:
                value = record.values.get(parts.user_email)
                yield from (
                    address_key(str(each)) for each in (value if isinstance(value, tuple) else (value,)) if each
                )
        for each in self._world.test.expectations:
            if isinstance(each, ir.ExpectInSide) and each.side.user:
                yield each.side.user

    def _steps(self, way: Way) -> Iterator[SyncStep]:
        for user in self._users_of(way):
            if way.entity is not None:
                for record, event in self._rows(way.entity.name):
                    yield from self._of_row(way, user, record, event)
            for context, decision in zip(self._world.contexts, self._decisions, strict=True):
                if decision.fate not in (Fate.SKIPPED, Fate.HELD):
                    yield from self._of_item(way, user, context)

    def _users_of(self, way: Way) -> Sequence[str]:
        sides = (way.spoke, way.hub)
        if any(side.form is SideForm.EACH_USER for side in sides):
            wanted = way.sync.users
            return [user for user in self._users if wanted is None or user in wanted]
        return [next((side.user for side in sides if side.user), "")]

    def _rows(self, entity: str) -> Iterator[tuple[Record, str]]:
        """The rows given, with what happened to them, and those that the rules make, or change."""
        changes: dict[RecordKey, dict[str, RecordValue]] = {}
        for decision in self._decisions:
            for effect in decision.effects:
                if isinstance(effect, CreateRow | UpdateRow):
                    changes.setdefault(effect.key, {}).update(effect.values)
                elif isinstance(effect, SaveItem):
                    changes.setdefault(effect.key, {}).update({**effect.values, **effect.assigned})
        for key, record in list(self._world.tables.rows.items()):
            if key.entity == entity:
                values = {**record.values, **changes.pop(key, {})}
                yield Record(key, values), self._world.events.get(key, "")
        for key, new in changes.items():
            if key.entity == entity:
                yield Record(key, new), ""

    def _facts(self, context: ItemContext, user: str) -> ItemFacts:
        own = ItemContext(context.item, context.event, user, context.identity, context.own)
        world = self._world
        return ItemFacts(self._plan, world.organisation, own, world.tables, world.now, world.zone)

    # ------------------------------------------------------------ a row goes into folders

    def _of_row(self, way: Way, user: str, record: Record, event: str) -> Iterator[SyncStep]:
        if way.into_spoke is None:
            return
        nobody = ItemContext(Item(way.kind, ItemRef(user, "", ""), ""), "updated", user)
        facts = self._facts(nobody, user)
        facts.record = record
        named = holds(self._plan, way.into_spoke, facts)
        if event == "deleted":
            if named and way.deleted_hub == "delete":
                yield SyncStep("remove", way, way.spoke, user)
            return
        if not named:
            if event == "updated" and way.removes:
                yield SyncStep("remove", way, way.spoke, user)
            return
        crossing = {each.name for each in way.fields if each.to_spoke}
        says = row_values(record.values, way.fields)
        values = {name: value for name, value in says.items() if name in crossing and value not in (None, "", ())}
        there = event == "updated" or any(
            self._stands(way, user, context, record.key)
            for context in self._world.contexts
            if self._in(way, user, context)
        )
        yield SyncStep("update" if there else "add", way, way.spoke, user, {**values, **filled(way.into_spoke, facts)})

    def _stands(self, way: Way, user: str, context: ItemContext, key: RecordKey) -> bool:
        if way.entity is None:
            return False
        return any(record.key == key for record in self._facts(context, user).records.own(way.entity))

    # ------------------------------------------------------------ an item goes into the table, or another folder

    def _in(self, way: Way, user: str, context: ItemContext, *, hub: bool = False) -> bool:
        side, item = (way.hub if hub else way.spoke), context.item
        if item.kind is not way.kind or not _lies_in(side, user, item.ref):
            return False
        return way.entity is None or self._plan.own_entity(item.kind, item.item_class) is way.entity

    def _of_item(self, way: Way, user: str, context: ItemContext) -> Iterator[SyncStep]:
        if self._in(way, user, context):
            yield from self._into(way, user, context, way.into_hub, way.deleted_spoke == "delete", way.hub)
        if way.entity is None and self._in(way, user, context, hub=True):
            yield from self._into(way, user, context, way.into_spoke, way.deleted_hub == "delete", way.spoke)

    def _into(
        self, way: Way, user: str, context: ItemContext, into: ir.Into | None, deletes: bool, side: ir.Side
    ) -> Iterator[SyncStep]:
        if context.event == "deleted":
            if deletes:
                yield SyncStep("remove", way, side, user)
            return
        facts = self._facts(context, user)
        if not holds(self._plan, into, facts):
            return
        said = ((each.name, item_says(context.item, each.name)) for each in way.fields)
        values: dict[str, RecordValue] = {name: value for name, value in said if value not in (None, "", ())}
        there = context.event == "updated"
        if way.entity is not None:
            there = bool(facts.records.own(way.entity))
            key = facts.user_key()
            if "owner" in way.entity.fields and key is not None:
                values.setdefault("owner", key)
        yield SyncStep("update" if there else "add", way, side, user, {**values, **filled(into, facts)})

    # ------------------------------------------------------------ what is expected

    def missed(self, expectation: ir.ExpectInSide) -> str:
        """Why an expectation is not met; '' when it is."""
        wanted = expectation.side
        found = [
            step for step in self.steps
            if step.what == expectation.what and step.entity == expectation.entity and _same_side(step, wanted)
        ]  # fmt: skip
        if not found:
            return f"no {expectation.entity} is to be {_DONE[expectation.what]} there"
        reasons = [self._differs(step, expectation.assigns) for step in found]
        return "" if "" in reasons else reasons[0]

    def _differs(self, step: SyncStep, assigns: Sequence[ir.Assign]) -> str:
        for assign in assigns:
            wanted = self._world.constant(assign.value)
            actual = step.values.get(assign.field)
            if not self._same(actual, wanted):
                return f"`{assign.field}` is {value_text(actual)}, not {value_text(wanted)}"
        return ""

    def _same(self, actual: RecordValue, wanted: RecordValue) -> bool:
        if isinstance(actual, RecordKey):
            values = self._world.tables.rows[actual].values.values() if actual in self._world.tables.rows else ()
            return any(same_value(value, wanted) for value in values)
        if isinstance(actual, tuple) and not isinstance(wanted, tuple):
            return any(same_value(each, wanted) for each in actual)
        return same_value(actual, wanted)


_DONE = {"add": "added", "update": "updated", "remove": "removed"}


def _lies_in(side: ir.Side, user: str, ref: ItemRef) -> bool:
    match side.form:
        case SideForm.PUBLIC:
            mailbox = PUBLIC
        case SideForm.ONE_USER:
            mailbox = side.user
        case SideForm.EACH_USER:
            mailbox = user
        case _:
            return False
    own, key = folder_key(ref.folder), folder_key(side.folder)
    return address_key(ref.mailbox) == address_key(mailbox) and (own == key or own.startswith(f"{key}/"))


def _same_side(step: SyncStep, wanted: ir.Side) -> bool:
    side = step.side
    if wanted.form is SideForm.TABLE or side.form is SideForm.TABLE:
        return side.form is wanted.form and side.entity == wanted.entity
    if folder_key(side.folder) != folder_key(wanted.folder):
        return False
    if wanted.form is SideForm.ONE_USER:
        return (side.user or step.user) == wanted.user and side.form is not SideForm.PUBLIC
    return side.form is wanted.form
