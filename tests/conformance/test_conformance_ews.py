"""Exchange passes the suite of connectors: over HTTP on the protocol double, and on a real server where one is named.

A real server is named by MXSYNC_TEST_EWS_URL, MXSYNC_TEST_EWS_USER (an address) and MXSYNC_TEST_EWS_PASSWORD, and by
MXSYNC_TEST_EWS_AUTH where it is not `ntlm`; somebody else by …_USER2 and …_PASSWORD2. The suite deletes every item of that mailbox before each test.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

import pytest

from mxsync.connectors.ews import Account, EwsConnector, EwsSettings
from mxsync.model.change import Appeared
from mxsync.model.item import Draft, Kind
from mxsync.ports.connector import Creation
from tests.conformance import connector_suite
from tests.conformance.connector_suite import MAILBOX, ConnectorConformance, MakeClient
from tests.servers.ews import EwsServer
from tests.servers.ews.clients import checked_double, connector_to, needs_schemas
from tests.servers.ews.dialects import otherwise

URL = os.environ.get("MXSYNC_TEST_EWS_URL", "")
USER = os.environ.get("MXSYNC_TEST_EWS_USER", "")
USER2 = os.environ.get("MXSYNC_TEST_EWS_USER2", "")


@needs_schemas
class TestDouble(ConnectorConformance):
    @pytest.fixture
    def server(self) -> Iterator[EwsServer]:
        with checked_double() as server:
            yield server

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
        with checked_double() as server:
            server.raw_quirk, server.packed = otherwise, True
            yield server


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


@dataclass
class People:
    """Two people with a mailbox and a password each, and how their server is reached."""

    settings: EwsSettings
    one: str
    other: str


@pytest.fixture
def people_there(request: pytest.FixtureRequest) -> Iterator[People]:
    passwords = {
        USER: os.environ.get("MXSYNC_TEST_EWS_PASSWORD", ""),
        USER2: os.environ.get("MXSYNC_TEST_EWS_PASSWORD2", ""),
    }
    if request.param == "real":
        if not URL or not USER2:
            pytest.skip("needs a real Exchange: MXSYNC_TEST_EWS_USER2 and …_PASSWORD2 beside the others")
        yield People(_own(URL, os.environ.get("MXSYNC_TEST_EWS_AUTH", "ntlm"), passwords), USER, USER2)
        return
    with EwsServer() as server:
        ben = "ben@ours.example"
        server.accounts |= {MAILBOX: "one", ben: "other"}
        for address in (MAILBOX, ben):
            server.store.add_mailbox(address, address.partition("@")[0])
        yield People(_own(server.url, "basic", {MAILBOX: "one", ben: "other"}), MAILBOX, ben)
        assert server.violations == []


def _own(url: str, auth: str, passwords: Mapping[str, str]) -> EwsSettings:
    """Each with his own login."""
    accounts = {address: Account(address, partial(str, password)) for address, password in passwords.items()}
    return EwsSettings("two", url, Account(), auth=auth, access="own", accounts=accounts)  # type: ignore[arg-type]


@pytest.mark.parametrize("people_there", [pytest.param("double", marks=needs_schemas), "real"], indirect=True)
def test_two_people_with_logins_of_their_own(people_there: People) -> None:
    """What one has is in his mailbox alone, and with the other's password it is not opened."""
    one, other = people_there.one, people_there.other
    connector = EwsConnector(people_there.settings)
    assert list(connector.try_out([one, other])) == ["", ""]
    made = connector.create(one, "Contacts", Draft(Kind.CONTACT, {"full_name": "Jane Two"}), "of two people")
    seen = [change.ref.href for change in connector.changes(other, "", lambda mailbox, folder: {}).changes]
    assert made.ref.href not in seen
    assert connector.made(Creation(one, "Contacts", Draft(Kind.CONTACT, {}), "of two people")) == made.ref
    connector.erase(made.ref, made.revision)
    connector.close()
    accounts = dict(people_there.settings.accounts)
    accounts[one] = Account(one, accounts[other].password)
    stranger = EwsConnector(replace(people_there.settings, accounts=accounts))
    (sentence,) = stranger.try_out([one])
    assert "does not accept the login" in sentence
    stranger.close()
