"""Two users with two folders each, a public folder, two tables: whatever happens in whatever order, two quiet passes
later all sides agree, nothing is doubled, no change is lost but one that a conflict rule names, and a third pass writes
nothing.

What happens: people make, edit, move and delete items and rows, change what filters ask for, and change the rules; a pass
is killed at any boundary, a server is away, refuses, does what it was asked and never answers, or holds an item that a
person has changed that very moment; clocks jump. `MXSYNC_SYNC_RUNS` sets how many runs of 50 steps are tried (200 in
`make test`, the same each time; 2,000 in the nightly mode, others each night).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from mxsync.failpoints import NAMES
from tests.agreement import Rules
from tests.inprocess import ANNA, BEN
from tests.office import Office
from tests.simulated import FAULTS, METHODS, Fault, forget_templates, no_waiting

VARIANTS = (
    Rules(),
    Rules(conflict="table wins", folder="delete"),
    Rules(conflict="folder wins", table="unlink", left="keep"),
    Rules(shared=False, folder="keep", table="keep"),
    Rules(team=False, skip=True),
    Rules(conflict="review", folder="delete", skip=True),
)
USERS = (ANNA, BEN)
FOLDERS = ((ANNA, "Contacts"), (BEN, "Contacts"), ("public", "Team"))
POINTS = [name for name in NAMES if not name.startswith(("document", "erase", "backfill", "users"))]
RUNS = int(os.environ.get("MXSYNC_SYNC_RUNS", "200"))
STEPS = 50
PARTS = 4
"""Tests that share the runs, so that several workers do."""
OWNER = st.sampled_from([*USERS, None])
FAULT = st.builds(Fault, st.sampled_from(METHODS), st.sampled_from(FAULTS), st.integers(1, 3), st.sampled_from((1, 9)))


class Machine(RuleBasedStateMachine):
    """What people and programs do between passes."""

    def __init__(self) -> None:
        super().__init__()
        self.office = Office(USERS, VARIANTS[0])

    def teardown(self) -> None:
        try:
            self.office.settle()
        finally:
            self.office.close()

    # ------------------------------------------------------------ rows

    @rule(owner=OWNER, shared=st.booleans())
    def row_made(self, owner: str | None, shared: bool) -> None:
        self.office.row_made(owner, shared)

    @precondition(lambda self: self.office.contacts())
    @rule(data=st.data(), column=st.sampled_from(["JobTitle", "City"]))
    def row_edited(self, data: Any, column: str) -> None:
        self.office.row_edited(data.draw(st.sampled_from(self.office.contacts())), column)

    @precondition(lambda self: self.office.contacts())
    @rule(data=st.data(), owner=OWNER, status=st.sampled_from(["Shared", "Own"]))
    def row_given(self, data: Any, owner: str | None, status: str) -> None:
        self.office.row_given(data.draw(st.sampled_from(self.office.contacts())), owner, status)

    @precondition(lambda self: self.office.contacts())
    @rule(data=st.data())
    def row_deleted(self, data: Any) -> None:
        self.office.row_deleted(data.draw(st.sampled_from(self.office.contacts())))

    @rule(owner=OWNER)
    def task_made(self, owner: str | None) -> None:
        self.office.task_made(owner)

    @precondition(lambda self: self.office.tasks())
    @rule(data=st.data(), what=st.sampled_from(["edit", "edit", "give", "delete"]), owner=OWNER)
    def task_changed(self, data: Any, what: str, owner: str | None) -> None:
        key = data.draw(st.sampled_from(self.office.tasks()))
        if what == "edit":
            self.office.task_edited(key)
        elif what == "give":
            self.office.task_given(key, owner)
        else:
            self.office.task_deleted(key)

    # ------------------------------------------------------------ items

    @rule(user=st.sampled_from(USERS), taken=st.booleans())
    def card_made(self, user: str, taken: bool) -> None:
        self.office.card_made(user, taken)

    @precondition(lambda self: self.office.contacts())
    @rule(where=st.sampled_from(FOLDERS), data=st.data())
    def card_of_somebody_known(self, where: tuple[str, str], data: Any) -> None:
        self.office.card_of_somebody_known(*where, data.draw(st.sampled_from(self.office.contacts())))

    @precondition(lambda self: self.office.cards())
    @rule(data=st.data(), town=st.booleans())
    def card_edited(self, data: Any, town: bool) -> None:
        self.office.card_edited(data.draw(st.sampled_from(self.office.cards())), town)

    @precondition(lambda self: self.office.cards())
    @rule(data=st.data(), word=st.sampled_from(["MX-Contact", "Hidden", ""]))
    def card_categorised(self, data: Any, word: str) -> None:
        self.office.card_categorised(data.draw(st.sampled_from(self.office.cards())), word)

    @precondition(lambda self: self.office.cards())
    @rule(data=st.data())
    def card_deleted(self, data: Any) -> None:
        self.office.item_deleted(data.draw(st.sampled_from(self.office.cards())))

    @precondition(lambda self: self.office.cards())
    @rule(data=st.data())
    def card_moved(self, data: Any) -> None:
        self.office.card_moved(data.draw(st.sampled_from(self.office.cards())))

    @rule(user=st.sampled_from(USERS))
    def todo_made(self, user: str) -> None:
        self.office.todo_made(user)

    @precondition(lambda self: self.office.todos())
    @rule(data=st.data(), delete=st.booleans())
    def todo_changed(self, data: Any, delete: bool) -> None:
        path = data.draw(st.sampled_from(self.office.todos()))
        (self.office.item_deleted if delete else self.office.todo_edited)(path)

    # ------------------------------------------------------------ rules, clocks, passes

    @rule(rules=st.sampled_from(VARIANTS))
    def rules_changed(self, rules: Rules) -> None:
        self.office.rules_changed(rules)

    @rule(hours=st.sampled_from([-30, -1, 1, 26]))
    def clock_jumped(self, hours: int) -> None:
        self.office.clock_jumped(hours)

    @rule()
    def passed(self) -> None:
        self.office.passed()

    @rule(fault=FAULT)
    def passed_in_trouble(self, fault: Fault) -> None:
        self.office.passed(fault)

    @rule(point=st.sampled_from(POINTS), turn=st.integers(1, 3))
    def killed(self, point: str, turn: int) -> None:
        self.office.passed(kill=point, turn=turn)

    @rule()
    def settled(self) -> None:
        self.office.settle()


@pytest.fixture(autouse=True)
def templates(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    no_waiting()
    yield
    forget_templates()


@pytest.mark.timeout(0)
@pytest.mark.parametrize("part", range(PARTS))
def test_everything_converges(part: int) -> None:
    machine = type(f"Machine{part}", (Machine,), {})
    run_state_machine_as_test(
        machine if RUNS > 200 else seed(part)(machine),
        settings=settings(
            max_examples=max(1, RUNS // PARTS), stateful_step_count=STEPS, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), print_blob=True,
        ),
    )  # fmt: skip
