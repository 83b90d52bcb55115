"""Writes of which a server takes a part and refuses the rest: one item that stands for its record, whatever is missing
in it, and what is missing is written when the server lets it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from mxsync.model.outcome import PassReport
from tests.agreement import Rules
from tests.inprocess import ANNA, BEN
from tests.office import Office
from tests.simulated import Fault, forget_templates, no_waiting

NO = "the server says no to the rest"


@pytest.fixture
def office(capsys: pytest.CaptureFixture[str]) -> Iterator[Office]:
    no_waiting()
    office = Office((ANNA,), Rules(team=False))
    office.settle()
    yield office
    office.close()
    forget_templates()


def links(office: Office) -> list[tuple[str, int, bool]]:
    """State of each link, whether mxsync has made its item, and whether that is there."""
    boxes = office.place.root / "mailboxes"
    found = office.place.sql("SELECT state, made, mailbox, href FROM mxsync_links")
    return [(state, made, (boxes / mailbox / href).is_file()) for state, made, mailbox, href in found]


def serve(office: Office, *faults: Fault) -> PassReport:
    """A pass as the service makes it."""
    assert office.place.opened is not None
    office.place.opened.leases.serving = True
    try:
        report = office.place.pass_with(faults)
        assert report is not None
        return report
    finally:
        office.place.opened.leases.serving = False


@pytest.mark.parametrize("kind", ["task", "contact"])
def test_an_item_whose_second_step_is_refused_stands_for_its_record(office: Office, kind: str) -> None:
    """A task has nothing by which it could be found again but its link."""
    if kind == "task":
        office.task_made(ANNA)
    else:
        office.row_made(ANNA, shared=False)
    report = office.place.pass_with([Fault("create", "halfway")])
    assert report is not None and [sentence for _, sentence in report.set_aside] == [NO]
    assert links(office) == [("paired", 1, True)]
    office.settle()
    assert links(office) == [("paired", 1, True)]
    assert len(office.todos() + office.cards()) == len(office.tasks() + office.contacts()) == 1


def test_a_second_step_that_is_refused_for_good_rests_longer_each_time_and_is_said(office: Office) -> None:
    office.task_made(ANNA)
    never = Fault("update", "refused", times=99)
    report = serve(office, Fault("create", "halfway"), never)
    assert [sentence for _, sentence in report.set_aside] == [NO, "the server says no"]
    waits = []
    for _ in range(4):
        ((due,),) = office.place.sql("SELECT due FROM mxsync_waiting")
        waits.append(round((datetime.fromisoformat(due) - office.place.clock.now()).total_seconds() / 60))
        assert not serve(office, never).set_aside
        office.place.clock.jump(timedelta(minutes=waits[-1]))
        assert [sentence for _, sentence in serve(office, never).set_aside] == ["the server says no"]
        assert links(office) == [("paired", 1, True)]
    assert waits == [1, 2, 4, 8]
    assert "the server says no (refused 5 times" in office.place.run("status").out
    office.settle()
    assert (len(office.todos()), len(office.tasks())) == (1, 1)


def test_what_a_server_has_taken_of_a_change_is_not_a_persons_change(office: Office) -> None:
    """The row changes again before the rest is taken: there is no conflict between that and what was written."""
    office.row_made(ANNA, shared=False)
    office.settle()
    (key,) = office.contacts()
    office.row_edited(key, "JobTitle")
    office.row_edited(key, "City")
    report = office.place.pass_with([Fault("update", "halfway")])
    assert report is not None and [sentence for _, sentence in report.set_aside] == [NO]
    office.row_edited(key, "City")
    office.row_edited(key, "JobTitle")
    office.settle()
    assert not office.place.sql("SELECT action FROM mxsync_audit WHERE action = 'conflict'")


def test_a_person_who_completes_the_item_is_heard(office: Office) -> None:
    office.task_made(ANNA)
    office.place.pass_with([Fault("create", "halfway"), Fault("update", "refused", times=9)])
    (path,) = office.todos()
    office.todo_edited(path)
    office.settle()
    assert len(office.tasks()) == len(office.todos()) == 1


@pytest.mark.parametrize("rest", ["refused", "not seen"])
def test_a_removal_that_was_done_and_refused_is_no_deletion_of_a_person(
    capsys: pytest.CaptureFixture[str], rest: str
) -> None:
    no_waiting()
    office = Office((ANNA, BEN), Rules(team=False, folder="delete", table="delete", left="remove"))
    office.row_made(ANNA, shared=False)
    office.settle()
    (key,) = office.contacts()
    office.row_given(key, BEN, "Own")
    unseen = [Fault("fetch", "away", 1, 9)] if rest == "not seen" else []
    office.place.pass_with([Fault("delete", "halfway"), *unseen])
    office.settle()
    assert list(office.contacts()) == [key], "the record was deleted, and nobody has deleted it"
    assert [path.parent.parent.name for path in office.cards()] == [BEN]
    office.close()
    forget_templates()
