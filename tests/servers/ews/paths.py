"""FieldURI, IndexedFieldURI and ExtendedFieldURI ↔ what the store calls a property."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Final

from lxml import etree

from tests.servers.ews.schemas import T, local, t
from tests.servers.ews.store import Denied, Extended, ExtKey, StoredItem

# MS-OXPROPS 1.3.2: the GUIDs of DistinguishedPropertySetType.
SETS: Final = {
    "PublicStrings": "00020329-0000-0000-c000-000000000046",
    "InternetHeaders": "00020386-0000-0000-c000-000000000046",
    "Common": "00062008-0000-0000-c000-000000000046",
    "Address": "00062004-0000-0000-c000-000000000046",
    "Appointment": "00062002-0000-0000-c000-000000000046",
    "Task": "00062003-0000-0000-c000-000000000046",
    "Meeting": "6ed8da90-450b-101b-98da-00aa003f1305",
    "CalendarAssistant": "11000e07-b51b-40d6-af21-caa85edab1d0",
    "Sharing": "00062040-0000-0000-c000-000000000046",
    "UnifiedMessaging": "4442858e-a9e3-4e80-b900-317a210cc15b",
}
DICTIONARIES: Final = {
    "contacts:EmailAddress": "EmailAddresses",
    "contacts:PhoneNumber": "PhoneNumbers",
    "contacts:ImAddress": "ImAddresses",
}


def extended_key(uri: etree._Element) -> ExtKey:
    """Raises `Denied` for a path that names no property (MS-OXWSXPROP 2.1.5: the allowed combinations)."""
    tag, name, number = uri.get("PropertyTag"), uri.get("PropertyName"), uri.get("PropertyId")
    space = uri.get("PropertySetId") or SETS.get(uri.get("DistinguishedPropertySetId", ""), "")
    if tag:
        if space or name or number:
            raise Denied("ErrorInvalidExtendedProperty", "a property tag stands alone")
        return ("tag", f"{int(tag, 0):#06x}")
    if not space or (name is None) == (number is None):
        raise Denied("ErrorInvalidExtendedProperty", "a property set with either a name or an id is wanted")
    return (space.lower(), f"#{int(number):x}" if number else str(name).lower())


def path_of(uri: etree._Element) -> str | ExtKey:
    """What a FieldURI, IndexedFieldURI or ExtendedFieldURI means: 'Subject', 'PhoneNumbers/HomePhone', or a key."""
    match local(uri):
        case "ExtendedFieldURI":
            return extended_key(uri)
        case "IndexedFieldURI":
            written, index = uri.get("FieldURI", ""), uri.get("FieldIndex", "")
            if written in DICTIONARIES:
                return f"{DICTIONARIES[written]}/{index}"
            if written.startswith("contacts:PhysicalAddress:"):
                return f"PhysicalAddresses/{index}/{written.rpartition(':')[2]}"
            return f"InternetMessageHeaders/{index.lower()}"
        case _:
            return str(uri.get("FieldURI", "")).partition(":")[2]


def take_in(item: StoredItem, element: etree._Element) -> None:
    """Stores the children of an item's element."""
    for child in element:
        name = local(child)
        match name:
            case "EmailAddresses" | "PhoneNumbers" | "ImAddresses":
                for entry in child:
                    item.props[f"{name}/{entry.get('Key')}"] = deepcopy(entry)
            case "PhysicalAddresses":
                for entry in child:
                    for part in entry:
                        item.props[f"{name}/{entry.get('Key')}/{local(part)}"] = deepcopy(part)
            case "ExtendedProperty":
                store_extended(item.ext, child)
            case "ItemClass":
                item.item_class = child.text or ""
            case "MimeContent" | "Attachments" | "ItemId" | "ParentFolderId":
                pass
            case _:
                item.props[name] = deepcopy(child)


def store_extended(ext: dict[ExtKey, Extended], element: etree._Element) -> None:
    uri = element[0]
    many = local(element[1]) == "Values"
    values = [each.text or "" for each in element[1]] if many else [element[1].text or ""]
    if many != uri.get("PropertyType", "").endswith("Array"):
        raise Denied("ErrorInvalidExtendedPropertyValue", "a list of values goes with the type of a list, one with one")
    ext[extended_key(uri)] = Extended(dict(uri.attrib), values, many)


def give_extended(found: Extended) -> etree._Element:
    """As an ExtendedProperty element."""
    uri = t("ExtendedFieldURI", **found.uri)
    if found.many:
        return t("ExtendedProperty", None, uri, t("Values", None, *(t("Value", each) for each in found.values)))
    return t("ExtendedProperty", None, uri, t("Value", found.values[0]))


def give(props: dict[str, etree._Element], names: Iterable[str]) -> list[etree._Element]:
    """Elements for these paths, entries gathered in their dictionaries."""
    found: dict[str, etree._Element] = {}
    for path in names:
        element = props.get(path)
        name, _, rest = path.partition("/")
        if element is None:
            continue
        if not rest:
            found[name] = deepcopy(element)
            continue
        home = found.setdefault(name, t(name))
        key, _, part = rest.partition("/")
        if not part:
            home.append(deepcopy(element))
            continue
        entry = next((each for each in home if each.get("Key") == key), None)
        if entry is None:
            entry = etree.SubElement(home, f"{{{T}}}Entry", Key=key)
        entry.append(deepcopy(element))
    for name in ("PhysicalAddresses",):
        for entry in found.get(name, ()):
            order = ("Street", "City", "State", "CountryOrRegion", "PostalCode")
            entry[:] = sorted(entry, key=lambda child: order.index(local(child)))
    return list(found.values())
