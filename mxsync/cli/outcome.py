"""What a pass did, for people and as an exit code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mxsync.cli.render import count, table

if TYPE_CHECKING:
    from mxsync.model.outcome import Decision, PassReport


def pass_code(report: PassReport) -> int:
    """4 where a brake holds deletions (a person is needed), 5 where a mailbox could not be reached, else 0."""
    if report.stopped_by_brake:
        return 4
    return 5 if report.failed_mailboxes else 0


def pass_lines(report: PassReport, *, would: bool = False) -> list[str]:
    """The report in words; `would` for what has only been planned."""
    lines = [f"{count(report.items, 'item')} looked at" + _fates(report.fates)]
    lines += _counts("would be created" if would else "created", report.created)
    lines += _counts("would be updated" if would else "updated", report.updated)
    lines += _counts("would be deleted" if would else "deleted", report.deleted)
    lines += _synced("would be written in folders" if would else "written in folders", report.synced)
    if report.linked:
        lines.append(f"  {'would be linked' if would else 'linked'}: {count(report.linked, 'pair')} of rows")
    if report.documents:
        lines.append(f"  {'would be stored' if would else 'stored'}: {count(report.documents, 'document')}")
    if report.by_rule:
        lines += ["by rule:", *table(_rows(report.by_rule))]
    if len(report.by_mailbox) > 1:
        lines += ["by mailbox:", *table(_rows(report.by_mailbox))]
    if report.held:
        lines += [f"{count(len(report.held), 'item')} held for review:", *_listed(report.held)]
    if report.proposed:
        lines += [f"{count(len(report.proposed), 'proposal')} for review:", *_listed(report.proposed)]
    if report.set_aside:
        lines += [
            f"{count(len(report.set_aside), 'item')} set aside, to be tried again (`mxsync status` lists them):",
            *_listed(report.set_aside),
        ]
    lines += [f"stopped by the delete brake: {sentence}" for sentence in report.stopped_by_brake]
    lines += [f"could not be reached: {mailbox}: {sentence}" for mailbox, sentence in report.failed_mailboxes]
    return lines


def decision_document(decision: Decision) -> dict[str, object]:
    """What would become of one item, for a program."""
    from mxsync.decide.explain import effects_lines, trace_lines

    return {
        "item": decision.ref,
        "fate": decision.fate,
        "effects": list(effects_lines(decision)),
        "trace": list(trace_lines(decision)),
    }


def decision_lines(decision: Decision) -> list[str]:
    """The same for people, after an empty line."""
    from mxsync.decide.explain import effects_lines, trace_lines

    lines = ["", f"{decision.ref.mailbox}: {decision.ref.href}: {decision.fate.value}"]
    return lines + [f"  {line}" for line in (*trace_lines(decision), *effects_lines(decision))]


def _fates(fates: Mapping[str, int]) -> str:
    said = ", ".join(f"{number} {fate}" for fate, number in fates.items() if number)
    return f": {said}" if said else ""


def _counts(word: str, counts: Mapping[str, int]) -> list[str]:
    said = ", ".join(f"{number} {name}" for name, number in sorted(counts.items()) if number)
    return [f"  {word}: {said}"] if said else []


_PAST = {"add": "added", "update": "updated", "remove": "removed"}


def _synced(word: str, counts: Mapping[str, int]) -> list[str]:
    """What syncs did to items: '2 contact added'."""
    said: list[str] = []
    for name, number in sorted(counts.items()):
        verb, _, kind = name.partition(" ")
        said.append(f"{number} {kind} {_PAST.get(verb, verb)}")
    return [f"  {word}: {', '.join(said)}"] if said else []


def _rows(counts: Mapping[str, int]) -> list[tuple[int, str]]:
    return [(number, name) for name, number in sorted(counts.items(), key=lambda each: (-each[1], each[0]))]


def _listed(pairs: list[tuple[str, str]], most: int = 20) -> list[str]:
    lines = [f"  {item}: {sentence}" for item, sentence in pairs[:most]]
    if len(pairs) > most:
        lines.append(f"  and {len(pairs) - most} more")
    return lines
