"""A rule takes back the row that it made of a card: not when somebody has worked on it since, and not when a sync keeps it
in step with a card that somebody else has made, which nobody has deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.inprocess import ANNA, Place, made

RULES = (
    "use 'crm.rules'\n\n"
    "rule 'Nothing hidden' priority 100\n  when contact category 'Hidden'\n  then skip\n\n"
    "sync team\n  between public folder 'Team' and table contact\n"
    "  into table when is known contact\n  into folder when contact.status = 'Client'\n"
    "  deleted in table then delete\n  deleted in folder then unlink\n  out of filter then keep\n"
)
CARD = "FN:Jane Doe\nEMAIL:jane@acme.example"


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    place = made(tmp_path / "t", RULES)
    place.card(CARD + "\nCATEGORIES:MX-Contact", name="jane.vcf")
    place.settled()
    assert place.count_rows("Contacts") == 1
    return place


def team(place: Place) -> list[str]:
    return sorted(path.name for path in (place.root / "mailboxes/public/Team").rglob("*.vcf"))


def hide(place: Place) -> None:
    place.edit(ANNA, "Contacts", "MX-Contact", "MX-Contact,Hidden", name="jane.vcf")
    place.settled()


def test_a_card_that_a_person_made_keeps_the_row(place: Place) -> None:
    place.card(CARD, box="public", folder="Team", name="ours.vcf")
    place.settled()
    assert place.sql("SELECT made FROM mxsync_links WHERE sync = 'team'") == [(0,)]
    hide(place)
    assert (place.count_rows("Contacts"), team(place)) == (1, ["ours.vcf"])
    assert place.sql("SELECT action FROM mxsync_audit WHERE action = 'withdraw'") == []
    (place.root / "mailboxes/public/Team/ours.vcf").unlink()  # nobody's any more but that of the hidden card
    place.settled()
    place.edit(ANNA, "Contacts", "FN:Jane Doe", "FN:Jane R. Doe", name="jane.vcf")
    place.settled()
    assert place.count_rows("Contacts") == 0


def test_a_card_that_the_sync_made_goes_with_the_row(place: Place) -> None:
    place.sql("UPDATE Contacts SET Status = 'Client'")
    place.settled()
    assert len(team(place)) == 1
    place.sql("UPDATE Contacts SET Status = NULL")
    place.settled()
    hide(place)
    assert (place.count_rows("Contacts"), team(place)) == (0, [])


@pytest.mark.parametrize("where", ["in the table", "in a card that the sync made"])
def test_what_a_person_has_added_since_is_for_review(place: Place, where: str) -> None:
    place.sql("UPDATE Contacts SET Status = 'Client'")
    place.settled()
    ((name,), (number,)) = team(place), place.sql("SELECT count(*) FROM mxsync_review")[0]
    if where == "in the table":
        place.sql("UPDATE Contacts SET Comments = 'Likes tea'")
    else:
        place.edit("public", "Team", "END:VCARD", "NOTE:Likes tea\r\nEND:VCARD", name=name)
    place.settled()
    hide(place)
    assert place.sql("SELECT Comments FROM Contacts") == [("Likes tea",)] and team(place) == [name]
    (waits,) = place.run("review", "--format", "json").document["held"][number:]
    assert "would be withdrawn, but a person has edited it" in waits["why"]
    place.run("review", "accept", str(waits["number"]))
    place.settled()
    assert (place.count_rows("Contacts"), team(place)) == (0, [])
    assert len(place.mine()) == 1  # the hidden card itself, which is taken no more


def test_what_a_person_has_added_stays_when_that_is_rejected(place: Place) -> None:
    place.sql("UPDATE Contacts SET Comments = 'Likes tea'")
    place.settled()
    hide(place)
    (waits,) = place.run("review", "--format", "json").document["held"]
    place.run("review", "reject", str(waits["number"]))
    place.settled()
    assert place.sql("SELECT Comments FROM Contacts") == [("Likes tea",)]
