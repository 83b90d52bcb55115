"""What the rules plan for one item, rule after rule, until it becomes the decision's effects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from mxsync.decide.item_facts import ItemFacts, exact_value
from mxsync.lang import ir
from mxsync.lang.compile import CompiledRule
from mxsync.lang.compile_facts import FactValue
from mxsync.lang.compile_values import evaluate
from mxsync.model.effect import Cause, CreateRow, HoldForReview, OutsideEffect, Propose, UpdateRow
from mxsync.model.normal import address_key
from mxsync.model.record import Entity, Origin, Planned, RecordKey, RecordValue

Values: TypeAlias = dict[str, RecordValue]

_UNDATED = ("rule", "mailbox")
"""Sources that are not the item itself."""


@dataclass(slots=True)
class Own:
    """What becomes of the item's own row. `cause` is the first rule that wanted it, None while none does; `entity`
    where it is saved; `other` the rule that saved it as another than its kind's own."""

    entity: Entity | None
    cause: Cause | None = None
    other: Cause | None = None
    assigned: Values = field(default_factory=dict)
    causes: dict[str, Cause] = field(default_factory=dict)
    links: dict[RecordKey, Cause] = field(default_factory=dict)
    delete: Cause | None = None


class Draft:
    """The plan so far. Rows that are planned are seen by the rules that come after."""

    def __init__(self, facts: ItemFacts) -> None:
        self.facts = facts
        self.own = Own(facts.plan.own_entity(facts.item.kind, facts.item.item_class))
        self.created: dict[RecordKey, CreateRow] = {}
        self.updates: dict[tuple[RecordKey, Cause], UpdateRow] = {}
        self.links: dict[tuple[RecordKey, RecordKey], Cause] = {}
        self.documents: dict[RecordKey, Cause] = {}
        self.outside: dict[tuple[str, ...], OutsideEffect] = {}
        self.holds: list[HoldForReview] = []
        self.proposals: dict[tuple[tuple[RecordKey, ...], tuple[str, ...]], Propose] = {}
        self.confirmed: dict[RecordKey, dict[str, Origin]] = {}
        self.readdressed: dict[str, RecordKey] = {}
        """Contacts that got another address from this item, by its key."""
        self.notes: list[str] = []
        self.cause = Cause("")
        self.memory = ""
        self.rule: CompiledRule | None = None
        self.rule_created: dict[RecordKey, None] = {}
        self.rule_links: dict[RecordKey, None] | None = None
        self._user: RecordKey | None = None
        self._number = facts.context.first_planned

    # ------------------------------------------------------------------ one rule

    def begin(self, rule: CompiledRule) -> None:
        """The actions of a rule follow."""
        self.rule = rule
        self.cause = rule.cause
        self.memory = rule.memory
        self.notes = []
        self.rule_created = {}
        self.rule_links = None
        self.facts.records.near = {}

    def end(self) -> tuple[str, ...]:
        """The rule is done: what it created is linked with what it linked. Its notes."""
        if self.rule_links is not None:
            for key in self.rule_created:
                self.own.links.setdefault(key, self.cause)
                if key.entity in (_name(self.facts.plan.parts.contact), _name(self.facts.plan.parts.company)):
                    continue
                for target in self.rule_links:
                    if target != key and self.facts.plan.linkable(key.entity, target.entity):
                        self.links.setdefault((key, target), self.cause)
        return tuple(self.notes)

    def note(self, sentence: str) -> None:
        """Something that the trace shall say of the rule at hand."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    # ------------------------------------------------------------------ rows

    def planned(self, entity: Entity) -> RecordKey:
        """The key of a row that will be made."""
        key = RecordKey(entity.name, Planned(self._number))
        self._number += 1
        return key

    def create(
        self, entity: Entity, values: Mapping[str, RecordValue], sources: Mapping[str, str], once: str = ""
    ) -> RecordKey:
        """A new row."""
        key = self.planned(entity)
        self.created[key] = CreateRow(
            self.cause, key, dict(values), dict(sources), once, self._moment(sources.values())
        )
        self.facts.records.overlay.add_row(key, values)
        self.rule_created[key] = None
        self.near(key)
        return key

    def update(self, key: RecordKey, name: str, value: RecordValue, source: str) -> None:
        """One field of a row that exists, or is planned; the first rule to set it wins."""
        for (other, _), before in self.updates.items():
            if other == key and name in before.values:
                if not exact_value(before.values[name], value):
                    self.note(f"`{name}` is set by rule `{before.cause.rule}` already")
                return
        own = self.updates.get((key, self.cause))
        values = {**(own.values if own else {}), name: value}
        sources = {**(own.sources if own else {}), name: source}
        self.updates[key, self.cause] = UpdateRow(self.cause, key, values, sources, self._moment(sources.values()))
        self.facts.records.overlay.change(key, {name: value})

    def _moment(self, sources: Iterable[str]) -> datetime | None:
        """The item's date, where a value was read from the item and not from a rule."""
        read = any(source not in _UNDATED for source in sources)
        return self.facts.moment() if read else None

    def propose(self, proposal: Propose) -> None:
        """Something that only a person can decide. Of two of one rule or more about the same the first counts."""
        self.proposals.setdefault((proposal.about, proposal.keys), proposal)

    def near(self, key: RecordKey) -> None:
        """A record that the rule at hand means when it names its entity."""
        self.facts.records.near.setdefault(key.entity, {})[key] = None

    def link(self, one: RecordKey, other: RecordKey) -> None:
        """Two rows, neither of them the item's own, are linked."""
        self.links.setdefault((one, other), self.cause)
        self.facts.records.overlay.link(one, other)

    def link_own(self, key: RecordKey) -> None:
        """The item's own row is linked to a record."""
        self.own.links.setdefault(key, self.cause)
        if self.rule_links is None:
            self.rule_links = {}
        self.rule_links[key] = None
        self.near(key)

    def want_own(self) -> bool:
        """The item's own row is saved. False where no entity stands for such items."""
        if self.own.entity is None:
            self.note(f"no entity stands for a {self.facts.item.kind.value}: nothing is saved")
            return False
        if self.own.cause is None:
            self.own.cause = self.cause
        return True

    def assign_own(self, name: str, value: RecordValue) -> None:
        """A field of the item's own row; the first rule to set it wins."""
        if name in self.own.assigned:
            if not exact_value(self.own.assigned[name], value):
                self.note(f"`{name}` is set by rule `{self.own.causes[name].rule}` already")
            return
        self.own.assigned[name] = value
        self.own.causes[name] = self.cause

    # ------------------------------------------------------------------ values

    def value(self, expression: ir.Expr) -> RecordValue:
        """What an expression gives, for a field; None for nothing."""
        if isinstance(expression, ir.TheUser):
            return self.user()
        found = evaluate(expression, self.facts)
        if isinstance(found, tuple):
            return _plain(found)
        return found

    def user(self) -> RecordKey | None:
        """The row of the mailbox's user, made by address where it is missing; None in a public folder."""
        if self._user is None:  # once it is there, it stays
            self._user = self._find_user()
        return self._user

    def _find_user(self) -> RecordKey | None:
        facts = self.facts
        address, parts = facts.context.user, facts.plan.parts
        found = facts.records.user()
        if found is not None or parts.user is None or not parts.user_email or not address:
            return found
        if address_key(address) not in facts.organisation.users:
            return None
        key = self.planned(parts.user)
        values: Values = {parts.user_email: address}
        self.created[key] = CreateRow(self.cause, key, values, {parts.user_email: "mailbox"})
        facts.records.overlay.add_row(key, values)
        return key

    def owner_field(self, entity: Entity) -> str:
        """The field `owner` of an entity, where it is the user who owns the row; '' without one."""
        user, owner = self.facts.plan.parts.user, entity.fields.get("owner")
        return "owner" if user is not None and owner is not None and owner.references == user.name else ""


def _plain(values: tuple[FactValue, ...]) -> RecordValue:
    """Several values for one field: a list of plain values; of records the first."""
    plain = tuple(value for value in values if not isinstance(value, RecordKey))
    if plain:
        return plain
    return values[0] if values else None


def _name(entity: Entity | None) -> str:
    return entity.name if entity is not None else ""
