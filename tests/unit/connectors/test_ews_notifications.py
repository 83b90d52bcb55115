"""Notifications: what rings and what does not, one server for a group, connections that die without a word."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from mxsync.connectors.ews import EwsConnector, watching
from mxsync.model.item import PUBLIC
from tests.servers.ews import EwsServer
from tests.servers.ews.clients import ANNA, connector_to, needs_schemas
from tests.servers.ews.mailing import deliver, folder_at

pytestmark = needs_schemas
BEN = "ben@ours.example"
MAIL = b"From: jane@acme.example\r\nSubject: Hello\r\n\r\nHello\r\n"


def until(condition: Callable[[], object]) -> None:
    for _ in range(400):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come")


class Bells:
    """What has rung."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.rung: list[str] = []

    def __call__(self, mailbox: str) -> None:
        with self._lock:
            self.rung.append(mailbox)


@pytest.fixture
def bells(server: EwsServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bells]:
    """Two mailboxes; at the end nobody listens any more."""
    monkeypatch.setattr(watching, "_FIRST_PAUSE", 0.05)
    server.store.add_mailbox(BEN, "Ben")
    yield Bells()
    server.cut_streams()
    until(lambda: not any(thread.name == "ews-notifications" for thread in threading.enumerate()))


def mail_for(server: EwsServer, mailbox: str) -> None:
    deliver(server.store, folder_at(server.store, mailbox, "Inbox"), MAIL)


def test_they_ring_for_the_mailbox_and_after_every_reconnect(server: EwsServer, bells: Bells) -> None:
    connector = connector_to(server, connections=1)
    watch = connector.watch([ANNA, BEN], bells)
    assert watch.trusted and server.open_streams == 1
    # What listens takes no turn from what works, even where one connection is all there may be.
    assert connector.changes(ANNA, "", lambda mailbox, folder: {}).changes == ()
    mail_for(server, BEN)
    until(lambda: bells.rung)
    assert set(bells.rung) == {BEN}
    bells.rung.clear()
    server.cut_streams()
    until(lambda: {ANNA, BEN} <= set(bells.rung))
    until(lambda: watch.trusted)
    watch.stop()
    assert not watch.trusted
    assert not connector.watch([PUBLIC], bells).trusted
    connector.close()


def test_without_the_right_to_subscribe_nothing_is_trusted(
    server: EwsServer, connector: EwsConnector, bells: Bells
) -> None:
    server.fail("Subscribe", "code", "ErrorSubscriptionAccessDenied", times=1)
    watch = connector.watch([ANNA], bells)
    watch.stop()
    assert not watch.trusted


def test_one_of_several_servers_makes_and_serves_a_groups_subscriptions(
    server: EwsServer, connector: EwsConnector, bells: Bells
) -> None:
    """A subscription is known to the server that made it alone, and each mailbox has its own by itself."""
    server.backends = {ANNA: "one", BEN: "two"}
    watch = connector.watch([ANNA, BEN], bells)
    assert watch.trusted and {each.backend for each in server.subscriptions.values()} == {"one"}
    mail_for(server, BEN)
    until(lambda: bells.rung)
    # What reads is led to no server by what listens.
    server.seen_headers.clear()
    connector.changes(BEN, "", lambda mailbox, folder: {})
    assert {headers["x-anchormailbox"] for headers in server.seen_headers} == {BEN}
    assert not any({"cookie", "x-preferserveraffinity"} & headers.keys() for headers in server.seen_headers)
    watch.stop()


def test_exchange_sends_a_notification_among_the_messages(
    server: EwsServer, connector: EwsConnector, bells: Bells
) -> None:
    """The schema has it among the types, and what Exchange sends is not valid by it."""
    server.raw_quirk = lambda raw: raw.replace(b"t:Notification>", b"m:Notification>")
    watch = connector.watch([ANNA, BEN], bells)
    assert watch.trusted
    mail_for(server, BEN)
    until(lambda: bells.rung)
    assert set(bells.rung) == {BEN}
    watch.stop()


def test_a_sign_of_life_rings_for_nobody(server: EwsServer, connector: EwsConnector, bells: Bells) -> None:
    server.heartbeat, server.status_events = 0.05, True
    watch = connector.watch([ANNA, BEN], bells)
    assert watch.trusted
    time.sleep(0.5)
    assert watch.trusted and bells.rung == []
    watch.stop()


def test_a_connection_that_is_silent_for_too_long_is_made_anew(
    server: EwsServer, connector: EwsConnector, bells: Bells, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A router that forgets a connection tells neither side."""
    monkeypatch.setattr(watching, "SILENCE", 0.5)
    server.heartbeat = 3600.0
    watch = connector.watch([ANNA, BEN], bells)
    assert watch.trusted
    until(lambda: {ANNA, BEN} <= set(bells.rung))
    assert server.requests["Subscribe"] >= 4
    watch.stop()


def test_a_mailbox_that_cannot_be_opened_keeps_the_others_from_nothing(
    server: EwsServer, connector: EwsConnector, bells: Bells
) -> None:
    server.away = {ANNA}
    watch = connector.watch([ANNA, BEN], bells)
    assert not watch.trusted and server.open_streams == 1  # so all are looked at, as without notifications
    mail_for(server, BEN)
    until(lambda: bells.rung)
    assert bells.rung == [BEN]
    watch.stop()


@pytest.mark.parametrize("access", ["delegate", "own"])
def test_only_who_acts_for_others_listens(server: EwsServer, access: str, bells: Bells) -> None:
    """To a delegate Exchange would tell of his own mailbox alone."""
    server.delegates["svc-mxsync"] = {ANNA}
    connector = connector_to(server, access=access)
    assert not connector.watch([ANNA], bells).trusted and server.requests == {}
    connector.close()
