"""A file of the store → an item, or the sentence that says why it is none."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from mxsync.connectors.files.layout import ending_of, folder_kind, is_link, split_href
from mxsync.connectors.files.limits import Limits
from mxsync.connectors.files.opening import open_regular, read_whole
from mxsync.connectors.files.stamps import now_ns, revision_of, stamp_of, times_of
from mxsync.errors import BadContent
from mxsync.extract.icalendar import read_calendar, read_calendar_attachment
from mxsync.extract.mime import is_draft, read_attachment, read_mail
from mxsync.extract.note_text import read_note
from mxsync.extract.parsed import Parsed
from mxsync.extract.vcard import read_contact, read_photo
from mxsync.model.item import PUBLIC, Address, Item, ItemRef, Unreadable, Value
from mxsync.model.values import value
from mxsync.ports.connector import Fetched

_ATTEMPTS = 3

Related = Callable[[str], "Address | None"]


@value(frozen=True, slots=True)
class Content:
    """The bytes of a file, with the revision and the stamp that go with them."""

    raw: bytes
    revision: str
    stamp: str
    modified: datetime


class TooLarge(BadContent):
    """A file beyond its limit. `revision` stands for content that was not read."""

    def __init__(self, sentence: str, revision: str) -> None:
        super().__init__(sentence)
        self.revision = revision


def read_content(path: Path, limits: Limits) -> Content:
    """Reads a file, again if it changed meanwhile. Raises `OSError`, and `TooLarge` beyond the limit."""
    name = path.name
    for attempt in range(_ATTEMPTS):
        descriptor, found = open_regular(path)
        try:
            before = times_of(name, found)
            limit = limits.of(ending_of(name))
            if before[2] > limit:
                raise TooLarge(
                    f"it is {before[2] / 1_000_000:.0f} MB, and {limit // 1_000_000} MB is the limit of an item",
                    f"size-{before[2]}",
                )
            raw = read_whole(descriptor, before[2])
            times = times_of(name, os.fstat(descriptor))
        finally:
            os.close(descriptor)
        if times == before and len(raw) == times[2]:
            break
        # Still being written: after the last attempt what was read counts, with a stamp that makes the next pass look.
        if attempt == _ATTEMPTS - 1:
            times = (name, times[1], len(raw), times[3], now_ns())
    now = now_ns()
    modified = datetime.fromtimestamp(times[1] // 1_000_000_000, UTC) if abs(times[1]) < 10**20 else datetime.now(UTC)
    return Content(raw, revision_of(raw), stamp_of(times, now), modified)


def read_item(ref: ItemRef, path: Path, limits: Limits, zone: tzinfo, related: Related) -> Fetched | Unreadable | None:
    """The item in a file; None where there is none any more, or a message that was never sent."""
    try:
        content = read_content(path, limits)
    except FileNotFoundError:
        return None
    except TooLarge as error:
        return Unreadable(ref, error.revision, f"`{ref.href}` was set aside: {error}")
    except OSError as error:
        reason = "it is a symbolic link" if is_link(path) else (error.strerror or str(error)).lower()
        return Unreadable(ref, "", f"`{ref.href}` cannot be read: {reason}")
    try:
        parsed = parse(ref, content, zone, related)
    except BadContent as error:
        return Unreadable(ref, content.revision, f"`{ref.href}` was set aside: {error}")
    if parsed is None:
        return None
    item = Item(
        parsed.kind,
        ref,
        content.revision,
        parsed.fields,
        parsed.headers,
        parsed.custom,
        parsed.item_class,
        parsed.notes,
    )
    return Fetched(item, content.stamp)


def parse(ref: ItemRef, content: Content, zone: tzinfo, related: Related) -> Parsed | None:
    """What the bytes say, read by the file's ending. Raises `BadContent`."""
    given: dict[str, Value] = {"folder": ref.folder, "modified_on": content.modified}
    if ref.mailbox != PUBLIC:
        given["user"] = Address("", ref.mailbox)
    match ending_of(ref.href):
        case ".eml":
            parsed = read_mail(content.raw, given)
            return None if is_draft(parsed.headers) else parsed
        case ".vcf":
            return read_contact(content.raw, zone, given)
        case ".ics":
            kind = folder_kind(ref.folder)
            return read_calendar(content.raw, zone, folder_kind=kind, related=related, given=given)
        case ".txt":
            return read_note(content.raw, given)
        case ending:
            raise BadContent(f"files that end in `{ending}` are no items")


def read_part(ref: ItemRef, path: Path, part: str, limits: Limits, zone: tzinfo) -> bytes:
    """The decoded bytes of an attachment. Raises `OSError` and `BadContent`."""
    raw = read_content(path, limits).raw
    match ending_of(split_href(ref.href)[1]):
        case ".eml":
            return read_attachment(raw, part)
        case ".vcf" if part == "photo":
            return read_photo(raw)
        case ".ics":
            return read_calendar_attachment(raw, part, zone)
        case _:
            raise BadContent(f"`{ref.href}` has no attachment `{part}`")
