"""Stories that the state machine of the syncs, the simulation, or somebody who thought about them has found to fail
once: each told in a few acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.agreement import Rules
from tests.inprocess import ANNA, BEN
from tests.office import Office
from tests.simulated import Fault, forget_templates, no_waiting

USERS = (ANNA, BEN)


@pytest.fixture(autouse=True)
def templates(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    no_waiting()
    yield
    forget_templates()


@pytest.mark.parametrize("fault", [Fault("fetch", "refused"), Fault("create", "lost", times=9)], ids=["unread", "lost"])
def test_an_item_made_late_and_without_an_answer_is_not_a_persons_new_one(fault: Fault) -> None:
    """The process dies before it makes a task's item; the next one makes it, hears no answer, and finds it in the
    folder. A person may change it until the answer comes."""
    office = Office((ANNA,), Rules())
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


def test_an_item_stays_with_its_row_when_that_gets_another_key() -> None:
    """What the item alone holds would be lost with it: the row was not deleted."""
    office = Office((BEN,), Rules(team=False))
    try:
        office.row_made(BEN, shared=False)
        office.task_made(BEN)
        office.settle()
        (card,), (todo,) = office.cards(), office.todos()
        office.place.write(card, card.read_bytes().decode().replace("END:VCARD", "X-OWN:mine\r\nEND:VCARD"))
        office.settle()
        for number in (97, 98):  # twice between two passes
            office.place.sql("UPDATE Contacts SET ContactID = ?", number)
        office.place.sql("UPDATE Contacts SET City = 't99'")
        office.place.sql("UPDATE Tasks SET TaskID = 77")
        office.ledger.last.clear()  # what it knows of the rows, it knows under their old keys
        office.settle()
        assert (office.cards(), office.todos()) == ([card], [todo])
        assert "X-OWN:mine" in card.read_text() and "t99" in card.read_text()
        assert (office.contacts(), office.tasks()) == ([98], [77])
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
    office = Office(USERS, replace(Rules(), public=folder))
    try:
        office.row_made(None, shared=True)
        office.settle()
        office.rules_changed(Rules(team=False))
        office.settle()
        office.item_deleted(office.cards("public")[0])
        office.settle()
        office.rules_changed(replace(Rules(), public=folder))
        office.settle()
        assert (len(office.contacts()), len(office.cards("public"))) == (1, cards)
    finally:
        office.close()


@pytest.mark.parametrize("sync", ["contacts", "team"])
def test_an_item_that_was_made_without_an_answer_and_moved_is_not_made_again(sync: str) -> None:
    """The answer is lost, and before the next pass somebody puts the new card into a subfolder."""
    office = Office((ANNA,), Rules() if sync == "contacts" else replace(Rules(), shared=False))
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
    office = Office(USERS, Rules())
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
    office = Office(USERS, Rules())
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
    office = Office((BEN,), Rules())
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
    office = Office(USERS, Rules())
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
    office = Office((ANNA,), Rules())
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


@pytest.mark.parametrize("together", [False, True], ids=["then moved", "as it is moved"])
def test_a_card_that_somebody_has_hidden_gets_no_other_one_beside_it_when_it_is_moved(together: bool) -> None:
    office = Office(USERS, Rules(skip=True))
    try:
        office.row_made(None, shared=True)
        office.settle()
        (card,) = office.cards(BEN)
        office.card_categorised(card, "Hidden")
        if not together:
            office.settle()
        office.card_moved(card)
        office.settle()
        office.row_edited(office.contacts()[0], "City")
        office.settle()
        (card,) = office.cards(BEN)
        assert "Hidden" in card.read_text() and card.parent.name == "Old"
        office.card_categorised(card, "")
        office.settle()
        assert len(office.cards(BEN)) == 1
    finally:
        office.close()


def test_what_a_card_lacks_of_the_row_it_made_with_another_comes_when_its_filter_names_the_row() -> None:
    """A card of the team and one of Anna's make a row together, which is not yet for the team."""
    office = Office(USERS, Rules())
    try:
        office.settle()
        office.card_made(ANNA, taken=True)
        office.card_edited(office.cards(ANNA)[0], town=True)
        office.passed(kill="page.committed")
        (row,) = office.contacts()
        office.card_of_somebody_known("public", "Team", row)
        office.row_deleted(row)
        office.settle()
        (row,) = office.contacts()
        office.row_given(row, ANNA, "Shared")
        office.settle()
        ((town,),) = office.place.sql("SELECT City FROM Contacts")
        assert all(town in card.read_text() for card in office.cards()) and len(office.cards()) == 3
    finally:
        office.close()
