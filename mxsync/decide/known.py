"""Whom `is known` asks about, and the records that each of them is."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from mxsync.decide.persons import is_ours
from mxsync.lang import ir
from mxsync.lang.compile_facts import FactValue
from mxsync.lang.compile_parts import email_field
from mxsync.model.item import Address, Kind
from mxsync.model.normal import address_key, value_key
from mxsync.model.record import Entity, Find, Get, Record, RecordKey

if TYPE_CHECKING:
    from mxsync.decide.item_facts import ItemFacts
    from mxsync.decide.records import Records


def find_known(records: Records, facts: ItemFacts, node: ir.Known) -> tuple[tuple[Record, ...], ...]:
    """For each person, or thing, that `is known` asks about on an item, the records that it is."""
    entity = facts.plan.entities.get(node.entity)
    if entity is None:
        return ()
    match node.whom:
        case ir.Whom.OWN_ROW:
            return (records.own(entity),)
        case ir.Whom.ANYONE:
            if facts.item.kind is Kind.CONTACT and entity.kind is Kind.CONTACT:
                return (records.own(entity),)
            if entity.part in ("contact", "company", "user") or email_field(entity):
                asked = facts.everyone() if entity is records.parts.user else facts.correspondents()
                return tuple(_person(records, entity, person) for person in asked)
            return (records.linked(entity),)
        case ir.Whom.PATH:
            return tuple(_of_value(records, entity, value) for value in _asked(records, facts, node, entity))
        case _:
            assert_never(node.whom)


def _asked(records: Records, facts: ItemFacts, node: ir.Known, entity: Entity) -> tuple[FactValue, ...]:
    if node.path is None:
        return ()
    values = facts.path(node.path)
    if entity is records.parts.user or node.path.type is not ir.Type.PERSON:
        return values
    # Our own people are no contacts of ours, whatever rows there are of them.
    ours = facts.organisation
    return tuple(v for v in values if not (isinstance(v, Address) and is_ours(v.address, ours)))


def _person(records: Records, entity: Entity, person: Address) -> tuple[Record, ...]:
    if entity is records.parts.contact:
        return records.contacts_of(person)
    if entity is records.parts.company:
        contacts = records.contacts_of(person)
        of_contacts = records.get(dict.fromkeys(key for each in contacts for key in records.companies_of(each)))
        return of_contacts or records.company_by_domain(person)
    field = email_field(entity)
    key = address_key(person.address)
    return records.ask(Find(entity.name, (field,), (key,))) if field and key else ()


def _of_value(records: Records, entity: Entity, value: FactValue) -> tuple[Record, ...]:
    if isinstance(value, RecordKey):
        return records.ask(Get(value)) if value.entity == entity.name else ()
    if isinstance(value, Address):
        return _person(records, entity, value)
    if isinstance(value, str) and "@" in value:
        return _person(records, entity, Address("", value))
    names = [records.parts.company_domain, records.parts.company_name] if entity is records.parts.company else []
    names += [keys[0] for keys in entity.matched_by if len(keys) == 1]
    for name in dict.fromkeys(name for name in names if name):
        found = records.ask(Find(entity.name, (name,), (value_key(value),))) if value_key(value) else ()
        if found:
            return found
    return ()
