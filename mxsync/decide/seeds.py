"""The look-ups that can be told of an item before it is decided, so that most items decide at the first attempt."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mxsync.decide import people
from mxsync.decide.context import ItemContext, Organisation
from mxsync.decide.gleaned import Gleaned
from mxsync.decide.overlay import field_keys
from mxsync.decide.same_person import alike
from mxsync.lang.compile import RulePlan
from mxsync.model.item import Address, Kind
from mxsync.model.normal import address_key, value_key
from mxsync.model.record import CrmView, Entity, Find, Get, Linked, Lookup, RecordKey, Remembered


def seeds(
    plan: RulePlan,
    organisation: Organisation,
    context: ItemContext,
    gleaned: Gleaned | None = None,
    asked: set[tuple[str, Kind]] | None = None,
) -> Collection[Lookup]:
    """What the rules about such an item are likely to ask first. Asking too much costs little (one query an entity
    for a whole page), asking too little costs another round. `asked` are the people about whom items of the page
    before this one have asked already, who are left out and added to: the same few are on most mail."""
    item = context.item
    gleaned = gleaned or Gleaned(item, organisation)
    needs, parts = plan.needs(item.kind), plan.parts
    found: dict[Lookup, None] = {}
    if needs.user and parts.user is not None and parts.user_email and context.user:
        found[Find(parts.user.name, (parts.user_email,), (address_key(context.user),))] = None
    if needs.people or needs.companies:
        asked = set() if asked is None else asked
        for person in gleaned.correspondents():
            about = (person.address, item.kind)
            if about not in asked:
                asked.add(about)
                found.update(dict.fromkeys(_of_person(plan, organisation, person, companies=needs.companies)))
    if needs.conversation:
        mail = plan.entities.get(plan.program.own.get(Kind.MAIL, ""))
        if mail is not None and "message_id" in mail.fields:
            for each in gleaned.conversation_ids():
                found[Find(mail.name, ("message_id",), (value_key(each),))] = None
    if needs.own or (needs.people and item.kind is Kind.CONTACT):
        found.update(dict.fromkeys(_own(plan, context)))
    return found.keys()


def _of_person(plan: RulePlan, organisation: Organisation, person: Address, *, companies: bool) -> Iterator[Lookup]:
    """What is asked of a person by his address."""
    parts = plan.parts
    if parts.contact is not None and parts.contact_email:
        yield Find(parts.contact.name, (parts.contact_email,), (address_key(person.address),))
    if companies and parts.company is not None and parts.company_domain:
        for each in people.company_domains(person, organisation, plan.aliases):
            yield Find(parts.company.name, (parts.company_domain,), (value_key(each),))


def next_seeds(plan: RulePlan, context: ItemContext, gleaned: Gleaned, view: CrmView) -> Collection[Lookup]:
    """What is likely to be asked once the first look-ups are answered: what earlier mail of the conversation is linked
    to, and what is remembered of the sender's card."""
    needs = plan.needs(context.item.kind)
    found: dict[Lookup, None] = {}
    if needs.current:
        found.update(dict.fromkeys(_current(plan, gleaned, view)))
    mail = plan.program.own.get(Kind.MAIL, "")
    if needs.conversation_links and mail in plan.entities:
        for each in gleaned.conversation_ids():
            for row in view.ask(Find(mail, ("message_id",), (value_key(each),))):
                found.update((Linked(entity, row.key), None) for entity in sorted(needs.conversation_links))
    return found.keys()


def _current(plan: RulePlan, gleaned: Gleaned, view: CrmView) -> Iterator[Lookup]:
    """What keeping a sender's card current asks: what was written into it, and who may be the same person."""
    contact, email = plan.parts.contact, plan.parts.contact_email
    if contact is None or not email:
        return
    for person in gleaned.senders():
        for record in view.ask(Find(contact.name, (email,), (address_key(person.address),))):
            yield Remembered(record.key)
            yield from (find for find, _ in alike(plan.parts, record))


def _own(plan: RulePlan, context: ItemContext) -> list[Lookup]:
    entity = plan.own_entity(context.item.kind, context.item.item_class)
    known: list[Lookup] = [Get(own.key) for own in context.own if not own.key.planned]
    if known or entity is None:
        return known
    return list(_first_match(entity, context))


def matching_seeds(plan: RulePlan, entity: Entity, context: ItemContext) -> Iterator[Lookup]:
    """What finding the row of an item that stands for none yet asks first: by `matched by`, and for its company."""
    yield from _first_match(entity, context)
    company, name = plan.parts.company, context.item.fields.get("organisation")
    if company is not None and plan.parts.company_name and isinstance(name, str) and value_key(name):
        yield Find(company.name, (plan.parts.company_name,), (value_key(name),))


def _first_match(entity: Entity, context: ItemContext) -> Collection[Lookup]:
    for names in entity.matched_by:
        if any("." in name or entity.fields[name].references for name in names if name in entity.fields):
            continue
        keys: list[list[str | RecordKey]] = [
            sorted(field_keys(entity, name, context.item.fields.get(name)), key=str) for name in names
        ]
        if len(names) == 1 and keys[0]:
            return [Find(entity.name, names, (key,)) for key in keys[0]]
    return ()
