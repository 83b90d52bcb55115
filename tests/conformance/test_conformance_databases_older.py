"""Tracking tables that an older mxsync made are brought to today's form, with all that is in them.

`older/KIND-VERSION.sql` are the tables, and the triggers of a table `people`, as mxsync made them at that time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect

from mxsync.database.changelog import ChangeLog
from mxsync.database.tables import SqlDatabase
from mxsync.errors import SchemaMismatch, Unauthorized
from mxsync.model.item import ItemRef
from mxsync.model.record import Entity, FieldMap
from mxsync.ports.links import WaitingRow
from mxsync.ports.tracking import Intent
from mxsync.tracking.tables import VERSION
from tests.sites import KINDS, SERVERS, Site, engine_of, site_of

PEOPLE = Entity("person", "people", ("id",), {"name": FieldMap("name", ("name",))})
OLDER = Path(__file__).parent / "older"
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ROWS = {
    "items": "(mailbox, href, folder, kind, revision, stamp, {identity}, fate, {plan}, reason, decided, once, fields) "
    "VALUES ('anna@ours.example', 'Inbox/1.eml', 'Inbox', 'mail', 'r', 's', 'i', 'applied', 'p', '', "
    "'2026-11-20T10:00:00+00:00', '[]', '{{}}')",
    "cursors": "(mailbox, {cursor}) VALUES ('anna@ours.example', 'so far')",
    "journal": "({key}, mailbox, folder, href, effect, payload, state, attempts, error, outcome) VALUES "
    "('k1', 'anna@ours.example', 'Inbox', 'Inbox/1.eml', 'edit', '{{}}', 'intended', 2, 'no', '')",
    "waiting": "(mailbox, href, folder, event, {identity}{ticket}) VALUES "
    "('anna@ours.example', 'Contacts/1.vcf', 'Contacts', 'changed', 'i'{its})",
    "leases": "(name, holder, epoch, deadline) VALUES ('tenant', '', 7, '2026-11-20T10:00:00+00:00')",
}
OF_VERSION_1 = ("items", "cursors", "journal")


FORMS = [f"{kind}-{version}" for kind in KINDS for version in range(1, VERSION)]
FORMS += [form for form in ("mariadb-2-last", "mssql-2-last") if form.split("-")[0] in KINDS]


def script(form: str, database: str) -> list[str]:
    text = (OLDER / f"{form}.sql").read_text(encoding="utf-8").replace('"DATABASE"', f'"{database}"')
    return [part.strip() for part in text.split("\nGO\n") if part.strip()]


def own(site: Site, name: str) -> str:
    return f"mxsync.mxsync_{name}" if site.kind == "postgresql" else f"mxsync_{name}"


def place(site: Site) -> str:
    return site.url.rpartition("/")[2].partition("?")[0]


def make_older(site: Site, form: str) -> int:
    """The tables as they were, with a row in each of some of them, and a change in the log; their version."""
    version = int(form.split("-")[1])
    site.run("CREATE TABLE people (id {ID}, name {NAME})")
    quote = {name: f'"{name}"' for name in ("identity", "plan", "key", "cursor")}
    quote |= {"ticket": ", ticket", "its": ", ''"} if form.endswith(("-last", "-3")) else {"ticket": "", "its": ""}
    site.run(*script(form, place(site)))
    for name in ROWS if version > 1 else OF_VERSION_1:
        site.rows(f"INSERT INTO {own(site, name)} {ROWS[name].format(**quote)}")
    site.run("INSERT INTO people (name) VALUES ('Jane')")
    return version


@pytest.fixture(params=FORMS)
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Site, int]]:
    form = request.param
    with site_of(form.split("-")[0], request, tmp_path) as site:
        yield site, make_older(site, form)


def form_of(site: Site) -> dict[str, Any]:
    """Tables with their columns and indexes, as the catalogue has them; where a default came from is left out."""
    inspector = inspect(engine_of(site.url))
    inspector.clear_cache()
    schema = "mxsync" if site.kind == "postgresql" else None
    found: dict[str, Any] = {}
    for name in inspector.get_table_names(schema):
        if not name.startswith("mxsync_"):
            continue
        columns = {
            str(each["name"]): (
                type(each["type"]).__name__,
                None if site.kind == "sqlite" else getattr(each["type"], "length", None),  # there it keeps nothing out
                each["nullable"],
            )
            for each in inspector.get_columns(name, schema)
        }
        indexes = {
            # SQL Server makes up a name for what stands behind a UNIQUE constraint, another one each time.
            "UQ" if str(each["name"]).startswith("UQ__") else str(each["name"]): tuple(each["column_names"])
            for each in inspector.get_indexes(name, schema)
        }
        found[name] = (columns, {key: value for key, value in indexes.items() if value != ("mxsync_key",)})
    return found


def version_in(site: Site) -> str:
    return str(site.rows(f"SELECT value FROM {own(site, 'meta')} WHERE name = 'version'")[0][0])


def install(database: SqlDatabase, site: Site) -> None:
    site.store(database).install(ChangeLog(database, database.entities()).install)


def test_older_tables_are_noticed_with_a_sentence(older: tuple[Site, int]) -> None:
    site, version = older
    store = site.store(site.database((PEOPLE,)))
    sentence = rf"of an older mxsync \(version {version}, this one has {VERSION}\): run `mxsync schema install`"
    for ask in (store.installed, store.require):
        with pytest.raises(SchemaMismatch, match=sentence):
            ask()
    with pytest.raises(SchemaMismatch, match=sentence), store.borrowed():
        pytest.fail("nothing may be read of tables that are not understood")


def test_they_are_brought_to_todays_form_with_all_that_is_in_them(
    older: tuple[Site, int], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    site, version = older
    before = {
        name: len(site.rows(f"SELECT * FROM {own(site, name)}")) for name in (ROWS if version > 1 else OF_VERSION_1)
    }
    database = site.database((PEOPLE,))
    install(database, site)
    assert version_in(site) == str(VERSION)
    after = {name: len(site.rows(f"SELECT * FROM {own(site, name)}")) for name in before}
    assert after == before and set(before.values()) == {1}
    (tmp_path / "fresh").mkdir()
    with site_of(site.kind, request, tmp_path / "fresh") as fresh:
        fresh.run("CREATE TABLE people (id {ID}, name {NAME})")
        install(fresh.database((PEOPLE,)), fresh)
        assert form_of(site) == form_of(fresh)


def test_what_was_remembered_is_there_and_all_of_it_can_be_written(older: tuple[Site, int]) -> None:
    site, version = older
    database = site.database((PEOPLE,))
    install(database, site)
    store = site.store(database)
    assert store.installed()
    mailbox, item = "anna@ours.example", ItemRef("anna@ours.example", "Inbox", "Inbox/1.eml")
    with store.transaction() as unit:
        tracking = unit.tracking
        assert tracking.cursor(mailbox) == "so far"
        assert tracking.items([item])[item].fate == "applied"
        assert [(intent.key, intent.attempts) for intent in tracking.pending()] == [("k1", 2)]
        assert tracking.take_lease("a" * 200 + "@ours.example", "elsewhere 1 1.00", NOW) == 1
        assert tracking.take_lease("syncs", "elsewhere 1 1.00", NOW) == 1
        tracking.enqueue([WaitingRow(ItemRef(mailbox, "Contacts", "Contacts/2.vcf"), "changed")])
        waiting = tracking.waiting(10)
        assert [row.ref.href for row in waiting] == [f"Contacts/{n}.vcf" for n in ((1, 2) if version > 1 else (2,))]
        tracking.dequeue(waiting)
        assert not tracking.waiting(10)
        tracking.intend([Intent("k2", item, "edit", {})], run=3)
        tracking.mark_undone([41], 3)
        # The change of before, and one of now: the triggers are today's.
        unit.crm.insert([database.fit("person", {"name": "Max"}, new=True)], {})
        changes = unit.crm.changes(10)
        assert [change.operation for change in changes] == ["insert", "insert"]
        assert [change.ours for change in changes] == [False, True]
        unit.crm.take(changes)
    with store.raw() as connection:
        ChangeLog(database, database.entities()).check(connection)


def test_what_was_interrupted_is_taken_up(older: tuple[Site, int]) -> None:
    site, version = older

    def die(connection: object, anew: bool) -> None:
        assert anew
        raise RuntimeError("the power is gone")

    database = site.database((PEOPLE,))
    with pytest.raises(RuntimeError):
        site.store(database).install(die)
    assert version_in(site) == str(version)
    install(database, site)
    assert version_in(site) == str(VERSION) and site.store(database).installed()


def test_what_an_administrator_runs_by_hand_does_the_same(
    older: tuple[Site, int], request: pytest.FixtureRequest
) -> None:
    site, _ = older
    database = site.database((PEOPLE,))
    store, log = site.store(database), ChangeLog(database, database.entities())
    statements = store.upgrade_ddl(log.upgrade_statements)
    assert any("ALTER TABLE" in each for each in statements)
    site.run(*statements)
    assert store.installed() and version_in(site) == str(VERSION)
    with store.raw() as connection:
        log.check(connection)
    assert [each for each in store.upgrade_ddl(lambda _: []) if "version" not in each] == []


def test_tables_of_a_newer_mxsync_are_noticed(older: tuple[Site, int]) -> None:
    site, _ = older
    site.rows(f"UPDATE {own(site, 'meta')} SET value = '99' WHERE name = 'version'")
    store = site.store(site.database((PEOPLE,)))
    for ask in (store.installed, store.require, store.install):
        with pytest.raises(
            SchemaMismatch, match=rf"newer mxsync \(version 99, this one knows {VERSION}\): install that"
        ):
            ask()


@pytest.mark.parametrize("kind", [kind for kind in SERVERS if kind in ("postgresql", "mariadb")])
def test_a_user_who_may_alter_nothing_is_told_as_well(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with site_of(kind, request, tmp_path) as site:
        make_older(site, f"{kind}-2")
        owner = site.database((PEOPLE,))
        user = f"humble{abs(hash(site.url)) % 10**6}"
        who = f"\"{user}\"@'%'" if kind == "mariadb" else f'"{user}"'
        schema = "mxsync" if kind == "postgresql" else None
        there = [name for name in inspect(engine_of(site.url)).get_table_names(schema) if name.startswith("mxsync_")]
        grants = ChangeLog(owner, owner.entities()).grants(user, there)
        site.run(f"CREATE USER {who}", *grants)
        assert site.server is not None
        humble = Site(kind, site.server.url(place(site), user))
        try:
            store = humble.store(humble.database((PEOPLE,)))
            with pytest.raises(SchemaMismatch, match="with a login that may alter tables, or let the database's admin"):
                store.installed()
            with pytest.raises(Unauthorized, match="a right is missing"):
                store.install()
            assert version_in(site) == "2"
            log = ChangeLog(owner, owner.entities())
            assert store.upgrade_ddl(log.upgrade_statements) == site.store(owner).upgrade_ddl(log.upgrade_statements)
        finally:
            humble.close()
            engine_of(humble.url).dispose()
