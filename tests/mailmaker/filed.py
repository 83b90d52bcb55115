"""Whether a CRM filled from a made year holds its attachments and journals: each once, with the contact it belongs to."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Set
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

_DOCUMENTS = (
    "SELECT d.DocumentID, lower(d.Sha256), c.Email, c.Email2, c.Email3 FROM Documents d "
    "LEFT JOIN DocumentContacts l ON l.DocumentID = d.DocumentID LEFT JOIN Contacts c ON c.ContactID = l.ContactID"
)
_JOURNALS = (
    "SELECT j.JournalID, j.Subject, c.Email, c.Email2, c.Email3 FROM Journals j "
    "LEFT JOIN JournalContacts l ON l.JournalID = j.JournalID LEFT JOIN Contacts c ON c.ContactID = l.ContactID"
)


@dataclass(slots=True)
class Filed:
    """How many of `wanted` are there once and with all their contacts; `faults` is a line for each that is not, and for
    each that must not be there."""

    wanted: int
    right: int
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return "\n".join([f"{self.right} of {self.wanted}", *self.faults[:40]])


def documents(database: Path, wanted: Mapping[str, Set[str]], refused: Set[str]) -> Filed:
    """`wanted` leads from a content's SHA-256 to the addresses of the contacts it belongs to."""
    return _judged(database, _DOCUMENTS, wanted, refused)


def journals(database: Path, wanted: Mapping[str, Set[str]], refused: Set[str]) -> Filed:
    """`wanted` leads from a meeting's subject to the addresses of those who were there."""
    return _judged(database, _JOURNALS, wanted, refused)


def _judged(database: Path, query: str, wanted: Mapping[str, Set[str]], refused: Set[str]) -> Filed:
    rows: dict[str, set[int]] = defaultdict(set)
    people: dict[str, set[str]] = defaultdict(set)
    with closing(sqlite3.connect(database)) as connection:
        for number, what, *addresses in connection.execute(query):
            rows[what].add(number)
            people[what].update(address.lower() for address in addresses if address)
    faults = [f"{what} is there, and must not be" for what in sorted(rows.keys() & refused)]
    faults += [f"{what} is there {len(rows[what])} times" for what in sorted(wanted) if len(rows[what]) != 1]
    faults += [
        f"{what} is not linked to {sorted(addresses - people[what])}"
        for what, addresses in sorted(wanted.items())
        if rows[what] and not addresses <= people[what]
    ]
    right = sum(len(rows[what]) == 1 and addresses <= people[what] for what, addresses in wanted.items())
    return Filed(len(wanted), right, faults)
