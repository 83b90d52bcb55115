"""The loop for ever, with real threads and a tenant of memory."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from service_fakes import ANNA, BEN, FakeTenant, make_health, make_tenant, until

from mxsync.errors import Locked, Unavailable
from mxsync.model.outcome import PassReport
from mxsync.service import loop
from mxsync.service.loop import Service
from mxsync.service.status import read_status


@contextmanager
def running(tenant: FakeTenant, *, wait: bool = False) -> Iterator[Service[object]]:
    stop = threading.Event()
    service: Service[object] = Service(tenant, make_health(tenant), stop)  # type: ignore[arg-type]
    thread = threading.Thread(target=service.run, kwargs={"wait": wait})
    thread.start()
    try:
        yield service
    finally:
        stop.set()
        service.wake()
        thread.join(timeout=20)
        assert not thread.is_alive()


def state(tenant: FakeTenant) -> dict[str, object]:
    status = read_status(tenant.config.status_file)
    assert status is not None
    return status


def mailboxes(tenant: FakeTenant) -> list[str]:
    return [mailbox for mailbox, _ in tenant.passes]


def test_each_mailbox_gets_a_pass_and_then_silence_costs_nothing(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path, poll="1s")
    with running(tenant):
        until(lambda: len(tenant.passes) == 2)
        until(lambda: tenant.config.status_file.exists())
        threading.Event().wait(1.5)  # longer than the poll: the watch is trusted, so nobody walks
        assert mailboxes(tenant) == [ANNA, BEN]
        assert state(tenant)["state"] == "running"
        assert state(tenant)["alive"] is True
    assert state(tenant)["state"] == "stopped"
    assert state(tenant)["alive"] is False
    assert not tenant.held
    assert all(watch.stopped for watch in tenant.watches)


def test_a_change_brings_a_pass_of_that_mailbox_alone(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path)
    with running(tenant):
        until(lambda: len(tenant.passes) == 2)
        for _ in range(5):
            tenant.changed(BEN)
        until(lambda: len(tenant.passes) == 3)
        tenant.changed(ANNA)
        until(lambda: len(tenant.passes) == 4)
    assert mailboxes(tenant) == [ANNA, BEN, BEN, ANNA]


def test_a_bell_brings_a_look_at_the_tables_and_so_does_the_poll(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path)
    with running(tenant):
        until(lambda: len(tenant.passes) == 2)
        assert tenant.looks == 0
        tenant.rung()
        until(lambda: tenant.looks == 1)
        assert len(tenant.passes) == 2
    assert tenant.bell.stopped
    tenant = make_tenant(tmp_path, poll="1s")
    with running(tenant):
        until(lambda: tenant.looks == 2)


def test_without_events_that_can_be_trusted_it_polls(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path, poll="1s")
    tenant.trusted = False
    with running(tenant):
        until(lambda: mailboxes(tenant).count(ANNA) >= 2 and mailboxes(tenant).count(BEN) >= 2)


def test_what_cannot_be_watched_is_polled(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path, poll="1s")
    tenant.watchable = False
    with running(tenant):
        until(lambda: mailboxes(tenant).count(ANNA) >= 2)


def test_a_watch_that_loses_events_is_no_longer_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "LOOK_ROUND", 0.05)
    monkeypatch.setattr(loop, "LONGEST_SLEEP", 0.05)
    tenant = make_tenant(tmp_path, poll="1s")
    with running(tenant):
        until(lambda: len(tenant.passes) == 2)
        tenant.watches[0].trusted = False
        until(lambda: mailboxes(tenant).count(ANNA) >= 3)


def test_one_failing_mailbox_rests_and_the_other_goes_on(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path)
    tenant.faults = {ANNA: [PassReport(failed_mailboxes=[(ANNA, "its folder is gone")])]}
    with running(tenant):
        until(lambda: len(tenant.passes) == 2)
        tenant.changed(ANNA)
        tenant.changed(BEN)
        until(lambda: len(tenant.passes) == 3)
        assert mailboxes(tenant) == [ANNA, BEN, BEN]
        until(lambda: state(tenant)["mailboxes"][BEN]["items"] == 2)  # type: ignore[index]
        slot = state(tenant)["mailboxes"][ANNA]  # type: ignore[index]
        assert (slot["failures"], slot["error"]) == (1, "its folder is gone")
        assert slot["next"]


@pytest.mark.parametrize("fault", [Unavailable("no answer", retry_after=0.0), RuntimeError("a slip of ours")])
def test_no_exception_ends_the_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    monkeypatch.setattr("mxsync.service.schedule.FIRST_PAUSE", 0.01)
    tenant = make_tenant(tmp_path)
    tenant.faults = {ANNA: [fault, fault]}
    with running(tenant):
        until(lambda: mailboxes(tenant).count(ANNA) == 3)
        until(lambda: state(tenant)["mailboxes"][ANNA]["failures"] == 0)  # type: ignore[index]
    assert state(tenant)["counters"]["failures"] == 2  # type: ignore[index]


def test_a_person_is_told_when_a_mailbox_fails_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mxsync.service.schedule.FIRST_PAUSE", 0.01)
    tenant = make_tenant(tmp_path)
    tenant.faults = {ANNA: [Unavailable("no answer", retry_after=0.0)] * 4}
    with running(tenant):
        until(lambda: mailboxes(tenant).count(ANNA) == 5)
        until(lambda: state(tenant)["mailboxes"][ANNA]["failures"] == 0)  # type: ignore[index]
    assert tenant.alerts == [(f"mailbox {ANNA}", f"{ANNA} failed 3 times in a row: no answer")]


def test_what_a_pass_says_reaches_the_status_file(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path)
    report = PassReport(
        items=4, stopped_by_brake=["12 of 20 rows would be deleted"], set_aside=[("x.eml", "unreadable")]
    )
    tenant.faults = {ANNA: [report]}
    with running(tenant):
        until(lambda: len(tenant.passes) == 2)
        until(lambda: state(tenant)["mailboxes"][BEN]["items"] == 1)  # type: ignore[index]
        slot = state(tenant)["mailboxes"][ANNA]  # type: ignore[index]
    assert slot["items"] == 4
    assert slot["brake"] == ["12 of 20 rows would be deleted"]
    assert slot["next"], "what was set aside is tried again"


def test_it_ends_in_the_middle_of_a_pass(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path)
    inside = threading.Event()

    def long_work(mailbox: str, stop: threading.Event) -> None:
        inside.set()
        stop.wait(20)

    tenant.during = long_work
    with running(tenant):
        assert inside.wait(20)
    assert mailboxes(tenant) == [ANNA]
    assert state(tenant)["mailboxes"][ANNA]["failures"] == 0  # type: ignore[index]


def test_a_tenant_in_use_is_refused_or_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "RETRY_LEASE", 0.01)
    tenant = make_tenant(tmp_path)
    tenant.locked = 1
    service: Service[object] = Service(tenant, make_health(tenant), threading.Event())  # type: ignore[arg-type]
    with pytest.raises(Locked, match="process 4711"):
        service.run()
    assert not tenant.passes
    tenant.locked = 3
    with running(tenant, wait=True):
        until(lambda: len(tenant.passes) == 2)


def test_waiting_for_a_tenant_ends_when_it_is_asked_to(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path)
    tenant.locked = 10**9
    with running(tenant, wait=True):
        until(lambda: tenant.locked < 10**9)
    assert not tenant.passes


def test_the_status_file_is_always_whole(tmp_path: Path) -> None:
    tenant = make_tenant(tmp_path)
    with running(tenant):
        until(lambda: tenant.config.status_file.exists())
        for number in range(60):
            tenant.changed((ANNA, BEN)[number % 2])
            json.loads(tenant.config.status_file.read_text(encoding="utf-8"))
    assert not list(tmp_path.glob(".mxsync-*.tmp"))
