"""A first look at a new or touched file: its revision where that is compared, what it probably is, and its own date, to
order the work."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, tzinfo
from typing import Final

from mxsync.connectors.files.layout import expected_kind, folder_kind
from mxsync.connectors.files.limits import Limits
from mxsync.connectors.files.opening import open_regular, read_whole
from mxsync.connectors.files.stamps import revision_of
from mxsync.extract.calendar_values import parse_date_or_time
from mxsync.extract.mail_dates import parse_date
from mxsync.model.item import Kind
from mxsync.model.values import value

_HEAD: Final = 32_768
_PIECE: Final = 4_096
"""Bytes that most mails' headers are shorter than."""
_DATE: Final = re.compile(rb"^date[ \t]*:[ \t]*([^\r\n]{1,100})", re.MULTILINE)
_START: Final = re.compile(rb"^(?:DTSTART|DUE)(?:;[^:\r\n]{0,200})?:([0-9TZtz]{8,16})", re.MULTILINE)
_ITEM: Final = re.compile(rb"^BEGIN:V(EVENT|TODO|JOURNAL)", re.IGNORECASE | re.MULTILINE)
_DRAFT: Final = re.compile(
    rb"^(?:x-unsent[ \t]*:[ \t]*[^0\s]|x-mozilla-draft-info[ \t]*:)", re.IGNORECASE | re.MULTILINE
)
_POST: Final = re.compile(rb"^x-mxsync-class[ \t]*:[ \t]*ipm\.post\b", re.IGNORECASE | re.MULTILINE)


@value(frozen=True, slots=True)
class Look:
    """`revision` is '' for a new file, which is read as a whole later on. `draft`: a message that was never sent, which
    is no item."""

    revision: str
    kind: Kind
    date: datetime | None
    draft: bool = False


def look_at(path: str, folder: str, ending: str, size: int, limits: Limits, zone: tzinfo, *, new: bool) -> Look:
    """Reads the file once; of a `new` mail the beginning: there is nothing to compare it with. One beyond the limit
    is not read: its size stands for its content. Raises `OSError`."""
    kind = expected_kind(folder, ending)
    if size > limits.of(ending):
        return Look(f"size-{size}", kind, None)
    descriptor, found = open_regular(path)
    try:
        content = _beginning(descriptor) if new and ending == ".eml" else read_whole(descriptor, found.st_size)
    finally:
        os.close(descriptor)
    revision = "" if new else revision_of(content)
    match ending:
        case ".eml":
            head = _head(content)
            odd = b"\nx-" in head  # most of a mailbox's first look is this search: expressions only where they may find
            kind = Kind.POST if odd and _POST.search(head) else Kind.MAIL
            match_ = _DATE.search(head, max(0, head.find(b"\ndate")))
            written = content[match_.start(1) - 1 : match_.end(1) - 1] if match_ is not None else b""
            date = parse_date(written.decode("ascii", "replace")) if written else None
            return Look(revision, kind, date, odd and _DRAFT.search(head) is not None)
        case ".ics":
            return Look(revision, *_calendar(content, folder, zone))
        case _:
            return Look(revision, kind, None)


def _beginning(descriptor: int) -> bytes:
    """The headers of a mail, and no more of it than that takes; or as much as is looked at for them."""
    content = os.read(descriptor, _PIECE)
    if len(content) == _PIECE and b"\n\r\n" not in content and b"\n\n" not in content:
        content += os.read(descriptor, _HEAD - _PIECE)
    return content


def _head(content: bytes) -> bytes:
    """The headers of a mail in lower case, with a line end before the first."""
    blank = content.find(b"\n\r\n", 0, _HEAD)
    blank = blank if blank >= 0 else _HEAD
    bare = content.find(b"\n\n", 0, blank)  # no further: in a body of many lines this search is dear
    return b"\n" + content[: bare if bare >= 0 else blank].lower()


def _calendar(content: bytes, folder: str, zone: tzinfo) -> tuple[Kind, datetime | None]:
    begin = _ITEM.search(content)
    if begin is None:
        return expected_kind(folder, ".ics"), None
    start = _START.search(content, begin.start())
    found = parse_date_or_time(start[1].decode("ascii")) if start is not None else None
    date: datetime | None = None
    if isinstance(found, datetime):
        date = found if found.tzinfo is not None else found.replace(tzinfo=zone)
    elif found is not None:
        date = datetime(found.year, found.month, found.day, tzinfo=UTC)
    match begin[1].upper():
        case b"EVENT":
            return Kind.APPOINTMENT, date
        case b"TODO":
            return Kind.TASK, date
        case _:
            place = folder_kind(folder)
            if place in (Kind.NOTE, Kind.JOURNAL):
                return place, date
            return (Kind.JOURNAL if start is not None else Kind.NOTE), date
