"""A small CRM in memory, and one call that decides a page of items over it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from mxsync.decide.context import ItemContext, Organisation
from mxsync.decide.decide import Tracing
from mxsync.decide.memory import MemoryTables
from mxsync.decide.page import decide_page
from mxsync.lang import ir
from mxsync.lang.compile import compile_plan
from mxsync.model.effect import CreateRow, Effect, LinkRows, SaveItem
from mxsync.model.outcome import Decision
from mxsync.model.record import RecordKey, RecordValue
from tests.programs import ANNA, NOW, ORGANISATION, crm_entities, program

E = TypeVar("E", bound=Effect)


class Crm(MemoryTables):
    """The sample CRM with Anna's row."""

    def __init__(self) -> None:
        super().__init__(crm_entities())
        self.anna = self.add("user", {"email": ANNA, "full_name": "Anna Ours"})

    def contact(self, email: str, company: RecordKey | None = None, **values: RecordValue) -> RecordKey:
        return self.add("contact", {"email": (email,), "company": company, **values})

    def company(self, domain: str, name: str = "") -> RecordKey:
        return self.add("company", {"domain": domain, "name": name or domain})


def decide_items(
    rules: Sequence[ir.Rule],
    contexts: Sequence[ItemContext],
    tables: MemoryTables | None = None,
    *,
    organisation: Organisation = ORGANISATION,
    tracing: Tracing = Tracing.LIVE,
) -> list[Decision]:
    plan = compile_plan(program(rules))
    answer = (tables or Crm()).answer
    return decide_page(plan, organisation, contexts, answer, NOW, tracing)


def decide_item(rules: Sequence[ir.Rule], context: ItemContext, tables: MemoryTables | None = None) -> Decision:
    (decision,) = decide_items(rules, [context], tables)
    return decision


def of(decision: Decision, kind: type[E]) -> list[E]:
    """The effects of one class."""
    return [effect for effect in decision.effects if isinstance(effect, kind)]


def created(decision: Decision, entity: str) -> list[CreateRow]:
    return [effect for effect in of(decision, CreateRow) if effect.key.entity == entity]


def saved(decision: Decision) -> SaveItem:
    (effect,) = of(decision, SaveItem)
    return effect


def linked(decision: Decision) -> list[RecordKey]:
    """What the item's own row is linked to, in order."""
    own = saved(decision).key
    return [effect.target for effect in of(decision, LinkRows) if effect.source == own]


def fired(decision: Decision) -> list[str]:
    return [step.rule.rule for step in decision.trace.steps if step.fired]
