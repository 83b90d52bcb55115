"""The structure of a message: where its headers, parts and bodies lie in the bytes (RFC 5322, RFC 2045, RFC 2046).

One pass over the bytes for the whole tree; nothing is copied or decoded until it is asked for. Because each part knows
its place, the same structure serves reading and editing, and a part's number means the same to both.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from mxsync.extract.charsets import decode, is_known
from mxsync.extract.encoded_words import decode_words, parameters, unbase64

DEPTH_LIMIT: Final = 100
PART_LIMIT: Final = 10_000
HEADER_LIMIT: Final = 5_000
HEADER_BYTES_LIMIT: Final = 4_000_000

_FIELD: Final = re.compile(r"^([!-9;-~]{1,200})[ \t]*:[ \t]*([^\n]*(?:\n[ \t][^\n]*)*)", re.MULTILINE)
_JUNK: Final = re.compile(r"^(?![!-9;-~]{1,200}[ \t]*:|[ \t]|\r?$)", re.MULTILINE)
_FOLD: Final = re.compile(r"\r?\n[ \t]+")
_BLANK_LINE: Final = re.compile(rb"\n\r?\n")


class OverLimit(Exception):
    """A message whose structure is larger than any real one. The text is a sentence."""


class Headers(Mapping[str, tuple[str, ...]]):
    """Lower-case name to each of its values, unfolded; encoded words are decoded when a value is asked for."""

    __slots__ = ("_decoded", "_raw", "custom")

    def __init__(self, raw: dict[str, list[str]], custom: dict[str, str]) -> None:
        self._raw = raw
        self.custom = custom
        """The custom properties among them: the name in lower case to the name as it was written."""
        self._decoded: dict[str, tuple[str, ...]] = {}

    def __reduce__(self) -> tuple[type[Headers], tuple[dict[str, list[str]], dict[str, str]]]:
        """As `mxsync.model.item.Address`; what was decoded is decoded again where it is asked for."""
        return Headers, (self._raw, self.custom)

    def __getitem__(self, name: str) -> tuple[str, ...]:
        found = self._decoded.get(name)
        if found is None:
            found = self._decoded[name] = tuple(decode_words(unfold(value)) for value in self._raw[name])
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._raw

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)

    def first(self, name: str) -> str:
        """The first value as it was written, unfolded; '' without one."""
        values = self._raw.get(name)
        return unfold(values[0]) if values else ""

    def raw(self, name: str) -> list[str]:
        """Each value as it was written, still folded."""
        return self._raw.get(name, [])

    def every(self, name: str) -> tuple[str, ...]:
        """Each value as it was written, unfolded."""
        return tuple(unfold(value) for value in self._raw.get(name, ()))


def unfold(value: str) -> str:
    """A header's value on one line (RFC 5322, 2.2.3)."""
    return (_FOLD.sub(" ", value) if "\n" in value else value).strip()


@dataclass(slots=True)
class Part:
    """One part: its headers begin at `start`, its body at `body`, and it ends before `end` (bytes of the message).

    `number` counts as IMAP does (RFC 3501, 6.4.5): '1', '2.1'; a message without parts is '1'. `kind` is the content
    type in lower case, `ended` whether a multipart was closed by its last boundary, `within` the kind of the
    part that it is a part of, '' for the message.
    """

    number: str
    start: int
    body: int
    end: int
    headers: Headers
    kind: str = "text/plain"
    options: dict[str, str] = field(default_factory=dict)
    disposition: str = ""
    filename: str = ""
    within: str = ""
    children: list[Part] = field(default_factory=list)
    ended: bool = False
    junk: bool = False
    note: str = ""

    def content(self, raw: bytes) -> bytes:
        """The decoded bytes of the body. What the transfer encoding does not allow is passed over."""
        encoding = self.headers.first("content-transfer-encoding")
        if encoding.lower() == "base64":
            try:
                return binascii.a2b_base64(memoryview(raw)[self.body : self.end])  # no copy of what may be 100 MB
            except binascii.Error:
                pass
        return decode_transfer(raw[self.body : self.end], encoding)

    def text(self, raw: bytes) -> str:
        """The body as text, in the charset that it states, with `\\n` between lines."""
        text = decode(self.content(raw), self.options.get("charset", ""))
        return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def decode_transfer(body: bytes, encoding: str) -> bytes:
    """`body` without its content transfer encoding (RFC 2045, 6); an unknown encoding is taken as none."""
    match encoding.partition(";")[0].strip().lower():
        case "base64":
            return unbase64(body)
        case "quoted-printable":
            return binascii.a2b_qp(body)
        case "x-uuencode" | "uuencode" | "x-uue" | "uue":
            return _uudecode(body)
        case _:
            return body


def _uudecode(body: bytes) -> bytes:
    out: list[bytes] = []
    inside = False
    for line in body.splitlines():
        if not inside:
            inside = line.startswith(b"begin ")
        elif line.strip() in (b"end", b"`"):
            break
        else:
            try:
                out.append(binascii.a2b_uu(line))
            except binascii.Error:  # some encoders count wrongly: take what the length byte promises
                length = ((line[0] - 32) & 63) * 4 // 3 + 5 if line else 0
                try:
                    out.append(binascii.a2b_uu(line[:length]))
                except binascii.Error:
                    continue
    return b"".join(out)


def header_end(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header block that begins at `start` ends, and where the body begins."""
    if raw.startswith(b"\n", start) and start < end:
        return start, start + 1
    if raw.startswith(b"\r\n", start) and start < end:
        return start, start + 2
    match = _BLANK_LINE.search(raw, start, end)
    return (match.start() + 1, match.end()) if match is not None else (end, end)


def read_headers(block: bytes) -> tuple[Headers, bool]:
    """The headers of a block, and whether a line among them is none (passed over). Raises `OverLimit`."""
    if len(block) > HEADER_BYTES_LIMIT:
        raise OverLimit(f"its headers are larger than {HEADER_BYTES_LIMIT // 1_000_000} MB")
    text = block.decode("ascii") if block.isascii() else _mixed(block)
    if "\x00" in text:
        text = text.replace("\x00", "")
    pairs = _FIELD.findall(text)
    if len(pairs) > HEADER_LIMIT:
        raise OverLimit(f"it has more than {HEADER_LIMIT} headers")
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        key = name.lower()
        if key in found:
            found[key].append(value)
        else:
            found[key] = [value]
    custom: dict[str, str] = {}
    if "ustom-" in text or "USTOM-" in text:
        for name, _ in pairs:
            if name.lower().startswith("x-mxsync-custom-"):
                custom.setdefault(name.lower(), name)
    # Every line begins a header, goes one on, or is junk: counting is cheaper than searching.
    lines = text.count("\n") + (not text.endswith("\n") and text != "")
    folded = text.count("\n ") + text.count("\n\t")
    return Headers(found, custom), lines != folded + len(pairs) and _JUNK.search(text) is not None


def _mixed(block: bytes) -> str:
    """Headers with bytes beyond ASCII, each line as UTF-8 (RFC 6532) or else Windows-1252."""
    try:
        return block.decode("utf-8")
    except UnicodeDecodeError:
        return "\n".join(decode(line) for line in block.split(b"\n"))


@dataclass(frozen=True, slots=True)
class Described:
    """What a part's headers say of it. `note` is a sentence about what is odd, '' for nothing."""

    headers: Headers
    kind: str
    options: dict[str, str]
    disposition: str
    filename: str
    junk: bool
    note: str


def _describe(block: bytes) -> Described:
    headers, junk = read_headers(block)
    kind, options, disposition, filename = "", _NO_OPTIONS, "", ""
    written = headers.first("content-type")
    if written:
        kind, options = parameters(written)
        kind = kind if "/" in kind else "text/plain"
    written = headers.first("content-disposition")
    if written:
        disposition, found = parameters(written)
        filename = found.get("filename", "")
    charset = options.get("charset", "")
    note = ""
    if kind == "text/calendar":
        note = "it holds an invitation or another calendar part"
    elif charset and not is_known(charset):
        note = f"its charset `{charset[:40]}` is unknown and was guessed"
    return Described(headers, kind, options, disposition, filename or options.get("name", ""), junk, note)


_NO_OPTIONS: Final[dict[str, str]] = {}
_describe_again = lru_cache(maxsize=2048)(_describe)
"""The headers of parts are the same from mail to mail; those of a message are not."""


def _part(raw: bytes, number: str, start: int, end: int, parent: Part | None) -> Part:
    stop, body = header_end(raw, start, end)
    block = raw[start:stop]
    found = _describe_again(block) if parent is not None and stop - start < 300 else _describe(block)
    kind = found.kind
    if not kind:  # RFC 2046, 5.1.5
        kind = "message/rfc822" if parent is not None and parent.kind == "multipart/digest" else "text/plain"
    part = Part(number, start, body, end, found.headers, kind, found.options, found.disposition, found.filename)
    part.within = parent.kind if parent is not None else ""
    part.junk, part.note = found.junk, found.note
    return part


def read_parts(raw: bytes) -> Part:
    """The tree of parts of a message. Anything at all is a message: without a structure, it is one part of text.

    `raw` must have `\\n` line ends somewhere (see `mxsync.extract.mime.with_line_ends`). A message inside a message
    (message/rfc822) is a leaf. Raises `OverLimit` beyond the limits of this module.
    """
    size = len(raw)
    start = 0
    if raw.startswith((b"From ", b">From ")):  # the separator line of an mbox
        start = raw.find(b"\n") + 1
    elif raw.startswith(b"\xef\xbb\xbf"):
        start = 3
    root = _part(raw, "", start, size, None)
    if _boundary(root) is None:
        root.number = "1"
        return root
    _walk(raw, root)
    return root


def _boundary(part: Part) -> bytes | None:
    if not part.kind.startswith("multipart/"):
        return None
    text = part.options.get("boundary", "").rstrip()
    return text.encode("utf-8", "replace") if text else None


def _walk(raw: bytes, root: Part) -> None:
    """Finds every boundary line once, from the first byte to the last, with the stack of what is open."""
    stack: list[tuple[Part, bytes]] = []
    open_at: dict[bytes, int] = {}
    leaf: Part | None = None
    count = 0

    def enter(part: Part) -> None:
        boundary = _boundary(part)
        if boundary is None or boundary in open_at:
            return
        if len(stack) >= DEPTH_LIMIT:
            raise OverLimit(f"its parts are nested more than {DEPTH_LIMIT} deep")
        open_at[boundary] = len(stack)
        stack.append((part, boundary))

    def close(level: int, at: int) -> None:
        """What is open above `level` ends at `at`, the line break before a boundary."""
        if leaf is not None:
            leaf.end = max(leaf.body, at)
        for part, boundary in stack[level + 1 :]:
            part.end = max(part.body, at)
            del open_at[boundary]
        del stack[level + 1 :]

    enter(root)
    at = root.body - 1 if raw.startswith(b"--", root.body) else raw.find(b"\n--", root.body)
    while at >= 0 and stack:
        line_end = raw.find(b"\n", at + 1)
        line_end = len(raw) if line_end < 0 else line_end
        text = raw[at + 3 : min(line_end, at + 303)].rstrip(b" \t\r")
        closing = text not in open_at and text.endswith(b"--") and text[:-2] in open_at
        level = open_at.get(text[:-2] if closing else text, -1)
        if level >= 0:
            close(level, at - 1 if at > 0 and raw[at - 1] == 13 else at)
            leaf = None
            parent = stack[level][0]
            if closing:
                # What follows is the epilogue, of nobody.
                parent.ended = True
                del open_at[stack.pop()[1]]
                if stack:
                    leaf = None
            else:
                count += 1
                if count > PART_LIMIT:
                    raise OverLimit(f"it has more than {PART_LIMIT} parts")
                place = len(parent.children) + 1
                number = f"{parent.number}.{place}" if parent.number else str(place)
                begin = min(line_end + 1, len(raw))
                leaf = _part(raw, number, begin, _first_end(raw, begin), parent)
                leaf.end = parent.end
                parent.children.append(leaf)
                enter(leaf)
                # The next boundary may be the very next line: a part without header or body.
                line_end = begin - 1 if leaf.body == begin else leaf.body - 1
        at = raw.find(b"\n--", max(at + 1, line_end if line_end < len(raw) else at + 1))


def _first_end(raw: bytes, begin: int) -> int:
    """Headers of a part are looked for no further than a boundary-like line, so that none swallows its neighbour."""
    at = begin - 1 if raw.startswith(b"--", begin) else raw.find(b"\n--", begin, begin + HEADER_BYTES_LIMIT)
    return len(raw) if at < 0 else at + 1
