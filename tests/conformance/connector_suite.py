"""What every connector must do, through the port alone. A test class for a connector inherits from the suite and gives
the fixture `client`, a function that makes one more connector to the same, empty store.

What a server cannot do is taken from its declared capabilities, never from its name.
"""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from mxsync.errors import NotFound, RevisionMismatch
from mxsync.extract.parsed import CLASS_OF_KIND
from mxsync.model.change import Appeared, ChangePage, Modified, Vanished
from mxsync.model.item import PUBLIC, Address, Draft, Item, ItemRef, Kind, Unreadable, Value
from mxsync.ports.connector import Creation, Fetched, Known, MailConnector

MAILBOX = "anna@ours.example"
FOLDER = {
    Kind.MAIL: "Inbox",
    Kind.POST: "Bulletins",
    Kind.CONTACT: "Contacts",
    Kind.APPOINTMENT: "Calendar",
    Kind.TASK: "Tasks",
    Kind.JOURNAL: "Journal",
    Kind.NOTE: "Notes",
}
JANE = Address("Jane Roe", "jane@acme.example")
FIELDS: Mapping[Kind, Mapping[str, Value]] = {
    Kind.MAIL: {
        "subject": "Müller & Söhne, offer",
        "body": "Dear Anna,\nas agreed: 3 = 3.\n\nJane",
        "sender": JANE,
        "to": (Address("Anna", MAILBOX), Address("", "bob@ours.example")),
        "cc": (Address("Smith, John", "john@acme.example"),),
        "sent": datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
        "message_id": "one@acme.example",
        "categories": ("MX-Contact", "a, b", "Überfällig"),
        "importance": "high",
        "sensitivity": "private",
    },
    Kind.POST: {"subject": "Notice", "body": "Text", "sender": JANE, "categories": ("News",)},
    Kind.CONTACT: {
        "first_name": "Jane",
        "last_name": "Roe; née \\ Müller",
        "full_name": "Jane Roe",
        "job_title": "Head of Sales, EMEA",
        "organisation": "Acme; Ltd",
        "department": "Sales",
        "email": ("jane@acme.example", "jane.roe@acme.example"),
        "business_phone": "+27 21 555 0100",
        "mobile_phone": "+27 82 555 0101",
        "home_phone": "+27 21 555 0102",
        "fax": "+27 21 555 0103",
        "website": "https://acme.example/a?b=c,d;e",
        "street": "1 Long Street\nSecond floor",
        "city": "Cape Town",
        "region": "WC",
        "postal_code": "8001",
        "country": "South Africa",
        "home_city": "Paarl",
        "birthday": date(1980, 2, 29),
        "anniversary": date(2010, 6, 1),
        "nickname": "JR",
        "manager": "Max",
        "assistant": "Ann",
        "notes": "First line\nsecond, with; all \\ of it",
        "categories": ("MX-Contact", "a, b"),
        "sensitivity": "private",
        "importance": "high",
    },
    Kind.APPOINTMENT: {
        "subject": "Review; of the offer",
        "body": "Agenda:\n1, 2, 3",
        "start": datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
        "end": datetime(2026, 11, 24, 10, 30, tzinfo=UTC),
        "location": "Room 1, first floor",
        "organizer": Address("Anna", MAILBOX),
        "attendees": (JANE, Address("Smith: John; jr", "john@acme.example")),
        "contacts": (JANE,),
        "show_as": "tentative",
        "recurrence": "FREQ=WEEKLY;COUNT=4;BYDAY=TU",
        "reminder": 15,
        "online_link": "https://meet.example/1",
        "categories": ("Create Journal",),
    },
    Kind.TASK: {
        "subject": "Call Jane",
        "body": "about the offer",
        "start": date(2026, 11, 24),
        "due": date(2026, 11, 30),
        "status": "in progress",
        "percent": 40,
        "priority": 2,
        "reminder": datetime(2026, 11, 29, 8, 0, tzinfo=UTC),
        "contacts": (JANE,),
    },
    Kind.JOURNAL: {
        "subject": "Call",
        "body": "She agreed.",
        "start": datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        "duration": 25,
        "type": "Phone call",
        "contacts": (JANE,),
        "companies": ("Acme, Ltd", "Rival"),
    },
    Kind.NOTE: {"subject": "Remember", "body": "the milk", "color": "yellow"},
}
CUSTOM: Mapping[str, Value] = {"SerialNo": "SN; 12, \\ 3", "A NAME": "ünïcode"}

MakeClient = Callable[[], MailConnector]


class Memory:
    """What the engine remembers between passes."""

    def __init__(self) -> None:
        self.cursor = ""
        self.items: dict[str, tuple[str, Known]] = {}

    def known(self, mailbox: str, folder: str) -> Mapping[str, Known]:
        return {href: known for href, (place, known) in self.items.items() if place == folder}

    def pass_over(self, connector: MailConnector, mailbox: str = "") -> ChangePage:
        """One pass: changes, fetch, remember. A page without changes leaves everything but stamps as it was."""
        page = connector.changes(mailbox or MAILBOX, self.cursor, self.known)
        refs = [change.ref for change in page.changes if isinstance(change, (Appeared, Modified))]
        for answer in connector.fetch(refs):
            if isinstance(answer, Fetched):
                ref = answer.item.ref
                self.items[ref.href] = (ref.folder, Known(answer.item.revision, answer.stamp))
        for change in page.changes:
            if isinstance(change, Vanished):
                del self.items[change.ref.href]
        for href, stamp in page.stamps:
            folder, known = self.items[href]
            self.items[href] = (folder, Known(known.revision, stamp))
        self.cursor = page.cursor
        return page


def fetch_one(connector: MailConnector, ref: ItemRef) -> Item:
    answers = list(connector.fetch([ref]))
    assert len(answers) == 1
    assert isinstance(answers[0], Fetched), answers[0]
    return answers[0].item


def differences(item: Item, expected: Mapping[str, Value]) -> dict[str, tuple[Value, Value]]:
    """Field to (found, expected) where they differ."""
    return {name: (item.fields[name], value) for name, value in expected.items() if item.fields[name] != value}


def kinds(changes: Iterable[object]) -> list[str]:
    return [type(change).__name__ for change in changes]


class ConnectorConformance:
    """See the module."""

    @pytest.fixture
    def client(self) -> MakeClient:
        raise NotImplementedError("a connector's test class gives a function that makes a connector")

    @pytest.fixture
    def connector(self, client: MakeClient) -> MailConnector:
        return client()

    @pytest.fixture(params=list(Kind))
    def kind(self, request: pytest.FixtureRequest, connector: MailConnector) -> Kind:
        kind: Kind = request.param
        if kind not in connector.capabilities.kinds:
            pytest.skip(f"{connector.capabilities.name} has no items of the kind {kind}")
        return kind

    def test_what_is_written_is_read(self, connector: MailConnector, kind: Kind) -> None:
        written = connector.create(MAILBOX, FOLDER[kind], Draft(kind, FIELDS[kind]), "key")
        item = fetch_one(connector, written.ref)
        assert item.kind is kind
        assert item.revision == written.revision
        assert differences(item, FIELDS[kind]) == {}
        assert item.fields["user"] == Address("", MAILBOX)
        assert item.fields["folder"] == FOLDER[kind]

    def test_another_process_reads_the_same(self, connector: MailConnector, kind: Kind) -> None:
        written = connector.create(MAILBOX, FOLDER[kind], Draft(kind, FIELDS[kind], CUSTOM), "key")
        reader = pickle.loads(pickle.dumps(connector.reader()))
        if reader is None:
            pytest.skip(f"{connector.capabilities.name} reads in one process only")
        (there,) = pickle.loads(pickle.dumps(list(reader([written.ref]))))
        here = fetch_one(connector, written.ref)
        assert {name: there.item.fields[name] for name in here.fields} == dict(here.fields)
        assert dict(there.item.headers) == dict(here.headers)
        assert dict(there.item.custom) == dict(here.custom)
        assert (there.item.kind, there.item.ref, there.item.revision) == (here.kind, here.ref, here.revision)

    def test_custom_forms(self, connector: MailConnector, kind: Kind) -> None:
        if not connector.capabilities.custom_forms:
            pytest.skip("no custom forms")
        item_class = f"{CLASS_OF_KIND[kind]}.Machine"  # what Outlook makes of a form: the class says the kind
        draft = Draft(kind, FIELDS[kind], CUSTOM, item_class)
        written = connector.create(MAILBOX, FOLDER[kind], draft, "key")
        item = fetch_one(connector, written.ref)
        assert item.item_class == item_class
        assert {name: item.custom[name] for name in CUSTOM} == CUSTOM
        assert len(item.custom) == 2
        changed = connector.update(written.ref, Draft(kind, custom={"SerialNo": "13", "A NAME": ""}), written.revision)
        after = fetch_one(connector, changed.ref)
        assert after.custom.get("SerialNo") == "13"
        assert not after.custom.get("A NAME")
        assert differences(after, FIELDS[kind]) == {}

    def test_a_creation_repeated_finds_the_first(self, client: MakeClient, kind: Kind) -> None:
        first = client().create(MAILBOX, FOLDER[kind], Draft(kind, FIELDS[kind]), "key")
        second = client().create(MAILBOX, FOLDER[kind], Draft(kind, FIELDS[kind]), "key")
        other = client().create(MAILBOX, FOLDER[kind], Draft(kind, FIELDS[kind]), "another key")
        assert (second.ref, second.revision) == (first.ref, first.revision)
        assert other.ref != first.ref
        page = Memory().pass_over(client())
        assert sorted(change.ref.href for change in page.changes) == sorted([first.ref.href, other.ref.href])

    def test_what_a_creation_made_is_found_by_its_key(self, client: MakeClient, kind: Kind) -> None:
        new = Creation(MAILBOX, FOLDER[kind], Draft(kind, FIELDS[kind]), "key")
        assert client().made(new) is None
        written = client().create(new.mailbox, new.folder, new.draft, new.key)
        assert client().made(new) == written.ref
        client().update(written.ref, Draft(kind, {"categories": ("Theirs",)}), written.revision)
        assert client().made(new) == written.ref
        assert client().made(replace(new, key="another key")) is None
        assert client().made(replace(new, folder=f"{FOLDER[kind]}/Never made")) is None

    def test_what_a_creation_made_is_found_where_it_was_moved_to_below(self, client: MakeClient, kind: Kind) -> None:
        new = Creation(MAILBOX, FOLDER[kind], Draft(kind, FIELDS[kind]), "key")
        written = client().create(new.mailbox, new.folder, new.draft, new.key)
        moved = client().move(written.ref, f"{FOLDER[kind]}/Old/Older", written.revision)
        assert client().made(new) == moved.ref

    def test_an_update_changes_the_given_fields_only(self, connector: MailConnector, kind: Kind) -> None:
        written = connector.create(MAILBOX, FOLDER[kind], Draft(kind, FIELDS[kind], CUSTOM), "key")
        name = "subject" if kind is not Kind.CONTACT else "job_title"
        changed = connector.update(written.ref, Draft(kind, {name: "Änderung, \\ neu"}), written.revision)
        assert changed.ref == written.ref
        assert changed.revision != written.revision
        item = fetch_one(connector, written.ref)
        assert item.revision == changed.revision
        assert differences(item, {**FIELDS[kind], name: "Änderung, \\ neu"}) == {}
        assert item.custom.get("SerialNo") == CUSTOM["SerialNo"]

    def test_an_update_that_changes_nothing_writes_nothing(self, connector: MailConnector, kind: Kind) -> None:
        written = connector.create(MAILBOX, FOLDER[kind], Draft(kind, FIELDS[kind], CUSTOM), "key")
        editable = (
            {"subject", "categories", "importance", "sensitivity"} if kind in (Kind.MAIL, Kind.POST) else FIELDS[kind]
        )
        same = {name: FIELDS[kind][name] for name in FIELDS[kind] if name in editable}
        assert connector.update(written.ref, Draft(kind, same, CUSTOM), written.revision).revision == written.revision

    def test_fields_are_emptied(self, connector: MailConnector, kind: Kind) -> None:
        if kind in (Kind.MAIL, Kind.POST):
            pytest.skip("a message's own fields are not emptied")
        written = connector.create(MAILBOX, FOLDER[kind], Draft(kind, FIELDS[kind]), "key")
        # The organizer is the mailbox's owner on servers that send invitations themselves.
        kept_always = ("start", "end", "full_name", "status", "show_as", "subject", "organizer")
        names = [name for name in FIELDS[kind] if name not in kept_always]
        connector.update(written.ref, Draft(kind, dict.fromkeys(names)), written.revision)
        item = fetch_one(connector, written.ref)
        kept = {name: item.fields.get(name) for name in names}
        defaults = {"importance": "normal", "sensitivity": "normal"}
        assert {name: value for name, value in kept.items() if value and defaults.get(name) != value} == {}

    def test_an_update_of_what_has_changed_is_refused(self, client: MakeClient, kind: Kind) -> None:
        connector, other = client(), client()
        written = connector.create(MAILBOX, FOLDER[kind], Draft(kind, FIELDS[kind]), "key")
        theirs = other.update(written.ref, Draft(kind, {"categories": ("Theirs",)}), written.revision)
        for act in (
            lambda: connector.update(written.ref, Draft(kind, {"categories": ("Ours",)}), written.revision),
            lambda: connector.delete(written.ref, written.revision),
            lambda: connector.move(written.ref, f"{FOLDER[kind]}/Other", written.revision),
        ):
            with pytest.raises(RevisionMismatch, match="changed since"):
                act()
        item = fetch_one(connector, written.ref)
        assert item.revision == theirs.revision
        assert item.fields["categories"] == ("Theirs",)

    def test_deletion(self, client: MakeClient, kind: Kind) -> None:
        connector = client()
        written = connector.create(MAILBOX, FOLDER[kind], Draft(kind, FIELDS[kind]), "key")
        memory = Memory()
        memory.pass_over(connector)
        connector.delete(written.ref, written.revision)
        assert list(connector.fetch([written.ref])) == []
        page = memory.pass_over(connector)
        assert page.changes == (Vanished(written.ref),)
        connector.delete(written.ref, written.revision)  # repeated after a crash
        with pytest.raises(NotFound):
            connector.update(written.ref, Draft(kind, {"categories": ()}), written.revision)

    def test_erasure(self, client: MakeClient, kind: Kind) -> None:
        connector = client()
        written = connector.create(MAILBOX, FOLDER[kind], Draft(kind, FIELDS[kind]), "key")
        with pytest.raises(RevisionMismatch):
            connector.erase(written.ref, "another")
        connector.erase(written.ref, written.revision)
        assert list(connector.fetch([written.ref])) == []
        connector.erase(written.ref, written.revision)  # repeated after a crash

    def test_changes_are_each_seen_once(self, client: MakeClient, kind: Kind) -> None:
        ours, other = client(), client()
        memory = Memory()
        assert memory.pass_over(ours).changes == ()
        written = other.create(MAILBOX, FOLDER[kind], Draft(kind, FIELDS[kind]), "key")
        page = memory.pass_over(ours)
        assert kinds(page.changes) == ["Appeared"]
        assert isinstance(page.changes[0], Appeared)
        assert (page.changes[0].ref, page.changes[0].kind) == (written.ref, kind)
        assert page.changes[0].revision in ("", written.revision)  # '' where it takes reading the item to know it
        assert memory.pass_over(ours).changes == ()
        theirs = other.update(written.ref, Draft(kind, {"categories": ("New",)}), written.revision)
        page = memory.pass_over(ours)
        assert kinds(page.changes) == ["Modified"]
        assert isinstance(page.changes[0], Modified)
        assert page.changes[0].revision == theirs.revision
        assert memory.pass_over(client()).changes == ()

    def test_our_own_writes_are_recognised(self, connector: MailConnector, kind: Kind) -> None:
        memory = Memory()
        memory.pass_over(connector)
        written = connector.create(MAILBOX, FOLDER[kind], Draft(kind, FIELDS[kind]), "key")
        memory.items[written.ref.href] = (written.ref.folder, Known(written.revision, written.stamp))
        assert memory.pass_over(connector).changes == ()

    def test_public_folders(self, connector: MailConnector, kind: Kind) -> None:
        if not connector.capabilities.public_folders:
            pytest.skip("no public folders")
        written = connector.create(PUBLIC, FOLDER[kind], Draft(kind, FIELDS[kind]), "key")
        item = fetch_one(connector, written.ref)
        assert written.ref.mailbox == PUBLIC
        assert not item.fields.get("user")
        page = Memory().pass_over(connector, PUBLIC)
        assert [change.ref for change in page.changes] == [written.ref]
        assert Memory().pass_over(connector, MAILBOX).changes == ()

    def test_moves_and_copies(self, client: MakeClient, kind: Kind) -> None:
        connector = client()
        if not connector.capabilities.moves:
            pytest.skip("no moves")
        written = connector.create(MAILBOX, FOLDER[kind], Draft(kind, FIELDS[kind]), "key")
        folder = f"{FOLDER[kind]}/Done"
        copied = connector.copy(written.ref, folder, "copy")
        assert connector.copy(written.ref, folder, "copy").ref == copied.ref
        memory = Memory()
        memory.pass_over(connector)
        moved = connector.move(written.ref, folder, written.revision)
        again = client().move(written.ref, folder, written.revision)  # repeated after a crash
        assert again.ref == moved.ref
        assert moved.ref.folder == copied.ref.folder == folder
        assert moved.ref != copied.ref
        for ref in (moved.ref, copied.ref):
            assert differences(fetch_one(connector, ref), FIELDS[kind]) == {}
        page = memory.pass_over(connector)
        assert sorted(kinds(page.changes)) == ["Appeared", "Vanished"]

    def test_flags(self, connector: MailConnector) -> None:
        if not connector.capabilities.flags:
            pytest.skip("no flags")
        written = connector.create(MAILBOX, "Inbox", Draft(Kind.MAIL, FIELDS[Kind.MAIL]), "key")
        before = fetch_one(connector, written.ref)
        assert (before.fields["read"], before.fields["flagged"]) == (False, False)
        changed = connector.update(written.ref, Draft(Kind.MAIL, {"read": True, "flagged": True}), written.revision)
        after = fetch_one(connector, written.ref)
        assert (after.fields["read"], after.fields["flagged"], after.fields["flag"]) == (True, True, "flagged")
        connector.update(written.ref, Draft(Kind.MAIL, {"read": False, "flag": ""}), changed.revision)
        last = fetch_one(connector, written.ref)
        assert (last.fields["read"], last.fields["flagged"]) == (False, False)

    def test_contacts_come_first_then_the_oldest(self, connector: MailConnector) -> None:
        for number, day in enumerate((23, 21, 22)):
            sent = datetime(2026, 11, day, tzinfo=UTC)
            folder = ("Inbox", "Sent Items", "Inbox/Sub")[number]
            connector.create(MAILBOX, folder, Draft(Kind.MAIL, {**FIELDS[Kind.MAIL], "sent": sent}), f"mail {number}")
        connector.create(MAILBOX, "Contacts", Draft(Kind.CONTACT, FIELDS[Kind.CONTACT]), "contact")
        page = connector.changes(MAILBOX, "", lambda mailbox, folder: {})
        assert [change.ref.folder for change in page.changes] == ["Contacts", "Sent Items", "Inbox/Sub", "Inbox"]

    def test_answers_come_in_the_order_asked(self, connector: MailConnector) -> None:
        refs = [
            connector.create(MAILBOX, "Inbox", Draft(Kind.MAIL, {"subject": f"Mail {number}"}), str(number)).ref
            for number in range(5)
        ]
        asked = [refs[3], ItemRef(MAILBOX, "Inbox", "Inbox/nothing.eml"), refs[0], refs[4]]
        answers = list(connector.fetch(asked))
        assert all(not isinstance(answer, Unreadable) for answer in answers)
        assert [answer.item.fields["subject"] for answer in answers if isinstance(answer, Fetched)] == [
            "Mail 3",
            "Mail 0",
            "Mail 4",
        ]

    def test_a_watch_tells_of_changes(self, client: MakeClient) -> None:
        seen: list[str] = []
        told = threading.Event()

        def changed(mailbox: str) -> None:
            seen.append(mailbox)
            told.set()

        client().create(MAILBOX, "Inbox", Draft(Kind.MAIL, {"subject": "before"}), "before")
        watch = client().watch([MAILBOX], changed)
        try:
            if not watch.trusted:
                pytest.skip("events cannot be trusted here")
            client().create(MAILBOX, "Inbox/New", Draft(Kind.MAIL, {"subject": "x"}), "after")
            assert told.wait(10)
            assert set(seen) == {MAILBOX}
        finally:
            watch.stop()
        assert not watch.trusted
