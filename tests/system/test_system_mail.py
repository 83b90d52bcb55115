"""M0 to M8 through the command line: for each an item that must be taken, and one that must not."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from databases import KINDS, make
from tenants import ANNA, BEN, Tenant

OURS = f"Anna <{ANNA}>"


@pytest.fixture(params=KINDS)
def tenant(tmp_path: Path, request: pytest.FixtureRequest) -> Tenant:
    return make(request.param, request, tmp_path / "t")


def links(tenant: Tenant, table: str) -> list[tuple[object, ...]]:
    return sorted(tenant.sql(f"SELECT * FROM {table}"))


def subjects(tenant: Tenant, table: str = "Emails") -> list[str]:
    return [subject for (subject,) in tenant.sql(f"SELECT Subject FROM {table} ORDER BY Subject")]


def test_m0_mail_of_a_known_contact_is_saved_and_linked(tenant: Tenant) -> None:
    company = tenant.company("Acme", "acme.example")
    contact = tenant.contact("Jane@ACME.example", CompanyID=company)
    tenant.mail("jane+news@acme.example", subject="received")
    tenant.mail(OURS, "jane@acme.example", "sent", folder="Sent Items")
    tenant.mail("nobody@else.example", subject="a stranger's")
    tenant.sync()
    assert subjects(tenant) == ["received", "sent"]
    assert tenant.sql("SELECT Subject, Direction FROM Emails ORDER BY Subject") == [
        ("received", "received"),
        ("sent", "sent"),
    ]
    assert {row[1] for row in links(tenant, "EmailContacts")} == {contact}
    assert {row[1] for row in links(tenant, "EmailCompanies")} == {company}
    (anna,) = tenant.sql("SELECT UserID FROM Users WHERE Email = ?", ANNA)
    assert {row[1] for row in links(tenant, "EmailUsers")} == set(anna)
    # Of other mail only its identity and the decision are kept.
    kept = tenant.sql("SELECT fate, identity, fields FROM mxsync_items WHERE fate = 'nothing'")
    assert [row[0] for row in kept] == ["nothing"] and kept[0][1].startswith("mail:") and kept[0][2] == ""


def test_m0_an_alias_of_a_contact_is_the_same_person(tenant: Tenant) -> None:
    contact = tenant.contact("jane@acme.example", Email2="j.roe@home.example")
    tenant.mail("J.ROE@home.example", subject="from home")
    tenant.sync()
    assert links(tenant, "EmailContacts") == [(1, contact)]
    assert tenant.count_rows("Contacts") == 1


def test_m0_one_mail_in_two_mailboxes_is_one_row_with_both_users(tenant: Tenant) -> None:
    tenant.contact("jane@acme.example")
    for box in (ANNA, BEN):
        tenant.mail(to=f"{ANNA}, {BEN}", subject="to both", box=box, message_id="<both@acme.example>")
    tenant.sync()
    assert subjects(tenant) == ["to both"]
    assert len(links(tenant, "EmailUsers")) == 2
    first = tenant.sql("SELECT u.Email FROM Emails e JOIN Users u ON u.UserID = e.UserID")
    assert first == [(ANNA,)]


@pytest.mark.parametrize("headers", [{"Sensitivity": "Private"}, {"Sensitivity": "Personal"},
                                     {"Sensitivity": "Company-Confidential"}, {"Keywords": "Private"}])  # fmt: skip
def test_m1_private_mail_is_left_out(tenant: Tenant, headers: dict[str, str]) -> None:
    tenant.contact("jane@acme.example")
    tenant.mail(subject="private", headers=headers)
    tenant.mail(subject="open")
    tenant.sync()
    assert subjects(tenant) == ["open"]


def test_m1_what_one_mailbox_leaves_out_another_may_keep(tenant: Tenant) -> None:
    tenant.contact("jane@acme.example")
    tenant.mail(subject="shared", box=ANNA, message_id="<x@y.example>", headers={"Sensitivity": "Private"})
    tenant.mail(subject="shared", box=BEN, message_id="<x@y.example>")
    tenant.sync()
    assert subjects(tenant) == ["shared"]
    assert tenant.sql("SELECT u.Email FROM EmailUsers l JOIN Users u ON u.UserID = l.UserID") == [(BEN,)]


def test_m1_mail_marked_private_later_is_withdrawn_with_a_before_image(tenant: Tenant) -> None:
    tenant.contact("jane@acme.example")
    path = tenant.mail(subject="oops")
    tenant.sync()
    assert subjects(tenant) == ["oops"]
    path.write_bytes(b"Sensitivity: Private\r\n" + path.read_bytes())
    tenant.sync()
    assert subjects(tenant) == [] and tenant.count_rows("Contacts") == 1
    ((before,),) = tenant.sql("SELECT \"before\" FROM mxsync_audit WHERE action = 'withdraw'")
    assert "oops" in before


def test_m1_a_row_that_a_person_edited_is_not_withdrawn_but_reviewed(tenant: Tenant) -> None:
    tenant.contact("jane@acme.example")
    path = tenant.mail(subject="oops")
    tenant.sync()
    tenant.sql("UPDATE Emails SET Subject = 'mine now'")
    path.write_bytes(b"Sensitivity: Private\r\n" + path.read_bytes())
    report = tenant.sync()
    assert subjects(tenant) == ["mine now"]
    assert len(report["held"]) == 1
    assert "edited" in tenant.run("status").out
    (waits,) = tenant.run("review", "--format", "json").document["held"]
    tenant.run("review", "accept", str(waits["number"]))
    tenant.sync()
    assert subjects(tenant) == []


def test_m2_an_excluded_contact_is_never_linked(tenant: Tenant) -> None:
    tenant.contact("secret@acme.example", ExcludeMail=1)
    open_ = tenant.contact("jane@acme.example", ExcludeMail=0)
    tenant.mail("secret@acme.example", subject="only excluded")
    tenant.mail("secret@acme.example", to=f"{ANNA}, jane@acme.example", subject="with another")
    tenant.sync()
    assert subjects(tenant) == ["with another"]
    assert links(tenant, "EmailContacts") == [(1, open_)]


def test_m3_create_contact(tenant: Tenant) -> None:
    tenant.mail("Jane Roe <jane@acme.example>", subject="take", categories=["Create Contact"])
    tenant.mail("Max Low <max@low.example>", subject="leave")
    tenant.sync()
    assert tenant.sql("SELECT FirstName, LastName, Email, CompanyID FROM Contacts") == [
        ("Jane", "Roe", "jane@acme.example", None)
    ]
    assert links(tenant, "EmailContacts") == [(1, 1)]
    assert tenant.count_rows("Companies") == 0


def test_m4_the_cards_rule_verbatim(tmp_path: Path) -> None:
    entities = (Path(__file__).parents[2] / "rules" / "crm.rules").read_text().split("\n# what stays in step")[0]
    rule = "when mail category 'Create Contact and Company' then create contact, create company from domain, link\n"
    tenant = Tenant.make(tmp_path / "t", entities + "\n\n" + rule)
    tenant.mail("Jane Roe <jane@acme-pumps.example>", subject="take", categories=["Create Contact and Company"])
    tenant.mail("Jim <jim@gmail.com>", subject="free", categories=["Create Contact and Company"])
    tenant.mail("Max Low <max@low.example>", subject="leave")
    tenant.sync()
    assert tenant.sql("SELECT Name, Domain FROM Companies") == [("Acme Pumps", "acme-pumps.example")]
    assert tenant.sql("SELECT Email, CompanyID FROM Contacts ORDER BY Email") == [
        ("jane@acme-pumps.example", 1),
        ("jim@gmail.com", None),
    ]
    assert subjects(tenant) == ["free", "take"]
    assert links(tenant, "EmailCompanies") == [(1, 1)]


def test_m4_two_first_mails_of_one_sender_make_one_contact(tenant: Tenant) -> None:
    for number in range(3):
        tenant.mail("Jane Roe <jane@acme.example>", subject=f"{number}", categories=["Create Contact and Company"])
    tenant.sync()
    assert tenant.count_rows("Contacts") == 1 and tenant.count_rows("Companies") == 1
    assert len(links(tenant, "EmailContacts")) == 3


def test_m5_link_opportunity(tenant: Tenant) -> None:
    company = tenant.company("Acme", "acme.example")
    contact = tenant.contact("jane@acme.example", CompanyID=company)
    for name, status, day in (
        ("old", "Open", "2026-01-01"),
        ("new", "Open", "2026-05-01"),
        ("won", "Won", "2026-06-01"),
    ):
        tenant.sql(
            "INSERT INTO Opportunities (Name, Status, ContactID, CreatedOn) VALUES (?, ?, ?, ?)",
            name,
            status,
            contact,
            day,
        )
    tenant.mail("jane@acme.example", subject="take", categories=["Link Opportunity"])
    tenant.mail("jane@acme.example", subject="leave")
    tenant.sync()
    assert tenant.sql(
        "SELECT e.Subject, o.Name FROM EmailOpportunities l JOIN Emails e ON e.EmailID = l.EmailID "
        "JOIN Opportunities o ON o.OpportunityID = l.OpportunityID"
    ) == [("take", "new")]


def test_m5_the_companys_opportunity_where_the_contact_has_none(tenant: Tenant) -> None:
    company = tenant.company("Acme", "acme.example")
    tenant.contact("jane@acme.example", CompanyID=company)
    tenant.sql("INSERT INTO Opportunities (Name, Status, CompanyID, CreatedOn) VALUES ('of all', 'Open', ?, '2026-01-01')",
               company)  # fmt: skip
    tenant.mail("jane@acme.example", subject="take", categories=["Link Opportunity"])
    tenant.sync()
    assert tenant.count_rows("EmailOpportunities") == 1


def test_m6_the_category_sets_the_status(tenant: Tenant) -> None:
    tenant.contact("jane@acme.example")
    tenant.mail(subject="take", categories=["mxStatus=Handled"])
    tenant.mail(subject="leave", categories=["Other=Handled"])
    tenant.sync()
    assert tenant.sql("SELECT Subject, mxStatus FROM Emails ORDER BY Subject") == [("leave", None), ("take", "Handled")]


def test_m7_attachments_become_documents_once_per_content(tenant: Tenant) -> None:
    tenant.contact("jane@acme.example")
    data = b"%PDF-1.4 offer"
    tenant.mail(subject="take", categories=["Save Attachments"], attachments=[("offer.pdf", data)])
    tenant.mail(subject="again", categories=["Save Attachments"], attachments=[("copy.pdf", data)])
    tenant.mail(subject="leave", attachments=[("other.pdf", b"%PDF-1.4 other")])
    tenant.sync()
    ((name, size, digest, path),) = tenant.sql("SELECT FileName, Size, Sha256, Path FROM Documents")
    assert (name, size, digest) == ("offer.pdf", len(data), hashlib.sha256(data).hexdigest())
    assert (tenant.root / "documents" / path).read_bytes() == data
    assert len(links(tenant, "DocumentEmails")) == 2
    assert len(links(tenant, "DocumentContacts")) == 1


def test_m7_a_shortcut_in_place_of_the_attachment(tmp_path: Path) -> None:
    rules = (
        "use 'crm.rules'\n\nrule 'All attachments'\n  when mail has attachment like '*.pdf'\n"
        "  then save attachments to folder 'Clients/{sender.domain}' replacing them with a link\n"
    )
    tenant = Tenant.make(tmp_path / "t", rules)
    tenant.contact("jane@acme.example")
    data = b"%PDF-1.4 " + b"x" * 5000
    path = tenant.mail(subject="big", attachments=[("../../plan.pdf", data)])
    other = tenant.mail(subject="text", attachments=[("notes.txt", b"hello")])
    untouched = other.read_bytes()
    tenant.sync()
    (stored,) = [p for p in (tenant.root / "documents").rglob("*") if p.is_file()]
    assert stored.relative_to(tenant.root / "documents").as_posix() == "Clients/acme.example/plan.pdf"
    assert stored.read_bytes() == data
    assert b"plan.pdf" in path.read_bytes() and len(path.read_bytes()) < 5000
    assert other.read_bytes() == untouched


def test_m8_a_reply_takes_over_the_links_of_its_conversation(tenant: Tenant) -> None:
    contact = tenant.contact("jane@acme.example")
    tenant.sql("INSERT INTO Opportunities (Name, ContactID) VALUES ('deal', ?)", contact)
    tenant.mail(subject="first", categories=["Link Opportunity"], message_id="<one@acme.example>")
    tenant.mail(subject="Re: first", headers={"In-Reply-To": "<one@acme.example>"})
    tenant.mail(subject="Re: other", headers={"In-Reply-To": "<unknown@acme.example>"})
    tenant.sync()
    linked = sorted(tenant.sql("SELECT e.Subject FROM EmailOpportunities l JOIN Emails e ON e.EmailID = l.EmailID"))
    assert linked == [("Re: first",), ("first",)]


def test_a_second_pass_changes_nothing(tenant: Tenant) -> None:
    tenant.company("Acme", "acme.example")
    tenant.mail("Jane Roe <jane@acme.example>", categories=["Create Contact and Company"])
    tenant.mail(subject="doc", categories=["Save Attachments"], attachments=[("a.pdf", b"%PDF")])
    tenant.mail("x@y.example", subject="of a stranger")
    tenant.sync()
    before = (tenant.dump(), tenant.files())
    report = tenant.sync()
    assert report["items"] == 0
    assert (tenant.dump(), tenant.files()) == before
    for path in (tenant.root / "mailboxes").rglob("*.eml"):
        path.touch()
    assert tenant.sync()["items"] == 0
    assert tenant.dump() == before[0]


def test_a_mail_that_is_deleted_changes_nothing_in_the_crm(tenant: Tenant) -> None:
    tenant.contact("jane@acme.example")
    path = tenant.mail(subject="gone")
    tenant.sync()
    before = tenant.dump()
    path.unlink()
    tenant.sync()
    assert tenant.dump() == before


def test_a_changed_rule_file_acts_on_what_arrives_or_changes_afterwards(tenant: Tenant) -> None:
    jane = tenant.contact("jane@acme.example")
    old = tenant.mail("jane@acme.example", subject="old")
    tenant.sync()
    tenant.rules("use 'crm.rules'\n\nwhen mail is known contact then set contact.status = 'Seen'\n")
    assert tenant.sync()["items"] == 0
    assert tenant.sql("SELECT Status FROM Contacts WHERE ContactID = ?", jane) == [(None,)]
    old.write_bytes(old.read_bytes().replace(b"Subject: old", b"Subject: old\nKeywords: Touched"))
    assert tenant.sync()["items"] == 1
    assert tenant.sql("SELECT Status FROM Contacts WHERE ContactID = ?", jane) == [("Seen",)]


def test_a_mail_that_moves_between_folders_stays_one_row(tenant: Tenant) -> None:
    tenant.contact("jane@acme.example")
    path = tenant.mail(subject="moving")
    tenant.sync()
    target = tenant.root / "mailboxes" / ANNA / "Inbox" / "Done" / path.name
    target.parent.mkdir()
    path.rename(target)
    tenant.sync()
    assert subjects(tenant) == ["moving"]
    assert tenant.sql("SELECT folder FROM mxsync_items") == [("Inbox/Done",)]


def test_m0_a_mail_that_lies_in_many_folders_is_one_row(tenant: Tenant) -> None:
    """Copies in folders of one mailbox, and in another's: decided in one page, and one row for all of them."""
    tenant.contact("jane@acme.example")
    for folder in ("Inbox", "Inbox/One", "Inbox/Two", "Sent Items"):
        tenant.mail(subject="copied", folder=folder, message_id="<copied@acme.example>")
    tenant.mail(subject="copied", box=BEN, message_id="<copied@acme.example>")
    report = tenant.sync()
    assert report["held"] == [] and report["fates"] == {"applied": 5}
    assert subjects(tenant) == ["copied"]
    assert len(links(tenant, "EmailUsers")) == 2 and tenant.count_rows("EmailContacts") == 1


def test_m7_attachments_of_one_name_in_one_folder_are_each_kept(tmp_path: Path) -> None:
    """Three mails in one page, each with another `plan.pdf`: three documents, and each link leads to its own."""
    rules = (
        "use 'crm.rules'\n\nrule 'All attachments'\n  when mail has attachment like '*.pdf'\n"
        "  then save attachments to folder 'Plans'\n"
    )
    tenant = Tenant.make(tmp_path / "t", rules)
    tenant.contact("jane@acme.example")
    contents = [b"%%PDF %d" % number for number in range(3)]
    for number, data in enumerate(contents):
        tenant.mail(subject=f"{number}", attachments=[("plan.pdf", data)])
    tenant.sync()
    stored = [path for path in (tenant.root / "documents").rglob("*") if path.is_file()]
    assert sorted(path.read_bytes() for path in stored) == contents
