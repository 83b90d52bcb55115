"""Lines of cards and calendar files, as people's programs write them: taken apart and put together, without any of the
product's own readers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One line: 'TEL;TYPE=CELL:082 555' is name 'TEL', parameters 'TYPE=CELL' in capitals, and its value as written."""

    name: str
    parameters: str
    value: str

    @property
    def text(self) -> str:
        """The value without its escapes."""
        return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], self.value)

    @property
    def parts(self) -> list[str]:
        """The parts of a value that semicolons divide (a name, an address)."""
        return [re.sub(r"\\(.)", r"\1", part) for part in re.split(r"(?<!\\);", self.value)]


def lines_of(text: str) -> Iterator[Line]:
    """The lines of a card or calendar file, unfolded."""
    for line in re.sub(r"\n[ \t]", "", text.replace("\r\n", "\n")).split("\n"):
        head, colon, value = re.sub(r'"[^"]*"', lambda found: found[0].replace(":", "\0"), line).partition(":")
        if colon:
            name, _, parameters = head.partition(";")
            yield Line(name.strip().upper(), parameters.upper().replace("\0", ":"), value.strip().replace("\0", ":"))


def escaped(text: str) -> str:
    return re.sub(r"([\\,;])", r"\\\1", text).replace("\n", "\\n")


def file_of(name: str, version: str, lines: list[tuple[str, str]], inner: str = "") -> bytes:
    """A file of these lines, those without a value left out; `inner` is the component within a calendar."""
    body = [f"{head}:{value}" for head, value in lines if value.strip(";")]
    body = [f"BEGIN:{inner}", *body, f"END:{inner}"] if inner else body
    return "\r\n".join([f"BEGIN:{name}", f"VERSION:{version}", *body, f"END:{name}", ""]).encode()
