"""From the change log to the records of syncs: the rows themselves, and those that look at a changed row."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from mxsync.decide.decide import zone_of
from mxsync.engine.syncing.places import Binding
from mxsync.engine.world import World
from mxsync.model.normal import address_key
from mxsync.model.record import Find, RecordKey
from mxsync.ports.database import RowChange
from mxsync.ports.tracking import Unit


def digests_of(world: World, unit: Unit, bindings: Sequence[Binding], now: datetime) -> Mapping[tuple[str, str], str]:
    """What each binding's pairs are to be gone through under: what its sync says; of filters that look at the clock,
    the day; of those that look at more of the user than who it is, the user's row. One query for all users."""
    parts = world.plan().parts
    asked: dict[tuple[str, str], Find] = {
        binding.key: Find(parts.user.name, (parts.user_email,), (address_key(binding.user),))
        for binding in bindings
        if binding.way.asks_user and parts.user is not None and binding.user
    }
    answers = unit.crm.answer(list(dict.fromkeys(asked.values()))) if asked else {}
    today = now.astimezone(zone_of(world.organisation.timezone)).date().isoformat()
    found: dict[tuple[str, str], str] = {}
    for binding in bindings:
        said = [binding.way.digest, binding.spoke.mailbox, binding.spoke.folder]
        if binding.way.asks_time:
            said.append(today)
        if binding.way.asks_user:
            lookup = asked.get(binding.key)
            records = answers[lookup] if lookup is not None else ()
            said.append(repr([sorted(each.values.items(), key=lambda pair: pair[0]) for each in records]))
        found[binding.key] = hashlib.sha256("\x1f".join(said).encode()).hexdigest()
    return found


def changed_rows(
    world: World,
    unit: Unit,
    bindings: Sequence[Binding],
    changes: Sequence[RowChange],
    settled: Collection[RecordKey] = (),
) -> Mapping[RecordKey, datetime | None]:
    """The records that a stretch of the change log is about, each with the time of its latest change by anybody but
    mxsync. Changes by mxsync itself to rows that are `settled` bring nothing new."""
    hubs = {binding.way.entity.name for binding in bindings if binding.way.entity is not None}
    chains = {
        (target, binding.way.entity.name, chain)
        for binding in bindings
        if binding.way.entity is not None
        for target, chain in binding.way.chains
    }
    targets = {target for target, *_ in chains}
    found: dict[RecordKey, datetime | None] = {}
    touched: dict[str, dict[RecordKey, None]] = {}
    for change in changes:
        for key in (*change.old, *change.keys):
            if key.entity in hubs and not (change.ours and key in settled):
                found[key] = change.at if not change.ours else found.get(key)
            if key.entity in targets and change.operation != "insert":
                touched.setdefault(key.entity, {})[key] = None
    for target, entity, chain in sorted(chains):
        for key in _looking(world, unit, entity, chain, list(touched.get(target, ()))):
            found.setdefault(key, None)
    return found


def _looking(
    world: World, unit: Unit, entity: str, chain: tuple[str, ...], targets: Sequence[RecordKey]
) -> list[RecordKey]:
    """The records of an entity from which a chain of references leads to one of the targets."""
    if not targets:
        return []
    way = [entity]
    for name in chain[:-1]:
        way.append(world.database.entity(way[-1]).fields[name].references)
    keys = list(targets)
    for here, name in zip(reversed(way), reversed(chain), strict=True):
        lookups = [Find(here, (name,), (key,)) for key in keys]
        answers = unit.crm.answer(lookups)
        keys = list({record.key: None for records in answers.values() for record in records})
    return keys


def parts_of(rows: Mapping[RecordKey, datetime | None], size: int) -> Iterator[Mapping[RecordKey, datetime | None]]:
    """Changed rows in parts of at most `size`."""
    keys = list(rows)
    for start in range(0, len(keys), size):
        yield {key: rows[key] for key in keys[start : start + size]}
