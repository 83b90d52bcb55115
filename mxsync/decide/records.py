"""The records that an item leads to: its own row, those of the people on it, their companies, those of its conversation
and those that its subject mentions. Every answer comes from the view, under what this decision has planned so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from mxsync.decide import people
from mxsync.decide.field_values import item_value, one_field, plain_field, stepped_field
from mxsync.decide.known import find_known
from mxsync.decide.matching import combined, unique
from mxsync.decide.mentions import addresses_in, outermost, phrases
from mxsync.decide.overlay import Overlay, field_keys
from mxsync.decide.persons import is_ours
from mxsync.lang import ir
from mxsync.lang.compile_facts import FactValue
from mxsync.lang.compile_parts import email_field, item_path
from mxsync.lang.compile_values import truth
from mxsync.model.item import Address, Kind, Value
from mxsync.model.normal import address_key, value_key
from mxsync.model.record import CrmView, Entity, Find, Get, Linked, Lookup, Record, RecordKey, RecordValue

if TYPE_CHECKING:
    from mxsync.decide.item_facts import ItemFacts


class Records:
    """Look-ups of one item's decision."""

    def __init__(self, facts: ItemFacts, view: CrmView) -> None:
        self._facts = facts
        self._view = view
        self._plan = facts.plan
        self.parts = facts.plan.parts
        self.overlay = Overlay(facts.plan.entities)
        self.near: dict[str, dict[RecordKey, None]] = {}
        """What the rule at hand has linked to or created, by entity: nearer than anything else when it says
        `{contact.first_name}`."""
        self._mentioned: dict[tuple[str, str], tuple[Record, ...]] = {}
        self._of_key: dict[str, tuple[Record, ...]] = {}
        self._conversations: dict[str, tuple[Record, ...]] = {}
        self._contacts: tuple[Record, ...] | None = None
        self._known: dict[tuple[str, ir.Whom], tuple[tuple[Record, ...], ...]] = {}
        self._seen = 0

    def ask(self, lookup: Lookup) -> tuple[Record, ...]:
        """The records, with what this decision has planned."""
        base = self._view.ask(lookup)
        return base if self.overlay.leaves(lookup) else self.overlay.merge(lookup, base, self._view.ask)

    # ------------------------------------------------------------------ the user

    def user(self, address: str | None = None) -> RecordKey | None:
        """The row of the mailbox's user, or of the user with that address."""
        record = self.user_record(self._facts.context.user if address is None else address)
        return record.key if record else None

    def user_record(self, address: str) -> Record | None:
        """The same as a record."""
        parts = self.parts
        if parts.user is None or not parts.user_email or not address:
            return None
        found = self.ask(Find(parts.user.name, (parts.user_email,), (address_key(address),)))
        return found[0] if found else None

    # ------------------------------------------------------------------ people and companies

    def contacts_of(self, person: Address) -> tuple[Record, ...]:
        """The contacts whose address this is. Only the address counts, never the name."""
        parts = self.parts
        key = address_key(person.address)
        if parts.contact is None or not parts.contact_email or not key:
            return ()
        self._refresh()
        found = self._of_key.get(key)
        if found is None:
            found = self.ask(Find(parts.contact.name, (parts.contact_email,), (key,)))
            self._of_key[key] = found
        return found

    def _refresh(self) -> None:
        # What was found before something was planned may be out of date.
        if self._seen != self.overlay.version:
            self._of_key.clear()
            self._conversations.clear()
            self._contacts = None
            self._known.clear()
            self._seen = self.overlay.version

    def contacts(self) -> tuple[Record, ...]:
        """The contacts on the item: those of everyone on it who is not one of us; on a contact, its own row."""
        self._refresh()
        if self._contacts is None:
            self._contacts = self._find_contacts()
        return self._contacts

    def _find_contacts(self) -> tuple[Record, ...]:
        if self._facts.item.kind is Kind.CONTACT:
            own = self._own_entity()
            return self.own(own) if own is not None and own is self.parts.contact else ()
        return unique(record for person in self._facts.correspondents() for record in self.contacts_of(person))

    def excluded(self, contact: Record) -> bool:
        """Whether a contact is never linked to mail: its `exclude_mail` is yes, and the item is mail."""
        field = self.parts.excluded
        if not field or self._facts.item.kind not in (Kind.MAIL, Kind.POST):
            return False
        value = contact.values.get(field)
        return not isinstance(value, tuple) and truth(value)

    def company_by_domain(self, person: Address) -> tuple[Record, ...]:
        """The known company of the domain of a person's address: that of the domain itself, else of the registered
        part; where `company_aliases` speak of it, that of the domain it goes by, else of another of its domains."""
        parts = self.parts
        if parts.company is None or not parts.company_domain:
            return ()
        for domain in people.company_domains(person, self._facts.organisation, self._plan.aliases):
            found = self.ask(Find(parts.company.name, (parts.company_domain,), (value_key(domain),)))
            if found:
                return found
        return ()

    def companies_of(self, contact: Record) -> tuple[RecordKey, ...]:
        """A contact's companies: by its foreign key, else through a link table."""
        parts = self.parts
        if parts.company is None:
            return ()
        if parts.contact_company:
            value = contact.values.get(parts.contact_company)
            return (value,) if isinstance(value, RecordKey) else ()
        if parts.contact is None or not self._plan.linkable(parts.contact.name, parts.company.name):
            return ()
        return tuple(record.key for record in self.ask(Linked(parts.company.name, contact.key)))

    def companies(self, contacts: Iterable[Record] | None = None) -> tuple[RecordKey, ...]:
        """The companies of the contacts on the item (or of the given ones), then those of the domains of people who are
        no contacts, then those that a journal names."""
        found: dict[RecordKey, None] = {}
        for contact in self.contacts() if contacts is None else contacts:
            found.update(dict.fromkeys(self.companies_of(contact)))
        for person in self._facts.correspondents():
            if not self.contacts_of(person):
                found.update((record.key, None) for record in self.company_by_domain(person))
        found.update((record.key, None) for record in self._companies_named())
        return tuple(found)

    def _companies_named(self) -> Iterator[Record]:
        parts = self.parts
        named = self._facts.item.fields.get("companies")
        if parts.company is None or not parts.company_name or not named:
            return
        for name in named if isinstance(named, tuple) else (named,):
            if isinstance(name, str) and value_key(name):
                yield from self.ask(Find(parts.company.name, (parts.company_name,), (value_key(name),)))

    def get(self, keys: Iterable[RecordKey]) -> tuple[Record, ...]:
        """The records with these keys."""
        return tuple(record for key in keys for record in self.ask(Get(key)))

    # ------------------------------------------------------------------ the item's own row

    def _own_entity(self) -> Entity | None:
        return self._plan.own_entity(self._facts.item.kind, self._facts.item.item_class)

    def own(self, entity: Entity) -> tuple[Record, ...]:
        """The rows of an entity that stand for the item already: those known from before, else by what it is matched
        by; the first key that finds rows decides."""
        known = [own.key for own in self._facts.context.own if own.key.entity == entity.name]
        found = unique(self.get(known))
        return found or self.matches(entity, lambda name: self.item_value(entity, name))

    def matches(self, entity: Entity, value: Callable[[str], RecordValue]) -> tuple[Record, ...]:
        """The rows that `matched by` finds. `value` is a function from a field's name to what is looked for."""
        for names in entity.matched_by:
            keys = [field_keys(entity, name, value(name)) for name in names]
            if not all(keys):
                continue
            if len(keys) == 1 and len(keys[0]) == 1:
                found = self.ask(Find(entity.name, names, tuple(keys[0])))
            else:
                ways = combined(keys)
                found = unique(record for way in ways for record in self.ask(Find(entity.name, names, way)))
            if found:
                return found
        return ()

    def item_value(self, entity: Entity, name: str) -> RecordValue:
        """What the item says for a field of the entity; None for nothing. A reference to a company is found by the
        item's organisation."""
        field = entity.fields.get(name)
        if field is not None and field.references:
            if self.parts.company is not None and field.references == self.parts.company.name:
                return self._company_named(self._facts.item.fields.get("organisation"))
            return None
        return item_value(self._facts, item_path(name))

    def _company_named(self, name: Value) -> RecordKey | None:
        parts = self.parts
        if parts.company is None or not parts.company_name or not isinstance(name, str) or not value_key(name):
            return None
        found = self.ask(Find(parts.company.name, (parts.company_name,), (value_key(name),)))
        return found[0].key if len(found) == 1 else None

    # ------------------------------------------------------------------ conversation and subject

    def conversation(self, entity: str) -> tuple[Record, ...]:
        """The saved rows of earlier mail of the item's conversation (In-Reply-To and References, RFC 5322 3.6.4)."""
        self._refresh()
        found = self._conversations.get(entity)
        if found is None:
            target = self._plan.entities.get(entity)
            ids = self._facts.conversation_ids() if target is not None and "message_id" in target.fields else ()
            found = self._conversations[entity] = unique(
                record for each in ids for record in self.ask(Find(entity, ("message_id",), (value_key(each),)))
            )
        return found

    def mentioned(self, entity: str, field: str) -> tuple[Record, ...]:
        """The records of an entity whose field stands in the subject, as whole words; for an e-mail field, whose
        address does. Of names one inside the other, the longer counts."""
        found = self._mentioned.get((entity, field))
        if found is None:
            found = self._mentioned[entity, field] = self._mentions(entity, field)
        return found

    def _mentions(self, entity: str, field: str) -> tuple[Record, ...]:
        subject = self._facts.item.fields.get("subject")
        target = self._plan.entities.get(entity)
        if target is None or not isinstance(subject, str) or not subject:
            return ()
        if field == email_field(target):
            ours = self._facts.organisation
            addresses = [each for each in addresses_in(subject) if target is self.parts.user or not is_ours(each, ours)]
            return unique(
                record for each in addresses for record in self.ask(Find(entity, (field,), (address_key(each),)))
            )
        hits: list[tuple[int, int, Record]] = []
        for start, end, key in phrases(subject):
            hits += ((start, end, record) for record in self.ask(Find(entity, (field,), (key,))))
        return unique(outermost(hits))

    # ------------------------------------------------------------------ `is known`

    def known(self, node: ir.Known) -> tuple[tuple[Record, ...], ...]:
        """For each person, or thing, that `is known` asks about, the records that it is."""
        if node.whom is ir.Whom.PATH:  # what was captured may stand in it: asked anew for each rule
            return find_known(self, self._facts, node)
        self._refresh()
        about = (node.entity, node.whom)
        found = self._known.get(about)
        if found is None:
            found = self._known[about] = find_known(self, self._facts, node)
        return found

    # ------------------------------------------------------------------ paths

    def linked(self, entity: Entity) -> tuple[Record, ...]:
        """Records of an entity that the item leads to: the user, contacts and companies by their part; of others those
        that its own row is linked with, else its contacts, else their companies."""
        if entity is self.parts.user:
            record = self.user_record(self._facts.context.user)
            return (record,) if record else ()
        own_entity = self._own_entity()
        if entity is own_entity:
            return self.own(entity)
        if entity is self.parts.contact:
            return self.contacts()
        if entity is self.parts.company:
            return self.get(self.companies())
        if own_entity is not None and self._plan.linkable(own_entity.name, entity.name):
            of_own = unique(record for own in self.own(own_entity) for record in self.ask(Linked(entity.name, own.key)))
            if of_own:
                return of_own
        return next((found for found in self.around(entity) if found), ())

    def around(self, entity: Entity) -> Iterator[tuple[Record, ...]]:
        """Records of an entity linked to the item's contacts; then those linked to its companies."""
        parts = self.parts
        if parts.contact is not None and self._plan.linkable(parts.contact.name, entity.name):
            contacts = [contact.key for contact in self.contacts() if not self.excluded(contact)]
            yield unique(record for key in contacts for record in self.ask(Linked(entity.name, key)))
        if parts.company is not None and self._plan.linkable(parts.company.name, entity.name):
            yield unique(record for key in self.companies() for record in self.ask(Linked(entity.name, key)))

    def at_hand(self, record: Record | None, steps: tuple[str, ...]) -> tuple[FactValue, ...]:
        """The values under a path that begins at the record of a `where`."""
        if record is None:
            return ()
        return one_field(record, steps[0]) if len(steps) == 1 else self._walk((record,), steps)

    def path(self, path: ir.Path) -> tuple[FactValue, ...]:
        """The values under a path that begins at the user, or at records of an entity."""
        if path.root is ir.Root.USER:
            if not path.steps and path.type is ir.Type.PERSON:
                address = self._facts.context.user
                return (Address("", address),) if address else ()
            return self._user_path(path.steps)
        entity = self._plan.entities.get(path.entity)
        if entity is None:
            return ()
        near = self.near.get(entity.name)
        if near:
            records = self.get(near)
        else:
            mentioned = (self.mentioned(m.entity, m.field) for m in self._facts.mentions if m.entity == entity.name)
            records = unique(record for found in mentioned for record in found) or self.linked(entity)
        return self._walk(records, path.steps)

    def _user_path(self, steps: tuple[str, ...]) -> tuple[FactValue, ...]:
        address = self._facts.context.user
        if not address:
            return ()
        if not steps:
            key = self.user()
            return (key,) if key else (Address("", address),)
        if steps in (("email",), ("address",)):
            return (address,)
        if steps == ("domain",):
            return (Address("", address).domain,)
        record = self.user_record(address)
        if steps == ("name",) and record is not None and "name" not in record.values:
            steps = ("full_name",)
        return self._walk((record,) if record else (), steps)

    def walk(self, record: Record, steps: tuple[str, ...]) -> tuple[FactValue, ...]:
        """The values of a record's field, going on through references."""
        return self._walk((record,), steps)

    def _walk(self, records: Iterable[Record], steps: tuple[str, ...]) -> tuple[FactValue, ...]:
        if not steps:
            return tuple(record.key for record in records)
        if len(steps) == 1:
            return plain_field(records, steps[0])
        found: list[FactValue] = []
        for record in records:
            value, rest = stepped_field(record, steps)
            values = value if isinstance(value, tuple) else (value,)
            for each in values:
                if isinstance(each, RecordKey) and rest:
                    found += self._walk(self.ask(Get(each)), rest)
                elif each is not None and each != "" and not rest:
                    found.append(each)
        return tuple(found)
