"""Items written for a sync: performed by looking first, and remembered with what the server made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from mxsync.decide.sync_fields import item_says
from mxsync.engine.identity import identity_of
from mxsync.engine.syncing.as_made import as_made
from mxsync.errors import BadContent, MxsyncError, NotFound, Refused, RevisionMismatch, TimedOut
from mxsync.model.item import Draft, Item, ItemRef, Kind, Revision, Unreadable
from mxsync.model.outcome import Fate
from mxsync.model.record import RecordKey
from mxsync.ports.connector import Creation, Fetched, KeepsDeleted, MailConnector, Written
from mxsync.ports.links import AGAIN, PAIRED, UNLINKED, HubKey, LinkRow, WaitingRow
from mxsync.ports.tracking import AsideRow, Intent, ItemRow, PairRow, TrackingUnit
from mxsync.reconcile.forms import form_of


@dataclass(frozen=True, slots=True)
class ItemDone:
    """What came of writing an item: as it is now (None when it is gone), where it lies, what its revision was before,
    and which of the fields hold what they should."""

    written: Written | None
    item: Item | None = None
    before: Revision = ""
    fields: Sequence[str] = field(default_factory=tuple)


def perform_item(connector: MailConnector, intent: Intent, known: Revision) -> ItemDone:
    """Creates, changes or removes an item, whatever part of that has happened already. `known` is the revision that was
    last decided on. Raises `RevisionMismatch` when a person has changed the item since: then nothing is written, and
    the next pass sees both changes. Raises `TimedOut` where it is not known whether it is done."""
    payload: Mapping[str, Any] = intent.payload
    match payload["op"]:
        case "create":
            return _create(connector, intent)
        case "remove":
            return _remove(connector, intent, known)
        case "restore":
            return _restore(connector, intent)
        case _:
            return _update(connector, intent, _draft(payload))


def _create(connector: MailConnector, intent: Intent) -> ItemDone:
    """Makes an item once. One that was made before, and whose answer nobody heard, may have been moved since."""
    new = creation_of(intent)
    there = _made(connector, intent, new) if intent.attempts else None
    if there is not None:
        answer = _look(connector, intent, there)
        if not isinstance(answer, Fetched):
            raise TimedOut(f"`{there.href}` was made, and cannot be read now")
        written = Written(there, answer.item.revision, answer.stamp)
        return ItemDone(written, answer.item, written.revision, _named(intent))
    written = connector.create(new.mailbox, new.folder, new.draft, new.key)
    return ItemDone(written, _as_written(connector, written.ref), written.revision, _named(intent))


def _named(intent: Intent) -> tuple[str, ...]:
    """The fields that both sides hold once an item is made."""
    payload: Mapping[str, Any] = intent.payload
    return tuple(payload["links"][0][3])


def creation_of(intent: Intent) -> Creation:
    """What an intent of the op `create` has made."""
    payload: Mapping[str, Any] = intent.payload
    draft = _draft(payload)
    if payload.get("uid"):
        draft = replace(draft, fields={**draft.fields, "uid": payload["uid"]})
    return Creation(intent.ref.mailbox, str(payload["folder"]), draft, intent.key)


def _draft(payload: Mapping[str, Any]) -> Draft:
    return Draft(Kind(payload["kind"]), dict(payload["fields"]), dict(payload["custom"]), str(payload["class"]))


def _made(connector: MailConnector, intent: Intent, new: Creation) -> ItemRef | None:
    with _unknown_if_refused(intent):
        return connector.made(new)


def _look(connector: MailConnector, intent: Intent, ref: ItemRef) -> Fetched | Unreadable | None:
    """The item as it is before anything is done to it; None when it is gone."""
    with _unknown_if_refused(intent):
        return next(iter(connector.fetch([ref])), None)


@contextmanager
def _unknown_if_refused(intent: Intent) -> Iterator[None]:
    """A server that says no to a look has not said no to the write: an earlier try may have done it. Taken as not done,
    what mxsync itself has made would pass for a person's item, and what it has removed for a person's deletion."""
    try:
        yield
    except Refused as error:
        if not intent.attempts:
            raise
        raise TimedOut(f"no answer came before, and whether it was done cannot be seen now: {error}") from error


def _item(connector: MailConnector, ref: ItemRef) -> Item | None:
    answer = next(iter(connector.fetch([ref])), None)
    return answer.item if isinstance(answer, Fetched) else None


def _as_written(connector: MailConnector, ref: ItemRef) -> Item | None:
    """What a write made. Raises `TimedOut` where that cannot be seen: it is done, and to be looked up again."""
    try:
        return _item(connector, ref)
    except MxsyncError as error:
        raise TimedOut(f"`{ref.href}` was written, and cannot be read: {error}") from error


def _remove(connector: MailConnector, intent: Intent, known: Revision) -> ItemDone:
    """Takes an item away. One that cannot be read is left, and not forgotten: else it would pass for a person's new one
    as soon as it can be read."""
    there = _look(connector, intent, intent.ref)
    if isinstance(there, Unreadable):
        with _unknown_if_refused(intent):
            raise BadContent(f"`{intent.ref.href}` is to be removed, and cannot be read: {there.reason}")
    item = there.item if there is not None else None
    if item is not None:
        if known and item.revision != known:
            raise RevisionMismatch(f"`{intent.ref.href}` was changed since it was to be removed")
        connector.delete(intent.ref, item.revision)
    return ItemDone(None, before=item.revision if item is not None else "")


def _restore(connector: MailConnector, intent: Intent) -> ItemDone:
    """Brings a deleted item back; what is there already was brought back before."""
    there = _look(connector, intent, intent.ref)
    if isinstance(there, Fetched):
        item = there.item
        return ItemDone(Written(intent.ref, item.revision, there.stamp), item, item.revision)
    if not isinstance(connector, KeepsDeleted):
        raise NotFound(f"`{intent.ref.href}` cannot be brought back by this server: take it from its deleted items")
    written = connector.restore(intent.ref, str(intent.payload.get("revision", "")))
    return ItemDone(written, _item(connector, written.ref), written.revision)


def _update(connector: MailConnector, intent: Intent, draft: Draft) -> ItemDone:
    """Field by field: what holds the value already is done, what a person changed meanwhile waits for the next pass."""
    payload: Mapping[str, Any] = intent.payload
    answer = _look(connector, intent, intent.ref)
    if not isinstance(answer, Fetched):
        return ItemDone(None)  # gone or unreadable meanwhile: the next pass sees what became of it
    item = answer.item
    fields: dict[str, Any] = {}
    custom: dict[str, Any] = {}
    done: list[str] = []
    expect: Mapping[str, Any] = payload["expect"]
    for name, value in {**draft.fields, **{f"custom.{n}": v for n, v in draft.custom.items()}}.items():
        now = _form(form_of(item_says(item, name)))
        if now == _form(form_of(value)):
            done.append(name)
        elif name not in expect or now == _form(expect[name]):
            done.append(name)
            if name.startswith("custom."):
                custom[name.removeprefix("custom.")] = value
            else:
                fields[name] = value
    written = Written(intent.ref, item.revision, answer.stamp)
    if fields or custom:
        written = connector.update(intent.ref, Draft(draft.kind, fields, custom, ""), item.revision)
    return ItemDone(written, _as_written(connector, written.ref), item.revision, tuple(done))


def _form(form: Any) -> Any:
    return list(form) if isinstance(form, tuple) else form


def record_item(tracking: TrackingUnit, intent: Intent, done: ItemDone, plan: str, now: datetime) -> None:
    """Remembers what was written: it is no change, and both sides agree on it."""
    payload: Mapping[str, Any] = intent.payload
    if payload.get("undo") and payload["op"] in ("remove", "restore"):
        record_taken_back(tracking, intent, done, plan, now)
        return
    links = _links(tracking, payload["links"])
    if payload["op"] == "remove":
        tracking.drop_links([link for link, *_ in links])
        tracking.drop_pairs([(link.ref, link.hub) for link, *_ in links if isinstance(link.hub, RecordKey)])
        tracking.forget_items([intent.ref])
        tracking.dequeue([WaitingRow(intent.ref, "gone")])
        return
    written, item = done.written, done.item
    if written is None or item is None:
        if intent.attempts:
            tracking.remind([WaitingRow(link.ref, "changed") for link, *_ in links])
        return
    _remember(tracking, intent, done, plan, now)
    if payload["op"] == "create":
        tracking.took_place(intent.key, written.ref)
    saved: list[LinkRow] = []
    dropped: list[LinkRow] = []
    rewritten = False
    for link, side, other in links:
        baseline = dict(link.baseline)
        for name, theirs in other.items():
            if payload["op"] == "update" and name not in done.fields:
                continue
            ours = as_made(intent, item, name)
            baseline[name] = (ours, _form(theirs)) if side == "spoke" else (_form(theirs), ours)
        place = 0 if side == "spoke" else 1
        rewritten = rewritten or any(
            _form(form_of(item_says(item, name))) != _form(forms[place]) for name, forms in baseline.items()
        )
        new = replace(link, baseline=baseline, state=PAIRED)
        new = replace(new, ref=written.ref) if side == "spoke" else replace(new, hub=written.ref)
        if (new.ref, new.hub) != (link.ref, link.hub):
            dropped.append(link)
        saved.append(new)
    tracking.drop_links(dropped)
    tracking.save_links(saved)
    _pair(tracking, item, saved)
    # While a write waits for its server, what happens on both sides is not looked at: now it is.
    again = intent.attempts > 0 or any(link.state == AGAIN for link, *_ in links)
    # What the server made of other fields by the write (a full name that follows its parts) crosses in its turn.
    if rewritten or again or payload.get("follow") or (payload["op"] == "create" and payload["side"] == "hub"):
        tracking.enqueue([WaitingRow(written.ref, "changed", identity_of(item))])


def record_taken_back(tracking: TrackingUnit, intent: Intent, done: ItemDone, plan: str, now: datetime) -> None:
    """An item that undo has removed or brought back: its pair is let go, so that no pass does the opposite again."""
    payload: Mapping[str, Any] = intent.payload
    entries: Sequence[Any] = payload["links"]
    there = {(link.ref, link.hub): link for link in tracking.links_of_items([ref for ref, *_ in entries])}
    let_go: list[LinkRow] = []
    for ref, hub, *_ in entries:
        link = there.get((ref, hub))
        if link is None and payload.get("paired") and payload.get("user") is not None and payload["sync"]:
            link = LinkRow(str(payload["sync"]), str(payload["user"]), ref, hub, made=True)
        if link is not None:
            let_go.append(replace(link, state=PAIRED if payload.get("paired") else UNLINKED))
    tracking.save_links(let_go)
    if payload["op"] == "remove":
        tracking.drop_pairs([(link.ref, link.hub) for link in let_go if isinstance(link.hub, RecordKey)])
        tracking.forget_items([intent.ref])
        tracking.dequeue([WaitingRow(intent.ref, "gone")])
    elif done.written is not None and done.item is not None:
        written, item = done.written, done.item
        again = bool(payload.get("paired"))  # a removal by undo that was undone: it stands as before
        fate, said = (Fate.APPLIED, "brought back by undo") if again else (Fate.UNDONE, payload.get("why"))
        row = ItemRow(
            written.ref, item.kind, written.revision, written.stamp, identity_of(item), fate.value, plan,
            str(said or "brought back by undo"), now,
        )  # fmt: skip
        tracking.save_items([row])
        tracking.dequeue([WaitingRow(written.ref, "gone")])


def _links(tracking: TrackingUnit, entries: Sequence[Any]) -> list[tuple[LinkRow, str, Mapping[str, Any]]]:
    """The links that a write is about, as they are now: each with the side that was written, and the forms of the
    other."""
    found: list[tuple[LinkRow, str, Mapping[str, Any]]] = []
    for ref, hub, side, other in entries:
        wanted: HubKey = hub
        for link in tracking.links_of_items([ref]):
            if link.hub == wanted:
                found.append((link, side, other))
    return found


def _remember(tracking: TrackingUnit, intent: Intent, done: ItemDone, plan: str, now: datetime) -> None:
    written, item = done.written, done.item
    assert written is not None and item is not None
    row = tracking.items([written.ref]).get(written.ref)
    if row is None:
        reason = f"put there by sync {intent.payload['sync']}"
        row = ItemRow(
            written.ref, item.kind, written.revision, written.stamp, identity_of(item), Fate.APPLIED.value, plan,
            reason, now,
        )  # fmt: skip
        tracking.save_items([row])
    elif row.revision == done.before:
        tracking.save_items([replace(row, revision=written.revision, stamp=written.stamp)])


def _pair(tracking: TrackingUnit, item: Item, links: Sequence[LinkRow]) -> None:
    """A row's new item is known to the rules as well."""
    there = tracking.pairs([link.ref for link in links])
    pairs = [
        PairRow(link.ref, identity_of(item), link.hub, link.made_hub, {})
        for link in links
        if isinstance(link.hub, RecordKey) and all(pair.row != link.hub for pair in there.get(link.ref, ()))
    ]
    tracking.save_pairs(pairs)


def items_of(intent: Intent) -> set[ItemRef]:
    """The items that a write is about: the one that is written, and those that stand for it."""
    links: Sequence[Any] = intent.payload["links"]  # type: ignore[assignment]  # as it was written
    return {intent.ref, *(ref for ref, *_ in links)}


def refused_item(tracking: TrackingUnit, intent: Intent, due: datetime) -> None:
    """The server said no: what is to be written is decided anew when that moment has come, or when a side changes."""
    links: Sequence[Any] = intent.payload["links"]  # type: ignore[assignment]  # as it was written
    tracking.remind([WaitingRow(link.ref, "changed", due=due) for link, *_ in _links(tracking, links)])


def leave_alone(tracking: TrackingUnit, intent: Intent, sentence: str, now: datetime) -> None:
    """Processes died over it: an item that is there is left alone by the syncs until it changes."""
    if intent.payload["op"] == "create":
        return
    tracking.set_aside([AsideRow(intent.ref, "", sentence, 1, now, now)])
    row = tracking.items([intent.ref]).get(intent.ref)
    if row is not None:
        tracking.save_items([replace(row, fate=Fate.SET_ASIDE.value, reason=sentence)])


def failed_item(tracking: TrackingUnit, intent: Intent) -> None:
    """It cannot be written, ever: an item that was to be made is made when its record changes again."""
    if intent.payload["op"] == "create":
        links: Sequence[Any] = intent.payload["links"]  # type: ignore[assignment]  # as it was written
        tracking.drop_links([link for link, *_ in _links(tracking, links)])
