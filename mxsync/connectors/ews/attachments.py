"""Attachments: described with the digest of their bytes, streamed to whoever asks, replaced by a link."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import BinaryIO, Final

from mxsync.connectors.ews.attachment_operations import CreateAttachment, DeleteAttachment, GetAttachment
from mxsync.connectors.ews.codecs import read_number, read_yes
from mxsync.connectors.ews.operations import Caller, ItemId
from mxsync.connectors.ews.properties import ATTACHMENTS
from mxsync.connectors.ews.wire import NS, Element, local, t, text_of
from mxsync.errors import BadContent, NotFound
from mxsync.model.item import Attachment, ItemRef

LINK_TYPE: Final = "text/uri-list"


class Attachments:
    """Reads attachments. `caller` gives the one who may open a mailbox."""

    def __init__(self, caller: Callable[[str], Caller]) -> None:
        self._caller = caller

    def describe(self, ref: ItemRef, element: Element | None) -> tuple[Attachment, ...]:
        """What is attached to an item, by its element. Their bytes are read once, for the digest."""
        return tuple(self._describe(ref, each) for each in _attached(element) if not _is_photo(each))

    def photo(self, ref: ItemRef, element: Element | None) -> Attachment | None:
        """A contact's photo: Exchange keeps it as an attachment with a mark (MS-OXWSCONT 2.2.4.8)."""
        return next((self._describe(ref, each) for each in _attached(element) if _is_photo(each)), None)

    def _describe(self, ref: ItemRef, element: Element) -> Attachment:
        id = element.find("t:AttachmentId", NS).get("Id", "")
        link = link_of(element)
        size, digest = 0, ""
        if local(element) != "ReferenceAttachment":
            try:
                with self.open(ref, id) as content:
                    size, digest = _measure(content)
            except BadContent:  # an item that Exchange cannot turn into MIME, as a task: it is there all the same
                size = read_number(element.find("t:Size", NS)) or 0
        name = text_of(element, "t:Name") or "attachment"
        is_item = local(element) == "ItemAttachment"
        return Attachment(
            part=id,
            name=f"{name}.eml" if is_item and not name.lower().endswith(".eml") else name,
            content_type="message/rfc822" if is_item else text_of(element, "t:ContentType", "application/octet-stream"),
            size=size,
            sha256=digest,
            inline=read_yes(element.find("t:IsInline", NS)),
            link=link,
        )

    def open(self, ref: ItemRef, part: str) -> BinaryIO:
        """The bytes of an attachment: in memory, or above a limit in a temporary file that goes with the stream. Raises
        `NotFound`."""
        try:
            return GetAttachment(self._caller(ref.mailbox)).call(part)
        except NotFound as error:
            raise NotFound(f"the attachment of an item in `{ref.folder}` is not there any more") from error


def _attached(element: Element | None) -> list[Element]:
    found = ATTACHMENTS.find(element) if element is not None else None
    return list(found) if found is not None else []


def _is_photo(element: Element) -> bool:
    return read_yes(element.find("t:IsContactPhoto", NS))


def _measure(content: BinaryIO) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    while block := content.read(1_000_000):
        digest.update(block)
        size += len(block)
    return size, digest.hexdigest()


def link_of(element: Element) -> str:
    """Where an attachment that is only a shortcut leads; '' for a real one."""
    if local(element) == "ReferenceAttachment":
        return text_of(element, "t:AttachLongPathName")
    return text_of(element, "t:ContentLocation") if text_of(element, "t:ContentType") == LINK_TYPE else ""


def replace_by_link(caller: Caller, id: ItemId, element: Element, part: str, link: str, where: str) -> ItemId:
    """Puts a shortcut to `link` beside an attachment, then takes the attachment away; the item's id afterwards.

    In that order, so that at no moment neither is there. A repeated call after a crash finds the shortcut by the part
    that it stands for and only takes away what is left. Raises `NotFound` where neither is there.
    """
    there = _attached(element)
    original = next((each for each in there if each.find("t:AttachmentId", NS).get("Id") == part), None)
    mark = _mark(part)
    shortcut = next((each for each in there if text_of(each, "t:ContentId") == mark), None)
    if original is None and shortcut is None:
        raise NotFound(f"{where} has no such attachment")
    if original is not None and link_of(original) == link:
        return id
    if shortcut is None and original is not None:
        name = text_of(original, "t:Name") or "attachment"
        new = t(
            "FileAttachment", None,
            t("Name", f"{name}.txt"), t("ContentType", LINK_TYPE), t("ContentId", mark), t("ContentLocation", link),
            t("IsInline", "false"), t("Content", base64.b64encode(f"{link}\r\n".encode()).decode()),
        )  # fmt: skip
        id = CreateAttachment(caller).call(id, new, where)
    if original is not None:
        id = DeleteAttachment(caller).call(part, where) or id
    return id


def _mark(part: str) -> str:
    """The Content-ID of the shortcut that stands for an attachment."""
    return f"{hashlib.sha256(part.encode()).hexdigest()[:32]}@mxsync.invalid"
