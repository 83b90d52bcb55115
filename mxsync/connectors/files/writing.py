"""What a draft becomes in a file: a new one, or the given fields changed in one that is there."""

from __future__ import annotations

from datetime import datetime, tzinfo

from mxsync.connectors.files.layout import ENDING_OF_KIND, ending_of
from mxsync.errors import BadContent
from mxsync.extract.icalendar_edit import edit_calendar, new_calendar
from mxsync.extract.mime_edit import edit_mail, replace_attachment
from mxsync.extract.mime_write import new_mail
from mxsync.extract.note_text import edit_note
from mxsync.extract.vcard_edit import edit_contact, new_contact
from mxsync.model.item import Draft, Kind

_PLACED = frozenset(
    ("folder", "user", "size", "attachments", "created_on", "modified_on", "direction", "correspondents")
)
"""Fields that are not in a file, or not to be written: they say where the item lies, or are made of others."""


def new_content(draft: Draft, uid: str, now: datetime, zone: tzinfo) -> bytes:
    """The file of a new item. `uid` makes it the same file each time; `zone` is that of times which name none."""
    fields = {
        name: value for name, value in draft.fields.items() if name not in _PLACED and value not in (None, "", ())
    }
    match draft.kind:
        case Kind.MAIL | Kind.POST:
            return new_mail(draft.kind, fields, draft.custom, draft.item_class, uid=uid, now=now)
        case Kind.CONTACT:
            return new_contact(fields, draft.custom, draft.item_class, uid=uid, now=now)
        case _:
            return new_calendar(draft.kind, fields, draft.custom, draft.item_class, uid=uid, now=now, zone=zone)


def changed_content(href: str, raw: bytes, draft: Draft, zone: tzinfo, now: datetime) -> bytes:
    """The file with the fields of the draft changed. Raises `BadContent`."""
    fields = {name: value for name, value in draft.fields.items() if name not in _PLACED}
    match ending_of(href):
        case ".eml":
            return edit_mail(raw, fields, draft.custom, draft.item_class)
        case ".vcf":
            return edit_contact(raw, fields, draft.custom, draft.item_class, now=now)
        case ".ics":
            return edit_calendar(raw, fields, draft.custom, draft.item_class, zone=zone, now=now)
        case ".txt":
            return edit_note(raw, fields, draft.custom, draft.item_class)
        case ending:
            raise BadContent(f"files that end in `{ending}` are no items")


def with_shortcut(href: str, raw: bytes, part: str, link: str) -> bytes:
    """The mail with a shortcut in the place of an attachment. Raises `BadContent`."""
    if ending_of(href) != ENDING_OF_KIND[Kind.MAIL]:
        raise BadContent(f"`{href}` is no mail: only a mail's attachments are replaced")
    return replace_attachment(raw, part, link)
