"""Killed at every boundary at which something becomes durable: the next pass ends where an undisturbed one does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tenants import ANNA, Tenant, state

from mxsync.failpoints import NAMES

RULES = (
    "use 'crm.rules'\n\nrule 'Offers'\n  when mail subject starts with 'offer'\n"
    "  then save attachments to documents, categorize 'Stored', create task with subject = 'Answer {subject}'\n\n"
    "rule 'Filed'\n  when mail subject = 'offer 1'\n  then move to folder 'Inbox/Filed'\n"
)
KILLED = -9


def made(root: Path) -> Tenant:
    tenant = Tenant.make(root, RULES, users=(ANNA,))
    for number in range(3):
        tenant.mail(
            f"Jane Roe <jane{number}@acme.example>", subject=f"offer {number}", categories=["Create Contact and Company"],
            attachments=[("a.pdf", b"%PDF " + bytes([65 + number]) * 100)],
        )  # fmt: skip
    tenant.mail("x@y.example", subject="of a stranger")
    return tenant


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, ...]:
    tenant = made(tmp_path_factory.mktemp("undisturbed") / "t")
    tenant.sync()
    return state(tenant)


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in NAMES
        if not name.startswith(("vanished", "backfill", "undo", "erase", "rows", "restored", "left"))
    ],
)
def test_a_kill_at_each_step_changes_nothing_in_the_end(
    name: str, tmp_path: Path, undisturbed: tuple[Any, ...]
) -> None:
    tenant = made(tmp_path / "t")
    killed = tenant.run("sync", check=False, env={"MXSYNC_FAILPOINT": name})
    assert killed.code == KILLED, (name, killed.err)
    tenant.sync()
    assert state(tenant) == undisturbed
    assert tenant.sync()["items"] == 0


@pytest.mark.parametrize("name", ["pass.begun", "vanished.committed", "cursor.before-commit", "cursor.committed"])
def test_a_kill_while_items_vanish(name: str, tmp_path: Path) -> None:
    """Of three mails two are deleted and one is moved: memory and rows end as without the kill."""
    ends = []
    for armed in ("", name):
        tenant = made(tmp_path / (armed or "undisturbed"))
        tenant.sync()
        inbox = tenant.root / "mailboxes" / ANNA / "Inbox"
        files = sorted(inbox.glob("*.eml"))
        files[0].unlink()
        files[1].unlink()
        (inbox / "Kept").mkdir()
        files[2].rename(inbox / "Kept" / files[2].name)
        if armed:
            assert tenant.run("sync", check=False, env={"MXSYNC_FAILPOINT": armed}).code == KILLED
        tenant.sync()
        known = sorted(tenant.sql("SELECT href, fate FROM mxsync_items"))
        ends.append((state(tenant), known))
        assert tenant.sync()["items"] == 0
    assert ends[0] == ends[1]
