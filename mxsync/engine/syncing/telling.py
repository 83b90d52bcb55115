"""What a page of the syncs did, for the audit, for reports, and for people who have to decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias

from mxsync.engine.syncing.cluster import Told
from mxsync.engine.syncing.job import Decided
from mxsync.engine.syncing.places import Binding
from mxsync.lang.compile import RulePlan
from mxsync.model.item import ItemRef
from mxsync.model.record import RecordKey, RecordValue
from mxsync.ports.database import BeforeImage
from mxsync.ports.links import HubKey
from mxsync.ports.tracking import AsideRow, AuditRow, Intent, ReviewRow, Unit
from mxsync.reconcile.forms import form_of

VERBS = {"create": "add", "update": "update", "remove": "remove"}
"""What is said of a write of an item, by its operation."""


Step: TypeAlias = tuple[tuple[str, str], str, str, Mapping[str, RecordValue]]
"""(sync and user, where, what, the values that it writes)."""


@dataclass(slots=True)
class Written:
    """What a page did: counts by what was done, intents to be performed, and what could not be written."""

    created: dict[str, int] = field(default_factory=dict)
    updated: dict[str, int] = field(default_factory=dict)
    deleted: dict[str, int] = field(default_factory=dict)
    intents: list[Intent] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    """For plans and reports."""
    aside: list[tuple[ItemRef, str]] = field(default_factory=list)
    held: list[tuple[str, str]] = field(default_factory=list)
    rows: dict[RecordKey, bool] = field(default_factory=dict)
    """Rows that were written, and whether their own change in the log brings nothing new."""
    came: set[HubKey] = field(default_factory=set)
    """Records to which people's new items have come."""

    def count(self, counts: dict[str, int], name: str) -> None:
        counts[name] = counts.get(name, 0) + 1


class Telling:
    """Collects while a page is written."""

    def __init__(self, plan: RulePlan, unit: Unit, decided: Decided, now: datetime) -> None:
        self._plan = plan
        self._unit = unit
        self._decided = decided
        self._now = now
        self.run = 0
        self.audit: list[AuditRow] = []
        self.done = Written()

    def told(self, told: Told, before: BeforeImage | None = None) -> AuditRow:
        """One line of the audit."""
        way = told.binding.way
        cause = way.cause
        row = told.hub if isinstance(told.hub, RecordKey) else RecordKey("item", f"{told.hub.mailbox}/{told.hub.href}")
        return AuditRow(
            at=self._now, row=row, action=told.action, rule=cause.rule, file=cause.file, line=cause.line,
            plan=self._plan.digest, ref=told.ref, identity=self._decided.loaded.identity(told.ref),
            values={name: (_kept(value), "sync") for name, value in told.fields.items()}, trace=told.lines,
            before=before, run=self.run,
        )  # fmt: skip

    def say(
        self, binding: Binding, where: str, what: str, values: Mapping[str, RecordValue] = MappingProxyType({})
    ) -> None:
        """One step, for plans and reports, with the values that it writes."""
        self.done.steps.append((binding.key, where, what, values))

    def review(self) -> None:
        """What a person has to decide, and no more what has settled itself: the rule is another one, or somebody has
        made both sides say the same."""
        held = [*self._decided.held, *(told for _, settled in self._decided.clusters for told in settled.held)]
        rows: list[ReviewRow] = []
        for told in held:
            why = f"sync {told.binding.way.name}: {told.lines[0]}"
            rows.append(
                ReviewRow(
                    self._now, told.ref, self._decided.loaded.identity(told.ref), why, told.binding.way.cause.rule,
                    self._plan.digest, told.lines[1:],
                )
            )  # fmt: skip
            self.done.held.append((f"{told.ref.mailbox}/{told.ref.href}", why))
        tracking = self._unit.tracking
        tracking.hold(rows)
        now = {(row.ref, row.rule, row.why) for row in rows}
        looked = {(s.ref, s.binding.way.cause.rule) for _, settled in self._decided.clusters for s in settled.compared}
        for row in tracking.held() if looked else ():
            if (row.ref, row.rule) in looked and (row.ref, row.rule, row.why) not in now:
                tracking.reviewed(row.number)

    def put_aside(self) -> None:
        """What could not be written."""
        rows = [
            AsideRow(ref, self._revision(ref), sentence, 1, self._now, self._now) for ref, sentence in self.done.aside
        ]
        self._unit.tracking.set_aside(rows)

    def _revision(self, ref: ItemRef) -> str:
        context = self._decided.loaded.contexts.get(ref)
        return context.item.revision if context is not None else ""


def promise(step: Step) -> str:
    """A step as the digest of a plan has it."""
    key, where, what, values = step
    return repr((key, where, what, sorted((name, repr(form_of(value))) for name, value in values.items())))


def _kept(value: RecordValue) -> RecordValue:
    return value[:200] + "…" if isinstance(value, str) and len(value) > 200 else value
