"""The operations on items: GetItem, FindItem, CreateItem, UpdateItem, DeleteItem, MoveItem, CopyItem, SendItem, attachments."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import datetime
from typing import TYPE_CHECKING

from lxml import etree

from tests.servers.ews import series
from tests.servers.ews.mime import import_mime
from tests.servers.ews.paths import extended_key, path_of, store_extended, take_in
from tests.servers.ews.restrictions import holds, sort_items
from tests.servers.ews.schemas import TYPE_OF, M, T, local, m, schemas, t
from tests.servers.ews.shapes import NS, Shape, attached, bare, item_element
from tests.servers.ews.store import PUBLIC, Attached, Denied, Folder, StoredItem

if TYPE_CHECKING:
    from tests.servers.ews.server import Call

NSM = {"m": M, "t": T}
_CLASSES = {
    "Contact": "IPM.Contact",
    "CalendarItem": "IPM.Appointment",
    "Task": "IPM.Task",
    "PostItem": "IPM.Post",
    "DistributionList": "IPM.DistList",
}
_READ_ONLY = frozenset((
    "ItemId", "ParentFolderId", "DateTimeReceived", "DateTimeSent", "DateTimeCreated", "LastModifiedTime", "Size", "HasAttachments", "IsDraft",
    "Organizer", "IsRecurring", "CalendarItemType", "IsCancelled", "ModifiedOccurrences", "DeletedOccurrences", "InternetMessageHeaders", "CompleteName", "SearchKey",
))  # fmt: skip

Answer = Iterator[etree._Element]


def answer(name: str, *children: etree._Element) -> etree._Element:
    return m(f"{name}ResponseMessage", None, m("ResponseCode", "NoError"), *children, ResponseClass="Success")


def refusal(name: str, denied: Denied) -> etree._Element:
    """A response message of class Error."""
    element = m(
        f"{name}ResponseMessage", None, m("MessageText", denied.text), m("ResponseCode", denied.code),
        m("DescriptiveLinkKey", "0"), ResponseClass="Error",
    )  # fmt: skip
    if denied.values:
        element.append(m("MessageXml", None, *(t("Value", value, Name=key) for key, value in denied.values.items())))
    return element


def each(call: Call, name: str, parts: list[etree._Element], act: Callable[[etree._Element], etree._Element]) -> Answer:
    """One response message for each part, refusals among them."""
    for part in parts:
        try:
            call.server.maybe_refuse(name, part)
            yield act(part)
        except Denied as denied:
            found = refusal(name, denied)
            if name in ("GetItem", "CreateItem", "UpdateItem", "MoveItem", "CopyItem"):
                found.append(m("Items"))
            elif name in ("GetAttachment", "CreateAttachment"):
                found.append(m("Attachments"))
            elif name in ("GetFolder", "CreateFolder"):
                found.append(m("Folders"))
            yield found


def find_folder(call: Call, element: etree._Element) -> Folder:
    """A FolderId or DistinguishedFolderId, as far as the caller may see it."""
    store = call.server.store
    if local(element) == "DistinguishedFolderId":
        address = element.findtext("t:Mailbox/t:EmailAddress", namespaces=NS)
        if address and element.get("Id") == "publicfoldersroot":
            raise Denied("ErrorInvalidOperation", "it is not valid to specify a mailbox with the public folder root")
        return call.may_see(store.distinguished(address or call.mailbox, element.get("Id", "")))
    folder = store.folders.get(element.get("Id", ""))
    if folder is None:
        raise Denied("ErrorFolderNotFound", "the specified folder could not be found in the store")
    return call.may_see(folder)


def find_item(call: Call, element: etree._Element) -> StoredItem:
    id = element.get("Id", "")
    if not id.startswith("AAMk"):
        raise Denied("ErrorInvalidIdMalformed", "the Id is malformed")
    master, mark, name = id.partition(series.MARK)
    item = call.server.store.items.get(master)
    if item is None:
        raise Denied("ErrorItemNotFound", "the specified object was not found in the store")
    item = series.occurrence(item, name) if mark else item
    call.may_see(call.server.store.folders[item.folder])
    return item


def get_item(call: Call, request: etree._Element) -> Answer:
    shape = Shape(request.find("m:ItemShape", NSM))

    def act(id: etree._Element) -> etree._Element:
        item = find_item(call, id)
        element = item_element(call.server.store, item, shape)
        for quirk in call.server.item_quirks:
            quirk(item, element)
        return answer("GetItem", m("Items", None, element))

    return each(call, "GetItem", list(request.find("m:ItemIds", NSM)), act)


def find_items(call: Call, request: etree._Element) -> Answer:
    shape = Shape(request.find("m:ItemShape", NSM))
    view = request.find("m:IndexedPageItemView", NSM)
    restriction, order = request.find("m:Restriction", NSM), request.find("m:SortOrder", NSM)

    def act(parent: etree._Element) -> etree._Element:
        if not shape.without_content():
            raise Denied("ErrorInvalidPropertyRequest", "FindItem answers no body, no recipients and no attachments")
        store = call.server.store
        shown = request.find("m:CalendarView", NSM)
        home = find_folder(call, parent)
        if shown is not None:
            span = (datetime.fromisoformat(shown.get(name, "")) for name in ("StartDate", "EndDate"))
            found = series.view(store, home.id, *span)[: int(shown.get("MaxEntriesReturned", "1000"))]
            elements = [item_element(store, item, shape, find=True) for item in found]
            root = m(
                "RootFolder", None, t("Items", None, *elements), TotalItemsInView=str(len(found)),
                IncludesLastItemInRange="true",
            )  # fmt: skip
            return answer("FindItem", root)
        items = store.in_folder(home.id)
        if request.get("Traversal") == "Associated":
            items = []
        if restriction is not None:
            items = [item for item in items if holds(store, item, restriction[0])]
        items = sort_items(store, items, order)
        offset = int(view.get("Offset", "0")) if view is not None else 0
        limit = min(int(view.get("MaxEntriesReturned") or 1000) if view is not None else 1000, call.server.find_limit)
        page = items[offset : offset + limit]
        last = offset + len(page) >= len(items)
        root = m(
            "RootFolder", None, t("Items", None, *(item_element(store, item, shape, find=True) for item in page)),
            TotalItemsInView=str(len(items)), IncludesLastItemInRange="true" if last else "false", IndexedPagingOffset=str(offset + len(page)),
        )  # fmt: skip
        return answer("FindItem", root)

    return each(call, "FindItem", list(request.find("m:ParentFolderIds", NSM)), act)


def create_item(call: Call, request: etree._Element) -> Answer:
    store = call.server.store
    home = request.find("m:SavedItemFolderId", NSM)

    def act(element: etree._Element) -> etree._Element:
        tag = local(element)
        _may_create(request, tag)
        default = {"Contact": "contacts", "CalendarItem": "calendar", "Task": "tasks"}.get(tag, "drafts")
        folder = find_folder(call, home[0]) if home is not None else store.distinguished(call.mailbox, default)
        item_class = element.findtext("t:ItemClass", "", NS) or _CLASSES.get(tag, "IPM.Note")
        base = _CLASSES.get(tag, "")
        if base and not (item_class.lower() + ".").startswith(base.lower() + "."):
            raise Denied("ErrorObjectTypeChanged", f"an object of this type has a class that begins with {base}")
        item = store.put(item_class, tag, folder)
        item.draft = tag == "Message" and request.get("MessageDisposition") == "SaveOnly"
        mime = element.findtext("t:MimeContent", "", NS)
        try:
            if mime:
                import_mime(item, base64.b64decode(mime))
            take_in(item, element)
            series.whole_days(item)
            for found in element.findall("t:Attachments/*", NS):
                _attach(item, found)
        except Denied:
            store.discard(item)
            raise
        _named(item)
        store.appeared(item)
        return answer("CreateItem", m("Items", None, bare(item)))

    return each(call, "CreateItem", list(request.find("m:Items", NSM)), act)


def _named(item: StoredItem) -> None:
    """A recipient without a name has its address for one (as the server resolves it)."""
    for props in item.props.values():
        for box in props.iter(f"{{{T}}}Mailbox"):
            address = box.findtext("t:EmailAddress", "", NS)
            if box.find("t:Name", NS) is None and address:
                box.insert(0, t("Name", address))
            if box.find("t:RoutingType", NS) is None and address:
                box.insert(2, t("RoutingType", "SMTP"))


def _may_create(request: etree._Element, tag: str) -> None:
    if tag in ("Message", "PostItem", "Item") and not request.get("MessageDisposition") and tag == "Message":
        raise Denied("ErrorMessageDispositionRequired", "MessageDisposition is needed for messages")
    if tag == "CalendarItem" and not request.get("SendMeetingInvitations"):
        raise Denied("ErrorSendMeetingInvitationsRequired", "SendMeetingInvitations is needed for calendar items")


def update_item(call: Call, request: etree._Element) -> Answer:
    store = call.server.store
    resolution = request.get("ConflictResolution")

    def act(change: etree._Element) -> etree._Element:
        item = find_item(call, change[0])
        key = change[0].get("ChangeKey")
        if resolution == "AlwaysOverwrite":
            call.server.violations.append("UpdateItem with AlwaysOverwrite")
        elif not key:
            raise Denied("ErrorChangeKeyRequired", "the change key is needed for this operation")
        elif key != item.change_key and resolution == "NeverOverwrite":
            raise Denied("ErrorIrresolvableConflict", "the change key that was passed does not match the current one")
        if item.tag == "CalendarItem" and not request.get("SendMeetingInvitationsOrCancellations"):
            raise Denied("ErrorSendMeetingInvitationsOrCancellationsRequired", "needed for calendar items")
        if item.tag == "Message" and not request.get("MessageDisposition"):
            raise Denied("ErrorMessageDispositionRequired", "MessageDisposition is needed for messages")
        before = dict(item.props), dict(item.ext)
        try:
            only_read = [_update(item, each_) for each_ in change.find("t:Updates", NS)]
            if {"Start", "End", "IsAllDayEvent"} & {path_of(each_[0]) for each_ in change.find("t:Updates", NS)}:
                series.whole_days(item)
        except Denied:
            item.props, item.ext = before
            raise
        _named(item)
        if item.master:
            series.change(store, item)
        else:
            store.touch(item, "ReadFlagChange" if all(only_read) else "Update")
        return answer("UpdateItem", m("Items", None, bare(item)), m("ConflictResults", None, t("Count", "0")))

    return each(call, "UpdateItem", list(request.find("m:ItemChanges", NSM)), act)


def _update(item: StoredItem, update: etree._Element) -> bool:
    """One SetItemField, DeleteItemField or AppendToItemField. True where it is the read state and nothing else."""
    uri = update[0]
    path = path_of(uri)
    name = path.partition("/")[0] if isinstance(path, str) else ""
    if name in _READ_ONLY:
        raise Denied("ErrorInvalidPropertySet", f"{path} is read-only")
    if name and name not in schemas().children(TYPE_OF[item.tag]):
        raise Denied("ErrorInvalidPropertySet", f"{path} is no property of a {item.tag}")
    match local(update):
        case "DeleteItemField":
            if isinstance(path, tuple):
                item.ext.pop(path, None)
            elif path in ("Start", "End", "ItemClass"):
                raise Denied("ErrorInvalidPropertyDelete", f"{path} cannot be deleted")
            else:
                item.props.pop(path, None)
                if path == "Recurrence":
                    series.forget(item)
        case "SetItemField":
            element = update[1]
            if local(element) != item.tag and not (local(element) == "Item"):
                raise Denied("ErrorObjectTypeChanged", "the object's type is another than the update's")
            if len(element) != 1:
                raise Denied("ErrorIncorrectUpdatePropertyCount", "one property goes with one SetItemField")
            if isinstance(path, tuple):
                if extended_key(element[0][0]) != path:
                    raise Denied("ErrorUpdatePropertyMismatch", "the property is another than its path")
                store_extended(item.ext, element[0])
            elif path == "ItemClass":
                item.item_class = element[0].text or ""
            else:
                probe = StoredItem(item.tag, "", "", 0, "", item.created, item.modified, "")
                take_in(probe, deepcopy(element))
                if path in ("Recurrence", "Start") and "Recurrence" in item.props:
                    series.forget(item)
                if path not in probe.props:
                    raise Denied("ErrorUpdatePropertyMismatch", f"{path} is not what stands in the update")
                item.props[path] = probe.props[path]
        case _:
            raise Denied("ErrorInvalidPropertyAppend", "the double appends nothing")
    return path == "IsRead"


def delete_item(call: Call, request: etree._Element) -> Answer:
    store = call.server.store
    disposal = request.get("DeleteType")

    def act(id: etree._Element) -> etree._Element:
        item = find_item(call, id)
        mailbox = store.folders[item.folder].mailbox
        if item.tag == "CalendarItem" and not request.get("SendMeetingCancellations"):
            raise Denied("ErrorSendMeetingCancellationsRequired", "needed for calendar items")
        if item.tag == "Task" and not request.get("AffectedTaskOccurrences"):
            raise Denied("ErrorAffectedTaskOccurrencesRequired", "needed for tasks")
        if item.master:
            series.drop(store, item)
        elif disposal == "MoveToDeletedItems":
            if mailbox == PUBLIC:
                raise Denied("ErrorCannotDeleteObject", "public folders have no Deleted Items")
            store.move(item, store.distinguished(mailbox, "deleteditems"))
        else:
            store.drop(item)
        return answer("DeleteItem")

    return each(call, "DeleteItem", list(request.find("m:ItemIds", NSM)), act)


def move_item(call: Call, request: etree._Element) -> Answer:
    def act(id: etree._Element) -> etree._Element:
        item = find_item(call, id)
        target = find_folder(call, request.find("m:ToFolderId", NSM)[0])
        return answer("MoveItem", m("Items", None, bare(call.server.store.move(item, target))))

    return each(call, "MoveItem", list(request.find("m:ItemIds", NSM)), act)


def copy_item(call: Call, request: etree._Element) -> Answer:
    def act(id: etree._Element) -> etree._Element:
        item = find_item(call, id)
        target = find_folder(call, request.find("m:ToFolderId", NSM)[0])
        return answer("CopyItem", m("Items", None, bare(call.server.store.copy(item, target))))

    return each(call, "CopyItem", list(request.find("m:ItemIds", NSM)), act)


def send_item(call: Call, request: etree._Element) -> Answer:
    def act(id: etree._Element) -> etree._Element:
        item = find_item(call, id)
        if not item.draft:
            raise Denied("ErrorInvalidRecipients", "it was sent before")
        item.draft = False
        call.server.sent.append(item.id)
        call.server.store.move(item, call.server.store.distinguished(call.mailbox, "sentitems"))
        return answer("SendItem")

    return each(call, "SendItem", list(request.find("m:ItemIds", NSM)), act)


# ------------------------------------------------------------ attachments


def _attach(item: StoredItem, element: etree._Element) -> Attached:
    text = lambda name: element.findtext(f"t:{name}", "", NS)  # noqa: E731
    number = max((int(each_.id.rpartition(".")[2]) for each_ in item.attachments), default=-1) + 1
    found = Attached(
        f"{item.id}.{number}", text("Name"), base64.b64decode(text("Content")), text("ContentType") or "application/octet-stream",
        text("ContentId"), text("ContentLocation"), text("IsInline") == "true", text("IsContactPhoto") == "true",
        local(element) == "ItemAttachment", text("AttachLongPathName"),
    )  # fmt: skip
    if local(element) == "ItemAttachment":
        found.content = base64.b64decode(element.findtext("*/t:MimeContent", "", NS))
    item.attachments.append(found)
    return found


def _find_attached(call: Call, id: str) -> tuple[StoredItem, Attached]:
    item = call.server.store.items.get(id.rpartition(".")[0])
    found = next((each_ for each_ in item.attachments if each_.id == id), None) if item is not None else None
    if item is None or found is None:
        raise Denied("ErrorItemNotFound", "the specified attachment was not found in the store")
    call.may_see(call.server.store.folders[item.folder])
    return item, found


def get_attachment(call: Call, request: etree._Element) -> Answer:
    shape = request.find("m:AttachmentShape", NSM)
    mime = shape is None or shape.findtext("t:IncludeMimeContent", "true", NS) in ("true", "1")

    def act(id: etree._Element) -> etree._Element:
        _, found = _find_attached(call, id.get("Id", ""))
        if mime and not found.mime:
            raise Denied("ErrorUnsupportedMimeConversion", "the item cannot be turned into MIME")
        return answer("GetAttachment", m("Attachments", None, attached(found, content=True, mime=mime)))

    return each(call, "GetAttachment", list(request.find("m:AttachmentIds", NSM)), act)


def create_attachment(call: Call, request: etree._Element) -> Answer:
    parent = request.find("m:ParentItemId", NSM)

    def act(element: etree._Element) -> etree._Element:
        item = find_item(call, parent)
        if parent.get("ChangeKey") not in (None, item.change_key):
            raise Denied("ErrorIrresolvableConflict", "the change key that was passed does not match the current one")
        found = _attach(item, element)
        call.server.store.touch(item)
        parent.set("ChangeKey", item.change_key)
        id = t("AttachmentId", Id=found.id, RootItemId=item.id, RootItemChangeKey=item.change_key)
        return answer("CreateAttachment", m("Attachments", None, t(local(element), None, id)))

    return each(call, "CreateAttachment", list(request.find("m:Attachments", NSM)), act)


def delete_attachment(call: Call, request: etree._Element) -> Answer:
    def act(id: etree._Element) -> etree._Element:
        item, found = _find_attached(call, id.get("Id", ""))
        item.attachments.remove(found)
        call.server.store.touch(item)
        return answer("DeleteAttachment", m("RootItemId", RootItemId=item.id, RootItemChangeKey=item.change_key))

    return each(call, "DeleteAttachment", list(request.find("m:AttachmentIds", NSM)), act)
