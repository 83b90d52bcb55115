"""The running service and changes that other programs make in the tables: told by the database's bell, or polled for."""

from __future__ import annotations

from pathlib import Path

import pytest
from databases import make
from tenants import ANNA
from test_system_reload import Running, until


@pytest.mark.parametrize(("kind", "poll"), [("postgresql", "1h"), ("mariadb", "1s")])
def test_a_changed_row_crosses(kind: str, poll: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    tenant = make(kind, request, tmp_path / "t", users=(ANNA,))
    config = tenant.root / "mxsync.toml"
    config.write_text(config.read_text() + f'\n[service]\npoll = "{poll}"\n')
    cards = tenant.root / "mailboxes" / ANNA / "Contacts"
    tenant.sync()
    ((anna,),) = tenant.sql("SELECT UserID FROM Users")
    running = Running(tenant)
    try:
        until(lambda: running.status().get("state") == "running", "it runs")
        until(lambda: running.status()["mailboxes"].get(ANNA, {}).get("last"), "the first pass is done")
        for number in range(2):  # the second time it has been silent before
            tenant.contact(f"p{number}@acme.example", FullName=f"Pat {number}", OwnerID=anna)
            until(lambda wanted=number + 1: len(list(cards.glob("*.vcf"))) == wanted, f"card {number} is there")
        tenant.sql("DELETE FROM Contacts WHERE FullName = 'Pat 0'")
        until(lambda: len(list(cards.glob("*.vcf"))) == 1, "the card is gone")
    finally:
        running.end()
    assert "Traceback" not in running.log()
