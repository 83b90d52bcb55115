"""Undo: of a run, a rule, an item; in reverse, from before-images, and only where nothing has been built on it since.

All rows, what is remembered of them, and the intents for everything outside are written in one transaction; then the
intents are performed. Whoever is killed in between finds them pending, and the same command, or the next pass, goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mxsync.engine.left_over import perform_left
from mxsync.engine.performing import perform
from mxsync.engine.undoing.applying import Applied, apply_rows
from mxsync.engine.undoing.choosing import Undoing, own_items, with_consequences
from mxsync.engine.undoing.outside import EffectsBack
from mxsync.engine.undoing.refused import review_rows
from mxsync.engine.undoing.rows import RowsBack
from mxsync.engine.undoing.standing import forget_items, settle_links
from mxsync.engine.undoing.steps import EffectStep, RowStep
from mxsync.engine.world import World
from mxsync.errors import BadContent, NotFound, Refused
from mxsync.failpoints import reach
from mxsync.model.item import ItemRef
from mxsync.ports.database import UNDO
from mxsync.ports.tracking import Intent, Unit
from mxsync.ports.undoing import Chosen

_EFFECTS = {
    "document": "stored document taken away",
    "undocument": "document stored again",
    "item": "item of a folder put back as it was",
    "edit": "item of a mailbox put back as it was",
}
"""What is counted of effects outside the database."""


@dataclass(slots=True)
class UndoReport:
    """What an undo did, or would do. `run` is its own number, 0 in a look ahead. `steps` are sentences, `counts` how
    many of each kind; `refused` are (what, why); `notes` what cannot be taken back at all; `before` the runs that had
    undone it already; `queued` says that what was refused waits for review."""

    what: str
    at: datetime
    run: int = 0
    planned: bool = False
    queued: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    items: int = 0
    before: tuple[int, ...] = ()


@dataclass(slots=True)
class _Work:
    rows: list[RowStep]
    effects: list[EffectStep]
    applied: Applied
    report: UndoReport

    @property
    def intents(self) -> list[Intent]:
        return [intent for step in self.effects if not step.refused for intent in step.intents]


def plan_undo(world: World, asked: Chosen) -> UndoReport:
    """What `undo` would do, and what it would refuse. Changes nothing."""
    with world.store.rehearsal() as unit:
        undoing = _asked(unit, asked)
        work = _work(world, unit, undoing, world.now(), run=0)
    work.report.planned = True
    return work.report


def undo(world: World, asked: Chosen, *, review: bool, only: Undoing | None = None) -> UndoReport:
    """Takes back what was asked for. The caller holds the lease. Where later work stands on a part, nothing is done and
    `Refused` says what stands there; with `review` the rest is done, and these parts wait for a person. `only` is a
    part about which a person has decided."""
    with world.store.reading() as unit:
        pending = unit.tracking.pending()
    perform_left(world, pending)  # what a killed undo, or pass, has left
    now = world.now()
    with world.store.transaction(UNDO) as unit:
        tracking = unit.tracking
        undoing = only or _asked(unit, asked)
        run = tracking.begin_run("undo", world.plan().digest, now)
        work = _work(world, unit, undoing, now, run)
        if work.report.refused and not review:
            raise Refusal(work.report)
        if not work.rows and not work.effects:
            tracking.end_run(run, now, {}, "nothing to undo")
            work.report.run = 0
        else:
            _keep(world, unit, undoing, work, run, now)
            tracking.end_run(run, now, {"undone": asked.words, **work.report.counts}, "done")
            work.report.run, work.report.queued = run, bool(work.report.refused)
        reach("undo.before-commit")
    reach("undo.committed")
    perform(world, work.intents)
    return work.report


class Refusal(Refused):
    """Something stands on what was to be undone. `report` says all of it."""

    exit_code = 1

    def __init__(self, report: UndoReport) -> None:
        count = len(report.refused)
        shown = "; ".join(f"{what}: {why}" for what, why in report.refused[:3])
        more = f"; and {count - 3} more" if count > 3 else ""
        super().__init__(
            f"{report.what} cannot be undone as a whole, and nothing was done: {shown}{more}. "
            "`--plan` shows all of it; `--review` undoes the rest and puts these into the review queue"
        )
        self.report = report


def _asked(unit: Unit, asked: Chosen) -> Undoing:
    if asked.run and unit.tracking.run(asked.run) is None and not unit.tracking.chosen(asked):
        last = unit.tracking.runs(1)
        known = f"the last one is {last[0].number}" if last else "there was none yet"
        raise NotFound(f"there is no run {asked.run}: {known}; `mxsync undo` lists the latest")
    return with_consequences(unit, Undoing(asked, unit.tracking.chosen(asked), unit.tracking.effects(asked)))


def _work(world: World, unit: Unit, undoing: Undoing, now: datetime, run: int) -> _Work:
    asked = undoing.asked
    report = UndoReport(asked.words, now)
    report.before = tuple(sorted(unit.tracking.undone_by(asked)))
    own = own_items(unit, undoing)
    rows = RowsBack(world, unit, own, undoing.forced, asked.rule).steps(undoing.entries)
    try:
        applied = apply_rows(world, unit, asked, [step for step in rows if not step.refused], run, now)
    except BadContent as error:
        raise Refused(f"{asked.words} cannot be undone, and nothing was done: {error}") from error
    kept = {
        value for step in rows if step.refused for row in step.entries for value, _ in row.values.values()
        if isinstance(value, str)
    }  # fmt: skip
    effects = EffectsBack(world, unit, run, asked.rule, kept).steps(undoing.effects)
    for step in effects:
        if step.effect.number in undoing.forced_effects:
            step.refused = ""
    _tell(report, rows, effects)
    return _Work(rows, effects, applied, report)


def _tell(report: UndoReport, rows: Sequence[RowStep], effects: Sequence[EffectStep]) -> None:
    counts: Counter[str] = Counter()
    for row in rows:
        if row.refused:
            report.refused.append((row.words, row.refused))
        elif row.verb != "nothing":
            report.steps.append(row.words)
            verbs = {"delete": "deleted", "insert": "brought back", "restore": "put back", "unlink": "links"}
            counts[f"{row.key.entity} {verbs[row.verb]}" if row.verb != "unlink" else "rows parted"] += 1
    for step in effects:
        if step.refused:
            report.refused.append((step.words or "an effect outside the database", step.refused))
        elif step.words and step.intents:
            report.steps.append(step.words)
            counts[_EFFECTS.get(step.effect.effect, f"{step.effect.effect} turned round")] += 1
        if step.note:
            report.notes.append(step.note)
    report.counts = dict(counts)


def _keep(world: World, unit: Unit, undoing: Undoing, work: _Work, run: int, now: datetime) -> None:
    """What is remembered of it, and what is still to be done outside, in the same transaction."""
    tracking = unit.tracking
    tracking.audit(work.applied.audit)
    refused = {row.number for step in work.rows if step.refused for row in step.entries}
    done = [row for row in undoing.entries if row.number not in refused]
    effects = [step.effect for step in work.effects if not step.refused]
    tracking.mark_undone({row.number for row in done}, run)
    tracking.mark_effects_undone(effects, run)
    _stage(world, work.effects)
    tracking.intend(work.intents, run)
    settle_links(world, unit, [step for step in work.rows if not step.refused])
    refs = {row.ref for row in done if row.ref.href} | {effect.ref for effect in effects}
    refs |= {ref for effect in effects if isinstance(ref := effect.outcome.get("ref"), ItemRef)}  # where rules moved it
    refs |= {pair.ref for step in work.rows if not step.refused for pair in step.pairs}  # each item the row stands for
    again = any(row.rule.startswith("undo of ") for row in done) or any(e.payload.get("undo") for e in effects)
    work.report.items = forget_items(world, unit, refs, run, again=again)
    tracking.hold(review_rows(undoing.asked, work.rows, work.effects, world.plan().digest, now))


def _stage(world: World, effects: Collection[EffectStep]) -> None:
    """Documents that are stored again are at least staged before the commit."""
    for step in effects:
        attached = step.attached
        if step.refused or attached is None:
            continue
        with attached.connector.attachment(attached.ref, attached.part) as stream:
            staged = world.documents.stage(stream)
        if staged.digest != attached.digest:
            raise Refused(f"{attached.ref.href} was changed while it was read; call the same command again")
