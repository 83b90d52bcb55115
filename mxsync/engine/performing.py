"""Performing what the journal intends, now or after a crash: always by looking first, never by blind repetition."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from mxsync.engine import intents
from mxsync.engine.patience import with_patience
from mxsync.engine.syncing.creating import creation_of
from mxsync.engine.syncing.items import (
    failed_item,
    leave_alone,
    perform_item,
    record_item,
    refused_item,
)
from mxsync.engine.syncing.looking import ItemDone
from mxsync.engine.world import Mailbox, World
from mxsync.errors import CursorExpired, MxsyncError, Refused, RevisionMismatch, Transient, Unseen
from mxsync.failpoints import reach
from mxsync.model.item import Address, Draft, Item, ItemRef
from mxsync.ports.connector import CreatesTogether, Creation, MailConnector, TellsByState, Written
from mxsync.ports.links import rest_after
from mxsync.ports.tracking import Intent, TrackingUnit

_log = logging.getLogger(__name__)

_TRIES = 5
"""How often an effect that may work in a moment is tried, a pass each, before it is given up and reported."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an intent: `written` where the item lies now, or `error` with whether that is final. `refused`: the
    server has said no to a sync's write, or to the rest of it; what is not done is decided anew by a later pass.
    `unseen`: the write may have been done, and the server says no to the look at it."""

    intent: Intent
    written: Written | None = None
    error: str = ""
    final: bool = False
    item: ItemDone | None = None
    told: Mapping[str, object] = field(default_factory=dict)
    """What undo has to know of it."""
    refused: bool = False
    unseen: bool = False
    killed: bool = False
    """Whether it is given up because processes died over it."""

    @property
    def waits(self) -> bool:
        """Whether an item is not as a sync wants it, and is left alone for the rest of the pass."""
        return bool(self.error) and self.intent.effect == intents.ITEM


def perform(world: World, pending: Sequence[Intent]) -> list[Outcome]:
    """Performs intents and records what came of them in one transaction. Called right after the transaction that
    intended them, and by the next pass for those that a crash left without an outcome."""
    outcomes: list[Outcome] = []
    now_at: dict[ItemRef, ItemRef] = {}
    mailboxes = world.by_name()
    with _together(mailboxes, pending):
        for intent in pending:
            reach("journal.before-perform")
            world.leases.keep()
            ref = now_at.get(intent.ref, intent.ref)
            outcome = _perform(world, mailboxes.get(ref.mailbox), replace(intent, ref=ref))
            outcomes.append(replace(outcome, intent=intent))
            if outcome.written is not None and outcome.written.ref != ref:
                now_at[intent.ref] = outcome.written.ref
            reach("journal.performed")
            if world.stop.is_set():
                break
    record(world, outcomes)
    world.documents.discard(str(o.intent.payload["digest"]) for o in outcomes if o.intent.effect == intents.DOCUMENT)
    return outcomes


def _together(mailboxes: Mapping[str, Mailbox], pending: Sequence[Intent]) -> AbstractContextManager[object]:
    """Tells connectors of the items that will be made, those to which that saves something."""
    told: dict[int, tuple[CreatesTogether, list[Creation]]] = {}
    for intent in pending:
        if intent.effect == intents.ITEM and intent.payload["op"] == "create" and intent.ref.mailbox in mailboxes:
            connector = mailboxes[intent.ref.mailbox].connector
            if isinstance(connector, CreatesTogether):
                told.setdefault(id(connector), (connector, []))[1].append(creation_of(intent))
    with ExitStack() as stack:
        for together, items in told.values():
            stack.enter_context(together.creating(items))
        return stack.pop_all()


def _perform(world: World, mailbox: Mailbox | None, intent: Intent) -> Outcome:
    try:
        match intent.effect:
            case intents.DOCUMENT:
                world.documents.settle(str(intent.payload["digest"]), str(intent.payload["place"]))
            case intents.UNDOCUMENT:
                world.documents.withdraw(str(intent.payload["digest"]), str(intent.payload["place"]))
            case intents.NOTIFY:
                payload = intent.payload
                world.notifier.send(str(payload["address"]), str(payload["text"]), intent.key, world.now())
            case intents.HOOK:
                world.hooks.call(str(intent.payload["hook"]), intent.payload, intent.key)
            case intents.ITEM:
                if mailbox is None:
                    return Outcome(intent, error="the mailbox is no longer configured", final=True)
                done = perform_item(mailbox.connector, intent, _known(world, intent))
                if done.refusal and intent.payload["op"] == "update":
                    return Outcome(intent, error=done.refusal, final=True, item=done, refused=True)
                return Outcome(intent, item=done, told=_told(done.written, done.before))
            case intents.EDIT:
                if mailbox is None:
                    return Outcome(intent, error="the mailbox is no longer configured", final=True)
                written, copies = _edit(world, mailbox.connector, intent)
                return Outcome(intent, written, told=_told(written, copies=copies))
            case other:
                return Outcome(intent, error=f"`{other}` is not known to this version", final=True)
    except Unseen as error:
        return Outcome(intent, error=str(error), unseen=True)
    except Transient as error:
        # A sync's write waits as long as it takes: what it would say is not lost by being late.
        last = intent.attempts + 1 >= _TRIES and intent.effect != intents.ITEM
        return Outcome(intent, error=str(error), final=last)
    except RevisionMismatch as error:
        if intent.effect == intents.ITEM:
            return Outcome(intent)  # a person was faster: the next pass sees both changes
        return Outcome(intent, error=str(error))
    except MxsyncError as error:
        _log.warning("an effect failed: %s", error)
        if intent.effect == intents.ITEM:  # whether it was done is only known where the server refused it
            refused = isinstance(error, Refused)
            return Outcome(intent, error=str(error), final=refused, refused=refused)
        return Outcome(intent, error=str(error), final=True)
    return Outcome(intent)


def _told(written: Written | None, removed: str = "", copies: Sequence[Written] = ()) -> dict[str, object]:
    found: dict[str, object] = {}
    if written is not None:
        found = {"ref": written.ref, "revision": written.revision}
    elif removed:
        found = {"revision": removed}
    if copies:
        found["copies"] = [[each.ref, each.revision] for each in copies]
    return found


def _known(world: World, intent: Intent) -> str:
    """The revision that was last decided on, for what is to be removed."""
    if intent.payload.get("op") != "remove":
        return ""
    with world.store.reading() as unit:
        row = unit.tracking.items([intent.ref]).get(intent.ref)
    return row.revision if row is not None else ""


def _edit(world: World, connector: MailConnector, intent: Intent) -> tuple[Written | None, Sequence[Written]]:
    """Brings the item to what is wanted of it, whatever part of that has happened already; and its copies."""
    payload: Mapping[str, Any] = intent.payload
    fetched = next(iter(connector.fetch([intent.ref])), None)
    item = getattr(fetched, "item", None)
    if not isinstance(item, Item):
        return _moved_before(connector, intent), ()
    written = Written(intent.ref, item.revision, getattr(fetched, "stamp", ""))
    draft = _draft(item, payload)
    if draft is not None:
        written = connector.update(written.ref, draft, written.revision)
    for link in payload.get("links", ()):
        target = (world.documents.root / link["place"]).absolute().as_uri()
        written = connector.replace_attachment(written.ref, link["part"], target, written.revision)
    copies = [connector.copy(written.ref, folder, f"{intent.key}:{folder}") for folder in payload.get("copy", ())]
    if payload.get("move"):
        written = connector.move(written.ref, payload["move"], written.revision)
    return written, copies


def _moved_before(connector: MailConnector, intent: Intent) -> Written | None:
    """Where an item lies that was moved by a call of which a crash took the outcome; None for one that is gone or
    cannot be read: there is nothing to change any more."""
    folder = str(intent.payload.get("move") or "")
    if not folder:
        return None
    name = intent.ref.href.rpartition("/")[2]
    item = None
    try:
        if intent.ref.href == f"{intent.ref.folder}/{name}":  # where an item's name is its path
            there = ItemRef(intent.ref.mailbox, folder, f"{folder}/{name}")
            item = getattr(next(iter(connector.fetch([there])), None), "item", None)
        return connector.move(intent.ref, folder, item.revision if isinstance(item, Item) else "")
    except Refused:
        return None


def _draft(item: Item, payload: Mapping[str, Any]) -> Draft | None:
    fields: dict[str, Any] = {}
    there = [str(c) for c in _tuple(item.fields.get("categories"))]
    drop = {name.casefold() for name in payload.get("remove", ())}
    wanted = [name for name in there if name.casefold() not in drop]
    for name in payload.get("add", ()):
        if name.casefold() not in {each.casefold() for each in wanted}:
            wanted.append(name)
    if wanted != there:
        fields["categories"] = tuple(wanted)
    for name in ("read", "flag"):
        if payload.get(name) and not item.fields.get(name):
            fields[name] = True
    for name, value in payload.get("set", {}).items():
        if (item.fields.get(name) or False) != (value or False):
            fields[name] = value
    return Draft(item.kind, fields) if fields else None


def _tuple(value: object) -> tuple[object, ...]:
    if isinstance(value, tuple):
        return value
    return () if value in (None, "", Address()) else (value,)


def _unsettle(world: World, tracking: TrackingUnit, outcomes: Sequence[Outcome]) -> None:
    """What was made since a folder was looked at, and is gone before the next look, is missed all the same."""
    mailboxes = world.by_name()
    made = {
        (done.item.written.ref.mailbox, done.item.written.ref.folder)
        for done in outcomes
        if done.item is not None and done.item.written is not None and done.intent.payload["op"] == "create"
    }
    for name, folder in sorted(made):
        connector, cursor = mailboxes[name].connector, tracking.cursor(name)
        if not cursor or not isinstance(connector, TellsByState):
            continue
        with suppress(CursorExpired):  # then the next look takes in all there is
            tracking.set_cursor(name, connector.unsettled(cursor, folder))


def record(world: World, outcomes: Sequence[Outcome]) -> None:
    """Writes down what came of intents, in one transaction."""
    if outcomes:
        with_patience(world, lambda: _record(world, outcomes))
        reach("journal.recorded")


def _record(world: World, outcomes: Sequence[Outcome]) -> None:
    with world.store.transaction() as unit:
        tracking = unit.tracking
        _unsettle(world, tracking, outcomes)
        for outcome in outcomes:
            due = world.now() + rest_after(outcome.intent.refused)
            if outcome.unseen:
                tracking.unseen(outcome.intent.key, outcome.error, due)
                continue
            if outcome.refused:
                if outcome.item is not None:
                    record_item(tracking, outcome.intent, outcome.item, world.plan().digest, world.now())
                tracking.refused(outcome.intent.key, outcome.error, due)
                refused_item(tracking, outcome.intent, due)
                continue
            if outcome.error:
                tracking.failed(outcome.intent.key, outcome.error, final=outcome.final)
                if outcome.final and outcome.intent.effect == intents.ITEM:
                    failed_item(tracking, outcome.intent)
                    if outcome.killed:
                        leave_alone(tracking, outcome.intent, outcome.error, world.now())
                continue
            tracking.performed(outcome.intent.key, outcome.told)
            if outcome.item is not None:
                record_item(tracking, outcome.intent, outcome.item, world.plan().digest, world.now())
                continue
            if outcome.written is None:
                continue
            # What we wrote ourselves is no change: the item is remembered as it is now.
            old, new = outcome.intent.ref, outcome.written
            row = tracking.items([old]).get(old)
            if row is None:
                continue
            tracking.save_items([replace(row, ref=new.ref, revision=new.revision, stamp=new.stamp)])
            if new.ref != old:
                pairs = tracking.pairs([old]).get(old, ())
                tracking.save_pairs([replace(pair, ref=new.ref) for pair in pairs])
                tracking.drop_pairs([(old, pair.row) for pair in pairs])
                tracking.forget_items([old])
