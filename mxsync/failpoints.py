"""Places where a test may kill the process: every boundary at which something becomes durable.

`MXSYNC_FAILPOINT=NAME` or `NAME:3` (the third time) arms one. The process is killed as a power cut would: no clean-up
runs. Without the variable, reaching a failpoint costs one comparison.
"""

from __future__ import annotations

import os
import signal
import sys

NAMES = (
    "restored.before-commit",
    "left.begun",
    "pass.begun",
    "users.committed",
    "page.read",
    "document.written",
    "documents.staged",
    "page.before-commit",
    "page.committed",
    "journal.before-perform",
    "document.copied",
    "document.placed",
    "file.written",
    "file.placed",
    "file.linked",
    "journal.performed",
    "journal.recorded",
    "vanished.committed",
    "cursor.before-commit",
    "cursor.committed",
    "backfill.kept",
    "sync.begun",
    "rows.followed",
    "rows.before-commit",
    "rows.committed",
    "sync.before-commit",
    "sync.committed",
    "sync.finished",
    "undo.before-commit",
    "undo.committed",
    "erase.buried",
    "erase.item",
    "erase.document",
    "erase.before-commit",
    "erase.committed",
    "erase.wiped",
)
"""All there are, in the order of a pass, then of an undo and of an erasure; tests walk through them."""

_armed = os.environ.get("MXSYNC_FAILPOINT", "")
_name, _, _count = _armed.partition(":")
_left = int(_count) if _count.isdigit() else 1


def reach(name: str) -> None:
    """Dies here if this failpoint is armed and its turn has come."""
    global _left
    if not _name or name != _name:
        return
    _left -= 1
    if _left > 0:
        return
    sys.stdout.flush()
    if hasattr(signal, "SIGKILL"):
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(137)
