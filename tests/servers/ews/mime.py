"""A message's MIME → the properties that the double keeps of it, by Python's own reader of mail."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime

from lxml import etree

from tests.servers.ews.paths import SETS
from tests.servers.ews.schemas import t
from tests.servers.ews.store import Attached, Extended, StoredItem

_XML_ODD = {code: None for code in range(32) if code not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}
_PEOPLE = {
    "From": "From",
    "Sender": "Sender",
    "To": "ToRecipients",
    "Cc": "CcRecipients",
    "Bcc": "BccRecipients",
    "Reply-To": "ReplyTo",
}


def moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def mailbox(name: str, address: str) -> etree._Element:
    """As the server answers it: a recipient without a name has its address for one."""
    return t("Mailbox", None, t("Name", name or address), t("EmailAddress", address), t("RoutingType", "SMTP"))


def import_mime(item: StoredItem, raw: bytes) -> None:
    """Fills an item's properties from `raw`."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    item.mime = raw
    clean = lambda text: str(text).translate(_XML_ODD)  # noqa: E731
    item.props["Subject"] = t("Subject", clean(message["Subject"] or ""))
    for header, name in _PEOPLE.items():
        people = [(n, a) for n, a in getaddresses([clean(each) for each in message.get_all(header, [])]) if a or n]
        if people:
            boxes = [mailbox(n, a) for n, a in people]
            item.props[name] = t(name, None, *(boxes[:1] if header in ("From", "Sender") else boxes))
    if "From" in item.props and "Sender" not in item.props:
        item.props["Sender"] = t("Sender", None, mailbox(*getaddresses([clean(message["From"])])[0]))
    if message["Date"]:
        try:
            item.props["DateTimeSent"] = t("DateTimeSent", moment(parsedate_to_datetime(str(message["Date"]))))
            item.props["DateTimeReceived"] = t("DateTimeReceived", item.props["DateTimeSent"].text)
        except ValueError:
            pass
    for header, name in (
        ("Message-ID", "InternetMessageId"),
        ("References", "References"),
        ("In-Reply-To", "InReplyTo"),
    ):
        if message[header]:
            item.props[name] = t(name, clean(message[header]))
    if message["Importance"]:
        item.props["Importance"] = t("Importance", str(message["Importance"]).capitalize())
    _sensitivity(item, str(message["Sensitivity"] or ""))
    if message["Keywords"]:
        words = [word.strip() for word in clean(message["Keywords"]).split(",") if word.strip()]
        item.props["Categories"] = t("Categories", None, *(t("String", word) for word in words))
    _body(item, message, clean)
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode("utf-8", "replace").translate(_XML_ODD)
    item.ext["tag", "0x007d"] = Extended({"PropertyTag": "0x7d", "PropertyType": "String"}, [head + "\n"], False)
    for name, value in message.items():
        key = (SETS["InternetHeaders"], name.lower())
        item.ext.setdefault(
            key,
            Extended(
                {"DistinguishedPropertySetId": "InternetHeaders", "PropertyName": name, "PropertyType": "String"},
                [clean(value)],
                False,
            ),
        )


def _sensitivity(item: StoredItem, word: str) -> None:
    found = {"personal": "Personal", "private": "Private", "company-confidential": "Confidential"}.get(word.lower())
    if found:
        item.props["Sensitivity"] = t("Sensitivity", found)


def _body(item: StoredItem, message: EmailMessage, clean: object) -> None:
    assert callable(clean)
    body = message.get_body(("plain", "html"))
    if body is not None:
        kind = "HTML" if body.get_content_type() == "text/html" else "Text"
        item.props["Body"] = t("Body", clean(body.get_content()), BodyType=kind)
    for part in message.iter_attachments():
        is_mail = part.get_content_type() == "message/rfc822"
        content = part.get_payload(0).as_bytes() if is_mail else part.get_payload(decode=True) or b""
        item.attachments.append(
            Attached(
                f"{item.id}.{len(item.attachments)}",
                clean(part.get_filename() or "attachment"),
                content,
                part.get_content_type(),
                clean((part["Content-ID"] or "").strip("<>")),
                clean(part["Content-Location"] or ""),
                part.get_content_disposition() == "inline",
                item=is_mail,
            )
        )
