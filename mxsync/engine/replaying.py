"""What other rules would have decided for items that were decided already: every item anew, on the tables as they would
be without those decisions. Nothing is written, and nobody who writes is kept waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from mxsync.decide.context import ItemContext
from mxsync.decide.page import decide_page
from mxsync.engine.acts import Acts, planned_acts, remembered_acts
from mxsync.engine.hindsight import Hindsight, as_it_was, links_of
from mxsync.engine.identity import identity_of
from mxsync.engine.intents import DOCUMENT, key_of
from mxsync.engine.replay_report import Counts, Difference, ReplayReport, compare
from mxsync.engine.subjects import NOBODY, earlier_mail, without_erased
from mxsync.engine.world import Mailbox, Progress, World
from mxsync.errors import Disposition, MxsyncError
from mxsync.lang.compile import RulePlan
from mxsync.model.change import Appeared, Modified
from mxsync.model.effect import SaveAttachment
from mxsync.model.item import ItemRef, Kind, Unreadable
from mxsync.model.outcome import Decision, Fate, OwnRow
from mxsync.model.record import RecordKey
from mxsync.ports.connector import Fetched
from mxsync.ports.tracking import AuditRow, Intent, ItemRow, Unit

_WRITTEN = (Kind.MAIL, Kind.POST)


@dataclass(slots=True)
class Days:
    """Days, both ends included, in UTC."""

    begin: date
    end: date

    def holds(self, moment: datetime | None) -> bool:
        return moment is not None and self.begin <= moment.astimezone(UTC).date() <= self.end


@dataclass(slots=True)
class _Seen:
    """An item of the period, and what is remembered of it. `origin` is where it lay when it was decided."""

    ref: ItemRef
    mailbox: Mailbox
    row: ItemRow
    origin: ItemRef | None
    history: tuple[AuditRow, ...] = ()
    intents: tuple[Intent, ...] = ()


def replay(
    world: World, mailboxes: Sequence[Mailbox], candidate: RulePlan, period: Days, progress: Progress
) -> ReplayReport:
    """Decides the items of a period by `candidate` and compares with what was decided. Where the rules in force made
    that decision, they are asked again too, so that only what the rules differ in shows, not what has happened to the
    tables since."""
    report = ReplayReport(candidate.digest, period.begin, period.end)
    plan = world.plan()
    with world.store.reading() as unit:
        seen: list[_Seen] = []
        for mailbox in mailboxes:
            try:
                seen += _items(unit, mailbox, period, report)
            except MxsyncError as error:
                if error.disposition is Disposition.STOP_PASS:
                    raise
                report.failed_mailboxes.append((mailbox.name, str(error)))
        seen.sort(key=lambda each: each.row.decided)
        work = _Replay(world, unit, report, candidate, plan)
        work.take_back(seen)
        for start in range(0, len(seen), world.page):
            part = seen[start : start + world.page]
            work.page(part)
            progress(part[-1].mailbox.name if part else "", start + len(part), len(seen))
    world.database.use(plan.entities)
    return report


def _items(unit: Unit, mailbox: Mailbox, period: Days, report: ReplayReport) -> Iterator[_Seen]:
    """The items of a mailbox that belong to the period: mail by its date, the rest by its last decision."""
    tracking = unit.tracking
    page = mailbox.connector.changes(mailbox.name, "", lambda name, folder: {})
    report.failed_mailboxes += [(mailbox.name, each.reason) for each in page.trouble]
    there = [change for change in page.changes if isinstance(change, Appeared | Modified)]
    rows = tracking.items([change.ref for change in there])
    made = {link.ref for link in tracking.links_of_items([change.ref for change in there]) if link.made}
    moved = tracking.moved(mailbox.name)
    found: list[_Seen] = []
    for change in there:
        row, ref = rows.get(change.ref), change.ref
        moment = change.date if change.kind in _WRITTEN and change.date else row.decided if row else change.date
        if not period.holds(moment):
            continue
        if ref in made:
            report.of_syncs += 1
        elif row is None:
            report.undecided += 1
        elif row.fate == Fate.SET_ASIDE.value:
            report.unreadable += 1
        else:
            origin = moved.get(ref)
            found.append(_Seen(ref, mailbox, row, origin if origin != ref else None))
    refs = [place for each in found for place in (each.ref, each.origin) if place is not None]
    histories, intents = tracking.histories(refs), tracking.intended(refs)
    for each in found:
        places = [place for place in (each.origin, each.ref) if place is not None]
        each.history = tuple(row for place in places for row in histories.get(place, ()))
        each.intents = tuple(intent for place in places for intent in intents.get(place, ()))
    yield from found


class _Replay:
    def __init__(self, world: World, unit: Unit, report: ReplayReport, candidate: RulePlan, plan: RulePlan) -> None:
        self._world, self._unit, self._report = world, unit, report
        self._candidate, self._plan = candidate, plan
        self._names: dict[RecordKey, str] = {}
        self._sides: list[_Side] = [_Side(world, unit, candidate, self._names)]
        if candidate.digest != plan.digest:
            self._sides.append(_Side(world, unit, plan, self._names))

    def take_back(self, seen: Sequence[_Seen]) -> None:
        """Before the first decision: none of what was done may be seen by any of them."""
        for each in seen:
            acts = Acts(self._plan.entities, self._names)
            remembered_acts(acts, each.row, each.history, (), ())
        for side in self._sides:
            side.use()
            for each in reversed(seen):
                side.hindsight.take_back(each.history)

    def page(self, part: Sequence[_Seen]) -> None:
        read = self._read(part)
        self._report.items += len(read)
        refs = [each.ref for each, _ in read]
        pairs = self._unit.tracking.pairs(refs)
        decided = [side.decide(read) for side in self._sides]
        for number, (each, _) in enumerate(read):
            decision, acts = decided[0][number]
            counts = self._report.by_mailbox.setdefault(each.ref.mailbox, Counts())
            if each.row.plan == self._candidate.digest:
                self._report.by_these_rules += 1
                continue
            if len(decided) > 1 and each.row.plan == self._plan.digest:
                before_decision, before = decided[1][number]
                fate = before_decision.fate.value
            else:
                before = Acts(self._plan.entities, self._names)
                remembered_acts(before, each.row, each.history, each.intents, pairs.get(each.ref, ()))
                fate = each.row.fate
            difference = Difference(each.ref, fate, decision.fate.value, each.row.plan)
            compare(difference, before.found, acts.found)
            if difference.any:
                self._report.differences.append(difference)
                self._report.count(counts, difference)
            else:
                self._report.same += 1

    def _read(self, part: Sequence[_Seen]) -> list[tuple[_Seen, ItemContext]]:
        by_connector: dict[int, list[_Seen]] = {}
        for each in part:
            by_connector.setdefault(id(each.mailbox.connector), []).append(each)
        contexts: dict[ItemRef, ItemContext] = {}
        fetched: list[Fetched] = []
        for own in by_connector.values():
            places = {each.ref: each for each in own}
            for answer in own[0].mailbox.connector.fetch(list(places)):
                if isinstance(answer, Unreadable):
                    self._report.unreadable += 1
                    continue
                each = places[answer.item.ref]
                if each.mailbox.takes(answer.item, known=True):
                    fetched.append(answer)
                    (item,), erased = without_erased(self._unit.tracking, [answer.item])
                    item = as_it_was(item, each.intents, each.origin)
                    contexts[each.ref] = ItemContext(
                        item, "created", each.mailbox.user, identity_of(item), erased=erased.get(each.ref, NOBODY)
                    )
        scored = any(plan.needs(Kind.MAIL).score for plan in (self._candidate, self._plan))
        earlier = earlier_mail(self._unit, fetched) if scored else {}
        return [
            (each, replace(contexts[each.ref], earlier=earlier.get(each.ref, {})))
            for each in part
            if each.ref in contexts
        ]


class _Side:
    """One rule set, deciding all the items on a hindsight of its own."""

    def __init__(self, world: World, unit: Unit, plan: RulePlan, names: dict[RecordKey, str]) -> None:
        self._world, self._unit, self._plan, self._names = world, unit, plan, names
        self.hindsight = Hindsight(plan.entities, world.database, unit.crm.answer, unit.tracking.history)
        self._joined: set[tuple[RecordKey, RecordKey]] = set()

    def use(self) -> None:
        """Its entities are those of the database now: two rule sets may map the tables differently."""
        self._world.database.use(self._plan.entities)

    def decide(self, read: Sequence[tuple[_Seen, ItemContext]]) -> list[tuple[Decision, Acts]]:
        """The page's decisions with their acts."""
        self.use()
        contexts = self._with_rows(read)
        now = self._world.now()
        decisions = decide_page(self._plan, self._world.organisation, contexts, self.hindsight.answer, now)
        decisions = self.hindsight.rename(decisions)
        linked = self.hindsight.linked({pair for decision in decisions for pair in links_of(decision)})
        place = self._places(read, decisions)
        found: list[tuple[Decision, Acts]] = []
        for (each, _), decision in zip(read, decisions, strict=True):
            acts = Acts(self._plan.entities, self._names)
            planned_acts(acts, decision, linked | self._joined, place(each.ref))
            self._joined.update(links_of(decision))
            found.append((decision, acts))
        self.hindsight.show(decisions)
        return found

    def _with_rows(self, read: Sequence[tuple[_Seen, ItemContext]]) -> list[ItemContext]:
        """The rows that copies outside the replay made for the same items are there, in hindsight too."""
        own = {each.ref for each, _ in read}
        by_identity = self._unit.tracking.pairs_by_identity([context.identity for _, context in read])
        contexts: list[ItemContext] = []
        for _, context in read:
            rows = {
                pair.row: OwnRow(pair.row, pair.made, edited=False, shared=True)
                for pair in by_identity.get(context.identity, ())
                if pair.ref not in own and pair.row not in self.hindsight.hidden
            }
            contexts.append(
                replace(context, own=tuple(row for row in rows.values() if row.key.entity in self._plan.entities))
            )
        return contexts

    def _places(
        self, read: Sequence[tuple[_Seen, ItemContext]], decisions: Sequence[Decision]
    ) -> Callable[[ItemRef], Callable[[SaveAttachment], tuple[str, bool]]]:
        """Where attachments would go. What another item had stored there before is not stored again."""
        wanted: dict[str, str] = {}
        for decision in decisions:
            for effect in decision.effects:
                if isinstance(effect, SaveAttachment):
                    place = self._world.documents.place(effect.sha256, effect.name, effect.folder)
                    wanted[f"{effect.sha256}\x1f{place}"] = key_of(DOCUMENT, effect.sha256, place)
        intended = self._unit.tracking.intents(wanted.values()) if wanted else {}
        origins: Mapping[ItemRef, ItemRef] = {each.ref: each.origin or each.ref for each, _ in read}

        def of(ref: ItemRef) -> Callable[[SaveAttachment], tuple[str, bool]]:
            def place_of(effect: SaveAttachment) -> tuple[str, bool]:
                place = self._world.documents.place(effect.sha256, effect.name, effect.folder)
                first = intended.get(wanted[f"{effect.sha256}\x1f{place}"])
                return place, first is None or (first.mailbox, first.href) == _at(origins[ref])

            return place_of

        return of


def _at(ref: ItemRef) -> tuple[str, str]:
    return ref.mailbox, ref.href
