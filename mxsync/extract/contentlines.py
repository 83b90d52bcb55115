"""Content lines: what vCard (RFC 2425, RFC 6350) and iCalendar (RFC 5545) files are made of.

A file is kept as its physical lines. A content line knows which of them it spans, so that an edit replaces just those
and every other byte stays as it was, also what nobody here understands. Reads all versions: backslash escapes, caret
escapes of parameters (RFC 6868), bare parameters and quoted-printable of vCard 2.1.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from mxsync.extract.charsets import decode
from mxsync.extract.encoded_words import unbase64

LINE_LIMIT: Final = 200_000
"""Content lines of a file, at most: beyond that it is no single item."""

_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "N": "\n", "t": "\t", "r": ""}
_CARET: Final = re.compile(r"\^([n'^])")
_CARETS: Final = {"n": "\n", "'": '"', "^": "^"}
_NAME: Final = re.compile(r"[A-Za-z0-9_.%-]{1,200}\Z")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(slots=True)
class ContentLine:
    """`group.NAME;PARAM=value:value`. `name` is in upper case, the names of parameters too; their values are in order.

    `value` is the raw text behind the colon, unfolded, still escaped. `first` and `last` are its physical lines
    (`last` is not included).
    """

    name: str
    params: dict[str, list[str]]
    value: str
    first: int
    last: int
    group: str = ""
    head: str = ""

    def param(self, name: str) -> str:
        """The first value of a parameter, '' without one."""
        values = self.params.get(name)
        return values[0] if values else ""

    def types(self) -> frozenset[str]:
        """TYPE values in lower case, and those of vCard 2.1 that stand without a name."""
        return frozenset(word.strip().lower() for value in self.params.get("TYPE", ()) for word in value.split(","))

    def binary(self) -> bytes:
        """The bytes of a value in base64."""
        return unbase64(self.value.encode("utf-8", "replace"))


@dataclass(slots=True)
class Lines:
    """A file as physical lines (each with its own line end) and the content lines among them."""

    physical: list[str]
    content: list[ContentLine]
    newline: str
    junk: int = 0
    edits: list[tuple[int, int, list[str]]] = field(default_factory=list)

    def replace(self, line: ContentLine, texts: Iterable[str]) -> None:
        """Puts new content lines (unfolded, without a line end) in the place of one; none takes it away."""
        self.edits.append((line.first, line.last, [fold(text, self.newline) for text in texts]))

    def insert(self, at: int, texts: Iterable[str]) -> None:
        """New content lines before physical line `at`."""
        self.edits.append((at, at, [fold(text, self.newline) for text in texts]))

    def render(self) -> str:
        """The file with all edits made."""
        lines = list(self.physical)
        order = sorted(range(len(self.edits)), key=lambda index: (*self.edits[index][:2], index), reverse=True)
        for first, last, texts in (self.edits[index] for index in order):
            if first and texts and not lines[first - 1].endswith("\n"):
                lines[first - 1] += self.newline
            lines[first:last] = texts
        return "".join(lines)


def read_lines(text: str) -> Lines:
    """The content lines of `text`. Lines that are none are counted as `junk` and kept. Never raises."""
    physical = _physical(text)
    newline = "\r\n" if physical and physical[0].endswith("\r\n") else "\n"
    quoted = "QUOTED-PRINTABLE" in text.upper()
    content: list[ContentLine] = []
    junk = 0
    index, size = 0, len(physical)
    while index < size and len(content) < LINE_LIMIT:
        first = index
        head = physical[index].rstrip("\r\n")
        pieces = [head]
        index += 1
        if quoted and "QUOTED-PRINTABLE" in head.upper() and ":" in head:  # vCard 2.1 breaks such lines with a final =
            while pieces[-1].endswith("=") and index < size and not physical[index].upper().startswith("END:"):
                pieces[-1] = pieces[-1][:-1]
                piece = physical[index].rstrip("\r\n")
                pieces.append(piece[1:] if piece.startswith(("\t", " ")) else piece)
                index += 1
        while index < size and physical[index][:1] in (" ", "\t") and physical[index].strip():
            pieces.append(physical[index].rstrip("\r\n")[1:])
            index += 1
        joined = "".join(pieces) if len(pieces) > 1 else head
        line = _parse(joined, first, index) if joined.strip() else None
        if line is not None:
            content.append(line)
        elif joined.strip():
            junk += 1
    return Lines(physical, content, newline, junk)


def _physical(text: str) -> list[str]:
    """Lines with their ends. Only CRLF, LF and CR end one: str.splitlines knows others, which are text here."""
    if "\r" in text and "\n" not in text:
        text = text.replace("\r", "\n")
    lines = text.split("\n")
    tail = lines.pop()
    return [line + "\n" for line in lines] + ([tail] if tail else [])


def _parse(text: str, first: int, last: int) -> ContentLine | None:
    colon = _colon(text)
    if colon < 0:
        return None
    head, value = text[:colon], text[colon + 1 :]
    name, semicolon, rest = head.partition(";")
    name = name.strip()
    if not _NAME.match(name):
        return None
    group, _, bare = name.rpartition(".")
    params = _params(rest) if semicolon else {}
    line = ContentLine(bare.upper(), params, value, first, last, group, head)
    if params and line.param("ENCODING").upper() == "QUOTED-PRINTABLE":
        raw = binascii.a2b_qp(value.encode("utf-8", "surrogateescape"))
        line.value = decode(raw, line.param("CHARSET")).replace("\r\n", "\n")
    else:
        line.value = _clean(value, line.param("CHARSET"))
    return line


def _clean(text: str, charset: str = "") -> str:
    """`text` with the bytes that were no UTF-8 decoded at last, and without NUL."""
    if text.isascii():
        return text.replace("\x00", "") if "\x00" in text else text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        try:
            return decode(text.encode("utf-8", "surrogateescape"), charset)
        except UnicodeEncodeError:  # lone surrogates of UTF-16
            return decode(text.encode("utf-8", "replace"))
    return text.replace("\x00", "")


def _colon(text: str) -> int:
    """The colon between head and value: the first outside of quotes; the first at all where a quote never closes."""
    colon = text.find(":")
    quote = text.find('"')
    if quote < 0 or quote > colon:
        return colon
    inside = False
    for match in re.finditer('[":]', text):
        if match.group() == '"':
            inside = not inside
        elif not inside:
            return match.start()
    return colon


def _params(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    text = _clean(text)
    for piece in _split_quoted(text, ";"):
        name, equals, value = piece.partition("=")
        name = name.strip().upper()
        if not equals:  # vCard 2.1: TEL;WORK;VOICE, PHOTO;BASE64
            if name in ("QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT"):
                found.setdefault("ENCODING", []).append(name)
            elif name:
                found.setdefault("TYPE", []).append(name)
            continue
        values = [_unquoted(part) for part in _split_quoted(value, ",")]
        found.setdefault(name, []).extend(values)
    return found


def _split_quoted(text: str, separator: str) -> Iterator[str]:
    if '"' not in text:
        yield from text.split(separator)
        return
    current: list[str] = []
    for index, piece in enumerate(text.split('"')):
        if index % 2:
            current.append(f'"{piece}"')
            continue
        first, *others = piece.split(separator)
        current.append(first)
        for other in others:
            yield "".join(current)
            current = [other]
    yield "".join(current)


def _unquoted(value: str) -> str:
    text = value.strip().strip('"')
    return _CARET.sub(lambda match: _CARETS[match[1]], text) if "^" in text else text


def unescape(value: str) -> str:
    """TEXT without its backslash escapes (RFC 5545, 3.3.11; RFC 6350, 3.4)."""
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), value) if "\\" in value else value


def escape(text: str, extra: str = "") -> str:
    """TEXT with its escapes; `extra` are further characters to escape (`;` in a structured value is escaped anyway)."""
    clean = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    out = clean.replace("\\", "\\\\").replace("\n", "\\n").replace(",", "\\,").replace(";", "\\;")
    for character in extra:
        out = out.replace(character, "\\" + character)
    return out


def split_escaped(value: str, separator: str) -> list[str]:
    """The parts between separators that no backslash stands before; each part is still escaped."""
    if "\\" not in value:
        return value.split(separator)
    parts: list[str] = []
    current: list[str] = []
    for piece in value.split(separator):
        current.append(piece)
        slashes = len(piece) - len(piece.rstrip("\\"))
        if slashes % 2 == 0:
            parts.append(separator.join(current))
            current = []
    if current:
        parts.append(separator.join(current))
    return parts


def param_value(text: str) -> str:
    """A parameter's value as it is written: caret-escaped (RFC 6868), in quotes where it needs them."""
    clean = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    clean = clean.replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    return f'"{clean}"' if any(character in clean for character in ":;, ") else clean


def fold(text: str, newline: str) -> str:
    """One content line as physical lines of at most 75 bytes of UTF-8 (RFC 5545, 3.1), with its line end."""
    if "\n" in text:  # broken already, as quoted-printable is
        return text.replace("\n", newline) + newline
    if len(text) <= 74 and text.isascii():
        return text + newline
    out: list[str] = []
    current: list[str] = []
    size = 0
    for character in text:
        width = len(character.encode("utf-8", "replace"))
        if size + width > 74:
            out.append("".join(current))
            current, size = [" "], 1
        current.append(character)
        size += width
    out.append("".join(current))
    return newline.join(out) + newline
