"""Writes mapping_dolibarr.diff and mapping_suitecrm.diff: what a consultant changed in the mapping that `mxsync init
--database` proposed for these CRMs' tables. Tables and final mappings are those of tests/system/schemas.

`python docs/make_mapping.py` writes them; `--check` only says whether they are up to date (exit 1 if not).
"""

from __future__ import annotations

import difflib
import re
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from mxsync.cli.propose import propose_for

HERE = Path(__file__).parent
SCHEMAS = HERE.parent / "tests" / "system" / "schemas"
CRMS = ("dolibarr", "suitecrm")


def difference(name: str) -> str:
    """The proposal and the final mapping, table by table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.db"
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.executescript((SCHEMAS / f"{name}.sql").read_text(encoding="utf-8"))
        _, proposal = propose_for(f"sqlite:///{path}")
    final = (SCHEMAS / f"{name}.rules").read_text(encoding="utf-8")
    before, after = statements(proposal), statements(final)
    lines: list[str] = []
    for table in sorted(before.keys() | after.keys()):
        found = difflib.unified_diff(before.get(table, []), after.get(table, []), n=99, lineterm="")
        changed = [line for line in found if not line.startswith(("---", "+++", "@@"))]
        lines += [f"@@ {table} @@", *(changed or [f" {line}" for line in before[table]])]
    return "\n".join(lines) + "\n"


def statements(text: str) -> dict[str, list[str]]:
    """The lines of the `entity` statements, by table: their order in the file means nothing, nor do spaces and reasons.
    A view `mx_contacts` stands for the table `contacts`."""
    found: dict[str, list[str]] = {}
    for block in re.split(r"\n{2,}", text):
        table = re.search(r"^entity \w+ in table (\S+)", block, re.MULTILINE)
        if table is not None:
            plain = (re.sub(r"(?<=\S) +", " ", line) for line in block.splitlines())
            lines = [re.sub(r"(?:^| )#(?!.*check:).*", "", line) for line in plain]
            found.setdefault(table[1].removeprefix("mx_"), []).extend(line for line in lines if line.strip())
    return found


def main(arguments: list[str]) -> int:
    stale = 0
    for name in CRMS:
        target, wanted = HERE / f"mapping_{name}.diff", difference(name)
        there = target.read_text(encoding="utf-8") if target.exists() else ""
        stale |= there != wanted
        if "--check" not in arguments:
            target.write_text(wanted, encoding="utf-8")
    return int(stale and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
