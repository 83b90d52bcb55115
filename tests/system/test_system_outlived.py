"""What outlives a deletion, and what a database has refused: neither is lost from sight."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from mxsync.bootstrap import parts
from mxsync.engine.world import World
from tests.inprocess import ANNA, BEN, Place, made

RULES = (
    "use 'crm.rules'\n\n"
    "sync contacts\n  between folder 'Contacts' of each user and table contact\n  into table\n"
    "  into folder when contact.owner is user\n  deleted in folder then delete\n  deleted in table then delete\n"
)


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    return made(tmp_path / "t", RULES)


def card(number: int, more: str = "") -> str:
    return f"FN:Jane{number} Doe\nEMAIL:jane{number}@acme.example{more}"


def handed_over(place: Place, number: int) -> None:
    """A card goes from one person's folder into another's."""
    home = place.root / "mailboxes"
    (home / BEN / "Contacts").mkdir(parents=True, exist_ok=True)
    (home / ANNA / "Contacts" / f"{number}.vcf").rename(home / BEN / "Contacts" / f"{number}.vcf")


@pytest.mark.parametrize("page", [500, 2])
def test_cards_that_go_from_one_folder_into_another_keep_their_rows(
    place: Place, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as the brake would hold, and in pages of which none has both ends of a move."""
    monkeypatch.setattr(parts, "World", partial(World, page=page))
    for number in range(14):
        place.card(card(number), name=f"{number}.vcf")
    place.settled()
    keys = place.sql("SELECT ContactID, Email FROM Contacts ORDER BY 1")
    for number in range(14):
        handed_over(place, number)
    report = place.settled()
    assert place.sql("SELECT ContactID, Email FROM Contacts ORDER BY 1") == keys and not report.stopped_by_brake
    assert (len(place.mine(BEN)), place.mine()) == (14, {})
    place.edit(BEN, "Contacts", "Jane3 Doe", "Jane3 Roe", name="3.vcf")
    place.settled()
    assert place.sql("SELECT count(*) FROM Contacts WHERE FullName = 'Jane3 Roe'") == [(1,)]


def test_a_card_that_is_deleted_when_somebody_else_has_one_takes_the_row_along(place: Place) -> None:
    """As the rule says: only who has put a card there since wants the row."""
    place.card(card(1), name="1.vcf")
    place.settled()
    place.card(card(1), name="own.vcf", box=BEN)
    place.settled()
    (place.root / "mailboxes" / ANNA / "Contacts" / "1.vcf").unlink()
    place.settled()
    assert (place.count_rows("Contacts"), place.mine(BEN)) == (0, {})


def test_what_the_database_refuses_stays_in_sight_and_is_tried_again(place: Place) -> None:
    place.sql("CREATE UNIQUE INDEX one_phone ON Contacts (Phone)")
    for number in (1, 2, 3):
        place.card(card(number, f"\nTEL;TYPE=WORK:+2782555010{number // 3}"), name=f"{number}.vcf")
    sentence = "the database refuses the row: there is a row with the same Contacts.Phone"
    for _ in range(3):
        report = place.passes()
        assert report.set_aside == [(f"{ANNA}/Contacts/2.vcf", sentence)]
        assert place.count_rows("Contacts") == 2
        assert sentence in place.run("status").out
    place.sql("UPDATE Contacts SET Phone = '+27825550199' WHERE Email = 'jane1@acme.example'")
    assert not place.settled().set_aside
    assert place.count_rows("Contacts") == 3
    assert "set aside" not in place.run("status").out
