"""Who may become a contact: what is refused whoever asks for it, and the score where a rule asks for that.

The score decides only in rules that ask for it: `sender.score >= 60` is a condition on the mail and, where it holds,
on each person whom the rule would create. Whatever a rule or a category says, nobody is made of an address that is no
person's, of our own people, and of a domain made to look like ours.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from mxsync.decide import people
from mxsync.decide.draft import Draft
from mxsync.decide.persons import people_of
from mxsync.lang import ir
from mxsync.lang.compile_conditions import conjuncts
from mxsync.lang.compile_facts import asks_score
from mxsync.lang.compile_values import evaluate
from mxsync.model.item import Address, Kind
from mxsync.model.normal import address_key

_WRITTEN = (Kind.MAIL, Kind.POST)
_COMPARISONS: Final[Mapping[ir.Op, Callable[[float, float], bool]]] = {
    ir.Op.EQ: operator.eq,
    ir.Op.LT: operator.lt,
    ir.Op.LE: operator.le,
    ir.Op.GT: operator.gt,
    ir.Op.GE: operator.ge,
}


def real(draft: Draft) -> bool:
    """Whether the item is real correspondence."""
    facts = draft.facts
    if facts.item.kind in _WRITTEN:
        if facts.fact(ir.Fact.BULK):
            draft.note("nobody is created from bulk mail")
            return False
        if facts.fact(ir.Fact.AUTO_REPLY):
            draft.note("nobody is created from automatic mail")
            return False
    return True


def creatable(draft: Draft, person: Address) -> bool:
    """Whether a contact, or a company, may be made of a person's address at all. Of a domain that looks like ours only
    once a person has made a company with that domain, or has said whose alias it is: that is the review it needs."""
    if people.is_role_address(person.address):
        draft.note(f"{person.address} is no person's address")
        return False
    if not people.plausible(person.address):
        draft.note(f"{person.address} is no address")
        return False
    facts = draft.facts
    forged = people.lookalike(person, facts.organisation)
    if not forged or people.alias_of(person.domain, facts.plan.aliases) or facts.records.company_by_domain(person):
        return True
    draft.note(f"{person.address} is refused: {forged}; a company with that domain has to be made by hand first")
    return False


def convincing(draft: Draft, person: Address) -> bool:
    """Whether a person meets every score that the rule at hand asks of people among whom he is. The trace says his
    score and its reasons."""
    asked = [node for node in _asked(draft) if _is_about(draft, node, person)]
    if not asked:
        return True
    score = draft.facts.score(person)
    met = all(_holds(draft, node, score.value) for node in asked)
    only = "" if met else " only: not created"
    draft.note(f"{person.address} has a score of {score.value}{only} ({'; '.join(score.reasons) or 'nothing known'})")
    return met


def _asked(draft: Draft) -> Iterator[ir.Compare]:
    """The comparisons with a score that hold for the item as a whole, because each stands in the rule's own `and`."""
    condition = draft.rule.rule.condition if draft.rule is not None else None
    for part in conjuncts(condition):
        if isinstance(part, ir.Compare) and asks_score(part.path) and part.quantifier is not ir.Quantifier.NONE:
            yield part


def _is_about(draft: Draft, node: ir.Compare, person: Address) -> bool:
    key = address_key(person.address)
    return any(address_key(each.address) == key for each in people_of(draft.facts.field(node.path.steps[0])))


def _holds(draft: Draft, node: ir.Compare, score: int) -> bool:
    compare = _COMPARISONS.get(node.op)
    wanted = evaluate(node.values[0], draft.facts) if node.values else None
    if compare is None or not isinstance(wanted, (int, float)):
        return True
    return compare(score, wanted) is not node.negated
