"""Which items and rows belong together: filters that begin or cease to match, and deletions that meet edits."""

from __future__ import annotations

from enum import Enum
from typing import Literal, TypeAlias

Clause: TypeAlias = Literal["delete", "unlink", "keep"]


class Step(Enum):
    """What becomes of a record of the hub in one folder."""

    NOTHING = "nothing"
    ADD = "add"  # an item that matches is linked, else one is made
    FLOW = "flow"  # they are linked, and what changed crosses
    REMOVE = "remove"  # the item goes: the filter does not name the record any more
    STAY = "stay"  # the item stays and is no longer written to from here
    RELEASE = "release"  # it was unlinked, and the filter has let go of it: from now on it may come again


def step_of(*, linked: bool, unlinked: bool, matches: bool, made: bool, remove: bool) -> Step:
    """`linked`: an item stands for the record. `unlinked`: the item was deleted and is not to come again. `matches`:
    the filter names the record now. `made`: the sync put the item there. `remove`: what leaves the filter goes."""
    if unlinked:
        return Step.NOTHING if matches else Step.RELEASE
    if not linked:
        return Step.ADD if matches else Step.NOTHING
    if matches:
        return Step.FLOW
    return Step.REMOVE if made and remove else Step.STAY


class After(Enum):
    """What a deletion on one side does to the other side's record."""

    DELETE = "delete"
    UNLINK = "unlink"  # it stays, and is not put there again until it left the filter, or is released
    FORGET = "forget"  # it stays, and the filters decide anew: where they name it, it comes again
    REVIEW = "review"


def after_deletion(clause: Clause, *, edited: bool, wins: Literal["gone", "other", ""], shared: bool) -> After:
    """`edited`: the other side's record was changed since both agreed. `wins` is the side that the conflict rule names;
    'other' also for `newest wins`, since nobody deletes what they have not seen; '' when a person has to say. `shared`:
    it is a meeting that lies in other mailboxes still.

    An edit outlives a deletion unless the conflict rule says that the deleting side wins: no change is lost without a
    rule that names it.
    """
    if clause == "keep":
        return After.FORGET
    if clause == "unlink" or shared:
        return After.UNLINK
    if not edited or wins == "gone":
        return After.DELETE
    return After.FORGET if wins == "other" else After.REVIEW
