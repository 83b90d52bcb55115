"""What the tests of the connector to Exchange share: the protocol double, and a connector to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mxsync.connectors.ews import EwsConnector
from tests.servers.ews import EwsServer
from tests.servers.ews.clients import ANNA, connector_to


@pytest.fixture
def server() -> Iterator[EwsServer]:
    """A double with public folders and the mailbox of one user: every message valid, and nothing sent to anybody."""
    with EwsServer() as server:
        server.store.add_mailbox("public")
        server.store.add_mailbox(ANNA, "Anna")
        yield server
    assert server.violations == []
    assert server.sent == []


@pytest.fixture
def connector(server: EwsServer) -> Iterator[EwsConnector]:
    connector = connector_to(server)
    yield connector
    connector.close()
