"""The document store: files below one folder, each content once.

An attachment is staged (written and synced under a temporary name) before the transaction that records it, and put
in its place after it. So a crash loses nothing: what is recorded is at least staged, and what is only staged is
cleared when nothing pending needs it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mxsync.errors import BadContent, Unavailable
from mxsync.failpoints import reach

_RESERVED = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
_FORBIDDEN = set('<>:"/\\|?*')
_LONGEST = (
    120  # characters: leaves room for a folder path below Windows' 260, and is below 255 bytes on ext4 when ASCII
)


def safe_name(name: str) -> str:
    """A file name that is one name on every system: no path, no reserved word, no control character, not too long.

    '../../etc/passwd' gives 'passwd'; 'CON.txt' gives '_CON.txt'; nothing gives 'attachment'.
    """
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    clean = "".join("_" if c in _FORBIDDEN or ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 else c for c in last)
    clean = clean.strip(" .")
    if not clean:
        return "attachment"
    stem, dot, ending = clean.rpartition(".")
    if not dot:
        stem, ending = clean, ""
    ending = ending[:20]
    stem = stem[: _LONGEST - len(ending) - 1] or "attachment"
    while len(f"{stem}.{ending}".encode()) > 240:
        stem = stem[:-1]
    if stem.split(".")[0].lower() in _RESERVED:
        stem = f"_{stem}"
    return f"{stem}.{ending}" if ending else stem


@dataclass(frozen=True, slots=True)
class Staged:
    """Bytes written under a temporary name. `digest` is their SHA-256, `size` in bytes."""

    path: Path
    digest: str
    size: int


class DocumentStore:
    """Files below `root`. Paths that it gives and takes are relative to it, with '/' between names."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._promised: dict[str, str] = {}

    def place(self, digest: str, name: str, folder: str) -> str:
        """Where a content of that digest and name belongs. Without a folder: its digest's first two letters, then the
        digest. In a folder: the plain name, or with part of the digest when another content has taken that name, or
        was promised it in this pass and is still to be put there."""
        safe = safe_name(name)
        if not folder:
            return f"{digest[:2]}/{digest}/{safe}"
        parts = [safe_name(part) for part in folder.replace("\\", "/").split("/") if part not in ("", ".", "..")]
        plain = "/".join([*parts, safe])
        taken = self.root / plain
        holder = self._promised.get(plain.casefold())
        if holder == digest or (holder is None and (not taken.exists() or _digest(taken) == digest)):
            self._promised[plain.casefold()] = digest
            return plain
        stem, dot, ending = safe.rpartition(".")
        numbered = f"{stem} ({digest[:8]}).{ending}" if dot else f"{safe} ({digest[:8]})"
        return "/".join([*parts, numbered])

    def stage(self, stream: BinaryIO) -> Staged:
        """Copies a stream below the root under a temporary name, synced to disk. Raises `Unavailable` when the disk
        refuses."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            digest = hashlib.sha256()
            size = 0
            scratch = self.root / f".mxsync-{os.getpid()}-{id(stream):x}.tmp"
            with scratch.open("wb") as target:
                while block := stream.read(1 << 20):
                    digest.update(block)
                    size += len(block)
                    target.write(block)
                target.flush()
                os.fsync(target.fileno())
            reach("document.written")
            final = self._own(digest.hexdigest())
            scratch.replace(final)
            _flush(self.root)
        except OSError as error:
            raise Unavailable(
                f"the documents folder {self.root} cannot be written to ({error.strerror}): free space or rights "
                "there, then run again"
            ) from error
        return Staged(final, digest.hexdigest(), size)

    def staged(self, digest: str) -> Path | None:
        """The file of a content that this process has staged, if there is one."""
        path = self._own(digest)
        return path if path.exists() else None

    def _own(self, digest: str) -> Path:
        # By process: another one that stores the same content clears away its own copy only.
        return self.root / f".mxsync-{digest}-{os.getpid()}.tmp"

    def holds(self, place: str, digest: str) -> bool:
        """Whether the content lies in its place already."""
        path = self.root / place
        return path.is_file() and _digest(path) == digest

    def settle(self, digest: str, place: str) -> None:
        """Puts a staged content in its place. Raises `BadContent` when it is neither staged nor there."""
        target = self.root / place
        if self.holds(place, digest):
            return
        # One that died has left its own.
        source = self.staged(digest) or next(self.root.glob(f".mxsync-{digest}-*.tmp"), None)
        if source is None:
            raise BadContent(f"the document {place} was to be stored, but its content is no longer there")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            # A copy, not a move: the same content may be wanted in several places; the staged one is cleared later.
            scratch = target.with_name(f".mxsync-{digest[:16]}-{os.getpid()}.tmp")
            shutil.copyfile(source, scratch)
            with scratch.open("rb+") as handle:
                os.fsync(handle.fileno())
            reach("document.copied")
            scratch.replace(target)
            _flush(target.parent)
            reach("document.placed")
        except OSError as error:
            raise Unavailable(
                f"the document {place} cannot be written below {self.root} ({error.strerror}): free space or rights "
                "there, then run again"
            ) from error

    def remove(self, place: str) -> None:
        """Takes a document away for good, and the folders that are empty without it. Raises `Unavailable`."""
        target = self.root / place
        try:
            target.unlink(missing_ok=True)
            for folder in target.relative_to(self.root).parents:
                path = self.root / folder
                if not folder.name or not path.is_dir() or any(path.iterdir()):
                    break
                path.rmdir()
            if self.root.is_dir():
                _flush(self.root)
        except OSError as error:
            raise Unavailable(
                f"the document {place} below {self.root} cannot be removed ({error.strerror}): see to the rights "
                "there, then run again"
            ) from error

    def withdraw(self, digest: str, place: str) -> None:
        """Takes a document away, if what lies there is what was stored. Raises `Unavailable`."""
        if self.holds(place, digest):
            self.remove(place)

    def discard(self, digests: Iterable[str]) -> None:
        """What is staged of these contents is no longer needed: they are in their places, and that is recorded."""
        for digest in set(digests):
            self._own(digest).unlink(missing_ok=True)

    def clear(self, wanted: frozenset[str]) -> None:
        """Removes temporary files, but those of contents that are still `wanted`."""
        if not self.root.is_dir():
            return
        for path in self.root.rglob(".mxsync-*.tmp"):
            if path.name.removeprefix(".mxsync-").partition("-")[0] not in wanted:
                path.unlink(missing_ok=True)


def _flush(folder: Path) -> None:
    """Makes the entries of a folder durable; Windows does that by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
