"""System tests share one module of tenants beside them."""

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import databases
import pytest


@pytest.fixture(scope="session", autouse=True)
def _engines_end() -> Iterator[None]:
    """Connections of the tests' own are given back before the servers end."""
    yield
    databases.dispose()
