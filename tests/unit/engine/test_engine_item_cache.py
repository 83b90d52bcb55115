"""Items that were read for the rules and are looked at by the syncs: read again only where they are others now."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from mxsync.connectors.files import FilesConnector, reading
from mxsync.connectors.files.stamps import now_ns
from mxsync.engine.item_cache import ItemCache, fetch
from mxsync.model.item import ItemRef, Kind, Unreadable
from mxsync.ports.connector import Fetched

ANNA = "anna@ours.example"
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{0}@x\r\nFN:Jane {0}\r\nEND:VCARD\r\n"


def ref(number: int) -> ItemRef:
    return ItemRef(ANNA, "Contacts", f"Contacts/{number}.vcf")


class Counting(FilesConnector):
    """Remembers what was read."""

    read: list[ItemRef]

    def fetch(self, refs: Sequence[ItemRef]) -> Iterator[Fetched | Unreadable]:
        self.read = [*refs]
        return super().fetch(refs)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / ANNA / "Contacts"
    place.mkdir(parents=True)
    for number in range(4):
        (place / f"{number}.vcf").write_text(CARD.format(number), newline="")
    return place


@pytest.fixture
def connector(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Counting:
    later = now_ns() + 10_000_000_000  # by then no change of what was written above can go unseen
    monkeypatch.setattr(reading, "now_ns", lambda: later)
    return Counting(folder.parent.parent)


REFS = [ref(number) for number in range(4)]


def kept(connector: Counting, cache: ItemCache) -> list[Fetched]:
    found = [each for each in connector.fetch(REFS) if isinstance(each, Fetched)]
    cache.keep(found, {Kind.CONTACT})
    connector.read = []
    return found


def test_what_nobody_touched_is_not_read_again(connector: Counting) -> None:
    cache = ItemCache()
    first = kept(connector, cache)
    assert fetch(connector, REFS, cache) == first and connector.read == []
    assert fetch(connector, REFS, cache) == first and connector.read == REFS, "each is given away once"


def test_what_was_changed_is_read_again_and_the_order_is_kept(connector: Counting, folder: Path) -> None:
    cache = ItemCache()
    kept(connector, cache)
    (folder / "1.vcf").write_text(CARD.format("X"), newline="")
    (folder / "2.vcf").unlink()
    found = fetch(connector, REFS, cache)
    assert connector.read == [ref(1), ref(2)]
    assert [each.item.ref for each in found] == [ref(0), ref(1), ref(3)]
    assert found[1].item.fields["full_name"] == "Jane X"


def test_the_same_bytes_with_other_times_are_read_again(connector: Counting, folder: Path) -> None:
    """When it was changed stands in an item, and a rule says that the newest wins."""
    cache = ItemCache()
    kept(connector, cache)
    os.utime(folder / "3.vcf", (1_700_000_000, 1_700_000_000))
    found = fetch(connector, REFS, cache)
    assert connector.read == [ref(3)]
    assert found[3].item == next(iter(connector.fetch([ref(3)]))).item  # type: ignore[union-attr]


def test_a_file_that_a_link_has_taken_the_place_of_is_read_again(connector: Counting, folder: Path) -> None:
    cache = ItemCache()
    kept(connector, cache)
    (folder / "0.vcf").rename(folder.parent / "elsewhere.vcf")
    (folder / "0.vcf").symlink_to(folder.parent / "elsewhere.vcf")
    assert [each.item.ref for each in fetch(connector, REFS, cache)] == REFS[1:]
    assert connector.read == [ref(0)]


def test_what_was_fresh_when_it_was_read_is_read_again(folder: Path) -> None:
    cache, connector = ItemCache(), Counting(folder.parent.parent)
    kept(connector, cache)
    assert len(fetch(connector, REFS, cache)) == 4 and connector.read == REFS


def test_there_is_room_for_so_much_and_for_these_kinds(connector: Counting) -> None:
    first = kept(connector, ItemCache())
    cache = ItemCache(room=6_000)  # two cards
    cache.keep(first, {Kind.NOTE})
    assert cache.take(REFS) == {}
    cache.keep(first, {Kind.CONTACT})
    assert list(cache.take(REFS)) == REFS[:2]
    cache.keep(first[2:], {Kind.CONTACT})
    assert list(cache.take(REFS)) == REFS[2:], "what was taken has made room"
    cache.keep(first, {Kind.CONTACT})
    cache.clear()
    assert cache.take(REFS) == {}
    cache.keep(first, {Kind.CONTACT})
    assert list(cache.take(REFS)) == REFS[:2]


def test_a_connector_that_cannot_tell_reads(connector: Counting) -> None:
    cache = ItemCache()
    first = kept(connector, cache)

    class Plain:
        def fetch(self, refs: Sequence[ItemRef]) -> Iterator[Fetched | Unreadable]:
            return connector.fetch(refs)

    assert fetch(Plain(), REFS, cache) == first and connector.read == REFS  # type: ignore[arg-type]
