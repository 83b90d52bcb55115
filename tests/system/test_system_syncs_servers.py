"""The requirements of syncs and of rules about rows once more, on database servers: the same tests as on SQLite, with
another database below them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import test_system_row_rules as row_rules
import test_system_syncs as syncs
from databases import KINDS, compared_place_on, place_on

SERVERS = ("postgresql", "mariadb")
SCENARIOS: tuple[tuple[Callable[..., None], dict[str, Any]], ...] = (
    (syncs.test_s1_changes_cross_both_ways_field_by_field, {}),
    (syncs.test_s5_a_change_on_one_phone_reaches_the_table_and_every_folder_that_the_filters_name, {}),
    (syncs.test_s7_a_row_appears_follows_and_leaves, {}),
    (syncs.test_s7_what_a_filter_looks_at_in_another_table_counts, {}),
    (syncs.test_s2_two_filters_for_each_user_with_fills, {}),
    (syncs.test_a_row_that_is_deleted_takes_its_item_along_and_no_other, {}),
    (syncs.test_a_row_with_another_key_keeps_its_item, {}),
    (syncs.test_conflicts, {"rule": "newest wins", "row": "Row", "item": "Row"}),
    (syncs.test_c5_tasks_both_ways, {}),
    (syncs.test_e1_an_all_day_appointment_of_the_table_stays_a_day, {}),
    (syncs.test_e2_a_public_folder_with_a_table, {}),
    (syncs.test_e3_a_users_folder_with_a_public_one, {}),
    (row_rules.test_an_update_that_counts_and_one_that_does_not, {}),
    (row_rules.test_a_row_that_is_made_by_anybody, {}),
    (row_rules.test_a_kill_makes_nothing_twice, {"point": "rows.committed"}),
)


COMPARED: tuple[tuple[Callable[..., None], dict[str, Any]], ...] = (
    (syncs.test_s1_changes_cross_both_ways_field_by_field, {}),
    (syncs.test_s7_a_row_appears_follows_and_leaves, {}),
    (syncs.test_a_row_that_is_deleted_takes_its_item_along_and_no_other, {}),
    (row_rules.test_an_update_that_counts_and_one_that_does_not, {}),
)


def carried_out(
    make: Callable[..., Any], test: Callable[..., None], values: dict[str, Any], folder: Path, patch: pytest.MonkeyPatch
) -> None:
    for module in (syncs, row_rules):
        patch.setattr(module, "made", make)
    first = next(iter(inspect.signature(test).parameters))
    test(make(folder / "t") if first == "place" else folder, **values)


@pytest.mark.parametrize("kind", SERVERS)
@pytest.mark.parametrize(("test", "values"), SCENARIOS, ids=lambda each: getattr(each, "__name__", "")[5:])
def test_as_on_sqlite(
    test: Callable[..., None],
    values: dict[str, Any],
    kind: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    carried_out(partial(place_on, kind, request), test, values, tmp_path, monkeypatch)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("test", "values"), COMPARED, ids=lambda each: getattr(each, "__name__", "")[5:])
def test_without_triggers(
    test: Callable[..., None],
    values: dict[str, Any],
    kind: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    carried_out(partial(compared_place_on, kind, request), test, values, tmp_path, monkeypatch)
