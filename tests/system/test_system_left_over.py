"""What the journal intends and a process leaves without an outcome: deaths are counted, refusals rest, and what a busy
mailbox holds up stands as it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from mxsync.bootstrap import holding
from mxsync.engine import performing
from mxsync.model.outcome import PassReport
from mxsync.ports.leases import SYNCS
from mxsync.tracking.leases import TERM
from tests.agreement import Rules
from tests.inprocess import ANNA, Killed
from tests.office import Office
from tests.simulated import Fault, Simulated, forget_templates, one_mailbox, people

RULES = "use 'crm.rules'\n"
DIED = "mxsync died 3 times while doing this"
NOT_SEEN = "whether it was done cannot be seen now"


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Simulated]:
    with one_mailbox(tmp_path / "t", RULES, ANNA) as place:
        yield place


def settled(place: Simulated, number: int) -> None:
    place.passes()
    files, rows = place.files(), place.dump()
    report = place.passes()
    assert (place.files(), place.dump()) == (files, rows) and not report.set_aside
    assert len(place.mine()) == place.count_rows("Contacts") == number


def serve(place: Simulated) -> PassReport:
    """A pass as the service makes it, which does not try at once what was put off."""
    assert place.opened is not None
    place.opened.leases.serving = True
    try:
        return place.passes()
    finally:
        place.opened.leases.serving = False


# ---------------------------------------------------------------- deaths


def deadly(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A write of the item with that name kills whoever performs it."""
    perform_item = performing.perform_item

    def perform(connector: Any, intent: Any, known: str) -> Any:
        if name in str(intent.payload["fields"]) or name in intent.ref.href:
            raise Killed(name)
        return perform_item(connector, intent, known)

    monkeypatch.setattr(performing, "perform_item", perform)


def deaths_until_a_pass_ends(place: Simulated) -> tuple[int, PassReport]:
    deaths = 0
    while (report := place.pass_with()) is None:
        deaths += 1
        assert deaths < 9
    return deaths, report


def test_a_write_that_kills_three_times_is_given_up_and_all_others_are_done(
    place: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(place, 5)
    deadly(monkeypatch, "P2")
    deaths, report = deaths_until_a_pass_ends(place)
    assert deaths == 3
    assert [sentence for _, sentence in report.set_aside if sentence.startswith(DIED)] and len(report.set_aside) == 1
    assert len(place.mine()) == 4
    assert DIED in place.run("status").out
    for _ in range(2):
        assert not place.passes().set_aside  # it is left alone
    monkeypatch.undo()
    place.sql("UPDATE Contacts SET JobTitle = 'Boss' WHERE FullName = 'P2'")
    settled(place, 5)
    assert any("TITLE:Boss" in text for text in place.mine().values())


def test_a_change_that_kills_leaves_its_item_alone_until_that_changes(
    place: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(place, 3)
    place.settled()
    name = next(name for name, text in place.mine().items() if "FN:P1" in text)
    deadly(monkeypatch, name)
    place.sql("UPDATE Contacts SET JobTitle = 'Boss'")
    deaths, report = deaths_until_a_pass_ends(place)
    assert deaths == 3 and [ref for ref, _ in report.set_aside] == [f"{ANNA}/Contacts/{name}"]
    assert sum("TITLE:Boss" in text for text in place.mine().values()) == 2
    assert name in place.run("status").out
    monkeypatch.undo()
    place.edit(ANNA, "Contacts", "END:VCARD", "NICKNAME:Pip\r\nEND:VCARD", name)
    settled(place, 3)
    assert all("TITLE:Boss" in text for text in place.mine().values())


@pytest.mark.parametrize("seen", [True, False])
def test_an_item_that_kills_when_it_is_made_stands_for_its_record(monkeypatch: pytest.MonkeyPatch, seen: bool) -> None:
    """It is there, and the process dies before it can note so. A task has nothing else by which it could be found."""
    office = Office((ANNA,), Rules())
    perform_item = performing.perform_item

    def perform(connector: Any, intent: Any, known: str) -> Any:
        perform_item(connector, intent, known)
        raise Killed("made")

    try:
        office.settle()
        monkeypatch.setattr(performing, "perform_item", perform)
        office.task_made(ANNA)
        for _ in range(3):
            assert office.place.pass_with() is None
        monkeypatch.undo()
        office.place.pass_with() if seen else office.place.pass_with([Fault("made", "refused", times=99)])
        assert (len(office.todos()), len(office.tasks())) == (1, 1)
        office.todo_edited(office.todos()[0])
        office.settle()
        assert (len(office.todos()), len(office.tasks())) == (1, 1)
    finally:
        office.close()
        forget_templates()


def test_an_effect_of_a_rule_that_kills_is_given_up_as_well(place: Simulated, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        place.mail(f"p{number}@acme.example", subject=f"hello {number}", categories=["Create Contact"])
    place.put_in_force(RULES + "rule 'Seen'\n  when mail subject starts with 'hello'\n  then categorize 'Seen'\n")
    edit = performing._edit

    def perform(world: Any, connector: Any, intent: Any) -> Any:
        if intent.ref.href.endswith("00002.eml"):
            raise Killed("00002.eml")
        return edit(world, connector, intent)

    monkeypatch.setattr(performing, "_edit", perform)
    deaths, report = deaths_until_a_pass_ends(place)
    assert deaths == 3 and [ref for ref, _ in report.set_aside] == [f"{ANNA}/Inbox/00002.eml"]
    inbox = place.root / "mailboxes" / ANNA / "Inbox"
    assert [b"Seen" in path.read_bytes() for path in sorted(inbox.glob("*.eml"))] == [True, False, True]
    assert not place.passes().set_aside


@pytest.mark.parametrize("point", ["journal.before-perform", "journal.performed", "left.begun"])
def test_a_write_that_got_its_outcome_is_forgiven(place: Simulated, point: str) -> None:
    people(place, 1)
    place.settled()
    for number in range(6):
        place.sql("UPDATE Contacts SET JobTitle = ?", f"Boss {number}")
        place.pass_with(kill="journal.before-perform")
        place.pass_with(kill=point)
        assert place.pass_with() is not None
        assert place.sql("SELECT count(*) FROM mxsync_journal WHERE begun <> 0") == [(0,)]
    settled(place, 1)
    assert "TITLE:Boss 5" in place.only()


# ---------------------------------------------------------------- refusals


def put_off(place: Simulated) -> list[int]:
    """For how many minutes from now the writes rest that were refused."""
    now = place.clock.now()
    rows = place.sql("SELECT due FROM mxsync_waiting WHERE due <> ''")
    return [round((datetime.fromisoformat(due) - now).total_seconds() / 60) for (due,) in rows]


def test_a_write_that_is_refused_rests_longer_each_time(place: Simulated) -> None:
    people(place, 1)
    waits = []
    for _ in range(6):
        place.faults = [Fault("create", "refused", 1, 9)]
        report = serve(place)
        assert [sentence for _, sentence in report.set_aside] == ["the server says no"]
        (minutes,) = put_off(place)
        waits.append(minutes)
        assert not serve(place).set_aside  # not tried before its time
        place.clock.jump(timedelta(minutes=minutes))
    place.faults = []
    assert waits == [1, 2, 4, 8, 16, 32]
    assert "refused 6 times, tried again at " in place.run("status").out
    serve(place)
    settled(place, 1)


def test_what_the_database_refuses_rests_longer_each_time_as_well(place: Simulated) -> None:
    people(place, 1)
    serve(place)
    place.sql("CREATE TRIGGER no BEFORE UPDATE ON Contacts BEGIN SELECT RAISE(ABORT, 'the table says no'); END")
    place.edit(ANNA, "Contacts", "END:VCARD", "TITLE:Boss\r\nEND:VCARD")
    waits = []
    for _ in range(4):
        assert [sentence for _, sentence in serve(place).set_aside] == [
            "the database refuses the row: the table says no"
        ]
        (minutes,) = put_off(place)
        waits.append(minutes)
        assert not serve(place).set_aside  # not tried before its time, and still listed
        assert "the table says no" in place.run("status").out
        place.clock.jump(timedelta(minutes=minutes))
    assert waits == [1, 2, 4, 8]
    place.sql("DROP TRIGGER no")
    assert not serve(place).set_aside
    assert place.one("SELECT JobTitle FROM Contacts") == "Boss" and not put_off(place)
    assert "the table says no" not in place.run("status").out


def test_a_person_who_starts_a_pass_has_it_tried_at_once(place: Simulated) -> None:
    people(place, 1)
    place.faults = [Fault("create", "refused", 1, 1)]
    assert serve(place).set_aside
    assert place.mine() == {}
    assert not serve(place).set_aside and place.mine() == {}
    assert not place.passes().set_aside and len(place.mine()) == 1


def test_what_a_person_changes_is_tried_at_once(place: Simulated) -> None:
    people(place, 1)
    place.faults = [Fault("create", "refused", 1, 1)]
    assert serve(place).set_aside
    place.sql("UPDATE Contacts SET JobTitle = 'Boss'")
    serve(place)
    assert "TITLE:Boss" in place.only()


# ---------------------------------------------------------------- a mailbox that is busy


def taken(place: Simulated, name: str) -> None:
    """Another machine works there."""
    assert place.opened is not None
    with place.opened._store.transaction() as unit:
        unit.tracking.take_lease(name, "elsewhere 7 7.00", place.clock.now())


def given_back(place: Simulated, name: str) -> None:
    place.sql("UPDATE mxsync_leases SET holder = '' WHERE name = ?", name)


def test_an_item_left_over_by_a_dead_process_in_a_busy_mailbox_is_not_taken_for_a_persons(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A task has nothing by which it is found again but what the journal knows of it."""
    monkeypatch.setattr(holding, "_COMMAND", 0.0)
    office = Office((ANNA,), Rules())
    place = office.place
    try:
        office.settle()
        for _ in range(2):
            office.task_made(ANNA)
        office.passed(kill="journal.performed")
        assert (len(office.todos()), len(office.tasks())) == (1, 2)  # one is made, and nobody noted so
        taken(place, SYNCS)  # another carries the syncs out: this one reads the mailbox, and finds the new item
        place.passes()
        given_back(place, SYNCS)
        taken(place, ANNA)  # now another reads the mailbox, and this one carries the syncs out
        place.passes()
        assert len(office.tasks()) == 2
        given_back(place, ANNA)
        place.clock.jump(TERM)
        office.settle()
        assert len(office.todos()) == len(office.tasks()) == 2
    finally:
        office.close()


def test_a_rule_that_saves_makes_no_second_row_of_an_item_whose_making_was_not_answered(place: Simulated) -> None:
    place.put_in_force(
        RULES + "rule 'Keep'\n  when task subject is not empty\n  then save\n\n"
        "sync tasks\n  between folder 'Tasks' of each user and table task\n  into folder when task.owner is user\n"
    )
    place.settled()
    place.sql("INSERT INTO Tasks (Subject, UserID) VALUES ('Call', ?)", place.user_id())
    for _ in range(3):
        place.pass_with([Fault("create", "lost", 1, 9)])
        assert len(place.mine(ANNA, "Tasks")) == 1
    assert place.count_rows("Tasks") == 1
    place.settled()
    assert (place.count_rows("Tasks"), len(place.mine(ANNA, "Tasks"))) == (1, 1)


@pytest.mark.parametrize("method", ["create", "fetch"])
def test_what_rests_is_tried_within_a_day_though_the_clock_was_set_back(place: Simulated, method: str) -> None:
    people(place, 1)
    if method == "fetch":  # a look at what may have been done
        place.pass_with([Fault("create", "lost", times=9), Fault("fetch", "refused", times=99)])
    place.faults = [Fault(method, "refused", times=99)]
    assert serve(place).set_aside
    place.clock.jump(timedelta(days=-3))
    assert serve(place).set_aside
    assert not serve(place).set_aside  # and rests again, as long as before
    place.faults = []
    place.clock.jump(timedelta(days=1))
    serve(place)
    settled(place, 1)


def test_a_look_that_is_refused_rests_longer_each_time(place: Simulated) -> None:
    """Whether an item was made is not known, and the server does not let it be looked at."""
    people(place, 1)
    place.pass_with([Fault("create", "lost", times=9), Fault("fetch", "refused", times=99)])
    waits = []
    for _ in range(5):
        place.faults = [Fault("fetch", "refused", times=99)]
        report = serve(place)
        assert [NOT_SEEN in sentence for _, sentence in report.set_aside] == [True]
        ((due,),) = place.sql("SELECT due FROM mxsync_journal WHERE state = 'intended'")
        waits.append(round((datetime.fromisoformat(due) - place.clock.now()).total_seconds() / 60))
        assert not serve(place).set_aside  # not looked at before its time
        place.clock.jump(timedelta(minutes=waits[-1]))
    assert waits == [1, 2, 4, 8, 16]
    assert "not let be seen 5 times, looked at again " in place.run("status").out
    place.faults = [Fault("fetch", "refused", times=99)]
    serve(place)
    assert place.passes().set_aside  # a person who starts a pass has it looked at at once
    place.faults = []
    settled(place, 1)


@pytest.mark.parametrize("kill", ["", "journal.performed"])
def test_a_plan_has_nothing_to_do_with_an_item_whose_making_was_not_answered(place: Simulated, kill: str) -> None:
    """As the pass: it looks up what was left, and no rule decides about that."""
    place.put_in_force(
        RULES + "rule 'Keep'\n  when task subject is not empty\n  then save\n\n"
        "sync tasks\n  between folder 'Tasks' of each user and table task\n  into folder when task.owner is user\n"
    )
    place.settled()
    place.sql("INSERT INTO Tasks (Subject, UserID) VALUES ('Call', ?)", place.user_id())
    place.pass_with([] if kill else [Fault("create", "lost", 1, 9)], kill=kill)
    assert len(place.mine(ANNA, "Tasks")) == 1
    assert place.opened is not None
    plan = place.opened.plan(None, lambda *_: None)
    assert (dict(plan.report.created), plan.decisions) == ({}, [])
    assert plan.report.syncs == [("tasks", f"{ANNA}/Tasks", "add task, if that was not done before")]
    report = place.opened.sync(None, lambda *_: None, Event(), expected_digest=plan.digest)
    assert not report.created and not report.items and not report.set_aside
    assert (place.count_rows("Tasks"), len(place.mine(ANNA, "Tasks"))) == (1, 1)
    assert place.opened.plan(None, lambda *_: None).report.syncs == []
