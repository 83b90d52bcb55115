"""Edges of decisions: each of these was found by changing a line and seeing that no other test minded."""

from __future__ import annotations

from dataclasses import replace

from mxsync.decide.effect_text import LONGEST, effects_lines
from mxsync.decide.memory import MemoryTables
from mxsync.decide.page import decide_page
from mxsync.decide.reach import tests_reached as reached
from mxsync.lang import ir
from mxsync.lang.compile import compile_plan
from mxsync.model.effect import LinkRows, UpdateRow
from mxsync.model.item import Address, Attachment, Kind
from mxsync.model.record import Entity, FieldMap, Linked
from tests.programs import (
    ANNA,
    NOW,
    ORGANISATION,
    SIGNATURE,
    assign,
    category,
    compare,
    crm_entities,
    known,
    mail,
    path,
    program,
    rule,
    template,
)
from tests.worlds import Crm, created, decide_item, decide_items, fired, linked, of, saved

MAX = Address("Max Mora", "max@mora.example")


def test_a_company_is_created_for_the_second_person_where_the_first_has_one() -> None:
    crm = Crm()
    crm.contact("jane@acme.example", crm.company("acme.example"))
    crm.contact(MAX.address)
    make = rule("make", None, ir.CreateCompanies("company", ir.Source.DOMAIN, ()))
    decision = decide_item([make], mail(to=[MAX, Address("", ANNA)]), crm)
    assert [effect.values["domain"] for effect in created(decision, "company")] == ["mora.example"]


def test_a_row_that_a_rule_creates_is_linked_also_where_there_is_nobody_else_to_link() -> None:
    make = rule(
        "make",
        None,
        ir.CreateRecord("property", (assign("ref", "P1", "property"),)),
        ir.Link(),
        folders=["Team"],
        public=True,
    )
    decision = decide_item([make], mail(mailbox="public", folder="Team"), MemoryTables(crm_entities()))
    (property_,) = created(decision, "property")
    assert linked(decision) == [property_.key]


def test_what_is_not_of_the_signature_is_set_on_everybody() -> None:
    crm = Crm()
    jane, max_ = crm.contact("jane@acme.example"), crm.contact(MAX.address)
    everybody = rule("n", known(), ir.Set((assign("status", template("see ", path("subject")), "contact"),)))
    decision = decide_item([everybody], mail(to=[MAX, Address("", ANNA)]), crm)
    assert {(each.key, each.values["status"]) for each in of(decision, UpdateRow)} == {
        (jane, "see Hello"), (max_, "see Hello"),
    }  # fmt: skip


def test_a_field_that_is_no_address_is_compared_as_it_is() -> None:
    crm = Crm()
    crm.add("property", {"ref": "x@y.example"})
    tagged = crm.add("property", {"ref": "x+1@y.example"})
    target = ir.Target("property", where=compare(path(".ref"), ir.Op.EQ, path("subject")))
    decision = decide_item([rule("t", None, ir.Link((target,)))], mail(subject="X+1@y.example"), crm)
    assert linked(decision) == [tagged]


def test_the_companies_of_those_contacts_that_the_action_links() -> None:
    crm = Crm()
    acme, mora = crm.company("acme.example"), crm.company("mora.example")
    crm.contact("jane@acme.example", acme, status="Old")
    max_ = crm.contact(MAX.address, mora, status="New")
    new = ir.Target("contact", where=compare(path(".status"), ir.Op.EQ, "New"))
    decision = decide_item([rule("t", None, ir.Link((ir.Target("company"), new)))], mail(to=[MAX]), crm)
    assert set(linked(decision)) == {max_, mora}


def test_a_long_conversation_keeps_its_first_mail_and_the_last_ninety_nine() -> None:
    crm = Crm()
    jane = crm.contact("else@where.example")
    mails = [crm.add("email", {"message_id": f"<{n}@old.example>"}) for n in range(130)]
    references = (" ".join(f"<{n}@old.example>" for n in range(130)),)
    follow = rule("f", None, ir.Link((ir.Target("contact", of_conversation=True),)))
    for number, row in enumerate(mails):
        crm.links.add(frozenset((row, jane)))
        found = jane in linked(decide_item([follow], mail(headers={"references": references}), crm))
        assert found == (number == 0 or number >= 31), number
        crm.links.clear()


def test_the_mailboxs_own_user_in_a_condition() -> None:
    whose = compare(path("user.email"), ir.Op.EQ, ANNA)
    assert fired(decide_item([rule("r", whose, ir.Flag())], mail())) == ["r"]
    assert fired(decide_item([rule("r", whose, ir.Flag())], mail(mailbox="public", folder="Team"))) == []


def test_only_the_sender_of_what_was_received_is_asked_about() -> None:
    private = Address("", "someone@gmail.com")
    free = rule("r", ir.Is(ir.Fact.FREEMAIL), ir.Flag())
    assert fired(decide_item([free], mail(to=[private, Address("", ANNA)]))) == []
    assert fired(decide_item([free], mail(sender=private))) == ["r"]
    assert fired(decide_item([free], mail(sender=Address("", ANNA), to=[private]))) == ["r"]


def test_the_line_of_the_signature_is_counted_from_one() -> None:
    decision = decide_item([rule("c", None, ir.CreateContacts("contact", ir.People.CORRESPONDENTS, ir.Source.DEFAULT, ()))], mail(body=SIGNATURE))  # fmt: skip
    (contact,) = created(decision, "contact")
    line = int(contact.sources["job_title"].removeprefix("signature, line "))
    assert "Sales Director" in SIGNATURE.splitlines()[line - 1]


def test_a_document_says_only_what_its_table_holds() -> None:
    entities = crm_entities()
    entities["document"] = Entity(
        "document", "Documents", ("id",), {"file_name": FieldMap("file_name", ("FileName",))},
        links=crm_entities()["document"].links,
    )  # fmt: skip
    crm = MemoryTables(entities)
    save = rule("s", None, ir.SaveAttachments())
    context = mail(attachments=[Attachment("1", "a.pdf", "application/pdf", 10, sha256="ab" * 32)])
    plan = compile_plan(program([save], entities=entities))
    (decision,) = decide_page(plan, ORGANISATION, [context], crm.answer, NOW)
    assert [effect.values for effect in created(decision, "document")] == [{"file_name": "a.pdf"}]


def test_a_reference_to_another_row_is_no_link() -> None:
    crm = Crm()
    acme, mora = crm.company("acme.example"), crm.company("mora.example")
    jane = crm.contact("jane@acme.example", acme)
    answers = crm.answer([Linked("contact", acme), Linked("contact", mora), Linked("company", jane)])
    assert [[record.key for record in records] for records in answers.values()] == [[jane], [], [acme]]


def test_two_mails_of_one_page_and_what_the_first_deleted_nothing_of() -> None:
    crm = Crm()
    jane = crm.contact("jane@acme.example")
    both = decide_items([rule("all", None, ir.Link())], [mail(1), mail(2)], crm)
    assert [linked(each) for each in both] == [[crm.anna, jane]] * 2
    assert not of(both[0], LinkRows) or saved(both[0]).key != saved(both[1]).key


def _test(name: str, kind: Kind) -> ir.Test:
    given = ir.GivenItem(kind, "", "", {})
    return ir.Test(name, "t.rules", 1, "", None, (ir.Given((given,)),), ())


def _program(rules: list[ir.Rule], digest: str) -> ir.Program:
    tests = [_test("mail", Kind.MAIL), _test("task", Kind.TASK), _test("journal", Kind.JOURNAL)]
    return program(rules, tests=tests, digest=digest)


def test_an_edit_reaches_the_tests_of_its_kind_only() -> None:
    rules = [
        rule("one", category("A"), ir.Flag()),
        rule("two", category("B"), ir.Flag(), kind=Kind.TASK),
        rule("three", category("C"), ir.Flag(), kind=Kind.JOURNAL),
        rule("four", category("D"), ir.Flag()),
    ]
    before = _program(rules, "a")

    def names(changed: list[ir.Rule]) -> list[str]:
        return [test.name for test in reached(before, _program(changed, "b"))]

    task = rule("two", category("X"), ir.Flag(), kind=Kind.TASK)
    assert names([rules[0], task, *rules[2:]]) == ["task"]
    assert names([rules[0], *rules[2:]]) == ["task"]
    assert names([*rules[:2], task, *rules[2:]]) == ["task"]
    assert names([*rules[:3], rule("four", category("X"), ir.Flag())]) == ["mail"]
    assert names([rule("one", category("X"), ir.Flag()), *rules[1:]]) == ["mail"]
    assert names([rules[0], rules[2], rules[1], rules[3]]) == ["task", "journal"]
    assert names(list(rules)) == []


def test_where_items_are_saved_and_who_plays_which_part_reach_every_test() -> None:
    before = _program([], "a")
    assert len(reached(before, replace(before, own={Kind.MAIL: "journal"}))) == 3
    assert len(reached(before, replace(before, parts={"contact": "contact"}))) == 3
    assert reached(before, replace(before)) == ()


def test_a_long_text_is_cut_where_effects_are_told() -> None:
    decision = decide_item([rule("n", None, ir.Notify(template("a@b.example"), template("x" * 500)))], mail())
    (line,) = (text for text in effects_lines(decision) if "notify" in text)
    quoted = line.split("with ")[1].partition("  [")[0]
    assert quoted == f"'{'x' * (LONGEST - 1)}…'"
