"""What an item says whatever the tables hold, worked out where the item is read, so that deciding finds it there.

Nothing depends on it: a decision without it is the same, and takes longer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from mxsync.decide.context import ItemContext, Organisation
from mxsync.decide.decide import zone_of
from mxsync.decide.gleaned import Foreseen, Gleaned
from mxsync.decide.item_facts import ItemFacts
from mxsync.decide.saving import item_values
from mxsync.decide.view import PageView
from mxsync.lang import ir
from mxsync.lang.compile import CompiledRule, RulePlan, compile_plan
from mxsync.lang.compile_facts import asks_score
from mxsync.model.item import Item
from mxsync.model.normal import address_key
from mxsync.model.record import RecordValue


class Foresight:
    """Looks at items as the rules will. It is made where they are in force and used in another process: it goes there
    as the program that the rules are compiled from. `user` is the mailbox's."""

    def __init__(self, program: ir.Program, organisation: Organisation, user: str) -> None:
        self._program = program
        self._organisation = organisation
        self._user = user
        self._plan: RulePlan | None = None

    def __reduce__(self) -> tuple[object, ...]:
        program = replace(self._program, tests=())
        return Foresight, (program, self._organisation, self._user)

    def __call__(self, item: Item, now: datetime, *, read: bool) -> Foreseen:
        """What can be told of an item. With `read` its text is read for a signature, which costs more than all else
        together, if a rule that wants one may act, whatever the tables say."""
        if self._plan is None:
            self._plan = compile_plan(self._program)
        plan, organisation = self._plan, self._organisation
        gleaned = Gleaned(item, organisation)
        context = ItemContext(item, "created", self._user)
        zone = zone_of(organisation.timezone)
        facts = ItemFacts(plan, organisation, context, PageView(plan.entities), now, zone, gleaned)
        try:
            rules = plan.candidates(facts, item.ref, item.kind, context.event, address_key(self._user))
            if read and plan.needs(item.kind).signature:
                self._read(rules, facts)
            facts.field("direction")
            facts.field("recipients")
            numbers = tuple([rule.number for rule in rules])
            return gleaned.told(plan.digest, numbers, _saved(plan, facts) if rules else None)
        finally:
            facts.release()

    def _read(self, rules: Sequence[CompiledRule], facts: ItemFacts) -> None:
        for rule in rules:
            if rule.body.needs.signature:
                facts.captures = {}
                if rule.body.may_hold(facts):
                    facts.reading()
                    return


def _saved(plan: RulePlan, facts: ItemFacts) -> Mapping[str, RecordValue] | None:
    """What the item says for its own row; None where it has none, or where a field is a person's score, which depends
    on the mail that was seen before."""
    entity = plan.own_entity(facts.item.kind, facts.item.item_class)
    if entity is None or any(asks_score(path) for _, path, _ in plan.saved_fields(entity)):
        return None
    return item_values(facts, entity)
