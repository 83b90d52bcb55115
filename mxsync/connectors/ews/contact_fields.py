"""Contacts (MS-OXWSCONT, MS-OXOCNTC): three addresses, telephones, two postal addresses, days, photo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from mxsync.connectors.ews.codecs import Change, put_text, read_day, read_text, tuple_of, write_day
from mxsync.connectors.ews.properties import Entry, Extended, Path, Property
from mxsync.connectors.ews.wire import Element
from mxsync.errors import BadContent
from mxsync.model.item import Value

_TEXTS: Final[Mapping[str, Path]] = {
    "full_name": Property("contacts:DisplayName"),
    "first_name": Property("contacts:GivenName"),
    "middle_name": Property("contacts:MiddleName"),
    "last_name": Property("contacts:Surname"),
    "nickname": Property("contacts:Nickname"),
    "honorific": Extended("String", tag="0x3A45"),
    "suffix": Property("contacts:Generation"),
    "job_title": Property("contacts:JobTitle"),
    "department": Property("contacts:Department"),
    "organisation": Property("contacts:CompanyName"),
    "website": Property("contacts:BusinessHomePage"),
    "manager": Property("contacts:Manager"),
    "assistant": Property("contacts:AssistantName"),
    "business_phone": Entry("contacts:PhoneNumber", "BusinessPhone", "PhoneNumbers"),
    "home_phone": Entry("contacts:PhoneNumber", "HomePhone", "PhoneNumbers"),
    "mobile_phone": Entry("contacts:PhoneNumber", "MobilePhone", "PhoneNumbers"),
    "fax": Entry("contacts:PhoneNumber", "BusinessFax", "PhoneNumbers"),
    **{
        name: Entry(f"contacts:PhysicalAddress:{part}", key, "PhysicalAddresses", part)
        for key, names in (
            ("Business", ("street", "city", "region", "country", "postal_code")),
            ("Home", ("home_street", "home_city", "", "home_country", "home_postal_code")),
        )
        for name, part in zip(names, ("Street", "City", "State", "CountryOrRegion", "PostalCode"), strict=True)
        if name
    },
}
_EMAILS: Final = tuple(Entry("contacts:EmailAddress", f"EmailAddress{n}", "EmailAddresses") for n in (1, 2, 3))
_DAYS: Final = {"birthday": Property("contacts:Birthday"), "anniversary": Property("contacts:WeddingAnniversary")}
HAS_PICTURE: Final = Property("contacts:HasPicture")
FILE_AS: Final = Property("contacts:FileAs")
PATHS: Final[tuple[Path, ...]] = (*_TEXTS.values(), *_EMAILS, *_DAYS.values(), HAS_PICTURE, FILE_AS)


def read_contact(item: Element) -> dict[str, Value]:
    """The fields of a contact, without its notes."""
    fields: dict[str, Value] = {name: read_text(path.find(item)) for name, path in _TEXTS.items()}
    addresses = (_address(path.find(item)) for path in _EMAILS)
    fields["email"] = tuple(dict.fromkeys(address for address in addresses if address))
    fields |= {name: read_day(path.find(item)) for name, path in _DAYS.items()}
    return fields


def _address(entry: Element | None) -> str:
    """An entry's address; of one from the directory, its name where that is an address."""
    text = read_text(entry).strip()
    if "@" not in text and entry is not None:
        text = str(entry.get("Name", "")).strip()
    return text if "@" in text else ""


def write_contact(fields: Mapping[str, Value]) -> list[Change]:
    """The changes for a contact's own fields that are given. Raises `BadContent` for a fourth address."""
    changes = [put_text(path, fields[name]) for name, path in _TEXTS.items() if name in fields]
    if "email" in fields:
        addresses = [str(each) for each in tuple_of(fields["email"]) if each]
        if len(addresses) > len(_EMAILS):
            raise BadContent(f"a contact on Exchange has three addresses, and {len(addresses)} are given")
        addresses += [""] * (len(_EMAILS) - len(addresses))
        changes += [put_text(path, address) for path, address in zip(_EMAILS, addresses, strict=True)]
    for name, path in _DAYS.items():
        if name in fields:
            value = fields[name]
            day = value.date() if isinstance(value, datetime) else value
            changes.append((path, path.make(write_day(day)) if isinstance(day, date) else None))
    return changes


def with_names(fields: Mapping[str, Value]) -> dict[str, Value]:
    """What a new contact needs besides: a name that it is shown and filed by."""
    found = dict(fields)
    parts = (str(found[part]) for part in ("first_name", "middle_name", "last_name") if found.get(part))
    name = str(found.get("full_name") or "") or " ".join(parts)
    found["full_name"] = name or str(found.get("subject") or found.get("organisation") or "") or "?"
    return found
