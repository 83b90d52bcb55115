"""The scenarios of test_system_erase.py on Exchange instead of files: the same tests, the same rule files."""

from __future__ import annotations

from pathlib import Path

import test_system_erase
from exchange_tenants import moved_to_exchange, undisturbed_there
from tenants import Tenant
from test_system_erase import *  # noqa: F403
from test_system_erase import JANE, subjects, traces

from tests.servers.ews.clients import needs_schemas

pytestmark = needs_schemas
exchange = moved_to_exchange(test_system_erase)
undisturbed = undisturbed_there(test_system_erase)


def test_without_items_the_mailboxes_are_untouched(tenant: Tenant, tmp_path: Path) -> None:
    """As on files, but that an item's id holds nobody's address."""
    before = {id: found for id, found in tenant.files().items() if not id.startswith("documents/")}
    done = tenant.run("erase", JANE, "--yes", "--format", "json").document
    assert {id: found for id, found in tenant.files().items() if not id.startswith("documents/")} == before
    assert traces(tenant) == [] and not done["items_looked_at"]
    rows = tenant.dump()
    assert tenant.sync()["items"] == 0
    for path in (tenant.root / "mailboxes").rglob("*.eml"):
        path.write_bytes(path.read_bytes() + b"\n")
    tenant.sync()
    assert tenant.dump()["Contacts"] == rows["Contacts"] and subjects(tenant) == ["offer 2"]
