"""Normal forms: when two spellings are the same thing, to rules, look-ups and claims alike.

One page decides this for all of mxsync. A database may narrow a search in its own way, but what it finds
counts only if the keys made here are equal.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from functools import lru_cache

from mxsync.model.item import Address, Attachment, Scalar


def text_key(text: str) -> str:
    """Text without case, with one space between words: 'ACME  Ltd ' and 'acme ltd' are the same."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


@lru_cache(maxsize=16_384)
def address_key(address: str) -> str:
    """An e-mail address without case and without a plus tag (RFC 5233 subaddress): the person behind it.

    A text without @ is only folded. 'Jane+News@Acme.example' gives 'jane@acme.example'.
    """
    text = address.strip().lower() if address.isascii() else unicodedata.normalize("NFC", address).strip().casefold()
    local, at, domain = text.rpartition("@")
    if not at:
        return text
    if "+" in local:
        before = local.split("+", 1)[0]
        local = before or local
    return f"{local}@{domain}"


def value_key(value: Scalar | None) -> str:
    """The key by which a value of any type is looked up and compared; '' for nothing.

    Datetimes are taken to UTC; whole floats equal the integer; an `Address` is its `address_key`.
    """
    match value:
        case None:
            return ""
        case str():
            return text_key(value)
        case bool():
            return "yes" if value else "no"
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case datetime():
            moment = value.astimezone(UTC) if value.tzinfo else value
            return moment.replace(microsecond=0, tzinfo=None).isoformat(" ")
        case date():
            return value.isoformat()
        case Address():
            return address_key(value.address)
        case Attachment():
            return text_key(value.name)
