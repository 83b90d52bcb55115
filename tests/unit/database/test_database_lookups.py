"""Look-ups in the database take few statements, through indexes. What they find: the conformance tests."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event

from mxsync.database.tables import SqlDatabase
from mxsync.dialects.sqlite import Sqlite
from mxsync.model.record import Converter, Entity, FieldMap, Find, Get, Linked, LinkTable, Lookup, RecordKey

SCHEMA = """
CREATE TABLE "Firms" ("No" INTEGER PRIMARY KEY, "Name of it" TEXT, "Dom" VARCHAR(80) COLLATE NOCASE);
CREATE INDEX firms_dom ON "Firms" ("Dom");
CREATE TABLE "People" (
    "No" INTEGER PRIMARY KEY, "E1" VARCHAR(80) COLLATE NOCASE, "E2" VARCHAR(80) COLLATE NOCASE, "Free" TEXT, "Kind" CHAR(1),
    "Age" INTEGER, "Firm" INTEGER, "Gone" BOOLEAN NOT NULL DEFAULT 0);
CREATE INDEX people_e1 ON "People" ("E1");
CREATE INDEX people_e2 ON "People" ("E2");
CREATE INDEX people_firm ON "People" ("Firm");
CREATE TABLE "Ties" (p INTEGER NOT NULL, f INTEGER NOT NULL, PRIMARY KEY (p, f));
CREATE INDEX ties_f ON "Ties" (f);
"""
FIRM = Entity(
    "firm", "Firms", ("No",),
    {"name": FieldMap("name", ("Name of it",)), "domain": FieldMap("domain", ("Dom",))},
    part="company", matched_by=(("domain",), ("name",)),
)  # fmt: skip
PERSON = Entity(
    "person", "People", ("No",),
    {
        "email": FieldMap("email", ("E1", "E2")),
        "free": FieldMap("free", ("Free",)),
        "kind": FieldMap("kind", ("Kind",), converter=Converter("coded", codes=(("lead", "L"), ("client", "C")))),
        "age": FieldMap("age", ("Age",)),
        "firm": FieldMap("firm", ("Firm",), references="firm"),
    },
    part="contact", matched_by=(("email",),), where=(("Gone", False),),
    links=(LinkTable("firm", "Ties", "p", "f"),),
)  # fmt: skip
ENTITIES = {"firm": FIRM, "person": PERSON}


@contextmanager
def database(path: Path) -> Iterator[SqlDatabase]:
    engine = Sqlite().open(f"sqlite:///{path}", base=Path())
    found = SqlDatabase(engine, Sqlite(), timezone="UTC", to_phone=lambda text: text)
    found.use(ENTITIES)
    try:
        yield found
    finally:
        engine.dispose()


def fill(path: Path, people: Any, companies: Any, tied: Any) -> None:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(SCHEMA)
        connection.executemany('INSERT INTO "Firms" VALUES (?, ?, ?)', [(n, *f) for n, f in enumerate(companies, 1)])
        connection.executemany(
            'INSERT INTO "People" VALUES (?, ?, ?, ?, ?, ?, ?, ?)', [(n, *p) for n, p in enumerate(people, 1)]
        )
        connection.executemany('INSERT INTO "Ties" VALUES (?, ?)', sorted(tied))


@contextmanager
def statements(found: SqlDatabase) -> Iterator[list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        seen.append((statement, parameters))

    event.listen(found.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(found.engine, "before_cursor_execute", note)


def test_a_page_is_one_statement_an_entity_and_way_through_the_indexes(tmp_path: Path) -> None:
    path = tmp_path / "many.db"
    people = [(f"p{n}@firm{n % 50}.example", None, None, None, None, n % 3 + 1, False) for n in range(3000)]
    fill(
        path,
        people,
        [("A", "a.example"), ("B", "b.example"), ("C", "c.example")],
        [(n, n % 3 + 1) for n in range(1, 500)],
    )
    page: list[Lookup] = [Find("person", ("email",), (f"p{n}@firm{n % 50}.example",)) for n in range(250)]
    page += [Find("firm", ("domain",), (f"{letter}.example",)) for letter in "abcd"]
    page += [Get(RecordKey("person", n)) for n in range(1, 200)]
    page += [Linked("firm", RecordKey("person", n)) for n in range(1, 100)]
    with database(path) as found, found.engine.connect() as connection, statements(found) as seen:
        answers = found.unit(connection).answer(page)
        assert len(answers[page[0]]) == 1
        # a find of persons, one of firms, persons by key, and firms by link table, by the person's reference
        assert len(seen) <= 6
        for statement, parameters in list(seen):
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            lines = [str(row[3]) for row in plan]
            scans = [
                line
                for line in lines
                if line.startswith("SCAN") and not any(w in line for w in ("CONSTANT", "SCAN k", "SCAN l", "LIST"))
            ]
            assert scans == [], (statement, lines)
