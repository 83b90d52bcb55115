"""The main job on database servers, through the command line: what is installed, who may do what, and what is in the way."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import ServerTenant, execute, sample, shown
from tenants import ANNA, Tenant, mxsync

from tests.sites import engine_of, new_database
from tests.sql_servers import Server, running
from tests.telltales import DATABASE

SERVERS = ("postgresql", "mariadb")


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def own_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """One that may be stopped."""
    with running(request.param) as server:
        yield server


def bare(server: Server, root: Path) -> ServerTenant:
    """A tenant whose database has no tracking tables yet."""
    made = Tenant.make(root, users=(ANNA,))
    url = new_database(server, sample(server.kind))
    config = (root / "mxsync.toml").read_text().replace('"sqlite:///crm.db"', f'"{url}"')
    (root / "mxsync.toml").write_text(config)
    (root / "crm.db").unlink()
    return ServerTenant(root, made.count, None, url)


def test_installed_worked_and_removed_by_the_command_line(server: Server, tmp_path: Path) -> None:
    tenant = bare(server, tmp_path / "t")
    before = set(tenant.dump(tracking=True))
    tenant.contact("jane@acme.example", FullName="Jane Roe")
    tenant.mail("jane@acme.example", subject="hello")
    refused = tenant.run("sync", check=False)
    assert refused.code == 2 and "mxsync schema install" in refused.err and "schema show" in refused.err
    assert "hello" in tenant.run("plan", "-v").out  # a look ahead needs no tables, and leaves none
    assert set(tenant.dump(tracking=True)) == before
    tenant.run("schema", "install")
    tenant.run("schema", "install")
    tenant.sync()
    assert tenant.sql("SELECT Subject FROM Emails") == [("hello",)]
    ((key,),) = tenant.sql("SELECT EmailID FROM Emails")  # 1, unless the look ahead has used that number up
    assert "hello" in tenant.run("why", "email", str(key)).out
    assert tenant.run("status").code == 0
    rows = tenant.dump()
    tenant.sync()
    assert tenant.dump() == rows
    assert tenant.run("schema", "remove", check=False).code == 2
    tenant.run("schema", "remove", "--yes")
    assert set(tenant.dump(tracking=True)) == before and tenant.dump() == rows


RIGHTS = {
    "postgresql": f"CREATE USER crm_sync PASSWORD '{DATABASE}'",
    "mariadb": f"CREATE USER crm_sync@'%' IDENTIFIED BY '{DATABASE}'",
}


def test_with_the_grants_that_are_shown_and_no_others(server: Server, tmp_path: Path) -> None:
    tenant = bare(server, tmp_path / "t")
    config = tenant.root / "mxsync.toml"
    own = config.read_text()
    config.write_text(
        own.replace("[database]\n", '[database]\nusername = "crm_sync"\npassword = { env = "CRM_PASSWORD" }\n')
    )
    admin = tenant.root / "admin.toml"
    admin.write_text(own)
    text = tenant.run("-c", "admin.toml", "schema", "show").out
    # They are for the one whose login shows them: here the administrator, and not yet the user to come.
    grants = [
        re.sub(r'TO (["`])\w+\1', r"TO \1crm_sync\1", line.removeprefix("-- ").rstrip(";"))
        for line in text.splitlines()
        if line.startswith("-- GRANT")
    ]
    assert len(grants) > 5
    execute(tenant.url, [*shown(server.kind, text), RIGHTS[server.kind], *grants])
    try:
        tenant.contact("jane@acme.example", FullName="Jane Roe")
        tenant.mail("jane@acme.example", subject="hello", categories=["mxStatus=Handled"])
        tenant.mail("Max New <max@new.example>", subject="new", categories=["Create Contact and Company"],
                    attachments=[("a.pdf", b"%PDF")])  # fmt: skip
        env = {"CRM_PASSWORD": DATABASE}
        tenant.run("check", env=env)
        tenant.sync(env=env)
        assert sorted(tenant.sql("SELECT Subject, mxStatus FROM Emails")) == [("hello", "Handled"), ("new", None)]
        assert tenant.sql("SELECT Domain FROM Companies") == [("new.example",)]
        assert tenant.run("status", env=env).code == 0
        # The syncs, rules about rows, what waits for people, and taking it back, with the same rights.
        ((anna,),) = tenant.sql("SELECT UserID FROM Users")
        tenant.sql("UPDATE Contacts SET OwnerID = ? WHERE Email = 'jane@acme.example'", anna)
        tenant.sync(env=env)
        cards = tenant.root / "mailboxes" / ANNA / "Contacts"
        (card,) = (path for path in cards.glob("*.vcf") if "jane@acme.example" in path.read_text())
        card.write_text(card.read_text().replace("FN:Jane Roe", "FN:Jane Roe\nTITLE:Chief"))
        tenant.sync(env=env)
        assert tenant.sql("SELECT JobTitle FROM Contacts WHERE Email = 'jane@acme.example'") == [("Chief",)]
        tenant.run("verify", env=env)
        tenant.run("review", env=env)
        ((run,),) = tenant.sql("SELECT max(run) FROM mxsync_audit WHERE action = 'update'")
        tenant.run("undo", "run", str(run), env=env)
        assert tenant.sql("SELECT JobTitle FROM Contacts WHERE Email = 'jane@acme.example'") == [(None,)]
        tenant.sql("DELETE FROM EmailContacts")
        tenant.sql("DELETE FROM Contacts WHERE Email = 'jane@acme.example'")
        tenant.sync(env=env)
        assert not [path for path in cards.glob("*.vcf") if "jane@acme.example" in path.read_text()]
        if server.kind == "mariadb":  # PostgreSQL's server of the tests trusts everybody
            wrong = tenant.run("sync", check=False, env={"CRM_PASSWORD": "wr0ng"})
            assert wrong.code == 5 and "refuses the login" in wrong.err and "wr0ng" not in wrong.err + wrong.out
    finally:
        tenant.run("-c", "admin.toml", "schema", "remove", "--yes")
        engine_of(tenant.url).dispose()
        drop = ['DROP OWNED BY "crm_sync"'] if server.kind == "postgresql" else []
        execute(tenant.url, [*drop, 'DROP USER "crm_sync"' + ("@'%'" if server.kind == "mariadb" else "")])


CHANGES = {
    "a column is dropped": ("ALTER TABLE Contacts DROP COLUMN JobTitle", "JobTitle"),
    "a column is called otherwise": ("ALTER TABLE Contacts RENAME COLUMN JobTitle TO Post", "JobTitle"),
    "a table is called otherwise": ("ALTER TABLE Documents RENAME TO Papers", "Documents"),
    "a type is another": ("ALTER TABLE Opportunities {} CreatedOn", "MX"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_schema_that_has_moved_is_noticed_before_anything_is_written(
    server: Server, tmp_path: Path, change: str
) -> None:
    tenant = ServerTenant.on(server, tmp_path / "t", users=(ANNA,))
    statement, word = CHANGES[change]
    if "{}" in statement:
        how = "ALTER COLUMN CreatedOn DROP DEFAULT, ALTER COLUMN CreatedOn TYPE INTEGER USING 1"
        tenant.sql(
            f"ALTER TABLE Opportunities {how}"
            if server.kind == "postgresql"
            else "ALTER TABLE Opportunities MODIFY CreatedOn INTEGER"
        )
    else:
        tenant.sql(statement)
    tenant.contact("jane@acme.example")
    tenant.mail("jane@acme.example", subject="hello")
    before = tenant.dump(tracking=True)
    done = tenant.run("sync", check=False)
    if word == "MX":
        pytest.skip("the rules ask nothing of that column's type") if done.code == 0 else None
    assert done.code in (3, 5) and word.lower() in (done.err + done.out).lower(), done.err
    assert {name: rows for name, rows in tenant.dump(tracking=True).items() if rows} == {
        name: rows for name, rows in before.items() if rows
    }


def test_triggers_that_are_gone_are_noticed(server: Server, tmp_path: Path) -> None:
    tenant = ServerTenant.on(server, tmp_path / "t", users=(ANNA,))
    name = "DISABLE TRIGGER mxsync_log" if server.kind == "postgresql" else ""
    tenant.sql(f"ALTER TABLE Contacts {name}" if name else "DROP TRIGGER mxsync_delete_Contacts")
    tenant.contact("jane@acme.example")
    tenant.mail("jane@acme.example", subject="hello")
    done = tenant.run("sync", check=False)
    assert done.code == 5 and "contacts" in done.err.lower() and "schema install" in done.err
    assert tenant.count_rows("Emails") == 0
    tenant.run("schema", "install")
    tenant.sync()
    assert tenant.count_rows("Emails") == 1


def test_a_proposal_for_a_database_on_a_server_checks(server: Server, tmp_path: Path) -> None:
    url = new_database(server, sample(server.kind))
    mxsync("init", "fresh", "--database", url, cwd=tmp_path)
    text = (tmp_path / "fresh" / "rules" / "main.rules").read_text()
    assert "entity" in text and "contacts" in text.lower()
    assert mxsync("check", cwd=tmp_path / "fresh").code == 0


@pytest.mark.parametrize("own_server", SERVERS, indirect=True)
def test_a_server_that_stops_and_starts(own_server: Server, tmp_path: Path) -> None:
    tenant = ServerTenant.on(own_server, tmp_path / "t", users=(ANNA,))
    tenant.contact("jane@acme.example")
    for number in range(200):
        tenant.mail("jane@acme.example", subject=f"mail {number}")
    own_server.stop(kill=True)
    engine_of(tenant.url).dispose()
    away = tenant.run("sync", check=False)
    assert away.code == 5 and "cannot be reached" in away.err
    own_server.start()
    # In the middle of a pass it is stopped, and started again.
    work = subprocess.Popen(
        [sys.executable, "-m", "mxsync", "sync"], cwd=tenant.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        while work.poll() is None and not tenant.sql("SELECT 1 FROM mxsync_runs"):
            time.sleep(0.02)
        engine_of(tenant.url).dispose()
        own_server.stop(kill=True)
        own_server.start()
    finally:
        work.communicate(timeout=120)
    assert work.returncode in (0, 5)
    tenant.sync()
    subjects = [subject for (subject,) in tenant.sql("SELECT Subject FROM Emails")]
    assert sorted(subjects) == sorted(f"mail {n}" for n in range(200))
    assert tenant.count_rows("EmailContacts") == 200


def test_an_erasure_leaves_no_claim_of_anybody(server: Server, tmp_path: Path) -> None:
    tenant = ServerTenant.on(server, tmp_path / "t", users=(ANNA,))
    tenant.mail("Jane Roe <jane@acme.example>", categories=["Create Contact"])
    tenant.sync()
    claims = "mxsync.mxsync_claims" if server.kind == "postgresql" else "mxsync_claims"
    assert tenant.count_rows(claims) > 0
    tenant.run("erase", "jane@acme.example", "--yes")
    assert tenant.count_rows(claims) == 0 and tenant.count_rows("Contacts") == 0
    tenant.mail("Jane Roe <jane@acme.example>", subject="again", categories=["Create Contact"])
    tenant.sync()
    assert tenant.count_rows("Contacts") == 0 and tenant.count_rows(claims) == 0


def timeless(tenant: ServerTenant) -> dict[str, list[list[object]]]:
    """Every row without its times: a trigger of the tables says when each was changed last."""
    return {
        table: [[value for value in row if not str(value).startswith("20")] for row in rows]
        for table, rows in tenant.dump().items()
    }


def test_a_run_is_undone_and_done_again(server: Server, tmp_path: Path) -> None:
    rules = (
        "use 'crm.rules'\n\nrule 'Offers'\n  when mail subject starts with 'offer'\n"
        "  then save, create contact, create company from domain, link, save attachments to documents,\n"
        "    set contact.status = 'Won'\n"
    )
    tenant = ServerTenant.on(server, tmp_path / "t", rules, users=(ANNA,))
    tenant.contact("old@bell.example", Status="Open", FullName="Old Bell")
    tenant.sync()
    before = timeless(tenant)
    tenant.mail("Jane Roe <jane@acme.example>", subject="offer 1", attachments=[("a.pdf", b"%PDF 1")])
    tenant.mail("Old Bell <old@bell.example>", subject="offer 2")
    tenant.sync()
    after = timeless(tenant)
    assert after != before
    assert tenant.run("undo", "run", "last", "--plan").code == 0
    tenant.run("undo", "run", "last")
    assert timeless(tenant) == before
    tenant.sync()
    assert timeless(tenant) == before
    number = tenant.run("undo", "--format", "json").document["runs"]
    undone = max(run["number"] for run in number if run["kind"] == "undo")
    tenant.run("undo", "run", str(undone))
    assert timeless(tenant) == after
    # What a person has changed since is refused, and named.
    tenant.sql("UPDATE Contacts SET Status = 'Mine' WHERE Email = 'old@bell.example'")
    last = max(
        run["number"] for run in tenant.run("undo", "--format", "json").document["runs"] if run["kind"] == "undo"
    )
    refused = tenant.run("undo", "run", str(last), check=False)
    assert refused.code == 1 and "`status` of contact 1" in refused.err and "'Mine'" in refused.err
