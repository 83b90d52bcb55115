"""What lies outside the transaction, written down inside it: documents, changes of the item, notifications, hooks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from mxsync.decide.effect_text import row_name
from mxsync.engine.subjects import Subject
from mxsync.model.effect import (
    CallHook,
    Categorize,
    CopyItem,
    CreateRow,
    Effect,
    FlagItem,
    LinkRows,
    MarkRead,
    MoveItem,
    Notify,
    SaveAttachment,
    SaveItem,
    Uncategorize,
)
from mxsync.model.item import Item
from mxsync.model.outcome import Decision
from mxsync.model.record import RecordKey
from mxsync.ports.tracking import Intent

DOCUMENT, EDIT, NOTIFY, HOOK, ITEM = "document", "edit", "notify", "hook", "item"
UNDOCUMENT = "undocument"
"""A document is taken away again: by undo alone."""


def key_of(*parts: str) -> str:
    """The key of an intent: the same for the same parts."""
    return hashlib.sha256("\x1f".join(parts).encode(errors="surrogatepass")).hexdigest()[:40]


def named(intent: Intent) -> str:
    """What an intent is about, as people know it: an item by its place, one that is still to be made by its folder and
    its record."""
    ref, payload = intent.ref, intent.payload
    if not ref.href.startswith("?"):
        return f"{ref.mailbox}/{ref.href}"
    links: Iterable[Any] = payload.get("links") or ()  # type: ignore[assignment]  # as it was written
    record = next((row_name(hub, {}) for _, hub, *_ in links if isinstance(hub, RecordKey)), "its record")
    return f"{ref.mailbox}/{payload.get('folder') or ref.folder}: new {payload.get('kind', 'item')} for {record}"


def intents_of(subject: Subject, decision: Decision, places: dict[tuple[str, str], tuple[str, str]]) -> list[Intent]:
    """The intents of one item, in the order in which they are to be performed. `places` says of each attachment
    (part, folder) its digest and where it goes. Keys are made of what is to happen and to which revision, so that
    deciding the same again intends nothing new."""
    ref = subject.ref
    found: list[Intent] = []
    edit: dict[str, object] = {}
    links: list[dict[str, str]] = []
    by: dict[str, str] = {}
    """What is done to which rule does it."""
    who = subject.identity or f"{ref.mailbox}/{ref.href}"
    for effect in decision.effects:
        match effect:
            case LinkRows() | SaveItem():  # most of them, and rows
                pass
            case SaveAttachment(part=part, folder=folder):
                digest, place = places[part, folder]
                stored = {"digest": digest, "place": place, "part": part, "rule": effect.cause.rule}
                found.append(Intent(key_of(DOCUMENT, digest, place), ref, DOCUMENT, stored))
                if effect.link:
                    links.append({"part": part, "place": place})
                    by[f"link {part}"] = effect.cause.rule
            case Categorize(category=category):
                edit["add"] = (*_texts(edit.get("add")), category)
                by[f"add {category}"] = effect.cause.rule
            case Uncategorize(category=category):
                edit["remove"] = (*_texts(edit.get("remove")), category)
                by[f"remove {category}"] = effect.cause.rule
            case MarkRead():
                edit["read"] = True
                by["read"] = effect.cause.rule
            case FlagItem():
                edit["flag"] = True
                by["flag"] = effect.cause.rule
            case CopyItem(folder=folder):
                edit["copy"] = (*_texts(edit.get("copy")), folder)
                by[f"copy {folder}"] = effect.cause.rule
            case MoveItem(folder=folder):
                edit["move"] = folder
                by["move"] = effect.cause.rule
            case Notify(address=address, text=text, once=once):
                key = key_of(NOTIFY, ref.mailbox, who, once, address)
                found.append(Intent(key, ref, NOTIFY, {"address": address, "text": text, "rule": effect.cause.rule}))
            case CallHook(hook=hook, once=once):
                payload = {
                    "hook": hook,
                    "mailbox": ref.mailbox,
                    "folder": ref.folder,
                    "item": ref.href,
                    "kind": subject.item.kind.value,
                    "subject": str(subject.item.fields.get("subject") or ""),
                    "rule": effect.cause.rule,
                }
                found.append(Intent(key_of(HOOK, ref.mailbox, who, once), ref, HOOK, payload))
            case _:
                pass
    if links:
        edit["links"] = links
    if edit:
        payload_ = {**edit, "revision": subject.item.revision, "by": by, "was": _was(subject.item)}
        found.append(
            Intent(key_of(EDIT, ref.mailbox, ref.href, subject.item.revision, repr(edit)), ref, EDIT, payload_)
        )
    return found


def _was(item: Item) -> dict[str, object]:
    """What an edit may change, as it is before."""
    names = {"categories": "categories", "read": "read", "flag": "flag"}
    return {name: item.fields.get(field) for name, field in names.items() if item.fields.get(field) is not None}


def once_keys(effects: Iterable[Effect]) -> frozenset[str]:
    """The keys of what happens once, among these effects."""
    return frozenset(effect.once for effect in effects if isinstance(effect, _ONCE) and effect.once)


_ONCE = (CreateRow, CopyItem, Notify, CallHook)


def _texts(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
