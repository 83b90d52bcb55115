"""What no calendar can hold, said before a server is asked: some refuse it, and others keep what no program shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from mxsync.errors import BadContent
from mxsync.model.item import Kind


def check(kind: Kind, fields: Mapping[str, object]) -> None:
    """An appointment begins, and does not end before it begins (RFC 5545, 3.6.1). `fields` is all that it will say.
    Raises `BadContent`."""
    if kind is not Kind.APPOINTMENT:
        return
    start, end = fields.get("start"), fields.get("end")
    if start in (None, ""):
        raise BadContent("an appointment needs a start, and its record has none")
    if isinstance(start, date) and isinstance(end, date) and _moment(end) < _moment(start):
        raise BadContent(f"the appointment would end ({end:%Y-%m-%d %H:%M}) before it begins ({start:%Y-%m-%d %H:%M})")


def _moment(value: date) -> tuple[int, ...]:
    """Comparable with each other, whether they have a zone or not: of one record both are of one kind."""
    return value.utctimetuple()[:6] if isinstance(value, datetime) else value.timetuple()[:6]
