"""The operations on attachments: read, added, taken away (MS-OXWSATT)."""

from __future__ import annotations

from typing import BinaryIO

from mxsync.connectors.ews.operations import ItemId, Operation
from mxsync.connectors.ews.transport import API_VERSION
from mxsync.connectors.ews.wire import NS, Element, m, t


class GetAttachment(Operation):
    SERVICE_NAME = "GetAttachment"

    def call(self, id: str) -> BinaryIO:
        """The bytes of an attachment, read while they come in. Raises `NotFound`."""
        wish = m("AttachmentShape", None, t("IncludeMimeContent", "true"))
        payload = m("GetAttachment", None, wish, m("AttachmentIds", None, t("AttachmentId", Id=id)))
        envelope: bytes = self.wrap(payload, API_VERSION)
        return self.caller.transport.download(self.caller.mailbox, envelope)


class CreateAttachment(Operation):
    SERVICE_NAME = "CreateAttachment"
    repeatable = False

    def call(self, id: ItemId, attachment: Element, where: str) -> ItemId:
        """Attaches to an item; the item's id and change key afterwards."""
        payload = m("CreateAttachment", None, _parent(id), m("Attachments", None, attachment))
        found = self.one(payload, where).find("m:Attachments/*/t:AttachmentId", NS)
        return ItemId(found.get("RootItemId") or id.id, found.get("RootItemChangeKey", ""))


def _parent(id: ItemId) -> Element:
    return m("ParentItemId", Id=id.id, ChangeKey=id.change_key)


class DeleteAttachment(Operation):
    SERVICE_NAME = "DeleteAttachment"
    repeatable = False

    def call(self, id: str, where: str) -> ItemId | None:
        """Takes an attachment away; the item's id and change key afterwards."""
        payload = m("DeleteAttachment", None, m("AttachmentIds", None, t("AttachmentId", Id=id)))
        found = self.one(payload, where).find("m:RootItemId", NS)
        return ItemId(found.get("RootItemId"), found.get("RootItemChangeKey")) if found is not None else None
