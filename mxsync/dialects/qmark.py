"""Statements with `?` for drivers that want `%s`: translated once a statement, where the cursor executes it."""

from __future__ import annotations

import re
from functools import lru_cache

_PARTS = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\?|%""")


def _turned(found: re.Match[str]) -> str:
    part = found[0]
    return "%s" if part == "?" else part.replace("%", "%%")


@lru_cache(maxsize=4096)
def as_format(statement: str) -> str:
    """The statement with `%s` where a value is bound. A `?` inside quotes stays; every `%` is doubled."""
    return _PARTS.sub(_turned, statement)
