"""A guard in front of the HTML parser: how deep the markup nests, at most.

Building a tree as HTML prescribes it (WHATWG HTML, 13.2.6) costs the square of the nesting, and a few hundred
formatting elements
left open are built again in every paragraph that follows. A hostile mail can ask for hours and gigabytes that way.
This estimate is linear and never too low, so that such a mail can be read without its structure.
"""

from __future__ import annotations

import re

from mxsync.extract.word_list import words

DEPTH_LIMIT = 500
WORK_LIMIT = 500_000
"""Depth times elements: about the number of nodes that a parser may be made to build."""

# Every '<' followed by a letter counts as an element, even inside an attribute or a comment. An end tag counts only
# if it is
# written plainly, closes the element opened last, and cannot stand inside a comment, a raw text or an attribute.
_TOKEN = re.compile(r"<!--|<(/?)([a-zA-Z][a-zA-Z0-9:]{0,40})")
_PLAIN_START = re.compile(r"""(?:[^<>"'=`]*+(?:=\s*+(?:"[^"<]*+"|'[^'<]*+'|[^\s"'<>=`]++))?+)*+>""", re.ASCII)
_VOID = words(
    """
    area base br col embed hr img input link meta param source track wbr
    """
)
_IMPLIED_END = words(
    """
    p li dd dt tr td th tbody thead tfoot option html head body
    """
)
_RAW_TEXT = words(
    """
    script style title textarea noscript xmp iframe noembed noframes
    """
)


def too_deep(html: str) -> bool:
    """Whether a parser could be made to work beyond the limits. Linear in the length of `html`."""
    open_elements: list[str] = []
    elements = deepest = certain_from = 0
    trusted = True
    for token in _TOKEN.finditer(html):
        closing, name = token.group(1), (token.group(2) or "").lower()
        at = token.start()
        if not name:
            if at >= certain_from:
                end = html.find("-->", at + 2)
                certain_from = end + 3 if end >= 0 else len(html)
        elif closing:
            plain = html[token.end() : token.end() + 1] == ">"
            if trusted and plain and at >= certain_from and open_elements and open_elements[-1] == name:
                open_elements.pop()
        else:
            elements += 1
            if name not in _VOID and name not in _IMPLIED_END:
                open_elements.append(name)
                deepest = max(deepest, len(open_elements))
                if deepest > DEPTH_LIMIT or deepest * elements > WORK_LIMIT:
                    return True
            if at >= certain_from:
                start_tag = _PLAIN_START.match(html, token.end())
                if start_tag is None:
                    trusted = False  # what follows may stand inside an attribute
                elif name in _RAW_TEXT:
                    certain_from = _end_of_raw_text(html, start_tag.end(), name)
    return deepest * elements > WORK_LIMIT


def _end_of_raw_text(html: str, start: int, name: str) -> int:
    """Where the end tag of a raw text stands, from which end tags may be believed again; the end if there is none."""
    end = re.compile(f"</{name}(?=[\\s/>])", re.IGNORECASE).search(html, start)
    return end.start() if end else len(html)
