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
        (1500, 500, [500, 500, 500]),
        (10, 3, [3, 3, 3, 1]),
        (4, 1, [1, 1, 1, 1]),
    ],
)
def test_pages_are_full_but_for_the_last(changes: int, size: int, pages: list[int]) -> None:
    found = list(in_pages(CHANGES[:changes], size, ()))
    assert [len(page) for page in found] == pages
    assert list(chain.from_iterable(found)) == CHANGES[:changes]


def test_what_may_have_killed_a_process_goes_alone() -> None:
    suspects = {CHANGES[number].ref for number in (0, 5, 6)}
    found = list(in_pages(CHANGES[:9], 4, suspects))
    assert [[CHANGES.index(change) for change in page] for page in found] == [[0], [1, 2, 3, 4], [5], [6], [7, 8]]
