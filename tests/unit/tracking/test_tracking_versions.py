"""The definition of the tracking tables has a version, and who changes one changes the other."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.dialects import sqlite

from mxsync.tracking import tables

KNOWN: Mapping[int, str] = {
    3: "d87c373507e7150dd1738408857b5a9902982b0c4533ddaafecf35bd5f2c2115",
    4: "a6d76257cd4e7e3693a385183a404bd98ddb9241ac7cfddd7897b53673092634",
}
OLDER = Path(__file__).parents[2] / "conformance" / "older"


def test_a_change_of_the_tables_has_a_version_of_its_own() -> None:
    """Raise `VERSION`, write the new digest here, and keep the tables of before in `tests/conformance/older`."""
    text = "\n".join(tables.ddl(sqlite.dialect()))
    assert hashlib.sha256(text.encode()).hexdigest() == KNOWN[tables.VERSION]


def test_each_version_before_is_kept_to_be_upgraded() -> None:
    kept = {path.stem for path in OLDER.glob("*.sql")}
    for version in range(1, tables.VERSION):
        assert {f"{kind}-{version}" for kind in ("sqlite", "postgresql", "mariadb", "mssql")} <= kept
