"""The running service on Exchange: while notifications stand a quiet mailbox costs nothing, and a change three requests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import test_system_reload
from exchange_tenants import ExchangeTenant, moved_to_exchange
from tenants import ANNA, BEN
from test_system_reload import Running, until

from tests.inprocess import RULES
from tests.servers.ews import EwsServer
from tests.servers.ews.clients import needs_schemas

pytestmark = needs_schemas
exchange = moved_to_exchange(test_system_reload, live=True)


@pytest.fixture
def service(tmp_path: Path, exchange: EwsServer) -> Iterator[Running]:
    tenants = test_system_reload.Tenant  # the one whose files reach the server at once
    tenant: ExchangeTenant = tenants.make(tmp_path / "t", RULES, users=(ANNA, BEN))  # type: ignore[assignment]
    config = tenant.root / "mxsync.toml"
    text = config.read_text(encoding="utf-8").replace(f'public_folders = "{ANNA}"\n', "")
    config.write_text(f'[service]\npoll = "1s"\n\n{text}', encoding="utf-8")
    tenant.contact("jane@acme.example")
    running = Running(tenant)
    try:
        until(lambda: running.status().get("state") == "running" and exchange.open_streams == 1, "it listens")
        yield running
    finally:
        running.end()


def test_a_quiet_mailbox_costs_nothing_while_notifications_stand(service: Running, exchange: EwsServer) -> None:
    service.tenant.mail(subject="first")
    until(lambda: service.tenant.count_rows("Emails") == 1, "it is saved")
    until(lambda: quiet(exchange, 1.0), "it rests")
    exchange.requests.clear()
    time.sleep(5.0)  # five polls
    assert exchange.requests == {}
    service.tenant.mail(subject="second")
    until(lambda: service.tenant.count_rows("Emails") == 2, "it is saved")
    until(lambda: quiet(exchange, 1.0), "it rests")
    # The folders, the changes in one of them, and the mail with its body.
    assert exchange.requests == {"FindFolder": 1, "SyncFolderItems": 1, "GetItem": 1}


def quiet(exchange: EwsServer, seconds: float) -> bool:
    return not exchange.log or time.monotonic() - exchange.log[-1][2] > seconds


def test_when_notifications_end_the_mailboxes_are_looked_at_and_heard_again(
    service: Running, exchange: EwsServer
) -> None:
    until(lambda: quiet(exchange, 1.0), "it rests")
    with exchange.store.lock:
        exchange.cut_streams()
        service.tenant.mail(subject="while nobody heard", box=BEN, to=BEN)
    until(lambda: service.tenant.count_rows("Emails") == 1, "it is saved")
    until(lambda: exchange.open_streams == 1, "it listens again")
    assert exchange.violations == []
