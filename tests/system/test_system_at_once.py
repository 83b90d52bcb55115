"""Several services share the mailboxes of one tenant: the same mail of somebody new, and the same meeting, reach all of
them at the same moment."""

from __future__ import annotations

import os
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
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:plans@acme.example\r\nDTSTAMP:20261101T090000Z\r\n"
    "SUMMARY:Plans\r\nDTSTART:20261201T090000Z\r\nDTEND:20261201T100000Z\r\nORGANIZER:mailto:jane@acme.example\r\n"
    "ATTENDEE:mailto:jane@acme.example\r\n{}END:VEVENT\r\nEND:VCALENDAR\r\n"
)


def done(tenant: Tenant) -> bool:
    return tenant.count_rows("EmailUsers") >= MAILBOXES and tenant.count_rows("AppointmentUsers") >= MAILBOXES


@pytest.mark.parametrize("kind", KINDS)
def test_one_person_one_company_one_mail_and_one_meeting(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    users = [f"user{number}@ours.example" for number in range(MAILBOXES)]
    tenant = make(kind, request, tmp_path / "t", users=users)
    if kind == "sqlite":
        tenant.run("schema", "install")
    tenant.contact("jane@acme.example", FullName="Jane Roe")
    invited = "".join(f"ATTENDEE:mailto:{user}\r\n" for user in users)
    for user in users:
        tenant.mail(
            "Max New <max@globex.example>", ", ".join(users), "An offer", box=user, message_id="<offer@globex.example>",
            categories=["Create Contact and Company"], attachments=[("offer.pdf", b"%PDF of the offer")],
        )  # fmt: skip
        tenant.put(f"{user}/Calendar/plans.ics", MEETING.format(invited))
    logs = [(tenant.root / f"worker{number}.log").open("w") for number in range(WORKERS)]
    command = [sys.executable, "-m", "mxsync", "run", "--share"]
    workers = [subprocess.Popen(command, cwd=tenant.root, stdout=log, stderr=log) for log in logs]
    try:
        deadline = time.monotonic() + 240
        while not done(tenant):
            assert time.monotonic() < deadline and all(each.poll() is None for each in workers), said(tenant)
            time.sleep(0.2)
    finally:
        for worker in workers:
            worker.terminate()
        codes = [worker.wait(60) for worker in workers]
        for log in logs:
            log.close()
    assert codes == [0] * WORKERS, said(tenant)
    tenant.sync()  # whatever was still under way
    assert tenant.sql("SELECT Email FROM Contacts ORDER BY Email") == [("jane@acme.example",), ("max@globex.example",)]
    assert tenant.sql("SELECT Name, Domain FROM Companies") == [("Globex", "globex.example")]
    assert tenant.sql("SELECT Subject FROM Emails") == [("An offer",)]
    assert tenant.sql("SELECT Subject FROM Appointments") == [("Plans",)]
    assert tenant.count_rows("EmailUsers") == tenant.count_rows("AppointmentUsers") == MAILBOXES
    assert tenant.count_rows("Users") == MAILBOXES
    assert tenant.count_rows("Documents") <= 1
    assert len(list((tenant.root / "mailboxes").rglob("*.vcf"))) <= 1
    before = tenant.dump()
    tenant.sync()
    assert tenant.dump() == before
    assert "Traceback" not in said(tenant)
    assert sum(" items=2 " in (tenant.root / f"worker{n}.log").read_text() for n in range(WORKERS)) >= 2, said(tenant)


def said(tenant: Tenant) -> str:
    return "\n".join((tenant.root / f"worker{number}.log").read_text() for number in range(WORKERS))
