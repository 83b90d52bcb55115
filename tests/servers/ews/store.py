"""The double's store: mailboxes, folders, items, and a journal of what happened to them."""

from __future__ import annotations

import base64
import itertools
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from lxml import etree

PUBLIC: Final = "public"
DISTINGUISHED: Final = {
    # MS-OXWSFOLD: DistinguishedFolderIdNameType → (display name, folder class)
    "inbox": ("Inbox", "IPF.Note"),
    "sentitems": ("Sent Items", "IPF.Note"),
    "drafts": ("Drafts", "IPF.Note"),
    "deleteditems": ("Deleted Items", "IPF.Note"),
    "outbox": ("Outbox", "IPF.Note"),
    "junkemail": ("Junk Email", "IPF.Note"),
    "contacts": ("Contacts", "IPF.Contact"),
    "calendar": ("Calendar", "IPF.Appointment"),
    "tasks": ("Tasks", "IPF.Task"),
    "journal": ("Journal", "IPF.Journal"),
    "notes": ("Notes", "IPF.StickyNote"),
}
ExtKey = tuple[str, str]
"""(property set or 'tag', name, number or tag), in lower case."""


@dataclass
class Extended:
    """An extended property: its path as it was written, and its values."""

    uri: dict[str, str]
    values: list[str]
    many: bool


@dataclass
class Attached:
    """An attachment of an item."""

    id: str
    name: str
    content: bytes
    content_type: str = "application/octet-stream"
    content_id: str = ""
    location: str = ""
    inline: bool = False
    photo: bool = False
    item: bool = False
    """Whether it is an item attachment: `content` is then its MIME."""
    reference: str = ""
    mime: bool = True
    """Whether an item attachment can be turned into MIME: a task cannot."""


@dataclass
class StoredItem:
    """An item. `props`: path ('Subject', 'PhoneNumbers/HomePhone') to its element (an entry's text as an element)."""

    tag: str
    id: str
    folder: str
    change: int
    item_class: str
    created: datetime
    modified: datetime
    search_key: str
    props: dict[str, etree._Element] = field(default_factory=dict)
    ext: dict[ExtKey, Extended] = field(default_factory=dict)
    attachments: list[Attached] = field(default_factory=list)
    mime: bytes = b""
    draft: bool = False
    master: str = ""
    """Of an occurrence: the series that it is of."""
    exceptions: dict[str, StoredItem] = field(default_factory=dict)
    """Of a series: its changed occurrences by the moment that the rule has them at."""
    deleted: list[str] = field(default_factory=list)

    @property
    def change_key(self) -> str:
        return base64.b64encode(b"ck" + self.change.to_bytes(8, "big")).decode()


@dataclass
class Folder:
    """A folder of a mailbox."""

    id: str
    name: str
    folder_class: str
    parent: str
    mailbox: str
    distinguished: str = ""
    ext: dict[ExtKey, Extended] = field(default_factory=dict)
    changed: datetime = field(default_factory=lambda: datetime.now(UTC))
    deleted: int = 0


@dataclass(frozen=True)
class Event:
    """What happened, in the order of `number`. `what`: Create, Update, Delete, ReadFlagChange; of folders F+these."""

    number: int
    what: str
    mailbox: str
    folder: str
    id: str
    kind: str = ""


class Denied(Exception):
    """A response code, and what goes with it."""

    def __init__(self, code: str, text: str = "", **values: str) -> None:
        super().__init__(code)
        self.code, self.text, self.values = code, text or f"the double answers {code}", values


class Store:
    """All mailboxes of the server. Every method is called under `lock`."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.folders: dict[str, Folder] = {}
        self.items: dict[str, StoredItem] = {}
        self.journal: list[Event] = []
        self.names: dict[str, str] = {}
        self.watchers: list[Callable[[Event], None]] = []
        self._numbers = itertools.count(1)
        self._uniq = uuid.uuid4().hex[:8]
        self._children: dict[str, dict[str, Folder]] = {}
        self._contents: dict[str, dict[str, StoredItem]] = {}
        self._happened: dict[str, list[Event]] = {}
        self._distinguished: dict[tuple[str, str], Folder] = {}

    def now(self) -> datetime:
        return datetime.now(UTC).replace(microsecond=0)

    # -- mailboxes and folders

    def add_mailbox(self, address: str, name: str = "", names: dict[str, str] | None = None) -> None:
        """A mailbox with its distinguished folders, under other names where `names` (by distinguished id) has them."""
        self.names[address] = name or address
        root = self._folder("root", "", "", address, "root")
        top = self._folder("Top of Information Store", "", root.id, address, "msgfolderroot")
        if address == PUBLIC:
            root.distinguished, top.distinguished = "", "publicfoldersroot"
            self._distinguished[address, "publicfoldersroot"] = top
            return
        for distinguished, (shown, folder_class) in DISTINGUISHED.items():
            self._folder((names or {}).get(distinguished, shown), folder_class, top.id, address, distinguished)

    def _folder(self, name: str, folder_class: str, parent: str, mailbox: str, distinguished: str = "") -> Folder:
        folder = Folder(self._id("F"), name, folder_class, parent, mailbox, distinguished)
        self.folders[folder.id] = folder
        self._children.setdefault(parent, {})[folder.id] = folder
        if distinguished:
            self._distinguished[mailbox, distinguished] = folder
        return folder

    def add_folder(self, parent: Folder, name: str, folder_class: str, *, twin: bool = False) -> Folder:
        """Raises `Denied` where there is one of that name, unless `twin`."""
        if not twin and any(each.name.casefold() == name.casefold() for each in self.below(parent.id)):
            raise Denied("ErrorFolderExists", "a folder with the specified name already exists")
        folder = self._folder(name, folder_class, parent.id, parent.mailbox)
        self.note("FCreate", folder.mailbox, parent.id, folder.id)
        return folder

    def distinguished(self, mailbox: str, name: str) -> Folder:
        """Raises `Denied`."""
        if name == "publicfoldersroot":
            mailbox = PUBLIC
        if mailbox not in self.names:
            raise Denied("ErrorNonExistentMailbox", f"the SMTP address has no mailbox associated with it: {mailbox}")
        if (mailbox, name) in self._distinguished:
            return self._distinguished[mailbox, name]
        raise Denied("ErrorFolderNotFound", "the specified folder could not be found in the store")

    def below(self, folder: str, deep: bool = False) -> Iterator[Folder]:
        for each in list(self._children.get(folder, {}).values()):
            yield each
            if deep:
                yield from self.below(each.id, True)

    def in_folder(self, folder: str) -> list[StoredItem]:
        return list(self._contents.get(folder, {}).values())

    def events(self, folder: str) -> list[Event]:
        """What happened in a folder, the oldest first."""
        return self._happened.get(folder, [])

    def drop_folder(self, folder: Folder) -> None:
        for each in list(self.below(folder.id)):
            self.drop_folder(each)
        for item in self.in_folder(folder.id):
            self.drop(item)
        del self.folders[folder.id]
        del self._children[folder.parent][folder.id]
        self.note("FDelete", folder.mailbox, folder.parent, folder.id)

    # -- items

    def _id(self, letter: str) -> str:
        # As long as real ones, and mixed of capitals and small letters: whoever folds case mixes two items up.
        number = next(self._numbers)
        raw = f"{letter}{self._uniq}".encode().ljust(46, b"\x00") + (number * 26).to_bytes(8, "big")
        return "AAMk" + base64.b64encode(raw).decode()

    def put(self, item_class: str, tag: str, folder: Folder) -> StoredItem:
        now = self.now()
        item = StoredItem(
            tag, self._id("I"), folder.id, next(self._numbers), item_class, now, now,
            base64.b64encode(uuid.uuid4().bytes).decode(),
        )  # fmt: skip
        self._keep(item)
        return item

    def _keep(self, item: StoredItem) -> None:
        self.items[item.id] = item
        self._contents.setdefault(item.folder, {})[item.id] = item

    def discard(self, item: StoredItem) -> StoredItem:
        """Takes an item out as if it had never been."""
        del self.items[item.id]
        return self._contents[item.folder].pop(item.id)

    def appeared(self, item: StoredItem, what: str = "Create") -> None:
        self.note(what, self.folders[item.folder].mailbox, item.folder, item.id, item.tag)

    def touch(self, item: StoredItem, what: str = "Update") -> None:
        """A new change key."""
        item.change = next(self._numbers)
        item.modified = self.now()
        self.note(what, self.folders[item.folder].mailbox, item.folder, item.id, item.tag)

    def drop(self, item: StoredItem) -> None:
        self.discard(item)
        self.folders[item.folder].deleted += 1
        self.note("Delete", self.folders[item.folder].mailbox, item.folder, item.id, item.tag)

    def move(self, item: StoredItem, folder: Folder) -> StoredItem:
        """The item under another id, as a move makes it."""
        before = self.discard(item)
        self.folders[before.folder].deleted += 1
        self.note("Delete", self.folders[before.folder].mailbox, before.folder, before.id, item.tag)
        before.id, before.folder, before.change = self._id("I"), folder.id, next(self._numbers)
        for index, each in enumerate(before.attachments):
            each.id = f"{before.id}.{index}"
        self._keep(before)
        self.appeared(before)
        return before

    def copy(self, item: StoredItem, folder: Folder) -> StoredItem:
        from copy import deepcopy

        twin = deepcopy(item)
        twin.id, twin.folder, twin.change = self._id("I"), folder.id, next(self._numbers)
        for index, each in enumerate(twin.attachments):
            each.id = f"{twin.id}.{index}"
        self._keep(twin)
        self.appeared(twin)
        return twin

    def note(self, what: str, mailbox: str, folder: str, id: str, kind: str = "") -> None:
        event = Event(next(self._numbers), what, mailbox, folder, id, kind)
        self.journal.append(event)
        self._happened.setdefault(folder, []).append(event)
        if not what.startswith("F") and folder in self.folders:
            self.folders[folder].changed = datetime.now(UTC)
        for watcher in list(self.watchers):
            watcher(event)
