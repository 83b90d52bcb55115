"""Striking an address out of texts: whatever its case, and with whatever plus tag it is written."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

ERASED = "[erased]"
"""What stands where an erased person's address stood."""


def strike(text: str, people: Collection[str]) -> str:
    """The text without the addresses of these people (address keys)."""
    if "@" not in text:
        return text
    for key in people:
        text = _pattern(key).sub(ERASED, text)
    return text


def strike_with(text: str, people: Collection[str], phrases: Collection[str]) -> str:
    """The same, and without the phrases (a name) where there was an address."""
    found = strike(text, people)
    if found != text:
        for phrase in phrases:
            found = found.replace(phrase, ERASED)
    return found


def likeness(person: str) -> str:
    """A LIKE pattern, with `!` as its escape, for lower-case texts in which an address may stand: all of them, and few
    others."""
    local, _, domain = person.rpartition("@")
    return f"%{as_pattern(local)}%@{as_pattern(domain)}%"


def as_pattern(text: str) -> str:
    """A text in a LIKE pattern whose escape is `!`."""
    for character in "!%_[":  # the last is one of SQL Server's
        text = text.replace(character, f"!{character}")
    return text


@lru_cache(maxsize=256)
def _pattern(key: str) -> re.Pattern[str]:
    local, _, domain = key.rpartition("@")
    # 'mary-jane@…' is somebody else's address, and so is one that goes on behind the domain.
    return re.compile(
        rf"(?<![\w.+-]){re.escape(local)}(?:\+[^\s@<>\"';,]*)?@{re.escape(domain)}(?![\w-]|\.\w)", re.IGNORECASE
    )
