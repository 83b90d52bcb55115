"""Many users over one table, each with filters of their own; and what a pass costs the database."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import event

from mxsync.bootstrap import Tenant as Opened
from mxsync.config import load_config
from mxsync.model.outcome import PassReport
from tests.inprocess import Place, made

RULES = """
use 'crm.rules'

extend entity user
  region = Region

sync contacts
  between folder 'Contacts' of each user and table contact
  into folder when contact.owner is user
  out of filter then remove
  deleted in table then delete

sync region
  between folder 'Region' of each user and table contact
  into folder when contact.country = user.region and contact.company.status = 'Key'
  out of filter then remove
  deleted in table then delete
"""
EACH = 3
"""Contacts that each user owns, and contacts of each region."""


@dataclass
class Cost:
    """What one pass asked of the database: statements, and steps of SQLite's machine (each row that is looked at takes
    some)."""

    statements: list[str] = field(default_factory=list)
    steps: int = 0


STEP = 50


@dataclass
class Crowd:
    """A tenant of `users` people over `rows` contacts; two people share a region."""

    place: Place
    users: list[str]
    opened: Opened

    def user_id(self, user: str) -> int:
        return self.place.user_id(user)

    def passed(self) -> tuple[PassReport, Cost]:
        """One pass by a process that has begun before."""
        cost = Cost()

        def step() -> int:
            cost.steps += STEP
            return 0

        def listen(connection: sqlite3.Connection, *_: object) -> None:
            connection.set_trace_callback(cost.statements.append)
            connection.set_progress_handler(step, STEP)

        engine = self.opened._store.engine
        engine.dispose()
        event.listen(engine, "connect", listen)
        try:
            return self.opened.sync(None, lambda *_: None, threading.Event()), cost
        finally:
            event.remove(engine, "connect", listen)
            engine.dispose()

    def holders(self, folder: str) -> dict[str, int]:
        """Who has how many cards in a folder."""
        found = {user: len(self.place.mine(user, folder)) for user in self.users}
        return {user: count for user, count in found.items() if count}


@contextmanager
def crowd(root: Path, users: int, rows: int) -> Iterator[Crowd]:
    people = [f"user{number:03}@ours.example" for number in range(users)]
    place = made(root, rules="use 'crm.rules'\n", users=tuple(people))
    place.sql("ALTER TABLE Users ADD COLUMN Region TEXT")
    with closing(sqlite3.connect(place.crm)) as connection, connection:
        connection.execute("UPDATE Users SET Region = 'R' || ((UserID - 1) / 2)")
        connection.execute("INSERT INTO Companies (Name, Domain, Status) VALUES ('Key', 'key.example', 'Key')")
        (company,) = connection.execute("SELECT max(CompanyID) FROM Companies").fetchone()
        owners = dict(connection.execute("SELECT UserID, Region FROM Users ORDER BY UserID"))
        mine = [owner for owner in owners for _ in range(EACH)]
        regions = [region for region in dict.fromkeys(owners.values()) for _ in range(EACH)]
        connection.executemany(
            "INSERT INTO Contacts (FirstName, LastName, Email, OwnerID, Country, CompanyID) VALUES ('A', ?, ?, ?, ?, ?)",
            (
                (f"B{n}", f"a{n}@acme{n}.example", mine[n] if n < len(mine) else None,
                 regions[n - len(mine)] if 0 <= n - len(mine) < len(regions) else "Nowhere", company if n % 2 else None)
                for n in range(rows)
            ),
        )  # fmt: skip
        connection.execute("UPDATE Contacts SET CompanyID = ? WHERE Country LIKE 'R%'", (company,))
    place.rules(RULES)
    with Opened.open(load_config(place.root / "mxsync.toml")) as opened, opened.hold():
        found = Crowd(place, people, opened)
        found.passed()
        found.passed()
        yield found
