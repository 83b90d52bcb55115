"""What was resolved before, so that an edit costs what it touches.

An entry is found by the text of its statement; it counts while everything that the statement could refer to is the
same: the entities and the rest of the environment by one digest, the lists that it named by theirs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mxsync.lang.environment import Environment
from mxsync.lang.lint_facts import RuleFacts


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement resolved. `result` is what its check gave; `meaning` the digest of a rule. `columns` are the
    implicit fields that it uses, `facts` what the lints have worked out."""

    environment: str
    first_line: int
    result: Any
    meaning: str
    lists: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str], ...]
    facts: RuleFacts


@dataclass(slots=True)
class CheckCache:
    """Entries of the last check. Give the same one to each `check` of a tenant; what is no longer used is dropped."""

    entries: dict[tuple[str, str], list[Entry]] = field(default_factory=dict)
    fresh: dict[tuple[str, str], list[Entry]] = field(default_factory=dict)
    hits: int = 0
    misses: int = 0

    def find(self, key: tuple[str, str], digest: str, environment: Environment, line: int) -> Entry | None:
        """An entry that still counts: one of the same line before others."""
        best: Entry | None = None
        for entry in self.entries.get(key, ()):
            if entry.environment == digest and (
                not entry.lists or all(_same(environment, each) for each in entry.lists)
            ):
                if entry.first_line == line:
                    best = entry
                    break
                best = best or entry
        if best is None:
            self.misses += 1
        else:
            self.hits += 1
        return best

    def keep(self, key: tuple[str, str], entry: Entry) -> None:
        self.fresh.setdefault(key, []).append(entry)

    def turn(self) -> None:
        """After a check: what it did not use goes."""
        self.entries, self.fresh = self.fresh, {}


def _same(environment: Environment, named: tuple[str, str]) -> bool:
    found = environment.lists.get(named[0])
    return (found.digest if found is not None else "") == named[1]
