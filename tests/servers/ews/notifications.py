"""Subscriptions: Subscribe, Unsubscribe, GetEvents, and the documents that GetStreamingEvents sends one after another."""

from __future__ import annotations

import queue
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from tests.servers.ews.mime import moment
from tests.servers.ews.operations import NSM, Answer, answer, each, find_folder
from tests.servers.ews.schemas import local, m, t
from tests.servers.ews.store import Denied, Event

if TYPE_CHECKING:
    from tests.servers.ews.server import Call, EwsServer

_NAMES = {
    "Create": "CreatedEvent",
    "Update": "ModifiedEvent",
    "Delete": "DeletedEvent",
    "ReadFlagChange": "ModifiedEvent",
}


@dataclass
class Subscription:
    """Who wants to hear of what. Events are kept while nobody listens for pull, and thrown away for streaming."""

    id: str
    mailbox: str
    folders: frozenset[str] | None
    types: frozenset[str]
    streaming: bool
    backend: str = ""
    """The server that knows it."""
    events: queue.SimpleQueue[Event] = field(default_factory=queue.SimpleQueue)
    heard: bool = False

    def tell(self, event: Event) -> None:
        name = _NAMES.get(event.what.removeprefix("F"))
        if event.mailbox != self.mailbox or name not in self.types:
            return
        if self.folders is not None and event.folder not in self.folders:
            return
        if not self.streaming or self.heard:
            self.events.put(event)


def subscribe(call: Call, request: etree._Element) -> Answer:
    def act(wish: etree._Element) -> etree._Element:
        if local(wish) == "PushSubscriptionRequest":
            raise Denied("ErrorInvalidSubscriptionRequest", "the double does not push")
        folders = wish.find("t:FolderIds", NSM)
        everything = wish.get("SubscribeToAllFolders") in ("true", "1")
        if everything == (folders is not None):
            raise Denied("ErrorInvalidSubscriptionRequest", "either all folders or some are named")
        homes = None if folders is None else frozenset(find_folder(call, id).id for id in folders)
        call.may_see(call.server.store.distinguished(call.mailbox, "inbox"))
        types = frozenset(each_.text or "" for each_ in wish.find("t:EventTypes", NSM))
        streaming = local(wish) == "StreamingSubscriptionRequest"
        found = Subscription(uuid.uuid4().hex, call.mailbox, homes, types, streaming, call.backend)
        call.server.subscriptions[found.id] = found
        call.server.store.watchers.append(found.tell)
        mark = [] if streaming else [m("Watermark", "AQAAAA==")]
        return answer("Subscribe", m("SubscriptionId", found.id), *mark)

    return each(call, "Subscribe", [request[0]], act)


def unsubscribe(call: Call, request: etree._Element) -> Answer:
    def act(id: etree._Element) -> etree._Element:
        found = call.server.subscriptions.pop(id.text or "", None)
        if found is None:
            raise Denied("ErrorSubscriptionNotFound", "the subscription was not found")
        call.server.store.watchers.remove(found.tell)
        return answer("Unsubscribe")

    return each(call, "Unsubscribe", [request[0]], act)


def _event(event: Event) -> etree._Element:
    home = event.folder
    what = t("FolderId", Id=event.id) if event.what.startswith("F") else t("ItemId", Id=event.id, ChangeKey="AQAAAA==")
    name = _NAMES[event.what.removeprefix("F")]
    from datetime import UTC, datetime

    return t(
        name,
        None,
        t("Watermark", "AQAAAA=="),
        t("TimeStamp", moment(datetime.now(UTC))),
        what,
        t("ParentFolderId", Id=home),
    )


def get_events(call: Call, request: etree._Element) -> Answer:
    def act(id: etree._Element) -> etree._Element:
        found = call.server.subscriptions.get(id.text or "")
        if found is None or found.streaming:
            raise Denied("ErrorSubscriptionNotFound", "the subscription was not found")
        events = []
        while not found.events.empty():
            events.append(_event(found.events.get()))
        events = events or [t("StatusEvent", None, t("Watermark", "AQAAAA=="))]
        head = [t("SubscriptionId", found.id), t("PreviousWatermark", "AQAAAA=="), t("MoreEvents", "false")]
        return answer("GetEvents", m("Notification", None, *head, *events))

    return each(call, "GetEvents", [request[0]], act)


def streaming_documents(
    server: EwsServer, request: etree._Element, backend: str, pause: float = 0.05
) -> Iterator[etree._Element]:
    """The responses of one connection, until its time is over, the server stops or `server.cut_streams` is called."""
    ids = [each_.text or "" for each_ in request.find("m:SubscriptionIds", NSM)]
    minutes = int(request.findtext("m:ConnectionTimeout", "30", NSM))
    known = {id for id, found in server.subscriptions.items() if found.backend == backend}
    unknown = [id for id in ids if id not in known]
    if unknown:
        wrong = m("ErrorSubscriptionIds", None, *(t("SubscriptionId", id) for id in unknown))
        found = m("MessageText", "subscriptions are unknown"), m("ResponseCode", "ErrorInvalidSubscription"), wrong
        yield _document(
            m("GetStreamingEventsResponseMessage", None, *found, m("ConnectionStatus", "Closed"), ResponseClass="Error")
        )
        return
    listening = [server.subscriptions[id] for id in ids]
    for each_ in listening:
        each_.heard = True
    generation, end = server.streams, time.monotonic() + minutes * 60
    sign = time.monotonic() + server.heartbeat
    try:
        yield _document(answer("GetStreamingEvents", m("ConnectionStatus", "OK")))
        while time.monotonic() < end and server.streams == generation and not server.stopping:
            notes = []
            for each_ in listening:
                events = []
                while not each_.events.empty():
                    events.append(_event(each_.events.get()))
                if events:
                    notes.append(
                        t("Notification", None, t("SubscriptionId", each_.id), t("MoreEvents", "false"), *events)
                    )
            if time.monotonic() >= sign:
                sign = time.monotonic() + server.heartbeat
                if server.status_events:
                    notes += [_sign_of_life(each_) for each_ in listening]
                else:
                    yield _document(answer("GetStreamingEvents", m("ConnectionStatus", "OK")))
            if notes:
                yield _document(answer("GetStreamingEvents", m("Notifications", None, *notes)))
            time.sleep(pause)
        if not server.stopping:
            yield _document(answer("GetStreamingEvents", m("ConnectionStatus", "Closed")))
    finally:
        for each_ in listening:
            each_.heard = False


def _sign_of_life(found: Subscription) -> etree._Element:
    event = t("StatusEvent", None, t("Watermark", "AQAAAA=="))
    return t("Notification", None, t("SubscriptionId", found.id), t("MoreEvents", "false"), event)


def _document(message: etree._Element) -> etree._Element:
    return m("GetStreamingEventsResponse", None, m("ResponseMessages", None, message))
