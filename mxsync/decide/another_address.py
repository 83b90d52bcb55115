"""One person at another address, most often at another firm: somebody unknown who has the full name of a contact.

A name alone makes nobody the same person, and two people who share one are never made one. What does tell, the
strongest first:

- his own signature holds the contact's mobile phone, and his mail answers one that one of us sent: it is he. The
  address is added to the contact's others, if there is room, and the new company is proposed;
- the mobile phone alone, which whoever has one mail of his can copy; or his mail names the contact's address, as
  quoted mail of his does: the address is proposed, and no second contact is made while that waits;
- the name alone, of somebody whom one of us writes to: the same, because the answer is yet to come;
- the name alone: the second contact is made, and the two are proposed as one, unless more than two share the name.

What a person has decided (a proposal that is gone, an address taken away again) counts before all of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mxsync.decide.draft import Draft
from mxsync.decide.persons import is_ours, people_of
from mxsync.decide.same_person import full_name, memory_of, name_fields, row_number, text_of
from mxsync.model.effect import Propose, proposal_keys
from mxsync.model.item import Address, Kind
from mxsync.model.normal import address_key, text_key, value_key
from mxsync.model.record import Find, Record, RecordValue

_WRITTEN = (Kind.MAIL, Kind.POST)
_SEARCHED = 200_000
"""Characters of a mail in which a contact's address is looked for."""


def namesakes(draft: Draft, person: Address, said: Mapping[str, tuple[str, str]]) -> tuple[Record, ...]:
    """The contacts with somebody's full name, or with an initial for a first name, of whom no person has said that they
    are another. `said` is what is known of him, field to text and source."""
    entity, email = draft.facts.plan.parts.contact, draft.facts.plan.parts.contact_email
    if entity is None or not email:
        return ()
    field = (name_fields(entity.fields) or ("",))[-1]
    name = value_key(said.get(field, ("", ""))[0])
    if not name or " " not in text_key(_said_name(said)):
        return ()
    found = draft.facts.records.ask(Find(entity.name, (field,), (name,)))
    if field == "last_name":
        first = said.get("first_name", ("", ""))[0]
        found = tuple(each for each in found if _one_name(first, text_of(each.values.get("first_name"))))
    return tuple(each for each in found if each.key not in draft.created and not _decided(draft, each, person))


def _one_name(one: str, other: str) -> bool:
    """Whether two first names are one, or one is the other's initial: 'Owen', 'O.'."""
    short, long = sorted((text_key(one).strip(" ."), text_key(other).strip(" .")), key=len)
    return (short == long and short != "") or (len(short) == 1 and long.startswith(short))


def is_known_elsewhere(
    draft: Draft, person: Address, said: Mapping[str, tuple[str, str]], same_name: Sequence[Record]
) -> bool:
    """Whether somebody whose address nobody knows is one of `same_name` all the same, or may be: then no contact is
    made of him, and the address is added or proposed."""
    mobile = value_key(said.get("mobile_phone", ("", ""))[0])
    signed = [each for each in same_name if mobile and value_key(text_of(each.values.get("mobile_phone"))) == mobile]
    if len(signed) == 1:
        if _answers_us(draft, person) and _add(draft, person, signed[0]):
            return True
        return _propose(draft, person, signed[0], "the mobile phone", "writes from another address")
    if any(_waits(draft, each, person) for each in same_name):
        draft.note(f"{person.address} is proposed as the address of a contact of that name: none is made")
        return True
    if len(same_name) != 1:
        return False
    (record,) = same_name
    if _wrote_it(draft, person):
        old = _named_in(draft, record)
        return bool(old) and _propose(draft, person, record, f"mail of {old}", "writes from another address")
    if _we_write(draft):
        return _propose(draft, person, record, "nothing else", "is written to at another address")
    return False


def _said_name(said: Mapping[str, tuple[str, str]]) -> str:
    first, last, full = (said.get(name, ("", ""))[0] for name in ("first_name", "last_name", "full_name"))
    return f"{first} {last}" if first and last else full


# ------------------------------------------------------------------ what tells


def _answers_us(draft: Draft, person: Address) -> bool:
    """Whether it is his own mail, in answer to one that one of us sent."""
    return _wrote_it(draft, person) and any(draft.facts.context.earlier.values())


def _wrote_it(draft: Draft, person: Address) -> bool:
    key = address_key(person.address)
    return any(address_key(each.address) == key for each in people_of(draft.facts.item.fields.get("sender")))


def _named_in(draft: Draft, record: Record) -> str:
    """The contact's address that stands in the mail: where answers go, in what is quoted, in the author's own words."""
    facts = draft.facts
    body = facts.item.fields.get("body")
    text = body[:_SEARCHED].lower() if isinstance(body, str) else ""
    elsewhere = {address_key(each.address) for each in people_of(facts.item.fields.get("reply_to"))}
    for address in _addresses(draft, record):
        if address_key(address) in elsewhere or address.lower() in text:
            return address
    return ""


def _we_write(draft: Draft) -> bool:
    """Whether one of us wrote the mail: who was written to will answer, and his answer tells more than his name."""
    facts = draft.facts
    return facts.item.kind in _WRITTEN and any(is_ours(each.address, facts.organisation) for each in facts.senders())


# ------------------------------------------------------------------ what was decided before


def _waits(draft: Draft, record: Record, person: Address) -> bool:
    return memory_of(draft, record.key).proposed.get(_key(draft, person)) is True


def _decided(draft: Draft, record: Record, person: Address) -> bool:
    """Whether a person has seen this address proposed and left the contact without it, or took it from him again."""
    memory = memory_of(draft, record.key)
    if memory.proposed.get(_key(draft, person)) is False:
        return True
    written = memory.origins.get(draft.facts.plan.parts.contact_email)
    given = written.value if written is not None else ()
    ours = {address_key(each) for each in (given if isinstance(given, tuple) else (given,)) if isinstance(each, str)}
    return address_key(person.address) in ours


def _key(draft: Draft, person: Address) -> str:
    return proposal_keys((), {draft.facts.plan.parts.contact_email: person.address})[0]


# ------------------------------------------------------------------ what follows


def _addresses(draft: Draft, record: Record) -> tuple[str, ...]:
    value = record.values.get(draft.facts.plan.parts.contact_email)
    return tuple(each for each in (value if isinstance(value, tuple) else (value,)) if isinstance(each, str) and each)


def _add(draft: Draft, person: Address, record: Record) -> bool:
    """Adds the address to the contact's others; False where there is no column left for it."""
    parts = draft.facts.plan.parts
    there = _addresses(draft, record)
    if parts.contact is None or len(there) >= len(parts.contact.fields[parts.contact_email].columns):
        return False
    draft.update(record.key, parts.contact_email, (*there, person.address), "header")
    draft.readdressed[address_key(person.address)] = record.key
    draft.near(record.key)
    draft.note(
        f"{person.address} has the name and the mobile phone of contact {row_number(record.key)}, and answers one of "
        "us: the address is added to that contact"
    )
    return True


def _propose(draft: Draft, person: Address, record: Record, has: str, what: str) -> bool:
    if not _waits(draft, record, person):
        why = f"{full_name(record)} {what}, and may have moved to another company"
        change: dict[str, RecordValue] = {draft.facts.plan.parts.contact_email: person.address}
        draft.propose(Propose(draft.cause, (record.key,), why, change))
    draft.note(f"{person.address} has the name and {has} of contact {row_number(record.key)}: none is made")
    return True
