"""Values of fields ↔ the elements that Exchange keeps them in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from exchangelib.winzone import IANA_TO_MS_TIMEZONE_MAP

from mxsync.connectors.ews.properties import Extended, Path
from mxsync.connectors.ews.wire import NS, Element, is_yes, t, text_of
from mxsync.model.item import Address, Value

HALF_DAY: Final = timedelta(hours=12)
SENSITIVITY: Final = {"normal": "Normal", "personal": "Personal", "private": "Private", "confidential": "Confidential"}
IMPORTANCE: Final = {"low": "Low", "normal": "Normal", "high": "High"}
SHOW_AS: Final = {
    "free": "Free",
    "tentative": "Tentative",
    "busy": "Busy",
    "out of office": "OOF",
    "working elsewhere": "WorkingElsewhere",
}
_ANSWERS: Final = {"Accept": "accepted", "Decline": "declined", "Tentative": "tentative"}
TASK_STATUS: Final = {
    "not started": "NotStarted",
    "in progress": "InProgress",
    "completed": "Completed",
    "waiting": "WaitingOnOthers",
    "deferred": "Deferred",
}
NOTE_COLOR: Final = {"blue": "0", "green": "1", "pink": "2", "yellow": "3", "white": "4"}
Change = tuple[Path, "Element | None"]
"""A property and its new element; None takes it away."""


def read_text(element: Element | None) -> str:
    """The text of an element, or of an extended property's value."""
    if element is None:
        return ""
    found = element.find("t:Value", NS)
    text = (found if found is not None else element).text or ""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_texts(element: Element | None) -> tuple[str, ...]:
    """The texts of Categories, or of an extended property's list."""
    if element is None:
        return ()
    found = element.find("t:Values", NS)
    return tuple(dict.fromkeys(each.text for each in (found if found is not None else element) if each.text))


def read_moment(element: Element | None) -> datetime | None:
    """A moment in UTC; None for none, and for one outside of Python's calendar."""
    text = read_text(element).strip()
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
        found = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_day(element: Element | None, zone: tzinfo = UTC) -> date | None:
    """The day that a midnight means, even where it was written in a zone some hours off."""
    found = read_moment(element)
    try:
        return (found.astimezone(zone) + HALF_DAY).date() if found is not None else None
    except OverflowError:
        return None


def write_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def write_day(day: date, zone: tzinfo = UTC) -> str:
    """The midnight with which a day begins in a zone; of a moment, the moment."""
    if isinstance(day, datetime):
        return write_moment(day)
    return write_moment(datetime.combine(day, time(), zone))


def windows_zone(name: str) -> str:
    """Windows' name of an IANA zone, '' where there is none: by exchangelib's table, which names no zone that a server
    has not heard of yet."""
    found = IANA_TO_MS_TIMEZONE_MAP.get(name) if name else None
    return str(found[0]) if found is not None else ""


def read_number(element: Element | None) -> int | None:
    text = read_text(element).strip()
    try:
        return round(float(text)) if text else None
    except (ValueError, OverflowError):
        return None


def read_yes(element: Element | None) -> bool:
    return is_yes(read_text(element))


def read_person(box: Element | None) -> Address | None:
    """A Mailbox element. A name that only repeats the address is none; what is no address of mail (a directory's path)
    is left out."""
    if box is None:
        return None
    name, address = text_of(box, "t:Name").strip(), text_of(box, "t:EmailAddress").strip()
    if text_of(box, "t:RoutingType", "SMTP").upper() != "SMTP" and "@" not in address:
        address = ""
    if not name and not address:
        return None
    return Address("" if name == address else name.strip("'\""), address)


def read_people(element: Element | None) -> tuple[Address, ...]:
    """The people of ToRecipients, RequiredAttendees and the like."""
    if element is None:
        return ()
    boxes = element.iterfind(".//t:Mailbox", NS)
    return tuple(person for person in map(read_person, boxes) if person is not None)


def read_attendees(element: Element | None) -> tuple[Address, ...]:
    """The people of RequiredAttendees and the like, each with what they have answered."""
    found: list[Address] = []
    for each in element.iterfind("t:Attendee", NS) if element is not None else ():
        person = read_person(each.find("t:Mailbox", NS))
        if person is not None:
            found.append(Address(person.name, person.address, _ANSWERS.get(text_of(each, "t:ResponseType"), "")))
    return tuple(found)


def person_element(person: Address) -> Element:
    """A Mailbox element; of someone without an address, a one-off without one."""
    name = [t("Name", person.name)] if person.name else []
    if not person.address:
        return t("Mailbox", None, *name)
    return t("Mailbox", None, *name, t("EmailAddress", person.address), t("RoutingType", "SMTP"))


def person_text(person: Address) -> str:
    """A person in one line of text, as linked contacts are kept."""
    return f"{person.name} <{person.address}>" if person.name and person.address else person.name or person.address


def text_person(text: str) -> Address:
    """A person from one line of text."""
    name, bracket, address = text.rpartition(" <")
    if bracket and address.endswith(">"):
        return Address(name.strip(), address[:-1].strip())
    return Address("", text.strip()) if "@" in text else Address(text.strip(), "")


def word(names: Mapping[str, str], element: Element | None, default: str = "") -> str:
    """Our word for an Exchange one."""
    text = read_text(element).strip()
    return next((ours for ours, theirs in names.items() if theirs == text), default)


def tuple_of(value: Value) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else () if value in (None, "") else (value,)


def people_of(value: Value) -> list[Address]:
    return [person for person in tuple_of(value) if isinstance(person, Address) and (person.name or person.address)]


def put_text(path: Path, value: Value) -> Change:
    """A text; '' takes the property away."""
    text = "" if value in (None, ()) else str(value)
    return path, path.make(text) if text else None


def put_texts(path: Path, texts: list[str]) -> Change:
    """Categories, or an extended property's list."""
    part = "Value" if isinstance(path, Extended) else "String"
    return path, path.make(None, *(t(part, text) for text in texts)) if texts else None


def put_people(path: Path, people: list[Address], home: str = "") -> Change:
    """Recipients; each within an element `home` ('Attendee') where that is given."""
    boxes = [person_element(person) for person in people]
    return path, path.make(None, *(t(home, None, box) if home else box for box in boxes)) if boxes else None
