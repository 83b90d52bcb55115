"""Items and folders as the double answers them: by base shape and additional properties, in the schema's order."""

from __future__ import annotations

import base64
from datetime import UTC
from typing import Final

from lxml import etree

from tests.servers.ews import series
from tests.servers.ews.mime import mailbox, moment
from tests.servers.ews.paths import extended_key, give, give_extended, path_of
from tests.servers.ews.schemas import TYPE_OF, T, local, schemas, t
from tests.servers.ews.store import Attached, Extended, Folder, Store, StoredItem

NS: Final = {"t": T}
_DEFAULT: Final = (
    "ParentFolderId", "ItemClass", "Subject", "Sensitivity", "Attachments", "DateTimeReceived", "Size", "Categories", "Importance",
    "InReplyTo", "IsDraft", "DateTimeSent", "DateTimeCreated", "ReminderDueBy", "ReminderIsSet", "ReminderMinutesBeforeStart",
    "HasAttachments", "LastModifiedTime", "Flag", "IsAssociated",
)  # fmt: skip
_BODY: Final = ("Body", "TextBody", "UniqueBody", "NormalizedBody")


class Shape:
    """What a request wants of items or folders."""

    def __init__(self, element: etree._Element | None) -> None:
        text = lambda name, default="": element.findtext(f"t:{name}", default, NS) if element is not None else default  # noqa: E731
        self.base = text("BaseShape", "AllProperties")
        self.mime = text("IncludeMimeContent") in ("true", "1")
        self.body_type = text("BodyType", "Best")
        self.paths: list[etree._Element] = []
        extra = element.find("t:AdditionalProperties", NS) if element is not None else None
        if extra is not None:
            self.paths = list(extra)

    def without_content(self) -> bool:
        """Whether FindItem and SyncFolderItems can answer it: neither body nor recipients nor attachments."""
        return not self.mime and not {path_of(each) for each in self.paths} & {
            "Body", "TextBody", "UniqueBody", "Attachments", "ToRecipients", "CcRecipients", "BccRecipients", "ReplyTo", "MimeContent",
        }  # fmt: skip


def computed(store: Store, item: StoredItem) -> dict[str, etree._Element]:
    """All first-class properties of an item, the server's own among them."""
    props = dict(item.props)
    folder = store.folders[item.folder]
    content = (
        sum(len(each.content) for each in item.attachments)
        + len(item.mime)
        + sum(len(e.text or "") for e in props.values())
    )
    flags = item.ext.get(("tag", "0x0e07"))
    props |= {
        "ItemId": t("ItemId", Id=item.id, ChangeKey=item.change_key),
        "ParentFolderId": t("ParentFolderId", Id=folder.id, ChangeKey="AQAAAA=="),
        "ItemClass": t("ItemClass", item.item_class),
        "DateTimeCreated": t("DateTimeCreated", moment(item.created)),
        "LastModifiedTime": t("LastModifiedTime", moment(item.modified)),
        "Size": t("Size", str(content + 500)),
        "HasAttachments": t("HasAttachments", "true" if item.attachments else "false"),
        "IsAssociated": t("IsAssociated", "false"),
    }
    draft = item.draft if flags is None else bool(int(flags.values[0]) & 8)
    props["IsDraft"] = t("IsDraft", "true" if draft else "false")
    props.setdefault("Sensitivity", t("Sensitivity", "Normal"))
    props.setdefault("Importance", t("Importance", "Normal"))
    props.setdefault("DateTimeReceived", t("DateTimeReceived", moment(item.created)))
    props.setdefault("DateTimeSent", t("DateTimeSent", moment(item.created)))
    props.setdefault("Flag", t("Flag", None, t("FlagStatus", "NotFlagged")))
    if item.tag in ("Message", "PostItem"):
        read = flags is not None and bool(int(flags.values[0]) & 1)
        props.setdefault("IsRead", t("IsRead", "true" if read else "false"))
    if item.attachments:
        props["Attachments"] = t("Attachments", None, *(attached(each, content=False) for each in item.attachments))
    if item.tag == "CalendarItem":
        recurring = "true" if "Recurrence" in props else "false"
        props["IsRecurring"] = t("IsRecurring", recurring)
        kind = "RecurringMaster" if "Recurrence" in props else "Single"
        if item.master:
            known = store.items[item.master].exceptions
            kind = "Exception" if item.id.partition(series.MARK)[2] in known else "Occurrence"
        props["CalendarItemType"] = t("CalendarItemType", kind)
        props |= series.exceptions_of(item)
        props.setdefault("IsAllDayEvent", t("IsAllDayEvent", "false"))
        props.setdefault("IsCancelled", t("IsCancelled", "false"))
        props.setdefault("LegacyFreeBusyStatus", t("LegacyFreeBusyStatus", "Busy"))
        props.setdefault("Organizer", t("Organizer", None, mailbox(store.names[folder.mailbox], folder.mailbox)))
        props.setdefault(
            "UID", t("UID", f"040000008200E00074C5B7101A82E008{base64.b64decode(item.search_key).hex().upper()}")
        )
    if item.tag == "Task":
        props.setdefault("Status", t("Status", "NotStarted"))
        props.setdefault("PercentComplete", t("PercentComplete", "0"))
    if item.tag in ("CalendarItem", "Task", "Message", "Contact"):
        props.setdefault("ReminderIsSet", t("ReminderIsSet", "false"))
        if item.tag == "CalendarItem":
            props.setdefault("ReminderMinutesBeforeStart", t("ReminderMinutesBeforeStart", "15"))
    return props


def extended(item: StoredItem) -> dict[tuple[str, str], Extended]:
    """Extended properties, those that the server computes among them."""
    found = dict(item.ext)
    found["tag", "0x300b"] = Extended({"PropertyTag": "0x300b", "PropertyType": "Binary"}, [item.search_key], False)
    found.setdefault(
        ("tag", "0x0e07"),
        Extended({"PropertyTag": "0xe07", "PropertyType": "Integer"}, ["8" if item.draft else "0"], False),
    )
    return found


def item_element(store: Store, item: StoredItem, shape: Shape, *, find: bool = False) -> etree._Element:
    """The item by a shape."""
    props = computed(store, item)
    ext = extended(item)
    type_name = TYPE_OF[item.tag]
    allowed = set(schemas().children(type_name))
    names: dict[str, None] = {"ItemId": None}
    if shape.base != "IdOnly":
        wanted = (
            props
            if shape.base == "AllProperties"
            else [name for name in props if name in _DEFAULT or name not in schemas().children("t:ItemType")]
        )
        names |= dict.fromkeys(
            name for name in wanted if not (find and name in (*_BODY, "Attachments", "ToRecipients"))
        )
    extras: list[etree._Element] = []
    for path in shape.paths:
        if local(path) == "ExtendedFieldURI":
            if (value := ext.get(extended_key(path))) is not None:
                extras.append(give_extended(value))
            continue
        name = path_of(path)
        if name == "TextBody" and "Body" in props:
            props["TextBody"] = t("TextBody", props["Body"].text, BodyType="Text")
        if isinstance(name, str):
            names[name] = None
    element = t(item.tag, None, *give(props, [name for name in names if name.partition("/")[0] in allowed]), *extras)
    for body in element.findall("t:Body", NS):
        if shape.body_type == "Text":
            body.set("BodyType", "Text")
    if shape.mime:
        element.append(
            t("MimeContent", base64.b64encode(item.mime or b"MIME-Version: 1.0\r\n\r\n").decode(), CharacterSet="UTF-8")
        )
    return schemas().sort(element, type_name)


def bare(item: StoredItem) -> etree._Element:
    """The answer of a write: the id alone."""
    return t(item.tag, None, t("ItemId", Id=item.id, ChangeKey=item.change_key))


def attached(each: Attached, *, content: bool, mime: bool = True) -> etree._Element:
    """An attachment, with its content or only described."""
    kind = "ReferenceAttachment" if each.reference else "ItemAttachment" if each.item else "FileAttachment"
    element = t(kind, None, t("AttachmentId", Id=each.id), t("Name", each.name))
    element.append(t("ContentType", each.content_type))
    if each.content_id:
        element.append(t("ContentId", each.content_id))
    if each.location:
        element.append(t("ContentLocation", each.location))
    element.append(t("Size", str(len(each.content) + 200)))
    element.append(t("IsInline", "true" if each.inline else "false"))
    if kind == "FileAttachment":
        element.append(t("IsContactPhoto", "true" if each.photo else "false"))
        if content:
            element.append(t("Content", base64.b64encode(each.content).decode()))
    elif kind == "ReferenceAttachment":
        element.append(t("AttachLongPathName", each.reference))
    elif content and mime:
        element.append(
            t("Message", None, t("MimeContent", base64.b64encode(each.content).decode(), CharacterSet="UTF-8"))
        )
    return element


_FOLDER_TAG: Final = {"IPF.Appointment": "CalendarFolder", "IPF.Contact": "ContactsFolder", "IPF.Task": "TasksFolder"}


def _unread(item: StoredItem) -> bool:
    said, flags = item.props.get("IsRead"), item.ext.get(("tag", "0x0e07"))
    if item.tag not in ("Message", "PostItem"):
        return False
    return said.text == "false" if said is not None else flags is None or not int(flags.values[0]) & 1


def folder_element(store: Store, folder: Folder, shape: Shape) -> etree._Element:
    """A folder by a shape."""
    tag = _FOLDER_TAG.get(folder.folder_class, "Folder")
    items = store.in_folder(folder.id)
    props = {
        "FolderId": t("FolderId", Id=folder.id, ChangeKey="AQAAAA=="),
        "ParentFolderId": t("ParentFolderId", Id=folder.parent or folder.id, ChangeKey="AQAAAA=="),
        "DisplayName": t("DisplayName", folder.name),
        "TotalCount": t("TotalCount", str(len(items))),
        "ChildFolderCount": t("ChildFolderCount", str(len(list(store.below(folder.id))))),
    }
    if folder.folder_class:
        props["FolderClass"] = t("FolderClass", folder.folder_class)
    if folder.distinguished:
        props["DistinguishedFolderId"] = t("DistinguishedFolderId", folder.distinguished)
    if tag in ("Folder", "TasksFolder"):
        unread = sum(_unread(item) for item in items)
        props["UnreadCount"] = t("UnreadCount", str(unread))
    names: dict[str, None] = {"FolderId": None}
    if shape.base == "AllProperties":
        names |= dict.fromkeys(props)
    elif shape.base == "Default":
        names |= dict.fromkeys(("DisplayName", "TotalCount", "ChildFolderCount", "UnreadCount"))
    extras = []
    digest = {
        # MS-OXCFOLD 2.2.2.2.1: PidTagLocalCommitTimeMax, PidTagDeletedCountTotal
        ("tag", "0x670a"): ("0x670a", "SystemTime", folder.changed.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")),
        ("tag", "0x670b"): ("0x670b", "Integer", str(folder.deleted)),
    }
    for path in shape.paths:
        if local(path) == "ExtendedFieldURI":
            key = extended_key(path)
            if key in digest:
                tag_, kind, value = digest[key]
                extras.append(give_extended(Extended({"PropertyTag": tag_, "PropertyType": kind}, [value], False)))
            elif key in folder.ext:
                extras.append(give_extended(folder.ext[key]))
            continue
        name = path_of(path)
        if isinstance(name, str):
            names[name] = None
    element = t(tag, None, *(props[name] for name in names if name in props), *extras)
    return schemas().sort(element, TYPE_OF[tag])
