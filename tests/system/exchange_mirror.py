"""Files below mailboxes/ and the items of the protocol double, kept alike both ways.

A scenario writes, edits, moves and deletes files; `push` does on the server what people and transports would have done
there. `pull` shows in the files what the server holds after a command. An edited file changes the properties that its
edited lines stand for and no others, as a phone does.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

from tests.servers.ews import EwsServer
from tests.servers.ews.mailing import fill_calendar, fill_card, fill_mail, fill_note, folder_at
from tests.servers.ews.showing import show
from tests.servers.ews.store import PUBLIC, Folder, StoredItem

_CLASSES = {
    "Contacts": "IPF.Contact",
    "Calendar": "IPF.Appointment",
    "Tasks": "IPF.Task",
    "Journal": "IPF.Journal",
    "Notes": "IPF.StickyNote",
}
_BY_CONTENT = {b"BEGIN:VCARD": "IPF.Contact", b"BEGIN:VEVENT": "IPF.Appointment", b"BEGIN:VTODO": "IPF.Task", b"BEGIN:VJOURNAL": "IPF.Journal"}  # fmt: skip
TRASH = ".trash"


@dataclass
class Twin:
    """A file's content and its item, and the item's change when both were alike."""

    content: bytes
    item: StoredItem
    change: int


class Mirror:
    """The files below `top` and the items of `server`."""

    def __init__(self, server: EwsServer, top: Path) -> None:
        self.server = server
        self.top = top
        self.twins: dict[str, Twin] = {}
        self._called: dict[str, str] = {}
        self._trashed: dict[int, str] = {}
        self._numbers = 0

    # ------------------------------------------------------------ files → items

    def push(self) -> None:
        """What has changed among the files happens on the server."""
        store = self.server.store
        with store.lock:
            self.server.away = {name for name in store.names if name != PUBLIC} - self._mailboxes()
            there = self._files()
            gone = {path: self.twins.pop(path) for path in list(self.twins) if path not in there and self._near(path)}
            for path, content in there.items():
                twin = self.twins.get(path)
                if twin is not None:
                    if twin.content != content:
                        _edit(twin.item, path, twin.content, content)
                        store.touch(twin.item)
                        self._alike(path, content, twin.item)
                    continue
                moved = next((old for old, known in gone.items() if known.content == content), None)
                item = (
                    store.move(gone.pop(moved).item, self._folder(path, content)) if moved else self._new(path, content)
                )
                self._alike(path, content, item)
            for twin in gone.values():
                if twin.item.id in store.items:
                    store.drop(twin.item)

    def _files(self) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for path in sorted(self.top.rglob("*")):
            near = self._near(path.relative_to(self.top).as_posix())
            if near and path.is_file() and TRASH not in path.parts and not path.name.startswith("."):
                with contextlib.suppress(FileNotFoundError):  # renamed meanwhile
                    found[path.relative_to(self.top).as_posix()] = path.read_bytes()
        return found

    def _near(self, path: str) -> bool:
        """Whether a file lies in a mailbox that is there: one whose folder somebody took away cannot be reached."""
        address = path.partition("/")[0]
        return address in self.server.store.names and address not in self.server.away

    def _alike(self, path: str, content: bytes, item: StoredItem) -> None:
        self.twins[path] = Twin(content, item, item.change)
        self._called[f"{path.partition('/')[0]}/{item.id}"] = path

    def _folder(self, path: str, content: bytes) -> Folder:
        address, _, rest = path.partition("/")
        folder = rest.rpartition("/")[0]
        said = next((name for mark, name in _BY_CONTENT.items() if mark in content), "IPF.Note")
        return folder_at(self.server.store, address, folder, _CLASSES.get(folder.partition("/")[0], said))

    def _new(self, path: str, content: bytes) -> StoredItem:
        item = self.server.store.put("IPM.Note", "Message", self._folder(path, content))
        fill(item, path, content)
        self.server.store.appeared(item)
        return item

    # ------------------------------------------------------------ items → files

    def pull(self) -> None:
        """What the server holds is in the files."""
        store = self.server.store
        with store.lock:
            paths = {id(twin.item): path for path, twin in self.twins.items()}
            for path, twin in [each for each in self.twins.items() if self._near(each[0])]:
                home = self._home(twin.item)
                if home == path.rpartition("/")[0]:
                    if twin.item.change != twin.change:
                        self._write(path, twin.item)
                    continue
                del self.twins[path]
                (self.top / path).unlink(missing_ok=True)
                if home is not None:
                    self._write(f"{home}/{path.rpartition('/')[2]}", twin.item)
            for item in list(store.items.values()):
                home = self._home(item)
                trashed = self._trashed.get(id(item), "")
                if trashed and home != trashed.rpartition("/")[0]:
                    (self.top / self._trashed.pop(id(item))).unlink(missing_ok=True)
                    trashed = ""
                if id(item) not in paths and home is not None and not trashed:
                    self._numbers += 1
                    self._write(f"{home}/made-{self._numbers:04}{show(item)[0]}", item)

    def _write(self, path: str, item: StoredItem) -> None:
        target = self.top / path
        target.parent.mkdir(parents=True, exist_ok=True)
        content = show(item)[1]
        target.write_bytes(content)
        if path.startswith(TRASH):
            self._trashed[id(item)] = path
        else:
            self._alike(path, content, item)

    def _home(self, item: StoredItem) -> str | None:
        """The folder of the files that an item's folder is; None for an item that is gone or lies where nobody looks."""
        store = self.server.store
        if item.id not in store.items or store.folders[item.folder].mailbox not in self._mailboxes():
            return None
        names: list[str] = []
        folder = store.folders[item.folder]
        mailbox = folder.mailbox
        while folder.distinguished not in ("msgfolderroot", "publicfoldersroot"):
            names.insert(0, folder.name)
            folder = store.folders[folder.parent]
        if names[:1] == ["Deleted Items"]:
            return f"{TRASH}/{mailbox}"
        return "/".join([mailbox, *names])

    def _mailboxes(self) -> set[str]:
        return {path.name for path in self.top.iterdir() if path.is_dir()} | {PUBLIC}

    # ------------------------------------------------------------ names

    def named(self, text: str) -> str:
        """A text with the names of files where it names items, also gone ones, by mailbox and id or by the id alone."""
        for told, path in self._called.items():
            text = text.replace(told, path)
            text = text.replace(told.partition("/")[2], path.partition("/")[2])
        return text

    def ids(self, text: str) -> str:
        """A text with mailbox and id of an item where it names its file."""
        for told, path in self._called.items():
            for written in (str(self.top / path), f"{self.top.name}/{path}", path):
                text = text.replace(written, told)
        return text


def fill(item: StoredItem, path: str, content: bytes) -> None:
    """What a file says, in an item."""
    match path[-4:]:
        case ".eml":
            fill_mail(item, content)
        case ".ics":
            fill_calendar(item, content.decode())
        case ".vcf":
            fill_card(item, content.decode())
        case _:
            fill_note(item, content.decode())


def _scratch(path: str, content: bytes) -> StoredItem:
    now = datetime.now(UTC)
    item = StoredItem("Message", "", "", 0, "IPM.Note", now, now, "")
    fill(item, path, content)
    return item


def _edit(item: StoredItem, path: str, before: bytes, after: bytes) -> None:
    """Changes the properties of an item that differ between two contents of its file."""
    old, new = _scratch(path, before), _scratch(path, after)
    text = lambda element: etree.tostring(element) if element is not None else b""  # noqa: E731
    for name in old.props.keys() | new.props.keys():
        if text(old.props.get(name)) != text(new.props.get(name)):
            item.props.pop(name, None)
            if name in new.props:
                item.props[name] = new.props[name]
    for key in old.ext.keys() | new.ext.keys():
        if old.ext.get(key) != new.ext.get(key):
            item.ext.pop(key, None)
            if key in new.ext:
                item.ext[key] = new.ext[key]
    if old.item_class != new.item_class:
        item.item_class = new.item_class
    if old.mime != new.mime:
        item.mime = new.mime
    if [(each.name, each.content) for each in old.attachments] != [
        (each.name, each.content) for each in new.attachments
    ]:
        item.attachments = new.attachments
        for number, each in enumerate(item.attachments):
            each.id = f"{item.id}.{number}"
