"""What a database does when something is in the way: locks, dead connections, logins, a driver that is missing; and what
mxsync remembers in it."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy.engine import make_url

from mxsync.database.tables import SqlDatabase
from mxsync.dialects import dialect_of, mysql, postgresql
from mxsync.dialects.base import Login
from mxsync.errors import (
    BadContent,
    ConfigError,
    Locked,
    MxsyncError,
    SchemaMismatch,
    Transient,
    Unauthorized,
    Unavailable,
)
from mxsync.model.item import ItemRef, Kind
from mxsync.model.record import Entity, FieldMap, RecordKey
from mxsync.ports.database import Fitted
from mxsync.ports.leases import TENANT
from mxsync.ports.links import WaitingRow
from mxsync.ports.tracking import Intent, ItemRow, PairRow, Unit
from mxsync.tracking.leases import TERM
from mxsync.tracking.store import SqlStore
from tests.sites import KINDS, SERVERS, Site, engine_of, site_of

PERSON = Entity("person", "people", ("id",), {"name": FieldMap("name", ("name",))})
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.fixture(params=KINDS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    with site_of(request.param, request, tmp_path) as found:
        found.run('CREATE TABLE "people" (id {ID}, name {NAME})')
        yield found


@pytest.fixture
def database(site: Site) -> SqlDatabase:
    found = site.database((PERSON,))
    site.store(found).install()
    return found


@pytest.fixture
def store(site: Site, database: SqlDatabase) -> SqlStore:
    return site.store(database)


# -------------------------------------------------------------------------------------------------- in each other's way


@pytest.mark.parametrize("site", SERVERS, indirect=True)
def test_a_deadlock_is_transient_and_one_of_the_two_gets_through(site: Site) -> None:
    databases = [site.database((PERSON,)) for _ in range(2)]
    site.store(databases[0]).install()
    site.run("INSERT INTO \"people\" (name) VALUES ('a')", "INSERT INTO \"people\" (name) VALUES ('b')")
    together = threading.Barrier(2, timeout=30)

    def cross(number: int) -> str:
        keys = [1, 2] if number else [2, 1]
        try:
            with site.store(databases[number]).transaction() as unit:
                unit.crm.update([(keys[0], Fitted("person", {"name": f"w{number}"}))], {})
                together.wait()
                unit.crm.update([(keys[1], Fitted("person", {"name": f"w{number}"}))], {})
            return "done"
        except Transient as error:
            assert not isinstance(error, Unavailable) and error.exit_code == 5
            return "again"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(cross, range(2))) == ["again", "done"]


# -------------------------------------------------------------------------------------------------- connections


def end_connections(site: Site) -> None:
    """As a server does that is stopped and started; only mxsync's connections to this database."""
    with engine_of(site.url).connect() as connection:
        if site.kind == "postgresql":
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid()"
            ).fetchall()
        else:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            rows = connection.exec_driver_sql(
                "SELECT session_id FROM sys.dm_exec_sessions WHERE database_id = DB_ID() AND session_id <> @@SPID"
                if site.kind == "mssql"
                else "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()"
            ).fetchall()
            for (number,) in rows:
                connection.exec_driver_sql(f"KILL {number}")


@pytest.mark.parametrize("site", SERVERS, indirect=True)
def test_a_connection_that_died_idle_is_replaced(site: Site, database: SqlDatabase, store: SqlStore) -> None:
    with store.transaction() as unit:
        unit.tracking.set_cursor("anna@ours.example", "1")
    end_connections(site)
    with store.transaction() as unit:
        assert unit.tracking.cursor("anna@ours.example") == "1"


@pytest.mark.parametrize("site", SERVERS, indirect=True)
def test_a_connection_that_dies_in_a_transaction_is_told_and_the_next_works(
    site: Site, database: SqlDatabase, store: SqlStore
) -> None:
    with pytest.raises(Unavailable) as died, store.transaction() as unit:
        unit.crm.insert([database.fit("person", {"name": "lost"}, new=True)], {})
        end_connections(site)
        unit.crm.insert([database.fit("person", {"name": "never"}, new=True)], {})
    assert died.value.exit_code == 5
    with store.transaction() as unit:
        unit.crm.insert([database.fit("person", {"name": "kept"}, new=True)], {})
    assert site.rows('SELECT name FROM "people"') == [("kept",)]


@pytest.mark.parametrize(("site", "module"), [("postgresql", postgresql), ("mariadb", mysql)], indirect=["site"])
def test_a_frozen_worker_keeps_its_rows_no_longer_than_its_lease(
    site: Site, module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert timedelta(seconds=module.IDLE_SECONDS) == TERM
    other = site.store(site.database((PERSON,)))
    other.install()  # its connection is made before the limit is that short
    site.run("INSERT INTO \"people\" (name) VALUES ('before')")
    monkeypatch.setattr(module, "IDLE_SECONDS", 2)
    database = site.database((PERSON,))
    frozen = site.store(database)
    with frozen.transaction() as unit:
        epoch = unit.tracking.take_lease("anna@ours.example", "elsewhere 1 1.00", NOW)
    frozen.fence = lambda tracking: tracking.renew_lease("anna@ours.example", "elsewhere 1 1.00", epoch, NOW)

    def write(unit: Unit, name: str) -> None:
        unit.crm.update([(1, database.fit("person", {"name": name}, new=False))], {})

    taken_over = False
    with pytest.raises(Transient), frozen.transaction() as unit:
        write(unit, "of the frozen one")
        # It says nothing more. Who takes over waits for the row until the server has given that transaction up.
        with other.transaction() as second:
            second.tracking.take_lease("anna@ours.example", "elsewhere 2 2.00", NOW + TERM)
            write(second, "of the other")
        taken_over = True
    assert taken_over
    with pytest.raises(Locked, match="another mxsync has taken the mailbox"), frozen.transaction() as unit:
        write(unit, "of one that came back")
    assert site.rows('SELECT name FROM "people"') == [("of the other",)]


@pytest.mark.parametrize("site", ["postgresql"], indirect=True)
def test_a_database_that_takes_no_changes_is_waited_for(site: Site, database: SqlDatabase) -> None:
    name = site.url.rpartition("/")[2].partition("?")[0]
    site.run(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    store = site.store(site.database((PERSON,)))  # connections that begin after the failover
    with pytest.raises(Unavailable, match="takes no changes at present"), store.transaction() as unit:
        unit.crm.insert([database.fit("person", {"name": "x"}, new=True)], {})
    with store.reading() as unit:
        assert unit.tracking.cursor("anna@ours.example") == ""


WRONG: dict[str, dict[str, str]] = {
    "postgresql": {"user": "postgresql+psycopg://nobody@/{db}?host={socket}", "db": "postgresql+psycopg://postgres@/none?host={socket}",
                   "host": "postgresql+psycopg://postgres@/{db}?host=/nonexistent"},
    "mariadb": {"user": "mysql+pymysql://nobody@localhost/{db}?unix_socket={socket}/sql.sock",
                "db": "mysql+pymysql://root@localhost/none?unix_socket={socket}/sql.sock",
                "host": "mysql+pymysql://root@localhost/{db}?unix_socket=/nonexistent"},
}  # fmt: skip


def wrong_for_mssql(url: str, what: str) -> str:
    parsed = make_url(url)
    wrong = {
        "user": parsed.set(username="nobody"),
        "db": parsed.set(database="none"),
        "host": parsed.set(host="127.0.0.1", port=1),
    }
    return wrong[what].render_as_string(hide_password=False)


# PyMySQL leaves the socket of a refused login to the collector, which warns of it: here, not in the next test.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("site", SERVERS, indirect=True)
@pytest.mark.parametrize(("what", "error", "word"), [
    ("user", Unauthorized, "refuses the login|username and password"), ("db", Unauthorized, "no such database"),
    ("host", Unavailable, "cannot be reached"),
])  # fmt: skip
def test_a_server_that_cannot_be_used_is_a_sentence(site: Site, what: str, error: type[MxsyncError], word: str) -> None:
    if site.server is None:
        url = wrong_for_mssql(site.url, what)
    else:
        name = site.url.rpartition("/")[2].partition("?")[0]
        url = WRONG[site.kind][what].format(db=name, socket=site.server.folder)
    engine = dialect_of(url).open(url, base=Path(), login=Login(password="s3cret") if what == "user" else None)
    try:
        with pytest.raises(error, match=word) as caught, site.dialect.errors(), engine.connect():
            pass
        assert "s3cret" not in str(caught.value) and caught.value.exit_code == 5
    finally:
        engine.dispose()
        del caught
        gc.collect()


RESTRICTED: dict[str, tuple[str, str, str, str]] = {
    "postgresql": (
        "CREATE ROLE onlooker LOGIN", "postgresql+psycopg://onlooker@/{db}?host={socket}",
        "SELECT * FROM mxsync_aside", "`mxsync schema install` makes what is missing",
    ),
    "mariadb": (
        "CREATE USER onlooker@localhost", "mysql+pymysql://onlooker@localhost/{db}?unix_socket={socket}/sql.sock",
        "CREATE TEMPORARY TABLE x (i int)", "CREATE TEMPORARY TABLES",
    ),
}  # fmt: skip
"""What makes a user of few rights, the address for him, a statement of mxsync's, and what is said of it."""


@pytest.mark.parametrize("site", RESTRICTED, indirect=True)
def test_a_missing_right_is_not_taken_for_a_missing_database(site: Site) -> None:
    assert site.server is not None
    create, address, statement, word = RESTRICTED[site.kind]
    name = site.url.rpartition("/")[2].partition("?")[0]
    site.run(create)
    if site.kind == "mariadb":
        site.run("CREATE TABLE seen (i int)", f"GRANT SELECT ON {name}.seen TO onlooker@localhost")
    url = address.format(db=name, socket=site.server.folder)
    engine = dialect_of(url).open(url, base=Path())
    try:
        with engine.connect() as connection, pytest.raises(MxsyncError, match=word) as caught, site.dialect.errors():
            connection.exec_driver_sql(statement)
        assert caught.value.exit_code == 5 and "no such database" not in str(caught.value)
    finally:
        engine.dispose()
        site.run("DROP ROLE onlooker" if site.kind == "postgresql" else "DROP USER onlooker@localhost")


def test_a_library_that_a_driver_lacks_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object, **options: object) -> object:
        raise ImportError("libodbc.so.2: cannot open shared object file")

    monkeypatch.setattr("mxsync.dialects.server.create_engine", broken)
    url = "mssql+pyodbc://h/d?driver=ODBC+Driver+18+for+SQL+Server"
    with pytest.raises(ConfigError, match="cannot be loaded: libodbc") as caught:
        dialect_of(url).open(url, base=Path())
    assert "unixODBC" in str(caught.value)


@pytest.mark.parametrize(
    ("url", "module", "extra"),
    [("postgresql://h/d", "psycopg", "mxsync[postgresql]"), ("mariadb://h/d", "pymysql", "mxsync[mysql]"),
     ("mssql+mssqlpython://h/d", "mssql_python", "mxsync[mssql]")],
)  # fmt: skip
def test_a_driver_that_is_missing_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, url: str, module: str, extra: str
) -> None:
    for name in [name for name in sys.modules if name.startswith("mxsync.dialects.") and name.endswith("_types")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ConfigError, match="is not installed: pip install") as caught:
        dialect_of(url).open(url, base=Path())
    assert extra in str(caught.value) and caught.value.exit_code == 2


# -------------------------------------------------------------------------------------------------- what is remembered


def item(href: str, mailbox: str = "anna@ours.example", **more: str) -> ItemRow:
    return ItemRow(
        ItemRef(mailbox, "Inbox", href),
        Kind.MAIL,
        "r",
        "s",
        more.get("identity", href),
        more.get("fate", "nothing"),
        "p",
        "",
        NOW,
    )


def test_items_are_told_apart_letter_by_letter(site: Site, store: SqlStore) -> None:
    names = ["a.eml", "A.eml", "ä.eml", "a\u0308.eml", "a", "Ünï/😀.eml"]
    if site.kind != "mssql":  # which takes no notice of blanks at a text's end, in no collation
        names.append("a.eml ")
    with store.transaction() as unit:
        unit.tracking.save_items([item(name) for name in names])
        unit.tracking.save_items([item("a.eml", fate="applied")])
    with store.reading() as unit:
        rows = unit.tracking.items([ItemRef("anna@ours.example", "Inbox", name) for name in names])
        assert {ref.href: row.fate for ref, row in rows.items()} == {
            name: "applied" if name == "a.eml" else "nothing" for name in names
        }


def test_long_names_are_names(site: Site, store: SqlStore) -> None:
    names = ["x" * 1000 + str(n) for n in range(3)]
    mailbox = "a" * 240 + "@o.example"
    if site.kind == "mssql":  # whose keys hold 450 characters: the item is set aside
        with pytest.raises(BadContent, match="too long for the index"), store.transaction() as unit:
            unit.tracking.save_items([item(names[0], mailbox)])
        names, mailbox = [str(n) + "x" * 400 for n in range(3)], "anna@ours.example"
    with store.transaction() as unit:
        unit.tracking.save_items([item(name, mailbox) for name in names])
        unit.tracking.save_items([item(name, mailbox, fate="applied") for name in names[:1]])
    with store.reading() as unit:
        rows = unit.tracking.items([ItemRef(mailbox, "Inbox", name) for name in names])
        assert sorted(row.fate for row in rows.values()) == ["applied", "nothing", "nothing"]


def test_a_thousand_items_and_pairs_and_a_long_text(site: Site, store: SqlStore) -> None:
    items = [item(f"{n}.eml", identity=f"<{n % 500}@x>") for n in range(1500)]
    long = "ä" * 300_000
    pairs = [
        PairRow(row.ref, row.identity, RecordKey("person", n), True, {"name": long if not n else "x"})
        for n, row in enumerate(items)
    ]
    with store.transaction() as unit:
        unit.tracking.save_items(items)
        unit.tracking.save_pairs(pairs)
    with store.reading() as unit:
        assert len(unit.tracking.items([row.ref for row in items])) == 1500
        assert len(unit.tracking.items_by_identity("anna@ours.example", [row.identity for row in items])) == 500
        found = unit.tracking.pairs_of_rows([RecordKey("person", n) for n in range(1500)])
        assert len(found) == 1500 and found[RecordKey("person", 0)][0].baseline == {"name": long}
        assert len(unit.tracking.known("anna@ours.example", "Inbox")) == 1500
        assert unit.tracking.counts()["items.nothing"] == 1500
    with store.transaction() as unit:
        unit.tracking.forget_items([row.ref for row in items[:700]])
        unit.tracking.renew_stamps("anna@ours.example", [(f"{n}.eml", "new") for n in range(700, 1500)])
    with store.reading() as unit:
        assert {known.stamp for known in unit.tracking.known("anna@ours.example", "Inbox").values()} == {"new"}


def test_the_journal_keeps_an_intent_once(site: Site, store: SqlStore) -> None:
    ref = ItemRef("anna@ours.example", "Inbox", "1.eml")
    with store.transaction() as unit:
        unit.tracking.intend([Intent("k1", ref, "mark", {"n": 1}), Intent("k2", ref, "mark", {})])
        unit.tracking.intend([Intent("k1", ref, "mark", {"n": 2})])
    with store.transaction() as unit:
        assert [(i.key, i.payload) for i in unit.tracking.pending()] == [("k1", {"n": 1}), ("k2", {})]
        unit.tracking.performed("k1", {})
        unit.tracking.failed("k2", "no", final=True)
        unit.tracking.intend([Intent("k1", ref, "mark", {"n": 3})])
    with store.reading() as unit:
        assert unit.tracking.pending() == () and [i.key for i in unit.tracking.given_up(5)] == ["k2"]


def test_the_journal_knows_what_was_begun_and_what_was_refused(site: Site, store: SqlStore) -> None:
    ref = ItemRef("anna@ours.example", "Contacts", "?k1")
    due = NOW + timedelta(minutes=4)
    with store.transaction() as unit:
        unit.tracking.intend([Intent("k1", ref, "item", {}, refused=2), Intent("k2", ref, "item", {})])
        unit.tracking.begin(["k1"])
        assert [(i.key, i.begun, i.refused) for i in unit.tracking.pending()] == [("k1", 2, 2), ("k2", 1, 0)]
        unit.tracking.refused("k1", "no", due)
        unit.tracking.failed("k2", "away", final=False)
        unit.tracking.remind([WaitingRow(ref, "changed", due=due)])
        unit.tracking.remind([WaitingRow(ItemRef("ben@ours.example", "Contacts", "1.vcf"), "changed")])
    with store.transaction() as unit:
        tracking = unit.tracking
        assert [(i.key, i.begun, i.attempts) for i in tracking.pending()] == [("k2", 0, 1)]
        assert [(i.key, i.begun, i.refused, i.due) for i in tracking.given_up(5)] == [("k1", 0, 3, due)]
        assert [row.ref.mailbox for row in tracking.waiting(5, NOW)] == ["ben@ours.example"]
        assert [row.ref for row in tracking.put_off(NOW)] == [ref] and len(tracking.waiting(5)) == 2
        assert len(tracking.waiting(5, due)) == 2 and tracking.put_off(due) == []
        tracking.enqueue([WaitingRow(ref, "changed")])  # it changed: it waits no longer
        assert len(tracking.waiting(5, NOW)) == 2
        assert tracking.revive(["k1", "k2"]) == {"k1": 3} and tracking.given_up(5) == ()


def test_passes_are_numbered_and_the_latest_come_first(site: Site, store: SqlStore) -> None:
    with store.transaction() as unit:
        numbers = [unit.tracking.begin_run("sync", "p", NOW) for _ in range(3)]
        unit.tracking.end_run(numbers[0], NOW, {"n": 1}, "done")
    with store.reading() as unit:
        assert numbers == sorted(set(numbers))
        assert [run.number for run in unit.tracking.runs(2)] == [numbers[2], numbers[1]]


def test_one_of_many_gets_the_lease(site: Site) -> None:
    databases = [site.database((PERSON,)) for _ in range(5)]
    stores = [site.store(database) for database in databases]
    stores[0].install()
    together = threading.Barrier(5, timeout=30)

    def take(number: int) -> str:
        together.wait()
        try:
            with stores[number].transaction() as unit:
                unit.tracking.take_lease(TENANT, f"elsewhere {number} 1.00", NOW)
            return "has it"
        except Locked:
            return "locked"

    with ThreadPoolExecutor(5) as pool:
        assert sorted(pool.map(take, range(5))) == ["has it", "locked", "locked", "locked", "locked"]


def test_tracking_tables_of_a_newer_mxsync_are_refused(site: Site, store: SqlStore) -> None:
    prefix = "mxsync." if site.kind == "postgresql" else ""
    site.rows(f"UPDATE {prefix}mxsync_meta SET value = '99' WHERE name = 'version'")
    with pytest.raises(SchemaMismatch, match="of a newer mxsync"):
        store.install()


def test_what_is_missing_in_the_schema_is_a_sentence(site: Site, database: SqlDatabase, store: SqlStore) -> None:
    def changed(change: Callable[[], None]) -> str:
        change()
        with pytest.raises(SchemaMismatch, match="`mxsync check` tells where") as caught, store.transaction() as unit:
            unit.crm.insert([database.fit("person", {"name": "x"}, new=True)], {})
        return str(caught.value)

    assert "name" in changed(lambda: site.run('ALTER TABLE "people" DROP COLUMN name'))
    assert "people" in changed(lambda: site.run('DROP TABLE "people"'))
