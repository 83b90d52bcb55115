"""Elements of Exchange Web Services: made, found and parsed. Namespaces are those of MS-OXWSCDATA."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from lxml import etree

from mxsync.errors import ProtocolViolation, Unavailable

Element: TypeAlias = Any
"""An element of lxml, which has no types of its own."""

T: Final = "http://schemas.microsoft.com/exchange/services/2006/types"
M: Final = "http://schemas.microsoft.com/exchange/services/2006/messages"
S: Final = "http://schemas.xmlsoap.org/soap/envelope/"
E: Final = "http://schemas.microsoft.com/exchange/services/2006/errors"
NS: Final = {"t": T, "m": M, "s": S, "e": E}

# XML 1.0, 2.2: what a document cannot hold, not even as a reference. Exchange writes such references all the same.
_ODD: Final = {code: " " for code in range(32) if code not in (9, 10, 13)} | dict.fromkeys(
    (*range(0xD800, 0xE000), 0xFFFE, 0xFFFF), chr(0xFFFD)
)


_FORGIVEN: Final = frozenset((etree.ErrorTypes.ERR_INVALID_CHAR, etree.ErrorTypes.ERR_INVALID_ENCODING))


def clean(text: str) -> str:
    """`text` without the characters that XML cannot hold."""
    return text.translate(_ODD)


def t(name: str, text: str | None = None, /, *children: Element, **attributes: str) -> Element:
    """An element of the types' namespace."""
    return _make(T, name, text, children, attributes)


def m(name: str, text: str | None = None, /, *children: Element, **attributes: str) -> Element:
    """An element of the messages' namespace."""
    return _make(M, name, text, children, attributes)


def _make(
    space: str, name: str, text: str | None, children: tuple[Element, ...], attributes: dict[str, str]
) -> Element:
    element = etree.Element(f"{{{space}}}{name}", {key: clean(value) for key, value in attributes.items()}, nsmap=NS)
    element.text = clean(text) if text is not None else None
    element.extend(children)
    return element


def local(element: Element) -> str:
    """An element's name without its namespace; '' for a comment."""
    return str(etree.QName(element).localname) if isinstance(element.tag, str) else ""


def text_of(element: Element | None, path: str, default: str = "") -> str:
    """The text of the first element at `path` ('t:Name/t:EmailAddress')."""
    if element is None:
        return default
    found = element.findtext(path, default, NS)
    return str(found) if found else default


def is_yes(text: str | None) -> bool:
    """A Boolean of XML Schema, which has two words for each value."""
    return (text or "").strip().lower() in ("true", "1")


def parse(raw: bytes) -> Element:
    """An answer. Characters that XML does not allow are dropped (Exchange lets them through); a document type, with
    which entities come, is refused, and so is whatever else is damaged: a list that broke off is not a shorter list.
    Raises `ProtocolViolation`, and `Unavailable` where it broke off."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, recover=True, huge_tree=True,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise ProtocolViolation("the Exchange server answered something that is no XML")
    if root.getroottree().docinfo.doctype:
        raise ProtocolViolation("the Exchange server's answer holds a document type, and such answers are refused")
    if any(error.type not in _FORGIVEN for error in parser.error_log):
        raise Unavailable("the Exchange server's answer broke off or is damaged", 5.0)
    return root
