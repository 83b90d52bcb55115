"""Bytes in any charset, rightly or wrongly labelled → text. Never raises."""

from __future__ import annotations

import codecs
from functools import lru_cache
from typing import Final

# Labels seen in mail that Python does not know, or that are in truth a larger charset (WHATWG Encoding, 4.2).
_ALIASES: Final = {
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "x-windows-949": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "big5": "big5hkscs",
    "x-big5": "big5hkscs",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
}
# They say nothing of the bytes, or what the bytes are is to be found out.
_UNKNOWN: Final = frozenset(
    ("", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "unknown", "binary", "8bit", "utf-8", "utf8")
)
# Text encodings of Python that are no charsets of mail; two of them take quadratic time on hostile input.
_REFUSED: Final = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})


@lru_cache(maxsize=256)
def codec_of(label: str) -> str | None:
    """The name of the Python codec for a charset label, None where there is none (or it is not a charset)."""
    name = label.strip().strip("\"'").lower()[:64]
    name = _ALIASES.get(name, name)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError, TypeError):
        return None
    if info.name in _REFUSED or not getattr(info, "_is_text_encoding", True):
        return None
    return info.name


def decode(raw: bytes, label: str = "") -> str:
    """The text of `raw` in the charset `label`, without NUL characters.

    Without a label, or with one that says ASCII or UTF-8: as UTF-8 where it is, else as Windows-1252 (the sender
    lied). An unknown label counts as none. What the charset does not allow becomes U+FFFD.
    """
    if raw.isascii() and label.lower()[:3] not in ("utf", "iso", "uni", "hz-"):  # UTF-7, ISO-2022: ASCII that is not
        text = raw.decode("ascii")
        return text.replace("\x00", "") if "\x00" in text else text
    codec = None if label.strip().lower() in _UNKNOWN else codec_of(label)
    text = _undeclared(raw) if codec is None else _declared(raw, codec)
    return text.replace("\x00", "") if "\x00" in text else text


def is_known(label: str) -> bool:
    """Whether text can be decoded as that label says."""
    return label.strip().lower() in _UNKNOWN or codec_of(label) is not None


def _declared(raw: bytes, codec: str) -> str:
    text = raw.decode(codec, "replace")
    if codec in ("utf-7", "utf-16", "utf-16-le", "utf-16-be"):  # may give lone surrogates, which no database takes
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text.lstrip("\ufeff")


def _undeclared(raw: bytes) -> str:
    try:
        return raw.decode("utf-8").lstrip("\ufeff")
    except UnicodeDecodeError:
        pass
    text = raw.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for character in text if character > "\x7f") - broken
    if whole > broken:  # UTF-8 with damage, for instance cut in the middle of a character
        return text.lstrip("\ufeff")
    return raw.decode("cp1252", "replace")
