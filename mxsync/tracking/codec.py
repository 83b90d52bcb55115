"""Values to JSON and back, without loss: people, moments, days, references, lists."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from math import isfinite
from typing import Any, Final

import orjson

from mxsync.model.item import Address, Attachment, ItemRef
from mxsync.model.record import Planned, RecordKey


def _planned(value: Planned) -> object:
    raise TypeError("a planned key cannot be remembered")


_FORMS: Final[Mapping[type, Callable[[Any], object]]] = {
    datetime: lambda value: {"$t": value.isoformat()},
    date: lambda value: {"$d": value.isoformat()},
    Address: lambda value: {
        "$p": (value.name, value.address, value.answer) if value.answer else (value.name, value.address)
    },
    RecordKey: lambda value: {"$k": (value.entity, value.value)},
    Planned: _planned,
    Attachment: lambda value: {
        "$a": (value.part, value.name, value.content_type, value.size, value.sha256, value.inline, value.link)
    },
    ItemRef: lambda value: {"$r": (value.mailbox, value.folder, value.href)},
    bytes: lambda value: {"$b": value.hex()},
    set: sorted,
    frozenset: sorted,
}


def _plain(value: object) -> object:
    form = _FORMS.get(type(value))
    if form is not None:
        return form(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


_OPTIONS: Final = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME


def encode(value: object) -> str:
    """JSON of a value of the model, or of lists and mappings of them. Lone surrogates are written as escapes. Raises
    `TypeError` for what has no form."""
    try:
        found = orjson.dumps(value, _plain, _OPTIONS)
    except TypeError:  # a lone surrogate, a number of more than 64 bits, a key that is no text, or no form at all
        return json.dumps(value, separators=(",", ":"), default=_plain)
    if b"null" in found and _boundless(value):  # orjson writes null for them, and they would be lost
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return found.decode()


def _boundless(value: Any) -> bool:
    """Whether an infinite number, or what is no number, is among these."""
    if isinstance(value, float):
        return not isfinite(value)
    if not isinstance(value, tuple | list):
        if not isinstance(value, Mapping):
            return False
        value = value.values()
    for each in value:  # noqa: SIM110 - a generator costs more than a row's many short lists do
        if each is not None and type(each) is not str and _boundless(each):
            return True
    return False


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
