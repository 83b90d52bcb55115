"""The folders of a mailbox: their paths as rules write them, whatever the mailbox's language, and new ones."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from mxsync.connectors.ews.classes import FOLDER_CLASS, readable_folder
from mxsync.connectors.ews.codecs import read_text, read_yes
from mxsync.connectors.ews.folder_operations import CreateFolder, FindFolder, GetFolder
from mxsync.connectors.ews.operations import PUBLIC_ROOT, Caller
from mxsync.connectors.ews.properties import COMMIT_TIME, DELETED_COUNT, HIDDEN, Path, Property
from mxsync.connectors.ews.wire import NS, Element, local, text_of
from mxsync.errors import AlreadyExists, BadContent, NotFound, ServerError
from mxsync.model.item import PUBLIC, Kind

ROOT: Final = "msgfolderroot"
SLASH: Final = "\u2215"
"""What a '/' in a folder's name is shown as: in a path it would begin another folder."""
DELETED_ITEMS: Final = "Deleted Items"
STANDARD: Final[Mapping[str, str]] = {
    "inbox": "Inbox",
    "sentitems": "Sent Items",
    "contacts": "Contacts",
    "calendar": "Calendar",
    "tasks": "Tasks",
    "journal": "Journal",
    "notes": "Notes",
    "drafts": "Drafts",
    "outbox": "Outbox",
    "deleteditems": DELETED_ITEMS,
    "junkemail": "Junk Email",
}
LEFT_OUT: Final = frozenset(("Drafts", "Outbox", DELETED_ITEMS, "Junk Email"))
"""Standard folders that are not read, nor what lies below them."""
_NAME: Final = Property("folder:DisplayName")
_PARENT: Final = Property("folder:ParentFolderId")
_CLASS: Final = Property("folder:FolderClass")
_STANDARD: Final = Property("folder:DistinguishedFolderId")
_COUNT: Final = Property("folder:TotalCount")
_UNREAD: Final = Property("folder:UnreadCount")
_PATHS: Final[tuple[Path, ...]] = (
    _NAME,
    _PARENT,
    _CLASS,
    _STANDARD,
    _COUNT,
    _UNREAD,
    COMMIT_TIME,
    DELETED_COUNT,
    HIDDEN,
)
_IDS_ONLY: Final[tuple[Path, ...]] = (_NAME,)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder. `digest` changes with whatever changes in it; '' where the server does not tell. `count` is how many
    items it holds. `read` says whether its items are."""

    id: str
    path: str
    folder_class: str
    digest: str
    count: int
    read: bool


class Folders:
    """The folders of all mailboxes, listed when they are asked for; threads may share it."""

    def __init__(self, caller: Callable[[str], Caller]) -> None:
        self._caller = caller
        self._lock = threading.Lock()
        self._known: dict[str, dict[str, Folder]] = {}

    def look(self, mailbox: str, before: Mapping[str, str]) -> dict[str, Folder]:
        """All folders by id, asked of the server now: one request. `before` are the paths that they had (by id): a
        folder keeps its path as long as its name and place are the same, also beside another of that name."""
        caller = self._caller(mailbox)
        elements = self._public(caller) if mailbox == PUBLIC else self._private(caller)
        standard = {} if mailbox == PUBLIC else self._standard(caller, elements)
        found = _arrange(elements, standard, before)
        with self._lock:
            self._known[mailbox] = found
        return found

    def _private(self, caller: Caller) -> list[Element]:
        return list(FindFolder(caller).call([ROOT], _PATHS, deep=True))

    def _public(self, caller: Caller) -> list[Element]:
        """Level by level: Exchange traverses public folders no other way."""
        found: list[Element] = []
        parents = [PUBLIC_ROOT]
        while parents:
            level = list(FindFolder(caller).call(parents, _PATHS, deep=False))
            found += level
            parents = [_id(each) for each in level]
        return found

    def _standard(self, caller: Caller, elements: Iterable[Element]) -> dict[str, str]:
        """Folder id to the name that rules know a standard folder by. A server that does not say which are standard is
        asked for each."""
        found = {_id(each): read_text(_STANDARD.find(each)) for each in elements}
        named = {id: STANDARD[name] for id, name in found.items() if name in STANDARD}
        if named:
            return named
        answers = GetFolder(caller).call(list(STANDARD), _IDS_ONLY)
        return {
            _id(answer): shown
            for shown, answer in zip(STANDARD.values(), answers, strict=True)
            if not isinstance(answer, ServerError)
        }

    def known(self, mailbox: str) -> dict[str, Folder]:
        """As they were listed last; listed now if they never were."""
        with self._lock:
            found = self._known.get(mailbox)
        return found if found is not None else self.look(mailbox, {})

    def path_of(self, mailbox: str, parent: Element | None) -> str:
        """The path of the folder that an item's ParentFolderId names, '' where it is unknown."""
        found = self.known(mailbox).get(parent.get("Id", "")) if parent is not None else None
        return found.path if found is not None else ""

    def class_of(self, mailbox: str, path: str) -> str:
        """The class of a folder, '' where it is unknown."""
        found = _at(self.known(mailbox), path)
        return found.folder_class if found is not None else ""

    def find(self, mailbox: str, path: str) -> Folder | None:
        """The folder of a path, in whatever case; looked for on the server before it is said not to be there."""
        found = _at(self.known(mailbox), path)
        if found is None:
            paths = {id: each.path for id, each in self.known(mailbox).items()}
            found = _at(self.look(mailbox, paths), path)
        return found

    def below(self, mailbox: str, folder: Folder) -> list[Folder]:
        """The folders in a folder, and in those."""
        return [each for each in self.known(mailbox).values() if each.path.startswith(f"{folder.path}/")]

    def make(self, mailbox: str, path: str, kind: Kind) -> Folder:
        """The folder of a path, made where it is missing, for items of a kind. Raises `BadContent`."""
        parts = path.split("/")
        if not all(part.strip() for part in parts):
            raise BadContent(f"`{path[:100]}` is no path of a folder")
        found = self.find(mailbox, path)
        if found is not None:
            return found
        parent = PUBLIC_ROOT if mailbox == PUBLIC else ROOT
        if len(parts) > 1:
            parent = self.make(mailbox, "/".join(parts[:-1]), kind).id
        with suppress(AlreadyExists):  # somebody else made it meanwhile: it is found then
            CreateFolder(self._caller(mailbox)).call(parent, parts[-1].replace(SLASH, "/"), FOLDER_CLASS[kind])
        self.look(mailbox, {id: each.path for id, each in self.known(mailbox).items()})
        made = _at(self.known(mailbox), path)
        if made is None:
            raise NotFound(f"the folder `{path}` was made and is not there")
        return made


def _at(folders: Mapping[str, Folder], path: str) -> Folder | None:
    wanted = path.casefold()
    return next((each for each in folders.values() if each.path.casefold() == wanted), None)


def _id(element: Element) -> str:
    found = element.find("t:FolderId", NS)
    return str(found.get("Id", "")) if found is not None else ""


def _arrange(elements: list[Element], standard: Mapping[str, str], before: Mapping[str, str]) -> dict[str, Folder]:
    """Folders by id, with their paths. Of two of one name in one place the one that is known keeps the name, the other
    is shown with a number."""
    by_id = {_id(element): element for element in elements if _id(element) and local(element) != "SearchFolder"}
    paths: dict[str, str] = {}
    taken: set[str] = set()

    def path_of(id: str, depth: int = 0) -> str:
        if id in paths:
            return paths[id]
        element = by_id[id]
        home = element.find("t:ParentFolderId", NS)
        parent = home.get("Id", "") if home is not None else ""
        above = path_of(parent, depth + 1) + "/" if parent in by_id and parent != id and depth < 300 else ""
        name = standard.get(id) or (text_of(element, "t:DisplayName").strip() or "folder").replace("/", SLASH)
        chosen, number = above + name, 1
        while chosen.casefold() in taken:
            number += 1
            chosen = f"{above}{name} ({number})"
        taken.add(chosen.casefold())
        paths[id] = chosen
        return chosen

    order = sorted(by_id, key=lambda id: (id not in standard, id not in before, len(before.get(id, "")), id))
    for id in order:
        path_of(id)
    hidden = {id for id, element in by_id.items() if read_yes(HIDDEN.find(element))}
    below = tuple(f"{paths[id]}/".casefold() for id in hidden)
    return {
        id: _folder(id, paths[id], element, shown=not f"{paths[id]}/".casefold().startswith(below))
        for id, element in by_id.items()
    }


def _folder(id: str, path: str, element: Element, *, shown: bool) -> Folder:
    folder_class = text_of(element, "t:FolderClass")
    count = text_of(element, "t:TotalCount", "0")
    moment, deleted = read_text(COMMIT_TIME.find(element)), read_text(DELETED_COUNT.find(element))
    digest = f"{moment} {deleted} {count} {text_of(element, 't:UnreadCount')}" if moment else ""
    read = shown and path.partition("/")[0] not in LEFT_OUT and readable_folder(folder_class)
    return Folder(id, path, folder_class, digest, int(count) if count.isdigit() else 0, read)
