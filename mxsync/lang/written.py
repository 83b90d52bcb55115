"""A statement as it is written: the text behind a span, for traces and for placing a fault inside a quoted text."""

from __future__ import annotations

import re
from typing import Final

from mxsync.lang import ast
from mxsync.lang.source import Span

_QUIET: Final = re.compile(r"'(?:[^'\n]|'')*'|\"(?:[^\"\n]|\"\")*\"|/(?:[^/\\\n]|\\.)+/|#[^\n]*")


class Written:
    """The source text of one statement."""

    __slots__ = ("first_line", "lines")

    def __init__(self, statement: ast.ParsedStatement) -> None:
        self.lines = statement.text.split("\n")
        self.first_line = statement.first_line

    def raw(self, span: Span) -> str:
        """Exactly what stands there."""
        first, last = span.line - self.first_line, span.end_line - self.first_line
        if not 0 <= first <= last < len(self.lines):
            return ""
        if first == last:
            return self.lines[first][span.column - 1 : span.end_column - 1]
        middle = self.lines[first + 1 : last]
        return "\n".join([self.lines[first][span.column - 1 :], *middle, self.lines[last][: span.end_column - 1]])

    def text(self, span: Span) -> str:
        """What stands there on one line, comments left out."""
        raw = self.raw(span)
        if "\n" not in raw:
            return raw
        bare = _QUIET.sub(lambda found: "" if found[0].startswith("#") else found[0], raw)
        return " ".join(bare.split())
