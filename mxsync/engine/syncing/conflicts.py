"""Conflicts in words: for the audit what was lost to which rule, for the review queue both values side by side."""

from __future__ import annotations

from mxsync.engine.syncing.cluster import Hub, Spoke, Told
from mxsync.engine.syncing.places import Binding
from mxsync.model.record import RecordValue
from mxsync.reconcile.compare import Conflict


def lost(spoke: Spoke, hub: Hub, conflict: Conflict) -> Told:
    policy = spoke.binding.way.policy
    rule = "newest wins" if policy == "newest" else f"{policy_word(spoke.binding)} wins"
    winner, loser = ("item", conflict.right) if conflict.winner == "left" else ("record", conflict.left)
    line = f"`{conflict.field}` was changed on both sides: the {winner}'s stays ({rule}), `{_short(loser)}` is lost"
    return Told("conflict", spoke.binding, spoke.ref, hub.key, {conflict.field: loser}, (line,))


def policy_word(binding: Binding) -> str:
    """The side that wins, as the sync calls it."""
    return binding.way.spoke.alias if binding.way.policy == "spoke" else binding.way.hub.alias


def unsure(spoke: Spoke, hub: Hub, conflict: Conflict) -> Told:
    way = spoke.binding.way
    why = f"`{conflict.field}` was changed on both sides"
    lines = (why, f"{way.spoke.alias}: {_short(conflict.left)}", f"{way.hub.alias}: {_short(conflict.right)}")
    return Told("hold", spoke.binding, spoke.ref, hub.key, {conflict.field: conflict.left}, lines)


def _short(value: RecordValue) -> str:
    if isinstance(value, tuple):
        return "; ".join(str(each) for each in value)[:200]
    return str(value if value is not None else "")[:200]
