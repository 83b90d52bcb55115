"""What the tests of the connector to Exchange share: the protocol double, and a connector to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mxsync.connectors.ews import EwsConnector
from tests.servers.ews import EwsServer
from tests.servers.ews.clients import checked_double, connector_to


@pytest.fixture
def server() -> Iterator[EwsServer]:
    with checked_double() as server:
        yield server


@pytest.fixture
def connector(server: EwsServer) -> Iterator[EwsConnector]:
    connector = connector_to(server)
    yield connector
    connector.close()
