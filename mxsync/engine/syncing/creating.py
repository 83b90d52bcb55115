"""An item made once: by looking first, and with what is there where its server has stopped halfway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mxsync.engine.syncing import possible
from mxsync.engine.syncing.looking import ItemDone, as_written, fetched, look, unknown_if_refused, unseen_after
from mxsync.errors import Refused, TimedOut
from mxsync.model.item import Draft, Kind
from mxsync.ports.connector import Creation, Fetched, MailConnector, Written
from mxsync.ports.tracking import Intent


def create_item(connector: MailConnector, intent: Intent) -> ItemDone:
    """Makes an item. One that was made before, and whose answer nobody heard, may have been moved since. Raises what
    the server refuses; where it has refused a second step (the exceptions of a series), the item is there all the same,
    and stands for its record."""
    there = made_before(connector, intent) if intent.attempts else None
    if there is not None:
        return there
    new = creation_of(intent)
    possible.check(new.draft.kind, new.draft.fields)
    try:
        written = connector.create(new.mailbox, new.folder, new.draft, new.key)
    except Refused as refusal:
        begun = _begun(connector, intent, refusal)
        if begun is None:
            raise
        return begun
    return ItemDone(written, as_written(connector, written.ref), written.revision, _named(intent))


def made_before(connector: MailConnector, intent: Intent) -> ItemDone | None:
    """What a call of which nobody heard the answer has made; None where it has made nothing. Raises `TimedOut` where
    that cannot be seen."""
    with unknown_if_refused(intent):
        there = connector.made(creation_of(intent))
    if there is None:
        return None
    answer = look(connector, intent, there)
    if not isinstance(answer, Fetched):
        raise TimedOut(f"`{there.href}` was made, and cannot be read now")
    return _done(intent, answer)


def _begun(connector: MailConnector, intent: Intent, refusal: Refused) -> ItemDone | None:
    """The item where it was made before the server said no. Raises `TimedOut` where that cannot be seen."""
    with unseen_after(refusal):
        there = connector.made(creation_of(intent))
        answer = fetched(connector, there) if there is not None else None
    if there is None:
        return None
    if answer is None:
        raise TimedOut(f"{refusal}; `{there.href}` was made, and cannot be read now")
    return replace(_done(intent, answer), refusal=str(refusal))


def _done(intent: Intent, answer: Fetched) -> ItemDone:
    item = answer.item
    return ItemDone(Written(item.ref, item.revision, answer.stamp), item, item.revision, _named(intent))


def _named(intent: Intent) -> tuple[str, ...]:
    """The fields that both sides hold once an item is made."""
    payload: Mapping[str, Any] = intent.payload
    return tuple(payload["links"][0][3])


def creation_of(intent: Intent) -> Creation:
    """What an intent of the op `create` has made."""
    payload: Mapping[str, Any] = intent.payload
    draft = draft_in(payload)
    if payload.get("uid"):
        draft = replace(draft, fields={**draft.fields, "uid": payload["uid"]})
    return Creation(intent.ref.mailbox, str(payload["folder"]), draft, intent.key)


def draft_in(payload: Mapping[str, Any]) -> Draft:
    """What an intent writes."""
    return Draft(Kind(payload["kind"]), dict(payload["fields"]), dict(payload["custom"]), str(payload["class"]))
