"""Rules that can never fire, that always do, and those that an earlier `skip` or `stop` hides.

Hidden rules are found through an index: each alternative of a skipping rule's condition is filed under its rarest part,
so a rule is held only against those that share it. The cost is about that of reading the rules.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mxsync.lang import ir, messages_warnings
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.lint_conditions import Key
from mxsync.lang.lint_facts import Alternative, Judged, RuleFacts
from mxsync.lang.source import Span


def firing(rules: Sequence[Judged]) -> tuple[list[Diagnostic], set[int]]:
    """Rules whose conditions contradict themselves, or say nothing; and the orders of those that never fire."""
    found: list[Diagnostic] = []
    never: set[int] = set()
    for rule, facts in rules:
        condition = rule.condition
        if condition is None or isinstance(condition, (ir.Known, ir.Is, ir.Mentions, ir.IsReply, ir.HasAttachment)):
            continue
        clash = facts.clash
        if clash is not None:
            found.append(messages_warnings.never_fires(condition.span, *clash))
            never.add(rule.order)
            continue
        cover = facts.cover
        if cover is not None:
            found.append(messages_warnings.always_fires(condition.span, *cover))
    return found, never


@dataclass(frozen=True, slots=True)
class _Wall:
    """One alternative of a rule that ends the matter."""

    rule: ir.Rule
    parts: Alternative
    action: ir.Skip | ir.Stop


def hidden(rules: Sequence[Judged], never: set[int], head: Callable[[ir.Rule], Span]) -> list[Diagnostic]:
    """Rules that never get their turn. `rules` are in the order in which they act."""
    found: list[Diagnostic] = []
    enders = [(rule, facts, facts.end) for rule, facts in rules if facts.end is not None and rule.order not in never]
    if not enders:
        return found
    walls = [_Wall(rule, parts, end) for rule, facts, end in enders for parts in facts.alternatives]
    counts = Counter(part for wall in walls for part in wall.parts)
    by_part: dict[Key, list[_Wall]] = defaultdict(list)
    bare: list[_Wall] = []
    for wall in walls:
        if wall.parts:
            by_part[min(wall.parts, key=lambda part: counts[part])].append(wall)
        else:
            bare.append(wall)
    place = {rule.order: index for index, (rule, _) in enumerate(rules)}
    filed = by_part.keys()
    for index, (rule, facts) in enumerate(rules):
        if rule.order in never:
            continue
        if not bare and any(map(filed.isdisjoint, facts.alternatives)):
            continue  # most rules share no part with one that ends the matter
        ender = _wall_before(rule, facts, index, place, by_part, bare)
        if ender is not None:
            action = "skip" if isinstance(ender.action, ir.Skip) else "stop"
            found.append(messages_warnings.hidden(head(rule), rule.name, ender.rule.name, action, ender.action.span))
    return found


def _wall_before(
    rule: ir.Rule,
    facts: RuleFacts,
    index: int,
    place: dict[int, int],
    by_part: dict[Key, list[_Wall]],
    bare: list[_Wall],
) -> _Wall | None:
    """The rule that ends the matter for every alternative of this one, if there is one for each."""
    last: _Wall | None = None
    for parts in facts.alternatives:
        candidates = [*bare, *(wall for part in parts for wall in by_part.get(part, ()))]
        last = next(
            (
                wall
                for wall in candidates
                if place[wall.rule.order] < index and wall.parts <= parts and _covers(wall.rule, rule)
            ),
            None,
        )
        if last is None:
            return None
    return last


def _covers(wide: ir.Rule, narrow: ir.Rule) -> bool:
    """Whether a rule's header takes all that another's does."""
    if wide.row_of != narrow.row_of or not narrow.kinds <= wide.kinds:
        return False
    if wide.event == "deleted" or narrow.event == "deleted":
        if wide.event != narrow.event:
            return False
    elif wide.event not in ("", narrow.event):
        return False
    if wide.users is not None and (narrow.users is None or not narrow.users <= wide.users):
        return False
    if wide.public is not narrow.public:
        return False
    if wide.folders is None:
        return narrow.folders is None  # a rule without folders is for the kinds' own folders only
    return narrow.folders is not None and set(narrow.folders) <= set(wide.folders)
