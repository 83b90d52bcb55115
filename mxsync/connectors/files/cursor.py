"""The cursor of a mailbox: a digest a folder, so that a folder nobody touched costs one comparison."""

from __future__ import annotations

import json
import marshal
from collections.abc import Mapping
from hashlib import blake2b

from mxsync.errors import CursorExpired

VERSION = 1


def folder_digest(flat: list[str | int]) -> str:
    """One digest over name, times, size and inode of every item file, in the order of the directory.

    marshal in its version 2 writes the same bytes in every Python; were it not so, a folder would be compared once
    more, and nothing else.
    """
    return blake2b(marshal.dumps(flat, 2), digest_size=12).hexdigest()


def read_cursor(cursor: str) -> dict[str, str]:
    """Folder to digest; empty for a first look. Raises `CursorExpired` for one that this version did not write."""
    if not cursor:
        return {}
    try:
        found = json.loads(cursor)
        folders = found["folders"]
        if found["version"] == VERSION and isinstance(folders, dict):
            return {str(folder): str(digest) for folder, digest in folders.items()}
    except (ValueError, KeyError, TypeError):
        pass
    raise CursorExpired("the point up to which the file store was read was written by another version of mxsync")


def unsettled(cursor: str, folder: str) -> str:
    """The cursor without what a folder was like. Raises `CursorExpired` as `read_cursor` does."""
    folders = read_cursor(cursor)
    return write_cursor({**folders, folder: ""}) if folders else cursor


def write_cursor(folders: Mapping[str, str]) -> str:
    return json.dumps({"version": VERSION, "folders": folders}, separators=(",", ":"), ensure_ascii=False)
