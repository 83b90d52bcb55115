"""A person takes over what was proposed about a row: the change is written as mxsync would have written it, and can be
undone like that."""

from __future__ import annotations

from collections.abc import Mapping

from mxsync.engine.row_merging import after_image
from mxsync.engine.world import World
from mxsync.errors import NotFound, Refused
from mxsync.model.effect import proposal_keys, proposal_ref
from mxsync.model.item import ItemRef
from mxsync.model.record import Record, RecordKey, RecordValue
from mxsync.ports.database import BeforeImage
from mxsync.ports.tracking import AuditRow, ReviewRow, Unit

SOURCE = "review"
"""Where a value comes from that a person took over."""

_BECAUSE = "because of "


def take_over(world: World, row: ReviewRow) -> str:
    """Sets what a row of the queue proposes; a sentence that says so. Raises `Refused` where nothing would be set (two
    rows that may be one person are put together in the CRM), or a list has no column left; `NotFound` where the row
    is gone."""
    with world.store.transaction() as unit:
        proposal = _proposal(unit, row)
        change = {name: value for name, (value, _) in proposal.values.items()} if proposal is not None else {}
        if proposal is None or not change or proposal.links:
            raise Refused(f"`{row.why}` is about a row: change the row, or `mxsync review reject {row.number}`")
        key = proposal.row
        record = unit.crm.read([key]).get(key)
        image = unit.crm.before([key], links=False).get(key)
        if record is None or image is None:
            raise NotFound(f"{key.entity} {key.value} is not there any more: `mxsync review reject {row.number}`")
        values = {name: _with(world, record, name, value) for name, value in change.items()}
        fitted = world.database.fit(key.entity, values, new=False)
        unit.crm.update([(key.value, fitted)], {})
        now = unit.crm.before([key], links=False)[key]
        before = BeforeImage(key, {name: image.columns.get(name) for name in fitted.columns})
        run = unit.tracking.begin_run("review", world.plan().digest, world.now())
        account = AuditRow(
            at=world.now(),
            row=key,
            action="update",
            rule=row.rule,
            file="",
            line=0,
            plan=world.plan().digest,
            ref=proposal.ref,
            identity=proposal.identity,
            values={name: (value, SOURCE) for name, value in values.items()},
            before=before,
            run=run,
            after=after_image(now.columns, image.columns, before),
        )
        unit.tracking.audit([account])
        unit.tracking.reviewed(row.number)
        unit.tracking.end_run(run, world.now(), {"updated": {key.entity: 1}}, "done")
    return f"accepted: {row.why}"


def _proposal(unit: Unit, row: ReviewRow) -> AuditRow | None:
    """The account of what was proposed, which holds the values as they are."""
    because = next((line for line in row.decision if line.startswith(_BECAUSE)), "")
    mailbox, _, href = because.removeprefix(_BECAUSE).partition("/")
    for done in reversed(unit.tracking.history_of_item(ItemRef(mailbox, "", href))):
        if done.action != "propose":
            continue
        values: Mapping[str, RecordValue] = {name: value for name, (value, _) in done.values.items()}
        if any(proposal_ref(done.row, key).href == row.ref.href for key in proposal_keys(done.links, values)):
            return done
    return None


def _with(world: World, record: Record, name: str, value: RecordValue) -> RecordValue:
    """What a field will hold: of several columns (e-mail addresses) the next empty one is filled."""
    field = world.database.entity(record.key.entity).fields[name]
    there = record.values.get(name)
    if len(field.columns) == 1 or isinstance(value, RecordKey) or not isinstance(value, str):
        return value
    held = tuple(each for each in (there if isinstance(there, tuple) else (there,)) if isinstance(each, str) and each)
    if len(held) >= len(field.columns):
        raise Refused(
            f"{record.key.entity} {record.key.value} has no room for another {name}: empty one of "
            f"{', '.join(field.columns)} first"
        )
    return (*held, value)
