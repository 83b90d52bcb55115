"""What an undo is about: a run, a rule, an item, as a person names them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from mxsync.engine.explaining import find_item
from mxsync.engine.undoing.rows import MAKES
from mxsync.engine.world import World
from mxsync.errors import NotFound
from mxsync.model.item import ItemRef
from mxsync.model.record import RecordKey
from mxsync.ports.tracking import AuditRow, Unit
from mxsync.ports.undoing import Chosen, Effected


@dataclass(frozen=True, slots=True)
class Undoing:
    """What was asked for with what the account has of it. `forced` are rows, `forced_effects` effects (by number),
    about which a person has decided."""

    asked: Chosen
    entries: Sequence[AuditRow]
    effects: Sequence[Effected]
    forced: Collection[RecordKey] = ()
    forced_effects: Collection[int] = ()


def own_items(unit: Unit, undoing: Undoing) -> Collection[ItemRef]:
    """The items whose standing for a row is part of what is undone: of a run also copies for which nothing had to be
    written, since another's row was there in the same pass."""
    refs = {row.ref for row in undoing.entries} | {effect.ref for effect in undoing.effects} | set(undoing.asked.refs)
    run = unit.tracking.run(undoing.asked.run) if undoing.asked.run else None
    if run is None:
        return refs
    rows = {row.row for row in undoing.entries}
    pairs = unit.tracking.pairs_of_rows(rows)
    others = {pair.ref for own in pairs.values() for pair in own} - refs
    known = unit.tracking.items(others) if others else {}
    end = run.ended
    return refs | {
        ref for ref, row in known.items() if row.decided >= run.started and (end is None or row.decided <= end)
    }


def with_consequences(unit: Unit, undoing: Undoing) -> Undoing:
    """With the items that syncs put into folders, in the same run, for rows that were made."""
    made = {row.row: row.run for row in undoing.entries if row.action in MAKES}
    refs = [link.ref for link in unit.tracking.links_of_hubs(list(made)) if link.made]
    known = {effect.number for effect in undoing.effects}
    runs = set(made.values())
    more = [e for e in unit.tracking.effects_of_items(refs) if e.number not in known and e.run in runs]
    effects = sorted((*undoing.effects, *more), key=lambda each: each.number)
    return replace(undoing, effects=effects)


def chosen_run(unit: Unit, text: str) -> Chosen:
    """A run by its number, or `last`: the latest that has done something. Raises `NotFound`."""
    if text.isdigit():
        return Chosen(run=int(text))
    if text == "last":
        for run in unit.tracking.runs(200):
            if run.kind != "undo" and unit.tracking.chosen(Chosen(run=run.number)):
                return Chosen(run=run.number)
        raise NotFound("no run has done anything that is not undone")
    raise NotFound(f"`{text}` is no run: give its number (`mxsync undo` lists them), or `last`")


def chosen_rule(world: World, unit: Unit, name: str, runs: frozenset[int] | None) -> Chosen:
    """A rule by its name, also one that is not in the rule files any more. Raises `NotFound`."""
    asked = Chosen(rule=name, runs=runs)
    if unit.tracking.chosen(asked) or unit.tracking.effects(asked) or unit.tracking.undone_by(asked):
        return asked
    known = {rule.name for rule in world.plan().program.rules}
    if name in known:
        return asked
    near = ", ".join(f"'{each}'" for each in sorted(known)[:12])
    raise NotFound(f"nothing was ever done by a rule called '{name}'; the rules in force are {near}")


def chosen_item(world: World, unit: Unit, item: str, runs: frozenset[int] | None) -> Chosen:
    """An item as `explain` takes it, with the places where it lay before rules moved it. Raises `NotFound`."""
    _, ref = find_item(world, unit, item)
    came = unit.tracking.moved(ref.mailbox)
    places = [ref]
    while (origin := came.get(places[0])) is not None and origin not in places:
        places.insert(0, origin)
    asked = Chosen(refs=tuple(places), runs=runs)
    if not (unit.tracking.items(places) or unit.tracking.chosen(asked) or unit.tracking.effects(asked)):
        raise NotFound(f"nothing was ever done for an item `{item}` (looked for {ref.mailbox}/{ref.href})")
    return asked
