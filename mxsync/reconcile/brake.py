"""When deletions stop and wait for a person."""

from __future__ import annotations

EMPTIED = 3
"""A side that held more records than this and is empty now was emptied, not cleaned up one by one."""


def held_back(deletions: int, stock: int, *, share: float, count: int) -> str:
    """Why so many deletions among `stock` records wait for a person, in words that follow '12 of 12 items would be
    deleted'; '' when they may be done."""
    if deletions > count and deletions > share * stock:
        return f"more than {count} and more than {share:.0%}"
    if deletions >= stock > EMPTIED:
        return "all there are: an emptied folder or table deletes nothing by itself"
    return ""
