"""What an item says whatever the tables hold, worked out where the item is read, so that deciding finds it there.

Nothing depends on it: a decision without it is the same, and takes longer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from mxsync.decide.context import ItemContext, Organisation
from mxsync.decide.decide import zone_of
from mxsync.decide.gleaned import Foreseen, Gleaned
from mxsync.decide.item_facts import ItemFacts
from mxsync.decide.view import PageView
from mxsync.lang import ir
from mxsync.lang.compile import RulePlan, compile_plan
from mxsync.model.item import Item
from mxsync.model.normal import address_key


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
            if read and plan.needs(item.kind).signature:
                self._read(plan, facts)
            facts.field("direction")
            facts.field("recipients")
        finally:
            facts.release()
        return gleaned.foreseen()

    def _read(self, plan: RulePlan, facts: ItemFacts) -> None:
        item, event = facts.item, facts.context.event
        for rule in plan.candidates(facts, item.ref, item.kind, event, address_key(self._user)):
            if rule.body.needs.signature:
                facts.captures = {}
                if rule.body.may_hold(facts):
                    facts.reading()
                    return
