"""Values to JSON and back, without loss: people, moments, days, references, lists."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from mxsync.model.item import Address, Attachment, ItemRef
from mxsync.model.record import Planned, RecordKey


def _plain(value: object) -> object:
    match value:
        case datetime():
            return {"$t": value.isoformat()}
        case date():
            return {"$d": value.isoformat()}
        case Address():
            return {"$p": [value.name, value.address, *([value.answer] if value.answer else ())]}
        case RecordKey():
            return {"$k": [value.entity, value.value]}
        case Planned():
            raise TypeError("a planned key cannot be remembered")
        case Attachment():
            return {
                "$a": [value.part, value.name, value.content_type, value.size, value.sha256, value.inline, value.link]
            }
        case ItemRef():
            return {"$r": [value.mailbox, value.folder, value.href]}
        case bytes():
            return {"$b": value.hex()}
        case Mapping():
            return dict(value)
        case set() | frozenset():
            return sorted(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain, check_circular=False)


def encode(value: object) -> str:
    """JSON of a value of the model, or of lists and mappings of them. Lone surrogates are written as escapes."""
    text = _encoder.encode(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"), default=_plain)
    return text


def _revive(found: dict[str, Any]) -> object:
    if len(found) != 1:
        return found
    ((tag, body),) = found.items()
    match tag:
        case "$t":
            return datetime.fromisoformat(body)
        case "$d":
            return date.fromisoformat(body)
        case "$p":
            return Address(*body)
        case "$k":
            return RecordKey(body[0], tuple(body[1]) if isinstance(body[1], list) else body[1])
        case "$a":
            return Attachment(*body)
        case "$r":
            return ItemRef(*body)
        case "$b":
            return bytes.fromhex(body)
        case _:
            return found


def _tuples(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_tuples(part) for part in value)
    if isinstance(value, dict):
        return {key: _tuples(part) for key, part in value.items()}
    return value


def decode(text: str) -> Any:
    """What `encode` was given; lists come back as tuples."""
    return _tuples(json.loads(text, object_hook=_revive))


def row_key(key: RecordKey) -> str:
    """A key as text, for a column: '17', or a JSON list for a key of several columns, or of text."""
    return str(key.value) if isinstance(key.value, int) else encode(key.value)


def key_of(entity: str, text: str) -> RecordKey:
    """The key that `row_key` wrote."""
    value = decode(text)
    return RecordKey(entity, value)
