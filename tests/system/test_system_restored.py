"""An older backup comes back: of what mxsync remembers, of the CRM, of both. No item and no row is deleted for that,
nothing is doubled, and the passes after it come to rest."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mxsync.engine import restored
from mxsync.engine.world import World
from tests.inprocess import ANNA, BEN, RULES, Killed, Place, made

TEXT = RULES + (
    "sync contacts\n  between folder 'Contacts' of each user and table contact\n"
    "  into table when category 'MX-Contact'\n  into folder when contact.owner is user\n"
    "  deleted in folder then delete\n  deleted in table then delete\n  out of filter then remove\n"
)
FILES = ("state.db", "crm.db")


def keep(place: Place, folder: Path) -> None:
    """A backup, as an administrator makes it between two passes."""
    folder.mkdir()
    for name in FILES:
        shutil.copy(place.root / name, folder / name)


def restore(place: Place, folder: Path, names: tuple[str, ...]) -> None:
    for name in names:
        for ending in ("", "-wal", "-shm"):
            (place.root / f"{name}{ending}").unlink(missing_ok=True)
        shutil.copy(folder / name, place.root / name)


def person(place: Place, number: int) -> None:
    """One that begins as a row, one that begins as a card, one that begins as a mail."""
    place.contact(f"row{number}@acme.example", FullName=f"Row {number}", FirstName="Row", LastName=str(number),
                  OwnerID=place.user_id())  # fmt: skip
    place.card(f"FN:Card {number}\nN:{number};Card\nEMAIL:card{number}@acme.example\nCATEGORIES:MX-Contact")
    place.mail(
        f"Pat Moor {number} <pat{number}@acme.example>", subject=f"hello {number}", categories=["Create Contact"]
    )


def addresses(place: Place) -> list[str]:
    return sorted(str(address) for (address,) in place.sql("SELECT Email FROM Contacts"))


def cards(place: Place) -> dict[str, int]:
    """How often each address stands in the folder."""
    found: dict[str, int] = {}
    for text in place.mine().values():
        for line in text.splitlines():
            if line.startswith("EMAIL"):
                address = line.rpartition(":")[2]
                found[address] = found.get(address, 0) + 1
    return found


@pytest.mark.parametrize(
    ("names", "filters", "kill"),
    [
        (("state.db",), "the same", ""),
        (("crm.db",), "the same", ""),
        (("crm.db",), "others", ""),
        (("crm.db",), "the same", "restored.before-commit"),
        (FILES, "the same", ""),
    ],
    ids=["tracking", "crm", "crm and other filters", "crm, and a kill", "both"],
)
def test_an_older_backup_deletes_nothing_and_doubles_nothing(
    tmp_path: Path, names: tuple[str, ...], filters: str, kill: str
) -> None:
    place = made(tmp_path / "t", TEXT)
    place.run("schema", "remove", "--yes")  # which lay beside the tables: from here on they have a file of their own
    text = (place.root / "mxsync.toml").read_text()
    (place.root / "mxsync.toml").write_text(f'{text}\n[state]\nurl = "sqlite:///state.db"\n')
    person(place, 1)
    place.settled()
    assert not place.sql("SELECT 1 FROM sqlite_master WHERE name = 'mxsync_items'")
    keep(place, tmp_path / "backup")
    person(place, 2)
    # After the backup one is edited on each side as well.
    place.sql("UPDATE Contacts SET JobTitle = 'Head' WHERE Email = 'row1@acme.example'")
    (name,) = [name for name, text in place.mine().items() if "card1@" in text]
    place.edit(ANNA, "Contacts", "FN:Card 1", "FN:Card One", name)
    place.settled()
    rows, items = addresses(place), cards(place)
    assert len(rows) == 6 and len(items) == 6
    mails = place.count_rows("Emails")
    restore(place, tmp_path / "backup", names)
    there = addresses(place)
    if filters == "others":  # then all pairs are looked at, also those of which one side is gone
        place.rules(TEXT.replace("when category 'MX-Contact'\n", "when category 'MX-Contact' or category 'Other'\n"))
    if kill:
        with pytest.raises(Killed):
            place.passes(kill=kill)
    for _ in range(3):
        place.passes()
        assert cards(place).keys() >= items.keys(), "an item is gone"
        assert set(addresses(place)) >= set(there), "a row is gone"
    assert not list((place.root / "mailboxes").rglob(".trash/**/*.vcf"))
    assert set(cards(place).values()) == {1} and len(set(addresses(place))) == len(addresses(place)), "doubled"
    assert place.count_rows("Emails") <= mails
    # Whoever changes an item or a row afterwards is followed; that an item is looked at deletes nothing either.
    for name in place.mine():
        place.edit(ANNA, "Contacts", "VERSION:3.0", "VERSION:3.0\r\nNOTE:seen", name)
    for _ in range(2):
        place.passes()
    assert cards(place).keys() >= items.keys() and set(addresses(place)) >= set(there)
    assert set(cards(place).values()) == {1} and len(set(addresses(place))) == len(addresses(place))
    place.settled()


def test_rows_that_go_without_a_word_take_no_item_with_them(tmp_path: Path) -> None:
    """As after TRUNCATE, or with the triggers off."""
    place = made(tmp_path / "t", TEXT)
    person(place, 1)
    place.settled()
    (trigger,) = place.sql("SELECT sql FROM sqlite_master WHERE name = 'mxsync_delete_Contacts'")
    place.sql("DROP TRIGGER mxsync_delete_Contacts")
    place.sql("DELETE FROM Contacts")
    place.sql(trigger[0])
    for name in place.mine():
        place.edit(ANNA, "Contacts", "VERSION:3.0", "VERSION:3.0\r\nNOTE:seen", name)
    place.passes()
    place.settled()
    assert len(cards(place)) == 3 and set(cards(place).values()) == {1}
    assert "card1@acme.example" in addresses(place)  # its category puts it into the table again


def test_an_emptied_log_is_looked_into_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = made(tmp_path / "t", TEXT)
    person(place, 1)
    place.settled()
    looked: list[str] = []
    look = restored._lost_of

    def looking(world: World, entity: str) -> int:
        looked.append(entity)
        return look(world, entity)

    monkeypatch.setattr(restored, "_lost_of", looking)
    place.sql("DELETE FROM mxsync_changes")
    place.passes()
    assert "contact" in looked
    looked.clear()
    place.passes()
    assert looked == []
    place.contact("late@acme.example", FullName="Late", OwnerID=place.user_id())
    place.settled()
    place.sql("DELETE FROM mxsync_changes")
    place.passes()
    assert "contact" in looked, "the mark that a later change has left is looked for"


def test_a_row_that_was_deleted_takes_its_item_with_it(tmp_path: Path) -> None:
    place = made(tmp_path / "t", TEXT)
    person(place, 1)
    place.settled()
    place.sql("DELETE FROM Contacts WHERE Email = 'row1@acme.example'")
    place.passes()
    assert set(cards(place)) == {"card1@acme.example", "pat1@acme.example"}


TASKS = (
    "use 'crm.rules'\n\nsync tasks\n  between folder 'Tasks' of each user and table task\n  into table\n"
    "  into folder when task.owner is user\n  deleted in folder then delete\n  deleted in table then delete\n"
)


def subjects(place: Place) -> tuple[list[str], list[str]]:
    """Of the rows, and of the items of both users."""
    rows = [str(subject) for (subject,) in place.sql("SELECT Subject FROM Tasks")]
    items = [text for box in (ANNA, BEN) for text in place.mine(box, "Tasks").values()]
    lines = [line for text in items for line in text.splitlines() if line.startswith("SUMMARY:")]
    return sorted(rows), sorted(line.removeprefix("SUMMARY:") for line in lines)


@pytest.mark.parametrize("lost", ["older", "of the first pass", "altogether"])
@pytest.mark.parametrize("kill", ["", "sync.committed", "sync.before-commit"])
def test_what_was_made_after_the_backup_is_known_again_though_nothing_tells_who_it_is(
    tmp_path: Path, lost: str, kill: str
) -> None:
    """A task has no address and no key of its own. What is remembered is older than the items and the rows; one of the
    items was changed by a person since mxsync made it."""
    place = made(tmp_path / "t", TASKS)
    place.run("schema", "remove", "--yes")
    text = (place.root / "mxsync.toml").read_text()
    (place.root / "mxsync.toml").write_text(f'{text}\n[state]\nurl = "sqlite:///state.db"\n')
    place.settled()
    if lost == "older":
        place.sql("INSERT INTO Tasks (Subject, UserID) VALUES ('before', ?)", place.user_id())
        place.settled()
    keep(place, tmp_path / "backup")
    for number in range(2):
        for box in (ANNA, BEN):
            place.sql("INSERT INTO Tasks (Subject, UserID) VALUES ('row', ?)", place.user_id(box))
            place.calendar("VTODO", f"SUMMARY:item {number}", box=box, folder="Tasks", name=f"own{number}.ics")
    place.settled()
    before = subjects(place)
    assert before[0] == before[1] and len(before[0]) == (9 if lost == "older" else 8)
    name = next(name for name, text in place.mine(ANNA, "Tasks").items() if "SUMMARY:row" in text)
    place.edit(ANNA, "Tasks", "SUMMARY:row", "SUMMARY:changed", name)
    restore(place, tmp_path / "backup", ("state.db",))
    if lost == "altogether":
        (place.root / "state.db").unlink()
    if kill:
        with pytest.raises(Killed):
            place.passes(kill=kill)
    place.passes()
    place.settled()
    rows, items = subjects(place)
    assert rows == items and len(rows) == len(before[0]), "doubled, or gone"
