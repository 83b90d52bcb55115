"""What is remembered of rows and items after an undo, so that no pass does the same again or the opposite of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from mxsync.decide.sync_fields import row_values
from mxsync.decide.syncing import ways_of
from mxsync.engine.baseline import remembered
from mxsync.engine.syncing.places import Binding, bindings_of
from mxsync.engine.undoing.steps import RowStep
from mxsync.engine.world import World
from mxsync.model.item import ItemRef
from mxsync.model.outcome import Fate
from mxsync.model.record import RecordKey
from mxsync.ports.links import UNLINKED, LinkRow, WaitingRow
from mxsync.ports.tracking import ItemRow, PairRow, Unit
from mxsync.ports.undoing import Chosen
from mxsync.reconcile.forms import form_of

_PART = 100
"""Items asked about at once by their places."""


def settle_links(world: World, unit: Unit, steps: Sequence[RowStep]) -> None:
    """Pairs of items and rows, those of rules and those of syncs: what is gone is let go of, what came back stands
    again, and of a field that was put back both sides are remembered as they are."""
    tracking = unit.tracking
    bindings = {binding.key: binding for binding in bindings_of(world, ways_of(world.plan()))}
    by_key = {step.key: step for step in steps}
    saved: list[LinkRow] = []
    dropped: list[LinkRow] = []
    restored = {key for key, step in by_key.items() if step.verb == "restore"}
    records = unit.crm.read(restored) if restored else {}
    for link in tracking.links_of_hubs(list(by_key)):
        step = by_key[link.hub]  # type: ignore[index]  # asked by rows
        binding = bindings.get((link.sync, link.user))
        if step.verb == "delete":
            dropped.append(link)  # the key may be given to another row; what was undone is known of the item
        elif step.verb == "restore" and binding is not None and link.ref in {row.ref for row in step.entries}:
            saved.append(_as_they_are(link, binding, step, records))
    saved += [link for step in steps if step.verb == "insert" for link in _let_go(step, list(bindings.values()))]
    tracking.drop_links(dropped)
    tracking.save_links(saved)
    _pairs(unit, by_key)


def _as_they_are(link: LinkRow, binding: Binding, step: RowStep, records: object) -> LinkRow:
    """The item that had brought the value keeps it, the row has the old one again: neither has changed."""
    assert isinstance(records, dict)
    record = records.get(step.key)
    values = row_values(record.values, binding.way.fields) if record is not None else {}
    baseline = dict(link.baseline)
    for name in step.fields:
        if name in baseline and name in values:
            baseline[name] = (baseline[name][0], form_of(values[name]))
    return replace(link, baseline=baseline)


def _let_go(step: RowStep, bindings: Sequence[Binding]) -> list[LinkRow]:
    """A row that a sync had deleted because its item was: the item does not come again."""
    for row in step.entries:
        if row.action == "delete" and row.rule.startswith("sync "):
            name = row.rule.removeprefix("sync ")
            binding = next((b for b in bindings if b.way.name == name and b.spoke.holds(row.ref)), None)
            if binding is not None:
                return [LinkRow(name, binding.user, row.ref, step.key, UNLINKED)]
    return []


def _pairs(unit: Unit, steps: dict[RecordKey, RowStep]) -> None:
    tracking = unit.tracking
    standing = tracking.pairs_of_rows(list(steps))
    dropped: list[tuple[ItemRef, RecordKey]] = []
    saved: list[PairRow] = []
    for key, step in steps.items():
        if step.verb == "delete":
            dropped += [(pair.ref, key) for pair in standing.get(key, ())]
        elif step.verb == "insert":
            saved += step.pairs
            there = tracking.items([pair.ref for pair in step.pairs])  # items that are there are looked at again
            tracking.enqueue(
                [WaitingRow(pair.ref, "changed", pair.identity) for pair in step.pairs if pair.ref in there]
            )
        elif step.verb == "restore":
            for pair in standing.get(key, ()):
                back = {name: remembered(value) for name, value in step.columns.items() if name in pair.baseline}
                saved.append(replace(pair, baseline={**pair.baseline, **back}))
    tracking.drop_pairs(dropped)
    tracking.save_pairs(saved)


def forget_items(world: World, unit: Unit, refs: Collection[ItemRef], run: int, *, again: bool) -> int:
    """The items are decided, and what was decided is undone: they are left alone until they change, or are decided by
    other rules. What happens once for an item may happen again, unless something of it still stands. `again` when an
    undo was undone: then it stands as before."""
    tracking = unit.tracking
    known = {ref: row for ref, row in tracking.items(refs).items() if row.fate != Fate.HELD.value}
    standing: set[tuple[str, str]] = set()
    places = sorted(known)
    for start in range(0, len(places), _PART):
        part = tuple(places[start : start + _PART])
        standing |= {(row.ref.mailbox, row.ref.href) for row in tracking.chosen(Chosen(refs=part))}
    rows: list[ItemRow] = []
    for ref, row in known.items():
        once = row.once if (ref.mailbox, ref.href) in standing else frozenset[str]()
        fate, reason = (Fate.APPLIED, "done again by") if again else (Fate.UNDONE, "undone by")
        rows.append(
            replace(row, fate=fate.value, reason=f"{reason} run {run}", plan=world.plan().digest,
                    once=row.once if again else once)
        )  # fmt: skip
    tracking.save_items(rows)
    return len(rows)
