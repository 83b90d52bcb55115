"""One walk over a mailbox's folders: what lies there, by name and stamp, and what could not be looked at."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from mxsync.connectors.files.layout import DRAFTS, endings_of, href_of, is_temporary
from mxsync.connectors.files.stamps import POSIX, Times, times_of
from mxsync.model.change import FolderTrouble

_TYPE = stat.S_IFMT(0o777777)
_REGULAR = stat.S_IFREG


@dataclass(slots=True)
class Folder:
    """One folder as found. `flat` holds the `Times` of its item files one after the other: a hundred thousand tuples
    would set the garbage collector to work. `blocked` hrefs are there and could not be looked at."""

    path: str
    flat: list[str | int] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)
    listed: bool = True

    def entries(self) -> Iterator[Times]:
        """Its item files."""
        flat = self.flat
        return cast("Iterator[Times]", zip(flat[0::5], flat[1::5], flat[2::5], flat[3::5], flat[4::5], strict=True))

    def names(self) -> list[str]:
        """Their names."""
        return cast("list[str]", self.flat[0::5])


@dataclass(slots=True)
class Walk:
    """The walk over one mailbox. Symbolic links are never followed; what begins with a dot is not ours."""

    mailbox: str
    root: Path
    start: str = ""
    """The folder to begin at, '' for the whole mailbox."""
    trouble: list[FolderTrouble] = field(default_factory=list)
    leftovers: list[str] = field(default_factory=list)

    def folders(self) -> Iterator[Folder]:
        """Each folder of the mailbox once, as soon as it is listed."""
        stack = [(self.start, str(self.root / self.start))]
        while stack:
            path, place = stack.pop()
            folder = Folder(path)
            below: list[tuple[str, str]] = []
            try:
                self._list(folder, place, below)
            except OSError as error:
                folder.listed = False
                self.trouble.append(FolderTrouble(self.mailbox, path, path, _sentence("folder", path, error)))
            stack.extend(sorted(below, reverse=True))
            yield folder

    def _list(self, folder: Folder, place: str, below: list[tuple[str, str]]) -> None:
        path = folder.path
        endings = endings_of(path) if path else frozenset()
        extend = folder.flat.extend
        # This loop is most of what an idle pass costs: no call in it that is not needed for an ordinary file.
        with _listing(place) as found:
            for entry in found:
                name = entry.name
                if name[-4:].lower() in endings and name[0] != ".":
                    try:
                        status = entry.stat(follow_symlinks=False)
                    except FileNotFoundError:
                        continue  # gone between the listing and the look
                    except OSError as error:
                        self._block(folder, name, _sentence("file", href_of(path, name), error))
                        continue
                    if status.st_mode & _TYPE == _REGULAR:
                        if (name.isascii() or _is_text(name)) and "\\" not in name:
                            extend(
                                (name, status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns)
                                if POSIX
                                else times_of(name, status)
                            )
                        else:
                            self._block(folder, name, _odd(name))
                        continue
                if name[0] == ".":
                    if is_temporary(name):
                        self.leftovers.append(f"{place}{os.sep}{name}")
                elif entry.is_symlink():
                    self._block(
                        folder, name, "it is a symbolic link, and those are not followed: put the file itself here"
                    )
                elif entry.is_dir(follow_symlinks=False):
                    if not _is_text(name) or "\\" in name:
                        self._block(folder, name, _odd(name))
                    elif path or name.casefold() != DRAFTS:
                        below.append((href_of(path, name), f"{place}{os.sep}{name}"))

    def _block(self, folder: Folder, name: str, reason: str) -> None:
        href = href_of(folder.path, _shown(name))
        folder.blocked.add(href)
        self.trouble.append(FolderTrouble(self.mailbox, folder.path, href, f"`{href}` was left alone: {reason}"))


@contextmanager
def _listing(place: str) -> Iterator[Iterable[os.DirEntry[str]]]:
    """What a folder holds. By its descriptor, where the system has such: then a look at a file does not go down the
    whole path again, a sixth of the walk. Raises `OSError`."""
    if os.scandir not in os.supports_fd:
        with os.scandir(place) as found:
            yield found
        return
    descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with os.scandir(descriptor) as found:
            yield found
    finally:
        os.close(descriptor)


def _is_text(name: str) -> bool:
    """Names that are no UTF-8 come as lone surrogates (PEP 383), which no database takes."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _odd(name: str) -> str:
    """Why a name is none that this store can go by. A backslash parts folders where the same store lies on Windows."""
    return f"its name {'holds a backslash' if _is_text(name) else 'is not UTF-8'}: rename it"


def _shown(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _sentence(what: str, path: str, error: OSError) -> str:
    return f"the {what} `{path or '.'}` cannot be looked at: {(error.strerror or str(error)).lower()}"
