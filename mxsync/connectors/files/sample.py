"""An item of a test in the rule language (`given mail file 'samples/jane.eml'`), read as a mailbox's would be."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from mxsync.connectors.files.limits import Limits
from mxsync.connectors.files.reading import read_item
from mxsync.model.item import Item, ItemRef
from mxsync.ports.connector import Fetched


def sample(path: Path, timezone: str) -> Item | str:
    """The item, or a sentence that says why there is none. `timezone` is for times that name no zone."""
    ref = ItemRef("sample@mxsync.invalid", "Inbox", path.name)
    answer = read_item(ref, path, Limits(), ZoneInfo(timezone), lambda uid: None)
    if isinstance(answer, Fetched):
        return answer.item
    return answer.reason if answer is not None else f"`{path.name}` is a draft, and drafts are no mail"
