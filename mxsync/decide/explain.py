"""Traces in words: why a rule did not fire, and one textual form of a decision for explain, plan, test and the
live log."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import assert_never

from mxsync.decide.effect_text import effects_lines
from mxsync.decide.item_facts import ItemFacts
from mxsync.decide.persons import people_of
from mxsync.lang import ir
from mxsync.lang.compile import CompiledRule
from mxsync.lang.compile_conditions import with_record
from mxsync.lang.compile_facts import FactValue, asks_score
from mxsync.lang.compile_values import record_name, shown
from mxsync.model.outcome import Decision, Fate, Step
from mxsync.model.record import Record

LONGEST = 60
"""Characters of one value that a trace shows."""
MANY = 5
"""Values of a list that a trace shows."""


def not_asked(rule: CompiledRule, why: str) -> Step:
    """The step of a rule that is about other users, folders or events."""
    return Step(rule.cause, False, note=(why,))


def failed_step(rule: CompiledRule, condition: ir.Condition, facts: ItemFacts) -> Step:
    """The step of a rule whose condition failed: the first part that did, as written, and what it saw."""
    part = _first_failed(condition)
    text = part.text or condition.text or type(part).__name__.lower()
    return Step(rule.cause, False, text, saw(part, facts))


def unseen_step(rule: CompiledRule, condition: ir.Condition) -> Step:
    """The same for a mail that nothing came of: without what it saw, which `explain` tells."""
    return Step(rule.cause, False, condition.text or type(condition).__name__.lower())


def _first_failed(condition: ir.Condition) -> ir.Condition:
    # An `or` failed as a whole: none of its branches is the one that did.
    return condition.parts[0] if isinstance(condition, ir.And) and len(condition.parts) == 1 else condition


def saw(condition: ir.Condition, facts: ItemFacts) -> str:
    """The values that a condition looked at."""
    match condition:
        case ir.And() | ir.Or():
            return "; ".join(dict.fromkeys(text for part in condition.parts if (text := saw(part, facts))))
        case ir.Not():
            return saw(condition.part, facts)
        case ir.Compare() if asks_score(condition.path):
            return _scores(condition.path, facts)
        case ir.Compare():
            return _values(_name(condition.path), facts.path(condition.path), facts)
        case ir.Known():
            return _known(condition, facts)
        case ir.IsReply():
            return (
                f"a saved {condition.entity}" if facts.replied(condition.entity) else "no earlier mail of it is saved"
            )
        case ir.HasAttachment():
            held = [f"{each.name} ({each.size} bytes)" for each in facts.attachments()]
            return _list(held) if held else "no attachment"
        case ir.Is():
            return _fact(condition.fact, facts)
        case ir.Mentions():
            subject = facts.item.fields.get("subject")
            return f"subject is {_quoted(subject)}" if isinstance(subject, str) and subject else "subject is empty"
        case _:
            assert_never(condition)


def _scores(path: ir.Path, facts: ItemFacts) -> str:
    """Each person's score with its reasons: a number alone would only be believed."""
    persons = people_of(facts.field(path.steps[0]))
    told = []
    for person in persons:
        score = facts.score(person)
        told.append(f"{person.address} has {score.value} ({'; '.join(score.reasons) or 'nothing known'})")
    return _list(told) if told else f"{_name(path)} is empty"


def _known(node: ir.Known, facts: ItemFacts) -> str:
    people = facts.known(node)
    if not people:
        return "nobody to ask about" if node.whom is not ir.Whom.OWN_ROW else "it has no row"
    known = [record for records in people for record in records]
    if not known:
        if node.whom is ir.Whom.ANYONE and facts.correspondents():
            return f"unknown: {_list([each.address for each in facts.correspondents()])}"
        return f"no {node.entity} is known"
    if node.where is None:
        return f"known: {_list([_record(record, facts) for record in known])}"
    where = node.where

    def look(record: Record) -> str:
        before, facts.record = facts.record, record
        try:
            return f"{_record(record, facts)}: {saw(where, facts)}"
        finally:
            facts.record = before

    kept = [record for record in known if not with_record(record, facts.plan.check(where), facts)]
    return _list([look(record) for record in (kept or known)])


def _record(record: Record, facts: ItemFacts) -> str:
    number = "a new one" if record.key.planned else str(record.key.value)
    name = record_name(record, facts)
    return f"{record.key.entity} {number}" + (f" ({_cut(name)})" if name and name != number else "")


def _name(path: ir.Path) -> str:
    return path.text or ".".join(path.steps)


def _values(name: str, values: tuple[FactValue, ...], facts: ItemFacts) -> str:
    if not values:
        return f"{name} is empty"
    texts = [_quoted(shown(value, facts)) if isinstance(value, str) else _cut(shown(value, facts)) for value in values]
    return f"{name} is {_list(texts)}"


def _fact(fact: ir.Fact, facts: ItemFacts) -> str:
    match fact:
        case ir.Fact.INTERNAL:
            others = [each.address for each in facts.correspondents()]
            return f"not ours: {_list(others)}" if others else "nobody but our own people"
        case ir.Fact.BULK | ir.Fact.AUTO_REPLY:
            return f"{fact.value} is {'yes' if facts.fact(fact) else 'no'}, by its headers"
        case ir.Fact.ROLE_ADDRESS | ir.Fact.FREEMAIL:
            return (
                f"{fact.value} is {'yes' if facts.fact(fact) else 'no'}: {_list([p.address for p in facts.everyone()])}"
            )
        case ir.Fact.HAS_SIGNATURE | ir.Fact.HAS_PHONE:
            return f"{fact.value.removeprefix('has ')}: {'one' if facts.fact(fact) else 'none'} found in its text"


def _list(texts: Iterable[str]) -> str:
    texts = list(texts)
    more = f" and {len(texts) - MANY} more" if len(texts) > MANY else ""
    return ", ".join(texts[:MANY]) + more


def _quoted(text: str) -> str:
    return f"'{_cut(text)}'"


@lru_cache(maxsize=4096)
def _on_one_line(condition: str) -> str:
    """A condition as it is written in the rules, of which most items meet the same few."""
    return " ".join(condition.split())


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


# ------------------------------------------------------------------ text

_FATES = {
    Fate.APPLIED: "applied",
    Fate.NOTHING: "nothing: no rule wants anything of it",
    Fate.SKIPPED: "skipped",
    Fate.HELD: "held for review",
    Fate.SET_ASIDE: "set aside",
}


def trace_lines(decision: Decision) -> list[str]:
    """A decision's trace, one line a rule and one for each note, then what came of it."""
    lines: list[str] = []
    for step in decision.trace.steps:
        where = f" ({step.rule.file}:{step.rule.line})" if step.rule.file else ""
        if step.fired:
            lines.append(f"fired    rule '{step.rule.rule}'{where}")
        elif step.condition:
            seen = f": {step.saw}" if step.saw else ""
            lines.append(f"failed   rule '{step.rule.rule}'{where} at `{_on_one_line(step.condition)}`{seen}")
        else:
            lines.append(f"no       rule '{step.rule.rule}'{where}: {'; '.join(step.note)}")
        if step.fired:
            lines += [f"           {note}" for note in step.note]
    lines += [f"note     {note}" for note in decision.trace.notes]
    fate = _FATES[decision.fate]
    lines.append(f"{fate}: {decision.reason}" if decision.reason else fate)
    return lines


__all__ = ["effects_lines", "failed_step", "not_asked", "saw", "trace_lines"]
