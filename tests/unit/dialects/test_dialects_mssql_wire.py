"""What the two drivers of SQL Server really send and understand, with Microsoft's ODBC driver and a double of the server.

Both use the ODBC driver that mssql-python brings along; it needs libraries of Debian's packages.
"""

from __future__ import annotations

import ctypes
import importlib
import platform
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.engine import Engine

from mxsync.dialects import dialect_of
from mxsync.dialects.mssql import Mssql
from mxsync.dialects.mssql_types import plain
from mxsync.errors import BadContent, MxsyncError, SchemaMismatch, Transient, Unavailable
from mxsync.model.record import KeyValue, RecordKey
from mxsync.ports.database import BeforeImage, Fitted
from mxsync.tracking.store import SqlStore
from tests.servers.tds import Answer, TdsServer
from tests.sql_servers import missing
from tests.tsql import FIRM, PART, PERSON, KnownSchema
from tests.unit.dialects import test_dialects_tsql, test_dialects_tsql_flows

DRIVERS = ("pyodbc", "mssqlpython")
FAULTS: dict[str, Answer] = {
    "FAULT same": {"fault": [2627, "Violation of UNIQUE KEY constraint 'UQ__a'. The duplicate key value is (s3cret)."]},
    "FAULT deadlock": {
        "fault": [1205, "Transaction (Process ID 52) was deadlocked on lock resources with another process."]
    },
    "FAULT lock": {"fault": [1222, "Lock request time out period exceeded."]},
    "FAULT name": {"fault": [208, "Invalid object name 'people'."]},
    "FAULT value": {"fault": [8114, "Error converting data type nvarchar to bigint."]},
}


def _day(year: int, month: int, number: int) -> str:
    """As the wire has it: days since the first."""
    return (date(year, month, number).toordinal() - 1).to_bytes(3, "little").hex()


def _time(hours: int, minutes: int, seconds: float) -> str:
    """Of 100 nanoseconds, as the wire has it."""
    return int(((hours * 60 + minutes) * 60 + seconds) * 10**7).to_bytes(5, "little").hex()


EVERY: list[Any] = [
    {"uniqueidentifier": UUID("0f8fad5b-d9cb-469f-a165-70867728950e").bytes_le.hex()},
    {"datetime2": _time(10, 30, 0.5) + _day(2026, 11, 30)},
    {"datetimeoffset": _time(10, 30, 0) + _day(2026, 11, 30) + (120).to_bytes(2, "little").hex()},  # half past twelve there
    {"date": _day(2026, 11, 30)}, {"time": _time(10, 30, 0)}, {"decimal": "01" + (1250).to_bytes(16, "little").hex()}, True, "é",
    {"money": (0).to_bytes(4, "little").hex() + (12_5000).to_bytes(4, "little").hex()}, {"hierarchyid": "58"},
]  # fmt: skip
ANSWERS: dict[str, Answer] = {
    **FAULTS,
    "FROM @made": {"rows": [[0, 11], [1, 12], [2, 13]]},
    "SELECT t.": {"rows": [["x"]]},
    "THE END": {"ends": True},
    'INSERT INTO "Contacts" ("ContactID"': FAULTS["FAULT same"],
    "EVERY TYPE": {"rows": [EVERY]},
    "FROM @met": {"rows": [[0], [2]]},
    'OUTPUT 0, INSERTED."b" INTO @made': {"rows": [[0, "41"], [1, "42"]]},
}


@cache
def odbc_driver() -> Path:
    """Microsoft's ODBC driver. What is missing is skipped, or fails where services are required."""
    wheel = "libltdl7 libgssapi-krb5-2; pip install mssql-python"
    try:
        importlib.import_module("pyodbc")
        found = importlib.import_module("mssql_python_odbc").__file__
        assert found is not None
        folder = Path(found).parent / "libs" / "linux" / "debian_ubuntu" / platform.machine() / "lib"
        (driver,) = folder.glob("libmsodbcsql*")
        ctypes.CDLL(str(driver))
    except (ImportError, OSError, ValueError) as error:
        missing(f"Microsoft's ODBC driver, or unixODBC ({error}),", f"unixodbc {wheel}")
    return driver


@pytest.fixture
def server(tmp_path: Path) -> Iterator[TdsServer]:
    odbc_driver()
    with TdsServer(tmp_path, ANSWERS) as found:
        yield found


@pytest.fixture(params=DRIVERS)
def engine(request: pytest.FixtureRequest, server: TdsServer) -> Iterator[Engine]:
    place = f"u:p@127.0.0.1:{server.port}/d?Encrypt=no"
    more = f"&driver={odbc_driver()}" if request.param == "pyodbc" else ""
    url = f"mssql+{request.param}://{place}{more}"
    found = dialect_of(url).open(url, base=Path())
    with found.connect():
        server.heard()  # what is asked of each server first
    yield found
    found.dispose()


def values(heard: list[tuple[str, Any]]) -> list[list[tuple[str, Any]]]:
    """What was bound, statement by statement."""
    skipped = {"sp_prepexec": 3, "sp_execute": 1}
    return [[tuple(each) for each in what[skipped[kind] :]] for kind, what in heard if kind in skipped]


def statements(heard: list[tuple[str, Any]]) -> list[str]:
    return [what[2][1] for kind, what in heard if kind in ("sp_prepare", "sp_prepexec")]


def test_a_session_is_told_how_to_behave_and_ends_its_transactions(server: TdsServer, engine: Engine) -> None:
    engine.dispose()
    with engine.connect() as connection:
        connection.exec_driver_sql("UPDATE t SET a = 1")
        connection.commit()
    heard = server.heard()
    assert [what for kind, what in heard if kind == "batch" and what.startswith("SET ")] == [
        "SET DATEFORMAT ymd", "SET LOCK_TIMEOUT 10000", "SET QUOTED_IDENTIFIER ON", "SET XACT_ABORT OFF",
    ]  # fmt: skip
    assert heard[-2:] == [("batch", "UPDATE t SET a = 1"), ("transaction", "commit")]


def test_question_marks_and_braces_in_names_are_no_parameters(server: TdsServer, engine: Engine) -> None:
    name = '"näme \' % ? "" of {it}"'
    with engine.connect() as connection:
        asked = f'SELECT t.{name} FROM "select ""x""; DROP TABLE a --" t WHERE t.a IN (?, ?)'
        assert [tuple(row) for row in connection.exec_driver_sql(asked, ("a'?", "ä?")).fetchall()] == [("x",)]
    heard = server.heard()
    assert statements(heard) == [asked.replace("(?, ?)", "(@P1, @P2)")]
    assert [value for _, value in values(heard)[0]] == ["a'?", "ä?"]


ROWS: list[list[tuple[Any, ...]]] = [
    [("longest of them", None, 1), ("😀é", 2, 300)],
    [("all", 1, 1), ("ASCII", None, 2)],
    [("ä", None, 1), ("y", None, 2)],
    [("ä" * 5000, 1, 1), ("y", 2, 2)],
]


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("many", ["the driver's cursor", "SQLAlchemy"])
def test_many_rows_arrive_as_they_are(
    server: TdsServer, engine: Engine, rows: list[tuple[Any, ...]], many: str
) -> None:
    if many == "SQLAlchemy" and engine.dialect.driver == "pyodbc":
        rows = [tuple(str(value) for value in row) for row in rows if len(row[0]) < 255]  # as the double describes them
    with engine.connect() as connection:
        if many == "SQLAlchemy":
            connection.exec_driver_sql("UPDATE t SET a = ?, b = ? WHERE k = ?", rows)
        else:
            cursor = connection.connection.cursor()
            cursor.executemany("UPDATE t SET a = ?, b = ? WHERE k = ?", rows)
            cursor.close()
    arrived = values(server.heard())
    assert [[value for _, value in row] for row in arrived] == [list(row) for row in rows]
    kinds = {kind for row in arrived for kind, value in row if isinstance(value, str) and not value.isascii()}
    assert kinds <= {"nvarchar", "nvarchar(max)"}


def test_new_rows_are_one_batch_and_give_their_keys(server: TdsServer, engine: Engine) -> None:
    rows = [{"a": "x", "b": 1}, {"a": "é", "b": 2.5}, {"b": 10**12}]
    with engine.connect() as connection:
        cursor = connection.connection.cursor()
        assert Mssql().insert_rows(cursor, '"t"', rows, ["id"], True) == [(11,), (12,), (13,)]
        cursor.close()
    heard = server.heard()
    assert [value for _, value in values(heard)[0]] == ["x", 1, "é", 2.5, 10**12] and len(statements(heard)) == 1


@pytest.mark.parametrize("rows", [
    [(None, 1, 7), ("é" * 3, None, 8), ("plain", 2, 9)],
    [("0F8FAD5B-D9CB-469F-A165-70867728950E", None, "ä")],
])  # fmt: skip
def test_a_statement_for_many_rows_is_one_batch(server: TdsServer, engine: Engine, rows: list[tuple[Any, ...]]) -> None:
    """Of a NULL that is bound the drivers ask the server what it is."""
    with engine.connect() as connection:
        cursor = connection.connection.cursor()
        server.heard()
        Mssql().run_each(cursor, 'UPDATE "t?" SET a = ?, b = ? WHERE k = ?', rows)
        heard = server.heard()
        cursor.close()
    assert len(statements(heard)) == 1
    assert [kind for kind, _ in heard if kind != "sp_unprepare"] == ["sp_prepexec"]
    assert [value for _, value in values(heard)[0]] == [each for row in rows for each in row if each is not None]


def test_five_hundred_changes_are_a_few_calls(server: TdsServer, engine: Engine) -> None:
    database = KnownSchema(engine, Mssql(), timezone="UTC", to_phone=str)
    database.use({"person": PERSON, "firm": FIRM})
    changed = [(n, Fitted("person", {"First Name": f"ä{n}", "Email": f"{n}@b.example", "Age": n})) for n in range(500)]
    keys = [RecordKey("person", n) for n in range(500)]
    pairs: list[tuple[KeyValue, KeyValue]] = [(n, f"f{n}") for n in range(500)]
    with engine.connect() as connection:
        unit = database.unit(connection)
        server.heard()
        counted = {}
        for name, do in {
            "update": lambda: unit.update(changed, {}), "delete": lambda: unit.delete(keys),
            "link": lambda: unit.link("person", "firm", pairs),
        }.items():  # fmt: skip
            do()
            heard = server.heard()
            counted[name] = len(
                [each for each, _ in heard if each in ("batch", "sp_prepexec", "sp_execute", "sp_executesql")]
            )
    assert counted["update"] <= 3 and counted["delete"] <= 3 and counted["link"] <= 4, counted


def test_a_reference_that_was_filled_already_is_told_from_one_that_is_filled(server: TdsServer, engine: Engine) -> None:
    database = KnownSchema(engine, Mssql(), timezone="UTC", to_phone=str)
    database.use({"person": replace(PERSON, links=()), "firm": FIRM})
    with engine.connect() as connection:
        new = database.unit(connection).link("person", "firm", [(1, "a"), (2, "b"), (3, "c")])
    assert new == [(1, "a"), (3, "c")]
    (said,) = [each for each in statements(server.heard()) if "@met" in each]
    assert said.count("UPDATE ") == 3


def test_a_row_that_is_refused_in_a_batch_is_told(engine: Engine) -> None:
    rows = [("x", n) for n in range(3)]
    with pytest.raises(BadContent, match="a row with the same UQ__a"), Mssql().errors(), engine.connect() as connection:
        cursor = connection.connection.cursor()
        Mssql().run_each(cursor, "UPDATE t SET a = ? WHERE 'FAULT same' = ?", rows)


def test_a_key_from_a_sequence_is_a_number(engine: Engine) -> None:
    """Keys that the database gives, and that are no IDENTITY, come back as texts."""
    database = KnownSchema(engine, Mssql(), timezone="UTC", to_phone=str)
    database.use({"part": replace(PART, key=("b",))})
    with engine.connect() as connection:
        made = database.unit(connection).insert([Fitted("part", {"a": "x"}), Fitted("part", {"a": "y"})], {})
    assert made == [41, 42]


def test_values_are_the_same_from_both_drivers(engine: Engine) -> None:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT EVERY TYPE").fetchall()
        cursor = connection.connection.cursor()
        cursor.execute("SELECT EVERY TYPE")
        own = cursor.fetchall()
        cursor.close()
    expected = (
        "0F8FAD5B-D9CB-469F-A165-70867728950E", "2026-11-30 10:30:00.5", "2026-11-30 10:30:00+00:00", "2026-11-30",
        "10:30:00", 12.5, True, "é", 12.5, b"\x58",
    )  # fmt: skip
    assert [plain(row) for row in rows] == [expected] and [plain(row) for row in own] == [expected]


@pytest.mark.parametrize("own", [True, False], ids=["the driver's cursor", "SQLAlchemy"])
def test_a_connection_that_ends_is_told_and_the_next_works(engine: Engine, own: bool) -> None:
    with pytest.raises(Unavailable, match="has ended the connection"), Mssql().errors(), engine.connect() as connection:
        connection.exec_driver_sql("UPDATE t SET a = 1")
        if own:
            connection.connection.cursor().execute("SELECT 'THE END' WHERE 1 = ?", (1,))
        else:
            connection.exec_driver_sql("SELECT 'THE END' WHERE 1 = ?", (1,))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT t.a FROM t").scalar() == "x"


def test_what_a_refused_undo_has_turned_on_is_turned_off(server: TdsServer, engine: Engine) -> None:
    """The option is the session's: the next table that wants it would be refused."""
    database = KnownSchema(engine, Mssql(), timezone="UTC", to_phone=str)
    database.use({"person": replace(PERSON, links=())})
    image = BeforeImage(RecordKey("person", 1), {"ContactID": 1, "Email": "x"})
    with pytest.raises(BadContent), SqlStore(engine, Mssql(), database.unit).transaction() as unit:
        unit.crm.taken_back.insert([image])
    options = [what for kind, what in server.heard() if kind == "batch" and "IDENTITY_INSERT" in what]
    assert options == ['SET IDENTITY_INSERT "Contacts" ON', 'SET IDENTITY_INSERT "Contacts" OFF']


OF_ALL: dict[str, Answer] = {
    "SELECT fate, count(*)": {"rows": []},
    "OUTPUT inserted.number": {"rows": [[1]]}, "count(*)": {"rows": [[0]]}, "COUNT(*)": {"rows": [[0]]},
    "SELECT value FROM mxsync_meta WHERE name = 'version'": {"rows": [["4"]]}, "FROM @made ORDER BY": ANSWERS["FROM @made"],
    "k0, k1 FROM @made ORDER BY": {"rows": []}, "FROM @met ORDER BY": {"rows": [[0]]},
    "SELECT t.* FROM": {"rows": [[1, "a", 1]], "names": ["ContactID", "a", "b"]},
}  # fmt: skip
NEVER_SENT = ("session", "tables", "changelog")
"""Golden files of what is shown only, or sent by other calls."""


@pytest.mark.parametrize("driver", DRIVERS)
def test_every_statement_goes_through_the_driver_as_it_is_written(
    driver: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines: list[Engine] = []
    more = f"&driver={odbc_driver()}" if driver == "pyodbc" else ""
    with ExitStack() as servers:
        doubles: list[TdsServer] = []

        def engine_to_a_double(seen: list[str], answers: Mapping[str, Sequence[Any]] = MappingProxyType({})) -> Engine:
            folder = tmp_path / str(len(doubles))
            folder.mkdir()
            said = {words: {"rows": [list(row) for row in rows]} for words, rows in answers.items()}
            doubles.append(servers.enter_context(TdsServer(folder, {**OF_ALL, **said})))
            url = f"mssql+{driver}://u:p@127.0.0.1:{doubles[-1].port}/d?Encrypt=no{more}"
            engines.append(dialect_of(url).open(url, base=Path()))
            return engines[-1]

        for module in (test_dialects_tsql, test_dialects_tsql_flows):
            monkeypatch.setattr(module, "silent_engine", engine_to_a_double)
        test_dialects_tsql.collected()
        for name, make in test_dialects_tsql_flows.MADE.items():
            if name != "sampling":  # whose engine is asked before there is a server
                make()
        heard = [each for double in doubles for each in double.heard()]
    for engine in engines:
        engine.dispose()
    sent = {re.sub(r"@P\d+", "?", each).strip() for each in statements(heard)}
    sent |= {what.strip() for kind, what in heard if kind == "batch"}
    golden = Path(__file__).parent / "tsql"
    written = {
        part.strip()
        for name in test_dialects_tsql.GROUPS
        if name not in NEVER_SENT
        for part in (golden / f"{name}.sql").read_text(encoding="utf-8").split("\nGO\n")
    }
    assert len(written) > 200 and written - {""} - sent == set()


@pytest.mark.parametrize(("what", "kind", "word"), [
    ("same", BadContent, "a row with the same UQ__a"), ("deadlock", Transient, "it is tried again"),
    ("lock", Transient, "it is tried again"), ("name", SchemaMismatch, "invalid object name 'people'"),
    ("value", BadContent, "refuses a value"),
])  # fmt: skip
@pytest.mark.parametrize("own", [True, False], ids=["the driver's cursor", "SQLAlchemy"])
def test_faults_are_understood(engine: Engine, what: str, kind: type[MxsyncError], word: str, own: bool) -> None:
    statement = f"SELECT 'FAULT {what}' WHERE 1 = ?"
    with pytest.raises(kind, match=word) as told, Mssql().errors(), engine.connect() as connection:
        if own:
            connection.connection.cursor().execute(statement, (1,))
        else:
            connection.exec_driver_sql(statement, (1,))
    assert "s3cret" not in str(told.value)
