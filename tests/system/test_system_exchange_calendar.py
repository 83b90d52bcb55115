"""The scenarios of test_system_calendar.py on Exchange instead of files: the same tests, the same rule files."""

from __future__ import annotations

from pathlib import Path

import pytest
import test_system_calendar
from exchange_tenants import ExchangeTenant, moved_to_exchange
from tenants import ANNA
from test_system_calendar import *  # noqa: F403

from tests.servers.ews import EwsServer
from tests.servers.ews.clients import needs_schemas

pytestmark = needs_schemas
exchange = moved_to_exchange(test_system_calendar)


@pytest.fixture
def tenant(tmp_path: Path, exchange: EwsServer) -> ExchangeTenant:
    made: ExchangeTenant = ExchangeTenant.on(exchange).make(tmp_path / "t", users=(ANNA,))
    company = made.company("Acme Pumps", "acme.example")
    made.contact("jane@acme.example", FullName="Jane Roe", CompanyID=company)
    return made
