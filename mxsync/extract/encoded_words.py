"""RFC 2047 encoded words and RFC 2231 parameters: header text ↔ Unicode. Never raises, linear in its input."""

from __future__ import annotations

import binascii
import re
from typing import Final

from mxsync.extract.charsets import decode

# More lenient than RFC 2047, 2: spaces inside (Outlook), no limit of 75 characters, a language tag (RFC 2231, 5).
_WORD: Final = re.compile(r"=\?([^?*\s]{1,60})(?:\*[^?\s]{0,60})?\?([bBqQ])\?([^?]*)\?=")
_BASE64_NOISE: Final = re.compile(rb"[^A-Za-z0-9+/]+")
_PERCENT: Final = re.compile(rb"%([0-9A-Fa-f]{2})")
_ONE_PARAMETER: Final = re.compile(
    r"""\s*([\w.+/-]{1,100})\s*;\s*([A-Za-z-]{1,40})=(?:"([^"\\=]*)"|([^\s;"'()=]+))\s*;?\s*\Z"""
)
_SPECIAL: Final = re.compile(r'[()<>@,;:\\".\[\]]')


def unbase64(raw: bytes) -> bytes:
    """The bytes of base64, however broken: foreign characters are passed over, a missing end is cut."""
    try:
        return binascii.a2b_base64(raw)
    except binascii.Error:
        clean = _BASE64_NOISE.sub(b"", raw)
        usable = len(clean) - (1 if len(clean) % 4 == 1 else 0)
        return binascii.a2b_base64(clean[:usable] + b"=" * (-usable % 4))


def decode_words(text: str) -> str:
    """A header's text with its encoded words decoded; space between two of them is dropped (RFC 2047, 6.2).

    Neighbours of one charset are joined before they are decoded: senders cut characters in two.
    """
    if "=?" not in text:
        return text
    out: list[str] = []
    held: list[bytes] = []
    charset = ""
    end = 0
    for match in _WORD.finditer(text):
        between = text[end : match.start()]
        if held and between.strip(" \t\r\n"):
            out.append(decode(b"".join(held), charset))
            held = []
            out.append(between)
        elif not held:
            out.append(between)
        label = match[1].lower()
        if held and label != charset:
            out.append(decode(b"".join(held), charset))
            held = []
        charset = label
        payload = match[3].encode("utf-8", "replace")
        held.append(unbase64(payload) if match[2] in "bB" else binascii.a2b_qp(payload, header=True))
        end = match.end()
    if held:
        out.append(decode(b"".join(held), charset))
    out.append(text[end:])
    return "".join(out)


def encode_words(text: str) -> str:
    """`text` as it may stand in a header: itself where it is ASCII, else encoded words of at most 75 characters.

    Line breaks and control characters become spaces, so that no value can begin a header of its own.
    """
    clean = "".join(character if character >= " " and character != "\x7f" else " " for character in text)
    if clean.isascii() and "=?" not in clean:
        return clean
    words: list[str] = []
    chunk = b""
    for character in clean:
        raw = character.encode("utf-8", "replace")
        if len(chunk) + len(raw) > 45:  # 45 bytes are 60 of base64; with =?utf-8?b?…?= 72 characters
            words.append(_word(chunk))
            chunk = b""
        chunk += raw
    words.append(_word(chunk))
    return " ".join(words)


def _word(raw: bytes) -> str:
    return f"=?utf-8?b?{binascii.b2a_base64(raw, newline=False).decode('ascii')}?="


def encode_phrase(text: str) -> str:
    """`text` as a phrase (RFC 5322, 3.2.5): a display name, a keyword. Quoted where it needs to be."""
    encoded = encode_words(text.strip())
    if encoded.startswith("=?") and not text.isascii():
        return encoded
    if _SPECIAL.search(encoded) or encoded != " ".join(encoded.split()):
        return '"' + encoded.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return encoded


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """A structured header's value in lower case, and its parameters (RFC 2045, 5.1; RFC 2231; RFC 2047 in quotes).

    'attachment; filename*0*=utf-8''a%C3%A9; filename*1=".pdf"' gives ('attachment', {'filename': 'aé.pdf'}).
    """
    usual = _ONE_PARAMETER.match(value)
    if usual is not None:
        return usual[1].lower(), {usual[2].lower(): usual[3] if usual[3] is not None else usual[4]}
    head, semicolon, rest = value.partition(";")
    token = head.partition("(")[0].strip().strip('"').lower()
    if not semicolon:
        return token, {}
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, text, quoted in _pairs(rest):
        base, star, tail = name.partition("*")
        if not star:
            plain.setdefault(base, decode_words(text) if "=?" in text else text)
            continue
        number, extended = tail.rstrip("*"), name.endswith("*") and not quoted
        if number == "":
            sections.setdefault(base, {}).setdefault(0, (text, True))
        elif number.isascii() and number.isdigit() and len(number) <= 4:
            sections.setdefault(base, {}).setdefault(int(number), (text, extended))
    for base, found in sections.items():
        plain[base] = _joined(found)
    return token, plain


def _joined(found: dict[int, tuple[str, bool]]) -> str:
    charset = ""
    out: list[bytes] = []
    for index, number in enumerate(sorted(found)):
        text, extended = found[number]
        if extended and index == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        raw = text.encode("utf-8", "replace")
        out.append(_PERCENT.sub(lambda match: bytes([int(match[1], 16)]), raw) if extended else raw)
    return decode(b"".join(out), charset)


def _pairs(text: str) -> list[tuple[str, str, bool]]:
    """name=value pairs between semicolons, with quotes obeyed; a quote never closed ends with the text."""
    found: list[tuple[str, str, bool]] = []
    at, size = 0, len(text)
    while at < size and len(found) < 1000:
        equals = text.find("=", at)
        if equals < 0:
            break
        semicolon = text.find(";", at, equals)
        if semicolon >= 0:
            at = semicolon + 1
            continue
        name = text[at:equals].strip().lower()
        at = equals + 1
        while at < size and text[at] in " \t\r\n":
            at += 1
        if at < size and text[at] == '"':
            value, at = _quoted(text, at + 1)
            quoted = True
            end = text.find(";", at)
        else:
            end = text.find(";", at)
            value, quoted = text[at : size if end < 0 else end].strip(), False
        at = size if end < 0 else end + 1
        if name and len(name.split()) == 1:
            found.append((name, value, quoted))
    return found


def _quoted(text: str, at: int) -> tuple[str, int]:
    out: list[str] = []
    size = len(text)
    start = at
    while at < size:
        character = text[at]
        if character == '"':
            break
        if character == "\\" and at + 1 < size:
            # Windows paths in file names (C:\x\y.pdf) are written unescaped: only \" and \\ are escapes.
            if text[at + 1] in '"\\':
                out.append(text[start:at])
                start = at + 1
            at += 2
            continue
        at += 1
    out.append(text[start:at])
    return "".join(out), at + 1
