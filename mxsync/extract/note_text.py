"""A note that is a plain text file: its first line is the subject, all of it the body."""

from __future__ import annotations

from collections.abc import Mapping

from mxsync.errors import BadContent
from mxsync.extract.charsets import decode
from mxsync.extract.parsed import CLASS_OF_KIND, Parsed
from mxsync.model.item import Kind, Value

_NOTHING: Mapping[str, Value] = {
    "categories": (),
    "sensitivity": "normal",
    "importance": "normal",
    "flag": "",
    "flagged": False,
    "attachments": (),
    "color": "",
}


def read_note(raw: bytes, given: Mapping[str, Value] | None = None) -> Parsed:
    """The note in a text file of any charset."""
    charset = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ""
    body = decode(raw, charset).replace("\r\n", "\n").replace("\r", "\n")
    subject = next((line.strip() for line in body.split("\n") if line.strip()), "")[:500]
    kind_class = CLASS_OF_KIND[Kind.NOTE]
    fields = {**_NOTHING, **(given or {}), "size": len(raw), "subject": subject, "body": body, "class": kind_class}
    return Parsed(Kind.NOTE, fields)


def edit_note(raw: bytes, fields: Mapping[str, Value], custom: Mapping[str, Value], item_class: str) -> bytes:
    """The text with another body or first line. Raises `BadContent` for what a text file has no place for."""
    fixed = sorted(name for name in fields.keys() - {"subject", "body"} if fields[name])
    if fixed or custom or item_class:
        what = fixed[0] if fixed else "class" if item_class else "custom"
        raise BadContent(f"a note in a text file has no place for `{what}`: keep it as a calendar file (VJOURNAL)")
    parsed = read_note(raw)
    body = str(fields["body"] or "") if "body" in fields else str(parsed.fields["body"])
    subject = str(fields.get("subject") or "").strip()
    if subject and subject != next((line.strip() for line in body.split("\n") if line.strip()), "")[:500]:
        rest = body.split("\n")
        if "body" in fields:
            rest.insert(0, subject)
        else:
            place = next((index for index, line in enumerate(rest) if line.strip()), 0)
            rest[place] = subject
        body = "\n".join(rest)
    newline = "\r\n" if b"\r\n" in raw else "\n"
    return body.replace("\n", newline).encode("utf-8", "replace")
