"""`mxsync backfill` through the command line: what lies before `since`, what was decided by earlier rules; killed at each
boundary it ends as an undisturbed run does, and a second run changes nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tenants import ANNA, BEN, Tenant, state

from mxsync.bootstrap import Tenant as Holder
from mxsync.config import load_config

KILLED = -9
CARLA = "carla@ours.example"
OFFERS = (
    "use 'crm.rules'\n\nrule 'Offers'\n  when mail created subject starts with 'offer'\n"
    "  then save attachments to documents, categorize 'Stored', create task with subject = 'Answer {subject}'\n"
)


def since(tenant: Tenant, day: str) -> None:
    path = tenant.root / "mxsync.toml"
    text = path.read_text()
    path.write_text(text.replace('server = "office"\n', f'server = "office"\nsince = {day}\n'))


def dated(path: Path, day: str) -> Path:
    """The mail, written on another day ('03 Mar 2025')."""
    head, _, rest = path.read_text().partition("Date: Mon, 02 Nov 2026")
    path.write_text(f"{head}Date: {day}{rest}")
    return path


def written(tenant: Tenant) -> int:
    """Items that syncs have put into folders: they are decided like any other."""
    return len(list((tenant.root / "mailboxes").rglob("*.vcf"))) + len(list((tenant.root / "mailboxes").rglob("*.ics")))


def backfill(tenant: Tenant, *arguments: str, **options: Any) -> Any:
    return tenant.run("backfill", *arguments, "--format", "json", **options).document


def account(tenant: Tenant) -> tuple[int, ...]:
    return tuple(tenant.count_rows(f"mxsync_{name}") for name in ("audit", "journal", "review", "pairs", "items"))


# ------------------------------------------------------------------ before `since`


@pytest.fixture
def tenant(tmp_path: Path) -> Tenant:
    """Mail of three years; read since 2026."""
    tenant = Tenant.make(tmp_path / "t", "use 'crm.rules'\n")
    tenant.contact("jane@acme.example")
    for box in (ANNA, BEN):
        for number, year in enumerate(("2024", "2025", "2026")):
            dated(tenant.mail("jane@acme.example", to=box, subject=f"of {year}", box=box), f"0{number + 1} Feb {year}")
    since(tenant, "2026-01-01")
    return tenant


def subjects(tenant: Tenant) -> list[str]:
    return [subject for (subject,) in tenant.sql("SELECT Subject FROM Emails ORDER BY EmailID")]


def test_what_lies_before_since_is_read_in_order_of_time(tenant: Tenant) -> None:
    tenant.sync()
    assert subjects(tenant) == ["of 2026"] * 2
    done = backfill(tenant)
    assert done["report"]["created"] == {"email": 4} and not done["planned"] and done["resumed"] == ""
    assert subjects(tenant) == ["of 2026"] * 2 + ["of 2024", "of 2025"] * 2
    assert tenant.sync()["items"] == 0
    before, files, told = tenant.dump(), tenant.files(), account(tenant)
    again = backfill(tenant)["report"]
    assert again["items"] == 6 and not again["created"] and not again["updated"] and not again["linked"]
    assert (tenant.dump(), tenant.files(), account(tenant)) == (before, files, told)


def test_one_mailbox_and_some_days(tenant: Tenant) -> None:
    done = backfill(tenant, "--user", BEN, "--from", "2025-01-01", "--to", "2025-12-31")
    assert done["report"]["by_mailbox"] == {BEN: 1} and subjects(tenant) == ["of 2025"]
    edge = backfill(tenant, "--from", "2024-02-01", "--to", "2024-02-01")["report"]
    assert edge["by_mailbox"] == {ANNA: 1, BEN: 1}


def test_a_card_lies_in_no_period(tenant: Tenant) -> None:
    tenant.card("FN:Max Mora\nN:Mora;Max;;;\nEMAIL:max@other.example\nCATEGORIES:MX-Contact")
    assert "contact" not in backfill(tenant, "--to", "2025-12-31")["report"]["created"]
    assert backfill(tenant)["report"]["created"]["contact"] == 1


def test_what_was_read_once_is_kept_in_step(tenant: Tenant) -> None:
    backfill(tenant)
    path = next((tenant.root / "mailboxes" / ANNA / "Inbox").glob("00001.eml"))
    path.write_text(path.read_text().replace("Subject:", "Keywords: mxStatus=Handled\nSubject:"))
    assert tenant.sync()["items"] == 1
    assert tenant.sql("SELECT mxStatus FROM Emails WHERE Subject = 'of 2024' ORDER BY EmailID")[0] == ("Handled",)


def test_a_plan_says_what_would_be_done_and_does_nothing(tenant: Tenant) -> None:
    for _ in range(2):  # before the first pass, and after it
        before, files = tenant.dump(tracking=True), tenant.files()
        plan = backfill(tenant, "--plan")
        text = tenant.run("backfill", "--plan", "-v").out
        assert (tenant.dump(tracking=True), tenant.files()) == (before, files)
        assert plan["planned"] and "would be created" in text and "nothing was done" in text
        tenant.sync()
    done = backfill(tenant)["report"]
    for name in ("items", "created", "updated", "linked", "documents", "by_rule", "by_mailbox"):
        assert done[name] == plan["report"][name], name


def test_an_old_signature_takes_nothing_from_a_newer_one(tmp_path: Path) -> None:
    tenant = Tenant.make(tmp_path / "t", "use 'auto-crm.rules'\n", users=(ANNA,))
    body = "Dear Anna,\n\nplease see below.\n\nKind regards\nJane Roe\n"
    dated(tenant.mail(body=f"{body}Office Clerk\nFax +27 21 555 0135\n"), "01 Feb 2024")
    tenant.mail(body=f"{body}Head of Purchasing\n")
    since(tenant, "2026-01-01")
    tenant.sync()
    for _ in range(2):
        backfill(tenant)
        assert tenant.sql("SELECT JobTitle, Fax FROM Contacts") == [("Head of Purchasing", "+27215550135")]


# ------------------------------------------------------------------ by today's rules


def test_a_changed_rule_acts_on_older_items(tmp_path: Path) -> None:
    tenant = Tenant.make(tmp_path / "t", "use 'crm.rules'\n", users=(ANNA,))
    tenant.mail(subject="offer 1", attachments=[("a.pdf", b"%PDF 1")])
    tenant.mail(subject="order 1")
    tenant.sync()
    tenant.rules(OFFERS)
    assert tenant.sync()["items"] == 0 and tenant.count_rows("Tasks") == 0
    done = backfill(tenant)["report"]
    assert done["by_rule"]["Offers"] == 1 and done["documents"] == 1
    assert tenant.sql("SELECT Subject FROM Tasks") == [("Answer offer 1",)]
    inbox = tenant.root / "mailboxes" / ANNA / "Inbox"
    assert "Stored" in (inbox / "00001.eml").read_text() and "Stored" not in (inbox / "00002.eml").read_text()
    before, files, told = tenant.dump(), tenant.files(), account(tenant)
    assert not backfill(tenant)["report"]["created"]
    assert (tenant.dump(), tenant.files(), account(tenant)) == (before, files, told)
    assert tenant.sync()["items"] == 0


def test_nobody_is_told_of_what_is_long_past_unless_asked(tmp_path: Path) -> None:
    rules = "use 'crm.rules'\n\nwhen mail subject = '{0}' then notify 'boss@ours.example' with 'an offer came'\n"
    tenant = Tenant.make(tmp_path / "t", "use 'crm.rules'\n", users=(ANNA,))
    tenant.mail(subject="offer")
    tenant.mail(subject="order")
    tenant.rules(rules.format("offer"))
    backfill(tenant)
    assert tenant.sql("SELECT effect FROM mxsync_journal WHERE effect <> 'item'") == []
    backfill(tenant, "--notify")  # passed over once, it is not told later either
    assert tenant.sql("SELECT effect FROM mxsync_journal WHERE effect <> 'item'") == []
    tenant.rules(rules.format("order"))
    backfill(tenant, "--notify")
    assert tenant.sql("SELECT effect FROM mxsync_journal WHERE effect <> 'item'") == [("notify",)]


def mailbox_of(tenant: Tenant, count: int) -> None:
    tenant.contact("jane@acme.example")
    for number in range(count):
        tenant.mail("jane@acme.example", subject=f"{'secret' if number % 2 else 'open'} {number}")


SECRET = "use 'crm.rules'\n\nrule 'Secrets' priority 99\n  when mail subject starts with 'secret'\n  then skip\n"


def test_rows_that_todays_rules_leave_out_are_withdrawn_under_the_brake(tmp_path: Path) -> None:
    tenant = Tenant.make(tmp_path / "t", "use 'crm.rules'\n", users=(ANNA,))
    mailbox_of(tenant, 24)
    tenant.sync()
    tenant.rules(SECRET)
    held = tenant.run("backfill", check=False)
    assert held.code == 4 and "12 of 24" in held.out and tenant.count_rows("Emails") == 24
    (tenant.root / "mxsync.toml").write_text(
        (tenant.root / "mxsync.toml").read_text() + "\n[safety]\ndelete_brake = { share = 0.6, count = 10 }\n"
    )
    assert tenant.run("backfill", check=False, env={"MXSYNC_FAILPOINT": "page.committed"}).code == KILLED
    assert tenant.count_rows("Emails") == 24
    tenant.run("backfill")
    assert subjects(tenant) == [f"open {number}" for number in range(0, 24, 2)]


# ------------------------------------------------------------------ interrupted


def made(root: Path) -> Tenant:
    """Three mailboxes with mail that was decided by other rules, and mail that lies before `since`."""
    tenant = Tenant.make(root, "use 'crm.rules'\n", users=(ANNA, BEN, CARLA))
    since(tenant, "2026-01-01")
    for box in (ANNA, BEN, CARLA):
        for number in range(2):
            tenant.mail(
                f"Jane Roe <jane{number}@acme.example>", to=box, subject=f"offer {number} to {box}", box=box,
                categories=["Create Contact and Company"], attachments=[("a.pdf", b"%PDF " + bytes([65 + number]) * 99)],
            )  # fmt: skip
        dated(tenant.mail("Old <old@acme.example>", to=box, subject=f"offer of old to {box}", box=box), "01 Feb 2024")
    tenant.sync()
    tenant.rules(OFFERS)
    return tenant


def once(root: Path) -> tuple[Any, ...]:
    """What is left where nothing disturbs it."""
    tenant = made(root)
    backfill(tenant)
    return state(tenant)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, ...]:
    return once(tmp_path_factory.mktemp("undisturbed") / "t")


POINTS = (
    "pass.begun", "documents.staged", "page.before-commit", "page.committed", "page.committed:2", "journal.performed",
    "file.placed:2", "backfill.kept", "backfill.kept:2",
)  # fmt: skip


@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_it_ends_as_undisturbed(point: str, tmp_path: Path, undisturbed: tuple[Any, ...]) -> None:
    tenant = made(tmp_path / "t")
    killed = tenant.run("backfill", check=False, env={"MXSYNC_FAILPOINT": point})
    assert killed.code == KILLED, (point, killed.err)
    done = backfill(tenant)
    assert state(tenant) == undisturbed
    if point in ("page.committed:2", "backfill.kept", "backfill.kept:2"):
        assert done["resumed"] and done["report"]["items"] < 9 + written(tenant)
    again = backfill(tenant)
    assert again["resumed"] == "" and again["report"]["items"] == 9 + written(tenant) and not again["report"]["created"]
    assert state(tenant) == undisturbed
    assert tenant.sync()["items"] == 0


def big(root: Path, count: int) -> Tenant:
    tenant = Tenant.make(root, "use 'crm.rules'\n", users=(ANNA,))
    tenant.contact("jane@acme.example")
    for number in range(count):
        text = f"From: jane@acme.example\nTo: {ANNA}\nSubject: {number:05d}\nMessage-ID: <{number}@a.example>\n"
        moment = f"{number // 3600:02d}:{number // 60 % 60:02d}:{number % 60:02d}"
        tenant.put(f"{ANNA}/Inbox/{number:05d}.eml", f"{text}Date: Mon, 02 Nov 2026 {moment} +0000\n\nHello\n")
    return tenant


def test_within_a_mailbox_it_goes_on_from_the_last_page(tmp_path: Path) -> None:
    tenant = big(tmp_path / "t", 1100)
    assert tenant.run("backfill", check=False, env={"MXSYNC_FAILPOINT": "backfill.kept:2"}).code == KILLED
    assert tenant.count_rows("Emails") == 1000
    assert f"backfill not finished: {ANNA}, at 2026-11-02 (" in tenant.run("status").out
    text = tenant.run("backfill").out
    assert text.startswith(f"went on where it was interrupted: {ANNA}, at 2026-11-02\n100 items looked at")
    assert subjects(tenant) == [f"{number:05d}" for number in range(1100)]
    assert "backfill not finished" not in tenant.run("status").out
    # Another scope, or other rules, is another backfill: it begins at the beginning.
    assert tenant.run("backfill", check=False, env={"MXSYNC_FAILPOINT": "backfill.kept"}).code == KILLED
    tenant.rules("use 'crm.rules'\n\nwhen mail subject = '00001' then flag\n")
    done = backfill(tenant)
    assert done["resumed"] == "" and done["report"]["items"] == 1100


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as POSIX systems send them")
def test_asked_to_stop_it_stops_and_goes_on(tmp_path: Path) -> None:
    tenant = big(tmp_path / "t", 2000)
    process = subprocess.Popen(
        [sys.executable, "-m", "mxsync", "backfill"], cwd=tenant.root, text=True, env=os.environ.copy(),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    while tenant.count_rows("Emails") == 0 and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    if process.returncode != 0:  # it was not quicker than the signal
        assert process.returncode == 128 + signal.SIGTERM and "goes on from here" in err
        assert 0 < tenant.count_rows("Emails") < 2000
    tenant.run("backfill")
    assert subjects(tenant) == [f"{number:05d}" for number in range(2000)]


# ------------------------------------------------------------------ exit codes


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--user", "nobody@ours.example"], 2, "there is no mailbox `nobody@ours.example`"),
        (["--from", "2026-02-30"], 2, "`2026-02-30` is no day"),
        (["--from", "2026-02-02", "--to", "2026-02-01"], 2, "nothing lies between them"),
    ],
)
def test_wrong_usage(tenant: Tenant, arguments: Sequence[str], code: int, sentence: str) -> None:
    done = tenant.run("backfill", *arguments, check=False)
    assert done.code == code and sentence in done.err and "Traceback" not in done.err


def test_rejected_rules_and_a_tenant_in_use(tenant: Tenant) -> None:
    tenant.rules("when mail then creat contact\n")
    assert tenant.run("backfill", check=False).code == 3
    tenant.rules("use 'crm.rules'\n")
    with Holder.open(load_config(str(tenant.root / "mxsync.toml"))) as other, other.hold():
        used = tenant.run("backfill", check=False)
    assert used.code == 5 and "another mxsync works on this tenant" in used.err


def test_a_mailbox_that_is_not_there_stops_no_other_and_is_done_the_next_time(tenant: Tenant) -> None:
    away = tenant.root / "mailboxes" / "away"
    (tenant.root / "mailboxes" / ANNA).rename(away)
    failed = tenant.run("backfill", check=False)
    assert failed.code == 5 and f"could not be reached: {ANNA}" in failed.out and len(subjects(tenant)) == 3
    away.rename(tenant.root / "mailboxes" / ANNA)
    done = backfill(tenant)
    assert done["report"]["by_mailbox"] == {ANNA: 3} and len(subjects(tenant)) == 6
