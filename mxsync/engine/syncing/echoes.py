"""Rows that a page of the syncs wrote, whose own change in the log brings nothing new: everything that it could lead
to was decided with the page."""

from __future__ import annotations

from collections.abc import Sequence

from mxsync.engine.syncing.cluster import Cluster, Settled
from mxsync.engine.syncing.filters import Filters
from mxsync.engine.syncing.owners import Owners, owned
from mxsync.engine.syncing.places import Binding
from mxsync.model.record import RecordKey
from mxsync.ports.links import PAIRED


def is_settled(filters: Filters, owners: Owners, cluster: Cluster, settled: Settled) -> bool:
    """Whether the row, as it was read back, is named by just those folders in which an item stands for it now, or will
    when the journal is done. What the database put into it by itself (a default) may bring it to another filter."""
    hub = cluster.hub
    record, key = hub.record, hub.key
    if record is None or not isinstance(key, RecordKey) or settled.held or settled.again or settled.deletions:
        return False
    unknown = len(filters.missing)
    there = {write.binding.key for write in settled.writes}
    for linking in settled.links:
        if linking.link.state != PAIRED:
            return False
        there.add((linking.link.sync, linking.link.user))
    for spoke in cluster.spokes:
        if spoke.event in ("gone", "moved") or spoke.held or spoke.skipped:
            return False
        there.add(spoke.binding.key)
        if spoke.link is not None and spoke.link.made and not filters.names_row(spoke.binding, record):
            return False
    wanted: Sequence[Binding] = list(owned(owners, record, key.entity))
    named = {binding.key for binding in wanted if filters.names_row(binding, record)}
    return named <= there and len(filters.missing) == unknown
