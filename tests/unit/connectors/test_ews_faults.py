"""What goes wrong between mxsync and Exchange: response codes, cut connections, throttling, lost states."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

import pytest

from mxsync.connectors.ews import Account, EwsConnector
from mxsync.connectors.ews.faults import CODES, error_of
from mxsync.connectors.ews.logins import Logins
from mxsync.connectors.ews.throttle import Throttle
from mxsync.errors import Disposition, MxsyncError, RateLimited, ServerError, Transient, Unauthorized
from mxsync.model.change import Appeared, Modified, Vanished
from mxsync.model.item import Draft, ItemRef, Kind
from mxsync.ports.connector import Fetched, Known, Written
from tests.servers.ews import EwsServer
from tests.servers.ews.clients import ANNA, connector_to, needs_schemas, settings_of
from tests.servers.ews.mailing import deliver, folder_at
from tests.servers.ews.schemas import schemas

pytestmark = needs_schemas
MAIL = b"From: Jane <jane@acme.example>\r\nTo: anna@ours.example\r\nSubject: Hello\r\nMessage-ID: <1@acme.example>\r\n\r\nHello\r\n"


def no_memory(mailbox: str, folder: str) -> Mapping[str, Known]:
    return {}


# ------------------------------------------------------------ response codes


def test_the_table_knows_codes_of_the_schema_and_enough_of_them() -> None:
    assert len(CODES) >= 60
    assert set(CODES) <= set(schemas().codes)


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_has_a_disposition_and_a_sentence(code: str) -> None:
    error = error_of(code, where="an item", backoff=3.0)
    kind, sentence = CODES[code]
    assert type(error) is kind and isinstance(error.disposition, Disposition)
    assert str(error) == f"an item: {sentence} ({code})"
    assert len(sentence.split()) >= 4 and not sentence.endswith(".")
    if isinstance(error, Transient):
        assert error.retry_after == 3.0


def test_every_code_arrives_as_what_the_table_says(server: EwsServer, connector: EwsConnector) -> None:
    """Over HTTP, as the answer to one update after the other; nothing is changed by any of them."""
    connector._transport.throttle = Throttle(lambda: 0.0, lambda seconds: None)
    written = connector.create(ANNA, "Inbox", Draft(Kind.MAIL, {"subject": "x"}), "key")
    for code, (kind, _) in CODES.items():
        connector._transport.throttle._until.clear()
        server.fail("UpdateItem", "code", code, times=1)
        with pytest.raises(ServerError) as caught:
            connector.update(written.ref, Draft(Kind.MAIL, {"subject": code}), written.revision)
        assert type(caught.value) is kind, code
        assert code in str(caught.value)
    connector._transport.throttle._until.clear()
    (answer,) = connector.fetch([written.ref])
    assert isinstance(answer, Fetched) and answer.item.fields["subject"] == "x"


def test_an_unknown_code_is_refused_with_its_text() -> None:
    error = error_of("ErrorOfTomorrow", "Something new")
    assert error.disposition is Disposition.SKIP_ITEM
    assert "ErrorOfTomorrow: Something new" in str(error)


# ------------------------------------------------------------ connections that break

CUTS = ("cut before", "cut after", "cut inside")
CREATED = [Kind.MAIL, Kind.CONTACT, Kind.APPOINTMENT, Kind.TASK, Kind.NOTE]
FOLDERS = {
    Kind.MAIL: "Inbox",
    Kind.CONTACT: "Contacts",
    Kind.APPOINTMENT: "Calendar",
    Kind.TASK: "Tasks",
    Kind.NOTE: "Notes",
}


def until_done(act: Callable[[], Written | None]) -> Written | None:
    """As the journal does it: the same call again after a passing trouble."""
    for _ in range(4):
        try:
            return act()
        except Transient:
            continue
    raise AssertionError("it never came through")


def one_of(connector: EwsConnector, ref: ItemRef) -> Fetched:
    (answer,) = connector.fetch([ref])
    assert isinstance(answer, Fetched)
    return answer


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("kind", CREATED)
def test_a_creation_whose_connection_breaks_makes_one_item(server: EwsServer, kind: Kind, cut: str) -> None:
    from datetime import UTC, datetime

    times = {"start": datetime(2026, 11, 24, 9, tzinfo=UTC), "end": datetime(2026, 11, 24, 10, tzinfo=UTC)}
    fields = {"subject": "one", **(times if kind is Kind.APPOINTMENT else {})}
    server.fail("CreateItem", cut)
    with_closing = connector_to(server)
    written = until_done(lambda: with_closing.create(ANNA, FOLDERS[kind], Draft(kind, fields), "key"))
    with_closing.close()
    assert written is not None
    (item,) = server.store.in_folder(folder_at(server.store, ANNA, FOLDERS[kind]).id)
    assert (item.id, item.change_key) == (written.ref.href, written.revision)


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("broken", ["UpdateItem", "GetItem"])
def test_an_update_whose_connection_breaks(server: EwsServer, connector: EwsConnector, broken: str, cut: str) -> None:
    item = deliver(server.store, folder_at(server.store, ANNA, "Inbox"), MAIL)
    ref = ItemRef(ANNA, "Inbox", item.id)
    server.fail(broken, cut)

    def act() -> Written:
        before = one_of(connector, ref).item
        return connector.update(ref, Draft(Kind.MAIL, {"categories": ("Done",)}), before.revision)

    until_done(act)
    assert one_of(connector, ref).item.fields["categories"] == ("Done",)
    assert len(server.store.in_folder(item.folder)) == 1


@pytest.mark.parametrize("cut", CUTS)
def test_a_deletion_whose_connection_breaks(server: EwsServer, connector: EwsConnector, cut: str) -> None:
    item = deliver(server.store, folder_at(server.store, ANNA, "Inbox"), MAIL)
    ref = ItemRef(ANNA, "Inbox", item.id)
    revision = item.change_key
    server.fail("DeleteItem", cut)

    def act() -> None:
        connector.delete(ref, revision)

    until_done(act)
    assert server.store.in_folder(folder_at(server.store, ANNA, "Inbox").id) == []
    assert len(server.store.in_folder(folder_at(server.store, ANNA, "Deleted Items").id)) == 1


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("broken", ["MoveItem", "UpdateItem", "CreateFolder"])
def test_a_move_whose_connection_breaks(server: EwsServer, connector: EwsConnector, broken: str, cut: str) -> None:
    item = deliver(server.store, folder_at(server.store, ANNA, "Inbox"), MAIL)
    ref, revision = ItemRef(ANNA, "Inbox", item.id), item.change_key
    server.fail(broken, cut)
    moved = until_done(lambda: connector.move(ref, "Inbox/Done", revision))
    assert moved is not None and moved.ref.folder == "Inbox/Done"
    assert [each.id for each in server.store.items.values()] == [moved.ref.href]
    again = connector.move(ref, "Inbox/Done", revision)
    assert again.ref == moved.ref


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("broken", ["CopyItem", "UpdateItem"])
def test_a_copy_whose_connection_breaks(server: EwsServer, connector: EwsConnector, broken: str, cut: str) -> None:
    item = deliver(server.store, folder_at(server.store, ANNA, "Inbox"), MAIL)
    ref = ItemRef(ANNA, "Inbox", item.id)
    server.fail(broken, cut)
    copied = until_done(lambda: connector.copy(ref, "Inbox/Done", "key"))
    assert copied is not None
    assert sorted(each.id for each in server.store.items.values()) == sorted([item.id, copied.ref.href])
    assert connector.copy(ref, "Inbox/Done", "key").ref == copied.ref


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("broken", ["CreateAttachment", "DeleteAttachment", "GetItem"])
def test_a_replaced_attachment_whose_connection_breaks(
    server: EwsServer, connector: EwsConnector, broken: str, cut: str
) -> None:
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"], message["Subject"] = "jane@acme.example", "plan"
    message.set_content("see there")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="plan.pdf")
    item = deliver(server.store, folder_at(server.store, ANNA, "Inbox"), bytes(message))
    ref, part = ItemRef(ANNA, "Inbox", item.id), item.attachments[0].id
    server.fail(broken, cut)

    def act() -> Written:
        before = one_of(connector, ref).item
        return connector.replace_attachment(ref, part, "file:///srv/plan.pdf", before.revision)

    def never_without() -> Written:
        try:
            return act()
        finally:
            assert item.attachments, "at no moment is there neither the attachment nor its shortcut"

    written = until_done(never_without)
    assert written is not None and written.revision == item.change_key
    assert [(each.name, each.location) for each in item.attachments] == [("plan.pdf.txt", "file:///srv/plan.pdf")]
    (attachment,) = one_of(connector, ref).item.fields["attachments"]  # type: ignore[misc]
    assert attachment.link == "file:///srv/plan.pdf"  # type: ignore[union-attr]


def test_reading_goes_on_after_a_broken_connection(server: EwsServer, connector: EwsConnector) -> None:
    deliver(server.store, folder_at(server.store, ANNA, "Inbox"), MAIL)
    for cut in CUTS:
        for operation in ("FindFolder", "SyncFolderItems"):
            server.fail(operation, cut)
            assert len(connector.changes(ANNA, "", no_memory).changes) == 1


# ------------------------------------------------------------ throttling


class FakeClock:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.lock = threading.Lock()

    def __call__(self) -> float:
        with self.lock:
            return self.now

    def sleep(self, seconds: float) -> None:
        with self.lock:
            self.now += seconds


@pytest.mark.parametrize("kind", ["soap", "code"])
def test_a_storm_of_throttling_over_two_hundred_mailboxes(kind: str) -> None:
    clock = FakeClock()
    mailboxes = [f"user{number}@ours.example" for number in range(200 if kind == "soap" else 50)]
    with EwsServer(clock=clock) as server:
        for mailbox in mailboxes:
            server.store.add_mailbox(mailbox)
            folder = server.store.distinguished(mailbox, "inbox")
            deliver(server.store, folder, MAIL)
            operation = "FindFolder" if kind == "soap" else "SyncFolderItems"
            server.fail(
                operation,
                kind,
                "ErrorServerBusy",
                backoff=15_000 if mailbox.endswith("7@ours.example") else 4_000,
                mailbox=mailbox,
            )
        connector = EwsConnector(settings_of(server), throttle=Throttle(clock, clock.sleep))
        due = dict.fromkeys(mailboxes, 0.0)
        done: set[str] = set()
        for _ in range(10):
            for mailbox in mailboxes:
                if mailbox in done or clock() < due[mailbox]:
                    continue
                try:
                    page = connector.changes(mailbox, "", no_memory)
                except RateLimited as error:
                    due[mailbox] = clock() + error.retry_after
                    continue
                assert len(page.changes) == 1
                done.add(mailbox)
            clock.sleep(5)
        connector.close()
        assert done == set(mailboxes)
        assert server.violations == []
        failed = "FindFolder" if kind == "soap" else "SyncFolderItems"
        for mailbox in mailboxes:
            moments = [moment for name, whose, moment in server.log if whose == mailbox and name == failed]
            first, second = moments[:2]
            assert second - first >= (15.0 if mailbox.endswith("7@ours.example") else 4.0)


def test_a_busy_web_server_says_when(server: EwsServer, connector: EwsConnector) -> None:
    server.fail("", "status", status=503, headers={"Retry-After": "120"})
    with pytest.raises(RateLimited) as caught:
        connector.changes(ANNA, "", no_memory)
    assert caught.value.retry_after == 120
    asked = sum(server.requests.values())
    with pytest.raises(RateLimited):
        connector.changes(ANNA, "", no_memory)
    assert sum(server.requests.values()) == asked


# ------------------------------------------------------------ states that are lost


class Memory:
    """What tracking remembers."""

    def __init__(self) -> None:
        self.cursor = ""
        self.items: dict[str, tuple[str, Known]] = {}

    def known(self, mailbox: str, folder: str) -> Mapping[str, Known]:
        return {href: known for href, (place, known) in self.items.items() if place == folder}

    def look(self, connector: EwsConnector, mailbox: str = ANNA) -> list[object]:
        page = connector.changes(mailbox, self.cursor, self.known)
        for change in page.changes:
            if isinstance(change, Vanished):
                del self.items[change.ref.href]
            else:
                self.items[change.ref.href] = (change.ref.folder, Known(change.revision, change.revision))
        self.cursor = page.cursor
        return list(page.changes)


def test_a_forgotten_state_starts_over_without_doubling(server: EwsServer, connector: EwsConnector) -> None:
    inbox = folder_at(server.store, ANNA, "Inbox")
    kept, changed, gone = (deliver(server.store, inbox, MAIL) for _ in range(3))
    memory = Memory()
    assert len(memory.look(connector)) == 3
    server.expire_sync_states()
    server.store.touch(changed)
    server.store.drop(gone)
    new = deliver(server.store, inbox, MAIL)
    found = memory.look(connector)
    assert {type(change).__name__: change.ref.href for change in found} == {  # type: ignore[attr-defined]
        "Modified": changed.id,
        "Appeared": new.id,
        "Vanished": gone.id,
    }
    assert kept.id in memory.items and memory.look(connector) == []


def test_a_folder_that_is_deleted_and_made_anew(server: EwsServer, connector: EwsConnector) -> None:
    place = folder_at(server.store, ANNA, "Inbox/Clients")
    old = deliver(server.store, place, MAIL)
    memory = Memory()
    memory.look(connector)
    server.store.drop_folder(place)
    new = deliver(server.store, folder_at(server.store, ANNA, "Inbox/Clients"), MAIL)
    found = memory.look(connector)
    assert sorted((type(change).__name__, change.ref.href) for change in found) == [  # type: ignore[attr-defined]
        ("Appeared", new.id),
        ("Vanished", old.id),
    ]


def test_a_renamed_folder_keeps_its_items(server: EwsServer, connector: EwsConnector) -> None:
    place = folder_at(server.store, ANNA, "Inbox/Clients")
    item = deliver(server.store, place, MAIL)
    memory = Memory()
    memory.look(connector)
    place.name = "Customers"
    (change,) = memory.look(connector)
    assert isinstance(change, Modified)
    assert (change.ref.folder, change.ref.href) == ("Inbox/Customers", item.id)


def test_a_password_that_changes_under_way(server: EwsServer) -> None:
    password = server.accounts["svc-mxsync"]
    connector = connector_to(server, account=Account("svc-mxsync", lambda: password))
    memory = Memory()
    memory.look(connector)
    server.accounts["svc-mxsync"] = "another"
    for _ in range(2):
        with pytest.raises(Unauthorized, match="does not accept the login"):
            memory.look(connector)
    # A wrong password is not tried for each mailbox in turn: the directory would lock the account.
    asked = len(server.seen_headers)
    for _ in range(20):
        with pytest.raises(Unauthorized, match="not tried again for some minutes"):
            memory.look(connector)
    assert len(server.seen_headers) == asked
    password = "another"
    assert memory.look(connector) == []
    connector.close()


def test_a_refused_login_rests_for_some_minutes_only() -> None:
    now = 100.0
    logins = Logins(lambda: now)
    account = Account("svc", lambda: "wrong")
    for _ in range(2):
        logins.check(account)
        logins.refused(account, "refused")
    with pytest.raises(Unauthorized):
        logins.check(account)
    logins.check(Account("other", lambda: "wrong"))
    now += 301
    logins.check(account)
    logins.taken(account)
    now -= 301
    logins.check(account)


def test_the_read_state_is_a_change(server: EwsServer, connector: EwsConnector) -> None:
    from tests.servers.ews.schemas import t

    item = deliver(server.store, folder_at(server.store, ANNA, "Inbox"), MAIL)
    memory = Memory()
    memory.look(connector)
    item.props["IsRead"] = t("IsRead", "true")
    server.store.touch(item, "ReadFlagChange")
    (change,) = memory.look(connector)
    assert isinstance(change, Modified) and change.revision == item.change_key
    assert one_of(connector, change.ref).item.fields["read"] is True


def test_a_cursor_of_another_version_is_expired(connector: EwsConnector) -> None:
    with pytest.raises(MxsyncError) as caught:
        connector.changes(ANNA, '{"version": 99}', no_memory)
    assert caught.value.disposition is Disposition.RESYNCHRONISE


# ------------------------------------------------------------ requests counted


def test_requests_of_a_first_pass_an_idle_one_and_one_change(server: EwsServer, connector: EwsConnector) -> None:
    inbox = folder_at(server.store, ANNA, "Inbox")
    for number in range(600):
        deliver(server.store, inbox, MAIL.replace(b"Hello", b"Mail %d" % number))
    memory = Memory()
    changes = memory.look(connector)
    refs = [change.ref for change in changes if isinstance(change, Appeared)]
    bodies = 0
    for start in range(0, len(refs), 300):
        for answer in connector.fetch(refs[start : start + 300]):
            assert isinstance(answer, Fetched)
            bodies += bool(answer.item.fields["body"])
    assert bodies == 600
    # One list of folders and one state of their tree, 600/512 pages of changes, 600/100 pages of items, and one for the
    # first page's bodies: the later pages are read with them.
    assert server.requests == {"FindFolder": 1, "SyncFolderHierarchy": 1, "SyncFolderItems": 2, "GetItem": 6 + 1}
    server.requests.clear()
    assert memory.look(connector) == []
    assert server.requests == {"FindFolder": 1}
    server.store.touch(server.store.items[refs[0].href])
    server.requests.clear()
    (change,) = memory.look(connector)
    assert isinstance(change, Modified)
    assert one_of(connector, change.ref).item.fields["body"]
    assert sum(server.requests.values()) == 3
