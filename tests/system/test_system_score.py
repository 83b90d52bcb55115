"""A1 to A4 by the score, through the command line: what earlier passes have seen counts, `explain` tells the reasons,
what is unsure waits."""

from __future__ import annotations

from pathlib import Path

import pytest
from tenants import ANNA, BEN, Tenant

AUTO = "use 'auto-crm.rules'\n"
OURS = f"Anna <{ANNA}>"


@pytest.fixture
def tenant(tmp_path: Path) -> Tenant:
    return Tenant.make(tmp_path / "t", AUTO)


def emails(tenant: Tenant) -> list[str]:
    return [email for (email,) in tenant.sql("SELECT Email FROM Contacts ORDER BY Email")]


def test_an_answer_to_a_mail_of_an_earlier_pass_is_correspondence(tenant: Tenant) -> None:
    # The question went to a colleague who has no mailbox here and passed it on: no contact came of it.
    tenant.mail(OURS, "carl@ours.example", "Who knows pumps?", folder="Sent Items", message_id="<q@ours.example>")
    tenant.sync()
    assert emails(tenant) == []
    tenant.mail("jr@acme.example", OURS, "Re: Who knows pumps?", headers={"In-Reply-To": "<q@ours.example>"})
    tenant.mail("kl@other.example", OURS, "Pumps")
    report = tenant.sync()
    assert emails(tenant) == ["jr@acme.example"]
    assert len(report["held"]) == 1
    told = tenant.run("explain", f"mailboxes/{ANNA}/Inbox/00002.eml").out
    assert "jr@acme.example" in told


def test_what_lies_in_another_mailbox_is_remembered_too(tenant: Tenant) -> None:
    tenant.mail(
        f"Ben <{BEN}>", "carl@ours.example", "Pumps?", box=BEN, folder="Sent Items", message_id="<q@ours.example>"
    )
    tenant.sync()
    tenant.mail("jr@acme.example", OURS, "Re: Pumps?", headers={"References": "<x@y.example> <q@ours.example>"})
    tenant.sync()
    assert emails(tenant) == ["jr@acme.example"]


def test_a_mail_of_theirs_that_they_answer_proves_nothing(tenant: Tenant) -> None:
    tenant.mail("jr@acme.example", OURS, "Pumps", message_id="<1@acme.example>")
    tenant.sync()
    tenant.mail("jr@acme.example", OURS, "Re: Pumps", headers={"In-Reply-To": "<1@acme.example>"})
    tenant.sync()
    assert emails(tenant) == []


def test_what_is_unsure_waits_until_one_of_us_answers(tenant: Tenant) -> None:
    tenant.mail("jr@acme.example", OURS, "Pumps", message_id="<1@acme.example>", attachments=[("a.pdf", b"%PDF-1")])
    tenant.sync()
    assert emails(tenant) == [] and tenant.count_rows("Emails") == 0 and tenant.count_rows("Documents") == 0
    (why,) = tenant.sql("SELECT why FROM mxsync_review")
    assert why == ("it is not clear whether jr@acme.example is a person who deals with us",)
    tenant.mail(OURS, "jr@acme.example", "Re: Pumps", folder="Sent Items", headers={"In-Reply-To": "<1@acme.example>"})
    tenant.sync()
    assert emails(tenant) == ["jr@acme.example"]
    assert tenant.sql("SELECT Domain FROM Companies") == [("acme.example",)]


def test_explain_and_why_tell_the_reasons(tenant: Tenant) -> None:
    made = tenant.mail("Jane Roe <jane.roe@acme.example>", OURS, "Pumps")
    held = tenant.mail("jr@other.example", OURS, "Pumps")
    refused = tenant.mail("Ben <ben@ours-invoices.example>", OURS, "New account", categories=["Create Contact"])
    explained = {path: tenant.run("explain", str(path)).out for path in (made, held, refused)}
    assert (
        "jane.roe@acme.example has a score of 65 (the name is a person's (+10); the address holds a first and a last "
        "name (+5))" in explained[made]
    )
    assert "at `correspondents.score >= 60`: jr@other.example has 50 (nothing known)" in explained[held]
    assert (
        "ben@ours-invoices.example is refused: `ours-invoices.example` looks like our `ours.example` (a word added to "
        "our name)" in explained[refused]
    )
    tenant.sync()
    assert emails(tenant) == ["jane.roe@acme.example"]
    traces = tenant.sql("SELECT trace FROM mxsync_audit")
    assert any("has a score of 65" in trace for (trace,) in traces)  # so that it can be told later, too


def test_two_domains_of_one_company_make_one_row(tenant: Tenant) -> None:
    tenant.rules(AUTO + "list company_aliases = file 'aliases.csv' column 'alias' is 'domain'\n")
    (tenant.root / "rules" / "aliases.csv").write_text("domain,alias\nacme.example,acme.co.za\n")
    tenant.mail("Jane Roe <jane@acme.co.za>", OURS, "Pumps")
    tenant.mail("Max Moor <max@acme.example>", OURS, "Pumps")
    tenant.mail("Kim Lee <kim@mail.acme.co.za>", OURS, "Pumps")
    tenant.sync()
    assert tenant.sql("SELECT Name, Domain FROM Companies") == [("Acme", "acme.example")]
    assert tenant.sql("SELECT DISTINCT CompanyID FROM Contacts") == [(1,)]
    assert len(emails(tenant)) == 3
    again = tenant.dump()
    tenant.sync()
    assert tenant.dump() == again
