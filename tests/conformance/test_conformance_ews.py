"""Exchange passes the suite of connectors: over HTTP on the protocol double, and on a real server where one is named.

A real server is named by MXSYNC_TEST_EWS_URL, MXSYNC_TEST_EWS_USER (an address) and MXSYNC_TEST_EWS_PASSWORD, and by
MXSYNC_TEST_EWS_AUTH where it is not `ntlm`. The suite deletes every item of that mailbox before each test.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from mxsync.connectors.ews import Account, EwsConnector, EwsSettings
from mxsync.model.change import Appeared
from mxsync.model.item import Kind
from tests.conformance import connector_suite
from tests.conformance.connector_suite import MAILBOX, ConnectorConformance, MakeClient
from tests.servers.ews import EwsServer
from tests.servers.ews.clients import connector_to, needs_schemas
from tests.servers.ews.dialects import otherwise

URL = os.environ.get("MXSYNC_TEST_EWS_URL", "")
USER = os.environ.get("MXSYNC_TEST_EWS_USER", "")


@needs_schemas
class TestDouble(ConnectorConformance):
    @pytest.fixture
    def server(self) -> Iterator[EwsServer]:
        with EwsServer() as server:
            server.store.add_mailbox("public")
            server.store.add_mailbox(MAILBOX, "Anna")
            yield server
        assert server.violations == []
        assert server.sent == []

    @pytest.fixture
    def client(self, server: EwsServer) -> Iterator[MakeClient]:
        made: list[EwsConnector] = []

        def make() -> EwsConnector:
            made.append(connector_to(server))
            return made[-1]

        yield make
        for connector in made:
            connector.close()


class TestOtherwise(TestDouble):
    """The same, where every answer is said in other words, compressed and in chunks."""

    @pytest.fixture
    def server(self) -> Iterator[EwsServer]:
        with EwsServer() as server:
            server.store.add_mailbox("public")
            server.store.add_mailbox(MAILBOX, "Anna")
            server.raw_quirk, server.packed = otherwise, True
            yield server
        assert server.violations == []
        assert server.sent == []


class TestDelegate(TestDouble):
    """The same, where the account has full access to the mailbox and acts for nobody. It has a mailbox of its own, which
    must stay empty."""

    @pytest.fixture
    def client(self, server: EwsServer) -> Iterator[MakeClient]:
        own = "svc-mxsync@ours.example"
        server.store.add_mailbox(own, "mxsync")
        before = len([each for each in server.store.folders.values() if each.mailbox == own])
        server.mail_of["svc-mxsync"] = own
        server.delegates["svc-mxsync"] = {MAILBOX}
        server.impersonators.clear()
        made: list[EwsConnector] = []

        def make() -> EwsConnector:
            made.append(connector_to(server, access="delegate", public=MAILBOX))
            return made[-1]

        yield make
        for connector in made:
            connector.close()
        homes = {each.id for each in server.store.folders.values() if each.mailbox == own}
        assert len(homes) == before
        assert not [item for item in server.store.items.values() if item.folder in homes]


@pytest.mark.skipif(not URL or not USER, reason="needs a real Exchange: MXSYNC_TEST_EWS_URL, …_USER and …_PASSWORD")
class TestRealServer(ConnectorConformance):
    @pytest.fixture
    def client(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeClient]:
        monkeypatch.setattr(connector_suite, "MAILBOX", USER)
        # The organizer of an appointment is the mailbox's owner, by whatever name.
        monkeypatch.delitem(connector_suite.FIELDS[Kind.APPOINTMENT], "organizer")  # type: ignore[arg-type]
        settings = EwsSettings(
            name="real",
            url=URL,
            account=Account(USER, lambda: os.environ["MXSYNC_TEST_EWS_PASSWORD"]),
            auth=os.environ.get("MXSYNC_TEST_EWS_AUTH", "ntlm"),  # type: ignore[arg-type]
            access="own",
            accounts={},
        )
        made = [EwsConnector(settings)]
        for change in made[0].changes(USER, "", lambda mailbox, folder: {}).changes:
            if isinstance(change, Appeared):
                made[0].delete(change.ref, change.revision)

        def make() -> EwsConnector:
            made.append(EwsConnector(settings))
            return made[-1]

        yield make
        for connector in made:
            connector.close()
