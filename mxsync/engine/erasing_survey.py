"""What a person has in the tables: which rows are theirs alone, and go, and which they share, and stay without them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mxsync.engine.intents import DOCUMENT
from mxsync.engine.world import World
from mxsync.lang.compile import RulePlan
from mxsync.model.item import Address, ItemRef
from mxsync.model.normal import address_key
from mxsync.model.record import Entity, Find, Linked, Record, RecordKey, RecordValue
from mxsync.ports.tracking import Unit


@dataclass(slots=True)
class Survey:
    """What goes. `people` are the address keys of the person, all that their contact row knows; `phrases` their name as
    it may stand beside an address; `rows` by entity; `places` the files of documents; `refs` the items behind the
    rows."""

    people: frozenset[str]
    phrases: tuple[str, ...] = ()
    rows: dict[str, list[RecordKey]] = field(default_factory=dict)
    places: list[str] = field(default_factory=list)
    refs: frozenset[ItemRef] = frozenset()

    @property
    def keys(self) -> list[RecordKey]:
        return [key for keys in self.rows.values() for key in keys]

    def add(self, keys: Iterable[RecordKey]) -> None:
        """Rows that go."""
        for key in keys:
            own = self.rows.setdefault(key.entity, [])
            if key not in own:
                own.append(key)

    def counts(self, world: World) -> dict[str, int]:
        """By entity, and the files that are there."""
        files = sum((world.documents.root / place).is_file() for place in self.places)
        return {name: len(keys) for name, keys in self.rows.items()} | ({"document files": files} if files else {})


def survey(world: World, unit: Unit, person: str) -> Survey:
    """Looks for a person (an address key).

    Theirs are: contacts with the address; mail that they sent; rows of item kinds that are linked to no other contact;
    documents that came with these alone. A row that others share stays, without link, address and name.
    """
    plan = world.plan()
    contact, field_ = plan.parts.contact, plan.parts.contact_email
    contacts: Sequence[Record] = ()
    if contact is not None and field_:
        contacts = _ask(unit, Find(contact.name, (field_,), (person,)))
    found = Survey(frozenset({person, *_addresses(unit, contact, field_, contacts)}), _phrases(contacts))
    found.add(record.key for record in contacts)
    items = [entity for entity in plan.entities.values() if entity.kind is not None and entity is not contact]
    for entity in items:
        _linked_alone(unit, plan, entity, contact, contacts, found)
        if "sender.address" in entity.fields:
            for each in sorted(found.people):
                found.add(record.key for record in _ask(unit, Find(entity.name, ("sender.address",), (each,))))
    _documents(unit, plan, found)
    found.refs = unit.tracking.items_of_rows(found.keys) - _refs_of_others(unit, found)
    _places(unit, plan, found)
    return found


def _ask(unit: Unit, lookup: Find | Linked) -> tuple[Record, ...]:
    return unit.crm.answer([lookup])[lookup]


def _addresses(unit: Unit, contact: Entity | None, name: str, contacts: Sequence[Record]) -> set[str]:
    """The person's other addresses: those that no other contact has."""
    own = {record.key for record in contacts}
    found: set[str] = set()
    for record in contacts:
        for text in _texts(record.values.get(name)):
            key = address_key(text)
            if "@" in key and contact is not None:
                holders = {each.key for each in _ask(unit, Find(contact.name, (name,), (key,)))}
                if holders <= own:
                    found.add(key)
    return found


def _texts(value: RecordValue) -> list[str]:
    values = value if isinstance(value, tuple) else (value,)
    return [each.address if isinstance(each, Address) else str(each) for each in values if each]


def _phrases(contacts: Sequence[Record]) -> tuple[str, ...]:
    """The names of at least two words, longest first."""
    names: set[str] = set()
    for record in contacts:
        names |= {str(record.values.get("full_name") or "")}
        names |= {" ".join(str(record.values.get(name) or "") for name in ("first_name", "last_name"))}
    return tuple(sorted((name for name in names if len(name.split()) > 1), key=len, reverse=True))


def _linked_alone(
    unit: Unit, plan: RulePlan, entity: Entity, contact: Entity | None, contacts: Sequence[Record], found: Survey
) -> None:
    """Rows that no other contact is linked to."""
    if contact is None or not plan.linkable(entity.name, contact.name):
        return
    own = {record.key for record in contacts}
    rows = {row.key for record in contacts for row in _ask(unit, Linked(entity.name, record.key))}
    lookups = [Linked(contact.name, key) for key in rows]
    answers = unit.crm.answer(lookups) if lookups else {}
    found.add(lookup.to for lookup in lookups if {each.key for each in answers[lookup]} <= own)


def _documents(unit: Unit, plan: RulePlan, found: Survey) -> None:
    """Documents that came with nothing but what goes; those that came with no item, where no other contact has them."""
    document = plan.parts.document
    if document is None:
        return
    contact = plan.parts.contact
    linked = [entity for entity in plan.entities.values() if plan.linkable(document.name, entity.name)]
    items = [entity for entity in linked if entity.kind is not None and entity is not contact]
    going = set(found.keys)
    rows = {row for key in going if plan.entities[key.entity] in linked for row in _keys(unit, document, key)}
    for row in sorted(rows, key=str):
        holders = {key for entity in items for key in _keys(unit, entity, row)}
        if not holders and contact is not None and contact in linked:
            holders = set(_keys(unit, contact, row))
        if holders <= going:
            found.add([row])


def _keys(unit: Unit, entity: Entity, to: RecordKey) -> list[RecordKey]:
    return [record.key for record in _ask(unit, Linked(entity.name, to))]


def _refs_of_others(unit: Unit, found: Survey) -> frozenset[ItemRef]:
    """Items behind rows that go, which also stand behind rows that stay: a mail of others that made the contact."""
    refs = unit.tracking.items_of_rows(found.keys)
    going = set(found.keys)
    pairs = unit.tracking.pairs(refs)
    return frozenset(ref for ref, own in pairs.items() if any(pair.row not in going for pair in own))


def _places(unit: Unit, plan: RulePlan, found: Survey) -> None:
    """The files of what goes: as the documents' rows say, and whatever else was stored for these items, unless a
    document that stays has the same content."""
    document = plan.parts.document
    places: dict[str, None] = {}
    if document is not None and "path" in document.fields:
        rows = unit.crm.read(found.rows.get(document.name, ()))
        places |= {str(record.values["path"]): None for record in rows.values() if record.values.get("path")}
    for intents in unit.tracking.intended(found.refs).values():
        for intent in intents:
            told = document is not None and _stays(unit, document, str(intent.payload.get("digest")), found)
            if intent.effect == DOCUMENT and not told:
                places[str(intent.payload["place"])] = None
    found.places = list(places)


def _stays(unit: Unit, document: Entity, digest: str, found: Survey) -> bool:
    """Whether a row that stays tells of this content: then others need the file."""
    if "sha256" not in document.fields:
        return False
    going = found.rows.get(document.name, [])
    return any(record.key not in going for record in _ask(unit, Find(document.name, ("sha256",), (digest,))))
