"""What mxsync may not read or write: each is said with its name, and stops nothing else.

The administrator may read everything. Where the tests run as one, the commands are started without that privilege.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tenants import ANNA, BEN, Result, Tenant

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")


def ordinary(*arguments: str, cwd: Path) -> Result:
    """A command that is held to the rights of files, also when it is root's."""
    prefix: list[str] = []
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root obeys no rights without setpriv: apt install util-linux")
        prefix = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"]
    done = subprocess.run(
        [*prefix, sys.executable, "-m", "mxsync", *arguments], cwd=cwd, capture_output=True, text=True
    )
    return Result(done.returncode, done.stdout, done.stderr)


@contextmanager
def closed(path: Path, mode: int = 0) -> Iterator[None]:
    """`path` with these rights for a while."""
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        yield
    finally:
        path.chmod(before)


@pytest.fixture
def tenant(tmp_path: Path) -> Tenant:
    tenant = Tenant.make(tmp_path / "tenant")
    tenant.mail(categories=["Create Contact"])
    tenant.put(f"{ANNA}/Inbox/broken.eml", "no headers")
    tenant.mail("Sue Low <sue@low.example>", box=BEN, categories=["Create Contact"])
    result = ordinary("sync", cwd=tenant.root)
    assert result.code == 0, result.err
    return tenant


@pytest.mark.parametrize("shut", [f"{ANNA}/Inbox", ANNA])
def test_what_is_closed_loses_nothing_and_stops_nobody_else(tenant: Tenant, shut: str) -> None:
    tenant.mail("Max May <max@may.example>", box=BEN, categories=["Create Contact"])
    with closed(tenant.root / "mailboxes" / shut):
        result = ordinary("sync", cwd=tenant.root)
    assert result.code in (0, 5), result.out + result.err
    assert "cannot be looked at: permission denied" in result.out and ANNA in result.out
    assert "Traceback" not in result.err and "fault of mxsync" not in result.err
    assert tenant.count_rows("Contacts") == 3
    assert ordinary("sync", cwd=tenant.root).code == 0
    assert tenant.count_rows("Contacts") == 3


def test_a_closed_store_is_said_once_by_its_name(tenant: Tenant) -> None:
    with closed(tenant.root / "mailboxes"):
        result = ordinary("check", "--connect", cwd=tenant.root)
    assert result.code == 5
    assert "there is no folder `anna@ours.example`" in result.out
    (tenant.root / "mailboxes").rename(tenant.root / "away")
    result = ordinary("check", "--connect", cwd=tenant.root)
    assert result.code == 5
    assert "mailboxes` is not there" in result.out and "make it" not in result.out


def test_a_backslash_in_a_name_stops_no_mailbox(tenant: Tenant) -> None:
    tenant.mail("Max May <max@may.example>", categories=["Create Contact"], name="odd\\name.eml")
    tenant.mail("Eva Ost <eva@ost.example>", categories=["Create Contact"], folder="Inbox/odd\\folder")
    tenant.mail("Ada Orr <ada@orr.example>", categories=["Create Contact"])
    result = ordinary("sync", cwd=tenant.root)
    assert result.code == 0, result.out + result.err
    assert "`Inbox/odd\\name.eml` was left alone: its name holds a backslash: rename it" in result.out
    assert "`Inbox/odd\\folder` was left alone: its name holds a backslash: rename it" in result.out
    assert tenant.count_rows("Contacts") == 3


def test_rules_that_may_not_be_looked_at_are_not_taken_for_none(tenant: Tenant) -> None:
    with closed(tenant.root / "rules"):
        checked = ordinary("check", cwd=tenant.root)
        synced = ordinary("sync", cwd=tenant.root)
    assert (checked.code, synced.code) == (1, 3), checked.out + synced.out
    assert "error MX032: `rules` cannot be read: permission denied" in checked.out


def test_a_rule_file_in_utf_16_is_named_and_not_shown(tenant: Tenant) -> None:
    (tenant.root / "rules" / "main.rules").write_text("use 'crm.rules'\n", encoding="utf-16")
    result = ordinary("check", cwd=tenant.root)
    assert result.code == 1
    assert result.out.splitlines()[:3] == [
        "error MX032: `rules/main.rules` cannot be read: it is not UTF-8 text",
        " --> rules/main.rules:1:1",
        "  = help: save it as UTF-8",
    ]


def test_status_says_which_mailbox_a_pass_went_without(tenant: Tenant) -> None:
    (tenant.root / "mailboxes" / BEN).rename(tenant.root / "away")
    result = ordinary("sync", cwd=tenant.root)
    assert result.code == 5
    assert f"{BEN} could not be worked on: there is no folder `{BEN}`" in result.err
    assert f"done, without {BEN}" in ordinary("status", cwd=tenant.root).out
