"""The filters of a page's syncs, asked of items and of records. What they look up is answered in batches: an answer
that is not known yet counts as nothing, is kept in `missing`, and the page is decided again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from mxsync.decide.context import ItemContext, Organisation
from mxsync.decide.decide import zone_of
from mxsync.decide.gleaned import Gleaned
from mxsync.decide.item_facts import ItemFacts
from mxsync.decide.syncing import Way, filled, holds
from mxsync.decide.view import PageView
from mxsync.engine.syncing.places import Binding
from mxsync.lang import ir
from mxsync.lang.compile import RulePlan
from mxsync.lang.compile_conditions import conjuncts
from mxsync.lang.compile_facts import Key, text_of
from mxsync.model.effect import Cause, CreateRow
from mxsync.model.item import Item, ItemRef
from mxsync.model.normal import text_key, value_key
from mxsync.model.outcome import Decision, Fate
from mxsync.model.record import Entity, Find, Get, Lookup, Record, RecordKey, RecordValue


class Filters:
    """One look at a page, with the answers known so far. What is planned in the page is shown to what is decided after
    it (`plan_row`). What items say whatever the tables hold is taken over from the look `before`, which is over."""

    def __init__(
        self,
        plan: RulePlan,
        organisation: Organisation,
        now: datetime,
        answers: Mapping[Lookup, tuple[Record, ...]],
        before: Filters | None = None,
    ) -> None:
        self.plan = plan
        self._organisation = organisation
        self._now = now
        self._zone = zone_of(organisation.timezone)
        self._view = PageView(plan.entities, answers)
        self._rows: dict[tuple[str, str], ItemFacts] = {}
        self._items: dict[tuple[ItemRef, str], ItemFacts] = {}
        self._gleaned: dict[tuple[ItemRef, str], Gleaned] = {}
        if before is not None:
            self._gleaned = before._gleaned
            before.release()

    def release(self) -> None:
        """Nothing is asked any more: items go with their page, instead of waiting for the collector of garbage."""
        for facts in (*self._items.values(), *self._rows.values()):
            facts.release()
        self._items.clear()
        self._rows.clear()

    @property
    def missing(self) -> Collection[Lookup]:
        """What is still to be looked up."""
        return self._view.missing

    def _facts(self, context: ItemContext, gleaned: Gleaned | None = None) -> ItemFacts:
        return ItemFacts(self.plan, self._organisation, context, self._view, self._now, self._zone, gleaned)

    def _of_item(self, binding: Binding, context: ItemContext) -> ItemFacts:
        key = (context.item.ref, binding.user)
        facts = self._items.get(key)
        if facts is None:
            own = ItemContext(context.item, context.event, binding.user, context.identity, context.own)
            gleaned = self._gleaned.get(key)
            if gleaned is None:
                gleaned = self._gleaned[key] = Gleaned(context.item, self._organisation)
            facts = self._items[key] = self._facts(own, gleaned)
        return facts

    def _of_row(self, binding: Binding, record: Record) -> ItemFacts:
        key = (binding.user, binding.way.name)
        facts = self._rows.get(key)
        if facts is None:
            nobody = Item(binding.way.kind, ItemRef(binding.user, "", ""), "")
            facts = self._rows[key] = self._facts(ItemContext(nobody, "updated", binding.user))
        facts.record = record
        return facts

    # ------------------------------------------------------------ what is asked

    def takes(self, binding: Binding, context: ItemContext) -> bool:
        """Whether an item of the folder goes into the hub."""
        return holds(self.plan, binding.way.into_hub, self._of_item(binding, context))

    def failed(self, binding: Binding, context: ItemContext) -> str:
        """The first part of the filter into the hub that does not hold for an item, as it is written."""
        facts = self._of_item(binding, context)
        into = binding.way.into_hub
        for part in conjuncts(into.when if into is not None else None):
            if not self.plan.check(part)(facts):
                return part.text
        return ""

    def names_row(self, binding: Binding, record: Record) -> bool:
        """Whether a row goes into the folder."""
        return holds(self.plan, binding.way.into_spoke, self._of_row(binding, record))

    def names_item(self, binding: Binding, context: ItemContext) -> bool:
        """Whether an item of the hub goes into the folder."""
        return holds(self.plan, binding.way.into_spoke, self._of_item(binding, context))

    def fill_hub(self, binding: Binding, context: ItemContext) -> dict[str, RecordValue]:
        """What a created record is filled with besides the item's fields: `with`, and the owner."""
        facts = self._of_item(binding, context)
        values = dict(filled(binding.way.into_hub, facts))
        owner = self._owner_field(binding.way.entity)
        if owner and owner not in values and binding.user:
            key = facts.user_key()
            if key is not None:
                values[owner] = key
        return values

    def fill_spoke(
        self, binding: Binding, record: Record | None, context: ItemContext | None
    ) -> Mapping[str, RecordValue]:
        """What a created item is filled with."""
        if record is not None:
            return filled(binding.way.into_spoke, self._of_row(binding, record))
        return filled(binding.way.into_spoke, self._of_item(binding, context)) if context is not None else {}

    def _owner_field(self, entity: Entity | None) -> str:
        user = self.plan.parts.user
        if entity is None or user is None:
            return ""
        field = entity.fields.get("owner")
        return "owner" if field is not None and field.references == user.name else ""

    def rows_of(self, binding: Binding, context: ItemContext) -> tuple[Record, ...]:
        """The rows that stand for an item, or match it."""
        entity = binding.way.entity
        return self._of_item(binding, context).records.own(entity) if entity is not None else ()

    def user_key(self, binding: Binding) -> RecordKey | None:
        """The row of the binding's user."""
        return self._of_row(binding, Record(RecordKey("", 0), {})).user_key()

    def owned_by(self, binding: Binding) -> Collection[Key]:
        """The values of `Way.owner`'s field that name the binding's user; none while the user has no row."""
        owner = binding.way.owner
        if owner is None or isinstance(owner[1], ir.TheUser):
            key = self.user_key(binding)
            return () if key is None else (key,)
        assert isinstance(owner[1], ir.Path)
        facts = self._of_row(binding, Record(RecordKey("", 0), {}))
        return {text_key(text_of(value)) for value in facts.path(owner[1])} or {""}

    # ------------------------------------------------------------ companies

    def company_name(self, record: Record) -> str:
        """The name of the company that a contact refers to."""
        parts = self.plan.parts
        key = record.values.get(parts.contact_company)
        if not isinstance(key, RecordKey):
            return ""
        found = self._view.ask(Get(key))
        return str(found[0].values.get(parts.company_name) or "") if found else ""

    def company_named(self, name: RecordValue) -> RecordKey | None:
        """The one known company of that name."""
        parts = self.plan.parts
        if parts.company is None or not isinstance(name, str) or not value_key(name):
            return None
        found = self._view.ask(Find(parts.company.name, (parts.company_name,), (value_key(name),)))
        return found[0].key if len(found) == 1 else None

    # ------------------------------------------------------------ what the page plans

    def plan_row(self, way: Way, key: RecordKey, values: Mapping[str, RecordValue]) -> None:
        """Shows a planned row to the items after it."""
        effect = CreateRow(Cause(way.name), key, values)
        self._view.apply(Decision(ItemRef("", "", ""), Fate.APPLIED, (effect,)))
