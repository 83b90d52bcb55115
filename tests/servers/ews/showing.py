"""Items of the double as the files that a person would export them to: what tests look at, without any client."""

from __future__ import annotations

import email
import email.policy
from datetime import datetime
from email.message import EmailMessage

from tests.servers.ews.cards import escaped, file_of
from tests.servers.ews.mailing import ADDRESS, PUBLIC_STRINGS, SENSITIVITY, TASK_STATUS, ZONE
from tests.servers.ews.schemas import T
from tests.servers.ews.store import StoredItem

NS = {"t": T}


def text_in(item: StoredItem, path: str) -> str:
    """The text of a property, '' where there is none."""
    found = item.props.get(path)
    return (found.text or "") if found is not None else ""


def texts_in(item: StoredItem, path: str) -> list[str]:
    found = item.props.get(path)
    return [each.text or "" for each in found] if found is not None else []


def addresses_in(item: StoredItem, path: str) -> list[str]:
    found = item.props.get(path)
    return [box.text or "" for box in found.iterfind(".//t:EmailAddress", NS)] if found is not None else []


def show(item: StoredItem) -> tuple[str, bytes]:
    """The ending and content of the file that an item is exported to."""
    if item.tag == "Contact":
        return ".vcf", _card(item)
    if item.tag in ("CalendarItem", "Task") or item.item_class.startswith("IPM.Activity"):
        return ".ics", _calendar(item)
    if item.item_class.startswith("IPM.StickyNote"):
        return ".txt", text_in(item, "Body").encode()
    return ".eml", _mail(item)


def _common(item: StoredItem, base: str) -> list[tuple[str, str]]:
    classes = {theirs: ours for ours, theirs in SENSITIVITY.items()}
    customs = [
        (f"X-MXSYNC-CUSTOM-{found.uri['PropertyName'].upper()}", escaped(found.values[0]))
        for (space, _), found in item.ext.items()
        if space == PUBLIC_STRINGS and "PropertyName" in found.uri
    ]
    return [
        ("CATEGORIES", ",".join(escaped(word) for word in texts_in(item, "Categories"))),
        ("CLASS", classes.get(text_in(item, "Sensitivity"), "")),
        ("X-MXSYNC-CLASS", item.item_class if item.item_class.lower() != base.lower() else ""),
        *customs,
    ]


def _card(item: StoredItem) -> bytes:
    get = lambda path: escaped(text_in(item, path))  # noqa: E731
    names = ";".join(get(name) for name in ("Surname", "GivenName", "MiddleName"))
    lines = [("FN", get("DisplayName")), ("N", f"{names};;")]
    lines += [("EMAIL;TYPE=INTERNET", get(f"EmailAddresses/EmailAddress{number}")) for number in (1, 2, 3)]
    lines += [
        (f"TEL;TYPE={kind}", get(f"PhoneNumbers/{key}"))
        for kind, key in (
            ("WORK", "BusinessPhone"),
            ("HOME", "HomePhone"),
            ("CELL", "MobilePhone"),
            ("FAX", "BusinessFax"),
        )
    ]
    for kind, home in (("WORK", "Business"), ("HOME", "Home")):
        parts = [get(f"PhysicalAddresses/{home}/{part}") for part in ADDRESS]
        lines.append((f"ADR;TYPE={kind}", f";;{';'.join(parts)}" if any(parts) else ""))
    lines += [
        ("TITLE", get("JobTitle")), ("ORG", get("CompanyName")), ("NICKNAME", get("Nickname")),
        ("X-SPOUSE", get("SpouseName")), ("NOTE", get("Body")), ("BDAY", text_in(item, "Birthday")[:10]),
    ]  # fmt: skip
    return file_of("VCARD", "3.0", [*lines, *_common(item, "IPM.Contact")])


def _day(text: str) -> str:
    """The day of a midnight of the people's zone."""
    return f"{datetime.fromisoformat(text).astimezone(ZONE):%Y%m%d}" if text else ""


def _stamp(text: str) -> str:
    return text.replace("-", "").replace(":", "")


def _calendar(item: StoredItem) -> bytes:
    get = lambda path: text_in(item, path)  # noqa: E731
    lines = [("UID", get("UID")), ("SUMMARY", escaped(get("Subject"))), ("DESCRIPTION", escaped(get("Body")))]
    if item.tag == "CalendarItem":
        all_day = get("IsAllDayEvent") == "true"
        for name, path in (("DTSTART", "Start"), ("DTEND", "End")):
            lines.append((f"{name};VALUE=DATE", _day(get(path))) if all_day else (name, _stamp(get(path))))
        lines.append(("LOCATION", escaped(get("Location"))))
        lines += [("ORGANIZER", f"mailto:{each}") for each in addresses_in(item, "Organizer")]
        people = addresses_in(item, "RequiredAttendees") + addresses_in(item, "OptionalAttendees")
        lines += [("ATTENDEE", f"mailto:{each}") for each in people]
        lines.append(("STATUS", "CANCELLED" if get("IsCancelled") == "true" else ""))
        return file_of("VCALENDAR", "2.0", [*lines, *_common(item, "IPM.Appointment")], "VEVENT")
    if item.tag == "Task":
        for name, path in (("DTSTART", "StartDate"), ("DUE", "DueDate"), ("COMPLETED", "CompleteDate")):
            lines.append((f"{name};VALUE=DATE", _stamp(get(path))[:8]))
        words = {theirs: ours for ours, theirs in TASK_STATUS.items()}
        lines.append(("STATUS", words.get(get("Status"), "")))
        return file_of("VCALENDAR", "2.0", [*lines, *_common(item, "IPM.Task")], "VTODO")
    for (_, name), found in item.ext.items():
        if name == "#8706":
            lines.append(("DTSTART", _stamp(found.values[0])))
    return file_of("VCALENDAR", "2.0", [*lines, *_common(item, "IPM.Activity")], "VJOURNAL")


def _mail(item: StoredItem) -> bytes:
    """The message as it came, with what its item says now."""
    message = email.message_from_bytes(item.mime, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    for header, value in (
        ("Keywords", ", ".join(texts_in(item, "Categories"))),
        ("Importance", text_in(item, "Importance").lower().replace("normal", "")),
        ("Sensitivity", {"Confidential": "company-confidential"}.get(text_in(item, "Sensitivity"), text_in(item, "Sensitivity")).replace("Normal", "")),
        ("X-Mxsync-Class", item.item_class if item.item_class != "IPM.Note" else ""),
    ):  # fmt: skip
        del message[header]
        if value:
            message[header] = value
    return bytes(message)
