"""Lets tests import what they share (`tests.programs`, `tests.naive`) however pytest is started."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = str(Path(__file__).resolve().parent.parent)
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

# The command line is started some hundred times: where it may keep its bytecode, each start takes a third less.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
