"""`replay`: what other rules would have decided for the same items, told without changing anything."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tenants import ANNA, BEN, Tenant

# What syncs put into folders is not the matter here.
RULES = (
    "use 'crm.rules'\n\nsync contacts off\n\n"
    "rule 'Offers'\n  when mail subject starts with 'offer' and is known contact\n"
    "  then save attachments to documents, categorize 'Stored', notify 'boss@ours.example' with 'an offer came'\n\n"
    "rule 'Filed'\n  when mail subject = 'offer 2'\n  then move to folder 'Inbox/Filed'\n"
)
ALWAYS = ("--from", "2026-10-01", "--to", "2027-12-31")


def everything(tenant: Tenant) -> dict[str, Any]:
    """Every table, mxsync's own among them, and every file with its time."""
    found: dict[str, Any] = {}
    for path in sorted(tenant.root.rglob("*")):
        if path.is_file() and not path.name.startswith("crm.db"):
            found[str(path.relative_to(tenant.root))] = (
                hashlib.sha256(path.read_bytes()).hexdigest(),
                path.stat().st_mtime_ns,
            )
    with closing(sqlite3.connect(tenant.crm)) as connection:
        found["dump"] = hashlib.sha256("\n".join(connection.iterdump()).encode()).hexdigest()
    return found


@pytest.fixture
def tenant(tmp_path: Path) -> Tenant:
    tenant = Tenant.make(tmp_path / "t", RULES)
    company = tenant.company("Acme", "acme.example")
    tenant.contact("jane@acme.example", CompanyID=company, FullName="Jane Roe")
    tenant.mail("jane@acme.example", subject="offer 1", attachments=[("a.pdf", b"%PDF 1")], message_id="<o1@x>")
    tenant.mail("jane@acme.example", f"{ANNA}, {BEN}", subject="offer 1", attachments=[("a.pdf", b"%PDF 1")],
                message_id="<o1@x>", box=BEN)  # fmt: skip
    tenant.mail("jane@acme.example", subject="offer 2")
    tenant.mail("jane@acme.example", subject="hello", box=BEN, to=BEN)
    tenant.mail("Max Mora <max@new.example>", subject="new", categories=["Create Contact and Company"])
    tenant.mail("Max Mora <max@new.example>", subject="again", box=BEN, to=BEN)
    tenant.mail("x@other.example", subject="of a stranger")
    tenant.calendar(
        "VEVENT", "DTSTART:20261110T090000Z\nDTEND:20261110T100000Z\nSUMMARY:visit\nCONTACT:jane@acme.example"
    )
    tenant.card("FN:Zoe Zed\nN:Zed;Zoe\nEMAIL:zoe@zed.example\nCATEGORIES:MX-Contact")
    tenant.sync()
    return tenant


def edited(tenant: Tenant, text: str) -> str:
    folder = tenant.root.parent / "edited"
    shutil.copytree(tenant.root / "rules", folder, dirs_exist_ok=True)
    (folder / "main.rules").write_text(text)
    return str(folder)


def replay(tenant: Tenant, *arguments: str) -> Any:
    """The report, and that nothing was touched for it."""
    before = everything(tenant)
    document = tenant.run("replay", *ALWAYS, *arguments, "--format", "json").document
    text = tenant.run("replay", *ALWAYS, *arguments, "-v").out
    assert everything(tenant) == before
    for each in document["differences"]:
        assert each["item"]["href"] in text
    return document


def by_subject(tenant: Tenant, document: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in document["differences"]:
        path = tenant.root / "mailboxes" / each["item"]["mailbox"] / each["item"]["href"]
        line = next(line for line in path.read_text().splitlines() if line.startswith(("Subject:", "SUMMARY:", "FN:")))
        found[f"{line.partition(':')[2].strip()} {each['item']['mailbox'].partition('@')[0]}"] = each
    return found


def effects(each: Any, what: str) -> list[str]:
    return [act["effect"] for act in each[what]]


def test_the_same_rules_decide_nothing_otherwise(tenant: Tenant) -> None:
    same = replay(tenant)
    assert same["items"] == 9 and same["by_these_rules"] == 9 and same["differences"] == []
    # A comment makes another file, and another digest, of the same rules: every decision is made anew, and is the same.
    again = replay(
        tenant, "--rules", edited(tenant, RULES + "\nrule 'Never'\n  when mail subject = 'never'\n  then save\n")
    )
    assert again["by_these_rules"] == 0 and again["same"] == 9, again["differences"]


def test_what_is_remembered_is_compared_where_the_rules_in_force_are_others(tenant: Tenant) -> None:
    tenant.rules(RULES + "\nrule 'Never'\n  when mail subject = 'never'\n  then save\n")
    again = replay(tenant)
    assert again["by_these_rules"] == 0 and again["same"] == 9, again["differences"]


def test_effects_added_dropped_and_changed(tenant: Tenant) -> None:
    tenant.rules(
        "use 'crm.rules'\n\nsync contacts off\n\n"
        "rule 'Not of Max' priority 50\n  when mail from 'max@new.example'\n  then skip\n\n"
        "rule 'Offers'\n  when mail subject starts with 'offer' and is known contact\n"
        "  then save attachments to documents, categorize 'Kept', notify 'boss@ours.example' with 'look at it'\n\n"
        "rule 'Strangers'\n  when mail from domain 'other.example'\n  then create contact, save\n"
    )
    document = replay(tenant)
    found = by_subject(tenant, document)
    assert set(found) == {"offer 1 anna", "offer 1 ben", "offer 2 anna", "new anna", "again ben", "of a stranger anna"}
    offer = found["offer 1 anna"]
    assert effects(offer, "added") == ["categorize 'Kept'"] and effects(offer, "dropped") == ["categorize 'Stored'"]
    assert [(c["field"], c["before"], c["after"], c["rule"]) for c in offer["changed"]] == [
        ("text", "an offer came", "look at it", "Offers")
    ]
    # It lies in another folder now; it is decided where it lay then.
    assert "move to folder 'Inbox/Filed'" in effects(found["offer 2 anna"], "dropped")
    new = found["new anna"]
    assert (new["fate_before"], new["fate_after"]) == ("applied", "skipped")
    assert {"create contact max@new.example", "create company new.example", "save email"} <= set(
        effects(new, "dropped")
    )
    assert effects(new, "added") == ["skip"]
    # Without the first mail nobody knows who wrote the second.
    assert "save email" in effects(found["again ben"], "dropped")
    stranger = found["of a stranger anna"]
    assert effects(stranger, "added")[:2] == ["create contact x@other.example", "save email"]
    assert document["by_rule"]["Strangers"]["items"] == 1
    assert document["by_rule"]["Not of Max"]["added"] == 2
    assert document["by_mailbox"][BEN]["items"] == 2 and document["by_mailbox"][ANNA]["items"] == 4


def test_only_the_rules_differ_not_what_has_happened_to_the_tables(tenant: Tenant) -> None:
    """A person makes a contact of the stranger afterwards: by the same rules the mail would be saved now, and that is no
    difference between two rule sets."""
    tenant.contact("x@other.example")
    other = RULES + "\nrule 'Greetings'\n  when mail subject = 'hello'\n  then flag\n"
    document = replay(tenant, "--rules", edited(tenant, other))
    found = by_subject(tenant, document)
    assert set(found) == {"hello ben"} and effects(found["hello ben"], "added") == ["flag"]
    assert document["by_rule"] == {"Greetings": {"items": 1, "added": 1, "dropped": 0, "changed": 0}}


def test_another_mapping_can_be_tried(tenant: Tenant) -> None:
    other = (
        RULES
        + "\nextend entity email\n  importance = mxStatus\n\nrule 'I'\n  when mail subject = 'hello'\n  then set importance = 'x'\n"
    )
    document = replay(tenant, "--rules", edited(tenant, other))
    found = by_subject(tenant, document)
    assert set(found) == {"hello ben"}
    assert [(c["effect"], c["field"], c["after"]) for c in found["hello ben"]["changed"]] == [
        ("save email", "importance", "x")
    ]


def test_the_period_and_the_mailbox(tenant: Tenant) -> None:
    tenant.rules("rule 'Nothing'\n  when mail subject = 'x'\n  then skip\n" + RULES)
    tenant.mail("jane@acme.example", subject="not yet decided")
    assert tenant.run("replay", "--from", "2026-11-02", "--to", "2026-11-02", "--format", "json").document["items"] == 7
    assert tenant.run("replay", "--from", "2020-01-01", "--to", "2020-02-01", "--format", "json").document["items"] == 0
    only = tenant.run("replay", *ALWAYS, "--mailbox", BEN, "--format", "json").document
    assert only["items"] == 3 and only["differences"] == []
    assert tenant.run("replay", *ALWAYS, "--format", "json").document["undecided"] == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "yesterday"), "2026-09-01"),
        (("--from", "2026-09-02", "--to", "2026-09-01"), "before it has begun"),
        (("--days", "0"), "1 or more"),
        (("--days", "3", "--from", "2026-09-01"), "one of them"),
        (("--rules", "nowhere"), "`nowhere`"),
        (("--mailbox", "zoe@ours.example"), "`zoe@ours.example`"),
    ],
)
def test_wrong_usage(tenant: Tenant, arguments: tuple[str, ...], said: str) -> None:
    refused = tenant.run("replay", *arguments, check=False)
    assert refused.code == 2 and said in refused.err and "Traceback" not in refused.err


def test_rules_that_are_rejected_and_a_mailbox_that_is_gone(tenant: Tenant) -> None:
    refused = tenant.run(
        "replay", *ALWAYS, "--rules", edited(tenant, "rule 'x'\n  when male\n  then save\n"), check=False
    )
    assert refused.code == 3
    shutil.rmtree(tenant.root / "mailboxes" / BEN)
    gone = tenant.run("replay", *ALWAYS, check=False)
    assert gone.code == 5 and BEN in gone.out


def test_before_the_first_pass_there_is_nothing_to_compare(tmp_path: Path) -> None:
    tenant = Tenant.make(tmp_path / "t", RULES, users=(ANNA,))
    tenant.mail(subject="offer 1")
    document = replay(tenant)
    assert document["items"] == 0 and document["undecided"] == 1


def test_what_syncs_have_put_there_is_left_out(tmp_path: Path) -> None:
    tenant = Tenant.make(tmp_path / "t", "use 'crm.rules'\n", users=(ANNA,))
    tenant.sync()
    (owner,) = tenant.sql("SELECT UserID FROM Users")[0]
    tenant.contact("jane@acme.example", FullName="Jane Roe", OwnerID=owner)
    tenant.mail("jane@acme.example", subject="hello")
    tenant.sync()
    assert len(list((tenant.root / "mailboxes" / ANNA / "Contacts").glob("*.vcf"))) == 1
    report = tenant.run("replay", *ALWAYS, "--format", "json").document
    assert report["of_syncs"] == 1 and report["items"] == 1 and report["differences"] == []
    assert "put there by syncs" in tenant.run("replay", *ALWAYS).out
