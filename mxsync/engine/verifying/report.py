"""What a verification counts, and what it finds wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

KINDS = {
    "undecided": "items that were not decided",
    "changed": "items that changed since they were decided",
    "orphaned": "remembered items that are in no mailbox",
    "lost review": "items held for a person without waiting for one",
    "row gone": "rows that are not there any more",
    "link gone": "links that are not there any more",
    "differs": "pairs that say different things",
    "moved on": "pairs of which one side changed since both agreed",
    "pair broken": "pairs of which one side is gone",
    "document gone": "documents that are not where they were stored",
    "failed": "effects that could not be done",
}


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One thing that is not as it should be. `kind` is one of `KINDS`, `sentence` says what it is, `advice` what is to
    be done."""

    kind: str
    what: str
    sentence: str
    advice: str


@dataclass(slots=True)
class VerifyReport:
    """`items` counts the items of the mailboxes by how each is accounted for: by a row that stands for it, by what was
    done for it, by the rule that leaves it out; `copy` are those whose record another item of the folder stands for.
    `pairs` and `rows` count those that are as they should be. `waiting` are items that the next pass looks at."""

    at: datetime
    looked_at: int = 0
    items: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    pairs: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    links: int = 0
    documents: int = 0
    waiting: int = 0
    found: list[Discrepancy] = field(default_factory=list)
    failed_mailboxes: list[tuple[str, str]] = field(default_factory=list)

    def count(self, counts: dict[str, int], name: str) -> None:
        counts[name] = counts.get(name, 0) + 1

    def tell(self, kind: str, what: str, sentence: str, advice: str) -> None:
        """Something is wrong."""
        assert kind in KINDS
        self.found.append(Discrepancy(kind, what, sentence, advice))
