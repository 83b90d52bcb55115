"""Which fields a form's designer or Outlook's user has added to an item: their definitions lie with the item.

Exchange answers a named property only to who names it. Outlook keeps the names beside the values, in
PidLidPropertyDefinitionStream (MS-OXPROPS 2.201); its structures are described in Microsoft's documentation of
Outlook's stream structures (PropertyDefinition, FieldDefinition, SkipBlock).
"""

from __future__ import annotations

import base64
import binascii
import struct
from typing import Final

from mxsync.connectors.ews.codecs import read_text
from mxsync.connectors.ews.properties import PSETID_COMMON, Extended
from mxsync.connectors.ews.wire import Element

DEFINITIONS: Final = Extended("Binary", set=PSETID_COMMON, number=0x8540)
"""PidLidPropertyDefinitionStream."""
_WITH_BLOCKS: Final = 0x0103
_CUSTOM: Final = 0x1
_TEXT: Final = 8
"""VT_BSTR. Fields of other types are properties of other types, and only texts are read and written."""


def read_user_fields(item: Element) -> tuple[str, ...]:
    """The names of an item's own text fields; none where it has none or where they are not understood."""
    try:
        return tuple(_names(base64.b64decode(read_text(DEFINITIONS.find(item)))))
    except (binascii.Error, struct.error, UnicodeDecodeError):
        return ()


def _names(stream: bytes) -> list[str]:
    if not stream:
        return []
    version, count = struct.unpack_from("<HI", stream)
    found, at = [], 6
    for _ in range(min(count, len(stream) // 20)):
        flags, kind, _dispatch, length = struct.unpack_from("<IHIH", stream, at)
        at += 12
        name = stream[at : at + 2 * length].decode("utf-16-le")
        at += 2 * length
        for _text in range(5):  # the name again, formula, rule of validation, its text, error
            at = _past_text(stream, at)
        if version == _WITH_BLOCKS:
            at = _past_blocks(stream, at + 4)  # after the internal type
        if flags & _CUSTOM and kind == _TEXT and name:
            found.append(name)
    return found


def _past_text(stream: bytes, at: int) -> int:
    (length,) = struct.unpack_from("<B", stream, at)
    if length < 0xFF:
        return at + 1 + int(length)
    (length,) = struct.unpack_from("<H", stream, at + 1)
    return at + 3 + int(length)


def _past_blocks(stream: bytes, at: int) -> int:
    while True:
        (size,) = struct.unpack_from("<I", stream, at)
        at += 4 + int(size)
        if not size:
            return at
