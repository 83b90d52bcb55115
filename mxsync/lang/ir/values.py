"""Values that a rule computes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from mxsync.lang.ir.types import Path
from mxsync.model.item import Scalar


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal. A size is its bytes, a moment has the organisation's zone already."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Offset:
    """`base` None is now. `count` carries the sign; `unit`: minute hour day week month year, '' without an offset.
    Months and years keep the day where it exists, else the month's last."""

    base: Path | None
    count: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Hole:
    """`{path}` or `{path:%Y}` in a text."""

    path: Path
    format: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A text with holes, in order."""

    parts: tuple[str | Hole, ...]


@dataclass(frozen=True, slots=True)
class TheUser:
    """`user` as a value: the mailbox's user, as a record or an address as the place demands."""


Expr: TypeAlias = Constant | Path | Offset | Template | TheUser
