"""Address headers → addresses. Takes what senders write, not only what RFC 5322 allows; linear, never raises."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from unicodedata import normalize

from mxsync.extract.encoded_words import decode_words, encode_phrase, encode_words
from mxsync.model.item import Address

# No two neighbouring repetitions can match the same character, so that what fails does so in linear time.
_NAMED: Final = re.compile(
    r'(?:\s*"([^"\\<>]*)"\s*|([^"<>@,;:()\\\[\]]*))<\s*([^<>,;:"()\s\\@]+@[^<>,;:"()\s\\@]+)\s*>\s*'
)
_BARE: Final = re.compile(r'\s*([^<>,;:"()\s\\@\[\]]+@[^<>,;:"()\s\\@\[\]]+)\s*')
_RUN: Final = re.compile(r'[^"(<,;:\\]+')
_ROUTE: Final = re.compile(r"^(?:@[^,:]*,?)+:")
_PARENTHESIS: Final = re.compile(r"\\.|[()]", re.DOTALL)
_PHRASE_RUN: Final = re.compile(r'[^",]+')
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_ADDRESS_WORD: Final = re.compile(r"[^\s<>\"'(),;:]{1,320}@[^\s<>\"'(),;:]+")  # bounded: no square


def parse_addresses(value: str) -> tuple[Address, ...]:
    """Every person of an address header, as it stands in the header (encoded words not yet decoded).

    Groups give their members; `;` separates too (Outlook); encoded words are decoded after the split, so that an
    encoded comma separates nothing. What holds no address gives a name alone, what holds nothing is left out; a last
    name before a comma that its program forgot to quote (`Roe, Jane <jane@acme.example>`) belongs to the name behind.
    """
    match = _NAMED.fullmatch(value) if len(value) < 1000 else None
    if match is not None:
        return (Address(_name(match[1] if match[1] is not None else match[2]), match[3]),)
    if len(value) < 1000 and (match := _BARE.fullmatch(value)) is not None:
        return (Address("", match[1]),)
    if "," in value and len(value) < 20_000 and not any(mark in value for mark in '"(\\:;'):
        found = [_NAMED.fullmatch(piece) or _BARE.fullmatch(piece) for piece in value.split(",")]
        if None not in found:
            return tuple(
                Address(_name(match[2]), match[3]) if match.re is _NAMED else Address("", match[1])
                for match in found
                if match is not None
            )
    people = tuple(_split(value))
    return people if ";" in value else tuple(_with_last_names(people))


def _with_last_names(people: Iterable[Address]) -> Iterable[Address]:
    before: Address | None = None
    for person in people:
        if before is not None and _is_last_name(before, person):
            person = Address(f"{before.name}, {person.name}", person.address)
        elif before is not None:
            yield before
        before = person
    if before is not None:
        yield before


def _is_last_name(alone: Address, behind: Address) -> bool:
    """Whether a name without an address is the last name of the person behind it: of that name one word is left, or the
    address holds the last one."""
    if alone.address or not behind.address or not behind.name or len(alone.name.split()) > 4:
        return False
    plain = normalize("NFKD", alone.name.casefold()).encode("ascii", "ignore").decode().replace(" ", "")
    local = behind.address.partition("@")[0].lower()
    return len(behind.name.split()) == 1 or (len(plain) > 2 and plain in local)


def _split(value: str) -> Iterable[Address]:
    words: list[str] = []  # of the name, or a bare address
    address: str | None = None
    comment = ""
    at, size = 0, len(value)
    closing_quote = closing_comment = closing_angle = True  # whether a closing one may still come: keeps it linear
    while at < size:
        character = value[at]
        if character == '"' and closing_quote:
            end, text = _quoted(value, at)
            if end < 0:
                closing_quote = False
                at += 1
                continue
            words.append(text)
            at = end
        elif character == "(" and closing_comment:
            end = _comment(value, at)
            if end < 0:
                closing_comment = False
                at += 1
                continue
            comment = comment or value[at + 1 : end - 1]
            at = end
        elif character == "<" and closing_angle:
            end = value.find(">", at)
            if end < 0:
                closing_angle = False
                at += 1
                continue
            inside = value[at + 1 : end]
            at = end + 1
            if address is None or "@" not in address:
                address = inside
        elif character in ",;":
            yield from _person(words, address, comment)
            words, address, comment = [], None, ""
            at += 1
        elif character == ":" and address is None and "@" not in "".join(words[-1:]):
            words, comment = [], ""  # the name of a group (RFC 5322, 3.4)
            at += 1
        else:
            run = _RUN.match(value, at)
            text = run.group() if run is not None else character
            words.append(text)
            at += len(text)
    yield from _person(words, address, comment)


def _person(words: list[str], address: str | None, comment: str) -> Iterable[Address]:
    name = " ".join("".join(words).split()) if len(words) < 2 else " ".join(" ".join(words).split())
    if address is not None:
        clean = _ROUTE.sub("", "".join(address.split())) if address.startswith("@") else "".join(address.split())
        found = Address(_name(name or comment), clean.removeprefix("mailto:").strip("'<>"))
    else:
        match = _ADDRESS_WORD.search(name) if "@" in name else None
        if match is None:
            text = _name(name)
            found = Address(text, "") if text and not text.lower().startswith("undisclosed") else Address()
        else:
            rest = name[: match.start()] + name[match.end() :]
            found = Address(_name(rest or comment), match.group().removeprefix("mailto:"))
    if found.name or found.address:
        yield found


def _name(text: str) -> str:
    name = " ".join(decode_words(text).split()) if "=?" in text else " ".join(text.split())
    if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1].strip()
    return name


def _quoted(value: str, at: int) -> tuple[int, str]:
    """Where the quoted string that begins at `at` ends, and its text; -1 where it is never closed."""
    out: list[str] = []
    position = at + 1
    while True:
        end = value.find('"', position)
        if end < 0:
            return -1, ""
        piece = value[position:end]
        slashes = len(piece) - len(piece.rstrip("\\"))
        if slashes % 2 == 0:
            out.append(piece)
            text = "".join(out)
            return end + 1, _ESCAPE.sub(r"\1", text) if "\\" in text else text
        out.append(piece[:-1] + '"')
        position = end + 1


def _comment(value: str, at: int) -> int:
    """Where the comment that begins at `at` ends (comments nest); -1 where it is never closed."""
    depth = 0
    for match in _PARENTHESIS.finditer(value, at):
        if match.group() == "(":
            depth += 1
        elif match.group() == ")":
            depth -= 1
            if depth == 0:
                return match.end()
    return -1


def format_address(person: Address) -> str:
    """One person as an address header holds it."""
    address = encode_words("".join(person.address.split())).replace("<", "").replace(">", "")
    if not person.name:
        return address
    return f"{encode_phrase(person.name)} <{address}>" if address else encode_phrase(person.name)


def split_phrases(value: str) -> tuple[str, ...]:
    """The phrases between commas (the Keywords header, RFC 5322, 3.6.5): quotes obeyed, encoded words decoded."""
    if '"' not in value:
        parts = value.split(",")
    else:
        parts = []
        current: list[str] = []
        at, closing = 0, True
        while at < len(value):
            if value[at] == '"' and closing:
                end, text = _quoted(value, at)
                closing = end >= 0
                at = end if closing else at + 1
                current.append(text)
            elif value[at] == ",":
                parts.append("".join(current))
                current, at = [], at + 1
            else:
                run = _PHRASE_RUN.match(value, at)
                text = run.group() if run is not None else value[at]
                current.append(text)
                at += len(text)
        parts.append("".join(current))
    cleaned = (" ".join(decode_words(part).split()) for part in parts)
    return tuple(dict.fromkeys(part for part in cleaned if part))
