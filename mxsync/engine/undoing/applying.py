"""Steps for rows carried out, in an order that foreign keys allow, and told to the account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from mxsync.engine.baseline import baseline_of
from mxsync.engine.undoing.steps import RowStep
from mxsync.engine.world import World
from mxsync.model.record import KeyValue, RecordKey, RecordValue
from mxsync.ports.database import BeforeImage, Fitted
from mxsync.ports.tracking import AuditRow, PairRow, Unit
from mxsync.ports.undoing import Chosen

_LONGEST = 200  # characters of a value, as the audit keeps them elsewhere


@dataclass(slots=True)
class Applied:
    """What was written: rows of the account."""

    audit: list[AuditRow] = field(default_factory=list)


def apply_rows(
    world: World, unit: Unit, asked: Chosen, steps: Sequence[RowStep], run: int, now: datetime
) -> Applied:  # fmt: skip
    """Rows that come again first, since others may refer to them; rows that go last, those before that refer to
    others. May raise `BadContent`."""
    crm = unit.crm
    by_verb: Mapping[str, list[RowStep]] = _by_verb(steps)
    back = by_verb["insert"]
    crm.taken_back.insert([step.image for step in back if step.image is not None])
    _restore(unit, by_verb["restore"])
    _links(unit, steps, part=True)
    standing = unit.tracking.pairs_of_rows({step.key for step in by_verb["delete"]})
    _delete(unit, by_verb["delete"])
    _links(unit, steps, part=False)
    written = {step.key for step in (*back, *by_verb["restore"])}
    images = crm.before(written, links=True) if written else {}
    applied = Applied()
    digest = world.plan().digest
    joined: set[frozenset[RecordKey]] = set()
    for step in steps:
        image = images.get(step.key)
        row = _told(step, asked, image, standing.get(step.key, ()), digest, run, now)
        if row is not None:
            if step.verb == "insert" and image is not None:
                row = replace(row, links=_came_back(unit, image, joined))
            applied.audit.append(row)
        if step.verb != "delete":
            applied.audit += _told_links(step, asked, digest, run, now)
    return applied


def _came_back(unit: Unit, image: BeforeImage, joined: set[frozenset[RecordKey]]) -> tuple[RecordKey, ...]:
    """The links that came back with a row, each told of one of its two rows."""
    others = [other for other in unit.crm.taken_back.linked(image) if frozenset((image.key, other)) not in joined]
    joined.update(frozenset((image.key, other)) for other in others)
    return tuple(others)


def _by_verb(steps: Sequence[RowStep]) -> Mapping[str, list[RowStep]]:
    found: dict[str, list[RowStep]] = defaultdict(list)
    for step in steps:
        found[step.verb].append(step)
    return found


def _restore(unit: Unit, steps: Collection[RowStep]) -> None:
    groups: dict[str, list[tuple[KeyValue, Fitted]]] = defaultdict(list)
    for step in steps:
        groups[step.key.entity].append((step.key.value, Fitted(step.key.entity, step.columns)))
    for rows in groups.values():
        unit.crm.update(rows, {})


def _delete(unit: Unit, steps: Collection[RowStep]) -> None:
    groups: dict[str, list[RecordKey]] = defaultdict(list)
    for step in steps:
        groups[step.key.entity].append(step.key)
    for entity in reversed(unit.crm.taken_back.order(groups)):
        unit.crm.delete(groups[entity])


def _links(unit: Unit, steps: Collection[RowStep], *, part: bool) -> None:
    groups: dict[tuple[str, str], list[tuple[KeyValue, KeyValue]]] = defaultdict(list)
    for step in steps:
        if step.verb in ("delete", "insert"):
            continue
        for other in step.unlink if part else step.link:
            groups[step.key.entity, other.entity].append((step.key.value, other.value))
    for (source, target), pairs in groups.items():
        if part:
            unit.crm.taken_back.unlink(source, target, pairs)
        else:
            unit.crm.link(source, target, pairs)


def _told(
    step: RowStep, asked: Chosen, now_there: BeforeImage | None, standing: Sequence[PairRow], digest: str, run: int,
    now: datetime,
) -> AuditRow | None:  # fmt: skip
    last = step.entries[-1]
    before: BeforeImage | None = None
    after: Mapping[str, object] = {}
    values: dict[str, tuple[RecordValue, str]] = {}
    match step.verb:
        case "delete":
            action, before = "delete", step.image
        case "insert":
            action = "undelete"
            after = baseline_of(now_there.columns) if now_there is not None else {}
        case "restore":
            action = "restore"
            before = BeforeImage(step.key, dict(step.now))
            held = now_there.columns if now_there is not None else {}
            after = baseline_of({name: held.get(name) for name in step.columns})
            values = {name: (_kept(value), "undo") for name, value in step.fields.items()}
        case _:
            return None
    return AuditRow(
        now, step.key, action, f"undo of {asked.words}", "", 0, digest, last.ref, last.identity, values,
        before=before, run=run, after=after, pairs=standing if step.verb == "delete" else (),
    )  # fmt: skip


def _told_links(step: RowStep, asked: Chosen, digest: str, run: int, now: datetime) -> list[AuditRow]:
    last = step.entries[-1]
    return [
        AuditRow(
            now, step.key, action, f"undo of {asked.words}", "", 0, digest, last.ref, last.identity, links=others,
            run=run,
        )
        for action, others in (("unlink", step.unlink), ("link", step.link))
        if others and step.verb != "insert"
    ]  # fmt: skip


def _kept(value: object) -> RecordValue:
    return value[:_LONGEST] + "…" if isinstance(value, str) and len(value) > _LONGEST else value  # type: ignore[return-value]
