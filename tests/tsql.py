"""T-SQL without a SQL Server: collected from a driver that answers nothing, kept as golden files, and understood by a
parser of T-SQL. MXSYNC_WRITE_GOLDEN=1 writes the files anew."""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

import sqlglot
from sqlalchemy import create_engine
from sqlalchemy.engine import Engine
from sqlglot import exp

from mxsync.database.tables import SqlDatabase
from mxsync.model.record import Entity, FieldMap, LinkTable
from mxsync.model.schema import ColumnInfo, ColumnType, Schema, TableInfo

_GOLDEN = Path(__file__).parent / "unit" / "dialects" / "tsql"


_ROOT = Path(__file__).parents[1] / "mxsync"
visited: set[tuple[str, str]] = set()
"""(file, function) of mxsync's through which a statement went to the driver that answers nothing."""


def _visit() -> None:
    frame = sys._getframe(2)
    while frame is not None:  # type: ignore[redundant-expr]
        path = Path(frame.f_code.co_filename)
        if _ROOT in path.parents:
            visited.add((str(path.relative_to(_ROOT)), frame.f_code.co_name))
        frame = frame.f_back  # type: ignore[assignment]


def senders() -> set[tuple[str, str]]:
    """(file, function) of all that sends statements to SQL Server."""
    found = set()
    for path in (*_ROOT.glob("database/*.py"), *_ROOT.glob("tracking/*.py"), *_ROOT.glob("dialects/mssql*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(map(_sends, _own(node))):
                found.add((str(path.relative_to(_ROOT)), node.name))
    return found


def _own(function: ast.FunctionDef) -> Iterator[ast.AST]:
    for child in function.body:
        yield from ast.walk(child)


def _sends(node: ast.AST) -> bool:
    names = (
        "exec_driver_sql",
        "execute",
        "executemany",
        "run_each",
        "change_each",
        "_rows",
        "_many",
        "_save",
        "create_all",
        "drop_all",
    )
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names


class Cursor:
    """A cursor that writes down what it is given, and answers as little as will do."""

    def __init__(self, seen: list[str], answers: Mapping[str, Sequence[tuple[Any, ...]]]) -> None:
        self.seen = seen
        self.answers = answers
        self.rowcount = 1
        self.description: Any = None
        self.answer: list[tuple[Any, ...]] = []
        self.fast_executemany = False

    def execute(self, statement: str, *values: Any) -> None:
        self.seen.append(statement)
        _visit()
        self.answer = []
        asks = re.match(r"\s*(SELECT|INSERT INTO mxsync_runs|SET NOCOUNT)", statement) is not None
        self.description = [("a", str, None, None, None, None, True)] if asks else None
        if statement.startswith("SELECT t.*"):
            names = ("ContactID", "a", "b")
            self.description = [(name, str, None, None, None, None, True) for name in names]
            self.answer = [(1, "a", 1)]
        if statement.lower().startswith("select count(*)"):
            self.answer = [(0,)]
        made = re.findall(r"INSERT INTO @made|OUTPUT \d+,", statement)
        if made:
            keys = statement.count("INSERTED.") // max(1, statement.count("OUTPUT ")) or 1
            self.answer = [(n, *range(n + 1, n + 1 + keys)) for n in range(len(made))]
        elif "OUTPUT inserted" in statement or "'version'" in statement or "scope_identity" in statement:
            self.answer = [(1,)]
        for words, rows in self.answers.items():
            if words in statement:
                self.answer = list(rows)
                self.description = [("a", str, None, None, None, None, True)] * max(map(len, rows), default=1)

    def executemany(self, statement: str, rows: Any) -> None:
        assert rows
        self.execute(statement)

    def setinputsizes(self, *sizes: Any) -> None:
        pass

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.answer

    def fetchone(self) -> tuple[Any, ...] | None:
        return self.answer.pop(0) if self.answer else None

    def nextset(self) -> bool:
        return False

    def close(self) -> None:
        pass


class Link:
    def __init__(self, seen: list[str], answers: Mapping[str, Sequence[tuple[Any, ...]]]) -> None:
        self.seen = seen
        self.answers = answers

    def cursor(self) -> Cursor:
        return Cursor(self.seen, self.answers)

    def commit(self) -> None:
        pass

    rollback = close = commit


class NoDriver(ModuleType):
    """What SQLAlchemy asks of a driver's module."""

    paramstyle = "qmark"
    version = "5.3.0"
    SQL_DRIVER_NAME = 6
    SQL_WVARCHAR, SQL_VARCHAR, SQL_DECIMAL = -9, 12, 3
    Cursor = Cursor

    class Error(Exception):
        pass

    Warning = DatabaseError = OperationalError = ProgrammingError = IntegrityError = DataError = InterfaceError = Error
    NotSupportedError = InternalError = Error


TEXT, NUMBER, MOMENT, BOOLEAN = ColumnType.TEXT, ColumnType.NUMBER, ColumnType.MOMENT, ColumnType.BOOLEAN
PEOPLE = TableInfo(
    "Contacts",
    (
        ColumnInfo("ContactID", NUMBER, generated=True), ColumnInfo("First Name", TEXT, 100), ColumnInfo("Email", TEXT, 254),
        ColumnInfo("E\"mail'2", TEXT, 254), ColumnInfo("Age", NUMBER), ColumnInfo("Gone", BOOLEAN),
        ColumnInfo("Seen", MOMENT), ColumnInfo("CompanyID", NUMBER),
    ),
    ("ContactID",),
)  # fmt: skip
FIRMS = TableInfo(
    "Order Details", (ColumnInfo("Id", TEXT, 36, default=True), ColumnInfo("Name", TEXT, 80)), ("Id",), schema="sales"
)
PARTS = TableInfo("Parts", (ColumnInfo("a", TEXT, 36), ColumnInfo("b", NUMBER), ColumnInfo("v", TEXT)), ("a", "b"))
TIES = TableInfo("Ties", (ColumnInfo("p", NUMBER), ColumnInfo("f", TEXT)), ("p", "f"))
PERSON = Entity(
    "person", "dbo.Contacts", ("ContactID",),
    {
        "first_name": FieldMap("first_name", ("First Name",)), "email": FieldMap("email", ("Email", "E\"mail'2")),
        "age": FieldMap("age", ("Age",)), "seen": FieldMap("seen", ("Seen",)),
        "firm": FieldMap("firm", ("CompanyID",), references="firm"),
    },
    matched_by=(("email",),), where=(("Gone", False),), links=(LinkTable("firm", "Ties", "p", "f"),),
)  # fmt: skip
FIRM = Entity("firm", "sales.Order Details", ("Id",), {"name": FieldMap("name", ("Name",))}, matched_by=(("name",),))
PART = Entity("part", "Parts", ("a", "b"), {"v": FieldMap("v", ("v",))})


class KnownSchema(SqlDatabase):
    """The catalogue cannot be asked, so its answer is given."""

    def schema(self, tables: Any = None) -> Schema:
        return Schema((PEOPLE, FIRMS, PARTS, TIES))


def silent_engine(seen: list[str], answers: Mapping[str, Sequence[tuple[Any, ...]]] = MappingProxyType({})) -> Engine:
    """An engine whose driver writes down what it is given. It answers next to nothing, but with rows of `answers` where
    their words stand in a statement."""
    module = NoDriver("nodriver")
    module.connect = lambda *args, **options: Link(seen, answers)  # type: ignore[attr-defined]
    engine = create_engine("mssql+pyodbc://h/d?driver=none", module=module, _initialize=False)
    engine.dialect.server_version_info = (11, 0)  # SQL Server 2012, the oldest
    engine.dialect._supports_offset_fetch = True  # type: ignore[attr-defined]
    engine.dialect.default_schema_name = "dbo"
    engine.dialect.default_isolation_level = "READ COMMITTED"
    return engine


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
