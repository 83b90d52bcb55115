"""BEGIN and END: the components of a card or calendar file, as they are nested (RFC 5545, 3.6; RFC 6350, 3.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from mxsync.errors import BadContent
from mxsync.extract.contentlines import ContentLine, Lines, read_lines

DEPTH_LIMIT: Final = 20


@dataclass(slots=True)
class Component:
    """One component: its name in upper case, its own lines, and the components inside it. `first` and `last` are the
    physical lines of its BEGIN and its END."""

    name: str
    first: int
    last: int = -1
    lines: list[ContentLine] = field(default_factory=list)
    children: list[Component] = field(default_factory=list)
    _firsts: dict[str, ContentLine] | None = field(default=None, repr=False, compare=False)

    def every(self, name: str) -> Iterator[ContentLine]:
        return (line for line in self.lines if line.name == name)

    def first_of(self, *names: str) -> ContentLine | None:
        """The first line of the first of the names that there is."""
        firsts = self._firsts
        if firsts is None:  # a card is asked for thirty names; its lines stay as they were read
            firsts = self._firsts = {}
            for line in self.lines:
                firsts.setdefault(line.name, line)
        for name in names:
            if name in firsts:
                return firsts[name]
        return None

    def within(self, *names: str) -> list[Component]:
        return [child for child in self.children if child.name in names]


@dataclass(slots=True)
class ComponentFile:
    """A file's lines and its outermost components."""

    lines: Lines
    components: list[Component]
    charset: str = "utf-8"
    bom: bool = False

    def render(self) -> bytes:
        """The bytes of the file with the edits made to its lines; every other byte is as it was read."""
        text = self.lines.render()
        if self.charset == "utf-8":
            return (b"\xef\xbb\xbf" if self.bom else b"") + text.encode("utf-8", "surrogateescape")
        return ("\ufeff" + text).encode(self.charset, "surrogatepass")


def read_components(raw: bytes) -> ComponentFile:
    """The components of a file in UTF-8, UTF-16 with a mark, or (line by line) another charset.

    Raises `BadContent` where BEGIN and END do not pair: the file is half-written or none of these.
    """
    text, charset, bom = _text(raw)
    lines = read_lines(text)
    top: list[Component] = []
    stack: list[Component] = []
    for line in lines.content:
        if line.name == "BEGIN":
            component = Component(line.value.strip().upper(), line.first)
            (stack[-1].children if stack else top).append(component)
            stack.append(component)
            if len(stack) > DEPTH_LIMIT:
                raise BadContent(f"its components are nested more than {DEPTH_LIMIT} deep")
        elif line.name == "END":
            name = line.value.strip().upper()
            if not stack or stack[-1].name != name:
                expected = f"`END:{stack[-1].name}`" if stack else "a BEGIN before it"
                raise BadContent(f"line {line.first + 1} says `END:{name[:40]}` where {expected} was expected")
            stack.pop().last = line.first
        elif stack:
            stack[-1].lines.append(line)
    if stack:
        raise BadContent(f"`BEGIN:{stack[-1].name[:40]}` in line {stack[-1].first + 1} has no END: the file breaks off")
    if not top:
        raise BadContent("it has no BEGIN and END")
    return ComponentFile(lines, top, charset, bom)


def _text(raw: bytes) -> tuple[str, str, bool]:
    """Text, the encoding to write it back in, and whether a byte order mark stood before it. Bytes that are no UTF-8
    are kept as lone surrogates (PEP 383), so that they can be written back; `read_lines` takes them out of values."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) and len(raw) % 2 == 0:
        codec = "utf-16-le" if raw.startswith(b"\xff\xfe") else "utf-16-be"
        return raw[2:].decode(codec, "surrogatepass"), codec, True
    bom = raw.startswith(b"\xef\xbb\xbf")
    return raw[3 if bom else 0 :].decode("utf-8", "surrogateescape"), "utf-8", bom
