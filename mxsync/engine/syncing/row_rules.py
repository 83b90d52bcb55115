"""Rules about rows, carried out for a stretch of the change log."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager

from mxsync.decide.context import Event
from mxsync.decide.rows import RowContext, decide_rows, row_ref, rules_of_rows
from mxsync.engine.accounting import audit_rows
from mxsync.engine.answers import answer_of
from mxsync.engine.intents import intents_of
from mxsync.engine.rows import RowPage
from mxsync.engine.subjects import Subject
from mxsync.engine.syncing.telling import Written
from mxsync.engine.world import World
from mxsync.lang import ir
from mxsync.lang.compile import RulePlan
from mxsync.model.effect import CreateRow, DeleteRow
from mxsync.model.item import Value
from mxsync.model.outcome import Decision, Fate
from mxsync.model.record import KeyValue, Record, RecordKey
from mxsync.ports.database import RowChange
from mxsync.ports.links import WatchedRow
from mxsync.ports.tracking import ReviewRow, TrackingUnit, Unit

WATCHED = "rows.watched"
"""The note that says which fields of rows are remembered for `changed`."""


def watched(plan: RulePlan) -> Mapping[str, frozenset[str]]:
    """The fields of each entity that some rule about its rows asks `changed` of."""
    found: dict[str, set[str]] = {}

    def visit(condition: ir.Condition | None, entity: str) -> None:
        match condition:
            case ir.And(parts=parts) | ir.Or(parts=parts):
                for part in parts:
                    visit(part, entity)
            case ir.Not(part=part):
                visit(part, entity)
            case ir.Compare(op=ir.Op.CHANGED, path=path) if path.root is ir.Root.RECORD:
                found.setdefault(entity, set()).add(path.steps[0])
            case _:
                return

    for rule in plan.program.rules:
        if rule.row_of:
            visit(rule.condition, rule.row_of)
    return {entity: frozenset(names) for entity, names in found.items()}


def remember_rows(
    world: World, unit: Unit, entity: str, names: frozenset[str], after: KeyValue | None
) -> KeyValue | None:
    """What the rows say now of the fields that a new rule asks `changed` of, a page of them; the last key, None at the
    end."""
    records = unit.crm.walk(entity, after, world.page)
    unit.tracking.save_row_memory([WatchedRow(r.key, _plain(r, names), frozenset()) for r in records])
    return records[-1].key.value if records else None


def _plain(record: Record, names: frozenset[str]) -> dict[str, Value]:
    return {n: v for n in sorted(names) if not isinstance(v := record.values.get(n), RecordKey)}


def work_row_rules(
    world: World, unit: Unit, changes: Sequence[RowChange], begin: Callable[[TrackingUnit], int], now_written: Written
) -> None:
    """Decides the changed rows that rules are about, and writes what comes of it, in the unit's transaction."""
    plan = world.plan()
    rules = rules_of_rows(plan)
    events = _events(changes, rules)
    if not events:
        return
    records = unit.crm.read([key for key, (event, _) in events.items() if event != "deleted"])
    memory = unit.tracking.row_memory(list(events))
    fields = watched(plan)
    contexts: list[RowContext] = []
    for key, (event, number) in events.items():
        known = memory.get(key)
        previous = known.fields if known is not None else None
        if event == "deleted":
            contexts.append(RowContext(Record(key, dict(previous or {})), event, previous, frozenset(), number))
        elif key in records:
            done = known.done if known is not None else frozenset()
            contexts.append(RowContext(records[key], event, previous, done, number))
    now = world.now()
    decisions = decide_rows(plan, world.organisation, contexts, answer_of(unit), now)
    _write(world, unit, contexts, decisions, begin, now_written)
    remembered = [
        WatchedRow(
            context.record.key,
            _plain(context.record, fields.get(context.record.key.entity, frozenset())),
            context.done | {e.once for e in decision.effects if isinstance(e, CreateRow) and e.once},
        )
        for context, decision in zip(contexts, decisions, strict=True)
        if context.event != "deleted" and decision.fate is not Fate.HELD
    ]
    unit.tracking.save_row_memory([each for each in remembered if each.fields or each.done])
    unit.tracking.forget_row_memory([c.record.key for c in contexts if c.event == "deleted"])


def _events(changes: Sequence[RowChange], rules: Mapping[str, object]) -> dict[RecordKey, tuple[Event, int]]:
    """What happened to each row in all: made and changed is made, made and deleted is nothing."""
    found: dict[RecordKey, tuple[Event, int]] = {}
    made: set[RecordKey] = set()
    for change in changes:
        if change.undo:
            continue  # a rule would do again what a person has just taken back
        for key in change.keys:
            if key.entity not in rules:
                continue
            if change.operation == "insert":
                made.add(key)
                found[key] = ("created", change.number)
            elif change.operation == "delete":
                if key in made:
                    found.pop(key, None)
                else:
                    found[key] = ("deleted", change.number)
            elif key not in made:
                found[key] = ("updated", change.number)
    return found


def _write(
    world: World,
    unit: Unit,
    contexts: Sequence[RowContext],
    decisions: Sequence[Decision],
    begin: Callable[[TrackingUnit], int],
    written: Written,
) -> None:
    acting = [pair for pair in zip(contexts, decisions, strict=True) if pair[1].effects]
    if not acting:
        return
    run = begin(unit.tracking)
    gone = sum(isinstance(effect, DeleteRow) for _, decision in acting for effect in decision.effects)
    page = RowPage(world.database)
    held: list[ReviewRow] = []
    kept: dict[object, Decision] = {}
    now = world.now()
    for context, decision in acting:
        if decision.fate is Fate.HELD or (gone > world.brake.count and _deletes(decision)):
            why = decision.reason or f"{gone} rows would be deleted at once, more than {world.brake.count}"
            rule = decision.effects[0].cause.rule
            held.append(ReviewRow(now, context.ref, decision.identity, why, rule, decision.plan))
            written.held.append((context.ref.href, why))
            continue
        subject = _subject(context, decision)
        page.add(subject, decision, {})
        kept[context.ref] = decision
        written.intents += intents_of(subject, decision, {})
    page.write(unit.crm)
    unit.tracking.release([context.ref for context, _ in acting])
    unit.tracking.audit(audit_rows(page, kept, run, now))  # type: ignore[arg-type]  # by the rows' refs
    unit.tracking.intend(written.intents, run)
    unit.tracking.hold(held)
    for each in page.done:
        counts = written.created if each.action == "create" else written.updated
        if each.action in ("create", "update"):
            written.count(counts, each.key.entity)
        elif each.action == "delete":
            written.count(written.deleted, each.key.entity)


def _deletes(decision: Decision) -> bool:
    return any(isinstance(effect, DeleteRow) for effect in decision.effects)


def _subject(context: RowContext, decision: Decision) -> Subject:
    from mxsync.decide.context import ItemContext
    from mxsync.model.item import Item, Kind

    item = Item(Kind.NOTE, context.ref, "", {"subject": context.ref.href})
    about = ItemContext(item, context.event, "", decision.identity)
    return Subject(item, "", decision.identity, about)


def of_each_row(changes: Sequence[RowChange]) -> list[list[RowChange]]:
    """The changes of each row, in their order."""
    found: dict[tuple[RecordKey, ...], list[RowChange]] = {}
    for change in changes:
        found.setdefault(change.keys, []).append(change)
    return list(found.values())


def hold_refused(
    world: World, transaction: Callable[[], AbstractContextManager[Unit]], changes: Sequence[RowChange], sentence: str
) -> Written:
    """What rules would do about one row cannot be written: that waits for a person, until the row changes again."""
    why = f"a rule about this row cannot do what it says: {sentence}"
    entities = rules_of_rows(world.plan())
    refs = dict.fromkeys(row_ref(key) for change in changes for key in change.keys if key.entity in entities)
    with transaction() as unit:
        unit.tracking.hold([ReviewRow(world.now(), ref, "", why, "", world.plan().digest) for ref in refs])
    return Written(held=[(ref.href, why) for ref in refs])


def watch_rows(
    world: World,
    reading: Callable[[], AbstractContextManager[Unit]],
    transaction: Callable[[], AbstractContextManager[Unit]],
) -> None:
    """Before a rule that asks `changed` of a row can act, what the rows say now is remembered."""
    fields = watched(world.plan())
    with reading() as unit:
        known = unit.tracking.note(WATCHED)
    wanted = repr(sorted((entity, sorted(names)) for entity, names in fields.items()))
    if not fields or known == wanted:
        return
    for entity, names in fields.items():
        after: KeyValue | None = None
        while True:
            with transaction() as unit:
                after = remember_rows(world, unit, entity, names, after)
            if after is None:
                break
    with transaction() as unit:
        unit.tracking.set_note(WATCHED, wanted)
