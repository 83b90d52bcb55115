"""Syncs where the server itself keeps which rows were changed, whose part SQLite plays (`tests.tracked`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from mxsync.dialects.sqlite import Sqlite
from tests.inprocess import ANNA, RULES, Place, made
from tests.tracked import Kept

TEXT = RULES + (
    "sync contacts\n  between folder 'Contacts' of each user and table contact\n"
    "  into table when category 'MX-Contact'\n  into folder when contact.owner is user\n"
    "  deleted in folder then delete\n  deleted in table then delete\n  out of filter then remove\n"
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(Sqlite, "change_tracking", Kept())
    found = made(tmp_path / "t", TEXT, (ANNA,))
    found.run("schema", "remove", "--yes")
    config = found.root / "mxsync.toml"
    config.write_text(config.read_text().replace("[database]\n", '[database]\nchanges = "change tracking"\n', 1))
    found.passes()
    for number in range(3):
        found.contact(f"p{number}@acme.example", FullName=f"Pat {number}", OwnerID=found.user_id())
    found.settled()
    assert len(found.mine()) == 3
    return found


def named(place: Place) -> list[str]:
    return sorted(text.partition("\nFN:")[2].splitlines()[0] for text in place.mine().values())


def test_rows_and_items_are_in_step(place: Place) -> None:
    assert place.sql(
        "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'mxsync!_%' ESCAPE '!'"
    ) == [(0,)]
    place.sql("UPDATE Contacts SET FullName = 'Pat Changed' WHERE Email = 'p0@acme.example'")
    place.sql("DELETE FROM Contacts WHERE Email = 'p1@acme.example'")
    place.card("FN:Card New\nN:New;Card\nEMAIL:new@acme.example\nCATEGORIES:MX-Contact")
    place.settled()
    assert named(place) == ["Card New", "Pat 2", "Pat Changed"]
    assert sorted(place.sql("SELECT FullName FROM Contacts")) == [("Card New",), ("Pat 2",), ("Pat Changed",)]


def test_when_the_server_has_forgotten_all_rows_are_compared_and_no_item_goes(place: Place) -> None:
    place.sql("UPDATE Contacts SET FullName = 'Pat Changed' WHERE Email = 'p0@acme.example'")
    place.sql("DELETE FROM Contacts WHERE Email = 'p1@acme.example'")
    place.contact("p3@acme.example", FullName="Pat 3", OwnerID=place.user_id())
    place.sql("UPDATE kept_from SET oldest = (SELECT seq FROM sqlite_sequence WHERE name = 'kept')")
    place.sql("DELETE FROM kept")
    place.settled()
    assert named(place) == ["Pat 1", "Pat 2", "Pat 3", "Pat Changed"]
    place.sql("DELETE FROM Contacts WHERE Email = 'p2@acme.example'")
    place.settled()
    assert named(place) == ["Pat 1", "Pat 3", "Pat Changed"]
