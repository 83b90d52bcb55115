"""Proposals about rows, as they wait in the review queue."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from mxsync.decide.effect_text import row_name, value_text
from mxsync.engine.rows import RowPage
from mxsync.model.effect import proposal_keys, proposal_ref
from mxsync.model.item import ItemRef
from mxsync.model.record import RecordKey
from mxsync.ports.tracking import ReviewRow


def proposals(page: RowPage, *, decided_by: str, now: datetime) -> list[ReviewRow]:
    """A row of the queue for each thing proposed by a page that is written. `identity` is that of the mail."""
    found: list[ReviewRow] = []
    for subject, effect in page.proposed:
        first = effect.about[0]
        lines = [f"set {row_name(first, {})}: {name} = {value_text(v)}" for name, v in effect.change.items()]
        lines.append(f"because of {subject.ref.mailbox}/{subject.ref.href}")
        why = f"{rows_named(effect.about)}: {effect.why}"
        found += [
            ReviewRow(now, proposal_ref(first, key), subject.identity, why, effect.cause.rule, decided_by, lines)
            for key in effect.keys
        ]
    return found


def settled(page: RowPage, names: Collection[str]) -> list[ItemRef]:
    """Where proposals stood that need nobody any more: the page itself has set what they proposed. `names` are the
    fields about which something is ever proposed."""
    found: list[ItemRef] = []
    for written in page.done:
        if written.action != "update":
            continue
        for name in written.values.keys() & set(names):
            value, _ = written.values[name]
            for each in value if isinstance(value, tuple) else (value,):
                found.append(proposal_ref(page.key(written.key), proposal_keys((), {name: page.value(each)})[0]))
    return found


def rows_named(about: Iterable[RecordKey]) -> str:
    """'contact 17 and contact 23'."""
    return " and ".join(row_name(key, {}) for key in about)
