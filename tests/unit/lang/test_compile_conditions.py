"""Conditions against items: every operator, quantifier and kind of value."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from mxsync.decide.decide import decide
from mxsync.lang import ir
from mxsync.lang.compile import compile_plan
from mxsync.model.item import Address, Attachment, Kind
from mxsync.model.outcome import Fate
from tests.programs import (
    ALL,
    ANNA,
    ANY,
    CATEGORIES,
    NONE,
    NOW,
    ORGANISATION,
    compare,
    item,
    known,
    like,
    mail,
    matches,
    path,
    program,
    rule,
    template,
)
from tests.worlds import Crm

MOMENT, NUMBER, BOOLEAN = ir.Type.MOMENT, ir.Type.NUMBER, ir.Type.BOOLEAN
EQ, IN, LT, LE, GT, GE = ir.Op.EQ, ir.Op.IN, ir.Op.LT, ir.Op.LE, ir.Op.GT, ir.Op.GE


def holds(condition: ir.Condition, context: object = None, crm: Crm | None = None, kind: Kind = Kind.MAIL) -> bool:
    """Whether a rule of this condition fires."""
    plan = compile_plan(program([rule("r", condition, ir.Categorize(template("holds")), kind=kind)]))
    context = mail() if context is None else context
    return decide(plan, ORGANISATION, context, crm or Crm(), NOW).fate is Fate.APPLIED  # type: ignore[arg-type]


def test_text_compares_without_case_and_spacing() -> None:
    context = mail(subject="  STRASSE  zum Markt ")
    assert holds(compare("subject", EQ, "straße zum markt"), context)
    assert holds(compare("subject", ir.Op.STARTS, "Straße"), context)
    assert holds(compare("subject", ir.Op.ENDS, "MARKT"), context)
    assert holds(compare("subject", ir.Op.CONTAINS, "x", "e zum"), context)
    assert not holds(compare("subject", ir.Op.CONTAINS, "markt zum"), context)


def test_an_empty_field_equals_an_empty_text() -> None:
    assert holds(compare("subject", IN, "", "Re:"), mail(subject=""))
    assert holds(compare("custom.none", EQ, ""))
    assert not holds(compare("custom.none", EQ, "x"))
    assert holds(compare("custom.none", EQ, "x", quantifier=NONE))
    assert not holds(compare(CATEGORIES, EQ, ""))


def test_quantifiers() -> None:
    context = mail(categories=["A", "B"])
    assert holds(compare(CATEGORIES, EQ, "a"), context)
    assert not holds(compare(CATEGORIES, EQ, "a", quantifier=ALL), context)
    assert holds(compare(CATEGORIES, IN, "a", "b", "c", quantifier=ALL), context)
    assert not holds(compare(CATEGORIES, IN, "a", quantifier=ALL), mail())
    assert holds(compare(CATEGORIES, EQ, "c", quantifier=NONE), context)
    assert not holds(compare(CATEGORIES, EQ, "b", quantifier=NONE), context)
    assert holds(compare(CATEGORIES, EQ, "a", quantifier=NONE), mail())
    assert holds(compare(CATEGORIES, IN, "a", negated=True), context)  # any … not in
    assert not holds(compare(CATEGORIES, IN, "a", "b", negated=True), context)
    assert not holds(compare(CATEGORIES, IN, "a", negated=True), mail())
    assert holds(compare(CATEGORIES, IN, "c", quantifier=ALL, negated=True), context)
    assert holds(compare(CATEGORIES, IN, "a", "b", quantifier=NONE, negated=True), context)
    assert not holds(compare(CATEGORIES, IN, "a", quantifier=NONE, negated=True), context)


def test_people_compare_by_their_address() -> None:
    context = mail(sender=Address("Jane", "Jane+x@ACME.example"))
    assert holds(compare(path("sender", ir.Type.PERSON), EQ, "jane@acme.example"), context)
    assert holds(compare("sender.address", EQ, "JANE@acme.example"), context)
    assert holds(compare("sender.name", EQ, "jane"), context)
    assert holds(
        compare(path("sender", ir.Type.PERSON), EQ, ir.TheUser()), mail(sender=Address("", "Anna@ours.example"))
    )
    assert not holds(compare(path("sender", ir.Type.PERSON), EQ, ir.TheUser()), mail(mailbox="public"))
    assert holds(compare("user.email", EQ, ANNA))
    assert holds(compare("user.domain", EQ, "ours.example"))


def test_domains_include_their_subdomains() -> None:
    context = mail(sender=Address("", "x@a.b.example"))
    for domain in ("a.b.example", "B.example", "example"):
        assert holds(compare("sender.domain", ir.Op.IN_DOMAIN, domain), context)
    for domain in ("x.a.b.example", "other.example", "ample"):
        assert not holds(compare("sender.domain", ir.Op.IN_DOMAIN, domain), context)
    by_subject = compare("sender.domain", ir.Op.IN_DOMAIN, path("subject"))
    assert holds(by_subject, mail(subject="acme.example"))
    assert not holds(by_subject, mail(subject="rival.example"))


def test_numbers_and_texts_of_numbers() -> None:
    context = mail(custom={"n": "12.5", "m": 12, "t": "twelve"}, more={"size": 100})
    assert holds(compare(path("size", NUMBER), GT, 99), context)
    assert not holds(compare(path("size", NUMBER), GT, 100), context)
    assert holds(compare(path("size", NUMBER), GE, 100), context)
    assert holds(compare(path("size", NUMBER), LT, 100.5), context)
    assert holds(compare(path("custom.n"), GT, 12), context)
    assert holds(compare(path("custom.m"), EQ, "12"), context)
    assert holds(compare(path("custom.m"), EQ, 12.0), context)
    assert not holds(compare(path("custom.t"), GT, 1), context)
    assert holds(compare(path("custom.t"), GT, "eleven"), context)
    assert holds(compare(path("custom.N"), LE, path("custom.m"), negated=True), context)
    assert holds(compare(path("custom.m"), GT, path("custom.nothing"), quantifier=NONE), context)


def test_yes_and_no_and_nothing() -> None:
    flagged = path("flagged", BOOLEAN)
    assert holds(compare(flagged, EQ, True), mail(more={"flagged": True}))
    assert not holds(compare(flagged, EQ, True))
    assert holds(compare(flagged, EQ, False))
    assert not holds(compare(flagged, EQ, False, quantifier=NONE))
    assert holds(compare(path("custom.b"), EQ, True), mail(custom={"b": "Yes"}))
    assert holds(compare(path("custom.b"), EQ, False), mail(custom={"b": 0}))
    assert holds(compare(path("custom.b"), EQ, True), mail(custom={"b": 1.0}))
    assert holds(compare(path("custom.b"), EQ, True), mail(custom={"b": date(2026, 1, 1)}))


def test_days_and_moments() -> None:
    received = path("received", MOMENT)
    late = mail(more={"received": datetime(2026, 6, 30, 23, 30, tzinfo=UTC)})  # the first of July in London
    assert holds(compare(received, EQ, date(2026, 7, 1)), late)
    assert not holds(compare(received, LT, date(2026, 7, 1)), late)
    assert holds(compare(received, LT, date(2026, 7, 2)), late)
    assert holds(compare(received, LT, datetime(2026, 7, 1, 1, tzinfo=UTC)), late)
    assert holds(compare(received, GT, datetime(2026, 6, 30, 23, tzinfo=UTC)), late)
    due = path("due", MOMENT)
    task = item(Kind.TASK, {"due": date(2026, 1, 31)})
    now = ir.Offset(None)
    assert not holds(compare(due, LT, now), task, kind=Kind.TASK)  # today is not before now
    assert holds(compare(due, LT, ir.Offset(None, 1, "day")), task, kind=Kind.TASK)
    assert not holds(compare(due, GT, 5), task, kind=Kind.TASK)
    assert holds(compare(due, EQ, ir.Offset(path("due", MOMENT))), task, kind=Kind.TASK)
    assert not holds(compare(due, EQ, ir.Offset(path("start", MOMENT), 1, "day")), task, kind=Kind.TASK)


@pytest.mark.parametrize(
    ("days", "last", "next_"),
    [(-31, False, False), (-29, True, False), (29, False, True), (31, False, False), (0, True, True)],
)
def test_within(days: int, last: bool, next_: bool) -> None:
    context = mail(more={"received": NOW + timedelta(days=days)})
    month = ir.Offset(None, 30, "day")
    received = path("received", MOMENT)
    assert holds(compare(received, ir.Op.WITHIN_LAST, month), context) is last
    assert holds(compare(received, ir.Op.WITHIN_NEXT, month), context) is next_
    whole = mail(more={"received": (NOW + timedelta(days=days)).date()})
    assert holds(compare(received, ir.Op.WITHIN_LAST, month), whole) is last
    assert not holds(compare("subject", ir.Op.WITHIN_LAST, month), context)


def test_like_and_matches() -> None:
    assert holds(like("subject", "Re: *[M-7]?"), mail(subject="RE: offer [m-7]!"))
    assert not holds(like("subject", "Re:"), mail(subject="Re: x"))
    assert holds(like("subject", "a*b"), mail(subject="a\nb"))
    assert holds(matches("subject", r"#(?P<n>\d+)"), mail(subject="Ticket #12"))
    assert holds(matches("subject", "^é$"), mail(subject="e\u0301"))
    assert not holds(like("custom.none", "*"))
    assert holds(like("sender.address", "*@acme.example"))
    assert not holds(ir.Compare(ANY, path("subject"), ir.Op.LIKE))


def captured(condition: ir.Condition, context: object) -> object:
    plan = compile_plan(program([rule("r", condition, ir.Flag())]))
    return decide(plan, ORGANISATION, context, Crm(), NOW).captures  # type: ignore[arg-type]


def test_captures() -> None:
    two = mail(categories=["Matter A-1", "Matter B-2"], subject="see {x} 7")
    assert captured(like(CATEGORIES, "Matter {ref}"), two) == {"ref": "A-1"}
    assert captured(like(CATEGORIES, "Matter {ref}", quantifier=ALL), two) == {"ref": "A-1"}
    failed_branch = ir.And((like(CATEGORIES, "Matter {ref}"), compare("subject", EQ, "no")))
    either = ir.Or((failed_branch, matches("subject", r"(?P<n>\d)")))
    assert captured(either, two) == {"n": "7"}
    not_it = ir.And(
        (
            ir.Not(ir.And((like(CATEGORIES, "Matter {ref}"), compare("subject", EQ, "no")))),
            ir.Not(like("subject", "x{y}")),
        )
    )
    assert captured(not_it, two) == {}
    later = ir.And((like(CATEGORIES, "Matter {ref}"), compare("subject", ir.Op.CONTAINS, path("@ref"))))
    assert captured(later, mail(categories=["Matter A-1"], subject="about a-1")) == {"ref": "A-1"}
    assert captured(matches("subject", "(?P<a>x)?y"), mail(subject="y")) == {"a": ""}
    attachment = ir.HasAttachment(like("subject", "{name}.pdf").pattern)
    assert captured(attachment, mail(attachments=[Attachment("1", "Offer.PDF", size=1)])) == {"name": "Offer"}


def test_what_is_compared_may_be_a_text_with_holes() -> None:
    context = mail(subject="Jane Roe asks", more={"importance": "HIGH"})
    assert holds(compare("subject", ir.Op.STARTS, template(path("sender.name"), " asks")), context)
    assert holds(compare("subject", IN, "x", path("custom.s")), mail(custom={"s": "hello"}))
    assert not holds(compare("subject", EQ, path("custom.none")))


def test_empty_and_exists() -> None:
    assert holds(compare("subject", ir.Op.EMPTY), mail(subject=""))
    assert holds(compare("subject", ir.Op.EMPTY, quantifier=NONE))
    assert holds(compare("subject", ir.Op.EMPTY, negated=True))
    assert holds(compare(CATEGORIES, ir.Op.EMPTY))


def test_changed() -> None:
    changed = compare("subject", ir.Op.CHANGED)
    assert not holds(changed)
    assert not holds(changed, mail(previous={"subject": "HELLO"}))
    assert holds(changed, mail(previous={"subject": "Other"}))
    assert holds(changed, mail(previous={}))
    assert holds(compare("subject", ir.Op.CHANGED, quantifier=NONE))
    assert not holds(compare("sender.domain", ir.Op.CHANGED), mail(previous={"sender": Address("", "x@acme.example")}))
    assert holds(compare("sender.domain", ir.Op.CHANGED), mail(previous={"sender": Address("", "x@b.example")}))
    assert holds(compare(CATEGORIES, ir.Op.CHANGED), mail(categories=["A"], previous={"categories": ("A", "B")}))
    assert not holds(
        compare(CATEGORIES, ir.Op.CHANGED), mail(categories=["A", "b"], previous={"categories": ("B", "a")})
    )


def test_sent_is_what_one_of_us_wrote() -> None:
    sent = compare("direction", EQ, "sent")
    assert holds(sent, mail(sender=Address("", "colleague@sub.ours.example")))
    assert not holds(sent)
    nobody = mail(folder="Sent Items", more={"sender": None})
    assert holds(sent, nobody)
    assert not holds(sent, mail(more={"sender": None}))
    assert not holds(sent, item(Kind.TASK, {}), kind=Kind.TASK)


def test_facts() -> None:
    ours = Address("", "bob@ours.example")
    assert holds(ir.Is(ir.Fact.INTERNAL), mail(sender=ours))
    assert not holds(ir.Is(ir.Fact.INTERNAL))
    assert not holds(ir.Is(ir.Fact.INTERNAL), mail(more={"sender": None, "to": ()}))
    assert holds(ir.Is(ir.Fact.BULK), mail(headers={"precedence": ("bulk",)}))
    assert holds(ir.Is(ir.Fact.AUTO_REPLY), mail(headers={"auto-submitted": ("auto-replied",)}))
    assert holds(ir.Is(ir.Fact.ROLE_ADDRESS), mail(sender=Address("", "info@acme.example")))
    assert holds(ir.Is(ir.Fact.FREEMAIL), mail(sender=ours, to=[Address("", "j@gmail.com")]))
    from tests.programs import SIGNATURE

    assert holds(ir.Is(ir.Fact.HAS_SIGNATURE), mail(body=SIGNATURE))
    assert holds(ir.Is(ir.Fact.HAS_PHONE), mail(body=SIGNATURE))
    assert not holds(ir.Is(ir.Fact.HAS_PHONE), mail(body="hello"))
    assert holds(compare(path("signature.job_title"), EQ, "sales director"), mail(body=SIGNATURE))
    assert holds(
        compare(path("sender.score", NUMBER), GT, 50),
        mail(sender=ours, to=[Address("", "j@x.example")], body=SIGNATURE),
    ) in (True, False)
    assert holds(
        compare(path("correspondents.score", NUMBER, many=True), LT, 20), mail(sender=Address("", "noreply@x.example"))
    )


def test_attachments() -> None:
    pdf = Attachment("1", "a.PDF", size=2_000)
    assert holds(ir.HasAttachment(), mail(attachments=[pdf]))
    assert holds(ir.HasAttachment(like("subject", "*.pdf").pattern, 1_999), mail(attachments=[pdf]))
    assert not holds(ir.HasAttachment(larger=2_000), mail(attachments=[pdf]))
    assert not holds(ir.HasAttachment(like("subject", "*.doc").pattern), mail(attachments=[pdf]))
    assert not holds(ir.HasAttachment(), mail(attachments=[Attachment("1", "a.png", inline=True)]))
    assert holds(
        compare(path("attachments", ir.Type.ATTACHMENT, many=True), ir.Op.ENDS, ".pdf"), mail(attachments=[pdf])
    )


def test_who_is_known() -> None:
    crm = Crm()
    acme = crm.company("acme.example", "Acme")
    crm.contact("joe@b.example", acme, status="Client")
    joe, x = Address("", "joe@b.example"), Address("", "x@acme.example")
    assert holds(known(), mail(sender=joe), crm)
    assert not holds(known(), mail(sender=x), crm)
    assert holds(known(quantifier=NONE), mail(sender=x), crm)
    assert holds(known(quantifier=ALL), mail(sender=joe), crm)
    assert not holds(known(quantifier=ALL), mail(sender=joe, to=[x]), crm)
    assert not holds(known(quantifier=ALL), mail(sender=Address("", ANNA)), crm)
    assert holds(known("company"), mail(sender=x), crm)
    assert holds(known("company", compare(path(".name"), EQ, "acme")), mail(sender=joe), crm)
    assert not holds(known("company"), mail(sender=Address("", "x@c.example")), crm)
    assert holds(known("user"), mail(sender=x), crm)
    to = path("to", ir.Type.PERSON, many=True)
    assert holds(known(of=to), mail(to=[joe]), crm)
    assert not holds(known(of=to), mail(sender=joe), crm)
    assert holds(known("user", of=to), mail(sender=x), crm)
    assert holds(known("contact", compare(path(".company.name"), EQ, "Acme"), of=to), mail(to=[joe]), crm)
    assert holds(known(of=path("custom.who")), mail(custom={"who": "Joe@b.example"}), crm)
    assert holds(known("company", of=path("custom.who")), mail(custom={"who": "ACME"}), crm)
    assert not holds(known("company", of=path("custom.who")), mail(custom={"who": "nobody"}), crm)
    assert holds(known("company", of=path("contact:company", ir.Type.REFERENCE)), mail(sender=joe), crm)
    assert not holds(known("user", of=path("contact:company", ir.Type.REFERENCE)), mail(sender=joe), crm)
    assert not holds(known("nothing"), mail(sender=joe), crm)
    own = ir.Known(ANY, ir.Whom.OWN_ROW, None, "email")
    assert not holds(own, mail(), crm)
    crm.add("email", {"message_id": "<1@mail.example>"})
    assert holds(own, mail(), crm)
    assert not holds(ir.Known(ANY, ir.Whom.PATH, None, "contact"), mail(sender=joe), crm)


def test_paths_through_records() -> None:
    crm = Crm()
    acme = crm.add("company", {"domain": "acme.example", "status": "Lost"})
    jane = crm.contact("jane@acme.example", acme, owner=crm.anna, status="Client")
    reference = ir.Type.REFERENCE
    assert holds(compare(path("contact:status"), EQ, "client"), crm=crm)
    assert holds(compare(path("contact:company.status"), EQ, "lost"), crm=crm)
    assert holds(compare(path("company:status"), EQ, "lost"), crm=crm)
    assert holds(compare(path("contact:owner", reference), EQ, ir.TheUser()), crm=crm)
    assert holds(compare(path("contact:owner", reference), EQ, path("user")), crm=crm)
    assert holds(compare(path("user.full_name"), EQ, "anna ours"), crm=crm)
    assert holds(compare(path("user.name"), EQ, "anna ours"), crm=crm)
    assert not holds(compare(path("opportunity:status"), EQ, "Open"), crm=crm)
    deal = crm.add("opportunity", {"contact": jane, "status": "Open"})
    assert holds(compare(path("opportunity:status"), EQ, "Open"), crm=crm)
    own = crm.add("email", {"message_id": "<1@mail.example>", "status": "Handled"})
    crm.link(own, crm.add("opportunity", {"status": "Won"}))
    assert holds(compare(path("opportunity:status"), EQ, "won"), crm=crm)  # what it is linked to goes first
    assert holds(compare(path("email:status"), EQ, "handled"), crm=crm)
    assert not holds(compare(path("missing:status"), EQ, "x"), crm=crm)
    assert holds(compare(path("contact:status"), ir.Op.EMPTY), mail(sender=Address("", "no@b.example")), crm)
    assert deal.entity == "opportunity"


def test_a_contact_item_leads_to_itself() -> None:
    crm = Crm()
    crm.contact("jane@acme.example", status="Client", owner=crm.anna)
    card = item(Kind.CONTACT, {"email": ("jane@acme.example",)})
    owner = compare(path("contact:owner", ir.Type.REFERENCE), EQ, ir.TheUser())
    assert holds(ir.And((known(where=compare(path(".status"), EQ, "client")), owner)), card, crm, Kind.CONTACT)


def test_other_fields() -> None:
    context = mail(item_class="IPM.Note.X", folder="Inbox/A", headers={"x-a": ("1", "2")}, custom={"Region": "East"})
    assert holds(compare("class", EQ, "ipm.note.x"), context)
    assert holds(compare("folder", EQ, "inbox/a"), context)
    assert holds(compare("header.X-A", EQ, "2"), context)
    assert holds(compare("custom.region", EQ, "east"), context)
    assert holds(compare(path("recipients", ir.Type.PERSON, many=True), EQ, ANNA), context)
    assert holds(compare(path("to", ir.Type.PERSON, many=True), EQ, ANNA), context)
    assert holds(compare(path("user", ir.Type.PERSON), EQ, ANNA), context)
    only = mail(more={"recipients": (Address("", "z@x.example"),)})
    assert holds(compare(path("recipients.domain", many=True), EQ, "x.example"), only)
    meeting = item(Kind.APPOINTMENT, {"start": NOW, "end": NOW + timedelta(minutes=45)})
    assert holds(compare(path("duration", NUMBER), EQ, 45), meeting, kind=Kind.APPOINTMENT)
    journal = item(Kind.JOURNAL, {"duration": 7})
    assert holds(compare(path("duration", NUMBER), EQ, 7), journal, kind=Kind.JOURNAL)
