"""The status file: what the running service says of itself, for `mxsync status` and for monitors."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from mxsync.service.logs import log

_log = log("service")


def write_status(path: Path, document: Mapping[str, object]) -> bool:
    """Replaces the file at once, so that no reader sees half of it. A folder that cannot be written is logged, and ends
    nothing; returns whether it was written."""
    name = ""
    try:
        handle, name = tempfile.mkstemp(prefix=".mxsync-", suffix=".tmp", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False, indent=1)
            file.write("\n")
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        with suppress(OSError):
            if name:
                Path(name).unlink()
        _log.warning("the status file `%s` cannot be written: %s", path, error.strerror or error)
        return False
    return True


def read_status(path: Path) -> dict[str, object] | None:
    """What the service wrote last, with `alive` saying whether that process still runs; None where none ever ran."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(document, dict):
        return None
    pid = document.get("pid")
    document["alive"] = document.get("state") != "stopped" and isinstance(pid, int) and process_lives(pid)
    return document


def process_lives(pid: int) -> bool:
    """Whether a process of that number runs on this machine."""
    if os.name == "nt":
        return _lives_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _lives_on_windows(pid: int) -> bool:
    """`os.kill(pid, 0)` would end the process there; OpenProcess and its exit code answer (STILL_ACTIVE is 259)."""
    import ctypes

    windll = getattr(ctypes, "windll", None)
    if windll is None:
        return False
    query_limited_information = 0x1000
    handle = windll.kernel32.OpenProcess(query_limited_information, False, pid)
    if not handle:
        return False
    code = ctypes.c_ulong()
    windll.kernel32.GetExitCodeProcess(handle, ctypes.byref(code))
    windll.kernel32.CloseHandle(handle)
    return code.value == 259
