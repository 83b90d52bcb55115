"""The operations that mxsync uses, one small class each in the style of exchangelib's services: `call` takes values,
`get_payload` makes the request, and the answer is handed on as elements or as errors of mxsync.

exchangelib's own classes of these read and write its item classes, which know no journals, notes and custom forms and
ask for all properties; they are not used. What every operation shares is in `Operation`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from exchangelib import UTC as EWS_UTC
from exchangelib.account import DELEGATE, IMPERSONATION, Identity
from exchangelib.services.common import EWSAccountService

from mxsync.connectors.ews.answers import milliseconds
from mxsync.connectors.ews.codecs import write_moment
from mxsync.connectors.ews.faults import error_of
from mxsync.connectors.ews.properties import CREATED, Path
from mxsync.connectors.ews.transport import API_VERSION, Affinity, Transport
from mxsync.connectors.ews.wire import NS, Element, is_yes, local, m, t, text_of
from mxsync.errors import ProtocolViolation, RateLimited, ServerError

SYNC_PAGE: Final = 512
"""The most changes that SyncFolderItems answers at once."""
PUBLIC_ROOT: Final = "publicfoldersroot"
GET_PAGE: Final = 100
FIND_PAGE: Final = 1000


class Caller:
    """In whose mailbox operations are done. It is to exchangelib's base class what an account is. With an `affinity`
    the server of a group answers."""

    def __init__(self, transport: Transport, mailbox: str) -> None:
        self.affinity: Affinity | None = None
        settings = transport.settings
        self.transport = transport
        self.mailbox = mailbox
        self.delegate = settings.access == "delegate"
        self.access_type = IMPERSONATION if settings.access == "impersonation" else DELEGATE
        self.primary_smtp_address = mailbox
        self.identity = Identity(primary_smtp_address=mailbox)
        self.protocol = transport.pool(mailbox)
        self.default_timezone = EWS_UTC

    def folder(self, id: str) -> Element:
        """A folder of the mailbox. To a delegate a distinguished one would be his own, so its mailbox is named."""
        return folder_id(id, self.mailbox if self.delegate else "")


@dataclass(frozen=True, slots=True)
class ItemId:
    """An item's id, and its change key where one goes with it."""

    id: str
    change_key: str = ""

    def element(self, name: str = "ItemId") -> Element:
        key = {"ChangeKey": self.change_key} if self.change_key else {}
        return t(name, Id=self.id, **key)


def id_in(element: Element | None) -> ItemId | None:
    """The ItemId in an item's element; None where the server left it out."""
    found = element.find("t:ItemId", NS) if element is not None else None
    return ItemId(found.get("Id", ""), found.get("ChangeKey", "")) if found is not None and found.get("Id") else None


def folder_id(id: str, mailbox: str = "") -> Element:
    """A FolderId; a distinguished one ('inbox') as such, with the mailbox where another's is meant: the public folders
    are nobody's, and Exchange refuses a mailbox with them."""
    if id.islower() and id.isalpha():
        box = (t("Mailbox", None, t("EmailAddress", mailbox)),) if mailbox and id != PUBLIC_ROOT else ()
        return t("DistinguishedFolderId", None, *box, Id=id)
    return t("FolderId", Id=id)


def shape(name: str, paths: Sequence[Path], body: str = "") -> Element:
    """An ItemShape or FolderShape of ids and these properties; `body` is Best, HTML or Text."""
    found = m(name, None, t("BaseShape", "IdOnly"))
    if body:
        found.append(t("BodyType", body))
    if paths:
        found.append(t("AdditionalProperties", None, *(path.path() for path in paths)))
    return found


def page_view(name: str, offset: int) -> Element:
    """A page of what is found."""
    return m(name, MaxEntriesReturned=str(FIND_PAGE), Offset=str(offset), BasePoint="Beginning")


def answered(message: Element, path: str) -> list[Element]:
    """The elements of a list that the schema lets a server leave out when it is empty. Raises `ProtocolViolation` for
    an answer that holds a warning and nothing else."""
    found = message.find(path, NS)
    if found is None and text_of(message, "m:ResponseCode", "NoError") != "NoError":
        raise error_of(text_of(message, "m:ResponseCode"), text_of(message, "m:MessageText"))
    return list(found) if found is not None else []


def outcome(message: Element, where: str = "") -> ServerError | None:
    """The error that a response message stands for, None for success and for warnings that come with an answer."""
    if message.get("ResponseClass") != "Error":
        return None
    code = text_of(message, "m:ResponseCode", "ErrorInternalServerError")
    backoff = milliseconds(message.find("m:MessageXml/t:Value[@Name='BackOffMilliseconds']", NS))
    inner = text_of(message, "m:MessageXml/t:Value[@Name='InnerErrorResponseCode']")
    return error_of(inner or code, text_of(message, "m:MessageText"), where=where, backoff=backoff)


def checked(message: Element, where: str = "") -> Element:
    """The message itself. Raises the error that it stands for."""
    error = outcome(message, where)
    if error is not None:
        raise error
    return message


class Operation(EWSAccountService):  # type: ignore[misc]  # exchangelib has no types
    """An operation in one mailbox. `repeatable`: it changes nothing, so a broken connection is no matter."""

    repeatable = True

    def __init__(self, caller: Caller) -> None:
        super().__init__(account=caller)
        self.caller = caller

    def send(self, payload: Element) -> list[Element]:
        """The response messages. The server's throttling, said in one of them, is kept to before it is raised."""
        caller = self.caller
        envelope: bytes = self.wrap(payload, API_VERSION)
        messages = caller.transport.call(
            caller.mailbox, self.SERVICE_NAME, envelope, repeatable=self.repeatable, affinity=caller.affinity
        )
        for message in messages:
            error = outcome(message, caller.mailbox)
            if isinstance(error, RateLimited):
                caller.transport.back_off(caller.mailbox, error.retry_after)
                raise error
        return messages

    def one(self, payload: Element, where: str = "") -> Element:
        """The only response message. Raises its error."""
        messages = self.send(payload)
        if len(messages) != 1:
            raise ProtocolViolation(f"the Exchange server answered {self.SERVICE_NAME} {len(messages)} times")
        return checked(messages[0], where or self.caller.mailbox)


@dataclass(frozen=True, slots=True)
class SyncPage:
    """What SyncFolderItems answers: (what, item's element or ItemId), the new state, whether that was the last page."""

    changes: tuple[tuple[str, Element], ...]
    state: str
    last: bool


class SyncFolderItems(Operation):
    SERVICE_NAME = "SyncFolderItems"

    def call(self, folder: str, state: str, paths: Sequence[Path]) -> SyncPage:
        """One page of changes in a folder. Raises `CursorExpired` for a state that the server has forgotten."""
        payload = m(
            "SyncFolderItems", None, shape("ItemShape", paths), m("SyncFolderId", None, self.caller.folder(folder))
        )
        if state:
            payload.append(m("SyncState", state))
        payload.append(m("MaxChangesReturned", str(SYNC_PAGE)))
        message = self.one(payload)
        changes = tuple((local(change), change) for change in answered(message, "m:Changes"))
        last = is_yes(text_of(message, "m:IncludesLastItemInRange", "true"))
        return SyncPage(changes, text_of(message, "m:SyncState"), last)


@dataclass(frozen=True, slots=True)
class PageEnd:
    """Where the page after one begins, whether there is none, and how much there is in all."""

    offset: int
    last: bool
    total: int


def page_end(message: Element, reached: int) -> PageEnd:
    """By the attributes of a RootFolder, any of which a server may leave out."""
    root = message.find("m:RootFolder", NS)
    said = dict(root.attrib) if root is not None else {}
    total = int(said.get("TotalItemsInView", str(reached)))
    last = is_yes(said["IncludesLastItemInRange"]) if "IncludesLastItemInRange" in said else reached >= total
    return PageEnd(int(said.get("IndexedPagingOffset", str(reached))), last, total)


class FindItem(Operation):
    SERVICE_NAME = "FindItem"

    def pages(self, folder: str, paths: Sequence[Path]) -> Iterator[tuple[int, int, list[Element]]]:
        """(offset, items in the view, the page's items) of a folder, oldest first, so that what comes in meanwhile
        comes at the end."""
        offset, last = 0, False
        while not last:
            payload = m(
                "FindItem", None,
                shape("ItemShape", paths),
                page_view("IndexedPageItemView", offset),
                m("SortOrder", None, t("FieldOrder", None, CREATED.path(), Order="Ascending")),
                m("ParentFolderIds", None, self.caller.folder(folder)),
                Traversal="Shallow",
            )  # fmt: skip
            message = self.one(payload)
            found = answered(message, "m:RootFolder/t:Items")
            after = page_end(message, offset + len(found))
            yield offset, after.total, found
            last, offset = after.last or not found, after.offset

    def view(self, folder: str, start: datetime, end: datetime, paths: Sequence[Path]) -> list[Element]:
        """What a calendar shows between two moments, recurring appointments by their occurrences."""
        span = {"StartDate": write_moment(start), "EndDate": write_moment(end)}
        payload = m(
            "FindItem", None,
            shape("ItemShape", paths),
            m("CalendarView", MaxEntriesReturned=str(FIND_PAGE), **span),
            m("ParentFolderIds", None, self.caller.folder(folder)),
            Traversal="Shallow",
        )  # fmt: skip
        return answered(self.one(payload), "m:RootFolder/t:Items")

    def where(self, folder: str, path: Path, value: str, paths: Sequence[Path]) -> list[Element]:
        """The items of a folder whose property is `value`."""
        test = t("IsEqualTo", None, path.path(), t("FieldURIOrConstant", None, t("Constant", Value=value)))
        payload = m(
            "FindItem", None,
            shape("ItemShape", paths),
            page_view("IndexedPageItemView", 0),
            m("Restriction", None, test),
            m("ParentFolderIds", None, self.caller.folder(folder)),
            Traversal="Shallow",
        )  # fmt: skip
        return answered(self.one(payload), "m:RootFolder/t:Items")


class GetItem(Operation):
    SERVICE_NAME = "GetItem"

    def call(self, ids: Sequence[str], paths: Sequence[Path], body: str = "") -> list[Element | ServerError]:
        """An item's element or an error for each id, in their order."""
        found: list[Element | ServerError] = []
        for start in range(0, len(ids), GET_PAGE):
            some = ids[start : start + GET_PAGE]
            elements = [ItemId(id).element() for id in some]
            messages = self.send(m("GetItem", None, shape("ItemShape", paths, body), m("ItemIds", None, *elements)))
            if len(messages) != len(some):
                raise ProtocolViolation(f"the Exchange server answered {len(messages)} of {len(some)} items")
            for message in messages:
                error = outcome(message)
                items = answered(message, "m:Items") if error is None else []
                if error is None and not items:
                    raise ProtocolViolation("the Exchange server answered for an item, and with none")
                found.append(error if error is not None else items[0])
        return found


class _Write(Operation):
    repeatable = False

    def item(self, payload: Element, where: str) -> ItemId | None:
        """The id that the only response message holds, None where the server gives none."""
        message = self.one(payload, where)
        items = message.find("m:Items", NS)
        return id_in(items[0]) if items is not None and len(items) else None


class CreateItem(_Write):
    SERVICE_NAME = "CreateItem"

    def call(self, folder: str, item: Element, where: str) -> ItemId:
        """Saves a new item; nothing is sent to anybody."""
        invitations = {"SendMeetingInvitations": "SendToNone"} if local(item) == "CalendarItem" else {}
        payload = m(
            "CreateItem", None, m("SavedItemFolderId", None, self.caller.folder(folder)), m("Items", None, item),
            MessageDisposition="SaveOnly", **invitations,
        )  # fmt: skip
        found = self.item(payload, where)
        if found is None:
            raise ProtocolViolation("the Exchange server made an item and does not say which")
        return found


class UpdateItem(_Write):
    SERVICE_NAME = "UpdateItem"

    def call(self, id: ItemId, updates: Sequence[Element], where: str, *, calendar: bool) -> ItemId:
        """Changes properties. Raises `RevisionMismatch` where the change key is an old one."""
        more = {"SendMeetingInvitationsOrCancellations": "SendToNone"} if calendar else {}
        change = t("ItemChange", None, id.element(), t("Updates", None, *updates))
        payload = m(
            "UpdateItem", None, m("ItemChanges", None, change), ConflictResolution="NeverOverwrite",
            MessageDisposition="SaveOnly", SuppressReadReceipts="true", **more,
        )  # fmt: skip
        return self.item(payload, where) or id


class DeleteItem(Operation):
    SERVICE_NAME = "DeleteItem"
    repeatable = False

    def call(self, id: ItemId, where: str, *, kind: str) -> None:
        """Takes an item away: 'MoveToDeletedItems' or 'SoftDelete'."""
        payload = m(
            "DeleteItem", None, m("ItemIds", None, id.element()), DeleteType=kind,
            SendMeetingCancellations="SendToNone", AffectedTaskOccurrences="AllOccurrences",
        )  # fmt: skip
        self.one(payload, where)


class MoveItem(_Write):
    SERVICE_NAME = "MoveItem"

    def call(self, id: ItemId, folder: str, where: str) -> ItemId | None:
        """The item's new id."""
        ids = m("ItemIds", None, id.element())
        payload = m(
            self.SERVICE_NAME,
            None,
            m("ToFolderId", None, self.caller.folder(folder)),
            ids,
            m("ReturnNewItemIds", "true"),
        )
        return self.item(payload, where)


class CopyItem(MoveItem):
    SERVICE_NAME = "CopyItem"
