"""Items of a page with everything that is remembered of them: what a decision is to be about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from mxsync.decide.context import Erasure, Event, ItemContext
from mxsync.decide.erased import people_on, without
from mxsync.decide.field_values import conversation_ids
from mxsync.decide.scoring import sent_by_us
from mxsync.engine.baseline import edited
from mxsync.engine.identity import identity_of
from mxsync.model.item import Item, ItemRef, Kind
from mxsync.model.outcome import Fate, OwnRow
from mxsync.model.record import RecordKey
from mxsync.ports.connector import Fetched
from mxsync.ports.database import BeforeImage
from mxsync.ports.tracking import ItemRow, PairRow, TrackingUnit, Unit

NOBODY = Erasure()


@dataclass(slots=True)
class Subject:
    """One item to decide. `row` is how it was decided last, `pairs` the rows that stand for this copy of it, `others`
    those that stand for other copies; `images` are these rows as they are now."""

    item: Item
    stamp: str
    identity: str
    context: ItemContext
    row: ItemRow | None = None
    pairs: tuple[PairRow, ...] = ()
    others: tuple[PairRow, ...] = ()
    images: Mapping[RecordKey, BeforeImage] | None = None
    moved_from: tuple[ItemRow, ...] = ()
    """How it was decided where it lay before, for what was moved."""

    ref: ItemRef = field(init=False)
    """Where the item lies."""

    def __post_init__(self) -> None:
        self.ref = self.item.ref

    def pair(self, key: RecordKey) -> PairRow | None:
        """This copy's own pair with a row."""
        return next((pair for pair in self.pairs if pair.row == key), None)


def subjects_of(
    unit: Unit,
    user: str,
    fetched: Sequence[Fetched],
    vanished: Collection[ItemRef],
    event: Event | None = None,
    *,
    conversations: bool = False,
) -> list[Subject]:
    """What is remembered of a page of items, in a handful of queries for all of them. `vanished` are items of the
    mailbox that are gone: an item that has the identity of one of them was moved. `conversations`: also which earlier
    mail of theirs was seen, and whose it was, for rules that ask for a person's score."""
    if not fetched:
        return []
    tracking = unit.tracking
    refs = [each.item.ref for each in fetched]
    items, erased = without_erased(tracking, [each.item for each in fetched])
    identities = [identity_of(item) for item in items]
    known = tracking.items(refs)
    own_pairs = tracking.pairs(refs)
    by_identity = tracking.pairs_by_identity(identities)
    twins = tracking.items_by_identity(refs[0].mailbox, identities)
    other_refs = {pair.ref for pairs in by_identity.values() for pair in pairs} - set(refs) - set(vanished)
    living = set(tracking.items(other_refs)) if other_refs else set()
    keys = {pair.row for pairs in (*own_pairs.values(), *by_identity.values()) for pair in pairs}
    images = unit.crm.before(keys, links=False) if keys else {}
    earlier = earlier_mail(unit, fetched) if conversations else {}
    subjects: list[Subject] = []
    for each, item, identity in zip(fetched, items, identities, strict=True):
        ref = item.ref
        row = known.get(ref)
        pairs = own_pairs.get(ref, ())
        others = tuple(pair for pair in by_identity.get(identity, ()) if pair.ref != ref) if identity else ()
        same = [twin for twin in twins.get(identity, ()) if twin.ref != ref] if identity else []
        moved = tuple(twin for twin in same if twin.ref in vanished)
        decided = row is not None and row.fate != Fate.SET_ASIDE.value
        done = frozenset[str]().union(*(twin.once for twin in same), row.once if row else ())
        before = row if row is not None and row.fields else next((twin for twin in same if twin.fields), None)
        context = ItemContext(
            item=item,
            event=event or ("updated" if decided or moved else "created"),
            user=user,
            identity=identity,
            own=_own_rows(pairs, others, living, images),
            previous=before.fields if before is not None else None,
            done=done,
            earlier=earlier.get(ref, {}),
            erased=erased.get(ref, NOBODY),
        )
        subjects.append(Subject(item, each.stamp, identity, context, row, pairs, others, images, moved))
    return subjects


def earlier_mail(unit: Unit, fetched: Sequence[Fetched]) -> Mapping[ItemRef, Mapping[str, bool]]:
    """Of each mail the Message-IDs of its conversation that lie in our mailboxes, True for what one of us sent."""
    asked = {
        each.item.ref: ids
        for each in fetched
        if each.item.kind in (Kind.MAIL, Kind.POST) and (ids := conversation_ids(each.item))
    }
    places = unit.tracking.folders_of({f"mail:{one}" for ids in asked.values() for one in ids}) if asked else {}
    whose = {identity.removeprefix("mail:"): sent_by_us(folders) for identity, folders in places.items()}
    by_us = {identity: ours for identity, ours in whose.items() if ours is not None}
    return {ref: {one: by_us[one] for one in ids if one in by_us} for ref, ids in asked.items()} if by_us else {}


def without_erased(tracking: TrackingUnit, items: Sequence[Item]) -> tuple[list[Item], dict[ItemRef, Erasure]]:
    """A page of items without the people who were erased, by one question for all of them."""
    if not tracking.anybody_erased():
        return list(items), {}
    on = {item.ref: people_on(item) for item in items}
    gone = tracking.erased(frozenset[str]().union(*on.values()))
    if not gone:
        return list(items), {}
    cleaned: list[Item] = []
    erased: dict[ItemRef, Erasure] = {}
    for item in items:
        if on[item.ref] & gone:
            item, erased[item.ref] = without(item, on[item.ref] & gone)
        cleaned.append(item)
    return cleaned, erased


def _own_rows(
    pairs: Sequence[PairRow],
    others: Sequence[PairRow],
    living: Collection[ItemRef],
    images: Mapping[RecordKey, BeforeImage],
) -> tuple[OwnRow, ...]:
    found: dict[RecordKey, OwnRow] = {}
    for pair in (*pairs, *others):
        image = images.get(pair.row)
        if image is None or pair.row in found:
            continue  # a row that a person deleted stands for nothing
        shared = any(other.row == pair.row and other.ref in living for other in others)
        changed = any(edited(each.baseline, image.columns) for each in (*pairs, *others) if each.row == pair.row)
        found[pair.row] = OwnRow(pair.row, made=pair.made, edited=changed, shared=shared)
    return tuple(found.values())
