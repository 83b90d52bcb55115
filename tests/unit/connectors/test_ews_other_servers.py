"""What another server, another version or something in front of it does, and no test of the double by itself shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from mxsync.connectors.ews import EwsConnector
from mxsync.connectors.ews.throttle import Throttle
from mxsync.errors import MxsyncError, RateLimited, Refused, ServerError, Unavailable
from mxsync.model.item import Draft, Item, ItemRef, Kind, Unreadable
from mxsync.ports.connector import Fetched, Known
from tests.servers.ews import EwsServer
from tests.servers.ews.clients import ANNA, connector_to, needs_schemas
from tests.servers.ews.mailing import deliver, fill_card, folder_at
from tests.servers.ews.store import Attached, Extended, StoredItem

pytestmark = needs_schemas
BEN = "ben@ours.example"
MAIL = b"From: jane@acme.example\r\nSubject: Hello\r\nMessage-ID: <1@acme.example>\r\n\r\nHello\r\n"


def nothing(mailbox: str, folder: str) -> Mapping[str, Known]:
    return {}


def mails(server: EwsServer, count: int) -> list[StoredItem]:
    inbox = folder_at(server.store, ANNA, "Inbox")
    return [deliver(server.store, inbox, MAIL) for _ in range(count)]


# ------------------------------------------------------------ answers


def test_an_answer_that_breaks_off_in_good_order_is_no_shorter_list(server: EwsServer, connector: EwsConnector) -> None:
    """A proxy that ends a chunked answer early ends it well: only the document tells."""
    known = {each.id: Known(each.change_key, each.change_key) for each in mails(server, 5)}
    server.raw_quirk = lambda raw: raw[: raw.rindex(b"<t:Create>")] if b"<t:Create>" in raw else raw
    with pytest.raises(Unavailable, match="broke off or is damaged"):
        connector.changes(ANNA, "", lambda mailbox, folder: known if folder == "Inbox" else {})
    server.raw_quirk = None
    page = connector.changes(ANNA, "", lambda mailbox, folder: known if folder == "Inbox" else {})
    assert page.changes == ()


def test_a_web_page_is_none_of_exchange(server: EwsServer, connector: EwsConnector) -> None:
    page = b"<!DOCTYPE html><html><body><form action='/owa/auth'>Log in<br></form></body></html>"
    server.fail("", "body", body=page, headers={"Content-Type": "text/html; charset=utf-8"})
    (sentence,) = connector.try_out([ANNA])
    assert "answered with a web page" in sentence and "wants a login of its own" in sentence
    server.fail("", "status", status=500, body=page, headers={"Content-Type": "text/html"}, times=3)
    with pytest.raises(Unavailable, match="status 500"):
        connector.changes(ANNA, "", nothing)


def test_a_fault_in_other_words(server: EwsServer, connector: EwsConnector) -> None:
    """SOAP's own code, no detail, another prefix: an error all the same, with what the server says."""
    fault = (
        b'<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault>'
        b"<faultcode>soap:Client</faultcode><faultstring>the request failed schema validation</faultstring>"
        b"</soap:Fault></soap:Body></soap:Envelope>"
    )
    server.fail("", "status", status=500, body=fault)
    with pytest.raises(Refused, match=r"Client: the request failed schema validation"):
        connector.changes(ANNA, "", nothing)


def test_a_warning_without_an_item_is_an_error(server: EwsServer, connector: EwsConnector) -> None:
    (mail,) = mails(server, 1)
    server.fail("GetItem", "code", "ErrorBatchProcessingStopped", times=9)
    server.raw_quirk = lambda raw: raw.replace(b'ResponseClass="Error"', b'ResponseClass="Warning"').replace(
        b"<m:Items/>", b""
    )
    with pytest.raises(ServerError, match="stopped in the middle of a batch"):
        list(connector.fetch([ItemRef(ANNA, "Inbox", mail.id)]))


# ------------------------------------------------------------ items


def test_an_item_that_is_refused_keeps_the_others_from_nothing(server: EwsServer, connector: EwsConnector) -> None:
    """One that is private, to a delegate; or a code that nobody has heard of."""
    refs = [ItemRef(ANNA, "Inbox", each.id) for each in mails(server, 3)]
    for code in ("ErrorAccessDenied", "ErrorClientIntentNotFound"):
        server.fail("GetItem", "code", code)
        first, *others = connector.fetch(refs)
        assert isinstance(first, Unreadable) and code in first.reason
        assert [type(each) for each in others] == [Fetched, Fetched]


def test_an_attached_task_that_is_no_mime_is_described_all_the_same(server: EwsServer, connector: EwsConnector) -> None:
    (mail,) = mails(server, 1)
    mail.attachments.append(Attached(f"{mail.id}.0", "Call Jane", b"", item=True, mime=False))
    (answer,) = connector.fetch([ItemRef(ANNA, "Inbox", mail.id)])
    assert isinstance(answer, Fetched)
    (found,) = answer.item.fields["attachments"]  # type: ignore[misc]
    assert (found.name, found.sha256, found.size) == ("Call Jane.eml", "", 200)  # type: ignore[union-attr]
    with pytest.raises(MxsyncError, match="cannot turn this kind of item into MIME"):
        connector.attachment(answer.item.ref, found.part)  # type: ignore[union-attr]


def test_folders_that_no_program_shows_are_not_read(server: EwsServer, connector: EwsConnector) -> None:
    """Outlook remembers each address that somebody has written to as a contact, in a folder that it hides."""
    hidden = folder_at(server.store, ANNA, "Contacts/Recipient Cache")
    hidden.ext["tag", "0x10f4"] = Extended({"PropertyTag": "0x10f4", "PropertyType": "Boolean"}, ["true"], False)
    below = folder_at(server.store, ANNA, "Contacts/Recipient Cache/Of last year")
    beside = folder_at(server.store, ANNA, "Contacts/Recipient Caches")
    for home in (hidden, below, beside):
        card = server.store.put("IPM.Contact", "Contact", home)
        fill_card(card, "FN:Jane Roe\nEMAIL:jane@acme.example")
        server.store.appeared(card)
    page = connector.changes(ANNA, "", nothing)
    assert [change.ref.folder for change in page.changes] == ["Contacts/Recipient Caches"]


def all_day(connector: EwsConnector, ref: ItemRef) -> Item:
    (answer,) = connector.fetch([ref])
    assert isinstance(answer, Fetched)
    return answer.item


@pytest.mark.parametrize("zone", ["Africa/Johannesburg", "America/New_York", "Pacific/Auckland", "UTC"])
def test_a_day_is_one_of_the_organisations_zone_on_the_server_too(server: EwsServer, zone: str) -> None:
    """A server makes whole days of an all-day event, by the zone that it names."""
    connector = connector_to(server, timezone=zone)
    fields = {"subject": "Fair", "start": date(2026, 7, 3), "end": date(2026, 7, 5)}
    made = connector.create(ANNA, "Calendar", Draft(Kind.APPOINTMENT, fields), "key")
    item = all_day(connector, made.ref)
    assert (item.fields["start"], item.fields["end"]) == (date(2026, 7, 3), date(2026, 7, 5))
    connector.update(made.ref, Draft(Kind.APPOINTMENT, {"start": date(2026, 7, 4)}), item.revision)
    item = all_day(connector, made.ref)
    assert (item.fields["start"], item.fields["end"]) == (date(2026, 7, 4), date(2026, 7, 5))
    connector.close()


# ------------------------------------------------------------ throttling


@pytest.mark.parametrize(("access", "others"), [("impersonation", "goes on"), ("delegate", "rests")])
def test_whose_budget_a_request_is_charged_to(server: EwsServer, access: str, others: str) -> None:
    """Exchange counts for the mailbox that is acted for; what a delegate does, it counts for him."""
    server.store.add_mailbox(BEN, "Ben")
    server.delegates["svc-mxsync"] = {ANNA, BEN}
    connector = connector_to(server, access=access)
    connector._transport.throttle = Throttle(lambda: 0.0, lambda seconds: None)
    server.fail("FindFolder", "soap", "ErrorServerBusy", backoff=60_000, times=1)
    with pytest.raises(RateLimited):
        connector.changes(ANNA, "", nothing)
    asked = server.requests["FindFolder"]
    if others == "rests":
        with pytest.raises(RateLimited, match="left alone for 60 s more"):
            connector.changes(BEN, "", nothing)
        assert server.requests["FindFolder"] == asked
    else:
        assert connector.changes(BEN, "", nothing).changes == ()
    connector.close()
