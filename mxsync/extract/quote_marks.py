"""The marks before quoted lines: '>' (RFC 3676, 4.5), '|', initials ('JR>'), and what programs and transports do to
them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from mxsync.extract.quote_words import HEADER_LINE

CLIP: Final = 400
"""Characters of a line that are looked at."""

MARK: Final = re.compile(r"^[ \t]{0,3}(?:>|\|[ >]|[A-Z]{1,3}>)")
GROUPWISE: Final = re.compile(r"^>>> .{1,200} >>>\s*$")
"""GroupWise's attribution, which looks like a marked line."""

WRAPPED: Final = range(78, 121)
"""Lengths of a quoted line that a program or a list server may have broken. RFC 5322, 2.1.1 asks for 78; a line that is
much longer was not broken at all."""

_MARKS = re.compile(r"^[ \t]{0,3}(?:(?:>|\|(?=[ >])|[A-Z]{1,3}>)[ \t]?)+")
_DIRECTION = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_COLON_MARKS = 3
"""Lines with ': ' before them, one after the other, which are a quote."""


def without_marks(line: str) -> tuple[int, str]:
    """(how often a line is marked as quoted, what it says without the marks)."""
    found = _MARKS.match(line[:CLIP])
    return (found.group().count(">") or 1, line[found.end() :]) if found else (0, line)


def plain_lines(lines: Sequence[str]) -> Sequence[str]:
    """The lines as most programs would have written them: without the marks of writing direction that some put around
    names and addresses, with '> ' for the ': ' that some mark a headed quote with, and with 'From' for the '>From' that
    mailboxes of the form mbox make of it (RFC 4155)."""
    if any(_DIRECTION.search(line[:CLIP]) for line in lines if not line.isascii()):
        lines = [line if line.isascii() else _DIRECTION.sub("", line) for line in lines]
    first = [line[:2] for line in lines]
    if first.count(": ") >= _COLON_MARKS:
        lines = _with_arrows(lines)
    if any(line == ">F" for line in first):
        lines = _with_from(lines)
    return lines


def _with_arrows(lines: Sequence[str]) -> Sequence[str]:
    found = list(lines)
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and (lines[end].startswith(": ") or lines[end].rstrip() == ":"):
            end += 1
        if end - start >= _COLON_MARKS and _headed(lines, start, end):
            found[start:end] = [">" + line[1:] for line in lines[start:end]]
        start = max(end, start + 1)
    return found


def _headed(lines: Sequence[str], start: int, end: int) -> bool:
    """Whether lines are plainly a quote: an attribution stands above, or they begin with the headers of a message."""
    above = next((line for line in reversed(lines[max(0, start - 2) : start]) if line.strip()), "")
    headers = sum(bool(HEADER_LINE.match(line[1:CLIP].strip())) for line in lines[start : min(end, start + 6)])
    return above.rstrip().endswith(":") or headers >= 2


def _with_from(lines: Sequence[str]) -> Sequence[str]:
    """Where a line with '>From' stands among lines without marks, and no other mark of the mail is without a space."""
    found = list(lines)
    for number, line in enumerate(lines):
        beside = (*lines[max(0, number - 1) : number], *lines[number + 1 : number + 2])
        if line.startswith(">From ") and not any(MARK.match(other[:CLIP]) for other in beside):
            found[number] = line[1:]
    spaced = all(line[1:2] in ("", " ", ">", "\t") for line in found if line.startswith(">"))
    return found if spaced else lines


def marked(line: str) -> bool:
    """Whether a line is marked as quoted."""
    return bool(MARK.match(line)) and not (line.startswith(">>> ") and GROUPWISE.match(line[:CLIP]))


def broken_off(lines: Sequence[str], marks: Sequence[bool]) -> frozenset[int]:
    """The numbers of unmarked lines that are the rest of the marked one above: it was too long, was broken, and only
    its beginning kept the mark. `marks` say of each line whether it is `marked`. Linear in the text."""
    found: set[int] = set()
    if True not in marks:
        return frozenset()
    above = ""
    for number, line in enumerate(lines):
        if marks[number]:
            above = line
        elif not line.strip() or not above:
            above = ""
        elif _goes_on(above, line, number - 1 in found) or (
            number + 1 < len(lines) and marks[number + 1] and _is_rest(above, line)
        ):
            found.add(number)
            above = line  # the rest may be longer than a line
        else:
            above = ""
    return frozenset(found)


def _goes_on(above: str, line: str, in_rest: bool) -> bool:
    """Whether a line goes on with a sentence that had no room above, or (`in_rest`) with what is a rest already."""
    ended = above.rstrip()[-1:] in (".", "?", "!", ":")
    return len(above.rstrip()) in WRAPPED and (in_rest or not ended or line.lstrip()[:1].islower())


def _is_rest(above: str, line: str) -> bool:
    """Whether a short line between marked ones is the rest of the first."""
    deep = without_marks(above)[0] >= 3  # nobody answers there
    return len(above) >= (45 if deep else 60) and len(line) < 50
