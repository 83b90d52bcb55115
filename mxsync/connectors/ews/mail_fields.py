"""Mails and posts (MS-OXWSMSG, MS-OXWSPOST): their people, moments, identity and headers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from mxsync.connectors.ews.codecs import (
    Change,
    put_people,
    read_moment,
    read_people,
    read_person,
    read_text,
    read_yes,
)
from mxsync.connectors.ews.common_fields import SUBJECT, write_common
from mxsync.connectors.ews.properties import HEADERS, RECEIVED, SENT, Extended, Path, Property
from mxsync.connectors.ews.wire import NS, Element
from mxsync.errors import BadContent
from mxsync.extract.mime_parts import OverLimit, read_headers
from mxsync.model.item import Address, Value

FROM: Final = Property("message:From")
SENDER: Final = Property("message:Sender")
TO: Final = Property("message:ToRecipients")
CC: Final = Property("message:CcRecipients")
BCC: Final = Property("message:BccRecipients")
REPLY_TO: Final = Property("message:ReplyTo")
MESSAGE_ID: Final = Property("message:InternetMessageId")
REFERENCES: Final = Property("message:References")
IN_REPLY_TO: Final = Property("item:InReplyTo")
IS_READ: Final = Property("message:IsRead")
SENDER_SMTP: Final = Extended("String", tag="0x5D02")
"""PidTagSentRepresentingSmtpAddress: the author's address, where Exchange itself keeps a directory's path."""
PATHS: Final[tuple[Path, ...]] = (
    FROM, SENDER, TO, CC, BCC, REPLY_TO, MESSAGE_ID, REFERENCES, IN_REPLY_TO, IS_READ, SENDER_SMTP, HEADERS,
)  # fmt: skip
EDITABLE: Final = frozenset(("categories", "sensitivity", "importance", "read", "flag", "flagged", "subject", "class"))


def read_mail(item: Element) -> dict[str, Value]:
    """The fields of a mail or post, without its body."""
    to, cc, bcc = (read_people(path.find(item)) for path in (TO, CC, BCC))
    identity = read_text(MESSAGE_ID.find(item)).strip()
    fields: dict[str, Value] = {
        "sender": _sender(item),
        "to": to,
        "cc": cc,
        "bcc": bcc,
        "recipients": to + cc + bcc,
        "reply_to": read_people(REPLY_TO.find(item)),
        "sent": read_moment(SENT.find(item)),
        "received": read_moment(RECEIVED.find(item)),
        "read": read_yes(IS_READ.find(item)),
        "conversation": _conversation(item),
    }
    if identity:
        fields["message_id"] = "".join(identity.strip("<>").split())
    return fields


def _sender(item: Element) -> Address | None:
    for path in (FROM, SENDER):
        found = path.find(item)
        person = read_person(found.find("t:Mailbox", NS)) if found is not None else None
        if person is not None:
            address = read_text(SENDER_SMTP.find(item)).strip()
            return person if person.address or "@" not in address else replace(person, address=address)
    return None


def _conversation(item: Element) -> tuple[str, ...]:
    """Message-IDs of what it answers, newest first."""
    answered = _ids(read_text(IN_REPLY_TO.find(item)))
    before = _ids(read_text(REFERENCES.find(item)))
    return tuple(dict.fromkeys((*answered, *reversed(before))))[:1000]


def _ids(text: str) -> list[str]:
    if "<" in text:
        return [found for piece in text.split("<")[1:] if (found := "".join(piece.partition(">")[0].split()))]
    return [word for word in text.split() if "@" in word]


def read_mail_headers(item: Element) -> Mapping[str, tuple[str, ...]]:
    """The head of a mail as it came; of one that was only sent from here, what its properties tell."""
    text = read_text(HEADERS.find(item))
    if text.strip():
        try:
            return read_headers(text.encode("utf-8", "replace"))[0]
        except OverLimit:
            return {}
    found = {"message-id": MESSAGE_ID, "in-reply-to": IN_REPLY_TO, "references": REFERENCES, "subject": SUBJECT}
    return {name: (value,) for name, path in found.items() if (value := read_text(path.find(item)))}


def write_mail(fields: Mapping[str, Value]) -> list[Change]:
    """The changes for a mail that is there. Raises `BadContent` for a field that a sent mail keeps."""
    fixed = sorted(fields.keys() - EDITABLE)
    if fixed:
        raise BadContent(f"a mail's {' and '.join(f'`{name}`' for name in fixed)} cannot be changed")
    changes = write_common(fields)
    if "read" in fields:
        changes.append((IS_READ, IS_READ.make("true" if fields["read"] else "false")))
    return changes


def write_post(fields: Mapping[str, Value]) -> list[Change]:
    """What a new post has besides the fields of all kinds: its author."""
    sender = fields.get("sender")
    if not isinstance(sender, Address):
        return []
    return [put_people(FROM, [sender])]
