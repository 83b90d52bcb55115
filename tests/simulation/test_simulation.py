"""The deterministic simulation: a short story in `make test`, longer ones by `MXSYNC_SIMULATED_HOURS`, and every seed that
has failed once."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.simulated import forget_templates, no_waiting
from tests.simulation.hours import Hours

HOURS = int(os.environ.get("MXSYNC_SIMULATED_HOURS", "2"))
FAILED: tuple[tuple[int, int, int], ...] = ()
"""(seed, users, hours) of stories that have failed, and do not any more."""


@pytest.fixture(autouse=True)
def templates(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    no_waiting()
    yield
    forget_templates()


def story(seed: int, users: int, hours: int) -> Hours:
    told = Hours(seed, users)
    try:
        told.live(hours)
    finally:
        told.office.close()
    return told


@pytest.mark.timeout(0)
def test_an_office_of_50_users_agrees_after_hours_of_traffic() -> None:
    assert story(1, 50, HOURS).hour == HOURS


@pytest.mark.timeout(0)
@pytest.mark.parametrize(("seed", "users", "hours"), [(1, 4, 24), *FAILED])
def test_a_small_office_agrees_after_a_day(seed: int, users: int, hours: int) -> None:
    assert story(seed, users, hours).hour == hours


def test_a_seed_tells_the_same_story_each_time() -> None:
    one, other = story(5, 3, 2), story(5, 3, 2)
    assert one.office.ledger.order == other.office.ledger.order
    assert one.office.ledger.last == other.office.ledger.last
    assert one.office.place.clock.at == other.office.place.clock.at
