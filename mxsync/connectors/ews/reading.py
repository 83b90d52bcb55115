"""An item's element → an item whose costly fields are fetched when they are asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo
from functools import partial
from typing import Final

from mxsync.connectors.ews.attachments import Attachments
from mxsync.connectors.ews.calendar_fields import read_appointment, read_task
from mxsync.connectors.ews.classes import kind_of, protected
from mxsync.connectors.ews.codecs import read_text, read_texts, read_yes
from mxsync.connectors.ews.common_fields import HAS_ATTACHMENTS, read_common
from mxsync.connectors.ews.contact_fields import HAS_PICTURE, read_contact
from mxsync.connectors.ews.equivalents import Meant
from mxsync.connectors.ews.item_page import ATTACHMENT_GROUP, BODY_GROUP, CUSTOM_GROUP, ItemPage
from mxsync.connectors.ews.mail_fields import read_mail, read_mail_headers
from mxsync.connectors.ews.note_fields import read_journal, read_note
from mxsync.connectors.ews.operations import id_in
from mxsync.connectors.ews.properties import BODY, IS_DRAFT, ITEM_CLASS, NAMES, custom
from mxsync.connectors.ews.series_fields import meant_series, read_series, zone_of
from mxsync.connectors.ews.user_fields import read_user_fields
from mxsync.connectors.ews.wire import Element, local
from mxsync.extract.calendar_values import zone_key
from mxsync.extract.html import to_text
from mxsync.extract.parsed import CLASS_OF_KIND
from mxsync.model.item import PUBLIC, Address, Item, ItemRef, Kind, Unreadable, Value
from mxsync.ports.connector import Fetched

Lazy = Callable[[], Value]
_ODD_TAGS: Final = frozenset(("MeetingRequest", "MeetingResponse", "MeetingCancellation", "MeetingMessage"))


class LazyFields(Mapping[str, Value]):
    """Fields of which some are made when they are first asked for."""

    __slots__ = ("_lazy", "_values")

    def __init__(self, values: dict[str, Value], lazy: dict[str, Lazy]) -> None:
        self._values = values
        self._lazy = lazy

    def __getitem__(self, name: str) -> Value:
        if name in self._lazy:
            self._values[name] = self._lazy[name]()
            del self._lazy[name]
        return self._values[name]

    def __contains__(self, name: object) -> bool:
        return name in self._values or name in self._lazy

    def __iter__(self) -> Iterator[str]:
        yield from [*self._values, *(name for name in self._lazy if name not in self._values)]

    def __len__(self) -> int:
        return len(self._values.keys() | self._lazy.keys())


class CustomProperties(Mapping[str, Value]):
    """Custom properties of an item. Exchange answers those that are named to it and lists none: any name may be asked
    for, and listed are those that mxsync has written, that Outlook's form lists with the item, or that have been asked
    for."""

    __slots__ = ("_find", "_names", "_values")

    def __init__(self, names: tuple[str, ...], find: Callable[[str], str | None]) -> None:
        self._names = {name.casefold(): name for name in names}
        self._find = find
        self._values: dict[str, str | None] = {}

    def _value(self, name: str) -> str | None:
        key = name.casefold()
        if key not in self._values:
            self._values[key] = self._find(name)
            if self._values[key] is not None:
                self._names.setdefault(key, name)
        return self._values[key]

    def __getitem__(self, name: str) -> Value:
        value = self._value(name)
        if value is None:
            raise KeyError(name)
        return value

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._value(name) is not None

    def __iter__(self) -> Iterator[str]:
        return iter([name for name in list(self._names.values()) if self._value(name) is not None])

    def __len__(self) -> int:
        return sum(1 for _ in self)


def is_item(element: Element, folder_class: str) -> Kind | None:
    """The kind of an item; None for what is none to mxsync: drafts, meeting requests and answers."""
    if local(element) in _ODD_TAGS:
        return None
    kind = kind_of(read_text(ITEM_CLASS.find(element)), folder_class)
    if kind in (Kind.MAIL, Kind.POST) and read_yes(IS_DRAFT.find(element)):
        return None
    return kind


def read_item(
    ref: ItemRef, element: Element, page: ItemPage, folder_class: str, zone: tzinfo, attachments: Attachments
) -> Fetched | Unreadable | None:
    """The item of an element; None for what is no item."""
    kind = is_item(element, folder_class)
    if kind is None:
        return None
    found = id_in(element)
    revision = found.change_key if found is not None else ""
    reason = protected(read_text(ITEM_CLASS.find(element)))
    if reason:
        return Unreadable(ref, revision, f"`{_title(element)}` in `{ref.folder}` is left alone: {reason}")
    values = read_common(element)
    lazy: dict[str, Lazy] = {}
    headers: Mapping[str, tuple[str, ...]] = {}
    match kind:
        case Kind.MAIL | Kind.POST:
            values |= read_mail(element)
            headers = read_mail_headers(element)
        case Kind.CONTACT:
            values |= read_contact(element)
        case Kind.APPOINTMENT:
            values |= read_appointment(element, zone)
            values["time_zone"] = "" if values["all_day"] else _zone_name(zone_of(element, UTC))
            if values["recurrence"]:
                _begin(values, meant_series(element, zone))
                body = partial(_body, ref.href, page)
                lazy["recurrence"] = partial(read_series, element, zone, page.occurrences, body)
        case Kind.TASK:
            values |= read_task(element)
        case Kind.JOURNAL:
            values |= read_journal(element)
        case Kind.NOTE:
            values |= read_note(element)
    values["folder"] = ref.folder
    if ref.mailbox != PUBLIC:
        values["user"] = Address("", ref.mailbox)
    lazy["body"] = partial(_body, ref.href, page)
    if kind is Kind.CONTACT:
        lazy["notes"] = lazy["body"]
        values["photo"] = None
        if read_yes(HAS_PICTURE.find(element)):
            lazy["photo"] = lambda: attachments.photo(ref, page.element(ref.href, ATTACHMENT_GROUP))
    if read_yes(HAS_ATTACHMENTS.find(element)):
        lazy["attachments"] = lambda: attachments.describe(ref, page.element(ref.href, ATTACHMENT_GROUP))
    else:
        values["attachments"] = ()
    fields = LazyFields(values, lazy)
    if kind in (Kind.MAIL, Kind.POST) and "message_id" not in values:
        lazy["message_id"] = partial(_identity, fields)
    item_class = str(values["class"])
    if item_class.lower() == CLASS_OF_KIND[kind].lower():
        item_class = ""
    names = (*read_texts(NAMES.find(element)), *read_user_fields(element))
    properties = CustomProperties(names, partial(_custom, ref.href, page))
    return Fetched(Item(kind, ref, revision, fields, headers, properties, item_class), revision)


def _begin(values: dict[str, Value], meant: Meant | None) -> None:
    """A series begins where it was meant to."""
    start, end = values["start"], values["end"]
    if meant is not None and isinstance(start, date) and isinstance(end, date):
        values["start"] = meant.first
        values["end"] = meant.first + (end - start)


def _zone_name(zone: tzinfo) -> str:
    """As in files: '' for UTC, and where Exchange names no zone or one of its own."""
    name = zone_key(zone)
    return "" if name == "UTC" else name


def _title(element: Element) -> str:
    return str(read_common(element)["subject"])[:80] or "an item without a subject"


def _body(id: str, page: ItemPage) -> str:
    """The body as text: that of a mail in HTML is turned into text as in every store."""
    element = page.element(id, BODY_GROUP)
    found = BODY.find(element) if element is not None else None
    if found is None:
        return ""
    text = read_text(found)
    return (to_text(text) if found.get("BodyType") == "HTML" else text).strip("\n")


def _identity(fields: Mapping[str, Value]) -> str:
    """Of a mail without a Message-ID: a hash of sender, date, subject and body, as the file store makes it."""
    sender, sent = fields.get("sender"), fields.get("sent")
    date = sent.isoformat() if isinstance(sent, datetime) else ""
    address = sender.address.lower() if isinstance(sender, Address) else ""
    parts = (address, date, str(fields["subject"]), str(fields["body"]))
    return "sha256:" + hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()


def _custom(id: str, page: ItemPage, name: str) -> str | None:
    element = page.element(id, CUSTOM_GROUP + name)
    found = custom(name).find(element) if element is not None else None
    return read_text(found) if found is not None else None
