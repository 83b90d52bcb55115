"""The T-SQL of what is more than one call: installing and removing, looks ahead, comparing, change tracking, undo. With the
other golden files it is everything: no function of mxsync that sends statements is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine
from sqlglot import exp

from mxsync.database import sampling
from mxsync.database.changelog import ChangeLog
from mxsync.dialects.mssql import Mssql
from mxsync.dialects.mssql_open import _prepare
from mxsync.model.record import RecordKey
from mxsync.model.schema import Schema
from mxsync.ports.database import BeforeImage
from mxsync.tracking.store import SqlStore
from tests.tsql import (
    FIRM,
    FIRMS,
    PART,
    PEOPLE,
    PERSON,
    KnownSchema,
    Link,
    assert_golden,
    senders,
    silent_engine,
    trees,
    visited,
)  # fmt: skip
from tests.unit.dialects.test_dialects_tsql import collected

GROUPS = ("installing", "rehearsing", "removing", "sampling", "sweeping", "tracking-look", "undoing-rows")
Answers = Mapping[str, Sequence[tuple[Any, ...]]]
ELSEWHERE = {
    ("tracking/tables.py", "borrow"), ("tracking/tables.py", "give_back"),  # where tables are temporary
    ("dialects/mssql_cursor.py", "executemany"), ("dialects/mssql_cursor.py", "connection_class"),  # what it is given
}  # fmt: skip


class Place:
    """A database of which the driver says what `answers` says."""

    def __init__(self, answers: Answers | None = None, *, changes: str = "triggers", links: bool = True) -> None:
        self.seen: list[str] = []
        self.engine: Engine = silent_engine(self.seen, answers or {})
        self.database = KnownSchema(self.engine, Mssql(), timezone="UTC", to_phone=str, changes=changes)
        person = PERSON if links else replace(PERSON, links=())
        self.database.use({"person": person, "firm": FIRM, "part": PART})
        self.store = SqlStore(self.engine, Mssql(), self.database.unit)
        self.seen.clear()

    def statements(self) -> list[str]:
        """Each once, but for the tables, which SQLAlchemy makes in the order of a set: they have a file of their own."""
        self.engine.dispose()
        made = {each.strip() for each in self.store.ddl()}
        return [each for each in dict.fromkeys(self.seen) if each.strip() not in made]


def installing() -> list[str]:
    place = Place()
    log = ChangeLog(place.database, place.database.entities())
    place.store.install(lambda connection, older: log.install(connection, older))
    place.store.outside(lambda _: ["SELECT 1"])
    with place.store.raw() as connection:
        assert len(log.unwatched(connection)) == 3
    older = Place(
        {"SELECT value FROM mxsync_meta WHERE name = 'version'": [("1",)], "FROM sys.objects": [("mxsync_meta",)]}
    )
    older.store.install()
    return [*place.statements(), *older.statements()]


def rehearsing() -> list[str]:
    place = Place()
    with place.store.borrowed(), place.store.rehearsal():
        pass
    return place.statements()


def removing() -> list[str]:
    place = Place({"FROM sys.triggers": [("dbo", "mxsync_Con]tacts")], "FROM sys.objects": [("mxsync_meta",)]})
    place.store.remove()
    tracked = Place(changes="change tracking", links=False)
    log = ChangeLog(tracked.database, tracked.database.entities())
    with tracked.store.raw() as connection:
        log.unwatched(connection)
        log.remove_outside(connection)
    return [*place.statements(), *tracked.statements()]


def sampled() -> list[str]:
    place = Place()
    held: Callable[..., Engine] = lambda *a, **k: place.engine  # noqa: E731
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Mssql, "open", held)
        sampling.sample("mssql+pyodbc://h/d?driver=x", Schema((PEOPLE, FIRMS)), Path())
    return place.statements()


def sweeping() -> list[str]:
    place = Place({"SELECT COUNT(*) FROM mxsync_seen": [(7,)], "SELECT row_key, stamp": [("", "2026-01-01 10:00:00")], "SELECT row_key FROM": [("9",)]},
                  changes="modified", links=False)  # fmt: skip
    place.database._has_log = True
    with place.store.transaction() as unit:
        unit.crm.notice()
    return place.statements()


def looking() -> list[str]:
    """Told at each look: what was taken up to version 4, and then what is older than what is kept."""
    found: list[str] = []
    for oldest in (1, 5):
        answers: Answers = {"CHANGE_TRACKING_CURRENT_VERSION": [(6, oldest, 1)], "SELECT stamp": [("4 1",)]}
        place = Place(answers, changes="change tracking", links=False)
        place.database._has_log = True
        with place.store.transaction() as unit:
            unit.crm.notice()
        found += place.statements()
    return list(dict.fromkeys(found))


def undoing() -> list[str]:
    linked = Place(
        {
            'SELECT "ContactID" FROM "Contacts"': [(1,)], 'SELECT "Id" FROM "sales"': [("A",)],
            'SELECT 1 FROM "sales"': [(1,)],
        }
    )  # fmt: skip
    image = BeforeImage(RecordKey("person", 1), {"ContactID": 1}, (("Ties", {"p": 1, "f": "a"}),))
    with linked.store.transaction() as unit:
        unit.crm.taken_back.insert([image])
    plain = Place(links=False)
    with plain.store.transaction() as unit:
        unit.crm.link("person", "firm", [(1, "a")])
        unit.crm.taken_back.unlink("person", "firm", [(1, "a")])
    return [*linked.statements(), *plain.statements()]


MADE = dict(zip(GROUPS, (installing, rehearsing, removing, sampled, sweeping, looking, undoing), strict=True))


@pytest.fixture(scope="module")
def statements() -> Mapping[str, Sequence[str]]:
    return {name: make() for name, make in MADE.items()}


@pytest.mark.parametrize("group", GROUPS)
def test_the_golden_file(statements: Mapping[str, Sequence[str]], group: str) -> None:
    assert_golden(group, statements[group])


def test_a_parser_of_t_sql_understands_it(statements: Mapping[str, Sequence[str]]) -> None:
    for group in GROUPS[:5]:  # of change tracking it has no grammar: see the golden files of that
        for statement in statements[group]:
            for tree in trees(statement):
                assert not isinstance(tree, exp.Command) or tree.name.upper() in ("SET", "GRANT"), statement


def test_no_function_that_sends_statements_is_left_out(statements: Mapping[str, Sequence[str]]) -> None:
    collected()
    _prepare(Link([], {}), None)
    assert senders() - visited - ELSEWHERE == set()


def test_no_statement_has_an_empty_list(statements: Mapping[str, Sequence[str]]) -> None:
    """Which the parser lets pass, and the server does not."""
    every = [each for groups in (statements, collected()) for group in groups.values() for each in group]
    assert [each for each in every if "() VALUES" in each or "VALUES ()" in each or "IN ()" in each] == []
