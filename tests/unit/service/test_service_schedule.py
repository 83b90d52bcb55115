"""Which mailbox is next, and when."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mxsync.service.schedule import FIRST_PAUSE, LONGEST_PAUSE, SETTLE, Schedule


def test_all_are_due_at_first_and_then_after_the_poll() -> None:
    schedule = Schedule(["a", "b"], poll=60)
    assert schedule.wait(100) == 0
    for expected in ("a", "b"):
        assert schedule.next(100) == expected
        schedule.begin(expected)
        schedule.succeeded(expected, 100)
    assert schedule.next(100) is None
    assert schedule.wait(100) == 60
    assert schedule.next(160) == "a"


def test_a_mailbox_whose_server_tells_of_changes_is_not_polled() -> None:
    schedule = Schedule(["a"], poll=60)
    schedule.trust(["a", "unknown"], told=True)
    schedule.begin("a")
    schedule.succeeded("a", 0)
    assert schedule.wait(0) is None
    assert schedule.next(1e9) is None
    schedule.changed("a", 1000)
    assert schedule.next(1000) is None
    assert schedule.next(1000 + SETTLE) == "a"


def test_what_was_set_aside_is_looked_at_again() -> None:
    schedule = Schedule(["a"], poll=60)
    schedule.trust(["a"], told=True)
    schedule.begin("a")
    schedule.succeeded("a", 0, again_after=900)
    assert schedule.wait(0) == 900


def test_a_change_during_a_pass_makes_it_due_again() -> None:
    schedule = Schedule(["a"], poll=60)
    schedule.begin("a")
    schedule.changed("a", 10)
    schedule.succeeded("a", 10.01)
    assert schedule.next(10 + SETTLE) == "a"


def test_a_failing_mailbox_rests_longer_each_time_and_is_not_woken_by_changes() -> None:
    schedule = Schedule(["a", "b"], poll=60)
    pauses = []
    for _ in range(12):
        schedule.begin("a")
        pauses.append(schedule.failed("a", 0, "no answer"))
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE
    schedule.changed("a", 1)
    assert schedule.next(1) == "b"
    schedule.begin("b")
    assert schedule.next(LONGEST_PAUSE) == "a"
    schedule.begin("a")
    schedule.succeeded("a", LONGEST_PAUSE)
    assert (schedule.slots["a"].failures, schedule.slots["a"].error) == (0, "")


def test_a_server_may_ask_for_a_longer_rest() -> None:
    schedule = Schedule(["a"], poll=60)
    assert schedule.failed("a", 0, "slower, please", retry_after=77.0) == 77.0


def test_an_unknown_mailbox_changes_nothing() -> None:
    schedule = Schedule(["a"], poll=60)
    schedule.begin("a")
    schedule.succeeded("a", 0)
    schedule.changed("zoe", 0)
    assert schedule.wait(0) == 60


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["changed", "ok", "bad"])), max_size=40))
def test_no_mailbox_is_ever_forgotten_while_it_is_polled(events: list[tuple[str, str]]) -> None:
    schedule = Schedule("abc", poll=60)
    now = 0.0
    for mailbox, event in events:
        now += 1
        if event == "changed":
            schedule.changed(mailbox, now)
            continue
        schedule.begin(mailbox)
        if event == "ok":
            schedule.succeeded(mailbox, now)
        else:
            schedule.failed(mailbox, now, "no answer")
    seen = set()
    for _ in range(3):
        mailbox = schedule.next(now + LONGEST_PAUSE)
        assert mailbox is not None
        seen.add(mailbox)
        schedule.begin(mailbox)
    assert seen == set("abc")
