"""Workers on database servers that are killed, or frozen and go on after another took over, at any moment: nothing stale
is committed, nothing is lost, nothing is doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from databases import ServerTenant
from sqlalchemy.exc import DBAPIError
from tenants import ANNA, BEN

from tests.sites import engine_of
from tests.sql_servers import Server

ROUNDS = int(os.environ.get("MXSYNC_FENCING", "2"))
SEED = int(os.environ.get("MXSYNC_SEED", "1"))
EACH = 4
"""New people that write to each mailbox before a round."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are stopped as POSIX systems stop them")


@pytest.fixture(params=("postgresql", "mariadb"))
def tenant(request: pytest.FixtureRequest, tmp_path: Path) -> ServerTenant:
    server: Server = request.getfixturevalue(request.param)
    return ServerTenant.on(server, tmp_path / "t")


class Rounds:
    """What was delivered, and workers at it."""

    def __init__(self, tenant: ServerTenant) -> None:
        self.tenant = tenant
        self.random = random.Random(SEED)
        self.people: list[str] = []
        began = time.monotonic()
        self.deliver()
        tenant.sync()
        self.length = time.monotonic() - began

    def deliver(self) -> None:
        for box in (ANNA, BEN):
            for _ in range(EACH):
                number = len(self.people)
                address = f"p{number}@firm{number}.example"
                self.people.append(address)
                self.tenant.mail(
                    f"Pat Nr{number} <{address}>", box, f"mail {number}", box=box,
                    categories=["Create Contact and Company", "Save attachments"],
                    attachments=[("a.txt", f"text {number}".encode())],
                )  # fmt: skip

    def worker(self) -> subprocess.Popen[str]:
        """One that has begun, some moment later."""
        command = [sys.executable, "-m", "mxsync", "sync"]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, cwd=self.tenant.root, stdout=pipe, stderr=pipe, text=True)
        deadline = time.monotonic() + 60
        while process.poll() is None and not self.tenant.sql("SELECT 1 FROM mxsync_leases WHERE holder <> ''"):
            assert time.monotonic() < deadline
            time.sleep(0.005)
        time.sleep(self.random.uniform(0, self.length / 3))  # the rest of it is the start of the process
        return process

    def runs(self) -> dict[int, int]:
        """Passes, and how much each has said that it did."""
        found = {int(number): 0 for (number,) in self.tenant.sql("SELECT number FROM mxsync_runs")}
        found.update(self.tenant.sql("SELECT run, count(*) FROM mxsync_audit GROUP BY run"))  # type: ignore[arg-type]
        return found

    def lapse(self) -> bool:
        """Lets the frozen one's time be over; False when it holds the lease's row right now, to commit."""
        past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
        limit = "lock_timeout = '1s'" if self.tenant.url.startswith("postgresql") else "innodb_lock_wait_timeout = 1"
        with engine_of(self.tenant.url).connect() as connection:
            connection.exec_driver_sql(f"SET SESSION {limit}")
            try:
                connection.exec_driver_sql("UPDATE mxsync_leases SET deadline = ? WHERE holder <> ''", (past,))
                connection.commit()
            except DBAPIError:
                connection.rollback()
                return False
            finally:
                connection.invalidate()
        return True

    def check(self) -> None:
        """After a last pass, everything is there, once; and another pass writes nothing."""
        tenant = self.tenant
        tenant.sync()
        people = sorted(self.people)
        assert sorted(each for (each,) in tenant.sql("SELECT Email FROM Contacts")) == people
        assert tenant.count_rows("Companies") == tenant.count_rows("Emails") == len(people)
        assert tenant.count_rows("EmailContacts") == tenant.count_rows("EmailUsers") == len(people)
        assert tenant.count_rows("Documents") == tenant.count_rows("DocumentEmails") == len(people)
        cards = [path.read_text() for path in (tenant.root / "mailboxes").rglob("*.vcf")]
        assert sorted(person for person in people for card in cards if f":{person}\n" in card) == people
        assert len(cards) == len(people)
        stored = [path.read_text() for path in (tenant.root / "documents").rglob("*") if path.is_file()]
        assert sorted(stored) == sorted(f"text {number}" for number in range(len(people)))
        assert not list(tenant.root.rglob("*.tmp"))
        rows, files = tenant.dump(), tenant.files()
        tenant.sync()
        assert (tenant.dump(), tenant.files()) == (rows, files)


def test_workers_that_are_killed(tenant: ServerTenant) -> None:
    rounds = Rounds(tenant)
    for _ in range(ROUNDS):
        rounds.deliver()
        worker = rounds.worker()
        worker.kill()
        worker.communicate(timeout=60)
    rounds.check()


def test_workers_that_are_frozen_and_go_on_after_another_took_over(tenant: ServerTenant) -> None:
    rounds = Rounds(tenant)
    fenced = 0
    for _ in range(ROUNDS):
        rounds.deliver()
        frozen = rounds.worker()
        try:
            frozen.send_signal(signal.SIGSTOP)
            while not rounds.lapse():
                frozen.send_signal(signal.SIGCONT)
                time.sleep(0.02)
                frozen.send_signal(signal.SIGSTOP)
            before = rounds.runs()
            other = subprocess.Popen(
                [sys.executable, "-m", "mxsync", "sync"], cwd=tenant.root, stderr=subprocess.PIPE, text=True,
                stdout=subprocess.DEVNULL,
            )  # fmt: skip
            # Where the frozen one has rows locked, the other waits for them: it goes on while the other is waiting.
            took_over = rounds.random.random() < 0.7
            try:
                other.wait(12 if took_over else 3)
            except subprocess.TimeoutExpired:
                assert tenant.sql("SELECT 1 FROM mxsync_leases WHERE holder <> ''")
            frozen.send_signal(signal.SIGCONT)
            said = frozen.communicate(timeout=120)[1]
            told = other.communicate(timeout=120)[1]
        finally:
            frozen.kill()
        assert other.returncode == 0, told
        if frozen.returncode:
            assert frozen.returncode == 5 and "taken this tenant over" in said, said
            fenced += 1
        after = rounds.runs()
        assert {run: after[run] for run in before} == before, "what was frozen has committed"
        assert len(after) <= len(before) + 1
    assert fenced > 0
    rounds.check()
