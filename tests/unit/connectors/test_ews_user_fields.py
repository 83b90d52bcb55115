"""The names of an item's own fields, out of the definitions that Outlook keeps with it."""

from __future__ import annotations

import base64
import struct

import pytest

from mxsync.connectors.ews.user_fields import DEFINITIONS, read_user_fields
from mxsync.connectors.ews.wire import Element, t

# The stream of one text field that Microsoft's documentation of the structure dumps byte by byte.
SAMPLE = bytes.fromhex(
    "030101000000450000000800000000000A00540065007800740046006900650"
    "06C00640031000A546578744669656C6431000000000000000015000000"
    "0A54006500780074004600690065006C006400310000000000"
)


def item(stream: bytes | str) -> Element:
    text = stream if isinstance(stream, str) else base64.b64encode(stream).decode()
    return t("Contact", None, DEFINITIONS.make(text))


def field(name: str, *, flags: int = 0x45, kind: int = 8, formula: bytes = b"\x00", version: int = 0x0103) -> bytes:
    wide = name.encode("utf-16-le")
    found = (
        struct.pack("<IHIH", flags, kind, 0, len(name)) + wide + bytes([len(name)]) + name.encode("ascii", "replace")
    )
    found += formula + bytes(3)
    return found + (struct.pack("<III", 0, 2, 0)[:8] + b"\x00\x00" + bytes(4) if version == 0x0103 else b"")


def test_the_documented_stream() -> None:
    assert read_user_fields(item(SAMPLE)) == ("TextField1",)


@pytest.mark.parametrize("version", [0x0102, 0x0103])
def test_texts_are_named_and_other_types_and_settings_of_outlooks_own_fields_are_not(version: int) -> None:
    fields = [
        field("SerialNo", version=version),
        field("Price", kind=5, version=version),
        field("Subject", flags=0x40, version=version),
        field("Größe", formula=b"\xff" + struct.pack("<H", 300) + b"x" * 300, version=version),
    ]
    stream = struct.pack("<HI", version, len(fields)) + b"".join(fields)
    assert read_user_fields(item(stream)) == ("SerialNo", "Größe")


@pytest.mark.parametrize(
    "broken", ["", "no base64!", b"\x03", SAMPLE[:40], struct.pack("<HI", 0x0103, 2**32 - 1) + bytes(60)]
)
def test_what_is_not_understood_names_none(broken: bytes | str) -> None:
    assert read_user_fields(item(broken)) == ()
    assert read_user_fields(t("Contact")) == ()
