"""What is deleted on Exchange, and how it comes back: nothing lost, nothing doubled, wherever a connection breaks."""

from __future__ import annotations

import pytest

from mxsync.connectors.ews import EwsConnector
from mxsync.errors import MxsyncError, NotFound, RevisionMismatch
from mxsync.model.item import PUBLIC, Draft, ItemRef, Kind
from mxsync.ports.connector import Fetched, KeepsDeleted, Written
from tests.servers.ews import EwsServer
from tests.servers.ews.clients import ANNA, needs_schemas

pytestmark = needs_schemas
CUTS = ["cut before", "cut after", "cut inside"]


@pytest.fixture
def card(connector: EwsConnector) -> Written:
    return connector.create(ANNA, "Contacts/Firm", Draft(Kind.CONTACT, {"full_name": "Jane", "notes": "x"}), "key")


def held(server: EwsServer, folder: str) -> int:
    return len(server.store.in_folder(server.store.distinguished(ANNA, folder).id))


def names(connector: EwsConnector, ref: ItemRef) -> list[object]:
    return [each.item.fields["full_name"] for each in connector.fetch([ref]) if isinstance(each, Fetched)]


def test_what_was_deleted_comes_back_where_it_lay(server: EwsServer, connector: EwsConnector, card: Written) -> None:
    assert isinstance(connector, KeepsDeleted) and not connector.recoverable(card.ref, "")
    connector.delete(card.ref, card.revision)
    connector.delete(card.ref, card.revision)
    assert held(server, "deleteditems") == 1 and names(connector, card.ref) == []
    assert connector.recoverable(card.ref, card.revision)
    back = connector.restore(card.ref, card.revision)
    assert back.ref.folder == "Contacts/Firm" and back.ref.href != card.ref.href
    assert names(connector, back.ref) == ["Jane"] and held(server, "deleteditems") == 0
    assert not connector.recoverable(card.ref, card.revision)
    assert connector.restore(card.ref, card.revision) == back
    # It can be deleted, and brought back, once more.
    connector.delete(back.ref, back.revision)
    assert names(connector, connector.restore(back.ref, back.revision).ref) == ["Jane"]


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("broken", ["GetItem", "UpdateItem", "DeleteItem"])
def test_a_deletion_whose_connection_breaks_is_one(
    server: EwsServer, connector: EwsConnector, card: Written, broken: str, cut: str
) -> None:
    server.fail(broken, cut, times=3)
    with pytest.raises(MxsyncError):
        connector.delete(card.ref, card.revision)
    server.faults.clear()
    connector.delete(card.ref, card.revision)
    assert held(server, "deleteditems") == 1 and connector.recoverable(card.ref, card.revision)


@pytest.mark.parametrize("cut", CUTS)
def test_a_return_whose_connection_breaks_is_one(
    server: EwsServer, connector: EwsConnector, card: Written, cut: str
) -> None:
    connector.delete(card.ref, card.revision)
    server.fail("MoveItem", cut)
    with pytest.raises(MxsyncError):
        connector.restore(card.ref, card.revision)
    back = connector.restore(card.ref, card.revision)
    assert names(connector, back.ref) == ["Jane"] and held(server, "deleteditems") == 0
    assert len(server.store.items) == 1


def test_what_somebody_has_changed_is_not_deleted(server: EwsServer, connector: EwsConnector, card: Written) -> None:
    server.store.touch(server.store.items[card.ref.href])
    server.requests.clear()
    with pytest.raises(RevisionMismatch):
        connector.delete(card.ref, card.revision)
    assert server.requests == {"GetItem": 1} and held(server, "deleteditems") == 0


def test_what_cannot_come_back_is_said(server: EwsServer, connector: EwsConnector, card: Written) -> None:
    """Deleted Items that were emptied, and public folders, which have none."""
    connector.delete(card.ref, card.revision)
    for item in server.store.in_folder(server.store.distinguished(ANNA, "deleteditems").id):
        server.store.drop(item)
    assert not connector.recoverable(card.ref, card.revision)
    with pytest.raises(NotFound, match="no longer among the deleted items"):
        connector.restore(card.ref, card.revision)
    public = connector.create(PUBLIC, "Firm", Draft(Kind.CONTACT, {"full_name": "Max"}), "key")
    connector.delete(public.ref, public.revision)
    assert not connector.recoverable(public.ref, public.revision)
    connector.erase(card.ref, card.revision)
