"""Before a row that rules have made is withdrawn: whether others have made it theirs by now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from mxsync.engine.baseline import changed_by_others, written_by_us
from mxsync.engine.subjects import Subject
from mxsync.model.effect import WithdrawRow
from mxsync.model.item import ItemRef
from mxsync.model.outcome import Decision, OwnRow
from mxsync.model.record import Entity, RecordKey
from mxsync.ports.database import Database
from mxsync.ports.links import STANDING
from mxsync.ports.tracking import AuditRow, TrackingUnit, Unit


def looked_at(
    database: Database,
    unit: Unit,
    subjects: Sequence[Subject],
    decisions: Sequence[Decision],
    vanished: Collection[ItemRef],
) -> list[Subject] | None:
    """The items with what is known of rows that are about to be withdrawn; None when none is. Two queries for all."""
    going = {
        effect.key: subject
        for subject, decision in zip(subjects, decisions, strict=True)
        for effect in decision.effects
        if isinstance(effect, WithdrawRow)
    }
    if not going:
        return None
    joined = _joined(unit.tracking, going, vanished)
    account = unit.tracking.all_of_rows(going)
    edited = {
        key
        for key, subject in going.items()
        if _edited(database.entity(key.entity), account.get(key, ()), subject, key)
    }
    own = {subject.ref for subject in going.values()}
    return [
        replace(each, context=replace(each.context, own=tuple(_told(row, joined, edited) for row in each.context.own)))
        if each.ref in own
        else each
        for each in subjects
    ]


def _told(row: OwnRow, joined: Collection[RecordKey], edited: Collection[RecordKey]) -> OwnRow:
    return replace(row, joined=row.joined or row.key in joined, edited=row.edited or row.key in edited)


def _joined(
    tracking: TrackingUnit, going: Mapping[RecordKey, Subject], vanished: Collection[ItemRef]
) -> frozenset[RecordKey]:
    """The rows that syncs keep in step with another item, which a person made."""
    return frozenset(
        link.hub
        for link in tracking.links_of_hubs(set(going))
        if isinstance(link.hub, RecordKey)
        and link.state in STANDING
        and not link.made
        and link.ref != going[link.hub].ref
        and link.ref not in vanished
    )


def _edited(entity: Entity, account: Sequence[AuditRow], subject: Subject, key: RecordKey) -> bool:
    """Whether a person has changed a mapped field since, in the table or in another item that stands for the row."""
    if any(each.action == "update" and each.rule.startswith("sync ") and each.ref != subject.ref for each in account):
        return True
    image = subject.images.get(key) if subject.images else None
    state, linked = written_by_us(account)
    if image is None or not state:
        return False  # older than what is kept of it: what the item's own pair remembers has to do
    mapped = {column for each in entity.fields.values() for column in each.columns}
    kept = {name: value for name, value in state.items() if name in mapped}
    return changed_by_others(entity, kept, linked, image.columns) is not None
