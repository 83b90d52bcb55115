"""The change log as every database has it: its columns, and how names, texts and keys stand in it."""

from __future__ import annotations

from typing import Final

COLUMNS: Final = ("table_name", "row_key", "old_key", "operation", "changed_at", "writer", "changed_by")
"""What a trigger writes. `row_key` is the row's key as text, its parts joined by U+001F; `old_key` the one before,
where an update changed it, else ''. `writer` is 'mxsync' for our own writing; `changed_by` is who was logged in."""

OURS: Final = "mxsync"
"""The writer that mxsync says it is."""

SEPARATOR: Final = "\x1f"


def quoted(name: str) -> str:
    """A name as SQL writes it, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL writes it in a definition, where nothing can be bound."""
    return "'" + text.replace("'", "''") + "'"


def short(name: str, limit: int) -> str:
    """A name that fits into `limit` characters: a longer one ends with a digest of the whole."""
    if len(name.encode()) <= limit:
        return name
    import hashlib

    digest = hashlib.sha256(name.encode()).hexdigest()[:10]
    head = name.encode()[: limit - 11].decode(errors="ignore")
    return f"{head}_{digest}"
