"""`update contact from signature`: the sender's card, kept current by his own mails.

A field that is empty is filled. One that an earlier signature of his filled is renewed when this mail is newer than
that one, so that the order in which mails are read changes nothing. Whatever differs from what mxsync wrote last is a
person's, and stays, an emptied field too. Names are filled as a whole, addresses are taken as a whole, and the e-mail
address, by which he is found, is never touched. A move to another company is proposed, never made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from mxsync.decide.creations import described
from mxsync.decide.draft import Draft
from mxsync.decide.item_facts import same_value
from mxsync.decide.persons import is_ours
from mxsync.decide.same_person import memory_of, offer_duplicates, propose_change
from mxsync.decide.suitability import real
from mxsync.lang import ir
from mxsync.model.item import Address
from mxsync.model.normal import text_key, value_key
from mxsync.model.record import Entity, Find, Origin, Record, RecordKey, RecordValue

SIGNED: Final = "signature"
"""How the source of a value begins that was read from a signature."""

_SINGLE: Final = (
    "job_title", "department", "business_phone", "mobile_phone", "home_phone", "fax", "website", "organisation",
)  # fmt: skip
_NAMES: Final = ("full_name", "first_name", "middle_name", "last_name", "honorific", "suffix")
_PLACE: Final = ("street", "city", "postal_code", "region", "country")


def update_contact(draft: Draft) -> None:
    """Brings the sender's contact up to date, where he is one and signed."""
    facts = draft.facts
    entity = facts.plan.parts.contact
    senders = [each for each in facts.senders() if each.address and not is_ours(each.address, facts.organisation)]
    if entity is None or not senders or not real(draft):
        return
    person = senders[0]
    known = [each for each in facts.records.contacts_of(person) if not facts.records.excluded(each)]
    if len(known) > 1:
        offer_duplicates(draft, known[0].key, known[1:], f"both have the address {person.address}")
        draft.note(f"{len(known)} contacts have the address {person.address}: none of them is changed")
        return
    for record in known:
        if record.key in draft.created:
            continue  # this very mail has filled it
        card = _Card(draft, entity, record, facts.moment())
        card.update(person)
        _propose_move(draft, card, person)
        offer_duplicates(draft, record.key)


@dataclass(slots=True)
class _Card:
    """One contact's row, and what a mail of `moment` says of it."""

    draft: Draft
    entity: Entity
    record: Record
    moment: datetime

    def update(self, person: Address) -> None:
        """Writes what the signature adds or renews."""
        reading = self.draft.facts.reading()
        said = {name: text for name, text in reading.signature.items() if name in self.entity.fields}
        if not reading.has_signature and not said:
            return
        for name in _SINGLE:
            if name in said and self._takes(name, said[name]):
                value = said[name] if len(self.entity.fields[name].columns) == 1 else (said[name],)
                self.draft.update(self.record.key, name, value, reading.places[name])
        self._names(person)
        self._place({name: said[name] for name in _PLACE if name in said}, reading.places)

    def origin(self, name: str) -> Origin | None:
        """Where mxsync last wrote a field from."""
        return memory_of(self.draft, self.record.key).origins.get(name)

    def _takes(self, name: str, text: str) -> bool:
        now = self.record.values.get(name)
        if same_value(now, text) or (isinstance(now, tuple) and any(same_value(each, text) for each in now)):
            self._confirm(name)
            return False
        origin = self.origin(name)
        if _empty(now):
            if origin is None or _empty(origin.value):
                return True
            self.draft.note(f"`{name}` was emptied by a person, and stays so")
            return False
        if isinstance(now, tuple) or not (self._ours(name, origin) and self._newer(name, origin)):
            return False  # of several values nobody can say which one is meant
        if name != "organisation":
            return True
        one, other = sorted((text_key(text), text_key(str(now))), key=len)
        if not other.startswith(one):  # 'Acme Pumps' and 'Acme Pumps Ltd' are one firm
            why = "the signature names another organisation, which may be a move"
            propose_change(self.draft, self.record.key, why, {name: text})
        return False

    def _confirm(self, name: str) -> None:
        """The mail says again what an earlier signature put there: from now on that is as new as this mail."""
        origin = self.origin(name)
        if origin is None or not origin.source.startswith(SIGNED):
            return
        if origin.moment is not None and origin.moment < self.moment:
            if same_value(origin.value, self.record.values.get(name)):
                confirmed = self.draft.confirmed.setdefault(self.record.key, {})
                confirmed[name] = replace(origin, moment=self.moment)

    def _ours(self, name: str, origin: Origin | None) -> bool:
        """Whether a field still holds what an earlier signature put there."""
        if origin is None or not same_value(origin.value, self.record.values.get(name)):
            self.draft.note(f"`{name}` was written by a person, and stays")
        elif not origin.source.startswith(SIGNED):
            self.draft.note(f"`{name}` comes from the {origin.source}, and stays")
        else:
            return True
        return False

    def _newer(self, name: str, origin: Origin | None) -> bool:
        if origin is not None and origin.moment is not None and origin.moment >= self.moment:
            self.draft.note(f"`{name}` comes from a newer mail")
            return False
        return True

    # ------------------------------------------------------------ what is taken as a whole

    def _names(self, person: Address) -> None:
        """A card without any name gets one; a name that is there is never changed."""
        fields = [name for name in _NAMES if name in self.entity.fields]
        if any(not _empty(self.record.values.get(name)) for name in fields):
            return
        found = described(self.draft, person, ir.Source.SIGNATURE)
        named = {name: found[name] for name in fields if name in found}
        if not named or any(self.origin(name) is not None for name in fields):
            return
        for name, (text, source) in named.items():
            self.draft.update(self.record.key, name, text, source)

    def _place(self, said: Mapping[str, str], places: Mapping[str, str]) -> None:
        """An address with a street and a town takes the place of an older one, and of a part of one."""
        fields = [name for name in _PLACE if name in self.entity.fields]
        now = {name: self.record.values.get(name) for name in fields}
        differing = [name for name in said if not same_value(now[name], said[name])]
        if not differing or not _whole(said):
            for name in said if _whole(said) else ():
                self._confirm(name)
            return
        origins = {name: self.origin(name) for name in fields}
        emptied = [name for name in fields if _empty(now[name]) and not _empty(_value(origins[name]))]
        if emptied:
            self.draft.note(f"`{emptied[0]}` was emptied by a person: the address stays as it is")
            return
        there = [name for name in fields if not _empty(now[name])]
        if all(name in said and name not in differing for name in there):
            wanted: dict[str, RecordValue] = {name: said[name] for name in differing}
        elif self._may_replace(there, origins):
            wanted = {name: said.get(name) for name in fields if not same_value(now[name], said.get(name))}
        else:
            return
        source = places[next(iter(said))]
        for name, value in wanted.items():
            self.draft.update(self.record.key, name, value, places.get(name, source))

    def _may_replace(self, there: Collection[str], origins: Mapping[str, Origin | None]) -> bool:
        """Whether an address that is there may go: all of it is ours, and it is a part only, or older."""
        if not all(self._ours(name, origins[name]) for name in there):
            return False
        return not _whole(there) or all(self._newer(name, origins[name]) for name in there)


def _whole(place: Iterable[str]) -> bool:
    there = set(place)
    return "street" in there and bool(there & {"city", "postal_code"})


def _empty(value: RecordValue) -> bool:
    return value is None or value == "" or value == ()


def _value(origin: Origin | None) -> RecordValue:
    return origin.value if origin is not None else None


# ------------------------------------------------------------------ another company


def _propose_move(draft: Draft, card: _Card, person: Address) -> None:
    """Where address or signature name another known company than the contact's, a person is asked."""
    reference = draft.facts.plan.parts.contact_company
    now = card.record.values.get(reference) if reference else None
    if not isinstance(now, RecordKey):
        return
    by_domain = [record.key for record in draft.facts.records.company_by_domain(person)]
    if now in by_domain:
        return
    named = [*by_domain[:1], *_signed_company(draft)]
    if not named or now in named:
        return
    origin = card.origin(reference)
    if origin is not None and origin.value == now and origin.moment is not None and origin.moment >= card.moment:
        return
    why = f"{person.name or person.address} may have moved to another company: a mail from {person.address} names it"
    propose_change(draft, card.record.key, why, {reference: named[0]})


def _signed_company(draft: Draft) -> list[RecordKey]:
    """The known company that the signature names."""
    facts = draft.facts
    parts = facts.plan.parts
    text = facts.reading().signature.get("organisation", "")
    if parts.company is None or not parts.company_name or not value_key(text):
        return []
    found = facts.records.ask(Find(parts.company.name, (parts.company_name,), (value_key(text),)))
    return [found[0].key] if len(found) == 1 else []
