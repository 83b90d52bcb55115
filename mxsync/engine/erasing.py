"""Erasing a person: rows, documents, items, and all that is remembered of them; and a tombstone that keeps them out.

The order makes it safe to be killed anywhere: first the tombstone, so that nobody is created again meanwhile; then what
lies outside the database, found by rows that are still there; then all rows in one transaction; then the database's
files are wiped. Whoever calls again goes on from where it stopped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mxsync.decide.context import ItemContext
from mxsync.decide.erased import left_alone, people_on, without
from mxsync.engine.erasing_survey import Survey, survey
from mxsync.engine.intents import DOCUMENT
from mxsync.engine.world import Mailbox, Progress, World
from mxsync.errors import ConfigError
from mxsync.failpoints import reach
from mxsync.model.change import Appeared, Modified
from mxsync.model.item import ItemRef, Revision, Unreadable
from mxsync.model.normal import address_key
from mxsync.ports.tracking import Tombstone, Unit


@dataclass(slots=True)
class Certificate:
    """What was removed, or would be. `removed` counts by kind ('contact', 'document files', 'tracking: audit');
    `remains` are the places that mxsync does not touch and where the address still stands; `items_left` are items of
    the mailboxes with the person on them that stay. `again` when an erasure was completed that had begun before."""

    address: str
    at: datetime
    addresses: int
    removed: Mapping[str, int]
    remains: Mapping[str, int]
    items_left: int
    items_looked_at: bool
    again: bool = False
    planned: bool = False


@dataclass(slots=True)
class _Items:
    """Items of the mailboxes with the person on them: `own` are theirs, `others` have other people on them too."""

    own: list[tuple[Mailbox, ItemRef, Revision]] = field(default_factory=list)
    others: int = 0


def check_address(world: World, address: str) -> str:
    """The person's address key. Raises `ConfigError` for what is no address, and for one of our own users."""
    key = address_key(address)
    local, at, domain = key.partition("@")
    if not at or not local or "@" in domain or not domain or " " in key:
        raise ConfigError(f"`{address}` is no e-mail address: a person is erased by address, as in jane@acme.example")
    if key in world.organisation.users:
        raise ConfigError(
            f"{key} is one of the users whose mailboxes are kept in step: take them out of the configuration first"
        )
    return key


def plan_erasure(world: World, address: str, *, items: bool, progress: Progress) -> Certificate:
    """What `erase` would remove. Changes nothing."""
    key = check_address(world, address)
    with world.store.reading() as unit:
        found = survey(world, unit, key)
        own = _own_tables(world)
        everywhere = unit.crm.people.remains(found.people)
        remains = {place: n for place, n in everywhere.items() if place.rpartition(".")[0].casefold() not in own}
    there = _look(world, found, progress) if items else _Items()
    counts = found.counts(world) | ({"items": len(there.own)} if items else {})
    return Certificate(key, world.now(), len(found.people), counts, remains, there.others, items, planned=True)


def erase(world: World, address: str, *, items: bool, progress: Progress) -> Certificate:
    """Erases. The caller holds the lease. Raises `BadContent` where other rows need the person's, before anything that
    cannot be taken back."""
    key = check_address(world, address)
    with world.store.reading() as unit:
        found = survey(world, unit, key)
        before = unit.tracking.tombstone(key)
    with world.store.rehearsal() as unit:
        _rows(unit, found)  # what the database refuses is known before the first file is gone
    there = _look(world, found, progress) if items else _Items()
    planned = Counter(found.counts(world)) + Counter({"items": len(there.own)} if there.own else {})
    if before is not None and not before.done:
        planned |= Counter(before.removed)  # begun before, and not finished
    elif before is not None:
        planned += Counter(before.removed)
    at = before.at if before is not None else world.now()
    with world.store.transaction() as unit:
        unit.tracking.bury(found.people, Tombstone(at, dict(planned), done=False))
    reach("erase.buried")
    for mailbox, ref, revision in there.own:
        mailbox.connector.erase(ref, revision)
        reach("erase.item")
    for place in found.places:
        world.documents.remove(place)
        reach("erase.document")
    with world.store.reading() as unit:
        refs = found.refs | {ref for _, ref, _ in there.own} | unit.tracking.items_named(found.people)
    gone = refs - _present(world, refs)
    with world.store.transaction() as unit:
        planned += _rows(unit, found)
        tracking = unit.tracking
        counts = Counter(tracking.erase_rows(found.keys))
        counts += Counter(tracking.erase_items(gone, gone=True))
        counts += Counter(tracking.erase_items(refs - gone, gone=False))
        planned += Counter({f"tracking: {name}": count for name, count in counts.items()})
        planned += Counter({"tracking: texts struck": tracking.strike(found.people, found.phrases)})
        remains = unit.crm.people.remains(found.people)
        tracking.bury(found.people, Tombstone(at, dict(planned), done=False))
        pending = tracking.pending()
        reach("erase.before-commit")
    reach("erase.committed")
    # What was staged for these items and never came to its place is wanted no more.
    world.documents.clear(frozenset(str(each.payload["digest"]) for each in pending if each.effect == DOCUMENT))
    world.store.wipe()
    reach("erase.wiped")
    with world.store.transaction() as unit:
        unit.tracking.bury(found.people, Tombstone(at, dict(planned), done=True))
    return Certificate(
        key, at, len(found.people), dict(planned), remains, there.others, items, again=before is not None
    )


def _rows(unit: Unit, found: Survey) -> Counter[str]:
    """Takes the rows out of the customer's tables; counts what else was touched for it."""
    counts: Counter[str] = Counter()
    people = unit.crm.people
    for entity, keys in found.rows.items():
        for table, count in people.unrefer(entity, [key.value for key in keys]).items():
            counts[f"references in {table} emptied"] += count
    unit.crm.delete(found.keys)
    for table, count in people.strike(found.people, found.phrases).items():
        counts[f"texts in {table} struck"] += count
    return counts


def _own_tables(world: World) -> set[str]:
    entities = world.plan().entities.values()
    names = [name for each in entities for name in (each.table, *(link.table for link in each.links))]
    return {name.rpartition(".")[2].casefold() for name in names}


def _present(world: World, refs: Collection[ItemRef]) -> set[ItemRef]:
    """Those of these items that are still in their mailboxes: an earlier call may have taken some away."""
    found: set[ItemRef] = set()
    for mailbox in world.mailboxes:
        own = [ref for ref in refs if ref.mailbox == mailbox.name]
        for answer in mailbox.connector.fetch(own) if own else ():
            found.add(answer.ref if isinstance(answer, Unreadable) else answer.item.ref)
    return found


def _look(world: World, found: Survey, progress: Progress) -> _Items:
    """Reads every mailbox through: an item that nobody stored is nowhere but there."""
    items = _Items()
    for mailbox in world.mailboxes:
        page = mailbox.connector.changes(mailbox.name, "", lambda name, folder: {})
        refs = [change.ref for change in page.changes if isinstance(change, Appeared | Modified)]
        for start in range(0, len(refs), world.page):
            for answer in mailbox.connector.fetch(refs[start : start + world.page]):
                if isinstance(answer, Unreadable) or not people_on(answer.item) & found.people:
                    continue
                item, erased = without(answer.item, found.people)
                if left_alone(ItemContext(item, "created", mailbox.user, erased=erased), world.organisation):
                    items.own.append((mailbox, answer.item.ref, answer.item.revision))
                else:
                    items.others += 1
            progress(mailbox.name, min(start + world.page, len(refs)), len(refs))
    return items
