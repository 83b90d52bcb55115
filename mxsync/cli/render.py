"""The only place that prints: the result, in lines or as JSON, to standard output; the rest to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import PurePath
from typing import Literal, TextIO

Format = Literal["text", "json", "github"]

# What a terminal obeys has no place in the subject of a mail: control characters are shown, not sent.
_CONTROLS = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160)), "�")


class Render:
    """Where a command's words go. `format` is what standard output is to hold; `verbose` lets details through."""

    def __init__(
        self, form: Format = "text", *, verbose: bool = False, out: TextIO | None = None, err: TextIO | None = None
    ) -> None:
        self.format: Format = form
        self.verbose = verbose
        self.out = out if out is not None else sys.stdout
        self.err = err if err is not None else sys.stderr

    @property
    def watched(self) -> bool:
        """Whether a person is looking on, so that progress bars make sense."""
        return self.err.isatty()

    def line(self, text: str = "") -> None:
        """A line for people; nothing where JSON is wanted."""
        if self.format != "json":
            self.raw(safe(text) + "\n")

    def report(self, document: object, lines: Iterable[str]) -> None:
        """What a command has to tell: `document` as JSON, or `lines`."""
        if self.format == "json":
            self.json(document)
            return
        for text in lines:
            self.line(text)

    def json(self, document: object) -> None:
        """One JSON document."""
        self.raw(json.dumps(plain(document), ensure_ascii=False, indent=2) + "\n")

    def raw(self, text: str) -> None:
        """Text as it is: what a command makes for another program."""
        print(text, end="", file=self.out)

    def note(self, text: str) -> None:
        """Something beside the result, such as progress."""
        print(safe(text), file=self.err)

    def warning(self, text: str) -> None:
        print(f"warning: {safe(text)}", file=self.err)

    def detail(self, text: str) -> None:
        """Shown with `-v` only."""
        if self.verbose:
            print(safe(text), file=self.err)

    def error(self, sentence: str, exit_code: int) -> None:
        """Why a command failed: on standard error, and as JSON where that is wanted."""
        print(f"mxsync: {safe(sentence)}", file=self.err)
        if self.format == "json":
            self.json({"error": sentence, "exit_code": exit_code})


def safe(text: str) -> str:
    """Text that no terminal obeys."""
    return text.translate(_CONTROLS)


def table(rows: Sequence[Sequence[object]], head: Sequence[str] = (), indent: str = "  ") -> list[str]:
    """Rows under each other; numbers to the right."""
    cells = [[str(cell) for cell in row] for row in (*([head] if head else []), *rows)]
    if not cells:
        return []
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    numeric = [all(isinstance(row[column], (int, float)) for row in rows) for column in range(len(cells[0]))]
    lines = []
    for row in cells:
        padded = [
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ]
        lines.append((indent + "  ".join(padded)).rstrip())
    return lines


def plain(value: object) -> object:
    """A value as JSON can hold it: dataclasses and mappings become objects, moments ISO 8601 text."""
    match value:
        case None | bool() | int() | float() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case PurePath():
            return str(value)
        case bytes():
            return value.hex()
        case Mapping():
            return {key if isinstance(key, str) else str(plain(key)): plain(each) for key, each in value.items()}
        case list() | tuple():
            return [plain(each) for each in value]
        case set() | frozenset():
            return sorted((plain(each) for each in value), key=str)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
        case _:
            return str(value)


def count(number: int, one: str, many: str = "") -> str:
    """'1 mail', '3 mails'."""
    return f"{number} {one if number == 1 else many or one + 's'}"
