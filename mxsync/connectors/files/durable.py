"""Durable changes to directories: a file appears whole or not at all, and stays so when the power fails.

What is written goes to a temporary file in the same directory, is flushed, takes its place by rename, and the directory
is flushed as well. A crash in between leaves a `.mxsync-*.tmp`, which the next pass removes.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sys
from pathlib import Path
from typing import Final

from mxsync.connectors.files.layout import ENDINGS, TEMPORARY, is_temporary, safe_name, within
from mxsync.errors import AlreadyExists, BadContent, MxsyncError, NotFound, Refused, Unauthorized, Unavailable
from mxsync.failpoints import reach

_FULL: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EIO, errno.ESTALE})
_NO_LINKS: Final = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV, errno.ENOSYS})


def server_error(error: OSError, href: str) -> MxsyncError:
    """The error class that says what is to be done about a failed file operation."""
    reason = (error.strerror or str(error)).lower()
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return NotFound(f"`{href}` is not there any more")
    if error.errno == errno.EEXIST:
        return AlreadyExists(f"`{href}` is there already")
    if error.errno in _FULL:
        return Unavailable(f"`{href}` cannot be written: {reason}", retry_after=30.0)
    if error.errno == errno.EROFS:
        return Unauthorized(f"`{href}` cannot be written: {reason}")
    if error.errno in (errno.ELOOP, errno.EINVAL, errno.ENAMETOOLONG, errno.EILSEQ):
        return BadContent(f"`{href}` cannot be used: {reason}")
    return Refused(f"`{href}` cannot be written or read: {reason}")


def flush_directory(place: Path) -> None:
    """Makes the entries of a directory durable; Windows does that by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_unflushed(path: Path, content: bytes) -> int:
    """A new temporary file in the place of any of that name, not durable yet: its descriptor, for the caller to flush
    and close. Raises `OSError`."""
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o666)
    try:
        with os.fdopen(descriptor, "wb", closefd=False) as file:
            file.write(content)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _temporary(place: Path, content: bytes, token: str, mode: int | None) -> Path:
    path = place / f"{TEMPORARY[0]}{token}{TEMPORARY[1]}"
    descriptor = write_unflushed(path, content)
    try:
        if mode is not None and sys.platform != "win32":
            os.fchmod(descriptor, mode & 0o7777)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    reach("file.written")
    return path


def write_new(path: Path, content: bytes, token: str) -> None:
    """A new file. Raises `FileExistsError` where something of that name is there, which stays as it is."""
    temporary = _temporary(path.parent, content, token, None)
    try:
        place_new(temporary, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
    flush_directory(path.parent)


def replace(path: Path, content: bytes, token: str) -> None:
    """New content for a file that is there; its permissions (and its owner, where that is allowed) are kept."""
    status = path.stat(follow_symlinks=False)
    temporary = _temporary(path.parent, content, token, status.st_mode)
    try:
        if sys.platform != "win32" and (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
            with contextlib.suppress(PermissionError):
                os.chown(temporary, status.st_uid, status.st_gid)
        temporary.replace(path)
        reach("file.placed")
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    flush_directory(path.parent)


def place_new(source: Path, target: Path) -> None:
    """Gives `source` the name `target`, never in place of another file. A hard link says no where a rename would
    overwrite; a file system without links is checked first (only mxsync writes such names there, under its lease)."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno == errno.EEXIST and _is_same(source, target):
            pass  # a crash came between the link and the removal
        elif error.errno in _NO_LINKS:
            if os.path.lexists(target):
                raise FileExistsError(errno.EEXIST, "File exists", str(target)) from None
            source.rename(target)
            return
        else:
            raise
    reach("file.linked")
    source.unlink()


def _is_same(one: Path, other: Path) -> bool:
    try:
        first, second = one.stat(follow_symlinks=False), other.stat(follow_symlinks=False)
    except OSError:
        return False
    return (first.st_ino, first.st_dev) == (second.st_ino, second.st_dev)


def move_file(source: Path, target: Path) -> None:
    """Moves a file within the store. Raises `FileExistsError` where something of that name is there."""
    try:
        place_new(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        shutil.move(source, target)
    flush_directory(target.parent)
    if source.parent != target.parent:
        flush_directory(source.parent)


def move_into(source: Path, target: Path, name: str) -> str:
    """Moves a file into the directory `target`, under another name where there is one already; the name it got. Raises
    `FileExistsError` where ten thousand names are taken."""
    stem, ending = Path(name).stem, Path(name).suffix
    for number in range(1, 10_000):
        chosen = name if number == 1 else safe_name(f"{stem}-{number}{ending}")
        try:
            move_file(source, target / chosen)
        except FileExistsError:
            continue
        return chosen
    raise FileExistsError(name)


def remove(path: Path) -> None:
    """Deletes a file, for good."""
    path.unlink(missing_ok=True)
    flush_directory(path.parent)


def directory(root: Path, parts: list[str]) -> Path:
    """The directory below `root`, made where it is missing; one that is there in another case is taken as it is.

    Raises `BadContent` where a component is a symbolic link or a file.
    """
    place = root
    for part in parts:
        found = within(place, part)
        if found is None:
            found = place / part
            found.mkdir(exist_ok=True)
            flush_directory(place)
        if found.is_symlink() or not found.is_dir():
            raise BadContent(f"`{part}` in `{place.name}` is no folder")
        place = found
    return place


def clear_temporaries(root: Path) -> None:
    """Removes every `.mxsync-*.tmp` below `root`. Lists directories and looks at no file."""
    stack = [str(root)]
    while stack:
        try:
            with os.scandir(stack.pop()) as entries:
                for entry in entries:
                    name = entry.name
                    if name[0] == ".":
                        if is_temporary(name) and entry.is_file(follow_symlinks=False):
                            with contextlib.suppress(OSError):
                                Path(entry.path).unlink()
                    elif name[-4:].lower() not in ENDINGS and entry.is_dir(follow_symlinks=False):
                        stack.append(entry.path)
        except OSError:
            continue  # the walk reports a folder that cannot be listed
