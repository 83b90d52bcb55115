"""A tenant in this process: passes without starting a command each time, and kills that leave what a kill leaves."""

from __future__ import annotations

import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import mxsync.failpoints as failpoints
from mxsync.bootstrap import Tenant as Opened
from mxsync.cli.main import main
from mxsync.config import load_config
from mxsync.engine.undoing.undo import UndoReport
from mxsync.model.outcome import PassReport

sys.path.insert(0, str(Path(__file__).parent / "system"))
from tenants import ANNA, BEN, Tenant

__all__ = ["ANNA", "BEN", "Killed", "Place", "dying", "made"]

RULES = "use 'crm.rules'\n"


class Killed(BaseException):
    """What a kill is to the process: nothing catches it."""


@lru_cache(maxsize=1)
def _reaching(_: int) -> list[ModuleType]:
    """The modules that have failpoints. The number of modules that are loaded says whether there are more by now."""
    return [m for n, m in sys.modules.items() if n.startswith("mxsync.") and getattr(m, "reach", None) is not None]


@contextmanager
def dying(kill: str, turn: int) -> Iterator[None]:
    """While the block runs, whoever reaches a failpoint for the `turn`th time dies; '' for nobody."""
    left = turn

    def reach(name: str) -> None:
        nonlocal left
        if name == kill:
            left -= 1
            if left == 0:
                raise Killed(name)

    modules = _reaching(len(sys.modules))
    before = failpoints.reach
    for module in modules:
        module.reach = reach  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for module in modules:
            module.reach = before  # type: ignore[attr-defined]


class Place(Tenant):
    """A tenant whose passes run in this process; each opens it anew, unless `keep_open`."""

    opened: Opened | None = None

    def keep_open(self) -> None:
        """From now on the rules are read once."""
        self.opened = Opened.open(load_config(self.root / "mxsync.toml"))

    def passes(self, *, kill: str = "", turn: int = 1) -> PassReport:
        """One pass; with `kill` it dies when that failpoint is reached for the `turn`th time."""
        with dying(kill, turn):
            if self.opened is not None:
                return self.opened.sync(None, lambda *_: None, threading.Event())
            with Opened.open(load_config(self.root / "mxsync.toml")) as tenant:
                return tenant.sync(None, lambda *_: None, threading.Event())

    def undo(self, what: str, name: str, *, review: bool = False, kill: str = "", turn: int = 1) -> UndoReport:
        """An undo, in the same way."""
        with dying(kill, turn), Opened.open(load_config(self.root / "mxsync.toml")) as tenant:
            return tenant.undo(what, name, None, review=review)

    def settled(self) -> PassReport:
        """A pass, and another one that must write nothing."""
        report = self.passes()
        files, rows = self.files(), self.dump()
        again = self.passes()
        assert (self.files(), self.dump()) == (files, rows), "a second pass wrote something"
        assert not again.synced and not again.updated and not again.created, again
        return report

    def mine(self, user: str = ANNA, folder: str = "Contacts") -> dict[str, str]:
        """The items of a folder: name → text."""
        home = self.root / "mailboxes" / user / folder
        return {path.name: path.read_text() for path in sorted(home.rglob("*")) if path.is_file()}

    def only(self, user: str = ANNA, folder: str = "Contacts") -> str:
        """The text of the one item of a folder."""
        (text,) = self.mine(user, folder).values()
        return text

    def edit(self, user: str, folder: str, old: str, new: str, name: str = "") -> None:
        """Somebody changes an item."""
        for path in sorted((self.root / "mailboxes" / user / folder).rglob("*")):
            if path.is_file() and (not name or path.name == name):
                text = path.read_bytes().decode()
                assert old in text, (old, text)
                path.write_bytes(text.replace(old, new).encode())

    def user_id(self, user: str = ANNA) -> int:
        found = self.sql("SELECT UserID FROM Users WHERE Email = ?", user)
        return int(found[0][0])

    def one(self, statement: str, *values: object) -> Any:
        ((value,),) = self.sql(statement, *values)
        return value


def made(root: Path, rules: str = RULES, users: tuple[str, ...] = (ANNA, BEN)) -> Place:
    """A new tenant on SQLite; its first pass has made the users' rows."""
    code = main(["init", str(root)])
    assert code == 0
    place = Place(root)
    place.people(users)
    place.rules(rules)
    (root / "mailboxes" / "public").mkdir(exist_ok=True)
    place.passes()
    return place


def count(database: Path, table: str) -> int:
    """Rows of a table."""
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
