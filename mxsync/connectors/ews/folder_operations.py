"""The operations on folders: read, found, made, and the account of a mailbox's tree (MS-OXWSFOLD, MS-OXWSSYNC)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mxsync.connectors.ews.operations import GET_PAGE, Operation, answered, checked, outcome, page_end, page_view, shape
from mxsync.connectors.ews.properties import Path
from mxsync.connectors.ews.wire import NS, Element, is_yes, local, m, t, text_of
from mxsync.errors import ProtocolViolation, ServerError


class GetFolder(Operation):
    SERVICE_NAME = "GetFolder"

    def call(self, ids: Sequence[str], paths: Sequence[Path]) -> list[Element | ServerError]:
        """A folder's element or an error for each id."""
        elements = [self.caller.folder(id) for id in ids]
        payload = m("GetFolder", None, shape("FolderShape", paths), m("FolderIds", None, *elements))
        found: list[Element | ServerError] = []
        for message in self.send(payload):
            error = outcome(message, self.caller.mailbox)
            folders = answered(message, "m:Folders") if error is None else []
            if error is None and not folders:
                raise ProtocolViolation("the Exchange server answered for a folder, and with none")
            found.append(error if error is not None else folders[0])
        return found


class FindFolder(Operation):
    SERVICE_NAME = "FindFolder"

    def call(self, parents: Sequence[str], paths: Sequence[Path], *, deep: bool) -> Iterator[Element]:
        """The folders below `parents`. Raises the first error."""
        left: list[tuple[str, int]] = [(parent, 0) for parent in parents]
        while left:
            offset = left[0][1]
            now = [parent for parent, at in left if at == offset][:GET_PAGE]
            elements = [self.caller.folder(parent) for parent in now]
            payload = m(
                "FindFolder", None,
                shape("FolderShape", paths),
                page_view("IndexedPageFolderView", offset),
                m("ParentFolderIds", None, *elements),
                Traversal="Deep" if deep else "Shallow",
            )  # fmt: skip
            more: list[tuple[str, int]] = []
            for parent, message in zip(now, self.send(payload), strict=True):
                folders = answered(checked(message, self.caller.mailbox), "m:RootFolder/t:Folders")
                yield from folders
                after = page_end(message, offset + len(folders))
                if not after.last and folders:
                    more.append((parent, after.offset))
            left = [pair for pair in left if pair[0] not in now] + more


class CreateFolder(Operation):
    SERVICE_NAME = "CreateFolder"
    repeatable = False

    def call(self, parent: str, name: str, folder_class: str) -> str:
        """The id of a new folder. Raises `AlreadyExists` where there is one of that name."""
        folder = t("Folder", None, t("FolderClass", folder_class), t("DisplayName", name))
        payload = m(
            "CreateFolder", None, m("ParentFolderId", None, self.caller.folder(parent)), m("Folders", None, folder)
        )
        found = self.one(payload, f"the folder `{name}`").find("m:Folders/*/t:FolderId", NS)
        return str(found.get("Id"))


class SyncFolderHierarchy(Operation):
    SERVICE_NAME = "SyncFolderHierarchy"

    def read(self, state: str) -> tuple[list[tuple[str, str]], str]:
        """(what, folder id) of each change in the tree since a state ('' for all that is there), and the new state.
        Raises `CursorExpired` for a state that the server has forgotten."""
        found: list[tuple[str, str]] = []
        while True:
            home = m("SyncFolderId", None, self.caller.folder("msgfolderroot"))
            payload = m("SyncFolderHierarchy", None, shape("FolderShape", ()), home)
            if state:
                payload.append(m("SyncState", state))
            message = self.one(payload)
            changes = answered(message, "m:Changes")
            found += [(local(change), change.find(".//t:FolderId", NS).get("Id", "")) for change in changes]
            before, state = state, text_of(message, "m:SyncState")
            if is_yes(text_of(message, "m:IncludesLastFolderInRange", "true")) or (state == before and not changes):
                return found, state
