"""Stamps: how a file that nobody touched is told from one that has to be read again, without reading it.

A stamp is made of modification time, size, inode and change time. A file that changed within the last moments could
change again without a change of any of these (timestamps are coarse): as git does with such "racily clean" entries, its
stamp is made one that never equals, so that the next look compares content.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from typing import Final

RACY_NS: Final = 2_000_000_000
FRESH: Final = "~"
SETTLED: Final = "%x.%x.%x.%x"
"""The stamp of a file that is not fresh, of all but the name of its `Times`: written so, twice as fast as by format."""
POSIX: Final = sys.platform != "win32"  # elsewhere st_ctime is when the file was made

Times = tuple[str, int, int, int, int]
"""(name, modified, size, inode, changed), times in nanoseconds."""


def times_of(name: str, stat: os.stat_result) -> Times:
    return (name, stat.st_mtime_ns, stat.st_size, stat.st_ino, stat.st_ctime_ns if POSIX else 0)


def is_fresh(times: Times, now_ns: int) -> bool:
    """Whether a further change could go unseen."""
    return (times[4] or times[1]) > now_ns - RACY_NS


def settled(times: Times) -> str:
    """The stamp of a file that is not fresh."""
    return SETTLED % times[1:]


def stamp_of(times: Times, now_ns: int) -> str:
    text = settled(times)
    return FRESH + text if is_fresh(times, now_ns) else text


def now_ns() -> int:
    return time.time_ns()


def revision_of(content: bytes) -> str:
    """The revision of an item: a digest of its file's content."""
    return hashlib.blake2b(content, digest_size=20).hexdigest()
