"""What is found in one statement: at most one error, so that none is caused by another; warnings as they come."""

from __future__ import annotations

from mxsync.lang.diagnostics import Diagnostic


class Report:
    """The findings of one statement. The first error is kept, later ones are dropped."""

    __slots__ = ("error", "warnings")

    def __init__(self) -> None:
        self.error: Diagnostic | None = None
        self.warnings: list[Diagnostic] = []

    def add(self, diagnostic: Diagnostic) -> None:
        if not diagnostic.is_error:
            self.warnings.append(diagnostic)
        elif self.error is None:
            self.error = diagnostic

    def all(self) -> tuple[Diagnostic, ...]:
        """The error, or else the warnings: what was doubtful in a faulty statement may be due to its fault."""
        return (self.error,) if self.error is not None else tuple(self.warnings)
