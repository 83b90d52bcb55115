"""Whether files are still as they were read, by one look of the system at each instead of reading them."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from mxsync.connectors.files.layout import split_href
from mxsync.connectors.files.places import Places
from mxsync.connectors.files.stamps import settled, times_of
from mxsync.ports.connector import Fetched


def still_untouched(read: Sequence[Fetched], places: Places) -> list[Fetched]:
    """Those of which the file is there with the stamp that it was read with. One that was fresh then never is: it could
    have changed since without a trace."""
    folders: dict[tuple[str, str], Path | None] = {}
    found: list[Fetched] = []
    for each in read:
        ref = each.item.ref
        folder, name = split_href(ref.href)
        where = (ref.mailbox, folder)
        if where not in folders:
            folders[where] = places.folder(ref)
        home = folders[where]
        if home is None:
            continue
        try:
            now = os.lstat(f"{home}{os.sep}{name}")
        except OSError:
            continue  # whatever is wrong is found, and said, when it is read
        if stat.S_ISREG(now.st_mode) and settled(times_of(name, now)) == each.stamp:
            found.append(each)
    return found
