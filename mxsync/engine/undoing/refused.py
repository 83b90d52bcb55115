"""What undo refuses, as it waits for a person; and what becomes of it when they say: all the same."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from mxsync.decide.effect_text import value_text
from mxsync.engine.undoing.choosing import Undoing, with_consequences
from mxsync.engine.undoing.steps import EffectStep, RowStep
from mxsync.errors import NotFound
from mxsync.model.item import ItemRef
from mxsync.model.record import RecordKey
from mxsync.ports.tracking import ReviewRow, Unit
from mxsync.ports.undoing import Chosen

OF = "undo of "
"""Before what was to be undone, as the rule of what waits."""


def review_rows(
    asked: Chosen, rows: Sequence[RowStep], effects: Sequence[EffectStep], plan: str, now: datetime
) -> list[ReviewRow]:
    """One for each part that was refused, with both values side by side."""
    found: list[ReviewRow] = []
    rule = f"{OF}{asked.words}"
    for step in rows:
        if step.refused:
            ref = ItemRef("", step.key.entity, f"{step.key.entity} {step.key.value}")
            named = json.dumps({**_named(asked), "row": [step.key.entity, step.key.value]})
            why = f"{rule}: {step.words}: {step.refused}"
            found.append(ReviewRow(now, ref, named, why, rule, plan, [step.words, *_sides(step)]))
    for each in effects:
        if each.refused:
            named = json.dumps({**_named(asked), "effect": each.effect.number})
            why = f"{rule}: {each.words or 'an effect'}: {each.refused}"
            found.append(ReviewRow(now, each.effect.ref, named, why, rule, plan, [each.words]))
    return found


def _sides(step: RowStep) -> list[str]:
    return [
        f"{name}: now {_text(step.now.get(name))}, would be {_text(value)} again"
        for name, value in sorted(step.columns.items())
    ]


def _text(value: object) -> str:
    return "nothing" if value in (None, "") else value_text(value)  # type: ignore[arg-type]  # a column's value


def _named(asked: Chosen) -> dict[str, Any]:
    if asked.rule:
        return {"rule": asked.rule}
    if asked.refs:
        return {"refs": [[ref.mailbox, ref.folder, ref.href] for ref in asked.refs]}
    return {"run": asked.run}


def accepted(unit: Unit, row: ReviewRow) -> Undoing:
    """The one part that waited. Raises `NotFound` when it was undone meanwhile."""
    named: Mapping[str, Any] = json.loads(row.identity)
    refs = tuple(ItemRef(*each) for each in named.get("refs", ()))
    asked = Chosen(int(named.get("run", 0)), str(named.get("rule", "")), refs)
    if "row" in named:
        entity, value = named["row"]
        key = RecordKey(entity, tuple(value) if isinstance(value, list) else value)
        entries = [each for each in unit.tracking.chosen(asked) if each.row == key]
        if entries:
            return with_consequences(unit, Undoing(asked, entries, (), forced=(key,)))
    elif "effect" in named:
        effects = [each for each in unit.tracking.effects(asked) if each.number == named["effect"]]
        if effects:
            return Undoing(asked, (), effects, forced_effects=(int(named["effect"]),))
    raise NotFound(f"that was undone meanwhile: `mxsync review reject {row.number}` takes it off the queue")
