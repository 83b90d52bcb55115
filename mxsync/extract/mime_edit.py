"""Edits of a mail in its bytes: headers set or taken away, an attachment replaced by a shortcut; the rest stays.

Every byte that is not part of the edited header or attachment is as it was, the line ends of the edited ones follow
those of the file. A digital signature over a replaced attachment does not hold any more, as it should.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from mxsync.errors import BadContent
from mxsync.extract.component_edit import word_list, written
from mxsync.extract.encoded_words import encode_phrase, encode_words
from mxsync.extract.mime_attachments import LINK_HEADER
from mxsync.extract.mime_message import FLAG_HEADER, Mail, leaves
from mxsync.extract.mime_parts import Part, header_end
from mxsync.extract.parsed import property_name
from mxsync.model.item import Value

_SENSITIVITY: Final = {"personal": "Personal", "private": "Private", "confidential": "Company-Confidential"}
_FOLD_AT: Final = 76
EDITABLE: Final = frozenset(("categories", "sensitivity", "importance", "read", "flag", "flagged", "subject", "class"))
"""Fields of a mail that can be changed once it is sent."""


def edit_mail(raw: bytes, fields: Mapping[str, Value], custom: Mapping[str, Value], item_class: str) -> bytes:
    """The mail with the given fields changed, all of them headers. Raises `BadContent` for a field that cannot be."""
    fixed = sorted(fields.keys() - EDITABLE)
    if fixed:
        raise BadContent(f"a mail's {' and '.join(f'`{name}`' for name in fixed)} cannot be changed")
    mail = Mail(raw)
    headers: dict[str, str] = {}
    if "categories" in fields:
        headers["Keywords"] = ", ".join(encode_phrase(word) for word in word_list(fields["categories"]))
    if "sensitivity" in fields:
        headers["Sensitivity"] = _SENSITIVITY.get(str(fields["sensitivity"] or "").lower(), "")
    if "importance" in fields:
        importance = str(fields["importance"] or "normal").lower()
        headers["Importance"] = "" if importance == "normal" else importance
        headers["X-Priority"] = headers["X-MSMail-Priority"] = headers["Priority"] = ""
    if "subject" in fields:
        headers["Subject"] = encode_words(str(fields["subject"] or ""))
    if "read" in fields:
        headers["Status"] = _letters(mail.headers.first("status"), "R", bool(fields["read"]))
    if "flag" in fields or "flagged" in fields:
        text = str(fields.get("flag") or ("flagged" if fields.get("flagged") else ""))
        headers["X-Status"] = _letters(mail.headers.first("x-status"), "F", bool(text))
        headers["X-Message-Flag"] = "" if text == "flagged" else encode_words(text)
    mozilla = _mozilla(mail, fields)
    if mozilla:
        headers["X-Mozilla-Status"] = mozilla
    if item_class or fields.get("class"):
        headers["X-Mxsync-Class"] = encode_words(item_class or str(fields["class"]))
    for name, value in custom.items():
        headers[f"X-Mxsync-Custom-{property_name(name)}"] = encode_words(written(value))
    return set_headers(raw, headers)


def _letters(present: str, letter: str, wanted: bool) -> str:
    """Status letters with one of them set or not; R comes before O by custom."""
    rest = "".join(character for character in present if character.isalpha() and character != letter)
    return letter + rest if wanted else rest


def _mozilla(mail: Mail, fields: Mapping[str, Value]) -> str:
    """X-Mozilla-Status with its bits for read (1) and marked (4), where the file has that header."""
    present = mail.headers.first("x-mozilla-status")
    if not re.fullmatch(r"[0-9A-Fa-f]{4}", present):
        return ""
    bits = int(present, 16)
    if "read" in fields:
        bits = bits | 1 if fields["read"] else bits & ~1
    if "flag" in fields or "flagged" in fields:
        bits = bits | 4 if fields.get("flag") or fields.get("flagged") else bits & ~4
    return f"{bits:04x}"


def set_headers(raw: bytes, headers: Mapping[str, str]) -> bytes:
    """Each header with its value, already encoded: in the place of the first of that name, else after the last header;
    '' takes it away. Others of that name go."""
    if b"\n" not in raw and b"\r" in raw:
        return set_headers(raw.replace(b"\r", b"\n"), headers).replace(b"\n", b"\r")
    start = raw.find(b"\n") + 1 if raw.startswith((b"From ", b">From ")) else 3 if raw[:3] == b"\xef\xbb\xbf" else 0
    stop, _ = header_end(raw, start, len(raw))
    block = raw[start:stop]
    newline = b"\r\n" if b"\r\n" in block else b"\n"
    if block and not block.endswith(b"\n"):
        block += newline
    for name, value in headers.items():
        block = _set(block, name, value, newline)
    return raw[:start] + block + raw[stop:]


def _set(block: bytes, name: str, value: str, newline: bytes) -> bytes:
    line = fold_header(name, value).encode("utf-8", "replace").replace(b"\n", newline) + newline if value else b""
    pattern = re.compile(
        rb"^" + re.escape(name.encode("ascii", "replace")) + rb"[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*",
        re.IGNORECASE | re.MULTILINE,
    )
    first = True

    def put(match: re.Match[bytes]) -> bytes:
        nonlocal first
        if not first:
            return b""
        first = False
        return match.group() if _same(match.group(), line) else line

    block = pattern.sub(put, block)
    return block if not first else block + line


def _same(one: bytes, other: bytes) -> bool:
    """Whether two header fields differ in nothing but their folding."""
    return bool(other) and one.partition(b":")[2].split() == other.partition(b":")[2].split()


def fold_header(name: str, value: str) -> str:
    """`Name: value`, folded at spaces where it is long, with `\\n` between lines and none at the end."""
    clean = " ".join(value.replace("\x00", "").split())
    lines: list[str] = []
    current = f"{name}:"
    for word in clean.split(" "):
        if len(current) + 1 + len(word) > _FOLD_AT and current.strip() and current != f"{name}:":
            lines.append(current)
            current = ""
        current = f"{current} {word}"
    lines.append(current)
    return "\n".join(lines)


def replace_attachment(raw: bytes, number: str, link: str) -> bytes:
    """The mail with a shortcut to `link` where attachment `number` was.

    The shortcut is a part of type text/uri-list (RFC 2483) whose name is the attachment's with `.txt` behind it: so
    every mail program shows it and opens it as text; `X-Mxsync-Link` says the same for mxsync. (message/external-body,
    RFC 2017, is shown by hardly any program.) Raises `BadContent` where there is no such attachment.
    """
    mail = Mail(raw)
    part = next((found for found in leaves(mail.root) if found.number == number), None)
    if part is None or part not in mail.attached():
        raise BadContent(f"it has no attachment `{number}`")
    target = "".join(character for character in link if character > " " or character == " ").strip()
    if part.headers.first(LINK_HEADER):
        present = part.headers[LINK_HEADER][0]
        if present == target:
            return raw
    name = next(found.name for found in mail.attachments() if found.part == number)
    headers = {
        "Content-Type": f"text/uri-list; charset=utf-8; {_parameter('name', name)}",
        "Content-Transfer-Encoding": "8bit",
        "Content-Disposition": f"attachment; {_parameter('filename', name)}",
        "X-Mxsync-Link": encode_words(target),
    }
    if part is mail.root:
        _, body = header_end(mail.raw, part.start, len(mail.raw))
        kept = mail.raw[:body] if mail.raw[body - 1 : body] == b"\n" else mail.raw[:body] + b"\n\n"
        return set_headers(kept + target.encode() + b"\r\n", headers)
    newline = "\r\n" if b"\r\n" in mail.raw[part.start : part.end] or b"\r\n" in mail.raw[:1000] else "\n"
    text = "\n".join(fold_header(key, value) for key, value in headers.items()) + f"\n\n{target}"
    return mail.raw[: part.start] + text.replace("\n", newline).encode() + mail.raw[_end(part) :]


def _end(part: Part) -> int:
    return max(part.end, part.start)


def _parameter(key: str, name: str) -> str:
    """A file name as a parameter: quoted, or by RFC 2231 where it is not ASCII."""
    shown = "".join(character for character in name if character >= " " and character != "\x7f")[:200] + ".txt"
    if shown.isascii():
        escaped = shown.replace("\\", "\\\\").replace('"', '\\"')
        return f'{key}="{escaped}"'
    return f"{key}*=utf-8''{quote(shown, safe='')}"


__all__ = ["EDITABLE", "FLAG_HEADER", "edit_mail", "fold_header", "replace_attachment", "set_headers"]
