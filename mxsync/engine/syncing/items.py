"""Items written for a sync: performed by looking first, and remembered with what the server made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from mxsync.decide.sync_fields import item_says
from mxsync.engine.identity import identity_of
from mxsync.engine.syncing import possible
from mxsync.engine.syncing.as_made import form_made, forms_after
from mxsync.engine.syncing.creating import create_item, draft_in
from mxsync.engine.syncing.looking import (
    ItemDone,
    as_written,
    fetched,
    look,
    unknown_if_refused,
    unseen_after,
)
from mxsync.errors import BadContent, NotFound, Refused, RevisionMismatch
from mxsync.model.item import Draft, Item, ItemRef, Kind, Revision, Unreadable
from mxsync.model.outcome import Fate
from mxsync.model.record import RecordKey
from mxsync.ports.connector import Fetched, KeepsDeleted, MailConnector, Written
from mxsync.ports.links import AGAIN, PAIRED, UNLINKED, HubKey, LinkRow, WaitingRow
from mxsync.ports.tracking import AsideRow, Intent, ItemRow, PairRow, TrackingUnit
from mxsync.reconcile.forms import form_of


def perform_item(connector: MailConnector, intent: Intent, known: Revision) -> ItemDone:
    """Creates, changes or removes an item, whatever part of that has happened already. `known` is the revision that was
    last decided on. Raises `RevisionMismatch` when a person has changed the item since: then nothing is written, and
    the next pass sees both changes. Raises `TimedOut` where it is not known whether it is done."""
    payload: Mapping[str, Any] = intent.payload
    match payload["op"]:
        case "create":
            return create_item(connector, intent)
        case "remove":
            return _remove(connector, intent, known)
        case "restore":
            return _restore(connector, intent)
        case _:
            return _update(connector, intent, draft_in(payload))


def _remove(connector: MailConnector, intent: Intent, known: Revision) -> ItemDone:
    """Takes an item away. One that cannot be read is left, and not forgotten: else it would pass for a person's new one
    as soon as it can be read."""
    there = look(connector, intent, intent.ref)
    if isinstance(there, Unreadable):
        with unknown_if_refused(intent):
            raise BadContent(f"`{intent.ref.href}` is to be removed, and cannot be read: {there.reason}")
    item = there.item if there is not None else None
    if item is not None:
        if known and item.revision != known:
            raise RevisionMismatch(f"`{intent.ref.href}` was changed since it was to be removed")
        try:
            connector.delete(intent.ref, item.revision)
        except Refused as refusal:
            # Whatever the server says no to, it may have taken the item away: that would pass for a person's deletion.
            with unseen_after(refusal):
                left = next(iter(connector.fetch([intent.ref])), None)
            if left is not None:
                raise
    return ItemDone(None, before=item.revision if item is not None else "")


def _restore(connector: MailConnector, intent: Intent) -> ItemDone:
    """Brings a deleted item back; what is there already was brought back before."""
    there = look(connector, intent, intent.ref)
    if isinstance(there, Fetched):
        item = there.item
        return ItemDone(Written(intent.ref, item.revision, there.stamp), item, item.revision)
    if not isinstance(connector, KeepsDeleted):
        raise NotFound(f"`{intent.ref.href}` cannot be brought back by this server: take it from its deleted items")
    written = connector.restore(intent.ref, str(intent.payload.get("revision", "")))
    back = fetched(connector, written.ref)
    return ItemDone(written, back.item if back is not None else None, written.revision)


def _update(connector: MailConnector, intent: Intent, draft: Draft) -> ItemDone:
    """Field by field: what holds the value already is done, what a person changed meanwhile waits for the next pass."""
    payload: Mapping[str, Any] = intent.payload
    answer = look(connector, intent, intent.ref)
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
    if fields.keys() & {"start", "end"}:
        possible.check(draft.kind, {**item.fields, **fields})
    if fields or custom:
        try:
            written = connector.update(intent.ref, Draft(draft.kind, fields, custom, ""), item.revision)
        except Refused as refusal:
            return _by_half(connector, intent, item, draft, refusal)
    return ItemDone(written, as_written(connector, written.ref), item.revision, tuple(done))


def _by_half(connector: MailConnector, intent: Intent, before: Item, draft: Draft, refusal: Refused) -> ItemDone:
    """What a server has taken of a write before it said no to the rest, so that it does not pass for a person's change.
    Raises the refusal where the item is as it was."""
    with unseen_after(refusal):
        now = fetched(connector, intent.ref)
    if now is None or now.item.revision == before.revision:
        raise refusal
    wanted = {**draft.fields, **{f"custom.{name}": value for name, value in draft.custom.items()}}
    held = [n for n, value in wanted.items() if _form(form_of(item_says(now.item, n))) == _form(form_of(value))]
    written = Written(intent.ref, now.item.revision, now.stamp)
    return ItemDone(written, now.item, before.revision, held, str(refusal))


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
        place = 0 if side == "spoke" else 1
        for name, theirs in other.items():
            before = baseline.get(name)
            forms = forms_after(intent, done, name, _form(theirs), before[1 - place] if before is not None else None)
            if forms is not None:
                baseline[name] = forms if side == "spoke" else (forms[1], forms[0])
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
    if done.refusal and payload["op"] == "update":
        return  # the rest of it waits for its time
    # While a write waits for its server, what happens on both sides is not looked at: now it is.
    again = intent.attempts > 0 or bool(done.refusal) or any(link.state == AGAIN for link, *_ in links)
    # What the server made of other fields by the write (a full name that follows its parts) crosses in its turn.
    if rewritten or again or payload.get("follow") or (payload["op"] == "create" and payload["side"] == "hub"):
        tracking.enqueue([WaitingRow(written.ref, "changed", identity_of(item))])


def record_unread(tracking: TrackingUnit, intent: Intent, there: ItemRef, plan: str, now: datetime) -> None:
    """An item that was made, and that processes die over: it stands for its record with what it was made with. Whoever
    reads it next counts the deaths."""
    payload: Mapping[str, Any] = intent.payload
    links = _links(tracking, payload["links"])
    saved: list[LinkRow] = []
    for link, side, other in links:
        baseline = dict(link.baseline)
        for name, theirs in other.items():
            ours = form_made(payload, name)
            baseline[name] = (ours, _form(theirs)) if side == "spoke" else (_form(theirs), ours)
        new = replace(link, baseline=baseline, state=PAIRED)
        saved.append(replace(new, ref=there) if side == "spoke" else replace(new, hub=there))
    tracking.took_place(intent.key, there)
    tracking.drop_links([link for link, *_ in links])
    tracking.save_links(saved)
    reason = f"put there by sync {payload['sync']}, and not read yet"
    tracking.save_items([ItemRow(there, Kind(payload["kind"]), "", "", "", Fate.APPLIED.value, plan, reason, now)])
    hubs = [(link.hub, link.made_hub) for link in saved if isinstance(link.hub, RecordKey) and link.ref == there]
    tracking.save_pairs([PairRow(there, "", hub, made, {}) for hub, made in hubs])
    tracking.enqueue([WaitingRow(there, "changed")])


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
