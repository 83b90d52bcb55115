"""System tests share one module of tenants beside them."""

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import databases
import pytest


@pytest.fixture(autouse=True)
def _connections_end() -> Iterator[None]:
    """Connections of the tests' own are given back after each: a server has no room for all of them together."""
    yield
    databases.dispose()
