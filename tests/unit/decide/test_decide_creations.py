"""`create`: contacts, companies, rows of any entity."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from mxsync.decide.context import once_key
from mxsync.lang import ir
from mxsync.model.effect import LinkRows, UpdateRow
from mxsync.model.item import Address, Attachment, Kind
from mxsync.model.outcome import Fate
from tests.programs import ANNA, SIGNATURE, assign, compare, item, known, mail, path, rule, template
from tests.worlds import Crm, created, decide_item, decide_items, fired, linked, of, saved


def contacts(
    people: ir.People = ir.People.CORRESPONDENTS, source: ir.Source = ir.Source.DEFAULT, *assigns: ir.Assign
) -> ir.CreateContacts:
    return ir.CreateContacts("contact", people, source, assigns)


def companies(source: ir.Source = ir.Source.DOMAIN, *assigns: ir.Assign) -> ir.CreateCompanies:
    return ir.CreateCompanies("company", source, assigns)


CARD = rule("card", None, contacts(), companies(), ir.Link())
CONTACT = rule("contact", None, contacts())


def test_both_are_created_linked_to_each_other_and_to_the_mail() -> None:
    crm = Crm()
    decision = decide_item([CARD], mail(body=SIGNATURE), crm)
    (company,) = created(decision, "company")
    (contact,) = created(decision, "contact")
    assert company.values == {"domain": "acme.example", "name": "Acme Pumps Ltd"}
    assert company.sources["name"].startswith("signature, line ") and company.sources["domain"] == "domain"
    assert contact.values["company"] == company.key
    assert contact.values["email"] == ("jane@acme.example",)
    assert (contact.values["first_name"], contact.values["last_name"]) == ("Jane", "Roe")
    assert contact.values["owner"] == crm.anna
    assert contact.values["job_title"] == "Sales Director"
    assert contact.values["mobile_phone"] == "+447911123456"
    assert contact.sources["mobile_phone"].startswith("signature, line ")
    assert contact.sources["first_name"] == "header"
    assert contact.sources["company"] == "domain"
    assert linked(decision) == [crm.anna, contact.key, company.key]
    # The company comes before the row that refers to it.
    assert decision.effects.index(company) < decision.effects.index(contact)


def test_the_order_of_the_two_actions_does_not_matter() -> None:
    turned = rule("card", None, companies(), contacts(), ir.Link())
    decision = decide_item([turned], mail())
    (company,) = created(decision, "company")
    (contact,) = created(decision, "contact")
    assert contact.values["company"] == company.key


def test_two_first_mails_of_one_sender_make_one_contact() -> None:
    first, second = decide_items([CARD], [mail(1), mail(2, sender=Address("", "JANE+x@acme.example"))])
    (contact,) = created(first, "contact")
    assert not created(second, "contact") and not created(second, "company")
    assert contact.key in linked(second)


def test_planned_numbers_are_unique_in_a_page() -> None:
    people = [Address("", f"p{n}@firm{n}.example") for n in range(5)]
    decisions = decide_items([CARD], [mail(n, sender=each) for n, each in enumerate(people)])
    keys = [row.key.value for d in decisions for row in (*created(d, "contact"), *created(d, "company"), saved(d))]
    assert len(keys) == len(set(map(repr, keys))) == 15


def test_a_known_contact_is_not_created_again_and_never_overwritten() -> None:
    crm = Crm()
    jane = crm.contact("jane@acme.example", first_name="Janet")
    decision = decide_item([CARD], mail(body=SIGNATURE), crm)
    assert not created(decision, "contact") and not of(decision, UpdateRow)
    (company,) = created(decision, "company")
    assert LinkRows(company.cause, jane, company.key) in decision.effects


def test_a_known_contact_with_a_company_gets_no_second_one() -> None:
    crm = Crm()
    crm.contact("jane@acme.example", crm.company("old.example"))
    assert not created(decide_item([CARD], mail(), crm), "company")


def test_the_company_of_the_domain_is_taken_where_it_is_known() -> None:
    crm = Crm()
    acme = crm.company("acme.example")
    decision = decide_item([CARD], mail(sender=Address("Jane Roe", "jane@sales.acme.example")), crm)
    assert created(decision, "company") == []
    assert created(decision, "contact")[0].values["company"] == acme
    alone = decide_item([CONTACT], mail(), crm)
    assert created(alone, "contact")[0].values["company"] == acme


@pytest.mark.parametrize(
    ("sender", "headers", "why"),
    [
        ("info@acme.example", {}, "no person's address"),
        ("noreply@acme.example", {}, "no person's address"),
        ("not an address", {}, "is no address"),
        ("jane@acme.example", {"list-unsubscribe": ("<mailto:x@y>",)}, "bulk mail"),
        ("jane@acme.example", {"auto-submitted": ("auto-replied",)}, "automatic mail"),
    ],
)
def test_only_real_correspondence_makes_contacts(sender: str, headers: dict[str, tuple[str, ...]], why: str) -> None:
    decision = decide_item([CARD], mail(sender=Address("X", sender), headers=headers))
    assert not created(decision, "contact") and not created(decision, "company")
    assert any(why in note for note in decision.trace.steps[0].note)


def test_our_own_people_are_never_created() -> None:
    decision = decide_item(
        [rule("r", None, contacts(ir.People.SENDER), contacts(ir.People.RECIPIENTS))],
        mail(sender=Address("Bob", "bob@ours.example"), to=[Address("", ANNA), Address("", "x@new.ours.example")]),
    )
    assert decision.effects == ()
    assert "bob@ours.example is one of us" in decision.trace.steps[0].note


@pytest.mark.parametrize("domain", ["gmail.com", "ours.example", "amazonses.com"])
def test_no_company_of_free_mail_ours_or_hosting(domain: str) -> None:
    decision = decide_item([CARD], mail(sender=Address("Jane Roe", f"jane.roe@{domain}")))
    assert not created(decision, "company")


def test_whom_contacts_are_made_for() -> None:
    joe, kim = Address("Joe Doe", "joe@b.example"), Address("Kim Lee", "kim@c.example")
    context = mail(to=[Address("", ANNA), joe], more={"cc": (kim,)})

    def emails(people: ir.People) -> list[object]:
        return [
            row.values["email"] for row in created(decide_item([rule("r", None, contacts(people))], context), "contact")
        ]

    assert emails(ir.People.SENDER) == [("jane@acme.example",)]
    assert emails(ir.People.RECIPIENTS) == [("joe@b.example",), ("kim@c.example",)]
    assert emails(ir.People.CORRESPONDENTS) == [("jane@acme.example",), ("joe@b.example",), ("kim@c.example",)]
    meeting = item(Kind.APPOINTMENT, {"organizer": joe, "attendees": (Address("", ANNA), kim), "subject": "x"})
    both = rule("r", None, contacts(ir.People.ATTENDEES), kind=Kind.APPOINTMENT)
    assert [row.values["email"] for row in created(decide_item([both], meeting), "contact")] == [
        ("joe@b.example",),
        ("kim@c.example",),
    ]


def test_the_signature_is_the_senders_alone() -> None:
    decision = decide_item([CONTACT], mail(body=SIGNATURE, to=[Address("Joe Doe", "joe@b.example")]))
    jane, joe = created(decision, "contact")
    assert "job_title" in jane.values and "job_title" not in joe.values


def test_header_before_signature_and_the_other_way_round() -> None:
    shown = mail(sender=Address("J. Roe-Smith", "jane@acme.example"), body=SIGNATURE)
    by_header = created(decide_item([CONTACT], shown), "contact")[0]
    assert by_header.values["last_name"] == "Roe-Smith"
    by_signature = rule("s", None, contacts(source=ir.Source.SIGNATURE))
    assert created(decide_item([by_signature], shown), "contact")[0].values["last_name"] == "Roe"
    header_only = rule("h", None, contacts(source=ir.Source.HEADER))
    assert "job_title" not in created(decide_item([header_only], shown), "contact")[0].values


def test_what_the_rule_says_goes_before_what_was_read() -> None:
    crm = Crm()
    bob = crm.add("user", {"email": "bob@ours.example"})
    made = contacts(
        ir.People.SENDER, ir.Source.DEFAULT,
        assign("job_title", "Lead", "contact"), assign("status", path("subject"), "contact"),
        assign("owner", path("user:"), "contact"), assign("full_name", path("@nothing"), "contact"),
    )  # fmt: skip
    values = created(decide_item([rule("r", None, made)], mail(body=SIGNATURE), crm), "contact")[0].values
    assert (values["job_title"], values["status"], values["owner"]) == ("Lead", "Hello", crm.anna)
    assert values["full_name"] == "Jane Roe"
    assert bob != crm.anna


def test_a_company_named_by_the_signature() -> None:
    decision = decide_item([rule("r", None, contacts(), companies(ir.Source.DEFAULT))], mail(body=SIGNATURE))
    (company,) = created(decision, "company")
    assert company.values["name"] == "Acme Pumps Ltd"
    assert company.sources["name"].startswith("signature")
    crm = Crm()
    nameless = crm.add("company", {"name": "acme pumps ltd"})
    again = decide_item([rule("r", None, contacts(), companies(ir.Source.SIGNATURE))], mail(body=SIGNATURE), crm)
    assert not created(again, "company")
    assert created(again, "contact")[0].values["company"] == nameless


def test_a_company_with_values_of_its_own() -> None:
    decision = decide_item([rule("r", None, companies(ir.Source.DOMAIN, assign("status", "Lead", "company")))], mail())
    assert created(decision, "company")[0].values == {"status": "Lead", "domain": "acme.example", "name": "Acme"}


def test_a_later_rule_sees_what_an_earlier_one_has_created() -> None:
    rules = [rule("second", known(), ir.Link()), rule("first", None, contacts(), priority=5)]
    decision = decide_item(rules, mail())
    assert fired(decision) == ["first", "second"]
    assert created(decision, "contact")[0].key in linked(decision)


def task(*assigns: ir.Assign) -> ir.CreateRecord:
    return ir.CreateRecord("task", assigns)


def test_a_record_with_a_shifted_time() -> None:
    due = ir.Offset(None, 2, "day")
    decision = decide_item(
        [rule("r", None, task(assign("due", due, "task"), assign("owner", ir.TheUser(), "task")))], mail()
    )
    (row,) = created(decision, "task")
    assert row.values["due"] == datetime(2026, 2, 2, 9, tzinfo=UTC)
    assert row.once == once_key("r", "create task", 0)


@pytest.mark.parametrize(
    ("start", "count", "unit", "expected"),
    [
        (date(2026, 1, 31), 1, "month", date(2026, 2, 28)),
        (date(2024, 2, 29), -1, "year", date(2023, 2, 28)),
        (date(2026, 3, 31), -1, "month", date(2026, 2, 28)),
        (date(2026, 1, 31), -14, "day", date(2026, 1, 17)),
        (date(2026, 1, 31), 1, "week", date(2026, 2, 7)),
        # the clocks go forward in London at 2026-03-29 01:00: a day keeps the hour, 24 hours do not
        (datetime(2026, 3, 28, 9, tzinfo=UTC), 1, "day", datetime(2026, 3, 29, 8, tzinfo=UTC)),
        (datetime(2026, 3, 28, 9, tzinfo=UTC), 24, "hour", datetime(2026, 3, 29, 9, tzinfo=UTC)),
        (date(2026, 1, 31), 90, "minute", datetime(2026, 1, 31, 1, 30, tzinfo=UTC)),
        (date(9999, 12, 31), 1, "year", date(9999, 12, 31)),
    ],
)
def test_moments_move_as_calendars_do(start: date, count: int, unit: str, expected: date) -> None:
    shifted = ir.Offset(path("start", ir.Type.MOMENT), count, unit)
    made = rule("r", None, task(assign("due", shifted, "task")), kind=Kind.APPOINTMENT)
    (row,) = created(decide_item([made], item(Kind.APPOINTMENT, {"start": start, "subject": "x"})), "task")
    assert row.values["due"] == expected


def test_a_record_is_created_once_for_an_item_and_a_rule() -> None:
    made = rule("r", None, task(assign("subject", "x", "task")), task(assign("subject", "y", "task")))
    first = decide_item([made], mail())
    done = frozenset(row.once for row in created(first, "task"))
    assert len(done) == 2
    again = decide_item([made], mail(done=done))
    assert again.fate is Fate.NOTHING
    assert "was created when the item came first" in again.trace.steps[0].note[0]


DOCUMENTS = ir.SaveAttachments()


def pdf(name: str = "offer.pdf", size: int = 2_000_000, digest: str = "ab" * 32, **more: object) -> Attachment:
    return Attachment("2", name, "application/pdf", size, digest, **more)  # type: ignore[arg-type]


def test_a_document_is_linked_where_the_mail_is_linked() -> None:
    crm = Crm()
    acme = crm.company("acme.example")
    jane = crm.contact("jane@acme.example", acme)
    from mxsync.model.effect import SaveAttachment

    decision = decide_item(
        [rule("m7", None, DOCUMENTS), rule("m0", known(), ir.Link())], mail(attachments=[pdf()]), crm
    )
    (row,) = created(decision, "document")
    assert row.values == {
        "file_name": "offer.pdf",
        "content_type": "application/pdf",
        "size": 2_000_000,
        "sha256": "ab" * 32,
    }
    (effect,) = of(decision, SaveAttachment)
    assert (effect.document, effect.folder, effect.link, effect.part) == (row.key, "", False, "2")
    targets = [link.target for link in of(decision, LinkRows) if link.source == row.key]
    assert targets == [saved(decision).key, crm.anna, jane, acme]


def test_a_content_is_one_document() -> None:
    from mxsync.model.effect import SaveAttachment

    crm = Crm()
    known_one = crm.add("document", {"sha256": "AB" * 32})
    again, other = decide_items(
        [rule("m7", None, DOCUMENTS)],
        [mail(1, attachments=[pdf()]), mail(2, attachments=[pdf("copy.pdf", digest="cd" * 32)])],
        crm,
    )
    assert not created(again, "document")
    assert of(again, SaveAttachment)[0].document == known_one
    assert created(other, "document")


def test_which_attachments_are_saved() -> None:
    from mxsync.model.effect import SaveAttachment
    from tests.programs import like

    attachments = [
        pdf("Plan.DWG"), Attachment("3", "small.dwg", size=10), Attachment("4", "l.dwg", size=2_000_000, inline=True),
        Attachment("5", "gone.dwg", size=2_000_000, link="file:///x"), pdf("x.pdf"),
    ]  # fmt: skip
    folder = ir.Template(
        ("Kunden/", ir.Hole(path("sender.name")), "/", ir.Hole(path("received", ir.Type.MOMENT), "%Y"))
    )
    action = ir.SaveAttachments(folder, 1_000_000, like("subject", "*.dwg").pattern, True)
    context = mail(sender=Address("A/../B: C", "a@b.example"), attachments=attachments)
    decision = decide_item([rule("d", None, action)], context)
    (effect,) = of(decision, SaveAttachment)
    assert effect.name == "Plan.DWG"
    assert effect.folder == "Kunden/A_.._B_ C/2026"
    assert effect.link and effect.document is None
    nothing = decide_item([rule("d", None, action)], mail(attachments=[pdf("x.pdf")]))
    assert nothing.effects == ()


def test_one_rule_saves_and_another_replaces() -> None:
    from mxsync.model.effect import SaveAttachment

    rules = [
        rule("one", None, DOCUMENTS),
        rule("two", None, ir.SaveAttachments(replacing=True)),
        rule("three", None, DOCUMENTS),
    ]
    (effect,) = of(decide_item(rules, mail(attachments=[pdf()])), SaveAttachment)
    assert effect.link and effect.cause.rule == "one"


def test_where_is_not_a_condition_on_what_is_created() -> None:
    unknown = known(where=compare(path(".status"), ir.Op.EQ, "Client"))
    assert decide_item([rule("r", unknown, contacts())], mail()).fate is Fate.NOTHING
    assert template("x").parts == ("x",)
