"""How the changes of a mailbox become pages."""

from __future__ import annotations

from itertools import chain

import pytest

from mxsync.engine.paging import in_pages
from mxsync.model.change import Appeared
from mxsync.model.item import ItemRef, Kind

CHANGES = [Appeared(ItemRef("anna@ours.example", "Inbox", f"Inbox/{n}.eml"), "", Kind.MAIL) for n in range(2000)]


@pytest.mark.parametrize(
    ("changes", "size", "pages"),
    [
        (0, 500, []),
        (1, 500, [1]),
        (1499, 500, [500, 500, 499]),
        (1500, 500, [62, 124, 248, 496, 570]),
        (2000, 500, [62, 124, 248, 496, 992, 78]),
        (10, 3, [1, 2, 4, 3]),
        (4, 1, [1, 2, 1]),
    ],
)
def test_of_many_items_the_first_pages_are_smaller(changes: int, size: int, pages: list[int]) -> None:
    found = list(in_pages(CHANGES[:changes], size, (), ahead=True))
    assert [len(page) for page in found] == pages
    assert all(len(page) == size for page in list(in_pages(CHANGES[:changes], size, ()))[:-1])
    assert list(chain.from_iterable(found)) == CHANGES[:changes]


def test_what_may_have_killed_a_process_goes_alone() -> None:
    suspects = {CHANGES[number].ref for number in (0, 5, 6)}
    found = list(in_pages(CHANGES[:9], 4, suspects, ahead=True))
    assert [[CHANGES.index(change) for change in page] for page in found] == [[0], [1, 2, 3, 4], [5], [6], [7, 8]]
