"""All that is doubtful in a program as a whole, and the errors of rules that would never come to rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mxsync.lang import ir
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.lint_facts import RuleFacts
from mxsync.lang.lint_loops import loops
from mxsync.lang.lint_rules import firing, hidden
from mxsync.lang.lint_syncs import overlapping
from mxsync.lang.lint_writes import conflicting
from mxsync.lang.source import Span


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the lints need to know of the files: whether the first named uses the second, and where the names of rules
    and syncs stand, or the kinds of rules without a name."""

    uses: Callable[[str, str], bool]
    rule_head: Callable[[ir.Rule], Span]
    sync_head: Callable[[ir.Sync], Span]


def lints(program: ir.Program, facts: Sequence[RuleFacts], around: Surroundings) -> list[Diagnostic]:
    """`facts` go with the program's rules, one each. Statements with an error are not in the program, so nothing here
    is caused by one. Costs less than the square of the number of rules."""
    judged = list(zip(program.rules, facts, strict=True))
    doubtful, never = firing(judged)
    doubtful += hidden(judged, never, around.rule_head)
    doubtful += conflicting(judged, program.own, never, around.uses)
    doubtful += overlapping(program.syncs, around.sync_head)
    return doubtful + loops(program, {rule.order: each for rule, each in judged})
