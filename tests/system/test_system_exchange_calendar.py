"""The scenarios of calendars, tasks, journals and cards, on Exchange instead of files: the same tests, the same rule files."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import test_system_calendar
from exchange_tenants import ExchangeTenant
from test_system_calendar import *  # noqa: F403

from tests.servers.ews import SCHEMAS, EwsServer, find_schemas

pytestmark = pytest.mark.skipif(find_schemas() is None and "CI" not in os.environ, reason=f"needs {SCHEMAS}")


@pytest.fixture
def exchange() -> Iterator[EwsServer]:
    with EwsServer() as server:
        yield server
    assert server.violations == []
    assert server.sent == []


@pytest.fixture(autouse=True)
def tenants_on_exchange(exchange: EwsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_system_calendar, "Tenant", ExchangeTenant.on(exchange))
