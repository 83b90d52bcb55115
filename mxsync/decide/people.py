"""What is known of a person from the item alone. The one door from decisions to `mxsync.extract`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from mxsync.decide.context import Organisation
from mxsync.model.item import Address, Item, Kind


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
_TELLING: Final = frozenset({"job_title", "department", "organisation", "honorific"})
"""Facts in whose texts somebody's religion, health, politics or union may stand."""


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


def company_domain(
    person: Address, organisation: Organisation, aliases: Mapping[str, str] = MappingProxyType({})
) -> str:
    """The domain that the company behind a person's address goes by: what `aliases` say of it, else its registrable
    part; '' for free mail, hosting and our own. An alias counts for what lies below it, too, and before a host: that is
    how a tenant's `acme.onmicrosoft.com` is said to be Acme's."""
    domain = person.domain
    known = alias_of(domain, aliases) if aliases else ""
    if known and not is_freemail(domain) and domain not in organisation.domains:
        return "" if known in organisation.domains else known
    return _company_domain(domain, organisation)


@lru_cache(maxsize=16_384)
def _company_domain(domain: str, organisation: Organisation) -> str:
    """The registrable part of a domain that no alias speaks of: most mail comes from the same few."""
    from mxsync.extract.domains import is_hosting

    found = registrable(domain)
    if not found or is_freemail(domain) or is_hosting(domain):
        return ""
    if domain in organisation.hosting or found in organisation.hosting:
        return ""
    return "" if found in organisation.domains or domain in organisation.domains else found


def alias_of(domain: str, aliases: Mapping[str, str]) -> str:
    """What a list of aliases says of a domain, or of one above it; '' for nothing."""
    if not aliases:
        return ""
    while domain:
        if domain in aliases:
            return aliases[domain]
        domain = domain.partition(".")[2]
    return ""


def company_domains(person: Address, organisation: Organisation, aliases: Mapping[str, str]) -> tuple[str, ...]:
    """The domains under which the row of a person's company is looked for, in order; none where there is no company."""
    found = company_domain(person, organisation, aliases)
    if not found:
        return ()
    others = [alias for alias, main in aliases.items() if main == found] if aliases else []
    domain = person.domain
    if others or (aliases and alias_of(domain, aliases)):
        return tuple(dict.fromkeys((found, domain, *others)))
    return (found,) if domain == found else (domain, found)


def organisation_fits(organisation: str, domain: str) -> bool:
    """Whether a name that a signature gives is that of the domain's owner."""
    from mxsync.extract.companies import organisation_fits as fits

    return fits(organisation, domain)


def lookalike(person: Address, organisation: Organisation) -> str:
    """How a person's domain is made to look like one of ours; '' for any other."""
    from mxsync.extract.lookalikes import lookalike as forged

    return forged(person.domain, organisation.domains) if organisation.domains else ""


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
    from mxsync.extract.special_categories import reveals_special_category

    name = reconciled(person.name, person.address, signed)
    parts = {
        "full_name": name.full,
        "first_name": name.first,
        "middle_name": name.middle,
        "last_name": name.last,
        "honorific": "" if reveals_special_category(name.honorific) else name.honorific,
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
    from mxsync.extract.special_categories import reveals_special_category

    sender = sender_of(item)
    reading = read_text(body, sender=sender, region=region)
    lines = signature_lines(reading, sender)
    said = {
        name: text
        for name, text in signature_fields(reading, sender).items()
        if name not in _TELLING or not reveals_special_category(text)
    }
    phones = ("phone", "mobile", "fax")
    return Reading(
        signature=said,
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
