"""Values are compared and hashed by what they hold, and nobody assigns to them."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from mypy import api

from mxsync.model.item import Address, ItemRef
from mxsync.model.record import Planned, RecordKey
from mxsync.model.values import value

ROOT = Path(__file__).parents[3]


def test_equal_values_are_one() -> None:
    assert ItemRef("a", "b", "c") == ItemRef("a", "b", "c") != ItemRef("a", "b", "d")
    assert len({ItemRef("a", "b", "c"), ItemRef("a", "b", "c")}) == 1
    assert Address("Jane", "jane@a.example") != ("Jane", "jane@a.example", "")
    assert sorted([ItemRef("b", "", "1"), ItemRef("a", "", "2")])[0].mailbox == "a"


def test_a_class_may_hash_itself() -> None:
    assert hash(RecordKey("contact", 7)) == hash(7)
    assert RecordKey("contact", Planned(7)) != RecordKey("contact", 7)


def test_a_value_has_no_other_attributes_and_can_be_sent() -> None:
    one = RecordKey("contact", (1, "a"))
    assert pickle.loads(pickle.dumps(one)) == one
    with pytest.raises(AttributeError):
        one.other = 1  # type: ignore[attr-defined]


def test_what_is_changed_is_no_value() -> None:
    with pytest.raises(AssertionError, match="use `dataclass`"):
        value(frozen=False, slots=True)


def test_the_type_checker_refuses_an_assignment(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text("from mxsync.model.item import Address\n\nAddress().name = 'Jane'\n")
    said, errors, _ = api.run(["--strict", "--config-file", str(ROOT / "pyproject.toml"), str(wrong)])
    assert not errors
    assert 'Property "name" defined in "Address" is read-only' in said
