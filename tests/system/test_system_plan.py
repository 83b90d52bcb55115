"""`plan`, `sync --plan`, `explain` and `why` through the command line: what they say is so, and they change nothing."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tenants import ANNA, BEN, Tenant

RULES = (
    "use 'crm.rules'\n\nlist partners = file 'partners.txt'\n\n"
    "rule 'Partners'\n  when mail from domain in partners\n  then save\n\n"
    "rule 'Offers'\n  when mail subject starts with 'offer' and is known contact\n"
    "  then save attachments to documents, categorize 'Stored', notify 'boss@ours.example' with 'an offer came'\n"
)


@pytest.fixture
def tenant(tmp_path: Path) -> Tenant:
    tenant = Tenant.make(tmp_path / "t", RULES)
    (tenant.root / "rules" / "partners.txt").write_text("partner.example\n")
    company = tenant.company("Acme", "acme.example")
    tenant.contact("jane@acme.example", CompanyID=company, FullName="Jane Roe")
    tenant.mail("jane@acme.example", subject="offer 1", attachments=[("a.pdf", b"%PDF 1")])
    tenant.mail("jane@acme.example", subject="hello", box=BEN, to=BEN)
    tenant.mail("Max Mora <max@new.example>", subject="new", categories=["Create Contact and Company"])
    tenant.mail("x@partner.example", subject="of a partner")
    tenant.mail("x@other.example", subject="of a stranger")
    tenant.calendar(
        "VEVENT", "DTSTART:20261110T090000Z\nDTEND:20261110T100000Z\nSUMMARY:visit\nCONTACT:jane@acme.example"
    )
    return tenant


def everything(tenant: Tenant) -> dict[str, Any]:
    """A digest of every table, mxsync's own among them, and of every file with its time, but for SQLite's own."""
    found: dict[str, Any] = {}
    for path in sorted(tenant.root.rglob("*")):
        if path.is_file() and not path.name.startswith("crm.db"):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found[str(path.relative_to(tenant.root))] = (digest, path.stat().st_mtime_ns)
    with closing(sqlite3.connect(tenant.crm)) as connection:
        found["dump"] = hashlib.sha256("\n".join(connection.iterdump()).encode()).hexdigest()
    return found


def test_a_plan_changes_nothing_and_counts_by_rule_and_user(tenant: Tenant) -> None:
    for _ in range(2):  # on a database that mxsync never touched, and on one that it knows
        before = everything(tenant)
        plan = tenant.run("plan", "--format", "json").document
        text = tenant.run("plan", "-v").out
        assert everything(tenant) == before
        tenant.sync()
        tenant.mail("jane@acme.example", subject="offer later", attachments=[("b.pdf", b"%PDF 2")])
        tenant.mail("jane@acme.example", subject="later", box=BEN, to=BEN)
    assert plan["by_rule"] == {"Mail of known contacts": 2, "Offers": 1}
    assert plan["by_mailbox"] == {ANNA: 1, BEN: 1}
    assert "'Offers'" in text or "Offers" in text
    assert plan["digest"] in tenant.run("plan").out or "mxsync sync --plan" in text


def test_what_was_planned_is_done_when_nothing_moved(tenant: Tenant) -> None:
    plan = tenant.run("plan", "--format", "json").document
    done = tenant.run("sync", "--plan", plan["digest"], "--format", "json").document
    for name in ("items", "created", "updated", "linked", "documents", "by_rule", "by_mailbox"):
        assert done[name] == plan["report"][name], name
    assert done["by_rule"] == plan["by_rule"] and done["created"]["contact"] == 1
    again = tenant.run("sync", "--plan", plan["digest"], check=False)
    assert again.code == 1 and "moved" in again.err


def mail_arrived(tenant: Tenant) -> None:
    tenant.mail("jane@acme.example", subject="one more")


def row_changed(tenant: Tenant) -> None:
    tenant.sql("UPDATE Contacts SET ExcludeMail = 1")


def rule_changed(tenant: Tenant) -> None:
    tenant.rules(RULES.replace("starts with 'offer'", "starts with 'offers'"))


def list_changed(tenant: Tenant) -> None:
    (tenant.root / "rules" / "partners.txt").write_text("partner.example\nother.example\n")


def mail_went(tenant: Tenant) -> None:
    next((tenant.root / "mailboxes" / ANNA / "Inbox").glob("*.eml")).unlink()


@pytest.mark.parametrize("move", [mail_arrived, row_changed, rule_changed, list_changed, mail_went])
def test_a_plan_is_refused_when_the_world_moved(tenant: Tenant, move: Callable[[Tenant], None]) -> None:
    plan = tenant.run("plan", "--format", "json").document
    move(tenant)
    before, files = tenant.dump(), tenant.files()
    refused = tenant.run("sync", "--plan", plan["digest"], check=False)
    assert refused.code == 1
    assert "moved" in refused.err and "mxsync plan" in refused.err
    assert tenant.dump() == before and tenant.files() == files


def test_a_plan_that_is_none(tenant: Tenant) -> None:
    refused = tenant.run("sync", "--plan", "nonsense", check=False)
    assert refused.code in (1, 2) and "`nonsense`" in refused.err and "Traceback" not in refused.err


def test_explain_shows_each_rule_and_what_it_saw(tenant: Tenant) -> None:
    path = tenant.mail("jane@acme.example", subject="no bid", categories=["Blue"])
    tenant.sync()
    before = everything(tenant)
    text = tenant.run("explain", str(path)).out
    document = tenant.run("explain", str(path), "--format", "json").document
    assert everything(tenant) == before
    steps = {step["rule"]["rule"]: step for step in document["steps"]}
    assert steps["Mail of known contacts"]["fired"] is True
    offers = steps["Offers"]
    assert offers["fired"] is False
    assert offers["condition"] == "subject starts with 'offer'" and "no bid" in offers["saw"]
    assert "partner.example" in str(steps["Partners"]) or "acme.example" in steps["Partners"]["saw"]
    assert "no bid" in text and "starts with 'offer'" in text
    assert offers["rule"]["file"].endswith("main.rules") and offers["rule"]["line"] == 9


def test_why_names_rule_file_line_digest_item_and_time_for_each_field(tenant: Tenant) -> None:
    tenant.sync()
    (number,) = tenant.sql("SELECT ContactID FROM Contacts WHERE Email = 'max@new.example'")[0]
    document = tenant.run("why", "contact", str(number), "--format", "json").document
    digest = tenant.sql("SELECT DISTINCT plan FROM mxsync_audit")[0][0]
    fields = {field["field"]: field for field in document["fields"]}
    assert {"email", "first_name", "last_name", "company"} <= set(fields)
    for field in fields.values():
        assert field["rule"] == "Create contact and company"
        assert field["file"].endswith("crm.rules") and field["line"] > 0
        assert field["plan"] == digest and field["time"].startswith("20")
        assert ANNA in str(field["item"])
    assert fields["email"]["source"] == "header"
    text = tenant.run("why", "contact", str(number)).out
    assert "crm.rules:" in text and digest[:12] in text
    unknown = tenant.run("why", "contact", "999", check=False)
    assert unknown.code == 1 and "999" in unknown.err + unknown.out


def test_what_is_made_once_is_not_made_again_when_lines_move(tmp_path: Path) -> None:
    rule = "when mail is known contact and category 'Call'\n  then create task with subject = 'Call {subject}'\n"
    tenant = Tenant.make(tmp_path / "t", f"use 'crm.rules'\n\n{rule}", users=(ANNA,))
    tenant.contact("jane@acme.example")
    path = tenant.mail("jane@acme.example", subject="one", categories=["Call"])
    tenant.sync()
    tenant.rules(f"use 'crm.rules'\n\n# a comment\n\nrule 'Other'\n  when mail is bulk\n  then save\n\n{rule}")
    path.write_bytes(path.read_bytes().replace(b"Keywords: Call", b"Keywords: Call, Blue"))
    assert tenant.sync()["items"] == 1
    assert tenant.sql("SELECT Subject FROM Tasks") == [("Call one",)]


# ------------------------------------------------------------------------------------------------ syncs, both ways


@pytest.fixture
def synced(tmp_path: Path) -> Tenant:
    """A row that is to become an item, a card that is to become a row, and a pair of which the row has changed."""
    tenant = Tenant.make(tmp_path / "t", "use 'crm.rules'\n", users=(ANNA,))
    tenant.sync()
    (owner,) = tenant.sql("SELECT UserID FROM Users")[0]
    tenant.contact("pair@acme.example", FullName="Pair", JobTitle="Old", OwnerID=owner)
    tenant.sync()
    tenant.contact("row@acme.example", FullName="Row", JobTitle="Buyer", OwnerID=owner)
    tenant.card("FN:Card\nEMAIL:card@acme.example\nTITLE:Clerk\nCATEGORIES:MX-Contact")
    tenant.sql("UPDATE Contacts SET JobTitle = 'New' WHERE Email = 'pair@acme.example'")
    return tenant


def test_a_plan_holds_what_syncs_would_write_and_that_is_done(synced: Tenant) -> None:
    before, files = synced.dump(tracking=True), synced.files()
    plan = synced.run("plan", "--format", "json").document
    assert (synced.dump(tracking=True), synced.files()) == (before, files)
    steps = [(where, what.partition(":")[0].split()[:2]) for _, where, what in plan["report"]["syncs"]]
    assert (f"{ANNA}/Contacts", ["add", "contact"]) in steps and (f"{ANNA}/Contacts", ["update", "contact"]) in steps
    made = plan["report"]["created"]["contact"]
    assert made == 1 and "card@acme.example" not in str(synced.dump()["Contacts"])
    done = synced.run("sync", "--plan", plan["digest"], "--format", "json").document
    assert done["created"] == plan["report"]["created"] and done["synced"] == plan["report"]["synced"]
    cards = [path.read_text() for path in (synced.root / "mailboxes" / ANNA / "Contacts").glob("*.vcf")]
    assert len(cards) == 3 and synced.count_rows("Contacts") == 3 and any("TITLE:New" in text for text in cards)


def row_value_changed(tenant: Tenant) -> None:
    tenant.sql("UPDATE Contacts SET JobTitle = 'Chief' WHERE Email = 'row@acme.example'")


def pair_value_changed(tenant: Tenant) -> None:
    tenant.sql("UPDATE Contacts SET JobTitle = 'Other' WHERE Email = 'pair@acme.example'")


def card_changed(tenant: Tenant) -> None:
    for path in (tenant.root / "mailboxes" / ANNA / "Contacts").glob("*.vcf"):
        path.write_bytes(path.read_bytes().replace(b"TITLE:Clerk", b"TITLE:Judge"))


def row_gone(tenant: Tenant) -> None:
    tenant.sql("DELETE FROM Contacts WHERE Email = 'row@acme.example'")


@pytest.mark.parametrize("move", [row_value_changed, pair_value_changed, card_changed, row_gone])
def test_a_plan_of_syncs_is_refused_when_a_value_is_another(synced: Tenant, move: Callable[[Tenant], None]) -> None:
    plan = synced.run("plan", "--format", "json").document
    move(synced)
    before, files = synced.dump(), synced.files()
    refused = synced.run("sync", "--plan", plan["digest"], check=False)
    assert refused.code == 1 and "moved" in refused.err
    assert (synced.dump(), synced.files()) == (before, files)
