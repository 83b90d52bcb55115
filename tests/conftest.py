"""Lets tests import what they share (`tests.programs`, `tests.naive`) however pytest is started."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = str(Path(__file__).resolve().parent.parent)
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from tests.sql_servers import Server, running  # noqa: E402

pytest_plugins = ["tests.telltales"]

# The command line is started some hundred times: where it may keep its bytecode, each start takes a third less.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server of this run's own."""
    with running("postgresql") as server:
        yield server


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Server]:
    """A MariaDB server of this run's own."""
    with running("mariadb") as server:
        yield server
