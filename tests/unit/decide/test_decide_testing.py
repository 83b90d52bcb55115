"""The tests in the rule language: what they give, what they expect, what they say when it is not so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mxsync.decide.context import Organisation
from mxsync.decide.reach import tests_reached as reached
from mxsync.decide.testing import TestResult, Verdict, run_tests
from mxsync.lang import ir
from mxsync.lang.compile import compile_plan
from mxsync.model.item import Address, Item, ItemRef, Kind, Value
from tests.programs import assign, category, compare, known, like, path, program, rule, template

CONTACT = ir.CreateContacts("contact", ir.People.CORRESPONDENTS, ir.Source.DEFAULT, ())
COMPANY = ir.CreateCompanies("company", ir.Source.DOMAIN, ())
CARD = rule("Card", category("Create Contact and Company"), CONTACT, COMPANY, ir.Link(), priority=50)
PRIVATE = rule("Private", category("Private"), ir.Skip(), priority=100)
KNOWN = rule("Known", known(), ir.Link())
STATUS = rule(
    "Status", like(path("categories", many=True), "mxStatus={value}"), ir.Set((assign("status", path("@value")),))
)
M8 = rule("Reply", ir.IsReply("email"), ir.Link((ir.Target("opportunity", of_conversation=True),)))
RULES = [CARD, PRIVATE, KNOWN, STATUS, M8]


def given_mail(sender: str = "Jane Roe <jane@acme.example>", *, file: str = "", event: str = "", kind: Kind = Kind.MAIL,
               categories: tuple[str, ...] = (), **values: object) -> ir.GivenItem:  # fmt: skip
    stated = {name.replace("__", "."): ir.Constant(value) for name, value in values.items()}  # type: ignore[arg-type]
    if sender:
        stated["sender"] = ir.Constant(sender)
    lists = {"categories": tuple(map(ir.Constant, categories))} if categories else {}
    return ir.GivenItem(kind, event, file, stated, lists)


def row(entity: str, **values: object) -> ir.GivenRow:
    return ir.GivenRow(entity, "", {name: ir.Constant(value) for name, value in values.items()})  # type: ignore[arg-type]


def case(*things: object, expect: list[ir.Expectation], user: str = "", at: datetime | None = None) -> ir.Test:
    """A test. Things in a list are linked to the first of it."""
    givens = tuple(ir.Given(tuple(each) if isinstance(each, list) else (each,)) for each in things)  # type: ignore[arg-type]
    return ir.Test("case", "test.rules", 1, user, at, givens, tuple(expect))


def run(test: ir.Test, rules: list[ir.Rule] | None = None, **more: object) -> TestResult:
    made = program(RULES if rules is None else rules, tests=[test])
    (result,) = run_tests(compile_plan(made), made, Organisation(), **more).results  # type: ignore[arg-type]
    return result


def effects(*actions: ir.Action, linked_to: str = "") -> ir.ExpectEffects:
    return ir.ExpectEffects(actions, linked_to)


def create(entity: str, *assigns: ir.Assign) -> ir.CreateRecord:
    return ir.CreateRecord(entity, assigns)


def link(*entities: str, where: ir.Condition | None = None) -> ir.Link:
    return ir.Link(tuple(ir.Target(entity, where=where) for entity in entities))


BOTH = given_mail(categories=("Create Contact and Company",))
NOTHING, NOTHING_ELSE = ir.ExpectNothing(False), ir.ExpectNothing(True)


def test_the_card_from_the_language_page() -> None:
    made = case(BOTH, expect=[
        effects(create("contact", assign("email", "jane@acme.example"), assign("last_name", "Roe"))),
        effects(create("contact"), linked_to="company"),
        effects(create("company", assign("domain", "acme.example"))),
        effects(link("contact", "company")),
        ir.ExpectRule("Card", False), ir.ExpectRule("Private", True),
    ])  # fmt: skip
    result = run(made)
    assert result.sentences == ()
    assert result.passed


@pytest.mark.parametrize(
    ("expected", "sentence"),
    [
        (effects(create("task")), "no task is created"),
        (effects(create("contact", assign("last_name", "Doe"))),
         "no contact is created with those values: `last_name` is 'Roe', not 'Doe'"),
        (effects(create("company"), linked_to="property"), "the new company is not linked to a property"),
        (effects(link("opportunity")), "it is not linked to opportunity"),
        (effects(link("contact", where=compare(path(".last_name"), ir.Op.EQ, "Doe"))),
         "it is not linked to contact: 1 linked, none of them so"),
        (effects(ir.Save("journal", True)), "it is not saved as journal"),
        (effects(ir.Skip()), "it was applied, not skipped"),
        (effects(ir.Set((assign("status", "x"),))), "`status` is nothing, not 'x'"),
        (effects(ir.Set((assign("status", "x", "contact"),))), "no contact is given `status` = 'x'"),
        (effects(ir.Flag()), "no such effect: flag"),
        (effects(ir.MarkRead()), "no such effect: mark read"),
        (effects(ir.Delete()), "no such effect: delete"),
        (effects(ir.SaveAttachments()), "no such effect: save attachments"),
        (effects(ir.CallHook("x")), "no such effect: call hook x"),
        (effects(ir.Hold(template("why"))), "no such effect: hold for review 'why'"),
        (effects(ir.Categorize(template("A"))), "no such effect: categorize 'A'"),
        (effects(ir.Categorize(template("A"), remove=True)), "no such effect: uncategorize 'A'"),
        (effects(ir.MoveTo(template("A"))), "no such effect: move to folder 'A'"),
        (effects(ir.MoveTo(template("A"), copy=True)), "no such effect: copy to folder 'A'"),
        (effects(ir.Notify(template("a@b.c"), template("x"))), "no such effect: notify 'a@b.c' with 'x'"),
        (NOTHING, "nothing was expected, but: create company"),
        (ir.ExpectNo("create", ""), "there is a new company, and none was expected"),
        (ir.ExpectNo("create", "contact"), "there is a new contact, and none was expected"),
        (ir.ExpectNo("link", ""), "there is a link of email to user, and none was expected"),
        (ir.ExpectNo("save", ""), "there is a saved email, and none was expected"),
        (ir.ExpectRule("Card", True), "rule 'Card' fired"),
        (ir.ExpectRule("Known", False), ""),
        (ir.ExpectRule("Private", False), "rule 'Private' did not fire"),
        (NOTHING_ELSE, "nothing else was expected, but: create company"),
    ],
)  # fmt: skip
def test_what_is_said_when_it_is_not_so(expected: ir.Expectation, sentence: str) -> None:
    result = run(case(BOTH, expect=[expected]))
    if not sentence:
        assert result.passed
        return
    assert result.verdict is Verdict.FAILED
    assert result.sentences[0].startswith(sentence)
    assert any(line.startswith("fired    rule 'Card'") for line in result.trace)
    assert any(line.startswith("create company with domain") for line in result.trace)


def test_nothing_and_no_and_skip() -> None:
    assert run(
        case(
            given_mail(), expect=[NOTHING, ir.ExpectNo("create", ""), ir.ExpectNo("link", ""), ir.ExpectNo("save", "")]
        )
    ).passed
    assert run(case(given_mail(categories=("Private",)), expect=[effects(ir.Skip()), NOTHING])).passed
    nothing = run(
        case(
            given_mail(), expect=[effects(link("contact")), effects(link()), effects(ir.Set((assign("status", "x"),)))]
        )
    )
    assert nothing.sentences == (
        "it is not saved, so nothing is linked", "it is not saved, so nothing is linked",
        "it is not saved, so nothing of it is set",
    )  # fmt: skip


def test_nothing_else_means_than_all_the_other_lines() -> None:
    known_one = row("contact", email="jane@acme.example")
    made = case(known_one, given_mail(), expect=[NOTHING_ELSE, effects(link("contact", "user"))])
    assert run(made).passed
    assert run(case(known_one, given_mail(), expect=[effects(link()), NOTHING_ELSE])).passed
    assert not run(case(known_one, given_mail(), expect=[effects(link("contact")), NOTHING_ELSE])).passed


def test_rows_that_refer_to_each_other() -> None:
    people = [
        row("contact", email="jane@acme.example", owner="bob@ours.example"),
        row("company", domain="acme.example"),
    ]
    deals = row("opportunity", contact="jane@acme.example", status="Open")
    rules = [
        KNOWN,
        rule("Deal", None, ir.Link((ir.Target("opportunity"),))),
        rule("Owner", compare(path("contact:owner.email"), ir.Op.EQ, "bob@ours.example"), ir.Flag()),
    ]
    made = case(
        people, deals, given_mail(), expect=[effects(link("contact", "company", "opportunity", "user"), ir.Flag())]
    )
    assert run(made, rules).passed
    named = case(
        row("contact", email="jane@acme.example", company="acme.example"),
        given_mail(),
        expect=[effects(link("company"))],
    )
    assert run(named, rules).passed


def test_rows_that_nothing_links() -> None:
    result = run(case([row("company", domain="a.example"), row("property", ref="K1")], given_mail(), expect=[NOTHING]))
    assert result.sentences == (
        "nothing links `company` with `property`: give one of them a link table or a foreign key",
    )
    unnamed = row("opportunity", contact="Jane")
    assert run(case(unnamed, given_mail(), expect=[NOTHING])).verdict is Verdict.PASSED


def test_a_conversation() -> None:
    saved = [row("email", message_id="<first@x.example>"), row("opportunity", name="Deal")]
    reply = given_mail(header__in_reply_to="<first@x.example>")
    reply = replace(reply, fields={"header.in-reply-to": ir.Constant("<first@x.example>"), **reply.fields})
    assert run(case(saved, reply, expect=[effects(link("opportunity")), ir.ExpectRule("Reply", False)])).passed


def test_an_item_linked_to_a_contact() -> None:
    for kind in (Kind.APPOINTMENT, Kind.TASK, Kind.JOURNAL):
        linked = rule("r", known(of=path("contacts", ir.Type.PERSON, many=True)), ir.Link(), kind=kind)
        things = [given_mail("", kind=kind, subject="x"), row("contact", email="jane@acme.example")]
        assert run(case(things, expect=[effects(link("contact"))]), [linked]).passed


def test_an_item_that_is_stored_already() -> None:
    things = [given_mail(), row("opportunity", name="Deal")]
    linked = rule("r", compare(path("opportunity:name"), ir.Op.EQ, "deal"), ir.Flag())
    assert run(case(things, expect=[effects(ir.Flag())]), [linked]).passed


def test_the_fields_of_a_given_item() -> None:
    stated = {
        "subject": "Hello", "custom.'Bau Jahr'": 2020, "header.x-a": "1", "class": "IPM.X", "size": 2_000_000,
        "folder": "Inbox/A", "attachments": "a.pdf", "cc": "Joe <joe@b.example>", "direction": "received",
    }  # fmt: skip
    fields = {name: ir.Constant(value) for name, value in stated.items()}
    thing = ir.GivenItem(
        Kind.MAIL, "updated", "", fields, {"to": (ir.Constant("x@y.example"), ir.Constant("z@y.example"))}
    )
    conditions = [
        compare("subject", ir.Op.EQ, "hello"), compare("custom.Bau Jahr", ir.Op.EQ, 2020),
        compare("header.x-a", ir.Op.EQ, "1"), compare("class", ir.Op.EQ, "ipm.x"),
        compare("folder", ir.Op.EQ, "inbox/a"),
        ir.HasAttachment(larger=1_999_999),
        compare(path("correspondents.address", many=True), ir.Op.IN, "joe@b.example", "x@y.example", "z@y.example",
                quantifier=ir.Quantifier.ALL),
        compare("subject", ir.Op.CHANGED), compare(path("user.email"), ir.Op.EQ, "someone@ours.example"),
    ]  # fmt: skip
    rules = [rule(f"r{n}", condition, ir.Flag()) for n, condition in enumerate(conditions)]
    assert run(case(thing, expect=[ir.ExpectRule(each.name, False) for each in rules]), rules).sentences == ()


def test_sent_mail_a_clock_and_a_user() -> None:
    sent = given_mail("", direction="sent", to="joe@b.example")
    rules = [
        rule(
            "sent",
            compare("direction", ir.Op.EQ, "sent"),
            create("task", assign("due", ir.Offset(None, 2, "day"), "task")),
        ),
        rule("user", compare("user.email", ir.Op.EQ, "qc@firm.example"), ir.Flag()),
        rule("folder", None, ir.MarkRead(), folders=["Sent Items"]),
    ]
    at = datetime(2026, 1, 31, 9)
    due = assign("due", datetime(2026, 2, 2, 9, tzinfo=UTC), "task")
    expect = [effects(create("task", due)), effects(ir.Flag()), effects(ir.MarkRead())]
    assert run(case(sent, expect=expect, user="qc@firm.example", at=at), rules).sentences == ()
    from_us = given_mail("Boss <boss@firm.example>")
    assert run(case(from_us, expect=[effects(ir.MarkRead())], user="qc@firm.example"), rules).passed


def test_public_folders() -> None:
    team = rule("team", None, ir.Flag(), public=True, folders=["Team"])
    assert run(case(given_mail(folder="public/Team"), expect=[effects(ir.Flag())]), [team]).passed


def sample(file: str, path_: str) -> Item | str:
    if path_ == "gone.eml":
        return f"{path_} (named in {file}) is not there"
    fields: dict[str, Value] = {
        "sender": Address("Jane", "jane@acme.example"),
        "subject": "from the file",
        "message_id": "<a@b>",
    }
    return Item(Kind.MAIL, ItemRef("x", "Inbox", "jane.eml"), "1", fields)


def test_samples_with_fields_added() -> None:
    flagged = rule("r", ir.And((compare("subject", ir.Op.EQ, "from the file"), category("X"))), ir.Flag())
    thing = given_mail("", file="jane.eml", categories=("X",))
    assert run(case(thing, expect=[effects(ir.Flag())]), [flagged], read_sample=sample).passed
    gone = run(case(given_mail(file="gone.eml"), expect=[NOTHING]), read_sample=sample)
    assert gone.sentences == ("gone.eml (named in test.rules) is not there",)
    assert run(case(given_mail(file="x.eml"), expect=[NOTHING])).sentences == (
        "`x.eml` (named in test.rules) cannot be read here",
    )


def test_a_value_that_is_no_value() -> None:
    strange = ir.GivenItem(Kind.MAIL, "", "", {"subject": path("body")})
    assert run(case(strange, expect=[NOTHING])).sentences == ("a test states values, and body is none",)
    texts = ir.GivenItem(Kind.MAIL, "", "", {
        "subject": template("see ", path("ref")), "received": ir.Offset(None, -1, "day"), "sender": ir.TheUser(),
    })  # fmt: skip
    assert run(case(texts, expect=[NOTHING])).passed


def test_a_sync_that_does_nothing_fails_and_so_does_a_rule_about_rows() -> None:
    side = ir.Side(ir.SideForm.EACH_USER, "Contacts")
    in_side = ir.ExpectInSide("add", "contact", side, ())
    result = run(case(row("contact", email="a@b.example"), given_mail(), expect=[in_side]))
    assert (result.verdict, result.sentences) == (Verdict.FAILED, ("no contact is to be added there",))
    rows = run(case(row("contact", email="a@b.example"), expect=[effects(ir.Flag())]))
    assert rows.verdict is Verdict.FAILED
    failed = run(case(given_mail(), expect=[in_side, effects(ir.Flag())]))
    assert failed.verdict is Verdict.FAILED


def test_the_report_names_rules_that_never_fired() -> None:
    tests = [case(BOTH, expect=[NOTHING_ELSE]), case(given_mail(), expect=[NOTHING])]
    made = program([*RULES, rule("rows", None, row_of="contact")], tests=tests)
    plan = compile_plan(made)
    report = run_tests(plan, made, Organisation())
    assert not report.passed and len(report.failed) == 1
    assert [cause.rule for cause in report.rules_never_fired] == ["Private", "Status", "Reply", "rows"]
    assert run_tests(plan, made, Organisation(), only=[tests[1]]).passed
    assert len(run_tests(plan, made, Organisation(), only=lambda test: test is tests[0]).results) == 1
    assert "Card" in [cause.rule for cause in run_tests(plan, made, Organisation(), only=[]).rules_never_fired]


def test_effects_that_are_expected() -> None:
    everything = rule(
        "all", None, ir.Categorize(template("A")), ir.Categorize(template("B"), remove=True),
        ir.MoveTo(template("Done")), ir.MoveTo(template("Copies"), copy=True),
        ir.Notify(template("a@b.example"), template("hi")), ir.CallHook("court"), ir.Hold(template("look")),
        ir.SaveAttachments(template("In")), ir.SaveAttachments(replacing=True),
        ir.Set((assign("status", "x"), assign("status", "new", "contact"))), ir.Save("email", False),
    )  # fmt: skip
    pattern = like("subject", "*.pdf").pattern
    wanted = [
        effects(ir.Categorize(template("a")), ir.Categorize(template("b"), remove=True), ir.MoveTo(template("Done"))),
        effects(ir.MoveTo(template("Copies"), copy=True), ir.Notify(template("A@b.example"), template("hi"))),
        effects(ir.CallHook("court"), ir.Hold(template("look")), ir.SaveAttachments(template("In"), like=pattern)),
        effects(ir.SaveAttachments(replacing=True), ir.Stop(), ir.Save("email", False, (assign("status", "x"),))),
        effects(ir.Set((assign("status", "x"), assign("status", "new", "contact")))),
        effects(create("document", assign("file_name", "a.pdf")), link("document")),
        NOTHING_ELSE,
    ]
    thing = given_mail(categories=("B",), attachments="a.pdf")
    result = run(case(row("contact", email="jane@acme.example"), thing, expect=wanted), [everything])
    assert result.sentences == ()
    unlike = effects(ir.SaveAttachments(like=like("subject", "*.doc").pattern), ir.SaveAttachments(template("Out")))
    assert run(case(thing, expect=[unlike]), [everything]).verdict is Verdict.FAILED


def test_values_compare_as_the_language_does() -> None:
    made = rule("r", None, create("task", assign("subject", "Call", "task"), assign("owner", ir.TheUser(), "task"),
                                  assign("due", datetime(2026, 1, 31, 9, tzinfo=UTC), "task")))  # fmt: skip

    def expect(name: str, value: object) -> bool:
        return run(case(given_mail(), expect=[effects(create("task", assign(name, value, "task")))]), [made]).passed  # type: ignore[arg-type]

    assert expect("subject", "Call") and not expect("subject", "call")
    assert expect("owner", "someone@ours.example") and not expect("owner", "bob@ours.example")
    assert expect("owner", ir.TheUser())
    assert expect("due", datetime(2026, 1, 31).date())
    assert expect("start", "") and expect("start", False) and not expect("start", "x")
    assert not expect("subject", path("custom.none"))


def test_which_tests_an_edit_reaches() -> None:
    about_mail = case(given_mail(), expect=[NOTHING])
    about_tasks = replace(case(given_mail("", kind=Kind.TASK), expect=[NOTHING]), name="tasks")
    tasks = rule("t", category("X"), ir.Flag(), kind=Kind.TASK)
    old = program([CARD, tasks], tests=[about_mail, about_tasks])
    assert reached(None, old) == (about_mail, about_tasks)
    assert reached(old, program([CARD, tasks], tests=[about_mail, about_tasks])) == ()
    moved = program(
        [replace(CARD, line=99), replace(tasks, line=7)], tests=[replace(about_mail, line=5), about_tasks], digest="new"
    )
    assert reached(old, moved) == ()
    edited = program([CARD, replace(tasks, priority=1)], tests=[about_mail, about_tasks], digest="new")
    assert reached(old, edited) == (about_tasks,)
    new_test = program([CARD, tasks], tests=[about_mail, about_tasks, replace(about_mail, expectations=())])
    assert reached(old, new_test) == new_test.tests[2:]
    entities = {**old.entities}
    entities.pop("machine")
    assert len(reached(old, program([CARD, tasks], entities=entities, tests=[about_mail]))) == 1
    true_now = program(
        [CARD, replace(tasks, condition=compare(path("flagged"), ir.Op.EQ, True))], tests=[about_tasks], digest="a"
    )
    one_now = program(
        [CARD, replace(tasks, condition=compare(path("flagged"), ir.Op.EQ, 1))], tests=[about_tasks], digest="b"
    )
    assert reached(true_now, one_now) == (about_tasks,)
    turned = program([replace(PRIVATE, kinds=CARD.kinds, priority=50), CARD], tests=[about_mail], digest="c")
    back = program([CARD, replace(PRIVATE, kinds=CARD.kinds, priority=50)], tests=[about_mail], digest="d")
    assert reached(turned, back) == (about_mail,)


def test_a_row_that_names_another_refers_to_the_one_that_was_given() -> None:
    client = ir.Target("company", where=compare(path(".status"), ir.Op.EQ, "Client"))
    rules = [rule("c", known(), ir.Link((client,)))]
    givens = [row("company", name="Acme", domain="acme.example", status="Client"),
              row("contact", email="jane@acme.example", company="Acme")]  # fmt: skip
    expected = [effects(link("company", where=compare(path(".status"), ir.Op.EQ, "Client")))]
    assert run(case(*givens, given_mail(), expect=expected), rules).verdict is Verdict.PASSED


def test_what_a_new_row_is_linked_to_is_asked_of_the_entity_that_is_named() -> None:
    rules = [rule("c", None, CONTACT)]
    found = run(case(given_mail(), expect=[effects(create("contact"), linked_to="company")]), rules)
    assert found.verdict is Verdict.FAILED
    assert "the new contact is not linked to a company" in str(found)


def test_only_what_was_received_has_a_time_of_receipt() -> None:
    rules = [rule("r", ir.Not(compare("received", ir.Op.EMPTY)), ir.Flag())]
    assert run(case(given_mail(), expect=[effects(ir.Flag())]), rules).verdict is Verdict.PASSED
    assert run(case(given_mail("", direction="sent"), expect=[NOTHING]), rules).verdict is Verdict.PASSED


def test_mails_that_are_given_without_a_message_id_are_different_mails() -> None:
    rules = [rule("s", None, ir.Set((assign("status", path("subject")),)))]
    mails = [given_mail(subject="one"), given_mail(subject="two")]
    expected = [effects(ir.Set((assign("status", each),))) for each in ("one", "two")]
    assert run(case(*mails, expect=expected), rules).verdict is Verdict.PASSED


def test_the_clock_of_a_test_without_at() -> None:
    before, after = (datetime(2026, 1, 31, hour, tzinfo=UTC) for hour in (9, 10))
    rules = [rule("n", compare("received", ir.Op.LE, before), ir.Flag())]
    assert run(case(given_mail(), expect=[effects(ir.Flag())]), rules).verdict is Verdict.PASSED
    rules = [rule("n", compare("received", ir.Op.GE, after), ir.Flag())]
    assert run(case(given_mail(), expect=[NOTHING]), rules).verdict is Verdict.PASSED
