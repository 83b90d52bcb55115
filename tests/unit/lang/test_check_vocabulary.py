"""The grammar's words are the vocabulary's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mxsync.lang import vocabulary
from mxsync.lang.ir import Type
from mxsync.model.item import Kind

GRAMMAR = (Path(__file__).parents[3] / "grammar" / "mxsync.lark").read_text(encoding="utf-8")


def terminal(name: str) -> set[str]:
    """The words of a terminal that lists them."""
    found = re.search(rf"^{name}\.\d+: /\(([^)]*)\)\\b/", GRAMMAR, re.MULTILINE)
    assert found is not None, name
    return set(found[1].split("|"))


def keywords() -> set[str]:
    """The words that have a terminal of their own."""
    return set(re.findall(r"^_?[A-Z]+\.\d+: /([a-z_]+)\\b/", GRAMMAR, re.MULTILINE))


@pytest.mark.parametrize(
    "name, words",
    [
        ("ADJ", vocabulary.ADJECTIVES),
        ("HASWORD", vocabulary.HAS_FACTS),
        ("SRC", vocabulary.SOURCES),
        ("WHO", vocabulary.PEOPLE),
        ("EVENT", vocabulary.EVENTS),
    ],
)
def test_lists_of_words_agree(name: str, words: tuple[str, ...]) -> None:
    assert terminal(name) == set(words)


def test_reserved_words_agree() -> None:
    found = re.search(r"^NAME: /\(\?!\(\?:([^)]*)\)", GRAMMAR, re.MULTILINE)
    assert found is not None
    assert set(found[1].split("|")) == vocabulary.RESERVED


def test_statements_actions_and_sugar_are_words_of_the_grammar() -> None:
    for words in (vocabulary.STATEMENTS, vocabulary.ACTIONS, vocabulary.SUGAR, vocabulary.SIDES):
        assert set(words) <= keywords()
    parts = {word for operator in vocabulary.OPERATORS for word in re.findall("[a-z]+", operator)}
    assert parts <= keywords()


def test_a_field_has_one_type_or_any() -> None:
    every = vocabulary.fields_of(frozenset(Kind))
    for name, word in every.items():
        types = {fields[name].type for fields in vocabulary.ITEM_FIELDS.values() if name in fields}
        assert types == {word.type} or word.type is Type.ANY
    assert every is vocabulary.fields_of(frozenset(Kind))
    assert vocabulary.fields_of(frozenset({Kind.NOTE})) is vocabulary.ITEM_FIELDS[Kind.NOTE]
    assert vocabulary.kinds_with("color") == (Kind.NOTE,) and vocabulary.kinds_with("nothing") == ()


def test_the_grammars_own_words_are_fields_of_their_kinds() -> None:
    for role, field in vocabulary.ROLES.items():
        assert vocabulary.kinds_with(field), role
    assert set(vocabulary.ADJECTIVES) >= set(vocabulary.FACTS) | set(vocabulary.SENSITIVITIES)
    assert set(vocabulary.fields_of(frozenset(Kind))) >= vocabulary.READ_ONLY_FIELDS
