"""Words and values as they are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal as OneOf
from typing import TypeAlias

from mxsync.lang.source import Span


@dataclass(frozen=True, slots=True)
class Name:
    """A word: of an entity, a list, a sync, a field."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text, its quotes taken off and doubled quotes undone. `long` for three quotes.
    Templates (`{path}`) are still inside; the checker reads them where a text becomes a value."""

    text: str
    long: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Number:
    value: int | float
    span: Span


@dataclass(frozen=True, slots=True)
class Size:
    """`5 MB`, in bytes (1 KB = 1024 bytes); `written` is how it stands in the file."""

    bytes: int
    written: str
    span: Span


@dataclass(frozen=True, slots=True)
class Duration:
    """`2 days`. `unit` is the singular: minute hour day week month year."""

    count: int
    unit: str
    span: Span


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, or a date and time (in the organisation's zone)."""

    value: date | datetime
    span: Span


@dataclass(frozen=True, slots=True)
class Boolean:
    value: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Regex:
    """`/…/`, without its slashes."""

    pattern: str
    span: Span


@dataclass(frozen=True, slots=True)
class Path:
    """`sender.domain`, `custom.'A NAME'`, `header.List-Id`, or a single word: a field, a capture, an entity."""

    parts: tuple[Name, ...]
    span: Span

    @property
    def text(self) -> str:
        return ".".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Sum:
    """`now + 2 days`, `start - 14 days`; `base` None is `now`; `sign` 0 without an offset."""

    base: Path | None
    sign: OneOf[-1, 0, 1]
    offset: Duration | None
    span: Span


Literal: TypeAlias = Text | Number | Size | Duration | Moment | Boolean
Value: TypeAlias = Literal | Path | Sum


@dataclass(frozen=True, slots=True)
class Values:
    """`('a', 'b')`."""

    items: tuple[Value, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Assign:
    """`F = V`."""

    path: Path
    value: Value
    span: Span
