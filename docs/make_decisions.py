"""Writes the list in docs/decisions/README.md from the titles of the pages there.

`python docs/make_decisions.py` writes it; `--check` only says whether it is up to date (exit 1 if not).
"""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).with_name("decisions")
HEAD = """# Decisions

A page for each library that mxsync depends on, and for each departure from the first design: what was decided,
why, and what it costs. A decision that another one takes back stays, with a line that says so. The list is written by
`python docs/make_decisions.py`.

| decision | what |
|---|---|
"""


def page() -> str:
    """The list, as it shall be."""
    rows = []
    for path in sorted(FOLDER.glob("[0-9]*.md")):
        first = path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ").strip()
        _, _, title = first.partition(":") if first[:4].isdigit() else ("", "", first)
        rows.append(f"| [{path.stem[:4]}]({path.name}) | {(title or first[4:]).strip(' .:-')} |\n")
    return HEAD + "".join(rows)


def main(arguments: list[str]) -> int:
    target, wanted = FOLDER / "README.md", page()
    there = target.read_text(encoding="utf-8") if target.exists() else ""
    if "--check" in arguments:
        return int(there != wanted)
    target.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
