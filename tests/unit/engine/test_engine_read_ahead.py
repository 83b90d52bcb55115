"""Reading in another process: the same items, and no fault of it is a fault of the pass."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mxsync.connectors.files import FilesConnector
from mxsync.engine import read_ahead
from mxsync.engine.read_ahead import ReadAhead
from mxsync.engine.reading_process import BATCH, answers
from mxsync.engine.world import Interrupted
from mxsync.model.change import Appeared
from mxsync.model.item import Item, ItemRef, Unreadable
from mxsync.ports.connector import Fetched, Reader
from tests.hostile import make_hostile

ANNA = "anna@ours.example"


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_ahead, "processors", lambda: 2)


def go_on() -> None:
    """Nobody asked to stop."""


def told(answer: Fetched | Unreadable) -> Any:
    """All that an answer says."""
    if isinstance(answer, Unreadable):
        return answer
    item: Item = answer.item
    fields = {name: item.fields[name] for name in item.fields}
    return (
        item.kind, item.ref, item.revision, fields, dict(item.headers), dict(item.custom), item.item_class, item.notes,
        answer.stamp.removeprefix("~"),  # a file as young as this one's may change without its times changing
    )  # fmt: skip


def test_another_process_reads_what_this_one_reads(tmp_path: Path) -> None:
    root = tmp_path / "store"
    make_hostile(root / ANNA)
    connector = FilesConnector(root, timezone="Africa/Johannesburg", region="ZA")
    page = connector.changes(ANNA, "", lambda mailbox, folder: {})
    refs = [change.ref for change in page.changes if isinstance(change, Appeared)]
    assert len(refs) > 250
    with ReadAhead(go_on) as ahead:
        ahead.ask(connector, refs)
        there = ahead.take(refs)
        assert there is not None
        for one, other in zip(there, connector.fetch(refs), strict=True):
            assert told(one) == told(other)
        # It goes on to the next list, and answers only for what was asked.
        ahead.ask(connector, refs[:3])
        assert ahead.take(refs[1:3]) is None
        again = ahead.take(refs[:3])
        assert again is not None and [told(each) for each in again] == [
            told(each) for each in connector.fetch(refs[:3])
        ]


@dataclass(frozen=True)
class Broken:
    """A reader of a connector that is not well. `how`: raises, dies, or answers what cannot be sent."""

    how: str

    def __call__(self, refs: Sequence[ItemRef]) -> Iterable[Fetched | Unreadable]:
        for number, ref in enumerate(refs):
            if number == BATCH + 10:
                if self.how == "dies":
                    os._exit(9)
                if self.how == "raises":
                    raise OSError("the disk is gone")
                yield threading.Lock()  # type: ignore[misc]  # cannot be pickled
            yield Unreadable(ref, "", "x")


class Wanting(FilesConnector):
    """A connector whose reader is another."""

    def __init__(self, root: Path, other: Reader | None) -> None:
        super().__init__(root)
        self.other = other

    def reader(self) -> Any:
        return self.other


REFS = [ItemRef(ANNA, "Inbox", f"Inbox/{number}.eml") for number in range(200)]


@pytest.mark.parametrize("how", ["raises", "dies", "cannot be sent"])
def test_what_goes_wrong_there_is_left_to_this_process(tmp_path: Path, how: str) -> None:
    connector = Wanting(tmp_path, Broken(how))
    with ReadAhead(go_on) as ahead:
        ahead.ask(connector, REFS)
        assert ahead.take(REFS) is None
        ahead.ask(connector, REFS)
        assert ahead.take(REFS) is None


def test_a_connector_that_cannot_is_not_asked(tmp_path: Path) -> None:
    with ReadAhead(go_on) as ahead:
        ahead.ask(Wanting(tmp_path, None), REFS)
        assert ahead.take(REFS) is None


def test_one_processor_reads_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_ahead, "processors", lambda: 1)
    with ReadAhead(go_on) as ahead:
        ahead.ask(FilesConnector(tmp_path), REFS)
        assert ahead.take(REFS) is None


@dataclass(frozen=True)
class Slow:
    """A reader that never ends."""

    def __call__(self, refs: Sequence[ItemRef]) -> Iterator[Fetched | Unreadable]:
        threading.Event().wait()
        yield from ()


def test_a_stop_is_heard_while_it_reads(tmp_path: Path) -> None:
    def stop() -> None:
        raise Interrupted

    with ReadAhead(stop) as ahead:
        ahead.ask(Wanting(tmp_path, Slow()), REFS)
        with pytest.raises(Interrupted):
            ahead.take(REFS)


def test_a_list_of_just_a_batch_is_closed() -> None:
    refs = REFS[:BATCH]
    said = list(answers(lambda asked: [Unreadable(ref, "", "x") for ref in asked], refs))
    assert [len(each.items) for each in said] == [BATCH, 0]
    assert [each.last for each in said] == [False, True]
