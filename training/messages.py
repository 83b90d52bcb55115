"""Labelled messages: made up, or read from the annotated corpora."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LONG_LINE = 45
"""A line of this many characters that two messages share shows that they are of one thread, or copies."""


@dataclass(frozen=True, slots=True)
class Message:
    """`labels` and `blocks` hold one entry for each line of `text.split("\\n")`: body, closing, sig, mua, header,
    quote or blank; 0 for the newest author's own part, more for quoted and forwarded ones. `fields` are pairs of type
    and value."""

    name: str
    collection: str
    display: str
    address: str
    text: str
    labels: tuple[str, ...]
    blocks: tuple[int, ...]
    fields: tuple[tuple[str, str], ...] = ()

    def anonymous(self) -> Message:
        """The same message of an author who is not named."""
        return Message(f"{self.name}?", self.collection, "", "", self.text, self.labels, self.blocks, self.fields)


def read_messages(path: Path) -> list[Message]:
    """The messages of a gold file, whose form docs/extraction.md describes."""
    found = []
    with path.open(encoding="utf-8") as file:
        for row in map(json.loads, file):
            fields = tuple((entry["type"], entry["value"]) for entry in row.get("fields", ()))
            found.append(
                Message(
                    row["id"],
                    row["set"],
                    row["sender"].get("name") or "",
                    row["sender"].get("email") or "",
                    row["text"],
                    tuple(row["labels"]),
                    tuple(row["block"]),
                    fields,
                )
            )
    return found


def threads(messages: Sequence[Message]) -> list[int]:
    """For each message the number of its thread: messages that share a long line are of one (union-find)."""
    parent = list(range(len(messages)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    seen: dict[str, int] = {}
    for index, message in enumerate(messages):
        for line in {line.strip(" >\t") for line in message.text.split("\n")}:
            if len(line) >= LONG_LINE:
                parent[root(index)] = root(seen.setdefault(line, index))
    return [root(index) for index in range(len(messages))]
