"""What the elements of a mail's HTML are to its reader: quotes by the marks of the program that wrote them, signatures,
and what is not shown at all.

Programs told by their marks: Gmail, Outlook (desktop, web, telephone), Apple Mail, Thunderbird, Roundcube, Yahoo,
Proton, Tutanota, Zimbra, Spark, and whatever uses `blockquote` with `type=cite`. What Lotus Notes, Windows Mail and QQ
write is told from its text (see `quotes`).
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from mxsync.extract.word_list import words

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


class Part(Enum):
    """What an element begins."""

    NOTHING = "nothing in particular"
    HIDDEN = "what no reader sees"
    QUOTE = "a quote, which ends with the element"
    ATTRIBUTION = "the line above a quote"
    QUOTE_TO_END = "a quote that goes on to the end of the mail"
    LEAD = "a quote's element in which only what stands before the quote itself is another's"
    SIGNATURE = "the author's signature"


_HIDDEN = re.compile(
    r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)"
    r"|max-height\s*:\s*0(?:px)?\s*(?:;|$)|font-size\s*:\s*0(?:px|pt)?\s*;.{0,80}line-height\s*:\s*0|line-height\s*:\s*0.{0,80}font-size\s*:\s*0(?:px|pt)?\s*(?:;|$)",
    re.IGNORECASE,
)
_OUTLOOK_RULE = re.compile(
    r"border-top\s*:\s*solid\s+#?\w{3,12}\s+[\d.]+pt|border-top\s*:\s*[\d.]+p[tx]\s+solid\s+#?\w{3,12}", re.IGNORECASE
)
_PADDED = re.compile(r"padding\s*:\s*3(?:\.0)?pt\s+0", re.IGNORECASE)
_INDENT_ONLY = re.compile(r"border\s*:\s*(?:none|0)", re.IGNORECASE)
_LABEL = re.compile(r"^[^\n:：]{1,40}[:：]")

_QUOTE_CLASSES = words(
    """
    moz-forward-container yahoo_quoted protonmail_quote tutanota_quote zmail_extra
    front-blockquote
    """
)
_ATTRIBUTION_CLASSES = words("gmail_attr moz-cite-prefix")
_LEAD_CLASSES = words("gmail_quote gmail_quote_container gmail_extra_quote")
_SIGNATURE_CLASSES = words(
    """
    gmail_signature moz-signature protonmail_signature_block-user tutanota_signature ms-outlook-mobile-signature
    """
)
_TO_END_IDS = words("divrplyfwdmsg appendonsend mail-editor-reference-message-container zwchr olk_src_body_section")
_ATTRIBUTION_IDS = words("reply-intro")
_QUOTE_IDS = words("yahoo_quoted ymail_quote mailcontainerbody_quote replyquote")
_SIGNATURE_IDS = words("signature x_signature applemailsignature composer_signature ms-outlook-mobile-signature")
_QUOTE_NAMES = words("messagereplysection quote")


def part_of(node: LexborNode, tag: str) -> Part:
    """What `node` begins. Looks at its attributes, and for an Outlook rule at its first words."""
    attributes = node.attributes
    if not attributes:  # as most have none
        return Part.QUOTE if tag == "blockquote" else Part.NOTHING
    style = (attributes.get("style") or "")[:500]
    if "hidden" in attributes or (style and _HIDDEN.search(style)):
        return Part.HIDDEN
    classes = _lower(attributes.get("class")).split()
    identity = _lower(attributes.get("id"))
    if tag == "blockquote":
        quoted = (
            _lower(attributes.get("type")) == "cite" or "cite" in attributes or any("quote" in name for name in classes)
        )
        return Part.NOTHING if _INDENT_ONLY.search(style) and not quoted else Part.QUOTE
    if tag in ("div", "hr", "span", "section", "table", "td"):
        if identity.removeprefix("x_").removeprefix("m_") in _TO_END_IDS:
            return Part.QUOTE_TO_END
        if identity in _QUOTE_IDS or identity.startswith(("yahoo_quoted", "yiv_quoted")):
            return Part.QUOTE
        if identity in _SIGNATURE_IDS or _lower(attributes.get("data-smartmail")) == "gmail_signature":
            return Part.SIGNATURE
        found = _by_class(classes)
        if found is not Part.NOTHING:
            return found
        if _lower(attributes.get("name")) in _QUOTE_NAMES:
            return Part.QUOTE
        if style and tag == "div" and _OUTLOOK_RULE.search(style) and _heads_a_message(node, style):
            return Part.QUOTE_TO_END
    elif identity in _ATTRIBUTION_IDS:
        return Part.ATTRIBUTION
    elif tag == "pre" and "moz-signature" in classes:
        return Part.SIGNATURE
    return Part.NOTHING


def _lower(value: str | None) -> str:
    return (value or "")[:200].strip().lower()


def _by_class(classes: list[str]) -> Part:
    for name in classes:
        plain = name.removeprefix("x_")
        if plain in _QUOTE_CLASSES:
            return Part.QUOTE
        if plain in _ATTRIBUTION_CLASSES:
            return Part.ATTRIBUTION
        if plain in _LEAD_CLASSES:
            return Part.LEAD
        if plain in _SIGNATURE_CLASSES:
            return Part.SIGNATURE
    return Part.NOTHING


def _heads_a_message(node: LexborNode, style: str) -> bool:
    """Whether the element below Outlook's line begins with a header in bold type ('From:', 'Von:' …)."""
    bold = node.css_first("b, strong")
    label = bold.text(deep=True).strip() if bold is not None else ""
    if label and len(label) <= 40 and label.endswith((":", "：")):
        return True
    text = node.text(deep=True).strip()[:200]
    return bool(_PADDED.search(style)) and bool(_LABEL.match(text)) and text.count(":") + text.count("：") >= 2


def begins_with_delimiter(node: LexborNode) -> bool:
    """Whether a signature's element brings its own '-- '."""
    return node.text(deep=True).lstrip()[:2] in ("--", "—", "__")


def holds_quote(node: LexborNode) -> bool:
    """Whether a `blockquote` is a child of the element: then an attribution stands in front of it."""
    child = node.first_child
    while child is not None:
        if child.tag == "blockquote":
            return True
        child = child.next
    return False


def is_tracker(node: LexborNode) -> bool:
    """Whether an image is too small to be seen."""
    sizes = [(node.attributes.get(name) or "").strip().removesuffix("px") for name in ("width", "height")]
    return any(size in ("0", "1") for size in sizes)
