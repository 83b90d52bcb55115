"""Statements with `?` where a value is bound, as drivers want them: each is translated once."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import count

_PARTS = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\?|%""")


def _turned(found: re.Match[str]) -> str:
    part = found[0]
    return "%s" if part == "?" else part.replace("%", "%%")


@lru_cache(maxsize=4096)
def as_format(statement: str) -> str:
    """The statement with `%s` where a value is bound. A `?` inside quotes stays; every `%` is doubled."""
    return _PARTS.sub(_turned, statement)


@lru_cache(maxsize=4096)
def with_nulls(statement: str, nulls: tuple[int, ...]) -> str:
    """The statement with NULL written in these of its places, which are counted from 0."""
    places = count()

    def turned(found: re.Match[str]) -> str:
        return "NULL" if found[0] == "?" and next(places) in nulls else found[0]

    return _PARTS.sub(turned, statement)
