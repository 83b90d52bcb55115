"""What a CRM filled from a made year must hold, and how well one does."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from mxsync.extract.domains import is_freemail, registrable
from tests.mailmaker.people import Person

COLUMNS = {"Phone": "phone", "Mobile": "mobile", "Fax": "fax"}


@dataclass(slots=True)
class Wanted:
    """A contact that must be there: under any of its addresses, once; with numbers of `numbers`, if with any; with the
    company of one of `domains` (none for free mail)."""

    addresses: tuple[str, ...]
    numbers: set[tuple[str, str]]
    domains: frozenset[str]


@dataclass(slots=True)
class Figures:
    """Shares from 0 to 1; `faults` is a line for each thing that is wrong."""

    contacts_precision: float
    contacts_recall: float
    phones_precision: float
    phones_recall: float
    companies_precision: float
    companies_recall: float
    duplicates: int
    proposed: int
    """Rows more than there should be of which a person is asked whether they are one with another: no duplicates."""
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        shares = (
            f"contacts {self.contacts_precision:.3f} of {self.contacts_recall:.3f}, phones {self.phones_precision:.3f} of "
            f"{self.phones_recall:.3f}, companies {self.companies_precision:.3f} of {self.companies_recall:.3f} (precision "
            f"of recall), {self.duplicates} doubled, {self.proposed} more of them proposed as one"
        )
        return "\n".join([shares, *self.faults[:60]])


class Truth:
    """Who must be a contact, who may be, and who never."""

    def __init__(self) -> None:
        self.wanted: list[Wanted] = []
        self.allowed: set[str] = set()
        self.refused: dict[str, str] = {}
        self.files: dict[str, set[str]] = defaultdict(set)
        """The SHA-256 of contents that must be stored, and the addresses of whom they belong to."""
        self.no_files: set[str] = set()
        self.meetings: dict[str, set[str]] = defaultdict(set)
        """The subjects of meetings that must leave a journal, and the addresses of whom it belongs to."""
        self.no_meetings: set[str] = set()

    def must(self, person: Person, later: Person | None, numbers: set[tuple[str, str]]) -> None:
        both = [each for each in (person, later) if each]
        domains = frozenset(registrable(each.domain) for each in both if not is_freemail(each.domain))
        self.wanted.append(Wanted(tuple(each.email.lower() for each in both), numbers, domains))

    def may(self, person: Person) -> None:
        self.allowed.add(person.email.lower())

    def never(self, address: str, reason: str) -> None:
        self.refused[address.lower()] = reason

    def file(self, digest: str, person: Person) -> None:
        self.files[digest].add(person.email.lower())

    def never_file(self, digest: str) -> None:
        self.no_files.add(digest)

    def journal(self, subject: str, person: Person) -> None:
        self.meetings[subject].add(person.email.lower())

    def never_journal(self, subject: str) -> None:
        self.no_meetings.add(subject)

    def __str__(self) -> str:
        return (
            f"{len(self.wanted)} people who must become contacts, {len(self.allowed)} who may, "
            f"{len(self.refused)} addresses that must not"
        )

    def judge(self, database: Path) -> Figures:
        """The figures of the sample CRM in an SQLite file."""
        with closing(sqlite3.connect(database)) as connection:
            connection.row_factory = sqlite3.Row
            contacts = connection.execute(
                "SELECT c.*, f.Domain FROM Contacts c LEFT JOIN Companies f ON f.CompanyID = c.CompanyID ORDER BY ContactID"
            ).fetchall()
            companies = [row["Domain"] or row["Name"] for row in connection.execute("SELECT * FROM Companies")]
            pairs = _proposed_pairs(connection)
        by_address = {address: one for one in self.wanted for address in one.addresses}
        faults: list[str] = []
        rows: dict[int, list[int]] = defaultdict(list)
        right = wrong = 0
        phones = Share()
        linked = Share()
        for row in contacts:
            addresses = [(row[name] or "").lower() for name in ("Email", "Email2", "Email3")]
            one = next((by_address[address] for address in addresses if address in by_address), None)
            if one is None:
                if addresses[0] not in self.allowed:
                    wrong += 1
                    faults.append(f"contact {addresses[0]}: {self.refused.get(addresses[0], 'nobody')}")
                continue
            right += 1
            rows[id(one)].append(row["ContactID"])
            _phones(row, one, phones, faults)
            _company(row, one, linked, faults)
        missing = [one for one in self.wanted if not rows[id(one)]]
        faults += [f"missing: {one.addresses[0]}" for one in missing]
        apart = {id(one): _apart(rows[id(one)], pairs) for one in self.wanted}
        doubled = sum(max(0, count - 1) for count in apart.values())
        proposed = sum(len(rows[one]) - count for one, count in apart.items())
        faults += [f"doubled: {one.addresses}" for one in self.wanted if apart[id(one)] > 1]
        domains = self._domains()
        strange = [domain for domain in companies if domain not in domains]
        faults += [f"company {domain}" for domain in strange]
        faults += [f"company {domain} twice" for domain, count in Counter(companies).items() if count > 1]
        doubled += len(companies) - len(set(companies))
        return Figures(
            contacts_precision=_share(right, right + wrong),
            contacts_recall=_share(len(self.wanted) - len(missing), len(self.wanted)),
            phones_precision=_share(phones.right, phones.right + phones.wrong),
            phones_recall=_share(phones.right, phones.right + phones.missed),
            companies_precision=_share(
                len(companies) - len(strange) + linked.right, len(companies) + linked.right + linked.wrong
            ),
            companies_recall=_share(linked.right, linked.right + linked.missed),
            duplicates=doubled,
            proposed=proposed,
            faults=faults,
        )

    def _domains(self) -> set[str]:
        """Domains whose company may be there."""
        found = {domain for one in self.wanted for domain in one.domains}
        return found | {registrable(address.partition("@")[2]) for address in self.allowed}


@dataclass(slots=True)
class Share:
    right: int = 0
    wrong: int = 0
    missed: int = 0


def _proposed_pairs(connection: sqlite3.Connection) -> list[tuple[int, int]]:
    """The contacts that wait in the review queue as likely duplicates of each other."""
    waiting = connection.execute("SELECT href FROM mxsync_review WHERE mailbox = '' AND folder = 'contact'")
    found = (re.fullmatch(r"contact (\d+): contact (\d+)", href) for (href,) in waiting)
    return [(int(pair[1]), int(pair[2])) for pair in found if pair]


def _apart(rows: list[int], pairs: list[tuple[int, int]]) -> int:
    """How many people rows make, where a pair is one."""
    one = {row: row for row in rows}
    for first, second in pairs:
        if first in one and second in one:
            kept, gone = one[first], one[second]
            one = {row: kept if of == gone else of for row, of in one.items()}
    return len(set(one.values()))


def _phones(row: sqlite3.Row, one: Wanted, share: Share, faults: list[str]) -> None:
    for column, kind in COLUMNS.items():
        if not row[column]:
            share.missed += any(each == kind for each, _ in one.numbers)
        elif (kind, row[column]) in one.numbers:
            share.right += 1
        else:
            share.wrong += 1
            faults.append(f"{row['Email']}: {column} {row[column]}, true are {sorted(one.numbers)}")


def _company(row: sqlite3.Row, one: Wanted, share: Share, faults: list[str]) -> None:
    if row["Domain"] in one.domains or (not one.domains and row["CompanyID"] is None):
        share.right += 1
    elif row["CompanyID"] is None:
        share.missed += 1
    else:
        share.wrong += 1
        faults.append(f"{row['Email']}: company {row['Domain']}")


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
