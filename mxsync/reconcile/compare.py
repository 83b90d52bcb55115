"""Baseline, left, right → what is to be written where, field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from mxsync.model.record import RecordValue
from mxsync.reconcile.forms import Form, Speller, clean_text, form_of, is_empty, same
from mxsync.reconcile.lists import merged_lists

Winner: TypeAlias = Literal["left", "right", ""]
"""Who wins where both changed one field; '' when a person has to say."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field that is kept in step. `to_left` and `to_right` say which way it flows; `spell` gives the one spelling
    of its texts; `limit` is how many characters the right side holds."""

    name: str
    to_left: bool = True
    to_right: bool = True
    spell: Speller | None = None
    limit: int | None = None


class Agreed(NamedTuple):
    """What each side said of one field when they last agreed, in normal form (`mxsync.reconcile.forms`)."""

    left: Form
    right: Form


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both sides changed, each in its own way."""

    field: str
    left: RecordValue
    right: RecordValue
    winner: Winner


@dataclass(slots=True)
class Merge:
    """What is to be done. `left` and `right` are the values to be written there; `agreed` what is to be remembered of
    those fields that need no writing (of the others, once they are written)."""

    left: dict[str, RecordValue] = field(default_factory=dict)
    right: dict[str, RecordValue] = field(default_factory=dict)
    agreed: dict[str, Agreed] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def quiet(self) -> bool:
        """Whether nothing is to be written and nothing waits for a person."""
        return not self.left and not self.right and not self.conflicts


def compare(
    fields: Sequence[Field],
    before: Mapping[str, Agreed],
    left: Mapping[str, RecordValue],
    right: Mapping[str, RecordValue],
    winner: Callable[[str], Winner],
) -> Merge:
    """Compares both sides with what was last agreed. A field without an `Agreed` was never compared: then an empty side
    takes what the other says, and two that differ are a conflict. Where one side alone changed, its value crosses, if
    the field flows that way. Doing what the result says and comparing again gives nothing."""
    merge = Merge()
    for each in fields:
        _compare(each, before.get(each.name), left.get(each.name), right.get(each.name), winner, merge)
    return merge


def _compare(
    field: Field,
    before: Agreed | None,
    left: RecordValue,
    right: RecordValue,
    winner: Callable[[str], Winner],
    merge: Merge,
) -> None:
    name = field.name
    now = Agreed(form_of(left), form_of(right))
    if before is not None and _same_form(before.left, now.left) and _same_form(before.right, now.right):
        return
    if same(left, right, field.spell) or (before is None and _is_cut(field, left, right)):
        _settled(field, before, now, left, right, merge)
        return
    if isinstance(left, tuple) or isinstance(right, tuple):
        _lists(field, before, now, left, right, merge)
        return
    left_changed = before is None or not _same_form(before.left, now.left)
    right_changed = before is None or not _same_form(before.right, now.right)
    if before is None and is_empty(left):
        left_changed = False
    elif before is None and is_empty(right):
        right_changed = False
    if left_changed and right_changed:
        chosen = winner(name)
        merge.conflicts.append(Conflict(name, left, right, chosen))
        left_changed, right_changed = chosen == "left", chosen == "right"
    if left_changed and field.to_right:
        merge.right[name] = left
    elif right_changed and field.to_left:
        merge.left[name] = _with_rest(field, before, left, right)


def _settled(
    field: Field, before: Agreed | None, now: Agreed, left: RecordValue, right: RecordValue, merge: Merge
) -> None:
    """Both say the same. Where that is only so in another order or spelling, which one side chose since, it crosses."""
    if before is not None and isinstance(left, tuple) and isinstance(right, tuple) and now.left != now.right:
        if _same_form(before.right, now.right) and field.to_right:
            merge.right[field.name] = left
            return
        if _same_form(before.left, now.left) and field.to_left:
            merge.left[field.name] = right
            return
    merge.agreed[field.name] = now


def _lists(
    field: Field, before: Agreed | None, now: Agreed, left: RecordValue, right: RecordValue, merge: Merge
) -> None:
    new_left, new_right = merged_lists(before, left, right)
    left_waits, right_waits = form_of(new_left) != now.left, form_of(new_right) != now.right
    if left_waits and field.to_left:
        merge.left[field.name] = new_left
    if right_waits and field.to_right:
        merge.right[field.name] = new_right
    if not left_waits and not right_waits:
        merge.agreed[field.name] = now


def _same_form(one: Form, other: Form) -> bool:
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return list(one) == list(other)
    return bool(one == other)


def _is_cut(field: Field, left: RecordValue, right: RecordValue) -> bool:
    """Whether the right side is the left side's text, cut for a column."""
    if field.limit is None or not isinstance(left, str) or not isinstance(right, str) or len(left) <= field.limit:
        return False
    return clean_text(left[: field.limit]) == clean_text(right)


def _with_rest(field: Field, before: Agreed | None, left: RecordValue, right: RecordValue) -> RecordValue:
    """What goes to the left side: where the right side held only the beginning of a text and changed that, the rest
    stays."""
    if before is None or field.limit is None or not isinstance(left, str) or not isinstance(right, str):
        return right
    if len(left) > field.limit and _same_form(before.right, form_of(left[: field.limit])):
        return right + left[field.limit :]
    return right
