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
from mxsync.connectors.ews.codecs import Change, read_text, read_texts, windows_zone
from mxsync.connectors.ews.equivalents import MEANT
from mxsync.connectors.ews.finding import Finder, gone, same, unread, where, written
from mxsync.connectors.ews.folders import Folders
from mxsync.connectors.ews.item_page import BODY_GROUP, CUSTOM_GROUP, ItemPage, Wanted
from mxsync.connectors.ews.moving import Moving
from mxsync.connectors.ews.occurrences import (
    Occurrences,
    has_others,
    kept_of,
    same_series,
    wanted_series,
    what_to_write,
    zone_name,
)
from mxsync.connectors.ews.operations import (
    GET_PAGE,
    Caller,
    CreateItem,
    ItemId,
    UpdateItem,
    id_in,
)
from mxsync.connectors.ews.properties import (
    ATTACHMENTS,
    KEY,
    NAMES,
    PARENT,
    SETTLING,
)
from mxsync.connectors.ews.reading import read_item
from mxsync.connectors.ews.settings import EwsSettings
from mxsync.connectors.ews.throttle import Throttle
from mxsync.connectors.ews.transport import Transport
from mxsync.connectors.ews.trying import try_mailboxes
from mxsync.connectors.ews.watching import StreamWatch, Unwatched
from mxsync.connectors.ews.wire import Element, local
from mxsync.connectors.ews.writing import new_item, set_field, updates
from mxsync.errors import BadContent, NotFound, ServerError
from mxsync.extract.series import Series, parse_series
from mxsync.model.change import ChangePage, Cursor
from mxsync.model.item import PUBLIC, Draft, ItemRef, Kind, Revision, Unreadable, Value
from mxsync.ports.connector import Capabilities, Creation, Fetched, KnownItems, Watch, Written


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
        self._finder = Finder(self._caller)
        self._moving = Moving(self._caller, self._folders)

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
                found = unread(ref, answer)
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
        kept = kept_of(series, draft.fields, self._zone)
        more: list[Change] = []
        if kept is not None:
            series = parse_series(kept.text, self._zone)
            draft = replace(draft, fields={**draft.fields, **kept.fields})
            more.append((MEANT, MEANT.make(kept.meant)))
        found = self._finder.by(mailbox, home, KEY, token)
        if found is None:
            item = new_item(draft, token, self._zone, self._series_zone(series), self._clock(), more)
            found = CreateItem(self._caller(mailbox)).call(home.id, item, f"a new {draft.kind} in `{folder}`")
        if series is not None and has_others(series):
            found = self._settle(ItemRef(mailbox, home.path, found.id), found, series)
        return written(ItemRef(mailbox, home.path, found.id), found)

    def made(self, item: Creation) -> ItemRef | None:
        """See the port."""
        home = self._folders.find(item.mailbox, item.folder)
        below = self._folders.below(item.mailbox, home) if home is not None else ()
        for folder in (home, *below) if home is not None else ():
            found = self._finder.by(item.mailbox, folder, KEY, _token(item.key))
            if found is not None:
                return ItemRef(item.mailbox, folder.path, found.id)
        return None

    def _series_zone(self, series: Series | None) -> str:
        zone = windows_zone(self.settings.timezone)
        return zone_name(series, zone) if series is not None else zone

    def _settle(self, ref: ItemRef, id: ItemId, series: Series) -> ItemId:
        """The item with the occurrences that its series says; its change key then."""
        home = self._folders.find(ref.mailbox, ref.folder)
        if home is None:
            raise NotFound(f"the folder `{ref.folder}` of {ref.mailbox} is not there any more")
        return Occurrences(self._caller(ref.mailbox), home.id, id, self._zone, where(ref)).settle(series)

    def update(self, ref: ItemRef, draft: Draft, expected: Revision) -> Written:
        """See the port. What the item has already is not written; the change key keeps anything else from being
        overwritten."""
        page, element, id = self._expected(ref, expected, draft)
        fetched = read_item(ref, element, page, self._class_of(ref), self._zone, self._attachments)
        if not isinstance(fetched, Fetched):
            raise BadContent(fetched.reason if fetched is not None else f"{where(ref)} is no item that can be changed")
        before = fetched.item.fields
        fields = {name: value for name, value in draft.fields.items() if _bare(before.get(name)) != _bare(value)}
        series, more = None, list[Change]()
        if fetched.item.kind is Kind.APPOINTMENT:
            if same_series(before.get("recurrence"), fields.get("recurrence", before.get("recurrence")), self._zone):
                fields.pop("recurrence", None)
            meant = read_text(MEANT.find(element))
            series, fields, more = what_to_write(before, fields, meant, self._zone)
        properties = {
            name: value for name, value in draft.custom.items() if _bare(fetched.item.custom.get(name)) != _bare(value)
        }
        item_class = "" if draft.item_class.lower() == str(before.get("class")).lower() else draft.item_class
        left = Draft(fetched.item.kind, fields, properties, item_class)
        names = read_texts(NAMES.find(element))
        changes = updates(local(element), left, before, names, self._zone, self._series_zone(series))
        changes += [set_field(local(element), path, value) for path, value in more]
        if series is not None:
            changes.append(set_field(local(element), SETTLING, SETTLING.make(_settling(ref, draft, expected))))
        if changes:
            calendar = local(element) == "CalendarItem"
            id = UpdateItem(self._caller(ref.mailbox)).call(id, changes, where(ref), calendar=calendar)
        if series is not None:
            id = self._settle(ref, id, series)
        return written(ref, id)

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
            raise gone(ref, element)
        found = id_in(element)
        if found is not None and read_text(SETTLING.find(element)) == _settling(ref, draft, expected):
            return page, element, found  # this very call was broken off in the middle of a series
        return page, element, same(ref, element, expected)

    def delete(self, ref: ItemRef, expected: Revision) -> None:
        """See the port."""
        self._moving.delete(ref, expected)

    def erase(self, ref: ItemRef, expected: Revision) -> None:
        """See the port."""
        self._moving.erase(ref, expected)

    def recoverable(self, ref: ItemRef, revision: Revision) -> bool:
        """See `KeepsDeleted`. A deletion changes an item's change key, so the item is known by its mark."""
        return self._moving.recoverable(ref)

    def restore(self, ref: ItemRef, revision: Revision) -> Written:
        """See `KeepsDeleted`."""
        return self._moving.restore(ref)

    def move(self, ref: ItemRef, folder: str, expected: Revision) -> Written:
        """See the port."""
        return self._moving.move(ref, folder, expected)

    def copy(self, ref: ItemRef, folder: str, key: str) -> Written:
        """See the port."""
        return self._moving.copy(ref, folder, key)

    def replace_attachment(self, ref: ItemRef, part: str, link: str, expected: Revision) -> Written:
        """See the port. The shortcut is there before the attachment goes, so that a crash loses neither."""
        element = self._finder.look(ref, (ATTACHMENTS,))
        id = same(ref, element, expected)
        after = replace_by_link(self._caller(ref.mailbox), id, element, part, link, where(ref))
        return written(ref, after if after.change_key else id_in(self._finder.look(ref, ())) or after)

    def try_out(self, mailboxes: Sequence[str]) -> Sequence[str]:
        """See the port."""
        return [tried.wrong for tried in try_mailboxes(self._transport, mailboxes)]

    def clear_leftovers(self) -> None:
        """See the port. Exchange writes an item whole or not at all."""

    def watch(self, mailboxes: Iterable[str], changed: Callable[[str], None]) -> Watch:
        """See the port. Public folders tell of nothing; to a delegate Exchange tells of his own mailbox alone; where
        each mailbox has its own login each would hold a connection of its own: there a watch is never trusted."""
        names = list(mailboxes)
        if PUBLIC in names or not names or self.settings.access != "impersonation":
            return Unwatched()
        return StreamWatch(names, self._caller, changed)

    def close(self) -> None:
        """Ends the connections."""
        self._transport.close()

    @property
    def requests(self) -> int:
        """How many requests have been sent."""
        return self._transport.sent


def _settling(ref: ItemRef, draft: Draft, expected: Revision) -> str:
    """What a call that changes a series is known by."""
    said = f"{ref.href}\n{expected}\n{draft.fields.get('recurrence')}\n{draft.fields.get('start')}"
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def _token(key: str) -> str:
    """What an item that is made carries, so that it is found again."""
    return hashlib.blake2b(key.encode(), digest_size=16).hexdigest()


def _bare(value: Value) -> Value:
    """A value with nothing being nothing, however it is written."""
    return None if value in (None, "", (), False) else value
