"""T-SQL as golden files, and as a parser of T-SQL understands it. MXSYNC_WRITE_GOLDEN=1 writes the files anew."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import sqlglot
from sqlglot import exp

_GOLDEN = Path(__file__).parent / "unit" / "dialects" / "tsql"


def assert_golden(name: str, statements: Sequence[str]) -> None:
    """These are the statements that the file of that name holds."""
    path = _GOLDEN / f"{name}.sql"
    text = "\nGO\n\n".join(statement.strip() for statement in statements) + "\nGO\n"
    if os.environ.get("MXSYNC_WRITE_GOLDEN") == "1":
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def trees(statement: str) -> Iterator[exp.Expression]:
    """What a statement means to the parser. Raises `sqlglot.ParseError`."""
    # The parser knows neither triggers nor a statement behind IF: what stands in them is looked at by itself.
    statement = re.sub(r"^IF (NOT EXISTS \(.*\)|.* IS (NOT )?NULL)\s+(?=CREATE|DROP)", "", statement)
    body = re.match(r"CREATE TRIGGER .*?\nBEGIN\n(.*)\nEND\s*$", statement, re.DOTALL)
    if body is not None:
        statement = re.sub(r"^\s*IF TRIGGER_NESTLEVEL.*$", "", body[1], flags=re.MULTILINE)
    for tree in sqlglot.parse(statement, read="tsql", error_level=sqlglot.ErrorLevel.RAISE):
        if tree is not None:
            yield tree
