"""Reading in another process: the same items, and no fault of it is a fault of the pass."""

from __future__ import annotations

import os
import pickle
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mxsync.connectors.files import FilesConnector
from mxsync.decide.context import Organisation
from mxsync.decide.foresight import Foresight
from mxsync.decide.gleaned import Foreseen
from mxsync.decide.people import NOTHING_READ
from mxsync.engine import read_ahead
from mxsync.engine.paging import Outlook
from mxsync.engine.read_ahead import Frame, ReadAhead, Untaken
from mxsync.engine.reading_process import BATCH, Request, answers
from mxsync.engine.world import Interrupted
from mxsync.lang import ir
from mxsync.model.change import Appeared
from mxsync.model.item import Address, Item, ItemRef, Unreadable
from mxsync.ports.connector import Fetched, Reader
from tests.hostile import make_hostile
from tests.programs import NOW, ORGANISATION, category, program, rule

ANNA = "anna@ours.example"


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_ahead, "processors", lambda: 2)


def go_on() -> None:
    """Nobody asked to stop."""


def asked(refs: Sequence[ItemRef]) -> Request:
    return Request(refs, NOW)


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
        ahead.ask(connector, asked(refs))
        there = ahead.take(refs)
        assert there is not None
        for (one, _), other in zip(there, connector.fetch(refs), strict=True):
            assert told(one) == told(other)
        # It goes on to the next list, and answers only for what was asked.
        ahead.ask(connector, asked(refs[:3]))
        assert ahead.take(refs[1:3]) is None
        again = ahead.take(refs[:3])
        assert again is not None and [told(each) for each, _ in again] == [
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
        ahead.ask(connector, asked(REFS))
        assert ahead.take(REFS) is None
        ahead.ask(connector, asked(REFS))
        assert ahead.take(REFS) is None


def test_a_connector_that_cannot_is_not_asked(tmp_path: Path) -> None:
    with ReadAhead(go_on) as ahead:
        ahead.ask(Wanting(tmp_path, None), asked(REFS))
        assert ahead.take(REFS) is None


def test_one_processor_reads_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_ahead, "processors", lambda: 1)
    with ReadAhead(go_on) as ahead:
        ahead.ask(FilesConnector(tmp_path), asked(REFS))
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
        ahead.ask(Wanting(tmp_path, Slow()), asked(REFS))
        with pytest.raises(Interrupted):
            ahead.take(REFS)


def test_a_list_of_just_a_batch_is_closed() -> None:
    refs = REFS[:BATCH]
    said = list(answers(lambda asked: [Unreadable(ref, "", "x") for ref in asked], asked(refs), None))
    assert [len(each.items) for each in said] == [BATCH, 0]
    assert [each.last for each in said] == [False, True]


def test_most_texts_read_for_nothing_are_read_no_more() -> None:
    world = SimpleNamespace(plan=lambda: SimpleNamespace(program=None), organisation=Organisation())
    outlook = Outlook(world, SimpleNamespace(user=ANNA))  # type: ignore[arg-type]
    read = Foreseen((), (), (), {}, NOTHING_READ, "", (), None)
    seen = {ref: read._replace(reading=NOTHING_READ if number < 10 else None) for number, ref in enumerate(REFS)}
    outlook.learn(seen, unread=5)
    assert outlook.request(REFS, NOW).signatures
    outlook.learn({}, unread=0)
    assert outlook.request(REFS, NOW).signatures
    outlook.learn(seen, unread=6)
    assert not outlook.request(REFS, NOW).signatures


def test_it_is_told_of_new_rules(tmp_path: Path) -> None:
    (tmp_path / ANNA / "Inbox").mkdir(parents=True)
    (tmp_path / ANNA / "Inbox" / "1.eml").write_bytes(
        b"From: Max New <max@new.example>\r\nTo: anna@ours.example\r\nKeywords: New\r\n\r\nHello\r\n"
    )
    connector = FilesConnector(tmp_path)
    refs = [ItemRef(ANNA, "Inbox", "Inbox/1.eml")]
    create = ir.CreateContacts("contact", ir.People.SENDER, ir.Source.DEFAULT, ())
    said: list[bool] = []
    with ReadAhead(go_on) as ahead:
        for name in ("New", "New", "Other"):
            if not said or name != "New":
                foresight = Foresight(program([rule("one", category(name), create)]), ORGANISATION, ANNA)
            ahead.ask(connector, Request(refs, NOW, foresight))
            there = ahead.take(refs)
            assert there is not None
            ((_, seen),) = there
            assert seen is not None and seen.correspondents == (Address("Max New", "max@new.example"),)
            said.append(seen.reading is not None)
    assert said == [True, True, False]


@dataclass(frozen=True)
class Telling:
    """A reader that says which it was asked for."""

    def __call__(self, refs: Sequence[ItemRef]) -> Iterable[Fetched | Unreadable]:
        return [Unreadable(ref, "", f"this is {ref.href}") for ref in refs]


def test_pages_are_read_ahead_and_taken_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connector, pages = Wanting(tmp_path, Telling()), [REFS[:60], REFS[60:120], REFS[120:]]
    monkeypatch.setattr(read_ahead, "PAGES", 2)
    with ReadAhead(go_on) as ahead:
        for page in (pages[0], pages[0], pages[1], pages[2]):  # the second is asked for already, the last one too many
            ahead.ask(connector, asked(page))
        assert ahead.take(pages[1]) is None
        for page in pages[:2]:
            there = ahead.take(page)
            assert there is not None
            assert [each for each, _ in there] == [Unreadable(ref, "", f"this is {ref.href}") for ref in page]
        assert ahead.take(pages[2]) is None


def test_a_page_is_opened_while_the_one_before_waits_for_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    plain = pickle.loads

    def loads(content: bytes) -> Any:
        opened.append(threading.current_thread().name)
        return plain(content)

    monkeypatch.setattr(pickle, "loads", loads)
    with ReadAhead(go_on) as ahead:
        ahead.while_waiting()
        connector = Wanting(tmp_path, Telling())
        for page in (REFS[:120], REFS[120:]):
            ahead.ask(connector, asked(page))
        while len(ahead._frames._frames) < 5:
            time.sleep(0.01)
        ahead.while_waiting()
        while len(opened) < 3:
            time.sleep(0.01)
        for page in (REFS[:120], REFS[120:]):
            there = ahead.take(page)
            assert there is not None
            assert [each for each, _ in there] == [Unreadable(ref, "", f"this is {ref.href}") for ref in page]
    assert opened == ["read-ahead-open"] * 3 + ["MainThread"] * 2  # of the next page alone, and each frame once


def test_a_frame_that_cannot_be_opened_says_so_to_whoever_takes_it() -> None:
    frames = Untaken(1000)
    for each in (Frame(pickle.dumps("one")), Frame(b"no pickle"), None):
        frames.put(each)
    frames.open_first(3)
    frames.open_first(3)
    first, second = frames.take(0.1), frames.take(0.1)
    assert first is not None and second is not None
    assert first.opened() == first.opened() == "one"
    with pytest.raises(pickle.UnpicklingError):
        second.opened()
    assert frames.take(0.1) is None


def test_frames_that_nobody_takes_do_not_pile_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_ahead, "_MOST", 1)
    refs = [*REFS, *REFS]
    with ReadAhead(go_on) as ahead:
        ahead.ask(Wanting(tmp_path, Telling()), asked(refs))
        there = ahead.take(refs)
        assert there is not None and len(there) == len(refs) > 2 * BATCH
        ahead.ask(Wanting(tmp_path, Telling()), asked(refs))
        draining = [each for each in threading.enumerate() if each.name == "read-ahead"]
    for thread in draining:  # the block ended while they waited for room
        thread.join(10)
    assert draining and not any(thread.is_alive() for thread in draining)


def test_a_long_look_starts_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connector = Wanting(tmp_path, Telling())
    with ReadAhead(go_on) as ahead:
        with ahead.expecting(connector):
            assert ahead._process is None
        assert ahead._process is None, "the look was short"
        monkeypatch.setattr(read_ahead, "_LONG", 0.0)
        with ahead.expecting(connector):
            deadline = time.monotonic() + 30
            while ahead._process is None and time.monotonic() < deadline:
                time.sleep(0.01)
        started = ahead._process
        assert started is not None
        ahead.ask(connector, asked(REFS))
        assert ahead.take(REFS) is not None
        assert ahead._process is started


def test_a_look_at_what_cannot_be_read_elsewhere_starts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_ahead, "_LONG", 0.0)
    with ReadAhead(go_on) as ahead, ahead.expecting(Wanting(tmp_path, None)):
        time.sleep(0.05)
        assert ahead._process is None


def test_threads_take_turns_more_often_while_the_process_runs(tmp_path: Path) -> None:
    before = sys.getswitchinterval()
    with ReadAhead(go_on) as ahead:
        ahead.ask(Wanting(tmp_path, Telling()), asked(REFS))
        assert sys.getswitchinterval() < before
    assert sys.getswitchinterval() == before


@pytest.mark.skipif(sys.platform != "linux", reason="pipes of other systems have the room that they have")
def test_the_pipe_has_room_for_whole_frames() -> None:
    import fcntl

    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe, os.fdopen(writing, "wb"):
        read_ahead._widen(pipe)
        assert fcntl.fcntl(pipe.fileno(), fcntl.F_GETPIPE_SZ) >= 1 << 20
