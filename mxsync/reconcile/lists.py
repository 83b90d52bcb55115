"""Lists merged as sets: what one side added is added on the other, what it took away is taken away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mxsync.model.item import Scalar
from mxsync.model.record import RecordValue
from mxsync.reconcile.forms import Form, element_key, is_empty


def elements(value: RecordValue) -> tuple[Scalar, ...]:
    """The elements of a list; of a single value, that one."""
    values = value if isinstance(value, tuple) else (value,)
    return tuple(each for each in values if not is_empty(each))  # type: ignore[misc]  # no references stand in lists


def merged_lists(
    before: tuple[Form, Form] | None, left: RecordValue, right: RecordValue
) -> tuple[tuple[Scalar, ...], tuple[Scalar, ...]]:
    """(what the left side is to hold, what the right side is to hold). `before` are the forms of both when they last
    agreed; without them nothing was taken away, and both get the union.

    A side that holds fewer than the other from the beginning (a list over three columns) stays so: only changes cross.
    """
    ours, theirs = elements(left), elements(right)
    if before is None:
        return _united(ours, theirs), _united(theirs, ours)
    of_left, of_right = _keys(before[0]), _keys(before[1])
    new_left = _applied(ours, theirs, of_right)
    new_right = _applied(theirs, ours, of_left)
    return _ordered(new_left, theirs, of_right), _ordered(new_right, ours, of_left)


def _keys(form: Form) -> tuple[str, ...]:
    values = form if isinstance(form, list | tuple) else [] if form is None else [form]
    return tuple(str(each).casefold() for each in values)


def _united(own: Sequence[Scalar], other: Sequence[Scalar]) -> tuple[Scalar, ...]:
    held = {element_key(each): each for each in own}
    for each in other:
        held.setdefault(element_key(each), each)
    return tuple(held.values())


def _applied(own: Sequence[Scalar], other: Sequence[Scalar], before: Iterable[str]) -> list[Scalar]:
    """`own` after what the other side did since it held `before`. What takes the place of something stands there."""
    there = {element_key(each): each for each in other}
    was = list(before)
    gone = [key for key in was if key not in there]
    new = [each for key, each in there.items() if key not in set(was)]
    held = {element_key(each) for each in own}
    new = [each for each in new if element_key(each) not in held]
    result: list[Scalar] = []
    for each in own:
        if element_key(each) not in gone:
            result.append(each)
        elif new:
            result.append(new.pop(0))
    return [*result, *new]


def _ordered(result: list[Scalar], other: Sequence[Scalar], before: Iterable[str]) -> tuple[Scalar, ...]:
    """Where both hold the same afterwards, and the other side changed, its order and spelling count."""
    keys = [element_key(each) for each in other]
    if sorted(map(element_key, result)) == sorted(keys) and keys != list(before):
        return tuple(other)
    return tuple(result)
