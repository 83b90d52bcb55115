"""Several services share the mailboxes of one tenant: the same mail of somebody new, and the same meeting, reach all of
them at the same moment."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from databases import KINDS, make
from tenants import Tenant

WORKERS = 4
MAILBOXES = int(os.environ.get("MXSYNC_AT_ONCE", "16"))
MEETING = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:plans{0}@acme.example\r\nDTSTAMP:20261101T090000Z\r\n"
    "SUMMARY:Plans {0}\r\nDTSTART:20261201T090000Z\r\nDTEND:20261201T100000Z\r\n"
    "ORGANIZER:mailto:jane@acme.example\r\nATTENDEE:mailto:jane@acme.example\r\n{1}END:VEVENT\r\nEND:VCALENDAR\r\n"
)


def deliver(tenant: Tenant, users: list[str], day: int) -> None:
    """The same mail of somebody new and the same meeting, to everybody."""
    invited = "".join(f"ATTENDEE:mailto:{user}\r\n" for user in users)
    for user in users:
        tenant.mail(
            f"Max{day} New <max{day}@globex.example>", ", ".join(users), f"Offer {day}", box=user, name=f"offer{day}.eml",
            message_id=f"<offer{day}@globex.example>", categories=["Create Contact and Company"],
            attachments=[(f"offer{day}.pdf", b"%PDF of the offer " + str(day).encode())],
        )  # fmt: skip
        tenant.put(f"{user}/Calendar/plans{day}.ics", MEETING.format(day, invited))


def log_of(tenant: Tenant, worker: int) -> Path:
    return tenant.root / f"worker{worker}.log"


def at_work(tenant: Tenant) -> int:
    """The workers that have linked something."""
    return sum(bool(re.search(r" linked=[1-9]", log_of(tenant, worker).read_text())) for worker in range(WORKERS))


@pytest.mark.parametrize("kind", KINDS)
def test_one_person_one_company_one_mail_and_one_meeting(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    users = [f"user{number}@ours.example" for number in range(MAILBOXES)]
    tenant = make(kind, request, tmp_path / "t", users=users)
    if kind == "sqlite":
        tenant.run("schema", "install")
    tenant.contact("jane@acme.example", FullName="Jane Roe")
    logs = [log_of(tenant, worker).open("w") for worker in range(WORKERS)]
    command = [sys.executable, "-m", "mxsync", "run", "--share"]
    deliver(tenant, users, day := 1)
    workers = [subprocess.Popen(command, cwd=tenant.root, stdout=log, stderr=log) for log in logs]
    try:
        deadline = time.monotonic() + 240
        while True:
            assert time.monotonic() < deadline and all(each.poll() is None for each in workers), said(tenant)
            links = min(tenant.count_rows("EmailUsers"), tenant.count_rows("AppointmentUsers"))
            if links >= day * MAILBOXES:
                if at_work(tenant) > 1:
                    break
                deliver(tenant, users, day := day + 1)  # one was so quick that nobody else came to it
            time.sleep(0.2)
    finally:
        for worker in workers:
            worker.terminate()
        codes = [worker.wait(60) for worker in workers]
        for log in logs:
            log.close()
    assert codes == [0] * WORKERS, said(tenant)
    tenant.sync()  # whatever was still under way
    days = range(1, day + 1)
    assert sorted(tenant.sql("SELECT Email FROM Contacts")) == sorted(
        [("jane@acme.example",), *((f"max{n}@globex.example",) for n in days)]
    )
    assert tenant.sql("SELECT Name, Domain FROM Companies") == [("Globex", "globex.example")]
    assert sorted(tenant.sql("SELECT Subject FROM Emails")) == sorted((f"Offer {n}",) for n in days)
    assert sorted(tenant.sql("SELECT Subject FROM Appointments")) == sorted((f"Plans {n}",) for n in days)
    assert tenant.count_rows("EmailUsers") == tenant.count_rows("AppointmentUsers") == day * MAILBOXES
    assert tenant.count_rows("Users") == MAILBOXES
    assert tenant.count_rows("Documents") <= day
    assert len(list((tenant.root / "mailboxes").rglob("*.vcf"))) <= day
    before = tenant.dump()
    tenant.sync()
    assert tenant.dump() == before
    assert "Traceback" not in said(tenant)


def said(tenant: Tenant) -> str:
    return "\n".join(log_of(tenant, worker).read_text() for worker in range(WORKERS))
