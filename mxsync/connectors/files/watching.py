"""Being told of changes instead of looking for them, where the file system tells (watchdog: inotify, FSEvents, …)."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mxsync.connectors.files.layout import is_temporary

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver

log = logging.getLogger(__name__)

# Other machines write to these, and the kernel here hears nothing of it.
_NETWORK: Final = frozenset(
    (
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smb2",
        "smbfs",
        "ncpfs",
        "afs",
        "coda",
        "ceph",
        "glusterfs",
        "lustre",
        "beegfs",
        "gfs",
        "gfs2",
        "ocfs2",
        "davfs",
        "orangefs",
        "9p",
        "virtiofs",
        "vboxsf",
        "vmhgfs",
        "prl_fs",
        "drvfs",
    )
)
_QUIET: Final = frozenset(("opened", "closed_no_write"))


class FolderWatch:
    """A watch over the store. `trusted` is False where silence means nothing: on a network file system, when the
    system's limit of watches is reached, or when the watching thread has died; then the caller polls."""

    def __init__(self, root: Path, mailboxes: Iterable[str], changed: Callable[[str], None]) -> None:
        self._names = {mailbox.casefold(): mailbox for mailbox in mailboxes}
        self._root = root.resolve()
        self._changed = changed
        self._local = not is_network(self._root)
        self._observer: BaseObserver | None = None
        self._start()

    def _start(self) -> None:
        from watchdog.events import FileSystemEventHandler
        from watchdog.observers import Observer

        outer = self

        class Handler(FileSystemEventHandler):
            def on_any_event(self, event: FileSystemEvent) -> None:
                outer.notice(event.event_type, str(event.src_path), event.is_directory)
                if event.dest_path:
                    outer.notice(event.event_type, str(event.dest_path), event.is_directory)

        observer = Observer()
        try:
            observer.schedule(Handler(), str(self._root), recursive=True)
            observer.start()
        except OSError as error:  # ENOSPC: fs.inotify.max_user_watches; EMFILE: max_user_instances
            log.warning("changes in %s cannot be watched (%s): it is polled", self._root, error)
            return
        self._observer = observer

    def notice(self, event: str, path: str, is_directory: bool) -> None:
        """One event: which mailbox it is of, if it is of one and says anything."""
        if event in _QUIET or (is_directory and event == "modified"):
            return
        try:
            parts = Path(path).relative_to(self._root).parts
        except ValueError:
            return
        if len(parts) < 1 or any(part.startswith(".") for part in parts) or is_temporary(parts[-1]):
            return
        mailbox = self._names.get(parts[0].casefold())
        if mailbox is not None:
            self._changed(mailbox)

    @property
    def trusted(self) -> bool:
        """Whether silence means that nothing changed."""
        observer = self._observer
        return (
            self._local
            and observer is not None
            and observer.is_alive()
            and all(emitter.is_alive() for emitter in observer.emitters)
        )

    def stop(self) -> None:
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(5)
            self._observer = None


def is_network(root: Path, mounts: str | None = None) -> bool:
    """Whether a path lies on a file system that others write to. Linux says so in its mount table; elsewhere a UNC path
    does. `mounts` is the text of that table, read where it is not given."""
    if str(root).startswith(("\\\\", "//")):
        return True
    if mounts is None:
        if not sys.platform.startswith("linux"):
            return False
        try:
            mounts = Path("/proc/self/mountinfo").read_text("utf-8", "replace")
        except OSError:
            return False
    kind = _kind_of(root, mounts)
    return kind in _NETWORK or kind.startswith("fuse.")


def _kind_of(root: Path, mounts: str) -> str:
    """The type of the file system that holds `root` (proc(5), mountinfo: mount point, then behind ' - ' the type)."""
    found: Mapping[str, str] = {
        fields[4].replace("\\040", " "): line.partition(" - ")[2].split(" ", 1)[0]
        for line in mounts.splitlines()
        if len(fields := line.split(" ")) > 6
    }
    for place in (root, *root.parents):
        if str(place) in found:
            return found[str(place)]
    return ""
