"""The review queue: what waits for a person, and what they say about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from mxsync.decide.sync_fields import row_values
from mxsync.decide.syncing import ways_of
from mxsync.engine.page import work_page
from mxsync.engine.page_job import PageJob
from mxsync.engine.performing import perform
from mxsync.engine.rule_brake import RULE_BRAKE, RULES, held_by_rules
from mxsync.engine.syncing.brakes import BRAKE, release_note
from mxsync.engine.syncing.cluster import fields_of, says
from mxsync.engine.syncing.places import Binding, bindings_of
from mxsync.engine.taking_over import take_over
from mxsync.engine.undoing.refused import OF, accepted
from mxsync.engine.undoing.undo import undo
from mxsync.engine.world import Mailbox, World
from mxsync.errors import NotFound, Refused
from mxsync.model.item import Item, ItemRef, Unreadable
from mxsync.model.outcome import Fate
from mxsync.model.record import RecordKey, RecordValue
from mxsync.ports.connector import Fetched
from mxsync.ports.links import UNLINKED, LinkRow, WaitingRow
from mxsync.ports.tracking import Intent, ReviewRow, Unit
from mxsync.reconcile.forms import form_of

_CONFLICT = re.compile(r"sync (\S+): `([^`]+)` was changed on both sides")


_SIDE = re.compile(r"(\S+): (.*)", re.DOTALL)


def sides_of(row: ReviewRow) -> tuple[tuple[str, str], ...]:
    """Of a conflict both sides with their values, as they were when it was noticed; () for anything else."""
    if _CONFLICT.match(row.why) is None:
        return ()
    found = [side for line in row.decision if (side := _SIDE.fullmatch(line)) is not None]
    return tuple((side[1], side[2]) for side in found) if len(found) == 2 else ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits: the review queue, and the items that were let go and do not come again by themselves."""

    held: Sequence[ReviewRow]
    unlinked: Sequence[LinkRow]


def waiting(world: World) -> Waiting:
    """All of it."""
    bindings = bindings_of(world, ways_of(world.plan()))
    with world.store.reading() as unit:
        links = [link for b in bindings for link in unit.tracking.links_of_sync(*b.key) if link.state == UNLINKED]
        return Waiting(unit.tracking.held(), links)


@dataclass(frozen=True, slots=True)
class Reviewing:
    """The queue of one tenant. `hold` keeps its lease while something is changed, `peek` lets it be read where no pass
    has run yet."""

    world: World
    hold: Callable[[], AbstractContextManager[object]]
    peek: Callable[[], AbstractContextManager[object]]

    def waiting(self) -> Waiting:
        """What waits."""
        with self.peek():
            return waiting(self.world)

    def accept(self, number: int, take: str) -> str:
        """Carries out what was held; a sentence that says so."""
        with self.hold():
            return accept(self.world, number, take)

    def reject(self, number: int) -> str:
        """Leaves everything as it is."""
        with self.hold():
            return reject(self.world, number)

    def release(self, what: str, place: str) -> str:
        """Lets held deletions through, or an item come again."""
        with self.hold():
            return release(self.world, what, place)


def _row(world: World, number: int) -> ReviewRow:
    with world.store.reading() as unit:
        found = next((row for row in unit.tracking.held() if row.number == number), None)
    if found is None:
        raise NotFound(f"nothing with the number {number} waits for review: `mxsync review` lists what does")
    return found


def reject(world: World, number: int) -> str:
    """Everything stays as it is."""
    row = _row(world, number)
    if row.rule in (BRAKE, RULE_BRAKE):
        raise Refused("held deletions stay held: put back what was deleted, or `mxsync review accept` them")
    with world.store.transaction() as unit:
        unit.tracking.reviewed(number)
        known = unit.tracking.items([row.ref]).get(row.ref)
        if known is not None and known.fate == Fate.HELD.value:
            rejected = replace(known, fate=Fate.SKIPPED.value, reason=f"rejected in review: {row.why}")
            unit.tracking.save_items([rejected])
    return f"rejected: {row.ref.mailbox}/{row.ref.href}: {row.why}"


def accept(world: World, number: int, take: str) -> str:
    """Carries out what was held. Of a conflict `take` says whose value stays, by the side's name in the sync."""
    row = _row(world, number)
    if row.rule in (BRAKE, RULE_BRAKE):
        with world.store.transaction() as unit:
            unit.tracking.reviewed(number)
        return release(world, *row.ref.href.split("\x1f"))
    conflict = _CONFLICT.match(row.why)
    if conflict is not None:
        return _decide_conflict(world, row, conflict.group(1), conflict.group(2), take)
    if row.rule.startswith(OF):
        with world.store.reading() as unit:
            part = accepted(unit, row)
        report = undo(world, part.asked, review=False, only=part)
        with world.store.transaction() as unit:
            unit.tracking.reviewed(number)
        return f"accepted, and undone by run {report.run}: {'; '.join(report.steps) or row.why}"
    if row.rule.startswith("sync "):
        raise Refused("this cannot be accepted as it is: change the item or the row, or `mxsync review reject` it")
    mailbox = world.by_name().get(row.ref.mailbox)
    if mailbox is None:
        return take_over(world, row)
    intents = _decide_held(world, mailbox, row)
    perform(world, intents)
    return f"accepted: {row.ref.mailbox}/{row.ref.href}"


def _decide_held(world: World, mailbox: Mailbox, row: ReviewRow) -> Sequence[Intent]:
    fetched = [_read(mailbox, row.ref)]
    with world.store.transaction() as unit:
        run = unit.tracking.begin_run("review", world.plan().digest, world.now())
        job = PageJob(mailbox, run, world.now(), fetched, deletions=True, accepted=True)
        result = work_page(world, world.plan(), unit, job)
        unit.tracking.reviewed(row.number)
        unit.tracking.end_run(run, world.now(), {}, "done")
    return result.intents


def _read(mailbox: Mailbox, ref: ItemRef) -> Fetched:
    answer = next(iter(mailbox.connector.fetch([ref])), None)
    if answer is None or isinstance(answer, Unreadable):
        raise NotFound(f"the item {ref.mailbox}/{ref.href} is not there any more: `mxsync review reject` it")
    return answer


def _decide_conflict(world: World, row: ReviewRow, sync: str, name: str, take: str) -> str:
    """The loser is remembered as if it had been agreed on: so only the winner has changed, and crosses."""
    binding = next((b for b in bindings_of(world, ways_of(world.plan())) if b.way.name == sync
                    and b.spoke.holds(row.ref)), None)  # fmt: skip
    if binding is None:
        raise NotFound(f"the sync `{sync}` is not in the rules any more: `mxsync review reject {row.number}`")
    names = {binding.way.spoke.alias: 0, binding.way.hub.alias: 1}
    if take not in names:
        raise Refused(f"say whose value stays: --take {' or --take '.join(names)}")
    item = _read(world.by_name()[row.ref.mailbox], row.ref).item
    with world.store.transaction() as unit:
        for link in unit.tracking.links_of_items([row.ref]):
            if (link.sync, link.user) != binding.key:
                continue
            ours = says(item, fields_of(binding, item)).get(name)
            theirs = _hub_says(world, unit, binding, link, name)
            before = link.baseline.get(name, (None, None))
            after = (before[0], form_of(theirs)) if names[take] == 0 else (form_of(ours), before[1])
            unit.tracking.save_links([replace(link, baseline={**link.baseline, name: after})])
        unit.tracking.enqueue([WaitingRow(row.ref, "changed", row.identity)])
        unit.tracking.reviewed(row.number)
    return f"accepted: `{name}` of {row.ref.mailbox}/{row.ref.href} is taken from the {take} by the next pass"


def _hub_says(world: World, unit: Unit, binding: Binding, link: LinkRow, name: str) -> RecordValue:
    if isinstance(link.hub, RecordKey):
        record = unit.crm.read([link.hub]).get(link.hub)
        return row_values(record.values, binding.way.fields).get(name) if record is not None else None
    item: Item = _read(world.by_name()[link.hub.mailbox], link.hub).item
    return says(item, fields_of(binding, item)).get(name)


def release(world: World, what: str, place: str) -> str:
    """Lets the deletions of one sync in one place through, once; or, given an item, lets it come again."""
    bindings = bindings_of(world, ways_of(world.plan()))
    if place:
        groups = {(b.way.name, b.shown) for b in bindings}
        groups |= {
            (b.way.name, f"table {b.way.hub.entity}" if b.way.hub.entity else "the other folder") for b in bindings
        }
        groups |= {(RULES, held) for name in world.by_name() for held in held_by_rules(world, name)}
        if (what, place) not in groups:
            known = ", ".join(f"'{sync}' '{where}'" for sync, where in sorted(groups))
            raise NotFound(f"there is no sync `{what}` in `{place}`; there are {known}")
        with world.store.transaction() as unit:
            unit.tracking.set_note(release_note((what, place)), "1")
        by = "rules hold" if what == RULES else f"sync {what} holds"
        return f"the next pass may delete what {by} back in {place}"
    mailbox, _, href = what.partition("/")
    with world.store.transaction() as unit:
        links = [link for b in bindings for link in unit.tracking.links_of_sync(*b.key)
                 if link.state == UNLINKED and link.ref.mailbox == mailbox and link.ref.href == href]  # fmt: skip
        if not links:
            raise NotFound(f"no sync has let go of `{what}`: `mxsync review` lists those")
        unit.tracking.drop_links(links)
        for binding in bindings:
            unit.tracking.set_sync_digest(*binding.key, "") if binding.key in {
                (k.sync, k.user) for k in links
            } else None
    return f"{what} comes again with the next pass, if the filter names it"
