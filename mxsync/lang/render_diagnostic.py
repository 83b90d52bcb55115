"""A finding for people: the line it stands in, and what is meant underlined."""

from __future__ import annotations

import unicodedata

from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.source import Span

_MOST_LINES = 6


def render_diagnostic(diagnostic: Diagnostic, text: str) -> str:
    """In the form that docs/language.md shows. `text` is that of the file; '' where it cannot be had."""
    span = diagnostic.span
    lines = [f"{diagnostic.severity.value} {diagnostic.code}: {diagnostic.message}"]
    lines += _place(span, text)
    margin = " " * len(str(span.end_line))
    for where, said in diagnostic.related:
        place = f" ({where.file}:{where.line})" if where.line else ""
        lines.append(f"{margin} = note: {said}{place}")
    if diagnostic.help:
        lines.append(f"{margin} = help: {diagnostic.help}")
    return "\n".join(lines)


def _place(span: Span, text: str) -> list[str]:
    margin = " " * len(str(span.end_line))
    lines = [f"{margin}--> {span.file}:{span.line}:{span.column}"]
    source = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n") if text else []
    if not 0 < span.line <= len(source) or "\0" in text:  # UTF-16 and the like: a line of it tells nobody anything
        return lines
    lines.append(f"{margin} |")
    last = min(span.end_line, span.line + _MOST_LINES - 1, len(source))
    for number in range(span.line, last + 1):
        line = source[number - 1]
        start = span.column - 1 if number == span.line else len(line) - len(line.lstrip())
        end = span.end_column - 1 if number == span.end_line else len(line)
        shown = line.replace("\t", "    ")
        before = _width(line[:start].replace("\t", "    "))
        under = max(1, _width(line[start:end].replace("\t", "    ")))
        lines.append(f"{number:>{len(margin)}} | {shown}".rstrip())
        lines.append(f"{margin} | {' ' * before}{'^' * under}")
    if last < span.end_line:
        lines.append(f"{margin} | …")
    return lines


def _width(text: str) -> int:
    """Columns of a terminal: wide characters take two, combining ones none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
