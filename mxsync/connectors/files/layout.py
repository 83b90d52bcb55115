"""Where things lie: mailboxes, folders, files; what kind of item a file is by its place; which names are safe."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from mxsync.errors import BadContent
from mxsync.model.item import ItemRef, Kind

TRASH: Final = ".trash"
TEMPORARY: Final = (".mxsync-", ".tmp")
DRAFTS: Final = "drafts"

_MAIL: Final = frozenset({".eml"})
_ICS: Final = frozenset({".ics"})
ENDINGS: Final = frozenset({".eml", ".vcf", ".ics", ".txt"})
_FOLDERS: Final[Mapping[str, tuple[Kind, frozenset[str]]]] = {
    "inbox": (Kind.MAIL, _MAIL),
    "sent items": (Kind.MAIL, _MAIL),
    "contacts": (Kind.CONTACT, frozenset({".vcf"})),
    "calendar": (Kind.APPOINTMENT, _ICS),
    "tasks": (Kind.TASK, _ICS),
    "journal": (Kind.JOURNAL, _ICS),
    "notes": (Kind.NOTE, frozenset({".ics", ".txt"})),
}
_KIND_OF_ENDING: Final = {".eml": Kind.MAIL, ".vcf": Kind.CONTACT, ".ics": Kind.APPOINTMENT, ".txt": Kind.NOTE}
ENDING_OF_KIND: Final[Mapping[Kind, str]] = {
    Kind.MAIL: ".eml",
    Kind.POST: ".eml",
    Kind.CONTACT: ".vcf",
    Kind.APPOINTMENT: ".ics",
    Kind.TASK: ".ics",
    Kind.JOURNAL: ".ics",
    Kind.NOTE: ".ics",
}
# Windows takes these as devices, with any ending (learn.microsoft.com, Naming Files, Paths, and Namespaces).
_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{device}{digit}" for device in ("com", "lpt") for digit in "0123456789¹²³"}
)
_FORBIDDEN: Final = frozenset('<>:"/\\|?*')
NAME_BYTES: Final = 255


@lru_cache(maxsize=4096)
def folder_kind(folder: str) -> Kind | None:
    """The kind that a folder's name (that of its topmost folder) stands for; None where its files decide."""
    known = _FOLDERS.get(folder.partition("/")[0].casefold())
    return known[0] if known is not None else None


@lru_cache(maxsize=4096)
def endings_of(folder: str) -> frozenset[str]:
    """The endings (in lower case) that are items in a folder."""
    known = _FOLDERS.get(folder.partition("/")[0].casefold())
    return known[1] if known is not None else ENDINGS


def expected_kind(folder: str, ending: str) -> Kind:
    """What an item is likely to be, before it is read."""
    kind = folder_kind(folder)
    return kind if kind is not None and ending in endings_of(folder) else _KIND_OF_ENDING[ending]


def ending_of(name: str) -> str:
    """The last ending of a file name, in lower case."""
    return name[-4:].lower()


def is_temporary(name: str) -> bool:
    """Whether a file is one that a write was to rename, and a crash left."""
    return name.startswith(TEMPORARY[0]) and name.endswith(TEMPORARY[1])


def safe_name(name: str) -> str:
    """`name` as one component of a path on any system: no separators, devices, control characters or dots in front,
    at most 255 bytes with its ending kept. Never empty."""
    text = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    text = "".join(
        "_"
        if character in _FORBIDDEN or unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        else character
        for character in text
    )
    text = text.strip(" ").rstrip(". ")
    if text.startswith("."):
        text = "_" + text[1:]
    if text.partition(".")[0].rstrip(" ").lower() in _RESERVED:
        text = "_" + text
    while len(text.encode()) > NAME_BYTES:
        stem, dot, ending = text.rpartition(".")
        if not dot or len(ending.encode()) > 20 or not stem:
            text = text.encode()[:NAME_BYTES].decode("utf-8", "ignore").rstrip(". ")
        else:
            room = NAME_BYTES - len(ending.encode()) - 1
            text = stem.encode()[:room].decode("utf-8", "ignore").rstrip(". ") + dot + ending
    return text or "_"


def href_of(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def split_href(href: str) -> tuple[str, str]:
    """Folder and file name."""
    folder, _, name = href.rpartition("/")
    return folder, name


def ref_at(mailbox: str, folder: str, name: str) -> ItemRef:
    return ItemRef(mailbox, folder, href_of(folder, name))


def within(parent: Path, name: str) -> Path | None:
    """The directory entry called `name` in `parent`, also in another case or Unicode form; None where there is none."""
    exact = parent / name
    if os.path.lexists(exact):
        return exact
    wanted = unicodedata.normalize("NFC", name).casefold()
    try:
        with os.scandir(parent) as entries:
            return next(
                (
                    parent / entry.name
                    for entry in entries
                    if unicodedata.normalize("NFC", entry.name).casefold() == wanted
                ),
                None,
            )
    except OSError:
        return None


def is_folder(path: Path) -> bool:
    """Whether a folder is there. One that rights do not let us see is none, where `Path.is_dir` raises."""
    return os.path.isdir(path)  # noqa: PTH112


def is_link(path: Path) -> bool:
    """Whether a symbolic link is there. One that rights do not let us see is none, where `Path.is_symlink` raises."""
    return os.path.islink(path)  # noqa: PTH114


def checked_parts(path: str) -> list[str]:
    """The components of a path below a mailbox. Raises `BadContent` for one that leads out of it."""
    parts = path.split("/")
    odd = "\x00" in path or "\\" in path or os.path.splitdrive(path)[0] != ""
    if odd or not {"", ".", ".."}.isdisjoint(parts):
        raise BadContent(f"`{path[:100]}` is no path inside a mailbox")
    return parts
