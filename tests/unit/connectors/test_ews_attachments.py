"""Attachments that are none like the others: a contact's photo, and a reference to a file elsewhere."""

from __future__ import annotations

import hashlib

from mxsync.connectors.ews import EwsConnector
from mxsync.model.item import Attachment, Draft, Item, ItemRef, Kind
from mxsync.ports.connector import Fetched
from tests.servers.ews import EwsServer
from tests.servers.ews.clients import ANNA, needs_schemas
from tests.servers.ews.mailing import deliver, fill_card, folder_at
from tests.servers.ews.schemas import t
from tests.servers.ews.store import Attached, StoredItem

pytestmark = needs_schemas
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40


def read(connector: EwsConnector, item: StoredItem, folder: str) -> Item:
    (answer,) = connector.fetch([ItemRef(ANNA, folder, item.id)])
    assert isinstance(answer, Fetched), answer
    return answer.item


def test_a_photo_is_read_kept_and_no_attachment(server: EwsServer, connector: EwsConnector) -> None:
    card = server.store.put("IPM.Contact", "Contact", server.store.distinguished(ANNA, "contacts"))
    fill_card(card, "FN:Jane Roe\nEMAIL:jane@acme.example")
    card.props["HasPicture"] = t("HasPicture", "true")
    photo = Attached(f"{card.id}.0", "ContactPicture.jpg", JPEG, "image/jpeg", photo=True)
    card.attachments += [photo, Attached(f"{card.id}.1", "offer.pdf", b"%PDF", "application/pdf")]
    server.store.appeared(card)
    item = read(connector, card, "Contacts")
    found = item.fields["photo"]
    assert isinstance(found, Attachment)
    assert (found.content_type, found.size, found.sha256) == ("image/jpeg", len(JPEG), hashlib.sha256(JPEG).hexdigest())
    with connector.attachment(item.ref, found.part) as content:
        assert content.read() == JPEG
    (pdf,) = item.fields["attachments"]  # type: ignore[misc]
    assert pdf.name == "offer.pdf"  # type: ignore[union-attr]
    connector.update(item.ref, Draft(Kind.CONTACT, {"job_title": "Boss", "photo": None}), item.revision)
    assert [each.content for each in card.attachments] == [JPEG, b"%PDF"] and card.attachments[0].photo


def test_a_card_without_a_photo_asks_for_none(server: EwsServer, connector: EwsConnector) -> None:
    card = server.store.put("IPM.Contact", "Contact", server.store.distinguished(ANNA, "contacts"))
    fill_card(card, "FN:Jane Roe")
    item = read(connector, card, "Contacts")
    server.requests.clear()
    assert item.fields["photo"] is None and item.fields["attachments"] == () and not server.requests


def test_a_reference_says_where_it_leads_and_is_not_fetched(server: EwsServer, connector: EwsConnector) -> None:
    mail = deliver(
        server.store, folder_at(server.store, ANNA, "Inbox"), b"From: jane@acme.example\r\n\r\nsee there\r\n"
    )
    link = "https://files.ours.example/plan.docx"
    mail.attachments.append(Attached(f"{mail.id}.0", "plan.docx", b"", reference=link))
    (found,) = read(connector, mail, "Inbox").fields["attachments"]  # type: ignore[misc]
    assert isinstance(found, Attachment)
    assert (found.name, found.link, found.size, found.sha256) == ("plan.docx", link, 0, "")
    assert not server.requests["GetAttachment"]
