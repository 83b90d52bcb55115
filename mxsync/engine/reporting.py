"""Counting what a pass does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mxsync.engine.intents import ITEM, named
from mxsync.engine.page_job import PageResult
from mxsync.engine.performing import Outcome
from mxsync.engine.proposing import rows_named
from mxsync.engine.syncing.telling import VERBS, Written, promise
from mxsync.model.outcome import Fate, PassReport

_NAMED = 5
"""Mailboxes that could not be worked on, said by name."""


@dataclass(slots=True)
class Tally:
    """The report of a pass, page by page."""

    report: PassReport = field(default_factory=PassReport)
    listing: bool = False
    """Whether every step of a sync is listed: a plan shows them."""
    promised: list[str] = field(default_factory=list)
    """Then also with the values that it writes: they are part of the plan's digest."""
    _meant: set[str] = field(default_factory=set)
    """Writes of items that are counted already, by their intents' keys."""

    def page(self, mailbox: str, result: PageResult) -> None:
        """What came of a page."""
        report = self.report
        count = len(result.decisions) + len(result.aside)
        report.items += count
        report.linked += result.linked
        report.documents += result.documents
        if count:
            report.by_mailbox[mailbox] = report.by_mailbox.get(mailbox, 0) + count
        _add(report.created, result.created)
        _add(report.updated, result.updated)
        for decision in result.decisions:
            report.fates[decision.fate.value] = report.fates.get(decision.fate.value, 0) + 1
            for rule in {step.rule.rule for step in decision.trace.steps if step.fired}:
                report.by_rule[rule] = report.by_rule.get(rule, 0) + 1
            if decision.fate is Fate.HELD:
                report.held.append((f"{mailbox}/{decision.ref.href}", decision.reason))
        report.proposed += [(rows_named(about), why) for about, why in result.proposed]
        for ref, sentence in result.aside:
            report.set_aside.append((f"{mailbox}/{ref.href}", sentence))
        if result.aside:
            name = Fate.SET_ASIDE.value
            report.fates[name] = report.fates.get(name, 0) + len(result.aside)

    def synced(self, written: Written) -> None:
        """What came of a page of the syncs."""
        report = self.report
        _add(report.created, written.created)
        _add(report.updated, written.updated)
        _add(report.deleted, written.deleted)
        if self.listing:
            self.promised += map(promise, written.steps)
        for (sync, _), where, what, _ in written.steps:
            verb = what.partition(" ")[0]
            rule = f"sync {sync}"
            report.by_rule[rule] = report.by_rule.get(rule, 0) + 1
            if not where.startswith("table "):
                kind = what.split(" ")[1].rstrip(":")
                name = f"{verb} {kind}"
                report.synced[name] = report.synced.get(name, 0) + 1
            if self.listing:
                report.syncs.append((sync, where, what))
        report.held += written.held
        self._meant |= {intent.key for intent in written.intents if intent.effect == ITEM}
        for ref, sentence in written.aside:
            report.set_aside.append((f"{ref.mailbox}/{ref.href}", sentence))

    def outcome(self) -> str:
        """How a pass that came to its end is remembered: `status` shows it."""
        failed = [name for name, _ in self.report.failed_mailboxes]
        more = f" and {len(failed) - _NAMED} more" if len(failed) > _NAMED else ""
        return f"done, without {', '.join(failed[:_NAMED])}{more}" if failed else "done"

    def performed(self, outcomes: Sequence[Outcome]) -> None:
        """What came of effects outside the transaction: what failed for good is reported."""
        for outcome in outcomes:
            done, ref = outcome.item, outcome.intent.ref
            if done is not None and done.refusal and done.written is not None:
                ref = done.written.ref  # the item is there, and something is missing in it
                self.report.set_aside.append((f"{ref.mailbox}/{ref.href}", done.refusal))
            elif outcome.error:
                self.report.set_aside.append((named(outcome.intent), outcome.error))
                self._not_done(outcome)

    def _not_done(self, outcome: Outcome) -> None:
        """What was counted when a page was decided, and its server has refused since."""
        payload = outcome.intent.payload
        if not outcome.refused or outcome.intent.key not in self._meant:
            return
        counts, name = self.report.synced, f"{VERBS.get(str(payload['op']), '')} {payload['kind']}"
        if counts.get(name, 0) > 1:
            counts[name] -= 1
        else:
            counts.pop(name, None)

    def counts(self) -> dict[str, object]:
        """For the account of runs."""
        report = self.report
        return {
            "items": report.items,
            "created": dict(report.created),
            "updated": dict(report.updated),
            "linked": report.linked,
            "documents": report.documents,
            "deleted": dict(report.deleted),
            "synced": dict(report.synced),
            "fates": dict(report.fates),
            "set_aside": len(report.set_aside),
            "failed_mailboxes": [name for name, _ in report.failed_mailboxes],
        }


def _add(total: dict[str, int], more: Mapping[str, int]) -> None:
    for name, number in more.items():
        total[name] = total.get(name, 0) + number
