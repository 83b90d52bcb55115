"""Items that are gone from a mailbox, and decisions that delete rows: both under the brake."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from mxsync.engine.page import work_page
from mxsync.engine.page_job import PageJob
from mxsync.engine.rule_brake import RuleBrake, holds_note
from mxsync.engine.syncing.queueing import gone_items
from mxsync.engine.world import Mailbox
from mxsync.failpoints import reach
from mxsync.lang.compile import RulePlan
from mxsync.model.change import Modified
from mxsync.model.effect import DeleteRow, WithdrawRow
from mxsync.model.item import Item, ItemRef, Kind, Value
from mxsync.model.outcome import Fate
from mxsync.model.record import Record, RecordKey
from mxsync.ports.connector import Fetched
from mxsync.ports.tracking import ItemRow, Unit

if TYPE_CHECKING:
    from mxsync.engine.passes import Pass


def work_vanished(work: Pass, mailbox: Mailbox, vanished: Collection[ItemRef], postponed: Sequence[ItemRef]) -> bool:
    """Forgets what is gone, lets `when … deleted` rules act on it, and carries out the decisions that were postponed
    because they delete. Returns whether the brake holds some of it: then the cursor stays."""
    with work.world.store.reading() as unit:
        brake = RuleBrake(work, mailbox, unit.tracking.note(holds_note(mailbox.name)))
    held = _postponed(work, mailbox, postponed, brake)
    if vanished:
        held = _gone(work, mailbox, vanished, brake) or held
    brake.settle()
    return held


def _postponed(work: Pass, mailbox: Mailbox, refs: Sequence[ItemRef], brake: RuleBrake) -> bool:
    if not refs:
        return False
    too_many = brake.holds(refs)
    free = [ref for ref in refs if ref.folder not in too_many]
    page = work.world.page
    for start in range(0, len(free), page):
        changes = [Modified(ref, "", Kind.MAIL) for ref in free[start : start + page]]
        work.page(mailbox, changes, (), (), deletions=True)
    return bool(too_many)


def _gone(work: Pass, mailbox: Mailbox, vanished: Collection[ItemRef], brake: RuleBrake) -> bool:
    plan = work.world.plan()
    refs = sorted(vanished)
    with work.world.store.reading() as unit:
        rows = unit.tracking.items(refs)
        identities = {row.identity for row in rows.values() if row.identity}
        twins = unit.tracking.items_by_identity(mailbox.name, identities)
        moved = {
            ref: there
            for ref, row in rows.items()
            if (there := {twin.ref for twin in twins.get(row.identity, ()) if twin.ref not in vanished})
        }
        deleted = [ref for ref in refs if ref in rows and ref not in moved]
        subjects = _stored_items(unit, rows, deleted) if _asks_for_deletions(plan) else []
        pairs = unit.tracking.pairs(list(moved))
    held = False
    if subjects:
        held = _decide_deleted(work, mailbox, subjects, brake)
        if held:
            return True
    with work.world.store.transaction() as unit:
        work.begin(unit.tracking)
        # A moved item's pair went over to where it lies now, if it is still saved there.
        old = [(ref, pair.row) for ref, own in pairs.items() for pair in own]
        standing = unit.tracking.pairs_of_rows({row for _, row in old})
        unit.tracking.drop_pairs(
            [(ref, row) for ref, row in old if any(pair.ref in moved[ref] for pair in standing.get(row, ()))]
        )
        unit.tracking.enqueue(gone_items(plan, rows.values()))
        unit.tracking.forget_items(refs)
        unit.tracking.clear_aside(refs)
        unit.tracking.release(refs)
    reach("vanished.committed")
    return False


def _asks_for_deletions(plan: RulePlan) -> bool:
    return any(rule.event == "deleted" and not rule.row_of for rule in plan.program.rules)


def _stored_items(unit: Unit, rows: Mapping[ItemRef, ItemRow], refs: Sequence[ItemRef]) -> list[Fetched]:
    """Items that are gone, as far as their rows still tell of them."""
    pairs = unit.tracking.pairs(refs)
    records = unit.crm.read({pair.row for own in pairs.values() for pair in own})
    found: list[Fetched] = []
    for ref in refs:
        row = rows[ref]
        record = next((records[pair.row] for pair in pairs.get(ref, ()) if pair.row in records), None)
        fields = _fields(record) if record is not None else {}
        if row.identity.startswith("mail:"):
            fields["message_id"] = row.identity.removeprefix("mail:")
        elif ":" in row.identity:
            fields["uid"] = row.identity.rpartition(":")[2]
        found.append(Fetched(Item(row.kind, ref, row.revision, fields), row.stamp))
    return found


def _fields(record: Record) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    for name, value in record.values.items():
        if isinstance(value, RecordKey) or "." in name:
            continue
        fields[name] = value
    return fields


def _decide_deleted(work: Pass, mailbox: Mailbox, items: Sequence[Fetched], brake: RuleBrake) -> bool:
    plan = work.world.plan()
    now = work.world.now()
    with work.world.store.rehearsal() as unit:
        job = PageJob(mailbox, 0, now, items, event="deleted", deletions=True, rehearsing=True)
        rehearsed = work_page(work.world, plan, unit, job)
    doing = [decision for decision in rehearsed.decisions if decision.fate is not Fate.HELD]
    going = [d.ref for d in doing if any(isinstance(e, DeleteRow | WithdrawRow) for e in d.effects)]
    if going and brake.holds(going):
        return True
    with work.world.store.transaction() as unit:
        job = PageJob(mailbox, work.begin(unit.tracking), now, items, event="deleted", deletions=True)
        result = work_page(work.world, plan, unit, job)
    work.after(mailbox, result)
    return False
