"""Which syncs are about an item, what each one's filter says of it, and what it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mxsync.decide.syncing import ways_of
from mxsync.engine.answers import answer_of
from mxsync.engine.subjects import Subject
from mxsync.engine.syncing.filters import Filters
from mxsync.engine.syncing.places import Binding, bindings_of
from mxsync.engine.world import World
from mxsync.lang.compile import RulePlan
from mxsync.lang.ir import SideForm
from mxsync.model.outcome import Fate
from mxsync.model.record import Lookup, Record, RecordKey
from mxsync.ports.links import COPY, MAKING, UNLINKED, LinkRow
from mxsync.ports.tracking import Unit

_ROUNDS = 12


def sync_lines(world: World, plan: RulePlan, unit: Unit, subject: Subject, fate: Fate, now: datetime) -> list[str]:
    """In words, a line or two a sync."""
    ref = subject.ref
    bindings = [b for b in bindings_of(world, ways_of(plan)) if b.spoke.holds(ref) and b.way.kind is subject.item.kind]
    if not bindings:
        return []
    if fate is Fate.SKIPPED:
        return ["no sync takes it, since a rule says skip"]
    answers: dict[Lookup, tuple[Record, ...]] = {}
    lines: list[str] = []
    links = unit.tracking.links_of_items([ref])
    for _ in range(_ROUNDS):
        filters = Filters(plan, world.organisation, now, answers)
        lines = [line for binding in bindings for line in _lines(binding, filters, subject, links)]
        missing = list(filters.missing)
        if not missing:
            break
        found = answer_of(unit)(missing)
        answers.update({lookup: found.get(lookup, ()) for lookup in missing})
    return lines


def _lines(binding: Binding, filters: Filters, subject: Subject, links: Sequence[LinkRow]) -> list[str]:
    way = binding.way
    hub = f"table {way.hub.entity}" if way.hub.form is SideForm.TABLE else f"folder {way.hub.folder}"
    where = f"{way.sync.span.file}:{way.sync.span.line}" if way.sync.span.line else ""
    head = f"sync {way.name} ({where})" if where else f"sync {way.name}"
    if way.into_hub is None:
        said = f"{head}: nothing goes into {hub}"
    elif filters.takes(binding, subject.context):
        said = f"{head}: goes into {hub}"
    else:
        failed = filters.failed(binding, subject.context)
        said = f"{head}: does not go into {hub}: `{failed}` is not so"
    own = [link for link in links if (link.sync, link.user) == binding.key]
    return [said, *(f"  {_standing(link)}" for link in own)]


def _standing(link: LinkRow) -> str:
    hub = link.hub
    what = f"{hub.entity} {hub.value}" if isinstance(hub, RecordKey) else f"{hub.mailbox}/{hub.href}"
    if link.state == UNLINKED:
        return f"stood for {what} and was let go: it does not come again until the filter has let go of it"
    if link.state == COPY:
        return f"matches {what}, which another item of the folder is in step with: nothing crosses"
    if link.state == MAKING:
        return f"is being written for {what}"
    return f"stands for {what}" + (", put there by the sync" if link.made else "")
