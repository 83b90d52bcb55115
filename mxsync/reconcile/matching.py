"""Who is who: two sides that never agreed before, matched in one go by the keys that a mapping names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

L = TypeVar("L", bound=Hashable)
R = TypeVar("R", bound=Hashable)
Keys: TypeAlias = Sequence[Collection[Hashable]]
"""For each `matched by` key in order, the normal forms under which a record is found by it; empty where it has none."""


@dataclass(slots=True)
class Matches(Generic[L, R]):
    """`pairs`; `unsure` are those that several records match, which a person has to tell apart."""

    pairs: dict[L, R] = field(default_factory=dict)
    unsure: dict[L, tuple[R, ...]] = field(default_factory=dict)


def match(lefts: Mapping[L, Keys], rights: Mapping[R, Keys]) -> Matches[L, R]:
    """Pairs records in time proportional to their number. For each record of the left side, in order, the first key
    that finds records decides. Nothing is paired twice: of two that match one, the first has it, and the other is left
    alone."""
    index: list[dict[Hashable, dict[R, None]]] = []
    for right, groups in rights.items():
        while len(index) < len(groups):
            index.append(defaultdict(dict))
        for place, keys in enumerate(groups):
            for key in keys:
                index[place][key][right] = None
    found: Matches[L, R] = Matches()
    taken: set[R] = set()
    for left, groups in lefts.items():
        for place, keys in enumerate(groups[: len(index)]):
            there = {right: None for key in keys for right in index[place].get(key, ())}
            if not there:
                continue
            free = [right for right in there if right not in taken]
            if len(there) > 1 and len(free) > 1:
                found.unsure[left] = tuple(free)
            elif len(free) == 1:
                found.pairs[left] = free[0]
                taken.add(free[0])
            break
    return found
