"""HTML of a mail → the text a reader would see: blocks on lines of their own, quotes marked, scripts and styles gone.

selectolax (lexbor) builds the tree; the walk is one pass without recursion, so that nesting cannot exhaust the stack.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from mxsync.extract.html_structure import Part, begins_with_delimiter, holds_quote, is_tracker, part_of
from mxsync.extract.word_list import words

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

INPUT_LIMIT = 2_000_000
"""Characters of HTML that are read; what comes after is left out."""

QUOTE_DEPTH_LIMIT = 20
"""Deeper quotes are marked like this one."""

_DROPPED = words(
    """
    script style head title meta link template noscript svg math object iframe audio video canvas select
    textarea button map
    """
)
_BLOCKS = words(
    """
    address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section table tbody tfoot thead tr ul
    caption summary
    """
)
_SPACED = words(
    """
    p h1 h2 h3 h4 h5 h6 blockquote pre ul ol table dl
    """
)
_CELLS = frozenset(("td", "th"))
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_LINE_TAGS = _BLOCKS | {"br"}
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:]{0,40})[^<>]*+>?|<!--.*?(?:-->|\Z)|<![^<>]*+>?", re.DOTALL)
_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>?|\Z)", re.DOTALL | re.IGNORECASE)
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0xFEFF, 0x00AD, 0x2060, 0x034F))  # zero-width padding of newsletters


def to_text(html: str) -> str:
    """The text of an HTML body. Quoted parts (`blockquote`) begin with '> '.

    A link whose text is not its own address is followed by it in angle brackets. Linear in the input, of which the
    first `INPUT_LIMIT` characters are read; markup nested deeper than any mail program writes it is read
    without its structure.
    Never raises: what is no HTML gives its text as it stands.
    """
    if not html or html.isspace():
        return ""
    from selectolax.lexbor import LexborHTMLParser

    from mxsync.extract.html_nesting import too_deep

    source = html[:INPUT_LIMIT].replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    page = _Page()
    if too_deep(source):
        page.write_all(_without_tags(source))
        return page.text()
    root = LexborHTMLParser(source).root
    if root is not None:
        _walk(root, page)
    return page.text()


def _without_tags(source: str) -> str:
    """What stands between the tags, for markup that is nested too deep for a tree."""
    bare = _SCRIPT.sub(" ", source)
    return unescape(_TAG.sub(_line_or_space, bare))


def _line_or_space(tag: re.Match[str]) -> str:
    return "\n" if (tag.group(1) or "").lower() in _LINE_TAGS else " "


def _walk(root: LexborNode, page: _Page) -> None:
    """Depth first, entering and leaving each element; the way to leave is a stack entry of its own, which carries what
    the element was."""
    stack: list[tuple[LexborNode, Part | None]] = [(root, None)]
    preformatted = 0
    while stack:
        node, left = stack.pop()
        tag = node.tag or ""
        if left is not None:
            preformatted -= tag == "pre"
            page.leave(tag, left, node.attributes.get("href") if tag == "a" else None)
            continue
        if tag == "-text":
            page.write(node.text_content or "", preformatted > 0)
            continue
        if tag in _DROPPED or (tag.startswith(("-", "!")) and tag != "-document"):
            continue
        part = Part.NOTHING if tag == "-document" else part_of(node, tag)
        if part is Part.HIDDEN:
            continue
        preformatted += tag == "pre"
        part = page.enter(tag, part, node)
        stack.append((node, part))
        children: list[tuple[LexborNode, Part | None]] = []
        child = node.first_child
        while child is not None:
            children.append((child, None))
            child = child.next
        stack.extend(reversed(children))


class _Page:
    """Lines as they are written, with the depth of quoting of each."""

    def __init__(self) -> None:
        self._lines: list[tuple[int, str]] = []
        self._line: list[str] = []
        self._depth = 0
        self._to_end = 0  # the line at which a quote to the end began
        self._leads: list[bool] = []  # quotes of which the attribution is being read
        self._links: list[int] = []

    def enter(self, tag: str, part: Part, node: LexborNode) -> Part:
        """Begins an element; the part that it turns out to be, where it stands."""
        if tag in _BLOCKS:
            self._break(tag in _SPACED)
        if tag == "blockquote" and self._leads and self._leads[-1]:
            self._leads[-1] = False
            self._depth -= 1
        match part:
            case Part.LEAD if not holds_quote(node):
                part = Part.QUOTE  # Gmail's forward: all of it is another's
            case Part.LEAD:
                self._leads.append(True)
                self._depth += 1
            case Part.ATTRIBUTION:
                part = Part.QUOTE if self._depth == 0 else Part.NOTHING
            case Part.QUOTE_TO_END:
                self._quote_to_end()
            case Part.SIGNATURE if self._depth == 0 and not begins_with_delimiter(node):
                self._delimit()
            case _:
                pass
        self._depth += part is Part.QUOTE
        match tag:
            case "br":
                self._end_line()
            case "li":
                self._line.append("- ")
            case "hr":
                self._line.append("_" * 32)
            case "img":
                alternative = (node.attributes.get("alt") or "").strip()
                if alternative and len(alternative) <= 100 and not is_tracker(node):
                    self.write(alternative, False)
            case "a":
                self._links.append(len(self._line))
        return part

    def leave(self, tag: str, part: Part, target: str | None) -> None:
        quoted = int(part is Part.QUOTE or (part is Part.LEAD and self._leads.pop()))
        if tag in _BLOCKS:
            self._break(False)
        self._depth -= quoted  # so that the empty line after a quote is not part of it
        if tag in _BLOCKS:
            self._break(tag in _SPACED)
        if tag in _CELLS and "".join(self._line).strip():
            self._line.append("\t")  # as what is copied from a table has it: cells are seldom one phrase
        if tag == "a" and self._links:
            shown = "".join(self._line[self._links.pop() :]).strip()
            self._add_target(shown, (target or "").strip())

    def write(self, text: str, preformatted: bool) -> None:
        text = text.replace("\u00a0", " ").translate(_INVISIBLE)
        if preformatted:
            first, *rest = text.replace("\r\n", "\n").split("\n")
            self._line.append(first)
            for line in rest:
                self._end_line()
                self._line.append(line)
            return
        text = _SPACE.sub(" ", text)
        if text.startswith(" ") and (not self._line or self._line[-1].endswith((" ", "\t"))):
            text = text[1:]
        if text:
            self._line.append(text)

    def write_all(self, text: str) -> None:
        """Lines as they are, with the space in each drawn together."""
        for line in text.split("\n"):
            self.write(line, False)
            self._break(False)

    def text(self) -> str:
        self._break(False)
        kept: list[str] = []
        for depth, line in self._lines:
            marked = ("> " * min(depth, QUOTE_DEPTH_LIMIT) + line).rstrip()
            if marked.strip("> ") or (kept and kept[-1].strip("> ")):  # one empty line at a time, none at the start
                kept.append(marked)
        while kept and not kept[-1].strip("> "):
            kept.pop()
        return "\n".join(kept)

    def _add_target(self, shown: str, target: str) -> None:
        if not target.lower().startswith(("http://", "https://", "mailto:", "tel:")) or len(target) > 2_000:
            return
        if target.lower().startswith("tel:") and sum(letter.isdigit() for letter in shown) >= 6:
            return
        bare = target.split(":", 1)[1].lstrip("/").rstrip("/")
        compact = shown.replace(" ", "").rstrip("/")
        if shown and bare.partition("?")[0] not in compact and compact not in bare.split("/")[0]:
            self._line.append(f" <{target}>")

    def _quote_to_end(self) -> None:
        """Marks all that follows, and the line drawn above it; once for the several elements with which some programs
        begin a quote."""
        self._break(True)
        said = [line for _, line in self._lines[self._to_end :] if line.strip(" _")]
        if self._to_end and not said:
            return
        self._depth += 1  # and never back
        for place in range(len(self._lines) - 1, max(-1, len(self._lines) - 4), -1):
            if self._lines[place][1].strip("_ "):
                break
            if self._lines[place][1].strip():
                self._lines[place] = (self._depth, self._lines[place][1])
        self._to_end = max(1, len(self._lines))

    def _delimit(self) -> None:
        """The delimiter of RFC 3676 above a signature that the program has marked otherwise."""
        self._break(True)
        last = next((line.strip() for _, line in reversed(self._lines[-3:]) if line.strip()), "")
        if last != "--":
            self._lines.append((0, "-- "))

    def _break(self, spaced: bool) -> None:
        if "".join(self._line).strip():
            self._end_line()
        self._line.clear()
        if spaced and self._lines:
            depth, last = self._lines[-1]
            if last.strip():
                self._lines.append((self._depth, ""))
            elif self._depth < depth:
                self._lines[-1] = (self._depth, "")

    def _end_line(self) -> None:
        self._lines.append((self._depth, "".join(self._line).rstrip()))
        self._line.clear()
        self._links = [0] * len(self._links)
