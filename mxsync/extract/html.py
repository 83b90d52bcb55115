"""HTML of a mail → the text a reader would see: blocks on lines of their own, quotes marked, scripts and styles gone.

selectolax (lexbor) builds the tree; the walk is one pass without recursion, so that nesting cannot exhaust the stack.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

INPUT_LIMIT = 2_000_000
"""Characters of HTML that are read; what comes after is left out."""

QUOTE_DEPTH_LIMIT = 20
"""Deeper quotes are marked like this one."""

_DROPPED = frozenset(
    "script style head title meta link template noscript svg math object iframe audio video canvas select textarea button map"
    .split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6"
    " header hr html legend li main nav ol p pre section table tbody tfoot thead tr ul caption summary".split()
)
_SPACED = frozenset("p h1 h2 h3 h4 h5 h6 blockquote pre ul ol table dl".split())
_CELLS = frozenset(("td", "th"))
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden", re.IGNORECASE)
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0xFEFF, 0x00AD, 0x2060, 0x034F))  # zero-width padding of newsletters


def to_text(html: str) -> str:
    """The text of an HTML body. Quoted parts (`blockquote`, and what Outlook and Gmail mark as one) begin with '> '.

    A link whose text is not its own address is followed by it in angle brackets. Linear in the input, of which the
    first `INPUT_LIMIT` characters are read. Never raises: what cannot be parsed as HTML gives its text as it stands.
    """
    if not html or html.isspace():
        return ""
    from selectolax.lexbor import LexborHTMLParser

    source = html[:INPUT_LIMIT].replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    root = LexborHTMLParser(source).root
    page = _Page()
    if root is not None:
        _walk(root, page)
    return page.text()


def _walk(root: LexborNode, page: _Page) -> None:
    """Depth first, entering and leaving each element; `None` as the way to leave is a stack entry of its own."""
    stack: list[tuple[LexborNode, bool]] = [(root, False)]
    preformatted = 0
    while stack:
        node, leaving = stack.pop()
        tag = node.tag or ""
        if leaving:
            preformatted -= tag == "pre"
            page.leave(tag, _is_quote(node, tag), node.attributes.get("href") if tag == "a" else None)
            continue
        if tag == "-text":
            page.write(node.text_content or "", preformatted > 0)
            continue
        if tag in _DROPPED or tag.startswith(("-", "!")) and tag != "-document" or _is_hidden(node):
            continue
        preformatted += tag == "pre"
        page.enter(tag, _is_quote(node, tag), node)
        stack.append((node, True))
        children: list[tuple[LexborNode, bool]] = []
        child = node.first_child
        while child is not None:
            children.append((child, False))
            child = child.next
        stack.extend(reversed(children))


def _is_hidden(node: LexborNode) -> bool:
    style = node.attributes.get("style") if node.attributes else None
    return bool(style and _HIDDEN.search(style[:500])) or "hidden" in node.attributes


def _is_quote(node: LexborNode, tag: str) -> bool:
    # Gmail wraps header and quote in a div.gmail_quote whose inner blockquote carries the quote itself.
    return tag == "blockquote"


class _Page:
    """Lines as they are written, with the depth of quoting of each."""

    def __init__(self) -> None:
        self._lines: list[tuple[int, str]] = []
        self._line: list[str] = []
        self._depth = 0
        self._links: list[int] = []

    def enter(self, tag: str, quote: bool, node: LexborNode) -> None:
        if tag in _BLOCKS:
            self._break(tag in _SPACED)
        self._depth += quote
        match tag:
            case "br":
                self._end_line()
            case "li":
                self._line.append("- ")
            case "hr":
                self._line.append("_" * 32)
            case "img":
                alternative = (node.attributes.get("alt") or "").strip()
                if alternative and len(alternative) <= 100:
                    self.write(alternative, False)
            case "a":
                self._links.append(len(self._line))

    def leave(self, tag: str, quote: bool, target: str | None) -> None:
        if tag in _BLOCKS:
            self._break(tag in _SPACED)
        self._depth -= quote
        if tag in _CELLS and self._line and not self._line[-1].endswith(" "):
            self._line.append(" ")
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
        if text.startswith(" ") and (not self._line or self._line[-1].endswith(" ")):
            text = text[1:]
        if text:
            self._line.append(text)

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
        bare = target.split(":", 1)[1].lstrip("/").rstrip("/")
        compact = shown.replace(" ", "").rstrip("/")
        if shown and bare.partition("?")[0] not in compact and compact not in bare.split("/")[0]:
            self._line.append(f" <{target}>")

    def _break(self, spaced: bool) -> None:
        if "".join(self._line).strip():
            self._end_line()
        self._line.clear()
        if spaced and self._lines and self._lines[-1][1].strip():
            self._lines.append((self._depth, ""))

    def _end_line(self) -> None:
        self._lines.append((self._depth, "".join(self._line).rstrip()))
        self._line.clear()
        self._links = [0] * len(self._links)
