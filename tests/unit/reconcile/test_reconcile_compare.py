"""One field at a time: who changed, who wins, what is remembered; then properties over made-up records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxsync.model.item import Address
from mxsync.reconcile.compare import Agreed, Field, Merge, Winner, compare
from mxsync.reconcile.forms import form_of, same

NAME, NOTES, EMAIL = Field("name"), Field("notes", limit=10), Field("email")


def agreed(left: Any, right: Any) -> Agreed:
    return Agreed(form_of(left), form_of(right))


def one(field: Field, before: Agreed | None, left: Any, right: Any, winner: Winner = "") -> Merge:
    known = {} if before is None else {field.name: before}
    return compare([field], known, {field.name: left}, {field.name: right}, lambda _: winner)


def test_only_the_side_that_changed_crosses() -> None:
    before = agreed("Jane", "Jane")
    assert one(NAME, before, "Janet", "Jane").right == {"name": "Janet"}
    assert one(NAME, before, "Jane", "Joan").left == {"name": "Joan"}
    assert one(NAME, before, "", "Jane").right == {"name": ""}
    assert one(NAME, before, "Jane", "Jane").quiet


def test_each_side_is_compared_with_itself_so_what_it_rewrites_is_no_change() -> None:
    before = agreed("0151 234567", "+49151234567")
    assert one(NAME, before, "0151 234567", "+49151234567").quiet
    assert one(NAME, before, "0151 234567\r\n", "+49151234567").quiet


def test_both_changed_to_the_same_is_agreement() -> None:
    merge = one(NAME, agreed("a", "a"), "b", "b")
    assert merge.quiet
    assert merge.agreed == {"name": Agreed("b", "b")}


@pytest.mark.parametrize(
    ("winner", "left", "right"), [("left", {}, {"name": "x"}), ("right", {"name": "y"}, {}), ("", {}, {})]
)
def test_a_conflict_is_told_and_goes_to_its_winner(winner: Winner, left: Any, right: Any) -> None:
    merge = one(NAME, agreed("a", "a"), "x", "y", winner)
    assert (merge.left, merge.right) == (left, right)
    assert [(c.field, c.left, c.right, c.winner) for c in merge.conflicts] == [("name", "x", "y", winner)]
    assert not merge.agreed


def test_without_a_baseline_an_empty_side_takes_what_the_other_says() -> None:
    assert one(NAME, None, "", "Jane").left == {"name": "Jane"}
    assert one(NAME, None, "Jane", None).right == {"name": "Jane"}
    assert one(NAME, None, None, "").quiet
    assert one(NAME, None, "Jane", "Joan").conflicts


def test_a_field_that_flows_one_way_keeps_what_the_other_side_says() -> None:
    into_right = Field("name", to_left=False)
    assert one(into_right, agreed("a", "a"), "a", "b").quiet
    assert one(into_right, agreed("a", "a"), "a", "b").agreed == {}
    assert one(into_right, agreed("a", "a"), "c", "a").right == {"name": "c"}


def test_a_cut_is_never_written_back_and_an_edit_of_what_is_there_keeps_the_rest() -> None:
    text = "0123456789 and much more"
    assert one(NOTES, None, text, text[:10]).quiet
    before = agreed(text, text[:10])
    assert one(NOTES, before, text, "012345678X").left == {"notes": "012345678X and much more"}
    assert one(NOTES, before, text + "!", text[:10]).right == {"notes": text + "!"}


def test_lists_are_merged_as_sets() -> None:
    before = agreed(("a", "b"), ("a", "b"))
    merge = one(EMAIL, before, ("a", "b", "c"), ("b",))
    assert (merge.left, merge.right) == ({"email": ("b", "c")}, {"email": ("b", "c")})
    assert not merge.conflicts
    merge = one(EMAIL, None, ("a",), ("b", "A"))
    assert merge.left == {"email": ("a", "b")}
    assert "email" not in merge.right


def test_a_side_that_holds_fewer_stays_so() -> None:
    before = agreed(("a", "b", "c", "d"), ("a", "b", "c"))
    assert one(EMAIL, before, ("a", "b", "c", "d"), ("a", "x", "c")).left == {"email": ("a", "x", "c", "d")}
    assert one(EMAIL, before, ("a", "b", "c", "d"), ("a", "b", "c")).quiet


def test_the_order_of_a_list_crosses_when_one_side_changed_it() -> None:
    before = agreed(("a", "b"), ("a", "b"))
    assert one(EMAIL, before, ("b", "a"), ("a", "b")).right == {"email": ("b", "a")}
    assert one(EMAIL, before, ("b", "a"), ("b", "a")).agreed == {"email": agreed(("b", "a"), ("b", "a"))}


@pytest.mark.parametrize(
    ("one_side", "other"),
    [
        (None, False), ("", None), (5, "5"), (5.0, 5), (True, 1), (True, "yes"),
        (date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=2)))),
        (datetime(2026, 1, 2, 9, tzinfo=UTC), datetime(2026, 1, 2, 11, 0, 0, 300, tzinfo=timezone(timedelta(hours=2)))),
        (Address("Jane", "J@x.example"), "j@X.example"), ("a\r\nb\n", "a\nb"), ("e\u0301", "\u00e9"),
        (("a", "B"), ("b", "A")),
    ],
)  # fmt: skip
def test_what_is_spelled_otherwise_is_the_same(one_side: Any, other: Any) -> None:
    assert same(one_side, other)
    assert same(other, one_side)


@pytest.mark.parametrize(
    ("one_side", "other"),
    [("Jane", "jane"), ("05", "5"), (None, "x"), (True, None), (date(2026, 1, 2), datetime(2026, 1, 2, 1, tzinfo=UTC))],
)
def test_what_differs_differs(one_side: Any, other: Any) -> None:
    assert not same(one_side, other)


def test_phones_are_compared_in_one_spelling() -> None:
    phone = Field("phone", spell=lambda text: "".join(c for c in text if c.isdigit()))
    assert one(phone, None, "(011) 555-01", "01155501").quiet


# ---------------------------------------------------------------- properties

texts = st.sampled_from(["", "a", "b", "c", "Jane"])
lists = st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), unique=True, max_size=4).map(tuple)
FIELDS = (Field("t"), Field("u"), Field("l"))
records = st.fixed_dictionaries({"t": texts, "u": texts, "l": lists})


def applied(merge: Merge, left: Mapping[str, Any], right: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    return {**left, **merge.left}, {**right, **merge.right}


def remembered(
    merge: Merge, before: Mapping[str, Agreed], left: Mapping[str, Any], right: Mapping[str, Any]
) -> dict[str, Agreed]:
    written = {name: agreed(left[name], right[name]) for name in (*merge.left, *merge.right)}
    return {**before, **merge.agreed, **written}


@given(records, records, records, st.sampled_from(["left", "right"]))
def test_doing_it_and_comparing_again_gives_nothing(base: Any, left: Any, right: Any, winner: Winner) -> None:
    before = {name: agreed(base[name], base[name]) for name in base}
    merge = compare(FIELDS, before, left, right, lambda _: winner)
    new_left, new_right = applied(merge, left, right)
    assert all(same(new_left[name], new_right[name]) for name in base)
    after = remembered(merge, before, new_left, new_right)
    assert compare(FIELDS, after, new_left, new_right, lambda _: winner).quiet


@given(records, records, records)
def test_no_change_is_lost_but_one_that_a_conflict_names(base: Any, left: Any, right: Any) -> None:
    before = {name: agreed(base[name], base[name]) for name in base}
    merge = compare(FIELDS, before, left, right, lambda _: "right")
    new_left, new_right = applied(merge, left, right)
    named = {conflict.field for conflict in merge.conflicts}
    for name in ("t", "u"):
        if left[name] != base[name] and name not in named:
            assert new_right[name] == left[name]
        if right[name] != base[name]:
            assert new_left[name] == right[name]
    for side in (left, right):
        added, removed = set(side["l"]) - set(base["l"]), set(base["l"]) - set(side["l"])
        assert added <= set(new_left["l"]) & set(new_right["l"])
        assert not removed & set(new_left["l"])


@given(records, records, records)
def test_the_sides_can_be_swapped(base: Any, left: Any, right: Any) -> None:
    before = {name: agreed(base[name], base[name]) for name in base}
    one_way = compare(FIELDS, before, left, right, lambda _: "left")
    other_way = compare(FIELDS, before, right, left, lambda _: "right")
    for first, second in ((one_way.left, other_way.right), (one_way.right, other_way.left)):
        assert {name: set(value) if name == "l" else value for name, value in first.items()} == {
            name: set(value) if name == "l" else value for name, value in second.items()
        }


@given(records, records)
def test_what_nobody_changed_is_never_written(left: Any, right: Any) -> None:
    before = {name: agreed(left[name], right[name]) for name in left}
    assert compare(FIELDS, before, left, right, lambda _: "").quiet
