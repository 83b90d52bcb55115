"""Deleted files in `.trash` of a store: put there, and found again by where they lay and what they were."""

from __future__ import annotations

import re
from pathlib import Path

from mxsync.connectors.files import durable
from mxsync.connectors.files.layout import TRASH, is_folder, safe_name, split_href, within
from mxsync.connectors.files.limits import Limits
from mxsync.connectors.files.reading import read_content
from mxsync.model.item import ItemRef, Revision


def put_in_trash(root: Path, ref: ItemRef, place: Path) -> None:
    """Moves the file of an item there, under its mailbox's and its folder's names. Raises `OSError`."""
    folder, name = split_href(ref.href)
    parts = [TRASH, safe_name(ref.mailbox), *(part for part in folder.split("/") if part)]
    durable.move_into(place, durable.directory(root, parts), name)


def in_trash(root: Path, ref: ItemRef, revision: Revision, limits: Limits) -> Path | None:
    """The file of a deleted item: with its name, or that with a number behind it where there was one already; with
    `revision` known only that very content, else the latest."""
    folder, name = split_href(ref.href)
    place: Path | None = root / TRASH
    for part in (safe_name(ref.mailbox), *(part for part in folder.split("/") if part)):
        place = within(place, part) if place is not None and is_folder(place) else None
    if place is None or not is_folder(place):
        return None
    stem, ending = Path(name).stem, Path(name).suffix
    pattern = re.compile(rf"{re.escape(stem)}(?:-(\d+))?{re.escape(ending)}")
    found = [(int(match[1] or 1), path) for path in place.iterdir() if (match := pattern.fullmatch(path.name))]
    for _, path in sorted(found, reverse=True):
        if not revision or read_content(path, limits).revision == revision:
            return path
    return None
