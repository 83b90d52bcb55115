"""A statement that has moved by some lines, as a tree or resolved: the same meaning, other spans."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from operator import attrgetter
from typing import Any, Final, TypeAlias, TypeVar

from mxsync.lang.ir import Constant, Pattern
from mxsync.lang.source import Span

T = TypeVar("T")
_Mover: TypeAlias = Callable[[Any, int], Any]


def moved(value: T, lines: int) -> T:
    """`value` with every span in it moved down by `lines`."""
    found: T = _moved(value, lines)
    return found


def _moved(value: Any, lines: int) -> Any:
    cls = value.__class__
    mover = _MOVERS.get(cls)
    if mover is None:
        mover = _MOVERS[cls] = _mover(cls)
    return mover(value, lines)


def _same(value: Any, lines: int) -> Any:
    return value


def _span(span: Span, lines: int) -> Span:
    return Span(span.file, span.line + lines, span.column, span.end_line + lines, span.end_column)


def _tuple(values: tuple[Any, ...], lines: int) -> tuple[Any, ...]:
    if not values or values[0].__class__ is Constant:
        return values  # a list's values, perhaps thousands, stand nowhere
    return tuple([_moved(each, lines) for each in values])


_PLAIN: Final = ("str", "int", "bool", "float", "OneOf[", "tuple[str, ", "frozenset[", "Quantifier", "Root", "Type")
"""What the annotations of fields without a span begin with."""


def _mover(cls: type) -> _Mover:
    """How values of a class are moved; worked out once a class. Only fields that may hold a span are looked into."""
    if not is_dataclass(cls):
        return _same
    every = fields(cls)
    inner = [n for n, each in enumerate(every) if not str(each.type).startswith(_PLAIN)]
    if not inner:
        return _same
    names = [each.name for each in every]
    make: Callable[..., Any] = cls
    if len(names) == 1:
        only = attrgetter(names[0])
        return lambda value, lines: make(_moved(only(value), lines))
    read = attrgetter(*names)

    def move(value: Any, lines: int) -> Any:
        parts = list(read(value))
        for n in inner:
            part = parts[n]
            if part is not None:
                parts[n] = _moved(part, lines)
        return make(*parts)

    return move


_MOVERS: Final[dict[type, _Mover]] = {Span: _span, tuple: _tuple, Constant: _same, Pattern: _same}
