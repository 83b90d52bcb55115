"""A resolved statement that has moved by some lines: the same meaning, other spans."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any, Final, TypeVar

from mxsync.lang.ir import Constant, Pattern
from mxsync.lang.source import Span

T = TypeVar("T")
_FIELDS: Final[dict[type, tuple[str, ...]]] = {}
_PLAIN: Final = frozenset({str, int, bool, float, frozenset, type(None), Constant, Pattern})


def moved(value: T, lines: int) -> T:
    """`value` with every span in it moved down by `lines`."""
    found: T = _moved(value, lines)
    return found


def _moved(value: Any, lines: int) -> Any:
    cls = value.__class__
    if cls in _PLAIN:
        return value
    if cls is Span:
        return Span(value.file, value.line + lines, value.column, value.end_line + lines, value.end_column)
    if cls is tuple:
        if not value or value[0].__class__ is Constant:
            return value  # a list's values, perhaps thousands
        if all(each.__class__ in _PLAIN for each in value):
            return value
        return tuple([_moved(each, lines) for each in value])
    names = _FIELDS.get(cls)
    if names is None:
        names = _FIELDS[cls] = tuple(each.name for each in fields(value)) if is_dataclass(value) else ()
    if not names:
        return value
    return cls(*[_moved(getattr(value, name), lines) for name in names])
