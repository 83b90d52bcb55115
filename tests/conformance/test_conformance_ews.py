"""Exchange passes the suite of connectors: over HTTP against the protocol double, and against a real server where one
is named."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from mxsync.connectors.ews import Account, EwsConnector, EwsSettings
from tests.conformance.connector_suite import MAILBOX, ConnectorConformance, MakeClient
from tests.servers.ews import SCHEMAS, EwsServer, find_schemas

pytestmark = pytest.mark.skipif(find_schemas() is None and "CI" not in os.environ, reason=f"needs {SCHEMAS}")


def settings_of(server: EwsServer, **more: object) -> EwsSettings:
    password = server.accounts["svc-mxsync"]
    values: dict[str, object] = {
        "name": "exchange",
        "url": server.url,
        "account": Account("svc-mxsync", lambda: password),
        "auth": "basic",
        "public": MAILBOX,
        "timezone": "Africa/Johannesburg",
    }
    return EwsSettings(**{**values, **more})  # type: ignore[arg-type]


class TestDouble(ConnectorConformance):
    @pytest.fixture
    def server(self) -> Iterator[EwsServer]:
        with EwsServer() as server:
            server.store.add_mailbox("public")
            server.store.add_mailbox(MAILBOX, "Anna")
            yield server
        assert server.violations == []
        assert server.sent == []

    @pytest.fixture
    def client(self, server: EwsServer) -> Iterator[MakeClient]:
        made: list[EwsConnector] = []

        def make() -> EwsConnector:
            made.append(EwsConnector(settings_of(server)))
            return made[-1]

        yield make
        for connector in made:
            connector.close()
