"""Puts items into the double's store as Outlook or a transport would: for arranging tests, without any client."""

from __future__ import annotations

import base64
import struct
from datetime import date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

from lxml import etree

from tests.servers.ews.cards import Line, lines_of
from tests.servers.ews.mime import import_mime, mailbox, moment
from tests.servers.ews.schemas import t
from tests.servers.ews.store import Extended, Folder, Store, StoredItem

PUBLIC_STRINGS = "00020329-0000-0000-c000-000000000046"
ZONE = ZoneInfo("Africa/Johannesburg")
"""The zone of the people whose items these are: their days begin at its midnights."""
_LOG = "0006200a-0000-0000-c000-000000000046"
_COMMON = "00062008-0000-0000-c000-000000000046"
SENSITIVITY = {"PRIVATE": "Private", "CONFIDENTIAL": "Confidential"}
TASK_STATUS = {"NEEDS-ACTION": "NotStarted", "IN-PROCESS": "InProgress", "COMPLETED": "Completed"}
ADDRESS = ("Street", "City", "State", "PostalCode", "CountryOrRegion")
"""Of an ADR, in its order, after the post box and the extended address."""


def folder_at(store: Store, address: str, path: str, folder_class: str = "IPF.Note") -> Folder:
    """The folder of a path below the top of a mailbox, made where it is missing."""
    place = store.distinguished(address, "publicfoldersroot" if address == "public" else "msgfolderroot")
    for name in path.split("/"):
        found = next((each for each in store.below(place.id) if each.name == name), None)
        inherited = place.folder_class or folder_class
        place = found or store.add_folder(place, name, inherited)
    return place


def deliver(store: Store, folder: Folder, raw: bytes) -> StoredItem:
    """A message, as it comes in: not a draft."""
    item = store.put("IPM.Note", "Message", folder)
    fill_mail(item, raw)
    store.appeared(item)
    return item


def fill_mail(item: StoredItem, raw: bytes) -> None:
    """What a message's MIME says, in an item that may have said something else before."""
    item.props.clear()
    item.attachments.clear()
    item.ext.clear()
    import_mime(item, raw)
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode("utf-8", "replace")
    for line in head.split("\n"):
        if line.lower().startswith("x-mxsync-class:"):
            item.item_class = line.partition(":")[2].strip()
    if item.item_class.startswith("IPM.Post"):
        item.tag = "PostItem"
        for name in ("ToRecipients", "CcRecipients", "BccRecipients", "ReplyTo"):
            item.props.pop(name, None)


def set_text(item: StoredItem, name: str, text: str, **attributes: str) -> None:
    """A property of its own element; an empty text takes it away."""
    item.props.pop(name, None)
    if text:
        item.props[name] = t(name, text, **attributes)


def set_extended(item: StoredItem, space: str, name: str | int, kind: str, *values: str) -> None:
    """A named property by its name or number."""
    number = isinstance(name, int)
    uri = {"PropertySetId": space, "PropertyId" if number else "PropertyName": str(name), "PropertyType": kind}
    key = f"#{name:x}" if isinstance(name, int) else name.lower()
    item.ext[space, key] = Extended(uri, list(values), kind.endswith("Array"))


def at(line: Line, zone: tzinfo = ZONE) -> str:
    """The moment of a DTSTART or the like; of a day, the midnight that it begins with."""
    digits = line.value.replace("-", "").replace(":", "")
    if len(digits) == 8:
        return moment(datetime.combine(date(int(digits[:4]), int(digits[4:6]), int(digits[6:])), time(), zone))
    found = datetime.strptime(digits[:15], "%Y%m%dT%H%M%S")
    return moment(found.replace(tzinfo=ZoneInfo("UTC") if digits.endswith("Z") else zone))


def define_fields(item: StoredItem) -> None:
    """The definitions of an item's own fields, as Outlook keeps them with it (PropDefV2)."""
    names = [found.uri["PropertyName"] for (space, _), found in item.ext.items() if space == PUBLIC_STRINGS]
    stream = struct.pack("<HI", 0x0103, len(names))
    for name in names:
        wide = name.encode("utf-16-le")
        again = bytes([len(name)]) + name.encode("ascii")
        block = bytes([len(name)]) + wide
        stream += struct.pack("<IHIH", 0x45, 8, 0, len(name)) + wide + again + bytes(4)
        stream += struct.pack("<II", 0, len(block)) + block + bytes(4)
    if names:
        set_extended(item, _COMMON, 0x8540, "Binary", base64.b64encode(stream).decode())


def _categories(item: StoredItem, line: Line) -> None:
    words = [word.strip() for word in line.text.split(",") if word.strip()]
    item.props["Categories"] = t("Categories", None, *(t("String", word) for word in words))


def _common(item: StoredItem, line: Line) -> None:
    """The lines that cards and calendars have alike."""
    match line.name:
        case "CATEGORIES":
            _categories(item, line)
        case "CLASS" if line.value in SENSITIVITY:
            set_text(item, "Sensitivity", SENSITIVITY[line.value])
        case "X-MXSYNC-CLASS":
            item.item_class = line.text
        case name if name.startswith("X-MXSYNC-CUSTOM-"):
            set_extended(item, PUBLIC_STRINGS, name.removeprefix("X-MXSYNC-CUSTOM-"), "String", line.text)


def fill_calendar(item: StoredItem, text: str) -> None:
    """An appointment, task or journal entry from the lines of a calendar file."""
    item.props.clear()
    item.ext.clear()
    people: list[etree._Element] = []
    contacts: list[str] = []
    for line in lines_of(text):
        value = line.value
        match line.name:
            case "BEGIN" if value in ("VEVENT", "VTODO", "VJOURNAL"):
                item.tag = {"VEVENT": "CalendarItem", "VTODO": "Task", "VJOURNAL": "Message"}[value]
                item.item_class = {"VEVENT": "IPM.Appointment", "VTODO": "IPM.Task", "VJOURNAL": "IPM.Activity"}[value]
            case "SUMMARY":
                set_text(item, "Subject", line.text)
            case "DESCRIPTION":
                set_text(item, "Body", line.text, BodyType="Text")
            case "LOCATION" if item.tag == "CalendarItem":
                set_text(item, "Location", line.text)
            case "UID" if item.tag == "CalendarItem":
                set_text(item, "UID", value)
            case "CONTACT":
                contacts.append(line.text)
            case "ATTENDEE":
                people.append(t("Attendee", None, mailbox("", value.lower().removeprefix("mailto:"))))
            case "ORGANIZER" if item.tag == "CalendarItem":
                item.props["Organizer"] = t("Organizer", None, mailbox("", value.lower().removeprefix("mailto:")))
            case _:
                _common(item, line)
                _when(item, line)
    if people:
        item.props["RequiredAttendees"] = t("RequiredAttendees", None, *people)
    if contacts:
        set_extended(item, _COMMON, 0x853A, "StringArray", *contacts)
    define_fields(item)


def _when(item: StoredItem, line: Line) -> None:
    """The lines of a calendar file that say when, and how far."""
    match item.tag, line.name:
        case "Message", "DTSTART":
            set_extended(item, _LOG, 0x8706, "SystemTime", at(line))
        case "CalendarItem", "DTSTART" | "DTEND":
            set_text(item, {"DTSTART": "Start", "DTEND": "End"}[line.name], at(line))
            if len(line.value) == 8:
                set_text(item, "IsAllDayEvent", "true")
        case "CalendarItem", "STATUS" if line.value == "CANCELLED":
            set_text(item, "IsCancelled", "true")
        case "Task", "DTSTART" | "DUE" | "COMPLETED":
            name = {"DTSTART": "StartDate", "DUE": "DueDate", "COMPLETED": "CompleteDate"}[line.name]
            set_text(item, name, f"{at(line)[:10]}T00:00:00Z" if len(line.value) > 8 else at(line, ZoneInfo("UTC")))
        case "Task", "STATUS":
            set_text(item, "Status", TASK_STATUS.get(line.value, "NotStarted"))


def fill_card(item: StoredItem, text: str) -> None:
    """A contact from the lines of a card."""
    item.tag, item.item_class = "Contact", "IPM.Contact"
    item.props.clear()
    item.ext.clear()
    addresses = 0
    for line in lines_of(text):
        match line.name:
            case "FN":
                set_text(item, "DisplayName", line.text)
                set_text(item, "Subject", line.text)
            case "N":
                names = [*line.parts, "", "", ""]
                for name, part in zip(("Surname", "GivenName", "MiddleName"), names, strict=False):
                    set_text(item, name, part)
            case "EMAIL" if addresses < 3:
                addresses += 1
                key = f"EmailAddress{addresses}"
                item.props[f"EmailAddresses/{key}"] = t("Entry", line.text, Key=key)
            case "TEL":
                key = next((key for word, key in _TELEPHONES.items() if word in line.parameters), "BusinessPhone")
                item.props[f"PhoneNumbers/{key}"] = t("Entry", line.text, Key=key)
            case "ADR":
                home = "Home" if "HOME" in line.parameters else "Business"
                for name, part in zip(ADDRESS, line.parts[2:], strict=False):
                    item.props.pop(f"PhysicalAddresses/{home}/{name}", None)
                    if part:
                        item.props[f"PhysicalAddresses/{home}/{name}"] = t(name, part)
            case "TITLE" | "ORG" | "NICKNAME" | "X-SPOUSE":
                set_text(item, _TEXTS[line.name], line.parts[0])
            case "NOTE":
                set_text(item, "Body", line.text, BodyType="Text")
            case "BDAY":
                set_text(item, "Birthday", f"{line.value[:10]}T00:00:00Z")
            case _:
                _common(item, line)
    define_fields(item)


_TELEPHONES = {"CELL": "MobilePhone", "FAX": "BusinessFax", "HOME": "HomePhone", "WORK": "BusinessPhone"}
_TEXTS = {"TITLE": "JobTitle", "ORG": "CompanyName", "NICKNAME": "Nickname", "X-SPOUSE": "SpouseName"}


def fill_note(item: StoredItem, text: str) -> None:
    """A sticky note from a text."""
    item.tag, item.item_class = "Message", "IPM.StickyNote"
    item.props.clear()
    set_text(item, "Subject", text.partition("\n")[0])
    set_text(item, "Body", text, BodyType="Text")
