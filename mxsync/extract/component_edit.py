"""Edits of a card or calendar component: given properties are changed in place, every other line stays as it is."""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mxsync.extract.components import Component, ComponentFile
from mxsync.extract.contentlines import ContentLine, escape, fold, param_value
from mxsync.extract.parsed import property_name
from mxsync.extract.vcard import CLASS_NAME, CUSTOM_PREFIX, read_words
from mxsync.model.item import Value

_QP_TOKEN: Final = re.compile(r"=[0-9A-F]{2}|.")


@dataclass(slots=True)
class ComponentEdit:
    """Collects the edits of one component. `version` is that of a card, '' in a calendar."""

    file: ComponentFile
    component: Component
    version: str = ""

    def text(self, value: str) -> str:
        """TEXT as this version writes it. In vCard 2.1 only semicolons are escaped, and line breaks need
        quoted-printable (see `line`)."""
        if self.version == "2.1":
            return value.replace("\r\n", "\n").replace("\\", "\\\\").replace(";", "\\;")
        return escape(value)

    def line(self, head: str, value: str) -> str:
        """A content line of an already escaped value."""
        if self.version == "2.1" and not (value.isascii() and "\n" not in value):
            raw = value.replace("\n", "\r\n").encode("utf-8", "replace")
            encoded = binascii.b2a_qp(raw, istext=False).decode("ascii").replace("=\r\n", "").replace("=\n", "")
            return _soft_breaks(f"{head};CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:", encoded)
        return f"{head}:{value}"

    def head(self, line: ContentLine) -> str:
        """The head of an existing line for a new value: its group, name and parameters but for the encoding."""
        if not line.params.keys() & {"ENCODING", "CHARSET", "VALUE"}:
            return line.head
        name = f"{line.group}.{line.name}" if line.group else line.name
        kept = {key: values for key, values in line.params.items() if key not in ("ENCODING", "CHARSET", "VALUE")}
        return name + "".join(f";{key}={','.join(param_value(value) for value in kept[key])}" for key in kept)

    def put(self, line: ContentLine | None, head: str, value: str) -> None:
        """An escaped value into an existing line, or into a new one at the component's end; '' takes the line away."""
        if not value:
            if line is not None:
                self.file.lines.replace(line, ())
        elif line is None:
            self.add([self.line(head, value)])
        elif value != line.value:
            self.file.lines.replace(line, [self.line(self.head(line), value)])

    def put_text(self, names: Sequence[str], value: Value) -> None:
        """A text property under the first of its names that there is; '' takes every one of them away."""
        text = str(value or "")
        if not text:
            self.drop(*names)
        else:
            self.put(self.component.first_of(*names), names[0], self.text(text))

    def put_all(self, name: str, lines: Sequence[str]) -> None:
        """Whole lines in place of all lines of that name, where the first of them was."""
        present = list(self.component.every(name))
        before = [f"{line.head}:{line.value}" for line in present]
        if list(lines) == before:
            return
        if not present:
            self.add(lines)
            return
        file = self.file.lines
        # A line that stays is written as it was, fold for fold.
        asis = {
            text: "".join(file.physical[line.first : line.last]) for text, line in zip(before, present, strict=True)
        }
        first = present[0]
        file.edits.append((first.first, first.last, [asis.get(text) or fold(text, file.newline) for text in lines]))
        for line in present[1:]:
            self.file.lines.replace(line, ())

    def add(self, lines: Sequence[str]) -> None:
        """New lines at the end of the component's own, before the components inside it."""
        if not lines:
            return
        at = self.component.children[0].first if self.component.children else self.component.last
        self.file.lines.insert(at, lines)

    def drop(self, *names: str) -> None:
        for line in self.component.lines:
            if line.name in names:
                self.file.lines.replace(line, ())

    def put_categories(self, value: Value) -> None:
        words = word_list(value)
        if words == list(read_words(self.component, "CATEGORIES")):
            return
        self.put_all("CATEGORIES", ["CATEGORIES:" + ",".join(escape(word) for word in words)] if words else [])

    def put_custom(self, custom: Mapping[str, Value]) -> None:
        for name, value in custom.items():
            key = (CUSTOM_PREFIX + property_name(name)).upper()
            self.put_text((key,), written(value))

    def put_class(self, item_class: str) -> None:
        if item_class:
            self.put_text((CLASS_NAME,), item_class)

    def put_sensitivity(self, value: Value) -> None:
        word = str(value or "normal").lower()
        line = self.component.first_of("CLASS")
        self.put(line, "CLASS", {"normal": "PUBLIC" if line is not None else ""}.get(word, word.upper()))


def _soft_breaks(head: str, encoded: str) -> str:
    """Quoted-printable on lines of at most 74 characters, broken as RFC 2045, 6.7 does and between whole characters:
    folding would tear a `=C3` in two."""
    lines: list[str] = []
    current = head
    for piece in _QP_TOKEN.findall(encoded):
        if len(current) + len(piece) > 73:
            lines.append(f"{current}=")
            current = ""
        current += "=20" if not current and piece == " " else piece  # a reader may take it for a fold
    return "\n".join((*lines, current))


def written(value: Value) -> str:
    """A custom property's value as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(written(part) for part in value)
    return str(value)


def word_list(value: Value) -> list[str]:
    """The texts of a list field; a lone text is a list of one."""
    if isinstance(value, tuple):
        return [str(part) for part in value if part]
    return [str(value)] if value else []
