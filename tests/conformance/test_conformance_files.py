"""The file store passes the suite of connectors."""

from __future__ import annotations

from pathlib import Path

import pytest

from mxsync.connectors.files import FilesConnector
from tests.conformance.connector_suite import MAILBOX, ConnectorConformance, MakeClient


class TestFiles(ConnectorConformance):
    @pytest.fixture
    def client(self, tmp_path: Path) -> MakeClient:
        root = tmp_path / "store"
        (root / MAILBOX).mkdir(parents=True)
        return lambda: FilesConnector(root, timezone="Africa/Johannesburg", region="ZA")
