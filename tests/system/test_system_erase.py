"""`erase`: a person is gone from every byte, stays gone, and a kill at any step leaves nothing half-done."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tenants import ANNA, BEN, Tenant

from mxsync.failpoints import NAMES

JANE = "jane@acme.example"
RULES = (
    "use 'auto-crm.rules'\n\n"
    "rule 'Offers'\n  when mail subject starts with 'offer'\n"
    "  then save attachments to documents, save attachments to folder 'Clients/{contact.full_name}', link,\n"
    "    notify 'boss@ours.example' with 'of {sender.address}'\n\n"
    "rule 'Doubtful'\n  when mail subject = 'doubtful'\n  then hold for review '{sender.address}?'\n"
)


@pytest.fixture
def tenant(tmp_path: Path) -> Tenant:
    return made(tmp_path / "t")


def made(root: Path) -> Tenant:
    tenant = Tenant.make(root, RULES)
    sent = {"box": ANNA, "folder": "Sent Items"}
    tenant.mail(
        f"Jane Roe <{JANE}>", f"{ANNA}, Bob Bell <bob@bell.example>", subject="offer 1",
        body=f"Hello,\n\nsee below.\n\nJane Roe\nAcme Ltd\n{JANE}\n", attachments=[("offer of Jane.pdf", b"%PDF jane")],
    )  # fmt: skip
    tenant.mail("Bob Bell <bob@bell.example>", f"{ANNA}, Jane Roe <{JANE}>", subject="offer 2",
                body=f"Ask Jane Roe <JANE+work@acme.example>, not mary-{JANE}.\n", attachments=[("b.pdf", b"%PDF bob")])  # fmt: skip
    tenant.mail(f"Jane Roe <{JANE.upper()}>", BEN, subject="to Ben", box=BEN, name=f"{JANE}.eml")
    tenant.mail(f"Anna <{ANNA}>", JANE, subject="only to Jane", **sent)
    tenant.mail(f"Jane Roe <{JANE}>", ANNA, subject="doubtful")
    tenant.calendar("VEVENT", "DTSTART:20261110T090000Z\nDTEND:20261110T100000Z\nSUMMARY:visit of Jane Roe\n"
                    f"ORGANIZER:mailto:{ANNA}\nATTENDEE:mailto:{JANE}")  # fmt: skip
    tenant.calendar("VEVENT", "DTSTART:20261111T090000Z\nDTEND:20261111T100000Z\nSUMMARY:all of us\n"
                    f"ORGANIZER:mailto:{ANNA}\nATTENDEE:mailto:{JANE}\nATTENDEE:mailto:bob@bell.example")  # fmt: skip
    tenant.sync()
    (number,) = tenant.sql("SELECT ContactID FROM Contacts WHERE Email = ?", JANE)[0]
    tenant.sql("UPDATE Contacts SET Email2 = 'jroe@home.example', JobTitle = 'Buyer' WHERE ContactID = ?", number)
    tenant.sql("INSERT INTO Opportunities (Name, ContactID) VALUES ('Big', ?)", number)
    # An account of changes with before-images of the contact.
    tenant.mail(f"Jane Roe <{JANE}>", ANNA, subject="offer 3", attachments=[("c.pdf", b"%PDF c")])
    tenant.sync()
    return tenant


def bytes_of(tenant: Tenant) -> dict[str, bytes]:
    """The database with its log, and the documents, as they lie on the disk."""
    found = {path.name: path.read_bytes() for path in tenant.root.glob("crm.db*")}
    for path in (tenant.root / "documents").rglob("*"):
        found[str(path.relative_to(tenant.root))] = path.read_bytes() if path.is_file() else b""
    return found


def traces(tenant: Tenant) -> list[str]:
    """Where the person is still to be seen; the address of somebody else that ends alike does not count."""
    found: list[str] = []
    for name, content in bytes_of(tenant).items():
        text = content.lower().replace(b"mary-jane@acme.example", b"")
        for needle in (JANE.encode(), b"jane+work@acme", b"jroe@home.example", b"%pdf jane"):
            if needle in text or needle.decode() in name.lower():
                found.append(f"{needle!r} in {name}")
    return found


def subjects(tenant: Tenant, table: str = "Emails") -> list[str]:
    return sorted(each for (each,) in tenant.sql(f"SELECT Subject FROM {table}"))


def test_nothing_remains_and_nothing_comes_back(tenant: Tenant) -> None:
    assert traces(tenant)
    certificate = tenant.root.parent / "certificate.json"
    done = tenant.run("erase", JANE, "--yes", "--items", "--certificate", str(certificate), "--format", "json").document
    assert traces(tenant) == []
    assert json.loads(certificate.read_text()) == done
    assert done["removed"]["contact"] == 1 and done["addresses"] == 2
    assert done["removed"]["email"] == 4 and done["removed"]["appointment"] == 1
    assert done["removed"]["document files"] >= 2 and done["removed"]["tracking: audit"] > 0
    assert done["remains"] == {}
    # What others share stays, without her; what is theirs is untouched.
    assert subjects(tenant) == ["offer 2"] and subjects(tenant, "Appointments") == ["all of us"]
    ((body, recipients),) = tenant.sql("SELECT Body, Recipients FROM Emails")
    assert "[erased]" in body and "Jane Roe" not in body and "mary-jane@acme.example" in body
    assert "acme" not in recipients and ANNA in recipients
    assert tenant.sql("SELECT Name, ContactID FROM Opportunities") == [("Big", None)]
    assert tenant.sql("SELECT Email FROM Contacts") == [("bob@bell.example",)]
    assert any(content == b"%PDF bob" for content in bytes_of(tenant).values())
    # Her own items are gone, past the trash; those with others on them stay.
    left = {path.name for path in (tenant.root / "mailboxes").rglob("*.eml")}
    assert left == {"00002.eml"} and not (tenant.root / "mailboxes" / ".trash").exists()
    assert done["items_left"] == 2 and done["removed"]["items"] == 7  # her card, that a sync put there, among them

    before = tenant.dump()
    tenant.sync()
    tenant.mail(f"Jane Roe <{JANE}>", ANNA, subject="I am back")
    tenant.mail("J. Roe <jroe@home.example>", ANNA, subject="from home")
    tenant.mail("Jane Roe <jane+new@acme.example>", ANNA, subject="with a tag", categories=["Create Contact"])
    tenant.mail("Bob Bell <bob@bell.example>", f"{ANNA}, {JANE}", subject="of Bob", box=ANNA)
    tenant.card(f"FN:Jane Roe\nN:Roe;Jane\nEMAIL:{JANE}\nCATEGORIES:MX-Contact")
    tenant.sync()
    assert traces(tenant) == []
    assert tenant.dump()["Contacts"] == before["Contacts"]
    assert subjects(tenant) == ["of Bob", "offer 2"]


def test_the_trace_says_why(tenant: Tenant) -> None:
    tenant.run("erase", JANE, "--yes")
    path = tenant.mail(f"Jane Roe <{JANE}>", ANNA, subject="I am back")
    told = tenant.run("explain", str(path)).out
    assert "skipped" in told and "was erased" in told
    shared = tenant.mail("Bob Bell <bob@bell.example>", f"{ANNA}, {JANE}", subject="offer 9")
    told = tenant.run("explain", str(shared)).out
    assert "applied" in told and "was erased" in told and JANE not in told.replace(str(shared), "")


def test_without_items_the_mailboxes_are_untouched(tenant: Tenant) -> None:
    files = {name: digest for name, digest in tenant.files().items() if name.startswith("mailboxes/")}
    done = tenant.run("erase", JANE, "--yes", "--format", "json").document
    assert {name: digest for name, digest in tenant.files().items() if name.startswith("mailboxes/")} == files
    # Only the name of a file that stays still holds it, since without that it would be read again.
    assert [each for each in traces(tenant) if "crm.db" not in each] == []
    assert tenant.sql("SELECT href FROM mxsync_items WHERE href LIKE '%jane@acme%'") == [(f"Inbox/{JANE}.eml",)]
    assert not done["items_looked_at"]
    before = tenant.dump()
    assert tenant.sync()["items"] == 0
    for path in (tenant.root / "mailboxes").rglob("*.eml"):
        path.write_bytes(path.read_bytes() + b"\n")
    tenant.sync()
    assert tenant.dump()["Contacts"] == before["Contacts"] and subjects(tenant) == ["offer 2"]


def test_a_plan_changes_nothing_and_says_the_same(tenant: Tenant) -> None:
    before, files = tenant.dump(tracking=True), tenant.files()
    plan = tenant.run("erase", JANE, "--plan", "--items", "--format", "json").document
    text = tenant.run("erase", JANE, "--plan").out
    assert (tenant.dump(tracking=True), tenant.files()) == (before, files)
    assert plan["planned"] and "would be erased" in text
    done = tenant.run("erase", JANE, "--yes", "--items", "--format", "json").document
    assert {name: done["removed"][name] for name in plan["removed"]} == plan["removed"]


def state(tenant: Tenant) -> Any:
    rows = {
        table: sorted(([v for v in row if not (isinstance(v, str) and v.startswith("20"))] for row in found), key=repr)
        for table, found in tenant.dump().items()
    }
    return rows, tenant.contents()


def once(root: Path) -> Any:
    """What is left where nothing disturbs it."""
    tenant = made(root)
    tenant.run("erase", JANE, "--yes", "--items")
    return state(tenant)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return once(tmp_path_factory.mktemp("undisturbed") / "t")


@pytest.mark.parametrize(
    "name", [*(name for name in NAMES if name.startswith("erase")), "erase.item:3", "erase.document:2"]
)
def test_a_kill_at_each_step_is_completed_by_a_second_call(name: str, tmp_path: Path, undisturbed: Any) -> None:
    tenant = made(tmp_path / "t")
    killed = tenant.run("erase", JANE, "--yes", "--items", check=False, env={"MXSYNC_FAILPOINT": name})
    assert killed.code == -9, killed.err
    done = tenant.run("erase", JANE, "--yes", "--items", "--format", "json").document
    assert state(tenant) == undisturbed and traces(tenant) == []
    assert done["again"] and done["removed"]["contact"] == 1 and done["removed"]["email"] == 4


def test_the_tombstone_holds_a_keyed_hash_only(tenant: Tenant) -> None:
    tenant.run("erase", JANE, "--yes")
    rows = dict(tenant.sql("SELECT name, value FROM mxsync_meta WHERE name LIKE 'eras%'"))
    key = bytes.fromhex(rows.pop("erasure key"))
    assert len(key) == 32 and len(rows) == 2
    import hashlib
    import hmac

    assert f"erased:{hmac.new(key, JANE.encode(), hashlib.sha256).hexdigest()[:48]}" in rows
    for value in rows.values():
        assert set(json.loads(value)) == {"at", "removed", "done"}


def test_a_table_that_the_rules_do_not_map_is_told_of_and_left_alone(tenant: Tenant) -> None:
    tenant.sql(
        "CREATE TABLE Invoices (InvoiceID INTEGER PRIMARY KEY, Mail TEXT, ContactID INTEGER REFERENCES Contacts)"
    )
    (number,) = tenant.sql("SELECT ContactID FROM Contacts WHERE Email = ?", JANE)[0]
    tenant.sql("INSERT INTO Invoices (Mail, ContactID) VALUES (?, ?)", JANE, number)
    assert tenant.run("erase", JANE, "--plan", "--format", "json").document["remains"] == {"Invoices.Mail": 1}
    done = tenant.run("erase", JANE, "--yes").out
    assert "Invoices.Mail" in done
    assert tenant.sql("SELECT Mail, ContactID FROM Invoices") == [(JANE, None)]


def test_a_row_that_must_refer_to_the_person_stops_it_before_anything_is_done(tenant: Tenant) -> None:
    tenant.sql("CREATE TABLE Contracts (N INTEGER PRIMARY KEY, Who INTEGER NOT NULL REFERENCES Contacts (ContactID))")
    tenant.sql("INSERT INTO Contracts (Who) SELECT ContactID FROM Contacts WHERE Email = ?", JANE)
    before, files = tenant.dump(), tenant.files()
    refused = tenant.run("erase", JANE, "--yes", "--items", check=False)
    assert refused.code == 1 and "Contracts" in refused.err and "Traceback" not in refused.err
    assert (tenant.dump(), tenant.files()) == (before, files)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("jane", "--yes"), "no e-mail address"), ((ANNA, "--yes"), "one of the users"), ((JANE,), "--yes")],
)
def test_wrong_usage(tenant: Tenant, arguments: tuple[str, ...], said: str) -> None:
    before = tenant.dump(tracking=True)
    refused = tenant.run("erase", *arguments, check=False)
    assert refused.code == 2 and said in refused.err and "Traceback" not in refused.err
    assert tenant.dump(tracking=True) == before


def test_somebody_unknown_is_kept_out_all_the_same(tmp_path: Path) -> None:
    tenant = Tenant.make(tmp_path / "t", "use 'auto-crm.rules'\n", users=(ANNA,))
    assert "nothing was found" in tenant.run("erase", "zoe@zed.example", "--yes").out
    tenant.mail("Zoe Zed <zoe@zed.example>", subject="Hello", body="Hello Anna,\n\nthanks.\n\nZoe")
    tenant.sync()
    assert tenant.count_rows("Contacts") == 0


def test_a_reader_that_holds_the_log_is_said(tenant: Tenant) -> None:
    with closing(sqlite3.connect(tenant.crm)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM Contacts").fetchall()
        refused = tenant.run("erase", JANE, "--yes", check=False)
        assert refused.code == 5 and "another program" in refused.err
    tenant.run("erase", JANE, "--yes", "--items")
    assert traces(tenant) == []


def test_what_a_crash_has_staged_is_gone_too(tmp_path: Path) -> None:
    tenant = Tenant.make(tmp_path / "t", RULES, users=(ANNA,))
    tenant.mail(f"Jane Roe <{JANE}>", subject="offer 1", attachments=[("a.pdf", b"%PDF jane")])
    killed = tenant.run("sync", check=False, env={"MXSYNC_FAILPOINT": "page.committed"})
    assert killed.code == -9 and traces(tenant)
    tenant.run("erase", JANE, "--yes", "--items")
    assert traces(tenant) == []
    assert tenant.sync()["items"] == 0


def test_tracking_tables_of_their_own(tmp_path: Path) -> None:
    tenant = Tenant.make(tmp_path / "t", RULES)
    text = (tenant.root / "mxsync.toml").read_text()
    (tenant.root / "mxsync.toml").write_text(f'{text}\n[state]\nurl = "sqlite:///state.db"\n')
    tenant.mail(f"Jane Roe <{JANE}>", subject="offer 1", attachments=[("a.pdf", b"%PDF 1")])
    tenant.sync()
    assert JANE.encode() in (tenant.root / "state.db").read_bytes()
    tenant.run("erase", JANE, "--yes", "--items")
    for name in ("state.db", "crm.db"):
        assert JANE.encode() not in (tenant.root / name).read_bytes().lower()


@pytest.mark.parametrize("items", [True, False])
def test_a_contact_that_a_sync_keeps_in_step(tmp_path: Path, items: bool) -> None:
    tenant = Tenant.make(tmp_path / "t", "use 'crm.rules'\n")
    card = tenant.card(f"FN:Jane Roe\nN:Roe;Jane\nEMAIL:{JANE}\nCATEGORIES:MX-Contact\nTEL;TYPE=CELL:+27825550101")
    tenant.sync()
    tenant.sql("UPDATE Contacts SET JobTitle = 'Buyer' WHERE Email = ?", JANE)
    tenant.sync()
    assert b"Buyer" in card.read_bytes() and traces(tenant)
    tenant.run("erase", JANE, "--yes", *(["--items"] if items else []))
    assert traces(tenant) == [] and tenant.count_rows("Contacts") == 0
    assert card.exists() is not items
    for _ in range(2):
        tenant.sync()
        assert traces(tenant) == [] and tenant.count_rows("Contacts") == 0
    # A change of the card that was left does not bring its person back either.
    tenant.card(f"FN:Jane Roe\nN:Roe;Jane\nEMAIL:{JANE}\nCATEGORIES:MX-Contact", name=card.name)
    tenant.sync()
    assert traces(tenant) == [] and tenant.count_rows("Contacts") == 0
