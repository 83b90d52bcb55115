"""What real mailboxes hold and no document promises: odd names, odd characters, missing ids, other languages."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from email.message import EmailMessage

import pytest
from lxml import etree

from mxsync.connectors.ews import EwsConnector
from mxsync.connectors.ews.downloading import Download
from mxsync.errors import BadContent, MxsyncError
from mxsync.model.item import PUBLIC, Address, Draft, Item, ItemRef, Kind, Unreadable
from mxsync.ports.connector import Fetched, Known
from tests.servers.ews import EwsServer
from tests.servers.ews.clients import ANNA, needs_schemas
from tests.servers.ews.mailing import deliver, fill_calendar, folder_at
from tests.servers.ews.mime import mailbox
from tests.servers.ews.schemas import t
from tests.servers.ews.shapes import NS
from tests.servers.ews.store import DISTINGUISHED, StoredItem

pytestmark = needs_schemas


def nothing(mailbox: str, folder: str) -> Mapping[str, Known]:
    return {}


def mail(subject: str = "Hello", body: str = "Hello", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = "jane@acme.example", subject, "<1@acme.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return bytes(message)


def read(connector: EwsConnector, item: StoredItem, folder: str = "Inbox") -> Item:
    (answer,) = connector.fetch([ItemRef(ANNA, folder, item.id)])
    assert isinstance(answer, Fetched), answer
    return answer.item


def paths(connector: EwsConnector, mailbox: str = ANNA) -> list[str]:
    return sorted(change.ref.folder for change in connector.changes(mailbox, "", nothing).changes)


# ------------------------------------------------------------ folders


def test_a_mailbox_in_another_language_has_the_folders_that_rules_know(
    server: EwsServer, connector: EwsConnector
) -> None:
    german = {
        "inbox": "Posteingang",
        "sentitems": "Gesendete Elemente",
        "contacts": "Kontakte",
        "calendar": "Kalender",
        "tasks": "Aufgaben",
    }
    server.store.add_mailbox("udo@ours.example", "Udo", german)
    deliver(server.store, server.store.distinguished("udo@ours.example", "inbox"), mail())
    deliver(server.store, folder_at(server.store, "udo@ours.example", "Posteingang/Kunden"), mail())
    assert paths(connector, "udo@ours.example") == ["Inbox", "Inbox/Kunden"]
    written = connector.create("udo@ours.example", "Tasks", Draft(Kind.TASK, {"subject": "x"}), "key")
    assert server.store.folders[server.store.items[written.ref.href].folder].name == "Aufgaben"


def test_a_server_that_does_not_say_which_folders_are_standard(server: EwsServer, connector: EwsConnector) -> None:
    def silent(folder: object, element: etree._Element) -> None:
        for said in element.findall("t:DistinguishedFolderId", NS):
            element.remove(said)

    server.folder_quirks.append(silent)
    server.store.distinguished(ANNA, "inbox").name = "Boîte de réception"
    deliver(server.store, server.store.distinguished(ANNA, "inbox"), mail())
    assert paths(connector) == ["Inbox"]


def test_a_server_that_keeps_no_digest_of_folders(server: EwsServer, connector: EwsConnector) -> None:
    def silent(folder: object, element: etree._Element) -> None:
        for said in element.findall("t:ExtendedProperty", NS):
            element.remove(said)

    server.folder_quirks.append(silent)
    inbox = server.store.distinguished(ANNA, "inbox")
    first = deliver(server.store, inbox, mail())
    page = connector.changes(ANNA, "", nothing)
    assert [change.ref.href for change in page.changes] == [first.id]
    known = {first.id: Known(first.change_key, "")}

    def remembered(mailbox: str, folder: str) -> Mapping[str, Known]:
        return known if folder == "Inbox" else {}

    again = connector.changes(ANNA, page.cursor, remembered)
    assert again.changes == ()
    second = deliver(server.store, inbox, mail())
    last = connector.changes(ANNA, again.cursor, remembered)
    assert [change.ref.href for change in last.changes] == [second.id]


def test_a_slash_in_a_folders_name_begins_no_other_folder(server: EwsServer, connector: EwsConnector) -> None:
    inbox = server.store.distinguished(ANNA, "inbox")
    place = server.store.add_folder(inbox, "Offers 1/2", "IPF.Note")
    deliver(server.store, place, mail())
    (path,) = paths(connector)
    assert path == "Inbox/Offers 1\u22152"
    written = connector.create(ANNA, path, Draft(Kind.MAIL, {"subject": "x"}), "key")
    assert server.store.items[written.ref.href].folder == place.id
    made = connector.create(ANNA, "Inbox/A\u2215B", Draft(Kind.MAIL, {"subject": "x"}), "other key")
    assert server.store.folders[server.store.items[made.ref.href].folder].name == "A/B"


def test_two_folders_of_one_name_keep_their_paths(server: EwsServer, connector: EwsConnector) -> None:
    inbox = server.store.distinguished(ANNA, "inbox")
    first = server.store.add_folder(inbox, "Twin", "IPF.Note")
    item = deliver(server.store, first, mail())
    page = connector.changes(ANNA, "", nothing)
    second = server.store.add_folder(inbox, "twin", "IPF.Note", twin=True)
    other = deliver(server.store, second, mail())
    again = connector.changes(
        ANNA,
        page.cursor,
        lambda mailbox, folder: {item.id: Known(item.change_key, "")} if folder == "Inbox/Twin" else {},
    )
    assert [(change.ref.folder, change.ref.href) for change in again.changes] == [("Inbox/twin (2)", other.id)]


def test_folders_that_are_not_read(server: EwsServer, connector: EwsConnector) -> None:
    for name in ("drafts", "outbox", "deleteditems", "junkemail"):
        deliver(server.store, server.store.distinguished(ANNA, name), mail())
    deliver(server.store, folder_at(server.store, ANNA, "Deleted Items/Old"), mail())
    top = server.store.distinguished(ANNA, "msgfolderroot")
    deliver(server.store, server.store.add_folder(top, "Quick Steps", "IPF.Configuration"), mail())
    assert paths(connector) == []
    assert set(DISTINGUISHED) >= {"drafts", "outbox", "deleteditems", "junkemail"}


def test_many_folders_come_in_pages(server: EwsServer, connector: EwsConnector) -> None:
    server.find_limit = 10
    inbox = server.store.distinguished(ANNA, "inbox")
    for number in range(35):
        deliver(server.store, server.store.add_folder(inbox, f"Folder {number}", "IPF.Note"), mail())
    assert len(paths(connector)) == 35


def test_public_folders_are_paged_through_and_compared(server: EwsServer, connector: EwsConnector) -> None:
    server.find_limit = 7
    place = folder_at(server.store, "public", "Fairs/2026")
    items = [deliver(server.store, place, mail()) for _ in range(20)]
    page = connector.changes(PUBLIC, "", nothing)
    assert {change.ref.href for change in page.changes} == {item.id for item in items}
    known = {item.id: Known(item.change_key, "") for item in items}
    server.store.touch(items[3])
    server.store.drop(items[4])
    again = connector.changes(PUBLIC, page.cursor, lambda mailbox, folder: known if folder == "Fairs/2026" else {})
    assert [(type(change).__name__, change.ref.href) for change in again.changes] == [
        ("Modified", items[3].id),
        ("Vanished", items[4].id),
    ]
    assert "SyncFolderItems" not in server.requests


# ------------------------------------------------------------ items


def test_characters_that_xml_does_not_allow(server: EwsServer, connector: EwsConnector) -> None:
    item = deliver(server.store, server.store.distinguished(ANNA, "inbox"), mail("ODD subject", "ODD body"))
    server.raw_quirk = lambda raw: raw.replace(b"ODD", b"&#x1;\x0b&#xFFFF;")
    found = read(connector, item)
    assert re.sub(r"\W", "", str(found.fields["subject"])) == "subject"
    assert re.sub(r"\W", "", str(found.fields["body"])) == "body"
    server.raw_quirk = None
    changed = connector.update(found.ref, Draft(Kind.MAIL, {"subject": "a\x00b\x1fc\ud800"}), item.change_key)
    assert changed.revision == item.change_key
    assert read(connector, item).fields["subject"] == "a b c\ufffd"


def test_items_without_the_id_that_was_asked_for(server: EwsServer, connector: EwsConnector) -> None:
    inbox = server.store.distinguished(ANNA, "inbox")
    item, other = deliver(server.store, inbox, mail("first")), deliver(server.store, inbox, mail("second"))

    def forgetful(stored: StoredItem, element: etree._Element) -> None:
        if stored is item:
            element.remove(element.find("t:ItemId", NS))

    server.item_quirks.append(forgetful)
    answers = list(connector.fetch([ItemRef(ANNA, "Inbox", item.id), ItemRef(ANNA, "Inbox", other.id)]))
    assert [answer.item.fields["subject"] for answer in answers if isinstance(answer, Fetched)] == ["first", "second"]


def test_ids_that_differ_in_nothing_but_case(server: EwsServer, connector: EwsConnector) -> None:
    inbox = server.store.distinguished(ANNA, "inbox")
    items = [deliver(server.store, inbox, mail(f"number {number}")) for number in range(40)]
    for item in items:
        assert read(connector, item).fields["subject"] == f"number {items.index(item)}"


def test_five_thousand_recipients(server: EwsServer, connector: EwsConnector) -> None:
    item = deliver(server.store, server.store.distinguished(ANNA, "inbox"), mail())
    boxes = [mailbox(f"Person {number}", f"p{number}@acme.example") for number in range(5000)]
    item.props["ToRecipients"] = t("ToRecipients", None, *boxes)
    recipients = read(connector, item).fields["to"]
    assert isinstance(recipients, tuple) and len(recipients) == 5000
    assert recipients[-1] == Address("Person 4999", "p4999@acme.example")


def test_dates_out_of_range_are_none(server: EwsServer, connector: EwsConnector) -> None:
    item = deliver(server.store, server.store.distinguished(ANNA, "inbox"), mail())
    item.props["DateTimeSent"] = t("DateTimeSent", "0001-01-01T00:00:00Z")
    assert read(connector, item).fields["sent"] == datetime(1, 1, 1, tzinfo=UTC)
    item.props["DateTimeSent"] = t("DateTimeSent", "12026-01-01T00:00:00Z")
    assert read(connector, item).fields["sent"] is None


def test_a_directory_path_is_no_address(server: EwsServer, connector: EwsConnector) -> None:
    item = deliver(server.store, server.store.distinguished(ANNA, "inbox"), mail())
    box = t("Mailbox", None, t("Name", "Jane Roe"), t("EmailAddress", "/O=OURS/CN=JANE"), t("RoutingType", "EX"))
    item.props["From"] = t("From", None, box)
    assert read(connector, item).fields["sender"] == Address("Jane Roe", "")


def test_drafts_meeting_requests_and_reports_are_no_mail(server: EwsServer, connector: EwsConnector) -> None:
    inbox = server.store.distinguished(ANNA, "inbox")
    for item_class in (
        "IPM.Schedule.Meeting.Request",
        "IPM.Schedule.Meeting.Resp.Pos",
        "IPM.DistList",
        "REPORT.IPM.Note.NDR",
    ):
        deliver(server.store, inbox, mail()).item_class = item_class
    deliver(server.store, inbox, mail()).draft = True
    assert paths(connector) == []


def test_encrypted_and_protected_mail_is_left_alone_by_name(server: EwsServer, connector: EwsConnector) -> None:
    inbox = server.store.distinguished(ANNA, "inbox")
    for item_class, reason in (
        ("IPM.Note.SMIME", "encrypted"),
        ("IPM.Note.rpmsg.Microsoft.Voicemail", "rights management"),
    ):
        item = deliver(server.store, inbox, mail("Secret plan"))
        item.item_class = item_class
        (answer,) = connector.fetch([ItemRef(ANNA, "Inbox", item.id)])
        assert isinstance(answer, Unreadable)
        assert "`Secret plan` in `Inbox` is left alone" in answer.reason and reason in answer.reason
    signed = deliver(server.store, inbox, mail("Signed"))
    signed.item_class = "IPM.Note.SMIME.MultipartSigned"
    assert read(connector, signed).fields["subject"] == "Signed"


def test_a_corrupt_item_is_set_aside_and_the_others_are_read(server: EwsServer, connector: EwsConnector) -> None:
    inbox = server.store.distinguished(ANNA, "inbox")
    refs = [ItemRef(ANNA, "Inbox", deliver(server.store, inbox, mail()).id) for _ in range(3)]
    server.fail("GetItem", "code", "ErrorItemCorrupt")
    first, *rest = connector.fetch(refs)
    assert isinstance(first, Unreadable) and "New-MailboxRepairRequest" in first.reason
    assert all(isinstance(answer, Fetched) for answer in rest) and len(rest) == 2


def test_html_becomes_text_as_in_every_store(server: EwsServer, connector: EwsConnector) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "jane@acme.example", "x"
    message.set_content("<p>Hello <b>Anna</b></p><p>bye</p>", subtype="html")
    item = deliver(server.store, server.store.distinguished(ANNA, "inbox"), bytes(message))
    found = read(connector, item)
    assert str(found.fields["body"]).split() == ["Hello", "Anna", "bye"]
    assert str(found.fields["message_id"]).startswith("sha256:")


def test_attachments_by_file_by_item_and_large(server: EwsServer, connector: EwsConnector) -> None:
    inner, outer = EmailMessage(), EmailMessage()
    inner["Subject"] = "inner"
    inner.set_content("inside")
    outer["From"], outer["Subject"] = "jane@acme.example", "outer"
    outer.set_content("see there")
    large = bytes(range(256)) * 24_000
    outer.add_attachment(large, maintype="application", subtype="pdf", filename="large.pdf")
    outer.add_attachment(inner)
    item = deliver(server.store, server.store.distinguished(ANNA, "inbox"), bytes(outer))
    found = read(connector, item)
    pdf, message = found.fields["attachments"]  # type: ignore[misc]
    assert (pdf.name, pdf.size, pdf.content_type) == ("large.pdf", len(large), "application/pdf")  # type: ignore[union-attr]
    assert message.name.endswith(".eml") and message.content_type == "message/rfc822"  # type: ignore[union-attr]
    with connector.attachment(found.ref, pdf.part) as content:  # type: ignore[union-attr]
        assert content.read() == large
    with connector.attachment(found.ref, message.part) as content:  # type: ignore[union-attr]
        assert b"inside" in content.read()


def test_a_hundred_megabytes_are_never_held_as_a_whole(server: EwsServer) -> None:
    """What the client holds at most while it reads: a small part of the attachment."""
    import tracemalloc

    block = b"QUJD" * 64_000  # 'ABC' in base64
    envelope = (
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><m:ResponseCode xmlns:m="x">NoError</m:ResponseCode>'
        b'<t:Content xmlns:t="y">'
    )
    pieces = itertools.chain([envelope], itertools.repeat(block, 525), [b"</t:Content></s:Body></s:Envelope>"])
    tracemalloc.start()
    with Download().read(pieces) as content:
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert content.read(6) == b"ABCABC"
        assert content.seek(0, 2) == 525 * 64_000 * 3 > 100_000_000
    assert most < 12_000_000


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "document type"),
        (b"<x><ResponseCode>NoError</ResponseCode><Content>QUJ", "is broken"),
        (b"<x><ResponseCode>ErrorItemNotFound</ResponseCode></x>", "not there any more"),
        (b"<x><ResponseCode>ErrorServerBusy</ResponseCode></x>", "throttling"),
    ],
)
def test_an_answer_that_holds_no_attachment(answer: bytes, words: str) -> None:
    with pytest.raises(MxsyncError, match=words):
        Download().read([answer])


def test_custom_properties_of_a_form_are_found_by_name(server: EwsServer, connector: EwsConnector) -> None:
    """Written by somebody else, so listed nowhere: asked for once for the whole page."""
    from tests.servers.ews.store import Extended

    inbox = server.store.distinguished(ANNA, "inbox")
    items = [deliver(server.store, inbox, mail()) for _ in range(3)]
    for number, item in enumerate(items):
        item.item_class = "IPM.Note.Machine"
        uri = {"DistinguishedPropertySetId": "PublicStrings", "PropertyName": "SerialNo", "PropertyType": "String"}
        item.ext["00020329-0000-0000-c000-000000000046", "serialno"] = Extended(uri, [f"SN{number}"], False)
    answers = list(connector.fetch([ItemRef(ANNA, "Inbox", item.id) for item in items]))
    server.requests.clear()
    values = [answer.item.custom["SerialNo"] for answer in answers if isinstance(answer, Fetched)]
    assert values == ["SN0", "SN1", "SN2"]
    assert server.requests == {"GetItem": 1}
    assert isinstance(answers[0], Fetched) and answers[0].item.custom.get("Other") is None


# ------------------------------------------------------------ calendars


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=3;COUNT=5",
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=20271231;BYDAY=MO,WE",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=MONTHLY;BYMONTHDAY=24",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=SU",
        "FREQ=MONTHLY;COUNT=4;BYDAY=2TU",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=24",
        "FREQ=YEARLY;BYMONTH=2;BYDAY=3SA",
    ],
)
@pytest.mark.parametrize("kind", [Kind.APPOINTMENT, Kind.TASK])
def test_recurrences_come_back_as_they_were_written(connector: EwsConnector, kind: Kind, rule: str) -> None:
    days = {"MO,WE": 23, "2TU": 10, "-1FR": 27, "SETPOS=-1": 30}
    day = date(2026, 11, next((number for word, number in days.items() if rule.endswith(word)), 24))
    day = date(2027, 2, 20) if rule.endswith("3SA") else day
    times = {
        Kind.APPOINTMENT: {
            "start": datetime(day.year, day.month, day.day, 9, tzinfo=UTC),
            "end": datetime(day.year, day.month, day.day, 10, tzinfo=UTC),
        },
        Kind.TASK: {"start": day, "due": day},
    }
    folder = "Calendar" if kind is Kind.APPOINTMENT else "Tasks"
    written = connector.create(ANNA, folder, Draft(kind, {"subject": "x", "recurrence": rule, **times[kind]}), rule)
    (answer,) = connector.fetch([written.ref])
    assert isinstance(answer, Fetched) and answer.item.fields["recurrence"] == rule


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY",
        "FREQ=WEEKLY;BYHOUR=9",
        "FREQ=MONTHLY;BYDAY=5MO",
        "FREQ=DAILY;COUNT=0",
        "nonsense",
        # What Exchange would take for another rule.
        "FREQ=DAILY;BYMONTH=1",
        "FREQ=DAILY;INTERVAL=2;BYDAY=TU",
        "FREQ=MONTHLY;BYDAY=TU",
        "FREQ=MONTHLY;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYDAY=TU;BYMONTHDAY=24",
        "FREQ=YEARLY;INTERVAL=4",
        "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=400",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    ],
)
def test_a_recurrence_that_exchange_cannot_keep_is_refused_with_a_sentence(connector: EwsConnector, rule: str) -> None:
    fields = {"subject": "x", "recurrence": rule, "start": datetime(2026, 11, 24, 9, tzinfo=UTC)}
    with pytest.raises(BadContent, match="recurrence"):
        connector.create(ANNA, "Calendar", Draft(Kind.APPOINTMENT, fields), "key")


def test_all_day_events_are_days_in_the_organisations_zone(server: EwsServer, connector: EwsConnector) -> None:
    fields = {"subject": "Fair", "start": date(2026, 11, 24), "end": date(2026, 11, 26)}
    written = connector.create(ANNA, "Calendar", Draft(Kind.APPOINTMENT, fields), "key")
    (answer,) = connector.fetch([written.ref])
    assert isinstance(answer, Fetched)
    assert (answer.item.fields["start"], answer.item.fields["end"]) == (date(2026, 11, 24), date(2026, 11, 26))
    assert answer.item.fields["all_day"] is True
    assert server.store.items[written.ref.href].props["Start"].text == "2026-11-23T22:00:00Z"


def test_nobody_is_invited(server: EwsServer, connector: EwsConnector) -> None:
    """What is sent is in the requests: SendToNone each time, and the double has sent nothing."""
    item = server.store.put("IPM.Appointment", "CalendarItem", server.store.distinguished(ANNA, "calendar"))
    fill_calendar(
        item,
        "BEGIN:VEVENT\nSUMMARY:x\nDTSTART:20261110T090000Z\nDTEND:20261110T100000Z\nATTENDEE:mailto:jane@acme.example",
    )
    server.store.appeared(item)
    ref = ItemRef(ANNA, "Calendar", item.id)
    written = connector.update(ref, Draft(Kind.APPOINTMENT, {"location": "Room 1"}), item.change_key)
    connector.delete(ref, written.revision)
    assert server.sent == []


def test_a_contact_needs_the_class_of_one_and_has_three_addresses(connector: EwsConnector) -> None:
    with pytest.raises(BadContent, match=r"has to begin with `IPM\.Contact`"):
        connector.create(ANNA, "Contacts", Draft(Kind.CONTACT, {"full_name": "x"}, item_class="IPM.Machine"), "key")
    four = tuple(f"a{number}@acme.example" for number in range(4))
    with pytest.raises(BadContent, match="three addresses"):
        connector.create(ANNA, "Contacts", Draft(Kind.CONTACT, {"full_name": "x", "email": four}), "key")
