"""An item's own row, fitted for its columns where the item was read: what the tables and the rules add comes here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest

from mxsync.decide.gleaned import Foreseen
from mxsync.engine.rows import RowPage
from mxsync.engine.subjects import Subject
from mxsync.model.effect import Cause, SaveItem
from mxsync.model.outcome import Decision, Fate
from mxsync.model.record import Entity, Planned, RecordKey, RecordValue
from mxsync.ports.database import Database, Fitted
from tests.programs import crm_entities, mail

CAUSE = Cause("save", "main.rules", 1)
NEW, OLD = RecordKey("email", Planned(1)), RecordKey("email", 17)
SAID: Mapping[str, RecordValue] = {"subject": "Hello", "body": "Some text", "size": None}
OWNER = RecordKey("user", 3)


class Columns:
    """Fits each value for a column of its name, and says what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def entity(self, name: str) -> Entity:
        return crm_entities()[name]

    def fit(self, entity: str, values: Mapping[str, RecordValue], *, new: bool) -> Fitted:
        self.asked.append(sorted(values))
        fixed: dict[str, object] = {"Kind": "mail"} if new else {}
        columns = {f"C_{name}": value for name, value in values.items()}
        return Fitted(entity, {**fixed, **columns}, tuple(f"{name} was fitted" for name in sorted(values)))


def inserted(key: RecordKey, assigned: Mapping[str, Any], foreseen: Foreseen | None) -> tuple[Fitted, list[list[str]]]:
    """What goes into the table of an item that is saved, and what was asked for it."""
    context = mail(1)
    columns = Columns()
    page = RowPage(cast(Database, columns))
    values = {**{name: value for name, value in SAID.items() if value is not None}, "owner": OWNER}
    effect = SaveItem(CAUSE, key, values, dict(assigned), dict.fromkeys(assigned, CAUSE))
    decision = Decision(context.item.ref, Fate.APPLIED, (effect,), "plan", "mail:1")
    page.add(Subject(context.item, "", "mail:1", context), decision, {}, foreseen)
    (new,) = page._new if key is NEW else [None]
    return (new.fitted if new is not None else Fitted("", {})), columns.asked


def told(entity: str = "email", said: Mapping[str, RecordValue] = SAID) -> Foreseen:
    there = {name: value for name, value in said.items() if value is not None}
    return Foreseen((), (), (), {}, None, "plan", (), said, Columns().fit(entity, there, new=True))


def test_what_was_fitted_before_is_not_fitted_again() -> None:
    whole, asked = inserted(NEW, {}, None)
    assert asked == [["body", "owner", "subject"]]
    ahead, asked = inserted(NEW, {}, told())
    assert asked == [["owner"]]
    assert (
        ahead.columns
        == whole.columns
        == {"Kind": "mail", "C_subject": "Hello", "C_body": "Some text", "C_owner": OWNER}
    )
    assert sorted(ahead.notes) == sorted(whole.notes)


def test_what_a_rule_adds_is_fitted_with_the_rest() -> None:
    ahead, asked = inserted(NEW, {"status": "new", "size": 5}, told())
    assert asked == [["owner", "size", "status"]]
    assert ahead.columns == inserted(NEW, {"status": "new", "size": 5}, None)[0].columns


@pytest.mark.parametrize(
    ("key", "assigned", "foreseen"),
    [
        (NEW, {"subject": "Another"}, told()),
        (NEW, {}, told("post")),
        (NEW, {}, told(said={**SAID, "subject": "of another item"})),
        (NEW, {}, told()._replace(fitted=None)),
        (NEW, {}, told()._replace(saved=None)),
        (OLD, {}, told()),
    ],
    ids=["a rule says otherwise", "another entity", "other values", "it did not fit", "not foreseen", "it is there"],
)
def test_else_all_of_it_is_fitted_here(key: RecordKey, assigned: Mapping[str, Any], foreseen: Foreseen) -> None:
    ahead, asked = inserted(key, assigned, foreseen)
    assert asked == [sorted({"body", "owner", "subject", *assigned})]
    assert ahead == inserted(key, assigned, None)[0]
