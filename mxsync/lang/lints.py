"""All that is doubtful in a program as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from mxsync.lang import ir
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.environment import Environment


def lints(program: ir.Program, environment: Environment, found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Warnings, and the errors of rules that would never come to rest. Statements with an error are not in the program;
    `found` is what is said already."""
    return []
