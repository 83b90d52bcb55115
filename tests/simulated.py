"""A tenant in this process with a clock of its own and a mailbox server that fails when it is told to: for tests that
run many thousand passes in the order that a seed, or Hypothesis, gives.

The clock counts every look at it, so two runs of one seed see the same moments. Rows changed by anybody carry its time
as well: SQLite's own `strftime` is put aside, in the connections of both sides.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

import mxsync.engine.patience as patience
from mxsync.bootstrap import Tenant as Opened
from mxsync.config import load_config
from mxsync.errors import Refused, TimedOut, Unavailable
from mxsync.model.item import Draft, ItemRef
from mxsync.model.outcome import PassReport
from mxsync.model.schema import Schema
from mxsync.rulebook import LoadedRules
from tests.inprocess import Killed, Place, made

START = datetime(2027, 6, 1, 8, tzinfo=UTC)
FAULTS = ("away", "refused", "lost", "stale", "halfway")
METHODS = ("changes", "fetch", "create", "update", "delete")
_LOADED: dict[tuple[str, tuple[str, ...]], LoadedRules] = {}
_TEMPLATES: dict[tuple[str, ...], Path] = {}
_SCHEMAS: dict[tuple[str, ...], tuple[object, Schema]] = {}
"""What the database of a template says of its tables, with the version of that: reading it is the dearest part of a
start, and a copy says the same for as long as it is of the same version."""


@dataclass
class Clock:
    """`mxsync.ports.clock.Clock`, and whatever else asks for the time."""

    at: datetime = START

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=40)
        return self.at

    def jump(self, by: timedelta) -> None:
        """Forwards or back, but never before the year begins, which is later than any file's real time."""
        self.at = max(self.at + by, START - timedelta(days=90))


@dataclass
class Fault:
    """What goes wrong at the `turn`th call of a method from now on. `away`: the server cannot be reached. `refused`: it
    says no. `lost`: it is done, and the answer never comes. `stale`: a person changes the item at that moment.
    `halfway`: of what is written it takes all but one field, and says no to that."""

    method: str
    kind: str
    turn: int = 1
    times: int = 1


class Troubled:
    """A connector that fails as told, otherwise the one inside."""

    def __init__(self, inner: Any, place: Simulated) -> None:
        self._inner = inner
        self._place = place

    def __getattr__(self, name: str) -> Any:
        if name == "creating" and any(fault.method == "create" for fault in self._place.faults):
            raise AttributeError(name)  # what is made ahead of its call could not be refused
        return getattr(self._inner, name)

    def changes(self, mailbox: str, cursor: str, known: Any) -> Any:
        with self._place.answering("changes"):
            return self._inner.changes(mailbox, cursor, known)

    def fetch(self, refs: Sequence[ItemRef]) -> Iterator[Any]:
        with self._place.answering("fetch"):
            return iter(list(self._inner.fetch(refs)))

    def reader(self) -> None:
        return None

    def create(self, mailbox: str, folder: str, draft: Any, key: str) -> Any:
        with self._place.answering("create") as kind:
            return self._inner.create(mailbox, folder, _taken(draft, kind), key)

    def made(self, item: Any) -> Any:
        with self._place.answering("made"):
            return self._inner.made(item)

    def update(self, ref: ItemRef, draft: Any, expected: str) -> Any:
        with self._place.answering("update", ref) as kind:
            taken = _taken(draft, kind)
            return self._inner.update(ref, taken, expected) if taken.fields or not kind else None

    def delete(self, ref: ItemRef, expected: str) -> None:
        with self._place.answering("delete", ref):
            self._inner.delete(ref, expected)


def _taken(draft: Draft, kind: str) -> Draft:
    """What the server takes of what is to be written."""
    return replace(draft, fields=dict(sorted(draft.fields.items())[:-1])) if kind == "halfway" else draft


@dataclass
class Simulated(Place):
    """A tenant that stays open between passes. `meddle` changes an item as a person would."""

    clock: Clock = field(default_factory=Clock)
    faults: list[Fault] = field(default_factory=list)
    meddle: Callable[[Path], None] = lambda _: None
    text: str = ""
    connection: sqlite3.Connection | None = None

    def begin(self, rules: str) -> None:
        """Opens the database for those who change rows, and the tenant."""
        self.connection = sqlite3.connect(self.crm, isolation_level=None)
        self.connection.create_function("strftime", -1, self._strftime)
        self.put_in_force(rules)

    def end(self) -> None:
        self._close()
        if self.connection is not None:
            self.connection.close()

    def _close(self) -> None:
        if self.opened is not None:
            self.opened.__exit__(None, None, None)
            self.opened = None

    def put_in_force(self, rules: str) -> None:
        """A new process with these rules; what it compiles is kept for the next tenant of the same schema."""
        self._close()
        self.text = rules
        self.rules(rules)
        opened = self.opened = Opened.open(load_config(self.root / "mxsync.toml"))
        engine = opened._store.engine

        def connected(connection: Any, _: object) -> None:
            connection.create_function("strftime", -1, self._strftime)

        event.listen(engine, "connect", connected)
        engine.dispose()
        opened._clock = self.clock  # type: ignore[assignment]
        for name, connector in list(opened._connectors.items()):
            connector._clock = self.clock.now  # type: ignore[attr-defined]
            opened._connectors[name] = Troubled(connector, self)  # type: ignore[assignment]
        users = tuple(user.email for user in opened.config.users if hasattr(user, "email"))
        opened._database._schema = _SCHEMAS.get(users)
        if (rules, users) not in _LOADED:
            _LOADED[rules, users] = opened.load_rules()
        opened.use_rules(_LOADED[rules, users])
        if opened._database._schema is not None:
            _SCHEMAS[users] = opened._database._schema

    def _strftime(self, *_: object) -> str:
        return self.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        if self.connection is None:
            return super().sql(statement, *values)
        return self.connection.execute(statement, values).fetchall()

    def write(self, path: Path, text: str) -> None:
        """Somebody saves a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.replace("\r\n", "\n").replace("\n", "\r\n").encode())

    # ------------------------------------------------------------ what goes wrong

    @contextlib.contextmanager
    def answering(self, method: str, ref: ItemRef | None = None) -> Iterator[str]:
        """One call of the server; what kind of trouble there is with it, '' for none."""
        due = None
        for fault in self.faults:
            if fault.method == method:
                fault.turn -= 1
                if due is None and -fault.times < fault.turn <= 0:
                    due = fault
        if due is not None and due.kind == "away":
            raise Unavailable("the server cannot be reached", 0.0)
        if due is not None and due.kind == "refused":
            raise Refused("the server says no")
        if due is not None and due.kind == "stale" and ref is not None:
            path = self.root / "mailboxes" / ref.mailbox / ref.href
            if path.is_file():
                self.meddle(path)
        yield due.kind if due is not None else ""
        if due is not None and due.kind == "lost":
            raise TimedOut("no answer came", 0.0)
        if due is not None and due.kind == "halfway":
            raise Refused("the server says no to the rest")

    def pass_with(self, faults: Sequence[Fault] = (), *, kill: str = "", turn: int = 1) -> PassReport | None:
        """One pass; None when it died, or could not be carried to its end. After a death a new process begins."""
        self.faults = list(faults)
        try:
            return self.passes(kill=kill, turn=turn)
        except Killed:
            self.put_in_force(self.text)
            return None
        finally:
            self.faults = []


def no_waiting() -> None:
    """Nobody waits for a server that a test has put away."""
    patience.WAITS = (0.0, 0.0, 0.0)  # type: ignore[misc]


def memory() -> str | None:
    """A folder in memory where the machine has one: nothing here is about what survives a power cut."""
    return "/dev/shm" if os.path.isdir("/dev/shm") and os.access("/dev/shm", os.W_OK) else None


def simulated(root: Path, rules: str, users: tuple[str, ...]) -> Simulated:
    """A new tenant below `root`, copied from one that was made once for these users."""
    if users not in _TEMPLATES:
        first = Path(tempfile.mkdtemp(prefix="mxsync-template-", dir=memory()))
        made(first / "t", users=users)
        _TEMPLATES[users] = first / "t"
    shutil.copytree(_TEMPLATES[users], root)
    place = Simulated(root)
    place.begin(rules)
    return place


def forget_templates() -> None:
    """Takes the tenants away that were made to be copied."""
    for path in _TEMPLATES.values():
        shutil.rmtree(path.parent, ignore_errors=True)
    _TEMPLATES.clear()
    _SCHEMAS.clear()


@contextlib.contextmanager
def one_mailbox(root: Path, rules: str, user: str) -> Iterator[Simulated]:
    """A tenant of one user, with nothing left of it afterwards."""
    no_waiting()
    place = simulated(root, rules, (user,))
    yield place
    place.end()
    forget_templates()


def people(place: Simulated, number: int = 5) -> None:
    """Rows of contacts that belong to the user, P0 and so on."""
    for each in range(number):
        name = f"P{each}"
        place.contact(f"{name}@acme.example", FirstName=name, FullName=name, OwnerID=place.user_id())
