"""Whoever was frozen while another took over commits nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mxsync.bootstrap import Tenant as Opened
from mxsync.bootstrap import holding
from mxsync.config import load_config
from mxsync.engine import performing
from mxsync.errors import Busy, Locked
from tests.inprocess import ANNA, Place, made


def opened(place: Place, holder: str) -> Opened:
    tenant = Opened.open(load_config(place.root / "mxsync.toml"))
    tenant.leases.holder = holder
    return tenant


def late(place: Place) -> None:
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    place.sql("UPDATE mxsync_leases SET deadline = ?", past)


def test_an_epoch_that_was_taken_over_commits_nothing(tmp_path: Path) -> None:
    place = made(tmp_path / "t")
    place.contact("jane@acme.example", OwnerID=place.user_id())
    with opened(place, "elsewhere 1 1.00") as first, opened(place, "elsewhere 2 2.00") as second:
        with pytest.raises(Locked), first.hold():
            with pytest.raises(Locked), second.hold():
                pass
            late(place)
            with second.hold():
                before = place.dump(tracking=True)
                first.sync(None, lambda *_: None, threading.Event())
        assert place.dump(tracking=True) == before or not place.mine()
        assert not place.mine()
    place.settled()
    assert len(place.mine()) == 1


def cards(place: Place) -> list[Path]:
    """Her items, without what is still being written."""
    return list((place.root / "mailboxes" / ANNA / "Contacts").glob("[!.]*.vcf"))


def test_a_worker_that_was_taken_over_writes_no_further_item(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is in the middle of a page of new items: frozen, or of a server that takes minutes for each. What it had still
    to make is the other's business, and may have been made, and deleted by somebody, by now."""
    monkeypatch.setattr(holding, "_SILENT", 0.0)
    place = made(tmp_path / "t")
    for number in range(5):
        place.contact(f"p{number}@acme.example", OwnerID=place.user_id())
    with opened(place, "elsewhere 1 1.00") as first, opened(place, "elsewhere 2 2.00") as second:
        perform_item, taken = performing.perform_item, ExitStack()

        def perform(connector: Any, intent: Any, known: str) -> Any:
            done = perform_item(connector, intent, known)
            if len(cards(place)) == 2:
                late(place)
                taken.enter_context(second.leases.all())
            return done

        monkeypatch.setattr(performing, "perform_item", perform)
        with taken, pytest.raises(Locked), first.hold():
            first.sync(None, lambda *_: None, threading.Event())
    assert len(cards(place)) == 2
    monkeypatch.undo()
    place.passes()
    place.settled()
    assert len(cards(place)) == 5


def test_every_taking_has_an_epoch_of_its_own(tmp_path: Path) -> None:
    place = made(tmp_path / "t")
    first = place.one("SELECT epoch FROM mxsync_leases")
    place.passes()
    assert place.one("SELECT epoch FROM mxsync_leases") == first + 1


def test_leases_of_parts_and_of_the_whole(tmp_path: Path) -> None:
    place = made(tmp_path / "t")
    with opened(place, "elsewhere 1 1.00") as first, opened(place, "elsewhere 2 2.00") as second:
        first.leases.serving = second.leases.serving = True
        with first.leases.alone(ANNA), second.leases.alone("ben@ours.example"):
            with pytest.raises(Busy, match=f"works on the mailbox {ANNA}"), second.leases.alone(ANNA):
                pass
            with pytest.raises(Busy), second.leases.all():
                pass
        with second.leases.all(), pytest.raises(Locked, match="works on this tenant"), first.leases.alone(ANNA):
            pass
        # A command waits until the service is done with its mailbox.
        with first.leases.alone(ANNA):
            before = time.monotonic()
            threading.Timer(1.0, late, [place]).start()
            with second.leases.all(for_part=30):
                assert time.monotonic() - before < 30
            with pytest.raises(Locked, match="taken the mailbox"), first._store.transaction():
                pass  # whose time was over commits nothing


@pytest.mark.skipif(sys.platform == "win32", reason="processes are stopped as POSIX systems stop them")
def test_a_process_that_is_stopped_and_goes_on_after_another_took_over(tmp_path: Path) -> None:
    place = made(tmp_path / "t")
    for number in range(400):
        place.mail(subject=f"mail {number}", categories=["Create Contact"], sender=f"p{number}@acme.example")
    frozen = subprocess.Popen(
        [sys.executable, "-m", "mxsync", "sync"], cwd=place.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ},
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while not place.count_rows("Emails"):
            assert frozen.poll() is None and time.monotonic() < deadline, frozen.communicate()
            time.sleep(0.01)
        for _ in range(100):  # not while it is writing: SQLite lets nobody else in then
            frozen.send_signal(signal.SIGSTOP)
            try:
                late(place)
                break
            except Exception:
                frozen.send_signal(signal.SIGCONT)
                time.sleep(0.02)
        place.passes()
        done = place.dump()
        frozen.send_signal(signal.SIGCONT)
        _, said = frozen.communicate(timeout=60)
    finally:
        frozen.kill()
    assert place.dump() == done
    assert place.count_rows("Emails") == place.count_rows("Contacts") == 400
    assert frozen.returncode == 5 or frozen.returncode == 0, said
    assert len(place.mine(ANNA)) == 400
