"""Who belongs together, what a filter or a deletion does, and when to stop."""

from __future__ import annotations

from typing import Any

import pytest

from mxsync.reconcile.brake import held_back
from mxsync.reconcile.matching import match
from mxsync.reconcile.membership import After, Step, after_deletion, step_of


def test_the_first_key_that_finds_records_decides() -> None:
    lefts = {"a": (("jane@x",), ("jane roe",)), "b": ((), ("max",)), "c": (("new@x",), ("jane roe",))}
    rights = {1: (("jane@x",), ("someone",)), 2: (("m@x",), ("max",)), 3: (("z@x",), ("jane roe",))}
    found = match(lefts, rights)
    assert found.pairs == {"a": 1, "b": 2, "c": 3}
    assert not found.unsure


def test_two_candidates_are_a_persons_business_and_nothing_is_paired_twice() -> None:
    found = match({"a": (("k",),)}, {1: (("k",),), 2: (("k",),)})
    assert found.unsure == {"a": (1, 2)}
    found = match({"a": (("k",),), "b": (("k",),)}, {1: (("k",),)})
    assert found.pairs == {"a": 1}


def test_thousands_are_matched_in_one_go() -> None:
    lefts = {number: ((f"p{number}@x.example",),) for number in range(5_000)}
    rights = {number: ((f"p{number + 2_500}@x.example",),) for number in range(5_000)}
    assert len(match(lefts, rights).pairs) == 2_500


@pytest.mark.parametrize(
    ("linked", "unlinked", "matches", "made", "remove", "step"),
    [
        (False, False, True, False, True, Step.ADD),
        (False, False, False, False, True, Step.NOTHING),
        (True, False, True, True, True, Step.FLOW),
        (True, False, False, True, True, Step.REMOVE),
        (True, False, False, False, True, Step.STAY),
        (True, False, False, True, False, Step.STAY),
        (False, True, True, True, True, Step.NOTHING),
        (False, True, False, True, True, Step.RELEASE),
    ],
)
def test_filters_that_begin_and_cease_to_match(
    linked: bool, unlinked: bool, matches: bool, made: bool, remove: bool, step: Step
) -> None:
    assert step_of(linked=linked, unlinked=unlinked, matches=matches, made=made, remove=remove) is step


@pytest.mark.parametrize(
    ("clause", "edited", "wins", "shared", "after"),
    [
        ("delete", False, "other", False, After.DELETE),
        ("delete", True, "other", False, After.FORGET),
        ("delete", True, "gone", False, After.DELETE),
        ("delete", True, "", False, After.REVIEW),
        ("delete", False, "other", True, After.UNLINK),
        ("unlink", True, "other", False, After.UNLINK),
        ("keep", False, "gone", False, After.FORGET),
    ],
)
def test_a_deletion_meets_an_edit(clause: Any, edited: bool, wins: Any, shared: bool, after: After) -> None:
    assert after_deletion(clause, edited=edited, wins=wins, shared=shared) is after


def test_the_brake() -> None:
    assert not held_back(10, 40, share=0.25, count=10)
    assert not held_back(11, 44, share=0.25, count=10)
    assert "25%" in held_back(12, 44, share=0.25, count=10)
    assert "emptied" in held_back(5, 5, share=0.25, count=10)
    assert not held_back(3, 3, share=0.25, count=10)
