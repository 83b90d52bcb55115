"""Notifications as doorbells: one connection for many mailboxes, and a look at each after every reconnect.

Exchange streams what happens while the connection stands and never repeats what happened while it did not
(MS-OXWSNTIF). So an event says no more than that a mailbox is to be looked at, and each new connection says it of all
its mailboxes. A connection is asked with the first mailbox of its group as anchor, so that one server answers for all.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Final

from mxsync.connectors.ews.operations import Caller, GetStreamingEvents, Subscribe, checked
from mxsync.connectors.ews.wire import NS, Element, text_of
from mxsync.errors import MxsyncError

GROUP: Final = 150
"""Mailboxes on one connection: Exchange takes 200 subscriptions."""
MINUTES: Final = 29
"""How long a connection lasts before it is made anew (Exchange allows 30)."""
_FIRST_PAUSE: Final = 5.0
_LONGEST_PAUSE: Final = 600.0
_PATIENCE: Final = 10.0
_log = logging.getLogger(__name__)


class StreamWatch:
    """Watches mailboxes until `stop`. While every connection stands it is trusted."""

    def __init__(
        self, mailboxes: Sequence[str], caller: Callable[[str], Caller], changed: Callable[[str], None]
    ) -> None:
        self._stop = threading.Event()
        groups = [mailboxes[start : start + GROUP] for start in range(0, len(mailboxes), GROUP)]
        self._groups = [_Group(group, caller, changed, self._stop) for group in groups]
        for group in self._groups:
            group.start()
        for group in self._groups:
            group.first.wait(_PATIENCE)

    @property
    def trusted(self) -> bool:
        """Whether silence means that nothing changed."""
        return bool(self._groups) and not self._stop.is_set() and all(group.standing for group in self._groups)

    def stop(self) -> None:
        """Ends it. Threads that wait for the server end with their connection or with the process."""
        self._stop.set()


class Unwatched:
    """Where nothing can be heard of: the caller polls."""

    @property
    def trusted(self) -> bool:
        return False

    def stop(self) -> None:
        """Nothing runs."""


class _Group(threading.Thread):
    def __init__(
        self,
        mailboxes: Sequence[str],
        caller: Callable[[str], Caller],
        changed: Callable[[str], None],
        stop: threading.Event,
    ) -> None:
        super().__init__(name="ews-notifications", daemon=True)
        self._mailboxes = mailboxes
        self._caller = caller
        self._changed = changed
        self._stopping = stop
        self._connected_before = False
        self.standing = False
        self.first = threading.Event()

    def run(self) -> None:
        """Subscribes, listens, and begins again after each end."""
        pause = _FIRST_PAUSE
        while not self._stopping.is_set():
            try:
                self._listen(self._subscribe())
                pause = _FIRST_PAUSE
            except (MxsyncError, OSError) as error:
                _log.info("notifications of Exchange stopped: %s", error, extra={"mailboxes": len(self._mailboxes)})
            finally:
                self.standing = False
                self.first.set()
            if self._stopping.wait(pause):
                return
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _subscribe(self) -> dict[str, str]:
        """Subscription to mailbox."""
        return {Subscribe(self._caller(mailbox)).call(): mailbox for mailbox in self._mailboxes}

    def _listen(self, subscriptions: dict[str, str]) -> None:
        """Until the subscriptions are lost. A connection that ends in good order is made anew with them."""
        while not self._stopping.is_set():
            events = GetStreamingEvents(self._caller(self._mailboxes[0]))
            for message in events.call(list(subscriptions), MINUTES):
                checked(message)
                if not self.standing:
                    self._stands()
                for mailbox in _told(message, subscriptions):
                    self._changed(mailbox)
                if self._stopping.is_set() or text_of(message, "m:ConnectionStatus") == "Closed":
                    break
            self.standing = False

    def _stands(self) -> None:
        if self._connected_before:
            for mailbox in self._mailboxes:
                self._changed(mailbox)
        self._connected_before = True
        self.standing = True
        self.first.set()


def _told(message: Element, subscriptions: dict[str, str]) -> list[str]:
    """The mailboxes that a message tells of, each once."""
    found: dict[str, None] = {}
    for notification in message.iterfind("m:Notifications/t:Notification", NS):
        mailbox = subscriptions.get(text_of(notification, "t:SubscriptionId"))
        if mailbox is not None:
            found[mailbox] = None
    return list(found)
