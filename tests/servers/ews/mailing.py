"""Puts items into the double's store as Outlook or a transport would: for arranging tests, without any client."""

from __future__ import annotations

from collections.abc import Iterator

from tests.servers.ews.mime import import_mime, mailbox
from tests.servers.ews.paths import give_extended
from tests.servers.ews.schemas import t
from tests.servers.ews.store import Extended, Folder, Store, StoredItem

_LOG = "0006200a-0000-0000-c000-000000000046"
_COMMON = "00062008-0000-0000-c000-000000000046"


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


def lines_of(text: str) -> Iterator[tuple[str, str]]:
    """Name and value of the lines of a card or calendar file."""
    for line in text.replace("\r\n", "\n").split("\n"):
        head, colon, value = line.partition(":")
        if colon:
            yield head.partition(";")[0].upper(), value.strip()


def _moment(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}T{text[9:11]}:{text[11:13]}:{text[13:15]}Z"


def fill_calendar(item: StoredItem, text: str) -> None:
    """An appointment, task or journal entry from the lines of a calendar file."""
    item.props.clear()
    item.ext.clear()
    people: list[str] = []
    contacts: list[str] = []
    for name, value in lines_of(text):
        match name:
            case "BEGIN" if value in ("VEVENT", "VTODO", "VJOURNAL"):
                item.tag = {"VEVENT": "CalendarItem", "VTODO": "Task", "VJOURNAL": "Message"}[value]
                item.item_class = {"VEVENT": "IPM.Appointment", "VTODO": "IPM.Task", "VJOURNAL": "IPM.Activity"}[value]
            case "SUMMARY":
                item.props["Subject"] = t("Subject", value)
            case "DTSTART" if item.tag == "Message":
                uri = {"PropertySetId": _LOG, "PropertyId": str(0x8706), "PropertyType": "SystemTime"}
                item.ext[_LOG, "#8706"] = Extended(uri, [_moment(value)], False)
            case "DTSTART" | "DTEND":
                part = "Start" if name == "DTSTART" else "End"
                item.props[part] = t(part, _moment(value))
            case "CATEGORIES":
                item.props["Categories"] = t("Categories", None, *(t("String", word) for word in value.split(",")))
            case "CONTACT":
                contacts.append(value)
            case "ATTENDEE":
                people.append(value.lower().removeprefix("mailto:"))
    if people:
        item.props["RequiredAttendees"] = t(
            "RequiredAttendees", None, *(t("Attendee", None, mailbox("", each)) for each in people)
        )
    if contacts:
        uri = {"PropertySetId": _COMMON, "PropertyId": str(0x853A), "PropertyType": "StringArray"}
        item.ext[_COMMON, "#853a"] = Extended(uri, contacts, True)
    for each in item.ext.values():
        assert give_extended(each) is not None


def fill_card(item: StoredItem, text: str) -> None:
    """A contact from the lines of a card."""
    item.tag, item.item_class = "Contact", "IPM.Contact"
    item.props.clear()
    for name, value in lines_of(text):
        match name:
            case "FN":
                item.props["DisplayName"] = t("DisplayName", value)
                item.props["Subject"] = t("Subject", value)
            case "N":
                last, first = [*value.split(";"), "", ""][:2]
                item.props["Surname"], item.props["GivenName"] = t("Surname", last), t("GivenName", first)
            case "EMAIL":
                item.props["EmailAddresses/EmailAddress1"] = t("Entry", value, Key="EmailAddress1")
            case "CATEGORIES":
                item.props["Categories"] = t("Categories", None, *(t("String", word) for word in value.split(",")))


def fill_note(item: StoredItem, text: str) -> None:
    """A sticky note from a text."""
    item.tag, item.item_class = "Message", "IPM.StickyNote"
    item.props["Subject"] = t("Subject", text.partition("\n")[0])
    item.props["Body"] = t("Body", text, BodyType="Text")
