"""Laying out rule files: line by line, so that every comment and every line break a person chose stays.

What changes is spacing, the columns of entities, and two spellings: `is 'x'` becomes `= 'x'`, `not is private`
becomes `is not private`. Long texts stay as they are, character for character.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from mxsync.lang import vocabulary
from mxsync.lang.split import split

_PART = re.compile(r"""\#[^\n]*|'(?:[^'\n]|'')*'|"(?!"")(?:[^"\n]|"")*"|/(?:[^/\\\n]|\\.)+/""")
_QUOTED = re.compile(_PART.pattern + '|"{3}')
_MAPPED = re.compile(r"""((?:[\w.-]|'(?:[^'\n]|'')*'|"(?:[^"\n]|"")*")+)\s*(<->|->|<-(?!>)|=)\s*(\S.*)""")
_NAMED = re.compile(r"(key|modified)\s+(\S.*)")
_AFTER_NOT = "|".join(sorted((*vocabulary.ADJECTIVES, "known", "reply"), key=len, reverse=True))
_NOT_IS: Final = re.compile(rf"\bnot is (?=(?:{_AFTER_NOT})\b)")
_IS_NOT_VALUE: Final = re.compile(r"\bis not $")
_IS_VALUE: Final = re.compile(r"\bis $")
_IS_NOT_NUMBER: Final = re.compile(r"\bis not (?=-?\d)")
_IS_NUMBER: Final = re.compile(r"\bis (?=-?\d)")
_LONG = '"""'
_MOST_BLANK = 2


def format_text(text: str) -> str:
    """The text laid out. What does not parse is left to the caller: its spacing changes, nothing else."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    out: list[str] = []
    at = 0
    for piece in split(text):
        out += _between(text[at : piece.start])
        out += _statement(piece.text)
        at = piece.start + len(piece.text)
    out += _between(text[at:])
    lines: list[str] = []
    for line in out:
        if line or (lines and any(lines[-_MOST_BLANK:])):
            lines.append(line)
    while lines and not lines[0]:
        del lines[0]
    while lines and not lines[-1]:
        del lines[-1]
    return "\n".join(lines) + "\n" if lines else ""


def _between(text: str) -> list[str]:
    """Comments and blank lines between statements."""
    lines = [line.rstrip() for line in text.split("\n")]
    if lines and not lines[0]:
        lines = lines[1:]
    if lines and not lines[-1]:
        lines = lines[:-1]
    return lines


def _statement(text: str) -> list[str]:
    lines = text.split("\n")
    inside = False
    laid: list[str] = []
    first_word = lines[0].split(None, 1)[0]
    entity = first_word in ("entity", "extend")
    pairs = first_word == "list"  # where `is` stands between two texts, which is no comparison
    plain: list[int] = []
    for number, line in enumerate(lines):
        opened = inside
        inside = inside ^ (_outside(line, inside).count(_LONG) % 2 == 1)
        if opened or inside or _LONG in line:
            # A line that touches a long text: only what stands before it could change, and it is left too.
            laid.append(line if opened else line.rstrip() if not inside else line)
            continue
        laid.append(_line(line, first=number == 0, pairs=pairs))
        plain.append(number)
    if entity:
        _align(laid, [number for number in plain if number])
    return laid


def _outside(line: str, inside: bool) -> str:
    """The line without its plain texts and comments, so that three quotes in them do not count."""
    return line if inside else _QUOTED.sub(lambda found: found.group() if found.group() == _LONG else "", line)


def _line(line: str, *, first: bool, pairs: bool = False) -> str:
    stripped = line.strip()
    if not stripped:
        return ""
    indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
    margin = "" if first or (stripped.startswith("#") and not indent) else "  " if indent < 4 else "    "
    return margin + _spaced(stripped, pairs)


def _spaced(text: str, pairs: bool = False) -> str:
    out: list[str] = []
    at = 0
    for found in _PART.finditer(text):
        code = re.sub(r"\s+", " ", text[at : found.start()])
        part = found.group()
        if part.startswith("#"):
            gap = len(text[at : found.start()]) - len(text[at : found.start()].rstrip())
            code = code.rstrip()
            out.append(_spelt(code))
            out.append(" " * max(2, gap) if "".join(out) else "")
        elif part[0] in "'\"" and not pairs:
            out.append(_IS_VALUE.sub("= ", _IS_NOT_VALUE.sub("!= ", _spelt(code))))
        else:
            out.append(_spelt(code))
        out.append(part)
        at = found.end()
    out.append(_spelt(re.sub(r"\s+", " ", text[at:])))
    return "".join(out).rstrip()


def _spelt(code: str) -> str:
    code = _NOT_IS.sub("is not ", code)
    return _IS_NUMBER.sub("= ", _IS_NOT_NUMBER.sub("!= ", code))


def _align(lines: list[str], numbers: Sequence[int]) -> None:
    """Fields, arrows and columns of an entity under each other."""
    mapped = {number: found for number in numbers if (found := _MAPPED.fullmatch(lines[number].strip()))}
    named = {number: found for number in numbers if (found := _NAMED.fullmatch(lines[number].strip()))}
    mapped = {number: found for number, found in mapped.items() if number not in named and found[1] != "fill"}
    widths = [len(found[1]) for found in (*mapped.values(), *named.values())]
    arrows = [len(found[2]) for found in mapped.values()]
    if not widths:
        return
    width, arrow = max(widths), max(arrows, default=1)
    for number, found in mapped.items():
        lines[number] = f"  {found[1]:<{width}} {found[2]:<{arrow}} {found[3]}"
    for number, found in named.items():
        lines[number] = f"  {found[1]:<{width}} {found[2]}"
