"""Syncs that keep one folder in step with one table twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from mxsync.lang import ir, messages_warnings
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.ir import SideForm
from mxsync.lang.lint_conditions import contradiction
from mxsync.lang.source import Span


def overlapping(syncs: Sequence[ir.Sync], head: Callable[[ir.Sync], Span]) -> list[Diagnostic]:
    """A warning at the later of two syncs with the same sides, whose filters do not exclude each other."""
    groups: dict[tuple[object, ...], list[ir.Sync]] = defaultdict(list)
    found: list[Diagnostic] = []
    for sync in syncs:
        groups[_place(sync)].append(sync)
    for group in groups.values():
        for index, sync in enumerate(group):
            other = next((each for each in group[:index] if _overlap(each, sync)), None)
            if other is not None:
                found.append(messages_warnings.syncs_overlap(head(sync), sync.name, other.name, head(other)))
    return found


def _place(sync: ir.Sync) -> tuple[object, ...]:
    """What two overlapping syncs have in common: their folders' names and their table."""
    return frozenset((side.folder.casefold(), side.entity) for side in (sync.left, sync.right)), sync.kind


def _overlap(one: ir.Sync, two: ir.Sync) -> bool:
    if one.users is not None and two.users is not None and one.users.isdisjoint(two.users):
        return False
    turned = one.left.entity != two.left.entity or one.left.folder.casefold() != two.left.folder.casefold()
    left, right = (two.right, two.left) if turned else (two.left, two.right)
    if not (_same_place(one.left, left) and _same_place(one.right, right)):
        return False
    into_left, into_right = (two.into_right, two.into_left) if turned else (two.into_left, two.into_right)
    return _both(one.into_left, into_left) or _both(one.into_right, into_right)


def _same_place(one: ir.Side, two: ir.Side) -> bool:
    """Whether two sides can be one folder, or are one table."""
    if SideForm.PUBLIC in (one.form, two.form) and one.form is not two.form:
        return False
    return not (one.user and two.user and one.user != two.user)


def _both(one: ir.Into | None, two: ir.Into | None) -> bool:
    """Whether one record can pass both filters."""
    if one is None or two is None:
        return False
    parts = tuple(part for part in (one.when, two.when) if part is not None)
    return len(parts) < 2 or contradiction(ir.And(parts)) is None
