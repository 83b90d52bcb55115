"""Two cards with one address in a folder: one of them is in step with the row, the other is known as its copy. Whatever
becomes of the one and of the row, nothing is lost, and nothing that was deleted comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from mxsync.engine.verifying.report import VerifyReport
from tests.inprocess import ANNA, BEN, Place, made

ALL = ("delete", "unlink", "keep")


def rules(folder: str = "keep", table: str = "delete", conflict: str = "newest wins") -> str:
    """The sync alone decides: the shipped rule that saves a card of the category when it changes is off."""
    return (
        "use 'crm.rules'\n\nrule 'Contact by category' off\n\nsync contacts\n  between folder 'Contacts' of each user and table contact\n"
        "  into table when category 'MX-Contact' or is known contact with owner = user\n"
        f"  into folder when contact.owner is user\n  conflict {conflict}\n"
        f"  deleted in folder then {folder}\n  deleted in table then {table}\n  out of filter then remove\n"
    )


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    return made(tmp_path / "t", rules())


def card(place: Place, name: str, *lines: str, box: str = ANNA, taken: bool = True) -> Path:
    more = ["CATEGORIES:MX-Contact"] if taken else []
    text = "\n".join(("FN:Jane Doe", "EMAIL:jane@acme.example", *lines, *more))
    return place.card(text, box=box, name=f"{name}.vcf")


def two(place: Place, wanted: str) -> None:
    """One card, and later another one."""
    place.rules(wanted)
    card(place, "first", "TITLE:Buyer")
    place.settled()
    card(place, "second", "TEL:+27825550100")
    place.settled()
    assert states(place) == {"first.vcf": "paired", "second.vcf": "copy"}


def states(place: Place) -> dict[str, str]:
    """Name of a card of Anna's to what it is to its row."""
    found = place.sql("SELECT href, state FROM mxsync_links WHERE sync = 'contacts' AND mailbox = ?", ANNA)
    return {href.rpartition("/")[2]: state for href, state in found}


def names(place: Place, user: str = ANNA) -> list[str]:
    return sorted(place.mine(user))


def edit(place: Place, name: str, old: str, new: str) -> None:
    place.edit(ANNA, "Contacts", old, new, name=f"{name}.vcf")


# ------------------------------------------------------------ while both are there


def test_nothing_crosses_to_a_copy_or_from_it(place: Place) -> None:
    two(place, rules())
    second = place.mine()["second.vcf"]
    place.sql("UPDATE Contacts SET JobTitle = 'Head'")
    place.settled()
    assert "TITLE:Head" in place.mine()["first.vcf"] and place.mine()["second.vcf"] == second
    edit(place, "second", "TEL:+27825550100", "TEL:+27825550199")
    place.settled()
    assert place.sql("SELECT JobTitle, Phone, Mobile FROM Contacts") == [("Head", None, None)]
    assert states(place) == {"first.vcf": "paired", "second.vcf": "copy"}


def test_a_copy_that_gets_another_address_is_somebody_else(place: Place) -> None:
    two(place, rules())
    edit(place, "second", "jane@acme.example", "joan@acme.example")
    place.settled()
    assert place.sql("SELECT Email FROM Contacts ORDER BY 1") == [("jane@acme.example",), ("joan@acme.example",)]
    assert states(place) == {"first.vcf": "paired", "second.vcf": "paired"}


def test_verify_and_explain_call_a_copy_what_it_is(place: Place) -> None:
    two(place, rules())
    done = place.run("explain", f"{ANNA}/Contacts/second.vcf")
    assert "which another item of the folder is in step with: nothing crosses" in done.out
    place.keep_open()
    assert place.opened is not None
    report: VerifyReport = place.opened.verify(None, lambda *_: None)
    place.opened.__exit__(None, None, None)
    assert not report.found and report.pairs == 1 and report.items == {"stored": 1, "copy": 1}


# ------------------------------------------------------------ the row is deleted


def test_a_row_that_is_deleted_takes_its_card_and_lets_the_copy_go(place: Place) -> None:
    two(place, rules())
    place.sql("DELETE FROM Contacts")
    place.settled()
    assert names(place) == ["second.vcf"] and place.sql("SELECT * FROM Contacts") == []
    assert states(place) == {"second.vcf": "unlinked"}
    ((href, trace),) = place.sql("SELECT href, trace FROM mxsync_audit WHERE action = 'let go'")
    assert href == "Contacts/second.vcf" and "another item of the folder was in step with it" in trace
    edit(place, "second", "TEL:+27825550100", "TEL:+27825550199")
    place.settled()
    assert place.sql("SELECT * FROM Contacts") == []


def test_a_copy_that_was_let_go_makes_a_row_when_a_person_says_so(place: Place) -> None:
    two(place, rules())
    place.sql("DELETE FROM Contacts")
    place.settled()
    assert f"{ANNA}/Contacts/second.vcf" in place.run("review").out
    assert place.run("review", "release", f"{ANNA}/Contacts/second.vcf").code == 0
    place.settled()
    assert place.one("SELECT FullName FROM Contacts") == "Jane Doe"
    assert states(place) == {"second.vcf": "paired"}


def test_a_row_that_is_made_anew_finds_the_copy_that_was_let_go(place: Place) -> None:
    two(place, rules())
    place.sql("DELETE FROM Contacts")
    place.settled()
    place.contact("jane@acme.example", FullName="Jane Doe", OwnerID=place.user_id(ANNA))
    place.settled()
    assert states(place) == {"second.vcf": "paired"} and names(place) == ["second.vcf"]


def test_a_rule_that_saves_cards_saves_a_copy_that_was_let_go_when_it_changes(place: Place) -> None:
    two(place, rules().replace("rule 'Contact by category' off", ""))
    place.sql("DELETE FROM Contacts")
    place.settled()
    assert states(place) == {"second.vcf": "unlinked"}
    edit(place, "second", "TEL:+27825550100", "TEL:+27825550199")
    place.settled()
    assert states(place) == {"second.vcf": "paired"} and place.one("SELECT Phone FROM Contacts") == "+27825550199"


def test_with_unlink_both_cards_stay_and_none_makes_a_row(place: Place) -> None:
    two(place, rules(table="unlink"))
    place.sql("DELETE FROM Contacts")
    place.settled()
    assert states(place) == {"first.vcf": "unlinked", "second.vcf": "unlinked"}
    assert place.sql("SELECT * FROM Contacts") == []


def test_with_keep_both_cards_stay_and_make_one_row(place: Place) -> None:
    two(place, rules(table="keep"))
    place.sql("DELETE FROM Contacts")
    place.settled()
    assert sorted(states(place).values()) == ["copy", "paired"]
    assert len(place.sql("SELECT * FROM Contacts")) == 1


def test_an_edit_of_the_copy_outlives_the_deletion_of_the_row(place: Place) -> None:
    two(place, rules())
    edit(place, "second", "TEL:+27825550100", "TEL:+27825550199")
    place.sql("DELETE FROM Contacts")
    place.settled()
    assert names(place) == ["second.vcf"] and states(place) == {"second.vcf": "paired"}
    assert len(place.sql("SELECT * FROM Contacts")) == 1


def test_the_table_wins_over_an_edit_of_the_copy_where_the_rule_says_so(place: Place) -> None:
    two(place, rules(conflict="table wins"))
    edit(place, "second", "TEL:+27825550100", "TEL:+27825550199")
    place.sql("DELETE FROM Contacts")
    place.settled()
    assert names(place) == ["second.vcf"] and states(place) == {"second.vcf": "unlinked"}


def test_a_copy_that_the_filter_takes_no_more_stands_for_itself(place: Place) -> None:
    """It was taken because its address was known and the row is Anna's; of the row nothing is left that would say so."""
    card(place, "first", "TITLE:Buyer")
    place.settled()
    card(place, "second", taken=False)
    place.settled()
    assert states(place) == {"first.vcf": "paired", "second.vcf": "copy"}
    place.sql("DELETE FROM Contacts")
    place.settled()
    assert names(place) == ["second.vcf"] and states(place) == {}
    edit(place, "second", "END:VCARD", "CATEGORIES:MX-Contact\r\nEND:VCARD")
    place.settled()
    assert states(place) == {"second.vcf": "paired"}


def test_cards_of_one_person_in_several_folders_go_with_the_row_and_their_copies_stay(place: Place) -> None:
    two(place, rules())
    card(place, "bens", box=BEN)
    card(place, "bens-copy", box=BEN)
    place.settled()
    place.sql("DELETE FROM Contacts")
    place.settled()
    assert names(place) == ["second.vcf"] and len(names(place, BEN)) == 1
    assert place.sql("SELECT * FROM Contacts") == []


# ------------------------------------------------------------ the card is deleted


@pytest.mark.parametrize("folder", ALL)
def test_the_copy_takes_the_place_of_a_card_that_is_deleted(place: Place, folder: str) -> None:
    two(place, rules(folder=folder))
    (place.root / "mailboxes" / ANNA / "Contacts" / "first.vcf").unlink()
    place.settled()
    assert states(place) == {"second.vcf": "paired"} and names(place) == ["second.vcf"]
    assert place.sql("SELECT JobTitle FROM Contacts") == [("Buyer",)]
    assert "TITLE:Buyer" in place.only()
    place.sql("UPDATE Contacts SET JobTitle = 'Head'")
    place.settled()
    assert "TITLE:Head" in place.only()


@pytest.mark.parametrize(("folder", "rows"), [("delete", 0), ("unlink", 1), ("keep", 1)])
def test_the_last_card_of_a_row_is_deleted_as_the_clause_says(place: Place, folder: str, rows: int) -> None:
    two(place, rules(folder=folder))
    for name in ("first", "second"):
        (place.root / "mailboxes" / ANNA / "Contacts" / f"{name}.vcf").unlink()
    place.settled()
    assert len(place.sql("SELECT * FROM Contacts")) == rows
    assert len(names(place)) == (1 if folder == "keep" else 0)


@pytest.mark.parametrize("folder", ALL)
def test_a_card_that_is_replaced_by_a_new_one_between_two_passes_deletes_nobody(place: Place, folder: str) -> None:
    place.rules(rules(folder=folder))
    card(place, "first", "TITLE:Buyer")
    place.settled()
    (place.root / "mailboxes" / ANNA / "Contacts" / "first.vcf").unlink()
    card(place, "other", "TEL:+27825550100")
    place.settled()
    assert states(place) == {"other.vcf": "paired"} and names(place) == ["other.vcf"]
    assert place.one("SELECT JobTitle FROM Contacts") == "Buyer"


def test_a_new_card_after_one_that_was_deleted_and_let_go_is_in_step_again(place: Place) -> None:
    place.rules(rules(folder="unlink"))
    card(place, "first", "TITLE:Buyer")
    place.settled()
    (place.root / "mailboxes" / ANNA / "Contacts" / "first.vcf").unlink()
    place.settled()
    assert states(place) == {"first.vcf": "unlinked"}
    card(place, "other")
    place.settled()
    assert states(place) == {"other.vcf": "paired"} and "TITLE:Buyer" in place.only()


def test_a_copy_that_is_deleted_is_missed_by_nobody(place: Place) -> None:
    two(place, rules(folder="delete"))
    (place.root / "mailboxes" / ANNA / "Contacts" / "second.vcf").unlink()
    place.settled()
    assert states(place) == {"first.vcf": "paired"} and len(place.sql("SELECT * FROM Contacts")) == 1


def test_a_card_that_a_rule_hides_takes_its_row_along_and_the_copy_makes_its_own(place: Place) -> None:
    two(place, rules() + "\nrule 'Nothing hidden'\n  when contact category 'Hidden'\n  then skip\n")
    edit(place, "first", "CATEGORIES:MX-Contact", "CATEGORIES:MX-Contact,Hidden")
    place.settled()
    assert states(place) == {"second.vcf": "paired"}
