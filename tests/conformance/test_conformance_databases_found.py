"""Every database finds what a plain filter over all rows finds: addresses without case and plus tag, texts without case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from mxsync.database.tables import SqlDatabase
from mxsync.decide.memory import MemoryTables
from mxsync.decide.overlay import field_keys
from mxsync.model.record import Converter, Entity, FieldMap, Find, Get, Linked, LinkTable, Lookup, RecordKey
from tests.sites import KINDS, Site, site_of

SCHEMA = (
    'CREATE TABLE "Firms" ("No" INTEGER PRIMARY KEY, "Name of it" {NAME}, "Dom" {FOLDED})',
    'CREATE TABLE "People" ("No" INTEGER PRIMARY KEY, "E1" {FOLDED}, "E2" {FOLDED}, "E3" {KEY}, "Free" {KEY}, "Kind" CHAR(1), '
    '"Age" INTEGER, "Firm" INTEGER, "Gone" {BOOL} NOT NULL)',
    'CREATE TABLE "Ties" (p INTEGER NOT NULL, f INTEGER NOT NULL, PRIMARY KEY (p, f))',
)
INDEXES = {
    "postgresql": (
        'CREATE INDEX e1 ON "People" (lower("E1"))', 'CREATE INDEX e2 ON "People" (lower("E2"))',
        'CREATE INDEX dom ON "Firms" (lower("Dom"))',
    ),
}  # fmt: skip
PLAIN = (
    'CREATE INDEX e1 ON "People" ("E1")',
    'CREATE INDEX e2 ON "People" ("E2")',
    'CREATE INDEX dom ON "Firms" ("Dom")',
)
FIRM = Entity(
    "firm", "Firms", ("No",),
    {"name": FieldMap("name", ("Name of it",)), "domain": FieldMap("domain", ("Dom",))},
    part="company", matched_by=(("domain",), ("name",)),
)  # fmt: skip
PERSON = Entity(
    "person", "People", ("No",),
    {
        "email": FieldMap("email", ("E1", "E2", "E3")),
        "free": FieldMap("free", ("Free",)),
        "kind": FieldMap("kind", ("Kind",), converter=Converter("coded", codes=(("lead", "L"), ("client", "C")))),
        "age": FieldMap("age", ("Age",)),
        "firm": FieldMap("firm", ("Firm",), references="firm"),
    },
    part="contact", matched_by=(("email",),), where=(("Gone", False),),
    links=(LinkTable("firm", "Ties", "p", "f"),),
)  # fmt: skip
ENTITIES = {"firm": FIRM, "person": PERSON}

locals_ = st.sampled_from(
    [
        "jane",
        "JANE",
        "jane+news",
        "Jane+a+b",
        "j",
        "jan",
        "jane,x",
        "änne",
        "ÄNNE",
        "o'neil",
        "+x",
        "j_ne",
        "a%b+t",
        "!x+y",
        "[z]",
    ]
)
emails = st.none() | st.builds(
    "{}@{}".format, locals_, st.sampled_from(["acme.example", "ACME.example", "b.example", "ü.example"])
)
domains = st.sampled_from([None, "acme.example", "ACME.example", "b.example"])
texts = st.none() | st.sampled_from(
    [
        "Acme",
        "ACME",
        " acme  ltd",
        "Acme Ltd",
        "Ärzte",
        "ärzte",
        "Straße",
        "STRASSE",
        "5",
        "",
        "a'b",
        "100%",
        "Ο ΟΔΟΣ",
        "ο οδος",
    ]
)
rows = st.lists(
    st.tuples(emails, emails, emails, texts, st.sampled_from([None, "L", "C", "?"]), st.none() | st.integers(0, 3),
              st.none() | st.integers(1, 3), st.booleans()),
    max_size=10,
)  # fmt: skip
firms = st.lists(st.tuples(texts, domains), min_size=3, max_size=3)
ties = st.sets(st.tuples(st.integers(1, 10), st.integers(1, 3)), max_size=6)


@pytest.fixture(scope="module", params=KINDS)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site_of(request.param, request, tmp_path_factory.mktemp("found")) as found:
        found.run(*SCHEMA, *INDEXES.get(found.kind, PLAIN))
        yield found


@pytest.fixture(scope="module")
def database(site: Site) -> SqlDatabase:
    return site.database((FIRM, PERSON))


def fill(database: SqlDatabase, people: Any, companies: Any, tied: Any) -> None:
    with database.dialect.errors(), database.engine.connect() as connection:
        connection.exec_driver_sql(database.dialect.begin_writing)
        for table in ("Firms", "People", "Ties"):
            connection.exec_driver_sql(f'DELETE FROM "{table}"')
        for table, values in (
            ("Firms", [(n, *f) for n, f in enumerate(companies, 1)]),
            ("People", [(n, *p[:-1], int(p[-1])) for n, p in enumerate(people, 1)]),
            ("Ties", sorted(tied)),
        ):
            if values:
                marks = ", ".join("?" * len(values[0]))
                connection.exec_driver_sql(f'INSERT INTO "{table}" VALUES ({marks})', values)
        connection.commit()


def naive(people: Any, companies: Any, tied: Any) -> MemoryTables:
    tables = MemoryTables(ENTITIES)
    codes = {"L": "lead", "C": "client"}
    for number, (name, domain) in enumerate(companies, 1):
        tables.add("firm", {"name": name, "domain": domain}, number)
    for number, (one, two, three, free, kind, age, firm, gone) in enumerate(people, 1):
        if not gone:
            values = {
                "email": tuple(each for each in (one, two, three) if each), "free": free, "kind": codes.get(kind, kind),
                "age": age, "firm": RecordKey("firm", firm) if firm else None,
            }  # fmt: skip
            tables.add("person", values, number)
    for person, firm in tied:
        if RecordKey("person", person) in tables.rows:
            tables.links.add(frozenset((RecordKey("person", person), RecordKey("firm", firm))))
    return tables


def questions(tables: MemoryTables) -> list[Lookup]:
    """Every way to ask, by values that are there and by some that are not."""
    found: list[Lookup] = []
    for record in tables.rows.values():
        entity = ENTITIES[record.key.entity]
        found.append(Get(record.key))
        found += [Linked(other, record.key) for other in ENTITIES if other != entity.name]
        keys = {name: sorted(field_keys(entity, name, record.values.get(name)), key=str) for name in entity.fields}
        for name, each in keys.items():
            found += [Find(entity.name, (name,), (key,)) for key in each]
        if entity is PERSON:
            found += [Find("person", ("email", "firm"), (e, f)) for e in keys["email"] for f in keys["firm"]]
            found += [Find("person", ("free", "age"), (t, a)) for t in keys["free"] for a in keys["age"]]
    found += [
        Get(RecordKey("person", 99)),
        Find("person", ("email",), ("nobody@x.example",)),
        Find("person", ("age",), ("1.5",)),
        Find("firm", ("name",), ("x",)),
    ]
    found += [Linked("person", RecordKey("firm", 99)), Find("person", ("nothing",), ("x",))]
    return list(dict.fromkeys(found))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows, firms, ties)
def test_the_answer_is_that_of_a_plain_filter(database: SqlDatabase, people: Any, companies: Any, tied: Any) -> None:
    fill(database, people, companies, tied)
    tables = naive(people, companies, tied)
    asked = questions(tables)
    with database.dialect.errors(), database.engine.connect() as connection:
        answers = database.unit(connection).answer(asked)
    for lookup in asked:
        known = "nothing" not in getattr(lookup, "fields", ())
        wanted = {record.key for record in tables.ask(lookup)} if known else set()
        assert [record.key for record in answers[lookup]] == sorted(wanted, key=lambda key: key.value), lookup  # type: ignore[arg-type,return-value]


def test_a_page_is_a_few_statements(database: SqlDatabase) -> None:
    people = [(f"p{n}@firm{n % 50}.example", None, None, None, None, None, n % 3 + 1, False) for n in range(3000)]
    firms_ = [("A", "a.example"), ("B", "b.example"), ("C", "c.example")]
    fill(database, people, firms_, [(n, n % 3 + 1) for n in range(1, 500)])
    page: list[Lookup] = [Find("person", ("email",), (f"p{n}@firm{n % 50}.example",)) for n in range(250)]
    page += [Find("firm", ("domain",), (f"{letter}.example",)) for letter in "abcd"]
    page += [Get(RecordKey("person", n)) for n in range(1, 200)]
    page += [Linked("firm", RecordKey("person", n)) for n in range(1, 100)]
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        with database.engine.connect() as connection:
            answers = database.unit(connection).answer(page)
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    assert len(answers[page[0]]) == 1
    # Addresses, with and without a tag, for each of three columns; texts; by key; by link table and by reference.
    assert len(seen) <= 14
