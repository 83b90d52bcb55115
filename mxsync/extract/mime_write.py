"""Fields of a mail or post → a new message (RFC 5322): what a rule or a sync puts into a folder of its own accord."""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from mxsync.extract.encoded_words import encode_words
from mxsync.extract.mail_addresses import format_address
from mxsync.extract.mail_dates import format_date
from mxsync.extract.mime_edit import EDITABLE, edit_mail, fold_header
from mxsync.model.item import Address, Kind, Value

_PEOPLE: Final = (("sender", "From"), ("to", "To"), ("cc", "Cc"), ("bcc", "Bcc"), ("reply_to", "Reply-To"))


def new_mail(
    kind: Kind, fields: Mapping[str, Value], custom: Mapping[str, Value], item_class: str, *, uid: str, now: datetime
) -> bytes:
    """A message of plain text with those fields. A post has the class IPM.Post unless it is given another."""
    lines: list[str] = []
    given = dict(fields)
    if "to" not in given and "recipients" in given:
        given["to"] = given["recipients"]
    for name, header in _PEOPLE:
        value = given.get(name)
        people = value if isinstance(value, tuple) else (value,)
        shown = [format_address(person) for person in people if isinstance(person, Address)]
        if shown:
            lines.append(fold_header(header, ", ".join(shown)))
    sent = given.get("sent")
    lines.append(fold_header("Date", format_date(sent if isinstance(sent, datetime) else now)))
    message_id = str(given.get("message_id") or "")
    identity = message_id if message_id and not message_id.startswith("sha256:") else uid
    lines.append(fold_header("Message-ID", f"<{''.join(identity.split())}>"))
    lines.append(fold_header("Subject", encode_words(str(given.get("subject") or ""))))
    before = [str(found) for found in _tuple(given.get("conversation")) if found]
    if before:
        lines.append(fold_header("In-Reply-To", f"<{before[0]}>"))
        lines.append(fold_header("References", " ".join(f"<{found}>" for found in reversed(before))))
    body = str(given.get("body") or "").replace("\r\n", "\n").replace("\n", "\r\n")
    lines += [
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
    ]
    encoded = (
        binascii.b2a_qp(body.encode("utf-8", "replace"), istext=True).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    )
    raw = "\r\n".join("\r\n".join(line.split("\n")) for line in lines).encode("utf-8", "replace")
    raw += b"\r\n\r\n" + encoded + (b"" if encoded.endswith(b"\r\n") else b"\r\n")
    item_class = item_class or str(given.get("class") or "") or ("IPM.Post" if kind is Kind.POST else "")
    edits = {name: value for name, value in given.items() if name in EDITABLE - {"subject", "class"} and value}
    return edit_mail(raw, edits, custom, item_class)


def _tuple(value: Value) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)
