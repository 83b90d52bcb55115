"""Who is on an item, and who of them is one of us."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from mxsync.decide.context import Organisation
from mxsync.model.item import Address, Item, Kind, Value
from mxsync.model.normal import address_key

_ON: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.MAIL: ("sender", "recipients"),
    Kind.POST: ("sender", "recipients"),
    Kind.APPOINTMENT: ("organizer", "attendees", "contacts"),
    Kind.TASK: ("contacts",),
    Kind.JOURNAL: ("contacts",),
    Kind.CONTACT: (),
    Kind.NOTE: (),
}


def is_ours(address: str, organisation: Organisation) -> bool:
    """Whether an address is one of our people's: a configured user's, or one of our domains or below them."""
    key = address_key(address)
    if key in organisation.users:
        return True
    domain = key.rpartition("@")[2] if "@" in key else ""
    while domain:
        if domain in organisation.domains:
            return True
        domain = domain.partition(".")[2]
    return False


def people_of(value: Value) -> tuple[Address, ...]:
    """The persons in a field, each address once (without case or plus tag), in the field's order."""
    values = value if isinstance(value, tuple) else (value,)
    found: dict[str, Address] = {}
    for each in values:
        if isinstance(each, str) and "@" in each:
            each = Address("", each)
        if isinstance(each, Address) and (each.address or each.name):
            key = address_key(each.address) or "\x00" + each.name
            if key not in found or (each.name and not found[key].name):
                found[key] = each
    return tuple(found.values())


def recipients(fields: Mapping[str, Value]) -> tuple[Address, ...]:
    """Everyone whom a mail is addressed to: `recipients`, or `to`, `cc` and `bcc` where the item has them apart."""
    named = people_of(fields.get("recipients"))
    if named:
        return named
    return unique(each for name in ("to", "cc", "bcc") for each in people_of(fields.get(name)))


def everyone(item: Item) -> tuple[Address, ...]:
    """All persons on an item, in its order: sender before recipients, organizer before attendees."""
    found: list[Address] = []
    fields = item.fields
    for name in _ON[item.kind]:
        value = fields.get(name)
        if name == "recipients" and not value:
            for each in ("to", "cc", "bcc"):
                found += _listed(fields.get(each))
        else:
            found += _listed(value)
    return people_of(tuple(found))


def _listed(value: Value) -> tuple[Address, ...]:
    values = value if isinstance(value, tuple) else (value,)
    return tuple(
        each if isinstance(each, Address) else Address("", each)
        for each in values
        if isinstance(each, Address) or (isinstance(each, str) and "@" in each)
    )


def unique(people: Iterable[Address]) -> tuple[Address, ...]:
    """Each address once; a name given anywhere is kept."""
    return people_of(tuple(people))


def external(people: Iterable[Address], organisation: Organisation) -> tuple[Address, ...]:
    """Those with an address who are not our own people."""
    return tuple(each for each in people if each.address and not is_ours(each.address, organisation))
