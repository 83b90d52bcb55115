"""`link`: to whom an item is linked."""

from __future__ import annotations

from mxsync.lang import ir
from mxsync.model.effect import CreateRow, LinkRows
from mxsync.model.item import Address, Kind
from mxsync.model.outcome import Fate
from mxsync.model.record import RecordKey
from tests.programs import (
    ANNA,
    assign,
    compare,
    item,
    known,
    like,
    mail,
    path,
    rule,
    template,
)
from tests.worlds import Crm, created, decide_item, decide_items, linked, of, saved

NOT_EXCLUDED = compare(path(".exclude_mail", ir.Type.BOOLEAN), ir.Op.EQ, False)
EVERYTHING = rule("all", None, ir.Link())


def test_link_alone_means_user_contacts_and_their_companies() -> None:
    crm = Crm()
    acme = crm.company("acme.example")
    jane = crm.contact("jane@acme.example", acme)
    crm.contact("other@acme.example", acme)
    decision = decide_item([EVERYTHING], mail(), crm)
    assert linked(decision) == [crm.anna, jane, acme]
    assert decision.fate is Fate.APPLIED


def test_an_address_in_another_case_with_a_plus_tag_or_an_alias_is_the_same_person() -> None:
    crm = Crm()
    jane = crm.add("contact", {"email": ("old@acme.example", "Jane@Acme.example")})
    decision = decide_item([EVERYTHING], mail(sender=Address("", "JANE+news@acme.EXAMPLE")), crm)
    assert jane in linked(decision)


def test_the_name_alone_is_nobody() -> None:
    crm = Crm()
    crm.contact("else@where.example", full_name="Jane Roe")
    assert linked(decide_item([EVERYTHING], mail(), crm)) == [crm.anna]


def test_an_excluded_contact_is_never_linked_to_mail_nor_is_its_company() -> None:
    crm = Crm()
    acme, other = crm.company("acme.example"), crm.company("b.example")
    crm.contact("jane@acme.example", acme, exclude_mail=1)
    joe = crm.contact("joe@b.example", other, exclude_mail=None)
    both = mail(to=[Address("", "joe@b.example"), Address("", ANNA)])
    assert linked(decide_item([EVERYTHING], both, crm)) == [crm.anna, joe, other]
    targets = ir.Link((ir.Target("user"), ir.Target("contact", where=NOT_EXCLUDED), ir.Target("company")))
    assert linked(decide_item([rule("m0", None, targets)], both, crm)) == [crm.anna, joe, other]


def test_an_excluded_contact_is_linked_to_a_meeting() -> None:
    crm = Crm()
    jane = crm.contact("jane@acme.example", exclude_mail=True)
    meeting = item(Kind.APPOINTMENT, {"subject": "x", "attendees": (Address("", "jane@acme.example"),)})
    decision = decide_item([rule("all", None, ir.Link(), kind=Kind.APPOINTMENT)], meeting, crm)
    assert jane in linked(decision)


def test_our_own_people_are_no_contacts() -> None:
    crm = Crm()
    crm.contact("bob@ours.example")
    crm.contact("carol@sub.ours.example")
    staff = [Address("", "bob@ours.example"), Address("", "carol@sub.ours.example")]
    decision = decide_item([EVERYTHING], mail(sender=Address("", ANNA), to=staff), crm)
    assert linked(decision) == [crm.anna]


def test_the_company_of_a_domain_stands_for_people_who_are_no_contacts() -> None:
    crm = Crm()
    acme = crm.company("acme.example")
    crm.company("gmail.com")
    context = mail(sender=Address("", "x@sales.acme.example"), to=[Address("", "y@gmail.com")])
    assert linked(decide_item([EVERYTHING], context, crm)) == [crm.anna, acme]


OPEN = compare(path(".status"), ir.Op.EQ, "Open")
M5 = rule("m5", None, ir.Link((ir.Target("opportunity", where=OPEN, latest_by="created_on"),)))


def test_the_newest_open_opportunity_of_all_contacts_together() -> None:
    crm = Crm()
    jane, joe = crm.contact("jane@acme.example"), crm.contact("joe@acme.example")
    for contact, status, day in ((jane, "Open", "2026-01-02"), (joe, "open", "2026-01-09"), (joe, "Won", "2026-01-20")):
        crm.add("opportunity", {"name": day, "contact": contact, "status": status, "created_on": day})
    decision = decide_item([M5], mail(to=[Address("", "joe@acme.example")]), crm)
    (key,) = linked(decision)
    assert crm.rows[key].values["name"] == "2026-01-09"


def test_the_companies_open_opportunity_where_the_contacts_have_none_open() -> None:
    crm = Crm()
    acme = crm.company("acme.example")
    jane = crm.contact("jane@acme.example", acme)
    crm.add("opportunity", {"contact": jane, "status": "Lost", "created_on": "2026-01-05"})
    old = crm.add("opportunity", {"company": acme, "status": "Open", "created_on": "2025-01-05"})
    assert linked(decide_item([M5], mail(), crm)) == [old]


def test_oldest_by_and_rows_without_a_value_last() -> None:
    crm = Crm()
    jane = crm.contact("jane@acme.example")
    crm.add("opportunity", {"contact": jane, "status": "Open"})
    crm.add("opportunity", {"contact": jane, "status": "Open", "created_on": "2026-01-05"})
    first = crm.add("opportunity", {"contact": jane, "status": "Open", "created_on": "2025-01-05"})
    oldest = rule("o", None, ir.Link((ir.Target("opportunity", oldest_by="created_on"),)))
    assert linked(decide_item([oldest], mail(), crm)) == [first]


REF = ir.Link((ir.Target("property", where=compare(path(".ref"), ir.Op.EQ, path("@ref"))),))


def test_a_where_with_a_capture_finds_a_record_linked_to_nobody() -> None:
    crm = Crm()
    crm.add("property", {"ref": "K11"})
    wanted = crm.add("property", {"ref": "k12"})
    by_ref = rule("ref", like("subject", "*ref {ref}*"), REF)
    assert linked(decide_item([by_ref], mail(subject="Your ref K12, please"), crm)) == [wanted]
    nothing = decide_item([by_ref], mail(subject="ref K99"), crm)
    assert linked(nothing) == []
    assert "nothing to link to" in nothing.trace.steps[0].note[0]


def test_a_where_of_literals_alone_does_not_search_the_table() -> None:
    crm = Crm()
    crm.add("opportunity", {"status": "Open"})
    assert linked(decide_item([M5], mail(), crm)) == []


REPLY = {"in-reply-to": ("<first@mail.example>",), "references": ("<zero@mail.example> <first@mail.example>",)}
M8 = rule("m8", ir.IsReply("email"), ir.Link((ir.Target("opportunity", of_conversation=True),)))


def test_a_reply_takes_over_the_links_of_its_conversation() -> None:
    crm = Crm()
    before = crm.add("email", {"message_id": "<zero@mail.example>"})
    deal = crm.add("opportunity", {"name": "Deal"})
    crm.link(before, deal)
    assert linked(decide_item([M8], mail(headers=REPLY), crm)) == [deal]
    assert decide_item([M8], mail(), crm).fate is Fate.NOTHING


def test_a_reply_to_a_mail_of_the_same_page_sees_what_was_planned_for_it() -> None:
    crm = Crm()
    deal = crm.add("property", {"ref": "K12"})
    rules = [
        rule("ref", like("subject", "ref {ref}"), REF),
        rule("m8", ir.IsReply("email"), ir.Link((ir.Target("property", of_conversation=True),))),
    ]
    reply = mail(2, subject="Re:", headers={"in-reply-to": ("<1@mail.example>",)})
    first, second = decide_items(rules, [mail(1, subject="ref K12"), reply], crm)
    assert linked(first) == linked(second) == [deal]


def test_what_the_subject_mentions() -> None:
    crm = Crm()
    acme = crm.company("acme.example", "Acme Ltd.")
    crm.company("x.example", "Acme")
    crm.company("y.example", "Me")
    jane = crm.contact("jane@acme.example", acme)
    names = ir.Mentions("company", "name")
    addresses = ir.Mentions("contact", "email")
    both = rule("c4", ir.Or((addresses, names)), ir.Link(), kind=Kind.APPOINTMENT)
    meeting = item(Kind.APPOINTMENT, {"subject": "Visit to acme  ltd. (Jane+x@acme.example), with me"})
    decision = decide_item([both], meeting, crm)
    assert linked(decision)[0] == crm.anna
    assert set(linked(decision)[1:]) == {jane, acme, RecordKey("company", 4)}
    assert decide_item([both], item(Kind.APPOINTMENT, {"subject": "acmes ltd"}), crm).fate is Fate.NOTHING
    only = rule("m", names, ir.Link((ir.Target("company", mentioned=True),)), kind=Kind.APPOINTMENT)
    assert linked(decide_item([only], item(Kind.APPOINTMENT, {"subject": "for Acme Ltd."}), crm)) == [acme]


def test_a_row_that_the_same_rule_creates_is_linked_with_the_item_and_its_people() -> None:
    crm = Crm()
    jane = crm.contact("jane@acme.example", first_name="Jane")
    text = template("Call ", path("contact:first_name"))
    both = rule("t", None, ir.CreateRecord("task", (assign("subject", text, "task"),)), ir.Link())
    decision = decide_item([both], mail(), crm)
    (task,) = created(decision, "task")
    assert task.values == {"subject": "Call Jane", "owner": crm.anna}
    assert LinkRows(task.cause, task.key, jane) in decision.effects


def test_a_deal_that_the_rule_creates_hangs_on_the_mail_and_on_the_contact() -> None:
    crm = Crm()
    jane = crm.contact("jane@acme.example")
    deal = ir.CreateRecord("opportunity", (assign("name", path("subject"), "opportunity"),))
    decision = decide_item([rule("d", None, ir.Link(), deal)], mail(), crm)
    (row,) = created(decision, "opportunity")
    assert row.key in linked(decision)
    assert LinkRows(row.cause, row.key, jane) in decision.effects


def test_a_journal_names_companies() -> None:
    crm = Crm()
    acme = crm.company("acme.example", "Acme")
    journal = item(Kind.JOURNAL, {"subject": "Call", "companies": ("ACME", "Nobody")})
    decision = decide_item([rule("j", None, ir.Link(), kind=Kind.JOURNAL)], journal, crm)
    assert linked(decision)[-1] == acme


def test_a_note_is_saved_nowhere() -> None:
    decision = decide_item([rule("n", None, ir.Link(), kind=Kind.NOTE)], item(Kind.NOTE, {"subject": "x"}))
    assert decision.effects == ()
    assert decision.trace.steps[0].note == ("no entity stands for a note: nothing is saved",)


def test_a_public_folder_has_no_user() -> None:
    crm = Crm()
    jane = crm.contact("jane@acme.example")
    decision = decide_item(
        [rule("p", None, ir.Link(), folders=["Team"], public=True)], mail(mailbox="public", folder="Team"), crm
    )
    assert linked(decision) == [jane]


def test_a_user_without_a_row_gets_one() -> None:
    crm = Crm()
    context = mail(mailbox="bob@ours.example", to=[Address("", "bob@ours.example")])
    decision = decide_item([EVERYTHING], context, crm)
    (row,) = of(decision, CreateRow)
    assert row.values == {"email": "bob@ours.example"}
    assert linked(decision) == [row.key]
    assert saved(decision).values["owner"] == row.key


def test_contacts_linked_through_link_tables() -> None:
    crm = Crm()
    jane = crm.contact("jane@acme.example")
    before = crm.add("email", {"message_id": "<old@x.example>"})
    crm.link(before, jane)
    emails = rule("e", known(), ir.Link((ir.Target("email"),)), kind=Kind.APPOINTMENT)
    meeting = item(Kind.APPOINTMENT, {"attendees": (Address("", "jane@acme.example"),), "subject": "x"})
    assert linked(decide_item([emails], meeting, crm)) == []  # nothing leads from an appointment to mail


def targets(*named: ir.Target) -> ir.Rule:
    return rule("t", None, ir.Link(named))


def test_what_a_where_may_compare_with() -> None:
    crm = Crm()
    mine = crm.add("property", {"ref": "K1", "agent": crm.anna, "address": "Hello"})
    crm.add("property", {"ref": "K2", "address": "Hello"})
    agent = compare(path(".agent", ir.Type.REFERENCE), ir.Op.EQ, ir.TheUser())
    address = compare(path(".address"), ir.Op.EQ, path("subject"))
    both = ir.And((agent, address, compare(path(".ref"), ir.Op.STARTS, "K")))
    assert linked(decide_item([targets(ir.Target("property", where=both))], mail(), crm)) == [mine]
    by_text = compare(path(".ref"), ir.Op.EQ, template("K", path("custom.n")))
    by_number = targets(ir.Target("property", where=by_text))
    assert linked(decide_item([by_number], mail(custom={"n": 1}), crm)) == [mine]
    nothing = compare(path(".ref"), ir.Op.EQ, path("custom.none"))
    several = compare(path(".ref"), ir.Op.EQ, path("categories", many=True))
    yes = ir.And((compare(path(".ref"), ir.Op.EQ, True), compare(path(".unmapped"), ir.Op.EQ, path("subject"))))
    unlike = compare(path(".ref"), ir.Op.EQ, path("subject"), quantifier=ir.Quantifier.NONE)
    for where in (nothing, several, yes, unlike, known()):
        assert (
            linked(decide_item([targets(ir.Target("property", where=where))], mail(categories=["K1", "K2"]), crm)) == []
        )


def test_a_company_and_a_contact_named_by_the_item() -> None:
    crm = Crm()
    acme = crm.company("firm.example", "Acme")
    jim = crm.contact("jim@firm.example")
    by_name = targets(ir.Target("company", where=compare(path(".name"), ir.Op.EQ, path("custom.firm"))))
    assert linked(decide_item([by_name], mail(custom={"firm": "ACME"}), crm)) == [acme]
    by_email = targets(ir.Target("contact", where=compare(path(".email", many=True), ir.Op.EQ, path("custom.who"))))
    assert linked(decide_item([by_email], mail(custom={"who": "Jim+x@firm.example"}), crm)) == [jim]


def test_a_user_who_is_not_so_is_not_linked() -> None:
    crm = Crm()
    wanted = compare(path(".full_name"), ir.Op.EQ, "Bob")
    assert linked(decide_item([targets(ir.Target("user", where=wanted))], mail(), crm)) == []
    public = mail(mailbox="public", folder="Team")
    team = rule("t", None, ir.Link((ir.Target("user"),)), public=True, folders=["Team"])
    assert linked(decide_item([team], public, crm)) == []


def test_an_entity_that_is_not_there_links_nothing() -> None:
    assert linked(decide_item([targets(ir.Target("missing"))], mail())) == []


def test_mentioned_contacts_that_are_excluded_stay_out() -> None:
    crm = Crm()
    crm.contact("jim@firm.example", exclude_mail=True)
    mentions = rule("m", ir.Mentions("contact", "email"), ir.Link())
    assert linked(decide_item([mentions], mail(subject="about jim@firm.example"), crm)) == [crm.anna]


def test_records_of_a_contact_through_its_company_s_link_table() -> None:
    """A schema without a foreign key from contact to company."""
    from dataclasses import replace

    from mxsync.decide.decide import decide
    from mxsync.decide.memory import MemoryTables
    from mxsync.lang.compile import compile_plan
    from tests.programs import NOW, ORGANISATION, crm_entities, fields, links, program

    entities = crm_entities()
    contact = entities["contact"]
    entities["contact"] = replace(contact, fields=fields("full_name", "email*2"), links=links("contact", "company"))
    tables = MemoryTables(entities)
    acme = tables.add("company", {"domain": "acme.example"})
    jane = tables.add("contact", {"email": ("jane@acme.example",)})
    tables.link(jane, acme)
    plan = compile_plan(program([EVERYTHING], entities=entities))
    assert linked(decide(plan, ORGANISATION, mail(), tables, NOW))[1:] == [jane, acme]
    card = [
        ir.CreateContacts("contact", ir.People.SENDER, ir.Source.DEFAULT, ()),
        ir.CreateCompanies("company", ir.Source.DOMAIN, ()),
        ir.Link(),
    ]
    plan = compile_plan(program([rule("card", None, *card)], entities=entities))
    new = decide(plan, ORGANISATION, mail(sender=Address("Jim", "jim@new.example")), tables, NOW)
    person, company = created(new, "contact")[0], created(new, "company")[0]
    assert LinkRows(person.cause, person.key, company.key) in new.effects
    at_acme = decide(plan, ORGANISATION, mail(sender=Address("Jim", "jim@acme.example")), tables, NOW)
    assert LinkRows(created(at_acme, "contact")[0].cause, created(at_acme, "contact")[0].key, acme) in at_acme.effects
