"""A contact over time: his own signatures keep the card current, people's edits stay, and what only a person can decide
is proposed once. Through the command line, with `auto-crm.rules`."""

from __future__ import annotations

from pathlib import Path

import pytest
from tenants import ANNA, Tenant

ACME = "Jane Roe <jane@acme.example>"
MOBILE = "+27825550198"


def signed(*lines: str) -> str:
    return "Dear Anna,\n\nplease see below.\n\nKind regards\nJane Roe\n" + "".join(f"{line}\n" for line in lines)


def send(tenant: Tenant, day: str, *lines: str, sender: str = ACME, name: str = "") -> Path:
    """A mail of that day in November with these lines under the name."""
    path = tenant.mail(sender, subject=f"of {day}", body=signed(*lines), name=name)
    text = path.read_text()
    path.write_text(text.replace("Date: Mon, 02 Nov 2026", f"Date: {day} 2026"))
    return path


@pytest.fixture
def tenant(tmp_path: Path) -> Tenant:
    return Tenant.make(tmp_path / "t", "use 'auto-crm.rules'\n", users=(ANNA,))


def card(tenant: Tenant, *columns: str) -> tuple[object, ...]:
    (found,) = tenant.sql(f"SELECT {', '.join(columns)} FROM Contacts")
    return found


def test_a_later_signature_adds_and_renews_and_an_older_one_only_adds(tenant: Tenant) -> None:
    send(tenant, "03 Nov", "Sales Manager", "Acme Pumps Ltd")
    tenant.sync()
    assert card(tenant, "JobTitle", "Mobile") == ("Sales Manager", None)
    send(tenant, "05 Nov", "Head of Purchasing", "Acme Pumps Ltd", "Mobile +27 82 555 0198")
    assert tenant.sync()["updated"] == {"contact": 1}
    assert card(tenant, "JobTitle", "Mobile") == ("Head of Purchasing", MOBILE)
    # An old mail turns up: it tells of the fax, and of nothing that a newer one has told already.
    send(tenant, "01 Nov", "Office Clerk", "Acme Pumps Ltd", "Mobile +27 82 555 0111", "Fax +27 21 555 0135")
    tenant.sync()
    assert card(tenant, "JobTitle", "Mobile", "Fax") == ("Head of Purchasing", MOBILE, "+27215550135")
    assert tenant.sync()["items"] == 0


def test_two_signatures_in_one_page(tenant: Tenant) -> None:
    send(tenant, "05 Nov", "Head of Purchasing", "Acme Pumps Ltd", name="a.eml")
    send(tenant, "03 Nov", "Sales Manager", "Acme Pumps Ltd", "Mobile +27 82 555 0198", name="b.eml")
    tenant.sync()
    assert card(tenant, "JobTitle", "Mobile") == ("Head of Purchasing", MOBILE)


def test_an_address_is_taken_as_a_whole(tenant: Tenant) -> None:
    send(tenant, "03 Nov", "Sales Manager", "Acme Pumps Ltd", "12 Long Street", "Cape Town 8001", "South Africa")
    tenant.sync()
    before = card(tenant, "Street", "City", "PostalCode")
    assert before == ("12 Long Street", "Cape Town", "8001")
    send(tenant, "05 Nov", "Sales Manager", "Acme Pumps Ltd", "5 Short Road", "Durban 4001", "South Africa")
    tenant.sync()
    assert card(tenant, "Street", "City", "PostalCode") == ("5 Short Road", "Durban", "4001")
    tenant.sql("UPDATE Contacts SET City = 'eThekwini'")
    send(tenant, "07 Nov", "Sales Manager", "Acme Pumps Ltd", "9 New Street", "Pretoria 0002", "South Africa")
    tenant.sync()
    assert card(tenant, "Street", "City", "PostalCode") == ("5 Short Road", "eThekwini", "4001")


def test_what_a_person_wrote_or_emptied_in_sql_stays_and_why_says_so(tenant: Tenant) -> None:
    send(tenant, "03 Nov", "Sales Manager", "Acme Pumps Ltd", "Mobile +27 82 555 0198", "Fax +27 21 555 0135")
    tenant.sync()
    tenant.sql("UPDATE Contacts SET JobTitle = 'The boss', Mobile = ''")
    path = send(
        tenant, "05 Nov", "Head of Purchasing", "Acme Pumps Ltd", "Mobile +27 82 555 0111", "Fax +27 21 555 0136"
    )
    explained = tenant.run("explain", str(path)).out
    assert "`job_title` was written by a person, and stays" in explained
    assert "`mobile_phone` was emptied by a person, and stays so" in explained
    tenant.sync()
    assert card(tenant, "JobTitle", "Mobile", "Fax") == ("The boss", "", "+27215550136")
    (number,) = card(tenant, "ContactID")
    fields = {
        each["field"]: each for each in tenant.run("why", "contact", str(number), "--format", "json").document["fields"]
    }
    assert fields["job_title"]["value"] == "Sales Manager" and fields["job_title"]["now"] == "The boss"
    assert fields["job_title"]["source"].startswith("signature, line ")
    assert "now" not in fields["fax"] and fields["fax"]["rule"] == "Signatures keep contacts current"
    assert fields["fax"]["item"].endswith(path.name)
    assert fields["email"]["source"] == "header" and "now" not in fields["email"]
    text = tenant.run("why", "contact", str(number)).out
    assert "Sales Manager, now The boss (changed by a person)" in text
    # Back to what mxsync wrote: it is ours again, and kept current.
    tenant.sql("UPDATE Contacts SET JobTitle = 'Sales Manager'")
    send(tenant, "07 Nov", "Managing Director", "Acme Pumps Ltd")
    tenant.sync()
    assert card(tenant, "JobTitle") == ("Managing Director",)


def test_what_a_card_in_a_folder_says_stays(tenant: Tenant) -> None:
    tenant.card(
        "FN:Jane Roe\nN:Roe;Jane;;;\nEMAIL:jane@acme.example\nTITLE:Director\nCATEGORIES:MX-Contact", name="jane.vcf"
    )
    tenant.sync()
    assert card(tenant, "JobTitle", "Mobile") == ("Director", None)
    send(tenant, "05 Nov", "Head of Purchasing", "Acme Pumps Ltd", "Mobile +27 82 555 0198")
    tenant.sync()
    assert card(tenant, "JobTitle", "Mobile") == ("Director", MOBILE)


def proposals(tenant: Tenant) -> list[str]:
    return [why for (why,) in tenant.sql("SELECT why FROM mxsync_review ORDER BY number")]


def test_who_writes_from_another_firm_is_proposed_and_not_doubled(tenant: Tenant) -> None:
    send(tenant, "03 Nov", "Sales Manager", "Acme Pumps Ltd", "Mobile +27 82 555 0198")
    tenant.sync()
    (number,) = card(tenant, "ContactID")
    new = "Jane Roe <jane.roe@beta.example>"
    send(tenant, "05 Nov", "Sales Director", "Beta Ltd", "Mobile +27 82 555 0198", sender=new)
    report = tenant.sync()
    assert "contact" not in report["created"] and tenant.count_rows("Contacts") == 1
    ((rows, why),) = report["proposed"]
    assert rows == f"contact {number}" and "another address" in why
    status = tenant.run("status").out
    assert f"contact {number}: Jane Roe writes from another address" in status
    assert f"set contact {number}: email = 'jane.roe@beta.example'" in status
    # A second mail, or the first deleted, asks nothing again and loses nothing.
    send(tenant, "06 Nov", "Sales Director", "Beta Ltd", "Mobile +27 82 555 0198", sender=new)
    next((tenant.root / "mailboxes" / ANNA / "Inbox").glob("00002.eml")).unlink()
    assert tenant.sync()["proposed"] == [] and len(proposals(tenant)) == 1
    # Taken over by a person: the contact is found by either address, and is now a contact of another company.
    (beta,) = tenant.sql("SELECT CompanyID FROM Companies WHERE Domain = 'beta.example'")[0]
    tenant.sql("UPDATE Contacts SET Email2 = 'jane.roe@beta.example', CompanyID = ?", beta)
    tenant.sql("DELETE FROM mxsync_review")
    send(tenant, "07 Nov", "Sales Director", "Beta Ltd", sender=new)
    assert tenant.sync()["proposed"] == [] and tenant.count_rows("Contacts") == 1
    assert card(tenant, "JobTitle") == ("Sales Director",)


def test_a_person_who_says_they_are_two_gets_two(tenant: Tenant) -> None:
    send(tenant, "03 Nov", "Sales Manager", "Acme Pumps Ltd", "Mobile +27 82 555 0198")
    tenant.sync()
    new = "Jane Roe <jane.roe@beta.example>"
    send(tenant, "05 Nov", "Sales Director", "Beta Ltd", "Mobile +27 82 555 0198", sender=new)
    tenant.sync()
    tenant.sql("DELETE FROM mxsync_review")  # decided, and the contact was left as it is
    send(tenant, "06 Nov", "Sales Director", "Beta Ltd", "Mobile +27 82 555 0198", sender=new)
    tenant.sync()
    assert tenant.count_rows("Contacts") == 2


def test_who_moved_and_answers_us_keeps_the_card(tenant: Tenant) -> None:
    send(tenant, "03 Nov", "Sales Manager", "Acme Pumps Ltd", "Mobile +27 82 555 0198")
    tenant.sync()
    (number,) = card(tenant, "ContactID")
    # Anna writes to the new address before anything has come from it: nobody can know yet, and a person is asked.
    tenant.mail(
        ANNA, "Jane Roe <jane@beta.example>", "Your new job", folder="Sent Items", message_id="<job@ours.example>"
    )
    ((rows, why),) = tenant.sync()["proposed"]
    assert rows == f"contact {number}" and "is written to at another address" in why
    # Her answer has her mobile phone: it is she.
    path = send(
        tenant, "05 Nov", "Sales Director", "Beta Ltd", "Mobile +27 82 555 0198", sender="Jane Roe <jane@beta.example>"
    )
    path.write_text("In-Reply-To: <job@ours.example>\n" + path.read_text())
    report = tenant.sync()
    assert tenant.count_rows("Contacts") == 1 and tenant.count_rows("Companies") == 2
    assert card(tenant, "Email", "Email2", "JobTitle") == ("jane@acme.example", "jane@beta.example", "Sales Director")
    ((_, why),) = report["proposed"]
    assert "may have moved there" in why
    waiting = proposals(tenant)
    assert len(waiting) == 1 and "another company's address" in waiting[0]  # the address needs nobody any more
    assert tenant.sql("SELECT count(*) FROM EmailContacts WHERE ContactID = ?", number) == [(2,)]
    # A person takes the address away: they are two after all, and stay so.
    tenant.sql("UPDATE Contacts SET Email2 = NULL")
    send(
        tenant, "07 Nov", "Sales Director", "Beta Ltd", "Mobile +27 82 555 0198", sender="Jane Roe <jane@beta.example>"
    )
    tenant.sync()
    assert tenant.sql("SELECT Email, Email2 FROM Contacts ORDER BY ContactID") == [
        ("jane@acme.example", None),
        ("jane@beta.example", None),
    ]


def test_what_is_proposed_and_settled_in_one_page_does_not_wait(tenant: Tenant) -> None:
    send(tenant, "03 Nov", "Sales Manager", "Acme Pumps Ltd", "Mobile +27 82 555 0198", name="a.eml")
    send(
        tenant,
        "05 Nov",
        "Director",
        "Beta Ltd",
        "Mobile +27 82 555 0198",
        sender="Jane Roe <jane@beta.example>",
        name="b.eml",
    )
    path = send(
        tenant,
        "07 Nov",
        "Director",
        "Beta Ltd",
        "Mobile +27 82 555 0198",
        sender="Jane Roe <jane@beta.example>",
        name="c.eml",
    )
    path.write_text("In-Reply-To: <job@ours.example>\n" + path.read_text())
    tenant.mail(ANNA, "Ben <ben@ours.example>", "Jane?", folder="Sent Items", message_id="<job@ours.example>")
    tenant.sync()
    assert card(tenant, "Email", "Email2") == ("jane@acme.example", "jane@beta.example")
    assert all("another address" not in why for why in proposals(tenant))


def test_a_person_takes_over_what_is_proposed(tenant: Tenant) -> None:
    send(tenant, "03 Nov", "Sales Manager", "Acme Pumps Ltd", "Mobile +27 82 555 0198")
    tenant.sync()
    (number,) = card(tenant, "ContactID")
    new = "Jane Roe <Jane.Roe@beta.example>"
    send(tenant, "05 Nov", "Sales Director", "Beta Ltd", "Mobile +27 82 555 0198", sender=new)
    tenant.sync()
    (waits,) = tenant.run("review", "--format", "json").document["held"]
    said = tenant.run("review", "accept", str(waits["number"])).out
    assert f"contact {number}" in said and proposals(tenant) == []
    assert card(tenant, "Email", "Email2") == ("jane@acme.example", "Jane.Roe@beta.example")
    why = tenant.run("why", "contact", str(number), "--format", "json").document["fields"]
    assert [each["source"] for each in why if each["field"] == "email"] == ["review"]
    # It can be undone, and the undoing, too.
    tenant.run("undo", "run", "last")
    assert card(tenant, "Email", "Email2") == ("jane@acme.example", None)
    runs = tenant.run("undo", "--format", "json").document["runs"]
    tenant.run("undo", "run", str(max(run["number"] for run in runs if run["kind"] == "undo")))
    assert card(tenant, "Email", "Email2") == ("jane@acme.example", "Jane.Roe@beta.example")
    # From now on her mail is hers, and the new company is what is asked about next.
    send(tenant, "06 Nov", "Sales Director", "Beta Ltd", "Mobile +27 82 555 0198", sender=new)
    tenant.sync()
    assert tenant.count_rows("Contacts") == 1 and card(tenant, "JobTitle") == ("Sales Director",)
    (waits,) = tenant.run("review", "--format", "json").document["held"]
    tenant.run("review", "accept", str(waits["number"]))
    assert tenant.sql("SELECT Domain FROM Companies JOIN Contacts ON Companies.CompanyID = Contacts.CompanyID") == [
        ("beta.example",)
    ]
    assert tenant.sync()["items"] == 0


def test_what_cannot_be_taken_over_is_said(tenant: Tenant) -> None:
    tenant.contact(
        "a@acme.example",
        Email2="b@acme.example",
        Email3="c@acme.example",
        FirstName="Jane",
        LastName="Roe",
        Mobile=MOBILE,
    )
    send(tenant, "05 Nov", "Director", "Beta Ltd", "Mobile +27 82 555 0198", sender="Jane Roe <jane@beta.example>")
    send(tenant, "06 Nov", "Director", sender="Kim Poe <kim@acme.example>")
    tenant.contact("kim.poe@acme.example", FirstName="Kim", LastName="Poe")
    tenant.sync()
    held = {each["why"]: str(each["number"]) for each in tenant.run("review", "--format", "json").document["held"]}
    (address,) = [number for why, number in held.items() if "another address" in why]
    (pair,) = [number for why, number in held.items() if "same person" in why]
    full = tenant.run("review", "accept", address, check=False)
    assert full.code == 5 and "no room for another email: empty one of Email, Email2, Email3 first" in full.err
    two = tenant.run("review", "accept", pair, check=False)
    assert two.code == 5 and "is about a row: change the row" in two.err
    assert len(proposals(tenant)) == 2


def test_two_who_share_a_name_are_two_and_proposed_as_one(tenant: Tenant) -> None:
    send(tenant, "03 Nov", "Sales Manager", "Acme Pumps Ltd", "Mobile +27 82 555 0198")
    send(tenant, "04 Nov", "Buyer", "Beta Ltd", "Mobile +27 82 555 0111", sender="Jane Roe <jane@beta.example>")
    tenant.sync()
    assert tenant.count_rows("Contacts") == 2
    (why,) = proposals(tenant)
    assert "they may be the same person: both are called Jane Roe" in why


def test_a_known_address_of_another_company_is_a_move(tenant: Tenant) -> None:
    acme, beta = tenant.company("Acme", "acme.example"), tenant.company("Beta", "beta.example")
    number = tenant.contact(
        "jane@acme.example", Email2="jane@beta.example", FirstName="Jane", LastName="Roe", CompanyID=acme
    )
    for day in ("05 Nov", "06 Nov"):
        send(tenant, day, "Sales Director", "Beta", sender="Jane Roe <jane@beta.example>")
        tenant.sync()
    (why,) = proposals(tenant)
    assert why.startswith(f"contact {number}: Jane Roe may have moved to another company")
    (decision,) = tenant.sql("SELECT decision FROM mxsync_review")[0]
    assert f"company = company {beta}" in decision
    assert card(tenant, "CompanyID") == (acme,)
    tenant.sql("DELETE FROM mxsync_review")
    send(tenant, "07 Nov", "Sales Director", "Beta", sender="Jane Roe <jane@beta.example>")
    tenant.sync()
    assert proposals(tenant) == []


def test_likely_duplicates_are_proposed_once(tenant: Tenant) -> None:
    acme = tenant.company("Acme", "acme.example")
    first = tenant.contact("j.roe@acme.example", FirstName="Jane", LastName="Roe", CompanyID=acme)
    second = tenant.contact("max@other.example", FirstName="Max", LastName="Mora", Mobile=MOBILE)
    send(tenant, "03 Nov", "Sales Manager", "Acme Pumps Ltd", "Mobile +27 82 555 0198")
    send(tenant, "04 Nov", "Sales Manager", "Acme Pumps Ltd", "Mobile +27 82 555 0198")
    tenant.sync()
    (made,) = tenant.sql("SELECT ContactID FROM Contacts WHERE Email = 'jane@acme.example'")[0]
    assert sorted(proposals(tenant)) == [
        f"contact {first} and contact {made}: they may be the same person: both are Jane Roe, of company {acme}",
        f"contact {second} and contact {made}: they may be the same person: both have the mobile phone {MOBILE}",
    ]
    tenant.sql("DELETE FROM mxsync_review")
    tenant.sql("UPDATE Contacts SET Mobile = NULL WHERE ContactID = ?", first)
    send(
        tenant,
        "05 Nov",
        "Sales Manager",
        "Acme Pumps Ltd",
        "Mobile +27 82 555 0198",
        sender="J Roe <j.roe@acme.example>",
    )
    tenant.sync()
    # `first` has the phone now as well: that pair was decided, the other one with it is new.
    assert proposals(tenant) == [
        f"contact {first} and contact {second}: they may be the same person: both have the mobile phone {MOBILE}"
    ]


def test_a_plan_shows_what_would_be_renewed_and_keeps_nothing(tenant: Tenant) -> None:
    send(tenant, "03 Nov", "Sales Manager", "Acme Pumps Ltd", "Mobile +27 82 555 0198")
    tenant.sync()
    send(tenant, "05 Nov", "Head of Purchasing", "Acme Pumps Ltd")
    send(
        tenant, "06 Nov", "Sales Director", "Beta Ltd", "Mobile +27 82 555 0198", sender="Jane Roe <jane@beta.example>"
    )
    before = tenant.dump(tracking=True)
    plan = tenant.run("plan", "--format", "json").document
    assert tenant.dump(tracking=True) == before
    assert plan["report"]["updated"]["contact"] == 1 and len(plan["report"]["proposed"]) == 1
    done = tenant.run("sync", "--plan", plan["digest"], "--format", "json").document
    assert done["updated"] == plan["report"]["updated"] and done["proposed"] == plan["report"]["proposed"]


def test_two_contacts_of_one_address_are_proposed_and_left_alone(tenant: Tenant) -> None:
    first, second = tenant.contact("jane@acme.example", FirstName="Jane"), tenant.contact("jane@acme.example")
    send(tenant, "03 Nov", "Sales Manager", "Acme Pumps Ltd")
    tenant.sync()
    assert proposals(tenant) == [
        f"contact {first} and contact {second}: they may be the same person: both have the address jane@acme.example"
    ]
    assert tenant.sql("SELECT DISTINCT JobTitle FROM Contacts") == [(None,)]


def test_what_one_page_sets_twice_ends_as_the_last_mail_says(tenant: Tenant) -> None:
    """The first mail's value is another, the second's is the one that was there before the page."""
    tenant.rules(
        "use 'crm.rules'\n\nwhen mail subject like 'now {word}' and is known contact then set contact.status = word\n"
    )
    tenant.contact("jane@acme.example", Status="calm")
    tenant.mail(subject="now angry")
    tenant.mail(subject="now calm")
    tenant.sync()
    assert card(tenant, "Status") == ("calm",)


def test_duplicates_that_were_there_before_are_found_when_one_of_them_writes(tenant: Tenant) -> None:
    acme = tenant.company("Acme", "acme.example")
    one = tenant.contact("jane@acme.example", FirstName="Jane", LastName="Roe", CompanyID=acme)
    other = tenant.contact("roe@acme.example", FirstName="jane", LastName="ROE", CompanyID=acme)
    send(tenant, "03 Nov", "Sales Manager", "Acme Pumps Ltd")
    tenant.sync()
    (why,) = proposals(tenant)
    assert why.startswith(f"contact {one} and contact {other}: they may be the same person: both are Jane Roe")
    assert tenant.sql("SELECT count(DISTINCT JobTitle) FROM Contacts") == [(1,)]


def test_a_value_that_a_newer_mail_repeats_is_as_new_as_that_mail(tenant: Tenant) -> None:
    send(tenant, "03 Nov", "Sales Manager", "Acme Pumps Ltd")
    send(tenant, "09 Nov", "Sales Manager", "Acme Pumps Ltd")
    tenant.sync()
    send(tenant, "06 Nov", "Head of Purchasing", "Acme Pumps Ltd")
    tenant.sync()
    assert card(tenant, "JobTitle") == ("Sales Manager",)
