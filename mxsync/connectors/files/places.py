"""Where a mailbox, a folder and an item's file lie in the store: by their names, never through a symbolic link.

What the rights of the store do not let mxsync see counts as not there, and finding raises nothing for it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from mxsync.connectors.files import durable
from mxsync.connectors.files.layout import checked_parts, is_folder, is_link, safe_name, split_href, within
from mxsync.errors import NotFound
from mxsync.model.item import PUBLIC, ItemRef


@dataclass(frozen=True, slots=True)
class Places:
    """The directories of one store, below `root`."""

    root: Path

    def missing(self) -> str:
        """Why there is no store at all, as a sentence; '' where it is there. It is no single mailbox's fault."""
        if is_folder(self.root):
            return ""
        return f"the file store `{self.root}` is not there, or its rights do not let mxsync see it"

    def mailbox(self, mailbox: str) -> Path | None:
        """The mailbox's folder, in whatever case the address is written there; None where there is none."""
        return within(self.root, safe_name(mailbox))

    def refused(self, mailbox: str) -> str:
        """Why the mailbox cannot be opened, as a sentence; '' where it can."""
        place = self.mailbox(mailbox)
        if place is None:
            cure = "make it" if mailbox == PUBLIC else "make it, or correct [[users]] in mxsync.toml"
            return f"there is no folder `{mailbox}` in the file store `{self.root}`: {cure}"
        if is_link(place) or not is_folder(place):
            return f"`{mailbox}` in the file store is a symbolic link or a file, and those are not followed"
        return ""

    def made(self, mailbox: str, parts: list[str]) -> tuple[Path, str]:
        """A folder of a mailbox, made where it is missing, and its path as it is written there. Raises `OSError`, and
        `BadContent` where a component is a symbolic link or a file."""
        place = self.mailbox(mailbox) or durable.directory(self.root, [safe_name(mailbox)])
        names: list[str] = []
        for part in parts:
            known = within(place, part)
            place = durable.directory(place, [known.name if known is not None else safe_name(part)])
            names.append(place.name)
        return place, "/".join(names)

    def folder(self, ref: ItemRef) -> Path | None:
        """The directory of an item's file. None where it is gone, or reached through a link."""
        place = self.mailbox(ref.mailbox)
        parts = checked_parts(ref.href)
        if place is None or is_link(place):
            return None
        for part in parts[:-1]:
            place = place / part
            if is_link(place):
                return None
        return place

    def file(self, ref: ItemRef) -> Path | None:
        """Where an item's file would be. None where its mailbox or folder is gone, or reached through a link."""
        folder = self.folder(ref)
        return folder / split_href(ref.href)[1] if folder is not None else None

    def required(self, ref: ItemRef) -> Path:
        """An item's file that is there. Raises `NotFound`."""
        place = self.file(ref)
        if place is None or not os.path.lexists(place):
            raise NotFound(f"`{ref.href}` is not there any more")
        return place
