"""Which folders of a mailbox are gone: Exchange's own account of its tree, and no conclusion from a list.

The one request of a look lists the folders that the account sees now (`folders.py`). A folder can be missing there
without being gone: its rights were changed, the list was read in pages while somebody moved folders. What lay in a
folder counts as deleted only when SyncFolderHierarchy, read on from the stored state, says that the folder is. Public
folders have no such states: there the folder itself is asked for.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from mxsync.connectors.ews.folder_operations import GetFolder, SyncFolderHierarchy
from mxsync.connectors.ews.operations import Caller
from mxsync.connectors.ews.properties import Property
from mxsync.errors import CursorExpired, NotFound, ServerError

_NAME = Property("folder:DisplayName")


@dataclass(frozen=True, slots=True)
class Absent:
    """Folders that a look did not see: `gone` are deleted, `hidden` (id to a sentence) may still be there. `state` is
    how far the tree has been read."""

    gone: frozenset[str]
    hidden: dict[str, str]
    state: str


def first_state(caller: Caller) -> str:
    """Where the account of the tree begins."""
    return SyncFolderHierarchy(caller).read("")[1]


def look_after(caller: Caller, absent: Collection[str], state: str, *, public: bool) -> Absent:
    """What became of folders that were there at the look before."""
    gone: set[str] = set()
    if not public:
        gone, state = _told(caller, absent, state)
    left = [id for id in absent if id not in gone]
    hidden: dict[str, str] = {}
    if left:
        for id, answer in zip(left, GetFolder(caller).call(left, (_NAME,)), strict=True):
            if isinstance(answer, NotFound):
                gone.add(id)
            elif isinstance(answer, ServerError):
                hidden[id] = str(answer)
            else:
                hidden[id] = "Exchange no longer lists it among the mailbox's folders"
    return Absent(frozenset(gone), hidden, state)


def _told(caller: Caller, absent: Collection[str], state: str) -> tuple[set[str], str]:
    """The folders that are deleted by the account of the tree. From a state that is lost nothing is concluded: the
    account begins anew."""
    if not state:
        return set(), first_state(caller)
    try:
        changes, state = SyncFolderHierarchy(caller).read(state)
    except CursorExpired:
        return set(), first_state(caller)
    return {id for what, id in changes if what == "Delete" and id in absent}, state
