"""What is worked out once for each rule, however often all rules are looked over."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import product
from typing import TypeAlias

from mxsync.lang import ir
from mxsync.lang.ir import Op, Quantifier
from mxsync.lang.lint_conditions import (
    MANY_ALTERNATIVES,
    Key,
    Limits,
    conjuncts,
    contradiction,
    key,
    limits_of,
    opposite,
    tautology,
)

Alternative: TypeAlias = frozenset[Key]


class RuleFacts:
    """A rule's condition and actions as the lints see them; nothing of where the rule stands. Kept with the resolved
    rule."""

    def __init__(self, condition: ir.Condition | None, actions: tuple[ir.Action, ...] = ()) -> None:
        self.condition = condition
        self.end = next((action for action in actions if isinstance(action, (ir.Skip, ir.Stop))), None)
        """The action that ends the matter for an item, if there is one."""
        self.writes = any(isinstance(action, (ir.Set, ir.Save)) for action in actions)
        """Whether fields are assigned."""

    @cached_property
    def clash(self) -> tuple[str, str] | None:
        """Two parts that exclude each other: the rule never fires."""
        return contradiction(self.condition)

    @cached_property
    def cover(self) -> tuple[str, str] | None:
        """Two parts one of which always holds."""
        return tautology(self.condition)

    @cached_property
    def parts(self) -> list[ir.Condition]:
        """What must all hold."""
        return conjuncts(self.condition)

    @cached_property
    def limits(self) -> Mapping[Key, Limits]:
        """What is said of each path."""
        return limits_of(self.parts)[0]

    @cached_property
    def keys(self) -> frozenset[Key]:
        return frozenset(map(key, self.parts))

    @cached_property
    def opposites(self) -> frozenset[Key]:
        return frozenset(opposite(part, key(part)) for part in self.parts)

    @cached_property
    def alternatives(self) -> list[Alternative]:
        """The condition as alternatives of parts that must all hold."""
        return alternatives(self.condition)


Judged: TypeAlias = tuple[ir.Rule, RuleFacts]


def alternatives(condition: ir.Condition | None) -> list[Alternative]:
    """A condition as alternatives of parts that must all hold, as far as there are not too many."""
    choices: list[list[Alternative]] = []
    count = 1
    for part in conjuncts(condition):
        options = _options(part)
        if count * len(options) > MANY_ALTERNATIVES:
            options = [frozenset({key(part)})]
        count *= len(options)
        choices.append(options)
    if count == 1:
        return [frozenset().union(*(options[0] for options in choices))]
    return [frozenset().union(*each) for each in product(*choices)]


def _options(part: ir.Condition) -> list[Alternative]:
    if isinstance(part, ir.Or):
        return [each for one in part.parts for each in alternatives(one)]
    if (
        isinstance(part, ir.Compare)
        and part.op is Op.IN
        and part.quantifier is Quantifier.ANY
        and not part.negated
        and 1 < len(part.values) <= MANY_ALTERNATIVES
    ):
        whole = key(part)
        values = whole[4]
        assert isinstance(values, frozenset)
        return [frozenset({(Op.EQ._name_, *whole[1:4], (value,), "")}) for value in values]
    return [frozenset({key(part)})]
