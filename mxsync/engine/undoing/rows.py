"""Rows put back as they were: what is to be done about each, and what later work stands in the way.

A row that was made goes only if nobody has touched it, linked it or referred to it since; a field goes back only if it
still holds what was written. Everything is asked for all rows at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from mxsync.decide.effect_text import called, row_name, value_text
from mxsync.decide.overlay import field_keys
from mxsync.engine.baseline import TELLS, changed_by_others, same, written_by_us
from mxsync.engine.undoing.steps import RowStep, since
from mxsync.engine.world import World
from mxsync.model.item import ItemRef
from mxsync.model.record import Find, RecordKey
from mxsync.ports.database import BeforeImage
from mxsync.ports.links import STANDING
from mxsync.ports.tracking import AuditRow, Unit

MAKES = frozenset({"create", "save", "undelete"})
TAKES = frozenset({"delete", "withdraw"})


class RowsBack:
    """The steps for the rows of one undo. `own` are the items whose standing for a row is part of what is undone;
    `forced` are rows about which a person has decided. `rule`: only what that rule did to a row."""

    def __init__(
        self, world: World, unit: Unit, own: Collection[ItemRef], forced: Collection[RecordKey] = (), rule: str = ""
    ) -> None:
        self._world, self._unit = world, unit
        self._own = {(ref.mailbox, ref.href) for ref in own}
        self._forced = frozenset(forced)
        self._rule = rule
        self._live: Mapping[RecordKey, Sequence[AuditRow]] = {}
        self._now: Mapping[RecordKey, BeforeImage] = {}

    def steps(self, chosen: Iterable[AuditRow]) -> list[RowStep]:
        """What is to be done, each with why it may not."""
        mine: dict[RecordKey, list[AuditRow]] = defaultdict(list)
        for row in chosen:
            if row.action not in TELLS and row.row.entity in self._world.plan().entities:
                mine[row.row].append(row)
        self._live = self._unit.tracking.all_of_rows(mine)
        self._now = self._unit.crm.before(mine, links=True) if mine else {}
        steps = [self._step(key, entries) for key, entries in mine.items()]
        for step in steps:
            image = self._now.get(step.key) or step.image
            step.called = called(self._world.database.read_back(step.key.entity, image.columns)) if image else ""
        inserting = {step.key for step in steps if step.verb == "insert"}
        for step in steps:
            if step.verb == "insert":
                step.refused = self._doubles(step, inserting)
        self._deletions([step for step in steps if step.verb == "delete"], steps)
        for step in steps:
            if step.key in self._forced:
                step.refused = ""
        return steps

    # ------------------------------------------------------------ what is to be done

    def _step(self, key: RecordKey, mine: Sequence[AuditRow]) -> RowStep:
        existence = [row for row in mine if row.action in MAKES | TAKES and self._whole(row)]
        there = key in self._now
        wanted = existence[0].action in TAKES if existence else there
        step = RowStep("nothing", key, mine)
        if not wanted:
            step.verb = "delete" if there else "nothing"
            if there:
                step.image = self._now[key]
                step.refused = self._touched(key, mine)
            return step
        if there and existence:
            step.verb, step.refused = "insert", f"{row_name(key, {})} is there again"
            return step
        if not there and existence:
            return self._back(step, mine, existence[0])
        if not there:
            return step  # a person has deleted it: there is nothing to put back into
        self._links(step, mine)
        self._fields(step, mine)
        step.verb = "restore" if step.columns else "unlink" if step.unlink or step.link else "nothing"
        return step

    def _whole(self, row: AuditRow) -> bool:
        return not self._rule or row.rule == self._rule

    def _back(self, step: RowStep, mine: Sequence[AuditRow], gone: AuditRow) -> RowStep:
        step.verb = "insert"
        if gone.before is None:
            step.refused = f"what {row_name(step.key, {})} was is no longer kept ([state] keep)"
            return step
        columns = dict(gone.before.columns)
        for row in reversed([row for row in mine if row.number < gone.number]):
            columns.update(row.before.columns if row.before is not None else {})
        step.image = BeforeImage(step.key, columns, gone.before.links)
        step.pairs = gone.pairs
        return step

    def _links(self, step: RowStep, mine: Sequence[AuditRow]) -> None:
        for row in mine:
            if not self._whole(row):
                continue
            if row.action == "unlink":
                step.link += row.links
            else:
                step.unlink += row.links

    def _fields(self, step: RowStep, mine: Sequence[AuditRow]) -> None:
        """Each column's value before the first of what is undone; it must hold what the last of it wrote."""
        now = self._now[step.key].columns
        last: dict[str, AuditRow] = {}
        for row in mine:
            columns = self._columns(row)
            for name in columns:
                step.columns.setdefault(name, row.before.columns.get(name) if row.before is not None else None)
                last[name] = row
            if row.action in ("update", "restore") and row.before is None:
                step.refused = f"what {row_name(step.key, {})} held before is no longer kept ([state] keep)"
        step.columns = {name: value for name, value in step.columns.items() if not same(value, now.get(name))}
        step.now = {name: now.get(name) for name in step.columns}
        step.fields = dict(self._world.database.read_back(step.key.entity, {**now, **step.columns}))
        held = self._world.database.read_back(step.key.entity, now)
        step.fields = {name: v for name, v in step.fields.items() if v != held.get(name)}
        numbers = {row.number for row in mine}
        for name in step.columns:
            step.refused = step.refused or self._later(step.key, name, last[name], numbers, now.get(name))

    def _columns(self, row: AuditRow) -> Collection[str]:
        """The columns that an entry has written and that are to be put back; of one rule only its own fields."""
        if row.action not in ("update", "restore") and not (self._rule and row.rule != self._rule):
            return ()
        written = list(row.before.columns) if row.before is not None else list(row.after)
        if not self._rule:
            return written
        fields = self._world.database.entity(row.row.entity).fields
        kept: set[str] = set()
        for name in row.values:
            rule = row.causes[name][0] if name in row.causes else row.rule
            if name in fields and rule == self._rule:
                kept |= set(fields[name].columns)
        return [name for name in written if name in kept]

    # ------------------------------------------------------------ what stands in the way

    def _later(self, key: RecordKey, column: str, last: AuditRow, mine: Collection[int], now: object) -> str:
        name = row_name(key, {})
        for row in self._live.get(key, ()):
            if row.number > last.number and row.number not in mine and column in row.after:
                return f"{self._field(key, column)} of {name} was set again by {since(row)}"
        if column not in last.after:
            return f"what was written into {name} is not known any more, so nobody can say whether it was changed since"
        if not same(last.after[column], now):
            shown = value_text(now) if now not in (None, "") else "nothing"  # type: ignore[arg-type]  # a column's value
            return f"{self._field(key, column)} of {name} was changed since by a person: it holds {shown} now"
        return ""

    def _field(self, key: RecordKey, column: str) -> str:
        fields = self._world.database.entity(key.entity).fields.values()
        return next((f"`{field.name}`" for field in fields if column in field.columns), f"column {column}")

    def _touched(self, key: RecordKey, mine: Sequence[AuditRow]) -> str:
        """Whether anybody has changed a row since it was made."""
        name = row_name(key, {})
        numbers = {row.number for row in mine}
        first = min(numbers)
        account = self._live.get(key, ())
        for row in account:
            if row.action not in TELLS and row.number > first and row.number not in numbers:
                return f"{name} was changed since ({row.action}) by {since(row)}"
        state, linked = written_by_us(account)
        if not state:
            return f"what was written into {name} is not known any more, so nobody can say whether it was changed since"
        now = self._now[key].columns
        column = changed_by_others(self._world.database.entity(key.entity), state, linked, now)
        if column is None:
            return ""
        held = value_text(now.get(column)) if now.get(column) not in (None, "") else "nothing"  # type: ignore[arg-type]
        return f"{self._field(key, column)} of {name} was changed since by a person: it holds {held} now"

    def _deletions(self, going: Sequence[RowStep], steps: Sequence[RowStep]) -> None:
        """A row goes only where what it is linked to, referred to by, and stood for by, goes too or was so made."""
        if not going:
            return
        keys = {step.key for step in going}
        referring = self._unit.crm.taken_back.referring(keys)
        standing = self._unit.tracking.pairs_of_rows(keys)
        links = defaultdict(list)
        for link in self._unit.tracking.links_of_hubs(list(keys)):
            links[link.hub].append(link)
        places = {pair.ref for pairs in standing.values() for pair in pairs}
        living = set(self._unit.tracking.items(places)) if places else set()
        emptied = {(step.key, name) for step in steps if not step.refused for name in step.fields}
        emptied |= {
            (step.key, field.name)
            for step in steps
            if not step.refused
            for other in step.unlink
            if (field := self._world.database.entity(step.key.entity).reference_to(other.entity)) is not None
        }
        joined = {frozenset((row.row, other)) for step in steps for row in step.entries for other in row.links}
        for step in going:
            name = row_name(step.key, {})
            for pair in standing.get(step.key, ()):
                if pair.ref in living and (pair.ref.mailbox, pair.ref.href) not in self._own and not step.refused:
                    step.refused = f"{name} stands for {pair.ref.mailbox}/{pair.ref.href} as well"
            for link in links[step.key]:
                there = (link.ref.mailbox, link.ref.href)
                if link.state in STANDING and there not in self._own and not step.refused:
                    step.refused = f"sync {link.sync} keeps {name} in step with {there[0]}/{there[1]}"
        while True:
            gone = {step.key for step in going if not step.refused or step.key in self._forced}
            before = len(gone)
            for step in going:
                if step.refused:
                    continue
                name = row_name(step.key, {})
                for other, refers in referring.get(step.key, ()):
                    if other not in gone and (other, refers) not in emptied:
                        step.refused = f"{row_name(other, {})} refers to {name} (`{refers}`)"
                for other in self._unit.crm.taken_back.linked(self._now[step.key]):
                    if other not in gone and frozenset((step.key, other)) not in joined and not step.refused:
                        step.refused = f"{row_name(other, {})} is linked to {name}"
            if len([step for step in going if not step.refused or step.key in self._forced]) == before:
                return

    def _doubles(self, step: RowStep, inserting: Collection[RecordKey]) -> str:
        """Whether a row that is to come again would be the second of its kind, or refer to what is gone."""
        if step.refused or step.image is None:
            return step.refused
        entity = self._world.database.entity(step.key.entity)
        values = self._world.database.read_back(step.key.entity, step.image.columns)
        for names in entity.matched_by:
            keys = [sorted(field_keys(entity, name, values.get(name)) - {""}, key=str)[:1] for name in names]
            if not all(keys):
                continue
            found = self._unit.crm.answer([Find(entity.name, names, tuple(each[0] for each in keys))])
            for records in found.values():
                for record in records:
                    return f"{row_name(step.key, {})} would be doubled: {row_name(record.key, {})} is the same by now"
        for field in entity.fields.values():
            value = values.get(field.name)
            if field.references and isinstance(value, RecordKey) and value not in inserting:
                if not self._unit.crm.before([value], links=False):
                    return f"{row_name(step.key, {})} refers to {row_name(value, {})}, which is gone"
        return ""
