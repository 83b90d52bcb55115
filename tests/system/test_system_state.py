"""The tracking tables in a SQLite file of their own: one transaction covers both files, also when the process is killed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tenants import ANNA, Tenant

KILLED = -9


def made(root: Path) -> Tenant:
    tenant = Tenant.make(root, users=(ANNA,))
    config = root / "mxsync.toml"
    config.write_text('[state]\nurl = "sqlite:///state.db"\n\n' + config.read_text())
    tenant.contact("jane@acme.example")
    for number in range(3):
        tenant.mail("jane@acme.example", subject=f"mail {number}")
    tenant.mail("Max Mora <max@new.example>", subject="new", categories=["Create Contact and Company"])
    return tenant


def state(tenant: Tenant, statement: str) -> list[Any]:
    with closing(sqlite3.connect(tenant.root / "state.db")) as connection:
        return connection.execute(statement).fetchall()


def test_the_customers_database_holds_no_tracking_tables(tmp_path: Path) -> None:
    tenant = made(tmp_path / "t")
    tenant.sync()
    names = {name for (name,) in tenant.sql("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert "mxsync_items" not in names and tenant.count_rows("Emails") == 4
    assert state(tenant, "SELECT fate, count(*) FROM mxsync_items GROUP BY fate") == [
        ("applied", 5)
    ]  # the contact that a mail made lies in Contacts
    before, files = tenant.dump(), tenant.files()
    assert tenant.sync()["items"] == 0
    assert tenant.dump() == before and tenant.files() == files
    number = tenant.sql("SELECT ContactID FROM Contacts WHERE Email = 'max@new.example'")[0][0]
    assert "Create contact and company" in tenant.run("why", "contact", str(number)).out


@pytest.mark.parametrize("name", ["users.committed", "page.before-commit", "page.committed", "cursor.before-commit"])
def test_a_kill_leaves_both_files_at_one(name: str, tmp_path: Path) -> None:
    tenant = made(tmp_path / "t")
    assert tenant.run("sync", check=False, env={"MXSYNC_FAILPOINT": name}).code == KILLED
    rows = tenant.count_rows("Emails")
    known = state(tenant, "SELECT count(*) FROM mxsync_items WHERE fate = 'applied'")[0][0]
    assert rows == known
    tenant.sync()
    assert tenant.count_rows("Emails") == 4 == tenant.count_rows("EmailContacts")
    assert tenant.sync()["items"] == 0
