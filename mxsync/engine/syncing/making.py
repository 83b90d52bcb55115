"""A record that one item alone makes: most of a first run, and nothing in it has to be compared."""

from __future__ import annotations

from mxsync.engine.syncing.cluster import Cluster, Linking, Settled, Spoke, fields_of, says
from mxsync.model.record import RecordKey
from mxsync.ports.links import LinkRow
from mxsync.reconcile.forms import is_empty


def maker_of(cluster: Cluster) -> Spoke | None:
    """The item that makes the row, where it is the only one and nothing stands in its way."""
    hub = cluster.hub
    if not hub.new or not isinstance(hub.key, RecordKey) or hub.values:
        return None
    spokes = [each for each in cluster.spokes if not each.copy]
    if len(spokes) != 1:
        return None
    spoke = spokes[0]
    free = spoke.takes and spoke.here and not spoke.skipped and not spoke.held
    return spoke if free and spoke.link is None and spoke.event == "changed" and spoke.item is not None else None


def make_record(cluster: Cluster, spoke: Spoke, done: Settled) -> None:
    """The row gets all that the item says, and both agree on it: what comparing with nothing comes to."""
    hub, item, binding = cluster.hub, spoke.item, spoke.binding
    assert item is not None
    members = fields_of(binding, item)
    ours = says(item, members)
    values = {each.name: ours[each.name] for each in members if each.to_hub and not is_empty(ours[each.name])}
    if values:
        hub.values.update(values)
        done.hub.update(values)
        done.by = spoke
    link = LinkRow(binding.way.name, binding.user, spoke.ref, hub.key, made_hub=True)
    done.links.append(Linking(link, ours, {each.name for each in members}))
