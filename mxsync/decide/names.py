"""Texts from outside as names of folders: one name a hole, never a path, on every system."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_RESERVED: Final = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
_FORBIDDEN: Final = frozenset('<>:"/\\|?*')
LONGEST: Final = 100
"""Characters of one name."""


def safe_name(text: str) -> str:
    """One name from any text: what a path, Windows or a shell would take for more becomes `_`; nothing becomes `_`."""
    clean = "".join("_" if c in _FORBIDDEN or not c.isprintable() else c for c in " ".join(text.split()))
    clean = clean[:LONGEST].strip(" .")
    if clean.partition(".")[0].lower() in _RESERVED:
        clean = f"_{clean}"
    return clean or "_"


def safe_folder(parts: Iterable[str | tuple[str]]) -> str:
    """A folder's path from a template: plain texts may hold `/` between names, what fills a hole (given in a
    tuple) is one name or part of one. Every name is made safe; `.` and `..` lead nowhere."""
    path = "".join(part.replace("\\", "/") if isinstance(part, str) else _hole(part[0]) for part in parts)
    return "/".join(safe_name(name) for name in path.split("/") if name.strip(" ."))


def _hole(text: str) -> str:
    return safe_name(text)
