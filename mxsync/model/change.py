"""What a connector notices: items that appeared, were modified, or vanished, in pages with a cursor."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from mxsync.model.item import ItemRef, Kind, Revision
from mxsync.model.values import value

Cursor: TypeAlias = str
"""Opaque to everyone but the connector that made it; '' means from the beginning."""


@value(frozen=True, slots=True)
class Appeared:
    """An item that was not known before. `kind` is what is expected of it, `date` its own date where that could
    be had cheaply: both only order the work. `revision` is '' where it takes reading the item to know it."""

    ref: ItemRef
    revision: Revision
    kind: Kind
    date: datetime | None = None


@value(frozen=True, slots=True)
class Modified:
    """A known item whose content is another."""

    ref: ItemRef
    revision: Revision
    kind: Kind
    date: datetime | None = None


@value(frozen=True, slots=True)
class Vanished:
    """A known item that is gone: really deleted or moved away, never merely unreadable."""

    ref: ItemRef


Change: TypeAlias = Appeared | Modified | Vanished


@value(frozen=True, slots=True)
class FolderTrouble:
    """A folder, or a file in it, that could not be looked at; nothing below it counts as vanished."""

    mailbox: str
    folder: str
    href: str
    reason: str


@value(frozen=True, slots=True)
class ChangePage:
    """What happened since a cursor. `cursor` is to be stored with the work on `changes` done.

    `stamps` are (href, stamp) of known items whose content is the same though they were touched: only the stamp
    is to be renewed.
    """

    changes: tuple[Change, ...]
    cursor: Cursor
    trouble: tuple[FolderTrouble, ...] = ()
    stamps: tuple[tuple[str, str], ...] = ()
