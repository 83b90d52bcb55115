"""Whether two contacts are one person. Nothing is merged here: what looks so is proposed to a person, once.

The same mobile phone, or the same name at the same company, makes two rows a likely duplicate. Of somebody unknown
with the name of a contact `another_address` decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mxsync.decide.draft import Draft
from mxsync.lang.compile_parts import Parts
from mxsync.model.effect import Propose, proposal_keys
from mxsync.model.normal import value_key
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
    mobile = text_of(contact.values.get("mobile_phone"))
    if mobile:
        find = Find(entity.name, ("mobile_phone",), (value_key(mobile),))
        yield find, f"both have the mobile phone {mobile}"
    company = contact.values.get(parts.contact_company) if parts.contact_company else None
    fields = name_fields(entity.fields)
    names = [value_key(text_of(contact.values.get(name))) for name in fields]
    if isinstance(company, RecordKey) and fields and all(names):
        find = Find(entity.name, (parts.contact_company, *fields), (company, *names))
        yield find, f"both are {full_name(contact)}, of {company.entity} {row_number(company)}"


def name_fields(fields: Iterable[str]) -> tuple[str, ...]:
    """The fields that hold a person's full name."""
    there = set(fields)
    if {"first_name", "last_name"} <= there:
        return ("first_name", "last_name")
    return ("full_name",) if "full_name" in there else ()


def _age(key: RecordKey) -> tuple[bool, int, str]:
    """Rows in the order in which they were made: those that are still to be made last."""
    value = key.value
    number = value.number if isinstance(value, Planned) else value if isinstance(value, int) else 0
    return (key.planned, number, str(value))


def row_number(key: RecordKey) -> str:
    """How a row is called in a sentence."""
    return "a new one" if key.planned else str(key.value)


def full_name(record: Record) -> str:
    """A contact's first and last name, else what it is called."""
    first, last = (text_of(record.values.get(name)) for name in ("first_name", "last_name"))
    return f"{first} {last}" if first and last else text_of(record.values.get("full_name"))


def text_of(value: RecordValue) -> str:
    """A field's text, of several the first; '' for none."""
    value = value[0] if isinstance(value, tuple) and value else value
    return value if isinstance(value, str) else ""
