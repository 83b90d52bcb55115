"""The scenarios of test_system_backfill.py on Exchange instead of files: the same tests, the same rule files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import test_system_backfill
from exchange_tenants import moved_to_exchange, undisturbed_there
from tenants import Tenant
from test_system_backfill import *  # noqa: F403
from test_system_backfill import POINTS

from tests.servers.ews.clients import needs_schemas

pytestmark = needs_schemas
exchange = moved_to_exchange(test_system_backfill)
undisturbed = undisturbed_there(test_system_backfill)


@pytest.mark.parametrize("point", [each for each in POINTS if not each.startswith("file.")])
def test_killed_anywhere_it_ends_as_undisturbed(point: str, tmp_path: Path, undisturbed: tuple[Any, ...]) -> None:
    """As on files, but that no file is placed."""
    test_system_backfill.test_killed_anywhere_it_ends_as_undisturbed(point, tmp_path, undisturbed)


def test_rejected_rules_and_a_tenant_in_use(tenant: Tenant) -> None:
    """Who else works on a tenant has nothing to do with where its mailboxes lie."""
    tenant.rules("when mail then creat contact\n")
    assert tenant.run("backfill", check=False).code == 3
