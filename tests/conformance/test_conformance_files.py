"""The file store passes the suite of connectors."""

from __future__ import annotations

from pathlib import Path

import pytest

from mxsync.connectors.files import FilesConnector
from mxsync.model.item import Draft, Kind
from mxsync.ports.connector import MailConnector
from tests.conformance.connector_suite import (
    CUSTOM,
    FIELDS,
    FOLDER,
    MAILBOX,
    ConnectorConformance,
    MakeClient,
    fetch_one,
)


class TestFiles(ConnectorConformance):
    @pytest.fixture
    def client(self, tmp_path: Path) -> MakeClient:
        root = tmp_path / "store"
        (root / MAILBOX).mkdir(parents=True)
        return lambda: FilesConnector(root, timezone="Africa/Johannesburg", region="ZA")

    def test_any_class(self, connector: MailConnector, kind: Kind) -> None:
        """A file says its kind itself, so its class is free."""
        item_class = "IPM.Post.Other" if kind is Kind.POST else "IPM.Machine"
        written = connector.create(MAILBOX, FOLDER[kind], Draft(kind, FIELDS[kind], CUSTOM, item_class), "key")
        item = fetch_one(connector, written.ref)
        assert (item.kind, item.item_class, len(item.custom)) == (kind, item_class, 2)
