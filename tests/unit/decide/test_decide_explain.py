"""Traces and effects in words."""

from __future__ import annotations

from datetime import UTC, datetime

from mxsync.decide.decide import Tracing
from mxsync.decide.effect_text import value_text
from mxsync.decide.explain import effects_lines, trace_lines
from mxsync.lang import ir
from mxsync.model.item import Address, Attachment
from mxsync.model.outcome import Decision, Fate, Trace
from mxsync.model.record import Planned, RecordKey
from tests.programs import ALL, CATEGORIES, assign, category, compare, known, like, mail, path, rule, template
from tests.worlds import Crm, decide_item, decide_items

FULL = Tracing.FULL


def why(condition: ir.Condition, context: object = None, crm: Crm | None = None) -> str:
    """What the trace says of a rule that failed."""
    (decision,) = decide_items([rule("r", condition, ir.Flag())], [context or mail()], crm, tracing=FULL)  # type: ignore[list-item]
    (step,) = decision.trace.steps
    assert not step.fired
    assert step.condition
    return step.saw


def test_the_values_that_conditions_saw() -> None:
    crm = Crm()
    crm.contact("jane@acme.example", full_name="Jane Roe", status="Lead")
    client = compare(path(".status"), ir.Op.EQ, "Client")
    assert why(category("X"), mail(categories=["Red", "Blue"])) == "categories is 'Red', 'Blue'"
    assert why(category("X")) == "categories is empty"
    assert why(compare("subject", ir.Op.EQ, "x"), mail(subject="y" * 99)) == f"subject is '{'y' * 59}…'"
    assert why(ir.Not(compare("subject", ir.Op.EQ, "hello"))) == "subject is 'Hello'"
    assert why(ir.Or((category("X"), compare("subject", ir.Op.EQ, "x")))) == "categories is empty; subject is 'Hello'"
    assert why(known()) == "unknown: jane@acme.example"
    assert why(known(where=client), crm=crm) == "contact 2 (Jane Roe): status is 'Lead'"
    assert why(ir.Not(known()), crm=crm) == "known: contact 2 (Jane Roe)"
    assert why(known(), mail(sender=Address("", "bob@ours.example"))) == "nobody to ask about"
    assert why(known(of=path("reply_to", ir.Type.PERSON, many=True))) == "nobody to ask about"
    assert why(known(of=path("sender", ir.Type.PERSON))) == "no contact is known"
    assert why(ir.IsReply("email")) == "no earlier mail of it is saved"
    assert why(ir.HasAttachment()) == "no attachment"
    big = mail(attachments=[Attachment("1", "a.pdf", size=5)])
    assert why(ir.HasAttachment(larger=10), big) == "a.pdf (5 bytes)"
    assert why(ir.Is(ir.Fact.INTERNAL)) == "not ours: jane@acme.example"
    assert (
        why(ir.Not(ir.Is(ir.Fact.INTERNAL)), mail(sender=Address("", "bob@ours.example")))
        == "nobody but our own people"
    )
    assert why(ir.Is(ir.Fact.BULK)) == "bulk is no, by its headers"
    assert why(ir.Is(ir.Fact.FREEMAIL)) == "freemail is no: jane@acme.example, anna@ours.example"
    assert why(ir.Is(ir.Fact.HAS_PHONE)) == "phone: none found in its text"
    assert why(ir.Mentions("company", "name")) == "subject is 'Hello'"
    assert why(ir.Mentions("company", "name"), mail(subject="")) == "subject is empty"
    own = ir.Known(ir.Quantifier.ANY, ir.Whom.OWN_ROW, None, "email")
    assert why(own) == "no email is known"
    received = compare(path("received", ir.Type.MOMENT), ir.Op.LT, datetime(2020, 1, 1, tzinfo=UTC))
    assert why(received) == "received is 2026-01-31 09:00"
    many = mail(categories=list("abcdefgh"))
    assert why(compare(CATEGORIES, ir.Op.EQ, "a", quantifier=ALL), many).endswith("'e' and 3 more")


def test_the_first_condition_that_failed_is_shown_as_written() -> None:
    both = ir.And((compare("subject", ir.Op.EQ, "hello"), category("X"), category("Y")), text="all of it")
    decision = decide_items([rule("r", both, ir.Flag())], [mail()], tracing=FULL)[0]
    assert trace_lines(decision) == [
        f"failed   rule 'r' (test.rules:{decision.trace.steps[0].rule.line}) at `categories = X`: categories is empty",
        "nothing: no rule wants anything of it",
    ]


def test_a_full_trace_names_every_rule_of_the_kind() -> None:
    rules = [
        rule("later", None, ir.Flag(), event="deleted"),
        rule("others", None, ir.Flag(), users=["bob@ours.example"]),
        rule("public", None, ir.Flag(), public=True, folders=["X"]),
        rule("elsewhere", None, ir.Flag(), folders=["Projects"]),
        rule("fires", None, ir.Flag(), ir.Categorize(template(""))),
    ]
    lines = trace_lines(decide_items(rules, [mail()], tracing=FULL)[0])
    assert [line.split(": ", 1)[-1] for line in lines[:4]] == [
        "acts on deleted items, this one was created", "for other users", "in public folders only", "in other folders",
    ]  # fmt: skip
    assert lines[4].startswith("fired    rule 'fires'")
    assert lines[5:] == ["           the category is empty", "applied"]
    assert len(trace_lines(decide_item(rules, mail()))) == 3
    private = decide_items([rule("p", None, ir.Flag())], [mail(mailbox="public", folder="X")], tracing=FULL)[0]
    assert "not in public folders" in trace_lines(private)[0]


def test_tracing_can_be_off() -> None:
    rules = [
        rule("a", ir.Not(category("X")), ir.Flag()),
        rule("b", ir.Not(compare("subject", ir.Op.EQ, "hello")), ir.Flag()),
    ]
    (decision,) = decide_items(rules, [mail()], tracing=Tracing.OFF)
    assert [step.rule.rule for step in decision.trace.steps] == ["a"]


def test_effects_in_words() -> None:
    crm = Crm()
    crm.contact("joe@b.example", status="new")
    make = ir.CreateContacts("contact", ir.People.SENDER, ir.Source.HEADER, ())
    everything = rule(
        "all", None, make, ir.Link(), ir.SaveAttachments(replacing=True), ir.SaveAttachments(template("In")),
        ir.Categorize(template("A")), ir.Categorize(template("B"), remove=True), ir.MoveTo(template("Done")),
        ir.MoveTo(template("Copies"), copy=True), ir.MarkRead(), ir.Flag(),
        ir.Notify(template("a@b.example"), template("hi")), ir.CallHook("court"), ir.Hold(template("look")),
        ir.Set((assign("status", "new", "contact"), assign("status", "Handled"))),
    )  # fmt: skip
    context = mail(
        to=[Address("", "joe@b.example")], categories=["B"], attachments=[Attachment("1", "a.pdf", sha256="00")]
    )
    lines = effects_lines(decide_item([everything], context, crm))
    assert all(line.endswith("  [all]") for line in lines)
    assert [line.removesuffix("  [all]") for line in lines] == [
        "hold for review: look",
        "create contact with email = 'jane@acme.example', full_name = 'Jane Roe', first_name = 'Jane', "
        "last_name = 'Roe', owner = user 1",
        "create document with file_name = 'a.pdf', content_type = 'application/octet-stream', size = 0, sha256 = '00'",
        "save as new email with status = 'Handled'",
        "set new contact 'Jane Roe' with status = 'new'",
        "link new email 'Hello' to user 1",
        "link new email 'Hello' to new contact 'Jane Roe'",
        "link new email 'Hello' to contact 2",
        "link new document 'a.pdf' to new email 'Hello'",
        "link new document 'a.pdf' to user 1",
        "link new document 'a.pdf' to new contact 'Jane Roe'",
        "link new document 'a.pdf' to contact 2",
        "save attachment 'a.pdf' to documents, leaving a link in its place",
        "save attachment 'a.pdf' to folder 'In'",
        "categorize 'A'",
        "uncategorize 'B'",
        "move to folder 'Done'",
        "copy to folder 'Copies'",
        "mark read",
        "flag",
        "notify 'a@b.example' with 'hi'",
        "call hook court",
    ]


def test_values_as_they_would_be_written() -> None:
    assert value_text(None) == "nothing"
    assert value_text(()) == "nothing"
    assert value_text(True) == "yes"
    assert value_text(("a", 2)) == "'a', 2"
    assert value_text(Address("Jane", "j@x.example")) == "'j@x.example'"
    assert value_text(Attachment("1", "a.pdf")) == "'a.pdf'"
    assert value_text(datetime(2026, 1, 31, 9, tzinfo=UTC)) == "2026-01-31 09:00"
    assert value_text(RecordKey("contact", Planned(1))) == "new contact"


def test_notes_and_reasons_are_shown() -> None:
    decision = Decision(mail().item.ref, Fate.HELD, reason="two rows", trace=Trace((), ("cut",)))
    assert trace_lines(decision) == ["note     cut", "held for review: two rows"]
    shown = decide_item([rule("r", like("subject", "x{y}"), ir.Flag())], mail(subject="xz"))
    assert shown.captures == {"y": "z"}
