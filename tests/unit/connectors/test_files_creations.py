"""Many new files at once: what a single one promises holds for each of them."""

from __future__ import annotations

import errno
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxsync.connectors.files import FilesConnector
from mxsync.errors import BadContent, Unavailable
from mxsync.model.item import Draft, Kind
from mxsync.ports.connector import CreatesTogether, Creation
from tests.conformance.connector_suite import MAILBOX

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the path of a descriptor is asked of /proc")


@pytest.fixture
def contacts(tmp_path: Path) -> Path:
    place = tmp_path / "store" / MAILBOX / "Contacts"
    place.mkdir(parents=True)
    return place


@pytest.fixture
def connector(contacts: Path) -> FilesConnector:
    return FilesConnector(contacts.parent.parent, clock=lambda: datetime(2026, 11, 24, tzinfo=UTC))


def cards(count: int) -> list[Creation]:
    return [
        Creation(MAILBOX, "Contacts", Draft(Kind.CONTACT, {"full_name": f"Person {n}"}), f"key {n}")
        for n in range(count)
    ]


def make(connector: FilesConnector, items: list[Creation]) -> list[str]:
    return [connector.create(each.mailbox, each.folder, each.draft, each.key).ref.href for each in items]


def files(place: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in place.iterdir()}


def test_they_are_the_files_that_single_calls_make(contacts: Path, connector: FilesConnector, tmp_path: Path) -> None:
    assert isinstance(connector, CreatesTogether)
    items = cards(230)
    with connector.creating(items):
        hrefs = make(connector, items)
    other = tmp_path / "other" / MAILBOX / "Contacts"
    other.mkdir(parents=True)
    alone = FilesConnector(other.parent.parent, clock=lambda: datetime(2026, 11, 24, tzinfo=UTC))
    assert make(alone, items) == hrefs
    assert files(contacts) == files(other)
    assert len(files(contacts)) == 230


@ON_LINUX
def test_a_file_has_its_name_only_when_its_content_is_durable(
    contacts: Path, connector: FilesConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[Path] = []
    fsync, link = os.fsync, os.link

    def flush(descriptor: int) -> None:
        fsync(descriptor)
        flushed.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")))

    def place(source: Path, target: Path, **more: bool) -> None:
        assert source in flushed, "a name before its content"
        link(source, target, **more)

    monkeypatch.setattr(os, "fsync", flush)
    monkeypatch.setattr(os, "link", place)
    items = cards(5)
    with connector.creating(items):
        make(connector, items)
        assert contacts not in flushed
    assert flushed.count(contacts) == 1 and len(flushed) == 6


def test_what_is_not_made_leaves_nothing(contacts: Path, connector: FilesConnector) -> None:
    items = cards(5)
    with pytest.raises(ZeroDivisionError), connector.creating(items):
        make(connector, items[:2])
        raise ZeroDivisionError
    assert len(files(contacts)) == 2
    before = files(contacts)
    with connector.creating(items[:3]):  # two are there already and stay as they are
        make(connector, items[:3])
    assert len(files(contacts)) == 3 and before.items() <= files(contacts).items()


def test_one_that_cannot_be_prepared_is_refused_in_its_turn(contacts: Path, connector: FilesConnector) -> None:
    wrong = Creation(MAILBOX, "Inbox", Draft(Kind.CONTACT, {"full_name": "X"}), "wrong")
    with connector.creating([wrong, *cards(2)]):
        with pytest.raises(BadContent):
            make(connector, [wrong])
        make(connector, cards(2))
    assert len(files(contacts)) == 2


def test_a_full_disk_is_told_of_each(
    contacts: Path, connector: FilesConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with connector.creating(cards(3)):
        for each in cards(3):
            with pytest.raises(Unavailable, match="no space left"):
                make(connector, [each])
    monkeypatch.undo()
    connector.clear_leftovers()
    assert files(contacts) == {}


@ON_LINUX
def test_a_directory_that_cannot_be_flushed_fails_the_block(
    connector: FilesConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def broken(descriptor: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{descriptor}"):
            raise OSError(errno.EIO, "Input/output error")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(Unavailable), connector.creating(cards(2)):
        make(connector, cards(2))
