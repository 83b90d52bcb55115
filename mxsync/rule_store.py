"""What the rule files came to when they were read last, kept in a file of the tenant: a command that starts with the
same files, the same schema and the same mxsync need not read, check and resolve them again.

The file is only believed where nobody but its owner, who is this process's user, could have written it; it holds plain
data, so that reading it runs nothing. Whatever is wrong with it, the rules are read as ever.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from mxsync import __version__, resources
from mxsync.lang.ir import Program
from mxsync.lang.ir.stored import plain, read

NAME: Final = ".mxsync-rules.json"
_FORMAT: Final = 1
_OWNED: Final = hasattr(os, "geteuid")
"""Elsewhere it cannot be told who has written a file, and nothing is kept."""
_OTHERS: Final = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class KeptRules:
    """`files` are all that were asked for when `program` was made, with the SHA-256 of their bytes, None for one that
    was not there; `notes` are warnings."""

    program: Program
    files: Mapping[Path, str | None]
    notes: Sequence[str]


class RuleStore:
    """The file in a tenant's folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME

    def find(self, circumstances: str) -> KeptRules | None:
        """What was kept under the same circumstances; whether the files are the same is for the caller to see."""
        text = self._text()
        if text is None:
            return None
        try:
            found = json.loads(text)
            if found["circumstances"] != circumstances:
                return None
            files = {Path(path): digest for path, digest in found["files"].items()}
            return KeptRules(read(found["program"]), files, tuple(found["notes"]))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None  # torn, or written by somebody who meant something else

    def keep(self, circumstances: str, rules: KeptRules) -> None:
        """Keeps it, where that can be done."""
        if not _OWNED:
            return
        try:
            program = plain(rules.program)
        except (TypeError, RecursionError):
            return  # it is read anew each time, which is right and slower
        files = {str(path): digest for path, digest in rules.files.items()}
        content = {"circumstances": circumstances, "files": files, "notes": list(rules.notes), "program": program}
        aside = self._path.with_name(f"{NAME}.{os.getpid()}")
        with suppress(OSError):  # a folder that may not be written costs time and nothing else
            aside.unlink(missing_ok=True)
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                json.dump(content, file, separators=(",", ":"))
            aside.replace(self._path)

    def _text(self) -> str | None:
        if not _OWNED:
            return None
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return None
        with os.fdopen(descriptor, encoding="ascii") as file:
            status = os.fstat(descriptor)
            ours = status.st_uid == os.geteuid() and not status.st_mode & _OTHERS and stat.S_ISREG(status.st_mode)
            try:
                return file.read() if ours else None
            except (OSError, ValueError):
                return None


def circumstances_of(*what: object) -> str:
    """A digest of what the meaning of rule files depends on beside themselves: `what`, and this very mxsync with all
    that it ships."""
    return hashlib.sha256("\0".join([_own(), *map(repr, what)]).encode(errors="surrogatepass")).hexdigest()


@cache
def _own() -> str:
    """Which mxsync this is. In a checkout the version stays while the code changes, so its files count too."""
    texts = [(path.name, path.read_text(encoding="utf-8")) for path in sorted(resources.path("rules").glob("*.rules"))]
    package = Path(__file__).parent
    return repr((_FORMAT, __version__, texts, [_stamps(package), _stamps(package / "model"), _below(package / "lang")]))


def _below(folder: Path) -> list[Any]:
    return [_stamps(folder), *(_stamps(folder / name) for name in ("ast", "ir"))]


def _stamps(folder: Path) -> list[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        found = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith(".py")]
    return sorted((name, status.st_size, status.st_mtime_ns) for name, status in found)
