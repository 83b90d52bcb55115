"""The scenarios of test_system_undo.py on Exchange instead of files: the same tests, the same rule files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import test_system_undo
from exchange_tenants import moved_to_exchange, undisturbed_there
from test_system_undo import *  # noqa: F403
from test_system_undo import KILLS

from tests.servers.ews.clients import needs_schemas

pytestmark = needs_schemas
exchange = moved_to_exchange(test_system_undo)
undisturbed = undisturbed_there(test_system_undo)


@pytest.mark.parametrize(("point", "turn"), [each for each in KILLS if not each[0].startswith("file.")])
def test_killed_at_each_boundary_and_called_again(tmp_path: Path, undisturbed: Any, point: str, turn: int) -> None:
    """As on files, but that no file is placed."""
    test_system_undo.test_killed_at_each_boundary_and_called_again(tmp_path, undisturbed, point, turn)
