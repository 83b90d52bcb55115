"""The files that come with mxsync: its grammar, the shipped rules, SQL. In a wheel they lie inside the package, in a
checkout (and an editable install of it) beside it."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_PLACES = (_PACKAGE / "_data", _PACKAGE.parent)


def path(name: str) -> Path:
    """The file or folder of that name ('grammar/mxsync.lark'). Raises `FileNotFoundError` with what is wrong."""
    for place in _PLACES:
        found = place / name
        if found.exists():
            return found
    raise FileNotFoundError(f"mxsync is not installed completely: `{name}` is missing. Install it again")


def text(name: str) -> str:
    """The text of that file."""
    return path(name).read_text(encoding="utf-8")


def shipped_rules(name: str) -> str | None:
    """The text of a rule file that came with mxsync ('crm.rules'), None for an unknown name."""
    if "/" in name or "\\" in name or name.startswith("."):
        return None
    for place in _PLACES:
        found = place / "rules" / name
        if found.is_file():
            return found.read_text(encoding="utf-8")
    return None
