"""Slips of a person at the command line: each is answered with what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mxsync.cli.main import main
from tests.inprocess import ANNA, Place, made

Told = Callable[..., tuple[int, str]]


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    place = made(tmp_path / "t")
    place.mail("Jane Roe <jane@acme.example>", categories=["Create Contact and Company"], name="jane.eml")
    place.passes()
    return place


@pytest.fixture
def told(place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Told:
    monkeypatch.chdir(place.root)

    def run(*words: str) -> tuple[int, str]:
        capsys.readouterr()
        code = main(list(words))
        found = capsys.readouterr()
        return code, found.err or found.out

    return run


@pytest.mark.parametrize(("words", "said"), [
    (("why", "1", "contact"), "write the entity first: mxsync why contact 1"),
    (("why", "contcat", "1"), "did you mean `contact`?"),
    (("why", "Contacts", "1"), "the table `Contacts` is the entity `contact`"),
    (("why", "contact", "Jane"), "there is no contact with the key Jane"),
    (("undo", "item", f"{ANNA}/Inbox/nobody.eml"), f"nothing was ever done for an item `{ANNA}/Inbox/nobody.eml`"),
    (("test", "no such test"), "is called `no such test`"),
])  # fmt: skip
def test_what_is_not_there_is_answered_with_what_was_likely_meant(
    told: Told, words: tuple[str, ...], said: str
) -> None:
    code, text = told(*words)
    assert code == 1
    assert said in text, text


@pytest.mark.parametrize("command", ["status", "check", "sync"])
def test_a_file_that_is_no_database_is_said_in_one_line(place: Place, told: Told, command: str) -> None:
    place.crm.write_bytes(b"This is a letter and no database at all, and long enough to be looked at. " * 100)
    code, text = told(command)
    assert code == 5
    assert "file is not a database. Bring its file back from a backup, or correct [database] url" in text
    assert "sqlalche.me" not in text


def test_a_tracking_table_that_is_gone_is_not_blamed_on_the_rules(place: Place, told: Told) -> None:
    place.sql("DROP TABLE mxsync_aside")
    code, text = told("status")
    assert code == 5
    assert "no such table: mxsync_aside. `mxsync schema install` makes what is missing" in text
    assert told("schema", "install")[0] == 0
    assert told("status")[0] == 0


def test_undo_names_people(told: Told) -> None:
    code, text = told("undo", "run", "last", "--plan")
    assert code == 0
    assert "  delete contact 1 (Jane Roe)" in text
    assert "  delete company 1 (Acme)" in text


def test_users_from_an_entity_that_is_not_there_are_found_by_check(place: Place, told: Told) -> None:
    config = place.root / "mxsync.toml"
    text = config.read_text(encoding="utf-8")
    for source, said in (
        ("entity usr where email = 'x'", "the rules have no entity `usr`; did you mean `user`?"),
        ("entity user where emial = 'x'", "the entity `user` has no field `emial`; did you mean `email`?"),
    ):
        config.write_text(f'{text}\n[[users]]\nfrom = "{source}"\nserver = "office"\n', encoding="utf-8")
        code, answer = told("check")
        assert code == 2
        assert f'[[users]] from = "{source}": {said}' in answer


def test_rules_without_a_rule_are_right_and_do_nothing(place: Place, told: Told) -> None:
    place.rules("# to be written\n")
    assert told("check") == (0, "the rules are right, but there is no rule and no sync: nothing would be done\n")


def test_status_before_the_first_pass_says_that_there_was_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["init", str(tmp_path / "new")]) == 0
    monkeypatch.chdir(tmp_path / "new")
    capsys.readouterr()
    assert main(["status"]) == 0
    assert "tracking tables: not there yet; the first pass makes them\n" in capsys.readouterr().out


def test_a_document_that_is_there_already_is_not_counted_as_stored(place: Place, told: Told) -> None:
    place.mail("Jane Roe <jane@acme.example>", categories=["Save Attachments"], attachments=[("a.pdf", b"%PDF")])
    assert "stored: 1 document" in told("sync")[1]
    assert "stored" not in told("backfill")[1]
    (document,) = (path for path in (place.root / "documents").rglob("a.pdf"))
    document.unlink()
    assert "stored: 1 document" in told("backfill")[1]
    assert document.is_file()
