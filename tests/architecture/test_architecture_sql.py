"""Where SQL may be written, and how: what databases do each in their own way stands in one place, and values are bound."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "mxsync"
SOURCES = {path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
SQL = re.compile(r"\b(SELECT .+ FROM|INSERT INTO|UPDATE .+ SET|DELETE FROM|CREATE TABLE|DROP TABLE)\b", re.DOTALL)
DIALECT = re.compile(
    r"\b(PRAGMA|sqlite_master|COLLATE|ON CONFLICT|BY rowid|lastrowid|BEGIN (IMMEDIATE|DEFERRED)|ATTACH DATABASE|RETURNING"
    r"|AUTOINCREMENT|sqlalchemy\.dialects|journal_mode)\b"
)
# No database binds values in what defines tables and triggers; theirs are constants, and names made into literals.
DEFINITIONS = {
    *(f"dialects/{name}_changes.py" for name in ("sqlite", "postgresql", "mysql", "mssql")), "tracking/tables.py",
    "dialects/mssql_tracking.py", "tracking/upgrading.py",
}  # fmt: skip
# The demonstration makes and reads a database of its own, always of the embedded kind.
OF_THE_DEMO = {"cli/demo_story.py", "cli/starter.py"}


def texts(source: str) -> Iterator[str]:
    """Every text and every name of a module; an interpolation is written as {}. Docstrings are left out."""
    tree = ast.parse(source)
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents | inside:
            yield node.value
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Attribute):
            yield node.attr


@pytest.mark.parametrize("module", sorted(SOURCES))
def test_only_the_dialects_know_a_database(module: str) -> None:
    if not module.startswith("dialects/"):
        assert not [text for text in texts(SOURCES[module]) if DIALECT.search(text)]


@pytest.mark.parametrize("module", sorted(SOURCES))
def test_sql_is_written_where_the_tables_are(module: str) -> None:
    if module.split("/")[0] not in ("dialects", "database", "tracking") and module not in OF_THE_DEMO:
        assert not [text for text in texts(SOURCES[module]) if SQL.search(text)]


@pytest.mark.parametrize("module", sorted(SOURCES))
def test_no_value_is_written_into_sql(module: str) -> None:
    if module not in DEFINITIONS:
        written = [text for text in texts(SOURCES[module]) if SQL.search(text)]
        assert not [text for text in written if re.search(r"""[=,(<>]\s*'\{\}|%s|%\(""", text)]


def test_the_rules_of_this_page_find_what_they_look_for() -> None:
    assert any(SQL.search(text) for text in texts(SOURCES["tracking/memory.py"]))
    assert any(DIALECT.search(text) for text in texts(SOURCES["dialects/sqlite.py"]))
    assert list(texts("""f"SELECT a FROM b WHERE c = '{d}'" """)) == ["SELECT a FROM b WHERE c = '{}'"]


@pytest.mark.parametrize("module", sorted(each for each in SOURCES if each.split("/")[0] in ("database", "tracking")))
def test_no_answer_is_left_half_read(module: str) -> None:
    """SQL Server takes no statement on a connection while rows of another one wait to be fetched."""
    assert "fetchone" not in texts(SOURCES[module]) and "fetchmany" not in texts(SOURCES[module])
