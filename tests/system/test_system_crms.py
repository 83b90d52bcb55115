"""K1 on the tables of two CRMs that many have: Dolibarr, with numbers as keys and one table for all activities, and
SuiteCRM, with GUIDs, link tables that have keys of their own, and addresses in a table apart. Each is mapped by
`init --database` and hand edits, and then does the main job."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tenants import ANNA, BEN, Tenant, mxsync

HERE = Path(__file__).parent / "schemas"
DOCS = Path(__file__).resolve().parents[2] / "docs"
START = "DTSTART:20261110T090000Z\nDTEND:20261110T100000Z\n"


@dataclass(frozen=True)
class Crm:
    """One CRM: what is in it before (`data`), and how its tables are asked (`ask`)."""

    name: str
    data: str
    ask: dict[str, str]
    views: bool = False


DOLIBARR = Crm(
    "dolibarr",
    f"""
    INSERT INTO llx_user (rowid, login, email) VALUES (1, 'anna', '{ANNA}'), (2, 'ben', '{BEN}');
    INSERT INTO llx_societe (rowid, nom, url) VALUES (5, 'Acme Ltd', 'acme.example');
    INSERT INTO llx_socpeople (rowid, firstname, lastname, email, jabberid, fk_soc, no_email) VALUES
      (7, 'Jane', 'Roe', 'Jane@Acme.example', 'jane@home.example', 5, 0),
      (8, 'Quiet', 'Quill', 'quiet@acme.example', NULL, 5, 1);
    INSERT INTO llx_projet (rowid, ref, title, fk_soc) VALUES (9, 'PJ-17', 'A big one', 5);
    """,
    {
        "mail": "SELECT label FROM llx_actioncomm WHERE code = 'AC_EMAIL'",
        "meetings": "SELECT label FROM llx_actioncomm WHERE code = 'AC_RDV'",
        "tasks": "SELECT label FROM llx_actioncomm WHERE code = 'AC_OTH'",
        "calls": "SELECT label FROM llx_actioncomm WHERE code = 'AC_TEL'",
        "contacts of": "SELECT a.label, p.email FROM llx_actioncomm a JOIN llx_socpeople p ON p.rowid = a.fk_contact",
        "companies of": "SELECT a.label, s.nom FROM llx_actioncomm a JOIN llx_societe s ON s.rowid = a.fk_soc",
        "opportunities of": "SELECT a.label, p.ref FROM llx_actioncomm a JOIN llx_projet p ON p.rowid = a.fk_project",
        "status": "SELECT label FROM llx_actioncomm WHERE percent = 100",
        "people": "SELECT p.firstname, p.lastname, p.email, s.nom FROM llx_socpeople p JOIN llx_societe s "
        "ON s.rowid = p.fk_soc WHERE p.email LIKE 'max%'",
        "owners": "SELECT DISTINCT u.email FROM llx_actioncomm a JOIN llx_user u ON u.rowid = a.fk_user_action",
        "documents": "SELECT f.filepath, a.label FROM llx_ecm_files f JOIN llx_actioncomm a ON a.id = f.src_object_id",
        "body": "SELECT note FROM llx_actioncomm WHERE label LIKE 'known%'",
    },
)


def _person(key: str, first: str, last: str, *addresses: str, module: str = "Contacts", out: int = 0) -> str:
    table = "contacts" if module == "Contacts" else "users"
    text = f"INSERT INTO {table} (id, first_name, last_name) VALUES ('{key}', '{first}', '{last}');"
    for number, address in enumerate(addresses):
        text += (
            f"INSERT INTO email_addresses (id, email_address, email_address_caps, opt_out) "
            f"VALUES ('{key}-a{number}', '{address}', '{address.upper()}', {out});"
            "INSERT INTO email_addr_bean_rel (id, email_address_id, bean_id, bean_module, primary_address) "
            f"VALUES ('{key}-r{number}', '{key}-a{number}', '{key}', '{module}', {int(number == 0)});"
        )
    return text


SUITECRM = Crm(
    "suitecrm",
    _person("u-anna", "Anna", "Ours", ANNA, module="Users")
    + _person("u-ben", "Ben", "Ours", BEN, module="Users")
    + _person("c-jane", "Jane", "Roe", "Jane@Acme.example", "jane@home.example")
    + _person("c-quiet", "Quiet", "Quill", "quiet@acme.example", out=1)
    + """
    INSERT INTO accounts (id, name, website) VALUES ('a-acme', 'Acme Ltd', 'acme.example');
    INSERT INTO accounts_contacts (id, contact_id, account_id) VALUES
      ('l-1', 'c-jane', 'a-acme'), ('l-2', 'c-quiet', 'a-acme');
    INSERT INTO opportunities (id, name, next_step) VALUES ('o-1', 'A big one', 'PJ-17'), ('o-2', 'Gone', 'PJ-17');
    UPDATE opportunities SET deleted = 1 WHERE id = 'o-2';
    INSERT INTO opportunities_contacts (id, contact_id, opportunity_id) VALUES ('l-3', 'c-jane', 'o-1'),
      ('l-4', 'c-jane', 'o-2');
    """,
    {
        "mail": "SELECT name FROM emails WHERE deleted = 0",
        "meetings": "SELECT name FROM meetings WHERE deleted = 0",
        "tasks": "SELECT name FROM tasks WHERE deleted = 0",
        "calls": "SELECT name FROM calls WHERE deleted = 0",
        "contacts of": "SELECT m.name, c.email FROM emails_beans b JOIN emails m ON m.id = b.email_id "
        "JOIN mx_contacts c ON c.id = b.bean_id AND b.bean_module = 'Contacts' "
        "UNION SELECT m.name, c.email FROM meetings_contacts l JOIN meetings m ON m.id = l.meeting_id "
        "JOIN mx_contacts c ON c.id = l.contact_id "
        "UNION SELECT m.name, c.email FROM calls_contacts l JOIN calls m ON m.id = l.call_id "
        "JOIN mx_contacts c ON c.id = l.contact_id",
        "companies of": "SELECT m.name, a.name FROM emails_beans b JOIN emails m ON m.id = b.email_id "
        "JOIN accounts a ON a.id = b.bean_id AND b.bean_module = 'Accounts'",
        "opportunities of": "SELECT m.name, o.next_step FROM emails_beans b JOIN emails m ON m.id = b.email_id "
        "JOIN opportunities o ON o.id = b.bean_id AND b.bean_module = 'Opportunities'",
        "status": "SELECT name FROM emails WHERE lower(status) = 'handled'",
        "people": "SELECT c.first_name, c.last_name, c.email, a.name FROM mx_contacts c JOIN accounts_contacts l "
        "ON l.contact_id = c.id JOIN accounts a ON a.id = l.account_id WHERE c.email LIKE 'max%'",
        "owners": "SELECT DISTINCT u.email FROM emails m JOIN mx_users u ON u.id = m.assigned_user_id",
        "documents": "SELECT n.name, m.name FROM notes n JOIN emails m ON m.id = n.parent_id",
        "body": "SELECT t.description FROM emails_text t JOIN emails m ON m.id = t.email_id WHERE m.name LIKE 'known%'",
    },
    views=True,
)
CRMS = [pytest.param(DOLIBARR, id="dolibarr"), pytest.param(SUITECRM, id="suitecrm")]


def made(crm: Crm, folder: Path) -> Path:
    """The CRM's database."""
    path = folder / f"{crm.name}.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript((HERE / f"{crm.name}.sql").read_text())
    return path


@pytest.fixture
def tenant(crm: Crm, tmp_path: Path) -> Tenant:
    path = made(crm, tmp_path)
    root = tmp_path / "t"
    mxsync("init", str(root), "--database", f"sqlite:///{path}", cwd=tmp_path)
    with closing(sqlite3.connect(path)) as connection, connection:
        if crm.views:
            connection.executescript((HERE / f"{crm.name}_views.sql").read_text())
        connection.executescript(crm.data)
    tenant = Tenant(root, database=path)
    tenant.people((ANNA, BEN))
    tenant.rules((HERE / f"{crm.name}.rules").read_text() + (HERE / "scenario.rules").read_text())
    return tenant


def deliver(tenant: Tenant) -> None:
    tenant.mail(
        "jane+x@acme.example", subject="known [PJ-17]", body="Müller: grüße!\n", categories=["mxStatus=Handled"]
    )
    tenant.mail(
        "JANE@home.example", subject="from home", categories=["Save Attachments"], attachments=[("p.pdf", b"%PDF 1")]
    )
    tenant.mail("jane@acme.example", subject="hush", headers={"Sensitivity": "Private"})
    tenant.mail("quiet@acme.example", subject="silent")
    tenant.mail("nobody@else.example", subject="a stranger's")
    tenant.mail("Max Mora <max.mora@nova.example>", subject="new", categories=["Create Contact and Company"])
    tenant.mail("jane@acme.example", subject="to Ben", box=BEN, to=BEN)
    tenant.calendar("VEVENT", START + f"SUMMARY:visit\nORGANIZER:mailto:{ANNA}\nATTENDEE:mailto:jane@acme.example")
    tenant.calendar("VEVENT", START + "SUMMARY:dentist")
    tenant.calendar("VTODO", "SUMMARY:write to her\nDUE:20261201T120000Z\nCATEGORIES:MX-Contact", folder="Tasks")
    tenant.calendar("VTODO", "SUMMARY:bread", folder="Tasks")
    tenant.calendar("VJOURNAL", "DTSTART:20261101T090000Z\nSUMMARY:call\nCONTACT:jane@acme.example", folder="Journal")
    tenant.calendar("VJOURNAL", "DTSTART:20261101T090000Z\nSUMMARY:diary", folder="Journal")


@pytest.mark.parametrize("crm", CRMS)
def test_the_main_job_on_it(crm: Crm, tenant: Tenant) -> None:
    def ask(name: str) -> list[Any]:
        return sorted(tenant.sql(crm.ask[name]))

    def named(name: str) -> list[str]:
        return [each for (each,) in ask(name)]

    deliver(tenant)
    tenant.run("check", "--strict")
    tenant.sync()
    assert named("mail") == ["from home", "known [PJ-17]", "new", "to Ben"]
    assert named("meetings") == ["visit"] and named("tasks") == ["write to her"] and named("calls") == ["call"]
    linked = ask("contacts of")
    for subject in ("from home", "known [PJ-17]", "to Ben", "visit", "call"):
        assert (subject, "Jane@Acme.example") in linked
    assert ("new", "max.mora@nova.example") in linked and "quiet@acme.example" not in {who for _, who in linked}
    assert ("known [PJ-17]", "Acme Ltd") in ask("companies of") and ("new", "Nova") in ask("companies of")
    assert ask("opportunities of") == [("known [PJ-17]", "PJ-17")]
    assert named("status") == ["known [PJ-17]"] and named("body") == ["Müller: grüße!"]
    assert ask("people") == [("Max", "Mora", "max.mora@nova.example", "Nova")]
    assert named("owners") == [ANNA, BEN]
    ((place, subject),) = ask("documents")
    assert subject == "from home" and (tenant.root / "documents" / place).read_bytes() == b"%PDF 1"

    before, files = tenant.dump(), tenant.files()
    second = tenant.sync()
    assert second["created"] == {} and second["updated"] == {}
    assert (tenant.dump(), tenant.files()) == (before, files)
    for path in (tenant.root / "mailboxes").rglob("*.eml"):
        path.write_bytes(path.read_bytes() + b"\n")  # seen again, and decided again
    tenant.sync()
    assert tenant.dump() == before


@pytest.mark.parametrize("crm", [CRMS[1]])
def test_keys_that_the_database_does_not_make(crm: Crm, tenant: Tenant) -> None:
    deliver(tenant)
    tenant.sync()
    guid = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
    for table, own in (
        ("emails", 4),
        ("meetings", 1),
        ("calls", 1),
        ("tasks", 1),
        ("notes", 1),
        ("accounts_contacts", 1),
    ):
        made_by_us = [key for (key,) in tenant.sql(f"SELECT id FROM {table}") if guid.fullmatch(key)]
        assert len(made_by_us) == own, table
    (key,) = tenant.sql("SELECT id FROM mx_contacts WHERE email LIKE 'max%'")[0]
    assert guid.fullmatch(key) and "new people" in tenant.run("why", "contact", key).out


@pytest.mark.parametrize("crm", CRMS)
def test_a_person_is_erased_from_it(crm: Crm, tenant: Tenant) -> None:
    """Also where rows are reached through views, and keys are GUIDs."""
    deliver(tenant)
    tenant.mail(
        "Max Mora <max.mora@nova.example>",
        f"{ANNA}, jane@acme.example",
        subject="of both",
        body="Ask jane@acme.example\n",
    )
    tenant.sync()
    done = tenant.run("erase", "jane@acme.example", "--yes", "--items", "--format", "json").document
    assert done["removed"]["contact"] == 1 and done["remains"] == {}
    content = tenant.crm.read_bytes().lower()
    assert b"jane@acme.example" not in content and b"jane@home.example" not in content
    assert sorted(each for (each,) in tenant.sql(crm.ask["mail"])) == ["new", "of both"]
    assert tenant.sql(crm.ask["documents"]) == []
    tenant.mail("jane@acme.example", subject="back", categories=["Create Contact and Company"])
    tenant.sync()
    assert b"jane@acme.example" not in tenant.crm.read_bytes().lower()


@pytest.mark.parametrize("crm", CRMS)
def test_the_proposal_passes_the_check(crm: Crm, tmp_path: Path) -> None:
    mxsync("init", str(tmp_path / "fresh"), "--database", f"sqlite:///{made(crm, tmp_path)}", cwd=tmp_path)
    said = mxsync("check", "--strict", cwd=tmp_path / "fresh").out.strip()
    assert said == "the rules are right, but there is no rule and no sync: nothing would be done"
    assert mxsync("fmt", "--check", "rules", cwd=tmp_path / "fresh").code == 0
    text = (tmp_path / "fresh" / "rules" / "main.rules").read_text()
    for statement in re.findall(r"((?:^#.*\n)*)^entity ", text, re.MULTILINE):
        assert statement.startswith("# "), "each has its reason"


@pytest.mark.parametrize("name", ["dolibarr", "suitecrm"])
def test_the_page_shows_what_was_edited(name: str) -> None:
    """The excerpts in docs/mapping.md are out of docs/mapping_NAME.diff, which a test of its own keeps up to date."""
    whole = (DOCS / f"mapping_{name}.diff").read_text()
    excerpts = re.findall(
        rf"<!-- mapping_{name} -->\n```diff\n(.*?)^```$", (DOCS / "mapping.md").read_text(), re.M | re.S
    )
    assert excerpts and all(excerpt in whole for excerpt in excerpts)
