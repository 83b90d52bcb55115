"""All that is doubtful in a program as a whole, and the errors of rules that would never come to rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mxsync.lang import ir
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.lint_facts import RuleFacts
from mxsync.lang.lint_loops import loops
from mxsync.lang.lint_rules import firing, hidden
from mxsync.lang.lint_syncs import overlapping
from mxsync.lang.lint_writes import conflicting


def lints(program: ir.Program, facts: Sequence[RuleFacts], uses: Callable[[str, str], bool]) -> list[Diagnostic]:
    """`facts` go with the program's rules, one each; `uses(A, B)` says whether file A uses file B. Statements with an
    error are not in the program, so nothing here is caused by one. Costs less than the square of their number."""
    judged = list(zip(program.rules, facts, strict=True))
    doubtful, never = firing(judged)
    doubtful += hidden(judged, never)
    doubtful += conflicting(judged, program.own, never, uses)
    doubtful += overlapping(program.syncs)
    return doubtful + loops(program, {rule.order: each for rule, each in judged})
