"""The connector of Exchange: `mxsync.ports.connector.MailConnector` over Exchange Web Services."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import BinaryIO
from zoneinfo import ZoneInfo

from mxsync.connectors.ews.attachments import Attachments, replace_by_link
from mxsync.connectors.ews.changes import look_for_changes
from mxsync.connectors.ews.classes import kind_of
from mxsync.connectors.ews.codecs import read_text, read_texts, windows_zone
from mxsync.connectors.ews.folders import Folder, Folders
from mxsync.connectors.ews.item_page import BODY_GROUP, CUSTOM_GROUP, ItemPage, Wanted
from mxsync.connectors.ews.occurrences import (
    Occurrences,
    has_others,
    same_series,
    wanted_series,
    what_to_settle,
    zone_name,
)
from mxsync.connectors.ews.operations import (
    GET_PAGE,
    Caller,
    CopyItem,
    CreateItem,
    DeleteItem,
    FindItem,
    GetItem,
    ItemId,
    MoveItem,
    UpdateItem,
    id_in,
)
from mxsync.connectors.ews.properties import (
    ATTACHMENTS,
    KEY,
    NAMES,
    OURS,
    PARENT,
    SEARCH_KEY,
    SETTLING,
    Extended,
    Path,
)
from mxsync.connectors.ews.reading import read_item
from mxsync.connectors.ews.settings import EwsSettings
from mxsync.connectors.ews.throttle import Throttle
from mxsync.connectors.ews.transport import Transport
from mxsync.connectors.ews.trying import try_mailboxes
from mxsync.connectors.ews.watching import StreamWatch, Unwatched
from mxsync.connectors.ews.wire import Element, local
from mxsync.connectors.ews.writing import new_item, set_field, updates
from mxsync.errors import BadContent, NotFound, RevisionMismatch, ServerError
from mxsync.extract.series import Series
from mxsync.model.change import ChangePage, Cursor
from mxsync.model.item import PUBLIC, Draft, ItemRef, Kind, Revision, Unreadable, Value
from mxsync.ports.connector import Capabilities, Creation, Fetched, KnownItems, Watch, Written

ORIGIN = Extended("String", set=OURS, name="origin")
"""Where an item is being moved from and to, so that a repeated move finds what the first one did."""


class EwsConnector:
    """Mailboxes and public folders of an Exchange server."""

    def __init__(
        self,
        settings: EwsSettings,
        *,
        throttle: Throttle | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.settings = settings
        self._transport = Transport(settings, throttle)
        self._zone: tzinfo = UTC if settings.timezone.upper() == "UTC" else ZoneInfo(settings.timezone)
        self._clock = clock
        self._wanted = Wanted()
        self._folders = Folders(self._caller)
        self._attachments = Attachments(self._caller)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(name="ews", kinds=frozenset(Kind), public_folders=bool(self.settings.public))

    def _caller(self, mailbox: str) -> Caller:
        """Who opens a mailbox; the public folders are opened through the mailbox that is configured for them."""
        return Caller(self._transport, self.settings.public if mailbox == PUBLIC else mailbox)

    # -- looking

    def changes(self, mailbox: str, cursor: Cursor, known: KnownItems) -> ChangePage:
        """See the port."""
        return look_for_changes(
            mailbox, self._caller(mailbox), self._folders, cursor, known, int(self._clock().timestamp())
        )

    def fetch(self, refs: Sequence[ItemRef]) -> Iterator[Fetched | Unreadable]:
        """See the port. Items are read by the hundred; a body only when it is asked for."""
        start = 0
        while start < len(refs):
            mailbox = refs[start].mailbox
            end = start
            while end < len(refs) and end - start < GET_PAGE and refs[end].mailbox == mailbox:
                end += 1
            yield from self._page(mailbox, refs[start:end])
            start = end

    def _page(self, mailbox: str, refs: Sequence[ItemRef]) -> Iterator[Fetched | Unreadable]:
        homeless = () if all(ref.folder for ref in refs) else (PARENT,)
        page = ItemPage(lambda: self._caller(mailbox), [ref.href for ref in refs], self._wanted, homeless)
        for ref, answer in zip(refs, page.answers, strict=True):
            found: Fetched | Unreadable | None
            if isinstance(answer, ServerError):
                found = _unread(ref, answer)
            else:
                if not ref.folder:
                    ref = replace(ref, folder=self._folders.path_of(mailbox, PARENT.find(answer)))
                found = read_item(ref, answer, page, self._class_of(ref), self._zone, self._attachments)
            if found is not None:
                yield found

    def _class_of(self, ref: ItemRef) -> str:
        return self._folders.class_of(ref.mailbox, ref.folder)

    def attachment(self, ref: ItemRef, part: str) -> BinaryIO:
        """See the port. Raises `NotFound`."""
        return self._attachments.open(ref, part)

    def reader(self) -> None:
        """See the port: connections are this process's own."""

    # -- writing

    def create(self, mailbox: str, folder: str, draft: Draft, key: str) -> Written:
        """See the port. The key is a named property of the item, and looked for before anything is made."""
        home = self._folders.make(mailbox, folder, draft.kind)
        token = _token(key)
        series = wanted_series(draft.fields.get("recurrence"), self._zone) if draft.kind is Kind.APPOINTMENT else None
        found = self._by(mailbox, home, KEY, token)
        if found is None:
            item = new_item(draft, token, self._zone, self._series_zone(series), self._clock())
            found = CreateItem(self._caller(mailbox)).call(home.id, item, f"a new {draft.kind} in `{folder}`")
        if series is not None and has_others(series):
            found = self._settle(ItemRef(mailbox, home.path, found.id), found, series)
        return _written(ItemRef(mailbox, home.path, found.id), found)

    def made(self, item: Creation) -> ItemRef | None:
        """See the port."""
        home = self._folders.find(item.mailbox, item.folder)
        found = self._by(item.mailbox, home, KEY, _token(item.key)) if home is not None else None
        return ItemRef(item.mailbox, home.path, found.id) if home is not None and found is not None else None

    def _series_zone(self, series: Series | None) -> str:
        zone = windows_zone(self.settings.timezone)
        return zone_name(series, zone) if series is not None else zone

    def _settle(self, ref: ItemRef, id: ItemId, series: Series) -> ItemId:
        """The item with the occurrences that its series says; its change key then."""
        home = self._folders.find(ref.mailbox, ref.folder)
        if home is None:
            raise NotFound(f"the folder `{ref.folder}` of {ref.mailbox} is not there any more")
        return Occurrences(self._caller(ref.mailbox), home.id, id, self._zone, _where(ref)).settle(series)

    def _by(self, mailbox: str, home: Folder, path: Path, value: str) -> ItemId | None:
        """The item of a folder whose property is `value`."""
        elements = FindItem(self._caller(mailbox)).where(home.id, path, value, ())
        return next((found for element in elements if (found := id_in(element)) is not None), None)

    def update(self, ref: ItemRef, draft: Draft, expected: Revision) -> Written:
        """See the port. What the item has already is not written; the change key keeps anything else from being
        overwritten."""
        page, element, id = self._expected(ref, expected, draft)
        fetched = read_item(ref, element, page, self._class_of(ref), self._zone, self._attachments)
        if not isinstance(fetched, Fetched):
            raise BadContent(fetched.reason if fetched is not None else f"{_where(ref)} is no item that can be changed")
        before = fetched.item.fields
        fields = {name: value for name, value in draft.fields.items() if _bare(before.get(name)) != _bare(value)}
        series = None
        if fetched.item.kind is Kind.APPOINTMENT:
            if same_series(before.get("recurrence"), fields.get("recurrence", before.get("recurrence")), self._zone):
                fields.pop("recurrence", None)
            series, fields = what_to_settle(before, fields, self._zone)
        properties = {
            name: value for name, value in draft.custom.items() if _bare(fetched.item.custom.get(name)) != _bare(value)
        }
        item_class = "" if draft.item_class.lower() == str(before.get("class")).lower() else draft.item_class
        left = Draft(fetched.item.kind, fields, properties, item_class)
        names = read_texts(NAMES.find(element))
        changes = updates(local(element), left, before, names, self._zone, self._series_zone(series))
        if series is not None:
            changes.append(set_field(local(element), SETTLING, SETTLING.make(_settling(ref, draft, expected))))
        if changes:
            calendar = local(element) == "CalendarItem"
            id = UpdateItem(self._caller(ref.mailbox)).call(id, changes, _where(ref), calendar=calendar)
        if series is not None:
            id = self._settle(ref, id, series)
        return _written(ref, id)

    def _expected(self, ref: ItemRef, expected: Revision, draft: Draft) -> tuple[ItemPage, Element, ItemId]:
        """The item with all that a draft touches. Raises `NotFound`, and `RevisionMismatch` where it has changed."""
        wanted = Wanted()
        if draft.fields.keys() & {"body", "notes"}:
            wanted.add(BODY_GROUP)
        for name in draft.custom:
            wanted.add(CUSTOM_GROUP + name)
        page = ItemPage(lambda: self._caller(ref.mailbox), [ref.href], wanted, (SETTLING,))
        element = page.answers[0]
        if isinstance(element, ServerError):
            raise _gone(ref, element)
        found = id_in(element)
        if found is not None and read_text(SETTLING.find(element)) == _settling(ref, draft, expected):
            return page, element, found  # this very call was broken off in the middle of a series
        return page, element, _same(ref, element, expected)

    def _look(self, ref: ItemRef, paths: Sequence[Path]) -> Element:
        """The item's element with some properties. Raises `NotFound`."""
        answer = GetItem(self._caller(ref.mailbox)).call([ref.href], paths)[0]
        if isinstance(answer, ServerError):
            raise _gone(ref, answer)
        return answer

    def delete(self, ref: ItemRef, expected: Revision) -> None:
        """See the port. It goes to Deleted Items; from a public folder to what can be recovered of it. Exchange deletes
        without regard to the change key, so it is looked at right before."""
        self._delete(ref, expected, "SoftDelete" if ref.mailbox == PUBLIC else "MoveToDeletedItems")

    def erase(self, ref: ItemRef, expected: Revision) -> None:
        """See the port. A hard deletion: what a litigation hold or single item recovery keeps beyond it is the
        administrator's."""
        self._delete(ref, expected, "HardDelete")

    def _delete(self, ref: ItemRef, expected: Revision, kind: str) -> None:
        try:
            id = _same(ref, self._look(ref, ()), expected)
            DeleteItem(self._caller(ref.mailbox)).call(id, _where(ref), kind=kind)
        except NotFound:
            return

    def move(self, ref: ItemRef, folder: str, expected: Revision) -> Written:
        """See the port. A move gives the item another id, so it is marked with where it goes: a repeated call finds it
        by that."""
        token = hashlib.blake2b(f"{ref.href}\n{folder.casefold()}".encode(), digest_size=16).hexdigest()
        try:
            element = self._look(ref, (ORIGIN,))
        except NotFound:
            home = self._folders.find(ref.mailbox, folder)
            found = self._by(ref.mailbox, home, ORIGIN, token) if home is not None else None
            if home is None or found is None:
                raise
            return _written(ItemRef(ref.mailbox, home.path, found.id), found)
        id = id_in(element) or ItemId(ref.href)
        marked = read_text(ORIGIN.find(element)) == token
        if not marked:
            id = _same(ref, element, expected)
        if ref.folder.casefold() == folder.casefold():
            return _written(ref, id)
        home = self._folders.make(ref.mailbox, folder, self._kind(ref))
        caller = self._caller(ref.mailbox)
        if not marked:
            calendar = local(element) == "CalendarItem"
            mark = set_field(local(element), ORIGIN, ORIGIN.make(token))
            id = UpdateItem(caller).call(id, [mark], _where(ref), calendar=calendar)
        moved = MoveItem(caller).call(id, home.id, _where(ref)) or self._by(ref.mailbox, home, ORIGIN, token)
        if moved is None:
            raise NotFound(f"{_where(ref)} was moved to `{folder}` and is not found there")
        return _written(ItemRef(ref.mailbox, home.path, moved.id), moved)

    def _kind(self, ref: ItemRef) -> Kind:
        """What a folder that an item goes to is for, where it has to be made."""
        return kind_of("", self._class_of(ref)) or Kind.MAIL

    def copy(self, ref: ItemRef, folder: str, key: str) -> Written:
        """See the port. Exchange copies named properties with the item, the source's key too; a copy whose answer was
        lost is known by the search key that it shares with the source, and by not having the copy's key yet."""
        home = self._folders.make(ref.mailbox, folder, self._kind(ref))
        token = hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
        found = self._by(ref.mailbox, home, KEY, token)
        if found is not None:
            return _written(ItemRef(ref.mailbox, home.path, found.id), found)
        source = self._look(ref, (SEARCH_KEY, KEY))
        caller = self._caller(ref.mailbox)
        made = self._lost_copy(ref, home, source) or CopyItem(caller).call(ItemId(ref.href), home.id, _where(ref))
        if made is None:
            made = self._lost_copy(ref, home, source)
        if made is None:
            raise NotFound(f"{_where(ref)} was copied to `{folder}` and is not found there")
        tag = local(source)
        mark = set_field(tag, KEY, KEY.make(token))
        made = UpdateItem(caller).call(made, [mark], _where(ref), calendar=tag == "CalendarItem")
        return _written(ItemRef(ref.mailbox, home.path, made.id), made)

    def _lost_copy(self, ref: ItemRef, home: Folder, source: Element) -> ItemId | None:
        search_key, key = read_text(SEARCH_KEY.find(source)), read_text(KEY.find(source))
        if not search_key:
            return None
        for element in FindItem(self._caller(ref.mailbox)).where(home.id, SEARCH_KEY, search_key, (KEY,)):
            found = id_in(element)
            if found is not None and found.id != ref.href and read_text(KEY.find(element)) == key:
                return found
        return None

    def replace_attachment(self, ref: ItemRef, part: str, link: str, expected: Revision) -> Written:
        """See the port. The shortcut is there before the attachment goes, so that a crash loses neither."""
        element = self._look(ref, (ATTACHMENTS,))
        id = _same(ref, element, expected)
        after = replace_by_link(self._caller(ref.mailbox), id, element, part, link, _where(ref))
        return _written(ref, after if after.change_key else id_in(self._look(ref, ())) or after)

    def try_out(self, mailboxes: Sequence[str]) -> Sequence[str]:
        """See the port."""
        return [tried.wrong for tried in try_mailboxes(self._transport, mailboxes)]

    def clear_leftovers(self) -> None:
        """See the port. Exchange writes an item whole or not at all."""

    def watch(self, mailboxes: Iterable[str], changed: Callable[[str], None]) -> Watch:
        """See the port. Public folders tell of nothing, and where each mailbox has its own login each would hold a
        connection of its own: there a watch is never trusted."""
        names = list(mailboxes)
        if PUBLIC in names or not names or self.settings.access == "own":
            return Unwatched()
        return StreamWatch(names, self._caller, changed)

    def close(self) -> None:
        """Ends the connections."""
        self._transport.close()

    @property
    def requests(self) -> int:
        """How many requests have been sent."""
        return self._transport.sent


def _where(ref: ItemRef) -> str:
    return f"an item in `{ref.folder}` of {ref.mailbox}"


def _settling(ref: ItemRef, draft: Draft, expected: Revision) -> str:
    """What a call that changes a series is known by."""
    said = f"{ref.href}\n{expected}\n{draft.fields.get('recurrence')}\n{draft.fields.get('start')}"
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def _token(key: str) -> str:
    """What an item that is made carries, so that it is found again."""
    return hashlib.blake2b(key.encode(), digest_size=16).hexdigest()


def _written(ref: ItemRef, id: ItemId) -> Written:
    return Written(ref, id.change_key, id.change_key)


def _same(ref: ItemRef, element: Element, expected: Revision) -> ItemId:
    """The item's id with its change key. Raises `RevisionMismatch` where that is not `expected`."""
    found = id_in(element)
    if found is None or found.change_key != expected:
        raise RevisionMismatch(f"{_where(ref)} changed since it was read")
    return found


def _gone(ref: ItemRef, error: ServerError) -> ServerError:
    return NotFound(f"{_where(ref)} is not there any more") if _is_gone(error) else error


def _is_gone(error: ServerError) -> bool:
    """Whether the item is not there, or its id was never one of this server."""
    return isinstance(error, NotFound) or "ErrorInvalidId" in str(error)


def _unread(ref: ItemRef, error: ServerError) -> Unreadable | None:
    """What an item is that could not be read: gone (None), or set aside. Raises what concerns more than the item."""
    if _is_gone(error):
        return None
    if isinstance(error, BadContent):
        return Unreadable(ref, "", f"{_where(ref)} cannot be read: {error}")
    raise error


def _bare(value: Value) -> Value:
    """A value with nothing being nothing, however it is written."""
    return None if value in (None, "", (), False) else value
