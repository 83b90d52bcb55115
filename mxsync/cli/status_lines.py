"""The status of a tenant in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mxsync.cli.render import count, table
from mxsync.engine.intents import named

if TYPE_CHECKING:
    from mxsync.engine.status import StatusReport
    from mxsync.ports.tracking import Intent

SHOWN = 50
"""Items listed of each kind; `--format json` has all of them."""


def service_lines(service: Mapping[str, Any] | None) -> list[str]:
    """What the service says of itself, by its status file."""
    if service is None:
        return ["service: has not run here"]
    if not service["alive"]:
        died = service.get("state") != "stopped"
        return [f"service: {'died' if died else 'stopped'}, last heard of {service.get('written', '')}"]
    lines = [f"service: {service.get('state')}, process {service.get('pid')}, since {service.get('started')}"]
    rules = _mapping(service.get("rules"))
    lines.append(f"rules in force: {str(rules.get('digest', ''))[:12]}, since {rules.get('since', '')}")
    if rules.get("state") == "rejected":
        lines.append(f"  changed rules are refused: {rules.get('sentence', '')}")
        for error in rules.get("errors") or []:
            lines.append(f"    {error['file']}:{error['line']}:{error['column']}: {error['code']} {error['message']}")
    lines += [f"  {note}" for note in rules.get("notes") or []]
    if service.get("configuration"):
        lines.append(f"configuration: {service['configuration']}")
    for mailbox, slot in _mapping(service.get("mailboxes")).items():
        if slot.get("error"):
            lines.append(
                f"suspended: {mailbox}: {slot['error']} (tried {count(slot['failures'], 'time')}, next {slot['next']})"
            )
        lines += [f"stopped by the delete brake: {mailbox}: {sentence}" for sentence in slot.get("brake") or []]
    return lines


def status_lines(report: StatusReport, service: Mapping[str, Any] | None) -> list[str]:
    """All of it."""
    lines = service_lines(service)
    if report.missing:
        lines.append(f"tracking tables: not there yet; {report.missing}")
    lines += [
        f"{title}: {', '.join(f'{number} {name}' for name, number in counts.items() if number) or 'none'}"
        for title, counts in (("items", report.counts),)
    ]
    for run in list(report.runs)[:5]:
        lines.append(f"last {run.kind}: {_at(run.started)} {run.outcome or ('ended' if run.ended else 'not ended')}")
    if report.backfill:
        lines.append(f"backfill not finished: {report.backfill} (`mxsync backfill` goes on from there)")
    lines += _listed("set aside", [(_item(row.ref), row.sentence) for row in report.set_aside])
    lines += _listed("held for review", [(_item(row.ref), row.why) for row in report.held if row.ref.mailbox])
    proposed = [row for row in report.held if not row.ref.mailbox]
    lines += _listed("proposed for review", [(row.why, "; ".join(row.decision)) for row in proposed])
    lines += _listed("still to be done", [_effect(intent, report.pending) for intent in report.pending])
    lines += _listed("could not be done", [_effect(intent) for intent in report.given_up])
    return lines


def _at(time: object) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S} UTC" if isinstance(time, datetime) else str(time)


def _effect(intent: Intent, pending: Sequence[Intent] = ()) -> tuple[str, str]:
    payload = intent.payload
    what = {
        "notify": f"notification to {payload.get('address')}",
        "hook": f"hook {payload.get('hook')}",
        "document": f"document {payload.get('place')}",
    }.get(intent.effect, "change of the item")
    tried = f" (tried {count(intent.attempts, 'time')})" if intent.attempts else ""
    if intent.refused and intent.due is not None:
        times = count(intent.refused, "time")
        again = f"again at {_at(intent.due)}"
        tried = f" (refused {times}, tried {again}, when a side changes, or by `mxsync sync`)"
        if intent in pending:  # it may be done, and is not tried before it is known that it is not
            tried = f" (not let be seen {times}, looked at {again} or by `mxsync sync`)"
    return named(intent) if intent.ref.mailbox else "mxsync", f"{what}: {intent.error or 'not begun'}{tried}"


def _listed(title: str, rows: Sequence[tuple[str, str]]) -> list[str]:
    if not rows:
        return []
    lines = [f"{title}:", *table(rows[:SHOWN])]
    if len(rows) > SHOWN:
        lines.append(f"  and {len(rows) - SHOWN} more (`--format json` lists them all)")
    return lines


def _item(ref: Any) -> str:
    return f"{ref.mailbox}/{ref.href}"


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
