"""Which items wait for the syncs once the rules have decided about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from mxsync.engine.syncing.places import synced_kinds
from mxsync.lang.compile import RulePlan
from mxsync.ports.links import WaitingRow
from mxsync.ports.tracking import ItemRow


def changed_items(plan: RulePlan, rows: Iterable[ItemRow]) -> Sequence[WaitingRow]:
    """Items of the kinds that syncs are about, which have been decided and now wait for the syncs."""
    kinds = synced_kinds(plan)
    return [WaitingRow(row.ref, "changed", row.identity) for row in rows if row.kind in kinds] if kinds else ()


def gone_items(plan: RulePlan, rows: Collection[ItemRow]) -> Sequence[WaitingRow]:
    """Such items that are gone."""
    kinds = synced_kinds(plan)
    return [WaitingRow(row.ref, "gone", row.identity) for row in rows if row.kind in kinds] if kinds else ()
