"""A fault, or a doubt, in the rule files, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mxsync.lang.source import Span


class Severity(StrEnum):
    """An error keeps the old rules in force; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `code` is stable ('MX012'); `message` is lower case, in the reader's words, with the reader's
    own text in backquotes; `help` says what to do, '' where there is nothing better to say."""

    code: str
    severity: Severity
    span: Span
    message: str
    help: str = ""
    related: tuple[tuple[Span, str], ...] = ()

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


@dataclass(frozen=True, slots=True)
class CodeInfo:
    """What `check --explain CODE` says: a short title, and the text of its page (Markdown, an example and its cure)."""

    title: str
    text: str
