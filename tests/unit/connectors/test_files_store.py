"""The file store beyond the suite of connectors: what only files do."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mxsync.connectors.files import FilesConnector, Limits, durable, watching
from mxsync.connectors.files.layout import safe_name
from mxsync.connectors.files.stamps import FRESH, now_ns
from mxsync.errors import (
    AlreadyExists,
    BadContent,
    CursorExpired,
    NotFound,
    Refused,
    RevisionMismatch,
    Unauthorized,
    Unavailable,
)
from mxsync.model.change import Appeared, ChangePage, Modified, Vanished
from mxsync.model.item import PUBLIC, Address, Attachment, Draft, Item, ItemRef, Kind, Unreadable
from mxsync.ports.connector import Fetched
from tests.conformance.connector_suite import MAILBOX, Memory

MAIL = b"From: jane@acme.example\r\nSubject: s\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\n\r\nx"
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture
def home(tmp_path: Path) -> Path:
    place = tmp_path / "store" / MAILBOX
    for folder in ("Inbox", "Contacts", "Calendar", "Notes"):
        (place / folder).mkdir(parents=True)
    return place


@pytest.fixture
def connector(home: Path) -> FilesConnector:
    return FilesConnector(home.parent, timezone="Africa/Johannesburg", clock=lambda: datetime(2026, 11, 23, tzinfo=UTC))


def age(*paths: Path) -> None:
    """As if they had been written a while ago: no change in them can go unseen any more."""
    for path in paths:
        old = time.time() - 100
        os.utime(path, (old, old))


def fetch(connector: FilesConnector, href: str, mailbox: str = MAILBOX) -> Item:
    (answer,) = connector.fetch([ItemRef(mailbox, href.rpartition("/")[0], href)])
    assert isinstance(answer, Fetched), answer
    return answer.item


def reason(connector: FilesConnector, href: str) -> str:
    (answer,) = connector.fetch([ItemRef(MAILBOX, href.rpartition("/")[0], href)])
    assert isinstance(answer, Unreadable)
    return answer.reason


def hrefs(page: ChangePage) -> list[str]:
    return [change.ref.href for change in page.changes]


def test_only_the_endings_of_a_folder_are_items(home: Path, connector: FilesConnector) -> None:
    for name in ("Inbox/a.eml", "Inbox/a.vcf", "Inbox/a.txt", "Inbox/a.EML", "Inbox/.hidden.eml", "Inbox/a.eml.part", "a.eml",
                 "Contacts/a.vcf", "Contacts/a.ics", "Notes/a.txt", "Calendar/a.txt", "Other/a.txt", "Other/a.vcf",
                 "Drafts/a.eml", "Inbox/Drafts/a.eml", ".git/a.eml", "Inbox/.trash/a.eml"):  # fmt: skip
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_bytes(MAIL)
    page = connector.changes(MAILBOX, "", lambda mailbox, folder: {})
    assert sorted(hrefs(page)) == [
        "Contacts/a.vcf", "Inbox/Drafts/a.eml", "Inbox/a.EML", "Inbox/a.eml", "Notes/a.txt", "Other/a.txt", "Other/a.vcf",
    ]  # fmt: skip
    assert page.trouble == ()


def test_a_draft_is_not_mail(home: Path, connector: FilesConnector) -> None:
    draft = home / "Inbox" / "draft.eml"
    draft.write_bytes(b"X-Unsent: 1\r\n" + MAIL)
    memory = Memory()
    assert memory.pass_over(connector).changes == ()
    assert list(connector.fetch([ItemRef(MAILBOX, "Inbox", "Inbox/draft.eml")])) == []
    draft.write_bytes(MAIL)
    assert [type(change) for change in memory.pass_over(connector).changes] == [Appeared]
    draft.write_bytes(b"X-Unsent: 1\r\n" + MAIL)
    assert [type(change) for change in memory.pass_over(connector).changes] == [Vanished]


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
@pytest.mark.parametrize("before", [0, 4050, 4080, 4096, 9000, 30_000])
def test_a_first_look_reads_as_far_as_the_headers_go(
    home: Path, connector: FilesConnector, before: int, end: bytes
) -> None:
    long = b"".join(b"Received: from %060d" % number + end for number in range(before // 75))
    long += b"X-Filling: " + b"x" * (before - len(long)) + end if before > len(long) else b""
    dated = b"Date: Mon, 2 Mar 2026 10:00:00 +0000" + end
    text = end + b"Date: Tue, 3 Mar 2026 10:00:00 +0000" + end + b"X-Unsent: 1" + end
    (home / "Inbox" / "a.eml").write_bytes(long + dated + text * 300)
    (home / "Inbox" / "b.eml").write_bytes(long + b"X-Unsent: 1" + end + dated + text * 300)
    (change,) = connector.changes(MAILBOX, "", lambda mailbox, folder: {}).changes
    assert isinstance(change, Appeared)
    assert (change.ref.href, change.date) == ("Inbox/a.eml", datetime(2026, 3, 2, 10, tzinfo=UTC))


def test_an_idle_pass_asks_nothing(home: Path, connector: FilesConnector) -> None:
    (home / "Inbox" / "a.eml").write_bytes(MAIL)
    memory = Memory()
    memory.pass_over(connector)
    asked: list[str] = []

    def known(mailbox: str, folder: str) -> Mapping[str, object]:
        asked.append(folder)
        return memory.known(mailbox, folder)

    fresh = connector.changes(MAILBOX, memory.cursor, known)  # type: ignore[arg-type]
    assert (fresh.changes, asked) == ((), ["Inbox"]), "what was written a moment ago is looked at again"
    assert len(fresh.stamps) == 1
    later = now_ns() + 10_000_000_000
    from mxsync.connectors.files import changes

    patched = pytest.MonkeyPatch()
    try:
        patched.setattr(changes, "now_ns", lambda: later)
        page = memory.pass_over(connector)
        assert (page.changes, len(page.stamps)) == ((), 1)
        assert not page.stamps[0][1].startswith(FRESH)
        asked.clear()
        idle = connector.changes(MAILBOX, memory.cursor, known)  # type: ignore[arg-type]
        assert (idle.changes, idle.stamps, idle.cursor, asked) == ((), (), memory.cursor, [])
        (home / "Inbox" / "a.eml").touch()
        touched = memory.pass_over(connector)
        assert (touched.changes, len(touched.stamps)) == ((), 1), "touched and the same is no change"
    finally:
        patched.undo()


def test_a_change_within_one_tick_of_the_clock_is_seen(home: Path, connector: FilesConnector) -> None:
    path = home / "Inbox" / "a.eml"
    path.write_bytes(MAIL)
    status = path.stat()
    memory = Memory()
    memory.pass_over(connector)
    path.write_bytes(MAIL.replace(b"x", b"y"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert [type(change) for change in memory.pass_over(connector).changes] == [Modified]


def test_a_folder_that_is_gone_and_one_that_was_renamed(home: Path, connector: FilesConnector) -> None:
    (home / "Inbox" / "Sub").mkdir()
    (home / "Inbox" / "Sub" / "a.eml").write_bytes(MAIL)
    memory = Memory()
    memory.pass_over(connector)
    (home / "Inbox" / "Sub").rename(home / "Inbox" / "New")
    page = memory.pass_over(connector)
    assert [(type(change), change.ref.href) for change in page.changes] == [
        (Appeared, "Inbox/New/a.eml"),
        (Vanished, "Inbox/Sub/a.eml"),
    ]


def test_a_mailbox_that_is_missing_loses_nothing(home: Path, connector: FilesConnector) -> None:
    (home / "Inbox" / "a.eml").write_bytes(MAIL)
    memory = Memory()
    memory.pass_over(connector)
    cursor = memory.cursor
    home.rename(home.parent / "away")
    page = memory.pass_over(connector)
    assert (page.changes, page.cursor) == ((), cursor)
    assert "no folder `anna@ours.example`" in page.trouble[0].reason
    (home.parent / "away").rename(home.parent / "Anna@Ours.Example")
    assert memory.pass_over(connector).trouble == (), "the case of an address does not matter"
    assert connector.changes(PUBLIC, "", memory.known) == ChangePage((), "")
    assert connector.changes(PUBLIC, cursor, memory.known).trouble != ()
    with pytest.raises(Unavailable, match="is not there"):
        FilesConnector(home.parent / "nowhere").changes(MAILBOX, "", memory.known)


@pytest.mark.skipif(AS_ROOT or sys.platform == "win32", reason="the administrator may read everything")
def test_permissions_are_obeyed(home: Path, connector: FilesConnector) -> None:
    (home / "Inbox" / "a.eml").write_bytes(MAIL)
    (home / "Inbox").chmod(0)
    try:
        assert connector.changes(MAILBOX, "", lambda mailbox, folder: {}).trouble != ()
    finally:
        (home / "Inbox").chmod(0o700)


def test_a_folder_that_cannot_be_listed_loses_nothing(
    home: Path, connector: FilesConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "Inbox" / "Sub").mkdir()
    for name in ("a.eml", "Sub/b.eml"):
        (home / "Inbox" / name).write_bytes(MAIL)
    memory = Memory()
    memory.pass_over(connector)
    real = os.scandir

    def scandir(place: str) -> object:
        if str(place).endswith("Inbox"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(place)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", scandir)
        page = memory.pass_over(connector)
    assert page.changes == ()
    assert "`Inbox` cannot be looked at: permission denied" in page.trouble[0].reason
    assert memory.pass_over(connector).changes == ()
    (home / "Inbox" / "Sub" / "b.eml").unlink()
    assert hrefs(memory.pass_over(connector)) == ["Inbox/Sub/b.eml"]


def test_a_file_that_cannot_be_read_loses_nothing(
    home: Path, connector: FilesConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home / "Inbox" / "a.eml"
    path.write_bytes(MAIL)
    memory = Memory()
    memory.pass_over(connector)
    path.write_bytes(MAIL + b"more")
    real = os.open

    def refuse(place: object, *rest: int, **more: int) -> int:
        if str(place).endswith(".eml"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(place, *rest, **more)  # type: ignore[call-overload, no-any-return]

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        page = memory.pass_over(connector)
        assert (page.changes, page.trouble[0].href) == ((), "Inbox/a.eml")
        assert "cannot be read: permission denied" in reason(connector, "Inbox/a.eml")
    assert [type(change) for change in memory.pass_over(connector).changes] == [Modified]


@pytest.mark.skipif(sys.platform != "linux", reason="names of bytes")
def test_names_that_are_no_text_are_reported(home: Path, connector: FilesConnector) -> None:
    with open(os.fsencode(home / "Inbox") + b"/\xff.eml", "wb") as file:
        file.write(MAIL)
    os.mkdir(os.fsencode(home / "Inbox") + b"/\xfe")
    page = connector.changes(MAILBOX, "", lambda mailbox, folder: {})
    assert page.changes == ()
    assert all("not UTF-8" in trouble.reason and trouble.href.isascii() for trouble in page.trouble)
    assert len(page.trouble) == 2


def test_links_to_contacts_by_uid(home: Path, connector: FilesConnector) -> None:
    card = b"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:%s\r\nFN:%s\r\nEMAIL:%s\r\nEND:VCARD\r\n"
    (home / "Contacts" / "Sub").mkdir()
    (home / "Contacts" / "Sub" / "a.vcf").write_bytes(card % (b"one", b"Jane", b"jane@acme.example"))
    (home / "Contacts" / "broken.vcf").write_bytes(b"BEGIN:VCARD")
    public = home.parent / PUBLIC / "Contacts"
    public.mkdir(parents=True)
    (public / "b.vcf").write_bytes(card % (b"two", b"John", b"john@acme.example"))
    related = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nRELATED-TO:one\r\nRELATED-TO:urn:uuid:two\r\nRELATED-TO:three\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    (home / "Calendar" / "a.ics").write_bytes(related)
    for _ in range(2):
        item = fetch(connector, "Calendar/a.ics")
        assert item.fields["contacts"] == (Address("Jane", "jane@acme.example"), Address("John", "john@acme.example"))
        assert item.notes == ("it refers to `three`, and there is no contact with that UID",)


def test_limits(home: Path) -> None:
    connector = FilesConnector(home.parent, limits=Limits(mail=1000, card=10, calendar=10, note=10))
    for name in ("Inbox/a.eml", "Contacts/a.vcf", "Calendar/a.ics", "Notes/a.txt"):
        (home / name).write_bytes(b"x" * 2000)
        assert "is the limit of an item" in reason(connector, name)
    page = connector.changes(MAILBOX, "", lambda mailbox, folder: {})
    assert {change.revision for change in page.changes if isinstance(change, Appeared)} == {"size-2000"}


def test_writes_keep_permissions_and_leave_nothing(home: Path, connector: FilesConnector) -> None:
    path = home / "Inbox" / "a.eml"
    path.write_bytes(MAIL)
    path.chmod(0o640)
    item = fetch(connector, "Inbox/a.eml")
    connector.update(item.ref, Draft(Kind.MAIL, {"categories": ("x",)}), item.revision)
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o640
    assert [entry.name for entry in (home / "Inbox").iterdir()] == ["a.eml"]


def test_a_failed_write_leaves_the_old_file(
    home: Path, connector: FilesConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home / "Inbox" / "a.eml"
    path.write_bytes(MAIL)
    item = fetch(connector, "Inbox/a.eml")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(Unavailable, match="no space left") as caught:
            connector.update(item.ref, Draft(Kind.MAIL, {"categories": ("x",)}), item.revision)
        assert caught.value.retry_after == 30.0
        with pytest.raises(Unavailable):
            connector.create(MAILBOX, "Inbox", Draft(Kind.MAIL, {"subject": "x"}), "key")
    assert path.read_bytes() == MAIL
    connector.clear_leftovers()
    assert [entry.name for entry in (home / "Inbox").iterdir()] == ["a.eml"]


def test_what_a_crash_left_is_cleared(home: Path, connector: FilesConnector) -> None:
    for name in (".mxsync-1.tmp", "Inbox/.mxsync-2.tmp", "Inbox/keep.tmp", "Inbox/.mxsync-keep"):
        (home / name).write_bytes(b"half")
    connector.clear_leftovers()
    left = sorted(path.name for path in home.rglob("*") if path.is_file())
    assert left == [".mxsync-keep", "keep.tmp"]
    (home / "Inbox" / ".mxsync-3.tmp").write_bytes(b"half")
    connector.changes(MAILBOX, "", lambda mailbox, folder: {})
    connector.clear_leftovers()
    assert not (home / "Inbox" / ".mxsync-3.tmp").exists()
    FilesConnector(home.parent / "nowhere").clear_leftovers()


def test_deleted_items_lie_in_the_trash(home: Path, connector: FilesConnector) -> None:
    for _ in range(2):
        (home / "Inbox" / "a.eml").write_bytes(MAIL)
        item = fetch(connector, "Inbox/a.eml")
        connector.delete(item.ref, item.revision)
    trash = home.parent / ".trash" / MAILBOX / "Inbox"
    assert sorted(path.name for path in trash.iterdir()) == ["a-2.eml", "a.eml"]
    assert (trash / "a.eml").read_bytes() == MAIL


def test_moves_never_overwrite(home: Path, connector: FilesConnector) -> None:
    (home / "Inbox" / "Done").mkdir()
    (home / "Inbox" / "Done" / "a.eml").write_bytes(b"Subject: another\r\n\r\n")
    (home / "Inbox" / "a.eml").write_bytes(MAIL)
    item = fetch(connector, "Inbox/a.eml")
    moved = connector.move(item.ref, "inbox/done", item.revision)
    assert moved.ref == ItemRef(MAILBOX, "Inbox/Done", "Inbox/Done/a-2.eml")
    assert connector.move(moved.ref, "Inbox/Done", moved.revision).ref == moved.ref
    with pytest.raises(NotFound, match="is not there any more"):
        connector.move(item.ref, "Inbox/Done", "another revision")
    with pytest.raises(BadContent, match="holds no files like"):
        connector.move(moved.ref, "Contacts", moved.revision)
    with pytest.raises(BadContent, match="holds no files like"):
        connector.copy(moved.ref, "Contacts", "key")
    with pytest.raises(BadContent, match="no path inside"):
        connector.move(moved.ref, "../out", moved.revision)
    with pytest.raises(NotFound):
        connector.copy(item.ref, "Inbox", "key")


def test_new_items_go_where_their_kind_belongs(home: Path, connector: FilesConnector) -> None:
    with pytest.raises(BadContent, match="no items of the kind `contact`"):
        connector.create(MAILBOX, "Inbox", Draft(Kind.CONTACT, {}), "key")
    written = connector.create(MAILBOX, "Projects/a:b?/CON", Draft(Kind.CONTACT, {"full_name": "x"}), "key")
    assert written.ref.folder == "Projects/a_b_/_CON"
    assert connector.create("new@ours.example", "Inbox", Draft(Kind.MAIL, {}), "key").ref.mailbox == "new@ours.example"
    assert (home.parent / "new@ours.example" / "Inbox").is_dir()
    (home / "Inbox" / "file").write_bytes(b"")
    with pytest.raises(BadContent, match="is no folder"):
        connector.create(MAILBOX, "Inbox/file", Draft(Kind.MAIL, {}), "key")


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a right there")
def test_nothing_is_written_through_a_link(home: Path, connector: FilesConnector, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (home / "Inbox" / "link").symlink_to(outside)
    with pytest.raises(BadContent, match="is no folder"):
        connector.create(MAILBOX, "Inbox/link", Draft(Kind.MAIL, {}), "key")
    (outside / "a.eml").write_bytes(MAIL)
    (home / "Inbox" / "a.eml").symlink_to(outside / "a.eml")
    ref = ItemRef(MAILBOX, "Inbox", "Inbox/a.eml")
    with pytest.raises(BadContent):
        connector.update(ref, Draft(Kind.MAIL, {"read": True}), "")
    (home.parent / "eve@ours.example").symlink_to(outside)
    page = connector.changes("eve@ours.example", "", lambda mailbox, folder: {})
    assert "symbolic link" in page.trouble[0].reason
    assert list(connector.fetch([ItemRef("eve@ours.example", "", "a.eml")])) == []
    assert (outside / "a.eml").read_bytes() == MAIL
    assert sorted(path.name for path in outside.iterdir()) == ["a.eml"]


def test_attachments_of_every_kind(home: Path, connector: FilesConnector) -> None:
    (home / "Contacts" / "a.vcf").write_bytes(b"BEGIN:VCARD\r\nFN:x\r\nPHOTO;ENCODING=b:QUJD\r\nEND:VCARD\r\n")
    (home / "Calendar" / "a.ics").write_bytes(
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nATTACH;ENCODING=BASE64;VALUE=BINARY:QUJD\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    (home / "Notes" / "a.txt").write_bytes(b"x")
    (home / "Inbox" / "a.eml").write_bytes(b"Subject: s\r\nContent-Type: application/pdf\r\n\r\nABC")
    for href, part in (("Contacts/a.vcf", "photo"), ("Calendar/a.ics", "attach-1"), ("Inbox/a.eml", "1")):
        assert connector.attachment(ItemRef(MAILBOX, "", href), part).read() == b"ABC"
    with pytest.raises(BadContent, match="no attachment"):
        connector.attachment(ItemRef(MAILBOX, "", "Notes/a.txt"), "1")
    with pytest.raises(NotFound):
        connector.attachment(ItemRef(MAILBOX, "", "Notes/b.txt"), "1")
    item = fetch(connector, "Inbox/a.eml")
    written = connector.replace_attachment(item.ref, "1", "https://files.example/a.pdf", item.revision)
    again = connector.replace_attachment(item.ref, "1", "https://files.example/a.pdf", written.revision)
    assert again.revision == written.revision
    attachments = fetch(connector, "Inbox/a.eml").fields["attachments"]
    assert isinstance(attachments, tuple)
    assert [found.link for found in attachments if isinstance(found, Attachment)] == ["https://files.example/a.pdf"]
    with pytest.raises(RevisionMismatch):
        connector.replace_attachment(item.ref, "1", "x", item.revision)
    with pytest.raises(BadContent, match="only a mail's attachments"):
        connector.replace_attachment(
            ItemRef(MAILBOX, "Notes", "Notes/a.txt"), "1", "x", fetch(connector, "Notes/a.txt").revision
        )


def test_notes_in_text_files(home: Path, connector: FilesConnector) -> None:
    (home / "Notes" / "a.txt").write_bytes("Größe\r\n12".encode("cp1252"))
    item = fetch(connector, "Notes/a.txt")
    assert (item.kind, item.fields["subject"], item.fields["body"]) == (Kind.NOTE, "Größe", "Größe\n12")
    connector.update(item.ref, Draft(Kind.NOTE, {"body": "new"}), item.revision)
    assert (home / "Notes" / "a.txt").read_bytes() == b"new"
    with pytest.raises(BadContent, match="has no place for `categories`"):
        connector.update(item.ref, Draft(Kind.NOTE, {"categories": ("x",)}), fetch(connector, "Notes/a.txt").revision)


def test_modified_is_the_later_of_file_and_content(home: Path, connector: FilesConnector) -> None:
    path = home / "Contacts" / "a.vcf"
    path.write_bytes(b"BEGIN:VCARD\r\nFN:x\r\nREV:20200101T000000Z\r\nEND:VCARD\r\n")
    age(path)
    modified = fetch(connector, "Contacts/a.vcf").fields["modified_on"]
    assert isinstance(modified, datetime)
    assert timedelta(0) < datetime.now(UTC) - modified < timedelta(minutes=10)


@pytest.mark.parametrize("cursor", ["x", "{}", "[]", '{"version":0,"folders":{}}', '{"version":1,"folders":[]}'])
def test_a_cursor_of_another_version_is_expired(connector: FilesConnector, cursor: str) -> None:
    with pytest.raises(CursorExpired):
        connector.changes(MAILBOX, cursor, lambda mailbox, folder: {})


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOENT, NotFound),
        (errno.EEXIST, AlreadyExists),
        (errno.ENOSPC, Unavailable),
        (errno.EROFS, Unauthorized),
        (errno.ELOOP, BadContent),
        (errno.EACCES, Refused),
    ],
)
def test_what_an_error_means(number: int, kind: type[Exception]) -> None:
    found = durable.server_error(OSError(number, "Some Reason"), "Inbox/a.eml")
    assert type(found) is kind
    assert "`Inbox/a.eml`" in str(found)


def test_file_systems_without_links(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_link(*places: object, **more: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_link)
    first, second = home / "a", home / "b"
    first.write_bytes(b"1")
    durable.move_file(first, second)
    assert second.read_bytes() == b"1"
    first.write_bytes(b"2")
    with pytest.raises(FileExistsError):
        durable.move_file(first, second)
    assert (first.read_bytes(), second.read_bytes()) == (b"2", b"1")


def test_a_crash_between_link_and_removal(home: Path) -> None:
    first, second = home / "a", home / "b"
    first.write_bytes(b"1")
    os.link(first, second)
    durable.move_file(first, second)
    assert (first.exists(), second.read_bytes()) == (False, b"1")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a.pdf", "a.pdf"),
        ("../../x", "_._.._x"),
        ("", "_"),
        ("...", "_"),
        (".hidden", "_hidden"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com¹.pdf", "_com¹.pdf"),
        ("a/b\\c:d", "a_b_c_d"),
        ("a\x00\r\n\u202eb", "a____b"),
        ("a. . ", "a"),
        ("\udc80", "?"),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe.replace("?", "_")


def test_long_names_keep_their_ending() -> None:
    assert safe_name("é" * 300 + ".pdf") == "é" * 125 + ".pdf"
    assert len(safe_name("x" * 300).encode()) == 255
    assert len(safe_name("x." + "y" * 300).encode()) == 255


MOUNTS = (
    "22 1 0:20 / / rw,relatime - overlay overlay rw\n"
    "23 22 0:21 / /mnt/share\\040one rw - cifs //server/share rw\n"
    "24 22 0:22 / /mnt/ssh rw shared:1 - fuse.sshfs host: rw\n"
    "short line\n"
)


@pytest.mark.parametrize(
    ("place", "network"),
    [("/home/x", False), ("/mnt/share one/mail", True), ("/mnt/ssh", True), ("//server/share", True)],
)
def test_network_file_systems_are_polled(place: str, network: bool) -> None:
    assert watching.is_network(Path(place), MOUNTS) is network


def test_events_are_told_apart(home: Path) -> None:
    seen: list[str] = []
    watch = watching.FolderWatch(home.parent, [MAILBOX], seen.append)
    watch.stop()
    root = home.parent.resolve()
    for event, path, directory in (
        ("opened", f"{root}/{MAILBOX}/Inbox/a.eml", False),
        ("modified", f"{root}/{MAILBOX}/Inbox", True),
        ("created", f"{root}/{MAILBOX}/Inbox/.mxsync-1.tmp", False),
        ("created", f"{root}/.trash/{MAILBOX}/a.eml", False),
        ("created", f"{root}/eve@ours.example/a.eml", False),
        ("created", "/elsewhere", False),
        ("created", str(root), True),
    ):
        watch.notice(event, path, directory)
    assert seen == []
    watch.notice("moved", f"{root}/ANNA@ours.example/Inbox/a.eml", False)
    assert seen == [MAILBOX]


def test_without_watches_it_is_polled(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from watchdog.observers import Observer

    def limit(self: object, *rest: object, **more: object) -> None:
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    monkeypatch.setattr(Observer, "schedule", limit)
    watch = watching.FolderWatch(home.parent, [MAILBOX], lambda mailbox: None)
    assert not watch.trusted
    watch.stop()
