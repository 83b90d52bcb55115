"""Two rules that write different values to one field, where an item may match both.

Rules are grouped by the field, and within a group by the value of the field that most of their conditions fix, so
that a thousand rules for a thousand subjects are never held against each other. Each rule is compared with a fixed
number of earlier ones at most and reported once, so the cost grows with the rules, not with their pairs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mxsync.lang import ir, messages_warnings
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.lint_conditions import Key, Limits
from mxsync.lang.lint_facts import Judged, RuleFacts
from mxsync.lang.meaning import meaning
from mxsync.model.item import Kind

COMPARISONS = 64
"""How many earlier rules each one is held against at most."""


@dataclass(frozen=True, slots=True)
class _Write:
    rule: ir.Rule
    assign: ir.Assign
    value: str
    facts: RuleFacts
    ends: bool


def conflicting(
    rules: Sequence[Judged], own: Mapping[Kind, str], never: set[int], uses: Callable[[str, str], bool]
) -> list[Diagnostic]:
    """One warning for each rule that writes something else than an earlier one, `rules` being in acting order."""
    groups: dict[tuple[str, str], list[tuple[Judged, ir.Assign]]] = defaultdict(list)
    for judged in rules:
        if not judged[1].writes or judged[0].order in never:
            continue
        for target, assign in _assigns(judged[0], own):
            groups[target, assign.field].append((judged, assign))
    found: list[Diagnostic] = []
    for group in groups.values():
        if len(group) > 1:
            found += _in_group(group, uses)
    return found


def _assigns(rule: ir.Rule, own: Mapping[Kind, str]) -> Iterable[tuple[str, ir.Assign]]:
    """What a rule writes into rows that another rule may write into as well, with their entity."""
    saved = next((a.entity for a in rule.actions if isinstance(a, ir.Save) and a.entity), "")
    for action in rule.actions:
        if isinstance(action, ir.Set):
            for assign in action.assigns:
                if assign.entity or saved or rule.row_of:
                    yield assign.entity or saved or rule.row_of, assign
                else:
                    yield from ((own[kind], assign) for kind in sorted(rule.kinds) if kind in own)
        elif isinstance(action, ir.Save):
            yield from ((action.entity, assign) for assign in action.assigns)


def _in_group(group: list[tuple[Judged, ir.Assign]], uses: Callable[[str, str], bool]) -> list[Diagnostic]:
    writes = [_write(judged, assign) for judged, assign in group]
    if len({write.value for write in writes}) == 1:
        return []
    counts: Counter[Key] = Counter(
        where for write in writes for where, limits in write.facts.limits.items() if limits.single and limits.allowed
    )
    dividing = counts.most_common(1)[0][0] if counts else None
    by_value: dict[str, list[_Write]] = defaultdict(list)
    others: list[_Write] = []
    found: list[Diagnostic] = []
    for write in writes:
        limits = write.facts.limits.get(dividing) if dividing is not None else None
        values = sorted(limits.allowed) if limits is not None and limits.single and limits.allowed else None
        if values is None:
            # it may meet any of the divided ones too: a few of each are looked at
            earlier = [*others[:COMPARISONS], *(some[0] for some in list(by_value.values())[:COMPARISONS])]
            others.append(write)
        else:
            earlier = [*(each for value in values for each in by_value[value][:COMPARISONS]), *others[:COMPARISONS]]
            for value in values:
                by_value[value].append(write)
        clash = next((each for each in earlier if _clash(each, write)), None)
        if clash is not None:
            # said where the reader can do something about it: in the file that uses the other's
            here, there = (clash, write) if uses(clash.rule.file, write.rule.file) else (write, clash)
            field = here.assign.field
            said = messages_warnings.written_twice(here.assign.span, field, there.rule.name, there.assign.span)
            found.append(said)
    return found


def _write(judged: Judged, assign: ir.Assign) -> _Write:
    rule, facts = judged
    return _Write(rule, assign, meaning(assign.value), facts, facts.end is not None)


def _clash(first: _Write, second: _Write) -> bool:
    """Whether two writes differ, and one item may see both."""
    if first.value == second.value or first.rule is second.rule or first.ends:
        return False
    return not excludes(
        first.rule, second.rule, first.facts.limits, second.facts.limits
    ) and first.facts.keys.isdisjoint(second.facts.opposites)


def excludes(one: ir.Rule, two: ir.Rule, limits: Mapping[Key, Limits], others: Mapping[Key, Limits]) -> bool:
    """Whether no item can match both rules."""
    if one.row_of != two.row_of or (one.kinds and one.kinds.isdisjoint(two.kinds)):
        return True
    events = {one.event, two.event}
    if len(events) > 1 and ("deleted" in events or events == {"created", "updated"}):
        return True
    if one.users is not None and two.users is not None and one.users.isdisjoint(two.users):
        return True
    if one.public is not two.public or _folders_apart(one.folders, two.folders):
        return True
    for where, limit in limits.items():
        other = others.get(where)
        if other is not None and limit.single and _apart(limit, other):
            return True
    return False


def _folders_apart(one: tuple[str, ...] | None, two: tuple[str, ...] | None) -> bool:
    if one is None or two is None or any("*" in name for name in (*one, *two)):
        return False
    return {name.casefold() for name in one}.isdisjoint(name.casefold() for name in two)


def _apart(one: Limits, two: Limits) -> bool:
    if one.allowed is not None:
        if two.allowed is not None and one.allowed.isdisjoint(two.allowed):
            return True
        if one.allowed <= two.excluded:
            return True
    if two.allowed is not None and two.allowed <= one.excluded:
        return True
    if one.empty is not None and two.empty is not None and one.empty is not two.empty:
        return True
    for low, high in ((one.low, two.high), (two.low, one.high)):
        if (
            low is not None
            and high is not None
            and (low[0] > high[0] or (low[0] == high[0] and not (low[1] and high[1])))
        ):
            return True
    return False
