"""The rule files of tests/language: those that are right, those that are wrong with what is said, the examples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mxsync.lang.catalogue import CODES
from mxsync.lang.check import check
from mxsync.model.schema import Schema
from tests.checking import PARSER, Texts, checked, findings, schema_of

LANGUAGE = Path(__file__).parents[2] / "language"
ACCEPT = sorted((LANGUAGE / "accept_types").glob("*.rules"))
REJECT = sorted((LANGUAGE / "reject_types").glob("*.rules"))
RULES = Path(__file__).parents[3] / "rules"
OPTIONS = {"lists": {"vips.csv": "domain;name\na.example;A\n"}, "hooks": frozenset({"court_calendar"})}


@pytest.mark.parametrize("file", ACCEPT, ids=lambda file: file.stem)
def test_what_is_right_is_accepted_without_a_word(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert findings(text, **OPTIONS) == []
    program = checked(text, **OPTIONS).program
    assert program is not None
    assert program.rules or program.syncs or program.tests or program.entities


@pytest.mark.parametrize("file", REJECT, ids=lambda file: file.stem)
def test_what_is_wrong_is_said_exactly(file: Path) -> None:
    expected = file.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    assert findings(file.read_text(encoding="utf-8"), **OPTIONS) == expected
    assert checked(file.read_text(encoding="utf-8"), **OPTIONS).program is None


def test_every_code_is_asserted_somewhere() -> None:
    """With the underlined text and the sentence: in a file of expectations, or in a test."""
    said = {line.split()[0] for file in REJECT for line in file.with_suffix(".txt").read_text("utf-8").splitlines()}
    for test in Path(__file__).parent.glob("test_check_*.py"):
        said |= set(re.findall(r"\"(MX\d{3}) \[", test.read_text(encoding="utf-8")))
    mine = {code for code in CODES if code == "MX012" or 30 <= int(code[2:]) <= 149}
    assert sorted(mine - said) == []


def test_fifty_faults_give_fifty_errors() -> None:
    lines = []
    for number in range(5):
        lines += [
            f"when mail subjct contains 'x{number}' then link",
            f"when mail size > 'big{number}' then link",
            f"when mail category 'A{number}' then create contcat, link to compny, set nothing = nobody",
            f"when mail from 'nobody{number}' and subject like '{{x' then set statuss = 5",
            f"when mail category like 'A{number} {{ref}}' then set status = reff",
            f"rule 'R{number}' for users nolist{number}\n  when mail subjct = 'x'\n  then link",
            f"entity broken{number} in table T\n  name = Name as fone\n  other = Other is nothing\n  matched by nmae",
            f"when row of broken{number} nme = 'x' then notify 'a@b.example' with '{{colour}}'",  # its entity is wrong
            "when row of opportunity nme = 'x' then save",
            f"sync broken_sync{number}\n  between folder 'X' of each user and table contcat\n  into tabel",
            f"test 'T{number}'\n  given mail from 'nobody'\n  expect create contcat\n  expect rule 'nothing'",
        ]
    found = [line for line in findings("\n".join(lines) + "\n") if not line.startswith("MX1")]
    assert len(found) == 50, "\n".join(found)


def test_what_a_broken_statement_would_declare_is_not_reported() -> None:
    text = """
entity visit in table
  key VisitID
list partners =
rule 'Broken'
  when mail frobnicates
  then link
sync visits between
when mail is known visit and visit.name = 'x' and from domain in partners then link to visit, create visit with a = 1
test 'of what is broken'
  given row of visit with name = 'x'
  expect rule 'Broken'
"""
    assert [line for line in findings(text) if line.startswith(("MX03", "MX04", "MX05", "MX06", "MX07", "MX08"))] == []


def examples() -> list[str]:
    return sorted(path.name for path in (LANGUAGE / "examples").glob("*.rules"))


LISTS = {
    "counsel.csv": "name,domain\nCounsel,bar.example\n",
    "haendler.csv": "Name;Domain\nHändler;haendler.example\n",
    "major.csv": "# the largest\nada@major.example\n",
    "lists/vendors.csv": "domain\nvendor.example\n",
}


def example_texts(name: str) -> tuple[dict[str, str], Schema]:
    folder = LANGUAGE / "examples"
    files = {"crm.rules", name} if name in ("forms.rules", "crm.rules") else {name}
    texts = {each: (folder / each).read_text(encoding="utf-8") for each in files}
    shipped = {"crm.rules": (folder / "crm.rules").read_text(encoding="utf-8")}
    shipped["auto-crm.rules"] = (RULES / "auto-crm.rules").read_text(encoding="utf-8")
    return texts, schema_of(shipped | texts, ("Users", "Region"), ("Users", "Initials"))


@pytest.mark.parametrize("name", examples())
def test_examples_are_right_against_their_own_tables(name: str) -> None:
    texts, schema = example_texts(name)
    folder = LANGUAGE / "examples"
    shipped = {"crm.rules": (folder / "crm.rules").read_text(encoding="utf-8")}
    shipped["auto-crm.rules"] = (RULES / "auto-crm.rules").read_text(encoding="utf-8")
    found = check(
        PARSER, Texts(texts, shipped, LISTS), schema=schema, hooks=frozenset({"court_calendar"}),
        timezone="Europe/Berlin",
    )  # fmt: skip
    assert [each for each in found.diagnostics if each.is_error] == []
    assert found.program is not None and found.program.digest
