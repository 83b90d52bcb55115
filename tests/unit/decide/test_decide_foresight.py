"""What is told of an item where it is read: it changes no decision, and a text is read where a rule may want it."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from mxsync.decide.context import ItemContext
from mxsync.decide.foresight import Foresight
from mxsync.decide.gleaned import Foreseen, Gleaned
from mxsync.decide.page import decide_page
from mxsync.lang import ir
from mxsync.lang.compile import compile_plan
from mxsync.model.effect import CreateRow
from mxsync.model.item import Address
from mxsync.model.record import Direction, FieldMap
from tests.programs import (
    ANNA,
    NOW,
    ORGANISATION,
    SIGNATURE,
    category,
    compare,
    crm_entities,
    known,
    mail,
    path,
    program,
    rule,
)
from tests.worlds import Crm

CREATE = ir.CreateContacts("contact", ir.People.SENDER, ir.Source.DEFAULT, ())
UPDATE = ir.UpdateContacts("contact")
STRANGERS = known(quantifier=ir.Quantifier.NONE)
RULES = [
    rule("by category", category("New"), CREATE, ir.Link()),
    rule("sent", compare("direction", ir.Op.EQ, "sent"), ir.Flag()),
    rule("known", known(), ir.Link()),
]


def foreseen(context: ItemContext, rules: list[ir.Rule], *, read: bool = True) -> Foreseen:
    """As it comes back from another process."""
    there: Foresight = pickle.loads(pickle.dumps(Foresight(program(rules), ORGANISATION, ANNA)))
    seen: Foreseen = pickle.loads(pickle.dumps(there(context.item, NOW, read=read)))
    return seen


def test_a_decision_is_the_same_with_it() -> None:
    crm = Crm()
    crm.contact("jane@acme.example")
    of_max = SIGNATURE.replace("Jane Roe", "Max New")
    contexts = [
        mail(1, body=SIGNATURE),
        mail(2, body=SIGNATURE, categories=["New"]),
        mail(3, sender=Address("Anna", ANNA)),
        mail(4, sender=Address("Max", "max@new.example"), body=of_max, categories=["New"]),
    ]
    plan = compile_plan(program(RULES))
    told = [Gleaned(each.item, ORGANISATION, foreseen(each, RULES)) for each in contexts]
    without = decide_page(plan, ORGANISATION, contexts, crm.answer, NOW)
    assert decide_page(plan, ORGANISATION, contexts, crm.answer, NOW, gleaned=told) == without
    assert any(isinstance(effect, CreateRow) for decision in without for effect in decision.effects)
    # Jane is known, so what her signature says was not asked for; Max becomes a contact by his.
    assert [each.unread for each in told] == [False, True, False, False]


@pytest.mark.parametrize(
    ("condition", "action", "reads"),
    [
        (category("New"), CREATE, True),
        (category("Old"), CREATE, False),
        (ir.And((category("New"), STRANGERS)), CREATE, True),  # the tables may say so
        (ir.And((known(), category("Old"))), UPDATE, False),
        (ir.And((known(), category("New"))), UPDATE, True),
        (ir.Not(category("Old")), CREATE, True),
        (ir.Or((category("Old"), known())), CREATE, True),
        (ir.HasAttachment(), CREATE, False),
        (category("New"), ir.Flag(), False),
        (ir.Is(ir.Fact.HAS_PHONE), ir.Flag(), True),
        (ir.Is(ir.Fact.BULK), CREATE, False),
        (compare(path("signature.phone"), ir.Op.EMPTY, negated=True), ir.Flag(), True),
        (compare(path("sender.score", ir.Type.NUMBER), ir.Op.GE, 60), CREATE, True),
    ],
)
def test_a_text_is_read_where_a_rule_may_want_it(condition: ir.Condition, action: ir.Action, reads: bool) -> None:
    context = mail(body=SIGNATURE, categories=["New"])
    seen = foreseen(context, [rule("one", condition, action)])
    assert (seen.reading is not None) is reads
    assert foreseen(context, [rule("one", condition, action)], read=False).reading is None


def test_what_other_rules_foresaw_counts_for_nothing() -> None:
    crm = Crm()
    crm.contact("jane@acme.example")
    context = mail(1, categories=["New"])
    told = foreseen(context, [rule("other", category("Old"), ir.Flag())])
    changed = told._replace(plan="another digest", saved={"subject": "of another"})
    plan = compile_plan(program(RULES))
    without = decide_page(plan, ORGANISATION, [context], crm.answer, NOW)
    with_it = decide_page(
        plan, ORGANISATION, [context], crm.answer, NOW, gleaned=[Gleaned(context.item, ORGANISATION, changed)]
    )
    assert with_it == without and without[0].effects


def test_a_changed_item_is_asked_for_what_is_foreseen_of_new_ones() -> None:
    rules = [*RULES, rule("updated", None, ir.Flag(), event="updated")]
    crm = Crm()
    crm.contact("jane@acme.example")
    context = mail(1, event="updated")
    told = Gleaned(context.item, ORGANISATION, foreseen(context, rules))
    plan = compile_plan(program(rules))
    without = decide_page(plan, ORGANISATION, [context], crm.answer, NOW)
    assert decide_page(plan, ORGANISATION, [context], crm.answer, NOW, gleaned=[told]) == without
    assert any(step.fired and step.rule.rule == "updated" for step in without[0].trace.steps)


def test_a_score_in_a_row_is_not_foreseen() -> None:
    entities = crm_entities()
    email = entities["email"]
    score = {"sender.score": FieldMap("sender.score", ("score",), Direction.TO_TABLE)}
    entities["email"] = replace(email, fields={**email.fields, **score})
    context = mail(1, body=SIGNATURE)
    for known_, saved in ((crm_entities(), True), (entities, False)):
        whole = Foresight(program(RULES, entities=known_), ORGANISATION, ANNA)
        assert (whole(context.item, NOW, read=True).saved is not None) is saved
