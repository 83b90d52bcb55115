"""A misspelt word of the language is underlined itself, wherever parsing stops, and the right one is offered."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from mxsync.lang import messages_syntax
from mxsync.lang.lark_tables import lark_of
from mxsync.lang.parse import Parser
from mxsync.lang.respell import words_of
from mxsync.lang.split import split

ROOT = Path(__file__).parents[3]
GRAMMAR = (ROOT / "grammar" / "mxsync.lark").read_text(encoding="utf-8")
PARSER = Parser(GRAMMAR)
WORDS = words_of(lark_of(GRAMMAR))

ONES = [
    ("when mail categry 'X' then link", "categry", "category"),
    ("when mail form 'a@b.example' then link", "form", "from"),
    ("when mail is privte then skip", "privte", "private"),
    ("when mail crreated then save", "crreated", "created"),
    ("when mail then crete contact, link", "crete", "create"),
    ("when mail then create contact, creaate company from domain", "creaate", "create"),
    ("when mail then link, sop", "sop", "stop"),
    ("when mail category 'A' the link", "the", "then"),
    ("when mail then categroize 'X'", "categroize", "categorize"),
    ("entity a in table A\n  macthed by b", "macthed", "matched"),
    ("entity a in table A\n  key Id\n  modifed When", "modifed", "modified"),
    ("sync s\n  between folder 'F' of each user and table a\n  conflict newest wns", "wns", "wins"),
]


@pytest.mark.parametrize(("text", "wrong", "right"), ONES, ids=[wrong for _, wrong, _ in ONES])
def test_the_word_itself_is_underlined(text: str, wrong: str, right: str) -> None:
    (found,) = PARSER.parse_file("f.rules", text).diagnostics
    line = text.split("\n")[found.span.line - 1]
    assert line[found.span.column - 1 : found.span.end_column - 1] == wrong
    assert found.help == f"did you mean `{right}`?"


def slips(word: str) -> list[str]:
    """The word with two letters swapped, one left out, or one doubled, in every place."""
    found = []
    for at in range(len(word) - 1):
        found += [word[:at] + word[at + 1] + word[at] + word[at + 2 :], word[:at] + word[at + 1 :]]
        found.append(word[: at + 1] + word[at:])
    return [each for each in found if each not in WORDS]


@pytest.mark.parametrize("file", ["crm.rules", "auto-crm.rules"])
def test_every_word_of_the_shipped_rules_may_be_misspelt(file: str) -> None:
    made = random.Random(file)
    tried = 0
    for piece in split((ROOT / "rules" / file).read_text(encoding="utf-8")):
        for word, start in messages_syntax.words(piece.text):
            if word not in WORDS or len(word) < 4:
                continue
            wrong = made.choice(slips(word))
            text = piece.text[:start] + wrong + piece.text[start + len(word) :]
            found = PARSER.parse_file(f"{tried}.rules", text).diagnostics
            if found:  # a slip in what is a name there, a field or a column, is the checker's to find
                assert f"`{word}`" in found[0].help, (text, found[0])
                tried += 1
    assert tried > 40


def test_what_is_merely_wrong_is_not_taken_for_a_slip() -> None:
    (found,) = PARSER.parse_file("f.rules", "entity a in table A\n  key Id\n  fill Status").diagnostics
    assert found.code == "MX024"
