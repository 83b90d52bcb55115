"""A dry run: the very pass, in one transaction that is rolled back, with nothing performed outside it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, datetime

from mxsync.engine.garbage import pages_live_together
from mxsync.engine.intents import ITEM
from mxsync.engine.page import work_page
from mxsync.engine.page_job import PageJob
from mxsync.engine.people import make_users, missing_users
from mxsync.engine.period import Period, everything_in
from mxsync.engine.reporting import Tally
from mxsync.engine.syncing.carrying import rehearse_syncs
from mxsync.engine.syncing.queueing import gone_items
from mxsync.engine.syncing.telling import VERBS
from mxsync.engine.syncing.unknown import made_without_an_answer
from mxsync.engine.world import Mailbox, Progress, World
from mxsync.errors import BadContent, Disposition, MxsyncError, PlanMoved, StateError
from mxsync.model.change import Appeared, Modified, Vanished
from mxsync.model.effect import Cause
from mxsync.model.item import ItemRef, Kind, Unreadable
from mxsync.model.outcome import Decision, PassReport
from mxsync.model.record import Planned
from mxsync.ports.connector import Fetched
from mxsync.ports.tracking import Intent, Unit


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a pass would do. `digest` names it: the rules, every item and its decision, and the moment it was made,
    so that doing it later does exactly that."""

    digest: str
    by_rule: Mapping[str, int]
    by_mailbox: Mapping[str, int]
    decisions: Sequence[Decision]
    report: PassReport
    promised: Mapping[ItemRef, str] = field(default_factory=dict)


def moment_of(digest: str) -> datetime:
    """The moment in a plan's digest. Raises `PlanMoved` for what is no such digest."""
    _, dash, seconds = digest.partition("-")
    try:
        if not dash:
            raise ValueError
        return datetime.fromtimestamp(int(seconds, 36), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise PlanMoved(
            f"`{digest}` is not the digest of a plan: copy the one that `mxsync plan` printed last"
        ) from error


@pages_live_together()
def rehearse(
    world: World, mailboxes: Sequence[Mailbox], now: datetime, progress: Progress, period: Period | None = None
) -> Rehearsal:
    """Decides all that a pass would decide now, or with `period` a backfill of it, and takes nothing of it over."""
    now = now.replace(microsecond=0)
    tally = Tally()
    decisions: list[Decision] = []
    plan = world.plan()
    with world.store.rehearsal() as unit:
        _finish(unit.tracking.pending(), tally)
        make_users(world, plan, unit, missing_users(world, plan, unit), 0, now)
        for mailbox in mailboxes:
            try:
                decisions += _mailbox(world, unit, mailbox, now, tally, progress, period)
            except MxsyncError as error:
                if error.disposition is Disposition.STOP_PASS:
                    raise
                tally.report.failed_mailboxes.append((mailbox.name, str(error)))
        rehearse_syncs(world, unit, now, tally)
    promised = {decision.ref: decision_digest(decision) for decision in decisions}
    whole = hashlib.sha256(plan.digest.encode())
    for ref, each in sorted(promised.items()):
        whole.update(f"\n{ref.mailbox}\x1f{ref.href}\x1f{each}".encode(errors="surrogatepass"))
    for step in tally.promised:
        whole.update(f"\n{step}".encode(errors="surrogatepass"))
    digest = f"{whole.hexdigest()[:16]}-{_base36(int(now.timestamp()))}"
    return Rehearsal(digest, tally.report.by_rule, tally.report.by_mailbox, decisions, tally.report, promised)


def _mailbox(
    world: World,
    unit: Unit,
    mailbox: Mailbox,
    now: datetime,
    tally: Tally,
    progress: Progress,
    period: Period | None,
) -> list[Decision]:
    if period is None:
        alive, vanished = _changed(world, unit, mailbox)
    else:
        alive, vanished = list(everything_in(mailbox)[1]), set()
    decisions: list[Decision] = []
    for start in range(0, len(alive), world.page):
        part = alive[start : start + world.page]
        known = {change.ref for change in part if isinstance(change, Modified)}
        fetched: list[Fetched] = []
        unreadable: list[Unreadable] = []
        for answer in mailbox.connector.fetch([change.ref for change in part]):
            if isinstance(answer, Unreadable):
                unreadable.append(answer)
            elif period.takes(answer.item) if period else mailbox.takes(answer.item, known=answer.item.ref in known):
                fetched.append(answer)
        job = PageJob(mailbox, 0, now, fetched, unreadable, vanished, deletions=True, rehearsing=True)
        job.event = "created" if period is not None else None
        try:
            result = work_page(world, world.plan(), unit, job)
        except BadContent as error:
            raise StateError(f"the database refuses something that this pass would write: {error}") from error
        tally.page(mailbox.name, result)
        decisions += result.decisions
        progress(mailbox.name, start + len(part), len(alive))
    if vanished:
        rows = unit.tracking.items(vanished)
        unit.tracking.enqueue(gone_items(world.plan(), rows.values()))
        unit.tracking.forget_items(vanished)
    return decisions


def _finish(pending: Sequence[Intent], tally: Tally) -> None:
    """What a pass does before anything else: it looks up what an earlier one has left without an outcome."""
    for intent in pending:
        payload = intent.payload
        tally.promised.append(intent.key)
        if intent.effect == ITEM:
            what = f"{VERBS.get(str(payload['op']), 'restore')} {payload['kind']}"
            where = f"{intent.ref.mailbox}/{payload['folder']}"
            tally.report.syncs.append((str(payload["sync"]), where, f"{what}, if that was not done before"))


def _changed(world: World, unit: Unit, mailbox: Mailbox) -> tuple[list[Appeared | Modified], set[ItemRef]]:
    """What a pass would look at, and what is gone. What mxsync itself has made without knowing it is left alone."""
    found = mailbox.connector.changes(mailbox.name, unit.tracking.cursor(mailbox.name), unit.tracking.known)
    unknown = made_without_an_answer(world, unit.tracking, mailbox.name) if found.changes else set()
    vanished = {change.ref for change in found.changes if isinstance(change, Vanished)}
    alive: list[Appeared | Modified] = [change for change in found.changes if not isinstance(change, Vanished)]
    there = {change.ref for change in alive}
    alive += [
        Appeared(row.ref, row.revision, Kind.MAIL)
        for row in unit.tracking.aside(mailbox.name)
        if row.revision and row.ref not in there and row.ref not in vanished
    ]
    return [change for change in alive if change.ref not in unknown], vanished


def decision_digest(decision: Decision) -> str:
    """A digest of what is to be done to one item, the same wherever in a pass it is decided."""
    lines = [decision.plan, decision.fate.value, *map(_canonical, decision.effects)]
    return hashlib.sha256("\n".join(lines).encode(errors="surrogatepass")).hexdigest()[:24]


def _canonical(value: object) -> str:
    match value:
        case Planned():
            return "new"
        case Cause():
            return f"{value.rule}@{value.file}"
        case str():
            return repr(value)
        case Mapping():
            return "{" + ",".join(f"{k}:{_canonical(v)}" for k, v in sorted(value.items())) + "}"
        case tuple() | list():
            return "(" + ",".join(map(_canonical, value)) + ")"
        case _ if is_dataclass(value):
            inner = ",".join(f"{each.name}={_canonical(getattr(value, each.name))}" for each in fields(value))
            return f"{type(value).__name__}({inner})"
        case _:
            return repr(value)


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits or "0"
