"""Many users' filters over one table: a change reaches the folders that name the row, before and after, and costs what
the change costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.filtered import EACH, Cost, Crowd, crowd


def change(found: Crowd, statement: str, *values: object) -> Cost:
    found.place.sql(statement, *values)
    _, cost = found.passed()
    return cost


def test_a_change_reaches_the_folders_whose_filter_names_the_row_before_and_after(tmp_path: Path) -> None:
    with crowd(tmp_path / "t", users=12, rows=600) as found:
        a, b = found.users[2], found.users[7]
        everybody = dict.fromkeys(found.users, EACH)
        assert found.holders("Contacts") == found.holders("Region") == everybody
        row = found.place.one("SELECT min(ContactID) FROM Contacts WHERE OwnerID = ?", found.user_id(a))
        files = found.place.files()
        change(found, "UPDATE Contacts SET OwnerID = ? WHERE ContactID = ?", found.user_id(b), row)
        assert found.holders("Contacts") == {**everybody, a: EACH - 1, b: EACH + 1}
        touched = {name for name, _ in files.items() ^ found.place.files().items() if ".trash" not in name}
        assert len(touched) == 2 and {name.split("/")[1] for name in touched} == {a, b}
        change(found, "UPDATE Contacts SET OwnerID = NULL WHERE ContactID = ?", row)
        assert found.holders("Contacts") == {**everybody, a: EACH - 1}
        # two users of a region lose the row, two of another get it
        row = found.place.one("SELECT min(ContactID) FROM Contacts WHERE Country = 'R1'")
        change(found, "UPDATE Contacts SET Country = 'R4' WHERE ContactID = ?", row)
        moved = {**everybody, **dict.fromkeys(found.users[2:4], EACH - 1), **dict.fromkeys(found.users[8:10], EACH + 1)}
        assert found.holders("Region") == moved
        change(found, "UPDATE Contacts SET CompanyID = NULL WHERE ContactID = ?", row)
        assert found.holders("Region") == {**moved, **dict.fromkeys(found.users[8:10], EACH)}
        change(found, "UPDATE Users SET Region = 'R0' WHERE UserID = ?", found.user_id(found.users[11]))
        assert found.holders("Region")[found.users[11]] == EACH


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE Contacts SET JobTitle = 'Chief' WHERE ContactID = 1",
        "UPDATE Contacts SET OwnerID = 2 WHERE ContactID = 1",
        "UPDATE Contacts SET Country = 'R0' WHERE ContactID = 2",
    ],
)
def test_a_change_costs_the_same_in_a_table_twenty_times_as_large(tmp_path: Path, statement: str) -> None:
    costs = []
    for rows in (200, 4_000):
        with crowd(tmp_path / str(rows), users=8, rows=rows) as found:
            costs.append(change(found, statement))
    small, large = costs
    assert len(large.statements) <= len(small.statements) + 2
    assert large.steps < small.steps * 1.2


def test_more_users_cost_no_statements_for_their_filters(tmp_path: Path) -> None:
    """Looking into each mailbox costs its statements; the filters of a changed row cost none for each user."""
    counts = []
    for users in (6, 24):
        with crowd(tmp_path / str(users), users=users, rows=300) as found:
            idle = len(found.passed()[1].statements)
            busy = len(change(found, "UPDATE Contacts SET OwnerID = 2 WHERE ContactID = 1").statements)
            counts.append(busy - idle)
    assert counts[1] <= counts[0] + 4
