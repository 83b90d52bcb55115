"""A file cut into statements: one begins at the left margin, its continuation lines are indented.

A comment or a blank line at the margin ends nothing, nor does the margin inside a long text. That is all that is known
of a statement here; whether it is one is the parser's to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mxsync.lang.source import Span

_MARGIN = re.compile(r"^[^\s#]", re.MULTILINE)
# What can hold quotes or the margin without meaning them. A plain text never crosses a line, so an unclosed quote
# cannot swallow what follows; a long text that is never closed is noticed by the last branch.
_QUOTED = re.compile(
    r"""\#[^\n]*|'(?:[^'\n]|'')*'|"{3}(?:[^"]|"(?!""))*"{3}|"(?!"")(?:[^"\n]|"")*"|/(?:[^/\\\n]|\\.)+/|"{3}"""
)
_NEXT = re.compile(r"^(?:use|list|entity|extend|sync|rule|when|test)\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Piece:
    """One statement's text as it stands. `start` is its place in the file's text, `line` counts from 1; `open_text`
    is the place (in `text`) of a long text that is never closed, -1 without one."""

    text: str
    start: int
    line: int
    open_text: int = -1

    def span(self, file: str, start: int, end: int) -> Span:
        """Where the characters from `start` to before `end` of the text stand in the file."""
        text = self.text
        line = text.count("\n", 0, start)
        column = start - (text.rfind("\n", 0, start) + 1) + 1
        end_line = text.count("\n", 0, end)
        end_column = end - (text.rfind("\n", 0, end) + 1) + 1
        return Span(file, self.line + line, column, self.line + end_line, end_column)


def split(text: str) -> Iterator[Piece]:
    """The statements of a file, in order. What stands before the first (comments, blank lines) belongs to none."""
    spans, opened = _long_texts(text) if '"""' in text else ([], {})
    starts: list[int] = []
    place = 0
    for found in _MARGIN.finditer(text):
        at = found.start()
        while place < len(spans) and spans[place][1] <= at:
            place += 1
        if place < len(spans) and spans[place][0] < at:
            continue
        starts.append(at)
    line, before = 1, 0
    for start, end in zip(starts, [*starts[1:], len(text)], strict=False):  # no statement, no piece
        line += text.count("\n", before, start)
        before = start
        piece = _without_trailing(text[start:end])
        yield Piece(piece, start, line, next((o - start for o in opened if start <= o < end), -1))


def _long_texts(text: str) -> tuple[list[tuple[int, int]], dict[int, None]]:
    """Where long texts lie, and those of them that are never closed: such a one ends where a statement seems to."""
    spans: list[tuple[int, int]] = []
    opened: dict[int, None] = {}
    at = 0
    while (found := _QUOTED.search(text, at)) is not None:
        at = found.end()
        if not found.group().startswith('"""'):
            continue
        if len(found.group()) == 3:
            opened[found.start()] = None
            following = _NEXT.search(text, at)
            at = following.start() if following is not None else len(text)
        spans.append((found.start(), at))
    return spans, opened


def _without_trailing(piece: str) -> str:
    """Without the blank lines, and the comments at the margin, that stand before the next statement."""
    piece = piece.rstrip()
    while True:
        line = piece.rfind("\n") + 1
        if not line or not piece.startswith("#", line):
            return piece
        piece = piece[:line].rstrip()


def common_start(one: str, other: str) -> int:
    """How many characters two texts begin with in common. By halves: comparing stretches is quick."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def common_end(one: str, other: str, begin: int) -> int:
    """How many characters two texts end with in common, those before `begin` left out."""
    low, high = 0, min(len(one), len(other)) - begin
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return max(low, 0)
