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
from dataclasses import replace
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


# ---------------------------------------------------------------- stories that have failed once


@pytest.mark.parametrize("fault", [Fault("fetch", "refused"), Fault("create", "lost", times=9)], ids=["unread", "lost"])
def test_an_item_made_late_and_without_an_answer_is_not_a_persons_new_one(fault: Fault) -> None:
    """The process dies before it makes a task's item; the next one makes it, hears no answer, and finds it in the
    folder. A person may change it until the answer comes."""
    office = Office((ANNA,), VARIANTS[0])
    try:
        office.settle()
        for _ in range(2):
            office.task_made(ANNA)
        office.passed(kill="sync.committed")
        office.passed(replace(fault))
        assert len(office.todos()) == len(office.tasks()) == 2
        office.passed(Fault("create", "away", times=9))
        office.todo_edited(office.todos()[0])
        office.passed(Fault("create", "away", times=9))
        assert len(office.tasks()) == 2
        office.settle()
        assert len(office.todos()) == len(office.tasks()) == 2
    finally:
        office.close()


@pytest.mark.parametrize("rules", [Rules(folder="delete"), Rules(conflict="folder wins", folder="delete", left="keep")])
def test_a_card_that_was_moved_goes_with_its_row_when_another_persons_card_is_deleted(rules: Rules) -> None:
    """Two cards stand for one row; one of them is moved, and the row is deleted because of the other."""
    office = Office(USERS, rules)
    try:
        office.card_made(ANNA, taken=True)
        office.settle()
        office.row_given(office.contacts()[0], BEN, "Own")
        office.settle()
        office.card_moved(office.cards(ANNA)[0])
        office.passed()
        office.item_deleted(office.cards(BEN)[0])
        office.settle()
        assert (office.contacts(), office.cards()) == ([], [])
    finally:
        office.close()


def test_what_a_card_says_more_than_the_row_that_comes_later_crosses() -> None:
    """No sync takes the card, until somebody enters the same person into the table."""
    office = Office((BEN,), Rules(team=False))
    try:
        office.card_made(BEN, taken=False)
        office.settle()
        (token,) = office.ledger.order
        office.place.contact(f"{token}@acme.example", FullName="anew", OwnerID=office.owner(BEN), Status="Own")
        office.settle()
        assert office.place.sql("SELECT FullName, JobTitle FROM Contacts") == [("anew", token)]
        assert len(office.cards()) == 1
    finally:
        office.close()


@pytest.mark.parametrize("edited", [True, False])
def test_a_card_that_outlived_its_row_is_found_by_one_that_is_made_anew(edited: bool) -> None:
    """The row is deleted, and its card stays; later the same person is entered again."""
    office = Office((BEN,), Rules(table="unlink", left="keep", team=False))
    try:
        office.row_made(BEN, shared=False)
        office.settle()
        (key,) = office.contacts()
        ((email,),) = office.place.sql("SELECT Email FROM Contacts")
        office.row_deleted(key)
        office.settle()
        (card,) = office.cards()
        if edited:
            office.card_edited(card, town=True)
            office.settle()
        office.place.contact(email, FullName="anew", OwnerID=office.owner(BEN), Status="Own")
        office.settle()
        assert office.cards() == [card] and len(office.contacts()) == 1
    finally:
        office.close()


@pytest.mark.parametrize(("folder", "cards"), [("unlink", 0), ("keep", 1)])
def test_a_card_that_was_deleted_while_its_sync_was_switched_off_is_missed_when_it_is_on_again(
    folder: str, cards: int
) -> None:
    office = Office(USERS, replace(VARIANTS[0], public=folder))
    try:
        office.row_made(None, shared=True)
        office.settle()
        office.rules_changed(Rules(team=False))
        office.settle()
        office.item_deleted(office.cards("public")[0])
        office.settle()
        office.rules_changed(replace(VARIANTS[0], public=folder))
        office.settle()
        assert (len(office.contacts()), len(office.cards("public"))) == (1, cards)
    finally:
        office.close()


@pytest.mark.parametrize("sync", ["contacts", "team"])
def test_an_item_that_was_made_without_an_answer_and_moved_is_not_made_again(sync: str) -> None:
    """The answer is lost, and before the next pass somebody puts the new card into a subfolder."""
    office = Office((ANNA,), VARIANTS[0] if sync == "contacts" else replace(VARIANTS[0], shared=False))
    try:
        office.settle()
        office.row_made(ANNA if sync == "contacts" else None, shared=sync == "team")
        office.passed(Fault("create", "lost", times=9))
        (card,) = office.cards()
        office.card_moved(card)
        office.settle()
        (there,) = office.cards()
        assert (there.parent.name, there.name) == ("Old", card.name)
    finally:
        office.close()


def test_an_item_that_was_made_without_an_answer_and_may_not_be_looked_at_is_not_a_persons_new_one() -> None:
    """The answer is lost, and the next pass is not let at the item. Its task then goes to somebody else."""
    office = Office(USERS, VARIANTS[0])
    try:
        office.task_made(BEN)
        office.passed(Fault("create", "lost", times=9))
        office.passed(Fault("fetch", "refused"))
        (task,) = office.tasks()
        office.task_given(task, ANNA)
        office.settle()
        assert office.tasks() == [task]
        assert (len(office.todos(ANNA)), office.todos(BEN)) == (1, [])
    finally:
        office.close()


@pytest.mark.parametrize("owner", [ANNA, None])
def test_an_item_that_was_removed_without_an_answer_does_not_take_its_row_along(owner: str | None) -> None:
    """A task leaves somebody's folder, the answer is lost, and the next pass is not let at the folder: that the item is
    gone is no deletion of a person's, though those delete tasks."""
    office = Office(USERS, VARIANTS[0])
    try:
        office.task_made(BEN)
        office.settle()
        (task,) = office.tasks()
        office.task_given(task, owner)
        office.passed(Fault("delete", "lost", times=9))
        office.passed(Fault("fetch", "refused"))
        office.settle()
        assert office.tasks() == [task]
        assert (len(office.todos(ANNA)), office.todos(BEN)) == (0 if owner is None else 1, [])
    finally:
        office.close()


def test_what_was_written_into_an_item_without_an_answer_is_not_a_persons_change() -> None:
    """The row changes again, and the next pass is not let at the item: there is no conflict between the two."""
    office = Office((BEN,), VARIANTS[0])
    try:
        office.task_made(BEN)
        office.settle()
        (task,) = office.tasks()
        office.task_edited(task)
        office.passed(Fault("update", "lost", times=9))
        office.task_edited(task)
        office.passed(Fault("fetch", "refused"))
        office.settle()
        assert not office.place.sql("SELECT action FROM mxsync_audit WHERE action = 'conflict'")
    finally:
        office.close()


@pytest.mark.parametrize("what", ["given away", "deleted"])
def test_an_item_that_cannot_be_read_when_it_is_to_go_goes_when_it_can(what: str) -> None:
    """Its file is damaged while its task leaves the folder; then somebody puts the old content back."""
    office = Office(USERS, VARIANTS[0])
    try:
        office.task_made(BEN)
        office.settle()
        ((task,), (path,)) = (office.tasks(), office.todos(BEN))
        text = path.read_bytes()
        path.write_bytes(text[: len(text) // 2])
        if what == "deleted":
            office.task_deleted(task)
        else:
            office.task_given(task, ANNA)
        report = office.place.passes()
        assert any("is to be removed, and cannot be read" in sentence for _, sentence in report.set_aside)
        path.write_bytes(text)
        office.settle()
        assert (office.tasks(), office.todos(BEN)) == ([] if what == "deleted" else [task], [])
    finally:
        office.close()


def test_an_item_that_was_made_before_a_death_and_moved_is_not_made_again() -> None:
    office = Office((ANNA,), VARIANTS[0])
    try:
        office.settle()
        office.row_made(ANNA, shared=False)
        office.passed(kill="journal.performed")
        (card,) = office.cards()
        office.card_moved(card)
        office.settle()
        assert [each.parent.name for each in office.cards()] == ["Old"]
    finally:
        office.close()
