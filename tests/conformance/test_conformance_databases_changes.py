"""Every database tells what changed in it: the feed, who wrote, what is installed, and what is left when it is removed."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect

from mxsync.database.bell import Bell
from mxsync.database.changelog import ChangeLog
from mxsync.database.tables import SqlDatabase
from mxsync.errors import SchemaMismatch
from mxsync.model.record import Entity, FieldMap, RecordKey
from mxsync.ports.database import Fitted, RowChange
from tests.sites import KINDS, SERVERS, Site, engine_of, site_of

NAME = 'People\' of "it"'
PERSON = Entity("person", NAME, ("id",), {"name": FieldMap("name", ("name",))}, where=(("kind", "p"),))
FIRM = Entity("firm", NAME, ("id",), {"name": FieldMap("name", ("name",))}, where=(("kind", "f"),))
TWO = Entity("two", "two", ("a", "b"), {"v": FieldMap("v", ("v",))})
TABLE = '"People\' of ""it"""'


@pytest.fixture(params=KINDS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    with site_of(request.param, request, tmp_path) as found:
        found.run(
            f"CREATE TABLE {TABLE} (id {{ID}}, name {{NAME}}, kind CHAR(1))",
            'CREATE TABLE "two" (a {KEY} NOT NULL, b INTEGER NOT NULL, v {NAME}, PRIMARY KEY (a, b))',
        )
        yield found


@pytest.fixture
def database(site: Site) -> SqlDatabase:
    found = site.database((PERSON, FIRM, TWO))
    store = site.store(found)
    store.install()
    with store.raw() as connection:
        ChangeLog(found, found.entities()).install(connection)
    return found


def feed(site: Site, database: SqlDatabase, *, take: bool = True) -> list[RowChange]:
    with site.store(database).transaction() as unit:
        found = list(unit.crm.changes(1000))
        if take:
            unit.crm.take(found)
    return found


def both(key: int) -> tuple[RecordKey, ...]:
    return (RecordKey("person", key), RecordKey("firm", key))


def test_every_change_is_told_once_and_by_whom(site: Site, database: SqlDatabase) -> None:
    site.run(
        f"INSERT INTO {TABLE} (name, kind) VALUES ('a', 'p')", f"INSERT INTO {TABLE} (name, kind) VALUES ('b', 'f')"
    )
    site.run(f"UPDATE {TABLE} SET name = 'c' WHERE name = 'b'")
    with site.store(database).transaction() as unit:
        (key,) = unit.crm.insert([database.fit("person", {"name": "ours"}, new=True)], {})
    site.run(f"DELETE FROM {TABLE} WHERE name = 'a'")
    found = feed(site, database, take=False)
    assert [(c.operation, c.keys, c.ours) for c in found] == [
        ("insert", both(1), False), ("insert", both(2), False), ("update", both(2), False), ("insert", both(3), True),
        ("delete", both(1), False),
    ]  # fmt: skip
    assert key == 3 and all(c.old == () and c.table == NAME for c in found)
    assert all(abs(c.at - datetime.now(UTC)) < timedelta(minutes=5) for c in found)
    if site.kind != "sqlite":
        assert all(c.by for c in found)
    assert feed(site, database) == found  # looked at is not taken
    assert feed(site, database) == []


LAST_KEY = {
    "sqlite": "SELECT last_insert_rowid()", "mariadb": "SELECT LAST_INSERT_ID()", "mssql": "SELECT CAST(@@IDENTITY AS INT)",
}  # fmt: skip
"""How many a program asks for the key of the row that it has just made; PostgreSQL's ask for it by RETURNING."""


def test_another_program_learns_the_key_of_its_row(site: Site, database: SqlDatabase) -> None:
    for n in range(1, 4 if site.kind in LAST_KEY else 0):
        with engine_of(site.url).connect() as connection:
            connection.exec_driver_sql(f"DELETE FROM {TABLE} WHERE id < 0")  # a change less than there are rows
            connection.exec_driver_sql(f"UPDATE {TABLE} SET name = 'x'")
            connection.exec_driver_sql(f"INSERT INTO {TABLE} (name, kind) VALUES ('a', 'p')")
            assert connection.exec_driver_sql(LAST_KEY[site.kind]).scalar() == n
            connection.commit()
    assert len(feed(site, database)) == (6 if site.kind in LAST_KEY else 0)


def test_a_changed_key_says_both(site: Site, database: SqlDatabase) -> None:
    site.run("INSERT INTO \"two\" (a, b, v) VALUES ('x,y', 1, 'v')", 'UPDATE "two" SET b = 2')
    found = feed(site, database)
    told = {key.value for c in found for key in (*c.keys, *c.old)}
    assert told == {("x,y", 1), ("x,y", 2)}
    if site.kind != "mssql":  # where it is a deletion and an insertion
        assert [(c.operation, [k.value for k in c.keys], [k.value for k in c.old]) for c in found] == [
            ("insert", [("x,y", 1)], []), ("update", [("x,y", 2)], [("x,y", 1)]),
        ]  # fmt: skip


def test_many_rows_of_one_statement(site: Site, database: SqlDatabase) -> None:
    values = ", ".join(f"('n{n}', 'p')" for n in range(300))
    site.run(
        f"INSERT INTO {TABLE} (name, kind) VALUES {values}", f"UPDATE {TABLE} SET name = 'x'", f"DELETE FROM {TABLE}"
    )
    found = feed(site, database)
    assert [c.operation for c in found] == ["insert"] * 300 + ["update"] * 300 + ["delete"] * 300


def test_what_is_rolled_back_is_not_told_and_what_is_ours_ends_with_the_transaction(
    site: Site, database: SqlDatabase
) -> None:
    class Stop(Exception):
        pass

    for method in ("transaction", "rehearsal"):
        with pytest.raises(Stop), getattr(site.store(database), method)() as unit:
            unit.crm.insert([database.fit("person", {"name": "ours"}, new=True)], {})
            raise Stop
    # Another program on the same connections is not taken for us.
    for engine in (database.engine, engine_of(site.url)):
        with engine.connect() as connection:
            connection.exec_driver_sql(f"INSERT INTO {TABLE} (name, kind) VALUES ('x', 'p')")
            connection.commit()
    found = feed(site, database)
    assert [c.operation for c in found] == ["insert", "insert"] and not found[1].ours


@pytest.mark.parametrize("kind", SERVERS)
def test_who_began_first_and_commits_last_is_not_missed(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with site_of(kind, request, tmp_path) as site:
        site.run(f"CREATE TABLE {TABLE} (id {{ID}}, name {{NAME}}, kind CHAR(1))")
        database = site.database((PERSON,))
        store = site.store(database)
        store.install()
        with store.raw() as connection:
            ChangeLog(database, database.entities()).install(connection)
        with engine_of(site.url).connect() as slow:
            slow.exec_driver_sql(f"INSERT INTO {TABLE} (name, kind) VALUES ('first', 'p')")
            with site.open().connect() as quick:
                quick.exec_driver_sql(f"INSERT INTO {TABLE} (name, kind) VALUES ('second', 'p')")
                quick.commit()
            assert [c.keys[0].value for c in feed(site, database)] == [2]
            slow.commit()
        assert [c.keys[0].value for c in feed(site, database)] == [1]


DISABLED = {
    "postgresql": f"ALTER TABLE {TABLE} DISABLE TRIGGER mxsync_log",
    "mariadb": 'DROP TRIGGER "mxsync_update_People\' of ""it"""',
    "sqlite": 'DROP TRIGGER "mxsync_insert_People\' of ""it"""',
    "mssql": f"DISABLE TRIGGER ALL ON {TABLE}",
}


def test_a_trigger_that_is_disabled_or_gone_is_noticed_and_made_anew(site: Site, database: SqlDatabase) -> None:
    log = ChangeLog(database, database.entities())
    store = site.store(database)
    with store.raw() as connection:
        log.check(connection)
    site.run(DISABLED[site.kind])
    with (
        store.raw() as connection,
        pytest.raises(SchemaMismatch, match="mxsync's triggers there are missing or disabled"),
    ):
        log.check(connection)
    with store.raw() as connection:
        log.install(connection)
        log.check(connection)
    site.run(f"INSERT INTO {TABLE} (name, kind) VALUES ('a', 'p')")
    assert [c.operation for c in feed(site, database)] == ["insert"]


def things(site: Site) -> set[str]:
    """Everything that stands in the catalogue."""
    queries = {
        "sqlite": "SELECT type || name FROM sqlite_master",
        "postgresql": "SELECT relkind::text || relname FROM pg_class WHERE relnamespace NOT IN (SELECT oid FROM pg_namespace "
        "WHERE nspname LIKE 'pg!_%' ESCAPE '!' OR nspname = 'information_schema') UNION SELECT 't' || tgname FROM pg_trigger "
        "UNION SELECT 'f' || proname FROM pg_proc UNION SELECT 's' || nspname FROM pg_namespace "
        "WHERE nspname NOT LIKE 'pg!_t%' ESCAPE '!'",
        "mariadb": "SELECT CONCAT('r', table_name) FROM information_schema.tables WHERE table_schema = DATABASE() UNION "
        "SELECT CONCAT('t', trigger_name) FROM information_schema.triggers WHERE trigger_schema = DATABASE() UNION "
        "SELECT CONCAT('f', routine_name) FROM information_schema.routines WHERE routine_schema = DATABASE()",
        # The server makes up a name for a constraint, another one each time.
        "mssql": "SELECT RTRIM(type) COLLATE DATABASE_DEFAULT + CASE WHEN type IN ('PK', 'UQ', 'D') "
        "THEN OBJECT_NAME(parent_object_id) ELSE name END FROM sys.objects WHERE is_ms_shipped = 0 "
        "UNION SELECT 'I' + i.name FROM sys.indexes AS i JOIN sys.objects AS o ON o.object_id = i.object_id "
        "WHERE o.is_ms_shipped = 0 AND i.name IS NOT NULL AND i.is_primary_key = 0 AND i.is_unique_constraint = 0",
    }
    return {str(name) for (name,) in site.rows(queries[site.kind])}


def test_removal_leaves_no_trace(site: Site) -> None:
    before = things(site)
    database = site.database((PERSON, FIRM, TWO))
    store = site.store(database)
    store.install()
    with store.raw() as connection:
        ChangeLog(database, database.entities()).install(connection)
    assert things(site) - before
    store.remove()
    assert things(site) == before
    store.remove()  # nothing there: nothing to do
    assert things(site) == before


def by_hand(site: Site, database: SqlDatabase) -> list[str]:
    """What `schema show` prints, as a client of the database would run it."""
    store, log = site.store(database), ChangeLog(database, database.entities())
    script = site.dialect.script([*store.ddl(), *log.statements()], log.grants("mxsync", store.own_tables()))
    if site.kind == "postgresql":
        return [script]
    parts = script.split("\nGO\n") if site.kind == "mssql" else [*store.ddl(), *log.statements()]
    return [part for part in parts if part.strip() and not part.lstrip().startswith("--")]


def test_what_an_administrator_runs_by_hand_is_what_is_installed(site: Site) -> None:
    database = site.database((PERSON, FIRM, TWO))
    store = site.store(database)
    site.run(*by_hand(site, database))
    made = things(site)
    assert store.installed()
    with store.raw() as connection:
        ChangeLog(database, database.entities()).check(connection)
    store.remove()
    store.install()
    with store.raw() as connection:
        ChangeLog(database, database.entities()).install(connection)
    assert things(site) == made


RIGHTS = {
    "postgresql": ("CREATE USER mxsync{n}",),
    "mariadb": ("CREATE USER mxsync{n}@'%'",),
    "mssql": ("CREATE USER mxsync{n} WITHOUT LOGIN",),
}


@pytest.mark.parametrize("kind", [kind for kind in SERVERS if kind in RIGHTS])
def test_a_user_with_the_grants_and_nothing_more(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    with site_of(kind, request, tmp_path) as site:
        site.run(
            f"CREATE TABLE {TABLE} (id {{ID}}, name {{NAME}}, kind CHAR(1))",
            'CREATE TABLE "two" (a {KEY} NOT NULL, b INTEGER NOT NULL, v {NAME}, PRIMARY KEY (a, b))',
            'CREATE TABLE "secret" (a INTEGER)',
        )
        owner = site.database((PERSON, FIRM, TWO))
        log = ChangeLog(owner, owner.entities())
        site.run(*by_hand(site, owner))
        user = f"mxsync{abs(hash(site.url)) % 10**6}"
        site.run(
            *(each.replace("mxsync{n}", user) for each in RIGHTS[kind]),
            *log.grants(user, site.store(owner).own_tables()),
        )
        humble = site.seen_by(user)
        try:
            database = humble.database((PERSON, FIRM, TWO))
            store = humble.store(database)
            assert store.installed()
            with store.raw() as connection:
                ChangeLog(database, database.entities()).check(connection)
            with store.borrowed(), store.rehearsal() as unit:
                unit.crm.insert([database.fit("person", {"name": "x"}, new=True)], {})
            with store.transaction() as unit:
                run = unit.tracking.begin_run("sync", "p", datetime.now(UTC))
                keys = unit.crm.insert([database.fit("person", {"name": n}, new=True) for n in "ab"], {})
                unit.crm.update([(keys[0], Fitted("person", {"name": "c"}))], {})
                unit.tracking.set_cursor("anna@ours.example", "1")
                unit.tracking.end_run(run, datetime.now(UTC), {}, "done")
            assert len(feed(humble, database)) == 3
            with store.transaction() as unit:
                unit.crm.delete([RecordKey("person", keys[0])])
                unit.tracking.prune(datetime.now(UTC), timedelta(days=1))
            for statement in ('SELECT a FROM "secret"', 'CREATE TABLE "more" (a INTEGER)', f"DROP TABLE {TABLE}"):
                with pytest.raises(Exception, match=r"denied|must be owner|do not have permission"):
                    humble.rows(statement)
        finally:
            humble.close()
            engine_of(humble.url).dispose()


def test_other_programs_need_no_right_on_the_log(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    for kind in (kind for kind in SERVERS if kind in RIGHTS):
        with site_of(kind, request, tmp_path) as site:
            site.run(f"CREATE TABLE {TABLE} (id {{ID}}, name {{NAME}}, kind CHAR(1))")
            owner = site.database((PERSON,))
            site.run(*by_hand(site, owner))
            user = f"clerk{abs(hash(site.url)) % 10**6}"
            who = f"\"{user}\"@'%'" if kind == "mariadb" else f'"{user}"'
            site.run(*(each.replace("mxsync{n}", user) for each in RIGHTS[kind]), f"GRANT INSERT ON {TABLE} TO {who}")
            if kind == "postgresql":
                site.run(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {who}")
            clerk = site.seen_by(user)
            clerk.run(f"INSERT INTO {TABLE} (name, kind) VALUES ('by the clerk', 'p')")
            clerk.close()
            engine_of(clerk.url).dispose()
            (change,) = feed(site, owner)
            # SQL Server says who has logged in, also of one who stands for another.
            assert change.by.startswith("" if kind == "mssql" else user) and change.by and not change.ours


def test_nothing_is_added_to_the_customers_tables(site: Site, database: SqlDatabase) -> None:
    inspector = inspect(engine_of(site.url))
    assert [column["name"] for column in inspector.get_columns("two")] == ["a", "b", "v"]
    assert inspector.get_indexes("two") == []


def test_the_bell_rings_for_others_and_not_for_us(site: Site, database: SqlDatabase) -> None:
    rung: queue.SimpleQueue[str] = queue.SimpleQueue()
    bell = Bell(database.engine, site.dialect, lambda: rung.put("ring"))
    try:
        if site.kind != "postgresql":
            bell._thread.join(30)
            assert not bell.trusted and rung.empty()  # it has none, so the caller polls
            return
        assert rung.get(timeout=30) == "ring" and bell.trusted  # it has begun to listen
        with site.store(database).transaction() as unit:
            unit.crm.insert([database.fit("person", {"name": "ours"}, new=True)], {})
        site.run(f"INSERT INTO {TABLE} (name, kind) VALUES ('a', 'p')")
        assert rung.get(timeout=30) == "ring"
        assert rung.empty()
        site.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
        )
        assert rung.get(timeout=60) == "ring"  # it listens again
    finally:
        bell.stop()
    assert not bell._thread.is_alive()
