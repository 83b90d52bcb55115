"""All that is doubtful in a program as a whole, and the errors of rules that would never come to rest."""

from __future__ import annotations

from collections.abc import Sequence

from mxsync.lang import ir
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.environment import Environment
from mxsync.lang.lint_loops import loops
from mxsync.lang.lint_rules import firing, hidden
from mxsync.lang.lint_syncs import overlapping
from mxsync.lang.lint_writes import conflicting


def lints(program: ir.Program, environment: Environment, found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Statements with an error are not in the program, so nothing here is caused by one. `found` is what has been said
    already. Costs less than the square of the number of rules."""
    doubtful, never = firing(program.rules)
    doubtful += hidden(program.rules, never)
    doubtful += conflicting(program.rules, environment.own, never)
    doubtful += overlapping(program.syncs)
    return doubtful + loops(program)
