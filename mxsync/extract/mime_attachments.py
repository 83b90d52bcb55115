"""What is attached to a mail, described: its name, size and digest, and where it leads if it is only a shortcut."""

from __future__ import annotations

import hashlib
from typing import Final

from mxsync.extract.encoded_words import decode_words
from mxsync.extract.mime_parts import OverLimit, Part, header_end, read_headers
from mxsync.model.item import Attachment

LINK_HEADER: Final = "x-mxsync-link"
_ENDINGS: Final = {
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "text/vcard": ".vcf",
    "text/csv": ".csv",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/svg+xml": ".svg",
    "application/pdf": ".pdf",
    "application/ms-tnef": ".dat",
    "application/zip": ".zip",
    "application/pkcs7-signature": ".p7s",
    "application/pkcs7-mime": ".p7m",
    "message/rfc822": ".eml",
}


def describe(part: Part, content: bytes) -> Attachment:
    """The attachment that a part is; `content` are its decoded bytes. An image with a Content-ID is an inline one."""
    inline = part.disposition == "inline" or (
        part.disposition != "attachment" and "content-id" in part.headers and part.kind.startswith("image/")
    )
    return Attachment(
        part=part.number,
        name=_name(part, content),
        content_type=part.kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        inline=inline,
        link=_link(part, content),
    )


def _name(part: Part, content: bytes) -> str:
    if part.filename:
        return part.filename
    if part.kind == "message/rfc822":
        try:
            stop, _ = header_end(content, 0, len(content))
            subject = decode_words(read_headers(content[:stop])[0].first("subject"))
        except OverLimit:
            subject = ""
        return f"{subject or 'message'}.eml"
    if part.kind == "text/calendar":
        return "invitation.ics"
    return f"attachment-{part.number}{_ENDINGS.get(part.kind, '.bin')}"


def _link(part: Part, content: bytes) -> str:
    """Where a shortcut leads: our own, a list of addresses (RFC 2483, 5), or an external body (RFC 2017)."""
    own = part.headers.first(LINK_HEADER)
    if own:
        return decode_words(own)
    if part.kind == "message/external-body":
        return "".join(part.options.get("url", "").split())
    if part.kind == "text/uri-list":
        for line in content[:10_000].decode("utf-8", "replace").splitlines():
            if line.strip() and not line.startswith("#"):
                return line.strip()
    return ""
