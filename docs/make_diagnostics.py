"""Writes docs/diagnostics: a page for each code of `mxsync.lang.catalogue`, and the list of them.

`python docs/make_diagnostics.py` writes them; `--check` only says which are not up to date (exit 1 if any).
"""

from __future__ import annotations

import sys
from pathlib import Path

from mxsync.lang.catalogue import CATALOGUE

FOLDER = Path(__file__).with_name("diagnostics")
INDEX = """# What the checker says

A page for each code; `mxsync check --explain CODE` prints the same text. An error keeps rules from being used, a
warning does not (with `--strict` it does). The pages are written from the program's own catalogue by
`python docs/make_diagnostics.py`.

| code | what it says |
|---|---|
"""


def pages() -> dict[str, str]:
    """File name to text, as they shall be."""
    made = {
        f"{code}.md": f"# {code}: {info.title}\n\n{info.text.strip()}\n\n[All codes](README.md)\n"
        for code, info in sorted(CATALOGUE.items())
    }
    rows = "".join(f"| [{code}]({code}.md) | {info.title} |\n" for code, info in sorted(CATALOGUE.items()))
    return made | {"README.md": INDEX + rows}


def main(arguments: list[str]) -> int:
    wanted = pages()
    FOLDER.mkdir(exist_ok=True)
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    stale = sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))
    if "--check" in arguments:
        sys.stdout.write("".join(f"{name}\n" for name in stale))
        return int(bool(stale))
    for name in stale:
        if name in wanted:
            (FOLDER / name).write_text(wanted[name], encoding="utf-8")
        else:
            (FOLDER / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
