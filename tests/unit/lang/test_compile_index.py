"""How well the index chooses. Whatever it chose, decisions would be right: a rule's own condition has the last word. So
what is asserted here is how many rules an item has to be tried on, which is what the index is for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest

from mxsync.decide.context import ItemContext
from mxsync.decide.item_facts import ItemFacts
from mxsync.lang import ir
from mxsync.lang.compile import compile_plan
from mxsync.lang.compile_index import ABOVE, BELOW, EQUAL, LARGE, ONE_OF, USER, KindIndex, rule_options
from tests.programs import ANNA, NOW, ORGANISATION, category, compare, mail, path, program, rule
from tests.worlds import Crm

SIZE = path("size", ir.Type.NUMBER)
RECEIVED = path("received", ir.Type.MOMENT)


def tried(conditions: Sequence[ir.Condition], item: ItemContext, zone: tzinfo = UTC) -> list[int]:
    """The places of the conditions that have to be tried on an item."""
    plan = compile_plan(program([rule(f"r{n}", each, ir.Flag()) for n, each in enumerate(conditions)]))
    index = KindIndex((each.number, each.body.options) for each in plan.rules)
    return index.candidates(ItemFacts(plan, ORGANISATION, item, Crm(), NOW, zone), "Inbox")


def contains(text: str) -> ir.Compare:
    return compare("subject", ir.Op.CONTAINS, text)


def test_a_short_literal_is_avoided_as_long_as_something_rarer_is_there() -> None:
    shared = [ir.And((contains("re"), category("Shared"))) for _ in range(19)]
    assert tried(shared, mail(subject="re: offer")) == []  # filed under the category, all nineteen
    assert tried(shared, mail(categories=["Shared"])) == list(range(19))


def test_a_literal_of_three_characters_counts_like_a_constant() -> None:
    rare = [ir.And((contains("abc"), category("Shared"))), *(category("Shared") for _ in range(2))]
    assert tried(rare, mail(categories=["Shared"])) == [1, 2]
    common = [ir.And((contains("abc"), category("Rare"))), contains("abc"), contains("abc")]
    assert tried(common, mail(subject="x abc x")) == [1, 2]


def test_a_short_literal_that_stands_alone_is_used() -> None:
    rules = [ir.And((contains("ab"), category("Shared"))), *(category("Shared") for _ in range(40))]
    assert tried(rules, mail(categories=["Shared"])) == list(range(1, 41))


@pytest.mark.parametrize(("sizes", "asked"), [(3, [0, 1, 2, 3]), (8, [1, 2, 3, 4, 5, 6, 7, 8])])
def test_thresholds_count_as_half_of_their_field(sizes: int, asked: list[int]) -> None:
    """Beside a constant that four rules share: two and a half rules by the threshold are fewer, five are more."""
    both = ir.And((compare(SIZE, ir.Op.GT, 10), category("Shared")))
    others = [compare(SIZE, ir.Op.GT, n) for n in range(sizes)]
    constant = [category("Shared")] * 3
    large = mail(more={"size": 100})
    assert tried([both, *others, *constant], large) == asked


def test_an_or_of_many_constants_is_dearer_than_one_of_few() -> None:
    many = compare("subject", ir.Op.IN, *[f"s{n}" for n in range(10)])
    rules = [ir.And((many, category("One"))), category("One")]
    assert tried(rules, mail(subject="s3")) == []
    assert tried(rules, mail(categories=["One"])) == [0, 1]


def test_a_long_list_is_kept_once() -> None:
    few = compare("subject", ir.Op.IN, *[f"s{n}" for n in range(LARGE)])
    many = compare("subject", ir.Op.IN, *[f"s{n}" for n in range(LARGE + 1)])
    plan = compile_plan(program([rule("few", few, ir.Flag()), rule("many", many, ir.Flag())]))
    one, other = (each.body.options[0] for each in plan.rules)
    assert (len(one), one[0][0]) == (64, EQUAL)
    assert (len(other), other[0][0]) == (1, ONE_OF)


def test_literals_within_one_another_are_all_found() -> None:
    rules = [contains(text) for text in ("offer", "offer 12", "er 1", "an offer 12 x", "other")]
    assert tried(rules, mail(subject="see an offer 12 x")) == [0, 1, 2, 3]


def test_both_sides_of_one_field() -> None:
    rules = [compare(SIZE, ir.Op.GT, 10), compare(SIZE, ir.Op.LT, 20), compare(SIZE, ir.Op.LT, 5)]
    assert tried(rules, mail(more={"size": 30})) == [0]
    assert tried(rules, mail(more={"size": 15})) == [0, 1]
    plan = compile_plan(program([rule(f"r{n}", each, ir.Flag()) for n, each in enumerate(rules)]))
    assert [each.body.options[0][0][0] for each in plan.rules] == [ABOVE, BELOW, BELOW]


def test_a_moment_counts_as_the_organisations_day() -> None:
    """Half past eleven in the evening in UTC is the next day in Berlin."""
    late = datetime(2026, 1, 1, 23, 30, tzinfo=UTC)
    rules = [compare(RECEIVED, ir.Op.GE, date(2026, 1, 2)), compare(RECEIVED, ir.Op.LT, date(2026, 1, 2))]
    item = mail(more={"received": late})
    assert 0 in tried(rules, item, ZoneInfo("Europe/Berlin"))
    assert tried(rules, item, ZoneInfo("America/New_York")) == [1]


def test_a_rule_for_users_offers_them_beside_its_condition() -> None:
    named = rule("named", category("A"), ir.Flag(), users=[ANNA, "ben@ours.example"])
    placed = rule("placed", None, ir.Flag(), folders=["Inbox", "Sent"])
    plain = rule("plain", category("A"), ir.Flag())
    plan = compile_plan(program([named, placed, plain]))
    offered = [rule_options(each.rule, each.body.options) for each in plan.rules]
    assert offered[0] == (*plan.rules[0].body.options, ((USER, None, ANNA), (USER, None, "ben@ours.example")))
    assert [len(option) for option in offered[1]] == [2]
    assert offered[2] == plan.rules[2].body.options
