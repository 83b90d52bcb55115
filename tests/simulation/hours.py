"""Virtual hours of an office: what a seed says happens, in the order that it says, and nothing else.

    python -m tests.simulation.hours --hours 1000 --seed 7

Each hour people make, change, move and delete some thirty contacts and tasks, in their folders and in the tables; every
quarter of an hour there is a pass, and one in five of them meets a server that is away, refuses, never answers or holds
an item that somebody has changed this moment, or dies at some boundary. Clocks jump and rules change now and then. Once
a day all is quiet for two passes, and then everything has to agree. The same seed tells the same story each time.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Callable, Sequence

from mxsync.failpoints import NAMES
from tests.agreement import Rules
from tests.office import Office
from tests.simulated import FAULTS, METHODS, Fault, no_waiting

RULES = (
    Rules(),
    Rules(conflict="table wins", folder="delete"),
    Rules(conflict="folder wins", left="keep"),
    Rules(team=False),
)
POINTS = [name for name in NAMES if not name.startswith(("document", "erase", "backfill", "users"))]
MOST = 6
"""Rows a user after which as many are deleted as are made."""


class Hours:
    """An office whose every act is drawn from one seed."""

    def __init__(self, seed: int, users: int = 50, traffic: int = 30) -> None:
        self.random = random.Random(seed)
        self.traffic = traffic
        self.names = [f"user{number}@ours.example" for number in range(users)]
        self.office = Office(self.names, RULES[0])
        self.hour = 0
        office = self.office
        self._acts: list[tuple[int, Callable[[], None]]] = [
            (3, self._row), (6, self._edit_row), (3, self._give_row), (2, lambda: self._of(office.contacts(), office.row_deleted)),
            (3, lambda: office.task_made(self._owner())), (4, lambda: self._of(office.tasks(), office.task_edited)),
            (2, lambda: self._of(office.tasks(), lambda key: office.task_given(key, self._owner()))),
            (2, lambda: self._of(office.tasks(), office.task_deleted)),
            (3, lambda: office.card_made(self._user(), self._chance(0.8))), (1, self._card_of_somebody),
            (6, lambda: self._of(office.cards(self._user()), lambda card: office.card_edited(card, self._chance(0.5)))),
            (1, lambda: self._of(office.cards(self._user()), lambda card: office.card_categorised(card, self._pick(["MX-Contact", ""])))),
            (1, lambda: self._of(office.cards(self._user()), office.card_moved)),
            (2, lambda: self._of(office.cards(self._user()), office.item_deleted)),
            (1, lambda: self._of(office.cards("public"), lambda card: office.card_edited(card, town=True))),
            (2, lambda: office.todo_made(self._user())),
            (4, lambda: self._of(office.todos(self._user()), office.todo_edited)),
            (2, lambda: self._of(office.todos(self._user()), office.item_deleted)),
        ]  # fmt: skip

    # ------------------------------------------------------------ drawing

    def _pick(self, values: Sequence[object]) -> object:
        return self.random.choice(values)

    def _chance(self, of: float) -> bool:
        return self.random.random() < of

    def _user(self) -> str:
        return self.random.choice(self.names)

    def _owner(self) -> str | None:
        return self._user() if self._chance(0.9) else None

    def _of(self, values: Sequence[object], act: Callable[..., None]) -> None:
        if values:
            act(self._pick(values))

    # ------------------------------------------------------------ acts

    def _row(self) -> None:
        if len(self.office.contacts()) > MOST * len(self.names):
            self._of(self.office.contacts(), self.office.row_deleted)
        else:
            self.office.row_made(self._owner(), self._chance(0.02))

    def _edit_row(self) -> None:
        column = str(self._pick(["JobTitle", "City"]))
        self._of(self.office.contacts(), lambda key: self.office.row_edited(key, column))

    def _give_row(self) -> None:
        owner, status = self._owner(), "Shared" if self._chance(0.02) else "Own"
        self._of(self.office.contacts(), lambda key: self.office.row_given(key, owner, status))

    def _card_of_somebody(self) -> None:
        box, folder = (self._user(), "Contacts") if self._chance(0.8) else ("public", "Team")
        self._of(self.office.contacts(), lambda key: self.office.card_of_somebody_known(box, folder, key))

    def _act(self) -> None:
        weights = [weight for weight, _ in self._acts]
        self.random.choices([act for _, act in self._acts], weights)[0]()

    def _pass(self) -> None:
        luck = self.random.random()
        if luck < 0.12:
            fault = Fault(self.random.choice(METHODS), self.random.choice(FAULTS), self.random.randint(1, 9), 1)
            fault.times = self.random.choice((1, 20))
            self.office.passed(fault)
        elif luck < 0.2:
            self.office.passed(kill=self.random.choice(POINTS), turn=self.random.randint(1, 5))
        else:
            self.office.passed()

    def live(self, hours: int, each: Callable[[int], None] = lambda _: None) -> None:
        """So many hours from now; at the end of each day, and of the last hour, everything has to agree."""
        for number in range(1, hours + 1):
            self.hour += 1
            for _ in range(4):
                for _ in range(max(1, self.traffic // 4)):
                    self._act()
                self.office.clock_jumped(0.25)
                self._pass()
            if self._chance(0.01):
                self.office.clock_jumped(self.random.choice((-30, -2, 2, 30)))
            if self._chance(0.005):
                self.office.rules_changed(self.random.choice(RULES))
            if self.hour % 24 == 0 or number == hours:
                self.office.settle()
            each(self.hour)


def main(arguments: Sequence[str]) -> int:
    """Runs as many hours of a seed as are asked for, and says so."""
    parser = argparse.ArgumentParser(description="virtual hours of an office, told by a seed")
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--traffic", type=int, default=30, help="acts of people an hour")
    asked = parser.parse_args(arguments)
    if os.environ.get("PYTHONHASHSEED") != "0":  # the order in sets is a part of the story
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "tests.simulation.hours", *arguments])
    no_waiting()
    began = time.monotonic()
    hours = Hours(asked.seed, asked.users, asked.traffic)
    try:
        hours.live(
            asked.hours,
            lambda hour: (
                print(f"hour {hour}, {time.monotonic() - began:.0f} s", flush=True) if hour % 24 == 0 else None
            ),
        )
    except AssertionError:
        print(f"seed {asked.seed} of {asked.users} users fails in hour {hours.hour}", flush=True)
        raise
    finally:
        hours.office.close()
    print(f"{asked.hours} hours of seed {asked.seed}: all sides agree, {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
