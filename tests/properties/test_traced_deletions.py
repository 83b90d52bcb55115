"""The judge of deletions itself: what nobody has deleted, and was not let go of, is found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.agreement import Rules
from tests.inprocess import ANNA, BEN
from tests.office import Office
from tests.simulated import forget_templates, no_waiting


@pytest.fixture
def office(capsys: pytest.CaptureFixture[str]) -> Iterator[Office]:
    no_waiting()
    office = Office((ANNA, BEN), Rules(folder="delete", team=False))
    office.settle()
    yield office
    office.close()
    forget_templates()


def test_a_row_that_goes_for_an_item_that_nobody_deleted_is_found(office: Office) -> None:
    office.task_made(ANNA)
    office.settle()
    office.todos()[0].unlink()  # as if mxsync had lost it: the history does not know
    with pytest.raises(AssertionError, match="which nobody has deleted"):
        office.passed()


def test_an_item_that_goes_for_a_row_that_nobody_deleted_is_found(office: Office) -> None:
    office.task_made(ANNA)
    office.settle()
    office.place.sql("DELETE FROM Tasks")
    with pytest.raises(AssertionError, match="nobody deleted"):
        office.passed()


def test_an_item_that_leaves_a_folder_whose_filter_names_its_row_is_found(office: Office) -> None:
    office.row_made(ANNA, shared=False)
    office.settle()
    (key,) = office.contacts()
    office.row_given(key, BEN, "Own")
    office.passed()
    office.row_given(key, ANNA, "Own")
    office.deletions._before = office.deletions._rows()
    office.deletions._number = 0
    with pytest.raises(AssertionError, match="is still for it"):
        office.deletions.after_pass(office.in_force)


def test_what_people_deleted_moved_and_gave_away_is_traced(office: Office) -> None:
    for owner in (ANNA, BEN):
        office.row_made(owner, shared=False)
    office.card_made(ANNA, taken=True)
    office.settle()
    own = next(path for path in office.cards(ANNA) if path.name.startswith("t"))
    office.card_moved(own)
    office.item_deleted(next(path for path in office.cards(ANNA) if path.parent.name == "Old"))
    office.row_given(office.contacts()[0], BEN, "Own")
    office.row_deleted(office.contacts()[1])
    office.settle()
    assert len(office.contacts()) == 1
    assert [path.parent.parent.name for path in office.cards()] == [BEN]
    gone = [
        action
        for (action,) in office.place.sql("SELECT action FROM mxsync_audit WHERE action IN ('delete', 'remove item')")
    ]
    assert sorted(gone) == ["delete", "remove item", "remove item"]


def test_what_a_rule_takes_back_is_traced(capsys: pytest.CaptureFixture[str]) -> None:
    no_waiting()
    office = Office((ANNA,), Rules(team=False, folder="delete", table="delete", left="remove", skip=True))
    office.card_made(ANNA, taken=True)
    office.settle()
    (card,) = office.cards()
    office.card_categorised(card, "Hidden")
    office.passed()
    assert [action for (action,) in office.place.sql("SELECT action FROM mxsync_audit WHERE action = 'withdraw'")]
    office.rules_changed(Rules(team=False))
    office.deletions._number = 0
    with pytest.raises(AssertionError, match="was withdrawn by"):
        office.deletions.after_pass(office.in_force)
    office.close()
    forget_templates()
