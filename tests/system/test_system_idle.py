"""What a mailbox costs in which nothing happens: the same few statements whatever its size, and no walk where the file
system tells of changes."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from tenants import ANNA, Tenant

from mxsync.bootstrap import Tenant as Opened
from mxsync.config.load import load_config
from mxsync.connectors.files.watching import is_network
from mxsync.service.health import Health
from mxsync.service.loop import Service

WALKED: list[str] = []


def _hear(name: str, arguments: tuple[Any, ...]) -> None:
    if name in ("os.scandir", "os.listdir", "open"):  # a folder is opened, and then listed by its descriptor
        WALKED.append(str(arguments[0]))


sys.addaudithook(_hear)


@pytest.fixture
def tenant(tmp_path: Path) -> Tenant:
    made = Tenant.make(tmp_path / "crm")
    text = (made.root / "mxsync.toml").read_text()
    (made.root / "mxsync.toml").write_text(text + '\n[service]\npoll = "1s"\n')
    return made


@contextmanager
def opened(tenant: Tenant) -> Iterator[Opened]:
    with Opened.open(load_config(tenant.root / "mxsync.toml")) as found:
        yield found


def statements_of_a_pass(tenant: Tenant) -> list[str]:
    """Every statement that reaches the database in a pass by a process that has begun before."""
    said: list[str] = []
    with opened(tenant) as found:
        engine = found._store.engine
        event.listen(engine, "connect", lambda connection, record: connection.set_trace_callback(said.append))
        with found.hold():
            found.sync(None, lambda *_: None, threading.Event())
            # Files written a moment ago are looked at once more, since their times cannot tell a second writing yet.
            for _ in range(60):
                said.clear()
                report = found.sync(None, lambda *_: None, threading.Event())
                if not any("UPDATE mxsync_items" in each for each in said):
                    break
                time.sleep(0.5)
            said.clear()
            report = found.sync(None, lambda *_: None, threading.Event())
    assert report.items == 0
    return said


def test_an_idle_pass_asks_the_same_of_the_database_whatever_its_size(tenant: Tenant) -> None:
    for _ in range(3):
        tenant.mail()
    tenant.sync()
    few = statements_of_a_pass(tenant)
    for number in range(400):
        tenant.mail(folder=f"Archive/{number % 40}")
    tenant.sync()
    many = statements_of_a_pass(tenant)
    assert 0 < len(few) <= 40  # the begin and the end of each transaction among them
    assert len(many) == len(few)


def until(wanted: Callable[[], bool], seconds: float = 30.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if wanted():
            return True
        time.sleep(0.05)
    return wanted()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere the system's events come late")
def test_the_idle_service_walks_over_no_folder(tenant: Tenant, tmp_path: Path) -> None:
    if is_network(tmp_path):
        pytest.skip("the temporary files lie on a network file system, where events cannot be trusted")
    tenant.contact("jane@acme.example")
    tenant.mail()
    stop = threading.Event()
    with opened(tenant) as found:
        service = Service(found, Health(tenant.root / "status.json", found.mailboxes()), stop)
        thread = threading.Thread(target=service.run)
        thread.start()
        try:
            assert until(lambda: tenant.count_rows("Emails") == 1)
            time.sleep(2)  # the passes that the first files have asked for
            mailboxes = str(tenant.root / "mailboxes")
            WALKED.clear()
            time.sleep(4)  # four times the poll
            assert not [path for path in WALKED if path.startswith(mailboxes)]
            tenant.mail()
            assert until(lambda: tenant.count_rows("Emails") == 2)
            assert [path for path in WALKED if path.startswith(f"{mailboxes}/{ANNA}")]
        finally:
            stop.set()
            service.wake()
            thread.join(20)
    assert not thread.is_alive()
