"""What is known of a person from the item alone. The one door from decisions to `mxsync.extract`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from mxsync.decide.context import Organisation
from mxsync.model.item import Address, Item, Kind
from mxsync.model.normal import address_key


@dataclass(frozen=True, slots=True)
class Reading:
    """What an item's text says of its sender. `signature` leads from the names of `signature.…` to their texts,
    `places` from them to where each was read; `text` are the sender's own lines."""

    signature: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    has_signature: bool = False
    has_phone: bool = False
    text: str = ""


NOTHING_READ: Final = Reading()


def is_bulk(headers: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a mail was sent to many at once (list and bulk headers)."""
    from mxsync.extract.bulk import is_bulk as bulk

    return bulk(headers)


def is_auto_reply(headers: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a machine answered (Auto-Submitted, RFC 3834, and its like)."""
    from mxsync.extract.bulk import is_auto_reply as auto_reply

    return auto_reply(headers)


def is_role_address(address: str) -> bool:
    """Whether an address is a function's, not a person's."""
    from mxsync.extract.roles import is_role_address as role

    return role(address)


def is_freemail(domain: str) -> bool:
    """Whether the domain is a free mail provider's."""
    from mxsync.extract.domains import is_freemail as freemail

    return bool(domain) and freemail(domain)


def registrable(domain: str) -> str:
    """The part of a domain that somebody registered; '' for none."""
    from mxsync.extract.domains import registrable as part

    return part(domain)


def company_domain(person: Address, organisation: Organisation) -> str:
    """The registrable domain of the company behind a person's address; '' for free mail, hosting and our own."""
    from mxsync.extract.domains import is_hosting

    domain = person.domain
    found = registrable(domain)
    if not found or is_freemail(domain) or is_hosting(domain):
        return ""
    if domain in organisation.hosting or found in organisation.hosting:
        return ""
    return "" if found in organisation.domains or domain in organisation.domains else found


def company_name(domain: str) -> str:
    """What the owner of a domain may be called."""
    from mxsync.extract.domains import company_name_from_domain

    return company_name_from_domain(domain)


def plausible(address: str) -> bool:
    """Whether a text is an address at all."""
    from mxsync.extract.addresses import clean_address

    return clean_address(address) is not None


def names(person: Address, signed: str = "") -> Mapping[str, str]:
    """The parts of a person's name as the header gives it, by the names of a contact's fields; completed by the name
    in the person's own signature (`signed`), if it is the same name."""
    from mxsync.extract.name_reconcile import reconciled

    name = reconciled(person.name, person.address, signed)
    parts = {
        "full_name": name.full,
        "first_name": name.first,
        "middle_name": name.middle,
        "last_name": name.last,
        "honorific": name.honorific,
        "suffix": name.suffix,
    }
    return {field: text for field, text in parts.items() if text}


def read(item: Item, region: str) -> Reading:
    """What the text of a mail says of its sender. Other kinds of item are not signed."""
    body = item.fields.get("body")
    if item.kind not in (Kind.MAIL, Kind.POST) or not isinstance(body, str) or not body.strip():
        return NOTHING_READ
    from mxsync.extract import read_text
    from mxsync.extract.signature_fields import signature_fields, signature_lines

    sender = sender_of(item)
    reading = read_text(body, sender=sender, region=region)
    lines = signature_lines(reading, sender)
    phones = ("phone", "mobile", "fax")
    return Reading(
        signature=signature_fields(reading, sender),
        places={name: f"signature, line {line + 1}" for name, line in lines.items()},
        has_signature=bool(reading.signature),
        has_phone=any(fact.kind in phones and not fact.author for fact in (*reading.facts, *reading.others)),
        text=str(reading.newest),
    )


def sender_of(item: Item) -> Address:
    """Who wrote a mail; an empty address when it does not say."""
    sender = item.fields.get("sender")
    sender = sender[0] if isinstance(sender, tuple) and sender else sender
    if isinstance(sender, str):
        return Address("", sender)
    return sender if isinstance(sender, Address) else Address()


def score(person: Address, item: Item, reading: Reading, *, sent_by_us: bool) -> int:
    """How likely a person on an item is one who deals with us, 0 to 100."""
    from mxsync.extract.score import person_score

    wrote_it = address_key(sender_of(item).address) == address_key(person.address)
    found = person_score(
        person,
        item.headers,
        sent_by_us=sent_by_us,
        newest=reading.text if wrote_it else "",
        has_signature=reading.has_signature and wrote_it,
    )
    return found.value
