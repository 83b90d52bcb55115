"""Lists of words as text, for modules that are mostly such lists."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text, which stand apart by space."""
    return frozenset(text.split())
