"""Records that are items themselves, of a public folder or somebody's: written by the journal, like all items."""

from __future__ import annotations

from collections.abc import Mapping

from mxsync.engine.syncing.cluster import Cluster, ItemWrite, Settled, fields_of, says
from mxsync.engine.syncing.filters import Filters
from mxsync.model.record import RecordKey
from mxsync.ports.links import LinkRow
from mxsync.reconcile.forms import Form, form_of


def write_hub_item(cluster: Cluster, done: Settled, filters: Filters) -> None:
    """Turns what goes into the record into a write, with which every link that brought something is remembered: not
    before it is done."""
    hub, by = cluster.hub, done.by
    if isinstance(hub.key, RecordKey) or not done.hub or by is None:
        return
    others: list[tuple[LinkRow, Mapping[str, Form]]] = []
    for linking in done.links:
        if linking.settled:
            others.append((linking.link, {name: form_of(linking.values.get(name)) for name in sorted(linking.settled)}))
            for name in linking.settled:
                linking.forms.pop(name, None)
            linking.settled = set()
    members = {each.name: each for each in fields_of(by.binding, hub.item, by.item)}
    values = {name: value for name, value in done.hub.items() if members[name].to_hub}
    if hub.new and by.context is not None:
        values |= filters.fill_hub(by.binding, by.context)
    now = says(hub.item, tuple(members.values())) if hub.item is not None else {}
    first = others[0][0] if others else LinkRow(by.binding.way.name, by.binding.user, by.ref, hub.key)
    done.writes.append(
        ItemWrite(
            "create" if hub.new else "update",
            "hub",
            by.binding,
            hub.key,
            first,
            values,
            dict(hub.values),
            {} if hub.new else {name: form_of(now.get(name)) for name in values},
            others=others,
            item=hub.item,
        )
    )
