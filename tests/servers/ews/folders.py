"""The operations on folders and the synchronisation: GetFolder, FindFolder, CreateFolder, SyncFolderItems and the rest."""

from __future__ import annotations

import base64
import json
from bisect import bisect_right
from typing import TYPE_CHECKING

from lxml import etree

from tests.servers.ews.operations import NSM, Answer, answer, each, find_folder
from tests.servers.ews.paths import path_of, store_extended
from tests.servers.ews.schemas import local, m, t
from tests.servers.ews.shapes import NS, Shape, computed, folder_element, item_element
from tests.servers.ews.store import PUBLIC, Denied, Folder

if TYPE_CHECKING:
    from tests.servers.ews.server import Call

_CLASS_OF_TAG = {"CalendarFolder": "IPF.Appointment", "ContactsFolder": "IPF.Contact", "TasksFolder": "IPF.Task"}


def get_folder(call: Call, request: etree._Element) -> Answer:
    shape = Shape(request.find("m:FolderShape", NSM))

    def act(id: etree._Element) -> etree._Element:
        return answer("GetFolder", m("Folders", None, folder_element(call.server.store, find_folder(call, id), shape)))

    return each(call, "GetFolder", list(request.find("m:FolderIds", NSM)), act)


def find_folders(call: Call, request: etree._Element) -> Answer:
    shape = Shape(request.find("m:FolderShape", NSM))
    view = request.find("m:IndexedPageFolderView", NSM)
    deep = request.get("Traversal") == "Deep"

    def act(id: etree._Element) -> etree._Element:
        parent = find_folder(call, id)
        if deep and parent.mailbox == PUBLIC:
            raise Denied("ErrorInvalidFolderTypeForOperation", "public folders are not traversed deeply")
        folders = [each_ for each_ in call.server.store.below(parent.id, deep) if call.sees(each_)]
        offset = int(view.get("Offset", "0")) if view is not None else 0
        limit = min(int(view.get("MaxEntriesReturned") or 1000) if view is not None else 1000, call.server.find_limit)
        page = folders[offset : offset + limit]
        last = offset + len(page) >= len(folders)
        elements = [folder_element(call.server.store, each_, shape) for each_ in page]
        for quirk in call.server.folder_quirks:
            for folder, element in zip(page, elements, strict=True):
                quirk(folder, element)
        root = m(
            "RootFolder", None, t("Folders", None, *elements), TotalItemsInView=str(len(folders)),
            IncludesLastItemInRange="true" if last else "false", IndexedPagingOffset=str(offset + len(page)),
        )  # fmt: skip
        return answer("FindFolder", root)

    return each(call, "FindFolder", list(request.find("m:ParentFolderIds", NSM)), act)


def create_folder(call: Call, request: etree._Element) -> Answer:
    parent = request.find("m:ParentFolderId", NSM)

    def act(element: etree._Element) -> etree._Element:
        name = element.findtext("t:DisplayName", "", NS)
        if not name:
            raise Denied("ErrorFolderSavePropertyError", "a folder needs a name")
        folder_class = element.findtext("t:FolderClass", "", NS) or _CLASS_OF_TAG.get(local(element), "IPF.Note")
        folder = call.server.store.add_folder(find_folder(call, parent[0]), name, folder_class)
        return answer(
            "CreateFolder",
            m("Folders", None, folder_element(call.server.store, folder, _ids())),
        )

    return each(call, "CreateFolder", list(request.find("m:Folders", NSM)), act)


def _ids() -> Shape:
    return Shape(t("FolderShape", None, t("BaseShape", "IdOnly")))


def update_folder(call: Call, request: etree._Element) -> Answer:
    def act(change: etree._Element) -> etree._Element:
        folder = find_folder(call, change[0])
        for update in change.find("t:Updates", NS):
            path = path_of(update[0])
            if path == "DisplayName":
                if folder.distinguished:
                    raise Denied("ErrorFolderSave", "a distinguished folder keeps its name")
                folder.name = update[1][0].text or ""
            elif isinstance(path, tuple):
                store_extended(folder.ext, update[1][0])
            else:
                raise Denied("ErrorInvalidPropertySet", f"{path} is read-only")
        call.server.store.note("FUpdate", folder.mailbox, folder.parent, folder.id)
        return answer("UpdateFolder", m("Folders", None, folder_element(call.server.store, folder, _ids())))

    return each(call, "UpdateFolder", list(request.find("m:FolderChanges", NSM)), act)


def delete_folder(call: Call, request: etree._Element) -> Answer:
    def act(id: etree._Element) -> etree._Element:
        folder = find_folder(call, id)
        if folder.distinguished:
            raise Denied("ErrorDeleteDistinguishedFolder", "a distinguished folder cannot be deleted")
        call.server.store.drop_folder(folder)
        return answer("DeleteFolder")

    return each(call, "DeleteFolder", list(request.find("m:FolderIds", NSM)), act)


def empty_folder(call: Call, request: etree._Element) -> Answer:
    def act(id: etree._Element) -> etree._Element:
        for item in call.server.store.in_folder(find_folder(call, id).id):
            call.server.store.drop(item)
        return answer("EmptyFolder")

    return each(call, "EmptyFolder", list(request.find("m:FolderIds", NSM)), act)


def mark_all(call: Call, request: etree._Element) -> Answer:
    flag = request.findtext("m:ReadFlag", "true", NSM)

    def act(id: etree._Element) -> etree._Element:
        for item in call.server.store.in_folder(find_folder(call, id).id):
            if item.tag in ("Message", "PostItem") and computed(call.server.store, item)["IsRead"].text != flag:
                item.props["IsRead"] = t("IsRead", flag)
                call.server.store.touch(item, "ReadFlagChange")
        return answer("MarkAllItemsAsRead")

    return each(call, "MarkAllItemsAsRead", list(request.find("m:FolderIds", NSM)), act)


# ------------------------------------------------------------ synchronisation


def _read_state(call: Call, text: str | None, folder: Folder) -> tuple[int, int]:
    """(journal number, number of the last new item given). Raises `Denied` for one that is not ours or is forgotten."""
    if not text:
        return 0, 0
    try:
        generation, home, number, given = json.loads(base64.b64decode(text))
    except ValueError:
        raise Denied("ErrorInvalidSyncStateData", "the synchronization state data is corrupt") from None
    if generation != call.server.sync_generation or home != folder.id:
        raise Denied("ErrorInvalidSyncStateData", "the synchronization state data is no longer valid")
    return int(number), int(given)


def _state(call: Call, folder: Folder, number: int, given: int) -> str:
    return base64.b64encode(json.dumps([call.server.sync_generation, folder.id, number, given]).encode()).decode()


def sync_items(call: Call, request: etree._Element) -> Answer:
    """Changes since a state, at most 512: items that are there now by their last event, others as deleted."""
    shape = Shape(request.find("m:ItemShape", NSM))
    limit = min(int(request.findtext("m:MaxChangesReturned", "512", NSM)), 512)

    def act(id: etree._Element) -> etree._Element:
        store = call.server.store
        folder = find_folder(call, id)
        if folder.mailbox == PUBLIC:
            raise Denied("ErrorInvalidFolderTypeForOperation", "public folders cannot be synchronised")
        if not shape.without_content():
            raise Denied(
                "ErrorInvalidPropertyForSync", "the shape holds properties that SyncFolderItems does not answer"
            )
        number, _ = _read_state(call, request.findtext("m:SyncState", None, NSM), folder)
        last: dict[str, tuple[int, str]] = {}
        born: set[str] = set()
        events = store.events(folder.id)
        for event in events[bisect_right(events, number, key=lambda event: event.number) :]:
            if not event.what.startswith("F"):
                what = event.what
                if what == "Create":
                    born.add(event.id)
                before = last.get(event.id, (0, ""))[1]
                if what == "ReadFlagChange" and before == "Update":
                    what = "Update"
                last[event.id] = (event.number, what)
        changes, upto = [], number
        ordered = sorted(last.items(), key=lambda pair: pair[1][0])
        for id_, (when, what) in ordered[:limit]:
            upto = when
            item = store.items.get(id_)
            if what == "Delete":
                if id_ not in born:
                    changes.append(t("Delete", None, t("ItemId", Id=id_, ChangeKey="AQAAAA==")))
            elif item is not None:
                if what == "ReadFlagChange" and id_ not in born:
                    read = computed(store, item)["IsRead"].text
                    changes.append(
                        t("ReadFlagChange", None, t("ItemId", Id=id_, ChangeKey=item.change_key), t("IsRead", read))
                    )
                else:
                    changes.append(
                        t("Create" if id_ in born else "Update", None, item_element(store, item, shape, find=True))
                    )
        everything = len(ordered) <= limit
        if everything and store.journal:
            upto = max(upto, store.journal[-1].number)
        return answer(
            "SyncFolderItems", m("SyncState", _state(call, folder, upto, 0)),
            m("IncludesLastItemInRange", "true" if everything else "false"), m("Changes", None, *changes),
        )  # fmt: skip

    return each(call, "SyncFolderItems", [request.find("m:SyncFolderId", NSM)[0]], act)


def sync_hierarchy(call: Call, request: etree._Element) -> Answer:
    shape = Shape(request.find("m:FolderShape", NSM))
    home = request.find("m:SyncFolderId", NSM)

    def act(_: etree._Element) -> etree._Element:
        store = call.server.store
        top = find_folder(call, home[0]) if home is not None else store.distinguished(call.mailbox, "msgfolderroot")
        if top.mailbox == PUBLIC:
            raise Denied("ErrorInvalidFolderTypeForOperation", "public folders cannot be synchronised")
        number, _given = _read_state(call, request.findtext("m:SyncState", None, NSM), top)
        there = {each_.id: each_ for each_ in store.below(top.id, True)}
        changes = []
        if number == 0:
            changes = [t("Create", None, folder_element(store, each_, shape)) for each_ in there.values()]
        else:
            last = {
                e.id: e.what
                for e in store.journal
                if e.what.startswith("F") and e.mailbox == top.mailbox and e.number > number
            }
            for id_, what in last.items():
                if what == "FDelete":
                    changes.append(t("Delete", None, t("FolderId", Id=id_, ChangeKey="AQAAAA==")))
                elif id_ in there:
                    changes.append(t(what[1:], None, folder_element(store, there[id_], shape)))
        upto = store.journal[-1].number if store.journal else 1
        return answer(
            "SyncFolderHierarchy", m("SyncState", _state(call, top, upto, 0)), m("IncludesLastFolderInRange", "true"),
            m("Changes", None, *changes),
        )  # fmt: skip

    return each(call, "SyncFolderHierarchy", [request], act)


# ------------------------------------------------------------ names and zones


def time_zones(call: Call, request: etree._Element) -> Answer:
    wanted = [each_.text for each_ in request.findall("m:Ids/t:Id", NSM)]
    known = {"UTC": "(UTC) Coordinated Universal Time", "South Africa Standard Time": "(UTC+02:00) Harare, Pretoria"}

    def act(_: etree._Element) -> etree._Element:
        zones = [
            t("TimeZoneDefinition", Id=id_, Name=name) for id_, name in known.items() if not wanted or id_ in wanted
        ]
        return answer("GetServerTimeZones", m("TimeZoneDefinitions", None, *zones))

    return each(call, "GetServerTimeZones", [request], act)


def resolve_names(call: Call, request: etree._Element) -> Answer:
    def act(_: etree._Element) -> etree._Element:
        word = request.findtext("m:UnresolvedEntry", "", NSM).lower()
        found = [
            (a, n)
            for a, n in call.server.store.names.items()
            if a != PUBLIC and (word in a.lower() or word in n.lower())
        ]
        if not found:
            raise Denied("ErrorNameResolutionNoResults", "no results were found")
        entries = [
            t(
                "Resolution",
                None,
                t(
                    "Mailbox",
                    None,
                    t("Name", n),
                    t("EmailAddress", a),
                    t("RoutingType", "SMTP"),
                    t("MailboxType", "Mailbox"),
                ),
            )
            for a, n in found
        ]
        resolved = m("ResolutionSet", None, *entries, TotalItemsInView=str(len(found)), IncludesLastItemInRange="true")
        return answer("ResolveNames", resolved)

    return each(call, "ResolveNames", [request], act)
