"""Normal forms of values on one side, and when values on two sides say the same.

A side has changed when its form is another than the form that it had when both last agreed. Each side is compared with
itself: whatever a table rounds or cuts, whatever a server rewrites, it is no change the next time it is read. Across
sides values are compared by `same`, which knows what is only spelled otherwise.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any, TypeAlias

from mxsync.model.item import Address, Attachment
from mxsync.model.record import RecordKey, RecordValue

Form: TypeAlias = Any
"""JSON-ready: None for nothing, a text, or a list of texts for a list."""
Speller: TypeAlias = Callable[[str], str]
"""A text to its one spelling (a phone number to E.164)."""

_LONGEST = 160
_YES = frozenset({"yes", "true", "1", "-1"})


def clean_text(text: str) -> str:
    """A text as both sides mean it: composed letters (NFC), line feeds alone, no blanks at its end."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text.rstrip()


def is_empty(value: RecordValue) -> bool:
    """Whether a value says nothing: missing, an empty text, an empty list."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, tuple):
        return all(map(is_empty, value))
    return isinstance(value, Address) and not value.name and not value.address


def form_of(value: RecordValue) -> Form:
    """The form of a value, to be remembered. Long texts are remembered by their digest."""
    if value is None:
        return None
    if type(value) is str:  # nearly always, and asked of each field several times
        if len(value) <= _LONGEST and value.isascii() and value and not value[-1].isspace() and "\r" not in value:
            return value  # it is its own form
        return _text(value) if value and not value.isspace() else None
    if is_empty(value):
        return None
    if isinstance(value, tuple):
        return [_scalar(each) for each in value if not is_empty(each)]
    return _scalar(value)


def _text(value: str) -> str:
    text = clean_text(value)
    if len(text) <= _LONGEST:
        return text
    return f"sha256:{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()}"


def _scalar(value: Any) -> str:
    match value:
        case str():
            return _text(value)
        case bool():
            return "yes" if value else "no"
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case datetime():
            moment = value.astimezone(UTC) if value.tzinfo else value
            return moment.replace(microsecond=0, tzinfo=None).isoformat(" ") + ("Z" if value.tzinfo else "")
        case date():
            return value.isoformat()
        case Address():
            return f"{value.name} <{value.address}>" + (f" {value.answer}" if value.answer else "")
        case Attachment():
            return f"{value.name} {value.sha256}"
        case RecordKey():
            return f"{value.entity} {value.value}"
        case _:
            return str(value)


def element_key(value: Any) -> str:
    """What makes two elements of a list the same: case does not."""
    if isinstance(value, Address):
        return (value.address or value.name).casefold()
    return _scalar(value).casefold()


def same(one: RecordValue, other: RecordValue, spell: Speller | None = None) -> bool:
    """Whether values on two sides say the same: `no` and nothing, 5 and '5', a day and its midnight, a phone number in
    another spelling, a list in another order."""
    if one is None and other is None:
        return True
    if type(one) is str and one == other:
        return True
    if isinstance(one, tuple) or isinstance(other, tuple):
        return _elements(one, spell) == _elements(other, spell)
    if isinstance(one, bool) or isinstance(other, bool):
        return _truth(one) is _truth(other)
    if is_empty(one) or is_empty(other):
        return is_empty(one) and is_empty(other)
    if isinstance(one, date) and isinstance(other, date):
        return _same_time(one, other)
    if isinstance(one, Address) or isinstance(other, Address):
        return element_key(one) == element_key(other)
    left, right = _scalar(one), _scalar(other)
    if left == right:
        return True
    if spell is not None and isinstance(one, str) and isinstance(other, str):
        return spell(clean_text(one)) == spell(clean_text(other))
    if isinstance(one, int | float) != isinstance(other, int | float):
        return _number(left) is not None and _number(left) == _number(right)
    return False


def _elements(value: RecordValue, spell: Speller | None) -> frozenset[str]:
    values = value if isinstance(value, tuple) else (value,)
    keys = (element_key(each) for each in values if not is_empty(each))
    return frozenset(spell(key) if spell is not None else key for key in keys)


def _truth(value: RecordValue) -> bool:
    if isinstance(value, str):
        return value.strip().casefold() in _YES
    return bool(value)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _same_time(one: date, other: date) -> bool:
    if isinstance(one, datetime) and isinstance(other, datetime):
        return _scalar(one) == _scalar(other)
    if not isinstance(one, datetime) and not isinstance(other, datetime):
        return one == other
    moment, day = (one, other) if isinstance(one, datetime) else (other, one)
    assert isinstance(moment, datetime)
    return moment.date() == day and moment.timetz().replace(tzinfo=None) == time()
