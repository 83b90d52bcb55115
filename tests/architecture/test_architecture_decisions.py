"""Every dependency has a page that says why."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRA = PROJECT["optional-dependencies"]
NAMES = sorted(
    {re.split(r"[<>=[]", each)[0] for each in [*PROJECT["dependencies"], *(e for x in EXTRA.values() for e in x)]}
)
PAGES = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md")).lower()


@pytest.mark.parametrize("name", NAMES)
def test_a_dependency_has_its_page(name: str) -> None:
    assert name.lower() in PAGES or name.lower().replace("_", "-") in PAGES
