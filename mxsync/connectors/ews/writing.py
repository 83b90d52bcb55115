"""What a draft becomes on Exchange: the element of a new item, or the updates of one that is there."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Final

from mxsync.connectors.ews.calendar_fields import write_appointment, write_task
from mxsync.connectors.ews.classes import TAG
from mxsync.connectors.ews.codecs import Change, put_texts
from mxsync.connectors.ews.common_fields import SUBJECT, write_common
from mxsync.connectors.ews.contact_fields import FILE_AS, with_names, write_contact
from mxsync.connectors.ews.mail_fields import EDITABLE, write_mail, write_post
from mxsync.connectors.ews.note_fields import write_journal, write_note
from mxsync.connectors.ews.properties import ITEM_CLASS, KEY, MESSAGE_FLAGS, NAMES, Path, custom
from mxsync.connectors.ews.wire import Element, local, t
from mxsync.errors import BadContent
from mxsync.extract.component_edit import written
from mxsync.extract.mime_write import new_mail
from mxsync.extract.parsed import CLASS_OF_KIND
from mxsync.model.item import Draft, Kind, Value

PLACED: Final = frozenset((
    "folder", "user", "size", "attachments", "created_on", "modified_on", "direction", "correspondents", "organizer",
    "uid", "photo", "received", "recipients", "cancelled",
))  # fmt: skip
"""Fields that are the server's own, or made of others: an item is written without them."""
_MUST_DERIVE: Final = (Kind.CONTACT, Kind.APPOINTMENT, Kind.TASK)
_SEQUENCE: Final = (
    "MimeContent", "ItemClass", "Subject", "Sensitivity", "Body", "Categories", "Importance", "ReminderDueBy",
    "ReminderIsSet", "ReminderMinutesBeforeStart", "ExtendedProperty", "Flag", "FileAs", "DisplayName",
    "GivenName", "MiddleName", "Nickname", "CompanyName", "EmailAddresses", "PhysicalAddresses", "PhoneNumbers",
    "AssistantName", "Birthday", "BusinessHomePage", "Department", "Generation", "JobTitle", "Manager", "Surname",
    "WeddingAnniversary", "Start", "End", "IsAllDayEvent", "LegacyFreeBusyStatus", "Location",
    "RequiredAttendees", "OptionalAttendees", "CompleteDate", "DueDate", "PercentComplete", "Recurrence",
    "StartTimeZone", "EndTimeZone", "StartDate", "Status", "From", "IsRead",
)  # fmt: skip
"""The elements that are written, in the order of the schema's sequences."""
_ORDER: Final = {name: index for index, name in enumerate(_SEQUENCE)}


def new_item(
    draft: Draft, key: str, zone: tzinfo, windows_zone: str, now: datetime, more: Sequence[Change] = ()
) -> Element:
    """The element of a new item with its key, and with `more`. Raises `BadContent` for a class that is none of its
    kind."""
    kind = draft.kind
    item_class = draft.item_class or str(draft.fields.get("class") or "")
    base = CLASS_OF_KIND[kind]
    if kind in _MUST_DERIVE and item_class and not (item_class.lower() + ".").startswith(base.lower() + "."):
        raise BadContent(
            f"the class `{item_class}` is no {kind}'s on Exchange: it has to begin with `{base}`, as in `{base}.Name`"
        )
    fields = {
        name: value
        for name, value in draft.fields.items()
        if name not in PLACED and name != "class" and value not in (None, "", ())
    }
    item = t(TAG[kind])
    changes: list[Change] = [*more]
    if kind is Kind.MAIL:
        mime = new_mail(
            kind,
            {name: value for name, value in fields.items() if name not in EDITABLE or name == "subject"},
            {}, "", uid=f"{key}@mxsync.invalid", now=now,
        )  # fmt: skip
        item.append(t("MimeContent", base64.b64encode(mime).decode("ascii"), CharacterSet="UTF-8"))
        changes += write_common({n: v for n, v in fields.items() if n in EDITABLE and n not in ("read", "subject")})
    else:
        changes += changes_of(kind, with_names(fields) if kind is Kind.CONTACT else fields, zone, {}, windows_zone)
    if kind is Kind.POST:
        changes += write_post(fields)
    if kind in (Kind.MAIL, Kind.JOURNAL, Kind.NOTE):
        read = kind is not Kind.MAIL or bool(fields.get("read"))
        changes.append((MESSAGE_FLAGS, MESSAGE_FLAGS.make("1" if read else "0")))
    changes.append((ITEM_CLASS, ITEM_CLASS.make(item_class or base)))
    changes.append((KEY, KEY.make(key)))
    changes += _customs(draft.custom, ())
    for path, element in changes:
        if element is not None:
            path.put(item, element)
    item[:] = sorted(item, key=lambda child: _ORDER[local(child)])
    return item


def changes_of(
    kind: Kind, fields: Mapping[str, Value], zone: tzinfo, before: Mapping[str, Value], windows_zone: str
) -> list[Change]:
    """The changes for given fields of an item that has `before`. Raises `BadContent`."""
    match kind:
        case Kind.MAIL:
            return write_mail(fields)
        case Kind.POST:
            return write_mail(fields) if before else write_common(fields)
        case Kind.CONTACT:
            given = {("body" if name == "notes" else name): value for name, value in fields.items()}
            return _with_subject(write_common(given), given) + write_contact(fields)
        case Kind.APPOINTMENT:
            return write_common(fields) + write_appointment(fields, zone, before, windows_zone)
        case Kind.TASK:
            return write_common(fields) + write_task(fields, zone, before)
        case Kind.JOURNAL:
            return write_common(fields) + write_journal(fields, zone, before)
        case Kind.NOTE:
            return write_common(fields) + write_note(fields)


def _with_subject(changes: list[Change], fields: Mapping[str, Value]) -> list[Change]:
    """A contact's subject is the name that it is shown by, as Outlook keeps it."""
    if "full_name" in fields and "subject" not in fields and fields["full_name"]:
        changes.append((SUBJECT, t("Subject", str(fields["full_name"]))))
        changes.append((FILE_AS, t("FileAs", str(fields["full_name"]))))
    return changes


def _customs(properties: Mapping[str, Value], known: Sequence[str]) -> list[Change]:
    """Custom properties, and with them the list of names that mxsync has written."""
    changes: list[Change] = []
    for name, value in properties.items():
        path = custom(name)
        text = written(value)
        changes.append((path, path.make(text) if text else None))
    names = list(dict.fromkeys((*known, *(name for name, value in properties.items() if value not in (None, "", ())))))
    if set(names) != set(known):
        changes.append(put_texts(NAMES, names))
    return changes


def updates(
    tag: str, draft: Draft, before: Mapping[str, Value], names: Sequence[str], zone: tzinfo, windows_zone: str
) -> list[Element]:
    """The updates that change an item from `before` to what a draft gives; none where nothing differs. `names` are the
    custom properties that mxsync has written before. Raises `BadContent`."""
    fields = {name: value for name, value in draft.fields.items() if name not in PLACED and name != "class"}
    changes = changes_of(draft.kind, fields, zone, before, windows_zone)
    changes += _customs(draft.custom, names)
    item_class = draft.item_class or str(draft.fields.get("class") or "")
    if item_class:
        changes.append((ITEM_CLASS, ITEM_CLASS.make(item_class)))
    return [set_field(tag, path, element) for path, element in changes]


def set_field(tag: str, path: Path, element: Element | None) -> Element:
    """A SetItemField, or the DeleteItemField where the element is None."""
    uri = path.path()
    if element is None:
        return t("DeleteItemField", None, uri)
    return t("SetItemField", None, uri, t(tag, None, element))
