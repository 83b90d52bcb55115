"""The T-SQL of change tracking: what installs it, what is asked of it, how statements are signed, how it goes away.

No SQL Server runs here. That the logic around it holds is shown in `tests/conformance`, on a server's part that is
played by SQLite.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from sqlglot import exp

from mxsync.database.changelog import ChangeLog
from mxsync.dialects.mssql import Mssql
from mxsync.dialects.mssql_tracking import MssqlTracking
from mxsync.errors import SchemaMismatch
from mxsync.model.record import RecordKey
from mxsync.ports.database import BeforeImage, Fitted
from mxsync.tracking.store import SqlStore
from tests.tsql import FIRM, PART, PERSON, KnownSchema, assert_golden, silent_engine, trees

GROUPS = ("tracking-install", "tracking-notice", "tracking-writing")


@pytest.fixture(scope="module")
def statements() -> Mapping[str, Sequence[str]]:
    seen: list[str] = []
    engine, dialect = silent_engine(seen), Mssql()
    database = KnownSchema(engine, dialect, timezone="UTC", to_phone=str, changes="change tracking")
    database._has_log = True
    database.use({"person": replace(PERSON, links=()), "firm": FIRM, "part": PART})
    log, tracking = ChangeLog(database, database.entities()), MssqlTracking()
    store = SqlStore(engine, dialect, database.unit)
    seen.clear()
    with engine.connect() as connection:
        tracking.watched(connection)
        tracking.removal(connection)
    looks = list(seen)
    found = {"tracking-install": [*log.statements(), *log.grants("mxsync", []), *looks]}
    person = database.mapped("person").table
    part = database.mapped("part").table
    found["tracking-notice"] = [
        tracking.versions(person)[0],
        tracking.changes(person, ("ContactID",)),
        tracking.changes(part, ("a", "b")),
        tracking.everything(part, ("a", "b")),
    ]
    seen.clear()
    with store.transaction("mxsync undo") as unit:
        unit.crm.insert([Fitted("person", {"Email": "a@x.example"}), Fitted("person", {})], {})
        unit.crm.insert([Fitted("firm", {"Name": "Acme"})], {})
        unit.crm.update([(1, Fitted("person", {"Email": "x"}))], {})
        unit.crm.delete([RecordKey("person", 1)])
        unit.crm.link("person", "firm", [(1, "a")])
        unit.crm.taken_back.insert([BeforeImage(RecordKey("person", 1), {"ContactID": 1, "Email": "x"})])
        unit.crm.taken_back.unlink("person", "firm", [(1, "a")])
        unit.crm.people.unrefer("firm", ["a"])
    found["tracking-writing"] = list(dict.fromkeys(each for each in seen if "mxsync_" not in each))
    engine.dispose()
    return found


@pytest.mark.parametrize("group", GROUPS)
def test_the_golden_file(statements: Mapping[str, Sequence[str]], group: str) -> None:
    assert_golden(group, statements[group])


def test_every_statement_that_writes_a_row_is_signed(statements: Mapping[str, Sequence[str]]) -> None:
    signed = "WITH CHANGE_TRACKING_CONTEXT (0x6D7873796E6320756E646F) "
    tables = r"(?:\"Contacts\"|\"sales\"\.\"Order Details\"|\"Parts\")"
    writes = [
        (statement, match)
        for statement in statements["tracking-writing"]
        for match in re.finditer(rf"(.*)\b(?:INSERT INTO|UPDATE|DELETE FROM) {tables}", statement)
    ]
    assert len(writes) >= 7
    assert [statement for statement, match in writes if not match[1].endswith(signed)] == []


def test_a_parser_of_t_sql_understands_what_it_has_a_grammar_for(statements: Mapping[str, Sequence[str]]) -> None:
    """It has none for change tracking: the words of that are taken out of each statement, and the rest is parsed."""
    for statement in (each for group in GROUPS for each in statements[group]):
        plain = re.sub(r"WITH CHANGE_TRACKING_CONTEXT \(0x[0-9A-F]+\) ", "", statement)
        plain = re.sub(r"CHANGETABLE\(CHANGES ((?:\[[^\]]*\]\.?)+), \?\)", r"\1", plain)
        plain = re.sub(r"ALTER (?:TABLE|DATABASE) [^;]*? CHANGE_TRACKING[^;]*;", "", plain)
        plain = re.sub(r"^IF (NOT )?EXISTS \((.*)\)\nBEGIN\n(.*)END$", r"\2;\n\3", plain, flags=re.DOTALL)
        for tree in trees(plain):
            assert not isinstance(tree, exp.Command) or tree.name.upper() in ("SET", "GRANT"), statement


def test_what_others_turned_on_stays(statements: Mapping[str, Sequence[str]]) -> None:
    class Noted:
        def exec_driver_sql(self, statement: str, values: object) -> Noted:
            return self

        def fetchall(self) -> list[tuple[str, str]]:
            return [("change tracking Contacts", "[Contacts]"), ("change tracking", "")]

    made = MssqlTracking().removal(Noted())  # type: ignore[arg-type]
    assert made == [
        "IF EXISTS (SELECT 1 FROM sys.change_tracking_tables WHERE object_id = OBJECT_ID(N'[Contacts]'))\n"
        "ALTER TABLE [Contacts] DISABLE CHANGE_TRACKING",
        "IF NOT EXISTS (SELECT 1 FROM sys.change_tracking_tables)\nALTER DATABASE CURRENT SET CHANGE_TRACKING = OFF",
    ]


def test_a_table_with_another_key_in_the_rules_is_refused() -> None:
    engine = silent_engine([])
    database = KnownSchema(engine, Mssql(), timezone="UTC", to_phone=str, changes="change tracking")
    other = replace(PERSON, key=("Email",), links=())
    with pytest.raises(SchemaMismatch, match="knows rows by their primary key, and Contacts has another key"):
        ChangeLog(database, [other]).statements()
    engine.dispose()
