"""Notifications as doorbells: one connection for many mailboxes, and a look at each after every reconnect.

Exchange streams what happens while the connection stands and never repeats what happened while it did not
(MS-OXWSNTIF). So an event says no more than that a mailbox is to be looked at, and each new connection says it of all
its mailboxes. Where Exchange has several servers, one of them makes and serves all subscriptions of a connection: that
of the first mailbox of its group, the anchor.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Final

from mxsync.connectors.ews.answers import LoginRefused, Unreachable
from mxsync.connectors.ews.notification_operations import GetStreamingEvents, Subscribe
from mxsync.connectors.ews.operations import Caller, checked
from mxsync.connectors.ews.transport import Affinity
from mxsync.connectors.ews.wire import NS, Element, local, text_of
from mxsync.errors import MxsyncError, ServerError, Unavailable

GROUP: Final = 150
"""Mailboxes on one connection: Exchange takes 200 subscriptions."""
MINUTES: Final = 29
"""How long a connection lasts before it is made anew (Exchange allows 30)."""
FEWER_MINUTES: Final = 5
"""As long, while some mailbox of the group could not be subscribed to."""
SILENCE: Final = 90.0
"""Seconds without a word after which a connection is given up: Exchange sends a sign of life each 45 seconds."""
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
        self.connected = False
        self.standing = False
        """Whether all mailboxes of the group are heard."""
        self.first = threading.Event()

    def run(self) -> None:
        """Subscribes, listens, and begins again after each end."""
        pause = _FIRST_PAUSE
        while not self._stopping.is_set():
            try:
                self._listen()
                pause = _FIRST_PAUSE
            except (MxsyncError, OSError) as error:
                _log.info("notifications of Exchange stopped: %s", error, extra={"mailboxes": len(self._mailboxes)})
            finally:
                self.connected = self.standing = False
                self.first.set()
            if self._stopping.wait(pause):
                return
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _subscribe(self, mailboxes: Sequence[str], affinity: Affinity) -> dict[str, str]:
        """Subscription to mailbox. One that cannot be opened keeps the others from nothing."""
        found: dict[str, str] = {}
        for mailbox in mailboxes:
            caller = self._caller(mailbox)
            caller.affinity = affinity
            try:
                found[Subscribe(caller).call()] = mailbox
            except (LoginRefused, Unreachable):
                raise
            except ServerError as error:
                _log.info("no notifications of %s: %s", mailbox, error)
        return found

    def _listen(self) -> None:
        """Until the subscriptions are lost. A connection that ends in good order is made anew with them."""
        affinity = Affinity(self._mailboxes[0])
        subscriptions: dict[str, str] = {}
        while not self._stopping.is_set():
            heard = set(subscriptions.values())
            subscriptions |= self._subscribe([each for each in self._mailboxes if each not in heard], affinity)
            if not subscriptions:
                raise Unavailable("Exchange takes no subscription to any of the mailboxes", 0.0)
            complete = len(subscriptions) == len(self._mailboxes)
            # Asked for in the name of somebody who can be opened.
            caller = self._caller(next(iter(subscriptions.values())))
            caller.affinity = affinity
            events = GetStreamingEvents(caller)
            for message in events.call(list(subscriptions), MINUTES if complete else FEWER_MINUTES, SILENCE):
                checked(message)
                if not self.connected:
                    self._connects(complete=complete)
                for mailbox in _told(message, subscriptions):
                    self._changed(mailbox)
                if self._stopping.is_set() or text_of(message, "m:ConnectionStatus") == "Closed":
                    break
            self.connected = self.standing = False

    def _connects(self, *, complete: bool) -> None:
        if self._connected_before:
            for mailbox in self._mailboxes:
                self._changed(mailbox)
        self._connected_before = self.connected = True
        self.standing = complete
        self.first.set()


def _told(message: Element, subscriptions: dict[str, str]) -> list[str]:
    """The mailboxes that a message tells of, each once."""
    found: dict[str, None] = {}
    # By the schema a Notification is among the types; Exchange sends it among the messages, as its documents show.
    for notification in (each for home in message.iterfind("m:Notifications", NS) for each in home):
        mailbox = subscriptions.get(text_of(notification, "t:SubscriptionId"))
        events = {local(each) for each in notification}
        if mailbox is not None and events & set(Subscribe.EVENTS):  # a StatusEvent is a sign of life
            found[mailbox] = None
    return list(found)
