"""Writes grammar/mxsync.tables.json, the parser's tables of grammar/mxsync.lark: no process has to work them out.

`python docs/make_tables.py` writes it; `--check` only says whether it is up to date (exit 1 if not).
"""

from __future__ import annotations

import sys
from pathlib import Path

from mxsync.lang.lark_tables import written

GRAMMAR = Path(__file__).parents[1] / "grammar" / "mxsync.lark"
TARGET = GRAMMAR.with_name("mxsync.tables.json")


def main(arguments: list[str]) -> int:
    wanted = written(GRAMMAR.read_text(encoding="utf-8"))
    there = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
    if "--check" in arguments:
        return int(there != wanted)
    TARGET.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
