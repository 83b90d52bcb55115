"""Tables of an older mxsync, through the command line: each command notices them, and what brings them to today's form
loses nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from databases import ServerTenant, shown
from tenants import ANNA, Tenant

from tests.sites import execute

OLDER = Path(__file__).parents[1] / "conformance" / "older"
NOTICED = "the tracking tables are of an older mxsync (version 2, this one has"
READING = (
    ("status",),
    ("plan",),
    ("explain", f"{ANNA}/Inbox/00001.eml"),
    ("why", "contact", "1"),
    ("verify",),
    ("replay", "--days", "30"),
    ("undo", "--plan", "run", "1"),
    ("review", "list"),
    ("erase", "--plan", "jane@acme.example"),
)


def statements(form: str, database: str = "") -> list[str]:
    text = (OLDER / f"{form}.sql").read_text(encoding="utf-8").replace('"DATABASE"', f'"{database}"')
    return [part.strip() for part in text.split("\nGO\n") if part.strip()]


def older_sqlite(root: Path) -> Tenant:
    tenant = Tenant.make(root, users=(ANNA,))
    with closing(sqlite3.connect(tenant.crm)) as connection, connection:
        connection.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(80))")
        for statement in statements("sqlite-2"):
            connection.execute(statement)
        connection.execute("INSERT INTO people (name) VALUES ('Jane')")
        connection.execute("INSERT INTO mxsync_cursors VALUES ('ben@ours.example', 'so far')")
    return tenant


def test_each_command_that_reads_notices_and_changes_nothing(tmp_path: Path) -> None:
    tenant = older_sqlite(tmp_path / "t")
    tenant.mail()
    before = tenant.dump(tracking=True)
    for command in READING:
        done = tenant.run(*command, check=False)
        assert done.code == 5 and NOTICED in done.err, (command, done)
        assert "`mxsync schema install`, or the next pass" in done.err
    text = tenant.run("schema", "show").out
    assert "ALTER TABLE mxsync_waiting ADD COLUMN ticket" in text and "CREATE TABLE mxsync_items" not in text
    assert tenant.dump(tracking=True) == before


@pytest.mark.parametrize("command", [("sync",), ("schema", "install"), ("schema", "upgrade")])
def test_a_pass_on_a_file_brings_them_along(tmp_path: Path, command: tuple[str, ...]) -> None:
    tenant = older_sqlite(tmp_path / "t")
    tenant.mail()
    tenant.contact("jane@acme.example")
    tenant.run(*command)
    assert tenant.sql("SELECT cursor FROM mxsync_cursors WHERE mailbox = 'ben@ours.example'") == [("so far",)]
    assert tenant.sql("SELECT table_name, operation, taken FROM mxsync_changes WHERE table_name = 'people'")
    for read in READING[:2]:
        tenant.run(*read)
    tenant.sync()
    assert tenant.count_rows("Emails") == 1
    before = tenant.dump()
    tenant.sync()
    assert tenant.dump() == before


def test_an_upgrade_is_of_tables_that_are_there(tmp_path: Path) -> None:
    tenant = Tenant.make(tmp_path / "t", users=(ANNA,))
    done = tenant.run("schema", "upgrade", check=False)
    assert done.code == 2 and "run `mxsync schema install`" in done.err
    tenant.sync()
    assert "of today's form already" in tenant.run("schema", "upgrade").out


def test_tables_of_a_newer_one_are_noticed_by_each(tmp_path: Path) -> None:
    tenant = older_sqlite(tmp_path / "t")
    tenant.sql("UPDATE mxsync_meta SET value = '99' WHERE name = 'version'")
    before = tenant.dump(tracking=True)
    for command in (*READING, ("sync",), ("schema", "install"), ("schema", "upgrade"), ("run",)):
        done = tenant.run(*command, check=False)
        assert done.code == 5 and "of a newer mxsync (version 99" in done.err, (command, done)
    assert tenant.dump(tracking=True) == before


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_on_a_server_an_administrator_brings_them_along(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    tenant = ServerTenant.on(request.getfixturevalue(kind), tmp_path / "t", users=(ANNA,))
    tenant.run("schema", "remove", "--yes")
    database = tenant.url.partition("?")[0].rpartition("/")[2]
    key = "SERIAL PRIMARY KEY" if kind == "postgresql" else "INTEGER AUTO_INCREMENT PRIMARY KEY"
    execute(tenant.url, [f"CREATE TABLE people (id {key}, name VARCHAR(80))", *statements(f"{kind}-2", database)])
    own = "mxsync." if kind == "postgresql" else ""
    execute(tenant.url, [f"INSERT INTO {own}mxsync_cursors VALUES ('ben@ours.example', 'so far')"])
    tenant.mail()
    tenant.contact("jane@acme.example")
    for command in (("sync",), ("run",), *READING[:2]):
        done = tenant.run(*command, check=False)
        assert done.code == 5 and NOTICED in done.err and "with a login that may alter tables" in done.err, done
    assert tenant.count_rows("Emails") == 0
    text = tenant.run("schema", "show").out
    assert text.startswith("-- Tracking tables of an older mxsync are there") and "GRANT" in text
    execute(tenant.url, shown(kind, text.partition("\n")[2]))
    tenant.sync()
    assert tenant.count_rows("Emails") == 1
    where = "WHERE mailbox = 'ben@ours.example'"
    assert tenant.sql(f'SELECT "cursor" FROM {own}mxsync_cursors {where}'.replace('"', "" if own else "`")) == [
        ("so far",)
    ]
    assert tenant.run("schema", "show").out.startswith(("CREATE SCHEMA", "SET SESSION"))
