"""The T-SQL that brings tracking tables of an older mxsync to today's form, as golden files.

What SQL Server's catalogue would say is read from the older tables themselves (`tests/conformance/older`).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import NVARCHAR, Integer, Unicode
from sqlalchemy.dialects import mssql
from sqlglot import exp

from mxsync.dialects.mssql import Mssql
from mxsync.tracking import tables
from mxsync.tracking.upgrading import Catalogue, upgrade, version_statement
from tests.tsql import assert_golden, trees

OLDER = Path(__file__).parents[2] / "conformance" / "older"
FORMS = ("1", "2", "2-last", "3")
_COLUMN = re.compile(r"^  \[?(\w+)\]? (NVARCHAR|NTEXT|INTEGER)(?:\((\w+)\))?(.*?),?$", re.MULTILINE)


def column(name: str, kind: str, length: str, rest: str) -> dict[str, Any]:
    if kind == "INTEGER":
        return {"name": name, "type": Integer(), **({"identity": {}} if "IDENTITY" in rest else {})}
    if kind == "NTEXT":
        return {"name": name, "type": mssql.NTEXT()}
    return {"name": name, "type": NVARCHAR() if length == "max" else Unicode(int(length))}


def catalogue(form: str) -> Catalogue:
    text = (OLDER / f"mssql-{form}.sql").read_text(encoding="utf-8")
    columns, keys = {}, {}
    for name, body in re.findall(r"^CREATE TABLE (\w+) \((.*?)^\)", text, re.MULTILINE | re.DOTALL):
        columns[name] = [column(*each) for each in _COLUMN.findall(body)]
        keys[name] = f"PK__{name}__0A1B2C3D"
    indexes: dict[str, set[str]] = {name: set() for name in columns}
    for index, name in re.findall(r"^CREATE INDEX (\w+) ON (\w+)", text, re.MULTILINE):
        indexes.setdefault(name, set()).add(index)
    return Catalogue(list(columns), columns, indexes, keys)


def statements(form: str) -> list[str]:
    dialect = Mssql()
    compiler = mssql.dialect()
    made = upgrade(catalogue(form), dialect.tracking(tables.metadata), dialect, compiler, "")
    return [*made, version_statement("")]


@pytest.mark.parametrize("form", FORMS)
def test_the_golden_file(form: str) -> None:
    assert_golden(f"upgrade-{form}", statements(form))


@pytest.mark.parametrize("form", FORMS)
def test_a_parser_of_t_sql_understands_it(form: str) -> None:
    for statement in statements(form):
        assert [tree for tree in trees(statement) if isinstance(tree, exp.Command)] == []


def test_a_column_of_a_primary_key_is_made_wider_without_its_key() -> None:
    """SQL Server alters no column that is in a primary key."""
    text = "\n".join(statements("2"))
    drop, alter, add = (
        text.index(part)
        for part in (
            "ALTER TABLE mxsync_leases DROP CONSTRAINT [PK__mxsync_leases__0A1B2C3D]",
            "ALTER TABLE mxsync_leases ALTER COLUMN name NVARCHAR(255)",
            "ALTER TABLE mxsync_leases ADD PRIMARY KEY (name)",
        )
    )
    assert drop < alter < add


def test_no_table_but_one_that_cannot_have_a_row_is_dropped() -> None:
    dropped = {form: re.findall(r"DROP TABLE (\w+)", "\n".join(statements(form))) for form in FORMS}
    assert dropped == {"1": ["mxsync_lease"], "2": [], "2-last": ["mxsync_undone"], "3": []}


def test_tables_of_today_need_nothing() -> None:
    definition = Mssql().tracking(tables.metadata)
    found = Catalogue(
        [table.name for table in definition.sorted_tables],
        {t.name: [{"name": c.name, "type": c.type} for c in t.columns] for t in definition.sorted_tables},
        {t.name: {str(index.name) for index in t.indexes} for t in definition.sorted_tables},
        {t.name: "" for t in definition.sorted_tables},
    )
    assert upgrade(found, definition, Mssql(), mssql.dialect(), "") == []
