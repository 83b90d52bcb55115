"""One process a tenant: the second refuses or waits; SIGTERM ends in the middle of anything, and nothing is half done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tenants import ANNA, Tenant

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as POSIX systems send them")


@pytest.fixture
def tenant(tmp_path: Path) -> Tenant:
    tenant = Tenant.make(tmp_path / "t", users=(ANNA,))
    tenant.contact("jane@acme.example")
    return tenant


@contextmanager
def started(tenant: Tenant, *arguments: str, env: dict[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "mxsync", *arguments],
        cwd=tenant.root, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, **(env or {})},
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def until(holds: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.02)


def saved(tenant: Tenant) -> int:
    return tenant.count_rows("Emails")


def ended(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGTERM)
    return process.wait(20)


def test_a_second_process_refuses_with_a_sentence(tenant: Tenant) -> None:
    with started(tenant, "run") as first:
        tenant.mail("jane@acme.example", subject="one")
        until(lambda: saved(tenant) == 1, "the service has saved the mail")
        for command in (["run"], ["run", "--share"]):
            second = tenant.run(*command, check=False, timeout=30)
            assert second.code == 5, command
            assert str(first.pid) in second.err and "--share" in second.err and "Traceback" not in second.err
        tenant.run("sync")  # which takes each mailbox in its turn
        # What only asks is answered beside the service.
        assert tenant.run("status").code == 0
        assert tenant.run("plan").code == 0
        assert ended(first) == 0
    assert tenant.run("sync").code == 0


def test_a_second_process_that_waits_works_when_the_first_is_done(tenant: Tenant) -> None:
    with started(tenant, "run") as first:
        tenant.mail("jane@acme.example", subject="one")
        until(lambda: saved(tenant) == 1, "the first has saved the mail")
        with started(tenant, "run", "--wait") as second:
            time.sleep(1.5)
            tenant.mail("jane@acme.example", subject="two")
            until(lambda: saved(tenant) == 2, "the first has saved the second mail")
            assert second.poll() is None
            assert ended(first) == 0
            tenant.mail("jane@acme.example", subject="three")
            until(lambda: saved(tenant) == 3, "the second has saved the third mail")
            assert ended(second) == 0
    holders = tenant.sql("SELECT count(DISTINCT run) FROM mxsync_audit")[0][0]
    assert holders >= 3 and tenant.count_rows("EmailContacts") == 3


def test_one_that_was_killed_holds_nobody_up(tenant: Tenant) -> None:
    with started(tenant, "run") as first:
        tenant.mail("jane@acme.example", subject="one")
        until(lambda: saved(tenant) == 1, "the service has saved the mail")
        first.kill()
        first.wait()
    tenant.mail("jane@acme.example", subject="two")
    assert tenant.sync()["items"] == 1


@pytest.mark.parametrize("after", [1, 2, 3])
def test_sigterm_in_the_middle_of_a_pass(tenant: Tenant, tmp_path: Path, after: int) -> None:
    """The service is told to end while it works on 3,000 mails, after so many committed pages."""
    for number in range(3000):
        tenant.mail("jane@acme.example", subject=f"mail {number}", body="x\n")
    with started(tenant, "run") as service:
        until(lambda: saved(tenant) >= after * 500, f"{after} pages are committed")
        assert ended(service) == 0, service.stderr.read() if service.stderr else ""
    assert 0 < saved(tenant) < 3000 and saved(tenant) % 500 == 0
    assert saved(tenant) == tenant.count_rows("EmailContacts") == tenant.count_rows("EmailUsers")
    report = tenant.sync()
    assert saved(tenant) == 3000 and report["items"] > 0
    assert saved(tenant) == tenant.count_rows("EmailContacts") == tenant.count_rows("EmailUsers")
    assert tenant.sql("SELECT count(DISTINCT MessageID) FROM Emails") == [(3000,)]
    assert tenant.sync()["items"] == 0
