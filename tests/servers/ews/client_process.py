"""A client in a process of its own, for what a process holds: python -m tests.servers.ews.client_process URL WHAT COUNT.

It is given the password in EWS_PASSWORD, and says in JSON what it did and what it held at most (bytes).
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from mxsync.connectors.ews import Account, EwsConnector, EwsSettings
from mxsync.model.change import Appeared


def held() -> int:
    """What the process held at most: `getrusage` would count its parent's memory, from before it was itself."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) * 1024


def mailboxes(connector: EwsConnector, count: int) -> dict[str, Any]:
    """Looks at all mailboxes, then listens for all of them, then looks at each once more."""
    names = [f"user{number}@ours.example" for number in range(count)]
    with ThreadPoolExecutor(12) as pool:
        cursors = dict(pool.map(lambda name: (name, connector.changes(name, "", lambda *_: {}).cursor), names))
    watch = connector.watch(names, lambda mailbox: None)
    while not watch.trusted:
        time.sleep(0.05)
    before = connector.requests
    with ThreadPoolExecutor(12) as pool:
        changes = sum(pool.map(lambda name: len(connector.changes(name, cursors[name], lambda *_: {}).changes), names))
    return {"changes": changes, "idle": connector.requests - before}


def folder(connector: EwsConnector, count: int) -> dict[str, Any]:
    """A first look at one mailbox."""
    page = connector.changes("user0@ours.example", "", lambda *_: {})
    assert sum(isinstance(change, Appeared) for change in page.changes) == count
    return {"changes": len(page.changes), "requests": connector.requests}


def main() -> None:
    url, what, count = sys.argv[1:]
    password = os.environ["EWS_PASSWORD"]
    connector = EwsConnector(
        EwsSettings(name="exchange", url=url, account=Account("svc-mxsync", lambda: password), auth="basic")
    )
    before = held()
    done = {"mailboxes": mailboxes, "folder": folder}[what](connector, int(count))
    print(json.dumps({**done, "before": before, "held": held()}), flush=True)
    os._exit(0)  # connections that listen end with the process


if __name__ == "__main__":
    main()
