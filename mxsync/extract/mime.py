"""A mail or post in a file → its fields, headers, attachments, and any attachment's bytes.

Fields are made when they are asked for: a rule that looks at the subject decodes no body.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeVar, overload

from mxsync.extract.mime_message import Mail
from mxsync.extract.parsed import CLASS_OF_KIND, EMPTY_CUSTOM, CustomFields, Parsed, given_name
from mxsync.model.item import Kind, Value

T = TypeVar("T")
CLASS_HEADER: Final = "x-mxsync-class"
CUSTOM_PREFIX: Final = "x-mxsync-custom-"
_SENSITIVITY: Final = {
    "personal": "personal",
    "private": "private",
    "company-confidential": "confidential",
    "confidential": "confidential",
}
_MAKERS: Final[Mapping[str, Callable[[Mail], Value]]] = {
    "subject": Mail.subject,
    "body": Mail.body,
    "categories": Mail.categories,
    "sensitivity": lambda mail: _SENSITIVITY.get(mail.headers.first("sensitivity").lower(), "normal"),
    "importance": Mail.importance,
    "created_on": Mail.received,
    "attachments": Mail.attachments,
    "size": lambda mail: len(mail.raw),
    "message_id": Mail.message_id,
    "sender": Mail.sender,
    "recipients": Mail.recipients,
    "to": lambda mail: mail.persons("to"),
    "cc": lambda mail: mail.persons("cc"),
    "bcc": lambda mail: mail.persons("bcc"),
    "reply_to": lambda mail: mail.persons("reply-to"),
    "sent": Mail.sent,
    "received": Mail.received,
    "flag": Mail.flag,
    "flagged": lambda mail: bool(mail.flag()),
    "read": Mail.read,
    "conversation": Mail.conversation,
}


LARGE: Final = 200_000
"""Bytes from which on a message's fields are made at once, so that its bytes need not be kept: hundreds of messages are
held together."""


class MailFields(Mapping[str, Value]):
    """The fields of a mail, each made once, when it is first asked for; `given` are those that lie outside of it."""

    __slots__ = ("_mail", "_values")

    def __init__(self, mail: Mail | None, given: Mapping[str, Value]) -> None:
        self._mail = mail
        self._values: dict[str, Value] = dict(given)

    def settle(self) -> None:
        """Makes all of them now, and lets the message's bytes go."""
        if self._mail is not None:
            for name in _MAKERS:
                self[name]
            self._mail = None

    def __reduce__(self) -> tuple[object, ...]:
        """What goes to another process are plain values."""
        self.settle()
        return MailFields, (None, self._values)

    def __getitem__(self, name: str) -> Value:
        try:
            return self._values[name]
        except KeyError:
            maker = _MAKERS[name]
            if self._mail is None:
                raise
            value = self._values[name] = maker(self._mail)
            return value

    @overload
    def get(self, name: str, default: None = None, /) -> Value: ...
    @overload
    def get(self, name: str, default: Value | T, /) -> Value | T: ...
    def get(self, name: str, default: object = None, /) -> object:
        """Rules ask for the same few fields again and again: the inherited way takes three times as long."""
        values = self._values
        if name in values:
            return values[name]
        return self[name] if name in _MAKERS else default

    def __contains__(self, name: object) -> bool:
        return name in self._values or name in _MAKERS

    def __iter__(self) -> Iterator[str]:
        yield from _MAKERS
        yield from [name for name in self._values if name not in _MAKERS]

    def __len__(self) -> int:
        return sum(1 for _ in self)


def read_mail(raw: bytes, given: Mapping[str, Value] | None = None) -> Parsed:
    """The mail or post in `raw`; `given` are fields from outside (folder, user, modified_on).

    A mail whose `X-Mxsync-Class` begins with IPM.Post is a post. Raises `BadContent`.
    """
    mail = Mail(raw)
    headers = mail.headers
    item_class = headers.first(CLASS_HEADER) if CLASS_HEADER in headers else ""
    kind = Kind.POST if item_class.lower().split(".")[:2] == ["ipm", "post"] else Kind.MAIL
    custom = EMPTY_CUSTOM
    if headers.custom:
        custom = CustomFields(
            (given_name(name[len(CUSTOM_PREFIX) :]), headers[key][0]) for key, name in headers.custom.items()
        )
    fields = MailFields(mail, {**(given or {}), "class": item_class or CLASS_OF_KIND[kind]})
    notes = mail.notes()
    if len(raw) > LARGE:
        fields.settle()
    return Parsed(kind, fields, headers, custom, item_class, notes)


def read_attachment(raw: bytes, part: str) -> bytes:
    """The decoded bytes of the attachment with that number. Raises `BadContent`."""
    return Mail(raw).attachment(part)


def is_draft(headers: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a message was never sent: X-Unsent (Outlook), X-Mozilla-Draft-Info (Thunderbird)."""
    return (
        any(value.strip() not in ("", "0") for value in headers.get("x-unsent", ()))
        or "x-mozilla-draft-info" in headers
    )
