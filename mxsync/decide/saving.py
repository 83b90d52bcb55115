"""The item's own row: saved, changed, withdrawn when the rules come to decide otherwise, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mxsync.decide.draft import Draft, Values
from mxsync.decide.field_values import item_value
from mxsync.decide.item_facts import ItemFacts, exact_value
from mxsync.decide.targets import matched
from mxsync.lang import ir
from mxsync.lang.compile import CompiledRule
from mxsync.model.effect import Cause, DeleteRow, HoldForReview, SaveItem, WithdrawRow
from mxsync.model.item import Kind
from mxsync.model.record import Entity, Planned, Record, RecordKey, RecordValue


def save(draft: Draft, action: ir.Save) -> None:
    """Copies the item into its entity's table, or another's in its place."""
    entity = draft.facts.plan.entities.get(action.entity)
    if action.other and entity is not None:
        if draft.own.other is not None and draft.own.entity != entity:
            kept = draft.own.entity.name if draft.own.entity else ""
            draft.note(f"rule `{draft.own.other.rule}` saves it as {kept} already")
            return
        draft.own.other = draft.own.other or draft.cause
        draft.own.entity = entity
    if draft.want_own():
        for assign in action.assigns:
            _assign(draft, assign)


def set_fields(draft: Draft, action: ir.Set, rule: CompiledRule) -> None:
    """Sets fields of the item's own row, or of matched records."""
    for assign in action.assigns:
        if not assign.entity:
            if draft.want_own():
                _assign(draft, assign)
            continue
        entity = draft.facts.plan.entities.get(assign.entity)
        value = draft.value(assign.value)
        if entity is None or value is None:
            draft.note(f"nothing to set `{assign.entity}.{assign.field}` to")
            continue
        for record in _set_on(draft, entity, assign.value, rule):
            if not exact_value(record.values.get(assign.field), value):
                draft.update(record.key, assign.field, value, _source(draft, assign.value))


def _set_on(draft: Draft, entity: Entity, value: ir.Expr, rule: CompiledRule) -> list[Record]:
    records = list(matched(draft, entity, rule.rule.condition))
    if _of_signature(value) and entity is draft.facts.plan.parts.contact:
        # A signature speaks of its writer alone, whoever else is on the mail.
        senders = {record.key for person in draft.facts.senders() for record in draft.facts.records.contacts_of(person)}
        records = [record for record in records if record.key in senders]
    return records


def _of_signature(value: ir.Expr) -> bool:
    if isinstance(value, ir.Template):
        return any(isinstance(part, ir.Hole) and part.path.root is ir.Root.SIGNATURE for part in value.parts)
    return isinstance(value, ir.Path) and value.root is ir.Root.SIGNATURE


def _source(draft: Draft, value: ir.Expr) -> str:
    if isinstance(value, ir.Path) and value.root is ir.Root.SIGNATURE:
        return draft.facts.reading().places.get(value.steps[0], "signature")
    return "rule"


def _assign(draft: Draft, assign: ir.Assign) -> None:
    value = draft.value(assign.value)
    if value is None:
        draft.note(f"nothing to set `{assign.field}` to")
        return
    draft.assign_own(assign.field, value)


def delete(draft: Draft) -> None:
    """The item's own row goes."""
    if draft.own.delete is None:
        draft.own.delete = draft.cause


@dataclass(frozen=True, slots=True)
class OwnRowPlan:
    """What becomes of the item's own row: its key when it is saved, and the effects."""

    key: RecordKey | None = None
    save: SaveItem | None = None
    gone: tuple[DeleteRow | WithdrawRow, ...] = ()
    hold: HoldForReview | None = None


def own_row(draft: Draft) -> OwnRowPlan:
    """What the rules together want of the item's own row."""
    own = draft.own
    entity, cause = own.entity, own.cause
    if own.delete is not None:
        return _deleted(draft, own.delete)
    if entity is None or cause is None:
        return OwnRowPlan()
    found = draft.facts.records.own(entity)
    if len(found) > 1:
        keys = " and ".join("a new one" if each.key.planned else str(each.key.value) for each in found[:5])
        return OwnRowPlan(hold=HoldForReview(cause, f"{entity.name} {keys} all match this item: say which one it is"))
    # A row known from before is kept even where it cannot be read any more: the writer finds out.
    known = [each.key for each in draft.facts.context.own if each.key.entity == entity.name]
    key = found[0].key if found else known[0] if known else draft.planned(entity)
    new = isinstance(key.value, Planned) and not found
    saved = SaveItem(own.other or cause, key, mapped(draft, entity, new=new), dict(own.assigned), dict(own.causes))
    gone, hold = withdrawn(draft, own.other or cause, keep=entity.name)
    return OwnRowPlan(key, saved, gone, hold)


def item_values(facts: ItemFacts, entity: Entity) -> Values:
    """What the item says for each mapped field, None for nothing."""
    values: Values = {}
    for name, path, plain in facts.plan.saved_fields(entity):
        value = facts.field(plain) if plain else item_value(facts, path)
        values[name] = None if value == "" or value == () else value
    return values


def mapped(draft: Draft, entity: Entity, *, new: bool) -> Values:
    """The item's values for its row. A new row gets its owner, and no empty values: the columns' defaults stand."""
    facts = draft.facts
    said: Mapping[str, RecordValue] | None = None
    if facts.foreseen is not None and entity is facts.plan.own_entity(facts.item.kind, facts.item.item_class):
        said = facts.foreseen.saved
    if said is None:
        said = item_values(facts, entity)
    values: Values = {name: value for name, value in said.items() if value is not None or not new}
    parts = facts.plan.parts
    if facts.item.kind is Kind.CONTACT and entity is parts.contact and parts.contact_company:
        if "organisation" not in entity.fields:
            company = facts.records.item_value(entity, parts.contact_company)
            if company is not None:
                values[parts.contact_company] = company
    owner = draft.owner_field(entity)
    if new and owner and owner not in draft.own.assigned:
        user = draft.user()
        if user is not None:
            values[owner] = user
    return values


def _deleted(draft: Draft, cause: Cause) -> OwnRowPlan:
    entity = draft.own.entity
    rows = {own.key: own for own in draft.facts.context.own}
    keys = list(rows)
    if not keys and entity is not None:
        found = draft.facts.records.own(entity)
        keys = [found[0].key] if len(found) == 1 else []
    gone = tuple(DeleteRow(cause, key) for key in keys if key not in rows or not rows[key].shared)
    return OwnRowPlan(gone=gone)


def withdrawn(draft: Draft, cause: Cause, keep: str) -> tuple[tuple[WithdrawRow, ...], HoldForReview | None]:
    """The rows that mxsync made for the item before the rules came to decide otherwise. A row that other mailboxes
    hold too stays, and so does one that a sync keeps in step with what a person made, which would go with it; one that
    a person has edited since is left to a person: the hold says so. Rows of the entity `keep` are the item's still."""
    made = [each for each in draft.facts.context.own if each.made and each.key.entity != keep]
    own = [each for each in made if not each.shared and not each.joined]
    hold = None
    if edited := [each.key for each in own if each.edited]:
        why = f"{edited[0].entity} {edited[0].value} would be withdrawn, but a person has edited it"
        hold = HoldForReview(cause, why)
    return tuple(WithdrawRow(cause, each.key) for each in own), hold
