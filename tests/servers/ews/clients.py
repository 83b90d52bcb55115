"""Connectors to the double."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from mxsync.connectors.ews import Account, EwsConnector, EwsSettings
from tests.servers.ews.schemas import SCHEMAS, find_schemas
from tests.servers.ews.server import EwsServer

ANNA = "anna@ours.example"
needs_schemas = pytest.mark.skipif(find_schemas() is None and "CI" not in os.environ, reason=f"needs {SCHEMAS}")


@contextmanager
def checked_double() -> Iterator[EwsServer]:
    """A double with public folders and the mailbox of one user: every message valid, and nothing sent to anybody."""
    with EwsServer() as server:
        server.store.add_mailbox("public")
        server.store.add_mailbox(ANNA, "Anna")
        yield server
    assert server.violations == []
    assert server.sent == []


def settings_of(server: EwsServer, **more: Any) -> EwsSettings:
    """The service account's settings, changed by `more`."""
    password = server.accounts["svc-mxsync"]
    values: dict[str, Any] = {
        "name": "exchange",
        "url": server.url,
        "account": Account("svc-mxsync", lambda: password),
        "auth": "basic",
        "public": ANNA,
        "timezone": "Africa/Johannesburg",
    }
    return EwsSettings(**{**values, **more})


def connector_to(server: EwsServer, **more: Any) -> EwsConnector:
    return EwsConnector(settings_of(server, **more))
