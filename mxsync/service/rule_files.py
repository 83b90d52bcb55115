"""Noticing that rule files, lists or the configuration were touched: by events where they come, or by looking."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

from mxsync.service.logs import log

Stamps: TypeAlias = Mapping[Path, tuple[int, int, int]]
"""Modification time in nanoseconds, size and inode of each file that is there: another means a write."""

SUFFIX = ".rules"
_log = log("rules")
_EVENTS: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileClosedEvent,
    FileMovedEvent,
    FileDeletedEvent,
    DirCreatedEvent,
    DirMovedEvent,
    DirDeletedEvent,
]


def rule_files(roots: Iterable[Path]) -> list[Path]:
    """All rule files at or below the configured paths, as they are now."""
    found: list[Path] = []
    for root in roots:
        if root.is_dir():
            found += (
                Path(folder, name) for folder, _, names in os.walk(root) for name in names if name.endswith(SUFFIX)
            )
        elif root.exists():
            found.append(root)
    return sorted(found)


def stamps(files: Iterable[Path]) -> Stamps:
    """What each file is by a look at its folder entry alone; those that are not there are left out."""
    found: dict[Path, tuple[int, int, int]] = {}
    for file in files:
        with suppress(OSError, ValueError):
            entry = file.stat()
            found[file] = (entry.st_mtime_ns, entry.st_size, entry.st_ino)
    return found


def digests(files: Iterable[Path]) -> dict[Path, str | None]:
    """SHA-256 of each file's bytes; None for one that is not there or cannot be read."""
    found: dict[Path, str | None] = {}
    for file in files:
        try:
            found[file] = hashlib.sha256(file.read_bytes()).hexdigest()
        except (OSError, ValueError):
            found[file] = None
    return found


class RuleFileEvents(FileSystemEventHandler):
    """Calls `touched` from a thread of its own when something moved in a folder where rules or lists lie."""

    def __init__(self, touched: Callable[[], None]) -> None:
        self._touched = touched
        self._observer: BaseObserver | None = None
        self._watches: dict[tuple[Path, bool], ObservedWatch] = {}
        self._named: frozenset[str] = frozenset()
        self._lock = threading.Lock()

    def watch(self, roots: Iterable[Path], files: Iterable[Path]) -> bool:
        """Watches the folders of `roots` with all below them, and those of `files`. Returns whether events can be
        expected from all of them; otherwise the caller looks for itself."""
        files = [Path(os.path.normpath(file)) for file in files]  # events name no `..`
        self._named = frozenset(os.path.normcase(file) for file in files)
        wanted = {(root, True) for root in roots if root.is_dir()}
        deep = [folder for folder, _ in wanted]
        for file in files:
            folder = file.parent
            if folder.is_dir() and not any(folder == each or each in folder.parents for each in deep):
                wanted.add((folder, False))
        with self._lock:
            return self._adjust(wanted)

    def _adjust(self, wanted: set[tuple[Path, bool]]) -> bool:
        try:
            if self._observer is None:
                observer = Observer()
                observer.daemon = True
                observer.start()
                self._observer = observer
            for key in self._watches.keys() - wanted:
                self._observer.unschedule(self._watches.pop(key))
            for folder, deep in wanted - self._watches.keys():
                self._watches[folder, deep] = self._observer.schedule(
                    self, str(folder), recursive=deep, event_filter=_EVENTS
                )
        except OSError as error:  # too many watches on this machine, or a file system without events
            _log.warning("rule files are looked at every half second, since they cannot be watched: %s", error)
            return False
        return True

    def on_any_event(self, event: FileSystemEvent) -> None:
        paths = [os.fsdecode(path) for path in (event.src_path, event.dest_path) if path]
        if event.is_directory or any(path.endswith(SUFFIX) or os.path.normcase(path) in self._named for path in paths):
            self._touched()

    def stop(self) -> None:
        with self._lock:
            observer, self._observer = self._observer, None
            self._watches.clear()
        if observer is not None:
            observer.stop()
            observer.join(timeout=2)
