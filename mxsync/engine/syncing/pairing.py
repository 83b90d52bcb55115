"""What a sync pairs is known to the rules as well, with what its row says now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mxsync.engine.baseline import baseline_of
from mxsync.lang.compile import RulePlan
from mxsync.model.item import ItemRef
from mxsync.model.record import Direction, Entity, RecordKey
from mxsync.ports.database import BeforeImage
from mxsync.ports.links import STANDING, LinkRow
from mxsync.ports.tracking import PairRow, Unit


def save_pairs(
    unit: Unit,
    plan: RulePlan,
    links: Sequence[LinkRow],
    current: Mapping[RecordKey, BeforeImage],
    identity_of: Callable[[ItemRef], str],
) -> None:
    """Notes what `links` pair: which row stands for an item, and whether mxsync made it. `current` are rows as they are
    now; those that are not among them are looked up at once."""
    wanted = [link for link in links if isinstance(link.hub, RecordKey) and link.ref.href[:1] not in ("", "?")]
    wanted = [link for link in wanted if link.state in STANDING]
    if not wanted:
        return
    rows = {link.hub for link in wanted if isinstance(link.hub, RecordKey)}
    others = rows - current.keys()
    images = {**current, **(unit.crm.before(others, links=False) if others else {})}
    before = unit.tracking.pairs([link.ref for link in wanted])
    columns_of = {name: _columns(plan.entities[name]) for name in {row.entity for row in rows}}
    pairs: list[PairRow] = []
    for link in wanted:
        assert isinstance(link.hub, RecordKey)
        image = images.get(link.hub)
        if image is None:
            continue
        known = next((pair for pair in before.get(link.ref, ()) if pair.row == link.hub), None)
        made = known.made if known is not None else link.made_hub
        columns = columns_of[link.hub.entity]
        baseline = baseline_of({name: value for name, value in image.columns.items() if name in columns})
        identity = known.identity if known is not None else identity_of(link.ref)
        pairs.append(PairRow(link.ref, identity, link.hub, made, baseline))
    unit.tracking.save_pairs(pairs)


def _columns(entity: Entity) -> frozenset[str]:
    return frozenset(
        column
        for each in entity.fields.values()
        if each.direction in (Direction.BOTH, Direction.TO_TABLE)
        for column in each.columns
    )
