"""Opening a file of the store for reading: a regular file, never through a symbolic link, never waiting on a pipe."""

from __future__ import annotations

import errno
import os
import stat
from io import FileIO
from pathlib import Path
from typing import Final

_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_PIECE: Final = 1 << 20


def open_regular(path: Path | str) -> tuple[int, os.stat_result]:
    """A descriptor, and what the system says of the file then. Raises `OSError`: ELOOP for a symbolic link,
    EINVAL for anything else that is no file."""
    descriptor = os.open(path, _FLAGS)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "it is no file", str(path))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor, found


def read_whole(descriptor: int, size: int) -> bytes:
    """What lies in a file that is about that long, to its end. Raises `OSError`."""
    content = os.read(descriptor, size + 1)
    while more := os.read(descriptor, _PIECE):
        content += more
    return content


def open_file(path: Path | str) -> FileIO:
    """As `open_regular`, as a stream."""
    return FileIO(open_regular(path)[0], "rb", closefd=True)
