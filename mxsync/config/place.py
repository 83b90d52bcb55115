"""On which line of a TOML text a key stands; the standard library's parser does not say."""

from __future__ import annotations

import re
from collections.abc import Mapping

Path = tuple[str | int, ...]

_NAME = r"""(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)"""
_DOTTED = rf"{_NAME}(?:[ \t]*\.[ \t]*{_NAME})*"
_HEADER = re.compile(rf"[ \t]*(\[\[?)[ \t]*({_DOTTED})[ \t]*\]\]?")
_KEY = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=")
_PART = re.compile(_NAME)
_TOKEN = re.compile(r'"""|\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}\n]')


def key_lines(text: str) -> Mapping[Path, int]:
    """Each key and table of a TOML text, as a path ('users', 0, 'email'), with its line, counted from 1.

    `text` is taken to be valid TOML; keys inside an inline table stand where the table stands and are not listed.
    """
    lines: dict[Path, int] = {}
    arrays: dict[Path, int] = {}
    table: Path = ()
    position, line = 0, 1
    while position < len(text):
        if header := _HEADER.match(text, position):
            table = _names(header[2])
            if header[1] == "[[":
                arrays[table] = arrays.get(table, -1) + 1
                lines.setdefault(table, line)
                table = (*table, arrays[table])
            else:
                table = _inside_arrays(table, arrays)
            lines.setdefault(table, line)
            end = text.find("\n", header.end())
            position = len(text) if end < 0 else end + 1
            line += 1
        elif key := _KEY.match(text, position):
            lines.setdefault((*table, *_names(key[1])), line)
            end = _end_of_value(text, key.end())
            line += text.count("\n", position, end)
            position = end
        else:
            end = text.find("\n", position)
            position = len(text) if end < 0 else end + 1
            line += 1
    return lines


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of `path`, or of the nearest table around it; 1 where neither is known."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return 1


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _inside_arrays(table: Path, arrays: Mapping[Path, int]) -> Path:
    """`[users.x]` after `[[users]]` belongs to the array's last table."""
    for cut in range(len(table) - 1, 0, -1):
        if table[:cut] in arrays:
            return (*table[:cut], arrays[table[:cut]], *table[cut:])
    return table


def _end_of_value(text: str, position: int) -> int:
    """After the newline that ends the value which starts at `position`."""
    depth = 0
    while found := _TOKEN.search(text, position):
        position = found.end()
        match found[0]:
            case '"""' | "'''" as quotes:
                end = text.find(quotes, position)
                position = len(text) if end < 0 else end + 3
            case "[" | "{":
                depth += 1
            case "]" | "}":
                depth -= 1
            case "\n" if depth <= 0:
                return position
    return len(text)
