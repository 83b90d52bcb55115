"""One page of items: decided together, written in one transaction, intents and memory with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from mxsync.decide.explain import effects_lines
from mxsync.decide.gleaned import Gleaned
from mxsync.decide.page import decide_page
from mxsync.engine.accounting import audit_rows
from mxsync.engine.answers import answer_of
from mxsync.engine.identity import memory_of, watched_fields
from mxsync.engine.intents import DOCUMENT, HOOK, NOTIFY, intents_of, once_keys
from mxsync.engine.page_job import PageJob, PageResult
from mxsync.engine.proposing import proposals, settled
from mxsync.engine.rows import RowPage
from mxsync.engine.subjects import Subject, subjects_of
from mxsync.engine.syncing.queueing import changed_items
from mxsync.engine.taking_back import looked_at
from mxsync.engine.world import World
from mxsync.errors import BadContent, Refused, RevisionMismatch
from mxsync.failpoints import reach
from mxsync.lang.compile import RulePlan
from mxsync.model.effect import CreateRow, DeleteRow, HoldForReview, SaveAttachment, SaveItem, WithdrawRow
from mxsync.model.item import ItemRef, Kind
from mxsync.model.outcome import Decision, Fate
from mxsync.model.record import RecordKey, RecordValue
from mxsync.ports.tracking import AsideRow, ItemRow, ReviewRow, Unit

_DELETIONS = (DeleteRow, WithdrawRow)


def work_page(world: World, plan: RulePlan, unit: Unit, job: PageJob) -> PageResult:
    """Decides and writes a page within the unit's transaction. Raises `BadContent` when the database refuses
    the whole."""
    result = PageResult()
    subjects = subjects_of(
        unit, job.mailbox.user, job.fetched, job.vanished, job.event, conversations=plan.needs(Kind.MAIL).score
    )
    subjects = _without_undone(unit, plan, job, subjects)
    out: dict[ItemRef, str] = {}
    postponed: set[ItemRef] = set()
    fresh: set[str] = set()
    looked = False
    while True:
        left = {*out, *postponed}
        taken = [subject for subject in subjects if subject.ref not in left] if left else subjects
        gleaned = [_gleaned(world, job, subject) for subject in taken]
        contexts = [subject.context for subject in taken]
        decisions = decide_page(plan, world.organisation, contexts, answer_of(unit), job.now, gleaned=gleaned)
        if not looked and (known := looked_at(world.database, unit, taken, decisions, job.vanished)) is not None:
            looked = True
            closer = {each.ref: each for each in known}
            subjects = [closer.get(each.ref, each) for each in subjects]
            continue
        if job.accepted:
            decisions = [released(decision) for decision in decisions]
        page = RowPage(world.database)
        places: dict[ItemRef, dict[tuple[str, str], tuple[str, str]]] = {}
        again = False
        for subject, decision in zip(taken, decisions, strict=True):
            if decision.fate is Fate.HELD:
                continue
            if not job.deletions and any(isinstance(effect, _DELETIONS) for effect in decision.effects):
                postponed.add(subject.ref)
                again = True
                continue
            try:
                extra, places[subject.ref] = _documents(world, job, subject, decision, fresh)
                page.add(subject, decision, extra)
            except (Refused, BadContent) as error:
                out[subject.ref] = str(error)
                again = True
        if not again:
            break
    if job.guard is not None:
        for decision in decisions:
            job.guard.check(decision)
    if not job.rehearsing:
        _claim(unit, plan, taken, decisions)
    page.write(unit.crm)
    by_ref = {decision.ref: decision for decision in decisions}
    intents = [
        intent
        for subject, decision in zip(taken, decisions, strict=True)
        if decision.fate is not Fate.HELD
        for intent in intents_of(subject, decision, places.get(subject.ref, {}))
        if not (job.quiet and intent.effect in (NOTIFY, HOOK))
    ]
    tracking, parts = unit.tracking, plan.parts
    tracking.audit(audit_rows(page, by_ref, job.run, job.now))
    tracking.save_pairs(page.pairs)
    tracking.drop_pairs([*page.dropped, *_withdrawn_elsewhere(taken, page)])
    tracking.intend(intents, job.run)
    tracking.confirm(_confirmed(page, decisions))
    tracking.hold(proposals(page, decided_by=plan.digest, now=job.now))
    tracking.release(settled(page, {parts.contact_email, parts.contact_company}))
    _remember(unit, plan, job, taken, decisions)
    _put_aside(unit, plan, job, subjects, out)
    if job.next_refs or not job.rehearsing:
        tracking.working_on(job.mailbox.name, job.next_refs)
    result.decisions = decisions
    result.unread = sum(each.unread for each in gleaned)
    result.aside = [*out.items(), *((bad.ref, bad.reason) for bad in job.unreadable)]
    result.postponed = [subject.ref for subject in subjects if subject.ref in postponed]
    result.intents = intents
    result.linked = page.linked
    result.proposed = [(proposal.about, proposal.why) for _, proposal in page.proposed]
    for written in page.done:
        counts = result.created if written.action in ("create", "save") else result.updated
        if written.action in ("create", "save", "update"):
            counts[written.key.entity] = counts.get(written.key.entity, 0) + 1
    result.documents = sum(i.effect == DOCUMENT and i.payload["place"] in fresh for i in intents)
    return result


def _gleaned(world: World, job: PageJob, subject: Subject) -> Gleaned:
    """What is told of an item already. One that stands here without somebody who was erased is another."""
    seen = job.foreseen.get(subject.ref) if subject.context.erased.people == 0 else None
    return Gleaned(subject.item, world.organisation, seen)


def _claim(unit: Unit, plan: RulePlan, subjects: Sequence[Subject], decisions: Sequence[Decision]) -> None:
    """A meeting that reaches many mailboxes is one row, though nothing in the row says which meeting it is: where its
    entity is `matched by` nothing, the item's identity is claimed. Raises `RevisionMismatch` when another writer has
    made that row since it was looked for."""
    known: dict[str, set[RecordKey]] = {}
    for subject, decision in zip(subjects, decisions, strict=True):
        for effect in decision.effects:
            if isinstance(effect, SaveItem) and effect.key.planned and subject.identity:
                if not plan.entities[effect.key.entity].matched_by:
                    rows = known.setdefault(subject.identity, set())
                    rows |= {pair.row for pair in (*subject.pairs, *subject.others)}
    if not known or not unit.tracking.claim(known):
        return
    for identity, pairs in unit.tracking.pairs_by_identity(known).items():
        if {pair.row for pair in pairs} - known[identity]:
            raise RevisionMismatch("another writer has made the row of an item at the same moment; it is decided again")


def _without_undone(unit: Unit, plan: RulePlan, job: PageJob, subjects: list[Subject]) -> list[Subject]:
    """Those for which nobody has taken back what was done: that is done again once the item changes, or by other rules,
    or when a person says so. One that was moved since is remembered where it lies now."""
    if job.event == "deleted" or job.accepted:
        return subjects
    left: list[Subject] = []
    moved: list[ItemRow] = []
    for subject in subjects:
        row = subject.row
        before = next((r for r in subject.moved_from if (r.fate, r.plan) == (Fate.UNDONE.value, plan.digest)), None)
        if row is None and before is not None:
            moved.append(replace(before, ref=subject.ref, revision=subject.item.revision, stamp=subject.stamp))
        elif (
            row is None
            or row.fate != Fate.UNDONE.value
            or (row.revision, row.plan) != (subject.item.revision, plan.digest)
        ):
            left.append(subject)
    if moved and not job.rehearsing:
        unit.tracking.save_items(moved)
    return left


def released(decision: Decision) -> Decision:
    """A decision without what holds it. An item that rules skip is skipped then."""
    if decision.fate is not Fate.HELD:
        return decision
    effects = tuple(effect for effect in decision.effects if not isinstance(effect, HoldForReview))
    fate = Fate.APPLIED if effects else Fate.NOTHING
    if effects and all(isinstance(effect, WithdrawRow) for effect in effects):
        fate = Fate.SKIPPED
    return replace(decision, fate=fate, effects=effects, reason="accepted in review")


def _documents(
    world: World, job: PageJob, subject: Subject, decision: Decision, fresh: set[str]
) -> tuple[dict[RecordKey, Mapping[str, RecordValue]], dict[tuple[str, str], tuple[str, str]]]:
    """Stages the attachments that a decision stores. Returns what their rows are to say, and where each goes. The
    places at which nothing is yet are added to `fresh`."""
    extra: dict[RecordKey, Mapping[str, RecordValue]] = {}
    places: dict[tuple[str, str], tuple[str, str]] = {}
    stored = [effect for effect in decision.effects if isinstance(effect, SaveAttachment)]
    created = {effect.key for effect in decision.effects if isinstance(effect, CreateRow)} if stored else set()
    for effect in stored:
        digest = effect.sha256
        place = world.documents.place(digest, effect.name, effect.folder)
        missing = not world.documents.holds(place, digest)
        if missing:
            fresh.add(place)
        if missing and not job.rehearsing and not world.documents.staged(digest):
            with job.mailbox.connector.attachment(subject.ref, effect.part) as stream:
                staged = world.documents.stage(stream)
            if staged.digest != digest:
                raise BadContent(f"the attachment `{effect.name}` changed while it was read; it is read again")
            reach("documents.staged")
        places[effect.part, effect.folder] = (digest, place)
        if effect.document in created and effect.document is not None:
            entity = world.database.entity(effect.document.entity)
            if "path" in entity.fields:
                extra[effect.document] = {"path": place}
    return extra, places


def _withdrawn_elsewhere(subjects: Sequence[Subject], page: RowPage) -> list[tuple[ItemRef, RecordKey]]:
    """Pairs of other copies with rows that are gone now."""
    gone = {key for _, key in page.dropped}
    return [(pair.ref, pair.row) for subject in subjects for pair in subject.others if pair.row in gone]


def _confirmed(page: RowPage, decisions: Sequence[Decision]) -> dict[RecordKey, dict[str, datetime]]:
    """For each row the fields that were confirmed, with the newest date."""
    found: dict[RecordKey, dict[str, datetime]] = {}
    for decision in decisions:
        for key, origins in decision.confirmed.items() if decision.fate is not Fate.HELD else ():
            moments = found.setdefault(page.key(key), {})
            for name, origin in origins.items():
                if origin.moment is not None:
                    moments[name] = max(origin.moment, moments.get(name, origin.moment))
    return found


def _remember(
    unit: Unit, plan: RulePlan, job: PageJob, subjects: Sequence[Subject], decisions: Sequence[Decision]
) -> None:
    watched: Mapping[Kind, frozenset[str]] = watched_fields(plan)
    rows: list[ItemRow] = []
    held: list[ReviewRow] = []
    released: list[ItemRef] = []
    aside: list[ItemRef] = []
    for subject, decision in zip(subjects, decisions, strict=True):
        names = watched.get(subject.item.kind, frozenset())
        stored = decision.fate is Fate.APPLIED or subject.item.kind not in (Kind.MAIL, Kind.POST)
        happened = decision.fate is not Fate.HELD
        before = subject.row
        rows.append(
            ItemRow(
                ref=subject.ref,
                kind=subject.item.kind,
                revision=subject.item.revision,
                stamp=subject.stamp,
                identity=subject.identity,
                fate=decision.fate.value,
                plan=decision.plan,
                reason=decision.reason,
                decided=job.now,
                once=subject.context.done | (once_keys(decision.effects) if happened else frozenset()),
                fields=memory_of(subject.item, names) if names and stored else {},
            )
        )
        if not happened:
            rule = decision.effects[0].cause.rule if decision.effects else ""
            lines = effects_lines(decision)
            held.append(ReviewRow(job.now, subject.ref, subject.identity, decision.reason, rule, decision.plan, lines))
        elif before is not None and before.fate == Fate.HELD.value:
            released.append(subject.ref)
        if before is not None and before.fate == Fate.SET_ASIDE.value:
            aside.append(subject.ref)
    tracking = unit.tracking
    if job.event != "deleted":
        tracking.save_items(rows)
        waiting = changed_items(plan, rows)
        tracking.enqueue(waiting)
        if waiting:  # what a sync could not do for an item is tried again now, and put aside anew if it fails again
            refs = {row.ref for row in waiting}
            aside += [row.ref for row in tracking.aside(job.mailbox.name) if row.revision and row.ref in refs]
    tracking.release(released)
    tracking.hold(held)
    tracking.clear_aside(aside)


def _put_aside(
    unit: Unit, plan: RulePlan, job: PageJob, subjects: Sequence[Subject], out: Mapping[ItemRef, str]
) -> None:
    bad = [(s.ref, s.item.revision, s.stamp, s.item.kind, out[s.ref]) for s in subjects if s.ref in out]
    bad += [(b.ref, b.revision, "", Kind.MAIL, b.reason) for b in job.unreadable]
    if not bad:
        return
    before = {row.ref: row for row in unit.tracking.aside(job.mailbox.name)}
    rows: list[AsideRow] = []
    for ref, revision, _, _, sentence in bad:
        old = before.get(ref)
        first, attempts = (old.first, old.attempts) if old is not None else (job.now, 0)
        rows.append(AsideRow(ref, revision, sentence, attempts + 1, first, job.now))
    unit.tracking.set_aside(rows)
    known = unit.tracking.items([ref for ref, *_ in bad])
    unit.tracking.save_items(
        [
            ItemRow(
                ref, kind, revision, stamp, known[ref].identity if ref in known else "", Fate.SET_ASIDE.value,
                plan.digest, sentence, job.now, known[ref].once if ref in known else frozenset(),
            )
            for ref, revision, stamp, kind, sentence in bad
        ]
    )  # fmt: skip
