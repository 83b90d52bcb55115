"""Whether two contacts are one person. Nothing is merged here: what looks so is proposed to a person, once.

The same mobile phone, or the same name at the same company, makes two rows a likely duplicate. Somebody unknown who
writes with the name and the mobile phone of a contact is that contact at another address, most often at another
company: no second row is made of him until a person has said that they are two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mxsync.decide.draft import Draft
from mxsync.lang.compile_parts import Parts
from mxsync.model.effect import Propose, proposal_keys
from mxsync.model.item import Address
from mxsync.model.normal import text_key, value_key
from mxsync.model.record import Find, Get, Planned, Record, RecordKey, RecordValue, Remembered, RowMemory

_NOTHING = RowMemory()


def memory_of(draft: Draft, key: RecordKey) -> RowMemory:
    """What is remembered of a row: asked only where it matters."""
    found = draft.facts.records.ask(Remembered(key))
    return (found[0].memory if found else None) or _NOTHING


def propose_change(draft: Draft, key: RecordKey, why: str, change: Mapping[str, RecordValue]) -> None:
    """A change of a row for a person to decide, unless it was proposed before."""
    proposed = memory_of(draft, key).proposed
    if all(each in proposed for each in proposal_keys((), change)):
        return
    draft.propose(Propose(draft.cause, (key,), why, dict(change)))


# ------------------------------------------------------------------ duplicates


def offer_duplicates(draft: Draft, key: RecordKey, others: Iterable[Record] | None = None, why: str = "") -> None:
    """Proposes the rows that may be the same person as a contact that was made or changed; `others` where they are
    known already, and `why` they may."""
    found = ((other, why) for other in others) if others is not None else _alike(draft, key)
    for other, reason in found:
        first, second = sorted((key, other.key), key=_age)
        if proposal_keys((second,), {})[0] not in memory_of(draft, first).proposed:
            draft.propose(Propose(draft.cause, (first, second), f"they may be the same person: {reason}"))


def _alike(draft: Draft, key: RecordKey) -> Iterator[tuple[Record, str]]:
    """Other contacts with the same mobile phone, or the same name at the same company, each once."""
    records = draft.facts.records
    own = next(iter(records.ask(Get(key))), None)
    if own is None:
        return
    seen = {key}
    for find, why in alike(draft.facts.plan.parts, own):
        for other in records.ask(find):
            if other.key not in seen:
                seen.add(other.key)
                yield other, why


def alike(parts: Parts, contact: Record) -> Iterator[tuple[Find, str]]:
    """The look-ups that find likely duplicates of a contact, each with what makes them so."""
    entity = parts.contact
    if entity is None:
        return
    mobile = _text(contact.values.get("mobile_phone"))
    if mobile:
        find = Find(entity.name, ("mobile_phone",), (value_key(mobile),))
        yield find, f"both have the mobile phone {mobile}"
    company = contact.values.get(parts.contact_company) if parts.contact_company else None
    fields = _name_fields(entity.fields)
    names = [value_key(_text(contact.values.get(name))) for name in fields]
    if isinstance(company, RecordKey) and fields and all(names):
        find = Find(entity.name, (parts.contact_company, *fields), (company, *names))
        yield find, f"both are {_name(contact)}, of {company.entity} {_number(company)}"


def _name_fields(fields: Iterable[str]) -> tuple[str, ...]:
    there = set(fields)
    if {"first_name", "last_name"} <= there:
        return ("first_name", "last_name")
    return ("full_name",) if "full_name" in there else ()


def _age(key: RecordKey) -> tuple[bool, int, str]:
    """Rows in the order in which they were made: those that are still to be made last."""
    value = key.value
    number = value.number if isinstance(value, Planned) else value if isinstance(value, int) else 0
    return (key.planned, number, str(value))


def _number(key: RecordKey) -> str:
    return "a new one" if key.planned else str(key.value)


# ------------------------------------------------------------------ one person at another address


def is_somebody_known(draft: Draft, person: Address, said: Mapping[str, tuple[str, str]]) -> bool:
    """Whether somebody whose address nobody knows is a contact all the same: it has his name and his mobile phone.
    Then the address is proposed to a person, and no second contact is made while that waits. `said` is what is known of
    him, field to text and source."""
    parts = draft.facts.plan.parts
    mobile, name = said.get("mobile_phone", ("", ""))[0], _said_name(said)
    if parts.contact is None or "mobile_phone" not in parts.contact.fields or not mobile or not name:
        return False
    found = draft.facts.records.ask(Find(parts.contact.name, ("mobile_phone",), (value_key(mobile),)))
    same = [record for record in found if text_key(_name(record)) == name]
    if len(same) != 1 or same[0].key.planned:
        return False
    record = same[0]
    change: dict[str, RecordValue] = {parts.contact_email: person.address}
    waiting = memory_of(draft, record.key).proposed.get(proposal_keys((), change)[0])
    if waiting is False:
        return False  # a person has looked at it, and did not give the contact this address: they are two
    draft.note(f"{person.address} has the name and the mobile phone of contact {_number(record.key)}: none is made")
    if waiting is None:
        why = f"{_name(record)} writes from another address, and may have moved to another company"
        draft.propose(Propose(draft.cause, (record.key,), why, change))
    return True


def _said_name(said: Mapping[str, tuple[str, str]]) -> str:
    first, last = (said.get(name, ("", ""))[0] for name in ("first_name", "last_name"))
    return text_key(f"{first} {last}" if first and last else "")


def _name(record: Record) -> str:
    first, last = (_text(record.values.get(name)) for name in ("first_name", "last_name"))
    return f"{first} {last}" if first and last else _text(record.values.get("full_name"))


def _text(value: RecordValue) -> str:
    value = value[0] if isinstance(value, tuple) and value else value
    return value if isinstance(value, str) else ""
