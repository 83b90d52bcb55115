"""The operations by which Exchange tells of changes: streaming subscriptions and their events (MS-OXWSNTIF)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from mxsync.connectors.ews.operations import Operation
from mxsync.connectors.ews.transport import API_VERSION
from mxsync.connectors.ews.wire import Element, m, t, text_of


class Subscribe(Operation):
    SERVICE_NAME = "Subscribe"
    repeatable = False
    EVENTS: Final = ("CreatedEvent", "DeletedEvent", "ModifiedEvent", "MovedEvent", "CopiedEvent", "NewMailEvent")

    def call(self) -> str:
        """The id of a streaming subscription to all folders of the mailbox."""
        events = t("EventTypes", None, *(t("EventType", event) for event in self.EVENTS))
        payload = m("Subscribe", None, m("StreamingSubscriptionRequest", None, events, SubscribeToAllFolders="true"))
        return text_of(self.one(payload), "m:SubscriptionId")


class GetStreamingEvents(Operation):
    SERVICE_NAME = "GetStreamingEvents"

    def call(self, subscriptions: Sequence[str], minutes: int, silence: float) -> Iterator[Element]:
        """The messages of a connection that lasts up to `minutes`, or until nothing has come for `silence` seconds."""
        ids = m("SubscriptionIds", None, *(t("SubscriptionId", id) for id in subscriptions))
        payload = m("GetStreamingEvents", None, ids, m("ConnectionTimeout", str(minutes)))
        envelope: bytes = self.wrap(payload, API_VERSION)
        caller = self.caller
        yield from caller.transport.stream(caller.mailbox, envelope, silence, caller.affinity)
