"""Each case that a page draws has a test which the page names."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_tests_that_the_pictures_name_are_there() -> None:
    page = (ROOT / "docs" / "conflicts.md").read_text(encoding="utf-8")
    known = set(
        re.findall(
            r"^def (test_\w+)", "".join(p.read_text(encoding="utf-8") for p in (ROOT / "tests").rglob("*.py")), re.M
        )
    )
    parts = page.split("\n## ")[1:]
    assert len(parts) >= 9
    for part in parts:
        named = re.findall(r"`(test_\w+)`", part)
        assert "```text" in part and named, part.splitlines()[0]
        assert set(named) <= known, set(named) - known
