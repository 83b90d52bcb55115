"""What a sync could not write is listed until it fits, and no longer."""

from __future__ import annotations

from pathlib import Path

import pytest

from mxsync.cli.main import main
from tests.inprocess import ANNA, Place, made

LONG = "j" * 260 + "@acme.example"


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    return made(tmp_path / "t")


def aside(place: Place) -> list[str]:
    return [row[0] for row in place.sql("SELECT href FROM mxsync_aside ORDER BY href")]


def test_an_item_that_did_not_fit_is_listed_until_it_is_mended(place: Place) -> None:
    place.card(f"FN:Jane Roe\nN:Roe;Jane;;;\nEMAIL:{LONG}\nCATEGORIES:MX-Contact", name="jane.vcf")
    report = place.passes()
    assert len(report.set_aside) == 1 and "Contacts.Email holds 254" in report.set_aside[0][1]
    place.passes()
    assert aside(place) == ["Contacts/jane.vcf"], "it still does not fit"
    place.edit(ANNA, "Contacts", LONG, "jane@acme.example")
    assert place.passes().set_aside == []
    assert aside(place) == []
    assert place.sql("SELECT Email FROM Contacts") == [("jane@acme.example",)]


def test_an_item_that_did_not_fit_is_let_go_when_its_table_was_mended(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.card("FN:Jane Roe\nN:Roe;Jane;;;\nEMAIL:jane@acme.example\nCATEGORIES:MX-Contact", name="jane.vcf")
    place.sql("CREATE TRIGGER no_jane BEFORE INSERT ON Contacts BEGIN SELECT RAISE(ABORT, 'no Jane here'); END")
    assert len(place.passes().set_aside) == 1
    place.sql("DROP TRIGGER no_jane")
    assert place.passes().set_aside == []
    assert aside(place) == []
    assert place.sql("SELECT Email FROM Contacts") == [("jane@acme.example",)]
    capsys.readouterr()
    assert main(["-c", str(place.root / "mxsync.toml"), "status"]) == 0
    assert "set aside" not in capsys.readouterr().out


def test_an_item_that_cannot_be_read_stays_listed_though_its_row_crosses(place: Place) -> None:
    card = place.card("FN:Jane Roe\nN:Roe;Jane;;;\nEMAIL:jane@acme.example\nCATEGORIES:MX-Contact", name="jane.vcf")
    place.passes()
    card.write_text("nonsense")
    assert len(place.passes().set_aside) == 1
    place.sql("UPDATE Contacts SET JobTitle = 'Director'")
    place.passes()
    assert aside(place) == ["Contacts/jane.vcf"]
