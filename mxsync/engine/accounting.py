"""From what was written to the audit: which rule wrote which field of which row, because of which item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from mxsync.decide.explain import trace_lines
from mxsync.engine.rows import RowPage, Written
from mxsync.model.item import ItemRef
from mxsync.model.outcome import Decision
from mxsync.model.record import RecordKey, RecordValue
from mxsync.ports.tracking import AuditRow

_WHOLE = frozenset({type(None), bool, int, float, date, datetime})
"""Types of values that the audit keeps as they are."""
_LONGEST = 200  # characters of a value that the audit keeps: the row itself holds the whole


def audit_rows(page: RowPage, decisions: Mapping[ItemRef, Decision], run: int, now: datetime) -> list[AuditRow]:
    """One row of the audit for each row written. The trace stands with the first row of each item."""
    traced: set[ItemRef] = set()
    rows: list[AuditRow] = []
    for written in page.done:
        decision = decisions[written.ref]
        trace: Sequence[str] = ()
        if written.ref not in traced:
            traced.add(written.ref)
            trace = (*trace_lines(decision), *written.notes)
        elif written.notes:
            trace = written.notes
        rows.append(
            AuditRow(
                at=now,
                row=page.key(written.key),
                action=written.action,
                rule=written.cause.rule,
                file=written.cause.file,
                line=written.cause.line,
                plan=decision.plan,
                ref=written.ref,
                identity=decision.identity,
                values={
                    name: said
                    if (kind := type(said[0])) in _WHOLE or (kind is str and len(said[0]) <= _LONGEST)  # type: ignore[arg-type]
                    else (_kept(page, said[0]), said[1])
                    for name, said in written.values.items()
                },
                causes=_causes(written),
                links=[page.key(key) for key in written.links],
                trace=trace,
                before=written.before,
                run=run,
                moment=written.moment,
                after=written.after,
                pairs=written.pairs,
            )
        )
    return rows


def _kept(page: RowPage, value: RecordValue) -> RecordValue:
    """What is kept of a value that is not kept whole."""
    match value:
        case RecordKey():
            return page.key(value)
        case str() if len(value) > _LONGEST:
            return value[:_LONGEST] + "…"
        case tuple():
            return value[:20]
        case _:
            return value


def _causes(written: Written) -> Mapping[str, tuple[str, str, int]]:
    """The rules that set single fields on top, where they are others than the row's own."""
    return {
        name: (cause.rule, cause.file, cause.line)
        for name, cause in written.causes.items()
        if name in written.values and cause != written.cause
    }
