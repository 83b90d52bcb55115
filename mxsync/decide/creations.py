"""`create`: contacts from people, companies from their domains, rows of any entity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from mxsync.decide import people
from mxsync.decide.another_address import is_known_elsewhere, namesakes
from mxsync.decide.context import once_key
from mxsync.decide.draft import Draft, Values
from mxsync.decide.persons import external, is_ours, people_of, unique
from mxsync.decide.same_person import full_name, offer_duplicates, propose_change
from mxsync.decide.suitability import convincing, creatable, real
from mxsync.lang import ir
from mxsync.model.item import Address
from mxsync.model.normal import address_key, value_key
from mxsync.model.record import Entity, Find, Record, RecordKey


def create_contacts(draft: Draft, action: ir.CreateContacts) -> None:
    """One contact for each person that no record matches: only from real correspondence, never for our own people."""
    facts = draft.facts
    entity = facts.plan.entities.get(action.entity)
    if entity is None or not real(draft):
        return
    for person in _people(draft, action.people):
        if not creatable(draft, person):
            continue
        known = facts.records.contacts_of(person)
        if known:
            draft.note(f"{person.address} is known already")
            for record in known:
                if not facts.records.excluded(record):
                    draft.near(record.key)
            continue
        if not convincing(draft, person):
            continue
        _create_contact(draft, entity, person, action)


def _create_contact(draft: Draft, entity: Entity, person: Address, action: ir.CreateContacts) -> None:
    facts = draft.facts
    found = described(draft, person, action.source)
    same_name = namesakes(draft, person, found)
    if is_known_elsewhere(draft, person, found, same_name):
        return
    values: Values = {}
    sources: dict[str, str] = {}
    for assign in action.assigns:
        value = draft.value(assign.value)
        if value is not None:
            values[assign.field], sources[assign.field] = value, "rule"
    for name, (text, source) in found.items():
        if name in entity.fields and name not in values:
            field = entity.fields[name]
            values[name] = (text,) if name == facts.plan.parts.contact_email and len(field.columns) > 1 else text
            sources[name] = source
    company = _company_of(draft, person)
    reference = facts.plan.parts.contact_company
    if company is not None and reference and reference not in values:
        values[reference], sources[reference] = company, "domain"
    _own_it(draft, entity, values, sources)
    key = draft.create(entity, values, sources)
    if company is not None and not reference:
        draft.link(key, company)
    offer_duplicates(draft, key)
    if len(same_name) == 1:
        offer_duplicates(draft, key, same_name, f"both are called {full_name(same_name[0])}")


def described(draft: Draft, person: Address, source: ir.Source) -> dict[str, tuple[str, str]]:
    """What is known of a person: field to text and where it was read. The header goes before the signature, unless the
    rule wants it the other way round; a name that only the address suggests comes last."""
    facts = draft.facts
    header = {name: (text, "header") for name, text in people.names(person).items()}
    signature: dict[str, tuple[str, str]] = {}
    sender = people_of(facts.item.fields.get("sender"))
    if source is not ir.Source.HEADER and sender and address_key(sender[0].address) == address_key(person.address):
        reading = facts.reading()
        signature = {name: (text, reading.places[name]) for name, text in reading.signature.items() if name != "email"}
    names = ("full_name", "first_name", "middle_name", "last_name", "honorific", "suffix")
    named = any(name in signature for name in names)
    if named and (source is ir.Source.SIGNATURE or not person.name or "@" in person.name):
        header = {}  # names are taken as a whole, never half from here and half from there
    elif header:
        if signed := signature.get("full_name"):
            header = {name: (text, "header") for name, text in people.names(person, signed[0]).items()}
        signature = {name: found for name, found in signature.items() if name not in names}
    return {"email": (person.address, "header"), **signature, **header}


def _people(draft: Draft, whom: ir.People) -> tuple[Address, ...]:
    facts = draft.facts
    match whom:
        case ir.People.CORRESPONDENTS:
            if not facts.correspondents():
                draft.note("everybody on it is one of us")
            return facts.correspondents()
        case ir.People.SENDER:
            named = people_of(facts.item.fields.get("sender")) or people_of(facts.item.fields.get("organizer"))
        case ir.People.RECIPIENTS:
            named = people_of(facts.field("recipients"))
        case ir.People.ATTENDEES:
            fields = facts.item.fields
            named = unique([*people_of(fields.get("organizer")), *people_of(fields.get("attendees"))])
        case _:
            assert_never(whom)
    for person in named:
        if person.address and is_ours(person.address, facts.organisation):
            draft.note(f"{person.address} is one of us")
    return external(named, facts.organisation)


def _own_it(draft: Draft, entity: Entity, values: Values, sources: dict[str, str]) -> None:
    owner = draft.owner_field(entity)
    if owner and owner not in values:
        user = draft.user()
        if user is not None:
            values[owner], sources[owner] = user, "mailbox"


# ------------------------------------------------------------------ companies


def _company_of(draft: Draft, person: Address) -> RecordKey | None:
    """The company of a person's domain, known or planned."""
    found = draft.facts.records.company_by_domain(person)
    return found[0].key if found else None


def create_companies(draft: Draft, action: ir.CreateCompanies) -> None:
    """One company for each registered domain of the item's contacts, known or new, that have none; they are linked
    to it. In a rule that creates contacts these are the people that it creates them for."""
    facts = draft.facts
    entity = facts.plan.entities.get(action.entity)
    if entity is None or not real(draft):
        return
    for person in _employed(draft):
        if not creatable(draft, person):
            continue
        contacts = facts.records.contacts_of(person)
        if not contacts and not convincing(draft, person):
            continue
        moved = address_key(person.address) in draft.readdressed
        if contacts and not moved and all(facts.records.companies_of(contact) for contact in contacts):
            continue
        domain = people.company_domain(person, facts.organisation, facts.plan.aliases)
        if not domain:
            draft.note(f"the domain of {person.address} is no company's")
            continue
        company = _company_of(draft, person) or _by_name(draft, entity, person, action)
        if company is None:
            company = _create_company(draft, entity, person, domain, action)
        else:
            draft.near(company)
        for contact in contacts:
            if facts.records.excluded(contact):
                continue
            if not facts.records.companies_of(contact):
                _join(draft, contact, company)
            elif moved:
                _propose_company(draft, contact, company)


def _employed(draft: Draft) -> tuple[Address, ...]:
    """Whose companies a rule may create."""
    actions = draft.rule.rule.actions if draft.rule is not None else ()
    whom = [action.people for action in actions if isinstance(action, ir.CreateContacts)]
    if not whom:
        return draft.facts.correspondents()
    return unique(person for each in dict.fromkeys(whom) for person in _people(draft, each))


def _company_texts(draft: Draft, person: Address, source: ir.Source) -> Mapping[str, tuple[str, str]]:
    """What the sender's signature says of the company, by the rule's word: `from signature` takes it all, `from domain`
    nothing but the name; and unless it is `from signature`, the name only where it fits the domain."""
    facts = draft.facts
    sender = people_of(facts.item.fields.get("sender"))
    if not sender or address_key(sender[0].address) != address_key(person.address):
        return {}
    reading = facts.reading()
    fields: dict[str, str] = {}
    if source is ir.Source.SIGNATURE or people.organisation_fits(
        reading.signature.get("organisation", ""), person.domain
    ):
        fields["name"] = "organisation"
    if source is not ir.Source.DOMAIN:
        fields.update((name, name) for name in _COMPANY_FIELDS)
    return {
        name: (reading.signature[fact], reading.places[fact])
        for name, fact in fields.items()
        if fact in reading.signature
    }


_COMPANY_FIELDS = ("website", "street", "city", "postal_code", "region", "country")


def _by_name(draft: Draft, entity: Entity, person: Address, action: ir.CreateCompanies) -> RecordKey | None:
    """A known company of the name that the signature gives, without a domain of its own."""
    texts = _company_texts(draft, person, action.source)
    field = draft.facts.plan.parts.company_name
    if "name" not in texts or not field or not value_key(texts["name"][0]):
        return None
    found = draft.facts.records.ask(Find(entity.name, (field,), (value_key(texts["name"][0]),)))
    domain = draft.facts.plan.parts.company_domain
    fitting = [record for record in found if not domain or not record.values.get(domain)]
    return fitting[0].key if len(fitting) == 1 else None


def _create_company(
    draft: Draft, entity: Entity, person: Address, domain: str, action: ir.CreateCompanies
) -> RecordKey:
    values: Values = {}
    sources: dict[str, str] = {}
    for assign in action.assigns:
        value = draft.value(assign.value)
        if value is not None:
            values[assign.field], sources[assign.field] = value, "rule"
    found = {
        "domain": (domain, "domain"),
        "name": (people.company_name(domain) or domain, "domain"),
        **_company_texts(draft, person, action.source),
    }
    for name, (text, source) in found.items():
        if name in entity.fields and name not in values:
            values[name], sources[name] = text, source
    _own_it(draft, entity, values, sources)
    return draft.create(entity, values, sources)


def _join(draft: Draft, contact: Record, company: RecordKey) -> None:
    """A contact without a company gets it: one that is planned in its own row, one that exists by its empty key."""
    reference = draft.facts.plan.parts.contact_company
    created = draft.created.get(contact.key)
    if created is not None and reference:
        values = {**created.values, reference: company}
        sources = {**created.sources, reference: "domain"}
        draft.created[contact.key] = replace(created, values=values, sources=sources)
        draft.facts.records.overlay.change(contact.key, {reference: company})
    elif draft.facts.plan.linkable(contact.key.entity, company.entity):
        draft.link(contact.key, company)
        if reference:
            draft.facts.records.overlay.change(contact.key, {reference: company})


def _propose_company(draft: Draft, contact: Record, company: RecordKey) -> None:
    """A contact who writes from another company's domain by now."""
    reference = draft.facts.plan.parts.contact_company
    if reference and company not in draft.facts.records.companies_of(contact):
        why = f"{full_name(contact)} writes from another company's address, and may have moved there"
        propose_change(draft, contact.key, why, {reference: company})


# ------------------------------------------------------------------ rows of any entity


def create_record(draft: Draft, action: ir.CreateRecord, number: int) -> None:
    """A new row, once for each item and rule."""
    entity = draft.facts.plan.entities.get(action.entity)
    if entity is None:
        return
    once = once_key(draft.memory, f"create {action.entity}", number)
    if once in draft.facts.context.done:
        draft.note(f"its {action.entity} was created when the item came first")
        return
    values: Values = {}
    sources: dict[str, str] = {}
    for assign in action.assigns:
        value = draft.value(assign.value)
        if value is not None:
            values[assign.field], sources[assign.field] = value, "rule"
    _own_it(draft, entity, values, sources)
    draft.create(entity, values, sources, once)
