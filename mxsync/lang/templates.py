"""Texts that become values: `{path}` is filled in, `{path:%Y}` with a format, `{{` stands for `{`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from mxsync.lang import ast
from mxsync.lang.source import Span


@dataclass(frozen=True, slots=True)
class HoleText:
    """A hole as written: its path's words, its format, and where it begins and ends in the text."""

    words: tuple[str, ...]
    format: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class BraceFault:
    """A brace that is not closed (`inside` None), or that holds no path."""

    start: int
    end: int
    inside: str | None


_WORD: Final = r"(?:[^\W\d][\w-]*|'[^']+'|\"[^\"]+\")"
_PATH: Final = re.compile(rf"\s*({_WORD}(?:\.{_WORD})*)\s*(?::(.*))?\Z", re.DOTALL)
_STEP: Final = re.compile(_WORD)


def split_template(text: str) -> list[str | HoleText] | BraceFault:
    """The parts of a text, in order; plain pieces have their doubled braces undone."""
    parts: list[str | HoleText] = []
    plain: list[str] = []
    i = 0
    while True:
        brace = text.find("{", i)
        if brace < 0:
            plain.append(text[i:])
            break
        plain.append(text[i:brace])
        if text.startswith("{{", brace):
            plain.append("{")
            i = brace + 2
            continue
        end = text.find("}", brace)
        if end < 0:
            return BraceFault(brace, brace + 1, None)
        inside = text[brace + 1 : end]
        path = _PATH.match(inside)
        if path is None:
            return BraceFault(brace, end + 1, inside)
        if piece := "".join(plain):
            parts.append(piece)
        plain.clear()
        words = tuple(word.strip("'\"") for word in _STEP.findall(path[1]))
        parts.append(HoleText(words, path[2] or "", brace, end + 1))
        i = end + 1
    if piece := "".join(plain):
        parts.append(piece)
    return parts


def place_in(text: ast.Text, raw: str, start: int, end: int) -> Span:
    """Where characters `start` to `end` of a text stand in its file. `raw` is the text as written, with its quotes;
    doubled quotes count twice there."""
    span = text.span
    if not text.long and len(raw) == len(text.text) + 2:  # nothing is doubled, and it is on one line
        first_column = span.column + 1
        return Span(span.file, span.line, first_column + start, span.line, first_column + end)
    quote = '"""' if text.long else raw[:1]
    offset = len(quote)
    place = 0
    first = last = None
    while offset <= len(raw):
        if place == start and first is None:
            first = offset
        if place == end:
            last = offset
            break
        doubled = not text.long and raw.startswith(quote * 2, offset)
        offset += 2 if doubled else 1
        place += 1
    if first is None or last is None:
        return span
    return position(span, raw, first, last)


def position(span: Span, raw: str, first: int, last: int) -> Span:
    """Where characters `first` to `last` of what stands at a span are in the file."""

    def at(offset: int) -> tuple[int, int]:
        before = raw[:offset]
        lines = before.count("\n")
        if not lines:
            return span.line, span.column + offset
        return span.line + lines, offset - before.rfind("\n")

    (line, column), (end_line, end_column) = at(first), at(last)
    return Span(span.file, line, column, end_line, end_column)
