"""The cursor of a mailbox: what each folder was when it was looked at last, and how far it was synchronised."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from mxsync.errors import CursorExpired

VERSION = 1


@dataclass(frozen=True, slots=True)
class Seen:
    """A folder at the last look. `digest` tells whether anything in it changed ('' look again), `state` is Exchange's
    own synchronisation state ('' from the beginning)."""

    path: str
    digest: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """Folder id to what was seen of it; `swept` is when all folders were synchronised whatever their digests said, in
    seconds since 1970; `hierarchy` is Exchange's state of the tree of folders."""

    folders: Mapping[str, Seen]
    swept: int = 0
    hierarchy: str = ""


def read_cursor(cursor: str) -> Position:
    """Empty for a first look. Raises `CursorExpired` for one that this version did not write."""
    if not cursor:
        return Position({})
    try:
        found = json.loads(cursor)
        if found["version"] == VERSION:
            seen = {id: Seen(*values) for id, values in found["folders"].items()}
            return Position(seen, int(found["swept"]), str(found.get("hierarchy", "")))
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise CursorExpired("the point up to which Exchange was read was written by another version of mxsync")


def write_cursor(position: Position) -> str:
    folders = {id: [seen.path, seen.digest, seen.state] for id, seen in sorted(position.folders.items())}
    written = {"version": VERSION, "swept": position.swept, "hierarchy": position.hierarchy, "folders": folders}
    return json.dumps(written, separators=(",", ":"), ensure_ascii=False)
