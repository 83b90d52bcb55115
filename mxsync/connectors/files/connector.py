"""The connector of the file store: `mxsync.ports.connector.MailConnector` over PATH/<user address>/<Folder>/…"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from mxsync.connectors.files import cursor as cursors
from mxsync.connectors.files import durable
from mxsync.connectors.files.changes import look_for_changes
from mxsync.connectors.files.creations import Creations
from mxsync.connectors.files.layout import (
    ENDING_OF_KIND,
    TRASH,
    checked_parts,
    ending_of,
    endings_of,
    href_of,
    is_folder,
    ref_at,
    split_href,
    within,
)
from mxsync.connectors.files.limits import Limits
from mxsync.connectors.files.people import People
from mxsync.connectors.files.places import Places
from mxsync.connectors.files.reader import FilesReader
from mxsync.connectors.files.reading import Content, read_content, read_item, read_part
from mxsync.connectors.files.scan import Walk
from mxsync.connectors.files.trash import in_trash, put_in_trash
from mxsync.connectors.files.untouched import still_untouched
from mxsync.connectors.files.watching import FolderWatch
from mxsync.connectors.files.writing import changed_content, new_content, with_shortcut
from mxsync.errors import AlreadyExists, BadContent, MxsyncError, NotFound, RevisionMismatch, Unavailable
from mxsync.model.change import ChangePage, Cursor, FolderTrouble
from mxsync.model.item import PUBLIC, Address, Draft, ItemRef, Kind, Revision, Unreadable
from mxsync.ports.connector import Capabilities, Creation, Fetched, KnownItems, Watch, Written

DEFAULT_LIMITS = Limits()


class FilesConnector:
    """Mailboxes that are folders of files below `root`.

    `timezone` (an IANA name) is for times that name no zone; `clock` gives the moment that is written as modified.
    """

    def __init__(
        self,
        root: Path,
        *,
        timezone: str = "UTC",
        region: str = "",
        limits: Limits = DEFAULT_LIMITS,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._root = root
        self._places = Places(root)
        self._timezone = timezone
        self._zone: tzinfo = UTC if timezone.upper() == "UTC" else ZoneInfo(timezone)
        self._region = region
        self._limits = limits
        self._clock = clock
        self._people = People(limits)
        self._creations = Creations()
        self._leftovers: set[str] = set()
        self._swept = False

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(name="files", kinds=frozenset(Kind))

    # -- looking

    def changes(self, mailbox: str, cursor: Cursor, known: KnownItems) -> ChangePage:
        """See the port. A mailbox whose folder is missing has trouble and loses nothing."""
        if missing := self._places.missing():
            raise Unavailable(missing, retry_after=10.0)
        place = self._places.mailbox(mailbox)
        if mailbox == PUBLIC and place is None and not cursor:
            return ChangePage((), cursor)
        refused = self._places.refused(mailbox)
        if place is None or refused:
            return ChangePage((), cursor, (FolderTrouble(mailbox, "", "", refused),))
        page, leftovers = look_for_changes(mailbox, place, cursor, known, self._limits, self._zone)
        self._leftovers.update(leftovers)
        return page

    def unsettled(self, cursor: Cursor, folder: str) -> Cursor:
        """See `mxsync.ports.connector.TellsByState`."""
        return cursors.unsettled(cursor, folder)

    def fetch(self, refs: Sequence[ItemRef]) -> Iterator[Fetched | Unreadable]:
        """See the port. Files are read one at a time, when the next answer is asked for."""
        indexes: dict[str, dict[str, Address]] = {}
        folders: dict[tuple[str, str], Path | None] = {}
        for ref in refs:
            folder, name = split_href(ref.href)
            where = (ref.mailbox, folder)
            if where not in folders:
                folders[where] = self._places.folder(ref)
            home = folders[where]
            if home is None:
                continue
            checked_parts(name)
            answer = read_item(ref, home / name, self._limits, self._zone, self._related(ref.mailbox, indexes))
            if answer is not None:
                yield answer

    def untouched(self, read: Sequence[Fetched]) -> Sequence[Fetched]:
        """See `mxsync.ports.connector.TellsUntouched`."""
        return still_untouched(read, self._places)

    def reader(self) -> FilesReader:
        """See the port."""
        return FilesReader(self._root, self._timezone, self._region, self._limits)

    def _related(self, mailbox: str, indexes: dict[str, dict[str, Address]]) -> Callable[[str], Address | None]:
        """Looks a card's UID up in the mailbox's Contacts, then in the public ones; read when first asked."""

        def look_up(uid: str) -> Address | None:
            if mailbox not in indexes:
                places = (self._places.mailbox(name) for name in (mailbox, PUBLIC))
                indexes[mailbox] = self._people.index([place for place in places if place is not None])
            return indexes[mailbox].get(uid.removeprefix("urn:uuid:"))

        return look_up

    def attachment(self, ref: ItemRef, part: str) -> BinaryIO:
        """See the port. Raises `NotFound` and `BadContent`."""
        place = self._places.required(ref)
        try:
            return io.BytesIO(read_part(ref, place, part, self._limits, self._zone))
        except OSError as error:
            raise durable.server_error(error, ref.href) from error

    # -- writing

    def create(self, mailbox: str, folder: str, draft: Draft, key: str) -> Written:
        """See the port. The file's name is made from `key`: a second call finds the first one's file."""
        name = _name_of(draft, key)
        try:
            place, path = self._new_place(mailbox, folder, draft)
            if not os.path.lexists(place / name) and not self._creations.place(place / name):
                durable.write_new(place / name, self._new(draft, name), Path(name).stem)
            return self._written(ref_at(mailbox, path, name), place / name)
        except OSError as error:
            raise durable.server_error(error, href_of(folder, name)) from error

    def made(self, item: Creation) -> ItemRef | None:
        """See the port."""
        home = folder = self._places.mailbox(item.mailbox)
        for part in checked_parts(item.folder):
            folder = within(folder, part) if folder is not None else None
        if home is None or folder is None:
            return None
        name = _name_of(item.draft, item.key)
        place = within(folder, name)
        if place is None:
            walk = Walk(item.mailbox, home, folder.relative_to(home).as_posix())
            there = (home / each.path / name for each in walk.folders())
            place = next((each for each in there if os.path.lexists(each)), None)
        return ref_at(item.mailbox, place.parent.relative_to(home).as_posix(), name) if place is not None else None

    @contextlib.contextmanager
    def creating(self, items: Sequence[Creation]) -> Iterator[None]:
        """See the port."""
        contents: dict[Path, bytes] = {}
        for item in items:
            name = _name_of(item.draft, item.key)
            with contextlib.suppress(MxsyncError, OSError):  # `create` says what is wrong
                path = self._new_place(item.mailbox, item.folder, item.draft)[0] / name
                if not os.path.lexists(path):
                    contents[path] = self._new(item.draft, name)
        with self._creations.prepared(contents):
            yield

    def _new(self, draft: Draft, name: str) -> bytes:
        return new_content(draft, f"{Path(name).stem}@mxsync.invalid", self._now(), self._zone)

    def _new_place(self, mailbox: str, folder: str, draft: Draft) -> tuple[Path, str]:
        parts = checked_parts(folder)
        if ENDING_OF_KIND[draft.kind] not in endings_of(folder):
            raise BadContent(f"the folder `{folder}` holds no items of the kind `{draft.kind}`")
        return self._places.made(mailbox, parts)

    def update(self, ref: ItemRef, draft: Draft, expected: Revision) -> Written:
        """See the port. Where nothing changes, nothing is written."""
        return self._rewrite(ref, expected, lambda raw: changed_content(ref.href, raw, draft, self._zone, self._now()))

    def replace_attachment(self, ref: ItemRef, part: str, link: str, expected: Revision) -> Written:
        """See the port."""
        return self._rewrite(ref, expected, lambda raw: with_shortcut(ref.href, raw, part, link))

    def _rewrite(self, ref: ItemRef, expected: Revision, change: Callable[[bytes], bytes]) -> Written:
        place = self._places.required(ref)
        try:
            content = self._expected(ref, place, expected)
            raw = change(content.raw)
            if raw != content.raw:
                self._expected(ref, place, expected)  # a last look, right before the rename
                durable.replace(place, raw, secrets.token_hex(6))
            return self._written(ref, place)
        except BadContent as error:
            raise BadContent(f"`{ref.href}` cannot be changed: {error}") from error
        except OSError as error:
            raise durable.server_error(error, ref.href) from error

    def delete(self, ref: ItemRef, expected: Revision) -> None:
        """See the port. The file goes to `.trash` of the store, under the mailbox's and the folder's names."""
        place = self._places.file(ref)
        if place is None or not os.path.lexists(place):
            return
        try:
            self._expected(ref, place, expected)
            put_in_trash(self._root, ref, place)
        except OSError as error:
            raise durable.server_error(error, ref.href) from error

    def erase(self, ref: ItemRef, expected: Revision) -> None:
        """See the port. The file is deleted and not put into the trash."""
        place = self._places.file(ref)
        if place is None or not os.path.lexists(place):
            return
        try:
            self._expected(ref, place, expected)
            durable.remove(place)
        except OSError as error:
            raise durable.server_error(error, ref.href) from error

    def recoverable(self, ref: ItemRef, revision: Revision) -> bool:
        """See `KeepsDeleted`."""
        return in_trash(self._root, ref, revision, self._limits) is not None

    def restore(self, ref: ItemRef, revision: Revision) -> Written:
        """See `KeepsDeleted`. The file comes out of `.trash`."""
        try:
            source = in_trash(self._root, ref, revision, self._limits)
            if source is None:
                raise NotFound(f"`{ref.href}` is not in {TRASH} any more")
            folder, name = split_href(ref.href)
            target, path = self._places.made(ref.mailbox, checked_parts(folder))
            if os.path.lexists(target / name):
                raise AlreadyExists(f"there is another `{ref.href}` now")
            durable.move_file(source, target / name)
            return self._written(ref_at(ref.mailbox, path, name), target / name)
        except OSError as error:
            raise durable.server_error(error, ref.href) from error

    def move(self, ref: ItemRef, folder: str, expected: Revision) -> Written:
        """See the port. A call repeated after a crash finds the file where the first one put it."""
        parts = checked_parts(folder)
        _, name = split_href(ref.href)
        if ending_of(name) not in endings_of(folder):
            raise BadContent(f"the folder `{folder}` holds no files like `{name}`")
        try:
            target, path = self._places.made(ref.mailbox, parts)
            source = self._places.file(ref)
            if source is None or not os.path.lexists(source):
                moved = target / name
                if os.path.lexists(moved) and read_content(moved, self._limits).revision == expected:
                    return self._written(ref_at(ref.mailbox, path, name), moved)
                raise NotFound(f"`{ref.href}` is not there any more")
            self._expected(ref, source, expected)
            if source.parent == target:
                return self._written(ref, source)
            name = durable.move_into(source, target, name)
            return self._written(ref_at(ref.mailbox, path, name), target / name)
        except OSError as error:
            raise durable.server_error(error, ref.href) from error

    def copy(self, ref: ItemRef, folder: str, key: str) -> Written:
        """See the port. The copy's name is made from `key`, its content is the same to the byte."""
        parts = checked_parts(folder)
        ending = ending_of(ref.href)
        if ending not in endings_of(folder):
            raise BadContent(f"the folder `{folder}` holds no files like `{ref.href}`")
        token = hashlib.blake2b(key.encode(), digest_size=12).hexdigest()
        try:
            place, path = self._places.made(ref.mailbox, parts)
            target = place / f"{token}{ending}"
            if not os.path.lexists(target):
                durable.write_new(target, read_content(self._places.required(ref), self._limits).raw, token)
            return self._written(ref_at(ref.mailbox, path, target.name), target)
        except OSError as error:
            raise durable.server_error(error, ref.href) from error

    def try_out(self, mailboxes: Sequence[str]) -> Sequence[str]:
        """See the port. A mailbox without a folder is told of, as a pass would."""
        missing = self._places.missing()
        return [
            missing
            or ("" if mailbox == PUBLIC and self._places.mailbox(PUBLIC) is None else self._places.refused(mailbox))
            for mailbox in mailboxes
        ]

    def close(self) -> None:
        """See the port. Files have no connections."""

    def clear_leftovers(self) -> None:
        """See the port. The first call looks through the directories, later ones go by what the walks have met."""
        if not is_folder(self._root):
            return
        if not self._swept:
            durable.clear_temporaries(self._root)
            self._swept = True
        for path in self._leftovers:
            with contextlib.suppress(OSError):  # of no harm where it stays: the next walk meets it again
                Path(path).unlink()
        self._leftovers.clear()

    def watch(self, mailboxes: Iterable[str], changed: Callable[[str], None]) -> Watch:
        """See the port."""
        return FolderWatch(self._root, mailboxes, changed)

    # -- what several of them share

    def _now(self) -> datetime:
        return self._clock()

    def _expected(self, ref: ItemRef, place: Path, expected: Revision) -> Content:
        content = read_content(place, self._limits)
        if content.revision != expected:
            raise RevisionMismatch(f"`{ref.href}` changed since it was read")
        return content

    def _written(self, ref: ItemRef, place: Path) -> Written:
        content = read_content(place, self._limits)
        return Written(ref, content.revision, content.stamp)


def _name_of(draft: Draft, key: str) -> str:
    """The name of the file that `create` makes."""
    return hashlib.blake2b(key.encode(), digest_size=12).hexdigest() + ENDING_OF_KIND[draft.kind]
