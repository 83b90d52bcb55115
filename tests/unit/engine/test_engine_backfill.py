"""Where a backfill stands, and which items lie in its period."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from mxsync.connectors.files import FilesConnector
from mxsync.engine.backfill import Position
from mxsync.engine.period import Period, place_of
from mxsync.engine.world import Mailbox
from mxsync.model.change import Appeared
from mxsync.model.item import Item, ItemRef, Kind, Value

NOON = datetime(2024, 2, 1, 12, tzinfo=UTC)


def item(**fields: Value) -> Item:
    return Item(Kind.MAIL, ItemRef("anna@ours.example", "Inbox", "Inbox/1.eml"), "r", fields)


@pytest.mark.parametrize(
    ("first", "last", "inside"),
    [
        (None, None, True),
        (date(2024, 2, 1), None, True),
        (date(2024, 2, 2), None, False),
        (None, date(2024, 2, 1), True),
        (None, date(2024, 1, 31), False),
        (date(2024, 2, 1), date(2024, 2, 1), True),
    ],
)
def test_days_are_both_among_the_period(first: date | None, last: date | None, inside: bool) -> None:
    assert Period(first, last).takes(item(received=NOON)) is inside
    assert Period(first, last).takes(item(received=NOON, sent=NOON - timedelta(days=99))) is inside


def test_what_has_no_date_lies_in_no_period() -> None:
    assert Period().takes(item()) and not Period(first=date(1970, 1, 1)).takes(item())


def test_a_known_item_is_taken_also_before_since(tmp_path: Path) -> None:
    mailbox = Mailbox("anna@ours.example", FilesConnector(tmp_path), date(2025, 1, 1))
    assert not mailbox.takes(item(received=NOON)) and mailbox.takes(item(received=NOON), known=True)


def test_the_order_of_the_work_is_that_of_moments_and_not_of_their_spelling() -> None:
    def at(name: str, kind: Kind, moment: datetime | None) -> Appeared:
        return Appeared(ItemRef("anna@ours.example", "Inbox", name), "r", kind, moment)

    earlier = datetime(2024, 2, 1, 12, 30, tzinfo=timezone(timedelta(hours=2)))  # half past ten in Greenwich
    changes = [
        at("d", Kind.MAIL, None), at("c", Kind.MAIL, NOON), at("b", Kind.MAIL, earlier), at("a", Kind.MAIL, NOON),
        at("z", Kind.CONTACT, None),
    ]  # fmt: skip
    assert [each.ref.href for each in sorted(changes, key=place_of)] == ["z", "b", "a", "c", "d"]


def test_a_position_is_read_as_it_was_written_and_only_in_its_scope() -> None:
    position = Position("scope", ["anna@ours.example"], "ben@ours.example", (1, NOON, "Inbox/ü.eml"))
    assert Position.read(position.text(), "scope") == position
    assert Position.read(position.text(), "another") == Position("another")
    assert Position.read("", "scope") == Position("scope")
    undated = Position("scope", [], "ben@ours.example", place_of(Appeared(ItemRef("b", "I", "x"), "r", Kind.NOTE)))
    assert Position.read(undated.text(), "scope") == undated


@pytest.mark.parametrize(
    ("position", "text"),
    [
        (Position("s"), ""),
        (Position("s", ["anna@ours.example"]), "done with anna@ours.example"),
        (Position("s", [], "ben@ours.example"), "ben@ours.example"),
        (Position("s", [], "ben@ours.example", (1, NOON, "x")), "ben@ours.example, at 2024-02-01"),
    ],
)
def test_a_position_in_words(position: Position, text: str) -> None:
    assert str(position) == Position.unfinished(position.text()) == text
    assert Position.unfinished("") == ""
