"""The row effects of a page's decisions: fitted for their columns, then written in bulk, references first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from mxsync.engine.baseline import baseline_like, baseline_of, same
from mxsync.engine.row_merging import after_image, merged, narrowed
from mxsync.engine.subjects import Subject
from mxsync.model.effect import Cause, CreateRow, DeleteRow, LinkRows, Propose, SaveItem, UpdateRow, WithdrawRow
from mxsync.model.item import ItemRef
from mxsync.model.outcome import Decision
from mxsync.model.record import KeyValue, Planned, RecordKey, RecordValue
from mxsync.ports.database import BeforeImage, CrmUnit, Database, Fitted
from mxsync.ports.tracking import PairRow


@dataclass(slots=True)
class Written:
    """One row as it was written for one item. `action`: create, save, update, delete, withdraw. `key` may be planned
    until the page is written; `values` are what was really written, field to (value, source)."""

    ref: ItemRef
    cause: Cause
    action: str
    key: RecordKey
    values: dict[str, tuple[RecordValue, str]] = field(default_factory=dict)
    causes: Mapping[str, Cause] = field(default_factory=dict)
    links: list[RecordKey] = field(default_factory=list)
    before: BeforeImage | None = None
    notes: tuple[str, ...] = ()
    moment: datetime | None = None
    was: Mapping[str, object] | None = None
    """The whole row before, where it was there."""
    after: Mapping[str, object] = field(default_factory=dict)
    """What its columns hold afterwards, those that changed: by that undo knows whether anybody has been there since."""
    pairs: Sequence[PairRow] = ()


@dataclass(slots=True)
class _New:
    number: int
    fitted: Fitted


@dataclass(slots=True)
class _Pairing:
    subject: Subject
    key: RecordKey
    baseline: dict[str, Any]
    made: bool


class RowPage:
    """Collects with `add`, which raises `BadContent` for an item whose values do not fit, and then writes all of it
    with `write`. After that `done` says what was written, `pairs` what stands for what, `real` the keys of planned
    rows."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._new: list[_New] = []
        self._updates: dict[str, list[tuple[RecordKey, Fitted]]] = defaultdict(list)
        self._set: list[tuple[RecordKey, Fitted, Written]] = []
        self._links: dict[tuple[str, str], list[tuple[RecordKey, RecordKey, ItemRef, Cause]]] = defaultdict(list)
        self._gone: list[Written] = []
        self._standing: dict[RecordKey, tuple[PairRow, ...]] = {}
        self._proposals: list[tuple[Subject, Propose]] = []
        self._remembered: dict[RecordKey, tuple[Mapping[str, object], Mapping[str, Any]]] = {}
        """Of new rows what was written, and what is remembered of that."""
        self._pairings: list[_Pairing] = []
        self._made: dict[RecordKey, dict[str, Any]] = {}
        self.done: list[Written] = []
        self.dropped: list[tuple[ItemRef, RecordKey]] = []
        self.pairs: list[PairRow] = []
        self.proposed: list[tuple[Subject, Propose]] = []
        """What a person is to decide, with the real keys of rows."""
        self.real: dict[int, KeyValue] = {}
        self.linked = 0

    # ------------------------------------------------------------ collecting

    def add(self, subject: Subject, decision: Decision, extra: Mapping[RecordKey, Mapping[str, RecordValue]]) -> None:
        """One item's effects. `extra` are values that only the engine knows (where a document lies). Nothing of the
        item is kept when it raises."""
        fitted: dict[int, Fitted] = {}
        for number, effect in enumerate(decision.effects):
            match effect:  # here and below the most frequent first
                case LinkRows():
                    pass
                case SaveItem():
                    values = {**effect.values, **effect.assigned}
                    fitted[number] = self._database.fit(effect.key.entity, values, new=effect.key.planned)
                case CreateRow():
                    values = {**effect.values, **extra.get(effect.key, {})}
                    fitted[number] = self._database.fit(effect.key.entity, values, new=True)
                case UpdateRow():
                    fitted[number] = self._database.fit(effect.key.entity, effect.values, new=False)
                case _:
                    pass
        for number, effect in enumerate(decision.effects):
            match effect:
                case LinkRows():
                    way = (effect.source.entity, effect.target.entity)
                    self._links[way].append((effect.source, effect.target, subject.ref, effect.cause))
                case SaveItem():
                    self._save(subject, effect, fitted[number])
                case CreateRow():
                    self._create(subject, effect, fitted[number], extra.get(effect.key, {}))
                case UpdateRow():
                    written = Written(subject.ref, effect.cause, "update", effect.key, notes=fitted[number].notes)
                    written.values = self._said(effect, effect.values, fitted[number])
                    written.moment = effect.moment
                    self._set.append((effect.key, fitted[number], written))
                case DeleteRow():
                    self._stands(subject, effect.key)
                    self._gone.append(Written(subject.ref, effect.cause, "delete", effect.key))
                case WithdrawRow():
                    self._stands(subject, effect.key)
                    self._gone.append(Written(subject.ref, effect.cause, "withdraw", effect.key))
                case Propose():
                    self._proposals.append((subject, effect))
                case _:
                    pass

    def _stands(self, subject: Subject, key: RecordKey) -> None:
        """What stands for a row that goes: it is remembered, for whoever brings the row back."""
        self._standing[key] = tuple(pair for pair in (*subject.pairs, *subject.others) if pair.row == key)

    def _create(self, subject: Subject, effect: CreateRow, fitted: Fitted, extra: Mapping[str, RecordValue]) -> None:
        assert isinstance(effect.key.value, Planned)
        self._new.append(_New(effect.key.value.number, fitted))
        written = Written(subject.ref, effect.cause, "create", effect.key, notes=fitted.notes, moment=effect.moment)
        written.values = self._said(effect, {**effect.values, **extra}, fitted)
        self.done.append(written)

    def _said(
        self, effect: CreateRow | UpdateRow, values: Mapping[str, RecordValue], fitted: Fitted
    ) -> dict[str, tuple[RecordValue, str]]:
        """Each field with its source. A text that a signature gave is kept as its column holds it (cut, or a number
        written as the table has them), so that it is known again when the row is read."""
        fields = self._database.entity(effect.key.entity).fields if effect.moment is not None else {}
        said: dict[str, tuple[RecordValue, str]] = {}
        for name, value in values.items():
            if isinstance(value, str) and name in fields and len(fields[name].columns) == 1:
                column = fitted.columns.get(fields[name].columns[0])
                value = column if isinstance(column, str) else value
            said[name] = (value, effect.sources.get(name, "rule"))
        return said

    def _save(self, subject: Subject, effect: SaveItem, fitted: Fitted) -> None:
        value = effect.key.value
        said = {
            **{n: (v, "item") for n, v in effect.values.items()},
            **{n: (v, "rule") for n, v in effect.assigned.items()},
        }
        if isinstance(value, Planned):
            written = Written(subject.ref, effect.cause, "save", effect.key, causes=effect.causes, notes=fitted.notes)
            if effect.key not in self._made:
                self._new.append(_New(value.number, fitted))
                self._made[effect.key] = dict(fitted.columns)
                written.values = dict(said)
                self.done.append(written)
            # Another copy of the item in this page: it is paired with the same row, which the first copy fills.
            self._pairings.append(_Pairing(subject, effect.key, dict(self._made[effect.key]), True))
            return
        own = subject.pair(effect.key)
        others = [pair for pair in subject.others if pair.row == effect.key]
        image = subject.images.get(effect.key) if subject.images else None
        current: Mapping[str, object] = image.columns if image is not None else {}
        assigned = set(self._columns(effect.key.entity, effect.assigned))
        wanted, kept, notes = merged(own, fitted, current, assigned, stored=image is not None)
        made = own.made if own is not None else any(pair.made for pair in others)
        self._pairings.append(_Pairing(subject, effect.key, kept, made))
        if wanted:
            self._updates[effect.key.entity].append((effect.key, Fitted(effect.key.entity, wanted)))
            fields = self._fields(effect.key.entity, wanted)
            changed = {n: each for n, each in said.items() if n in fields}
            before = narrowed(image, wanted) if image is not None else None
            self.done.append(
                Written(
                    subject.ref, effect.cause, "update", effect.key, changed, effect.causes, before=before,
                    notes=(*fitted.notes, *notes), was=current,
                )
            )  # fmt: skip

    def _columns(self, entity: str, names: Iterable[str]) -> list[str]:
        fields = self._database.entity(entity).fields
        return [column for name in names if name in fields for column in fields[name].columns]

    def _fields(self, entity: str, columns: Iterable[str]) -> set[str]:
        touched = set(columns)
        return {f.name for f in self._database.entity(entity).fields.values() if touched & set(f.columns)}

    # ------------------------------------------------------------ writing

    def write(self, crm: CrmUnit) -> None:
        """All of it, in one transaction. May raise `BadContent`: then the caller rolls back."""
        self._insert(crm)
        for rows in self._updates.values():
            crm.update([(key.value, fitted) for key, fitted in rows], self.real)
        self._apply_sets(crm)
        self._link(crm)
        self._pair()
        self._look_again(crm)
        self._delete(crm)
        self._propose()

    def _pair(self) -> None:
        """What stands for what, and what is remembered of each row."""
        for pairing in self._pairings:
            subject, key = pairing.subject, self.key(pairing.key)
            baseline = baseline_of({
                name: self.key(value) if type(value) is RecordKey else value for name, value in pairing.baseline.items()
            })  # fmt: skip
            self.pairs.append(PairRow(subject.ref, subject.identity, key, pairing.made, baseline))
            if pairing.key.planned:
                self._remembered[key] = (pairing.baseline, baseline)

    def key(self, key: RecordKey) -> RecordKey:
        """The real key of a row."""
        value = key.value
        return RecordKey(key.entity, self.real[value.number]) if type(value) is Planned else key

    def value(self, value: Any) -> Any:
        """A value with planned keys in it made real."""
        if isinstance(value, RecordKey):
            return self.key(value)
        return value

    def _insert(self, crm: CrmUnit) -> None:
        pending = self._new
        while pending:
            ready = [row for row in pending if not self._waits(row.fitted)]
            late: list[tuple[_New, dict[str, object]]] = []
            if not ready:
                # Rows that refer to each other in a circle: the first goes in without its references, which follow.
                first = pending[0]
                held = {name: v for name, v in first.fitted.columns.items() if self._unknown(v)}
                rest = {name: v for name, v in first.fitted.columns.items() if name not in held}
                late.append((first, held))
                ready = [_New(first.number, Fitted(first.fitted.entity, rest))]
            groups: dict[str, list[_New]] = defaultdict(list)
            for row in ready:
                groups[row.fitted.entity].append(row)
            for rows in groups.values():
                for row, value in zip(rows, crm.insert([row.fitted for row in rows], self.real), strict=True):
                    self.real[row.number] = value
            for row, held in late:
                key = RecordKey(row.fitted.entity, Planned(row.number))
                self._updates[row.fitted.entity].append((key, Fitted(row.fitted.entity, held)))
            written = {row.number for row in ready}
            pending = [row for row in pending if row.number not in written]
        for entity, rows_ in list(self._updates.items()):
            self._updates[entity] = [(self.key(key), fitted) for key, fitted in rows_]

    def _waits(self, fitted: Fitted) -> bool:
        return any(self._unknown(value) for value in fitted.columns.values() if type(value) is RecordKey)

    def _unknown(self, value: object) -> bool:
        return isinstance(value, RecordKey) and isinstance(value.value, Planned) and value.value.number not in self.real

    def _apply_sets(self, crm: CrmUnit) -> None:
        there = {key for key, _, _ in self._set if not key.planned}
        images = crm.before(there, links=False) if there else {}
        groups: dict[str, list[tuple[KeyValue, Fitted]]] = defaultdict(list)
        now = {key: dict(image.columns) for key, image in images.items()}
        for key, fitted, written in self._set:
            image = images.get(key)
            if image is not None:
                # Held against what earlier items of the page have set by then, not only against what was there.
                here = now[key]
                differing = {n: v for n, v in fitted.columns.items() if not same(here.get(n), self.value(v))}
                if not differing:
                    continue
                image = BeforeImage(key, dict(here))
                here.update({name: self.value(value) for name, value in differing.items()})
                fitted = Fitted(fitted.entity, differing)
                fields = self._fields(key.entity, differing)
                written.values = {name: value for name, value in written.values.items() if name in fields}
                written.before, written.was = narrowed(image, differing), image.columns
            elif not key.planned:
                continue  # the row is gone
            groups[key.entity].append((self.key(key).value, fitted))
            self.done.append(written)
        for rows in groups.values():
            crm.update(rows, self.real)

    def _link(self, crm: CrmUnit) -> None:
        by_row = {(written.ref, written.key): written for written in self.done}
        for (source, target), wanted in self._links.items():
            real = [(self.key(one).value, self.key(other).value) for one, other, _, _ in wanted]
            new = set(crm.link(source, target, real))
            self.linked += len(new)
            written: Written | None = None
            for (one, other, ref, cause), pair in zip(wanted, real, strict=True):
                if pair not in new:
                    continue
                new.discard(pair)
                # An item's links follow each other, so mostly it is the row of the link before.
                if written is None or written.key is not one or written.ref is not ref:
                    written = by_row.get((ref, one))
                if written is None:
                    written = by_row[ref, one] = Written(ref, cause, "link", one)
                    self.done.append(written)
                written.links.append(other)

    def _look_again(self, crm: CrmUnit) -> None:
        """What the rows hold now, which is what the database made of what was written."""
        written = [each for each in self.done if each.action in ("create", "save", "update")]
        images = crm.before({self.key(each.key) for each in written}, links=False) if written else {}
        for each in written:
            image = images.get(self.key(each.key))
            if image is not None:
                made = self._remembered.get(image.key)
                if made is not None and each.action == "save":
                    each.after = baseline_like(image.columns, *made)
                else:
                    each.after = after_image(image.columns, each.was, each.before)

    def _propose(self) -> None:
        for subject, effect in self._proposals:
            about = tuple(map(self.key, effect.about))
            change = {name: self.value(value) for name, value in effect.change.items()}
            self.proposed.append((subject, replace(effect, about=about, change=change)))
            values = {name: (value, "proposed") for name, value in change.items()}
            self.done.append(Written(subject.ref, effect.cause, "propose", about[0], values, links=list(about[1:])))

    def _delete(self, crm: CrmUnit) -> None:
        if not self._gone:
            return
        keys = {written.key for written in self._gone}
        images = crm.before(keys, links=True)
        crm.delete(keys)
        for written in self._gone:
            written.before = images.get(written.key)
            if written.before is not None:
                written.pairs = self._standing.get(written.key, ())
                self.done.append(written)
            self.dropped.append((written.ref, written.key))
